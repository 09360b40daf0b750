"""
All rates at which amounts of either sign are worth something: where the excess changes its sign.

Amounts that fall due are a polynomial in the factor of a period. Sign changes of its coefficients,
moved to a part of the line, bound how many roots lie there (Vincent, Collins, Akritas); the line is
halved until each part has at most one, and each root is then solved on the grid of rates.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rates import solve_rate

#: How often a part is halved: roots that lie closer are one on the grid of rates.
_HALVED = 64


def sign_changes(amounts: Sequence[int]) -> int:
    """
    How often the sign changes along some numbers, zeros left out.

    Example:
        >>> sign_changes([-1, 0, 2, -3])
        2
    """
    signs = [amount > 0 for amount in amounts if amount]
    return sum(one != other for one, other in pairwise(signs))


def all_rates(amounts: Sequence[int], worth: int) -> tuple[Fraction, ...]:
    """
    Every rate from 0 to 100 % a period at which amounts are worth something and the sign changes.

    Args:
        amounts: Minor units due now and at the close of each period, of either sign.
        worth: Minor units.

    Returns:
        Rates at fifteen decimals, half to even, ascending.

    Example:
        >>> [float(rate) for rate in all_rates([0, 2300, -1320], 1000)]
        [0.1, 0.2]
    """

    def excess(rate: Fraction) -> Fraction:
        return present_value(amounts, rate, 0) - worth

    coefficients = [amounts[0] - worth, *amounts[1:]]
    found: list[Fraction] = []
    for low, high in _isolated(coefficients):
        # The factor lies between low and high, the rate between their inverses less one.
        ends = (1 / high - 1, 1 / low - 1)
        if excess(ends[0]) * excess(ends[1]) <= 0:
            found.append(solve_rate(excess, *ends))
    return tuple(sorted(dict.fromkeys(found)))


def _isolated(coefficients: list[int]) -> Iterator[tuple[Fraction, Fraction]]:
    """Parts of the factors from a half to one with at most one root each."""
    # On the part that is walked the factor is start + width * x for x from 0 to 1.
    start, width = Fraction(1, 2), Fraction(1, 2)
    degree = len(coefficients) - 1
    moved = _shifted([c * 2 ** (degree - k) for k, c in enumerate(coefficients)])
    parts = [(start, width, moved, 0)]
    while parts:
        start, width, poly, depth = parts.pop()
        changes = sign_changes(_shifted(list(reversed(poly))))
        if changes == 0:
            continue
        if changes == 1 or depth == _HALVED:
            yield start, start + width
            continue
        half = [c * 2 ** (degree - k) for k, c in enumerate(poly)]
        parts.append((start, width / 2, half, depth + 1))
        parts.append((start + width / 2, width / 2, _shifted(half), depth + 1))


def _shifted(coefficients: list[int]) -> list[int]:
    """The coefficients of p(x + 1)."""
    shifted = list(coefficients)
    for first in range(len(shifted) - 1):
        for k in range(len(shifted) - 2, first - 1, -1):
            shifted[k] += shifted[k + 1]
    return shifted
