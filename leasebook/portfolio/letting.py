"""
The lessor's side of many leases: level income, or a net investment through its epochs.

The transitions are those of `measure.lessor_epochs` and `measure.net_investment`, on flat records;
the rows are the kernel's.
"""

from collections.abc import MutableSequence, Sequence

from leasebook.portfolio.course import (
    commence,
    dues_of,
    happen,
    possible,
    rates_of,
    window,
)
from leasebook.portfolio.records import (
    ACCRUED_LOST,
    ADVANCE,
    BAD_EVENT,
    CARRYING,
    CHANGE_GAIN,
    CLOSED_OUT,
    COST_OF_GOODS,
    COSTS,
    COSTS_EXPENSED,
    COSTS_IN_RATE,
    COSTS_LOST,
    DEFERRED,
    DERECOGNISED,
    DIRECT,
    DIRECT_COSTS,
    DOUBT,
    ENDED,
    EPOCH,
    EVENT_FIRST,
    EVENT_LAST,
    EXPENSED,
    FIRST_RENT,
    GUARANTEED,
    HAS_PROFIT,
    INCENTIVE,
    INCENTIVES,
    INTERNATIONAL,
    KIND,
    LAST_PAYMENT,
    NET_PROFIT,
    NO_RATE,
    OPEN_ASSET,
    OPEN_LIABILITY,
    PAID_BEFORE,
    PENALTY,
    PREPAID,
    PROFIT,
    RATE_GIVEN,
    RECEIVABLE,
    RECEIVABLE_BACK,
    RECEIVABLE_END,
    RESIDUAL_ASSET,
    RESIDUAL_BACK,
    RESIDUAL_END,
    REVENUE,
    S_NUMERATOR,
    S_STATED,
    S_CHANGE,
    S_COST_GONE,
    S_COST_TOTAL,
    S_COST_WHOLE,
    S_DENOMINATOR,
    S_FINAL_BEFORE,
    S_GONE,
    S_NET_RATE,
    S_OLD_PERIODS,
    S_PENALTY,
    S_PERIODS,
    S_PRICE,
    S_RATE,
    S_RATE_UNIT,
    S_RESIDUAL,
    S_SAME,
    S_TOTAL,
    S_TROUBLE,
    S_WALKED,
    S_WHOLE,
    TRUE_UP,
    UNGUARANTEED,
    UNIT,
    WORTH,
)
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.portfolio.walk import explained, lived, opened
from leasebook.reckoning.bounded import near_rate, near_value
from leasebook.reckoning.kernel import accrue_rows, level_rows

Ints = Sequence[int]
Room = MutableSequence[int]


def letting(
    u: int, row: int, epoch: int, units: Ints, steps: Ints, events: Ints, state: Room, level: Room,
    due: Room, beside: Room, payment: Room, variable: Room, interest: Room, closing: Room, cost: Room,
    reduction: Room, epochs: Room,
) -> tuple[int, int]:  # fmt: skip
    """
    One operating lease of a lessor: level income and direct costs, by epoch.

    Source: ASC 842-30-25-11, 842-10-25-15; IFRS 16.81, 16.83, 16.87.

    Args:
        u: Position of the unit.
        row: Its first row.
        epoch: Its first epoch.
        units: Records of units.
        steps: Pairs of period and payment.
        events: Records of events.
        state: Room for the state.
        level: Room for payments before the index.
        due: Room for payments that are spread.
        beside: Room for payments beside them.
        payment: Per row, written; likewise the columns that follow.
        variable: Per row.
        interest: Per row, zero.
        closing: Per row, rent deferred, negative where it is accrued.
        cost: Per row, income.
        reduction: Per row, direct costs spread to it.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are.
    """
    base = u * UNIT
    event, last_event = units[base + EVENT_FIRST], units[base + EVENT_LAST]
    first_row, first_epoch = row, epoch
    day_one = commence(u, units, steps, state, level, due, beside)
    accrued, unamortised = 0, units[base + DIRECT_COSTS]
    while True:
        periods = state[S_PERIODS]
        final = state[S_RESIDUAL] + state[S_PRICE]
        live, ends, event = lived(u, event, units, events, state)
        opened(epoch, u, live, row, state, epochs)
        at = epoch * EPOCH
        cash = 0
        if epoch == first_epoch:
            epochs[at + PAID_BEFORE] = units[base + PREPAID]
            epochs[at + FIRST_RENT] = day_one
            epochs[at + INCENTIVE] = units[base + INCENTIVES]
            epochs[at + COSTS] = unamortised
            cash = units[base + PREPAID] + day_one - units[base + INCENTIVES]
        epochs[at + PENALTY] = state[S_PENALTY]
        if not periods:
            epochs[at + COSTS_LOST] = unamortised
        if state[S_CHANGE] == ENDED:
            epochs[at + ACCRUED_LOST] = accrued
        _share_out(epoch == first_epoch, periods, cash, accrued, unamortised, final, due, state)
        paid, varied = window(payment, row, live), window(variable, row, live)
        none, left = window(interest, row, live), window(closing, row, live)
        income, spread = window(cost, row, live), window(reduction, row, live)
        for k in range(live):
            paid[k] = due[k]
        for k in range(live):
            varied[k] = beside[k]
        for k in range(live):
            none[k] = 0
        costs = unamortised
        if live:
            level_rows(0, live, state[S_TOTAL], state[S_GONE], state[S_WHOLE], income)
            costs = level_rows(
                0, live, state[S_COST_TOTAL], state[S_COST_GONE], state[S_COST_WHOLE], spread
            )
        elif periods:
            costs = 0
        accrued -= cash + epochs[at + ACCRUED_LOST]
        epochs[at + OPEN_ASSET] = accrued
        for k in range(live):
            accrued += income[k] - due[k]
            left[k] = -accrued
        unamortised -= costs
        if ends:
            epochs[at + LAST_PAYMENT] = final if periods else 0
            epochs[at + CLOSED_OUT] = 1
        row += live
        epoch += 1
        if event == last_event:
            break
        if not possible(u, event, units, events, state):
            state[S_TROUBLE] |= BAD_EVENT
            break
        happen(u, event, units, events, state, level, due, beside)
        event += 1
    return epoch - first_epoch, row - first_row


