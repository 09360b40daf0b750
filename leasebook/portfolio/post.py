"""
From the rows and epochs of a unit to flows by month: what moves on which day, by days of use.

The amounts of a period are allocated to the month ends inside it and to its last day as
`measure.lease_periods` does it, rounding the cumulative amount.
"""

from collections.abc import MutableSequence, Sequence

from leasebook.portfolio.course import day_of
from leasebook.portfolio.records import (
    ADVANCE,
    BEGINS,
    COST_FLOW,
    DAY,
    EPOCH,
    EVERY,
    FIRST_ROW,
    FLOWS,
    INTEREST_FLOW,
    LAST_PAYMENT,
    LEDGER_FLOWS,
    LETTING,
    LIABILITY_MOVED,
    LIVE,
    MONTH,
    OF_KIND,
    OF_UNIT,
    OPERATING,
    PAYMENT_FLOW,
    PLANT_FLOW,
    RECEIVABLE_BACK,
    RECEIVABLE_END,
    REDUCTION_FLOW,
    RESIDUAL_BACK,
    RESIDUAL_END,
    ROU_MOVED,
    SLOT,
    TO_PLANT,
    UNIT,
    VARIABLE_FLOW,
)
from leasebook.reckoning.rounding import scale

Ints = Sequence[int]
Room = MutableSequence[int]


def post(
    e: int, units: Ints, epochs: Ints, slots: Ints, month_first: Ints, base_month: int,
    months: int, payment: Ints, variable: Ints, interest: Ints, cost: Ints, reduction: Ints,
    ledger: Room,
) -> None:  # fmt: skip
    """
    One epoch into the ledger.

    Source: ASC 842-20-25-6; IFRS 16.31, 16.36. The grid of months is that of reports.

    Args:
        e: Position of the epoch.
        units: Records of units.
        epochs: Records of epochs.
        slots: Place in the ledger by 8 times the unit's slot plus the schedule.
        month_first: First days of consecutive months.
        base_month: The first of those.
        months: How many months the ledger has.
        payment: Per row; likewise the columns that follow.
        variable: Per row.
        interest: Per row.
        cost: Per row.
        reduction: Per row.
        ledger: Added to: by place, flow and month.
    """
    at = e * EPOCH
    base = epochs[at + OF_UNIT] * UNIT
    kind = epochs[at + OF_KIND]
    month, day, every = units[base + MONTH], units[base + DAY], units[base + EVERY]
    begins, live, row = epochs[at + BEGINS], epochs[at + LIVE], epochs[at + FIRST_ROW]
    place = slots[units[base + SLOT] * 8 + kind] * LEDGER_FLOWS * months - base_month
    opens = place + month + every * begins
    for flow in range(FLOWS):
        amount = epochs[at + flow]
        if amount != 0:
            moved = flow == LIABILITY_MOVED or flow == ROU_MOVED  # noqa: PLR1714 - for the compiler
            ledger[opens + flow * months + (every * live if moved else 0)] += amount
    if every == 1 and day == 1:
        paid = PAYMENT_FLOW * months
        for k in range(live):
            cell = opens + k
            ledger[cell + paid] += payment[row + k]
            ledger[cell + VARIABLE_FLOW * months] += variable[row + k]
            ledger[cell + INTEREST_FLOW * months] += interest[row + k]
            ledger[cell + COST_FLOW * months] += cost[row + k]
            ledger[cell + REDUCTION_FLOW * months] += reduction[row + k]
    else:
        _by_days(place, kind, month + every * begins, day, every, units[base + ADVANCE], live, row,
                 month_first, base_month, months, payment, variable, interest, cost, reduction,
                 ledger)  # fmt: skip
    if live:
        closes = month + every * (begins + live) - (1 if day == 1 else 0)
        cell = place + closes
        final = epochs[at + LAST_PAYMENT]
        ledger[cell + PAYMENT_FLOW * months] += final
        if kind == LETTING:
            # A guarantee that is paid at the end is income when it is paid.
            ledger[cell + COST_FLOW * months] += final
        ledger[cell + PLANT_FLOW * months] += epochs[at + TO_PLANT]
        ledger[cell + RECEIVABLE_BACK * months] += epochs[at + RECEIVABLE_END]
        ledger[cell + RESIDUAL_BACK * months] += epochs[at + RESIDUAL_END]


def _by_days(
    place: int, kind: int, month: int, day: int, every: int, advance: int, live: int, row: int,
    month_first: Ints, base_month: int, months: int, payment: Ints, variable: Ints,
    interest: Ints, cost: Ints, reduction: Ints, ledger: Room,
) -> None:  # fmt: skip
    """Periods that are no calendar months: accruals by days of use, payments on their day."""
    begins = day_of(month, day, month_first, base_month)
    for k in range(live):
        first = month + every * k
        after = first + every
        ends = day_of(after, day, month_first, base_month)
        last = after - 1 if ends == month_first[after - base_month] else after
        due = place + (first if advance else last)
        ledger[due + PAYMENT_FLOW * months] += payment[row + k]
        ledger[due + VARIABLE_FLOW * months] += variable[row + k]
        days = ends - begins
        interest_before, cost_before, reduction_before = 0, 0, 0
        for m in range(first, last + 1):
            gone = min(ends, month_first[m + 1 - base_month]) - begins
            reached = scale(interest[row + k], gone, days)
            spread = scale(cost[row + k], gone, days)
            if kind == OPERATING:
                fallen = spread - reached
            else:
                fallen = scale(reduction[row + k], gone, days)
            cell = place + m
            ledger[cell + INTEREST_FLOW * months] += reached - interest_before
            ledger[cell + COST_FLOW * months] += spread - cost_before
            ledger[cell + REDUCTION_FLOW * months] += fallen - reduction_before
            interest_before, cost_before, reduction_before = reached, spread, fallen
        begins = ends
