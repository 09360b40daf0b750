"""
From as filed to as consolidated, and from a figure back to its sources.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import attrs

from leasebook.report.table import Cell, Column, Row, Table

_BRIDGE = (
    Column("period", "Period", printed=False),
    Column("line", "Line", printed=False),
    Column("step", ""),
    Column("cites", "Paragraph"),
    Column("amount", "Amount", "amount"),
)
_TRACE = (
    Column("level", "Level", "integer", printed=False),
    Column("station", "Station", printed=False),
    Column("text", ""),
    Column("amount", "Amount", "amount"),
    Column("reason", "Paragraph or source"),
)


@attrs.frozen
class BridgeStep:
    """What leads from as filed towards as consolidated: one entry's effect on one line."""

    text: str
    cites: str
    amount: Decimal


@attrs.frozen
class BridgeLine:
    """One line in one period: as filed, the steps, as consolidated (currency units)."""

    period: str
    line: str
    title: str
    filed: Decimal | None
    steps: tuple[BridgeStep, ...]
    consolidated: Decimal | None


def _bridge_rows(line: BridgeLine, filed: str, consolidated: str) -> Iterable[Row]:
    shared: dict[str, Cell] = {"period": line.period, "line": line.line}
    yield Row({"step": f"{line.title}, {line.period}"}, "heading")
    yield Row({**shared, "step": filed, "amount": line.filed}, indent=1)
    for step in line.steps:
        cells: dict[str, Cell] = {
            **shared,
            "step": step.text,
            "cites": step.cites,
            "amount": step.amount,
        }
        yield Row(cells, indent=1)
    yield Row({**shared, "step": consolidated, "amount": line.consolidated}, "total", indent=1)


def bridge_table(
    lines: Iterable[BridgeLine],
    currency: str,
    subtitle: Sequence[str],
    ends: tuple[str, str] = ("as filed", "as consolidated"),
) -> Table:
    """
    The bridge, one block for each line and period.

    Args:
        lines: In the order they are printed.
        currency: Code.
        subtitle: Entity, framework, basis.
        ends: What the first and the last row of a block are called.

    Returns:
        A table; a block's last row is a total.
    """
    rows = [row for line in lines for row in _bridge_rows(line, *ends)]
    title = f"Bridge from {ends[0]} to {ends[1]}"
    return Table(title, _BRIDGE, tuple(rows), tuple(subtitle), currency=currency)


@attrs.frozen
class Trace:
    """
    Where something comes from: a station on the way, what it says, and what lies behind it.

    `station` is one of line, account, posting, cell, formula, determination, clause, source.
    `amount` is absent where the station has none.
    """

    station: str
    text: str
    reason: str = ""
    amount: Decimal | tuple[int, int] | None = None
    behind: tuple["Trace", ...] = ()


def _trace_rows(trace: Trace, level: int) -> Iterable[Row]:
    cells: dict[str, Cell] = {
        "level": level,
        "station": trace.station,
        "text": trace.text,
    }
    if trace.amount is not None:
        cells["amount"] = trace.amount
    if trace.reason:
        cells["reason"] = trace.reason
    yield Row(cells, indent=level)
    for behind in trace.behind:
        yield from _trace_rows(behind, level + 1)


def explain_table(trace: Trace, currency: str, subtitle: Sequence[str]) -> Table:
    """
    A trace as a table, each station set in under what it explains.

    Args:
        trace: The figure, entry or decision that was asked about.
        currency: Code; amounts in currency units, or minor units with their decimals.
        subtitle: Entity, framework, basis.

    Returns:
        The table.

    Example:
        >>> source = Trace("source", "Form 10-K for 2025", reason="note 5")
        >>> trace = Trace("line", "Debt", amount=Decimal(58744), behind=(source,))
        >>> [(row.indent, row.cells["text"]) for row in explain_table(trace, "USD", ()).rows]
        [(0, 'Debt'), (1, 'Form 10-K for 2025')]
    """
    rows = tuple(_trace_rows(trace, 0))
    return Table(f"Where it comes from: {trace.text}", _TRACE, rows, tuple(subtitle), (), currency)
