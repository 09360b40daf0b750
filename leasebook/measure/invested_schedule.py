"""
The net investment in a lease as a schedule, from day one to the asset's return.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from leasebook.measure.lease_segment import LeaseSegment, dated_periods, period_movements
from leasebook.measure.net_investment import (
    InvestedEpoch,
    LeasedAsset,
    ProfitPolicy,
    invested_epochs,
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


def net_investment(
    parties: tuple[str, str, str],
    segments: Sequence[LeaseSegment],
    assets: Sequence[LeasedAsset],
    policy: ProfitPolicy,
) -> Schedule:
    """
    The net investment in a lease from day one to the asset's return.

    Source: ASC 842-30-30-1, 842-30-35-1, 842-30-35-5; IFRS 16.67, 16.75.

    Args:
        parties: Contract, lessor, lessee.
        segments: The epochs, in order.
        assets: The asset at commencement and, where they differ, as later epochs see it.
        policy: What is done with profit and costs.

    Returns:
        The schedule that the policy names, minor units.

    Raises:
        NoCrossing: If no implicit rate up to 100 % a period exists.
    """
    epochs = invested_epochs(segments, assets, policy)
    return invested_schedule(parties, epochs, assets[-1], policy)


def invested_schedule(
    parties: tuple[str, str, str],
    epochs: Sequence[InvestedEpoch],
    asset: LeasedAsset,
    policy: ProfitPolicy,
    handed_back: date | None = None,
) -> Schedule:
    """
    The schedule of some epochs of a net investment.

    Source: ASC 842-30-35-5, 842-10-25-16, 842-10-25-17; IFRS 16.80(a).

    Args:
        parties: Contract, lessor, lessee.
        epochs: In order.
        asset: As the last of them sees it: what comes back at the end.
        policy: Names the schedule.
        handed_back: The day on which the lease becomes another one, and the asset is taken back at
            the net investment.

    Returns:
        The schedule, minor units.
    """
    movements: list[Movement] = []
    dated = dated_periods([epoch.segment for epoch in epochs])
    for epoch, dates in zip(epochs, dated, strict=True):
        segment, number = epoch.segment, epoch.number
        movements.append(Movement(segment.start, number, 0, epoch.flows))
        accruals = {
            "interest": epoch.interest,
            "residual_accretion": epoch.accretion,
            "deferred_profit_released": epoch.released,
        }
        movements += period_movements(segment, number, dates, accruals)
    last = epochs[-1]
    if handed_back is not None:
        receivable, residual, deferred = last.carried()
        back = {
            "receivable_returned": receivable,
            "residual_returned": residual,
            "deferred_profit": -deferred,
        }
        movements.append(Movement(handed_back, last.number, 0, back))
    elif last.segment.ends and last.segment.periods:
        back = {
            "receivable_returned": asset.guaranteed_residual - last.segment.final_payment,
            "residual_returned": asset.unguaranteed_residual,
        }
        movements.append(Movement(dated[-1][-1][1], last.number, last.segment.periods, back))
    rates = [
        f"epoch {epoch.number}: implicit in the lease {rate_text(epoch.rate)} a period"
        for epoch in epochs
    ]
    return assemble(policy.name, parties, _BALANCES, _FLOWS, movements, rates)
