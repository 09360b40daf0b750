"""
The shapes of the files: which tables a deal file and a filed file may hold.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.deal import (
    Assertion,
    Asset,
    Basis,
    Entity,
    FiledLine,
    FiledRest,
    Framework,
    Scenario,
    StatedFact,
    StatedTable,
)
from leasebook.contract.event import Event
from leasebook.contract.exchange_rate import ExchangeRate
from leasebook.contract.model import Contract
from leasebook.values.money import Currency


@attrs.frozen
class Header:
    """What the deal is called, who reports on it, in which currency, and until when it is known."""

    title: str
    reporting: str
    currency: Currency
    known_to: date
    notes: tuple[str, ...] = ()


@attrs.frozen
class DealFile:
    """The tables of a deal, from one file or from all files of a folder."""

    deal: Header
    sources: Mapping[str, str] = attrs.field(factory=dict)
    entities: Mapping[str, Entity] = attrs.field(factory=dict)
    assets: Mapping[str, Asset] = attrs.field(factory=dict)
    contracts: Mapping[str, Contract] = attrs.field(factory=dict)
    scenarios: Mapping[str, Scenario] = attrs.field(factory=dict)
    events: tuple[Event, ...] = ()
    judgements: tuple[StatedFact, ...] = ()
    facts: tuple[StatedFact, ...] = ()
    tables: tuple[StatedTable, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    bases: tuple[Basis, ...] = ()
    exchange_rates: tuple[ExchangeRate, ...] = ()


@attrs.frozen
class FiledFile:
    """What an entity filed for one fiscal year; amounts are in `unit` currency units."""

    entity: str
    as_of: date
    framework: Framework
    unit: Decimal = Decimal(1)
    lines: tuple[FiledLine, ...] = ()
    rests: tuple[FiledRest, ...] = ()


#: Sections whose tables carry their id in their header.
KEYED = ("entities", "assets", "contracts", "scenarios")

#: Sections that are lists of tables.
LISTED = ("events", "judgements", "facts", "tables", "assertions", "bases", "exchange_rates")

#: Keys of a figure that is written as a table.
FIGURE_KEYS = ("value", "source", "at", "assumption", "range", "unknown")


def file_keys(cls: type[Any]) -> dict[str, str]:
    """
    The key in a file of each field of a class of the model.

    Example:
        >>> file_keys(Event)["scenario"]
        'scenario'
    """
    return {field.name: field.metadata.get("file_key", field.name) for field in attrs.fields(cls)}
