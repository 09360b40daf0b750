"""
The loops over units: to flows by month with nothing kept, or to whole schedules.
"""

from collections.abc import MutableSequence, Sequence

from leasebook.portfolio.letting import invested, letting
from leasebook.portfolio.post import post
from leasebook.portfolio.records import (
    EPOCH,
    IFRS_LESSEE,
    KIND,
    LETTING,
    OPEN_ASSET,
    OPEN_LIABILITY,
    S_TROUBLE,
    UNIT,
)
from leasebook.portfolio.walk import lessee

Ints = Sequence[int]
Room = MutableSequence[int]


def walk(
    u: int, row: int, epoch: int, units: Ints, steps: Ints, events: Ints, day_rates: Ints,
    month_first: Ints, base_month: int, state: Room, level: Room, due: Room, beside: Room,
    dues: Room, numerator: Room, one: Room, payment: Room,
    variable: Room, interest: Room, closing: Room, cost: Room, reduction: Room, epochs: Room,
) -> tuple[int, int]:  # fmt: skip
    """
    One unit of either side into rows and epochs.

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
        state: Room; says afterwards what trouble there was.
        level: Room, as long as the longest lease; likewise the rooms that follow.
        due: Room.
        beside: Room.
        dues: Room, one longer.
        numerator: Room.
        one: Room for one number.
        payment: Per row, written; likewise the columns that follow.
        variable: Per row.
        interest: Per row.
        closing: Per row.
        cost: Per row.
        reduction: Per row.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are.
    """
    state[S_TROUBLE] = 0
    kind = units[u * UNIT + KIND]
    if kind <= IFRS_LESSEE:
        return lessee(
            u, row, epoch, units, steps, events, day_rates, month_first, base_month, state, level,
            due, beside, dues, numerator, payment, variable, interest, closing, cost, reduction,
            epochs,
        )  # fmt: skip
    if kind == LETTING:
        return letting(
            u, row, epoch, units, steps, events, state, level, due, beside, payment, variable,
            interest, closing, cost, reduction, epochs,
        )  # fmt: skip
    return invested(
        u, row, epoch, units, steps, events, day_rates, month_first, base_month, state, level, due,
        beside, dues, numerator, one, payment, variable, interest, closing,
        cost, reduction, epochs,
    )  # fmt: skip


def run(
    first: int, last: int, chosen: Ints, row_first: Ints, epoch_first: Ints, units: Ints,
    steps: Ints, events: Ints, day_rates: Ints, month_first: Ints, base_month: int, months: int,
    slots: Ints, state: Room, level: Room, due: Room, beside: Room, dues: Room, numerator: Room,
    one: Room, payment: Room, variable: Room, interest: Room, closing: Room, cost: Room,
    reduction: Room, epochs: Room, ledger: Room, opening: Room, counts: Room, trouble: Room,
) -> None:  # fmt: skip
    """
    Some units into rows and epochs, and from there into flows by month.

    Args:
        first: Position of the first among `chosen`.
        last: The one after the last.
        chosen: Positions of units.
        row_first: First row of each among `chosen`; the same for all, where rows are not kept.
        epoch_first: First epoch of each, likewise.
        units: As for `walk`, like all that is not named here.
        months: How many months the ledger has; 0 if there is none.
        slots: Place in the ledger by 8 times the unit's slot plus the schedule.
        ledger: Added to; nothing of a unit with trouble.
        opening: For each unit, both balances once it has commenced; written.
        counts: For each among `chosen`, epochs and rows; written.
        trouble: For each unit, what `walk` says.
    """
    for k in range(first, last):
        u, epoch = chosen[k], epoch_first[k]
        count, rows = walk(
            u, row_first[k], epoch, units, steps, events, day_rates, month_first, base_month,
            state, level, due, beside, dues, numerator, one, payment, variable, interest, closing,
            cost, reduction, epochs,
        )  # fmt: skip
        counts[2 * k], counts[2 * k + 1] = count, rows
        trouble[u] = state[S_TROUBLE]
        opening[2 * u] = epochs[epoch * EPOCH + OPEN_LIABILITY]
        opening[2 * u + 1] = epochs[epoch * EPOCH + OPEN_ASSET]
        if months and state[S_TROUBLE] == 0:
            for e in range(epoch, epoch + count):
                post(
                    e, units, epochs, slots, month_first, base_month, months, payment, variable,
                    interest, cost, reduction, ledger,
                )  # fmt: skip
