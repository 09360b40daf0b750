"""
Present values and implicit rates over columns: to the unit and to fifteen decimals, every root.
"""

from collections.abc import MutableSequence, Sequence

import numpy as np

from leasebook.portfolio.terms import RATE_UNIT, Ints
from leasebook.reckoning.bounded import near_rate, near_value
from leasebook.reckoning.compiled import compiled
from leasebook.reckoning.exact import exact_value
from leasebook.reckoning.roots import all_rates, sign_changes


def values_each(
    due: Sequence[int],
    first: Sequence[int],
    numerator: Sequence[int],
    denominator: Sequence[int],
    found: MutableSequence[int],
    doubt: MutableSequence[int],
) -> None:
    """
    One present value for each run of amounts.

    Args:
        due: Minor units due now and at the close of each period, run after run.
        first: Where each run begins, and where the last one ends.
        numerator: Of each run's rate per period.
        denominator: Of it.
        found: Written: minor units.
        doubt: Written: 1 where the bound does not decide.
    """
    for k in range(len(first) - 1):
        run = due[first[k] : first[k + 1]]
        found[k], doubt[k] = near_value(run, len(run) - 1, numerator[k : k + 1], 0, denominator[k])


def rates_each(
    due: Sequence[int],
    first: Sequence[int],
    worth: Sequence[int],
    lengths: MutableSequence[int],
    found: MutableSequence[int],
    doubt: MutableSequence[int],
) -> None:
    """
    One rate for each run of amounts.

    Args:
        due: Minor units due now and at the close of each period, run after run.
        first: Where each run begins, and where the last one ends.
        worth: Of each run, minor units.
        lengths: Room for as many numbers as the longest run has amounts.
        found: Written: of 10^-15 per period.
        doubt: Written: as `bounded.near_rate`.
    """
    for k in range(len(first) - 1):
        run = due[first[k] : first[k + 1]]
        found[k], doubt[k] = near_rate(run, len(run) - 1, worth[k], lengths)


def present_values(due: Ints, first: Ints, numerator: Ints, denominator: Ints) -> Ints:
    """
    The exact present value of each run of amounts, rounded once, half to even.

    Args:
        due: Minor units due now and at the close of each period, run after run.
        first: Where each run begins, and where the last one ends.
        numerator: Of each run's rate per period.
        denominator: Of it.

    Example:
        >>> one = [np.array(column) for column in ([0, 100, 100], [0, 3], [1], [10])]
        >>> present_values(*one).tolist()
        [174]
    """
    found, doubt = (np.zeros(len(first) - 1, np.int64) for _ in range(2))
    compiled(values_each)(due, first, numerator, denominator, found, doubt)
    for k in np.flatnonzero(doubt).tolist():
        run = due[first[k] : first[k + 1]].tolist()
        rate, unit = int(numerator[k]), int(denominator[k])
        found[k] = exact_value(run, len(run) - 1, [rate], 0, unit)[0]
    return found


def implicit_rates(due: Ints, first: Ints, worth: Ints) -> tuple[Ints, Ints]:
    """
    Every rate per period from 0 to 100 % at which each run of amounts is worth something.

    Args:
        due: Minor units due now and at the close of each period, run after run, of either sign.
        first: Where each run begins, and where the last one ends.
        worth: Of each run, minor units.

    Returns:
        Runs, ascending, once for each root; and the roots in 10^-15, ascending within a run.

    Example:
        >>> columns = [np.array(c) for c in ([0, 105, 0, 2300, -1320], [0, 2, 5], [100, 1000])]
        >>> [found.tolist() for found in implicit_rates(*columns)]
        [[0, 1, 1], [50000000000000, 100000000000000, 200000000000000]]
    """
    found, doubt = (np.zeros(len(first) - 1, np.int64) for _ in range(2))
    room = np.zeros(int(np.diff(first).max(initial=1)), np.int64)
    compiled(rates_each)(due, first, worth, room, found, doubt)
    runs, rates = [], []
    for k, (rate, trouble) in enumerate(zip(found.tolist(), doubt.tolist(), strict=True)):
        if trouble == 1 or (trouble == 0 and rate == 0):
            run = due[first[k] : first[k + 1]].tolist()
            if sign_changes([run[0] - int(worth[k]), *run[1:]]):
                roots = all_rates(run, int(worth[k]))
                runs += [k] * len(roots)
                rates += [int(root * RATE_UNIT) for root in roots]
        elif trouble == 0:
            runs.append(k)
            rates.append(rate)
    return np.array(runs, np.int64), np.array(rates, np.int64)
