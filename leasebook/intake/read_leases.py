"""
Files of leases become lots: cells read, tables beside them joined, rows checked, columns of terms.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from leasebook.contract.scalar import LAST_YEAR
from leasebook.intake.beside import Beside
from leasebook.intake.columns import EPOCH, EVENTS, FURTHER_FACTS, LEASES, Column
from leasebook.intake.faults import Faults
from leasebook.intake.files import Source
from leasebook.intake.joined import Joined
from leasebook.intake.lot import Codes, Lot, lots_joined
from leasebook.intake.mapping import MappingFile
from leasebook.intake.piece import Heading, Piece
from leasebook.intake.rents import steps_of_rises
from leasebook.intake.table_reader import TableReader
from leasebook.portfolio.terms import LEASE_COLUMNS, UNKNOWN, Ints, LeaseTerms
from leasebook.values.money import AMOUNT_MINOR_MAX, Currency

#: Leases of a lot.
LOT = 100_000
#: Rows whose cells are held as text at a time.
PIECE = 20_000
ENTITIES_MAX = 10_000

_BY_NAME = {column.name: column for column in LEASES}
_PLAIN = tuple(c for c in LEASES if c.sort != "amount")
_AMOUNTS = tuple(c for c in LEASES if c.sort == "amount")
_RISES = ("payment", "every", "free_months", "escalation", "escalates_every_months",
          "term_months", "renewal_months")  # fmt: skip
_FACTS = tuple(FURTHER_FACTS)
_CHECKED = ("term_months", "every", "payment", "commencement_date", "renewal_months",
            "economic_life_months", "remaining_life_months", "guaranteed_residual",
            "expected_guarantee_payment", "termination_months",
            "lessor_termination_months", "incentive_after_months",
            "incentive_receivable")  # fmt: skip
_TOO_LATE = f"the lease ends after the year {LAST_YEAR}"
_LAST_DAY = date(LAST_YEAR, 12, 31).toordinal() - EPOCH


@attrs.define
class Portfolio:
    """
    A portfolio while it is read.

    Attributes:
        sources: Tables of leases.
        beside: What stands beside them.
        mapping: How the tables are written.
        framework: The frameworks of leases that name none, as their sum.
        faults: What is wrong.
        entities: Codes of entities.
        currencies: Codes of currencies.
        ignored: Headings that are not read.
        absent: Columns that no table has, with what holds in their place.
        count: Rows so far.
    """

    sources: tuple[Source, ...]
    beside: Beside
    mapping: MappingFile
    framework: int
    faults: Faults
    entities: Codes = attrs.field(factory=Codes)
    currencies: Codes = attrs.field(factory=Codes)
    ignored: dict[str, None] = attrs.field(factory=dict)
    absent: set[str] = attrs.field(factory=set)
    count: int = 0
    _hashes: "array[int]" = attrs.field(factory=lambda: array("q"), repr=False)

    @property
    def decimals(self) -> tuple[int, ...]:
        """Of the minor unit of each currency, by code."""
        return tuple(Currency.of(code).decimals for code in self.currencies.texts)

    def lots(
        self, size: int = LOT, told: Callable[[Path, int], None] | None = None
    ) -> Iterator[Lot]:
        """
        The leases in the order of the files; nothing more once anything is wrong.

        Args:
            size: Leases of a lot, at most.
            told: Is told of a file how many bytes have been read.
        """
        together = -(-size // PIECE)
        for source in self.sources:
            say = None if told is None else (lambda read, s=source: told(s.path, read))
            held: list[Lot] = []
            for lot in self._small(source, -(-size // together), say):
                held.append(lot)
                del lot
                if len(held) == together:
                    yield _taken(held)
            if held and not self.faults.count:
                yield _taken(held)

    def _small(
        self, source: Source, size: int, told: Callable[[int], None] | None
    ) -> Iterator[Lot]:
        """The leases of one table, by pieces of it; nothing more once anything is wrong."""
        reader: TableReader | None = None
        for found in source.pieces(size, self.faults, self.mapping, told):
            if isinstance(found, Heading):
                reader = self._reader(found)
                continue
            if reader is None:
                raise AssertionError("a table begins with its headings")
            self.count += len(found.rows)
            lot = self._lot(reader, found)
            if lot is not None and not self.faults.count:
                yield lot

    def one(self, lease: str) -> Lot | None:
        """
        One lease alone, by its id; rows of other leases are not looked into.

        Returns:
            A lot of one lease, or None if there is no such lease or its row is not in order.
        """
        for source in self.sources:
            reader: TableReader | None = None
            for found in source.pieces(PIECE, Faults(), self.mapping):
                if isinstance(found, Heading):
                    reader = self._reader(found)
                    continue
                if reader is None:
                    raise AssertionError("a table begins with its headings")
                texts = found.columns[reader.places["id"]]
                at = next((k for k, text in enumerate(texts) if text.strip() == lease), None)
                if at is not None:
                    alone = [[column[at]] for column in found.columns]
                    return self._lot(reader, Piece(found.heading, [found.rows[at]], alone))
        return None

    def _reader(self, heading: Heading) -> TableReader:
        reader = TableReader.of(LEASES, heading, self.mapping, self.faults)
        self.ignored |= dict.fromkeys(name for name in reader.ignored if name)
        self.absent |= {c.name for c in LEASES if not reader.has(c.name)}
        return reader

    def _lot(self, reader: TableReader, piece: Piece) -> Lot | None:
        bad: set[int] = set()
        values = _values(reader, piece, bad)
        codes = values["currency"]
        if codes is None:
            raise AssertionError("the heading of a table was matched")
        known = {code: Currency.of(code).decimals if code else 2 for code in set(codes)}
        decimals = list(map(known.__getitem__, codes))
        for column in _AMOUNTS:
            found = reader.amounts(piece, column, decimals, bad)
            if found is not None:
                values[column.name] = found
        rising = any(any(values.get(name, ())) for name in ("free_months", "escalation"))
        if not self.beside.empty:
            values |= {c.name: _default(c, piece) for c in LEASES if c.name not in values}
        self._hashes.extend(map(hash, values["id"]))

        def tell(position: int, column: str, code: str, cause: str, fix: str) -> None:
            bad.add(position)
            reader.at(piece, position, column, code, cause, fix)

        joined = Joined(values, decimals, tell)
        steps: Sequence[Any] = ((), (), ())
        if self.beside.empty:
            if rising and not bad:
                values["payment"], steps = steps_of_rises(_numbers(values, _RISES), tell)
        elif bad:
            self.beside.used.update(values["id"])
        else:
            joined.take_in(values["id"], self.beside)
            steps = _columns(joined.steps, 3)
        _check(values, tell, bad)
        reader.tell()
        if self.faults.count:
            return None
        return self._as_lot(joined, steps, piece)

    def _as_lot(self, joined: Joined, steps: Sequence[Any], piece: Piece) -> Lot:
        values = joined.values
        terms: dict[str, Any] = {
            (_BY_NAME[name].term or name): column for name, column in values.items()
        }
        terms |= {
            "row": piece.rows,
            "counterparty": [0],
            "entity": list(map(self.entities.__getitem__, values["entity"])),
            "currency": list(map(self.currencies.__getitem__, values["currency"])),
            "frameworks": [found or self.framework for found in values.get("framework", [0])],
        }
        if len(self.entities) > ENTITIES_MAX:
            cause = f"more than {ENTITIES_MAX:,} entities"
            self.faults.at("LB0625", piece.heading.file, "", cause, "divide the portfolio")
        columns = {name: terms[name] for name in LEASE_COLUMNS if name in terms}
        names = ("step_lease", "step_period", "step_payment")
        columns |= dict(zip(names, steps, strict=True))
        events = ("event_lease", "event_period", "event_kind",
                  *(c.term for c in EVENTS if c.term))  # fmt: skip
        columns |= dict(zip(events, _columns(joined.events, len(events)), strict=True))
        made = {name: np.asarray(column, np.int64) for name, column in columns.items()}
        facts = {name: column.copy() for name, column in _numbers(values, _FACTS).items()}
        others = values.get("counterparty") or [""] * len(piece.rows)
        return Lot(values["id"], others, LeaseTerms(**made, facts=facts))

    def finish(self) -> None:
        """Tells what only the whole portfolio shows: no lease at all, ids that stand twice."""
        if not self.count and not self.faults.count:
            file = str(self.sources[0].path) if self.sources else ""
            cause = "there is no lease below the headings"
            self.faults.at("LB0630", file, "", cause, "start with `leasebook new --portfolio`")
        self._tell_twice()
        self.beside.tell_strangers()

    def _tell_twice(self) -> None:
        hashes = np.sort(np.frombuffer(self._hashes, np.int64)) if self._hashes else np.empty(0)
        again = set(hashes[1:][hashes[1:] == hashes[:-1]].tolist())
        if not again:
            return
        seen: dict[str, str] = {}
        for source in self.sources:
            reader: TableReader | None = None
            for found in source.pieces(PIECE, Faults(), self.mapping):
                if isinstance(found, Heading):
                    reader = TableReader.of(LEASES, found, self.mapping, Faults())
                    continue
                if reader is None:
                    raise AssertionError("a table begins with its headings")
                for position, text in enumerate(found.columns[reader.places["id"]]):
                    lease = text.strip()
                    if lease and hash(lease) in again:
                        self._once(lease, seen, reader, found, position)

    def _once(
        self, lease: str, seen: dict[str, str], reader: TableReader, piece: Piece, position: int
    ) -> None:
        here = f"{reader.heading.file}, {reader.heading.place(piece.rows[position])}"
        if lease in seen:
            reader.faults = self.faults
            cause = f"the id {lease} stands in {seen[lease]} already"
            reader.at(piece, position, "id", "LB0628", cause, "give every lease an id of its own")
            reader.tell()
        else:
            seen[lease] = here


def _taken(held: list[Lot]) -> Lot:
    """Some lots as one, which alone is left."""
    whole = lots_joined(held)
    held.clear()
    return whole


def _values(reader: TableReader, piece: Piece, bad: set[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in _PLAIN:
        found = reader.values(piece, column, bad)
        if found is not None:
            values[column.name] = found
    return values


def _default(column: Column, piece: Piece) -> list[Any]:
    return [column.default] * len(piece.rows)


def _columns(rows: Sequence[Sequence[int]], width: int) -> list[list[int]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * width


def _numbers(values: dict[str, Any], names: Sequence[str]) -> dict[str, Ints]:
    """Columns as whole numbers, the default in every row where the table does not have them."""
    rows = len(values["id"])
    return {
        name: np.broadcast_to(
            np.asarray(values.get(name, _BY_NAME[name].default), np.int64), (rows,)
        )
        for name in names
    }


def _check(
    values: dict[str, Any],
    tell: Callable[[int, str, str, str, str], None],
    bad: set[int],
) -> None:
    """What the cells of one row say against each other."""
    number = _numbers(values, _CHECKED)
    every, term = number["every"], np.maximum(number["term_months"], 1)
    safe = np.where(np.isin(every, (1, 3, 6, 12)), every, 1)
    life, left = number["economic_life_months"], number["remaining_life_months"]
    last = number["commencement_date"] + ((term + number["renewal_months"]) * 31)
    periods = (term + number["renewal_months"]) // safe
    checks = (
        ("every", "LB0635", every != safe, "{} months between payments are not measured",
         "write 1, 3, 6 or 12", "every"),
        ("term_months", "LB0635", term % safe != 0, "{} months are no whole number of periods",
         "write a term of whole periods", "term_months"),
        ("renewal_months", "LB0635", number["renewal_months"] % safe != 0,
         "{} months are no whole number of periods", "write whole periods", "renewal_months"),
        ("term_months", "LB0206", last > _LAST_DAY + 31, _TOO_LATE, "check the date and the term",
         "term_months"),
        ("remaining_life_months", "LB0635", (life != UNKNOWN) & (left != UNKNOWN) & (left > life),
         "{} months are left of a life that is shorter", "check both lives",
         "remaining_life_months"),
        ("payment", "LB0625", number["payment"] > AMOUNT_MINOR_MAX // np.maximum(periods, 1),
         "all payments together are beyond the limit", "check payment, currency and term",
         "payment"),
        ("expected_guarantee_payment", "LB0635",
         number["expected_guarantee_payment"] > number["guaranteed_residual"],
         "more is expected to be paid than is guaranteed", "check both",
         "expected_guarantee_payment"),
        ("incentive_after_months", "LB0635", (number["incentive_after_months"] % safe != 0)
         | ((number["incentive_receivable"] != 0) & (number["incentive_after_months"] <= 0)),
         "{} months are no whole number of periods", "write whole periods",
         "incentive_after_months"),
        *((name, "LB0635", (number[name] != UNKNOWN) & ((number[name] % safe != 0)
                                                        | (number[name] <= 0)),
           "{} months are no whole number of periods", "write whole periods", name)
          for name in ("termination_months", "lessor_termination_months")),
    )  # fmt: skip
    for column, code, wrong, cause, fix, shown in checks:
        if not wrong.any():
            continue
        for position in np.flatnonzero(wrong).tolist():
            if position not in bad:
                tell(position, column, code, cause.format(number[shown][position]), fix)
