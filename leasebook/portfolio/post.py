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
    epoch_of,
    part_of,
    unit_of,
    window,
)
from leasebook.portfolio.paid import post_paid
from leasebook.reckoning.places import counted
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
    record, months, cells = epoch_of(e, epochs), ledger.months, ledger.cells
    unit, kind = unit_of(record[r.OF_UNIT], given), record[r.OF_KIND]
    day, every = unit[r.DAY], unit[r.EVERY]
    live, part = record[r.LIVE], part_of(rows, record[r.FIRST_ROW], record[r.LIVE])
    own = ledger.slots[unit[r.SLOT] * 8 + kind]
    place = own * r.LEDGER_FLOWS * months
    opens = place + unit[r.MONTH] - given.base_month + every * record[r.BEGINS]
    for flow in range(r.FLOWS):
        amount = record[flow]
        if amount != 0:
            moved = flow in (r.LIABILITY_MOVED, r.ROU_MOVED)
            cells[opens + flow * months + (every * live if moved else 0)] += amount
    cells[opens + r.COST_FLOW * months] += record[r.COST_NOW]
    if unit[r.PAID_OTHERWISE]:
        post_paid(record, opens - place, place, given, part, ledger)
    advance = unit[r.ADVANCE]
    _by_periods(opens, day, every, advance, kind, live, part, ledger)
    if every != 1 or day != 1:
        _days(opens - place, day, every, live, given, room)
        _by_days(own * r.BY_DAYS * months + opens - place, every, kind, live, room, part, ledger)
    if live:
        closes = opens + every * live - (1 if day == 1 else 0)
        final = record[r.LAST_PAYMENT]
        cells[closes + r.PAYMENT_FLOW * months] += final
        if kind == r.LETTING:
            # A guarantee that is paid at the end is income when it is paid.
            cells[closes + r.COST_FLOW * months] += final
        cells[closes + r.PLANT_FLOW * months] += record[r.TO_PLANT]
        cells[closes + r.RECEIVABLE_BACK * months] += record[r.RECEIVABLE_END]
        cells[closes + r.RESIDUAL_BACK * months] += record[r.RESIDUAL_END]
        if kind in (r.EXEMPT, r.OPERATING, r.LETTING):
            begin(room.state)
        else:
            month, to = opens - place, place + r.INTEREST_PAID * months
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
        cells[counted(due + every * k)] += paid
    room.state[r.S_UNPAID], room.state[r.S_ACCRUED] = unpaid, before


def _of_the_day(amount: int, month: int, begins: Ints, k: int, given: Given) -> int:
    """What is accrued on the first day of a period, where a month closes with that day."""
    if given.month_first[counted(month + 1)] - begins[k] != 1:
        return 0
    days = begins[k + 1] - begins[k]
    return scale_by(amount, 1, days, 1.0 / float(days))


def _by_periods(
    opens: int, day: int, every: int, advance: int, kind: int, live: int, part: Rows,
    ledger: Ledger,
) -> None:  # fmt: skip
    """Payments on their day, and what accrues over a period in the month in which it ends."""
    months, cells = ledger.months, ledger.cells
    # A period that ends with a month has its last day in the month before the next one's first.
    closes = opens + every - (1 if day == 1 else 0)
    due = opens if advance else closes
    _add(cells, due + r.PAYMENT_FLOW * months, part.payment, live, every)
    if _any(part.variable, live):
        _add(cells, due + r.VARIABLE_FLOW * months, part.variable, live, every)
    if _bears_interest(kind):
        _add(cells, closes + r.INTEREST_FLOW * months, part.interest, live, every)
    if _has_cost(kind, live, part):
        _add(cells, closes + r.COST_FLOW * months, part.cost, live, every)
    if kind != r.EXEMPT:
        _add(cells, closes + r.REDUCTION_FLOW * months, part.reduction, live, every)


def _bears_interest(kind: int) -> bool:
    return kind not in (r.EXEMPT, r.LETTING)


def _has_cost(kind: int, live: int, part: Rows) -> bool:
    """Whether a cost is level or a profit released; the column is empty otherwise."""
    if kind in (r.FINANCE, r.IFRS_LESSEE):
        return False
    return kind <= r.LETTING or _any(part.cost, live)


def _any(amounts: Ints, count: int) -> bool:
    """Whether there is something to post."""
    found = 0
    for k in range(count):
        found |= amounts[k]
    return found != 0


def _add(cells: Written, first: int, amounts: Ints, count: int, every: int) -> None:
    if every == 1:
        for k in range(count):
            cells[counted(first + k)] += amounts[k]
        return
    for k in range(count):
        cells[counted(first + every * k)] += amounts[k]


def _days(month: int, day: int, every: int, live: int, given: Given, room: Room) -> None:
    """
    Days of periods by the ends of their months, with their ratios to those of the periods.

    Args:
        month: The first period's, of the grid.
        day: Of the month on which periods begin.
        every: Months of a period.
        live: How many there are.
        given: Has the first days of months.
        room: First days of periods are written, and for each month days and their ratio; nothing
            is reached by the last month of a period that ends with it.
    """
    begins, gone, ratio = room.dues, room.gone, room.ratio
    ends = window(given.month_first, month + 1, every * live + 1)
    begins[0] = day_of(month + given.base_month, day, given)
    for k in range(live):
        last, next_one = ends[counted(every * (k + 1) - 1)], ends[counted(every * (k + 1))]
        begins[k + 1] = last + min(day, next_one - last) - 1
    if every == 1:
        for k in range(live):
            gone[k] = ends[k] - begins[k]
            ratio[k] = float(gone[k]) / float(begins[k + 1] - begins[k])
        return
    for k in range(live):
        days = begins[k + 1] - begins[k]
        of_day = 1.0 / float(days)
        for m in range(every * k, every * k + every):
            part = ends[counted(m)] - begins[k]
            part = part if part < days else 0
            gone[counted(m)] = part
            ratio[counted(m)] = float(part) * of_day


def _by_days(
    at: int, every: int, kind: int, live: int, room: Room, part: Rows, ledger: Ledger
) -> None:
    """
    What accrues over periods that are no calendar months: by days of use, the cumulative rounded.

    What is reached by the end of each month within a period is noted; the difference to what is
    reached by the end of the one before falls to it (`loops`).
    """
    months, reached = ledger.months, ledger.reached
    if _bears_interest(kind):
        _reached(reached, at, part.interest, live, every, room)
    if _has_cost(kind, live, part):
        _reached(reached, at + months, part.cost, live, every, room)
    # The asset of an operating lessee falls by what the cost exceeds the interest, in each month.
    if kind not in (r.EXEMPT, r.OPERATING):
        _reached(reached, at + 2 * months, part.reduction, live, every, room)


def _reached(
    reached: Written, first: int, amounts: Ints, live: int, every: int, room: Room
) -> None:
    """Amounts of periods by the ends of the months in them, added to a line."""
    begins, gone, ratio = room.dues, room.gone, room.ratio
    if every == 1:
        for k in range(live):
            days = begins[k + 1] - begins[k]
            reached[counted(first + k)] += scale_by(amounts[k], gone[k], days, ratio[k])
        return
    for k in range(live):
        amount, days = amounts[k], begins[k + 1] - begins[k]
        for m in range(every * k, every * k + every):
            by_then = scale_by(amount, gone[counted(m)], days, ratio[counted(m)])
            reached[counted(first + m)] += by_then