def _share_out(
    starts: bool, periods: int, cash: int, accrued: int, unamortised: int, final: int,
    due: Ints, state: Room,
) -> None:  # fmt: skip  # noqa: FBT001
    """What is level in an epoch: what is left of income and costs, or the old shares go on."""
    unchanged = (
        not starts
        and state[S_SAME] & 1 == 1
        and state[S_CHANGE] == 0
        and state[S_PENALTY] == 0
        and final == state[S_FINAL_BEFORE]
    )
    if unchanged:
        gone = state[S_OLD_PERIODS] - periods
        state[S_GONE] += gone
        state[S_COST_GONE] += gone
        return
    total = cash - accrued
    for k in range(periods):
        total += due[k]
    state[S_TOTAL], state[S_GONE], state[S_WHOLE] = total, 0, periods
    state[S_COST_TOTAL], state[S_COST_GONE], state[S_COST_WHOLE] = unamortised, 0, periods


def invested(
    u: int, row: int, epoch: int, units: Ints, steps: Ints, events: Ints, day_rates: Ints,
    month_first: Ints, base_month: int, state: Room, level: Room, due: Room, beside: Room, dues: Room,
    numerator: Room, one: Room, payment: Room, variable: Room, interest: Room, closing: Room, cost: Room, reduction: Room, epochs: Room,
) -> tuple[int, int]:  # fmt: skip
    """
    One net investment of a lessor: day one, unwinding and the asset's return, by epoch.

    Source: ASC 842-30-30-1, 842-30-35-1, 842-10-25-16, 842-10-25-17; IFRS 16.67, 16.75, 16.80.

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
        one: Room for one number.
        payment: Per row, written; likewise the columns that follow.
        variable: Per row.
        interest: Per row, on the receivable.
        closing: Per row, the receivable.
        cost: Per row, deferred profit released.
        reduction: Per row, accretion of the residual.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are.
    """
    base = u * UNIT
    advance = units[base + ADVANCE]
    event, last_event = units[base + EVENT_FIRST], units[base + EVENT_LAST]
    first_row, first_epoch = row, epoch
    sure, free = units[base + GUARANTEED], units[base + UNGUARANTEED]
    day_one = commence(u, units, steps, state, level, due, beside)
    receivable, residual, deferred = 0, 0, 0
    while True:
        periods = state[S_PERIODS]
        final = state[S_RESIDUAL] + state[S_PRICE]
        live, ends, event = lived(u, event, units, events, state)
        opened(epoch, u, live, row, state, epochs)
        at = epoch * EPOCH
        if epoch == first_epoch:
            rate_step = rates_of(u, units, state, day_rates, month_first, base_month, numerator)
            receivable, residual, deferred, rate_step = _commence(
                u, at, day_one, rate_step, units, state, due, dues, numerator, one, epochs
            )
        else:
            rate_step = _rates_in_use(
                u, units, state, day_rates, month_first, base_month, numerator
            )
            receivable, residual, deferred, rate_step = _go_on(
                u, at, receivable, residual, deferred, rate_step, final, units, state, due, dues,
                numerator, one, epochs,
            )  # fmt: skip
        epochs[at + OPEN_LIABILITY], epochs[at + OPEN_ASSET] = receivable, residual
        rate_unit = state[S_RATE_UNIT]
        # The residual, to which nothing is paid; then the whole, and last the receivable, whose
        # balance stays in the column.
        paid, varied = window(payment, row, live), window(variable, row, live)
        earned, left = window(interest, row, live), window(closing, row, live)
        released, accreted = window(cost, row, live), window(reduction, row, live)
        for k in range(live):
            paid[k] = 0
        for k in range(live):
            varied[k] = beside[k]
        true_up = accrue_rows(0, live, periods, advance, residual, free, rate_unit, numerator, 0,
                              rate_step, paid, accreted, left)  # fmt: skip
        _check(true_up, periods, numerator, rate_step, rate_unit, state)
        for k in range(live):
            paid[k] = due[k]
        for k in range(live):
            released[k] = 0
        if deferred:
            one[0] = state[S_NET_RATE]
            net = receivable + residual - deferred
            true_up = accrue_rows(0, live, periods, advance, net, sure + free, RATE_UNIT, one, 0,
                                  0, paid, released, left)  # fmt: skip
            _check(true_up, periods, one, 0, RATE_UNIT, state)
        true_up = accrue_rows(0, live, periods, advance, receivable, sure, rate_unit, numerator, 0,
                              rate_step, paid, earned, left)  # fmt: skip
        _check(true_up, periods, numerator, rate_step, rate_unit, state)
        if deferred:
            for k in range(live):
                released[k] -= earned[k] + accreted[k]
                deferred -= released[k]
        for k in range(live):
            residual += accreted[k]
        if live:
            receivable = left[live - 1]
        if event == last_event:
            epochs[at + CLOSED_OUT] = 1
            if periods and ends:
                epochs[at + LAST_PAYMENT] = final
                epochs[at + RECEIVABLE_END] = sure - final
                epochs[at + RESIDUAL_END] = free
        row += live
        epoch += 1
        if event == last_event:
            break
        if not possible(u, event, units, events, state):
            state[S_TROUBLE] |= BAD_EVENT
            break
        happen(u, event, units, events, state, level, due, beside)
        event += 1
    return epoch - first_epoch, row - first_row


