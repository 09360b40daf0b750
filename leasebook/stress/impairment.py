"""
Impairment of an asset whose value falls, in its owner's books, under either framework.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.asset import owner_of
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rates import periodic_rate
from leasebook.reckoning.rounding import round_half_even
from leasebook.stress.course import Course
from leasebook.stress.obsolescence import book_of, carrying_amount, fiscal_ends
from leasebook.stress.position import Position
from leasebook.stress.relief import asset_value
from leasebook.stress.scenario import ImpairmentTest, ScenarioFile


@attrs.frozen
class Tested:
    """
    A test for impairment at the end of a fiscal year, in minor units.

    Attributes:
        carrying: Before the test, earlier impairments taken off.
        undimmed: What it would be carried at had there never been one.
        value: Market value.
        flows: Undiscounted cash flows that are still expected of it.
        in_use: Their present value; None under US GAAP, which does not ask for it.
        triggered: Whether there is an indication, so that the test is made.
        written_down: Below zero is a reversal.
    """

    asset: str
    owner: str
    day: date
    carrying: int
    undimmed: int
    value: int
    flows: int
    in_use: int | None
    triggered: bool
    written_down: int

    @property
    def after(self) -> int:
        """What it is carried at after the test."""
        return self.carrying - self.written_down


def impairment_tests(
    position: Position, scenario: ScenarioFile, course: Course
) -> tuple[Tested, ...]:
    """
    The tests that a scenario asks for, year by year, each on what the one before it left.

    After a write-down the rest is depreciated over the rest of the life, in proportion to what
    would be left without it.

    Source: ASC 360-10-35-17, 360-10-35-20, 360-10-35-21; IAS 36.9, 36.12(a), 36.59, 36.117.
    """
    found: list[Tested] = []
    for one in scenario.impairments:
        setting = position.setting_of(one.asset)
        owner = owner_of(one.asset, setting)
        if book_of(position, owner) is None:
            continue
        sold = next((s.date.get() for s in scenario.sales if s.asset == one.asset), date.max)
        begins = setting.deal.assets[one.asset].in_service.get()
        left = Fraction(1)
        for day in fiscal_ends(position, owner, begins, course.last_day):
            base = carrying_amount(position, one.asset, owner, day) or 0
            if day >= sold or base <= 0:
                break
            tested = _test(position, scenario, course, one, owner, day, (base, left))
            found.append(tested)
            left = Fraction(tested.after, base)
    return tuple(found)


def _test(
    position: Position,
    scenario: ScenarioFile,
    course: Course,
    one: ImpairmentTest,
    owner: str,
    day: date,
    carried: tuple[int, Fraction],
) -> Tested:
    base, left = carried
    carrying = round_half_even(base * left)
    value = asset_value(position, scenario, one.asset, day) or 0
    flows = list(expected_flows(position, scenario, course, one.asset, day))
    total = sum(amount for _, amount in flows)
    us = position.setting_of(one.asset).framework == "us-gaap"
    in_use = None if us else _present_value(one, flows, day)
    triggered = value < carrying
    written_down = 0
    if in_use is None:
        if triggered and total < carrying:
            written_down = carrying - value
    else:
        costs = Fraction(one.costs_of_disposal.get()) if one.costs_of_disposal else Fraction(0)
        recoverable = max(round_half_even(value * (1 - costs)), in_use)
        if triggered and recoverable < carrying:
            written_down = carrying - recoverable
        elif recoverable > carrying:
            # never above what it would be without the earlier loss
            written_down = carrying - min(recoverable, base)
    return Tested(
        one.asset, owner, day, carrying, base, value, total, in_use, triggered, written_down
    )


def expected_flows(
    position: Position, scenario: ScenarioFile, course: Course, asset: str, day: date
) -> Iterator[tuple[date, int]]:
    """
    Day and minor units of what an asset still brings after a day: rents, then its value at the end.

    Rents are those that come in in the course, of the old tenant and of a new one. Without a sale
    its market value on the last day is the last of the flows.

    Source: ASC 360-10-35-29, 360-10-35-30; IAS 36.39.
    """
    leases = {lease.id for lease in position.of_kind(Lease) if lease.asset == asset}
    for p in position.payments:
        if p.contract in leases and day < p.date < course.first_day:
            yield p.date, p.amount
    sold = False
    for settled in course.settled:
        if settled.date > day and settled.due.kind in ("rent", "re-let"):
            if settled.due.contract in leases:
                yield settled.date, settled.paid
        elif settled.date > day and (settled.due.kind, settled.due.contract) == ("sale", asset):
            sold = True
            yield settled.date, settled.paid
    if not sold:
        yield course.last_day, asset_value(position, scenario, asset, course.last_day) or 0


def _present_value(one: ImpairmentTest, flows: list[tuple[date, int]], day: date) -> int:
    """
    The value in use: flows discounted by whole months at the test's rate.

    Source: IAS 36.30, 36.55.
    """
    if one.discount_rate is None:
        return 0
    rate = periodic_rate(one.discount_rate.get(), "effective-annual", 1)
    worth = sum((amount / (1 + rate) ** months_between(day, d) for d, amount in flows), Fraction(0))
    return round_half_even(worth)
