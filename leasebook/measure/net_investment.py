"""
Net investment in a lease: the implicit rate, the day-one amounts and the unwinding, by epoch.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from leasebook.measure.lease_segment import LeaseSegment


@attrs.frozen
class LeasedAsset:
    """
    What the lessor gives up, and what it expects back.

    Attributes:
        fair_value: Minor units at commencement; the implicit rate is solved from it. None where it
            is not stated and the rate is given.
        carrying_amount: Minor units in the lessor's books.
        guaranteed_residual: Minor units at the end of the lease, guaranteed by lessee or others;
            or the price at which the lessee is certain to buy.
        unguaranteed_residual: Minor units at the end of the lease beyond that.
        initial_direct_costs: Minor units, the lessor's.
        rate_given: The segment's own rate is used instead of the implicit one.
        receivable_given: Minor units handed over in place of the receivable's present value.
        residual_given: Minor units handed over in place of the residual's present value.
        deposit: Minor units held of the lessee's that become part of the price, less direct costs
            that have waited for it; rent received ahead by a price below fair value likewise.
    """

    fair_value: int | None
    carrying_amount: int
    guaranteed_residual: int = 0
    unguaranteed_residual: int = 0
    initial_direct_costs: int = 0
    rate_given: bool = False
    receivable_given: int | None = None
    residual_given: int | None = None
    deposit: int = 0

    @property
    def whole_residual(self) -> int:
        """Both residuals, minor units."""
        return self.guaranteed_residual + self.unguaranteed_residual

    @property
    def has_profit(self) -> bool:
        """Whether fair value and carrying amount differ, so that there is a profit or a loss."""
        return self.fair_value != self.carrying_amount


@attrs.frozen
class ProfitPolicy:
    """
    What is done with profit and with costs on day one, and with a later change of terms.

    Attributes:
        name: Of the schedule.
        defers_profit: Profit reduces the net investment; a loss is taken at once all the same.
        expenses_costs: Initial direct costs are expensed, not absorbed by the rate.
        keeps_rate: A change of terms keeps the rate and moves the net investment (IFRS 9); else it
            keeps the net investment and solves the rate anew.
    """

    name: str
    defers_profit: bool
    expenses_costs: bool
    keeps_rate: bool = False


@attrs.frozen
class InvestedEpoch:
    """
    The balances of a net investment as an epoch opens, and what each period earns.

    Attributes:
        number: From 1.
        segment: Its terms.
        before: Receivable, residual and deferred profit carried when it opens, minor units.
        flows: What happened on the first day, minor units.
        receivable: Minor units after that.
        residual: Minor units after that.
        deferred: Profit still deferred, minor units.
        interest: Of each period on the receivable, minor units.
        accretion: Of each period on the residual, minor units.
        released: Deferred profit released in each period, minor units.
        rate: At which the receivable and the residual unwind.
        net_rate: At which the net investment as a whole unwinds.
    """

    number: int
    segment: LeaseSegment
    before: tuple[int, int, int]
    flows: dict[str, int]
    receivable: int
    residual: int
    deferred: int
    interest: list[int]
    accretion: list[int]
    released: list[int]
    rate: Fraction
    net_rate: Fraction

    @property
    def net_investment(self) -> int:
        """Minor units when the epoch has opened, a payment due that day still open."""
        return self.receivable + self.residual - self.deferred

    def carried(self) -> tuple[int, int, int]:
        """Receivable, residual and deferred profit when its live periods are over, minor units."""
        segment, live = self.segment, self.segment.live_periods
        paid = sum(segment.payments[:live]) + (segment.final_payment if segment.ends else 0)
        return (
            self.receivable + sum(self.interest[:live]) - paid,
            self.residual + sum(self.accretion[:live]),
            self.deferred - sum(self.released[:live]),
        )


def implicit_rate(segment: LeaseSegment, worth: int, residual: int) -> Fraction:
    """
    The rate at which the payments and the residual are worth a given amount at start.

    Source: ASC 842 glossary (rate implicit in the lease), 842-10-25-4; IFRS 16 appendix A.

    Args:
        segment: Gives the payments and their timing.
        worth: Minor units: fair value, plus direct costs that are deferred, less prepaid rent.
        residual: Minor units expected at the end, guaranteed or not.

    Returns:
        Per period, or for a year where the segment states its days; never below 0.

    Raises:
        NoCrossing: If it is above 100 % a period.

    Example:
        >>> from datetime import date
        >>> terms = LeaseSegment(date(2029, 1, 1), 1, 12, "arrears", (50,), Fraction(0), "")
        >>> implicit_rate(terms, 100, 60)
        Fraction(1, 10)
    """
    return segment.solved_rate(segment.dues(residual), worth)


def _at_rate(segment: LeaseSegment, rate: Fraction, *, handed_over: bool) -> LeaseSegment:
    """The segment's dates and payments at another rate, its balance computed or handed over."""
    given = 0 if handed_over else None
    return attrs.evolve(segment.at_rate(rate), opening_liability=given)


