"""
Statements side by side: tidy rows in, one table per statement out.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict

import attrs

from leasebook.report.cell import exact
from leasebook.report.entity_page import EntityPage
from leasebook.report.table import Cell, Column, Kind, Row, RowStyle, Table

#: The keys by which a row is unique, and its figure.
ROW_KEYS = ("statement", "period", "column", "line", "amount")


class TidyRow(TypedDict):
    """One figure of one statement, in currency units; `None` where it is not public."""

    statement: str
    period: str
    column: str
    line: str
    amount: Decimal | None


@attrs.frozen
class StatementLine:
    """A line of a statement as it is printed; a heading or a note has no figures."""

    line: str
    title: str
    style: RowStyle = "line"
    indent: int = 0
    kind: Kind | None = None


@attrs.frozen
class StatementLayout:
    """
    How one statement is printed: title, lines in order, notes.

    `period_titles` says more than the period's name where there is more to say ("FY2029, effect of
    the deal only").
    """

    statement: str
    title: str
    lines: tuple[StatementLine, ...]
    notes: tuple[str, ...] = ()
    period_titles: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class StatementPage(EntityPage):
    """
    The statements of one entity on one basis, all periods, with what is needed to print them.

    `columns` gives the title of each column by its key, in order; `shown` the periods that text
    shows unless others are asked for.
    """

    shown: tuple[str, ...]
    columns: Mapping[str, str]
    rows: tuple[TidyRow, ...]
    layouts: tuple[StatementLayout, ...]
    subtitle: tuple[str, ...] = ()


def for_periods(page: StatementPage, periods: Sequence[str]) -> StatementPage:
    """
    The page with these periods only, in the page's order.

    Args:
        page: Holds all periods.
        periods: Names among the page's.

    Returns:
        A page that shows all it holds.
    """
    kept = tuple(period for period in page.periods if period in periods)
    rows = tuple(row for row in page.rows if row["period"] in periods)
    return attrs.evolve(page, periods=kept, shown=kept, rows=rows)


def records(page: StatementPage) -> list[dict[str, Cell]]:
    """The tidy rows of all periods, for CSV."""
    return [
        {
            "statement": row["statement"],
            "period": row["period"],
            "column": row["column"],
            "line": row["line"],
            "amount": row["amount"],
        }
        for row in page.rows
    ]


def document(page: StatementPage) -> dict[str, Any]:
    """
    The page as JSON holds it: what it is of, and its tidy rows with exact decimal text.

    Args:
        page: All its periods are written.

    Returns:
        A mapping of the nine keys that programs rely on.
    """
    return {
        **page.heading(),
        "columns": list(page.columns),
        "rows": [{key: exact(cell) for key, cell in row.items()} for row in records(page)],
    }


def _key(period: str, column: str) -> str:
    return f"{period}:{column}"


def _row(line: StatementLine, figures: Mapping[tuple[str, str], Mapping[str, Cell]]) -> Row | None:
    """A printed row; none if no shown period has a figure for it, or all of them are nil."""
    cells: dict[str, Cell] = {"line": line.title}
    for (period, name), by_column in figures.items():
        if name == line.line:
            cells |= {_key(period, column): amount for column, amount in by_column.items()}
    shown = [cell for key, cell in cells.items() if key != "line"]
    if line.style == "line" and all(cell == 0 for cell in shown):
        return None
    if not shown and line.style not in ("heading", "note"):
        return None
    return Row(cells, line.style, line.indent, line.kind)


def _figures(page: StatementPage, statement: str) -> dict[tuple[str, str], dict[str, Cell]]:
    figures: dict[tuple[str, str], dict[str, Cell]] = {}
    for row in page.rows:
        if row["statement"] == statement and row["period"] in page.shown:
            by_column = figures.setdefault((row["period"], row["line"]), {})
            by_column[row["column"]] = row["amount"]
    return figures


def _table(page: StatementPage, layout: StatementLayout) -> Table:
    figures = _figures(page, layout.statement)
    held = {period for period, _ in figures}
    columns = [
        Column(_key(period, key), title, "amount", group=layout.period_titles.get(period, period))
        for period in page.shown
        if period in held
        for key, title in page.columns.items()
    ]
    rows = [_row(line, figures) for line in layout.lines]
    return Table(
        title=layout.title,
        columns=(Column("line", ""), *columns),
        rows=tuple(row for row in rows if row is not None),
        subtitle=(page.entity_name, *page.subtitle),
        notes=layout.notes,
        currency=page.currency,
    )


def tables(page: StatementPage) -> tuple[Table, ...]:
    """
    One table for each statement, the shown periods side by side, columns inside each period.

    A line without a figure in the shown periods is left out; so is a statement without any.

    Example:
        >>> row = TidyRow(
        ...     statement="balance-sheet",
        ...     period="FY2025",
        ...     column="as-filed",
        ...     line="debt",
        ...     amount=Decimal("58744000000.00"),
        ... )
        >>> page = StatementPage(
        ...     deal="hyperion",
        ...     entity="meta",
        ...     entity_name="Meta Platforms, Inc.",
        ...     framework="us-gaap",
        ...     basis="as-consolidated",
        ...     scenario="renewed",
        ...     currency="USD",
        ...     periods=("FY2025",),
        ...     shown=("FY2025",),
        ...     columns={"as-filed": "as filed"},
        ...     rows=(row,),
        ...     layouts=(
        ...         StatementLayout(
        ...             "balance-sheet", "Balance sheet", (StatementLine("debt", "Debt"),)
        ...         ),
        ...     ),
        ... )
        >>> [dict(row.cells) for row in tables(page)[0].rows]
        [{'line': 'Debt', 'FY2025:as-filed': Decimal('58744000000.00')}]
    """
    printed = [_table(page, layout) for layout in page.layouts]
    return tuple(table for table in printed if len(table.columns) > 1)
