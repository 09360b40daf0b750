"""
The same level leases in `decimal.Decimal`, one after another: what most programs do.
"""

from decimal import ROUND_HALF_EVEN, Decimal, getcontext

CENT = Decimal("0.01")


def schedule(
    payment_minor: int, periods: int, annual: Decimal, *, operating: bool
) -> list[tuple[Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]]:
    """
    One lease in arrears: payment, interest, closing, cost, reduction and asset of each month.

    Args:
        payment_minor: Of each month, in cents.
        periods: Months.
        annual: Nominal rate.
        operating: Whether cost is level.
    """
    getcontext().prec = 50
    payment = Decimal(payment_minor) / 100
    rate = annual / 12
    worth = sum((payment / (1 + rate) ** k for k in range(1, periods + 1)), Decimal(0))
    liability = asset = worth.quantize(CENT, ROUND_HALF_EVEN)
    total = asset
    rows, gone = [], Decimal(0)
    for k in range(1, periods + 1):
        interest = (liability * rate).quantize(CENT, ROUND_HALF_EVEN)
        if k == periods:
            interest = payment - liability
        liability = liability + interest - payment
        if operating:
            cost, reduction = payment, payment - interest
        else:
            reached = (total * k / periods).quantize(CENT, ROUND_HALF_EVEN)
            reduction, gone = reached - gone, reached
            cost = interest + reduction
        asset -= reduction
        rows.append((payment, interest, liability, cost, reduction, asset))
    return rows
