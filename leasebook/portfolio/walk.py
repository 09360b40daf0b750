"""
The lessee's side of many leases: both balances through their epochs, row by row.

The transitions are those of `measure.lessee_epochs`, on flat records; the rows are the kernel's.
"""

from collections.abc import MutableSequence, Sequence

from leasebook.portfolio.course import (
    commence,
    dues_of,
    happen,
    nothing_happens,
    possible,
    rates_of,
    window,
)
from leasebook.portfolio.records import (
    ADVANCE,
    BAD_EVENT,
    BEGINS,
    CLASS,
    CLOSED_OUT,
    COSTS,
    DIRECT_COSTS,
    DOUBT,
    ENDED,
    EPOCH,
    EVENT,
    EVENT_FIRST,
    EVENT_LAST,
    EXEMPT,
    FIRST_RENT,
    FIRST_ROW,
    FLOWS,
    GAIN,
    INCENTIVE,
    INCENTIVES,
    INITIAL,
    LAST_PAYMENT,
    LIABILITY_MOVED,
    LIABILITY_OUT,
    LIFE,
    LIVE,
    OF_KIND,
    OF_UNIT,
    OPEN_ASSET,
    OPEN_LIABILITY,
    OPERATING,
    PAID_BEFORE,
    PENALTY,
    PREPAID,
    REMEASUREMENT,
    RESTORATION,
    RESTORED,
    ROU_MOVED,
    ROU_OUT,
    S_BEGAN,
    S_GONE,
    S_KEPT_LEFT,
    S_KEPT_VALUE,
    S_TOTAL,
    S_WALKED,
    S_WHOLE,
    AT,
    INTERNATIONAL,
    LEFT,
    TERM_REDUCED,
    WHAT,
    S_CHANGE,
    S_DENOMINATOR,
    S_FINAL_BEFORE,
    S_KIND,
    S_OLD_PERIODS,
    S_OWNED,
    S_PENALTY,
    S_PERIODS,
    S_PRICE,
    S_RESIDUAL,
    S_SAME,
    S_SHARE,
    S_TROUBLE,
    S_WRITE_DOWN,
    SCOPE_CUT,
    TERM_CUT,
    TO_PLANT,
    TRUE_UP,
    UNIT,
    WRITTEN_DOWN,
)
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.reckoning.bounded import near_value
from leasebook.reckoning.kernel import accrue_rows, level_rows
from leasebook.reckoning.rounding import scale

Ints = Sequence[int]
Room = MutableSequence[int]


def opened(e: int, u: int, live: int, row: int, state: Ints, epochs: Room) -> None:
    """An epoch's record, its flows at zero."""
    base = e * EPOCH
    for k in range(EPOCH):
        epochs[base + k] = 0
    epochs[base + OF_UNIT] = u
    epochs[base + OF_KIND] = state[S_KIND]
    epochs[base + BEGINS] = state[S_BEGAN]
    epochs[base + LIVE] = live
    epochs[base + FIRST_ROW] = row


def lived(u: int, event: int, units: Ints, events: Ints, state: Ints) -> tuple[int, int, int]:
    """
    How many periods of an epoch are lived, whether the lease runs out in it, and what ends it.

    Args:
        u: Position of the unit.
        event: The first event that is still to come.
        units: Records of units.
        events: Records of events.
        state: Of the epoch.

    Returns:
        Periods; 1 if nothing is left after them; position of the event that begins the next epoch.
    """
    last = units[u * UNIT + EVENT_LAST]
    while event < last and nothing_happens(u, event, units, events):
        event += 1
    if event == last:
        return state[S_PERIODS], 1, event
    live = events[event * EVENT] - state[S_BEGAN]
    final = state[S_RESIDUAL] + state[S_PRICE]
    ends = 1 if live == state[S_PERIODS] and final == 0 else 0
    return min(max(live, 0), state[S_PERIODS]), ends, event


def value(
    periods: int, advance: int, due: Ints, final: int, numerator: Ints, rate_step: int,
    denominator: int, dues: Room, state: Room,
) -> int:  # fmt: skip
    """
    Present value of an epoch's payments and of what is due at its end, rounded once.

    Source: ASC 842-20-30-1(a); IFRS 16.26.
    """
    if periods == 0:
        return 0
    dues_of(periods, advance, due, final, dues)
    found, doubt = near_value(dues, periods, numerator, rate_step, denominator)
    if doubt:
        state[S_TROUBLE] |= DOUBT
    return found


