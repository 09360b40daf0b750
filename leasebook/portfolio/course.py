"""
The course of one unit: its payments at commencement, and what each event makes of them.

The same steps as `measure.lease_course` takes for a lease of a deal, on flat records.
"""

from collections.abc import MutableSequence, Sequence
from typing import Any

from leasebook.portfolio.records import (
    ADVANCE,
    AMOUNT,
    AT,
    DAY,
    DAY_ONE,
    DAY_RATES,
    DENOMINATOR,
    ENDED,
    EVENT,
    EVENT_FIRST,
    EVENT_LAST,
    EVERY,
    EXTENDED,
    GUARANTEE,
    IMPAIRED,
    INDEX,
    INDEX_CHANGED,
    INTERNATIONAL,
    KIND,
    LEFT,
    LESSOR_SIDE,
    LEVEL,
    MONTH,
    NUMERATOR,
    OWNED,
    PAYMENT,
    PERIODS,
    PRICE,
    RATE_DAYS,
    RATE_DENOMINATOR,
    RATE_NUMERATOR,
    REASSESSED,
    REMEASURED,
    RENEWAL_PAYMENT,
    RENEWED_FROM,
    RENT_CHANGED,
    RESIDUAL,
    S_BEGAN,
    S_CHANGE,
    S_DAY_RATES,
    S_DENOMINATOR,
    S_FINAL_BEFORE,
    S_INDEX,
    S_KIND,
    S_LEVEL_AT,
    S_NUMERATOR,
    S_OLD_PERIODS,
    S_OWNED,
    S_PENALTY,
    S_PERIODS,
    S_PRICE,
    S_RESIDUAL,
    S_SAME,
    S_SHARE,
    S_WRITE_DOWN,
    SCOPE_CUT,
    SCOPE_REDUCED,
    SHARE,
    STEP_FIRST,
    STEP_LAST,
    TERM_CUT,
    TERM_REDUCED,
    TERMINATED,
    UNIT,
    WHAT,
)
from leasebook.portfolio.terms import RATE_UNIT, UNKNOWN
from leasebook.reckoning.rounding import scale

Ints = Sequence[int]
Room = MutableSequence[int]


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


def commence(
    u: int, units: Ints, steps: Ints, state: Room, level: Room, due: Room, beside: Room
) -> int:
    """
    The payments and the state of a unit at commencement.

    Args:
        u: Position of the unit.
        units: Records of units.
        steps: Pairs of period and payment.
        state: Written.
        level: Payments before the index, written.
        due: Payments that are measured, written.
        beside: Payments beside them, written.

    Returns:
        The rent of the first day that is kept out of the balances, minor units.
    """
    base = u * UNIT
    periods = units[base + PERIODS]
    amount = units[base + PAYMENT]
    begins = 0
    for step in range(units[base + STEP_FIRST], units[base + STEP_LAST]):
        ends = max(begins, min(steps[2 * step], periods))
        for k in range(begins, ends):
            due[k] = amount
        amount = steps[2 * step + 1]
        begins = ends
    for k in range(begins, periods):
        due[k] = amount
    for k in range(units[base + RENEWED_FROM], periods):
        due[k] = units[base + RENEWAL_PAYMENT]
    day_one = 0
    if units[base + DAY_ONE] and units[base + ADVANCE]:
        day_one = due[0]
        due[0] = 0
    if units[base + EVENT_FIRST] < units[base + EVENT_LAST]:
        for k in range(periods):
            level[k] = due[k]
    for k in range(periods):
        beside[k] = 0
    state[S_PERIODS] = periods
    state[S_BEGAN] = 0
    state[S_NUMERATOR] = units[base + NUMERATOR]
    state[S_DENOMINATOR] = units[base + DENOMINATOR]
    state[S_DAY_RATES] = units[base + DAY_RATES]
    state[S_RESIDUAL] = units[base + RESIDUAL]
    state[S_PRICE] = units[base + PRICE]
    state[S_OWNED] = units[base + OWNED]
    state[S_LEVEL_AT] = units[base + INDEX]
    state[S_INDEX] = units[base + INDEX]
    state[S_KIND] = units[base + KIND]
    _plain(state)
    state[S_FINAL_BEFORE] = 0
    state[S_OLD_PERIODS] = 0
    return day_one


def _plain(state: Room) -> None:
    """No change but a remeasurement, until an event says otherwise."""
    state[S_CHANGE] = REMEASURED
    state[S_SHARE] = RATE_UNIT
    state[S_PENALTY] = 0
    state[S_WRITE_DOWN] = 0
    state[S_SAME] = 1


