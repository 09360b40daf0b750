"""
Rounding: exact ratios become whole numbers here, half to even, and nowhere else.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

#: `scale` is exact below this size of the result and of the amount.
AMOUNT_LIMIT = 2**50

#: `scale` is exact below this denominator, so that twice a remainder fits 64 bits.
DENOMINATOR_LIMIT = 2**61

#: A float of at most `AMOUNT_LIMIT` in size plus this and minus it is the nearest whole number:
#: in between, a unit is the last binary place (1.5 times 2^52).
NEAREST = 6755399441055744.0


def scale(amount: int, numerator: int, denominator: int) -> int:
    """
    The amount times a ratio, rounded half to even by the remainder method.

    A float estimates the quotient to within one; the integer remainder decides. The same source
    runs on Python integers and, compiled, on wrapping 64-bit integers: the product may overflow,
    the remainder may not. So the answer does not depend on how a machine rounds its floats.

    Args:
        amount: Minor units, at most `AMOUNT_LIMIT` in size.
        numerator: Such that the result is at most `AMOUNT_LIMIT` in size.
        denominator: Positive and below `DENOMINATOR_LIMIT`.

    Returns:
        Minor units.

    Example:
        >>> scale(5, 1, 2), scale(7, 1, 2), scale(-5, 1, 2)
        (2, 4, -2)
    """
    quotient = round(float(amount) * (float(numerator) / float(denominator)))
    twice_rest = 2 * (amount * numerator - quotient * denominator)
    odd = quotient & 1 == 1
    if twice_rest > denominator or (twice_rest == denominator and odd):
        return quotient + 1
    if twice_rest < -denominator or (twice_rest == -denominator and odd):
        return quotient - 1
    return quotient


def scale_by(amount: int, numerator: int, denominator: int, factor: float) -> int:
    """
    `scale` where many amounts have one ratio, so that its float is divided once.

    Args:
        amount: Minor units, as for `scale`.
        numerator: As for `scale`.
        denominator: As for `scale`.
        factor: The ratio, within four roundings.

    Returns:
        Minor units.

    Example:
        >>> scale_by(5, 1, 2, 0.5), scale_by(7, 1, 2, 0.5)
        (2, 4)
    """
    quotient = int(float(amount) * factor + NEAREST - NEAREST)
    twice_rest = 2 * (amount * numerator - quotient * denominator)
    # Without branches, so that many are worked out side by side.
    odd = quotient & 1
    more = 1 if twice_rest + odd > denominator else 0
    less = 1 if twice_rest - odd < -denominator else 0
    return quotient + more - less


def divide_half_even(numerator: int, denominator: int) -> int:
    """
    The quotient of two whole numbers of any size, rounded half to even.

    Args:
        numerator: Any integer.
        denominator: Positive.

    Returns:
        The nearest integer.

    Example:
        >>> divide_half_even(3, 2), divide_half_even(5, 2)
        (2, 2)
    """
    quotient, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and quotient % 2):
        return quotient + 1
    return quotient


def round_half_even(value: Fraction) -> int:
    """
    An exact ratio as a whole number, rounded half to even.

    Args:
        value: Minor units, exact.

    Returns:
        Minor units.

    Example:
        >>> round_half_even(Fraction(-7, 2))
        -4
    """
    return divide_half_even(value.numerator, value.denominator)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """
    A total shared out by weights; the cumulative amount is rounded, so the parts sum to the total.

    Args:
        total: Minor units, of either sign.
        weights: Non-negative, with a positive sum.

    Returns:
        Minor units, one part for each weight, in order.

    Raises:
        ValueError: If the weights do not sum to a positive number.

    Example:
        >>> spread(100, [1, 1, 1])
        [33, 34, 33]
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError(f"weights must sum to a positive number, not {whole}")
    reached = [divide_half_even(total * part, whole) for part in accumulate(weights, initial=0)]
    return [after - before for before, after in pairwise(reached)]


def spread_evenly(total: int, parts: int) -> list[int]:
    """
    A total shared out in equal parts by cumulative rounding.

    Args:
        total: Minor units.
        parts: How many, at least one.

    Returns:
        Minor units.

    Example:
        >>> spread_evenly(10, 4)
        [2, 3, 3, 2]
    """
    return spread(total, [1] * parts)
