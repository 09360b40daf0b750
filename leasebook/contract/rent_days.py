"""
The days of a lease whose rents fall due on days of their own.

They part its time into periods: each begins where a rent falls due, or where a term can end.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import attrs

from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.option_times import known_months, options_of, stated_months
from leasebook.reckoning.calendar import add_months


def term_ends(lease: Lease) -> tuple[date, ...]:
    """
    The days on which a term can be over, the first day that no longer belongs to it.

    They are those of the stated term, of each renewal, and of each option to end or to buy.

    Args:
        lease: With dates and terms that are known.

    Returns:
        Ascending.
    """
    begins = lease.commencement_date.get()
    return tuple(sorted({add_months(begins, months) for months in _ends_in_months(lease)}))


def _ends_in_months(lease: Lease) -> Iterator[int]:
    reached = stated_months(lease)
    yield reached
    for option in options_of(lease, "renewal"):
        for _ in range(option.times):
            reached += known_months(option.term) or 0
            yield reached
    for option in lease.options:
        if option.kind == "renewal":
            continue
        for figure in (option.after, option.term):
            months = known_months(figure)
            if months:
                yield months


def rent_days(lease: Lease) -> tuple[date, ...]:
    """
    The days on which the periods of dated rents begin, and on which the last is over.

    The periods of a shorter term are the first of those of a longer one, because wherever a term
    can end a period ends.

    Source: ASC 842-10-30-5, 842-20-30-1; IFRS 16.26, 16.27: what falls due is worth what it is on
    its own day.

    Args:
        lease: With dates and terms that are known.

    Returns:
        Ascending, from commencement to the end of the longest term; empty if rents step by months.

    Example:
        >>> from leasebook.contract.lease import DatedAmount, Rent
        >>> from leasebook.values.duration import Duration
        >>> rent = Rent(dated=(DatedAmount(Figure(date(2029, 5, 20)), Figure(Decimal(7))),))
        >>> lease = Lease("l", "owner", "user", "thing", Figure(date(2029, 1, 1)),
        ...               Figure(Duration.parse("1 year")), rent)
        >>> [day.isoformat() for day in rent_days(lease)]
        ['2029-01-01', '2029-05-20', '2030-01-01']
    """
    if not lease.rent.dated:
        return ()
    due = {one.date.get() for one in lease.rent.dated}
    return tuple(sorted({lease.commencement_date.get(), *due, *term_ends(lease)}))


def rents_by_day(lease: Lease) -> dict[date, Figure[Decimal]]:
    """
    The dated rents of a lease by the day on which they fall due; those of one day together.

    Example:
        >>> from leasebook.contract.lease import DatedAmount, Rent
        >>> from leasebook.values.duration import Duration
        >>> day = Figure(date(2029, 5, 20))
        >>> rent = Rent(dated=tuple(DatedAmount(day, Figure(Decimal(part))) for part in (7, 5)))
        >>> lease = Lease("l", "owner", "user", "thing", Figure(date(2029, 1, 1)),
        ...               Figure(Duration.parse("1 year")), rent)
        >>> [amount.get() for amount in rents_by_day(lease).values()]
        [Decimal('12')]
    """
    due: dict[date, Figure[Decimal]] = {}
    for one in lease.rent.dated:
        day = one.date.get()
        due[day] = _together(due[day], one.amount) if day in due else one.amount
    return due


def _together(one: Figure[Decimal], other: Figure[Decimal]) -> Figure[Decimal]:
    """Two figures as one with the source of the first; what is not known stays so."""
    if one.value is None or other.value is None:
        return other if one.known else one
    return attrs.evolve(one, value=one.value + other.value, range=())