def _opened(
    number: int,
    segment: LeaseSegment,
    asset: LeasedAsset,
    rate: Fraction,
    balances: tuple[tuple[int, int, int], tuple[int, int, int]],
    flows: dict[str, int],
) -> InvestedEpoch:
    before, (receivable, residual, deferred) = balances
    none = [0] * segment.periods
    terms = _at_rate(segment, rate, handed_over=asset.receivable_given is not None)
    penalty = segment.termination_penalty
    interest = terms.earned(receivable, segment.payments, asset.guaranteed_residual + penalty)
    left = _at_rate(segment, rate, handed_over=asset.residual_given is not None)
    accretion = left.earned(residual, none, asset.unguaranteed_residual)
    released, net_rate = none, rate
    if deferred:
        # The net investment unwinds at a rate of its own; what that earns beyond interest and
        # accretion is the deferred profit's share.
        net = receivable + residual - deferred
        net_rate = implicit_rate(segment, net, asset.whole_residual)
        at_net = _at_rate(segment, net_rate, handed_over=False)
        whole = at_net.earned(net, segment.payments, asset.whole_residual + penalty)
        released = [w - i - a for w, i, a in zip(whole, interest, accretion, strict=True)]
    return InvestedEpoch(
        number, segment, before, flows, receivable, residual, deferred, interest, accretion,
        released, rate, net_rate,
    )  # fmt: skip


def commencement_rate(segment: LeaseSegment, asset: LeasedAsset, policy: ProfitPolicy) -> Fraction:
    """
    The rate at which a net investment commences: the one that is given, or the implicit one.

    Source: ASC 842-10-25-4, 842-30-30-1; IFRS 16.63(d), 16.68.

    Args:
        segment: The first terms.
        asset: As it is at commencement.
        policy: Whether the rate absorbs direct costs.

    Raises:
        NoCrossing: If it is above 100 % a period.
    """
    if asset.fair_value is None or (asset.rate_given and asset.receivable_given is None):
        return segment.rate
    in_rate = 0 if policy.expenses_costs else asset.initial_direct_costs
    worth = asset.fair_value + in_rate - segment.paid_by_start - asset.deposit
    return implicit_rate(segment, worth, asset.whole_residual)


def _commence(
    segment: LeaseSegment, asset: LeasedAsset, policy: ProfitPolicy, number: int
) -> InvestedEpoch:
    costs = asset.initial_direct_costs
    in_rate = 0 if policy.expenses_costs else costs
    cash = segment.paid_by_start + asset.deposit
    rate = commencement_rate(segment, asset, policy)
    at_rate = _at_rate(segment, rate, handed_over=False)
    receivable = at_rate.value_of(segment.dues(asset.guaranteed_residual))
    if asset.receivable_given is not None:
        receivable = asset.receivable_given
    residual = at_rate.value_of([*[0] * segment.periods, asset.unguaranteed_residual])
    if asset.residual_given is not None:
        residual = asset.residual_given
    profit = receivable + residual + cash - asset.carrying_amount - in_rate
    deferred = max(0, profit) if policy.defers_profit else 0
    taken = profit - deferred
    gross = taken != 0 and asset.has_profit and not policy.defers_profit
    flows = {
        "initial_receivable": receivable,
        "initial_residual": residual,
        "asset_derecognised": asset.carrying_amount,
        "revenue": receivable + cash - in_rate if gross else 0,
        "cost_of_goods_sold": asset.carrying_amount - residual if gross else 0,
        "selling_profit": taken,
        "net_selling_profit": 0 if gross else taken,
        "deferred_profit": deferred,
        "initial_direct_costs": costs,
        "initial_direct_costs_expensed": costs - in_rate,
        "initial_direct_costs_in_rate": in_rate,
        "prepaid": segment.prepaid,
        "day_one": segment.day_one,
        "incentives": segment.incentives,
    }
    balances = ((0, 0, 0), (receivable, residual, deferred))
    return _opened(number, segment, asset, rate, balances, flows)


