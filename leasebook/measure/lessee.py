"""
The lessee's schedules: operating and finance leases under US GAAP, every lease under IFRS.

In all of them the liability grows by interest and falls by payments, and the right-of-use asset
starts at the liability plus initial direct costs and prepaid rent less incentives. They differ in
how the asset falls.
"""

from collections.abc import Callable, Iterator, Sequence

import attrs

from leasebook.measure.lease_segment import LeaseSegment, dated_periods, period_movements
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.reckoning.rounding import spread_evenly

_OPENING = (
    "initial",
    "remeasurement",
    "initial_direct_costs",
    "incentives",
    "prepaid",
    "handed_over",
    "gain",
)
_LIABILITY = {"initial": 1, "remeasurement": 1, "interest": 1, "payment": -1}
_ROU = {
    "initial": 1,
    "remeasurement": 1,
    "initial_direct_costs": 1,
    "incentives": -1,
    "prepaid": 1,
    "handed_over": 1,
    "gain": 1,
}


@attrs.frozen
class _Opened:
    """
    Both balances of a lease as an epoch opens, and by how much each period of it moves them.

    Attributes:
        flows: What happened on the first day.
        liability: Minor units, a payment due that day still unpaid.
        rou: Minor units.
        interest: Minor units for each period.
        reduction: By how much the asset falls in each period.
    """

    flows: dict[str, int]
    liability: int
    rou: int
    interest: list[int]
    reduction: list[int]


_Reduction = Callable[[LeaseSegment, int, int, list[int]], list[int]]


def _reduction_operating(
    segment: LeaseSegment, liability: int, rou: int, interest: list[int]
) -> list[int]:
    remaining_cost = sum(segment.payments) + segment.residual_payment + rou - liability
    costs = spread_evenly(remaining_cost, segment.periods)
    return [cost - earned for cost, earned in zip(costs, interest, strict=True)]


def _reduction_straight(
    segment: LeaseSegment, _liability: int, rou: int, _interest: list[int]
) -> list[int]:
    over = segment.amortisation_periods or segment.periods
    parts = spread_evenly(rou, over)
    return [*parts, *[0] * segment.periods][: segment.periods]


def _carried(opened: _Opened, segment: LeaseSegment) -> tuple[int, int]:
    live = segment.live_periods
    paid = sum(segment.payments[:live]) + (segment.residual_payment if segment.ends else 0)
    liability = opened.liability + sum(opened.interest[:live]) - paid
    return liability, opened.rou - sum(opened.reduction[:live])


def _open_first(segment: LeaseSegment, rou: int, reduce: _Reduction) -> _Opened:
    value = segment.present_value()
    flows = {"initial": value, **_paid_at_start(segment)}
    rou += sum(_ROU[flow] * amount for flow, amount in flows.items())
    if segment.opening_rou is not None:
        flows["handed_over"] = segment.opening_rou - rou
        rou = segment.opening_rou
    interest = segment.interest(value)
    return _Opened(flows, value, rou, interest, reduce(segment, value, rou, interest))


def _paid_at_start(segment: LeaseSegment) -> dict[str, int]:
    return {
        "initial_direct_costs": segment.initial_direct_costs,
        "incentives": segment.incentives,
        "prepaid": segment.prepaid,
    }


def _horizon(segment: LeaseSegment) -> int:
    return segment.amortisation_periods or segment.periods


def _open_next(
    earlier: LeaseSegment, before: _Opened, segment: LeaseSegment, reduce: _Reduction
) -> _Opened:
    carried, rou = _carried(before, earlier)
    if earlier.ends and carried == 0:
        return _open_first(segment, rou, reduce)
    unchanged = segment.continues(earlier)
    # An amendment that changes no term posts nothing: the old walk goes on, to the unit.
    liability = carried if unchanged else segment.present_value()
    flows = {"remeasurement": liability - carried, **_paid_at_start(segment)}
    rou += sum(_ROU[flow] * amount for flow, amount in flows.items())
    # Only what the remeasurement took below zero is a gain.
    flows["gain"] = max(0, min(-rou, -flows["remeasurement"]))
    rou += flows["gain"]
    live = earlier.live_periods
    interest = before.interest[live:] if unchanged else segment.interest(liability)
    if not any(flows.values()) and unchanged and _horizon(segment) == _horizon(earlier) - live:
        reduction = before.reduction[live:]
    else:
        reduction = reduce(segment, liability, rou, interest)
    return _Opened(flows, liability, rou, interest, reduction)


