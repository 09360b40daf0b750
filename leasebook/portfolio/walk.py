"""
The lessee's side of many leases: both balances through their epochs, row by row.

The transitions are those of `measure.lessee_epochs`, on flat records; the rows are the kernel's.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.course import (
    commence,
    dues_of,
    fall_due,
    happen,
    lived,
    possible,
    rates_of,
)
from leasebook.portfolio.given import (
    Given,
    Ints,
    Room,
    Rows,
    Written,
    emptied,
    epoch_of,
    event_of,
    part_of,
    summed,
    unit_of,
)
from leasebook.portfolio.state import alters, paid_by_start, received
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.reckoning.bounded import near_value
from leasebook.reckoning.kernel import accrue_rows, level_rows
from leasebook.reckoning.rounding import scale


def opened(u: int, live: int, row: int, state: Ints, record: Written) -> None:
    """An epoch's record with its flows at zero."""
    emptied(record, r.EPOCH)
    record[r.OF_UNIT] = u
    record[r.OF_KIND] = state[r.S_KIND]
    record[r.BEGINS] = state[r.S_BEGAN]
    record[r.LIVE] = live
    record[r.FIRST_ROW] = row


def rounded(periods: int, rate_step: int, denominator: int, room: Room) -> int:
    """The present value of what is due, rounded once; a value in doubt is noted in the state."""
    found, doubt = near_value(room.dues, periods, room.numerator, rate_step, denominator)
    if doubt:
        room.state[r.S_TROUBLE] |= r.DOUBT
    return found


def value(periods: int, advance: int, final: int, rate_step: int, room: Room) -> int:
    """
    Present value of an epoch's payments and of what is due at its end, rounded once.

    Source: ASC 842-20-30-1(a); IFRS 16.26.
    """
    if periods == 0:
        return 0
    dues_of(periods, advance, final, room)
    return rounded(periods, rate_step, room.state[r.S_DENOMINATOR], room)


def check(true_up: int, rate_step: int, denominator: int, room: Room, numerator: Ints) -> None:
    """
    Whether rounding can explain a last interest, noted in the state if it cannot.

    `kernel.true_up_bound` in floats, and not less.

    Args:
        true_up: Booked less computed interest of the last row, minor units.
        rate_step: 1 where each period has its own rate.
        denominator: Of the rates.
        room: State.
        numerator: Of the rates.
    """
    periods, walked = room.state[r.S_PERIODS], room.state[r.S_WALKED]
    if abs(true_up) * 2 <= periods + 3:
        return
    compounded = 0.0
    growth = 1.0
    for k in range(periods + walked - 1, -1, -1):
        compounded += growth
        growth *= 1.0 + float(numerator[max(0, k - walked) * rate_step]) / float(denominator)
    if float(abs(true_up)) > (compounded + growth + 2.0) / 2.0 * (1.0 + 1e-12):
        room.state[r.S_TROUBLE] |= r.TRUE_UP


def lessee(
    u: int, row: int, epoch: int, given: Given, room: Room, rows: Rows, epochs: Written
) -> tuple[int, int]:
    """
    One unit of a lessee: its epochs and rows.

    Source: ASC 842-20-25-6, 842-20-30-1, 842-20-30-5, 842-20-35-3 to 35-8, 842-10-25-11 to 25-13;
    IFRS 16.23, 16.26, 16.31, 16.36, 16.39, 16.45, 16.46.

    Args:
        u: Position of the unit.
        row: Its first row.
        epoch: Its first epoch.
        given: The leases.
        room: Room for one unit.
        rows: Written.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are; the state says what trouble there was.
    """
    unit, state = unit_of(u, given), room.state
    event, last_event = unit[r.EVENT_FIRST], unit[r.EVENT_LAST]
    first_row, first_epoch = row, epoch
    day_one = commence(u, given, room)
    liability, rou, impaired, finished = 0, 0, 0, 1
    while True:
        kind, final = state[r.S_KIND], state[r.S_RESIDUAL] + state[r.S_PRICE]
        live, ends, event = lived(u, event, given, state)
        record = epoch_of(epoch, epochs)
        opened(u, live, row, state, record)
        starts = 1 if epoch == first_epoch else 0
        if starts:
            record[r.COSTS] = unit[r.DIRECT_COSTS]
            own = paid_by_start(unit, day_one, record) + record[r.COSTS]
        else:
            own = received(state, record)
        part = part_of(rows, row, live)
        fall_due(live, room, part)
        if kind == r.EXEMPT:
            if not starts:
                _exempt_changes(rou, state, record)
            rou = _exempt(live, own + rou - record[r.COST_NOW], final, room, part)
        else:
            fresh = starts or (finished == 1 and not alters(state))
            liability, rou, impaired = _recognised(
                u, 1 if fresh else 0, starts, own, liability, rou, impaired, given, room,
                part, live, record,
            )  # fmt: skip
        if ends:
            record[r.CLOSED_OUT] = 1
            if state[r.S_PERIODS]:
                record[r.LAST_PAYMENT] = final
                liability -= final
                if state[r.S_OWNED] and kind != r.EXEMPT:
                    record[r.TO_PLANT] = rou
        finished = ends
        row += live
        epoch += 1
        if event == last_event:
            break
        if not possible(u, event, given, state):
            state[r.S_TROUBLE] |= r.BAD_EVENT
            break
        if event_of(event, given)[r.WHAT] == r.TERM_REDUCED:
            _value_kept(u, event, final, given, room)
        happen(u, event, given, room)
        _change_class(event_of(event, given)[r.CLASS], liability, rou, state, record)
        event += 1
    return epoch - first_epoch, row - first_row


