"""
A portfolio from its files to its tally: lots are read by one thread while another measures.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path

import attrs
import numpy as np

from leasebook import __version__
from leasebook.bulk.arrow_out import Names, journal_table, schedule_table
from leasebook.bulk.outlook import outlook
from leasebook.bulk.parts import Parts, lot_digest, write_whole
from leasebook.bulk.sums import Sums
from leasebook.bulk.tally import Tally, added_up, tally
from leasebook.intake.lot import Lot
from leasebook.intake.read_leases import LOT, Portfolio
from leasebook.portfolio.measure import measure_chunk
from leasebook.portfolio.terms import LeaseTerms

#: Leases of a part whose journal and schedules are written.
PART = 20_000

_SELDOM = 200_000  # containers made between two looks of the collector
_AHEAD = 1  # lots that are read before they can be measured
_SLICE = 1 << 14  # leases of a lot that are measured at once

#: What can be written of a lot, as a table of Arrow.
TABLES = {"journal": journal_table, "schedules": schedule_table}


@attrs.frozen
class Work:
    """
    How a portfolio is measured, and what is written besides.

    Attributes:
        rules_as_of: The day whose rules decide.
        threads: How many measure at once.
        outputs: Folders for the journal and the schedules, by what is in them.
        parts: A folder that remembers finished parts, or None.
        lot: Leases of a part; `LOT` if not said, `PART` where anything is written.
        outlook: A day whose disclosures are drawn up, the last of a month, or None.
    """

    rules_as_of: date
    threads: int = 2
    outputs: "dict[str, Path]" = attrs.field(factory=dict)
    parts: Path | None = None
    lot: int | None = None
    outlook: date | None = None

    @property
    def size(self) -> int:
        """Leases of a part."""
        return self.lot or (PART if self.outputs or self.parts else LOT)

    def settings(self, portfolio: Portfolio) -> dict[str, str | int]:
        """What must be the same for parts of an earlier run to be used again."""
        return {
            "leasebook": __version__,
            "rules_as_of": self.rules_as_of.isoformat(),
            "framework": portfolio.framework,
            "lot": self.size,
            "outlook": self.outlook.isoformat() if self.outlook else "",
        }


class Skipped:
    """How many lots were found finished."""

    def __init__(self) -> None:
        self.count = 0


def valued(
    portfolio: Portfolio,
    work: Work,
    told: Callable[[Path, int], None] | None = None,
    skipped: Skipped | None = None,
) -> Tally | None:
    """
    The tally of a portfolio; every lot's outputs are written on the way.

    Args:
        portfolio: To be read.
        work: How.
        told: Is told of a file how many bytes have been read.
        skipped: Counts the lots that an earlier run has finished.

    Returns:
        The tally, or None if anything is wrong with the files, which `portfolio.faults` then says.
    """
    with _collector_at_rest():
        return _valued(portfolio, work, told, skipped)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """
    The collector of circles looks seldom: cells of text are many, and none of them in a circle.
    """
    often = gc.get_threshold()
    gc.set_threshold(_SELDOM, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)


def _valued(
    portfolio: Portfolio,
    work: Work,
    told: Callable[[Path, int], None] | None,
    skipped: Skipped | None,
) -> Tally | None:
    folder = work.parts or next((f / "_parts" for f in work.outputs.values()), None)
    parts = Parts.opened(folder, work.outputs, work.settings(portfolio)) if folder else None
    count = 0
    sums = Sums()
    for found in _measured(portfolio, work, parts, told, skipped):
        count += 1
        while found:
            sums.add(found.pop())
    portfolio.finish()
    if portfolio.faults.count:
        return None
    if parts is not None:
        parts.end(count)
    return sums.total()


def _measured(
    portfolio: Portfolio,
    work: Work,
    parts: Parts | None,
    told: Callable[[Path, int], None] | None,
    skipped: Skipped | None,
) -> Iterator[list[Tally]]:
    """The tallies of lots, in order."""
    waiting: list[Future[list[Tally]]] = []
    with ThreadPoolExecutor(1) as pool:
        try:
            for number, lot in enumerate(portfolio.lots(work.size, told)):
                names = Names(
                    portfolio.entities.texts, portfolio.currencies.texts, portfolio.decimals
                )
                waiting.append(pool.submit(_part, number, lot, names, work, parts, skipped))
                del lot  # it is let go once it is measured
                if len(waiting) > _AHEAD:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            for one in waiting:
                one.cancel()


def _part(
    number: int, lot: Lot, names: Names, work: Work, parts: Parts | None, skipped: Skipped | None
) -> list[Tally]:
    """One lot: measured and written, or found finished."""
    if parts is None:
        return measured_by_slices(lot.terms, names.decimals, work)
    digest = lot_digest(lot)
    found = parts.finished(number, digest)
    if found is not None:
        if skipped is not None:
            skipped.count += 1
        return [found]
    made = added_up(measured_by_slices(lot.terms, names.decimals, work))
    for what in work.outputs:
        table = TABLES[what](lot, names, work.rules_as_of)
        write_whole(parts.output(what, number), partial(write_parquet, table))
    parts.finish(number, digest, made)
    return [made]


def measured_by_slices(terms: LeaseTerms, decimals: Sequence[int], work: Work) -> list[Tally]:
    """
    The tallies of some leases, of some entities at a time, so that ledgers are small.

    Args:
        terms: The leases.
        decimals: Of the currencies.
        work: How.
    """
    order = np.lexsort([terms.currency, terms.entity])
    slices = np.array_split(order, max(1, -(-len(terms) // _SLICE)))

    def one(chosen: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Tally:
        some = terms.chosen(np.sort(chosen))
        measured = measure_chunk(some, rules_as_of=work.rules_as_of, decimals=decimals)
        made = tally(some, measured)
        if work.outlook is None:
            return made
        found = outlook(some, work.outlook, rules_as_of=work.rules_as_of, decimals=decimals)
        return attrs.evolve(made, counts={**made.counts, **found})

    if work.threads < 2 or len(slices) < 2:
        return [one(chosen) for chosen in slices]
    with ThreadPoolExecutor(work.threads) as pool:
        return list(pool.map(one, slices))


def write_parquet(table: object, path: Path) -> None:
    """Writes a table of Arrow as Parquet; the same table gives the same bytes."""
    import_module("pyarrow.parquet").write_table(
        table, path, compression="zstd", compression_level=1
    )
