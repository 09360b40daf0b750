"""
Net investment in a lease: the implicit rate, the day-one entry and the unwinding.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from leasebook.measure.lease_segment import LeaseSegment, dated_periods, period_movements
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.reckoning.kernel import accrue_segment
from leasebook.reckoning.present_value import present_value, present_value_minor
from leasebook.reckoning.rates import rate_text, solve_rate

_FLOWS = (
    "initial_receivable",
    "initial_residual",
    "asset_derecognised",
    "selling_profit",
    "deferred_profit",
    "initial_direct_costs",
    "initial_direct_costs_expensed",
    "prepaid",
    "incentives",
    "payment",
    "interest",
    "residual_accretion",
    "deferred_profit_released",
    "receivable_returned",
    "residual_returned",
)
_RECEIVABLE = {"initial_receivable": 1, "interest": 1, "payment": -1, "receivable_returned": -1}
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


@attrs.frozen
class LeasedAsset:
    """
    What the lessor gives up, and what it expects back.

    Attributes:
        fair_value: Minor units at commencement; the implicit rate is solved from it.
        carrying_amount: Minor units in the lessor's books.
        guaranteed_residual: Minor units at the end of the lease, guaranteed by lessee or others.
        unguaranteed_residual: Minor units at the end of the lease beyond that.
        initial_direct_costs: Minor units, the lessor's.
        rate_given: The segment's own rate is used instead of the implicit one.
    """

    fair_value: int
    carrying_amount: int
    guaranteed_residual: int = 0
    unguaranteed_residual: int = 0
    initial_direct_costs: int = 0
    rate_given: bool = False

    @property
    def whole_residual(self) -> int:
        """Both residuals, minor units."""
        return self.guaranteed_residual + self.unguaranteed_residual


@attrs.frozen
class ProfitPolicy:
    """
    What is done with profit and with costs on day one.

    Attributes:
        name: Of the schedule.
        defers_profit: Profit reduces the net investment; a loss is taken at once all the same.
        expenses_costs: Initial direct costs are expensed, not absorbed by the rate.
    """

    name: str
    defers_profit: bool
    expenses_costs: bool


@attrs.frozen
class _Invested:
    """
    The balances of a net investment as an epoch opens, and what each period earns.
    """

    flows: dict[str, int]
    receivable: int
    residual: int
    deferred: int
    interest: list[int]
    accretion: list[int]
    released: list[int]
    rate: Fraction


def _dues(segment: LeaseSegment, residual: int) -> list[int]:
    dues = [*segment.payments, 0] if segment.in_advance else [0, *segment.payments]
    dues[-1] += residual
    return dues


def implicit_rate(segment: LeaseSegment, worth: int, residual: int) -> Fraction:
    """
    The rate at which the payments and the residual are worth a given amount at start.

    Source: ASC 842 glossary (rate implicit in the lease), 842-10-25-4; IFRS 16 appendix A.

    Args:
        segment: Gives the payments and their timing.
        worth: Minor units: fair value, plus direct costs that are deferred, less prepaid rent.
        residual: Minor units expected at the end, guaranteed or not.

    Returns:
        Per period, frozen at fifteen decimals; never below 0.

    Raises:
        NoCrossing: If it is above 100 % a period.

    Example:
        >>> from datetime import date
        >>> terms = LeaseSegment(date(2029, 1, 1), 1, 12, "arrears", (50,), Fraction(0), "")
        >>> implicit_rate(terms, 100, 60)
        Fraction(1, 10)
    """
    dues = _dues(segment, residual)
    if sum(dues) <= worth:
        return Fraction(0)
    return solve_rate(lambda rate: present_value(dues, rate, 0) - worth)


def _earned(
    segment: LeaseSegment,
    rate: Fraction,
    opening: int,
    payments: Sequence[int],
    target: int,
) -> list[int]:
    numerators = [rate.numerator] * segment.periods
    interest, _ = accrue_segment(
        opening, payments, numerators, rate.denominator, target, advance=segment.in_advance
    )
    return interest


def _invested(
    segment: LeaseSegment,
    asset: LeasedAsset,
    rate: Fraction,
    opening: tuple[int, int, int],
    flows: dict[str, int],
) -> _Invested:
    receivable, residual, deferred = opening
    guaranteed, free = asset.guaranteed_residual, asset.unguaranteed_residual
    none = [0] * segment.periods
    interest = _earned(segment, rate, receivable, segment.payments, guaranteed)
    accretion = _earned(segment, rate, residual, none, free)
    released = none
    if deferred:
        # The net investment unwinds at a rate of its own; what that earns beyond interest and
        # accretion is the deferred profit's share.
        net = receivable + residual - deferred
        net_rate = implicit_rate(segment, net, asset.whole_residual)
        whole = _earned(segment, net_rate, net, segment.payments, asset.whole_residual)
        released = [w - i - a for w, i, a in zip(whole, interest, accretion, strict=True)]
    return _Invested(flows, receivable, residual, deferred, interest, accretion, released, rate)


def _commence(segment: LeaseSegment, asset: LeasedAsset, policy: ProfitPolicy) -> _Invested:
    costs = asset.initial_direct_costs
    in_rate = 0 if policy.expenses_costs else costs
    cash = segment.prepaid - segment.incentives
    rate = segment.rate
    if not asset.rate_given:
        worth = asset.fair_value + in_rate - cash
        rate = implicit_rate(segment, worth, asset.whole_residual)
    receivable = present_value_minor(_dues(segment, asset.guaranteed_residual), rate, 0)
    nothing_paid = [0] * segment.periods
    residual = present_value_minor([*nothing_paid, asset.unguaranteed_residual], rate, 0)
    profit = receivable + residual + cash - asset.carrying_amount - in_rate
    deferred = max(0, profit) if policy.defers_profit else 0
    flows = {
        "initial_receivable": receivable,
        "initial_residual": residual,
        "asset_derecognised": asset.carrying_amount,
        "selling_profit": profit - deferred,
        "deferred_profit": deferred,
        "initial_direct_costs": costs,
        "initial_direct_costs_expensed": costs - in_rate,
        "prepaid": segment.prepaid,
        "incentives": segment.incentives,
    }
    return _invested(segment, asset, rate, (receivable, residual, deferred), flows)


def _modify(
    earlier: LeaseSegment, before: _Invested, segment: LeaseSegment, asset: LeasedAsset
) -> _Invested:
    live = earlier.live_periods
    paid = sum(earlier.payments[:live]) + (earlier.residual_payment if earlier.ends else 0)
    receivable = before.receivable + sum(before.interest[:live]) - paid
    residual = before.residual + sum(before.accretion[:live])
    deferred = before.deferred - sum(before.released[:live])
    cash = segment.prepaid - segment.incentives
    if segment.continues(earlier) and cash == 0:
        return _Invested(
            {}, receivable, residual, deferred, before.interest[live:], before.accretion[live:],
            before.released[live:], before.rate,
        )  # fmt: skip
    # The net investment does not move: a new rate makes the new terms worth what is carried, and
    # profit still deferred goes into that rate.
    carried = receivable + residual - deferred - cash
    # What the new terms cannot repay even without interest is lost at once.
    net = min(carried, sum(segment.payments) + asset.whole_residual)
    rate = implicit_rate(segment, net, asset.whole_residual)
    nothing_paid = [0] * segment.periods
    new_residual = present_value_minor([*nothing_paid, asset.unguaranteed_residual], rate, 0)
    flows = {
        "initial_receivable": net - new_residual - receivable,
        "initial_residual": new_residual - residual,
        "selling_profit": net - carried,
        "deferred_profit": -deferred,
        "prepaid": segment.prepaid,
        "incentives": segment.incentives,
    }
    return _invested(segment, asset, rate, (net - new_residual, new_residual, 0), flows)


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
    movements: list[Movement] = []
    rates: list[str] = []
    invested = _commence(segments[0], assets[0], policy)
    dated = dated_periods(segments)
    for k, (segment, dates) in enumerate(zip(segments, dated, strict=True)):
        # Later epochs without an asset of their own keep the residuals of the one before.
        asset = assets[min(k, len(assets) - 1)]
        if k:
            invested = _modify(segments[k - 1], invested, segment, asset)
        movements.append(Movement(segment.start, k + 1, 0, invested.flows))
        accruals = {
            "interest": invested.interest,
            "residual_accretion": invested.accretion,
            "deferred_profit_released": invested.released,
        }
        movements += period_movements(segment, k + 1, dates, accruals)
        rates.append(f"epoch {k + 1}: implicit in the lease {rate_text(invested.rate)} a period")
        if k == len(segments) - 1:
            back = {
                "receivable_returned": asset.guaranteed_residual - segment.residual_payment,
                "residual_returned": asset.unguaranteed_residual,
            }
            movements.append(Movement(dates[-1][1], k + 1, segment.periods, back))
    return assemble(policy.name, parties, _BALANCES, _FLOWS, movements, rates)