def explained(
    true_up: int, periods: int, walked: int, numerator: Ints, rate_step: int, denominator: int
) -> bool:
    """
    Whether rounding can explain a last interest: `kernel.true_up_bound`, in floats and not less.

    Args:
        true_up: Booked less computed interest of the last row, minor units.
        periods: Of the epoch.
        walked: Periods before it since the balance was computed.
        numerator: Of the rates.
        rate_step: 1 where each period has its own rate.
        denominator: Of the rates.
    """
    if abs(true_up) * 2 <= periods + 3:
        return True
    compounded = 0.0
    growth = 1.0
    for k in range(periods + walked - 1, -1, -1):
        compounded += growth
        growth *= 1.0 + float(numerator[max(0, k - walked) * rate_step]) / float(denominator)
    return float(abs(true_up)) <= (compounded + growth + 2.0) / 2.0 * (1.0 + 1e-12)


def horizon(periods: int, elapsed: int, life: int, owned: int) -> int:
    """
    Over how many periods a finance lessee amortises.

    Source: ASC 842-20-35-8; IFRS 16.32.
    """
    left = max(1, life - elapsed)
    if owned:
        return left
    return min(left, periods)


def lessee(
    u: int,
    row: int,
    epoch: int,
    units: Ints,
    steps: Ints,
    events: Ints,
    day_rates: Ints,
    month_first: Ints,
    base_month: int,
    state: Room,
    level: Room,
    due: Room,
    beside: Room,
    dues: Room,
    numerator: Room,
    payment: Room,
    variable: Room,
    interest: Room,
    closing: Room,
    cost: Room,
    reduction: Room,
    epochs: Room,
) -> tuple[int, int]:
    """
    One unit of a lessee: its epochs and rows.

    Source: ASC 842-20-25-6, 842-20-30-1, 842-20-30-5, 842-20-35-3 to 35-8, 842-10-25-11 to 25-13;
    IFRS 16.23, 16.26, 16.31, 16.36, 16.39, 16.45, 16.46.

    Args:
        u: Position of the unit.
        row: Its first row.
        epoch: Its first epoch.
        units: Records of units.
        steps: Pairs of period and payment.
        events: Records of events.
        day_rates: Numerators by days of a period.
        month_first: First days of months.
        base_month: The first of those.
        state: Room for the state.
        level: Room for payments before the index.
        due: Room for measured payments.
        beside: Room for payments beside them.
        dues: Room for amounts due.
        numerator: Room for rates.
        payment: Per row, written.
        variable: Per row, written.
        interest: Per row, written.
        closing: Per row, written.
        cost: Per row, written.
        reduction: Per row, written.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are; `state` says what trouble there was.
    """
    base = u * UNIT
    advance = units[base + ADVANCE]
    event, last_event = units[base + EVENT_FIRST], units[base + EVENT_LAST]
    first_row, first_epoch = row, epoch
    day_one = commence(u, units, steps, state, level, due, beside)
    liability, rou, impaired, finished = 0, 0, 0, 1
    while True:
        periods = state[S_PERIODS]
        final = state[S_RESIDUAL] + state[S_PRICE]
        live, ends, event = lived(u, event, units, events, state)
        rate_step = rates_of(u, units, state, day_rates, month_first, base_month, numerator)
        opened(epoch, u, live, row, state, epochs)
        at = epoch * EPOCH
        starts = epoch == first_epoch
        kind = state[S_KIND]
        if starts:
            epochs[at + COSTS] = units[base + DIRECT_COSTS]
            epochs[at + INCENTIVE] = units[base + INCENTIVES]
            epochs[at + PAID_BEFORE] = units[base + PREPAID]
            epochs[at + FIRST_RENT] = day_one
        paid, varied = window(payment, row, live), window(variable, row, live)
        earned, left = window(interest, row, live), window(closing, row, live)
        levelled, fallen = window(cost, row, live), window(reduction, row, live)
        for k in range(live):
            paid[k] = due[k]
        for k in range(live):
            varied[k] = beside[k]
        if kind == EXEMPT:
            own = (
                epochs[at + COSTS] + epochs[at + PAID_BEFORE] + day_one - epochs[at + INCENTIVE]
                if starts
                else 0
            )
            rou = _exempt(live, periods, final, own, rou, due, earned, left, levelled, fallen)
        else:
            if starts:
                epochs[at + RESTORED] = units[base + RESTORATION]
            fresh = starts or (finished == 1 and state[S_CHANGE] != ENDED and not _alters(state))
            liability, rou, impaired = _open_epoch(
                at, fresh, starts, liability, rou, impaired, day_one, periods, advance, final,
                rate_step, units[base + LIFE], state, due, dues, numerator, epochs,
            )  # fmt: skip
            epochs[at + OPEN_LIABILITY], epochs[at + OPEN_ASSET] = liability, rou
            true_up = accrue_rows(
                0, live, periods, advance, liability, final, state[S_DENOMINATOR],
                numerator, 0, rate_step, paid, earned, left,
            )  # fmt: skip
            if true_up and not explained(
                true_up, periods, state[S_WALKED], numerator, rate_step, state[S_DENOMINATOR]
            ):
                state[S_TROUBLE] |= TRUE_UP
            if live:
                liability = left[live - 1]
            rou -= _fall(live, kind, impaired, state, earned, levelled, fallen)
        if ends:
            epochs[at + LAST_PAYMENT] = final if periods else 0
            liability -= final if periods else 0
            epochs[at + CLOSED_OUT] = 1
            if state[S_OWNED] and periods and kind != EXEMPT:
                epochs[at + TO_PLANT] = rou
        finished = ends
        row += live
        epoch += 1
        if event == last_event:
            break
        if not possible(u, event, units, events, state):
            state[S_TROUBLE] |= BAD_EVENT
            break
        if events[event * EVENT + WHAT] == TERM_REDUCED and units[base + INTERNATIONAL]:
            _value_kept(event, events, advance, final, rate_step, due, dues, numerator, state)
        happen(u, event, units, events, state, level, due, beside)
        _change_class(event, events, kind, liability, rou, at, state, epochs)
        event += 1
    return epoch - first_epoch, row - first_row


