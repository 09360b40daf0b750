"""
The loop over units: into rows and epochs, and from there into flows by month.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.given import Given, Ints, Ledger, Room, Rows, Written, unit_of
from leasebook.portfolio.investment import invested
from leasebook.portfolio.letting import letting
from leasebook.portfolio.post import begin, post
from leasebook.portfolio.walk import lessee


def walk(
    u: int, row: int, epoch: int, given: Given, room: Room, rows: Rows, epochs: Written
) -> tuple[int, int]:
    """
    One unit of either side into rows and epochs.

    Args:
        u: Position of the unit.
        row: Its first row.
        epoch: Its first epoch.
        given: The leases.
        room: Room for one unit; its state says afterwards what trouble there was.
        rows: Written.
        epochs: Records, written.

    Returns:
        How many epochs and how many rows there are.
    """
    room.state[r.S_TROUBLE] = 0
    kind = unit_of(u, given)[r.KIND]
    if kind <= r.IFRS_LESSEE:
        return lessee(u, row, epoch, given, room, rows, epochs)
    if kind == r.LETTING:
        return letting(u, row, epoch, given, room, rows, epochs)
    return invested(u, row, epoch, given, room, rows, epochs)


def run(
    chosen: Ints,
    row_first: Ints,
    epoch_first: Ints,
    given: Given,
    room: Room,
    rows: Rows,
    epochs: Written,
    ledger: Ledger,
    opening: Written,
    counts: Written,
    trouble: Written,
) -> None:
    """
    Some units.

    Args:
        chosen: Positions of units.
        row_first: First row of each among `chosen`; the same for all, where rows are not kept.
        epoch_first: First epoch of each, likewise.
        given: The leases.
        room: Room for one unit.
        rows: Written.
        epochs: Records, written.
        ledger: Added to; nothing of a unit with trouble.
        opening: For each among `chosen`, both balances once it has commenced; written.
        counts: For each among `chosen`, epochs and rows; written.
        trouble: For each among `chosen`, what `walk` says.
    """
    for k in range(len(chosen)):
        u, epoch = chosen[k], epoch_first[k]
        count, lived = walk(u, row_first[k], epoch, given, room, rows, epochs)
        counts[2 * k] = count
        counts[2 * k + 1] = lived
        found = room.state[r.S_TROUBLE]
        trouble[k] = found
        opening[2 * k] = epochs[epoch * r.EPOCH + r.OPEN_LIABILITY]
        opening[2 * k + 1] = epochs[epoch * r.EPOCH + r.OPEN_ASSET]
        if ledger.months and found == 0:
            begin(room.state)
            for e in range(epoch, epoch + count):
                post(e, given, room, epochs, rows, ledger)
