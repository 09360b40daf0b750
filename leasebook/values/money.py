"""
Money: currencies, and the one place where an exact decimal becomes minor units.
"""

from decimal import ROUND_HALF_EVEN, Decimal

import attrs

#: Largest amount, and largest total of a segment, in minor units: 11 trillion at two decimals.
AMOUNT_MINOR_MAX = 2**50

# ISO 4217 minor units, from the published code list (SIX, list one) for the currencies that the
# deals and their tests use.
_DECIMALS = {
    "AUD": 2, "BHD": 3, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2, "DKK": 2, "EUR": 2, "GBP": 2,
    "HKD": 2, "INR": 2, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "MXN": 2, "NOK": 2,
    "NZD": 2, "OMR": 3, "PLN": 2, "SEK": 2, "SGD": 2, "TND": 3, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip


@attrs.frozen
class Currency:
    """
    A currency and the number of decimals its minor unit has.

    Example:
        >>> Currency.of("JPY").decimals
        0
    """

    code: str
    decimals: int

    @classmethod
    def of(cls, code: str) -> "Currency":
        """
        The currency of a three-letter code.

        Raises:
            KeyError: If the code is not in the list above.
        """
        return cls(code, _DECIMALS[code])

    @classmethod
    def codes(cls) -> tuple[str, ...]:
        """Every code that is known, sorted."""
        return tuple(sorted(_DECIMALS))


def minor_units(amount: Decimal, currency: Currency) -> int:
    """
    An exact decimal amount as minor units, rounded half to even.

    Args:
        amount: Currency units.
        currency: Gives the number of decimals.

    Returns:
        Minor units.

    Example:
        >>> minor_units(Decimal("256458333.333"), Currency.of("USD"))
        25645833333
    """
    return int(amount.scaleb(currency.decimals).to_integral_value(rounding=ROUND_HALF_EVEN))


def currency_units(amount_minor: int, currency: Currency) -> Decimal:
    """
    Minor units as an exact decimal in currency units.

    Example:
        >>> currency_units(-5, Currency.of("USD"))
        Decimal('-0.05')
    """
    return Decimal(amount_minor).scaleb(-currency.decimals)
