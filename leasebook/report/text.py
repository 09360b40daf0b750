"""
Tables as text for a terminal or a pipe.

Widths are worked out beforehand (``layout``), so that a number is never cut short; rich wraps the
words, counts wide characters and colours. Names reach rich as plain text, never as markup.
"""

import io
from collections.abc import Sequence
from itertools import groupby

import attrs
from rich.align import Align, VerticalAlignMethod
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from leasebook.report.cell import shown
from leasebook.report.layout import GAP, Measured, bands, least_of_words, widths
from leasebook.report.table import Column, Row, RowStyle, Scale, Table, plain
from leasebook.report.wrapping import longest_piece, wrapped

INDENT = 2

_STRONG = frozenset({"heading", "subtotal", "total"})


@attrs.frozen
class Page:
    """
    What a table is printed on: characters of width, whether colours are wanted, and the scale.
    """

    width: int = 100
    color: bool = False
    scale: Scale = "millions"


def _cell(row: Row, column: Column, scale: Scale) -> str:
    if column.key not in row.cells:
        return ""
    return shown(row.cells[column.key], row.kind_in(column), scale)


def _measure(table: Table, scale: Scale) -> list[Measured]:
    rows = table.data_rows()
    columns = table.printed_columns()
    first = columns[0].key
    measured = []
    groups = [column.group for column in columns]
    for column in columns:
        cells = [_cell(row, column, scale) for row in rows]
        indents = [INDENT * row.indent if column.key == first else 0 for row in rows]
        title = [plain(column.title), plain(column.group)]
        words = [cell_len(word) for text in title for word in text.split()]
        lengths = [cell_len(cell) + indent for cell, indent in zip(cells, indents, strict=True)]
        if column.kind == "text":
            words += [
                cell_len(word) + indent
                for cell, indent in zip(cells, indents, strict=True)
                for word in cell.split()
            ]
            parts = [
                longest_piece(cell) + indent for cell, indent in zip(cells, indents, strict=True)
            ]
            unbroken = max([*words, 1])
            natural = max([*lengths, cell_len(title[0]), unbroken])
            tight = least_of_words(words)
            least = max(tight, *map(longest_piece, title), *parts)
            measured.append(Measured(column, least, unbroken, natural, tight=tight))
        else:
            hangs = any(cell.endswith(")") for cell in cells)
            closed = [int(hangs and not cell.endswith(")")) for cell in cells]
            held = [length + more for length, more in zip(lengths, closed, strict=True)]
            # A heading over this column alone needs room for itself and a rule on both sides.
            alone = bool(column.group) and groups.count(column.group) == 1
            needed = max([*held, *words, cell_len(title[1]) + 4 if alone else 1])
            measured.append(Measured(column, needed, needed, needed, hangs))
    return measured


def _grid(band: Sequence[Measured], given: Sequence[int], vertical: VerticalAlignMethod) -> Grid:
    grid = Grid(box=None, show_header=False, padding=0, pad_edge=False, collapse_padding=False)
    for position, (each, width) in enumerate(zip(band, given, strict=True)):
        if position:
            grid.add_column(width=GAP)
        grid.add_column(
            width=width,
            justify="right" if each.column.right else "left",
            overflow="fold",
            vertical=vertical,
        )
    return grid


def _spaced(cells: Sequence[RenderableType]) -> list[RenderableType]:
    spaced: list[RenderableType] = []
    for cell in cells:
        spaced += [Text(""), cell] if spaced else [cell]
    return spaced


def _rules(band: Sequence[Measured], characters: str) -> list[RenderableType]:
    """A rule under or above the amounts, and nothing beside it."""
    return _spaced(
        [
            Rule(characters=characters, style="none") if each.column.kind == "amount" else Text("")
            for each in band
        ]
    )


def _group_line(band: Sequence[Measured], given: Sequence[int]) -> Grid:
    """The groups, each over a rule that spans its columns."""
    grid = Grid(box=None, show_header=False, padding=0, pad_edge=False)
    cells: list[RenderableType] = []
    pairs = zip(band, given, strict=True)
    for group, members in groupby(pairs, key=lambda pair: plain(pair[0].column.group)):
        spans = [width for _, width in members]
        if cells:
            grid.add_column(width=GAP)
            cells.append(Text(""))
        grid.add_column(width=sum(spans) + GAP * (len(spans) - 1))
        title = Text(group, style="bold")
        ruled = sum(spans) + GAP * (len(spans) - 1) >= cell_len(group) + 2 * GAP
        rule = Rule(title, characters="─", style="none") if ruled else Align.right(title)
        cells.append(rule if group else Text(""))
    grid.add_row(*cells)
    return grid


def _head(band: Sequence[Measured], given: Sequence[int]) -> Grid:
    grid = _grid(band, given, "bottom")
    titles = [
        Text(wrapped(plain(each.column.title), width), style="bold")
        for each, width in zip(band, given, strict=True)
    ]
    grid.add_row(*_spaced(titles))
    grid.add_row(*_spaced([Rule(characters="─", style="none") for _ in band]))
    return grid


def _set(row: Row, each: Measured, indent: int, width: int, scale: Scale) -> RenderableType:
    """A cell with its indent; a blank stands where the parenthesis of a negative would close."""
    cell = _cell(row, each.column, scale)
    hang = int(each.hangs and not cell.endswith(")"))
    told = wrapped(cell, width - indent) if each.bends else cell
    text = Text(told, style="bold" if row.style in _STRONG else "")
    return Padding(text, (0, hang, 0, indent)) if hang or indent else text


