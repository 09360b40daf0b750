"""
The loop over schedules that tells apart what payments pay of interest.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.given import Ints, Rows, Written


def paid_by_month(
    chosen: Ints,
    places: Ints,
    ended: Ints,
    units: Ints,
    epochs: Ints,
    epoch_first: Ints,
    counts: Ints,
    rows: Rows,
    base_month: int,
    months: int,
    cells: Written,
) -> None:
    """
    The interest that payments pay, into cells by place and month.

    Source: ASC 842-20-45-5; IFRS 16.50. A payment first settles the interest accrued and not yet
    paid; what is left when the schedule ends is paid by the last balance.

    Args:
        chosen: Positions of units.
        places: Of each among `chosen`; -1 if its interest is not told apart.
        ended: For each, 1 if it was terminated: then nothing is paid by the last balance.
        units: Records.
        epochs: Records.
        epoch_first: First epoch of each among `chosen`.
        counts: For each, epochs and rows.
        rows: Of the epochs.
        base_month: Of the grid.
        months: Of the grid.
        cells: Added to.
    """
    payment, interest, closing = rows.payment, rows.interest, rows.closing
    for k in range(len(chosen)):
        if places[k] < 0:
            continue
        base = chosen[k] * r.UNIT
        opens = places[k] * months + units[base + r.MONTH] - base_month
        every, advance = units[base + r.EVERY], units[base + r.ADVANCE]
        short = 1 if units[base + r.DAY] == 1 else 0
        unpaid, before, row, end = 0, 0, -1, 0
        for e in range(epoch_first[k], epoch_first[k] + counts[2 * k]):
            at = e * r.EPOCH
            if epochs[at + r.OF_KIND] == r.OPERATING:
                # Of another class than its interest is told of: what was unpaid passes on with it.
                unpaid, before, row = 0, 0, -1
                continue
            first, begins = epochs[at + r.FIRST_ROW], epochs[at + r.BEGINS]
            for i in range(epochs[at + r.LIVE]):
                row = first + i
                opened = opens + every * (begins + i)
                end = opened + every - short
                owed = unpaid + (before if advance == 1 else interest[row])
                before = interest[row]
                unpaid = max(owed - payment[row], 0)
                cells[opened if advance == 1 else end] += owed - unpaid
        if row >= 0 and ended[k] == 0 and closing[row] > 0:
            rest = unpaid + (before if advance == 1 else 0)
            if rest > 0:
                cells[end] += rest
