"""
What the loops are handed: the leases, room to work in, and rows to write.

The columns are arrays where the loops are compiled and lists where they run as they stand.
"""

from collections.abc import MutableSequence, Sequence
from typing import Any, NamedTuple

from leasebook.portfolio import records as r

Ints = Sequence[int]
Written = MutableSequence[int]
Floats = MutableSequence[float]


class Given(NamedTuple):
    """
    The leases.

    Attributes:
        units: Records of units (`records`).
        steps: Pairs of period and payment.
        events: Records of events.
        day_rates: Numerators of rates by days of a period, a run for each annual rate and period.
        month_first: First days of consecutive months, days since 1970-01-01.
        base_month: The first of those months: 12 times the year plus the month less one.
    """

    units: Ints
    steps: Ints
    events: Ints
    day_rates: Ints
    month_first: Ints
    base_month: int


class Room(NamedTuple):
    """
    Room for one unit.

    Attributes:
        state: Of the epoch in force.
        level: Payments before the index.
        due: Payments that are measured.
        beside: Payments beside them.
        dues: Amounts due at start and at the close of each period.
        numerator: Rates.
        one: One number.
        lengths: Of runs of amounts that are the same.
        gone: Days of a period by the end of each month.
        ratio: Of those to the days of the period.
    """

    state: Written
    level: Written
    due: Written
    beside: Written
    dues: Written
    numerator: Written
    one: Written
    lengths: Written
    gone: Written
    ratio: Floats


class Rows(NamedTuple):
    """
    Columns of schedules: amounts of each period, minor units.

    Attributes:
        payment: Due and measured.
        variable: Due beside.
        interest: On the liability or the receivable.
        closing: Liability, receivable or rent prepaid.
        cost: Level cost or income, or profit released.
        reduction: How the asset falls, direct costs spread, or how the residual grows.
    """

    payment: Written
    variable: Written
    interest: Written
    closing: Written
    cost: Written
    reduction: Written


class Ledger(NamedTuple):
    """
    Flows by month.

    Attributes:
        cells: By place, flow and month.
        reached: By place, flow that accrues by days (`records.BY_DAYS`) and month.
        slots: Place by 8 times a unit's slot plus the schedule.
        months: How many there are; 0 for no ledger.
    """

    cells: Written
    reached: Written
    slots: Ints
    months: int


def window(column: Any, first: int, rows: int) -> Any:
    """
    Some rows of a column, to be read and written from 0; of an array, as it is compiled.

    Args:
        column: An array; `Window` takes this function's place where columns are lists.
        first: The first row.
        rows: How many.
    """
    return column[first : first + rows]


class Window:
    """Some rows of a list, to be read and written from 0."""

    def __init__(self, column: list[int], first: int, rows: int) -> None:
        """Rows from the first one on; nobody reads beyond them."""
        del rows
        self.column = column
        self.first = first

    def __getitem__(self, row: int) -> int:
        """One number."""
        return self.column[self.first + row]

    def __setitem__(self, row: int, amount: int) -> None:
        """One number written."""
        self.column[self.first + row] = amount


def part_of(rows: Rows, first: int, count: int) -> Rows:
    """Some rows of all columns."""
    return Rows(
        window(rows.payment, first, count),
        window(rows.variable, first, count),
        window(rows.interest, first, count),
        window(rows.closing, first, count),
        window(rows.cost, first, count),
        window(rows.reduction, first, count),
    )


def unit_of(u: int, given: Given) -> Ints:
    """The record of a unit."""
    record: Ints = window(given.units, u * r.UNIT, r.UNIT)
    return record


def event_of(e: int, given: Given) -> Ints:
    """The record of an event."""
    record: Ints = window(given.events, e * r.EVENT, r.EVENT)
    return record


def epoch_of(e: int, epochs: Any) -> Any:
    """The record of an epoch."""
    return window(epochs, e * r.EPOCH, r.EPOCH)


def copied(source: Ints, count: int, target: Written) -> None:
    """Some numbers from the beginning of one column to the beginning of another."""
    for k in range(count):
        target[k] = source[k]


def emptied(column: Written, count: int) -> None:
    """Zeros at the beginning of a column."""
    for k in range(count):
        column[k] = 0


def summed(column: Ints, count: int) -> int:
    """The sum of the numbers at the beginning of a column."""
    total = 0
    for k in range(count):
        total += column[k]
    return total
