"""
The columns of one table: headings are matched once, cells are read once for each text.
"""

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any

import attrs

from leasebook.intake import cells
from leasebook.intake.columns import Column, parser_of
from leasebook.intake.faults import Faults
from leasebook.intake.mapping import MappingFile
from leasebook.intake.piece import Heading, Piece
from leasebook.values.nearest import nearest
from leasebook.values.problem import Problem, Refused, printable

#: Texts that are remembered with their value, by column.
KEPT_MAX = 100_000

# A heading that is as like one of ours as this is taken for a misspelt one, and refused.
_SLIP = 0.86


@attrs.frozen
class Bad:
    """A cell that is none of the values that its column takes."""

    code: str
    cause: str
    fix: str


class Known(dict[str, Any]):
    """The value of each text that a column has shown so far; `Bad` where it is none."""

    def __init__(self, parse: Callable[[str], Any], empty: Any) -> None:
        super().__init__()
        self._parse = parse
        self._empty = empty
        self.any_bad = False
        self[""] = empty
        self.any_bad = isinstance(empty, Bad)

    def __missing__(self, text: str) -> Any:
        stripped = text.strip()
        value: Any
        if not stripped:
            value = self._empty
        else:
            try:
                value = self._parse(stripped)
            except cells.Unreadable as error:
                value = Bad(error.code, error.cause, error.fix)
                self.any_bad = True
        if len(self) > KEPT_MAX:
            self.clear()
            self[""] = self._empty
        self[text] = value
        return value


_MISSING = Bad("LB0623", "the cell is empty", "write a value; this column has no default")


@attrs.define
class TableReader:
    """
    Reads the cells of one table.

    Attributes:
        columns: The table's, of ours.
        heading: Of the file.
        places: Position of each column that is there.
        ignored: Headings that are not read.
    """

    columns: tuple[Column, ...]
    heading: Heading
    mapping: MappingFile
    faults: Faults
    places: dict[str, int]
    ignored: tuple[str, ...]
    _known: dict[tuple[str, int], Known] = attrs.field(factory=dict, repr=False)

    @classmethod
    def of(
        cls, columns: tuple[Column, ...], heading: Heading, mapping: MappingFile, faults: Faults
    ) -> "TableReader":
        """
        A reader of a table with some headings.

        Raises:
            Refused: If a needed column is missing, a heading stands twice, or one is nearly ours.
        """
        places, ignored, problems = _matched(columns, heading, mapping)
        if problems:
            raise Refused(problems)
        return cls(columns, heading, mapping, faults, places, ignored)

    def has(self, name: str) -> bool:
        """Whether the table has a column."""
        return name in self.places

    def values(self, piece: Piece, column: Column, bad: set[int]) -> list[Any] | None:
        """
        The values of one column that holds no amounts; cells that are none are told.

        Args:
            piece: Some rows.
            column: Which.
            bad: Takes the positions of rows with a cell that cannot be read.

        Returns:
            One value for each row, or None if the table does not have the column and it has a
            default.
        """
        if column.name not in self.places:
            return None
        return self._read(piece, column, 0, bad)

    def amounts(
        self, piece: Piece, column: Column, decimals: Sequence[int], bad: set[int]
    ) -> list[int] | None:
        """
        The same of a column of amounts, in minor units.

        Args:
            piece: Some rows.
            column: Which.
            decimals: Of the currency of each row.
            bad: As above.
        """
        if column.name not in self.places:
            return None
        if len(set(decimals)) == 1:
            return self._read(piece, column, decimals[0], bad)
        texts = piece.columns[self.places[column.name]]
        known = {d: self._known_of(column, d) for d in set(decimals)}
        values = [known[d][text] for d, text in zip(decimals, texts, strict=True)]
        if any(one.any_bad for one in known.values()):
            self._tell(piece, column, values, bad)
        return values

    def _read(self, piece: Piece, column: Column, decimals: int, bad: set[int]) -> list[Any]:
        known = self._known_of(column, decimals)
        values = [known[text] for text in piece.columns[self.places[column.name]]]
        if known.any_bad:
            self._tell(piece, column, values, bad)
        return values

    def _known_of(self, column: Column, decimals: int) -> Known:
        key = (column.name, decimals)
        if key not in self._known:
            self._known[key] = Known(self._parser(column, decimals), self._empty(column, decimals))
        return self._known[key]

    def _parser(self, column: Column, decimals: int) -> Callable[[str], Any]:
        words = self.mapping.values.get(column.name, {})
        form = self.mapping.form
        if column.sort == "amount":

            def parse(text: str) -> Any:
                return cells.amount_minor(form.plain_number(text), decimals)
        else:
            parse = parser_of(column, form)
        return (lambda text: parse(words.get(text, text))) if words else parse

    def _empty(self, column: Column, decimals: int) -> Any:
        if column.name in self.mapping.defaults:
            try:
                return self._parser(column, decimals)(self.mapping.defaults[column.name])
            except cells.Unreadable as error:
                return Bad(error.code, f"by default {error.cause}", error.fix)
        return _MISSING if column.needed else column.default

    def _tell(self, piece: Piece, column: Column, values: list[Any], bad: set[int]) -> None:
        for position, value in enumerate(values):
            if isinstance(value, Bad):
                bad.add(position)
                values[position] = 0
                self.at(piece, position, column.name, value.code, value.cause, value.fix)

    def at(
        self, piece: Piece, position: int, column: str, code: str, cause: str, fix: str
    ) -> None:
        """Tells what is wrong with one cell, or with a row if no column is named."""
        there = self.heading.names[self.places[column]] if column in self.places else ""
        place = self.heading.place(piece.rows[position], there)
        self.faults.at(code, self.heading.file, place, cause, fix)


