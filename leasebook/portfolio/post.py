"""
From the rows and epochs of a unit to flows by month: what moves on which day, by days of use.

The amounts of a period are allocated to the month ends inside it and to its last day as
`measure.lease_periods` does it, rounding the cumulative amount.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.course import day_of
from leasebook.portfolio.given import (
    Given,
    Ints,
    Ledger,
    Room,
    Rows,
    Written,
    emptied,
    part_of,
    window,
)
from leasebook.portfolio.paid import post_paid
from leasebook.reckoning.rounding import scale_by

#: Days of the shortest month, less one: a day after it can be a month's last.
_SHORTEST = 27


def post(e: int, given: Given, room: Room, epochs: Ints, rows: Rows, ledger: Ledger) -> None:
    """
    One epoch into the ledger.

    Source: ASC 842-20-25-6; IFRS 16.31, 16.36. The grid of months is that of reports.

    Args:
        e: Position of the epoch.
        given: The leases.
        room: Of the unit, whose walk is over.
        epochs: Records of epochs.
        rows: Of the epochs.
        ledger: Added to.
    """
    at, months, cells = e * r.EPOCH, ledger.months, ledger.cells
    base, kind = epochs[at + r.OF_UNIT] * r.UNIT, epochs[at + r.OF_KIND]
    day, every = given.units[base + r.DAY], given.units[base + r.EVERY]
    live, part = epochs[at + r.LIVE], part_of(rows, epochs[at + r.FIRST_ROW], epochs[at + r.LIVE])
    place = ledger.slots[given.units[base + r.SLOT] * 8 + kind] * r.LEDGER_FLOWS * months
    opens = place + given.units[base + r.MONTH] - given.base_month + every * epochs[at + r.BEGINS]
    for flow in range(r.FLOWS):
        amount = epochs[at + flow]
        if amount != 0:
            moved = flow in (r.LIABILITY_MOVED, r.ROU_MOVED)
            cells[opens + flow * months + (every * live if moved else 0)] += amount
    cells[opens + r.COST_FLOW * months] += epochs[at + r.COST_NOW]
    if given.units[base + r.PAID_OTHERWISE]:
        post_paid(e, opens - place, place, given, epochs, part, ledger)
    if every == 1 and day == 1:
        _by_months(opens, live, part, ledger)
    else:
        advance = given.units[base + r.ADVANCE]
        _by_days(opens - place, day, every, advance, kind, place, live, given, room, part, ledger)
    if live:
        closes = opens + every * live - (1 if day == 1 else 0)
        final = epochs[at + r.LAST_PAYMENT]
        cells[closes + r.PAYMENT_FLOW * months] += final
        if kind == r.LETTING:
            # A guarantee that is paid at the end is income when it is paid.
            cells[closes + r.COST_FLOW * months] += final
        cells[closes + r.PLANT_FLOW * months] += epochs[at + r.TO_PLANT]
        cells[closes + r.RECEIVABLE_BACK * months] += epochs[at + r.RECEIVABLE_END]
        cells[closes + r.RESIDUAL_BACK * months] += epochs[at + r.RESIDUAL_END]
        if kind in (r.EXEMPT, r.OPERATING, r.LETTING):
            begin(room.state)
        else:
            month, to = opens - place, place + r.INTEREST_PAID * months
            advance = given.units[base + r.ADVANCE]
            _interest_paid(month, day, every, advance, live, to, given, room, part, cells)
            state = room.state
            rest = max(0, min(state[r.S_UNPAID] + state[r.S_ACCRUED], final))
            cells[closes - place + to] += rest
            state[r.S_UNPAID] -= rest


def begin(state: Written) -> None:
    """No interest is accrued when a unit commences."""
    state[r.S_UNPAID] = 0
    state[r.S_ACCRUED] = 0


def _interest_paid(
    month: int, day: int, every: int, advance: int, live: int, to: int, given: Given, room: Room,
    part: Rows, cells: Written,
) -> None:  # fmt: skip
    """
    What payments pay of interest: first what is accrued by the close of the day and not yet paid.

    Source: ASC 842-20-45-5; IFRS 16.50.
    """
    unpaid, before = room.state[r.S_UNPAID], room.state[r.S_ACCRUED]
    due = to + month + (0 if advance else every - (1 if day == 1 else 0))
    for k in range(live):
        earned, by_then = part.interest[k], part.interest[k]
        if advance:
            by_then = 0
            if day > _SHORTEST:
                by_then = _of_the_day(earned, month + every * k, room.dues, k, given)
        owed = unpaid + before + by_then
        before = earned - by_then
        paid = max(0, min(owed, part.payment[k]))
        unpaid = owed - paid
        cells[due + every * k] += paid
    room.state[r.S_UNPAID], room.state[r.S_ACCRUED] = unpaid, before


def _of_the_day(amount: int, month: int, begins: Ints, k: int, given: Given) -> int:
    """What is accrued on the first day of a period, where a month closes with that day."""
    if given.month_first[month + 1] - begins[k] != 1:
        return 0
    days = begins[k + 1] - begins[k]
    return scale_by(amount, 1, days, 1.0 / float(days))


def _by_months(opens: int, live: int, part: Rows, ledger: Ledger) -> None:
    """Periods that are calendar months: each amount in its month."""
    months, cells = ledger.months, ledger.cells
    _add(cells, opens + r.PAYMENT_FLOW * months, part.payment, live)
    _add(cells, opens + r.VARIABLE_FLOW * months, part.variable, live)
    _add(cells, opens + r.INTEREST_FLOW * months, part.interest, live)
    _add(cells, opens + r.COST_FLOW * months, part.cost, live)
    _add(cells, opens + r.REDUCTION_FLOW * months, part.reduction, live)


def _empty(amounts: Ints, count: int) -> bool:
    """Whether there is nothing to post; whole columns are, for most kinds of schedule."""
    found = 0
    for k in range(count):
        found |= amounts[k]
    return found == 0


def _add(cells: Written, first: int, amounts: Ints, count: int) -> None:
    if _empty(amounts, count):
        return
    at = max(0, first)
    for k in range(count):
        cells[at + k] += amounts[k]


def _by_days(
    month: int, day: int, every: int, advance: int, kind: int, place: int, live: int,
    given: Given, room: Room, part: Rows, ledger: Ledger,
) -> None:  # fmt: skip
    """Periods that are no calendar months: accruals by days of use, payments on their day."""
    months, cells = ledger.months, ledger.cells
    begins, spread, other = room.dues, room.spread, room.other
    for k in range(live + 1):
        begins[k] = day_of(month + every * k + given.base_month, day, given)
    # A period that ends with a month has its last day in the month before the next one's first.
    back = 1 if day == 1 else 0
    due = place + month + (0 if advance else every - back)
    _on_days(cells, due + r.PAYMENT_FLOW * months, part.payment, live, every)
    _on_days(cells, due + r.VARIABLE_FLOW * months, part.variable, live, every)
    to, wide, ends = place + month, every * live + 1 - back, given.month_first
    _shared(part.interest, live, month, every, back, ends, begins, spread)
    _add(cells, to + r.INTEREST_FLOW * months, spread, wide)
    _shared(part.cost, live, month, every, back, ends, begins, other)
    _add(cells, to + r.COST_FLOW * months, other, wide)
    if kind == r.OPERATING:
        # The asset falls by what the cost exceeds the interest, in each month.
        for m in range(wide):
            other[m] -= spread[m]
    else:
        _shared(part.reduction, live, month, every, back, ends, begins, other)
    _add(cells, to + r.REDUCTION_FLOW * months, other, wide)


def _on_days(cells: Written, first: int, amounts: Ints, count: int, every: int) -> None:
    if _empty(amounts, count):
        return
    at = max(0, first)
    for k in range(count):
        cells[at + every * k] += amounts[k]


def _shared(
    amounts: Ints, live: int, month: int, every: int, back: int, ends: Ints, begins: Ints,
    spread: Written,
) -> None:  # fmt: skip
    """
    Amounts of periods in the months that they lie in, by days, the cumulative rounded.

    Args:
        amounts: Of each period.
        live: How many there are.
        month: The first one's, of the grid.
        every: Months of a period.
        back: 1 if periods end with a month.
        ends: First days of the months of the grid.
        begins: First day of each period, and of the one after the last.
        spread: Months from the first one's on; written.
    """
    if _empty(amounts, live):
        emptied(spread, every * live + 1 - back)
        return
    # What a period leaves for the month in which the next one begins.
    carried = 0
    if every == 1:
        ended = window(ends, month + 1, live)
        for k in range(live):
            amount, days = amounts[k], begins[k + 1] - begins[k]
            gone = ended[k] - begins[k]
            reached = scale_by(amount, gone, days, float(gone) / float(days))
            spread[k] = carried + reached
            carried = amount - reached
        spread[live] = carried
        return
    whole_months = every - back
    for k in range(live):
        first, amount, begin_day = every * k, amounts[k], begins[k]
        days = begins[k + 1] - begin_day
        of_day = 1.0 / float(days)
        before = -carried
        carried = 0
        for m in range(first, first + whole_months):
            gone = ends[month + m + 1] - begin_day
            reached = scale_by(amount, gone, days, float(gone) * of_day)
            spread[m] = reached - before
            before = reached
        # By the last month the whole is allocated.
        if back:
            spread[first + whole_months] = amount - before
        else:
            carried = amount - before
    if not back:
        spread[every * live] = carried
