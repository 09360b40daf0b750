"""
Drafts: as much of a deal as could be structured, so that its meaning can be checked.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, get_args, get_origin

import attrs

from leasebook.contract.deal import (
    Assertion,
    Asset,
    Basis,
    Entity,
    FiledStatements,
    Scenario,
    StatedFact,
    StatedTable,
)
from leasebook.contract.event import Event
from leasebook.contract.exchange_rate import ExchangeRate
from leasebook.contract.merge import NAMED
from leasebook.contract.model import Contract
from leasebook.contract.node import Misfit, Node
from leasebook.contract.placed import Placed, placed_below
from leasebook.contract.shape import DealFile, Header
from leasebook.contract.structure import structure
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding


@attrs.frozen
class Draft:
    """
    A deal on its way: what fits the model, by id or by index in the file.

    `tables` is the raw content, and `declared` the ids of each section, whether they fit or not.
    """

    tables: Mapping[str, Any]
    declared: Mapping[str, frozenset[str]]
    deal: Header | None = None
    sources: Mapping[str, str] = attrs.field(factory=dict)
    entities: Mapping[str, Entity] = attrs.field(factory=dict)
    assets: Mapping[str, Asset] = attrs.field(factory=dict)
    contracts: Mapping[str, Contract] = attrs.field(factory=dict)
    scenarios: Mapping[str, Scenario] = attrs.field(factory=dict)
    events: Mapping[int, Event] = attrs.field(factory=dict)
    judgements: Mapping[int, StatedFact] = attrs.field(factory=dict)
    facts: Mapping[int, StatedFact] = attrs.field(factory=dict)
    tables_stated: Mapping[int, StatedTable] = attrs.field(factory=dict)
    assertions: Mapping[int, Assertion] = attrs.field(factory=dict)
    bases: Mapping[int, Basis] = attrs.field(factory=dict)
    exchange_rates: Mapping[int, ExchangeRate] = attrs.field(factory=dict)
    filed: Mapping[str, FiledStatements] = attrs.field(factory=dict)

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every figure of every part, with its place."""
        return tuple(
            placed
            for section, key, part in self.parts()
            for placed in placed_below(self.tables, (section, key), part)
        )

    def parts(self) -> Iterator[tuple[str, str | int, Any]]:
        """Section, key and value of every part but the header and the sources."""
        for section in (
            *NAMED[:-1],
            "events",
            "judgements",
            "facts",
            "assertions",
            "bases",
            "exchange_rates",
        ):
            for key, part in getattr(self, section).items():
                yield section, key, part
        for number, table in self.tables_stated.items():
            yield "tables", number, table


def draft_of(tables: Mapping[str, Any]) -> tuple[Draft, list[Finding]]:
    """
    The draft of a deal's tables, with every finding of structure.

    Args:
        tables: Sections of all files together, each a table or a list as it has to be.
    """
    findings: list[Finding] = []
    drafted: dict[str, Any] = {}
    shape = {field.name: field.type for field in attrs.fields(DealFile)}
    for section in tables:
        if section not in shape:
            cause = f"there is no section {section}"
            advice = nearest(section, shape)
            findings.append(Finding("LB0102", (section,), cause, advice, "key"))
    for section, kind in shape.items():
        name = "tables_stated" if section == "tables" else section
        if section == "deal":
            drafted[name] = _header(tables, findings)
        else:
            inner = get_args(kind)[1 if get_origin(kind) is not tuple else 0]
            drafted[name] = _section(section, tables.get(section, ()), inner, findings)
    declared = {section: frozenset(tables.get(section, ())) for section in NAMED}
    return Draft(tables, declared, **drafted), findings


def _header(tables: Mapping[str, Any], findings: list[Finding]) -> Header | None:
    if "deal" not in tables:
        fix = "add [deal] with title, reporting, currency and known_to"
        findings.append(Finding("LB0103", (), "the table [deal] is missing", fix, "header"))
        return None
    header: Header | None = _one(Node(tables["deal"], ("deal",)), Header, findings)
    return header


def _section(section: str, raw: Any, inner: Any, findings: list[Finding]) -> dict[Any, Any]:
    items = raw.items() if isinstance(raw, dict) else enumerate(raw)
    drafted = {}
    for key, item in items:
        part = _one(Node(item, (section, key)), inner, findings)
        if part is not None:
            drafted[key] = part
    return drafted


def _one(node: Node, kind: Any, findings: list[Finding]) -> Any:
    try:
        return structure(node, kind)
    except Misfit as misfit:
        findings += misfit.findings
        return misfit.rest
