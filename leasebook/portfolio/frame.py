"""
Leases and frameworks as units: flat records, and the grid of months.
"""

from functools import cached_property
from typing import Any

import attrs
import numpy as np

from leasebook.portfolio import records as r
from leasebook.portfolio.arrays import once, runs
from leasebook.portfolio.party import Party, parties_of
from leasebook.portfolio.quoted import Rates, rates
from leasebook.portfolio.terms import IFRS, LESSOR, UNKNOWN, Ints, LeaseTerms
from leasebook.reckoning.rounding import AMOUNT_LIMIT

_EPOCH_MONTH = 12 * 1970
_NEVER = 10**6
#: A day after all others.
_FAR = 4 * 10**6
#: Numbers up to here are looked up in a table of all.
_DENSE = 1 << 20

#: What is counted once for a lease.
_AMOUNTS = (
    "fair_value", "carrying_amount", "guaranteed_residual", "expected_guarantee_payment",
    "third_party_residual", "unguaranteed_residual", "purchase_price", "initial_direct_costs",
    "incentives", "incentive_receivable", "prepaid", "restoration",
)  # fmt: skip

#: Positions in `results.REFUSALS`.
NO_RATE_STATED, NO_RATE_FOUND, TOO_LARGE, BAD_EVENT, DEPOSIT, CLASS_CHANGES, SOLD = range(1, 8)


@attrs.frozen(eq=False, slots=False)
class Frame:
    """
    The units of a chunk as the loops take them.

    Attributes:
        parties: Whose units they are, in order.
        lease: Row of each unit's lease.
        framework: 1 US GAAP, 2 IFRS.
        units: Records, one row for each unit.
        events: Records, one row for each event of each unit.
        event_of: Row of each in the events of the terms.
        steps: Period and payment.
        day_rates: Numerators by days.
        month_first: First day of each month of the grid.
        base_month: Of the grid.
        groups: Entity, framework and currency of each slot.
        refused: Positions in `results.REFUSALS`.
        longest: Periods of the longest term that any unit can come to, whatever is decided.

    What follows from the terms is kept once it is asked for: terms are decided on before.
    """

    parties: tuple[Party, ...]
    lease: Ints
    framework: Ints
    units: Ints
    events: Ints
    event_of: Ints
    steps: Ints
    day_rates: Ints
    month_first: Ints
    base_month: int
    groups: Ints
    refused: Ints
    longest: int

    @cached_property
    def rows(self) -> Ints:
        """For each unit, at least as many rows as are lived."""
        reached = self.units[:, r.PERIODS].copy()
        if len(self.events):
            owner = np.repeat(
                np.arange(len(self.units)),
                self.units[:, r.EVENT_LAST] - self.units[:, r.EVENT_FIRST],
            )
            ends = self.events[:, r.AT] + np.maximum(self.events[:, r.LEFT], 0)
            np.maximum.at(reached, owner, ends)
        return reached

    @cached_property
    def epochs(self) -> Ints:
        """For each unit, at least as many epochs as there are."""
        return 1 + self.units[:, r.EVENT_LAST] - self.units[:, r.EVENT_FIRST]


