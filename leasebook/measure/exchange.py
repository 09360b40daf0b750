"""
The exchange rate of a day, by the conventions of the deal, and the days that have none.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import attrs

from leasebook.contract.exchange_rate import ExchangeRate
from leasebook.values.money import Currency

#: How many days a rate stands for the days after it that have none: weekends and holidays.
RATE_AGE_DAYS_MAX = 7

#: The most missing days that are written out.
_NAMED_MAX = 24


class MissingExchangeRates(Exception):  # noqa: N818 - reads as the finding it reports
    """
    Days on which a measurement needs an exchange rate and the deal has none.

    Attributes:
        missing: Of each lease its id, the code of its currency, and the days.
    """

    def __init__(self, missing: Iterable[tuple[str, str, tuple[date, ...]]]) -> None:
        self.missing = tuple(missing)
        parts = "; ".join(_said(*one) for one in self.missing)
        fix = (
            f"add [[exchange_rates]] for the days, or at most {RATE_AGE_DAYS_MAX} days before "
            "them, or say how long a rate stands with until"
        )
        super().__init__(f"no exchange rate: {parts}: {fix}")


def _said(lease: str, code: str, days: tuple[date, ...]) -> str:
    named = ", ".join(day.isoformat() for day in days[:_NAMED_MAX])
    more = f" and {len(days) - _NAMED_MAX} more" if len(days) > _NAMED_MAX else ""
    return f"contracts.{lease}.currency needs {code} on {named}{more}"


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
    days: tuple[date, ...]
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

    def closing(self, day: date) -> Fraction | None:
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

    def accruing(self, day: date) -> Fraction | None:
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