def _change_class(found: int, liability: int, rou: int, state: Written, record: Written) -> None:
    """
    The class from an event on; what is carried passes out of the old class on that day.

    Source: ASC 842-10-25-11, 842-10-25-14.
    """
    if found < 0 or found == state[r.S_KIND] or state[r.S_KIND] == r.EXEMPT:
        return
    state[r.S_KIND] = found
    # Noted with the epoch that is over; posted on the first day of the one that begins.
    record[r.LIABILITY_MOVED] = liability
    record[r.ROU_MOVED] = rou
    state[r.S_SAME] |= 2


def _exempt_changes(held: int, state: Ints, record: Written) -> None:
    """A penalty; and nothing stays prepaid or accrued of a lease that ends early."""
    record[r.PENALTY] = state[r.S_PENALTY]
    if state[r.S_CHANGE] == r.ENDED:
        record[r.COST_NOW] = held


def _exempt(live: int, held: int, final: int, room: Room, part: Rows) -> int:
    """
    Level cost of a lease off the balance sheet; the excess of cash is prepaid.

    Source: ASC 842-20-25-2; IFRS 16.6.

    Args:
        live: Periods that are lived.
        held: Prepaid when the epoch has opened, minor units.
        final: Due at the end.
        room: Payments.
        part: Rows, written.
    """
    periods = room.state[r.S_PERIODS]
    total = held + final + summed(room.due, periods)
    if live:
        level_rows(0, live, total, 0, periods, part.cost)
    closing = part.closing
    for k in range(live):
        held += room.due[k] - part.cost[k]
        closing[k] = held
    emptied(part.interest, live)
    emptied(part.reduction, live)
    return held


def _recognised(
    u: int, fresh: int, starts: int, own: int, liability: int, rou: int, impaired: int,
    given: Given, room: Room, part: Rows, live: int, record: Written,
) -> tuple[int, int, int]:  # fmt: skip
    """An epoch on the balance sheet: how it opens, its rows, and what is carried out of it."""
    state = room.state
    unit, final = unit_of(u, given), state[r.S_RESIDUAL] + state[r.S_PRICE]
    advance, periods = unit[r.ADVANCE], state[r.S_PERIODS]
    rate_step = rates_of(u, given, room)
    unchanged = (
        fresh == 0
        and state[r.S_SAME] & 1 == 1
        and not alters(state)
        and final == state[r.S_FINAL_BEFORE]
    )
    now = liability
    if unchanged:
        state[r.S_WALKED] += state[r.S_OLD_PERIODS] - periods
    else:
        state[r.S_WALKED] = 0
        now = value(periods, advance, final, rate_step, room)
    moved = 0
    if fresh:
        record[r.INITIAL] = now
        if starts:
            record[r.RESTORED] = unit[r.RESTORATION]
        rou += now + own + record[r.RESTORED]
        impaired = 0
    else:
        rou, moved = _remeasured(liability, now, rou, state, record)
        if record[r.WRITTEN_DOWN]:
            impaired = 1
    liability = now
    same = 1 if unchanged and moved == 0 else 0
    _level(u, same, liability, rou, impaired, final, given, room)
    record[r.OPEN_LIABILITY] = liability
    record[r.OPEN_ASSET] = rou
    true_up = accrue_rows(
        0, live, periods, advance, liability, final, state[r.S_DENOMINATOR], room.numerator, 0,
        rate_step, part.payment, part.interest, part.closing,
    )  # fmt: skip
    check(true_up, rate_step, state[r.S_DENOMINATOR], room, room.numerator)
    if live:
        liability = part.closing[live - 1]
        rou -= _fall(live, state[r.S_KIND], impaired, state, part)
    return liability, rou, impaired


def _remeasured(
    carried: int, liability: int, rou: int, state: Ints, record: Written
) -> tuple[int, int]:
    """
    What a change does to the asset on its day; returns the asset and whether anything moved.

    Source: ASC 842-10-25-12, 842-10-25-13, 842-20-35-4, 842-20-35-9; IFRS 16.33, 16.39, 16.45,
    16.46.
    """
    _take_out(carried, rou, state, record)
    remeasured = liability - carried + record[r.LIABILITY_OUT]
    record[r.REMEASUREMENT] = remeasured
    record[r.PENALTY] = state[r.S_PENALTY]
    came_in = remeasured - record[r.INCENTIVE]
    rou += came_in - record[r.ROU_OUT]
    # Only what came in that day and took it below zero is a gain.
    gain = max(0, min(-rou, -came_in))
    record[r.GAIN] = gain
    rou += gain
    written = min(state[r.S_WRITE_DOWN], max(0, rou))
    record[r.WRITTEN_DOWN] = written
    out = record[r.LIABILITY_OUT] != 0 or record[r.ROU_OUT] != 0
    out = out or record[r.INCENTIVE] != 0
    moved = 1 if remeasured != 0 or gain != 0 or written != 0 or out else 0
    return rou - written, moved