def frame(terms: LeaseTerms) -> Frame:
    """
    The units of some leases, each on its stated term and in no class yet.

    Args:
        terms: Leases of which those of a party stand together (`party.together`).
    """
    parties = parties_of(terms)
    count = len(terms.event_lease)
    every = np.r_[terms.every, terms.every[terms.event_lease]]
    convention = np.r_[terms.rate_convention, terms.rate_convention[terms.event_lease]]
    found = rates(np.r_[terms.rate, terms.event_rate], convention, every)
    months, day, month_first, base = _grid(terms)
    leases = len(terms)
    step_counts = np.bincount(terms.step_lease, minlength=leases)
    event_counts = np.bincount(terms.event_lease, minlength=leases)
    step_ends, event_ends = np.cumsum(step_counts), np.cumsum(event_counts)
    columns = {
        r.EVERY: terms.every, r.ADVANCE: terms.advance, r.PAYMENT: terms.payment,
        r.DAY_ONE: terms.day_one_excluded, r.NUMERATOR: found.numerator[:leases],
        r.DENOMINATOR: found.denominator[:leases], r.DAY_RATES: found.table[:leases],
        r.DIRECT_COSTS: terms.initial_direct_costs, r.INCENTIVES: terms.incentives,
        r.INCENTIVE_LATER: terms.incentive_receivable,
        r.INCENTIVE_AT: terms.incentive_after_months // terms.every - 1 + terms.advance,
        r.PREPAID: terms.prepaid, r.INDEX: np.maximum(terms.index_base, 1),
        r.LESSOR_SIDE: (terms.side == LESSOR).astype(np.int64), r.MONTH: months, r.DAY: day,
        r.RESTORATION: terms.restoration, r.RENEWAL_PAYMENT: _renewal_payment(terms),
        r.PERIODS: terms.term_months // terms.every,
        r.RENEWED_FROM: terms.term_months // terms.every,
        r.STEP_FIRST: step_ends - step_counts, r.STEP_LAST: step_ends,
    }  # fmt: skip
    whole = sum(map(len, parties))
    units = np.zeros((whole, r.UNIT), np.int64)
    lease, framework = np.zeros((2, whole), np.int64)
    for party in parties:
        lease[party.rows] = np.arange(party.leases.start, party.leases.stop)
        framework[party.rows] = party.framework
        for field, column in columns.items():
            nothing = column.strides == (0,) and not column[:1].any()
            if not nothing:
                units[party.rows, field] = column[party.leases]
    sizes = event_counts[lease]
    lasts = np.cumsum(sizes)
    event_of = runs(event_ends[lease] - sizes, sizes)
    groups, units[:, r.SLOT] = _slots(terms, lease, framework)
    units[:, r.EVENT_FIRST], units[:, r.EVENT_LAST] = lasts - sizes, lasts
    units[:, r.INTERNATIONAL] = framework == IFRS
    units[:, r.KIND] = -1
    units[:, r.SOLVED] = -1
    events = _events(terms, found, leases)[event_of] if count else np.zeros((0, r.EVENT), np.int64)
    refused = _too_large(terms, found, lease)
    if count:
        _note_payments(units, events, refused)
    return Frame(
        parties, lease, framework, units, events, event_of,
        np.stack([terms.step_period, terms.step_payment], 1).reshape(-1),
        found.by_days, month_first, base, groups, refused, _longest(terms, events),
    )  # fmt: skip


