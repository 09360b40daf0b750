"""
An operating lease in its lessor's books as a schedule, and what other classes do with profit.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from leasebook.measure.lease_periods import dated_periods, period_movements
from leasebook.measure.lessor_epochs import OperatingEpoch
from leasebook.measure.net_investment import LeasedAsset, ProfitPolicy
from leasebook.measure.schedule import Movement, Schedule, assemble

_OPERATING_FLOWS = (
    "prepaid",
    "day_one",
    "incentives",
    "initial_direct_costs",
    "payment",
    "billed",
    "variable_payment",
    "income",
    "direct_cost_amortisation",
    "accrued_written_off",
    "billed_written_off",
    "penalty",
    "accrued_to_profit",
    "sale_price",
    "sale_profit",
)
_OPERATING_BALANCES = {
    "deferred_rent": {
        "payment": 1,
        "billed": 1,
        "prepaid": 1,
        "day_one": 1,
        "incentives": -1,
        "income": -1,
        "accrued_written_off": 1,
        "accrued_to_profit": 1,
    },
    "rent_receivable": {"billed": 1, "billed_written_off": -1},
    "unamortised_direct_costs": {"initial_direct_costs": 1, "direct_cost_amortisation": -1},
}


def _operating_movements(epochs: Sequence[OperatingEpoch]) -> Iterator[Movement]:
    dated = dated_periods([epoch.segment for epoch in epochs])
    for epoch, dates in zip(epochs, dated, strict=True):
        segment, number = epoch.segment, epoch.number
        if segment.change.kind == "sold":
            yield _bought(epoch)
            continue
        accrued, billed = epoch.written_off
        opened = {
            "prepaid": segment.prepaid,
            "day_one": segment.day_one,
            "incentives": segment.incentives,
            "initial_direct_costs": epoch.unamortised_before if epoch is epochs[0] else 0,
            "direct_cost_amortisation": 0 if segment.periods else epoch.unamortised_before,
            "accrued_written_off": accrued,
            "billed_written_off": billed,
            "penalty": segment.change.penalty,
        }
        yield Movement(segment.start, number, 0, opened)
        accruals = {"income": epoch.income, "direct_cost_amortisation": epoch.costs}
        for movement in period_movements(segment, number, dates, accruals):
            # Rent that is due once collection is doubtful is no asset until it is paid.
            if not (segment.doubtful and "billed" in movement.flows):
                yield movement
        # A penalty that the term counts is rent, and level with it.
        paid = segment.purchase_price + (0 if segment.doubtful else segment.residual_payment)
        if segment.ends and paid and dates:
            # A guarantee that is paid at the end is income when it is paid (ASC 842-30-25-13).
            settled = {"income": paid}
            yield Movement(dates[-1][1], number, segment.periods, settled)


def _bought(epoch: OperatingEpoch) -> Movement:
    """The lessee's purchase at the close of the day before: rent and costs are settled with it."""
    price = epoch.segment.change.price
    flows = {
        "sale_price": price,
        "sale_profit": price - epoch.given_up,
        "accrued_to_profit": epoch.accrued_before,
        "direct_cost_amortisation": epoch.unamortised_before,
    }
    return Movement(epoch.segment.start - timedelta(days=1), epoch.number, 0, flows)


def operating_schedule(
    parties: tuple[str, str, str], epochs: Sequence[OperatingEpoch], rolled_over: date | None = None
) -> Schedule:
    """
    Some epochs of an operating lease: level income, the excess of cash is deferred rent.

    At a change the deferred or accrued rent is rolled into the income of the new terms; if the
    lessee buys the asset, it is part of the profit on that.

    Source: ASC 842-30-25-11, 842-10-25-15, 842-10-25-15(b), 842-10-35-3; IFRS 16.81, 16.83, 16.87,
    IAS 16.71.

    Args:
        parties: Contract, lessor, lessee.
        epochs: In order.
        rolled_over: The day on which the lease becomes a net investment, and rent that is accrued
            goes against the profit of that.

    Returns:
        Schedule "lessor-operating", minor units; `deferred_rent` is negative where rent is accrued.

    Raises:
        ValueError: If the epochs do not follow each other at period boundaries.

    Example:
        >>> from fractions import Fraction
        >>> from leasebook.measure.lease_segment import LeaseSegment
        >>> from leasebook.measure.lessor_epochs import operating_epochs
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (100, 120), Fraction(1, 10),
        ...                      "10 % a year")
        >>> schedule = operating_schedule(("c", "lessor", "lessee"), operating_epochs([terms]))
        >>> schedule.balance("deferred_rent", date(2029, 12, 31))
        -10
    """
    movements = list(_operating_movements(epochs))
    if rolled_over is not None:
        made = assemble("", parties, _OPERATING_BALANCES, _OPERATING_FLOWS, movements)
        left = {"accrued_to_profit": -made.balance("deferred_rent", rolled_over)}
        movements.append(Movement(rolled_over, epochs[-1].number, 0, left))
    if any(epoch.segment.deferred for epoch in epochs):
        balances = {
            **_OPERATING_BALANCES,
            "rent_receivable": {**_OPERATING_BALANCES["rent_receivable"], "billed_settled": -1},
        }
        flows = (*_OPERATING_FLOWS, "billed_settled")
        return assemble("lessor-operating", parties, balances, flows, movements)
    return assemble("lessor-operating", parties, _OPERATING_BALANCES, _OPERATING_FLOWS, movements)


#: The schedule of each class by which a lease leaves the asset's book.
NET_INVESTMENT = {
    "sales-type": "lessor-sales-type",
    "direct-financing": "lessor-direct-financing",
    "finance": "lessor-finance-ifrs",
}


def profit_policy(outcome: str, asset: LeasedAsset) -> ProfitPolicy:
    """
    What is done with profit and costs in a class of lease.

    A direct financing lease defers its profit, and its rate absorbs initial direct costs; so does
    that of the others unless fair value differs from carrying amount, and costs are expensed.
    A loss is taken at once. A change under IFRS keeps the rate.

    Source: ASC 842-30-25-1, 842-30-25-7, 842-30-25-8, 842-30-30-1, 842-30-30-2; IFRS 16.67 to
    16.71, 16.74, 16.75. A lessor under IFRS whose fair value and carrying amount differ is taken
    for a manufacturer or dealer.

    Args:
        outcome: Of the lessor's classification.
        asset: As it is at commencement.

    Raises:
        KeyError: If the class is no net investment.

    Example:
        >>> profit_policy("direct-financing", LeasedAsset(100, 90)).defers_profit
        True
    """
    defers = outcome == "direct-financing"
    return ProfitPolicy(
        NET_INVESTMENT[outcome],
        defers_profit=defers,
        expenses_costs=asset.has_profit and not defers,
        keeps_rate=outcome == "finance",
    )
