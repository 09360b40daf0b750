"""
The columns of one table: headings are matched once, cells are read once for each text.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import partial
from typing import Any, TypeAlias

import attrs

from leasebook.intake import cells
from leasebook.intake.columns import Column, parser_of
from leasebook.intake.faults import Faults
from leasebook.intake.mapping import MappingFile
from leasebook.intake.piece import Heading, Piece
from leasebook.values.money import AMOUNT_MINOR_MAX
from leasebook.values.nearest import nearest
from leasebook.values.problem import Problem, Refused, printable

#: Texts that are remembered with their value, by column.
KEPT_MAX = 100_000

# No currency has more decimals.
_MOST_DECIMALS = 4
# Problems of a piece that are held to be put in order.
_HELD_MAX = 100_000

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

    def __missing__(self, text: str) -> Any:
        stripped = text.strip()
        value: Any
        if not stripped:
            value = self._empty
            self.any_bad |= isinstance(value, Bad)
        else:
            try:
                value = self._parse(stripped)
            except cells.Unreadable as error:
                value = Bad(error.code, error.cause, error.fix)
                self.any_bad = True
        if len(self) > KEPT_MAX:
            self.clear()
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
        found: Problems of the piece at hand, each with its row.
    """

    columns: tuple[Column, ...]
    heading: Heading
    mapping: MappingFile
    faults: Faults
    places: dict[str, int]
    ignored: tuple[str, ...]
    found: list[tuple[int, Problem]] = attrs.field(factory=list, repr=False)
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
        made = cls(columns, heading, mapping, faults, places, ignored)
        problems += made._wrong_defaults()
        if problems:
            raise Refused(problems)
        return made

    def _wrong_defaults(self) -> list[Problem]:
        """Defaults that their columns do not take."""
        found = [(c.name, self._empty(c, _MOST_DECIMALS)) for c in self.columns]
        return [
            Problem("LB0634", f"as the default of {name}, {wrong.cause}", wrong.fix,
                    self.heading.file)
            for name, wrong in found
            if name in self.mapping.defaults and isinstance(wrong, Bad)
        ]  # fmt: skip

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
            return self._default(piece, column, [0])
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
            return self._default(piece, column, decimals)
        kinds = set(decimals)
        if len(kinds) == 1:
            return self._read(piece, column, decimals[0], bad)
        values = [0] * len(decimals)
        for kind in kinds:
            at = [k for k, d in enumerate(decimals) if d == kind]
            texts = piece.columns[self.places[column.name]]
            part = Piece(piece.heading, [piece.rows[k] for k in at], [[texts[k] for k in at]])
            wrong: set[int] = set()
            found = self._read(part, column, kind, wrong, place=0)
            bad |= {at[k] for k in wrong}
            for k, value in zip(at, found, strict=True):
                values[k] = value
        return values

    def _default(self, piece: Piece, column: Column, decimals: Sequence[int]) -> list[Any] | None:
        """The default of a column that the table does not have, if a mapping gives one."""
        if column.name not in self.mapping.defaults:
            return None
        value = {d: self._empty(column, d) for d in set(decimals)}
        if len(value) == 1:
            return [value[decimals[0]]] * len(piece.rows)
        return [value[d] for d in decimals]

    def _read(
        self, piece: Piece, column: Column, decimals: int, bad: set[int], place: int | None = None
    ) -> list[Any]:
        texts = piece.columns[self.places[column.name] if place is None else place]
        quick = _QUICK.get(column.sort)
        if quick is not None and column.name not in self.mapping.values:
            found = quick(texts, decimals)
            if found is None and "" in texts:
                found = _among_empty(quick, texts, decimals, self._empty(column, decimals))
            if found is not None:
                return found
        known = self._known_of(column, decimals)
        values = list(map(known.__getitem__, texts))
        if known.any_bad:
            self._tell(piece, column, values, bad)
        return values

    def _known_of(self, column: Column, decimals: int) -> Known:
        key = (column.name, decimals)
        if key not in self._known:
            self._known[key] = Known(self._parser(column, decimals), self._empty(column, decimals))
        return self._known[key]

    def _parser(self, column: Column, decimals: int) -> Callable[[str], Any]:
        words, form = self.mapping.values.get(column.name, {}), self.mapping.form
        parse: Callable[[str], Any]
        if column.sort == "amount":
            parse = partial(_amount, form, decimals)
        else:
            parse = parser_of(column, form)
        return (lambda text: parse(words.get(text, text))) if words else parse

    def _empty(self, column: Column, decimals: int) -> Any:
        if column.name in self.mapping.defaults:
            try:
                return self._parser(column, decimals)(self.mapping.defaults[column.name])
            except cells.Unreadable as error:
                return Bad(error.code, error.cause, error.fix)
        return _MISSING if column.needed else column.default

    def _tell(self, piece: Piece, column: Column, values: list[Any], bad: set[int]) -> None:
        for position, value in enumerate(values):
            if isinstance(value, Bad):
                bad.add(position)
                values[position] = 0
                self.at(piece, position, column.name, value.code, value.cause, value.fix)

    def at(self, piece: Piece, position: int, column: str, code: str, cause: str, fix: str) -> None:
        """Tells what is wrong with one cell, or with a row if no column is named."""
        there = self.heading.names[self.places[column]] if column in self.places else ""
        row = piece.rows[position]
        place = self.heading.place(row, there)
        self.found.append((row, Problem(code, cause, fix, self.heading.file, path=place)))
        if len(self.found) > _HELD_MAX:
            self.tell()

    def tell(self) -> None:
        """Hands on what is wrong with the rows of a piece, in the order of the rows."""
        self.faults.sorted_by_row(self.found)


