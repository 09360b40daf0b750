"""
One cell, written exactly (JSON, CSV) or for the eye (text, markdown).
"""

from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from leasebook.report.table import NIL, NOT_PUBLIC, Cell, Kind, Scale, plain

#: Decimals at which a ratio without an end (a third) is cut, half to even, in JSON and CSV.
RATIO_DECIMALS = 15

_POWER = {"units": 0, "thousands": 3, "millions": 6}
_SHOWN_DECIMALS = {"thousands": 0, "millions": 1}
# Wide enough that no amount or ratio of a deal is rounded by the context itself.
_WIDE = Context(prec=200, rounding=ROUND_HALF_EVEN)


def _ratio_exact(value: Fraction) -> Decimal:
    rest = value.denominator
    decimals = 0
    while rest % 10 == 0:
        rest, decimals = rest // 10, decimals + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, decimals = rest // prime, decimals + 1
    if rest == 1 and decimals <= RATIO_DECIMALS:
        return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    scaled = round(value * 10**RATIO_DECIMALS)
    return Decimal(scaled).scaleb(-RATIO_DECIMALS, _WIDE).normalize(_WIDE)


def _number(value: Cell) -> Decimal:
    if isinstance(value, tuple):
        amount_minor, decimals = value
        return Decimal(amount_minor).scaleb(-decimals, _WIDE)
    if isinstance(value, Fraction):
        return _ratio_exact(value)
    if isinstance(value, int | Decimal):
        return Decimal(value)
    raise TypeError(f"not a number: {value!r}")


def exact(value: Cell) -> str | int | bool | None:
    """
    A cell as JSON carries it: decimals as exact text, ``None`` for what is not public.

    Args:
        value: The cell; amounts in minor units with their decimals, or currency units.

    Returns:
        Text, an integer, a truth value or ``None``.

    Example:
        >>> exact((-5, 2)), exact(Fraction(1, 8)), exact(date(2029, 1, 1))
        ('-0.05', '0.125', '2029-01-01')
    """
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return plain(value)
    number = _number(value)
    return f"{number.copy_abs() if number == 0 else number:f}"


def _grouped(number: Decimal, decimals: int) -> str:
    quantum = Decimal(1).scaleb(-decimals)
    rounded = number.quantize(quantum, context=_WIDE)
    if rounded == 0:
        return f"{abs(rounded):,f}"
    return f"({-rounded:,f})" if rounded < 0 else f"{rounded:,f}"


def _amount(value: Cell, scale: Scale) -> str:
    number = _number(value)
    if number == 0:
        return NIL
    if scale == "units":
        exponent = number.as_tuple().exponent
        decimals = value[1] if isinstance(value, tuple) else max(0, -int(exponent))
        return _grouped(number, decimals)
    return _grouped(number.scaleb(-_POWER[scale], _WIDE), _SHOWN_DECIMALS[scale])


def _shown_number(value: Cell, kind: Kind, scale: Scale) -> str:
    if kind == "amount":
        return _amount(value, scale)
    number = _number(value)
    if kind == "percent":
        return _grouped(number.scaleb(2, _WIDE), 1) + " %"
    if kind == "ratio":
        return _grouped(number, 3)
    return _grouped(number, 0) if isinstance(value, int) else f"{number:f}"


def shown(value: Cell, kind: Kind, scale: Scale) -> str:
    """
    A cell as people read it: negatives in parentheses, nil as a dash, "not public".

    Args:
        value: The cell.
        kind: Of the column, or of the row where it says otherwise.
        scale: Amounts in units (exact), thousands or millions (one decimal).

    Returns:
        Text on one line.

    Example:
        >>> shown((-13067500000, 2), "amount", "millions"), shown((0, 2), "amount", "millions")
        ('(130.7)', '–')
        >>> shown(Fraction(995, 1000), "ratio", "millions"), shown(None, "amount", "units")
        ('0.995', 'not public')
    """
    if value is None:
        return NOT_PUBLIC
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return _shown_number(value, kind, scale)
