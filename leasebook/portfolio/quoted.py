"""
Quoted rates as rates per period: exact ratios, each distinct one computed once for all chunks.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import lru_cache
from threading import Lock
from typing import Any

import attrs
import numpy as np

from leasebook.portfolio.terms import ACTUAL_365, RATE_UNIT, UNKNOWN, Ints
from leasebook.reckoning.rates import RATE_CONVENTIONS, day_rates, periodic_rate

#: More days than a period has.
_DAY_ROOM = 367
#: How many days periods of whole months can have.
_LENGTHS = {1: range(28, 32), 3: range(89, 93), 6: range(181, 185), 12: range(365, 367)}
#: Rates that are kept for all chunks before they are begun afresh.
_KEPT = 1 << 17
#: A daily rate to sixty figures, raised to a year, rounds as the exact one does unless it lies
#: nearer to a half than this.
_HALF, _CERTAIN = Decimal("0.5"), Decimal("1e-30")


@attrs.frozen(eq=False)
class Rates:
    """
    Rates per period as exact ratios in lowest terms.

    Attributes:
        numerator: For each row.
        denominator: For each row; 1 where no rate is stated.
        table: First of the rates by days, or -1.
        by_days: All tables.
    """

    numerator: Ints
    denominator: Ints
    table: Ints
    by_days: Ints


def rates(annual: Ints, convention: Ints, every: Ints) -> Rates:
    """
    Quoted rates as rates per period, each distinct one computed once.

    Args:
        annual: Of 10^-15, or `UNKNOWN`.
        convention: Position in `reckoning.rates.RATE_CONVENTIONS`.
        every: Months of a period.

    Example:
        >>> found = rates(np.array([6 * 10**13]), np.array([1]), np.array([1]))
        >>> found.numerator.tolist(), found.denominator.tolist()
        ([1], [200])
    """
    known = annual != UNKNOWN
    key = np.where(known, (annual * 4 + convention) * 16 + every, -1)
    distinct, place = np.unique(key, return_inverse=True)
    numerators, denominators = _proportional(distinct)
    tables = np.full(len(distinct), -1, np.int64)
    others = np.flatnonzero(denominators == 0)
    seen = _seen(distinct[others])
    at = np.searchsorted(seen.key, distinct[others])
    numerators[others], denominators[others] = seen.numerator[at], seen.denominator[at]
    tables[others] = seen.table[at]
    return Rates(numerators[place], denominators[place], tables[place], seen.by_days)


def _proportional(distinct: Ints) -> tuple[Ints, Ints]:
    """Packed rates that are quoted in proportion to time, all at once; others with unit 0."""
    convention = distinct // 16 % 4
    nominal = convention == RATE_CONVENTIONS.index("nominal")
    mine = (nominal | (convention == RATE_CONVENTIONS.index("per-period"))) & (distinct >= 0)
    numerator = distinct // 64 * np.where(nominal, distinct % 16, 1)
    denominator = np.where(nominal, 12 * RATE_UNIT, RATE_UNIT)
    common = np.gcd(numerator, denominator)
    return np.where(mine, numerator // common, 0), np.where(mine, denominator // common, 0)


@attrs.frozen(eq=False)
class _Seen:
    """
    Packed rates that have been computed for any chunk, in their order.

    Attributes:
        key: Rate, convention and period in one.
        numerator: Per period.
        denominator: Of it.
        table: Where the rates by days begin, less the days of the shortest period; or -1.
        by_days: All tables, after as much room as a table may begin before.
    """

    key: Ints
    numerator: Ints
    denominator: Ints
    table: Ints
    by_days: Ints

    def with_more(self, keys: list[int]) -> "_Seen":
        """Some that have not been seen."""
        own = [_rate(key) for key in keys]
        tables = np.full(len(keys), -1, np.int64)
        runs, room = [self.by_days], len(self.by_days)
        for k, (key, rate) in enumerate(zip(keys, own, strict=True)):
            if rate[2]:
                shortest, run = _by_days(key // 64, key % 16)
                tables[k] = room - shortest
                runs.append(run)
                room += len(run)
        columns: list[Any] = [
            np.r_[self.key, np.array(keys, np.int64)],
            np.r_[self.numerator, np.array([rate[0] for rate in own], np.int64)],
            np.r_[self.denominator, np.array([rate[1] for rate in own], np.int64)],
            np.r_[self.table, tables],
        ]
        order = np.argsort(columns[0])
        key, numerator, denominator, table = (column[order] for column in columns)
        return _Seen(key, numerator, denominator, table, np.concatenate(runs))


_NOTHING = np.zeros(0, np.int64)
_NONE_SEEN = _Seen(_NOTHING, _NOTHING, _NOTHING, _NOTHING, np.zeros(_DAY_ROOM, np.int64))
_kept = [_NONE_SEEN]
_one_at_a_time = Lock()


def _seen(keys: Ints) -> _Seen:
    """At least some packed rates; what has been computed once is kept for all chunks."""
    seen = _kept[0]
    fresh = keys[~np.isin(keys, seen.key, assume_unique=True)]
    if not len(fresh):
        return seen
    with _one_at_a_time:
        seen = _kept[0] if len(_kept[0].key) < _KEPT else _NONE_SEEN
        fresh = keys[~np.isin(keys, seen.key, assume_unique=True)]
        _kept[0] = seen.with_more(fresh.tolist())
        return _kept[0]


def _rate(key: int) -> tuple[int, int, bool]:
    """The rate per period of a packed rate, convention and period, and whether it counts days."""
    if key < 0:
        return 0, 1, False
    convention = key // 16 % 4
    quoted = Decimal(key // 64).scaleb(-15)
    rate = periodic_rate(quoted, RATE_CONVENTIONS[convention], key % 16)
    if convention == ACTUAL_365:
        return int(rate * RATE_UNIT), RATE_UNIT, True
    return rate.numerator, rate.denominator, False


def _by_days(annual: int, months: int) -> tuple[int, Ints]:
    """Days of the shortest period of some months, and the rates from there on, day by day."""
    lengths = _LENGTHS.get(months) or range(28 * months, min(31 * months + 1, _DAY_ROOM))
    run = []
    with localcontext() as context:
        context.prec = 60
        daily = _daily_growth(annual)
        grown = daily ** lengths[0]
        for days in lengths:
            scaled = (grown - 1).scaleb(15)
            nearest = scaled.to_integral_value(ROUND_HALF_EVEN)
            certain = abs(abs(scaled - nearest) - _HALF) > _CERTAIN
            run.append(int(nearest) if certain else _of_days(annual, days))
            grown *= daily
    return lengths[0], np.array(run, np.int64)


def _of_days(annual: int, days: int) -> int:
    """The rate over some days, the exact way."""
    begins = date(2023, 1, 1)
    quoted = Decimal(annual).scaleb(-15)
    (rate,) = day_rates(quoted, [begins, begins + timedelta(days=days)])
    return int(rate * RATE_UNIT)


@lru_cache(maxsize=1 << 17)
def _daily_growth(annual: int) -> Decimal:
    """What grows in a day at an effective annual rate over 365 days, to sixty figures."""
    with localcontext() as context:
        context.prec = 60
        return (1 + Decimal(annual).scaleb(-15)) ** (Decimal(1) / 365)
