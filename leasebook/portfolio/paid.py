"""
What is really paid for a period beside what falls due: expensed as it is paid, at the period's end.
"""

import numpy as np

from leasebook.portfolio import records as r
from leasebook.portfolio.frame import Frame
from leasebook.portfolio.given import Given, Ints, Ledger, Rows, event_of, unit_of
from leasebook.portfolio.terms import Ints as Column


def post_paid(
    record: Ints, month: int, place: int, given: Given, part: Rows, ledger: Ledger
) -> None:
    """
    The differences of one epoch into the ledger.

    Source: ASC 842-20-25-5(b); IFRS 16.38(b), 16.102A.

    Args:
        record: Of the epoch.
        month: Of the grid, in which it begins.
        place: Of its schedule in the ledger.
        given: The leases.
        part: Rows of the epoch.
        ledger: Added to.
    """
    months, unit = ledger.months, unit_of(record[r.OF_UNIT], given)
    every, short = unit[r.EVERY], 1 if unit[r.DAY] == 1 else 0
    for n in range(unit[r.EVENT_FIRST], unit[r.EVENT_LAST]):
        event = event_of(n, given)
        k = event[r.AT] - record[r.BEGINS] - 1
        if event[r.WHAT] == r.PAYMENT_MADE and 0 <= k < record[r.LIVE]:
            due = part.payment[k] + part.variable[k]
            if k == 0:
                due += record[r.FIRST_RENT]
            closes = place + month + every * (k + 1) - short
            beyond = event[r.AMOUNT] - due
            ledger.cells[closes + r.VARIABLE_FLOW * months] += beyond


def rows_as_paid(
    made: Frame, unit: Column, period: Column, first_rent: Column, payment: Column, variable: Column
) -> Column:
    """
    Amounts beside those that are measured, with what was paid otherwise.

    Args:
        made: The units.
        unit: Of each row.
        period: Of each row, from 0 at commencement.
        first_rent: Of each row's epoch, minor units: rent of the first day that no balance holds.
        payment: Due and measured.
        variable: Due beside.
    """
    paid = np.flatnonzero(made.events[:, r.WHAT] == r.PAYMENT_MADE)
    if not len(paid):
        return variable
    counts = made.units[:, r.EVENT_LAST] - made.units[:, r.EVENT_FIRST]
    owner = np.repeat(np.arange(len(made.units)), counts)[paid]
    longest = int(max(period.max(initial=0), made.events[paid, r.AT].max())) + 1
    keys = owner * longest + made.events[paid, r.AT] - 1
    order = np.argsort(keys)
    asked = unit * longest + period
    at = np.searchsorted(keys[order], asked)
    found = order[np.minimum(at, len(order) - 1)]
    told = keys[found] == asked
    beside = payment + np.where(period == 0, first_rent, 0)
    return np.where(told, made.events[paid[found], r.AMOUNT] - beside, variable)