def _body(rows: Sequence[Row], band: Sequence[Measured], given: Sequence[int], page: Page) -> Grid:
    # a figure stands beside the last words of its line; among columns of words all begin together
    words = sum(each.bends for each in band)
    grid = _grid(band, given, "top" if words > 1 else "bottom")
    for row in rows:
        if row.style in ("subtotal", "total"):
            grid.add_row(*_rules(band, "─"))
        indents = [0 if position else INDENT * row.indent for position in range(len(band))]
        cells = [
            _set(row, each, indent, width, page.scale)
            for each, indent, width in zip(band, indents, given, strict=True)
        ]
        grid.add_row(*_spaced(cells))
        if row.style == "total":
            grid.add_row(*_rules(band, "═"))
    return grid


def _across(row: Row, table: Table, page: Page) -> RenderableType:
    first = next(each for each in table.printed_columns() if each.key in row.cells)
    style = "bold" if row.style == "heading" else "italic"
    return Padding(Text(_cell(row, first, page.scale), style=style), (0, 0, 0, INDENT * row.indent))


def _setting(row: Row) -> RowStyle:
    """Headings and notes run across the page; all other rows are lines of the grid."""
    return row.style if row.style in ("heading", "note") else "line"


def _says_nothing(row: Row, band: Sequence[Measured]) -> bool:
    """Whether a plain line has no figure, or only nil, in the groups that a band shows."""
    shown = [row.cells[e.column.key] for e in band if e.column.group and e.column.key in row.cells]
    grouped = any(each.column.group for each in band)
    nil = all(cell in (0, (0, 0)) for cell in shown)
    return grouped and row.style == "line" and nil and not row.kept


def _print_band(
    console: Console, table: Table, band: Sequence[Measured], given: Sequence[int], page: Page
) -> None:
    if any(each.column.group for each in band):
        console.print(_group_line(band, given))
    if any(each.column.title for each in band):
        console.print(_head(band, given))
    previous = "heading"
    for style, rows in groupby(table.rows, key=_setting):
        if style == "heading" and previous != "heading":
            console.print()
        previous = style
        if style == "line":
            told = tuple(row for row in rows if not _says_nothing(row, band))
            console.print(_body(told, band, given, page))
            continue
        for row in rows:
            console.print(_across(row, table, page))


def _print_records(console: Console, table: Table, page: Page) -> None:
    """One block per row, for a table with more words than the page has room."""
    shortest = max(cell_len(plain(column.title)) for column in table.printed_columns())
    names = min(shortest, page.width // 3)
    room = max(1, page.width - names - GAP)
    for position, row in enumerate(table.rows):
        if row.style in ("heading", "note"):
            if position and row.style == "heading":
                console.print()
            console.print(_across(row, table, page))
            continue
        grid = Grid(box=None, show_header=False, padding=0, pad_edge=False)
        grid.add_column(width=names, overflow="fold")
        grid.add_column(width=GAP)
        grid.add_column(width=room, overflow="fold")
        for column in table.printed_columns():
            if text := _cell(row, column, page.scale):
                title = " ".join(part for part in (column.group, column.title) if part)
                named = Text(wrapped(plain(title), names), style="bold")
                grid.add_row(named, Text(""), Text(wrapped(text, room)))
        if position:
            console.print()
        console.print(grid)


def _print_rows(console: Console, table: Table, page: Page) -> None:
    measured = _measure(table, page.scale)
    cut = bands(measured, page.width)
    if cut is None:
        _print_records(console, table, page)
        return
    for position, band in enumerate(cut):
        if position:
            console.print()
        _print_band(console, table, band, widths(band, page.width), page)


def _print(console: Console, table: Table, page: Page) -> None:
    console.print(Text(plain(table.title), style="bold"))
    for line in (*table.subtitle, table.unit(page.scale)):
        if line:
            console.print(Text(plain(line)))
    console.print()
    if table.rows or not table.notes:
        _print_rows(console, table, page)
    if table.rows and table.notes:
        console.print()
    for note in table.notes:
        console.print(Text(plain(note)))


def text(tables: Sequence[Table], page: Page) -> str:
    """
    Tables as text, one below the other.

    Args:
        tables: In the order they are printed.
        page: Characters of width, colour, and the scale of amounts.

    Returns:
        Lines without trailing blanks (where there is no colour), ended by a line feed.

    Example:
        >>> table = Table(
        ...     title="Debt",
        ...     columns=(Column("line", "Line"), Column("amount", "FY2025", "amount")),
        ...     rows=(Row({"line": "Notes", "amount": (2729384900000, 2)}),),
        ...     currency="USD",
        ... )
        >>> print(text([table], Page()), end="")
        Debt
        in millions of USD
        <BLANKLINE>
        Line     FY2025
        ─────  ────────
        Notes  27,293.8
    """
    written = io.StringIO()
    console = Console(
        file=written,
        width=page.width,
        color_system="standard" if page.color else None,
        force_terminal=page.color,
        no_color=not page.color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for position, table in enumerate(tables):
        if position:
            console.print()
        _print(console, table, page)
    lines = written.getvalue().split("\n")
    return "\n".join(lines if page.color else [line.rstrip() for line in lines])
