"""
Positions: line and column of a path in a TOML file, looked up only when there is an error.
"""

import tomllib
from collections.abc import Iterator
from typing import Literal

import attrs
import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from leasebook.values.problem import Path

_KEYS = {"bare_key", "quoted_key", "dotted_key"}
_HEADERS = {"table", "table_array_element"}


@attrs.frozen
class Span:
    """A stretch of one line; line and column count characters from 1."""

    line: int
    column: int
    width: int


@attrs.frozen
class Spot:
    """Where a path is written: its key, its value, or the header of its table."""

    key: Span | None = None
    value: Span | None = None
    header: Span | None = None


@attrs.define
class _Index:
    """Every path of one file, filled by one walk over the syntax tree."""

    lines: list[bytes]
    spots: dict[Path, Spot] = attrs.field(factory=dict)
    lengths: dict[Path, int] = attrs.field(factory=dict)
    doubles: list[tuple[Path, Span, Span]] = attrs.field(factory=list)

    def span(self, node: Node) -> Span:
        """The stretch of a node, to the end of its first line."""
        (row, start), (last_row, end) = node.start_point, node.end_point
        line = self.lines[row] if row < len(self.lines) else b""
        if last_row != row:
            end = len(line)
        before, inside = line[:start].decode(), line[start:end].decode()
        return Span(row + 1, len(before) + 1, max(1, len(inside)))

    def add(self, path: Path, spot: Spot) -> None:
        """Notes where a path is written, and whether it was written before."""
        known = self.spots.get(path)
        first = known and ((known.value and known.key) or (spot.value and known.header))
        if known and spot.header and not known.value:
            first = known.header
        again = spot.key or spot.header
        if first and again:
            self.doubles.append((path, first, again))
        else:
            self.spots[path] = spot

    def table_path(self, keys: list[str]) -> Path:
        """The path of a header's keys, through the last elements of the lists on the way."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path


class Locator:
    r"""
    Finds paths in the text of one file.

    Example:
        >>> Locator("[deal]\ntitle = 3").find(("deal", "title"))
        Span(line=2, column=9, width=1)
    """

    def __init__(self, text: str) -> None:
        content = text.encode()
        self._index = _Index(content.split(b"\n"))
        tree = Parser(Language(tree_sitter_toml.language())).parse(content)
        for child in tree.root_node.named_children:
            if child.type == "pair":
                self._pair(child, ())
            elif child.type in _HEADERS:
                self._header(child)

    def find(self, path: Path, on: Literal["value", "key", "header"] = "value") -> Span | None:
        """
        Where a path is written, or else the nearest path around it.

        Args:
            path: Keys and indices from the top of the file.
            on: What to find of it; where it has none of that sort, what it has.
        """
        for length in range(len(path), 0, -1):
            spot = self._index.spots.get(path[:length])
            if spot is None:
                continue
            inside = length < len(path)
            choices = {
                "value": (spot.value, spot.header, spot.key),
                "key": (spot.key, spot.header, spot.value),
                "header": (spot.header, spot.key, spot.value),
            }["header" if inside else on]
            return next((span for span in choices if span is not None), None)
        return None

    def line(self, number: int) -> str:
        """The text of a line, counted from 1."""
        return self._index.lines[number - 1].decode()

    def doubles(self) -> Iterator[tuple[Path, Span, Span]]:
        """Paths that are written twice, with both places, in the order of the second."""
        yield from self._index.doubles

    def _header(self, node: Node) -> None:
        key = next((child for child in node.named_children if child.type in _KEYS), None)
        if key is None:
            return
        keys = _parts(key)
        index = self._index
        for length in range(1, len(keys)):
            # a table that no header of its own announces is where its first part is
            index.spots.setdefault(index.table_path(keys[:length]), Spot(key=index.span(key)))
        first, last = index.span(node.children[0]), index.span(node.children[2])
        span = attrs.evolve(first, width=max(1, last.column + last.width - first.column))
        if node.type == "table_array_element":
            listed = (*index.table_path(keys[:-1]), keys[-1])
            index.spots.setdefault(listed, Spot(header=span))
            index.lengths[listed] = index.lengths.get(listed, 0) + 1
            path: Path = (*listed, index.lengths[listed] - 1)
            index.spots[path] = Spot(header=span)
        else:
            path = index.table_path(keys)
            index.add(path, Spot(header=span))
        for child in node.named_children:
            if child.type == "pair":
                self._pair(child, path)

    def _pair(self, node: Node, base: Path) -> None:
        parts = [child for child in node.named_children if child.type != "ERROR"]
        if len(parts) < 2 or parts[0].type not in _KEYS:
            return
        key, value = parts[0], parts[1]
        path = (*base, *_parts(key))
        index = self._index
        for length in range(len(base) + 1, len(path)):
            index.spots.setdefault(path[:length], Spot(key=index.span(key)))
        index.add(path, Spot(key=index.span(key), value=index.span(value)))
        self._inside(value, path)

    def _inside(self, value: Node, path: Path) -> None:
        if value.type == "inline_table":
            for child in value.named_children:
                if child.type == "pair":
                    self._pair(child, path)
        elif value.type == "array":
            elements = [c for c in value.named_children if c.type not in {"comment", "ERROR"}]
            for number, element in enumerate(elements):
                place = (*path, number)
                self._index.spots[place] = Spot(value=self._index.span(element))
                self._inside(element, place)


def _parts(key: Node) -> list[str]:
    """The parts of a key, with quotes and escapes resolved."""
    if key.type == "dotted_key":
        return [part for child in key.named_children for part in _parts(child)]
    text = (key.text or b"").decode()
    if key.type == "bare_key":
        return [text]
    try:
        return list(tomllib.loads(f"{text} = 0"))
    except tomllib.TOMLDecodeError:
        return [text]
