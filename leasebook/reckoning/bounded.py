"""
Present values and rates in floats, with a proved bound on their error: the fast path.

A present value is the exact ratio rounded once, and a solved rate the nearest at fifteen decimals
(`present_value`, `rates.solve_rate`). These functions find the same integers in floats, twice as
long where a float does not do, or say that they cannot: then the caller takes the exact way. They
are plain loops like the kernel's, which run as they stand and can be compiled; no sum or product
may be fused, or the second half of a double float would be lost.

With u = 2^-53: a step of Horner's rule multiplies by a factor that is within 3u of the exact one
and adds a whole number, so that n steps are within (6n + 8) u of the sum of absolute values. With
two floats (`twofold`) n steps are within 64 (n + 1) u^2. Four interleaved sums at one rate multiply
by its fourth power (within 3 * 7u^2 + 4 * 15u^2) once in four steps, and stay within the same
bound; so do amounts that are the same for a while, which are worth an annuity (`annuity`).
"""

import math
from collections.abc import MutableSequence, Sequence

from leasebook.reckoning.annuity import runs_of, twofold_worth_of_runs, worth_of_runs
from leasebook.reckoning.places import counted
from leasebook.reckoning.twofold import nearest, plus, times, twofold_ratio

_UNIT = 2.0**-53
_GRID = 10**15
#: Half a step of the grid of rates.
_HALF_STEP = 0.5e-15
_TRIES = 60
#: What a rate may be off before its grid of 10^-15 is looked at.
_LOST = 1e-18


def near_value(
    due: Sequence[int],
    periods: int,
    numerator: Sequence[int],
    rate_step: int,
    denominator: int,
) -> tuple[int, int]:
    """
    Present value now of amounts due now and at the close of each of some periods.

    Args:
        due: Minor units, one more than there are periods.
        periods: How many.
        numerator: Of the rate of each period, above minus the denominator.
        rate_step: 1 where each period has its own, 0 where all have the first one.
        denominator: Of the rates.

    Returns:
        Minor units rounded once, half to even, and 0; or nothing of use and 1, if the value is
        nearer to a half than its bound.

    Example:
        >>> near_value([0, 100, 100], 2, [1], 0, 10)
        (174, 0)
        >>> near_value([0, 21], 1, [1], 0, 1)[1]
        1
    """
    worth, bound = near(due, periods, numerator, rate_step, denominator)
    return settled(worth, bound, due, periods, numerator, rate_step, denominator)


def settled(
    worth: float,
    bound: float,
    due: Sequence[int],
    periods: int,
    numerator: Sequence[int],
    rate_step: int,
    denominator: int,
) -> tuple[int, int]:
    """
    `near_value` of amounts whose value in one float is known.

    Args:
        worth: As `near` says.
        bound: Of its error.
        due: Minor units now and at the close of each period.
        periods: How many.
        numerator: Of the rate of each period.
        rate_step: 1 where each period has its own, 0 where all have the first one.
        denominator: Of the rates.

    Example:
        >>> settled(50.0, 1e-13, [0, 100], 1, [1], 0, 1)
        (50, 0)
    """
    found = round(worth)
    if abs(worth - float(found)) < 0.5 - bound and abs(worth) < 2.0**51:
        return found, 0
    high, low, slack = _twofold(due, periods, numerator, rate_step, denominator)
    return nearest(high, low, slack)


def near(
    due: Sequence[int], periods: int, numerator: Sequence[int], rate_step: int, denominator: int
) -> tuple[float, float]:
    """
    A present value in one float, with a bound on its error.

    Args:
        due: Minor units now and at the close of each period.
        periods: How many.
        numerator: Of the rate of each period.
        rate_step: 1 where each period has its own, 0 where all have the first one.
        denominator: Of the rates.

    Example:
        >>> near([0, 100], 1, [1], 0, 1)[0]
        50.0
    """
    if rate_step:
        worth, size = _horner_of_each(due, periods, numerator, denominator)
    else:
        worth, size = _horner(due, periods, float(denominator) / float(denominator + numerator[0]))
    return worth, (6.0 * periods + 8.0) * _UNIT * size


