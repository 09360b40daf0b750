"""
Tables beside the leases: options, guarantees, steps and events, kept by the lease they are of.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from leasebook.intake.cells import Unreadable, amount_minor
from leasebook.intake.columns import TABLES, Column
from leasebook.intake.faults import Faults
from leasebook.intake.files import Source
from leasebook.intake.mapping import MappingFile
from leasebook.intake.piece import Heading, Piece
from leasebook.intake.table_reader import TableReader

#: Rows of one table beside the leases; all are held at once.
ROWS_MAX = 5_000_000
_PIECE = 10_000


@attrs.frozen
class Note:
    """
    One row of a table beside the leases: its values by column, and where it stands.

    Amounts are text until the currency of the lease is known.
    """

    heading: Heading
    row: int
    values: Mapping[str, Any]

    def place(self, column: str = "") -> str:
        """Where it stands, in the words of a problem."""
        return self.heading.place(self.row, column)


@attrs.define
class Beside:
    """
    The rows of every table beside the leases by id of the lease; `used` are those that were found.
    """

    tables: dict[str, dict[str, list[Note]]]
    mapping: MappingFile
    faults: Faults
    used: set[str] = attrs.field(factory=set)

    @classmethod
    def read(
        cls, sources: Mapping[str, tuple[Source, ...]], mapping: MappingFile, faults: Faults
    ) -> "Beside":
        """
        Reads the tables beside the leases.

        Args:
            sources: Of each table.
            mapping: How they are written.
            faults: Takes what is wrong with them.
        """
        plain = attrs.evolve(mapping, columns={})
        tables: dict[str, dict[str, list[Note]]] = {}
        for table, those in sources.items():
            found: dict[str, list[Note]] = {}
            for source in those:
                for lease, note in _rows(source, TABLES[table], plain, faults):
                    found.setdefault(lease, []).append(note)
            tables[table] = found
        return cls(tables, plain, faults)

    def of(self, table: str, lease: str) -> list[Note]:
        """The rows of one lease in one table, in the order of the file."""
        found = self.tables.get(table, {}).get(lease)
        if found is None:
            return []
        self.used.add(lease)
        return found

    def amount(self, note: Note, column: str, decimals: int, absent: int) -> int:
        """
        An amount of a row in minor units, now that its currency is known.

        Args:
            note: The row.
            column: Of the amount.
            decimals: Of the lease's currency.
            absent: The amount of an empty cell.
        """
        text = note.values.get(column, "")
        if not text:
            return absent
        try:
            return amount_minor(text, decimals)
        except Unreadable as error:
            self.at(note, column, error.code, error.cause, error.fix)
            return absent

    def at(self, note: Note, column: str, code: str, cause: str, fix: str) -> None:
        """Tells what is wrong with a row."""
        self.faults.at(code, note.heading.file, note.place(column), cause, fix)

    def tell_strangers(self) -> None:
        """Tells the rows that name a lease which is in none of the files."""
        for by_lease in self.tables.values():
            for lease, notes in by_lease.items():
                if lease not in self.used:
                    for note in notes:
                        cause = f"no lease has the id {lease}"
                        self.at(note, "lease", "LB0636", cause, "check the id, or leave it out")

    @property
    def empty(self) -> bool:
        """Whether there is no row at all."""
        return not any(self.tables.values())


def _rows(
    source: Source, columns: tuple[Column, ...], mapping: MappingFile, faults: Faults
) -> Iterator[tuple[str, Note]]:
    reader: TableReader | None = None
    read = 0
    for found in source.pieces(_PIECE, faults, mapping):
        if isinstance(found, Heading):
            reader = TableReader.of(columns, found, mapping, faults)
            continue
        if reader is None:
            raise AssertionError("a table begins with its headings")
        read += len(found.rows)
        if read > ROWS_MAX:
            cause = f"the table has more than {ROWS_MAX:,} rows"
            faults.at("LB0625", found.heading.file, "", cause, "divide the portfolio")
            return
        yield from _notes(reader, found)
        reader.tell()


def _notes(reader: TableReader, piece: Piece) -> Iterator[tuple[str, Note]]:
    bad: set[int] = set()
    values: dict[str, list[Any]] = {}
    for column in reader.columns:
        if column.sort == "amount":
            if reader.has(column.name):
                texts = piece.columns[reader.places[column.name]]
                form = reader.mapping.form
                values[column.name] = [form.plain_number(text.strip()) for text in texts]
                if column.needed:
                    for position, text in enumerate(values[column.name]):
                        if not text:
                            bad.add(position)
                            cause, fix = "the cell is empty", "write an amount"
                            reader.at(piece, position, column.name, "LB0623", cause, fix)
            continue
        read = reader.values(piece, column, bad)
        values[column.name] = read if read is not None else [column.default] * len(piece.rows)
    names = list(values)
    for position, row in enumerate(zip(*values.values(), strict=True)):
        if position not in bad:
            found = dict(zip(names, row, strict=True))
            yield found["lease"], Note(reader.heading, piece.rows[position], found)