def nothing_happens(u: int, e: int, units: Ints, events: Ints) -> bool:
    """
    Whether an event begins no epoch: what a lessor does not reassess, and a cut of nothing.

    Source: IFRS 16.21; ASC 842-10-35-3.
    """
    base = e * EVENT
    what = events[base + WHAT]
    if units[u * UNIT + LESSOR_SIDE] and (what == GUARANTEE or what == IMPAIRED):  # noqa: PLR1714
        return True
    return (
        what == SCOPE_REDUCED
        and events[base + SHARE] == RATE_UNIT
        and events[base + AMOUNT] == UNKNOWN
        and events[base + RATE_DENOMINATOR] == 0
    )


def possible(u: int, e: int, units: Ints, events: Ints, state: Ints) -> bool:
    """
    Whether an event has what its kind needs, and lies within the term that is expected.

    Args:
        u: Position of the unit.
        e: Position of the event.
        units: Records of units.
        events: Records of events.
        state: Of the epoch in force.
    """
    base = e * EVENT
    what = events[base + WHAT]
    live = events[base + AT] - state[S_BEGAN]
    if live < 0 or live > state[S_PERIODS] or events[base + AT] < 1 or state[S_CHANGE] == ENDED:
        return False
    amount = events[base + AMOUNT] != UNKNOWN
    if what == INDEX_CHANGED:
        return units[u * UNIT + INDEX] > 0 and events[base + LEVEL] > 0
    if what == SCOPE_REDUCED:
        if not 0 <= events[base + SHARE] <= RATE_UNIT:
            return False
    elif not amount:
        return False
    if what == REASSESSED and units[u * UNIT + LESSOR_SIDE]:
        return False
    left = events[base + LEFT]
    if left < 0:
        left = state[S_PERIODS] - live
    return what == TERMINATED or left > 0


def happen(
    u: int, e: int, units: Ints, events: Ints, state: Room, level: Room, due: Room, beside: Room
) -> int:
    """
    What an event makes of the payments that are left; the state becomes that of its epoch.

    Source: ASC 842-10-25-11 to 25-13, 842-10-35-4, 842-20-35-4, 842-20-35-5; IFRS 16.39 to 16.46.

    Args:
        u: Position of the unit.
        e: Position of the event.
        units: Records of units.
        events: Records of events.
        state: Of the epoch in force, rewritten.
        level: Payments before the index, moved to the new start.
        due: Payments that are measured, likewise.
        beside: Payments beside them, likewise.

    Returns:
        Periods of the epoch before that have been lived.
    """
    base = e * EVENT
    what, amount = events[base + WHAT], events[base + AMOUNT]
    live = events[base + AT] - state[S_BEGAN]
    left = state[S_PERIODS] - live
    international = units[u * UNIT + INTERNATIONAL]
    lessor = units[u * UNIT + LESSOR_SIDE]
    _plain(state)
    state[S_OLD_PERIODS] = state[S_PERIODS]
    state[S_FINAL_BEFORE] = state[S_RESIDUAL] + state[S_PRICE]
    for k in range(left):
        level[k] = level[k + live]
        due[k] = due[k + live]
        beside[k] = beside[k + live]
    listed = EXTENDED <= what <= TERM_REDUCED or (what == SCOPE_REDUCED and amount != UNKNOWN)
    if what == INDEX_CHANGED:
        state[S_INDEX] = events[base + LEVEL]
        if international and not lessor:
            _at_index(left, state, level, due, beside)
        else:
            for k in range(left):
                beside[k] = scale(level[k], state[S_INDEX], state[S_LEVEL_AT]) - due[k]
    elif what == RENT_CHANGED or listed:
        if events[base + LEFT] >= 0:
            _keep(state, left == events[base + LEFT])
            left = events[base + LEFT]
        for k in range(left):
            level[k] = amount
        state[S_LEVEL_AT] = state[S_INDEX]
        _at_index(left, state, level, due, beside)
    elif what == SCOPE_REDUCED:
        for k in range(left):
            level[k] = scale(level[k], events[base + SHARE], RATE_UNIT)
        _at_index(left, state, level, due, beside)
    elif what == GUARANTEE:
        _at_index(left, state, level, due, beside)
        _keep(state, state[S_RESIDUAL] == amount)
        state[S_RESIDUAL] = amount
    elif what == IMPAIRED:
        state[S_WRITE_DOWN] = amount
        _keep(state, amount == 0)
    elif what == TERMINATED:
        left = 0
        state[S_CHANGE] = ENDED
        state[S_PENALTY] = amount
        state[S_RESIDUAL] = 0
        state[S_PRICE] = 0
        state[S_OWNED] = 0
        state[S_SAME] = 0
    _cut(what, international, lessor, events[base + SHARE], state)
    if events[base + RATE_DENOMINATOR]:
        _new_rate(base, events, state)
    state[S_PERIODS] = left
    state[S_BEGAN] = events[base + AT]
    return live