def _slots(terms: LeaseTerms, lease: Ints, framework: Ints) -> tuple[Ints, Ints]:
    """Entity, framework and currency of each slot, and the slot of each unit."""
    # Codes are small numbers, so that three of them are one.
    most = int(terms.currency.max(initial=0)) + 1
    low = int(terms.entity.min(initial=0))
    key = ((terms.entity - low) * 4 * most + terms.currency)[lease] + framework * most
    width = int(key.max(initial=0)) + 1
    if width <= _DENSE:
        seen = np.zeros(width, np.bool_)
        seen[key] = True
        distinct, slot = np.flatnonzero(seen), (np.cumsum(seen) - 1)[key]
    else:
        distinct, slot = np.unique(key, return_inverse=True)
    entity, rest = np.divmod(distinct, 4 * most)
    return np.stack([entity + low, rest // most, rest % most], 1), slot.reshape(-1)


def _longest(terms: LeaseTerms, events: Ints) -> int:
    """Room for every term: values are asked for while the terms of other units are still open."""
    reached = (terms.term_months + np.maximum(terms.renewal_months, 0)) // terms.every
    return int(reached.max(initial=1)) + int(events[:, r.LEFT].max(initial=0)) + 2


def _note_payments(units: Ints, events: Ints, refused: Ints) -> None:
    """Units that are paid other amounts than fall due; refused where nothing says how much."""
    paid = np.flatnonzero(events[:, r.WHAT] == r.PAYMENT_MADE)
    if len(paid):
        counts = units[:, r.EVENT_LAST] - units[:, r.EVENT_FIRST]
        owner = np.repeat(np.arange(len(units)), counts)[paid]
        units[owner, r.PAID_OTHERWISE] = 1
        lacking = (events[paid, r.AMOUNT] == UNKNOWN) | (events[paid, r.AT] < 1)
        refused[owner[lacking]] = BAD_EVENT


def _grid(terms: LeaseTerms) -> tuple[Ints, Ints, Ints, int]:
    """
    Months of commencement and the days in them, and the grid up to after the last end.

    Returns:
        12 times the year plus the month less one, day of the month, first days of the months of the
        grid, and its first month.
    """
    days = terms.commencement
    edges = np.array([days.min(initial=_FAR), days.max(initial=0)]).astype("M8[D]")
    base, last = (edges.astype("M8[M]").astype(np.int64) + _EPOCH_MONTH).tolist()
    base = min(base, last)
    firsts = _first_days(base, last + 2)
    # A table by day says the month of each.
    by_day = np.repeat(np.arange(len(firsts) - 1), np.diff(firsts))
    place = by_day[days - firsts[0]]
    months = base + place
    ends = months + terms.term_months + terms.renewal_months
    last = int(ends.max(initial=last))
    if len(terms.event_lease):
        left = np.maximum(terms.event_months, 0)
        at = terms.event_period * terms.every[terms.event_lease]
        last = max(last, int((months[terms.event_lease] + at + left).max()))
    return months, days - firsts[place] + 1, _first_days(base, last + 4), base


def _first_days(first: int, after: int) -> Ints:
    """First days of consecutive months."""
    span = np.arange(first - _EPOCH_MONTH, after - _EPOCH_MONTH).astype("M8[M]")
    return span.astype("M8[D]").astype(np.int64)


def _renewal_payment(terms: LeaseTerms) -> Ints:
    """The payment of renewed periods: as stated, or the last one before."""
    last = terms.payment.copy()
    within = terms.step_period < (terms.term_months // terms.every)[terms.step_lease]
    last[terms.step_lease[within]] = terms.step_payment[within]
    return np.where(terms.renewal_payment == UNKNOWN, last, terms.renewal_payment)


def _events(terms: LeaseTerms, found: Rates, leases: int) -> Ints:
    events = np.zeros((len(terms.event_lease), r.EVENT), np.int64)
    stated = terms.event_rate != UNKNOWN
    months = terms.event_months
    events[:, r.AT], events[:, r.WHAT] = terms.event_period, terms.event_kind
    events[:, r.AMOUNT] = terms.event_payment
    events[:, r.LEFT] = np.where(months == UNKNOWN, -1, months // terms.every[terms.event_lease])
    events[:, r.RATE_NUMERATOR] = found.numerator[leases:]
    events[:, r.RATE_DENOMINATOR] = np.where(stated, found.denominator[leases:], 0)
    events[:, r.RATE_DAYS] = np.where(stated, found.table[leases:], -1)
    events[:, r.LEVEL], events[:, r.SHARE] = terms.event_level, terms.event_share
    events[:, r.CLASS] = -1
    events[:, r.CERTAIN] = terms.event_certain
    paid = np.flatnonzero(terms.event_kind == r.PAYMENT_MADE)
    if len(paid):
        # Of several payments for a period the last one is what was paid.
        last = _NEVER * terms.event_lease[paid] + terms.event_period[paid]
        _, kept = np.unique(last[::-1], return_index=True)
        events[np.delete(paid[::-1], kept), r.WHAT] = r.SEPARATE
    return events


def _size(column: Ints) -> Any:
    """Absolute values, nothing where none is stated; one for all where all are the same."""
    column = once(column)
    size = np.abs(column.astype(np.float64))
    size[column == UNKNOWN] = 0
    return size


def _too_large(terms: LeaseTerms, found: Rates, lease: Ints) -> Ints:
    """Units beyond what 64-bit arithmetic is proved for: `kernel.check_domain`, from above."""
    most = np.zeros(len(terms))
    most[:] = np.maximum(_size(terms.payment), _size(terms.renewal_payment))
    np.maximum.at(most, terms.step_lease, _size(terms.step_payment))
    periods = ((terms.term_months + terms.renewal_months) // terms.every).astype(np.float64)
    if len(terms.event_lease):
        at = terms.event_lease
        np.maximum.at(most, at, _size(terms.event_payment))
        left = _size(terms.event_months) // terms.every[at] + terms.event_period
        np.maximum.at(periods, at, left)
        factor = np.ones(len(terms))
        np.maximum.at(factor, at, _size(terms.event_level) / np.maximum(terms.index_base[at], 1))
        most *= factor
    beside = sum(_size(getattr(terms, name)) for name in _AMOUNTS)
    outside = most * periods + beside > AMOUNT_LIMIT
    outside |= found.denominator[: len(terms)] >= 2**61
    outside |= (terms.rate < 0) & (terms.rate != UNKNOWN)
    outside |= (terms.term_months < terms.every) | (terms.term_months % terms.every != 0)
    return np.where(outside, TOO_LARGE, 0)[lease].astype(np.int64)
