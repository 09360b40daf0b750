"""
The course of one unit: its payments at commencement, and what each event makes of them.

The same steps as `measure.lease_course` takes for a lease of a deal, on flat records.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.given import (
    Given,
    Ints,
    Room,
    Rows,
    Written,
    copied,
    event_of,
    unit_of,
)
from leasebook.portfolio.state import as_it_was, cut, keep, new_rate, over
from leasebook.portfolio.terms import RATE_UNIT, UNKNOWN
from leasebook.reckoning.places import counted
from leasebook.reckoning.rounding import scale, scale_by


def commence(u: int, given: Given, room: Room) -> int:
    """
    The payments and the state of a unit at commencement.

    Args:
        u: Position of the unit.
        given: The leases.
        room: Written.

    Returns:
        The rent of the first day that is kept out of the balances, minor units.
    """
    unit, steps, due, state = unit_of(u, given), given.steps, room.due, room.state
    periods = unit[r.PERIODS]
    amount = unit[r.PAYMENT]
    begins = 0
    for step in range(unit[r.STEP_FIRST], unit[r.STEP_LAST]):
        ends = max(begins, min(steps[2 * step], periods))
        _fill(due, begins, ends, amount)
        amount = steps[2 * step + 1]
        begins = ends
    _fill(due, begins, periods, amount)
    _fill(due, unit[r.RENEWED_FROM], periods, unit[r.RENEWAL_PAYMENT])
    day_one = 0
    if unit[r.DAY_ONE] and unit[r.ADVANCE]:
        day_one = due[0]
        due[0] = 0
    if unit[r.EVENT_FIRST] < unit[r.EVENT_LAST]:
        copied(due, periods, room.level)
    state[r.S_BESIDE] = 0
    later, at = unit[r.INCENTIVE_LATER], unit[r.INCENTIVE_AT]
    if later and 0 <= at < periods:
        if at == 0 and unit[r.DAY_ONE] and unit[r.ADVANCE]:
            day_one -= later
        else:
            due[at] -= later
    state[r.S_INCENTIVE] = later
    state[r.S_INCENTIVE_IN] = at
    state[r.S_PERIODS] = periods
    state[r.S_BEGAN] = 0
    state[r.S_NUMERATOR] = unit[r.NUMERATOR]
    state[r.S_DENOMINATOR] = unit[r.DENOMINATOR]
    state[r.S_DAY_RATES] = unit[r.DAY_RATES]
    state[r.S_RESIDUAL] = unit[r.RESIDUAL]
    state[r.S_PRICE] = unit[r.PRICE]
    state[r.S_OWNED] = unit[r.OWNED]
    state[r.S_LEVEL_AT] = unit[r.INDEX]
    state[r.S_INDEX] = unit[r.INDEX]
    state[r.S_KIND] = unit[r.KIND]
    state[r.S_FINAL_BEFORE] = 0
    state[r.S_OLD_PERIODS] = 0
    as_it_was(state)
    return day_one


def _fill(column: Written, first: int, after: int, amount: int) -> None:
    for k in range(max(0, first), after):
        column[counted(k)] = amount


def _nothing_happens(u: int, e: int, given: Given) -> bool:
    """
    Whether an event begins no epoch: what a lessor does not reassess, and a cut of nothing.

    Source: IFRS 16.21; ASC 842-10-35-3.
    """
    event = event_of(e, given)
    what = event[r.WHAT]
    if what >= r.PAYMENT_MADE:
        return True
    if unit_of(u, given)[r.LESSOR_SIDE]:
        return what in (r.GUARANTEE, r.IMPAIRED)
    return (
        what == r.SCOPE_REDUCED
        and event[r.SHARE] == RATE_UNIT
        and event[r.AMOUNT] == UNKNOWN
        and event[r.RATE_DENOMINATOR] == 0
    )


def fall_due(live: int, room: Room, part: Rows) -> None:
    """What falls due in the periods that are lived, written."""
    due, payment, variable = room.due, part.payment, part.variable
    if room.state[r.S_BESIDE]:
        copied(due, live, payment)
        copied(room.beside, live, variable)
        return
    for k in range(live):
        payment[k] = due[k]
        variable[k] = 0


def lived(u: int, event: int, given: Given, state: Ints) -> tuple[int, int, int]:
    """
    How many periods of an epoch are lived, whether the lease runs out in it, and what ends it.

    Args:
        u: Position of the unit.
        event: The first event that is still to come.
        given: The leases.
        state: Of the epoch.

    Returns:
        Periods; 1 if nothing is left after them; position of the event that begins the next epoch.
    """
    last = unit_of(u, given)[r.EVENT_LAST]
    while event < last and _nothing_happens(u, event, given):
        event += 1
    periods = state[r.S_PERIODS]
    if event == last:
        return periods, 1, event
    live = event_of(event, given)[r.AT] - state[r.S_BEGAN]
    final = state[r.S_RESIDUAL] + state[r.S_PRICE]
    ends = 1 if live == periods and final == 0 else 0
    return min(max(live, 0), periods), ends, event


def possible(u: int, e: int, given: Given, state: Ints) -> bool:
    """
    Whether an event has what its kind needs, and lies within the term that is expected.

    Args:
        u: Position of the unit.
        e: Position of the event.
        given: The leases.
        state: Of the epoch in force.
    """
    event, unit = event_of(e, given), unit_of(u, given)
    what = event[r.WHAT]
    if what >= r.PAYMENT_MADE:
        return True
    live = event[r.AT] - state[r.S_BEGAN]
    left = event[r.LEFT]
    if left < 0:
        left = state[r.S_PERIODS] - live
    within = 0 <= live <= state[r.S_PERIODS] and event[r.AT] >= 1
    if not within or state[r.S_CHANGE] == r.ENDED or (left <= 0 and what != r.TERMINATED):
        return False
    if what == r.INDEX_CHANGED:
        return unit[r.INDEX] > 0 and event[r.LEVEL] > 0
    if what == r.SCOPE_REDUCED:
        # What is left of an incentive after several cuts is not rounded once.
        cut = state[r.S_INCENTIVE] not in (0, unit[r.INCENTIVE_LATER])
        return not cut and 0 <= event[r.SHARE] <= RATE_UNIT
    lessor = unit[r.LESSOR_SIDE] == 1
    if lessor and what in (r.REASSESSED, r.PURCHASE_REASSESSED):
        return False
    if what == r.PURCHASE_REASSESSED and event[r.CERTAIN] == 0:
        return True
    if what == r.PURCHASE_REASSESSED and event[r.CERTAIN] != 1:
        return False
    if what == r.RIGHT_ADDED and event[r.LEFT] < 0:
        return True
    return event[r.AMOUNT] != UNKNOWN


def happen(u: int, e: int, given: Given, room: Room) -> None:
    """
    What an event makes of the payments that are left; the state becomes that of its epoch.

    Source: ASC 842-10-25-11 to 25-13, 842-10-35-4, 842-20-35-4, 842-20-35-5; IFRS 16.39 to 16.46.

    Args:
        u: Position of the unit.
        e: Position of the event.
        given: The leases.
        room: State and payments, rewritten.
    """
    event, state = event_of(e, given), room.state
    what, amount = event[r.WHAT], event[r.AMOUNT]
    if what >= r.PAYMENT_MADE:
        return
    live = event[r.AT] - state[r.S_BEGAN]
    left = state[r.S_PERIODS] - live
    abroad = unit_of(u, given)[r.INTERNATIONAL]
    lessee = unit_of(u, given)[r.LESSOR_SIDE] == 0
    as_it_was(state)
    state[r.S_OLD_PERIODS] = state[r.S_PERIODS]
    state[r.S_FINAL_BEFORE] = state[r.S_RESIDUAL] + state[r.S_PRICE]
    _gone(live, left, room)
    state[r.S_INCENTIVE_IN] -= live
    listed = r.EXTENDED <= what <= r.TERM_REDUCED or what == r.RENT_CHANGED
    if listed or (what in (r.SCOPE_REDUCED, r.RIGHT_ADDED) and amount != UNKNOWN):
        if what != r.RENT_CHANGED:
            state[r.S_INCENTIVE] = 0
        left = _listed(left, event[r.LEFT], amount, room)
    elif what == r.INDEX_CHANGED:
        state[r.S_INDEX] = event[r.LEVEL]
        if abroad and lessee:
            _at_index(left, room)
        else:
            _beside(left, room)
    elif what == r.SCOPE_REDUCED:
        share = event[r.SHARE]
        factor = float(share) / float(RATE_UNIT)
        for k in range(left):
            room.level[k] = scale_by(room.level[k], share, RATE_UNIT, factor)
        state[r.S_INCENTIVE] = scale(state[r.S_INCENTIVE], share, RATE_UNIT)
        _at_index(left, room)
    elif what == r.PURCHASE_REASSESSED:
        left = _until_purchase(left, event, room)
    elif what in (r.GUARANTEE, r.RIGHT_ADDED, r.INCENTIVE_RECEIVED):
        if what == r.INCENTIVE_RECEIVED:
            state[r.S_INCENTIVE] = 0
            state[r.S_RECEIVED] = amount
        _at_index(left, room)
        if what == r.GUARANTEE:
            keep(state, state[r.S_RESIDUAL] == amount)
            state[r.S_RESIDUAL] = amount
    elif what == r.IMPAIRED:
        state[r.S_WRITE_DOWN] = amount
    else:
        left = 0
        over(amount, state)
    if what == r.SCOPE_REDUCED:
        cut(event[r.SHARE], state)
    elif what == r.TERM_REDUCED and abroad and lessee:
        state[r.S_CHANGE] = r.TERM_CUT
    if event[r.RATE_DENOMINATOR]:
        new_rate(event, state)
    state[r.S_PERIODS] = left
    state[r.S_BEGAN] = event[r.AT]


def _gone(live: int, left: int, room: Room) -> None:
    """Payments of periods that are over are gone; those that are left stand at the beginning."""
    for k in range(left):
        room.level[k] = room.level[counted(live + k)]
        room.due[k] = room.due[counted(live + k)]
    if room.state[r.S_BESIDE]:
        for k in range(left):
            room.beside[k] = room.beside[counted(live + k)]


def _listed(left: int, agreed: int, amount: int, room: Room) -> int:
    """A payment for every period that is left, or for as many as are agreed on."""
    if agreed >= 0:
        keep(room.state, left == agreed)
        left = agreed
    for k in range(left):
        room.level[k] = amount
    room.state[r.S_LEVEL_AT] = room.state[r.S_INDEX]
    _at_index(left, room)
    return left


def _until_purchase(left: int, event: Ints, room: Room) -> int:
    """
    What is paid until a purchase that becomes certain, and its price; or none of both.

    Source: ASC 842-10-35-1(b), 842-20-35-4; IFRS 16.20, 16.40(b).
    """
    state, until = room.state, event[r.LEFT]
    certain = event[r.CERTAIN]
    if certain and until >= 0:
        keep(state, until >= left)
        left = min(left, until)
    _at_index(left, room)
    state[r.S_PRICE] = event[r.AMOUNT] if certain else 0
    state[r.S_OWNED] = certain
    if certain:
        state[r.S_RESIDUAL] = 0
    return left


def _beside(left: int, room: Room) -> None:
    """What falls due at the index in force beyond what is measured."""
    state = room.state
    index, level_at = state[r.S_INDEX], state[r.S_LEVEL_AT]
    factor = float(index) / float(level_at)
    state[r.S_BESIDE] = 1
    for k in range(left):
        room.beside[k] = scale_by(room.level[k], index, level_at, factor) - room.due[k]
    if 0 <= state[r.S_INCENTIVE_IN] < left:
        room.beside[state[r.S_INCENTIVE_IN]] -= state[r.S_INCENTIVE]


def _at_index(left: int, room: Room) -> None:
    """Measured payments become what really falls due, at the index in force."""
    state = room.state
    index, level_at = state[r.S_INDEX], state[r.S_LEVEL_AT]
    factor = float(index) / float(level_at)
    for k in range(left):
        indexed = room.level[k]
        if index != level_at:
            indexed = scale_by(indexed, index, level_at, factor)
        if k == state[r.S_INCENTIVE_IN]:
            indexed -= state[r.S_INCENTIVE]
        if indexed != room.due[k]:
            state[r.S_SAME] = 0
        room.due[k] = indexed
    state[r.S_BESIDE] = 0


def day_of(months: int, day: int, given: Given) -> int:
    """
    A day of a month, or the month's last if it lacks the day; days since 1970-01-01.

    Args:
        months: 12 times the year plus the month less one.
        day: Of the month, from 1.
        given: Has the first days of months.
    """
    at = months - given.base_month
    first = given.month_first[counted(at)]
    return first + min(day, given.month_first[counted(at + 1)] - first) - 1


def rates_of(u: int, given: Given, room: Room) -> int:
    """
    The rates of an epoch's periods, written to `numerator`.

    Args:
        u: Position of the unit.
        given: The leases.
        room: State; rates are written.

    Returns:
        1 where each period has its own rate, else 0.
    """
    state = room.state
    table = state[r.S_DAY_RATES]
    room.numerator[0] = state[r.S_NUMERATOR]
    if table < 0:
        return 0
    unit = unit_of(u, given)
    day, every = unit[r.DAY], unit[r.EVERY]
    month = unit[r.MONTH] + every * state[r.S_BEGAN]
    begins = day_of(month, day, given)
    for k in range(state[r.S_PERIODS]):
        ends = day_of(month + every * (k + 1), day, given)
        room.numerator[k] = given.day_rates[counted(table + ends - begins)]
        begins = ends
    return 1


def dues_of(periods: int, advance: int, final: int, room: Room) -> None:
    """
    What is due at start and at the close of each period, written to `dues`.

    Args:
        periods: How many.
        advance: 1 in advance, 0 in arrears.
        final: Due with the last of them at the end.
        room: Payments; what is due is written.
    """
    dues, due = room.dues, room.due
    dues[0] = 0
    dues[periods] = 0
    if advance:
        for k in range(periods):
            dues[k] = due[k]
    else:
        for k in range(periods):
            dues[k + 1] = due[k]
    dues[periods] += final