def _movements(
    segments: Sequence[LeaseSegment], reduce: _Reduction, cost_column: str
) -> Iterator[Movement]:
    opened: _Opened | None = None
    earlier = segments[0]
    dated = dated_periods(segments)
    for epoch, (segment, dates) in enumerate(zip(segments, dated, strict=True), start=1):
        if opened is None:
            opened = _open_first(segment, 0, reduce)
        else:
            opened = _open_next(earlier, opened, segment, reduce)
        earlier = segment
        yield Movement(segment.start, epoch, 0, opened.flows)
        accruals = {"interest": opened.interest, cost_column: opened.reduction}
        if cost_column == "cost":
            both = zip(opened.interest, opened.reduction, strict=True)
            accruals["cost"] = [interest + reduction for interest, reduction in both]
        yield from period_movements(segment, epoch, dates, accruals)


def _with_reduction(movement: Movement) -> Movement:
    # Cost is the level amount, to the unit on every date, as the lessor's income is; what interest
    # does not explain of it reduces the asset.
    if "cost" not in movement.flows:
        return movement
    reduction = movement.flows["cost"] - movement.flows["interest"]
    return attrs.evolve(movement, flows={**movement.flows, "rou_reduction": reduction})


def lessee_operating(
    contract: str, entity: str, counterparty: str, segments: Sequence[LeaseSegment]
) -> Schedule:
    """
    An operating lease in the lessee's books: one level cost, the asset's fall is the plug.

    The remaining cost (payments to come plus the excess of the asset over the liability) is
    recognised in equal parts per period; what interest does not explain reduces the asset.
    A remeasurement moves liability and asset alike; an asset is not taken below zero.

    Source: ASC 842-20-25-6(a), 842-20-25-8, 842-20-30-1, 842-20-30-5, 842-20-35-3, 842-20-35-4.

    Args:
        contract: Contract id.
        entity: The lessee.
        counterparty: The lessor.
        segments: The epochs, in order.

    Returns:
        Schedule "lessee-operating", minor units.

    Raises:
        ValueError: If the epochs do not follow each other at period boundaries.
        TrueUpExceeded: If a liability does not end at zero within rounding.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (100, 120), Fraction(1, 10),
        ...                      "10 % a year")
        >>> schedule = lessee_operating("c", "lessee", "lessor", [terms])
        >>> schedule.total("cost"), schedule.balance("liability", date(2029, 12, 31))
        (220, 109)
    """
    movements = _movements(segments, _reduction_operating, "cost")
    return assemble(
        "lessee-operating",
        (contract, entity, counterparty),
        {"liability": _LIABILITY, "rou": {**_ROU, "rou_reduction": -1}},
        (*_OPENING, "payment", "interest", "cost", "rou_reduction"),
        map(_with_reduction, movements),
        (segment.rate_line(k) for k, segment in enumerate(segments, start=1)),
    )


def _amortised(
    name: str, parties: tuple[str, str, str], segments: Sequence[LeaseSegment]
) -> Schedule:
    return assemble(
        name,
        parties,
        {"liability": _LIABILITY, "rou": {**_ROU, "amortisation": -1}},
        (*_OPENING, "payment", "interest", "amortisation"),
        _movements(segments, _reduction_straight, "amortisation"),
        (segment.rate_line(k) for k, segment in enumerate(segments, start=1)),
    )


