"""
What grows in a part of a year at effective annual rates, many at once: floats with a proved bound.

With u = 2^-53 and a year of w parts: a float x near the w-th root r of a year's growth is
r (1 + d), and its power is the growth times 1 + e, where e = (1 + d)^w - 1. Newton's step
x (1 - e/w) is within (w + 1)/2 d^2 of r, which is less than e^2/w; what floats lose of e/w is
within 4u e/w, and of the power, the growth and their distance within (7w + 20) u^2 / w, which is
less than 32u^2.
"""

import math
from collections.abc import MutableSequence, Sequence

from leasebook.reckoning.twofold import nearest, plus, power, times, twofold_ratio, twofold_sum

_UNIT = 2.0**-53
_GRID = 10**15
#: Annual rates, of 10^-15, up to which the bound is proved: 1,000 %.
_MOST = 10 * _GRID


def grown_each(
    annual: Sequence[int],
    whole: Sequence[int],
    parts: Sequence[int],
    found: MutableSequence[int],
    doubt: MutableSequence[int],
) -> None:
    """
    One part of a year for each annual rate.

    Args:
        annual: Effective annual rates, of 10^-15.
        whole: In how many parts the year is, up to 365.
        parts: How many of them there are, up to 366.
        found: Written: what grows, of 10^-15.
        doubt: Written: 1 where the bound does not decide.

    Example:
        >>> found, doubt = [0], [0]
        >>> grown_each([55 * 10**12], [12], [1], found, doubt), found, doubt
        (None, [4471698917043], [0])
    """
    for k in range(len(annual)):
        found[k], doubt[k] = grown(annual[k], whole[k], parts[k])


def grown(annual: int, whole: int, parts: int) -> tuple[int, int]:
    """
    What grows in some parts of a year, rounded half to even, where the bound decides.

    Args:
        annual: Effective annual rate, of 10^-15.
        whole: In how many parts the year is, up to 365.
        parts: How many of them there are, up to 366.

    Returns:
        A whole number of 10^-15 and 0; or nothing of use and 1.

    Example:
        >>> grown(21 * 10**13, 2, 1)
        (100000000000000, 0)
    """
    if annual < 0 or annual > _MOST:
        return 0, 1
    year, year_low = twofold_ratio(_GRID + annual, _GRID)
    root = math.exp(math.log(year) / float(whole))
    raised, raised_low = power(root, 0.0, whole)
    over, over_low = plus(raised, raised_low, -year, -year_low)
    excess = (over + over_low) / year
    growth, growth_low = twofold_sum(root, -root * excess / float(whole))
    bound = (excess * excess + 4.0 * _UNIT * abs(excess)) / float(whole) + 32.0 * _UNIT * _UNIT
    growth, growth_low = power(growth, growth_low, parts)
    slack = 1e15 * growth * (float(parts) * (bound + 8.0 * _UNIT * _UNIT) + 16.0 * _UNIT * _UNIT)
    more, more_low = plus(growth, growth_low, -1.0, 0.0)
    scaled, scaled_low = times(more, more_low, 1e15, 0.0)
    return nearest(scaled, scaled_low, slack)
