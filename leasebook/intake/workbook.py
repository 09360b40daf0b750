"""
Tables in Excel workbooks: values of one sheet, read row by row; formulas are refused.
"""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import Any

from leasebook.intake.absent import Absent
from leasebook.intake.faults import Faults
from leasebook.intake.piece import Heading, Piece
from leasebook.values.problem import Problem, Refused

UNPACKED_MAX = 512 * 2**20
PARTS_MAX = 2000
ROWS_MAX, COLUMNS_MAX = 1_048_576, 256

_OLD = {b"\xd0\xcf\x11\xe0": "an old or an encrypted workbook"}


def sheets_of(path: Path) -> tuple[str, ...]:
    """
    The names of the sheets of a workbook, in order.

    Raises:
        Refused: If it is damaged, encrypted or too big.
        Absent: If openpyxl is not installed.
    """
    book = _opened(path)
    try:
        return tuple(book.sheetnames)
    finally:
        book.close()


def pieces_of_workbook(
    path: Path, sheet: str, size: int, faults: Faults
) -> Iterator[Heading | Piece]:
    """
    The headings of a sheet, then its rows in pieces.

    Args:
        path: A regular file.
        sheet: Its name.
        size: Rows of a piece, at most.
        faults: Takes cells with formulas and errors.

    Yields:
        One heading, then pieces.
    """
    book = _opened(path)
    try:
        yield from _pieces(book[sheet], str(path), size, faults)
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise _damaged(str(path), error) from None
    finally:
        book.close()


def _pieces(table: Any, file: str, size: int, faults: Faults) -> Iterator[Heading | Piece]:
    heading, number, kept, at = None, 0, [], []
    for cells in table.iter_rows(max_col=COLUMNS_MAX):
        number += 1
        if heading is None:
            names = [as_text(cell.value).strip() for cell in cells]
            while names and not names[-1]:
                names.pop()
            if names:
                heading = Heading(file, tuple(names), table.title)
                yield heading
            continue
        found = [_value(cell, heading, number, faults) for cell in cells[: len(heading.names)]]
        if not any(found):
            continue
        kept.append(found + [""] * (len(heading.names) - len(found)))
        at.append(number)
        if len(kept) == size:
            yield Piece(heading, at, tuple(zip(*kept, strict=True)))
            kept, at = [], []
    if kept and heading is not None:
        yield Piece(heading, at, tuple(zip(*kept, strict=True)))


def _value(cell: Any, heading: Heading, row: int, faults: Faults) -> str:
    if cell.value is None:
        return ""
    if cell.data_type in ("f", "e"):
        index = cell.column - 1
        column = heading.names[index] if index < len(heading.names) else ""
        what = "a formula" if cell.data_type == "f" else "an error"
        cause = f"the cell holds {what} and no value"
        faults.at(
            "LB0633", heading.file, heading.place(row, column), cause,
            "paste it as a value: what a formula shows is not kept in the file for certain",
        )  # fmt: skip
        return ""
    return as_text(cell.value)


def as_text(value: Any) -> str:
    """
    A typed value of a workbook or of Parquet as the text that CSV has for it.

    A binary number becomes the shortest decimal that means the same number.

    Example:
        >>> as_text(1250.5), as_text(True), as_text(datetime(2026, 1, 31)), as_text(None)
        ('1250.5', 'true', '2026-01-31', '')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _plain(value)
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def _plain(value: float) -> str:
    if not isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def _opened(path: Path) -> Any:
    name = str(path)
    with path.open("rb") as stream:
        start = stream.read(4)
    if start in _OLD:
        raise _not_read(name, f"the file is {_OLD[start]}", "save it as .xlsx without a password")
    try:
        openpyxl = import_module("openpyxl")
    except ModuleNotFoundError:
        raise Absent(f"{name}: workbooks need openpyxl; install leasebook[excel]") from None
    try:
        _within(path)
        return openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - of a broken file a library says many things
        raise _damaged(name, error) from None


def _within(path: Path) -> None:
    """Refuses a workbook that unpacks to more than the bounds."""
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
        size = sum(part.file_size for part in parts)
    if len(parts) > PARTS_MAX or size > UNPACKED_MAX:
        cause = f"the workbook unpacks to {size:,} bytes in {len(parts):,} parts"
        raise _not_read(str(path), cause, "save the leases as CSV or Parquet")


def _damaged(name: str, error: Exception) -> Refused:
    return _not_read(
        name, f"the workbook is damaged or none ({type(error).__name__})", "save it again as .xlsx"
    )


def _not_read(name: str, cause: str, fix: str) -> Refused:
    return Refused([Problem("LB0631", cause, fix, name)])
