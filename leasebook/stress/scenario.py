"""
Scenarios: who stops paying, what is let again or sold, and what assets are worth as time goes by.

A scenario is a file of its own, so that it can be tried on several deals. Every figure in it has a
source or is an assumption with its reason.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure
from leasebook.values.duration import Duration

StopKind: TypeAlias = Literal["defaults", "leaves"]
Means: TypeAlias = Literal["limited", "unlimited"]
Day: TypeAlias = date


@attrs.frozen
class Header:
    """
    What the scenario is called, on which basis of the deals it runs, and until when.

    `basis` is the basis whose payments are expected without the scenario; `until` is the last day
    that is followed, that of the last payment if it is not said.
    """

    title: str
    basis: str | None = None
    until: Figure[date] | None = None
    note: str = ""


@attrs.frozen
class CurvePoint:
    """What is left of the value some time after the start, as a part of the cost."""

    after: Figure[Duration]
    of_cost: Figure[Decimal]


@attrs.frozen
class Curve:
    """
    The value of an asset over time, as a part of what it cost new.

    The value is 1 at the start, goes in straight lines from point to point, and falls by
    `decay_annual` a year after the last of them, to no less than `floor_of_cost`.
    """

    title: str
    points: tuple[CurvePoint, ...] = ()
    decay_annual: Figure[Decimal] | None = None
    floor_of_cost: Figure[Decimal] | None = None


@attrs.frozen
class Stop:
    """
    A tenant that pays no more under a contract from a day on.

    One that `defaults` still owes every payment, and its estate pays `recovery` of each; one that
    `leaves` owes nothing more.
    """

    contract: str
    kind: StopKind
    date: Figure[date]
    recovery: Figure[Decimal] | None = None


@attrs.frozen
class Reletting:
    """
    A new tenant, some time after the stop, for a part of the rent that the old one would have paid.

    The rent falls by `decline_annual` with each full year of the new tenancy, which lasts until
    `last_day`, if that is said.
    """

    lease: str
    after: Figure[Duration]
    rent_share: Figure[Decimal]
    decline_annual: Figure[Decimal] | None = None
    last_day: Figure[date] | None = None


@attrs.frozen
class AssetValue:
    """
    The curve that an asset's market value follows.

    It starts `new_from` a day, the asset's first day in service if that is not said, at `amount`,
    its fair value if that is not said.
    """

    asset: str
    curve: str
    amount: Figure[Decimal] | None = None
    new_from: Figure[date] | None = None


@attrs.frozen
class AssetSale:
    """The sale of an asset on a day, for a part of its market value."""

    asset: str
    date: Figure[date]
    proceeds_share: Figure[Decimal]


@attrs.frozen
class Acceleration:
    """The day on which all of a note's principal falls due."""

    note: str
    date: Figure[date]


@attrs.frozen
class PartyMeans:
    """
    Whether a party pays all it owes, or only as far as its money in the deals reaches.

    `cash` is what a limited party has when the scenario begins, in place of what its books say.
    """

    party: str
    means: Means
    cash: Figure[Decimal] | None = None


@attrs.frozen
class ReadingChosen:
    """The reading by which a residual value guarantee falls, by its label in the deal."""

    guarantee: str
    reading: str


@attrs.frozen
class ImpairmentTest:
    """
    An asset that is tested for impairment at the end of each fiscal year of its owner.

    It is tested `together_with` others that bring their cash flows with it (ASC 360-10-35-23;
    IAS 36.66). `discount_rate` turns cash flows into value in use (IAS 36.30); `costs_of_disposal`
    is a part of the value (IAS 36.28). IFRS asks for both.
    """

    asset: str
    together_with: tuple[str, ...] = ()
    discount_rate: Figure[Decimal] | None = None
    costs_of_disposal: Figure[Decimal] | None = None

    @property
    def assets(self) -> tuple[str, ...]:
        """The asset and those that are tested with it."""
        return (self.asset, *self.together_with)


@attrs.frozen
class ScenarioFile:
    """The tables of a scenario file."""

    scenario: Header
    sources: Mapping[str, str] = attrs.field(factory=dict)
    curves: Mapping[str, Curve] = attrs.field(factory=dict)
    stops: tuple[Stop, ...] = ()
    relettings: tuple[Reletting, ...] = ()
    values: tuple[AssetValue, ...] = ()
    sales: tuple[AssetSale, ...] = ()
    accelerations: tuple[Acceleration, ...] = ()
    parties: tuple[PartyMeans, ...] = ()
    readings: tuple[ReadingChosen, ...] = ()
    impairments: tuple[ImpairmentTest, ...] = ()

    def value_of(self, asset: str) -> AssetValue | None:
        """The curve that the scenario gives an asset, if it gives one."""
        return next((one for one in self.values if one.asset == asset), None)

    def first_day(self) -> Day | None:
        """The day on which the scenario begins to differ; None if it never does."""
        days = [one.date.get() for one in self.stops]
        days += [one.date.get() for one in self.sales]
        days += [one.date.get() for one in self.accelerations]
        return min(days, default=None)


def parts(file: ScenarioFile) -> list[tuple[str, int | str, Any]]:
    """Section, key or index, and value of every table but the header and the sources."""
    found: list[tuple[str, int | str, Any]] = [("curves", key, c) for key, c in file.curves.items()]
    for field in attrs.fields(ScenarioFile)[3:]:
        found += [(field.name, at, one) for at, one in enumerate(getattr(file, field.name))]
    return found
