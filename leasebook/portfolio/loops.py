"""
The loops with the room they need, compiled where that pays, and the exact way beside them.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import attrs
import numpy as np

from leasebook.portfolio import records as r
from leasebook.portfolio.course import commence, dues_of, happen, rates_of
from leasebook.portfolio.frame import Frame
from leasebook.portfolio.given import Given, Ledger, Room, Rows, Window
from leasebook.portfolio.probe import ANSWER, QUESTION, probe
from leasebook.portfolio.run import run
from leasebook.portfolio.terms import Ints
from leasebook.reckoning.compiled import compiled, exactly
from leasebook.reckoning.exact import exact_rate, exact_value, exactly_settled

Loop = Callable[..., Any]

#: What is taken in place of an array's part where columns are lists, and on the exact way.
_ON_LISTS: Mapping[str, Loop] = {"window": Window}
_EXACT: Mapping[str, Loop] = {
    **_ON_LISTS,
    "near_value": exact_value,
    "settled": exactly_settled,
    "near_rate": exact_rate,
}


#: Lines of a place: flows, and those of them that accrue by days.
_LINES = (r.LEDGER_FLOWS, r.BY_DAYS)


@cache
def _plain(loop: Loop, *, exact: bool) -> Loop:
    return exactly(loop, _EXACT if exact else _ON_LISTS)


def _any(column: Any) -> Any:
    """An array or a list, which the loops read alike."""
    return column


def columns_of(rows: int) -> Rows:
    """Room for some rows."""
    made: list[Any] = [np.zeros(rows, np.int64) for _ in Rows._fields]
    return Rows(*made)


@attrs.frozen(eq=False)
class Machine:
    """
    A frame as the loops read it: arrays where they are compiled, else lists.

    Attributes:
        frame: The units.
        fast: Whether the loops are compiled.
        given: The units for the loops.
    """

    frame: Frame
    fast: bool
    given: Given

    @classmethod
    def of(cls, frame: Frame, *, fast: bool) -> "Machine":
        """A frame for one way of running."""
        arrays = (
            frame.units.reshape(-1), frame.steps, frame.events.reshape(-1), frame.day_rates,
            frame.month_first,
        )  # fmt: skip
        units, steps, events, by_days, months = (_any(a if fast else a.tolist()) for a in arrays)
        given = Given(units, steps, events, by_days, months, frame.base_month)
        return cls(frame, fast, given)

    def loop(self, function: Loop, *, exact: bool = False) -> Loop:
        """A plain function as it runs here."""
        if self.fast:
            return compiled(function)
        return _plain(function, exact=exact)

    def room(self) -> Room:
        """Room for one unit."""
        longest, months = self.frame.longest, len(self.frame.month_first)
        after = longest + 1
        sizes = (r.STATE, *[longest] * 3, after, after, 1, after, months)
        columns: list[Any] = [self.array(np.zeros(size, np.int64)) for size in sizes]
        columns.append(self.array(np.zeros(months)))
        return Room(*columns)

    def array(self, values: Any) -> Any:
        """Numbers as the loops read them."""
        return values if self.fast else values.tolist()


def answered(frame: Frame, questions: Ints, *, fast: bool) -> tuple[Ints, Any]:
    """
    The answers of `probe`, decided exactly where a bound does not do.

    Args:
        frame: The units.
        questions: One row for each question.
        fast: Whether the loops are compiled.

    Returns:
        Whole numbers, one row for each question; below and above two values.
    """
    answers, bounds = _probed(Machine.of(frame, fast=fast), questions, exact=False)
    doubtful = np.flatnonzero((answers[:, 2] == 1) | (answers[:, 3] == 1))
    if len(doubtful):
        exact = Machine.of(frame, fast=False)
        found = _probed(exact, questions[doubtful], exact=True)
        answers[doubtful], bounds[doubtful] = found
    return answers, bounds


def _probed(machine: Machine, questions: Ints, *, exact: bool) -> tuple[Ints, Any]:
    count = len(questions)
    answers = machine.array(np.zeros(count * ANSWER, np.int64))
    bounds: Any = np.zeros(count * 4)
    bounds = bounds if machine.fast else bounds.tolist()
    asked = machine.array(np.ascontiguousarray(questions.reshape(-1)))
    machine.loop(probe, exact=exact)(asked, machine.given, machine.room(), answers, bounds)
    return (
        np.asarray(answers, np.int64).reshape(count, ANSWER),
        np.asarray(bounds, np.float64).reshape(count, 4),
    )


def position(
    frame: Frame, unit: int, event: int, final: int
) -> tuple[list[int], list[int], int, int, int]:
    """
    What is due from commencement or an event on.

    Args:
        frame: The units.
        unit: Position.
        event: Position of the event, or -1.
        final: Due with the last payment, minor units.

    Returns:
        Amounts due at start and at each close; rates, 1 where each period has its own, and their
        denominator; what is paid by the start.
    """
    only = attrs.evolve(frame, units=frame.units[unit : unit + 1])
    machine = Machine.of(only, fast=False)
    given, room = machine.given, machine.room()
    paid = given.units[r.PREPAID] + commence(0, given, room)
    if event >= 0:
        paid = 0
        for e in range(given.units[r.EVENT_FIRST], event + 1):
            happen(0, e, given, room)
    step, periods = rates_of(0, given, room), room.state[r.S_PERIODS]
    dues_of(periods, given.units[r.ADVANCE], final, room)
    dues, numerator = list(room.dues[: periods + 1]), list(room.numerator)
    return dues, numerator, step, room.state[r.S_DENOMINATOR], paid


def question(units: Ints, events: Ints | None = None) -> Ints:
    """
    Questions about units, nothing asked yet.

    Args:
        units: Positions.
        events: Positions of events, if it is not commencement.
    """
    made = np.zeros((len(units), QUESTION), np.int64)
    made[:, 0] = units
    made[:, 1] = -1 if events is None else events
    return made


@attrs.frozen(eq=False)
class Ledgers:
    """
    Where flows by month go.

    Attributes:
        slots: Place by 8 times a unit's slot plus the schedule.
        kinds: The schedule of each place; of none for no ledger.
        months: Of each.
    """

    slots: Ints
    kinds: Ints
    months: int


#: No ledger: schedules alone.
NOWHERE = Ledgers(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)


@attrs.frozen(eq=False)
class Walked:
    """
    What `run` writes.

    Attributes:
        rows: Columns; some rows between units may be unused.
        epochs: Records, likewise.
        row_first: First row of each unit chosen.
        epoch_first: First epoch of each.
        counts: Epochs and rows of each.
        trouble: For each unit chosen.
        opening: Two balances for each unit chosen.
        ledger: By place, flow and month.
    """

    rows: Rows
    epochs: Ints
    row_first: Ints
    epoch_first: Ints
    counts: Ints
    trouble: Ints
    opening: Ints
    ledger: Ints


def walked(
    frame: Frame,
    chosen: Ints,
    *,
    fast: bool,
    into: Ledgers = NOWHERE,
    kept: bool = True,
    room: Rows | None = None,
) -> Walked:
    """
    Some units walked; those that a bound does not decide are walked exactly.

    Args:
        frame: The units.
        chosen: Positions of units.
        fast: Whether the loops are compiled.
        into: The ledger that flows are added to.
        kept: Whether rows and epochs of all units are kept, and not of one at a time.
        room: Columns to write into, if there are any that are long enough.
    """
    made = _walked(Machine.of(frame, fast=fast), chosen, into, room, kept=kept, exact=False)
    doubtful = np.flatnonzero(made.trouble & r.DOUBT != 0)
    if len(doubtful):
        again = Machine.of(frame, fast=False)
        other = _walked(again, chosen[doubtful], into, None, kept=kept, exact=True)
        if kept:
            _put(made, other, doubtful)
        made.trouble[doubtful] = other.trouble
        made.opening[doubtful] = other.opening
        made.ledger[:] += other.ledger
    return made


def _put(made: Walked, other: Walked, places: Ints) -> None:
    """Schedules that were walked exactly, in the place of those that were not decided."""
    for k, place in enumerate(places.tolist()):
        to, source = int(made.row_first[place]), int(other.row_first[k])
        rows = int(other.counts[k, 1])
        for column, exact in zip(made.rows, other.rows, strict=True):
            column[to : to + rows] = exact[source : source + rows]
        first, at = int(made.epoch_first[place]), int(other.epoch_first[k])
        epochs = int(other.counts[k, 0])
        moved = other.epochs[at : at + epochs].copy()
        moved[:, r.FIRST_ROW] += to - source
        made.epochs[first : first + epochs] = moved
        made.counts[place] = other.counts[k]


def _walked(
    machine: Machine,
    chosen: Ints,
    into: Ledgers,
    room: Rows | None,
    *,
    kept: bool,
    exact: bool,
) -> Walked:
    frame, count = machine.frame, len(chosen)
    row_first, rows_needed = _places(frame.rows[chosen], kept=kept)
    epoch_first, epochs_needed = _places(frame.epochs[chosen], kept=kept)
    rows = room or columns_of(rows_needed)
    wide = len(into.kinds) * into.months
    cells, reached = (machine.array(np.zeros(n * wide, np.int64)) for n in _LINES)
    sizes = (epochs_needed * r.EPOCH, 2 * count, 2 * count, count)
    epochs, opening, counts, trouble = (machine.array(np.empty(size, np.int64)) for size in sizes)
    held: list[Any] = list(rows)
    columns = rows if machine.fast else Rows(*(column.tolist() for column in held))
    machine.loop(run, exact=exact)(
        machine.array(chosen), machine.array(row_first), machine.array(epoch_first),
        machine.given, machine.room(), columns, epochs,
        Ledger(cells, reached, machine.array(into.slots), into.months), opening, counts, trouble,
    )  # fmt: skip
    if not machine.fast:
        back: list[Any] = [np.asarray(column, np.int64) for column in columns]
        rows = Rows(*back)
    written = (epochs, counts, trouble, opening, cells, reached)
    epochs, counts, trouble, opening, cells, reached = (np.asarray(c, np.int64) for c in written)
    if into.months:
        _settle(cells, reached, into)
    return Walked(
        rows, epochs.reshape(-1, r.EPOCH), row_first, epoch_first, counts.reshape(-1, 2), trouble,
        opening.reshape(-1, 2), cells,
    )  # fmt: skip


def _settle(cells: Ints, reached: Ints, into: Ledgers) -> None:
    """What is reached by the ends of months becomes what falls to each of them."""
    table = cells.reshape(len(into.kinds), r.LEDGER_FLOWS, into.months)
    accrues = table[:, r.INTEREST_FLOW : r.REDUCTION_FLOW + 1]
    by_end = reached.reshape(accrues.shape)
    operating = into.kinds == r.OPERATING
    by_end[operating, 2] = by_end[operating, 1] - by_end[operating, 0]
    accrues += by_end
    accrues[..., 1:] -= by_end[..., :-1]


def _places(sizes: Ints, *, kept: bool) -> tuple[Ints, int]:
    """Where each unit's records begin, and how many there are in all."""
    if not kept:
        return np.zeros(len(sizes), np.int64), int(sizes.max(initial=0)) + 1
    ends = np.cumsum(sizes)
    return ends - sizes, int(ends[-1]) if len(sizes) else 0
