"""
Made-up leases with rights to leave, exemptions and every kind of event a lessee reassesses by.
"""

import attrs
import numpy as np

from leasebook.portfolio import records as r
from leasebook.portfolio.generate import varied_leases
from leasebook.portfolio.terms import IFRS, LESSEE, LEVEL_UNIT, RATE_UNIT, UNKNOWN, LeaseTerms

#: Kinds of first events; a second one, on a later day or on the same, is one of the others.
FIRST = (
    r.REASSESSED, r.REASSESSED, r.PURCHASE_REASSESSED, r.PURCHASE_REASSESSED, r.RIGHT_ADDED,
    r.RIGHT_ADDED, r.RENT_CHANGED, r.RENT_CHANGED, r.RENT_CHANGED, r.PAYMENT_MADE,
    r.INCENTIVE_RECEIVED, r.INCENTIVE_RECEIVED, r.SCOPE_REDUCED,
)  # fmt: skip
SECOND = (
    r.TERMINATED, r.RENT_CHANGED, r.PURCHASE_REASSESSED, r.IMPAIRED, r.RIGHT_ADDED,
    r.PAYMENT_MADE, r.PAYMENT_MADE, r.INCENTIVE_RECEIVED, r.INDEX_CHANGED,
)  # fmt: skip
#: Of which nobody can say what the asset is worth on the day.
UNSAID = (r.PAYMENT_MADE, r.INCENTIVE_RECEIVED, r.INDEX_CHANGED)


def eventful_leases(count: int, seed: int, *, months: int) -> LeaseTerms:
    """
    Leases as `varied_leases` has them, with other options, elections and events.

    Args:
        count: How many.
        seed: Of the numbers drawn.
        months: Mean of the terms.
    """
    terms = varied_leases(count, seed, months=months)
    draw = np.random.default_rng(seed + 1000)
    periods = terms.term_months // terms.every
    longest = periods + terms.renewal_months // terms.every
    leaves = draw.random(count) < 0.4
    after = draw.integers(np.maximum(1, periods // 2), longest + 1) * terms.every
    other = leaves & (draw.random(count) < 0.4)
    later = draw.integers(np.maximum(1, periods // 2), longest + 1) * terms.every
    small = draw.random(count) < 0.3
    brief = draw.random(count) < 0.3
    facts = {
        **terms.facts,
        "both_can_leave_without_penalty": (other & (draw.random(count) < 0.5)).astype(np.int64),
        "staying_reasonably_certain": draw.integers(0, 2, count),
    }
    changed = attrs.evolve(
        terms,
        termination_months=np.where(leaves, after, UNKNOWN),
        lessor_termination_months=np.where(other, later, UNKNOWN),
        low_value_elected=small.astype(np.int64),
        value_when_new=np.where(small, 300_000, terms.value_when_new),
        incentive_receivable=np.where(draw.random(count) < 0.6, terms.payment // 2, 0),
        incentive_after_months=draw.integers(1, np.maximum(2, periods)) * terms.every,
        short_term_elected=brief.astype(np.int64),
        facts=facts,
    )
    return attrs.evolve(changed, **_events(draw, changed, periods))


def _events(
    draw: np.random.Generator, terms: LeaseTerms, periods: np.ndarray
) -> dict[str, np.ndarray]:
    leases = np.flatnonzero((draw.random(len(terms)) < 0.7) & (periods > 4))
    times = draw.integers(1, 3, len(leases))
    lease = np.repeat(leases, times)
    second = np.r_[False, lease[1:] == lease[:-1]]
    together = np.repeat(draw.random(len(leases)) < 0.3, times)
    at = np.where(second & ~together, periods[lease] // 2, periods[lease] // 4)
    kind = np.where(second, draw.choice(SECOND, len(lease)), draw.choice(FIRST, len(lease)))
    lessor = terms.side[lease] != LESSEE
    # What a lessee alone reassesses is not measured for lessors.
    kind = np.where(
        lessor & np.isin(kind, (r.REASSESSED, r.PURCHASE_REASSESSED)), r.CONSIDERATION, kind
    )
    kind = np.where(
        (kind == r.INDEX_CHANGED) & (terms.index_base[lease] == 0), r.INCENTIVE_RECEIVED, kind
    )
    every, payment = terms.every[lease], terms.payment[lease]
    left = np.maximum(1, periods[lease] - at)
    until = np.where(kind == r.PURCHASE_REASSESSED, draw.integers(left // 2 + 1, left + 1), left)
    until = np.where(kind == r.REASSESSED, left + draw.integers(-1, 13, len(lease)), until)
    until = np.maximum(until, 1)
    listed = np.isin(kind, (r.REASSESSED, r.CONSIDERATION, r.PURCHASE_REASSESSED))
    listed |= (kind == r.RIGHT_ADDED) & (draw.random(len(lease)) < 0.6)
    amount = payment + payment * draw.integers(-5, 25, len(lease)) // 100
    silent = (kind == r.RIGHT_ADDED) & ~listed
    amount = np.where(silent | np.isin(kind, (r.SCOPE_REDUCED, r.INDEX_CHANGED)), UNKNOWN, amount)
    price = terms.fair_value[lease] // 6
    amount = np.where(kind == r.PURCHASE_REASSESSED, price, amount)
    standalone = np.where(kind == r.RIGHT_ADDED, draw.integers(0, 2, len(lease)), UNKNOWN)
    rated = np.isin(kind, (r.REASSESSED, r.PURCHASE_REASSESSED, r.CONSIDERATION))
    rated |= (kind == r.RIGHT_ADDED) & (standalone == 0)
    fair = terms.fair_value[lease]
    return {
        "event_lease": lease,
        "event_period": at,
        "event_kind": kind,
        "event_payment": amount,
        "event_months": np.where(listed, until * every, UNKNOWN),
        "event_rate": np.where(rated, draw.integers(150, 1500, len(lease)) * 10**11, UNKNOWN),
        "event_level": np.where(kind == r.INDEX_CHANGED, 108 * LEVEL_UNIT, UNKNOWN),
        "event_share": np.where(kind == r.SCOPE_REDUCED, 7 * (RATE_UNIT // 10), UNKNOWN),
        "event_fair_value": np.where(
            np.isin(kind, (*UNSAID, r.TERMINATED, r.IMPAIRED)), UNKNOWN, fair - fair // 5
        ),
        "event_certain": np.where(
            kind == r.PURCHASE_REASSESSED, draw.integers(0, 2, len(lease)), UNKNOWN
        ),
        "event_standalone": standalone,
    }


def short_leases(count: int, seed: int) -> LeaseTerms:
    """
    Eventful leases of which many are short enough to be left off the balance sheet.

    Args:
        count: How many.
        seed: Of the numbers drawn.
    """
    terms = eventful_leases(count, seed, months=11)
    nothing = np.full(count, UNKNOWN)
    draw = np.random.default_rng(seed + 2000)
    return attrs.evolve(
        terms,
        purchase_price=nothing,
        short_term_elected=(draw.random(count) < 0.8).astype(np.int64),
        frameworks=np.where(draw.random(count) < 0.3, IFRS, terms.frameworks),
    )
