"""
Rates per period: exact where they are rational, frozen once at fifteen decimals where they are not.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from leasebook.reckoning.rounding import round_half_even

#: Decimals at which a rate that is not rational is frozen, half to even.
RATE_DECIMALS = 15

#: Every convention that is known.
RATE_CONVENTIONS = ("effective-annual", "nominal", "per-period", "actual-365")

_GRID = 10**RATE_DECIMALS


class NoCrossing(ValueError):  # noqa: N818 - the name says what was found, not that it is an error
    """
    The function that was to be solved has one sign at both ends of the bracket.
    """


def freeze(rate: Fraction) -> Fraction:
    """
    A rate rounded half to even at fifteen decimals.

    Args:
        rate: A pure number.

    Returns:
        A pure number whose denominator divides ten to the fifteenth.

    Example:
        >>> freeze(Fraction(1, 3))
        Fraction(333333333333333, 1000000000000000)
    """
    return Fraction(round_half_even(rate * _GRID), _GRID)


@lru_cache(maxsize=1024)
def periodic_rate(annual: Decimal, convention: str, months: int) -> Fraction:
    """
    The rate of one period of whole months.

    Args:
        annual: The quoted rate, a pure number (0.055 is 5.5 %).
        convention: `effective-annual` compounds to the quoted rate in a year, `nominal` is the
            quoted rate times months over twelve, `per-period` is the quoted rate itself;
            `actual-365` is effective annual, and `day_rates` gives its rates by days.
        months: Length of the period.

    Returns:
        A pure number; frozen at fifteen decimals if effective annual, else exact.

    Raises:
        ValueError: If the convention is not known.

    Example:
        >>> periodic_rate(Decimal("0.06"), "nominal", 1)
        Fraction(1, 200)
        >>> rate_text(periodic_rate(Decimal("0.055"), "effective-annual", 1))
        '0.004471698917043'
    """
    if convention == "per-period":
        return Fraction(annual)
    if convention == "nominal":
        return Fraction(annual) * months / 12
    if convention in ("effective-annual", "actual-365"):
        return Fraction(_grown(annual, months), _GRID)
    raise ValueError(f"rate convention {convention!r} is not one of {', '.join(RATE_CONVENTIONS)}")


def _grown(annual: Decimal, months: int) -> int:
    """
    What grows in some months, a whole number of 10^-15, half to even.

    A guess that whole numbers confirm: g is right if (g - 1/2) and (g + 1/2), compounded to a
    year, lie on both sides of the annual rate, which their powers tell without a root.
    """
    over, unit = annual.as_integer_ratio()
    common = math.gcd(months, 12)
    power, root = months // common, 12 // common
    found: int = _guessed(annual, months)
    halves = 2 * _GRID
    reached, scaled = (over + unit) ** power * halves**root, unit**power
    while True:
        below = (halves + 2 * found - 1) ** root * scaled
        above = (halves + 2 * found + 1) ** root * scaled
        if below < reached < above:
            return found
        if reached in (below, above):
            tie = found - 1 if reached == below else found
            return tie + tie % 2
        found += 1 if reached > above else -1


def _guessed(annual: Decimal, months: int) -> int:
    """What grows in some months, nearly: floats do for rates of everyday size."""
    if abs(annual) <= Decimal("0.5") and months <= 12:
        near: int = round(math.expm1(math.log1p(annual) * months / 12) * _GRID)
        return near
    with localcontext() as context:
        context.prec = 60
        return int(((1 + annual) ** (Decimal(months) / 12) - 1) * _GRID)


def day_rates(annual: Decimal | Fraction, days: Sequence[date]) -> tuple[Fraction, ...]:
    """
    The rate between consecutive days of an effective annual rate over 365 days.

    Args:
        annual: A pure number; a fraction has a denominator that divides a power of ten.
        days: Ascending.

    Returns:
        One rate fewer than there are days, each frozen at fifteen decimals.

    Example:
        >>> day_rates(Decimal("0.07"), [date(2025, 1, 1), date(2026, 1, 1)])
        (Fraction(7, 100),)
    """
    exact = Fraction(annual)
    return tuple(_rate_of_days(exact, (last - first).days) for first, last in pairwise(days))


@lru_cache(maxsize=2**14)
def _rate_of_days(annual: Fraction, days: int) -> Fraction:
    """The rate over some days; the same gaps come again and again while a rate is solved."""
    with localcontext() as context:
        context.prec = 60
        growth = 1 + Decimal(annual.numerator) / annual.denominator
        return freeze(Fraction(growth ** (Decimal(days) / 365) - 1))


def annual_rate(rate: Fraction, convention: str, months: int) -> Fraction:
    """
    A rate of one period as it is quoted for a year: the way back from `periodic_rate`.

    Args:
        rate: Per period.
        convention: `effective-annual`, `actual-365`, `nominal` or `per-period`.
        months: Length of the period.

    Returns:
        A pure number; frozen at fifteen decimals where it has no exact form.

    Example:
        >>> annual_rate(Fraction(1, 200), "nominal", 1)
        Fraction(3, 50)
    """
    if convention == "per-period":
        return rate
    if convention == "nominal":
        return rate * 12 / months
    return effective_annual(rate, months)


def effective_annual(rate: Fraction, months: int) -> Fraction:
    """
    The effective annual rate that a rate per period compounds to.

    Args:
        rate: Per period, a pure number.
        months: Length of the period.

    Returns:
        A pure number; exact where the period divides the year, else frozen at fifteen decimals.

    Example:
        >>> effective_annual(Fraction(1, 10), 6), effective_annual(Fraction(21, 100), 24)
        (Fraction(21, 100), Fraction(1, 10))
    """
    if 12 % months == 0:
        return (1 + rate) ** (12 // months) - 1
    with localcontext() as context:
        context.prec = 60
        growth = (1 + Decimal(rate.numerator) / rate.denominator) ** (Decimal(12) / months)
        return freeze(Fraction(growth - 1))


def rate_text(rate: Fraction) -> str:
    """
    A rate as decimal text, at most fifteen decimals, without trailing zeros.

    Example:
        >>> rate_text(Fraction(1, 200))
        '0.005'
    """
    text = f"{Decimal(round_half_even(rate * _GRID)).scaleb(-RATE_DECIMALS):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def solve_rate(
    excess: Callable[[Fraction], Fraction | int],
    low: Fraction = Fraction(0),
    high: Fraction = Fraction(1),
) -> Fraction:
    """
    The rate, at fifteen decimals half to even, at which a monotone function crosses zero.

    A bracket narrows on the grid of frozen rates, by exact signs alone, to two neighbours; the sign
    between them decides which is nearer, so the answer is the solution rounded, not merely close.

    Args:
        excess: Rising or falling in the rate, exact.
        low: Lower end of the bracket.
        high: Upper end of the bracket.

    Returns:
        A pure number per period.

    Raises:
        NoCrossing: If the function has one sign at both ends.

    Example:
        >>> solve_rate(lambda rate: 100 * (1 + rate) - 105)
        Fraction(1, 20)
    """
    below, above = round_half_even(low * _GRID), round_half_even(high * _GRID)
    at_below, at_above = excess(Fraction(below, _GRID)), excess(Fraction(above, _GRID))
    if at_below == 0:
        return Fraction(below, _GRID)
    if at_above == 0:
        return Fraction(above, _GRID)
    rising = at_below < 0
    if rising == (at_above < 0):
        raise NoCrossing(f"no solution between {rate_text(low)} and {rate_text(high)} a period")
    weights, last, turn = [_size(at_below), _size(at_above)], -1, 0
    while above - below > 1:
        middle, turn = _inside(below, above, weights, turn), turn + 1
        value = excess(Fraction(middle, _GRID))
        if value == 0:
            return Fraction(middle, _GRID)
        side = 0 if (value < 0) == rising else 1
        below, above = (middle, above) if side == 0 else (below, middle)
        weights[side] = _size(value)
        if side == last:  # an end that stays is weighed less and less, so that it too moves
            weights[1 - side] /= 2
        last = side
    half = excess(Fraction(2 * below + 1, 2 * _GRID))
    nearest = below + below % 2 if half == 0 else (above if (half < 0) == rising else below)
    return Fraction(nearest, _GRID)


def _size(value: Fraction | int) -> float:
    """How far from nothing a value is, for choosing where to look; no result is made of it."""
    try:
        return abs(float(value))
    except OverflowError:
        return float("inf")


def _inside(below: int, above: int, weights: Sequence[float], turn: int) -> int:
    """
    A point between two that are no neighbours: where a straight line crosses, or the middle.

    Every fourth time it is the middle, so that the bracket is never narrowed more than four times
    as slowly as by bisection.
    """
    width, (low, high) = above - below, weights
    if turn % 4 == 3 or not math.isfinite(low + high) or low + high == 0:
        return below + width // 2
    step = width * Fraction(low) / (Fraction(low) + Fraction(high))
    return min(max(below + round(step), below + 1), above - 1)
