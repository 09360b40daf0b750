"""
Which files, and which sheets of workbooks, hold leases and what stands beside them.
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from leasebook.intake.columns import TABLES
from leasebook.intake.faults import Faults
from leasebook.intake.mapping import MappingFile
from leasebook.intake.parquet import pieces_of_parquet
from leasebook.intake.piece import Heading, Piece
from leasebook.intake.text_file import pieces_of_text
from leasebook.intake.workbook import pieces_of_workbook, sheets_of
from leasebook.values.nearest import nearest
from leasebook.values.problem import Problem, Refused

_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_PARQUET = frozenset({".parquet", ".pq"})
_OTHERS = {
    ".xls": "an old workbook", ".xlsb": "a binary workbook", ".ods": "an OpenDocument table",
    ".numbers": "a table of Numbers", ".json": "JSON", ".zip": "an archive", ".gz": "compressed",
}  # fmt: skip


@attrs.frozen
class Source:
    """One table: a file, and the sheet of it that is meant."""

    path: Path
    sheet: str = ""

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size

    def pieces(
        self,
        size: int,
        faults: Faults,
        mapping: MappingFile,
        told: Callable[[int], None] | None = None,
    ) -> Iterator[Heading | Piece]:
        """
        The headings of the table, then its rows in pieces.

        Args:
            size: Rows of a piece, at most.
            faults: Takes what is wrong with rows and cells.
            mapping: Says what is between the cells of a text file.
            told: Is told how many bytes of a text file have been read.
        """
        ending = self.path.suffix.lower()
        if ending in _WORKBOOKS:
            return pieces_of_workbook(self.path, self.sheet, size, faults)
        if ending in _PARQUET:
            return pieces_of_parquet(self.path, size)
        return pieces_of_text(self.path, size, faults, mapping.delimiter, told)


def lease_sources(paths: "tuple[Path, ...]", mapping: MappingFile) -> tuple[Source, ...]:
    """
    The tables of leases in some files; a folder stands for the files of Parquet or CSV in it.

    Raises:
        Refused: If a file is not there, or is nothing that can be read.
    """
    return tuple(
        Source(file, _sheet(file, "leases", mapping.sheet))
        for path in paths
        for file in _files(path)
    )


def beside_sources(
    paths: "tuple[Path, ...]", given: "dict[str, Path | None]"
) -> dict[str, tuple[Source, ...]]:
    """
    The tables beside the leases: files that are named, and sheets of the leases' workbooks.

    Args:
        paths: Of the leases.
        given: For each table, the file that was named for it.

    Returns:
        The sources of each table.
    """
    found: dict[str, tuple[Source, ...]] = {}
    for table in TABLES:
        if table == "leases":
            continue
        named = given.get(table)
        if named is not None:
            found[table] = tuple(Source(file, _sheet(file, table, None)) for file in _files(named))
            continue
        found[table] = tuple(
            Source(path, sheet)
            for path in paths
            if path.suffix.lower() in _WORKBOOKS and path.is_file()
            for sheet in sheets_of(path)
            if sheet.strip().lower() == table
        )
    return found


def _sheet(path: Path, table: str, wanted: str | None) -> str:
    """The sheet that holds a table: as told, else the one of its name, else the only one."""
    if path.suffix.lower() not in _WORKBOOKS:
        return ""
    sheets = sheets_of(path)
    if wanted is not None:
        if wanted in sheets:
            return wanted
        cause = f"the workbook has no sheet {wanted!r}"
        raise Refused([Problem("LB0631", cause, nearest(wanted, sheets), str(path))])
    named = [sheet for sheet in sheets if sheet.strip().lower() == table]
    if named or len(sheets) == 1:
        return (named or list(sheets))[0]
    cause = f"none of the {len(sheets)} sheets is called {table}"
    fix = f"call the sheet {table}, or name it: [file] sheet in a mapping file"
    raise Refused([Problem("LB0631", cause, fix, str(path))])


def _files(path: Path) -> tuple[Path, ...]:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        cause = "there is no such file"
        raise Refused([Problem("LB0501", cause, "check the name", str(path))]) from None
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", None)
        reason = os.strerror(number) if isinstance(number, int) else str(error)
        cause = f"the file cannot be read: {reason[:1].lower()}{reason[1:]}"
        raise Refused([Problem("LB0502", cause, "check the rights", str(path))]) from None
    if stat.S_ISDIR(mode):
        files = tuple(sorted(f for f in path.iterdir() if f.suffix.lower() in {*_PARQUET, ".csv"}))
        if not files:
            cause = "the folder has no file of Parquet or CSV at its top"
            raise Refused([Problem("LB0504", cause, "name a file of leases", str(path))])
        return files
    if not stat.S_ISREG(mode):
        cause = "neither a file nor a folder"
        raise Refused([Problem("LB0503", cause, "give the path of a regular file", str(path))])
    if path.suffix.lower() in _OTHERS:
        cause = f"the file is {_OTHERS[path.suffix.lower()]}, which is not read"
        fix = "save it as .xlsx, CSV or Parquet"
        raise Refused([Problem("LB0631", cause, fix, str(path))])
    return (path,)