def _alters(state: Ints) -> bool:
    """Whether an event does more than a remeasurement would."""
    return (
        state[S_CHANGE] != 0
        or state[S_PENALTY] != 0
        or state[S_WRITE_DOWN] != 0
    )


def _change_class(
    event: int, events: Ints, kind: int, liability: int, rou: int, at: int, state: Room,
    epochs: Room,
) -> None:  # fmt: skip
    """
    The class from an event on; what is carried passes out of the old class on that day.

    Source: ASC 842-10-25-11, 842-10-25-14.
    """
    found = events[event * EVENT + CLASS]
    if found < 0 or found == kind or kind == EXEMPT:
        return
    state[S_KIND] = found
    # Noted with the epoch that is over; posted on the first day of the one that begins.
    epochs[at + LIABILITY_MOVED] = liability
    epochs[at + ROU_MOVED] = rou
    state[S_SAME] |= 2


def _exempt(
    live: int, periods: int, final: int, own: int, carried: int, due: Ints,
    interest: Room, closing: Room, cost: Room, reduction: Room,
) -> int:  # fmt: skip
    """
    Level cost of a lease off the balance sheet; the excess of cash is prepaid.

    Source: ASC 842-20-25-2; IFRS 16.6.
    """
    total = own + carried + final
    for k in range(periods):
        total += due[k]
    if live:
        level_rows(0, live, total, 0, periods, cost)
    held = carried + own
    for k in range(live):
        held += due[k] - cost[k]
        closing[k] = held
    for k in range(live):
        interest[k] = 0
    for k in range(live):
        reduction[k] = 0
    return held


def _fall(
    live: int, kind: int, impaired: int, state: Ints, interest: Ints, cost: Room, reduction: Room
) -> int:  # fmt: skip
    """
    How the asset falls over the periods that are lived; returns by how much in all.

    Source: ASC 842-20-25-6(a), 842-20-35-3, 842-20-35-7, 842-20-35-11; IFRS 16.31.
    """
    if live == 0:
        return 0
    if kind != OPERATING or impaired:
        fallen = level_rows(0, live, state[S_TOTAL], state[S_GONE], state[S_WHOLE], reduction)
        if kind == OPERATING:
            for k in range(live):
                cost[k] = interest[k] + reduction[k]
        else:
            for k in range(live):
                cost[k] = 0
        return fallen
    fallen = level_rows(0, live, state[S_TOTAL], state[S_GONE], state[S_WHOLE], cost)
    for k in range(live):
        reduction[k] = cost[k] - interest[k]
        fallen -= interest[k]
    return fallen


