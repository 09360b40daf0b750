"""
The notes of one entity: tidy rows in, one table for each disclosure out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

import attrs

from leasebook.report.cell import exact
from leasebook.report.entity_page import EntityPage
from leasebook.report.table import Cell, Column, Kind, Row, RowStyle, Table

#: The keys by which a row is unique, and its figure.
ROW_KEYS = ("disclosure", "period", "column", "line", "amount")


class DisclosureRow(TypedDict):
    """One figure of one table: currency units, a ratio or a day; `None` if it is not public."""

    disclosure: str
    period: str
    column: str
    line: str
    amount: Cell


@attrs.frozen
class PrintedLine:
    """A line as it is printed."""

    line: str
    title: str
    kind: Kind = "amount"
    style: RowStyle = "line"


@attrs.frozen
class PrintedDisclosure:
    """
    How one table is printed.

    With `subjects`, the rows are what `columns` names and the lines stand across, period by period.
    """

    disclosure: str
    title: str
    lines: tuple[PrintedLine, ...]
    columns: Mapping[str, str]
    notes: tuple[str, ...] = ()
    subjects: bool = False


@attrs.frozen
class DisclosurePage(EntityPage):
    """The notes of one entity on one basis, with what is needed to print them."""

    rows: tuple[DisclosureRow, ...]
    layouts: tuple[PrintedDisclosure, ...]
    subtitle: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def document(page: DisclosurePage) -> dict[str, Any]:
    """
    The page as JSON holds it: what it is of, and its tidy rows with exact decimal text.
    """
    rows = [{key: exact(cell) for key, cell in record.items()} for record in records(page)]
    return {
        **page.heading(),
        "notes": list(page.notes),
        "rows": rows,
    }


def records(page: DisclosurePage) -> list[dict[str, Cell]]:
    """The tidy rows, for CSV."""
    return [
        {
            "disclosure": row["disclosure"],
            "period": row["period"],
            "column": row["column"],
            "line": row["line"],
            "amount": row["amount"],
        }
        for row in page.rows
    ]


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _by_line(
    layout: PrintedDisclosure, rows: Sequence[DisclosureRow], page: DisclosurePage
) -> Table:
    """Lines down the page; columns side by side within each period."""
    held = _unique(f"{row['period']}:{row['column']}" for row in rows)
    columns = [
        Column(f"{period}:{key}", title, "amount", group=period)
        for period in page.periods
        for key, title in layout.columns.items()
        if f"{period}:{key}" in held
    ]
    printed = []
    for line in layout.lines:
        cells: dict[str, Cell] = {
            f"{row['period']}:{row['column']}": row["amount"]
            for row in rows
            if row["line"] == line.line
        }
        if not cells or (line.style == "line" and all(cell == 0 for cell in cells.values())):
            continue
        kind = None if line.kind == "amount" else line.kind
        printed.append(Row({"line": line.title, **cells}, line.style, 0, kind))
    return _table(layout, (Column("line", ""), *columns), printed, page)


def _by_subject(
    layout: PrintedDisclosure, rows: Sequence[DisclosureRow], page: DisclosurePage
) -> Table:
    """What the table is about down the page, under a heading for each period; lines across."""
    shown = [
        line
        for line in layout.lines
        if any(row["line"] == line.line and row["amount"] != 0 for row in rows)
    ]
    columns = [Column("subject", ""), *(Column(x.line, x.title, x.kind) for x in shown)]
    printed = []
    for period in page.periods:
        within = [row for row in rows if row["period"] == period]
        if within:
            printed.append(Row({"subject": f"At the end of {period}"}, "heading"))
        for subject in _unique(row["column"] for row in within):
            cells: dict[str, Cell] = {
                row["line"]: row["amount"] for row in within if row["column"] == subject
            }
            printed.append(Row({"subject": layout.columns.get(subject, subject), **cells}))
    return _table(layout, columns, printed, page)


def _table(
    layout: PrintedDisclosure, columns: Sequence[Column], rows: Sequence[Row], page: DisclosurePage
) -> Table:
    return Table(
        title=layout.title,
        columns=tuple(columns),
        rows=tuple(rows),
        subtitle=(page.entity_name, *page.subtitle),
        notes=layout.notes,
        currency=page.currency,
    )


def tables(page: DisclosurePage) -> tuple[Table, ...]:
    """
    One table for each disclosure that has a figure other than nil.

    Example:
        >>> from decimal import Decimal
        >>> row = DisclosureRow(disclosure="split", period="FY2029", column="operating",
        ...                     line="current", amount=Decimal("5.00"))
        >>> layout = PrintedDisclosure("split", "Current and non-current",
        ...     (PrintedLine("current", "Current"),), {"operating": "Operating leases"})
        >>> page = DisclosurePage("d", "e", "E", "us-gaap", "as-filed", "s", "USD", ("FY2029",),
        ...                       (row,), (layout,))
        >>> [dict(row.cells) for row in tables(page)[0].rows]
        [{'line': 'Current', 'FY2029:operating': Decimal('5.00')}]
    """
    made = []
    for layout in page.layouts:
        rows = [row for row in page.rows if row["disclosure"] == layout.disclosure]
        if any(row["amount"] != 0 for row in rows):
            made.append((_by_subject if layout.subjects else _by_line)(layout, rows, page))
    if not made:
        nothing = Row({"line": "no lease with an outsider, no note, no promise to one"}, "note")
        layout = PrintedDisclosure("", "Nothing to disclose", (), {})
        made.append(_table(layout, (Column("line", ""),), [nothing], page))
    made[0] = attrs.evolve(made[0], notes=(*made[0].notes, *page.notes))
    return tuple(made)