def _amount(form: cells.Form, decimals: int, text: str) -> int:
    return cells.amount_minor(form.plain_number(text), decimals)


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
        elsewhere = ours in mapping.columns and name not in theirs
        if name in mapping.ignore or ours not in names or elsewhere:
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
    for name in ignored:
        advice = _slip(name, names - places.keys()) if name not in mapping.ignore else ""
        if advice:
            fix = f"{advice} Rename it, or list it under ignore in a mapping file"
            told("LB0621", f"no column is called {printable(name)}", fix, name)
    return places, tuple(ignored), problems


def _slip(name: str, free: Iterable[str]) -> str:
    """Advice about a heading that looks like a misspelt one of ours; none about any other."""
    ours = list(free)
    if not name or not _close(_plain(name), ours):
        return ""
    return nearest(_plain(name), ours)


def _close(name: str, names: Iterable[str]) -> bool:
    """Whether a heading looks like a slip of the pen: nearly one of ours."""
    return any(SequenceMatcher(None, name, other).ratio() >= _SLIP for other in names)


def _quick_ids(texts: Sequence[str], _decimals: int) -> list[str] | None:
    """Ids, if all of them are in order."""
    joined = "\n".join(texts)
    if _IDS.fullmatch(joined) and joined.count("\n") == len(texts) - 1:
        return list(texts)
    return None


def _among_empty(
    quick: "Quick", texts: Sequence[str], decimals: int, empty: Any
) -> list[Any] | None:
    """What is written, with the default where nothing is."""
    written = [text for text in texts if text]
    found = quick(written, decimals) if written and not isinstance(empty, Bad) else None
    if found is None:
        return None
    one_by_one = iter(found)
    return [next(one_by_one) if text else empty for text in texts]


def _quick_amounts(texts: Sequence[str], decimals: int) -> list[int] | None:
    """Amounts in minor units, if all of them are plain and within the limit."""
    joined = "\n".join(texts)
    if _WHOLES.fullmatch(joined):
        factor = 10**decimals
        found = [number * factor for number in map(int, texts)]
    elif decimals and _FULL[decimals].fullmatch(joined):
        found = list(map(int, joined.replace(".", "").split("\n")))
    elif decimals and _PLAIN[decimals].fullmatch(joined):
        parts = [text.partition(".") for text in texts]
        found = [int(units + part.ljust(decimals, "0")) for units, _, part in parts]
    else:
        return None
    return found if max(found) <= AMOUNT_MINOR_MAX else None


# What most pieces hold is read for a whole column at once; anything else cell by cell.
_IDS = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}(?:\n[A-Za-z0-9][A-Za-z0-9._/-]{0,63})*", re.ASCII
)
_WHOLES = re.compile(r"[0-9]{1,15}(?:\n[0-9]{1,15})*", re.ASCII)
_PLAIN = {
    d: re.compile(
        rf"[0-9]{{1,15}}(?:\.[0-9]{{1,{d}}})?(?:\n[0-9]{{1,15}}(?:\.[0-9]{{1,{d}}})?)*", re.ASCII
    )
    for d in (1, 2, 3, 4)
}
_FULL = {
    d: re.compile(rf"[0-9]{{1,15}}\.[0-9]{{{d}}}(?:\n[0-9]{{1,15}}\.[0-9]{{{d}}})*", re.ASCII)
    for d in _PLAIN
}
Quick: TypeAlias = Callable[[Sequence[str], int], list[Any] | None]
_QUICK: dict[str, Quick] = {
    "id": _quick_ids,
    "amount": _quick_amounts,
}
