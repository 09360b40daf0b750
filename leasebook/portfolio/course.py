"""
The course of one unit: its payments at commencement, and what each event makes of them.

The same steps as `measure.lease_course` takes for a lease of a deal, on flat records.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.given import Given, Ints, Room, Written, copied
from leasebook.portfolio.state import as_it_was, cut, keep, new_rate, over
from leasebook.portfolio.terms import RATE_UNIT, UNKNOWN
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
    units, steps, due, state = given.units, given.steps, room.due, room.state
    base = u * r.UNIT
    periods = units[base + r.PERIODS]
    amount = units[base + r.PAYMENT]
    begins = 0
    for step in range(units[base + r.STEP_FIRST], units[base + r.STEP_LAST]):
        ends = max(begins, min(steps[2 * step], periods))
        _fill(due, begins, ends, amount)
        amount = steps[2 * step + 1]
        begins = ends
    _fill(due, begins, periods, amount)
    _fill(due, units[base + r.RENEWED_FROM], periods, units[base + r.RENEWAL_PAYMENT])
    day_one = 0
    if units[base + r.DAY_ONE] and units[base + r.ADVANCE]:
        day_one = due[0]
        due[0] = 0
    if units[base + r.EVENT_FIRST] < units[base + r.EVENT_LAST]:
        copied(due, periods, room.level)
    state[r.S_BESIDE] = 0
    later, at = units[base + r.INCENTIVE_LATER], units[base + r.INCENTIVE_AT]
    if later and 0 <= at < periods:
        if at == 0 and units[base + r.DAY_ONE] and units[base + r.ADVANCE]:
            day_one -= later
        else:
            due[at] -= later
    state[r.S_INCENTIVE] = later
    state[r.S_INCENTIVE_IN] = at
    state[r.S_PERIODS] = periods
    state[r.S_BEGAN] = 0
    state[r.S_NUMERATOR] = units[base + r.NUMERATOR]
    state[r.S_DENOMINATOR] = units[base + r.DENOMINATOR]
    state[r.S_DAY_RATES] = units[base + r.DAY_RATES]
    state[r.S_RESIDUAL] = units[base + r.RESIDUAL]
    state[r.S_PRICE] = units[base + r.PRICE]
    state[r.S_OWNED] = units[base + r.OWNED]
    state[r.S_LEVEL_AT] = units[base + r.INDEX]
    state[r.S_INDEX] = units[base + r.INDEX]
    state[r.S_KIND] = units[base + r.KIND]
    state[r.S_FINAL_BEFORE] = 0
    state[r.S_OLD_PERIODS] = 0
    as_it_was(state)
    return day_one


def _fill(column: Written, first: int, after: int, amount: int) -> None:
    first = max(0, first)
    for k in range(after - first):
        column[first + k] = amount


def _nothing_happens(u: int, e: int, given: Given) -> bool:
    """
    Whether an event begins no epoch: what a lessor does not reassess, and a cut of nothing.

    Source: IFRS 16.21; ASC 842-10-35-3.
    """
    events, base = given.events, e * r.EVENT
    what = events[base + r.WHAT]
    if what >= r.PAYMENT_MADE:
        return True
    if given.units[u * r.UNIT + r.LESSOR_SIDE]:
        return what in (r.GUARANTEE, r.IMPAIRED)
    return (
        what == r.SCOPE_REDUCED
        and events[base + r.SHARE] == RATE_UNIT
        and events[base + r.AMOUNT] == UNKNOWN
        and events[base + r.RATE_DENOMINATOR] == 0
    )


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
    last = given.units[u * r.UNIT + r.EVENT_LAST]
    while event < last and _nothing_happens(u, event, given):
        event += 1
    periods = state[r.S_PERIODS]
    if event == last:
        return periods, 1, event
    live = given.events[event * r.EVENT + r.AT] - state[r.S_BEGAN]
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
    events, base, unit = given.events, e * r.EVENT, u * r.UNIT
    what = events[base + r.WHAT]
    if what >= r.PAYMENT_MADE:
        return True
    live = events[base + r.AT] - state[r.S_BEGAN]
    left = events[base + r.LEFT]
    if left < 0:
        left = state[r.S_PERIODS] - live
    within = 0 <= live <= state[r.S_PERIODS] and events[base + r.AT] >= 1
    if not within or state[r.S_CHANGE] == r.ENDED or (left <= 0 and what != r.TERMINATED):
        return False
    if what == r.INDEX_CHANGED:
        return given.units[unit + r.INDEX] > 0 and events[base + r.LEVEL] > 0
    if what == r.SCOPE_REDUCED:
        # What is left of an incentive after several cuts is not rounded once.
        cut = state[r.S_INCENTIVE] not in (0, given.units[unit + r.INCENTIVE_LATER])
        return not cut and 0 <= events[base + r.SHARE] <= RATE_UNIT
    lessor = given.units[unit + r.LESSOR_SIDE] == 1
    if lessor and what in (r.REASSESSED, r.PURCHASE_REASSESSED):
        return False
    if what == r.PURCHASE_REASSESSED and events[base + r.CERTAIN] == 0:
        return True
    if what == r.PURCHASE_REASSESSED and events[base + r.CERTAIN] != 1:
        return False
    if what == r.RIGHT_ADDED and events[base + r.LEFT] < 0:
        return True
    return events[base + r.AMOUNT] != UNKNOWN


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
    events, state, base = given.events, room.state, e * r.EVENT
    what, amount = events[base + r.WHAT], events[base + r.AMOUNT]
    if what >= r.PAYMENT_MADE:
        return
    live = events[base + r.AT] - state[r.S_BEGAN]
    left = state[r.S_PERIODS] - live
    abroad = given.units[u * r.UNIT + r.INTERNATIONAL]
    lessee = given.units[u * r.UNIT + r.LESSOR_SIDE] == 0
    as_it_was(state)
    state[r.S_OLD_PERIODS] = state[r.S_PERIODS]
    state[r.S_FINAL_BEFORE] = state[r.S_RESIDUAL] + state[r.S_PRICE]
    gone = max(0, live)
    for k in range(left):
        room.level[k] = room.level[gone + k]
        room.due[k] = room.due[gone + k]
    if state[r.S_BESIDE]:
        for k in range(left):
            room.beside[k] = room.beside[gone + k]
    state[r.S_INCENTIVE_IN] -= live
    listed = r.EXTENDED <= what <= r.TERM_REDUCED or what == r.RENT_CHANGED
    if listed or (what in (r.SCOPE_REDUCED, r.RIGHT_ADDED) and amount != UNKNOWN):
        if what != r.RENT_CHANGED:
            state[r.S_INCENTIVE] = 0
        left = _listed(left, events[base + r.LEFT], amount, room)
    elif what == r.INDEX_CHANGED:
        state[r.S_INDEX] = events[base + r.LEVEL]
        if abroad and lessee:
            _at_index(left, room)
        else:
            _beside(left, room)
    elif what == r.SCOPE_REDUCED:
        share = events[base + r.SHARE]
        factor = float(share) / float(RATE_UNIT)
        for k in range(left):
            room.level[k] = scale_by(room.level[k], share, RATE_UNIT, factor)
        state[r.S_INCENTIVE] = scale(state[r.S_INCENTIVE], share, RATE_UNIT)
        _at_index(left, room)
    elif what == r.PURCHASE_REASSESSED:
        left = _until_purchase(left, base, events, room)
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
        cut(events[base + r.SHARE], state)
    elif what == r.TERM_REDUCED and abroad and lessee:
        state[r.S_CHANGE] = r.TERM_CUT
    if events[base + r.RATE_DENOMINATOR]:
        new_rate(base, events, state)
    state[r.S_PERIODS] = left
    state[r.S_BEGAN] = events[base + r.AT]


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


def _until_purchase(left: int, base: int, events: Ints, room: Room) -> int:
    """
    What is paid until a purchase that becomes certain, and its price; or none of both.

    Source: ASC 842-10-35-1(b), 842-20-35-4; IFRS 16.20, 16.40(b).
    """
    state, until = room.state, events[base + r.LEFT]
    certain = events[base + r.CERTAIN]
    if certain and until >= 0:
        keep(state, until >= left)
        left = min(left, until)
    _at_index(left, room)
    state[r.S_PRICE] = events[base + r.AMOUNT] if certain else 0
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
    first = given.month_first[at]
    return first + min(day, given.month_first[at + 1] - first) - 1


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
    base = u * r.UNIT
    day, every = given.units[base + r.DAY], given.units[base + r.EVERY]
    month = given.units[base + r.MONTH] + every * state[r.S_BEGAN]
    begins = day_of(month, day, given)
    for k in range(state[r.S_PERIODS]):
        ends = day_of(month + every * (k + 1), day, given)
        room.numerator[k] = given.day_rates[table + ends - begins]
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
