"""
Net investments of lessors, many at once: day one, unwinding and the asset's return, by epoch.

The transitions are those of `measure.net_investment`, on flat records; the rows are the kernel's.
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
    Room,
    Rows,
    Written,
    emptied,
    epoch_of,
    part_of,
    summed,
    unit_of,
)
from leasebook.portfolio.state import paid_by_start, received
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.portfolio.walk import check, opened, rounded
from leasebook.reckoning.bounded import near_rate
from leasebook.reckoning.kernel import accrue_rows


def invested(
    u: int, row: int, epoch: int, given: Given, room: Room, rows: Rows, epochs: Written
) -> tuple[int, int]:
    """
    One net investment of a lessor.

    Source: ASC 842-30-30-1, 842-30-35-1, 842-10-25-16, 842-10-25-17; IFRS 16.67, 16.75, 16.80.

    Args:
        u: Position of the unit.
        row: Its first row.
        epoch: Its first epoch.
        given: The leases.
        room: Room for one unit.
        rows: Written; `closing` is the receivable, `cost` profit released, `reduction` by how much
            the residual grows.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are.
    """
    unit, state = unit_of(u, given), room.state
    event, last_event = unit[r.EVENT_FIRST], unit[r.EVENT_LAST]
    first_row, first_epoch = row, epoch
    sure, free = unit[r.GUARANTEED], unit[r.UNGUARANTEED]
    day_one = commence(u, given, room)
    receivable, residual, deferred = 0, 0, 0
    while True:
        final = state[r.S_RESIDUAL] + state[r.S_PRICE]
        live, ends, event = lived(u, event, given, state)
        record = epoch_of(epoch, epochs)
        opened(u, live, row, state, record)
        if epoch == first_epoch:
            receivable, residual, deferred, rate_step = _commence(u, day_one, given, room, record)
        else:
            receivable, residual, deferred, rate_step = _go_on(
                u, receivable, residual, deferred, final, given, room, record
            )
        record[r.OPEN_LIABILITY] = receivable
        record[r.OPEN_ASSET] = residual
        part = part_of(rows, row, live)
        _unwind(u, live, rate_step, receivable, residual, deferred, given, room, part)
        residual += summed(part.reduction, live)
        deferred -= summed(part.cost, live)
        if live:
            receivable = part.closing[live - 1]
        row += live
        epoch += 1
        if event == last_event:
            record[r.CLOSED_OUT] = 1
            if state[r.S_PERIODS] and ends:
                record[r.LAST_PAYMENT] = final
                record[r.RECEIVABLE_END] = sure - final
                record[r.RESIDUAL_END] = free
            break
        if not possible(u, event, given, state):
            state[r.S_TROUBLE] |= r.BAD_EVENT
            break
        happen(u, event, given, room)
        event += 1
    return epoch - first_epoch, row - first_row


def _unwind(
    u: int, live: int, rate_step: int, receivable: int, residual: int, deferred: int,
    given: Given, room: Room, part: Rows,
) -> None:  # fmt: skip
    """
    Interest, accretion and released profit of the periods that are lived.

    Source: ASC 842-30-35-1; IFRS 16.75.
    """
    unit, state, one = unit_of(u, given), room.state, room.one
    advance, periods = unit[r.ADVANCE], state[r.S_PERIODS]
    sure, free = unit[r.GUARANTEED], unit[r.UNGUARANTEED]
    denominator, numerator = state[r.S_RATE_UNIT], room.numerator
    # The residual, to which nothing is paid; then the whole; last the receivable, whose balance
    # stays in the column.
    emptied(part.payment, live)
    true_up = accrue_rows(0, live, periods, advance, residual, free, denominator, numerator, 0,
                          rate_step, part.payment, part.reduction, part.closing)  # fmt: skip
    check(true_up, rate_step, denominator, room, numerator)
    fall_due(live, room, part)
    emptied(part.cost, live)
    if deferred:
        one[0] = state[r.S_NET_RATE]
        net = receivable + residual - deferred
        true_up = accrue_rows(0, live, periods, advance, net, sure + free, RATE_UNIT, one, 0, 0,
                              part.payment, part.cost, part.closing)  # fmt: skip
        check(true_up, 0, RATE_UNIT, room, one)
    true_up = accrue_rows(0, live, periods, advance, receivable, sure, denominator, numerator, 0,
                          rate_step, part.payment, part.interest, part.closing)  # fmt: skip
    check(true_up, rate_step, denominator, room, numerator)
    if deferred:
        cost = part.cost
        for k in range(live):
            cost[k] -= part.interest[k] + part.reduction[k]


def _worth(u: int, final: int, rate_step: int, given: Given, room: Room) -> int:
    """Present value of payments and of what is due at the end, at the rate in use."""
    periods = room.state[r.S_PERIODS]
    dues_of(periods, unit_of(u, given)[r.ADVANCE], final, room)
    return rounded(periods, rate_step, room.state[r.S_RATE_UNIT], room)


def _worth_of_end(final: int, rate_step: int, room: Room) -> int:
    """Present value of an amount at the end alone, at the rate in use."""
    periods = room.state[r.S_PERIODS]
    if final == 0:
        return 0
    emptied(room.dues, periods)
    room.dues[periods] = final
    return rounded(periods, rate_step, room.state[r.S_RATE_UNIT], room)


def _solved(u: int, worth: int, given: Given, room: Room) -> int:
    """The rate implicit in payments and residuals, of 10^-15 per period."""
    unit, state = unit_of(u, given), room.state
    residual = unit[r.GUARANTEED] + unit[r.UNGUARANTEED]
    dues_of(state[r.S_PERIODS], unit[r.ADVANCE], residual, room)
    rate, trouble = near_rate(room.dues, state[r.S_PERIODS], worth, room.lengths)
    if trouble:
        state[r.S_TROUBLE] |= r.DOUBT if trouble == 1 else r.NO_RATE
    return rate


def _take_rate(rate: int, room: Room) -> None:
    """A solved rate is in use."""
    state = room.state
    state[r.S_RATE] = rate
    state[r.S_RATE_UNIT] = RATE_UNIT
    state[r.S_STATED] = 0
    room.numerator[0] = rate


def _rates_in_use(u: int, given: Given, room: Room) -> int:
    """The rates of a net investment that goes on; by days only while the stated one is in use."""
    state = room.state
    stated = (
        state[r.S_STATED] == 1
        and state[r.S_NUMERATOR] == state[r.S_RATE]
        and state[r.S_DENOMINATOR] == state[r.S_RATE_UNIT]
    )
    if stated:
        return rates_of(u, given, room)
    room.numerator[0] = state[r.S_RATE]
    return 0


def _commence(
    u: int, day_one: int, given: Given, room: Room, record: Written
) -> tuple[int, int, int, int]:
    """
    Day one of a net investment: receivable, residual, deferred profit, and the step of rates.

    Source: ASC 842-30-25-1, 842-30-25-7, 842-30-25-8, 842-30-30-1, 842-30-30-2; IFRS 16.67 to
    16.71.
    """
    unit, state = unit_of(u, given), room.state
    costs, carrying = unit[r.DIRECT_COSTS], unit[r.CARRYING]
    in_rate = 0 if unit[r.EXPENSED] else costs
    cash = paid_by_start(unit, day_one, record)
    rate_step = rates_of(u, given, room)
    state[r.S_WALKED] = 0
    state[r.S_RATE] = state[r.S_NUMERATOR]
    state[r.S_RATE_UNIT] = state[r.S_DENOMINATOR]
    state[r.S_STATED] = 1
    if not unit[r.RATE_GIVEN]:
        rate = unit[r.SOLVED]
        if rate < 0:
            rate = _solved(u, unit[r.WORTH] + in_rate - cash, given, room)
        _take_rate(rate, room)
        rate_step = 0
    receivable = _worth(u, unit[r.GUARANTEED], rate_step, given, room)
    residual = _worth_of_end(unit[r.UNGUARANTEED], rate_step, room)
    profit = receivable + residual + cash - carrying - in_rate
    defers = unit[r.KIND] == r.DIRECT
    deferred = max(0, profit) if defers else 0
    taken = profit - deferred
    record[r.RECEIVABLE] = receivable
    record[r.RESIDUAL_ASSET] = residual
    record[r.DERECOGNISED] = carrying
    record[r.PROFIT] = taken
    record[r.DEFERRED] = deferred
    record[r.COSTS] = costs
    record[r.COSTS_EXPENSED] = costs - in_rate
    record[r.COSTS_IN_RATE] = in_rate
    if taken != 0 and unit[r.HAS_PROFIT] == 1 and not defers:
        record[r.REVENUE] = receivable + cash - in_rate
        record[r.COST_OF_GOODS] = carrying - residual
    else:
        record[r.NET_PROFIT] = taken
    if deferred:
        state[r.S_NET_RATE] = _solved(u, receivable + residual - deferred, given, room)
    return receivable, residual, deferred, rate_step


def _go_on(
    u: int, receivable: int, residual: int, deferred: int, final: int, given: Given,
    room: Room, record: Written,
) -> tuple[int, int, int, int]:  # fmt: skip
    """
    A change of terms: US GAAP keeps the net investment and solves the rate, IFRS the reverse.

    Source: ASC 842-10-25-15 to 25-17; IFRS 16.79, 16.80.
    """
    unit, state = unit_of(u, given), room.state
    sure, free = unit[r.GUARANTEED], unit[r.UNGUARANTEED]
    record[r.PENALTY] = state[r.S_PENALTY]
    if state[r.S_CHANGE] == r.ENDED:
        record[r.RECEIVABLE_BACK] = receivable
        record[r.RESIDUAL_BACK] = residual
        record[r.DEFERRED] = -deferred
        return 0, 0, 0, 0
    periods = state[r.S_PERIODS]
    rate_step = _rates_in_use(u, given, room)
    same = state[r.S_SAME] & 1 == 1 and state[r.S_CHANGE] == 0
    cash = received(state, record)
    if same and final == state[r.S_FINAL_BEFORE] and cash == 0:
        state[r.S_WALKED] += state[r.S_OLD_PERIODS] - periods
        return receivable, residual, deferred, rate_step
    state[r.S_WALKED] = 0
    before = receivable + residual - deferred - cash
    if unit[r.INTERNATIONAL]:
        net = _worth(u, sure + free, rate_step, given, room)
    else:
        # What the new terms cannot repay even without interest is lost at once.
        net = min(before, sure + free + summed(room.due, periods))
        _take_rate(_solved(u, net, given, room), room)
        rate_step = 0
    left = _worth_of_end(free, rate_step, room)
    gained = net - before
    record[r.RECEIVABLE] = net - left - receivable - gained
    record[r.RESIDUAL_ASSET] = left - residual
    record[r.CHANGE_GAIN] = gained
    record[r.DEFERRED] = -deferred
    return net - left, left, 0, rate_step
