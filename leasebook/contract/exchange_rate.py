"""
Exchange rates of a deal: what a unit of another currency is worth in the deal's own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date as day_type
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import attrs

from leasebook.contract.figure import Figure
from leasebook.values.money import Currency

Day: TypeAlias = day_type

#: How many days a rate stands for the days after it that have none: weekends and holidays.
RATE_AGE_DAYS_MAX = 7


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


@attrs.frozen
class RateTable:
    """
    The rates of one currency, by date.

    Attributes:
        currency: Whose unit is worth so much.
        minor: Minor units of the deal's currency for a minor unit, at a rate of one.
        days: Of each rate, ascending.
        rates: In the same order.
    """

    currency: Currency
    minor: Fraction
    days: tuple[Day, ...]
    rates: tuple[ExchangeRate, ...]

    @classmethod
    def of(cls, rates: Iterable[ExchangeRate], currency: Currency, own: Currency) -> "RateTable":
        """
        The rates of a currency among those of a deal.

        Args:
            rates: Of the deal, in any order.
            currency: Of a lease.
            own: The deal's currency.
        """
        mine = sorted(
            (one for one in rates if one.currency == currency), key=lambda one: one.date.get()
        )
        minor = Fraction(10**own.decimals, 10**currency.decimals)
        return cls(currency, minor, tuple(one.date.get() for one in mine), tuple(mine))

    def closing(self, day: Day) -> Fraction | None:
        """
        The closing rate of a day: the latest on or before it, if it still stands.

        Source: ASC 830-20-35-1, 830-20-35-2; IAS 21.8, 21.23(a). How long a rate stands is a
        convention of ours.

        Returns:
            Units of the deal's currency for one of the currency, exact; None without a rate.
        """
        at = bisect_right(self.days, day) - 1
        if at < 0:
            return None
        rate = self.rates[at]
        stands = self.days[at] + timedelta(days=RATE_AGE_DAYS_MAX)
        if rate.until is not None:
            stands = max(stands, rate.until.get())
        return Fraction(rate.closing.get()) if day <= stands else None

    def figures_on(self, day: Day) -> tuple[Figure[Decimal], ...]:
        """The figures that the rates of a day may be: the closing rate, then the average."""
        at = bisect_right(self.days, day) - 1
        closing = (self.rates[at].closing,) if at >= 0 else ()
        after = bisect_left(self.days, day)
        average = self.rates[after].average if after < len(self.rates) else None
        return (*closing, average) if average is not None else closing

    def accruing(self, day: Day) -> Fraction | None:
        """
        The rate of what accrues to a day: the average of the time the day is in, if stated.

        Source: ASC 830-10-55-10, 830-10-55-11; IAS 21.22. Without an average the closing rate of
        the day on which it is recognised is taken.

        Returns:
            Units of the deal's currency for one of the currency, exact; None without a rate.
        """
        at = bisect_left(self.days, day)
        if at < len(self.days):
            average = self.rates[at].average
            if average is not None:
                return Fraction(average.get())
        return self.closing(day)
