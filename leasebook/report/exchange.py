"""
Tables for other programs: JSON, CSV, markdown.
"""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from leasebook.report.cell import exact, shown
from leasebook.report.table import NOT_PUBLIC, Cell, Column, Row, Scale, Table, plain

# A spreadsheet runs a text cell that begins like this as a formula.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def _record(row: Row, table: Table) -> dict[str, Any]:
    return {
        column.key: exact(row.cells[column.key])
        for column in table.columns
        if column.key in row.cells
    }


def document(value: object) -> str:
    """
    A value as JSON text: indented, in the order given, ended by a line feed.
    """
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def as_json(tables: Sequence[Table]) -> str:
    """
    Tables as JSON: one is a list of its rows, several are objects with title and rows.

    A blank cell has no key; a figure that is not public is ``null``.

    Example:
        >>> rows = (Row({"line": "Debt", "amount": (-5, 2)}), Row({"line": "Tax", "amount": None}))
        >>> columns = (Column("line", "Line"), Column("amount", "Amount", "amount"))
        >>> json.loads(as_json([Table("Notes", columns, rows)]))
        [{'line': 'Debt', 'amount': '-0.05'}, {'line': 'Tax', 'amount': None}]
    """
    records = [[_record(row, table) for row in table.data_rows()] for table in tables]
    if len(tables) == 1:
        return document(records[0])
    return document(
        [
            {"title": plain(table.title), "rows": rows}
            for table, rows in zip(tables, records, strict=True)
        ]
    )


def _guarded(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def _field(value: Cell) -> str:
    if value is None:
        return NOT_PUBLIC
    written = exact(value)
    if isinstance(written, bool):
        return "true" if written else "false"
    return _guarded(str(written)) if isinstance(value, str) else str(written)


def records_csv(keys: Sequence[str], records: Sequence[Mapping[str, Cell]]) -> str:
    r"""
    Records as CSV (RFC 4180) with one header; text is kept from being run as a formula.

    Example:
        >>> records_csv(["line", "amount"], [{"line": "=A1", "amount": (-5, 2)}])
        "line,amount\r\n'=A1,-0.05\r\n"
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_guarded(plain(key)) for key in keys])
    for record in records:
        writer.writerow([_field(record[key]) if key in record else "" for key in keys])
    return written.getvalue()


def as_csv(tables: Sequence[Table]) -> str:
    """
    Tables as one CSV: several share one header, led by a column that names the table.
    """
    keys = list(dict.fromkeys(column.key for table in tables for column in table.columns))
    if len(tables) == 1:
        return records_csv(keys, [row.cells for row in tables[0].data_rows()])
    records = [{"table": table.title, **row.cells} for table in tables for row in table.data_rows()]
    return records_csv(["table", *keys], records)


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _markdown_cell(row: Row, column: Column, scale: Scale) -> str:
    if column.key not in row.cells:
        return ""
    text = _escaped(shown(row.cells[column.key], row.kind_in(column), scale))
    return f"**{text}**" if text and row.style in ("heading", "subtotal", "total") else text


def _markdown_lines(table: Table, scale: Scale) -> list[str]:
    columns = table.printed_columns()
    lines = [f"## {_escaped(plain(table.title))}", ""]
    for line in (*table.subtitle, table.unit(scale)):
        if line:
            lines += [_escaped(plain(line)), ""]
    titles = [
        _escaped(plain(" ".join(part for part in (column.group, column.title) if part)))
        for column in columns
    ]
    lines.append("| " + " | ".join(titles) + " |")
    lines.append("|" + "|".join("---:" if column.right else ":---" for column in columns) + "|")
    for row in table.rows:
        cells = [_markdown_cell(row, column, scale) for column in columns]
        cells[0] = "&nbsp;" * 2 * row.indent + cells[0]
        lines.append("| " + " | ".join(cells) + " |")
    for note in table.notes:
        lines += ["", _escaped(plain(note))]
    return lines


def as_markdown(tables: Sequence[Table], scale: Scale) -> str:
    """
    Tables as markdown, each under a heading of the second level.

    Args:
        tables: In order.
        scale: Amounts are shown as in text.

    Returns:
        Lines ended by a line feed.
    """
    blocks = ["\n".join(_markdown_lines(table, scale)) for table in tables]
    return "\n\n".join(blocks) + "\n"
