"""
A deal: entities, assets, contracts, what happens later, what people judge, assert and ask.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import attrs

from leasebook.contract.event import Event
from leasebook.contract.exchange_rate import ExchangeRate
from leasebook.contract.figure import Figure, file_key
from leasebook.contract.model import Contract
from leasebook.contract.share import Share
from leasebook.values.duration import Duration
from leasebook.values.money import Currency

Framework: TypeAlias = Literal["us-gaap", "ifrs"]
Treatment: TypeAlias = Literal["consolidate", "equity-method", "outside"]
AssetKind: TypeAlias = Literal["real-estate", "equipment"]


@attrs.frozen
class Entity:
    """
    A party; one that keeps books here has a fiscal year, the others are counterparties.

    `cash_is_restricted` says that all its money is pledged, so that none of it is free cash.
    `risk_free_rate_for` lists the classes of asset whose leases it discounts at a risk-free rate,
    as a lessee that is no public business entity may.
    """

    id: str
    name: str
    keeps_books: bool = True
    fiscal_year_end: str = "12-31"
    framework: Framework = "us-gaap"
    filed: str | None = None
    legal_form: str | None = None
    cash_is_restricted: bool = False
    public_business_entity: Figure[bool] | None = None
    risk_free_rate_for: tuple[AssetKind, ...] | None = None


@attrs.frozen
class Asset:
    """
    An underlying asset, with what it cost its first owner before the deal.

    `carrying_amount` is the first owner's on `held_from`. Depreciation is straight-line over the
    useful life, unless `annual_depreciation` says how much a year.
    """

    id: str
    title: str
    kind: AssetKind
    useful_life: Figure[Duration]
    in_service: Figure[date]
    fair_value: Figure[Decimal]
    owner: str
    carrying_amount: Figure[Decimal] | None = None
    held_from: Figure[date] | None = None
    residual_value: Figure[Decimal] | None = None
    annual_depreciation: Figure[Decimal] | None = None


@attrs.frozen
class StatedFact:
    """A fact or a judgement about a subject, as somebody states it."""

    about: str
    fact: str
    value: Figure[Any]
    judged_by: str | None = attrs.field(default=None, metadata=file_key("by"))


#: Tables that make a subject of their own: what they list is decided about together.
GROUPINGS: Mapping[str, str] = {
    "linked_contracts": "contract-group",
    "portfolio_leases": "portfolio",
}

#: After a lease and a stroke: its services together, about which the lessor decides.
AS_LESSOR = "as-lessor"


@attrs.frozen
class StatedTable:
    """A child table of facts about a subject; `complete` says that no row is missing."""

    about: str
    table: str
    rows: tuple[Mapping[str, Figure[Any]], ...]
    complete: bool = False


@attrs.frozen
class Assertion:
    """An outcome of a decision that somebody states, such as the filer in its notes."""

    decision: str
    about: str
    outcome: str
    asserted_by: str = attrs.field(metadata=file_key("by"))
    framework: Framework | None = None
    source: str | None = None
    at: str | None = None
    assumption: str | None = None


@attrs.frozen
class Basis:
    """
    A basis of preparation: scenario, assertions taken, outcomes assumed, and the perimeter.

    `perimeter` is None when the rules decide it. `rules_as_of` is the date whose rules hold on it,
    whatever happened since; the deal's own `known_to` where it names none.
    """

    id: str
    title: str
    scenario: str
    assertions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    perimeter: Mapping[str, Treatment] | None = None
    note: str = ""
    assumption: str | None = None
    rules_as_of: date | None = None


@attrs.frozen
class Scenario:
    """A course of events, told in a sentence."""

    id: str
    title: str
    assumption: str | None = None


@attrs.frozen
class FiledLine:
    """One line of a filed statement, in currency units; unknown where it is not public."""

    statement: Literal["balance-sheet", "income-statement", "cash-flow", "total"]
    line: str
    amount: Figure[Decimal]


@attrs.frozen
class FiledRest:
    """An account that completes a filed total: the total less everything else that is in it."""

    account: str
    completes: str
    title: str = ""


@attrs.frozen
class FiledStatements:
    """What an entity filed for one fiscal year."""

    entity: str
    as_of: date
    framework: Framework
    lines: tuple[FiledLine, ...]
    rests: tuple[FiledRest, ...]


@attrs.frozen
class Deal:
    """
    Everything a deal's files say.

    The mappings are keyed by id and keep the order of the files. `signed` is the deal of the files
    where contracts are accounted for otherwise than they are signed; `shares` then says what each
    lease has of the consideration of its contract, or of contracts that are one.
    """

    id: str
    title: str
    reporting: str
    currency: Currency
    known_to: date
    sources: Mapping[str, str]
    entities: Mapping[str, Entity]
    assets: Mapping[str, Asset]
    contracts: Mapping[str, Contract]
    scenarios: Mapping[str, Scenario]
    events: tuple[Event, ...]
    judgements: tuple[StatedFact, ...]
    facts: tuple[StatedFact, ...]
    tables: tuple[StatedTable, ...]
    assertions: tuple[Assertion, ...]
    bases: Mapping[str, Basis]
    filed: Mapping[str, FiledStatements]
    notes: tuple[str, ...] = ()
    exchange_rates: tuple[ExchangeRate, ...] = ()
    shares: Mapping[str, Share] = attrs.field(factory=dict)
    signed: "Deal | None" = None

    def of_kind(self, cls: type[Any]) -> tuple[Any, ...]:
        """The contracts of one class that bind their parties, in the order of the files."""
        found = (c for c in self.contracts.values() if isinstance(c, cls))
        return tuple(c for c in found if getattr(c, "binding", True))

    def rules_date(self, basis: str) -> date:
        """The date whose rules hold on a basis: its own, else that to which the deal is known."""
        found = self.bases.get(basis)
        return (found.rules_as_of if found else None) or self.known_to

    def bookkeepers(self) -> tuple[str, ...]:
        """Ids of the entities that keep books, in the order of the files."""
        return tuple(e.id for e in self.entities.values() if e.keeps_books)
