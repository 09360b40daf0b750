"""
What the payments of some leases pay of interest, which the cash flow statement asks for.

The rule is that of `measure.split`: a payment first settles the interest accrued and not yet paid.
"""

from collections.abc import Sequence
from datetime import date
from math import prod

import attrs
import numpy as np

from leasebook.bulk.arrow_out import units_of
from leasebook.bulk.lines import interest_lines
from leasebook.portfolio.measure import flow_names, schedule_rows
from leasebook.portfolio.records import SCHEDULES
from leasebook.portfolio.results import Ledger, ScheduleRows, added
from leasebook.portfolio.terms import EVENT_KINDS, Ints, LeaseTerms

#: Leases whose rows are held at a time.
TOGETHER = 4_000
_CELLS_MAX = 20_000_000
_STEPS_MAX = 2**62
_TERMINATED = EVENT_KINDS.index("terminated")


def split_names() -> tuple[str, ...]:
    """All flows with those of interest paid and received."""
    return (*flow_names(), *(f"{s}/{line.amount}" for s, line in interest_lines().items()))


def with_interest_paid(
    flows: Ledger, terms: LeaseTerms, schedule: Ints, *, rules_as_of: date, decimals: Sequence[int]
) -> Ledger:
    """
    The flows of some leases and, among them, the interest that their payments pay.

    Source: ASC 842-20-45-5; IFRS 16.50.

    Args:
        flows: Of the leases.
        terms: Their terms.
        schedule: Of each unit, its position among the schedules.
        rules_as_of: The day whose rules decide.
        decimals: Of the currencies.
    """
    names = split_names()
    parts = [attrs.evolve(flows, names=names)]
    owner = units_of(terms)[0]
    for first in range(0, len(terms), TOGETHER):
        some = terms.part(first, first + TOGETHER)
        rows = schedule_rows(some, rules_as_of=rules_as_of, decimals=decimals)
        low, high = np.searchsorted(owner, [first, first + TOGETHER])
        parts.append(_paid(rows, some, schedule[low:high], names))
    return added(parts)


def _paid(rows: ScheduleRows, terms: LeaseTerms, schedule: Ints, names: tuple[str, ...]) -> Ledger:
    lease, framework = units_of(terms)
    codes = np.full(len(SCHEDULES) + 2, -1, np.int64)
    for name, line in interest_lines().items():
        codes[SCHEDULES.index(name)] = names.index(f"{name}/{line.amount}")
    kept = codes[schedule[rows.unit]] >= 0
    unit, of_row = rows.unit[kept], lease[rows.unit[kept]]
    advance = terms.advance[of_row] == 1
    due, interest = rows.payment[kept], rows.interest[kept]
    new = np.r_[True, unit[1:] != unit[:-1]] if len(unit) else np.empty(0, np.bool_)
    last = np.r_[new[1:], True] if len(unit) else new
    # in advance a payment settles the interest of the periods before its own
    before = np.where(new, 0, np.r_[0, interest[:-1]]) if len(unit) else interest
    accrued = np.where(advance, before, interest)
    unpaid_after = _left(accrued - due, new)
    unpaid_before = np.where(new, 0, np.r_[0, unpaid_after[:-1]]) if len(unit) else unpaid_after
    paid = unpaid_before + accrued - unpaid_after
    first, end = _months(rows.first_day[kept]), _months(rows.last_day[kept])
    whats = codes[schedule[unit]]
    ended = np.zeros(len(terms), np.bool_)
    ended[terms.event_lease[terms.event_kind == _TERMINATED]] = True
    rest = np.where(advance, interest, 0) + unpaid_after
    final = last & ~ended[of_row] & (rest > 0) & (rows.closing[kept] > 0)
    keys = (terms.entity[of_row], framework[unit], terms.currency[of_row], whats)
    moved = np.where(advance, first, end)
    at = np.flatnonzero(final)
    every = tuple(np.r_[key, key[at]] for key in keys)
    return _summed(names, (*every, np.r_[moved, end[at]]), np.r_[paid, rest[at]])


def _summed(names: tuple[str, ...], keys: Sequence[Ints], amounts: Ints) -> Ledger:
    """A ledger of amounts added up by key: in a table where it is small enough, else sorted."""
    lows = [int(key.min(initial=0)) for key in keys]
    sizes = [int(key.max(initial=0)) - low + 1 for key, low in zip(keys, lows, strict=True)]
    cells = prod(sizes)
    if not len(amounts) or cells > _CELLS_MAX:
        entity, framework, currency, what, month = keys
        return added([Ledger(names, entity, framework, currency, what, month, amounts)])
    place = np.zeros(len(amounts), np.int64)
    for key, low, size in zip(keys, lows, sizes, strict=True):
        place = place * size + (key - low)
    table = np.zeros(cells, np.int64)
    np.add.at(table, place, amounts)
    found = np.flatnonzero(table)
    parts, rest = [], found
    for low, size in zip(reversed(lows), reversed(sizes), strict=True):
        rest, part = np.divmod(rest, size)
        parts.append(part + low)
    month, what, currency, framework, entity = parts
    return Ledger(names, entity, framework, currency, what, month, table[found])


def _left(change: Ints, new: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Ints:
    """
    What is left unpaid after each row of a unit: never below nothing.

    That is the sum of changes so far less the lowest that it has been, nothing included.
    """
    if not len(change):
        return change
    starts = np.flatnonzero(new)
    which = np.cumsum(new) - 1
    sums = np.cumsum(change)
    sums -= np.where(starts > 0, sums[starts - 1], 0)[which]
    # units are parted by steps that no sum within one reaches
    step = int(np.abs(sums).max()) + 1
    if step > _STEPS_MAX // len(starts):
        ends = np.r_[starts[1:], len(change)].tolist()
        lowest = [
            np.minimum.accumulate(np.minimum(sums[first:end], 0))
            for first, end in zip(starts.tolist(), ends, strict=True)
        ]
        left: Ints = sums - np.concatenate(lowest)
        return left
    shifted = np.minimum(sums, 0) - which * step
    unpaid: Ints = sums - (np.minimum.accumulate(shifted) + which * step)
    return unpaid


def _months(days: Ints) -> Ints:
    months: Ints = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + 12 * 1970
