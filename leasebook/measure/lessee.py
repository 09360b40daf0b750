"""
The lessee's schedules: operating and finance leases under US GAAP, every lease under IFRS.

In all of them the liability grows by interest and falls by payments, and the right-of-use asset
starts at the liability plus initial direct costs and prepaid rent less incentives. They differ in
how the asset falls. A lease that changes its class goes from one schedule to another.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

import attrs

from leasebook.measure.lease_periods import dated_periods, period_movements
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lessee_epochs import (
    LIABILITY_SIGNS,
    ROU_SIGNS,
    LesseeEpoch,
    Method,
    lessee_epochs,
)
from leasebook.measure.schedule import Movement, Schedule, assemble

_OPENING = (
    "initial",
    "remeasurement",
    "added_right",
    "liability_derecognised",
    "rou_derecognised",
    "initial_direct_costs",
    "incentives",
    "derivative_settled",
    "guarantee_settled",
    "prepaid",
    "day_one",
    "restoration",
    "handed_over",
    "gain",
    "impairment",
    "penalty",
    "liability_taken_over",
    "rou_taken_over",
    "liability_reclassified",
    "rou_reclassified",
)
_LIABILITY = {
    **LIABILITY_SIGNS,
    "liability_taken_over": 1,
    "liability_reclassified": -1,
    "interest": 1,
    "payment": -1,
}
_ROU = {**ROU_SIGNS, "rou_taken_over": 1, "rou_reclassified": -1}
#: The columns of rent that is due and open, and the balance that they make.
BILLED = ("billed", "billed_settled")
RENT_PAYABLE = {"rent_payable": {"billed": 1, "billed_settled": -1}}
_NAMES = {"operating": "lessee-operating", "finance": "lessee-finance", "ifrs": "lessee-ifrs"}


def lessee_schedules(
    contract: str,
    entity: str,
    counterparty: str,
    segments: Sequence[LeaseSegment],
    methods: Sequence[Method],
) -> tuple[Schedule, ...]:
    """
    A lease in the lessee's books, one schedule for each stretch of time in one class.

    An operating lease has one level cost, and what interest does not explain of it reduces the
    asset; a finance lease, and every lease under IFRS, has interest and an asset that falls evenly.
    A remeasurement moves liability and asset alike; an asset is not taken below zero.

    Source: ASC 842-10-25-11, 842-10-25-14, 842-10-35-4, 842-20-25-5, 842-20-25-6(a), 842-20-25-8,
    842-20-30-1, 842-20-30-5, 842-20-35-3, 842-20-35-4, 842-20-35-7, 842-20-35-8; IFRS 16.22,
    16.23, 16.24, 16.26, 16.31, 16.32, 16.36, 16.39.

    Args:
        contract: Contract id.
        entity: The lessee.
        counterparty: The lessor.
        segments: The epochs, in order.
        methods: The class of each.

    Returns:
        Schedules "lessee-operating", "lessee-finance" or "lessee-ifrs" in order of time, minor
        units; both balances pass from each to the next. Where the asset is amortised over its own
        life, what is left of it at the end of the lease is the last balance of `rou`.

    Raises:
        ValueError: If the epochs do not follow each other at period boundaries.
        TrueUpExceeded: If a liability does not end at zero within rounding.

    Example:
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (100, 120), Fraction(1, 10),
        ...                      "10 % a year")
        >>> (schedule,) = lessee_schedules("c", "lessee", "lessor", [terms], ["operating"])
        >>> schedule.total("cost"), schedule.balance("liability", date(2029, 12, 31))
        (220, 109)
    """
    epochs = lessee_epochs(segments, methods)
    dated = dated_periods(segments)
    stretches = [list(some) for _, some in groupby(epochs, key=lambda epoch: epoch.method)]
    made: list[Schedule] = []
    for k, stretch in enumerate(stretches):
        movements = list(_movements(stretch, dated))
        if k:
            first = stretch[0]
            taken = {
                "liability_taken_over": first.liability_before,
                "rou_taken_over": first.rou_before,
            }
            movements.append(Movement(first.segment.start, first.number, 0, taken))
        if k + 1 < len(stretches):
            following = stretches[k + 1][0]
            passed = {
                "liability_reclassified": following.liability_before,
                "rou_reclassified": following.rou_before,
            }
            movements.append(Movement(following.segment.start, following.number, 0, passed))
        made.append(_assembled((contract, entity, counterparty), stretch, movements))
    return tuple(made)


def _movements(
    epochs: Sequence[LesseeEpoch], dated: Sequence[Sequence[tuple[date, date]]]
) -> Iterator[Movement]:
    for epoch in epochs:
        segment = epoch.segment
        opened = {**epoch.flows, "penalty": segment.change.penalty}
        yield Movement(_opens(epoch), epoch.number, 0, opened)
        if epoch.method == "operating":
            accruals = {"interest": epoch.interest, "cost": epoch.cost}
        else:
            accruals = {"interest": epoch.interest, "amortisation": epoch.reduction}
        dates = dated[epoch.number - 1]
        yield from map(_with_reduction, period_movements(segment, epoch.number, dates, accruals))
        if segment.ends and segment.passes_title and dates:
            yield _asset_bought(epoch, dates[-1][1])


def _opens(epoch: LesseeEpoch) -> date:
    """The day on which an epoch opens; what is taken on in mid-life is of the day before."""
    start = epoch.segment.start
    return start - timedelta(days=1) if epoch.segment.taken_on else start


def _asset_bought(epoch: LesseeEpoch, day: date) -> Movement:
    left = epoch.carried()[1]
    return Movement(day, epoch.number, epoch.segment.periods, {"rou_passed_to_plant": left})


def _with_reduction(movement: Movement) -> Movement:
    # Cost is the level amount, to the unit on every date, as the lessor's income is; what interest
    # does not explain of it reduces the asset.
    if "cost" not in movement.flows:
        return movement
    reduction = movement.flows["cost"] - movement.flows["interest"]
    return attrs.evolve(movement, flows={**movement.flows, "rou_reduction": reduction})


def _assembled(
    parties: tuple[str, str, str], epochs: Sequence[LesseeEpoch], movements: Sequence[Movement]
) -> Schedule:
    method = epochs[0].method
    falls = "rou_reduction" if method == "operating" else "amortisation"
    periodic = ("interest", "cost", "rou_reduction") if method == "operating" else (
        "interest", "amortisation", "rou_passed_to_plant",
    )  # fmt: skip
    rou = {**_ROU, falls: -1}
    if method != "operating":
        rou["rou_passed_to_plant"] = -1
    billed = BILLED if any(epoch.segment.deferred for epoch in epochs) else ()
    liability = {**_LIABILITY, "billed": -1} if billed else _LIABILITY
    return assemble(
        _NAMES[method],
        parties,
        {"liability": liability, "rou": rou} | (RENT_PAYABLE if billed else {}),
        (*_OPENING, "payment", *billed, "variable_payment", *periodic),
        movements,
        (epoch.segment.rate_line(epoch.number) for epoch in epochs),
    )


def exempt_epochs(segments: Sequence[LeaseSegment]) -> Iterator[tuple[int, list[int]]]:
    """
    The epochs of a lease that its lessee keeps off the balance sheet.

    Source: ASC 842-20-25-2; IFRS 16.6.

    Yields:
        Minor units prepaid as the epoch opens, negative where cost is accrued, and the cost of each
        of its periods.

    Example:
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 6, "advance", (100, 120), Fraction(0), "")
        >>> list(exempt_epochs([terms]))
        [(0, [110, 110])]
    """
    carried = 0
    for segment in segments:
        own = segment.initial_direct_costs + segment.paid_by_start
        due = sum(segment.payments) + segment.final_payment
        costs = segment.spread(due + own + carried)
        yield carried, costs
        live = segment.live_periods
        carried += own + sum(segment.payments[:live]) - sum(costs[:live])


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
        >>> from datetime import date, timedelta
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 6, "advance", (100, 120), Fraction(0), "")
        >>> schedule = lessee_exempt("c", "lessee", "lessor", [terms])
        >>> schedule.total("cost"), schedule.balance("prepaid_rent", date(2029, 6, 30))
        (220, -10)
    """
    movements: list[Movement] = []
    dated = dated_periods(segments)
    walked = zip(segments, dated, exempt_epochs(segments), strict=True)
    for epoch, (segment, dates, (carried, costs)) in enumerate(walked, start=1):
        opened = {
            "initial_direct_costs": segment.initial_direct_costs,
            "incentives": segment.incentives,
            "prepaid": segment.prepaid,
            "day_one": segment.day_one,
            "penalty": segment.change.penalty,
            # A lease that ends early leaves nothing to be prepaid or accrued.
            "cost": carried if segment.change.over else 0,
        }
        movements.append(Movement(segment.start, epoch, 0, opened))
        movements += period_movements(segment, epoch, dates, {"cost": costs})
    billed = BILLED if any(segment.deferred for segment in segments) else ()
    prepaid = {
        "payment": 1, "initial_direct_costs": 1, "prepaid": 1, "day_one": 1,
        "incentives": -1, "cost": -1,
    }  # fmt: skip
    return assemble(
        "lessee-exempt",
        (contract, entity, counterparty),
        {"prepaid_rent": prepaid | ({"billed": 1} if billed else {})}
        | (RENT_PAYABLE if billed else {}),
        (
            "initial_direct_costs", "incentives", "prepaid", "day_one", "penalty",
            "payment", *billed, "variable_payment", "cost",
        ),
        movements,
    )  # fmt: skip
