"""
Operating leases of lessors, many at once: level income and direct costs, by epoch.

The transitions are those of `measure.lessor_epochs`, on flat records; the rows are the kernel's.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.course import commence, fall_due, happen, lived, possible
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
from leasebook.portfolio.state import alters, paid_by_start, received
from leasebook.portfolio.walk import opened
from leasebook.reckoning.kernel import level_rows


def letting(
    u: int, row: int, epoch: int, given: Given, room: Room, rows: Rows, epochs: Written
) -> tuple[int, int]:
    """
    One operating lease of a lessor.

    Source: ASC 842-30-25-11, 842-10-25-15; IFRS 16.81, 16.83, 16.87.

    Args:
        u: Position of the unit.
        row: Its first row.
        epoch: Its first epoch.
        given: The leases.
        room: Room for one unit.
        rows: Written; `cost` is income, `reduction` direct costs, `closing` rent deferred.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are.
    """
    unit, state = unit_of(u, given), room.state
    event, last_event = unit[r.EVENT_FIRST], unit[r.EVENT_LAST]
    first_row, first_epoch = row, epoch
    day_one = commence(u, given, room)
    accrued, unamortised = 0, unit[r.DIRECT_COSTS]
    while True:
        periods, final = state[r.S_PERIODS], state[r.S_RESIDUAL] + state[r.S_PRICE]
        live, ends, event = lived(u, event, given, state)
        record = epoch_of(epoch, epochs)
        opened(u, live, row, state, record)
        if epoch == first_epoch:
            cash = paid_by_start(unit, day_one, record)
            record[r.COSTS] = unamortised
        else:
            cash = received(state, record)
        record[r.PENALTY] = state[r.S_PENALTY]
        if not periods:
            record[r.COSTS_LOST] = unamortised
        if state[r.S_CHANGE] == r.ENDED:
            record[r.ACCRUED_LOST] = accrued
        starts = 1 if epoch == first_epoch else 0
        _share_out(1 if starts or cash else 0, cash - accrued, unamortised, final, room)
        part = part_of(rows, row, live)
        fall_due(live, room, part)
        emptied(part.interest, live)
        accrued -= cash + record[r.ACCRUED_LOST]
        record[r.OPEN_ASSET] = accrued
        income, costs = _shares(live, room, part)
        _running(live, -accrued, part)
        accrued += income - summed(room.due, live)
        unamortised -= costs if periods else unamortised
        if ends:
            record[r.LAST_PAYMENT] = final if periods else 0
            record[r.CLOSED_OUT] = 1
        row += live
        epoch += 1
        if event == last_event:
            break
        if not possible(u, event, given, state):
            state[r.S_TROUBLE] |= r.BAD_EVENT
            break
        happen(u, event, given, room)
        event += 1
    return epoch - first_epoch, row - first_row


def _shares(live: int, room: Room, part: Rows) -> tuple[int, int]:
    """Income and direct costs of the periods that are lived, written; returns their sums."""
    state = room.state
    if not live:
        return 0, 0
    income = level_rows(0, live, state[r.S_TOTAL], state[r.S_GONE], state[r.S_WHOLE], part.cost)
    costs = level_rows(
        0, live, state[r.S_COST_TOTAL], state[r.S_COST_GONE], state[r.S_COST_WHOLE], part.reduction
    )
    return income, costs


def _running(live: int, deferred: int, part: Rows) -> None:
    """Rent deferred at the close of each period, negative where it is accrued."""
    closing = part.closing
    for k in range(live):
        deferred += part.payment[k] - part.cost[k]
        closing[k] = deferred


def _share_out(anew: int, owed: int, unamortised: int, final: int, room: Room) -> None:
    """What is level in an epoch: what is left of income and costs, or the old shares go on."""
    state = room.state
    periods = state[r.S_PERIODS]
    same = state[r.S_SAME] & 1 == 1 and not alters(state) and final == state[r.S_FINAL_BEFORE]
    if same and not anew:
        gone = state[r.S_OLD_PERIODS] - periods
        state[r.S_GONE] += gone
        state[r.S_COST_GONE] += gone
        return
    state[r.S_TOTAL] = owed + summed(room.due, periods)
    state[r.S_COST_TOTAL] = unamortised
    state[r.S_GONE] = state[r.S_COST_GONE] = 0
    state[r.S_WHOLE] = state[r.S_COST_WHOLE] = periods
