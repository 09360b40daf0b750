"""
Numbers of many subjects: intervals of floats that hold the exact values, and their arithmetic.

What is the same for all subjects is held once: an array has one element then.
"""

import ast
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from leasebook.reckoning.twofold import twofold_product

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Numbers:
    """
    A number for each subject: between `low` and `high`, or not known for want of some facts.
    """

    low: Floats
    high: Floats
    known: Bools
    missing: Ints


def points(values: npt.ArrayLike, known: Bools, bit: int) -> Numbers:
    """
    Whole numbers below 2^53 as numbers.

    Args:
        values: One for each subject.
        known: Where it is stated.
        bit: Stands for the fact where it is missing.
    """
    exact = np.asarray(values, np.float64)
    return Numbers(exact, exact, known, np.where(known, 0, bit))


@lru_cache(maxsize=256)
def constant(value: Fraction) -> Numbers:
    """
    One exact number for all subjects.

    Example:
        >>> float(constant(Fraction(3, 4)).low[0])
        0.75
    """
    low = high = np.full(1, float(value))
    if Fraction(float(value)) != value:
        low, high = np.nextafter(low, -np.inf), np.nextafter(high, np.inf)
    return Numbers(low, high, np.ones(1, np.bool_), np.zeros(1, np.int64))


def _both(left: Numbers, right: Numbers) -> tuple[Bools, Ints]:
    known = left.known & right.known
    missing: Any = np.where(left.known, 0, left.missing) | np.where(right.known, 0, right.missing)
    return known, missing


def arithmetic(op: ast.operator, left: Numbers, right: Numbers) -> Numbers:
    """
    A sum, difference, product or quotient of all subjects.

    Example:
        >>> half, two = constant(Fraction(1, 2)), constant(Fraction(2))
        >>> float(arithmetic(ast.Mult(), half, two).low[0])
        1.0
    """
    known, missing = _both(left, right)
    with np.errstate(all="ignore"):
        if isinstance(op, ast.Mult):
            low, high = _product(left, right)
        elif isinstance(op, ast.Div):
            corners = [a / b for a in (left.low, left.high) for b in (right.low, right.high)]
            low = np.nextafter(np.minimum.reduce(corners), -np.inf)
            high = np.nextafter(np.maximum.reduce(corners), np.inf)
            crosses = (right.low <= 0) & (right.high >= 0)
            low, high = np.where(crosses, -np.inf, low), np.where(crosses, np.inf, high)
        elif isinstance(op, ast.Add):
            low = np.nextafter(left.low + right.low, -np.inf)
            high = np.nextafter(left.high + right.high, np.inf)
        else:
            low = np.nextafter(left.low - right.high, -np.inf)
            high = np.nextafter(left.high - right.low, np.inf)
    return Numbers(low, high, known, missing)


def _ends(number: Numbers) -> tuple[Floats, ...]:
    """Both ends, or one where all are points."""
    return (number.low,) if number.low is number.high else (number.low, number.high)


def _product(left: Numbers, right: Numbers) -> tuple[Floats, Floats]:
    """Products of intervals; a product of points that has no rounding error stays a point."""
    corners = [a * b for a in _ends(left) for b in _ends(right)]
    low, high = reduce(np.minimum, corners), reduce(np.maximum, corners)
    least: Any = np.nextafter(low, -np.inf)
    most: Any = np.nextafter(high, np.inf)
    if len(corners) > 1:
        return least, most
    by_points: Any = twofold_product
    exact = by_points(left.low, right.low)[1] == 0
    if exact.all():
        return low, low
    return np.where(exact, low, least), np.where(exact, low, most)


def compared(op: ast.cmpop, one: Numbers, two: Numbers) -> tuple[Bools, Bools, Bools, Ints]:
    """
    Where a comparison holds, where it does not, where intervals cannot tell, and what is missing.

    Example:
        >>> half, two = constant(Fraction(1, 2)), constant(Fraction(2))
        >>> [bool(found[0]) for found in compared(ast.Lt(), half, two)[:3]]
        [True, False, False]
    """
    known, missing = _both(one, two)
    if isinstance(op, ast.Eq | ast.NotEq):
        same = (one.low == two.high) & (one.high == two.low)
        other = (one.high < two.low) | (one.low > two.high)
        yes, no = (same, other) if isinstance(op, ast.Eq) else (other, same)
    else:
        if isinstance(op, ast.Gt | ast.GtE):
            one, two = two, one
        if isinstance(op, ast.Lt | ast.Gt):
            yes, no = one.high < two.low, one.low >= two.high
        else:
            yes, no = one.high <= two.low, one.low > two.high
    return yes & known, no & known, known & ~yes & ~no, missing
