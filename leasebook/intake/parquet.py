"""
Tables in Parquet: one file or a folder of parts, read batch by batch.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from leasebook.intake.absent import Absent
from leasebook.intake.piece import Heading, Piece
from leasebook.intake.workbook import as_text
from leasebook.values.problem import Problem, Refused


def pieces_of_parquet(path: Path, size: int) -> Iterator[Heading | Piece]:
    """
    The columns of a Parquet file, then its rows in pieces.

    Args:
        path: A regular file.
        size: Rows of a piece, at most.

    Yields:
        One heading, then pieces; the first row below the names is row 2, as in a spreadsheet.

    Raises:
        Refused: If the file is damaged.
        Absent: If pyarrow is not installed.
    """
    name = str(path)
    parquet, errors = _library(name)
    try:
        file = parquet.ParquetFile(path)
    except errors as error:
        raise _damaged(name, error) from None
    with file:
        heading = Heading(name, tuple(file.schema_arrow.names))
        yield heading
        row = 1
        batches = file.iter_batches(batch_size=size)
        while True:
            try:
                batch = next(batches, None)
            except errors as error:
                raise _damaged(name, error) from None
            if batch is None:
                return
            columns = tuple(_texts(column) for column in batch.columns)
            yield Piece(heading, range(row + 1, row + 1 + batch.num_rows), columns)
            row += batch.num_rows


def _texts(column: Any) -> list[str]:
    values: list[Any] = column.to_pylist()
    if all(type(value) is str for value in values):
        return values
    return [as_text(value) for value in values]


def _library(name: str) -> tuple[Any, tuple[type[Exception], ...]]:
    try:
        arrow = import_module("pyarrow")
        return import_module("pyarrow.parquet"), (arrow.ArrowException, OSError, UnicodeDecodeError)
    except ModuleNotFoundError:
        raise Absent(f"{name}: Parquet needs pyarrow; install leasebook[table]") from None


def _damaged(name: str, error: Exception) -> Refused:
    cause = f"the file is damaged or no Parquet ({type(error).__name__})"
    return Refused([Problem("LB0632", cause, "write it again", name)])
