"""
Portfolios made up from a seed, for tests and measurements: of every variety, or level ones.

The same seed gives the same leases. Nobody's leases are copied; amounts and terms are drawn so
that every class, timing, convention and kind of event occurs.
"""

from typing import Any

import numpy as np

from leasebook.portfolio import records as r
from leasebook.portfolio.terms import (
    IFRS,
    LESSEE,
    LEVEL_UNIT,
    RATE_UNIT,
    UNKNOWN,
    US_GAAP,
    Ints,
    LeaseTerms,
)

#: Days since 1970-01-01 of 2020-01-01, and how many days later the last lease commences.
_FROM, _DAYS = 18262, 3650
#: Parts of the leases, of ten, that have something.
_STEPS, _EVENTS, _EXTRAS = 3, 3, 4


def level_leases(count: int, seed: int = 1, *, months: int = 120, entities: int = 50) -> LeaseTerms:
    """
    Monthly leases with one rent each, which peers can measure too.

    Args:
        count: How many.
        seed: Of the numbers drawn.
        months: Mean of the terms, which lie within nine tenths of it.
        entities: How many codes.

    Example:
        >>> len(level_leases(10)), int(level_leases(10).every.max())
        (10, 1)
    """
    draw = np.random.default_rng(seed)
    term = draw.integers(max(1, months // 5), months * 9 // 5, count)
    payment = draw.integers(10_000, 5_000_000, count)
    return LeaseTerms.of(
        {
            "row": np.arange(count) + 1,
            "entity": draw.integers(0, entities, count),
            "commencement": _first_of_month(_FROM + draw.integers(0, _DAYS, count)),
            "term_months": term,
            "payment": payment,
            "advance": np.zeros(count, np.int64),
            "rate": draw.integers(150, 1500, count) * 10**11,
            "rate_convention": np.ones(count, np.int64),
            "fair_value": payment * term,
            "economic_life_months": term + draw.integers(0, 240, count),
            "frameworks": draw.choice([US_GAAP, IFRS], count),
            **_settled(count),
        }
    )


def varied_leases(
    count: int, seed: int = 1, *, months: int = 120, entities: int = 50, lessors: bool = True
) -> LeaseTerms:
    """
    Leases of every kind: both sides, both frameworks, all timings, conventions and events.

    Args:
        count: How many.
        seed: Of the numbers drawn.
        months: Mean of the terms.
        entities: How many codes.
        lessors: Whether some are measured for their lessors.

    Example:
        >>> terms = varied_leases(200)
        >>> sorted(set(terms.every.tolist())), len(terms.event_kind) > 0
        ([1, 3, 6, 12], True)
    """
    draw = np.random.default_rng(seed)
    columns = _terms(draw, count, max(2, months // 5), months * 9 // 5, entities)
    if not lessors:
        columns["side"] = np.zeros(count, np.int64)
    _rates_and_worth(draw, columns)
    _extras(draw, columns)
    _funded_by_others(draw, columns)
    columns["title_transfers"] = (draw.random(count) < 0.05).astype(np.int64)
    periods = columns["term_months"] // columns["every"]
    columns |= _steps(draw, periods, columns["payment"])
    columns |= _events(draw, columns, periods)
    never = np.zeros(count, np.int64)
    names = ("both_can_leave_without_penalty", "payments_vary_otherwise", "risks_stay_with_lessor")
    made = LeaseTerms.of(columns)
    given: dict[str, Any] = {name: getattr(made, name) for name in columns}
    return LeaseTerms(**given, facts=dict.fromkeys(names, never))


def _terms(
    draw: np.random.Generator, count: int, shortest: int, longest: int, entities: int
) -> dict[str, Ints]:
    """Parties, dates, periods and payments."""
    every = draw.choice([1, 1, 1, 1, 1, 1, 3, 3, 6, 12], count)
    periods = np.maximum(2, draw.integers(shortest, longest, count) // every)
    even = draw.integers(100, 50_000, count) * 100
    payment = np.where(draw.random(count) < 0.5, even, draw.integers(10_000, 5_000_000, count))
    days = _FROM + draw.integers(0, _DAYS, count)
    return {
        "row": np.arange(count) + 1,
        "entity": draw.integers(0, entities, count),
        "counterparty": draw.integers(0, 1000, count),
        "currency": draw.integers(0, 3, count),
        "side": (draw.random(count) < 0.3).astype(np.int64),
        "frameworks": draw.choice([US_GAAP, IFRS, US_GAAP + IFRS], count, p=[0.4, 0.4, 0.2]),
        "commencement": np.where(draw.random(count) < 0.6, _first_of_month(days), days),
        "term_months": periods * every,
        "every": every,
        "advance": draw.integers(0, 2, count),
        "payment": payment * every,
        "day_one_excluded": draw.integers(0, 2, count),
        "renewal_months": np.where(
            draw.random(count) < 0.3, every * draw.integers(1, 13, count), 0
        ),
        "renewal_certain": draw.integers(0, 2, count),
        "index_base": np.where(draw.random(count) < 0.4, 100 * LEVEL_UNIT, 0),
        **_settled(count),
    }


def _rates_and_worth(draw: np.random.Generator, columns: dict[str, Ints]) -> None:
    """Rates that are stated, and what the asset is worth."""
    count = len(columns["row"])
    brings = columns["payment"] * (columns["term_months"] // columns["every"])
    stated = draw.random(count) < np.where(columns["side"] == LESSEE, 0.9, 0.45)
    # Where a rate is solved, the asset is worth less than the lease brings.
    share = np.where(stated, draw.uniform(0.55, 1.6, count), draw.uniform(0.6, 0.95, count))
    columns["fair_value"] = (brings * share).astype(np.int64)
    columns["rate"] = np.where(stated, draw.integers(150, 1500, count) * 10**11, UNKNOWN)
    columns["rate_convention"] = draw.choice([0, 0, 1, 1, 3], count)
    life = columns["term_months"] + columns["renewal_months"]
    columns["economic_life_months"] = life + draw.integers(0, 240, count)


def _extras(draw: np.random.Generator, columns: dict[str, Ints]) -> None:
    """Residual values, options to buy, costs and incentives of some leases."""
    count = len(columns["row"])
    worth, payment = columns["fair_value"], columns["payment"]
    some = draw.integers(0, 10, (5, count)) < _EXTRAS
    residual = np.where(some[4], worth // 10, 0)
    columns |= {
        "carrying_amount": np.where(some[0], worth - worth // 8, worth),
        "guaranteed_residual": residual,
        "expected_guarantee_payment": residual // 3,
        "third_party_residual": np.where(some[1], residual // 2, 0),
        "unguaranteed_residual": np.where(some[1], worth // 20, 0),
        "purchase_price": np.where(draw.random(count) < 0.08, worth // 5, UNKNOWN),
        "purchase_certain": draw.integers(0, 2, count),
        "renewal_payment": np.where(draw.random(count) < 0.5, payment + payment // 7, UNKNOWN),
        "initial_direct_costs": np.where(some[2], payment // 3, 0),
        "incentives": np.where(some[3], payment // 5, 0),
        "prepaid": np.where(some[0], payment // 2, 0),
        "restoration": np.where(some[1], payment, 0),
    }


def _funded_by_others(draw: np.random.Generator, columns: dict[str, Ints]) -> None:
    """Lessors whose recovery hangs on third parties: what direct financing leases are made of."""
    some = (columns["side"] != LESSEE) & (draw.random(len(columns["side"])) < 0.4)
    worth = columns["fair_value"]
    for name, value in (
        ("guaranteed_residual", 0 * worth),
        ("expected_guarantee_payment", 0 * worth),
        ("third_party_residual", worth // 2),
        ("unguaranteed_residual", worth // 50),
        ("purchase_price", 0 * worth + UNKNOWN),
        ("rate", 0 * worth + UNKNOWN),
        ("economic_life_months", 3 * (columns["term_months"] + columns["renewal_months"])),
    ):
        columns[name] = np.where(some, value, columns[name])


def _settled(count: int) -> dict[str, Ints]:
    """Facts that somebody has settled: nothing is open for want of them."""
    no = np.zeros(count, np.int64)
    facts = ("title_transfers", "no_alternative_use", "short_term_elected", "low_value_elected")
    return {**dict.fromkeys(facts, no), "collection_probable": no + 1}


def _first_of_month(days: Ints) -> Ints:
    return days.astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)


def _steps(draw: np.random.Generator, periods: Ints, payment: Ints) -> dict[str, Ints]:
    """Rents that rise every few periods, and some that are free at first."""
    leases = np.flatnonzero((draw.integers(0, 10, len(periods)) < _STEPS) & (periods > 3))
    steps = np.minimum(3, periods[leases] - 1)
    lease = np.repeat(leases, steps)
    number = np.arange(len(lease)) - np.repeat(np.cumsum(steps) - steps, steps) + 1
    at = number * periods[lease] // 4
    at = np.maximum(at, number)
    raised = payment[lease] + payment[lease] * number * 3 // 100
    return {"step_lease": lease, "step_period": at, "step_payment": raised}


def _events(draw: np.random.Generator, columns: dict[str, Ints], periods: Ints) -> dict[str, Ints]:
    """One or two events for some leases, each with what its kind needs."""
    leases = np.flatnonzero((draw.integers(0, 10, len(periods)) < _EVENTS) & (periods > 6))
    times = draw.integers(1, 3, len(leases))
    lease = np.repeat(leases, times)
    second = np.r_[False, lease[1:] == lease[:-1]] if len(lease) else np.zeros(0, np.bool_)
    at = np.where(second, periods[lease] * 2 // 3, periods[lease] // 3)
    indexed = columns["index_base"][lease] > 0
    kind = draw.choice(
        [r.RENT_CHANGED, r.EXTENDED, r.CONSIDERATION, r.TERM_REDUCED, r.SCOPE_REDUCED,
         r.GUARANTEE, r.IMPAIRED, r.TERMINATED], len(lease),
    )  # fmt: skip
    kind = np.where(indexed & (draw.random(len(lease)) < 0.8), r.INDEX_CHANGED, kind)
    # Nothing happens to a lease that has ended, and terms that were listed anew keep their end.
    kind = np.where(~second & (kind == r.TERMINATED), r.CONSIDERATION, kind)
    kind = np.where(second & ~np.isin(kind, (r.INDEX_CHANGED, r.TERMINATED)), r.IMPAIRED, kind)
    every, payment = columns["every"][lease], columns["payment"][lease]
    renewed = (columns["renewal_months"] // columns["every"])[lease]
    left = periods[lease] - at
    longer = np.where(kind == r.EXTENDED, left + renewed + 6, np.maximum(1, left - left // 4))
    listed = np.isin(kind, (r.EXTENDED, r.TERM_REDUCED))
    amount = payment + payment * draw.integers(-5, 15, len(lease)) // 100
    amount = np.where(np.isin(kind, (r.SCOPE_REDUCED, r.INDEX_CHANGED)), UNKNOWN, amount)
    amount = np.where(kind == r.GUARANTEE, columns["guaranteed_residual"][lease] // 2, amount)
    rated = np.isin(kind, (r.EXTENDED, r.CONSIDERATION, r.TERM_REDUCED, r.SCOPE_REDUCED))
    fair = columns["fair_value"][lease]
    return {
        "event_lease": lease,
        "event_period": at,
        "event_kind": kind,
        "event_payment": amount,
        "event_months": np.where(listed, longer * every, UNKNOWN),
        "event_rate": np.where(rated, draw.integers(150, 1500, len(lease)) * 10**11, UNKNOWN),
        "event_level": np.where(
            kind == r.INDEX_CHANGED, draw.integers(95, 125, len(lease)) * LEVEL_UNIT, UNKNOWN
        ),
        "event_share": np.where(
            kind == r.SCOPE_REDUCED, draw.integers(3, 10, len(lease)) * (RATE_UNIT // 10), UNKNOWN
        ),
        "event_fair_value": np.where(rated | (kind == r.RENT_CHANGED), fair - fair // 5, UNKNOWN),
    }
