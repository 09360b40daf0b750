"""
The most that a guarantee can come to on a day, undiscounted, and how that falls as time goes by.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from leasebook.contract.credit import Guarantee
from leasebook.contract.lease import Lease
from leasebook.contract.rent_days import rents_by_day
from leasebook.measure.assumed_lease import assumed_day
from leasebook.measure.guarantee import guarantee_ends
from leasebook.measure.lease_terms import rent_minor
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months, months_between, periods
from leasebook.reckoning.rounding import round_half_even


def last_covered_day(contract: Guarantee, setting: Setting) -> date:
    """The last day that a guarantee covers: the day before its guarantor takes over, if it does."""
    ends: date = guarantee_ends(contract)
    taken = assumed_day(contract, setting.deal)
    return ends if taken is None else min(ends, taken - timedelta(days=1))


def covered_rents(contract: Guarantee, setting: Setting) -> Iterator[tuple[date, int]]:
    """
    Every rent that a guarantee of leases covers, by the day on which it falls due, minor units.

    These are the rents of the stated terms; renewals are not covered.
    """
    ends = guarantee_ends(contract)
    for name in contract.covers_leases:
        lease = setting.deal.contracts[name]
        if not isinstance(lease, Lease):
            raise TypeError(f"{name} is no lease")
        for day, rent in _rents(lease, setting):
            if day <= ends:
                yield day, rent


def _rents(lease: Lease, setting: Setting) -> Iterator[tuple[date, int]]:
    own = setting.in_currency_of(lease)
    if lease.rent.dated:
        last = add_months(lease.commencement_date.get(), lease.noncancellable.get().months)
        for day, amount in rents_by_day(lease).items():
            if day < last:
                yield day, own.minor(amount)
        return
    step = lease.rent.step_months
    count = lease.noncancellable.get().months // step
    spans = periods(lease.commencement_date.get(), step, count)
    for (first, last), rent in zip(spans, rent_minor(lease, own, count), strict=True):
        yield first if lease.rent.due == "advance" else last, rent


def maximum_payments(contract: Guarantee, setting: Setting, day: date) -> int | None:
    """
    The most that a guarantor can still have to pay after the close of a day, undiscounted.

    Source: ASC 460-10-50-4(b), 815-10-50-4K(b); IFRS 7.B10(c).

    Args:
        contract: The guarantee.
        setting: Gives the leases and their scenario.
        day: At whose close.

    Returns:
        Minor units; None if the contract states no limit and covers no rents.

    Example:
        >>> from decimal import Decimal
        >>> from leasebook.contract.figure import Figure
        >>> from types import SimpleNamespace
        >>> from leasebook.values.duration import Duration
        >>> from leasebook.values.money import Currency
        >>> promise = Guarantee("g", "us", "them", "bank", Figure(date(2026, 1, 1)),
        ...     Figure(Duration.parse("4 years")), Figure(Decimal(400)), decline="level")
        >>> deal = SimpleNamespace(currency=Currency.of("USD"), contracts={})
        >>> setting = Setting(deal, "us-gaap", "", {})
        >>> [maximum_payments(promise, setting, date(year, 12, 31)) for year in (2025, 2026, 2029)]
        [40000, 30000, 0]
    """
    if day >= last_covered_day(contract, setting):
        return 0
    principal = None if contract.principal is None else setting.minor(contract.principal)
    if contract.decline == "level" and principal is not None:
        return round_half_even(principal * _time_left(contract, setting, day))
    if contract.decline in ("rents-left", "in-proportion"):
        rents = list(covered_rents(contract, setting))
        left = sum(rent for due, rent in rents if due > day)
        if contract.decline == "rents-left" or principal is None:
            return left if principal is None else min(left, principal)
        total = sum(rent for _, rent in rents)
        return round_half_even(Fraction(principal * left, total)) if total else 0
    return principal


def _time_left(contract: Guarantee, setting: Setting, day: date) -> Fraction:
    """The part of the covered time that is left, in whole months: of leases, from their first."""
    begins, ends = contract.issued.get(), guarantee_ends(contract) + timedelta(days=1)
    leases = [setting.deal.contracts[name] for name in contract.covers_leases]
    starts = [one.commencement_date.get() for one in leases if isinstance(one, Lease)]
    if starts:
        begins = min(starts)
        ends = max(
            add_months(one.commencement_date.get(), one.noncancellable.get().months)
            for one in leases
            if isinstance(one, Lease)
        )
    months = max(1, months_between(begins, ends))
    gone = max(0, months_between(begins, day + timedelta(days=1)))
    return Fraction(max(0, months - gone), months)
