"""
Impairment of assets whose value falls: the facts of each test, which the rules then decide.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.lease import Lease
from leasebook.facts.fact import Fact, Subject, Unknown, Value
from leasebook.measure.asset import owner_of
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rates import periodic_rate
from leasebook.reckoning.rounding import round_half_even, spread
from leasebook.rulebook.determination import Determination
from leasebook.rulebook.determine import determine
from leasebook.rulebook.loading import Rulebook
from leasebook.stress.course import Course
from leasebook.stress.obsolescence import book_of, carrying_amount, fiscal_ends
from leasebook.stress.position import Position
from leasebook.stress.relief import asset_value
from leasebook.stress.scenario import ImpairmentTest, ScenarioFile

#: What is decided of a group of assets on a day, in the order of the steps.
DECISIONS = ("impairment_indicator", "recoverability", "impairment")


@attrs.frozen
class Part:
    """
    One asset in a test, in minor units.

    Attributes:
        carrying: Before the test, earlier losses taken off.
        undimmed: What it would be carried at had there never been one.
        value: Market value.
        written_down: Below zero is a reversal.
    """

    asset: str
    carrying: int
    undimmed: int
    value: int
    written_down: int = 0

    @property
    def after(self) -> int:
        """What it is carried at after the test."""
        return self.carrying - self.written_down


@attrs.frozen
class Tested:
    """
    A test for impairment at the end of a fiscal year, in minor units.

    Attributes:
        parts: The assets that bring their cash flows together, the one that is named first.
        flows: Undiscounted cash flows that are expected of them on the day.
        in_use: Their present value; None under US GAAP, which does not ask for it, or without a
            rate.
        less_costs: Market value less costs of disposal; None under US GAAP or without the costs.
        found: What the rules decide, with paragraphs and margins.
    """

    owner: str
    day: date
    parts: tuple[Part, ...]
    flows: int
    in_use: int | None
    less_costs: int | None
    found: tuple[Determination, ...] = ()

    @property
    def asset(self) -> str:
        """The assets as one name."""
        return "+".join(part.asset for part in self.parts)

    @property
    def id(self) -> str:
        """The name of the group on the day, about which the rules decide."""
        return f"{self.asset}@{self.day.isoformat()}"

    @property
    def carrying(self) -> int:
        """What the group is carried at before the test."""
        return sum(part.carrying for part in self.parts)

    @property
    def undimmed(self) -> int:
        """What it would be carried at had there never been a loss."""
        return sum(part.undimmed for part in self.parts)

    @property
    def value(self) -> int:
        """Market value of the group."""
        return sum(part.value for part in self.parts)

    @property
    def written_down(self) -> int:
        """Loss of the group; below zero is a reversal."""
        return sum(part.written_down for part in self.parts)

    @property
    def after(self) -> int:
        """What the group is carried at after the test."""
        return self.carrying - self.written_down

    @property
    def outcome(self) -> Determination:
        """The decision itself, after those that it waits for."""
        return self.found[-1]


@attrs.frozen
class _Before:
    """What earlier tests left: the part of each carrying amount, and the last test with a loss."""

    left: Mapping[str, Fraction]
    loss: Tested | None = None


def impairment_tests(
    position: Position, scenario: ScenarioFile, course: Course
) -> tuple[Tested, ...]:
    """
    The tests that a scenario asks for, year by year, each on what the one before it left.

    After a write-down the rest is depreciated over the rest of the life, in proportion to what
    would be left without it.

    Source: ASC 360-10-35-17, 360-10-35-20, 360-10-35-23; IAS 36.9, 36.59, 36.63, 36.66, 36.117.
    """
    found: list[Tested] = []
    for one in scenario.impairments:
        owner = owner_of(one.asset, position.setting_of(one.asset))
        if book_of(position, owner) is None:
            continue
        found += _years(position, scenario, course, one, owner)
    return tuple(found)


def _years(
    position: Position, scenario: ScenarioFile, course: Course, one: ImpairmentTest, owner: str
) -> Iterator[Tested]:
    sold = {s.asset: s.date.get() for s in scenario.sales}
    ends = min((sold.get(asset, date.max) for asset in one.assets), default=date.max)
    deal = position.setting_of(one.asset).deal
    begins = max(deal.assets[asset].in_service.get() for asset in one.assets)
    before = _Before(dict.fromkeys(one.assets, Fraction(1)))
    for day in fiscal_ends(position, owner, begins, course.last_day):
        parts = tuple(_part(position, scenario, a, owner, day, before.left[a]) for a in one.assets)
        if day >= ends or sum(part.undimmed for part in parts) <= 0:
            break
        tested = _decided(position, scenario, course, one, _test(
            position, scenario, course, one, owner, day, parts
        ), before)  # fmt: skip
        yield tested
        before = _Before(
            {
                p.asset: Fraction(p.after, p.undimmed) if p.undimmed else Fraction(1)
                for p in tested.parts
            },
            tested if tested.written_down > 0 else before.loss,
        )


def _part(
    position: Position, scenario: ScenarioFile, asset: str, owner: str, day: date, left: Fraction
) -> Part:
    base = max(0, carrying_amount(position, asset, owner, day) or 0)
    value = asset_value(position, scenario, asset, day) or 0
    return Part(asset, round_half_even(base * left), base, value)


def _test(
    position: Position,
    scenario: ScenarioFile,
    course: Course,
    one: ImpairmentTest,
    owner: str,
    day: date,
    parts: tuple[Part, ...],
) -> Tested:
    """The amounts of a test, before anything is decided."""
    flows = list(expected_flows(position, scenario, course, one.assets, day))
    total = sum(amount for _, amount in flows)
    if position.setting_of(one.asset).framework == "us-gaap":
        return Tested(owner, day, parts, total, None, None)
    less_costs = sum(part.value for part in parts)
    known = one.costs_of_disposal is not None
    if one.costs_of_disposal is not None:
        less_costs = round_half_even(less_costs * (1 - Fraction(one.costs_of_disposal.get())))
    in_use = _present_value(one, flows, day)
    return Tested(owner, day, parts, total, in_use, less_costs if known else None)


def _decided(
    position: Position,
    scenario: ScenarioFile,
    course: Course,
    one: ImpairmentTest,
    test: Tested,
    before: _Before,
) -> Tested:
    """A test with what the rules decide of it, and the loss or reversal that follows."""
    setting = position.setting_of(one.asset)
    rulebook = Rulebook.load()
    subject = _subject(position, scenario, course, test, before)
    reached = determine(
        rulebook,
        [subject],
        framework=setting.framework,
        as_of=setting.deal.known_to,
        policy=rulebook.policies["default"],
        measured=lambda name, _subject, _reached: Fact(name, Unknown("not stated"), "measured"),
        judgements_varied=False,
    )
    found = tuple(reached[d, test.id] for d in DECISIONS if (d, test.id) in reached)
    return attrs.evolve(test, found=found, parts=_written(test, found[-1].outcome, one))


def _subject(
    position: Position, scenario: ScenarioFile, course: Course, test: Tested, before: _Before
) -> Subject:
    """The group on the day, with the facts that the rules read."""
    decimals = position.currency.decimals
    assets = {part.asset for part in test.parts}
    leases = {lease.id for lease in position.of_kind(Lease) if lease.asset in assets}
    stopped = any(s.contract in leases and s.date.get() <= test.day for s in scenario.stops)
    begun = course.first_day <= test.day
    ahead = begun and any(s.asset in assets and s.date.get() > test.day for s in scenario.sales)
    changed = before.loss is not None and (
        test.value > before.loss.value or before.loss.day < course.first_day <= test.day
    )

    def money(amount: int | None, lacking: str) -> Value | Unknown:
        return Unknown(lacking) if amount is None else Fraction(amount, 10**decimals)

    values: dict[str, Value | Unknown] = {
        "group_carrying_amount": money(test.carrying, ""),
        "group_fair_value": money(test.value, ""),
        "group_cash_flows": money(test.flows, ""),
        "group_fair_value_less_costs": money(test.less_costs, "no costs_of_disposal"),
        "group_value_in_use": money(test.in_use, "no discount_rate"),
        "group_loss_left": money(test.undimmed - test.carrying, ""),
        "tenant_gone": stopped,
        "sale_ahead": ahead,
        "estimates_changed": changed,
    }
    facts = {
        name: Fact(name, value, "derived", path="impairments", source="follows from the scenario")
        for name, value in values.items()
    }
    return Subject(test.id, "asset-group", facts)


def _written(test: Tested, outcome: str | None, one: ImpairmentTest) -> tuple[Part, ...]:
    """
    The assets of a group, each with its part of the loss or reversal, by carrying amount.

    None is written down below what it would fetch, nor back up beyond what it would be carried at
    without any loss.

    Source: ASC 360-10-35-17, 360-10-35-28; IAS 36.104, 36.105, 36.117, 36.122, 36.123.
    """
    parts = test.parts
    weights = [part.carrying for part in parts]
    known = [amount for amount in (test.in_use, test.less_costs) if amount is not None]
    recoverable = max(known, default=test.value)
    if outcome == "impaired":
        kept = Fraction(1)
        if test.less_costs is not None and one.costs_of_disposal is not None:
            kept -= Fraction(one.costs_of_disposal.get())
        rooms = [max(0, p.carrying - round_half_even(p.value * kept)) for p in parts]
        cuts = shared_out(test.carrying - recoverable, weights, rooms)
    elif outcome == "reversed":
        rooms = [part.undimmed - part.carrying for part in parts]
        back = min(recoverable, test.undimmed) - test.carrying
        cuts = [-part for part in shared_out(back, weights, rooms)]
    else:
        return parts
    return tuple(attrs.evolve(p, written_down=c) for p, c in zip(parts, cuts, strict=True))


def shared_out(amount: int, weights: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """
    An amount shared out by weights, none getting more than its room; what does not fit is left.

    Args:
        amount: Minor units, not below zero.
        weights: Not below zero.
        rooms: The most that each can take, minor units.

    Example:
        >>> shared_out(100, [60, 40], [100, 100]), shared_out(100, [60, 40], [30, 100])
        ([60, 40], [30, 70])
    """
    parts = [0] * len(weights)
    free = {at for at, weight in enumerate(weights) if weight and rooms[at]}
    while free:
        left = amount - sum(part for at, part in enumerate(parts) if at not in free)
        cut = spread(left, [w if at in free else 0 for at, w in enumerate(weights)])
        full = {at for at in free if cut[at] >= rooms[at]}
        parts = [cut[at] if at in free - full else part for at, part in enumerate(parts)]
        for at in full:
            parts[at] = rooms[at]
        free -= full
        if not full:
            break
    return parts


def expected_flows(
    position: Position, scenario: ScenarioFile, course: Course, assets: Sequence[str], day: date
) -> Iterator[tuple[date, int]]:
    """
    Day and minor units of what is expected of assets on a day: rents, then their value at the end.

    Until the scenario begins rents are expected as agreed, and from then on as they come in, of the
    old tenant and of a new one; nobody knows before. An asset without a sale fetches its market
    value on the last day.

    Source: ASC 360-10-35-29, 360-10-35-30; IAS 36.33, 36.39.
    """
    lessors = {x.id: x.lessor for x in position.of_kind(Lease) if x.asset in assets}
    begun = course.first_day <= day
    sold = set()
    for p in position.payments if not begun else ():
        if p.contract in lessors and p.date > day:
            yield p.date, p.amount if p.payee == lessors[p.contract] else -p.amount
    for settled in course.settled if begun else ():
        due = settled.due
        if settled.date > day and due.kind in ("rent", "re-let") and due.contract in lessors:
            yield settled.date, settled.paid
        elif settled.date > day and due.kind == "sale" and due.contract in assets:
            sold.add(due.contract)
            yield settled.date, settled.paid
    for asset in assets:
        if asset not in sold:
            yield course.last_day, asset_value(position, scenario, asset, course.last_day) or 0


def _present_value(one: ImpairmentTest, flows: Sequence[tuple[date, int]], day: date) -> int | None:
    """
    The value in use: flows discounted by whole months at the test's rate; None without a rate.

    Source: IAS 36.30, 36.55.
    """
    if one.discount_rate is None:
        return None
    rate = periodic_rate(one.discount_rate.get(), "effective-annual", 1)
    worth = sum((amount / (1 + rate) ** months_between(day, d) for d, amount in flows), Fraction(0))
    return round_half_even(worth)
