"""
Tables in text: comma, semicolon, tab or bar between cells, read line by line within limits.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from leasebook.contract.guard import LINE_BYTES_MAX
from leasebook.intake.faults import Faults
from leasebook.intake.piece import Heading, Piece
from leasebook.values.problem import Problem, Refused

DELIMITERS = (",", ";", "\t", "|")
COLUMNS_MAX = 256

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE = "save the file as CSV in UTF-8"
_BLOCK = 2**20


def pieces_of_text(
    path: Path,
    size: int,
    faults: Faults,
    delimiter: str | None = None,
    told: Callable[[int], None] | None = None,
) -> Iterator[Heading | Piece]:
    """
    The headings of a file, then its rows in pieces.

    Args:
        path: A regular file.
        size: Rows of a piece, at most.
        faults: Takes rows with too many or too few cells.
        delimiter: Between cells; found out from the headings if not given.
        told: Is told how many bytes have been read.

    Yields:
        One heading, then pieces.

    Raises:
        Refused: If the file is no text, or its quotes are not closed.
    """
    name = str(path)
    with path.open("rb") as stream:
        lines = _lines(stream, name, told)
        first = next(lines, None)
        while first is not None and not first.strip(",;|\t \r\n"):
            first = next(lines, None)
        if first is None:
            cause = "there is no lease in this file"
            raise Refused(
                [Problem("LB0630", cause, "start with `leasebook new --portfolio`", name)]
            )
        if "\t" not in first and not first.isprintable() and not first.rstrip("\r\n").isprintable():
            raise Refused([Problem("LB0629", "the file is no table in text", _SAVE, name)])
        mark = delimiter or _delimiter(first)
        reader = csv.reader(_again(first, lines), delimiter=mark, strict=True)
        names = tuple(cell.strip() for cell in _next(reader, name, 1) or ())
        while names and not names[-1]:
            names = names[:-1]
        if len(names) > COLUMNS_MAX:
            cause = f"the table has {len(names)} columns, at most {COLUMNS_MAX} may be"
            raise Refused([Problem("LB0629", cause, "leave out what is not read", name)])
        heading = Heading(name, names)
        yield heading
        yield from _pieces(reader, heading, size, faults)


def _pieces(
    reader: "Iterator[list[str]]", heading: Heading, size: int, faults: Faults
) -> Iterator[Piece]:
    width, row = len(heading.names), 1
    while True:
        block: list[list[str]] = []
        try:
            block.extend(islice(reader, size))
        except csv.Error as error:
            raise _broken(heading.file, row + len(block) + 1, error) from None
        if not block:
            return
        rows = range(row + 1, row + 1 + len(block))
        row += len(block)
        if all(len(cells) == width for cells in block):
            yield Piece(heading, rows, tuple(zip(*block, strict=True)))
            continue
        kept, at = [], []
        for number, cells in zip(rows, block, strict=True):
            if not any(cells):
                continue
            if any(cells[width:]) or len(cells) < width:
                cause = f"the row has {len(cells)} cells, and there are {width} headings"
                fix = "put quotes around text that holds the mark between cells"
                faults.at("LB0622", heading.file, heading.place(number), cause, fix)
                continue
            kept.append(cells[:width])
            at.append(number)
        if kept:
            yield Piece(heading, at, tuple(zip(*kept, strict=True)))


def _next(reader: "Iterator[list[str]]", name: str, row: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise _broken(name, row, error) from None


def _broken(name: str, row: int, error: csv.Error) -> Refused:
    if "field larger" in str(error) or "end of data" in str(error):
        cause = f"a quote that opens in or after row {row} is not closed"
    else:
        cause = f"in row {row} a quote stands in the middle of a cell"
    fix = "put quotes around the whole cell, and double those inside it"
    return Refused([Problem("LB0629", cause, fix, name, path=f"row {row}")])


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _delimiter(first: str) -> str:
    """The mark that stands most often between the headings, a comma if none does."""
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=lambda mark: (outside.count(mark), mark == ","))


def _lines(stream: BinaryIO, name: str, told: Callable[[int], None] | None) -> Iterator[str]:
    """The lines of a file as text, each within the limit, with a byte order mark left out."""
    number, read, rest = 0, 0, b""
    while block := stream.read(_BLOCK):
        if not read:
            block = _begun(block, name)
        read += len(block)
        cut = block.rfind(b"\n") + 1
        if not cut:
            rest += block
            _within([rest], name, number)
            continue
        lines = _text(rest + block[:cut], name, number).split("\n")
        rest = block[cut:]
        lines.pop()
        _within(lines, name, number)
        number += len(lines)
        yield from [line + "\n" for line in lines]
        if told is not None:
            told(read)
    if rest:
        _within([rest], name, number)
        yield _text(rest, name, number)


def _begun(block: bytes, name: str) -> bytes:
    """The first block of a file without its byte order mark; what is no text is refused."""
    if block.startswith(_UTF16):
        cause = "the file is UTF-16, not UTF-8"
        raise Refused([Problem("LB0509", cause, _SAVE, name)])
    if block.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")):
        cause = "the file is no text: it looks like a workbook or Parquet"
        raise Refused([Problem("LB0629", cause, "give it the ending of what it is", name)])
    return block.removeprefix(_BOM)


def _within(lines: Sequence[str | bytes], name: str, number: int) -> None:
    """Refuses a line beyond the limit; `number` lines came before."""
    if max(map(len, lines), default=0) > LINE_BYTES_MAX:
        at = number + 1 + next(k for k, line in enumerate(lines) if len(line) > LINE_BYTES_MAX)
        cause = "the line is longer than 64 KiB"
        raise Refused([Problem("LB0506", cause, "break it", name, path=f"line {at}")])


def _text(block: bytes, name: str, number: int) -> str:
    """Some lines as text; `number` lines came before."""
    zero = block.find(b"\0")
    if zero >= 0:
        at = number + 1 + block.count(b"\n", 0, zero)
        raise Refused([Problem("LB0510", f"line {at} holds a NUL", _SAVE, name, path=f"line {at}")])
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError as error:
        at = number + 1 + block.count(b"\n", 0, error.start)
        byte = error.start - block.rfind(b"\n", 0, error.start)
        cause = f"in line {at} byte {byte} is 0x{block[error.start]:02x}, which is not UTF-8"
        raise Refused([Problem("LB0509", cause, _SAVE, name, path=f"line {at}")]) from None
