"""
The net investment in a lease as a schedule, from day one to the asset's return.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from leasebook.measure.lease_periods import dated_periods, period_movements
from leasebook.measure.net_investment import (
    InvestedEpoch,
    LeasedAsset,
    ProfitPolicy,
)
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.reckoning.rates import rate_text

_FLOWS = (
    "initial_receivable",
    "initial_residual",
    "asset_derecognised",
    "revenue",
    "cost_of_goods_sold",
    "selling_profit",
    "net_selling_profit",
    "deferred_profit",
    "initial_direct_costs",
    "initial_direct_costs_expensed",
    "initial_direct_costs_in_rate",
    "prepaid",
    "day_one",
    "incentives",
    "modification_gain",
    "penalty",
    "payment",
    "billed",
    "variable_payment",
    "interest",
    "residual_accretion",
    "deferred_profit_released",
    "receivable_returned",
    "residual_returned",
)
_RECEIVABLE = {
    "initial_receivable": 1,
    "modification_gain": 1,
    "interest": 1,
    "payment": -1,
    "billed": -1,
    "receivable_returned": -1,
}
_RESIDUAL = {"initial_residual": 1, "residual_accretion": 1, "residual_returned": -1}
_DEFERRED = {"deferred_profit": 1, "deferred_profit_released": -1}
_BALANCES: Mapping[str, Mapping[str, int]] = {
    "receivable": _RECEIVABLE,
    "residual": _RESIDUAL,
    "deferred_profit_remaining": _DEFERRED,
    "net_investment": {
        **_RECEIVABLE,
        **_RESIDUAL,
        "deferred_profit": -1,
        "deferred_profit_released": 1,
    },
}


def invested_schedule(
    parties: tuple[str, str, str],
    epochs: Sequence[InvestedEpoch],
    asset: LeasedAsset,
    policy: ProfitPolicy,
    handed_back: date | None = None,
) -> Schedule:
    """
    The schedule of some epochs of a net investment, from day one to the asset's return.

    On day one receivable + residual + prepaid + costs expensed = asset derecognised + selling
    profit + deferred profit + initial direct costs + incentives, and the selling profit is revenue
    less cost of goods sold. Deferred profit is released so that the net investment as a whole
    unwinds at a rate of its own.

    Source: ASC 842-30-30-1, 842-30-35-1, 842-30-35-5, 842-10-25-16, 842-10-25-17; IFRS 16.67,
    16.75, 16.80(a).

    Args:
        parties: Contract, lessor, lessee.
        epochs: In order.
        asset: Gives what comes back at the end.
        policy: Names the schedule.
        handed_back: The day on which the lease becomes another one, and the asset is taken back at
            the net investment.

    Returns:
        The schedule that the policy names, minor units.

    Example:
        >>> from fractions import Fraction
        >>> from leasebook.measure.lease_segment import LeaseSegment
        >>> from leasebook.measure.net_investment import invested_epochs
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 60), Fraction(0), "")
        >>> asset = LeasedAsset(fair_value=100, carrying_amount=90, unguaranteed_residual=10)
        >>> policy = ProfitPolicy("lessor-sales-type", defers_profit=False, expenses_costs=True)
        >>> epochs = invested_epochs([terms], asset, policy)
        >>> made = invested_schedule(("c", "lessor", "lessee"), epochs, asset, policy)
        >>> made.total("selling_profit")
        10
    """
    movements: list[Movement] = []
    dated = dated_periods([epoch.segment for epoch in epochs])
    for epoch, dates in zip(epochs, dated, strict=True):
        segment, number = epoch.segment, epoch.number
        # What the lessee buys is paid at the close of the last day.
        bought = segment.change.kind == "sold"
        day = segment.start - timedelta(days=1) if bought else segment.start
        movements.append(Movement(day, number, 0, epoch.flows))
        accruals = {
            "interest": epoch.interest,
            "residual_accretion": epoch.accretion,
            "deferred_profit_released": epoch.released,
        }
        movements += period_movements(segment, number, dates, accruals)
    movements += _back(epochs[-1], asset, dated[-1], handed_back)
    rates = [
        f"epoch {epoch.number}: implicit in the lease {rate_text(epoch.rate)} a period"
        for epoch in epochs
    ]
    if any(epoch.segment.deferred for epoch in epochs):
        balances = {**_BALANCES, "rent_receivable": {"billed": 1, "billed_settled": -1}}
        flows = (*_FLOWS, "billed_settled")
        return assemble(policy.name, parties, balances, flows, movements, rates)
    return assemble(policy.name, parties, _BALANCES, _FLOWS, movements, rates)


def _back(
    last: InvestedEpoch,
    asset: LeasedAsset,
    dates: Sequence[tuple[date, date]],
    handed_back: date | None,
) -> Iterator[Movement]:
    """What passes back as the asset, at the end or when the lease becomes another one."""
    segment = last.segment
    if handed_back is not None:
        receivable, residual, deferred = last.carried()
        back = {
            "receivable_returned": receivable,
            "residual_returned": residual,
            "deferred_profit": -deferred,
        }
        yield Movement(handed_back, last.number, 0, back)
    elif segment.ends and segment.periods:
        back = {
            "receivable_returned": asset.guaranteed_residual
            + segment.termination_penalty
            - segment.final_payment,
            "residual_returned": asset.unguaranteed_residual,
        }
        yield Movement(dates[-1][1], last.number, segment.periods, back)