def lessee_finance(
    contract: str, entity: str, counterparty: str, segments: Sequence[LeaseSegment]
) -> Schedule:
    """
    A finance lease in the lessee's books: interest on the liability, straight-line amortisation.

    Source: ASC 842-20-25-5, 842-20-30-1, 842-20-30-5, 842-20-35-4, 842-20-35-7, 842-20-35-8.

    Args:
        contract: Contract id.
        entity: The lessee.
        counterparty: The lessor.
        segments: The epochs, in order.

    Returns:
        Schedule "lessee-finance", minor units. Where the asset is amortised over its own life, its
        carrying amount at the end of the lease is the last balance of `rou`.

    Raises:
        ValueError: If the epochs do not follow each other at period boundaries.
        TrueUpExceeded: If a liability does not end at zero within rounding.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (100, 120), Fraction(1, 10),
        ...                      "10 % a year")
        >>> lessee_finance("c", "lessee", "lessor", [terms]).total("amortisation")
        190
    """
    return _amortised("lessee-finance", (contract, entity, counterparty), segments)


def lessee_ifrs(
    contract: str, entity: str, counterparty: str, segments: Sequence[LeaseSegment]
) -> Schedule:
    """
    A lease in the books of a lessee under IFRS: interest and straight-line depreciation.

    Source: IFRS 16.23, 16.24, 16.26, 16.31, 16.32, 16.36, 16.39.

    Args:
        contract: Contract id.
        entity: The lessee.
        counterparty: The lessor.
        segments: The epochs, in order.

    Returns:
        Schedule "lessee-ifrs", minor units, with the columns of `lessee_finance`.

    Raises:
        ValueError: If the epochs do not follow each other at period boundaries.
        TrueUpExceeded: If a liability does not end at zero within rounding.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "advance", (100, 110), Fraction(1, 10),
        ...                      "10 % a year")
        >>> lessee_ifrs("c", "lessee", "lessor", [terms]).balance("liability", date(2029, 12, 31))
        110
    """
    return _amortised("lessee-ifrs", (contract, entity, counterparty), segments)


def lessee_exempt(
    contract: str, entity: str, counterparty: str, segments: Sequence[LeaseSegment]
) -> Schedule:
    """
    A lease that its lessee keeps off the balance sheet: level cost, the excess of cash is prepaid.

    Source: ASC 842-20-25-2; IFRS 16.6.

    Args:
        contract: Contract id.
        entity: The lessee.
        counterparty: The lessor.
        segments: The epochs, in order.

    Returns:
        Schedule "lessee-exempt", minor units; `prepaid_rent` is negative where cost is accrued.

    Raises:
        ValueError: If the epochs do not follow each other at period boundaries.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 6, "advance", (100, 120), Fraction(0), "")
        >>> schedule = lessee_exempt("c", "lessee", "lessor", [terms])
        >>> schedule.total("cost"), schedule.balance("prepaid_rent", date(2029, 6, 30))
        (220, -10)
    """
    movements: list[Movement] = []
    dated = dated_periods(segments)
    carried = 0
    for epoch, (segment, dates) in enumerate(zip(segments, dated, strict=True), start=1):
        live = segment.live_periods
        own = segment.initial_direct_costs + segment.prepaid - segment.incentives
        opened = {
            "initial_direct_costs": segment.initial_direct_costs,
            "incentives": segment.incentives,
            "prepaid": segment.prepaid,
        }
        movements.append(Movement(segment.start, epoch, 0, opened))
        due = sum(segment.payments) + segment.residual_payment
        costs = spread_evenly(due + own + carried, segment.periods)
        movements += period_movements(segment, epoch, dates, {"cost": costs})
        carried += own + sum(segment.payments[:live]) - sum(costs[:live])
    return assemble(
        "lessee-exempt",
        (contract, entity, counterparty),
        {
            "prepaid_rent": {
                "payment": 1, "initial_direct_costs": 1, "prepaid": 1, "incentives": -1, "cost": -1,
            }
        },
        ("initial_direct_costs", "incentives", "prepaid", "payment", "cost"),
        movements,
    )  # fmt: skip
