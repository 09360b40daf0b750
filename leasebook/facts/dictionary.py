"""The dictionary of facts: every name a rule may read, with its unit, meaning and paragraph."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from leasebook.facts.fact import Fact, Subject, Unknown, Value
from leasebook.values.nearest import nearest as advice_on

KINDS = ("term", "judgement", "derived", "measured", "policy")


@attrs.frozen
class FactMeaning:
    """
    What one fact, or one column of a table, means.

    Attributes:
        about: Kinds of subject that can have it; empty for a column.
        unit: boolean, name, date, or a unit of number.
        values: All names it can take, if the list is closed.
        waits_for: Decisions that must be reached before it is measured.
    """

    name: str
    about: tuple[str, ...]
    unit: str
    kind: str
    meaning: str
    cites: str
    values: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    file: str = ""

    def accepts(self, value: Value) -> bool:
        """
        Whether a value is of this fact's type and, if its list is closed, in it.

        Example:
            >>> FactMeaning("held", ("lease",), "boolean", "term", "", "").accepts(1)
            False
        """
        match self.unit:
            case "boolean":
                return isinstance(value, bool)
            case "name":
                return isinstance(value, str) and (not self.values or value in self.values)
            case "date":
                return isinstance(value, date)
            case _:
                number = isinstance(value, int | Decimal | Fraction)
                return number and not isinstance(value, bool)


@attrs.frozen
class TableMeaning:
    """What the rows of a table are, and the column that names who or what a row is of."""

    name: str
    about: tuple[str, ...]
    key: str
    meaning: str
    cites: str
    columns: Mapping[str, FactMeaning]
    file: str = ""


@attrs.frozen
class Dictionary:
    """All facts and tables that are declared."""

    facts: Mapping[str, FactMeaning] = attrs.field(factory=dict)
    tables: Mapping[str, TableMeaning] = attrs.field(factory=dict)

    def near(self, name: str) -> str:
        """
        A hint at the declared name that looks most like another.

        Example:
            >>> rent = FactMeaning("rent", ("lease",), "money", "term", "", "")
            >>> Dictionary({"rent": rent}).near("rents")
            '; did you mean rent?'
        """
        return nearest(name, (*self.facts, *self.tables))

    def check(self, subject: Subject) -> tuple[str, ...]:
        """
        What is wrong with the facts of a subject: names not declared, values of another type.

        Returns:
            One sentence for each finding, empty if all is well.

        Example:
            >>> rent = FactMeaning("rent", ("lease",), "money", "term", "", "")
            >>> lease = Subject("a", "lease", {"rents": Fact("rents", 5, "term")})
            >>> Dictionary({"rent": rent}).check(lease)
            ('a: no fact is called rents; did you mean rent?',)
        """
        findings: list[str] = []
        for name, fact in subject.facts.items():
            findings += self._check_fact(subject, name, fact)
        for name, table in subject.tables.items():
            meaning = self.tables.get(name)
            if meaning is None:
                findings.append(f"no table is called {name}{self.near(name)}")
                continue
            if subject.kind not in meaning.about:
                findings.append(f"table {name} belongs to {' or '.join(meaning.about)}")
            for number, row in enumerate(table.rows, 1):
                findings += _check_row(meaning, number, row)
        return tuple(f"{subject.id}: {finding}" for finding in findings)

    def _check_fact(self, subject: Subject, name: str, fact: Fact) -> list[str]:
        meaning = self.facts.get(name)
        if meaning is None:
            return [f"no fact is called {name}{self.near(name)}"]
        findings = []
        if subject.kind not in meaning.about:
            findings.append(f"{name} is a fact of {' or '.join(meaning.about)}, not {subject.kind}")
        return findings + _misfits(meaning, name, fact)


def _check_row(meaning: TableMeaning, number: int, row: Mapping[str, Fact]) -> list[str]:
    findings = []
    for column, fact in row.items():
        place = f"{meaning.name} row {number}, {column}"
        declared = meaning.columns.get(column)
        if declared is None:
            findings.append(f"{place}: no such column{nearest(column, meaning.columns)}")
        else:
            findings += _misfits(declared, place, fact)
    return findings


def _misfits(meaning: FactMeaning, place: str, fact: Fact) -> list[str]:
    values = [reading.value for reading in fact.readings]
    if not isinstance(fact.value, Unknown):
        values.append(fact.value)
    return [
        f"{place} is {value!r}, not {expected(meaning)}"
        for value in values
        if not meaning.accepts(value)
    ]


def expected(meaning: FactMeaning) -> str:
    """
    The values a fact takes, in words.

    Example:
        >>> expected(FactMeaning("held", ("lease",), "boolean", "term", "", ""))
        'true or false'
    """
    if meaning.values:
        return "one of " + ", ".join(meaning.values)
    words = {"boolean": "true or false", "name": "a name", "date": "a date"}
    return words.get(meaning.unit, f"a number ({meaning.unit})")


def nearest(name: str, names: Iterable[str]) -> str:
    """
    A hint at the name that looks most like another, or nothing.

    Example:
        >>> nearest("lesor", ["lessor", "lessee"])
        '; did you mean lessor?'
    """
    advice = advice_on(name, names)
    return f"; {advice}" if advice.startswith("did you mean") else ""


_FACT_KEYS = {"about", "unit", "kind", "meaning", "cites", "values", "waits_for"}
_TABLE_KEYS = {"about", "key", "meaning", "cites", "columns"}


def read_fact(name: str, table: Mapping[str, Any], file: str) -> tuple[FactMeaning, list[str]]:
    """
    One fact of a dictionary file, and what is wrong with its entry.

    Args:
        name: Name of the fact.
        table: The entry as TOML gives it.
        file: The file's name, for messages.
    """
    problems = [
        f"{key}: no such key{nearest(key, _FACT_KEYS)}" for key in table if key not in _FACT_KEYS
    ]
    needed = ("unit", "kind", "meaning", "cites")
    problems += [f"{key} is missing" for key in needed if not table.get(key)]
    if table.get("kind", "term") not in KINDS:
        problems.append(f"kind is {table['kind']!r}, not one of {', '.join(KINDS)}")
    if table.get("waits_for") and table.get("kind") != "measured":
        problems.append("only a measured fact waits for decisions")
    if table.get("values") and table.get("unit") != "name":
        problems.append("only a fact of unit name has a list of values")
    meaning = FactMeaning(
        name=name,
        about=_several(table.get("about", ())),
        unit=str(table.get("unit", "name")),
        kind=str(table.get("kind", "term")),
        meaning=str(table.get("meaning", "")),
        cites=str(table.get("cites", "")),
        values=tuple(table.get("values", ())),
        waits_for=tuple(table.get("waits_for", ())),
        file=file,
    )
    return meaning, problems


def read_table(name: str, table: Mapping[str, Any], file: str) -> tuple[TableMeaning, list[str]]:
    """
    One table of a dictionary file, and what is wrong with its entry.

    Args:
        name: Name of the table.
        table: The entry as TOML gives it.
        file: The file's name, for messages.
    """
    problems = [
        f"{key}: no such key{nearest(key, _TABLE_KEYS)}" for key in table if key not in _TABLE_KEYS
    ]
    needed = ("about", "key", "meaning", "cites", "columns")
    problems += [f"{key} is missing" for key in needed if not table.get(key)]
    columns = {}
    for column, entry in table.get("columns", {}).items():
        columns[column], found = read_fact(column, entry, file)
        problems += [f"column {column}: {problem}" for problem in found]
        if columns[column].kind == "measured":
            problems.append(f"column {column}: a column cannot be measured")
    if columns and table.get("key") not in columns:
        problems.append(f"key {table.get('key')!r} is no column")
    meaning = TableMeaning(
        name=name,
        about=_several(table.get("about", ())),
        key=str(table.get("key", "")),
        meaning=str(table.get("meaning", "")),
        cites=str(table.get("cites", "")),
        columns=columns,
        file=file,
    )
    return meaning, problems


def _several(about: str | Iterable[str]) -> tuple[str, ...]:
    return (about,) if isinstance(about, str) else tuple(about)
