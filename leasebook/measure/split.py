"""
Payments split into the interest and the principal they pay, which the cash flow statement asks for.
"""

import attrs

from leasebook.measure.schedule import Schedule


def with_payments_split(schedule: Schedule, *, paid: str = "paid") -> Schedule:
    """
    The same schedule with what each payment pays of interest and of principal.

    A payment first settles the interest accrued and not yet paid.

    Source: ASC 842-20-45-5; IFRS 16.50.

    Args:
        schedule: Has the columns `payment` and `interest`.
        paid: How the two new columns end, "paid" or "received".

    Returns:
        The schedule with `interest_paid` and `principal_paid` before its other columns.
    """
    payment = schedule.columns.index("payment")
    interest = schedule.columns.index("interest")
    unpaid = 0
    rows = []
    for row in schedule.rows:
        unpaid += row.amounts[interest]
        of_interest = max(0, min(unpaid, row.amounts[payment]))
        unpaid -= of_interest
        split = (of_interest, row.amounts[payment] - of_interest)
        rows.append(attrs.evolve(row, amounts=(*split, *row.amounts)))
    return attrs.evolve(
        schedule,
        columns=(f"interest_{paid}", f"principal_{paid}", *schedule.columns),
        rows=tuple(rows),
    )
