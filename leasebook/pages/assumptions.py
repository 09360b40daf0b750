"""
Every figure that is an assumption, with its reason: no report goes without them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.report.table import Column, Row, Table

_COLUMNS = (
    Column("path", "Figure"),
    Column("value", "Value"),
    Column("assumption", "Why, and in whose place"),
)


def figures(value: Any) -> Iterator[Figure[Any]]:
    """Every figure inside a value of the contract model, in the order of its fields."""
    if isinstance(value, Figure):
        yield value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from figures(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from figures(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from figures(part)


def value_text(value: Any) -> str:
    """
    A figure's value as people write it.

    Example:
        >>> value_text(Decimal("28787500000"))
        '28,787,500,000'
    """
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return "unknown" if value is None else str(value)


def assumptions_table(deal: Deal) -> Table:
    """The assumptions of a deal, apart from judgements of facts, which `determine` shows."""
    parts = (deal.entities, deal.assets, deal.contracts, deal.events, deal.exchange_rates)
    rows = [
        Row({"path": f.path, "value": value_text(f.value), "assumption": f.assumption})
        for part in parts
        for f in figures(part if isinstance(part, Mapping) else tuple(part))
        if f.assumption is not None
    ]
    stated = [
        Row(
            {
                "path": f"assertion {a.decision}({a.about})",
                "value": a.outcome,
                "assumption": a.assumption,
            }
        )
        for a in deal.assertions
        if a.assumption is not None
    ]
    return Table("Assumptions: figures that are not public", _COLUMNS, (*rows, *stated))
