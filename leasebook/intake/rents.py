"""
Payments that rise by a rate, and months for which nothing is due, as steps of whole columns.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from leasebook.portfolio.terms import RATE_UNIT, Ints
from leasebook.values.money import AMOUNT_MINOR_MAX

# A product of floats is off by less than this of itself; one nearer to a half is rounded exactly.
_OFF = 2.0**-50
_SURE_MAX = 2.0**49

Tell = Callable[[int, str, str, str, str], None]


@lru_cache(maxsize=4096)
def _growth(rise: int, times: int) -> tuple[int, int]:
    """Numerator and denominator of the factor by which a payment has risen."""
    return (RATE_UNIT + rise) ** times, RATE_UNIT**times


@lru_cache(maxsize=1 << 16)
def _factor(rise: int, times: int) -> float:
    """The factor as the nearest float; at most one with which no amount has room."""
    over, under = _growth(rise, times)
    return _SURE_MAX if over.bit_length() - under.bit_length() > 60 else over / under


def raised(payment: int, rise: int, times: int) -> int:
    """
    A payment that has risen some times, half to even.

    Args:
        payment: Minor units.
        rise: Of 10^-15.
        times: How often.

    Example:
        >>> raised(100_000, 30_000_000_000_000, 2)
        106090
    """
    over, under = _growth(rise, times)
    found, rest = divmod(payment * over, under)
    twice = 2 * rest
    return found + (twice > under or (twice == under and found % 2 == 1))


def all_raised(payment: Ints, rise: Ints, times: Ints) -> Ints:
    """
    The same of columns; what rises beyond the limit of amounts is one more than that.

    Example:
        >>> all_raised(*(np.array([k]) for k in (100_000, 30_000_000_000_000, 2))).tolist()
        [106090]
    """
    rises, which = np.unique(rise, return_inverse=True)
    width = int(times.max(initial=0)) + 1
    pairs, place = np.unique(which * width + times, return_inverse=True)
    kinds = [(int(rises[pair // width]), pair % width) for pair in pairs.tolist()]
    factors = np.array([_factor(*kind) for kind in kinds])
    near = payment * factors[place]
    sure = np.abs(near - np.floor(near) - 0.5) > near * _OFF
    sure &= near < _SURE_MAX
    found = np.rint(np.where(sure, near, 0)).astype(np.int64)
    for at in np.flatnonzero(~sure).tolist():
        small = near[at] <= 2 * AMOUNT_MINOR_MAX
        exact = raised(int(payment[at]), *kinds[place[at]]) if small else AMOUNT_MINOR_MAX + 1
        found[at] = min(exact, AMOUNT_MINOR_MAX + 1)
    return found


def steps_of_rises(values: Mapping[str, Any], tell: Tell) -> tuple[Ints, tuple[Ints, Ints, Ints]]:
    """
    The payments of leases once nothing stands beside them.

    Args:
        values: Columns of whole numbers by name, all of one length.
        tell: Tells what is wrong with a row: position, column, code, cause, fix.

    Returns:
        The first payment of each lease; and lease, period and payment of each step.
    """
    column = {name: np.asarray(values[name], np.int64) for name in values}
    payment, every, free = column["payment"], column["every"], column["free_months"]
    broken = free % every != 0
    for position in np.flatnonzero(broken).tolist():
        cause = (f"{free[position]} months without payment are no whole periods of "
                 f"{every[position]} months")  # fmt: skip
        tell(position, "free_months", "LB0635", cause, "write whole periods")
    at = np.flatnonzero(((free != 0) | (column["escalation"] != 0)) & ~broken)
    step = column["escalates_every_months"][at]
    horizon = column["term_months"][at] + column["renewal_months"][at]
    rises = np.where(column["escalation"][at] != 0, np.maximum(horizon - 1, 0) // step, 0)
    lease = np.repeat(at, rises + 1)
    ends = np.cumsum(rises + 1)
    times = np.arange(len(lease)) - np.repeat(ends - rises - 1, rises + 1)
    months = times * np.repeat(step, rises + 1)
    period = np.maximum(-(-months // every[lease]), free[lease] // every[lease])
    amount = all_raised(payment[lease], column["escalation"][lease], times)
    for position in np.unique(lease[amount > AMOUNT_MINOR_MAX]).tolist():
        cause = f"the payment rises beyond the limit of {AMOUNT_MINOR_MAX:,} minor units"
        tell(position, "escalation", "LB0625", cause, "check the rise and how often it happens")
    # Of what falls on one period the last counts.
    kept = np.ones(len(lease), np.bool_)
    kept[:-1] = (lease[1:] != lease[:-1]) | (period[1:] != period[:-1])
    lease, period, amount = lease[kept], period[kept], amount[kept]
    before = np.zeros(len(lease), np.int64)
    before[1:] = np.where(lease[1:] == lease[:-1], amount[:-1], 0)
    new = (period > 0) & (amount != before)
    first = np.where((free != 0) & ~broken, 0, payment)
    return first, (lease[new], period[new], amount[new])
