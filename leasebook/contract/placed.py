"""
Figures with their places: every figure of a part of a deal, and where in the files it is written.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from leasebook.contract.deal import StatedFact, StatedTable
from leasebook.contract.figure import Figure
from leasebook.contract.shape import file_keys
from leasebook.values.duration import Duration
from leasebook.values.problem import Path


@attrs.frozen
class Placed:
    """A figure with the path of its value and the name of its field."""

    path: Path
    name: str
    figure: Figure[Any]


def placed_below(tables: Mapping[str, Any], path: Path, part: Any) -> Iterator[Placed]:
    """
    Every figure below a part, with where its value is written.

    Args:
        tables: Raw content of the files; empty for a deal that no file holds.
        path: Where the part is written.
        part: Of a deal: an entity, an asset, a contract.
    """
    if isinstance(part, StatedFact | StatedTable):
        return
    keys = file_keys(type(part))
    for field in attrs.fields(type(part)):
        value = getattr(part, field.name)
        place = (*path, keys[field.name])
        if isinstance(value, Figure):
            yield Placed(value_path(tables, place), field.name, value)
        elif attrs.has(type(value)) and not isinstance(value, Duration):
            yield from placed_below(tables, place, value)
        elif isinstance(value, tuple):
            for number, inner in enumerate(value):
                if attrs.has(type(inner)):
                    yield from placed_below(tables, (*place, number), inner)


def value_path(tables: Mapping[str, Any], path: Path) -> Path:
    """Where the value of a figure stands: under `value`, where the figure is a table."""
    raw: Any = tables
    for part in path:
        try:
            raw = raw[part]
        except (LookupError, TypeError):
            return path
    return (*path, "value") if isinstance(raw, dict) else path
