"""
Quoted rates as rates per period: exact ratios, each distinct one computed once for all chunks.
"""

from datetime import date, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

import attrs
import numpy as np

from leasebook.portfolio.terms import ACTUAL_365, RATE_UNIT, UNKNOWN, Ints
from leasebook.reckoning.compiled import compiled
from leasebook.reckoning.growth import grown_each
from leasebook.reckoning.rates import RATE_CONVENTIONS, day_rates, periodic_rate

#: More days than a period has.
_DAY_ROOM = 367
#: Months of the longest period.
_MONTHS = 12
#: How many days periods of whole months can have.
_LENGTHS = {1: range(28, 32), 3: range(89, 93), 6: range(181, 185), 12: range(365, 367)}
#: Rates that are kept for all chunks before they are begun afresh.
_KEPT = 1 << 17
#: Fewer rates than this are not worth a compiler's start.
_COMPILED_FROM = 500


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

    def with_more(self, keys: Ints) -> "_Seen":
        """Some that have not been seen."""
        known = keys >= 0
        annual, by_days = keys // 64, known & (keys // 16 % 4 == ACTUAL_365)
        common = np.gcd(keys % 16, 12)
        rate = np.zeros(len(keys), np.int64)
        rate[known] = _grown(annual[known], (12 // common)[known], (keys % 16 // common)[known])
        unit = np.where(known, RATE_UNIT, 1)
        # Rates of days share the unit with those of periods.
        shared = np.where(by_days, 1, np.gcd(rate, unit))
        tables, runs = _by_days(annual[by_days], keys[by_days] % 16, len(self.by_days))
        table = np.full(len(keys), -1, np.int64)
        table[by_days] = tables
        columns: list[Any] = [
            np.r_[self.key, keys],
            np.r_[self.numerator, rate // shared],
            np.r_[self.denominator, unit // shared],
            np.r_[self.table, table],
        ]
        order = np.argsort(columns[0])
        key, numerator, denominator, table = (column[order] for column in columns)
        return _Seen(key, numerator, denominator, table, np.r_[self.by_days, runs])


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
        _kept[0] = seen.with_more(fresh)
        return _kept[0]


def _by_days(annual: Ints, months: Ints, place: int) -> tuple[Ints, Ints]:
    """
    Rates day by day from the shortest period of some months on, one run after another.

    Returns:
        Where each run begins from a place on, less the days of the shortest period; and the runs.
    """
    shortest, longest = np.zeros((2, _MONTHS + 1), np.int64)
    for every in range(1, _MONTHS + 1):
        lengths = _LENGTHS.get(every) or range(28 * every, min(31 * every + 1, _DAY_ROOM))
        shortest[every], longest[every] = lengths[0], lengths[-1]
    counts = (longest - shortest)[months] + 1
    ends = np.cumsum(counts)
    days = np.arange(counts.sum()) - np.repeat(ends - counts - shortest[months], counts)
    runs = _grown(np.repeat(annual, counts), np.full(len(days), 365), days)
    return place + ends - counts - shortest[months], runs


def _grown(annual: Ints, whole: Ints, parts: Ints) -> Ints:
    """What grows in parts of a year, of 10^-15; the exact way where a bound does not decide."""
    nothing = np.zeros(len(annual), np.int64)
    columns: list[Any] = [annual, whole, parts, nothing.copy(), nothing.copy()]
    if len(annual) >= _COMPILED_FROM:
        compiled(grown_each)(*columns)
    else:
        columns = [column.tolist() for column in columns]
        grown_each(*columns)
    found, doubt = (np.asarray(column, np.int64) for column in columns[3:])
    for k in np.flatnonzero(doubt).tolist():
        quoted = Decimal(int(annual[k])).scaleb(-15)
        if whole[k] == 365:
            begins = date(2023, 1, 1)
            (rate,) = day_rates(quoted, [begins, begins + timedelta(days=int(parts[k]))])
        else:
            rate = periodic_rate(quoted, "effective-annual", int(12 // whole[k] * parts[k]))
        found[k] = int(rate * RATE_UNIT)
    return found