def _rates_in_use(
    u: int, units: Ints, state: Ints, day_rates: Ints, month_first: Ints, base_month: int,
    numerator: Room,
) -> int:  # fmt: skip
    """The rates of a net investment that goes on; by days only while the stated one is in use."""
    stated = (
        state[S_STATED] == 1
        and state[S_NUMERATOR] == state[S_RATE]
        and state[S_DENOMINATOR] == state[S_RATE_UNIT]
    )
    if stated:
        return rates_of(u, units, state, day_rates, month_first, base_month, numerator)
    numerator[0] = state[S_RATE]
    return 0


def _check(
    true_up: int, periods: int, numerator: Ints, rate_step: int, denominator: int, state: Room
) -> None:
    if true_up and not explained(
        true_up, periods, state[S_WALKED], numerator, rate_step, denominator
    ):
        state[S_TROUBLE] |= TRUE_UP


def _worth(
    periods: int, advance: int, due: Ints, final: int, rate_step: int, dues: Room,
    numerator: Ints, state: Room,
) -> int:  # fmt: skip
    """Present value of payments and of what is due at the end, at the rate in use."""
    dues_of(periods, advance, due, final, dues)
    return _rounded(periods, rate_step, dues, numerator, state)


def _worth_of_end(
    periods: int, final: int, rate_step: int, dues: Room, numerator: Ints, state: Room
) -> int:
    """Present value of an amount at the end alone, at the rate in use."""
    for k in range(periods):
        dues[k] = 0
    dues[periods] = final
    return _rounded(periods, rate_step, dues, numerator, state)


def _rounded(periods: int, rate_step: int, dues: Ints, numerator: Ints, state: Room) -> int:
    found, doubt = near_value(dues, periods, numerator, rate_step, state[S_RATE_UNIT])
    if doubt:
        state[S_TROUBLE] |= DOUBT
    return found


def _solved(
    periods: int, advance: int, due: Ints, final: int, worth: int, dues: Room, one: Room,
    state: Room,
) -> int:  # fmt: skip
    """The rate implicit in what is due, of 10^-15 per period."""
    dues_of(periods, advance, due, final, dues)
    rate, trouble = near_rate(dues, periods, worth, one)
    if trouble == 1:
        state[S_TROUBLE] |= DOUBT
    elif trouble:
        state[S_TROUBLE] |= NO_RATE
    return rate


