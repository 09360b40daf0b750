"""
Exchange rates of a deal: what a unit of another currency is worth in the deal's own.
"""

from collections.abc import Iterable
from datetime import date as day_type
from decimal import Decimal
from typing import TypeAlias

import attrs

from leasebook.contract.figure import Figure
from leasebook.values.money import Currency

Day: TypeAlias = day_type


@attrs.frozen
class ExchangeRate:
    """
    The rate of a currency at the close of a day: units of the deal's currency for one of it.

    It stands for the days after it that have none, a week at most, or as long as `until` says.
    `average` is the average of the days since the rate before it, the day itself included.
    """

    currency: Currency
    date: Figure[Day]
    closing: Figure[Decimal]
    until: Figure[Day] | None = None
    average: Figure[Decimal] | None = None


def known_on(rates: Iterable[ExchangeRate], day: Day) -> tuple[ExchangeRate, ...]:
    """
    The rates as they were known on a day: the last of each currency stands from then on.

    Rates of a currency that has none by the day are kept, so that what needs one can name it.

    Example:
        >>> eur = Currency.of("EUR")
        >>> first = ExchangeRate(eur, Figure(Day(2028, 12, 31)), Figure(Decimal("1.1")))
        >>> second = ExchangeRate(eur, Figure(Day(2029, 12, 31)), Figure(Decimal("1.2")))
        >>> [one.closing.get() for one in known_on([second, first], Day(2029, 6, 30))]
        [Decimal('1.1')]
    """
    by_currency: dict[str, list[ExchangeRate]] = {}
    for rate in rates:
        by_currency.setdefault(rate.currency.code, []).append(rate)
    kept: list[ExchangeRate] = []
    for some in by_currency.values():
        past = sorted(
            (one for one in some if one.date.get() <= day), key=lambda one: one.date.get()
        )
        if not past:
            kept += some
            continue
        last = attrs.evolve(past[-1], until=Figure(Day.max))
        kept += [*past[:-1], last]
    return tuple(kept)
