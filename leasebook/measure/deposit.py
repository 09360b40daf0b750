"""
A sales-type lease whose rents may not be collected: its lessor keeps the asset, and what it gets.

What the lessee has paid is a deposit until collection is probable, and then part of the price of
the asset; if the lease ends before, nothing is returned and it is income.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import attrs

from leasebook.measure.lease_periods import dated_periods, period_movements
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.schedule import Movement, Schedule, assemble

_FLOWS = (
    "prepaid",
    "day_one",
    "incentives",
    "payment",
    "variable_payment",
    "deposit_to_income",
    "deposit_to_sale",
    "initial_direct_costs_deferred",
    "initial_direct_costs_expensed",
    "direct_costs_to_sale",
    "direct_costs_lost",
    "penalty",
    "sale_price",
    "revenue",
    "cost_of_goods_sold",
    "selling_profit",
)
_BALANCES = {
    "deposit": {
        "prepaid": 1,
        "day_one": 1,
        "incentives": -1,
        "payment": 1,
        "variable_payment": 1,
        "deposit_to_income": -1,
        "deposit_to_sale": -1,
    },
    "unamortised_direct_costs": {
        "initial_direct_costs_deferred": 1,
        "direct_costs_to_sale": -1,
        "direct_costs_lost": -1,
    },
}


@attrs.frozen
class DepositEpoch:
    """
    One epoch of a lease whose lessor keeps what it receives as a deposit.

    Attributes:
        number: From 1.
        segment: Its terms.
        held_before: Minor units of deposit when it opens.
        costs_deferred: Minor units of direct costs that wait for the sale.
        costs_expensed: Minor units of direct costs that are expensed as it opens.
        given_up: Carrying amount of the asset in minor units, if the lessee buys it as it opens.
    """

    number: int
    segment: LeaseSegment
    held_before: int
    costs_deferred: int
    costs_expensed: int = 0
    given_up: int = 0

    def received(self) -> list[int]:
        """Minor units received for each of its periods, live or not."""
        segment = self.segment
        return [
            0 if k in segment.unpaid else paid + segment.variable_of(k)
            for k, paid in enumerate(segment.payments)
        ]

    @property
    def held(self) -> int:
        """Minor units of deposit when its live periods are over, before what is done with it."""
        segment = self.segment
        paid = segment.final_payment - segment.left_open
        due = paid if segment.ends and segment.periods else 0
        live = self.received()[: segment.live_periods]
        return self.held_before + segment.paid_by_start + sum(live) + due

    @property
    def revenue(self) -> int:
        """Minor units of revenue as the lessee buys the asset, direct costs off."""
        return self.held_before + self.segment.change.price - self.costs_deferred

    @property
    def gain(self) -> int:
        """What the first day adds to the result in minor units, a loss negative."""
        change = self.segment.change
        if change.kind == "sold":
            return self.revenue - self.given_up
        if change.kind == "ended":
            return self.held_before + change.penalty - self.costs_deferred
        return -self.costs_expensed


def deposit_epochs(
    segments: Sequence[LeaseSegment], costs: int = 0, *, expensed: bool = True, given_up: int = 0
) -> tuple[DepositEpoch, ...]:
    """
    The epochs of a lease whose collection is not probable: what is received adds up.

    Source: ASC 842-30-25-3, 842-30-25-1(c).

    Args:
        segments: In order.
        costs: The lessor's initial direct costs, minor units.
        expensed: Whether they are expensed at commencement, and do not wait for the sale.
        given_up: Carrying amount of the asset when the lessee buys it, minor units.

    Returns:
        One epoch for each segment.

    Example:
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 50), Fraction(0), "")
        >>> deposit_epochs([terms])[0].held
        110
    """
    epochs: list[DepositEpoch] = []
    held, waiting = 0, 0 if expensed else costs
    for number, segment in enumerate(segments, start=1):
        taken = costs if expensed and not epochs else 0
        sold = given_up if segment.change.kind == "sold" else 0
        epoch = DepositEpoch(number, segment, held, waiting, taken, sold)
        epochs.append(epoch)
        held = epoch.held
    return tuple(epochs)


def deposit_schedule(
    parties: tuple[str, str, str],
    epochs: Sequence[DepositEpoch],
    probable_on: date | None = None,
) -> Schedule:
    """
    What a lessor receives and owes nobody else, until it is the price of the asset or income.

    Source: ASC 842-30-25-3 to 25-5.

    Args:
        parties: Contract, lessor, lessee.
        epochs: In order.
        probable_on: The day on which collection becomes probable and the asset is derecognised.

    Returns:
        Schedule "lessor-deposit", minor units.

    Example:
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 50), Fraction(0), "")
        >>> made = deposit_schedule(("c", "lessor", "lessee"), deposit_epochs([terms]))
        >>> made.balance("deposit", date(2029, 12, 31)), made.total("deposit_to_income")
        (60, 110)
    """
    movements: list[Movement] = []
    dated = dated_periods([epoch.segment for epoch in epochs])
    for epoch, dates in zip(epochs, dated, strict=True):
        segment, number = epoch.segment, epoch.number
        movements.append(_opened(epoch, first=epoch is epochs[0]))
        # Rent that is due and not paid is no asset.
        movements += (
            moved
            for moved in period_movements(segment, number, dates, {})
            if "billed" not in moved.flows
        )
    movements += _closed(epochs[-1], dated[-1], probable_on)
    return assemble("lessor-deposit", parties, _BALANCES, _FLOWS, movements)


def _opened(epoch: DepositEpoch, *, first: bool) -> Movement:
    segment, number, waiting = epoch.segment, epoch.number, epoch.costs_deferred
    if segment.change.kind == "sold":
        sale = {
            "deposit_to_sale": epoch.held_before,
            "direct_costs_to_sale": waiting,
            "sale_price": segment.change.price,
            "revenue": epoch.revenue,
            "cost_of_goods_sold": epoch.given_up,
            "selling_profit": epoch.revenue - epoch.given_up,
        }
        return Movement(segment.start - timedelta(days=1), number, 0, sale)
    if segment.change.kind == "ended":
        over = {
            "deposit_to_income": epoch.held_before,
            "direct_costs_lost": waiting,
            "penalty": segment.change.penalty,
        }
        return Movement(segment.start, number, 0, over)
    flows = {
        "prepaid": segment.prepaid,
        "day_one": segment.day_one,
        "incentives": segment.incentives,
        "initial_direct_costs_deferred": waiting if first else 0,
        "initial_direct_costs_expensed": epoch.costs_expensed,
    }
    return Movement(segment.start, number, 0, flows)


def _closed(
    last: DepositEpoch, dates: Sequence[tuple[date, date]], probable_on: date | None
) -> Iterator[Movement]:
    """What becomes of the deposit after the last period: part of a price, or income."""
    segment = last.segment
    if probable_on is not None:
        sale = {"deposit_to_sale": last.held, "direct_costs_to_sale": last.costs_deferred}
        yield Movement(probable_on, last.number, 0, sale)
    elif segment.ends and dates:
        over = {"deposit_to_income": last.held, "direct_costs_lost": last.costs_deferred}
        yield Movement(dates[-1][1], last.number, segment.periods, over)
