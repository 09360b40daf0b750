"""
From the rows and epochs of a unit to flows by month: what moves on which day, by days of use.

The amounts of a period are allocated to the month ends inside it and to its last day as
`measure.lease_periods` does it, rounding the cumulative amount.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.course import day_of
from leasebook.portfolio.given import Given, Ints, Ledger, Rows, Written, part_of
from leasebook.portfolio.paid import post_paid
from leasebook.reckoning.rounding import scale_by


def post(e: int, given: Given, epochs: Ints, rows: Rows, ledger: Ledger) -> None:
    """
    One epoch into the ledger.

    Source: ASC 842-20-25-6; IFRS 16.31, 16.36. The grid of months is that of reports.

    Args:
        e: Position of the epoch.
        given: The leases.
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
        _by_days(e, opens - place, place, given, epochs, part, ledger)
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


def _by_months(opens: int, live: int, part: Rows, ledger: Ledger) -> None:
    """Periods that are calendar months: each amount in its month."""
    months, cells = ledger.months, ledger.cells
    _add(cells, opens + r.PAYMENT_FLOW * months, part.payment, live)
    _add(cells, opens + r.VARIABLE_FLOW * months, part.variable, live)
    _add(cells, opens + r.INTEREST_FLOW * months, part.interest, live)
    _add(cells, opens + r.COST_FLOW * months, part.cost, live)
    _add(cells, opens + r.REDUCTION_FLOW * months, part.reduction, live)


def _add(cells: Written, first: int, amounts: Ints, count: int) -> None:
    at = max(0, first)
    for k in range(count):
        cells[at + k] += amounts[k]


def _by_days(
    e: int, month: int, place: int, given: Given, epochs: Ints, part: Rows, ledger: Ledger
) -> None:
    """Periods that are no calendar months: accruals by days of use, payments on their day."""
    months, cells, at = ledger.months, ledger.cells, e * r.EPOCH
    base, kind = epochs[at + r.OF_UNIT] * r.UNIT, epochs[at + r.OF_KIND]
    day, every = given.units[base + r.DAY], given.units[base + r.EVERY]
    advance = given.units[base + r.ADVANCE]
    begins = day_of(month + given.base_month, day, given)
    for k in range(epochs[at + r.LIVE]):
        first, after = month + every * k, month + every * (k + 1)
        ends = day_of(after + given.base_month, day, given)
        last = after - 1 if ends == given.month_first[after] else after
        due = place + (first if advance else last)
        cells[due + r.PAYMENT_FLOW * months] += part.payment[k]
        cells[due + r.VARIABLE_FLOW * months] += part.variable[k]
        days = ends - begins
        of_day = 1.0 / float(days)
        interest, cost, reduction = 0, 0, 0
        for m in range(first, last):
            gone = given.month_first[m + 1] - begins
            share = float(gone) * of_day
            earned = scale_by(part.interest[k], gone, days, share)
            level = scale_by(part.cost[k], gone, days, share)
            fallen = level - earned
            if kind != r.OPERATING:
                fallen = scale_by(part.reduction[k], gone, days, share)
            cells[place + m + r.INTEREST_FLOW * months] += earned - interest
            cells[place + m + r.COST_FLOW * months] += level - cost
            cells[place + m + r.REDUCTION_FLOW * months] += fallen - reduction
            interest, cost, reduction = earned, level, fallen
        # By the last month the whole is allocated.
        cells[place + last + r.INTEREST_FLOW * months] += part.interest[k] - interest
        cells[place + last + r.COST_FLOW * months] += part.cost[k] - cost
        cells[place + last + r.REDUCTION_FLOW * months] += part.reduction[k] - reduction
        begins = ends