def _at_index(left: int, state: Room, level: Room, due: Room, beside: Room) -> None:
    """Measured payments become what really falls due, at the index in force."""
    for k in range(left):
        indexed = scale(level[k], state[S_INDEX], state[S_LEVEL_AT])
        if indexed != due[k]:
            state[S_SAME] = 0
        due[k] = indexed
        beside[k] = 0


def _keep(state: Room, same: bool) -> None:  # noqa: FBT001 - a loop's function
    if not same:
        state[S_SAME] = 0


def _cut(what: int, international: int, lessor: int, share: int, state: Room) -> None:
    """What of the right of use is given up."""
    if what == SCOPE_REDUCED:
        state[S_CHANGE] = SCOPE_CUT
        state[S_SHARE] = share
        state[S_RESIDUAL] = scale(state[S_RESIDUAL], share, RATE_UNIT)
        state[S_SAME] = 0
    elif what == TERM_REDUCED and international and not lessor:
        state[S_CHANGE] = TERM_CUT
        state[S_SAME] = 0


def _new_rate(base: int, events: Ints, state: Room) -> None:
    # Rates are in lowest terms.
    same = (
        state[S_NUMERATOR] == events[base + RATE_NUMERATOR]
        and state[S_DENOMINATOR] == events[base + RATE_DENOMINATOR]
        and state[S_DAY_RATES] == events[base + RATE_DAYS]
    )
    _keep(state, same)
    state[S_NUMERATOR] = events[base + RATE_NUMERATOR]
    state[S_DENOMINATOR] = events[base + RATE_DENOMINATOR]
    state[S_DAY_RATES] = events[base + RATE_DAYS]


def day_of(months: int, day: int, month_first: Ints, base_month: int) -> int:
    """
    A day of a month, or the month's last if it lacks the day; days since 1970-01-01.

    Args:
        months: 12 times the year plus the month less one.
        day: Of the month, from 1.
        month_first: First days of consecutive months.
        base_month: The first of those months.
    """
    first = month_first[months - base_month]
    length = month_first[months - base_month + 1] - first
    return first + min(day, length) - 1


def rates_of(
    u: int,
    units: Ints,
    state: Ints,
    day_rates: Ints,
    month_first: Ints,
    base_month: int,
    numerator: Room,
) -> int:
    """
    The rates of an epoch's periods.

    Args:
        u: Position of the unit.
        units: Records of units.
        state: Of the epoch.
        day_rates: Numerators by days of a period, one run of 367 for each annual rate.
        month_first: First days of consecutive months, days since 1970-01-01.
        base_month: The first of those months.
        numerator: Written: one rate, or one for each period.

    Returns:
        1 where each period has its own rate, else 0.
    """
    table = state[S_DAY_RATES]
    numerator[0] = state[S_NUMERATOR]
    if table < 0:
        return 0
    base = u * UNIT
    month, day, every = units[base + MONTH], units[base + DAY], units[base + EVERY]
    begins = day_of(month + every * state[S_BEGAN], day, month_first, base_month)
    for k in range(state[S_PERIODS]):
        ends = day_of(month + every * (state[S_BEGAN] + k + 1), day, month_first, base_month)
        numerator[k] = day_rates[table + ends - begins]
        begins = ends
    return 1


def dues_of(periods: int, advance: int, due: Ints, final: int, dues: Room) -> None:
    """
    What is due at start and at the close of each period.

    Args:
        periods: How many.
        advance: 1 in advance, 0 in arrears.
        due: Payments, one for each period.
        final: Due with the last of them at the end.
        dues: Written, one more than there are periods.
    """
    dues[0] = 0
    dues[periods] = 0
    if advance:
        for k in range(periods):
            dues[k] = due[k]
    else:
        for k in range(periods):
            dues[k + 1] = due[k]
    dues[periods] += final
