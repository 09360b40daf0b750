"""
A table as a value: titles, columns, rows with exact cells, footnotes.

Every command makes tables, and every format is a way of writing one table down, so that the text a
person reads and the JSON a program reads cannot differ in what they say.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import attrs

Kind = Literal["text", "amount", "ratio", "percent", "integer", "date"]
Align = Literal["left", "right"]
RowStyle = Literal["heading", "line", "subtotal", "total", "note"]
Scale = Literal["units", "thousands", "millions"]

#: An exact cell: an amount is ``(amount_minor, decimals)`` or a decimal in currency units; a
#: percentage is the ratio itself (0.46 for 46 %); ``None`` is a figure that is not public.
Cell = str | int | Decimal | Fraction | date | tuple[int, int] | None

NIL = "–"
NOT_PUBLIC = "not public"

# A name may need the two joiners (Persian, Indic scripts); every other format character only moves
# or hides text, which a name in a table of figures must not do.
_JOINERS = frozenset("\u200c\u200d")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BLANK = frozenset({"Zl", "Zp", "Zs"})


def plain(text: str) -> str:
    r"""
    A text on one line without control, bidirectional or hidden characters.

    Args:
        text: Any text, a name from a file among them.

    Returns:
        The text with runs of white space as one blank.

    Example:
        >>> plain("Bei\u202egnet\x1b[31m\tLLC")
        'Beignet[31m LLC'
    """
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character in "\t\n\r\v\f" or category in _BLANK:
            kept.append(" ")
        elif category not in _DROPPED or character in _JOINERS:
            kept.append(character)
    return " ".join("".join(kept).split())


@attrs.frozen
class Column:
    """
    One column: its key in JSON and CSV, its title for people, and what kind of cell it holds.

    Columns that share a ``group`` (a period, say) stand under one heading and are kept together
    where a table is too wide for the page. A column that is not ``printed`` is for programs: it
    stands in JSON and CSV, and text says the same in headings and notes.
    """

    key: str
    title: str
    kind: Kind = "text"
    align: Align | None = None
    group: str = ""
    printed: bool = True

    @property
    def right(self) -> bool:
        """Whether cells are set flush right: as told, else wherever the column holds numbers."""
        if self.align is not None:
            return self.align == "right"
        return self.kind not in ("text", "date")


@attrs.frozen
class Row:
    """
    One row: exact cells by column key, and how it is set.

    A key that is absent is a blank cell; a cell that is ``None`` is not public. A heading or a note
    shows its first cell across the page. ``kind`` takes the place of the kind of the amount columns
    (a ratio among amounts). Text leaves out a line of nothing but nil unless it is ``kept``.
    """

    cells: Mapping[str, Cell]
    style: RowStyle = "line"
    indent: int = 0
    kind: Kind | None = None
    kept: bool = False

    def kind_in(self, column: Column) -> Kind:
        """The kind of this row's cell in a column."""
        return self.kind if self.kind is not None and column.kind == "amount" else column.kind


@attrs.frozen
class Table:
    """
    A titled table with exact cells.

    ``subtitle`` says entity and period; currency and unit are added from ``currency`` and the scale
    that a renderer is given. Headings and notes among the rows are for the eye: JSON and CSV leave
    them out, so what they say must also stand in a column that is not printed.

    Example:
        >>> table = Table(
        ...     title="Notes",
        ...     columns=(Column("line", "Line"), Column("amount", "Amount", "amount")),
        ...     rows=(Row({"line": "Debt", "amount": (2729384900000, 2)}),),
        ...     currency="USD",
        ... )
        >>> table.unit("millions")
        'in millions of USD'
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    subtitle: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    currency: str = ""

    def unit(self, scale: Scale) -> str:
        """The line that says currency and unit; empty where the table has no amounts."""
        if not self.currency or all(column.kind != "amount" for column in self.columns):
            return ""
        return f"in {self.currency}" if scale == "units" else f"in {scale} of {self.currency}"

    def data_rows(self) -> tuple[Row, ...]:
        """The rows that carry data: all but headings and notes."""
        return tuple(row for row in self.rows if row.style not in ("heading", "note"))

    def printed_columns(self) -> tuple[Column, ...]:
        """The columns that text and markdown show."""
        return tuple(column for column in self.columns if column.printed)
