"""
Weighted averages of the remaining lease term and of the discount rate.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import attrs

from leasebook.disclosures.maturity import dues
from leasebook.disclosures.scope import Scope, lease_class
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.schedule import Schedule
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.rates import effective_annual


@attrs.frozen
class Weighed:
    """
    One lease in an average.

    Attributes:
        liability: Minor units at the reporting date; weighs the term.
        remaining_payments: Minor units still due; weigh the rate.
        term_years: Remaining.
        rate_annual: Effective.
    """

    liability: int
    remaining_payments: int
    term_years: Fraction
    rate_annual: Fraction


def years_between(start: date, end: date) -> Fraction:
    """
    The years from the beginning of a day to the close of another, exact.

    Whole months are counted, and days of a month that is not whole over the days it has.

    Example:
        >>> years_between(date(2027, 1, 1), date(2028, 6, 30))
        Fraction(3, 2)
    """
    stop = end + timedelta(days=1)
    months = months_between(start, stop)
    reached = add_months(start, months)
    whole = (add_months(start, months + 1) - reached).days
    return (months + Fraction((stop - reached).days, whole)) / 12


def remaining_term(leases: Iterable[Weighed]) -> Fraction | None:
    """
    The average remaining term in years, each lease weighed by its liability.

    Source: ASC 842-20-50-4(g)(3), 842-20-55-11.

    Returns:
        Exact; None where nothing is owed.

    Example:
        >>> owed = ((300, 10), (100, 2))
        >>> remaining_term(Weighed(w, 1, Fraction(t), Fraction(0)) for w, t in owed)
        Fraction(8, 1)
    """
    known = list(leases)
    whole = sum(lease.liability for lease in known)
    if whole == 0:
        return None
    return sum((lease.liability * lease.term_years for lease in known), Fraction(0)) / whole


def discount_rate(leases: Iterable[Weighed]) -> Fraction | None:
    """
    The average effective annual rate, each lease weighed by its remaining payments.

    Source: ASC 842-20-50-4(g)(4), 842-20-55-12.

    Returns:
        Exact; None where no payment remains.

    Example:
        >>> due = ((3, 4), (1, 8))
        >>> discount_rate(Weighed(1, w, Fraction(1), Fraction(r, 100)) for w, r in due)
        Fraction(1, 20)
    """
    known = list(leases)
    whole = sum(lease.remaining_payments for lease in known)
    if whole == 0:
        return None
    return (
        sum((lease.remaining_payments * lease.rate_annual for lease in known), Fraction(0)) / whole
    )


def weighed(scope: Scope, booked: Schedule, then: Schedule, day: date) -> Weighed:
    """What a lease of a lessee contributes to the averages on a day."""
    lease = scope.lease(booked)
    segment = lease_segments(lease, scope.known_on(lease.id, day).setting)[-1]
    return Weighed(
        liability=then.balance("liability", day),
        remaining_payments=sum(due for _, due in dues(then, "liability", day)),
        term_years=years_between(day + timedelta(days=1), scope.last_day(booked, day)),
        rate_annual=effective_annual(segment.rate, segment.months),
    )


def averages(
    scope: Scope, views: Iterable[tuple[Schedule, Schedule]], day: date
) -> dict[str, dict[str, Fraction | None]]:
    """
    Both averages by class of lease, of leases that are owed on or remain on a day.

    Source: ASC 842-20-50-4(g); IFRS 16 asks for neither.
    """
    leases: dict[str, list[Weighed]] = {}
    for booked, then in views:
        if "liability" in then.signs and scope.last_day(booked, day) > day:
            leases.setdefault(lease_class(booked), []).append(weighed(scope, booked, then, day))
    return {
        name: {
            "remaining-term-years": remaining_term(found),
            "discount-rate": discount_rate(found),
        }
        for name, found in leases.items()
    }