def _modify(
    before: InvestedEpoch, segment: LeaseSegment, asset: LeasedAsset, policy: ProfitPolicy
) -> InvestedEpoch:
    number = before.number + 1
    receivable, residual, deferred = carried = before.carried()
    cash = segment.paid_by_start
    live = before.segment.live_periods
    at_start = {
        "prepaid": segment.prepaid,
        "day_one": segment.day_one,
        "incentives": segment.incentives,
        "penalty": segment.change.penalty,
    }
    if segment.change.kind == "ended":
        back = {
            "receivable_returned": receivable,
            "residual_returned": residual,
            "deferred_profit": -deferred,
        }
        flows = {**back, **at_start}
        return InvestedEpoch(
            number, segment, carried, flows, 0, 0, 0, [], [], [], before.rate, before.net_rate
        )
    if segment.change.kind == "sold":
        # The price is what is receivable on the new terms, and is paid at once.
        price = segment.change.price
        bought = {
            "initial_receivable": residual - deferred,
            "initial_residual": -residual,
            "deferred_profit": -deferred,
            "modification_gain": price - (receivable + residual - deferred),
            "payment": price,
        }
        return InvestedEpoch(
            number, segment, carried, bought, 0, 0, 0, [], [], [], before.rate, before.net_rate
        )
    if segment.continues(before.segment) and cash == 0:
        return InvestedEpoch(
            number, segment, carried, {}, *carried, before.interest[live:],
            before.accretion[live:], before.released[live:], before.rate, before.net_rate,
        )  # fmt: skip
    net_before = receivable + residual - deferred - cash
    # What the new terms cannot repay even without interest is lost at once.
    net = min(net_before, sum(segment.dues(asset.whole_residual)))
    rate = before.rate
    if policy.keeps_rate:
        at_rate = _at_rate(segment, rate, handed_over=False)
        net = at_rate.value_of(segment.dues(asset.whole_residual))
    else:
        # The net investment does not move: a new rate makes the new terms worth what is carried,
        # and profit still deferred goes into that rate.
        rate = implicit_rate(segment, net, asset.whole_residual)
    at_rate = _at_rate(segment, rate, handed_over=False)
    new_residual = at_rate.value_of([*[0] * segment.periods, asset.unguaranteed_residual])
    gained = net - net_before
    flows = {
        "initial_receivable": net - new_residual - receivable - gained,
        "initial_residual": new_residual - residual,
        "modification_gain": gained,
        "deferred_profit": -deferred,
        **at_start,
    }
    balances = (carried, (net - new_residual, new_residual, 0))
    return _opened(number, segment, asset, rate, balances, flows)


def invested_epochs(
    segments: Sequence[LeaseSegment],
    asset: LeasedAsset,
    policy: ProfitPolicy,
    first_number: int = 1,
) -> tuple[InvestedEpoch, ...]:
    """
    The epochs of a net investment in a lease.

    Source: ASC 842-30-30-1, 842-30-35-1, 842-10-25-16, 842-10-25-17; IFRS 16.67, 16.75, 16.80.

    Args:
        segments: In order.
        asset: As it is at commencement; its residuals are those of later epochs too.
        policy: What is done with profit, costs and changes.
        first_number: Of the first epoch, where others went before.

    Returns:
        One epoch for each segment.

    Raises:
        NoCrossing: If no implicit rate up to 100 % a period exists.
    """
    epochs = [_commence(segments[0], asset, policy, first_number)]
    for segment in segments[1:]:
        epochs.append(_modify(epochs[-1], segment, asset, policy))
    return tuple(epochs)
