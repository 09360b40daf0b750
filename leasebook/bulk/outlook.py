"""
What leases that have begun by a day will still pay: maturities, and what averages are weighed by.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from leasebook.bulk.tally import Key
from leasebook.disclosures.averages import years_between
from leasebook.disclosures.scope import DisclosureMismatchError
from leasebook.intake.columns import EPOCH
from leasebook.portfolio.balance import trial_balance
from leasebook.portfolio.ledger import Ledger
from leasebook.portfolio.measure import measure_chunk
from leasebook.portfolio.results import Measured
from leasebook.portfolio.terms import (
    ACTUAL_365,
    EVENT_COLUMNS,
    RATE_UNIT,
    UNKNOWN,
    Ints,
    LeaseTerms,
)
from leasebook.reckoning.calendar import add_months, month_end
from leasebook.reckoning.rates import RATE_CONVENTIONS, effective_annual, freeze, periodic_rate

Mask: TypeAlias = npt.NDArray[np.bool_]

#: Years are whole numbers of one over this: months, and days of months of any length.
YEAR_UNIT = 12 * 377_580
BUCKETS = ("year-1", "year-2", "year-3", "year-4", "year-5", "thereafter")

#: For each class the schedules whose payments are its own, and the account of what is owed.
CLASSES = {
    "operating": ("lessee-operating", "operating-lease-liabilities"),
    "finance": ("lessee-finance", "finance-lease-liabilities"),
    "leases": ("lessee-ifrs", "finance-lease-liabilities"),
    "let": ("lessor-operating", ""),
    "sales-type": ("lessor-sales-type", ""),
    "direct-financing": ("lessor-direct-financing", ""),
    "finance-let": ("lessor-finance-ifrs", ""),
}


def known_on(terms: LeaseTerms, day: date) -> LeaseTerms:
    """
    The leases that have begun by a day, with what has happened to them by then.

    Args:
        terms: Some leases.
        day: The last day of a month.
    """
    begun = np.flatnonzero(terms.commencement <= day.toordinal() - EPOCH)
    chosen = terms.chosen(begun)
    month = _month_of(chosen.commencement)
    happens = month[chosen.event_lease] + chosen.every[chosen.event_lease] * chosen.event_period
    kept = happens <= 12 * day.year + day.month - 1
    return attrs.evolve(chosen, **{name: getattr(chosen, name)[kept] for name in EVENT_COLUMNS})


def _month_of(days: Ints) -> Ints:
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + 12 * 1970


def outlook(
    terms: LeaseTerms, day: date, *, rules_as_of: date, decimals: Sequence[int], threads: int = 1
) -> Counter[Key]:
    """
    What is due by year from a day on, what is owed on it, and the weighed terms and rates.

    Source: ASC 842-20-50-4(g), 842-20-50-6, 842-30-50-10, 842-30-50-12; IFRS 16.58, 16.94, 16.97.

    Args:
        terms: Some leases.
        day: The last day of a month.
        rules_as_of: The day whose rules decide.
        decimals: Of the currencies.
        threads: How many measure at once.

    Returns:
        Counts by kind: `due` by ``class/bucket``, `owed`, `owed-years` (of `YEAR_UNIT`) and
        `due-rates` (of 10^-15) by class.

    Raises:
        DisclosureMismatchError: If what is due is not what is owed and the interest to come.
    """
    known = known_on(terms, day)
    if not len(known):
        return Counter()
    alone = attrs.evolve(known, entity=np.arange(len(known)))
    measured = measure_chunk(alone, rules_as_of=rules_as_of, decimals=decimals, threads=threads)
    ledger, month = measured.flows, 12 * day.year + day.month - 1
    later = ledger.month > month
    counts: Counter[Key] = Counter()
    for name, (schedule, account) in CLASSES.items():
        due = _of(ledger, f"{schedule}/payment") & later
        _count_due(counts, known, ledger, due, month, name)
        if account:
            interest = _of(ledger, f"{schedule}/interest") & later
            owed = _owed(ledger, schedule, account, month)
            _hold(due, interest, owed, ledger, name)
            _count_weights(counts, known, measured, (due, owed), day, name)
    return counts


def _of(ledger: Ledger, name: str) -> Mask:
    mask: Mask = ledger.what == ledger.names.index(name)
    return mask


def _count_due(
    counts: Counter[Key],
    known: LeaseTerms,
    ledger: Ledger,
    due: Mask,
    month: int,
    name: str,
) -> None:
    bucket = np.minimum((ledger.month[due] - month - 1) // 12, len(BUCKETS) - 1)
    owner = known.entity[ledger.entity[due]]
    rows = zip(owner.tolist(), ledger.framework[due].tolist(), ledger.currency[due].tolist(),
               bucket.tolist(), ledger.amount[due].tolist(), strict=True)  # fmt: skip
    for entity, framework, currency, at, amount in rows:
        counts["due", f"{name}/{BUCKETS[at]}", entity, framework, currency] += amount


def _owed(ledger: Ledger, schedule: str, account: str, month: int) -> Ledger:
    """What each lease owes at the end of a month, as a ledger of one account."""
    ours = np.array([name.startswith(f"{schedule}/") for name in ledger.names])
    mask = (ledger.month <= month) & ours[ledger.what]
    balance = trial_balance(ledger.where(mask))
    return balance.where(balance.what == balance.names.index(account))


def _hold(
    due: Mask,
    interest: Mask,
    owed: Ledger,
    ledger: Ledger,
    name: str,
) -> None:
    """What is due is what is owed and the interest to come, in each lot."""
    paid, accrued = int(ledger.amount[due].sum()), int(ledger.amount[interest].sum())
    liability = -int(owed.amount.sum())
    if paid != liability + accrued:
        raise DisclosureMismatchError(
            f"{name}: payments of {paid}, a liability of {liability} and interest of {accrued} "
            "minor units do not agree"
        )


def _count_weights(
    counts: Counter[Key],
    known: LeaseTerms,
    measured: Measured,
    parts: tuple[Mask, Ledger],
    day: date,
    name: str,
) -> None:
    due, owed = parts
    ledger = measured.flows
    ends, rates = _ends(known, measured), _rates(known, measured)
    for lease, framework, currency, amount in zip(
        owed.entity.tolist(), owed.framework.tolist(), owed.currency.tolist(),
        owed.amount.tolist(), strict=True,
    ):  # fmt: skip
        key = (name, int(known.entity[lease]), framework, currency)
        counts["owed", *key] -= amount
        counts["owed-years", *key] -= amount * _years(day, ends[lease, framework])
    for lease, framework, currency, amount in zip(
        ledger.entity[due].tolist(), ledger.framework[due].tolist(), ledger.currency[due].tolist(),
        ledger.amount[due].tolist(), strict=True,
    ):  # fmt: skip
        key = (name, int(known.entity[lease]), framework, currency)
        counts["due-rates", *key] += amount * rates[lease, framework]


@lru_cache(maxsize=1 << 16)
def _years(day: date, end: int) -> int:
    """The years from the close of a day to that before another, of `YEAR_UNIT`."""
    last = date.fromordinal(end + EPOCH) - timedelta(days=1)
    if last <= day:
        return 0
    return int(years_between(day + timedelta(days=1), last) * YEAR_UNIT)


@lru_cache(maxsize=1 << 16)
def _end_of(commencement: int, months: int) -> int:
    return add_months(date.fromordinal(commencement + EPOCH), months).toordinal() - EPOCH


def _ends(known: LeaseTerms, measured: Measured) -> dict[tuple[int, int], int]:
    """The day after the last one of each unit, by lease and framework."""
    after = {
        int(lease): int(period * known.every[lease] + months)
        for lease, period, months, without_effect in zip(
            known.event_lease,
            known.event_period,
            known.event_months,
            _of_another(known) | (known.event_certain == 0),
            strict=True,
        )
        if months != UNKNOWN and not without_effect
    }
    return {
        (lease, framework): _end_of(begins, after.get(lease, months))
        for lease, framework, begins, months in zip(
            measured.lease.tolist(), measured.framework.tolist(),
            known.commencement[measured.lease].tolist(), measured.term_months.tolist(), strict=True,
        )
        if months != UNKNOWN
    }  # fmt: skip


def _of_another(known: LeaseTerms) -> Mask:
    """Events that begin a contract of its own: a right added at its stand-alone price."""
    mask: Mask = known.event_standalone == 1
    return mask


@lru_cache(maxsize=1 << 16)
def _effective(numerator: int, denominator: int, every: int) -> int:
    """The effective annual rate of a rate per period, of 10^-15."""
    return int(freeze(effective_annual(Fraction(numerator, denominator), every)) * RATE_UNIT)


@lru_cache(maxsize=1 << 12)
def _quoted(rate: int, convention: int, every: int) -> int:
    """The effective annual rate of a quoted one, of 10^-15."""
    if RATE_CONVENTIONS[convention] in ("effective-annual", "actual-365"):
        return rate
    periodic = periodic_rate(Decimal(rate).scaleb(-15), RATE_CONVENTIONS[convention], every)
    return _effective(periodic.numerator, periodic.denominator, every)


def _rates(known: LeaseTerms, measured: Measured) -> dict[tuple[int, int], int]:
    """The effective annual rate in use of each unit, by lease and framework, of 10^-15."""
    changed = {
        int(lease): _quoted(int(rate), int(known.rate_convention[lease]), int(known.every[lease]))
        for lease, rate, of_another in zip(
            known.event_lease, known.event_rate, _of_another(known), strict=True
        )
        if rate != UNKNOWN and not of_another
    }
    by_days = known.rate_convention == ACTUAL_365
    found: dict[tuple[int, int], int] = {}
    for lease, framework, over, under in _unit_rates(measured):
        if lease in changed:
            found[lease, framework] = changed[lease]
        elif by_days[lease] and int(known.rate[lease]) != UNKNOWN:
            found[lease, framework] = int(known.rate[lease])
        else:
            found[lease, framework] = _effective(over, under, int(known.every[lease]))
    return found


def _unit_rates(measured: Measured) -> Iterator[tuple[int, int, int, int]]:
    for row in zip(
        measured.lease.tolist(), measured.framework.tolist(), measured.rate_numerator.tolist(),
        measured.rate_denominator.tolist(), strict=True,
    ):  # fmt: skip
        if row[3] > 0:
            yield row


def is_month_end(day: date) -> bool:
    """Whether a day is the last of its month, as ledgers by month ask."""
    return month_end(day) == day
