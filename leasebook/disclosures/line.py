"""
One figure of the notes, and how each table of them is laid out (`rules/disclosures/`).
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Literal, TypeAlias

import attrs

from leasebook.values.rulefiles import read_toml, rules_root

#: Whole minor units or a whole number, a ratio, a day, a word, or None for what is not public.
Value: TypeAlias = int | Fraction | date | str | None
LineKind: TypeAlias = Literal["amount", "ratio", "percent", "integer", "date", "text"]


@attrs.frozen
class Disclosed:
    """
    One figure of the notes.

    Attributes:
        disclosure: Id of the table.
        period: Name of the fiscal year, or the reporting date.
        column: Class of lease, or the contract or entity that a row is about.
        line: Id of the line.
        value: Minor units where the line is an amount.
    """

    disclosure: str
    period: str
    column: str
    line: str
    value: Value


@attrs.frozen
class DisclosureLine:
    """A line of a table: id, title, what kind of figure, and how it is set."""

    id: str
    title: str
    kind: LineKind = "amount"
    style: str = "line"


@attrs.frozen
class Disclosure:
    """
    A table of the notes.

    Attributes:
        id: In JSON and CSV.
        title: For people.
        cites: Paragraphs by framework; a framework that is absent does not ask for the table.
        lines: In order; lines that a schedule brings besides stand before the last.
        columns: Titles of columns by id; an id without one is a contract or an entity.
        notes: What a reader must be told.
        subjects: Rows are contracts or entities, and the lines stand across.
    """

    id: str
    title: str
    cites: Mapping[str, str]
    lines: tuple[DisclosureLine, ...]
    columns: Mapping[str, str] = attrs.field(factory=dict)
    notes: tuple[str, ...] = ()
    subjects: bool = False


def _disclosure(raw: Mapping[str, Any], columns: Mapping[str, str]) -> Disclosure:
    lines = tuple(DisclosureLine(**line) for line in raw["line"])
    return Disclosure(
        raw["id"], raw["title"], raw["cites"], lines, columns, tuple(raw.get("notes", ())),
        raw.get("subjects", False),
    )  # fmt: skip


@cache
def load_disclosures() -> tuple[Disclosure, ...]:
    """
    The tables of the notes, in the order in which they are printed.

    Example:
        >>> load_disclosures()[0].id
        'lessee-maturity'
    """
    found: list[Disclosure] = []
    for name in ("lessee", "lessor", "borrowings", "exposures"):
        raw = read_toml(rules_root() / "disclosures" / f"{name}.toml")
        columns = raw.get("columns", {})
        found += [_disclosure(table, columns) for table in raw["disclosure"]]
    return tuple(found)
