"""
Numbers twice as long as a float: the unrounded sum of two, high part and low part.

With u = 2^-53 the relative errors are those of Joldes, Muller, Popescu, Tight and rigorous error
bounds for basic building blocks of double-word arithmetic (2017). No sum or product may be fused,
or the low part would be lost.
"""

_SPLIT = 134217729.0  # 2^27 + 1


def twofold_product(left: float, right: float) -> tuple[float, float]:
    """
    A product and its rounding error, exact (Dekker).

    Example:
        >>> twofold_product(3.0, 0.5)
        (1.5, 0.0)
    """
    product = left * right
    far = _SPLIT * left
    left_high = far - (far - left)
    left_low = left - left_high
    far = _SPLIT * right
    right_high = far - (far - right)
    right_low = right - right_high
    rest = ((left_high * right_high - product) + left_high * right_low) + left_low * right_high
    return product, rest + left_low * right_low


def twofold_sum(left: float, right: float) -> tuple[float, float]:
    """
    A sum and its rounding error, exact (Knuth).

    Example:
        >>> twofold_sum(1.0, 2.0**-60) == (1.0, 2.0**-60)
        True
    """
    total = left + right
    moved = total - left
    return total, (left - (total - moved)) + (right - moved)


def times(high: float, low: float, by_high: float, by_low: float) -> tuple[float, float]:
    """
    A product, within 7u^2.

    Example:
        >>> times(3.0, 0.0, 0.5, 0.0)
        (1.5, 0.0)
    """
    product, rest = twofold_product(high, by_high)
    rest += high * by_low + low * by_high
    total = product + rest
    return total, rest - (total - product)


def plus(high: float, low: float, add_high: float, add_low: float) -> tuple[float, float]:
    """
    A sum, within 3u^2.

    Example:
        >>> plus(1.0, 0.0, 2.0**-60, 0.0) == (1.0, 2.0**-60)
        True
    """
    total, rest = twofold_sum(high, add_high)
    tail, tail_rest = twofold_sum(low, add_low)
    rest += tail
    sum_high = total + rest
    rest = rest - (sum_high - total) + tail_rest
    whole = sum_high + rest
    return whole, rest - (whole - sum_high)


def twofold_ratio(numerator: int, denominator: int) -> tuple[float, float]:
    """
    A ratio of positive whole numbers below 2^62 as two floats, within 15u^2.

    Example:
        >>> twofold_ratio(1, 2)
        (0.5, 0.0)
    """
    top = float(numerator)
    top_low = float(numerator - int(top))
    base = float(denominator)
    base_low = float(denominator - int(base))
    first = top / base
    high, low = times(base, base_low, first, 0.0)
    left, left_low = plus(top, top_low, -high, -low)
    second = (left + left_low) / base
    total = first + second
    return total, second - (total - first)


def power(high: float, low: float, count: int) -> tuple[float, float]:
    """
    A whole power, within 7 (count - 1) u^2 beside `count` times the error of what is raised.

    Args:
        high: Positive.
        low: The low part of it.
        count: At least one.

    Example:
        >>> power(1.5, 0.0, 3)
        (3.375, 0.0)
    """
    place = 1
    while 2 * place <= count:
        place *= 2
    raised, raised_low = high, low
    while place > 1:
        place //= 2
        raised, raised_low = times(raised, raised_low, raised, raised_low)
        if count & place:
            raised, raised_low = times(raised, raised_low, high, low)
    return raised, raised_low


def nearest(high: float, low: float, slack: float) -> tuple[int, int]:
    """
    The nearest whole number, and 0; or nothing of use and 1, if a bound does not decide.

    Args:
        high: Below 2^51 in size, to be decided.
        low: The low part of it.
        slack: The largest error of both.

    Example:
        >>> nearest(3.5, 1e-3, 1e-6), nearest(3.5, 0.0, 1e-6)[1]
        ((4, 0), 1)
    """
    found = round(high)
    rest = (high - float(found)) + low
    if rest > 0.5:
        found += 1
        rest -= 1.0
    elif rest < -0.5:
        found -= 1
        rest += 1.0
    undecided = abs(rest) >= 0.5 - slack - 1e-9 or abs(high) >= 2.0**51
    return found, 1 if undecided else 0