def _take_out(carried: int, rou: int, state: Ints, record: Written) -> None:
    """
    What of both balances goes with the right of use that is given up.

    Source: ASC 842-10-25-13, 842-10-55-177 to 55-185; IFRS 16.46(a).
    """
    change = state[r.S_CHANGE]
    if change == r.ENDED:
        record[r.LIABILITY_OUT] = carried
        record[r.ROU_OUT] = rou
    elif change == r.SCOPE_CUT:
        lost = RATE_UNIT - state[r.S_SHARE]
        record[r.LIABILITY_OUT] = scale(carried, lost, RATE_UNIT)
        record[r.ROU_OUT] = scale(rou, lost, RATE_UNIT)
    elif change == r.TERM_CUT:
        left, periods = state[r.S_KEPT_LEFT], state[r.S_PERIODS]
        if periods < left:
            record[r.LIABILITY_OUT] = carried - state[r.S_KEPT_VALUE]
            record[r.ROU_OUT] = scale(rou, left - periods, left)


def _value_kept(u: int, event: int, final: int, given: Given, room: Room) -> None:
    """
    What the periods that a shorter term keeps are worth on the old terms, and how many were left.

    Source: IFRS 16.46(a).
    """
    if not unit_of(u, given)[r.INTERNATIONAL]:
        return
    state, dues = room.state, room.dues
    live = event_of(event, given)[r.AT] - state[r.S_BEGAN]
    kept = event_of(event, given)[r.LEFT]
    left = state[r.S_PERIODS] - live
    state[r.S_KEPT_LEFT] = left
    state[r.S_KEPT_VALUE] = 0
    if not 0 <= kept < left:
        return
    rate_step = rates_of(u, given, room)
    shift = 1 - unit_of(u, given)[r.ADVANCE]
    dues[0] = 0
    dues[kept] = 0
    for k in range(kept):
        dues[k + shift] = room.due[live + k]
        if rate_step:
            room.numerator[k] = room.numerator[live + k]
    dues[kept] += final
    state[r.S_KEPT_VALUE] = rounded(kept, rate_step, state[r.S_DENOMINATOR], room)


def horizon(periods: int, elapsed: int, life: int, owned: int) -> int:
    """
    Over how many periods a finance lessee amortises.

    Source: ASC 842-20-35-8; IFRS 16.32.

    Example:
        >>> horizon(48, 0, 40, 0), horizon(48, 0, 60, 1)
        (40, 60)
    """
    left = max(1, life - elapsed)
    return left if owned else min(left, periods)


def _level(
    u: int, same: int, liability: int, rou: int, impaired: int, final: int, given: Given,
    room: Room,
) -> None:  # fmt: skip
    """What is level from now on: cost or asset over what is left, or the old shares go on."""
    state = room.state
    periods = whole = state[r.S_PERIODS]
    operating = state[r.S_KIND] == r.OPERATING
    if not operating:
        life = unit_of(u, given)[r.LIFE]
        whole = horizon(periods, state[r.S_BEGAN], life, state[r.S_OWNED])
    before = state[r.S_OLD_PERIODS] - periods
    same_class = state[r.S_SAME] & 2 == 0
    if same and same_class and whole == state[r.S_WHOLE] - state[r.S_GONE] - before:
        state[r.S_GONE] += before
        return
    total = rou
    if operating and not impaired:
        total = final + rou - liability + summed(room.due, periods)
    state[r.S_TOTAL] = total
    state[r.S_GONE] = 0
    state[r.S_WHOLE] = whole


def _fall(live: int, kind: int, impaired: int, state: Ints, part: Rows) -> int:
    """
    How the asset falls over the periods that are lived; returns by how much in all.

    Source: ASC 842-20-25-6(a), 842-20-35-3, 842-20-35-7, 842-20-35-11; IFRS 16.31.
    """
    total, gone, whole = state[r.S_TOTAL], state[r.S_GONE], state[r.S_WHOLE]
    cost, reduction, interest = part.cost, part.reduction, part.interest
    if kind == r.OPERATING and not impaired:
        level = level_rows(0, live, total, gone, whole, cost)
        earned = 0
        for k in range(live):
            earned += interest[k]
            reduction[k] = cost[k] - interest[k]
        return level - earned
    fallen = level_rows(0, live, total, gone, whole, reduction)
    if kind == r.OPERATING:
        for k in range(live):
            cost[k] = interest[k] + reduction[k]
    else:
        emptied(cost, live)
    return fallen