def _plain(heading: str) -> str:
    return heading.strip().lower().replace(" ", "_").replace("-", "_")


def _matched(
    columns: tuple[Column, ...], heading: Heading, mapping: MappingFile
) -> tuple[dict[str, int], tuple[str, ...], list[Problem]]:
    """Where each column stands, which headings are not read, and what is wrong with them."""
    names = {column.name for column in columns}
    theirs = {theirs: ours for ours, theirs in mapping.columns.items() if ours in names}
    places: dict[str, int] = {}
    ignored: list[str] = []
    problems: list[Problem] = []

    def told(code: str, cause: str, fix: str, column: str) -> None:
        place = heading.place(1, column)
        problems.append(Problem(code, cause, fix, heading.file, path=place))

    for position, name in enumerate(heading.names):
        ours = theirs.get(name) or _plain(name)
        if name in mapping.ignore or ours not in names:
            ignored.append(name)
        elif ours in mapping.columns and name not in theirs:
            ignored.append(name)
        elif ours in places:
            told("LB0620", f"two columns are {ours}", "rename or leave out one of them", name)
        else:
            places[ours] = position
    absent = [n for n in theirs if n not in heading.names and theirs[n] not in places]
    for name in absent:
        cause = f"the mapping names the heading {printable(name)!r}, which the table does not have"
        told("LB0620", cause, nearest(name, heading.names), "")
    for column in columns:
        needed = column.needed and column.name not in mapping.defaults
        if needed and column.name not in places and mapping.columns.get(column.name) not in absent:
            cause = f"the table has no column {column.name}"
            left = [_plain(name) for name in ignored if name]
            advice = nearest(column.name, left) if left else ""
            fix = advice if advice.startswith("did you") else f"add {column.name}, or map it"
            told("LB0620", cause, fix, "")
    free = names - places.keys()
    for name in ignored:
        if name in mapping.ignore or not name:
            continue
        advice = nearest(_plain(name), free)
        if advice.startswith("did you mean") and _close(_plain(name), free):
            fix = f"{advice} Rename it, or list it under ignore in a mapping file"
            told("LB0621", f"no column is called {printable(name)}", fix, name)
    return places, tuple(ignored), problems


def _close(name: str, names: Iterable[str]) -> bool:
    """Whether a heading looks like a slip of the pen: nearly one of ours."""
    return any(SequenceMatcher(None, name, other).ratio() >= _SLIP for other in names)