def _open_epoch(
    at: int, fresh: bool, starts: bool, carried: int, rou: int, impaired: int, day_one: int,
    periods: int, advance: int, final: int, rate_step: int, life: int, state: Room, due: Ints,
    dues: Room, numerator: Ints, epochs: Room,
) -> tuple[int, int, int]:  # fmt: skip  # noqa: FBT001
    """
    Both balances as an epoch opens, its flows, and what is level in it.

    Source: ASC 842-20-30-1, 842-20-30-5, 842-10-25-12, 842-10-25-13, 842-20-35-9; IFRS 16.23,
    16.26, 16.33, 16.39, 16.45, 16.46.
    """
    denominator = state[S_DENOMINATOR]
    same_class = state[S_SAME] & 2 == 0
    unchanged = (
        not fresh and state[S_SAME] & 1 == 1 and not _alters(state)
        and final == state[S_FINAL_BEFORE]
    )  # fmt: skip
    if unchanged:
        liability = carried
        state[S_WALKED] += state[S_OLD_PERIODS] - periods
    else:
        state[S_WALKED] = 0
        liability = value(periods, advance, due, final, numerator, rate_step, denominator, dues,
                          state)  # fmt: skip
    moved = 0
    if fresh:
        epochs[at + INITIAL] = liability
        rou += liability
        if starts:
            rou += (
                epochs[at + COSTS] - epochs[at + INCENTIVE] + epochs[at + PAID_BEFORE]
                + day_one + epochs[at + RESTORED]
            )  # fmt: skip
        impaired = 0
    else:
        _take_out(at, carried, rou, periods, state, epochs)
        remeasured = liability - carried + epochs[at + LIABILITY_OUT]
        epochs[at + REMEASUREMENT] = remeasured
        epochs[at + PENALTY] = state[S_PENALTY]
        rou += remeasured - epochs[at + ROU_OUT]
        gain = max(0, min(-rou, -remeasured))
        epochs[at + GAIN] = gain
        rou += gain
        written = min(state[S_WRITE_DOWN], max(0, rou))
        epochs[at + WRITTEN_DOWN] = written
        rou -= written
        if written:
            impaired = 1
        for k in range(FLOWS):
            if epochs[at + k] != 0:
                moved = 1
    whole = periods
    operating = state[S_KIND] == OPERATING
    if not operating:
        whole = horizon(periods, state[S_BEGAN], life, state[S_OWNED])
    live_before = state[S_OLD_PERIODS] - periods
    goes_on = (
        unchanged and same_class and moved == 0 and whole == state[S_WHOLE] - state[S_GONE] - live_before
    )
    if goes_on:
        state[S_GONE] += live_before
    else:
        total = rou
        if operating and not impaired:
            total = final + rou - liability
            for k in range(periods):
                total += due[k]
        state[S_TOTAL], state[S_GONE], state[S_WHOLE] = total, 0, whole
    return liability, rou, impaired


def _value_kept(
    event: int, events: Ints, advance: int, final: int, rate_step: int, due: Ints, dues: Room,
    numerator: Room, state: Room,
) -> None:  # fmt: skip
    """
    What the periods that a shorter term keeps are worth on the old terms, and how many were left.

    Source: IFRS 16.46(a).
    """
    live = events[event * EVENT + AT] - state[S_BEGAN]
    kept = events[event * EVENT + LEFT]
    left = state[S_PERIODS] - live
    state[S_KEPT_LEFT] = left
    state[S_KEPT_VALUE] = 0
    if not 0 <= kept < left:
        return
    shift = 1 - advance
    dues[0], dues[kept] = 0, 0
    for k in range(kept):
        dues[k + shift] = due[live + k]
        if rate_step:
            numerator[k] = numerator[live + k]
    dues[kept] += final
    found, doubt = near_value(dues, kept, numerator, rate_step, state[S_DENOMINATOR])
    if doubt:
        state[S_TROUBLE] |= DOUBT
    state[S_KEPT_VALUE] = found


def _take_out(at: int, carried: int, rou: int, periods: int, state: Ints, epochs: Room) -> None:
    """
    What of both balances goes with the right of use that is given up.

    Source: ASC 842-10-25-13, 842-10-55-177 to 55-185; IFRS 16.46(a).
    """
    change = state[S_CHANGE]
    if change == ENDED:
        epochs[at + LIABILITY_OUT], epochs[at + ROU_OUT] = carried, rou
    elif change == SCOPE_CUT:
        lost = RATE_UNIT - state[S_SHARE]
        epochs[at + LIABILITY_OUT] = scale(carried, lost, RATE_UNIT)
        epochs[at + ROU_OUT] = scale(rou, lost, RATE_UNIT)
    elif change == TERM_CUT:
        left = state[S_KEPT_LEFT]
        if periods < left:
            epochs[at + LIABILITY_OUT] = carried - state[S_KEPT_VALUE]
            epochs[at + ROU_OUT] = scale(rou, left - periods, left)
