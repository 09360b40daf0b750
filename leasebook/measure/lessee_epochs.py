"""
The lessee's two balances, epoch by epoch: how each opens, and how its periods move them.

Amounts per period are those of the whole epoch as its terms foresee it; `live_periods` of its
segment says how many of them happen.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

import attrs

from leasebook.measure.lease_segment import LeaseSegment
from leasebook.reckoning.rounding import round_half_even

Method: TypeAlias = Literal["operating", "finance", "ifrs"]

#: How each opening flow enters the lease liability.
LIABILITY_SIGNS = {
    "initial": 1,
    "remeasurement": 1,
    "added_right": 1,
    "liability_derecognised": -1,
}
#: How each opening flow enters the right-of-use asset.
ROU_SIGNS = {
    "initial": 1,
    "remeasurement": 1,
    "added_right": 1,
    "initial_direct_costs": 1,
    "incentives": -1,
    "derivative_settled": -1,
    "guarantee_settled": -1,
    "prepaid": 1,
    "day_one": 1,
    "restoration": 1,
    "handed_over": 1,
    "rou_derecognised": -1,
    "impairment": -1,
    "gain": 1,
}


@attrs.frozen
class LesseeEpoch:
    """
    Both balances of a lease as an epoch opens, and by how much each period of it moves them.

    Attributes:
        number: From 1.
        segment: Its terms.
        method: How the asset falls.
        liability_before: Minor units carried when it opens, a payment due that day still unpaid.
        rou_before: Minor units carried when it opens.
        flows: What happened on the first day, minor units.
        liability: Minor units after that.
        rou: Minor units after that.
        interest: Minor units for each period.
        reduction: By how much the asset falls in each period.
        impaired: Whether the asset has been written down, so that it falls evenly (US operating).
    """

    number: int
    segment: LeaseSegment
    method: Method
    liability_before: int
    rou_before: int
    flows: dict[str, int]
    liability: int
    rou: int
    interest: list[int]
    reduction: list[int]
    impaired: bool = False

    @property
    def cost(self) -> list[int]:
        """Interest and reduction of each period: the single cost of an operating lease."""
        return [i + r for i, r in zip(self.interest, self.reduction, strict=True)]

    @property
    def gain(self) -> int:
        """Gain on the first day in minor units, a loss negative, impairment aside."""
        flows, penalty = self.flows, self.segment.change.penalty
        taken_out = flows.get("liability_derecognised", 0) - flows.get("rou_derecognised", 0)
        return taken_out - penalty + flows.get("gain", 0)

    def carried(self) -> tuple[int, int]:
        """Liability and asset when its live periods are over, minor units."""
        segment, live = self.segment, self.segment.live_periods
        paid = sum(segment.payments[:live]) + (segment.final_payment if segment.ends else 0)
        liability = self.liability + sum(self.interest[:live]) - paid
        return liability, self.rou - sum(self.reduction[:live])


def lessee_epochs(
    segments: Sequence[LeaseSegment], methods: Sequence[Method]
) -> tuple[LesseeEpoch, ...]:
    """
    The epochs of a lease in the lessee's books.

    Source: ASC 842-20-30-1, 842-20-30-5, 842-20-35-3 to 35-5, 842-10-25-11 to 25-13; IFRS 16.23,
    16.26, 16.39, 16.45, 16.46.

    Args:
        segments: In order of time; those of one day in the order in which things happen.
        methods: How the asset falls in each of them.

    Returns:
        One epoch for each segment.

    Raises:
        TrueUpExceeded: If a liability does not end at zero within rounding.

    Example:
        >>> from datetime import date
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (100, 120), Fraction(1, 10),
        ...                      "10 % a year")
        >>> (epoch,) = lessee_epochs([terms], ["operating"])
        >>> epoch.liability, epoch.cost
        (190, [110, 110])
    """
    epochs: list[LesseeEpoch] = []
    for segment, method in zip(segments, methods, strict=True):
        if not epochs:
            epochs.append(_commence(segment, method, 1, 0))
            continue
        before = epochs[-1]
        carried, rou = before.carried()
        if before.segment.ends and carried == 0 and not segment.change.alters:
            epochs.append(_commence(segment, method, len(epochs) + 1, rou))
        else:
            epochs.append(_go_on(before, segment, method))
    return tuple(epochs)


def _at_start(segment: LeaseSegment) -> dict[str, int]:
    return {
        "initial_direct_costs": segment.initial_direct_costs,
        "incentives": segment.incentives,
        "derivative_settled": segment.derivative_settled,
        "guarantee_settled": segment.guarantee_settled,
        "prepaid": segment.prepaid,
        "day_one": segment.day_one,
        "restoration": segment.restoration,
    }


def _added_to_rou(flows: dict[str, int]) -> int:
    return sum(ROU_SIGNS[flow] * amount for flow, amount in flows.items() if flow in ROU_SIGNS)


def _commence(segment: LeaseSegment, method: Method, number: int, rou_before: int) -> LesseeEpoch:
    value = segment.present_value()
    flows = {"initial": value, **_at_start(segment)}
    rou = rou_before + _added_to_rou(flows)
    if rou < 0 and (segment.derivative_settled or segment.guarantee_settled):
        # The lessee is rid of more than the lease costs it.
        flows["gain"] = -rou
        rou = 0
    if segment.opening_rou is not None:
        flows["handed_over"] = segment.opening_rou - rou
        rou = segment.opening_rou
    interest = segment.interest(value)
    reduction = _reduction(segment, method, value, rou, interest, impaired=False)
    return LesseeEpoch(
        number, segment, method, 0, rou_before, flows, value, rou, interest, reduction
    )


def _reduction(
    segment: LeaseSegment,
    method: Method,
    liability: int,
    rou: int,
    interest: list[int],
    *,
    impaired: bool,
) -> list[int]:
    if method != "operating":
        return segment.spread(rou, segment.amortised_over)
    if impaired:
        return segment.spread(rou)
    remaining_cost = sum(segment.payments) + segment.final_payment + rou - liability
    costs = segment.spread(remaining_cost)
    return [cost - earned for cost, earned in zip(costs, interest, strict=True)]


def _go_on(before: LesseeEpoch, segment: LeaseSegment, method: Method) -> LesseeEpoch:
    carried, rou_before = before.carried()
    earlier, live = before.segment, before.segment.live_periods
    unchanged = segment.continues(earlier)
    # An amendment that changes no term posts nothing: the old walk goes on, to the unit.
    liability = carried if unchanged else _remeasured(segment)
    flows = dict(_taken_out(before, segment, liability))
    added = segment.change.added_payments
    if added:
        none_later = [0] * (segment.periods + 1 - len(added) - segment.first_at)
        dues = [*[0] * segment.first_at, *added, *none_later]
        flows["added_right"] = segment.value_of(dues)
    moved = sum(LIABILITY_SIGNS[flow] * amount for flow, amount in flows.items()
                if flow in LIABILITY_SIGNS)  # fmt: skip
    flows["remeasurement"] = liability - carried - moved
    flows |= _at_start(segment)
    rou = rou_before + _added_to_rou(flows)
    # Only what came in that day and took it below zero is a gain.
    came_in = flows["remeasurement"] - flows["incentives"]
    flows["gain"] = max(0, min(-rou, -came_in))
    rou += flows["gain"]
    flows["impairment"] = min(segment.change.impairment, max(0, rou))
    rou -= flows["impairment"]
    interest = before.interest[live:] if unchanged else segment.interest(liability)
    impaired = before.impaired or flows["impairment"] > 0
    same = unchanged and method == before.method and not any(flows.values())
    if same and segment.horizon == earlier.horizon - sum(earlier.lengths[:live]):
        reduction = before.reduction[live:]
    else:
        reduction = _reduction(segment, method, liability, rou, interest, impaired=impaired)
    return LesseeEpoch(
        before.number + 1, segment, method, carried, rou_before, flows, liability, rou, interest,
        reduction, impaired,
    )  # fmt: skip


def _remeasured(segment: LeaseSegment) -> int:
    return segment.present_value() if segment.periods else 0


def _taken_out(
    before: LesseeEpoch, segment: LeaseSegment, liability: int
) -> Iterator[tuple[str, int]]:
    """
    What of both balances goes with the right of use that is given up.

    Source: ASC 842-10-25-13, 842-10-55-177 to 55-185; IFRS 16.46(a).
    """
    carried, rou = before.carried()
    change = segment.change
    match change.kind:
        case "ended":
            lost = (carried, rou)
        case "scope-cut":
            share = 1 - change.retained
            lost = (round_half_even(share * carried), round_half_even(share * rou))
        case "liability-cut" if 0 <= liability <= carried and carried:
            share = Fraction(carried - liability, carried)
            lost = (carried - liability, round_half_even(share * rou))
        case "term-cut":
            lost = _given_up(before, segment)
        case _:
            return
    yield "liability_derecognised", lost[0]
    yield "rou_derecognised", lost[1]


def _given_up(before: LesseeEpoch, segment: LeaseSegment) -> tuple[int, int]:
    """What of both balances stands for the periods beyond those that are kept, on the old terms."""
    carried, rou = before.carried()
    earlier, live = before.segment, before.segment.live_periods
    kept, left = segment.periods, earlier.lengths[live:]
    if kept >= len(left):
        return 0, 0
    shorter = attrs.evolve(
        earlier,
        periods=kept,
        payments=earlier.payments[live : live + kept],
        termination_penalty=0,
        start=segment.start,
        days=earlier.days[live : live + kept + 1],
        period_rates=earlier.period_rates[live : live + kept],
        variable=(),
        usage=(),
        unpaid=frozenset(),
        live_periods=kept,
        opening_liability=None,
    )
    return carried - shorter.present_value(), round_half_even(
        rou * Fraction(sum(left[kept:]), sum(left))
    )
