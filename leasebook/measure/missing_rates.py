"""
Days that need an exchange rate and have none.
"""

from collections.abc import Iterable
from datetime import date

from leasebook.contract.exchange_rate import RATE_AGE_DAYS_MAX

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