def _horner_of_each(
    due: Sequence[int], periods: int, numerator: Sequence[int], denominator: int
) -> tuple[float, float]:
    """Value and sum of absolute values where each period has its own rate."""
    worth = float(due[periods])
    size = abs(worth)
    for k in range(periods - 1, -1, -1):
        factor = float(denominator) / float(denominator + numerator[counted(k)])
        amount = float(due[counted(k)])
        worth = worth * factor + amount
        size = size * factor + abs(amount)
    return worth, size


def _horner(due: Sequence[int], periods: int, factor: float) -> tuple[float, float]:
    """
    Value and sum of absolute values at one rate, in four interleaved sums.

    A term is multiplied by the fourth power (within 3 * 4u + 3u) once in four steps, so that the
    bound of the plain rule holds.
    """
    second = factor * factor
    fourth = second * second
    one, two, three, four = 0.0, 0.0, 0.0, 0.0
    negative = 0.0
    whole = (periods + 1) // 4 * 4
    for k in range(periods, whole - 1, -1):
        amount = float(due[k])
        one = one * factor + amount
        negative = min(negative, amount)
    for k in range(whole - 4, -1, -4):
        first_due, second_due = float(due[counted(k)]), float(due[counted(k + 1)])
        third_due, fourth_due = float(due[counted(k + 2)]), float(due[counted(k + 3)])
        one = one * fourth + first_due
        two = two * fourth + second_due
        three = three * fourth + third_due
        four = four * fourth + fourth_due
        negative = min(negative, first_due, second_due, third_due, fourth_due)
    worth = one + two * factor + (three * second + four * (second * factor))
    if negative == 0.0:
        return worth, worth
    size = 0.0
    for k in range(periods, -1, -1):
        size = size * factor + abs(float(due[k]))
    return worth, size


def _twofold(
    due: Sequence[int], periods: int, numerator: Sequence[int], rate_step: int, denominator: int
) -> tuple[float, float, float]:
    """A present value in two floats, with a bound on its error."""
    if rate_step:
        high, low, size = _twofold_of_each(due, periods, numerator, denominator)
    else:
        factor, factor_low = twofold_ratio(denominator, denominator + numerator[0])
        high, low, size = _twofold_horner(due, periods, factor, factor_low)
    return high, low, _slack(periods, size)


def _slack(periods: int, size: float) -> float:
    """The largest error of a value in two floats, and of one sum with another besides."""
    return 64.0 * (periods + 2.0) * _UNIT * _UNIT * size + 1e-300


def _twofold_of_each(
    due: Sequence[int], periods: int, numerator: Sequence[int], denominator: int
) -> tuple[float, float, float]:
    """Value in two floats and sum of absolute values, where each period has its own rate."""
    high, low = float(due[periods]), 0.0
    size = abs(high)
    for k in range(periods - 1, -1, -1):
        factor, factor_low = twofold_ratio(denominator, denominator + numerator[k])
        high, low = times(high, low, factor, factor_low)
        amount = float(due[k])
        high, low = plus(high, low, amount, 0.0)
        size = size * factor + abs(amount)
    return high, low, size


def _twofold_horner(
    due: Sequence[int], periods: int, factor: float, factor_low: float
) -> tuple[float, float, float]:
    """Value in two floats and sum of absolute values at one rate, in four interleaved sums."""
    second, second_low = times(factor, factor_low, factor, factor_low)
    third, third_low = times(second, second_low, factor, factor_low)
    fourth, fourth_low = times(second, second_low, second, second_low)
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    a_low, b_low, c_low, d_low = 0.0, 0.0, 0.0, 0.0
    size = 0.0
    whole = (periods + 1) // 4 * 4
    for k in range(periods, whole - 1, -1):
        a, a_low = _step(a, a_low, factor, factor_low, float(due[k]))
        size = size * factor + abs(float(due[k]))
    for k in range(whole - 4, -1, -4):
        one, two = float(due[k]), float(due[k + 1])
        three, four = float(due[k + 2]), float(due[k + 3])
        a, a_low = _step(a, a_low, fourth, fourth_low, one)
        b, b_low = _step(b, b_low, fourth, fourth_low, two)
        c, c_low = _step(c, c_low, fourth, fourth_low, three)
        d, d_low = _step(d, d_low, fourth, fourth_low, four)
        size = size * fourth + (abs(one) + abs(two) + abs(three) + abs(four))
    b, b_low = times(b, b_low, factor, factor_low)
    c, c_low = times(c, c_low, second, second_low)
    d, d_low = times(d, d_low, third, third_low)
    a, a_low = plus(a, a_low, b, b_low)
    c, c_low = plus(c, c_low, d, d_low)
    high, low = plus(a, a_low, c, c_low)
    return high, low, size


