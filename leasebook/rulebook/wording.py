"""Sentences of the rulebook: exact values as people read them, never through a float."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from string import Formatter

from leasebook.facts.fact import Unknown, Value

NOT_KNOWN = "not known"
_TIES = {True: "met", False: "not met"}

# How a number of each unit is shown when nothing else is said.
_SPECS: Mapping[str, str] = {"share": ".1%", "rate": ".3%", "money": ",.2f"}


def names_in(template: str) -> tuple[str, ...]:
    """
    The names a template fills, in order.

    Raises:
        ValueError: If its braces do not match.

    Example:
        >>> names_in("a term of {months} months is {part:.1%}")
        ('months', 'part')
    """
    return tuple(field for _, field, _, _ in Formatter().parse(template) if field is not None)


def fill(template: str, read: Callable[[str], Value | Unknown]) -> str:
    """
    A template with its names replaced by values, formatted exactly.

    Args:
        template: Text with ``{name}`` and ``{name:spec}``.
        read: Gives the value of a name.

    Example:
        >>> fill("{part:.1%} of life", {"part": Fraction(3, 4)}.__getitem__)
        '75.0% of life'
    """
    parts = []
    for literal, field, spec, _ in Formatter().parse(template):
        parts.append(literal)
        if field is not None:
            parts.append(show(read(field), spec or ""))
    return "".join(parts)


def show(value: Value | Unknown | None, spec: str = "") -> str:
    """
    A value as people read it.

    Args:
        value: None is read as not known.
        spec: ``[,][.n](f|%)`` for numbers; empty shows up to six decimals as they are.

    Example:
        >>> show(Fraction(1234567, 2), ",.2f"), show(Fraction(3, 2)), show(True)
        ('617,283.50', '1.5', 'yes')
    """
    if value is None or isinstance(value, Unknown):
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    number = Fraction(value)
    if not spec:
        return _plain(number)
    percent = spec.endswith("%")
    places = int(spec.rpartition(".")[2].rstrip("f%") or 0) if "." in spec else 0
    hundred = 100 if percent else 1
    decimal = rounded(number * hundred, places)
    grouped = "," if "," in spec else ""
    return f"{decimal:{grouped}.{places}f}" + ("%" if percent else "")


def rounded(number: Fraction, places: int) -> Decimal:
    """
    A fraction at so many decimals, half to even.

    Example:
        >>> rounded(Fraction(1, 8), 2)
        Decimal('0.12')
    """
    return Decimal(round(number * 10**places)).scaleb(-places)


def _plain(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    return f"{rounded(number, 6):f}".rstrip("0").rstrip(".")


def show_unit(number: Fraction, unit: str) -> str:
    """
    A number with its unit, as margins print it.

    Example:
        >>> show_unit(Fraction(9, 10), "share"), show_unit(Fraction(48), "months")
        ('90.0%', '48 months')
    """
    if unit in _SPECS:
        return show(number, _SPECS[unit])
    one = unit.removesuffix("s") if number == 1 else unit
    return f"{show(number)} {one}".removesuffix(" number")


def compare(value: Fraction, threshold: Fraction, unit: str, *, tie_met: bool = True) -> str:
    """
    How a number stands to its threshold.

    Example:
        >>> compare(Fraction(117, 100), Fraction(9, 10), "share")
        '117.0% is 27.0 points above 90.0%'
        >>> compare(Fraction(90), Fraction(90), "months")
        '90 months is exactly the threshold, which counts as met'
    """
    first = show_unit(value, unit)
    if value == threshold:
        return f"{first} is exactly the threshold, which counts as {_TIES[tie_met]}"
    gap = abs(value - threshold)
    apart = f"{show(gap * 100, '.1f')} points" if unit == "share" else show_unit(gap, unit)
    side = "above" if value > threshold else "below"
    return f"{first} is {apart} {side} {show_unit(threshold, unit)}"
