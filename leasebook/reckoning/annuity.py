"""
Present values of amounts that are the same for a while: each run is worth an annuity.

The factor of a run and the value of one unit at each of its days come from half as many days, so
that a run takes as many steps as its length has binary places. With u = 2^-53 and a factor within
3u, the factor of m days is within (4m - 1) u and the annuity within 5m u; in two floats, with a
factor within 15u^2, within (22m - 7) u^2 and 25m u^2. A term passes each later run with its factor,
one product and one sum, so that the bounds of `bounded` for step by step hold for runs as well, and
that of the moment, whose annuity is within 6m u.
"""

from collections.abc import MutableSequence, Sequence

from leasebook.reckoning.places import counted
from leasebook.reckoning.twofold import plus, times


def runs_of(due: Sequence[int], periods: int, lengths: MutableSequence[int]) -> int:
    """
    How many runs of equal amounts there are, the last one first.

    Args:
        due: Minor units now and at the close of each period.
        periods: How many.
        lengths: Room for as many numbers as there are amounts; written: of each run.

    Example:
        >>> lengths = [0] * 4
        >>> runs_of([0, 5, 5, 105], 3, lengths), lengths[:3]
        (3, [1, 2, 1])
    """
    runs, after = 0, periods
    for k in range(periods - 1, -1, -1):
        if due[counted(k)] != due[counted(k + 1)]:
            lengths[counted(runs)] = after - k
            runs += 1
            after = k
    lengths[counted(runs)] = after + 1
    return runs + 1


def _top_place(count: int) -> int:
    """The highest power of two that is not above a count."""
    place = 1
    while 2 * place <= count:
        place *= 2
    return place


def worth_of_runs(
    due: Sequence[int], periods: int, lengths: Sequence[int], runs: int, factor: float
) -> tuple[float, float]:
    """
    What amounts are worth, and the same with each times its period.

    Args:
        due: Minor units now and at the close of each period.
        periods: How many.
        lengths: Of the runs, the last one first.
        runs: How many, as `runs_of` says.
        factor: Of one period.

    Example:
        >>> worth_of_runs([0, 8, 8, 8], 3, [3, 1], 2, 0.5)
        (7.0, 11.0)
    """
    value, moment = 0.0, 0.0
    last = periods
    for run in range(runs):
        amount, count = float(due[last]), lengths[run]
        # Of so many days: their factor, a unit on each of them, and each of those times its day.
        power, unit, timed, days = factor, 1.0, 0.0, 1.0
        place = _top_place(count)
        while place > 1:
            place //= 2
            timed += power * (timed + days * unit)
            unit += power * unit
            power *= power
            days *= 2.0
            if count & place:
                timed = factor * (timed + unit)
                unit = 1.0 + factor * unit
                power *= factor
                days += 1.0
        moment = amount * timed + power * (moment + days * value)
        value = amount * unit + power * value
        last -= count
    return value, moment


def twofold_worth_of_runs(
    due: Sequence[int], periods: int, lengths: Sequence[int], runs: int, factor: float,
    factor_low: float,
) -> tuple[float, float, float]:  # fmt: skip
    """
    What amounts are worth in two floats, and the sum of what their absolute values are worth.

    Args:
        due: Minor units now and at the close of each period.
        periods: How many.
        lengths: Of the runs, the last one first.
        runs: How many, as `runs_of` says.
        factor: Of one period.
        factor_low: The low part of it.

    Example:
        >>> twofold_worth_of_runs([0, -8, -8, 8], 3, [1, 2, 1], 3, 0.5, 0.0)
        (-5.0, 0.0, 7.0)
    """
    high, low, size = 0.0, 0.0, 0.0
    last = periods
    for run in range(runs):
        amount, count = float(due[last]), lengths[run]
        power, power_low, unit, unit_low = factor, factor_low, 1.0, 0.0
        place = _top_place(count)
        while place > 1:
            place //= 2
            more, more_low = times(power, power_low, unit, unit_low)
            unit, unit_low = plus(unit, unit_low, more, more_low)
            power, power_low = times(power, power_low, power, power_low)
            if count & place:
                unit, unit_low = times(unit, unit_low, factor, factor_low)
                unit, unit_low = plus(unit, unit_low, 1.0, 0.0)
                power, power_low = times(power, power_low, factor, factor_low)
        high, low = times(high, low, power, power_low)
        own, own_low = times(unit, unit_low, amount, 0.0)
        high, low = plus(high, low, own, own_low)
        size = size * power + abs(amount) * unit
        last -= count
    return high, low, size