def _step(
    high: float, low: float, factor: float, factor_low: float, amount: float
) -> tuple[float, float]:
    """One step of Horner's rule in two floats."""
    high, low = times(high, low, factor, factor_low)
    return plus(high, low, amount, 0.0)


def near_rate(
    due: Sequence[int], periods: int, worth: int, lengths: MutableSequence[int]
) -> tuple[int, int]:
    """
    The rate per period, at fifteen decimals half to even, that makes amounts worth something.

    Newton's rule on the logarithm of the value, which is convex in the logarithm of the factor, so
    that no step passes the root from below; then the signs half a step to both sides decide.

    Args:
        due: Minor units now and at the close of each period.
        periods: How many.
        worth: Minor units.
        lengths: Room for as many numbers as there are amounts, which this function writes.

    Returns:
        Whole number of 10^-15 and 0; or 1 if amounts are negative or the signs cannot be told, and
        2 if there is no rate up to 100 %. The rate is 0 where the amounts do not reach the worth.

    Example:
        >>> near_rate([0, 5, 105], 2, 100, [0, 0, 0])
        (50000000000000, 0)
    """
    total = least = timed = 0
    for k in range(periods + 1):
        total += due[k]
        timed += k * due[k]
        least = min(least, due[k])
    if least < 0:
        return 0, 1
    if total <= worth:
        return 0, 0
    runs = runs_of(due, periods, lengths)
    at_whole = worth_of_runs(due, periods, lengths, runs, 0.5)[0]
    if abs(at_whole - float(worth)) < 1e-6 * float(total) + 1.0:
        return 0, 1
    if at_whole > float(worth):
        return 0, 2
    # What is due at the mean day is worth no more than what is due.
    grown = math.log(float(total) / float(worth)) * float(total) / float(timed)
    grid = round(_newton(due, periods, lengths, runs, worth, grown) * 1e15)
    for _ in range(_TRIES):
        below, above = _signs(due, periods, lengths, runs, worth, grid)
        if below > 0 and above < 0:
            return grid, 0
        if below == 0 or above == 0:
            return 0, 1
        grid += 1 if above > 0 else -1
    return 0, 1


def _newton(
    due: Sequence[int], periods: int, lengths: Sequence[int], runs: int, worth: int, grown: float
) -> float:
    """The root, nearly, from below: a logarithm of the factor at which amounts are worth more."""
    for _ in range(_TRIES):
        value, moment = worth_of_runs(due, periods, lengths, runs, math.exp(-grown))
        step = math.log(value / float(worth)) * value / moment
        grown += step
        # The error that a step leaves is its square times half the spread of the days.
        if step * step * float(periods + 1) < _LOST:
            break
    return math.expm1(grown)


def _signs(
    due: Sequence[int], periods: int, lengths: Sequence[int], runs: int, worth: int, grid: int
) -> tuple[int, int]:
    """
    The signs of the excess half a step of 10^-15 below and above a rate; 0 if one cannot be told.

    Half a step h moves the value by h times its slope, and by less than h^2 (n + 1)^2 times the sum
    of amounts besides; the slope in floats is within (8n + 20) u.
    """
    factor, factor_low = twofold_ratio(_GRID, _GRID + grid)
    high, low, size = twofold_worth_of_runs(due, periods, lengths, runs, factor, factor_low)
    high, low = plus(high, low, -float(worth), 0.0)
    value, moment = worth_of_runs(due, periods, lengths, runs, factor)
    moved = _HALF_STEP * moment * factor
    slack = _slack(periods, size + abs(float(worth)))
    slack += moved * (8.0 * periods + 20.0) * _UNIT
    slack += (_HALF_STEP * (periods + 1.0)) ** 2 * (abs(value) + float(worth))
    here = high + low
    slack += abs(here + moved) * _UNIT + abs(here - moved) * _UNIT
    below = 1 if here + moved > slack else (-1 if here + moved < -slack else 0)
    above = 1 if here - moved > slack else (-1 if here - moved < -slack else 0)
    return below, above