def _commence(
    u: int, at: int, day_one: int, rate_step: int, units: Ints, state: Room, due: Ints,
    dues: Room, numerator: Room, one: Room, epochs: Room,
) -> tuple[int, int, int, int]:  # fmt: skip
    """
    Day one of a net investment.

    Source: ASC 842-30-25-1, 842-30-25-7, 842-30-25-8, 842-30-30-1, 842-30-30-2; IFRS 16.67 to
    16.71.
    """
    base = u * UNIT
    periods, advance = state[S_PERIODS], units[base + ADVANCE]
    sure, free = units[base + GUARANTEED], units[base + UNGUARANTEED]
    costs, defers = units[base + DIRECT_COSTS], units[base + KIND] == DIRECT
    in_rate = 0 if units[base + EXPENSED] else costs
    cash = units[base + PREPAID] + day_one - units[base + INCENTIVES]
    state[S_WALKED] = 0
    state[S_RATE], state[S_RATE_UNIT] = state[S_NUMERATOR], state[S_DENOMINATOR]
    state[S_STATED] = 1
    if not units[base + RATE_GIVEN]:
        worth = units[base + WORTH] + in_rate - cash
        rate = _solved(periods, advance, due, sure + free, worth, dues, one, state)
        state[S_RATE], state[S_RATE_UNIT], state[S_STATED] = rate, RATE_UNIT, 0
        numerator[0] = rate
        rate_step = 0
    receivable = _worth(periods, advance, due, sure, rate_step, dues, numerator, state)
    residual = _worth_of_end(periods, free, rate_step, dues, numerator, state)
    profit = receivable + residual + cash - units[base + CARRYING] - in_rate
    deferred = max(0, profit) if defers else 0
    taken = profit - deferred
    gross = taken != 0 and units[base + HAS_PROFIT] == 1 and not defers
    epochs[at + RECEIVABLE], epochs[at + RESIDUAL_ASSET] = receivable, residual
    epochs[at + DERECOGNISED] = units[base + CARRYING]
    epochs[at + REVENUE] = receivable + cash - in_rate if gross else 0
    epochs[at + COST_OF_GOODS] = units[base + CARRYING] - residual if gross else 0
    epochs[at + PROFIT] = taken
    epochs[at + NET_PROFIT] = 0 if gross else taken
    epochs[at + DEFERRED] = deferred
    epochs[at + COSTS] = costs
    epochs[at + COSTS_EXPENSED] = costs - in_rate
    epochs[at + COSTS_IN_RATE] = in_rate
    epochs[at + PAID_BEFORE] = units[base + PREPAID]
    epochs[at + FIRST_RENT] = day_one
    epochs[at + INCENTIVE] = units[base + INCENTIVES]
    if deferred:
        net = receivable + residual - deferred
        state[S_NET_RATE] = _solved(
            periods, advance, due, sure + free, net, dues, one, state
        )
    return receivable, residual, deferred, rate_step


def _go_on(
    u: int, at: int, receivable: int, residual: int, deferred: int, rate_step: int, final: int,
    units: Ints, state: Room, due: Ints, dues: Room, numerator: Room, one: Room, epochs: Room,
) -> tuple[int, int, int, int]:  # fmt: skip
    """
    A change of terms: US GAAP keeps the net investment and solves the rate, IFRS the reverse.

    Source: ASC 842-10-25-15 to 25-17; IFRS 16.79, 16.80.
    """
    base = u * UNIT
    periods, advance = state[S_PERIODS], units[base + ADVANCE]
    sure, free = units[base + GUARANTEED], units[base + UNGUARANTEED]
    epochs[at + PENALTY] = state[S_PENALTY]
    if state[S_CHANGE] == ENDED:
        epochs[at + RECEIVABLE_BACK], epochs[at + RESIDUAL_BACK] = receivable, residual
        epochs[at + DEFERRED] = -deferred
        return 0, 0, 0, 0
    unchanged = (
        state[S_SAME] & 1 == 1 and state[S_CHANGE] == 0 and final == state[S_FINAL_BEFORE]
    )
    if unchanged:
        state[S_WALKED] += state[S_OLD_PERIODS] - periods
        return receivable, residual, deferred, rate_step
    state[S_WALKED] = 0
    before = receivable + residual - deferred
    if units[base + INTERNATIONAL]:
        net = _worth(periods, advance, due, sure + free, rate_step, dues, numerator, state)
    else:
        net = sure + free
        for k in range(periods):
            net += due[k]
        net = min(before, net)
        rate = _solved(periods, advance, due, sure + free, net, dues, one, state)
        state[S_RATE], state[S_RATE_UNIT], state[S_STATED] = rate, RATE_UNIT, 0
        numerator[0] = rate
        rate_step = 0
    left = _worth_of_end(periods, free, rate_step, dues, numerator, state)
    gained = net - before
    epochs[at + RECEIVABLE] = net - left - receivable - gained
    epochs[at + RESIDUAL_ASSET] = left - residual
    epochs[at + CHANGE_GAIN] = gained
    epochs[at + DEFERRED] = -deferred
    return net - left, left, 0, rate_step
