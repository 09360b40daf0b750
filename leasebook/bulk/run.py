"""
A portfolio from its files to its tally: lots are read by one thread while another measures.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path

import attrs

from leasebook import __version__
from leasebook.bulk.arrow_out import Names, journal_table, schedule_table
from leasebook.bulk.outlook import outlook
from leasebook.bulk.parts import Parts, lot_digest, write_whole
from leasebook.bulk.split import with_interest_paid
from leasebook.bulk.tally import Tally, added_up, tally
from leasebook.intake.lot import Lot
from leasebook.intake.read_leases import LOT, Portfolio
from leasebook.portfolio.measure import measure_chunk
from leasebook.portfolio.terms import Ints

_AHEAD = 2  # lots that are read before they can be measured
_TOGETHER = 6  # tallies that are kept before they are added up

_TABLES = {"journal": journal_table, "schedules": schedule_table}


@attrs.frozen
class Work:
    """
    How a portfolio is measured, and what is written besides.

    Attributes:
        rules_as_of: The day whose rules decide.
        threads: How many measure at once.
        outputs: Folders for the journal and the schedules, by what is in them.
        parts: A folder that remembers finished parts, or None.
        lot: Leases of a part.
        split: Whether the interest that payments pay is told apart, for cash flow statements.
        outlook: A day whose disclosures are drawn up, the last of a month, or None.
    """

    rules_as_of: date
    threads: int = 2
    outputs: "dict[str, Path]" = attrs.field(factory=dict)
    parts: Path | None = None
    lot: int = LOT
    split: bool = True
    outlook: date | None = None

    def settings(self, portfolio: Portfolio) -> dict[str, str | int]:
        """What must be the same for parts of an earlier run to be used again."""
        return {
            "leasebook": __version__,
            "rules_as_of": self.rules_as_of.isoformat(),
            "framework": portfolio.framework,
            "lot": self.lot,
            "split": self.split,
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
    folder = work.parts or next((f / "_parts" for f in work.outputs.values()), None)
    parts = Parts.opened(folder, work.outputs, work.settings(portfolio)) if folder else None
    count = 0
    tallies: list[Tally] = []
    for found in _measured(portfolio, work, parts, told, skipped):
        count += 1
        tallies.append(found)
        if len(tallies) == _TOGETHER:
            tallies = [added_up(tallies)]
    portfolio.finish()
    if portfolio.faults.count:
        return None
    if parts is not None:
        parts.end(count)
    return added_up(tallies)


def _measured(
    portfolio: Portfolio,
    work: Work,
    parts: Parts | None,
    told: Callable[[Path, int], None] | None,
    skipped: Skipped | None,
) -> Iterator[Tally]:
    """The tallies of lots, in order."""
    waiting: list[Future[Tally]] = []
    with ThreadPoolExecutor(1) as pool:
        try:
            for number, lot in enumerate(portfolio.lots(work.lot, told)):
                names = Names(
                    portfolio.entities.texts, portfolio.currencies.texts, portfolio.decimals
                )
                waiting.append(pool.submit(_part, number, lot, names, work, parts, skipped))
                if len(waiting) > _AHEAD:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            for one in waiting:
                one.cancel()


def _part(
    number: int, lot: Lot, names: Names, work: Work, parts: Parts | None, skipped: Skipped | None
) -> Tally:
    """One lot: measured and written, or found finished."""
    digest = ""
    if parts is not None:
        digest = lot_digest(lot)
        found = parts.finished(number, digest)
        if found is not None:
            if skipped is not None:
                skipped.count += 1
            return found
    measured = measure_chunk(
        lot.terms, rules_as_of=work.rules_as_of, decimals=names.decimals, threads=work.threads
    )
    made = complete(tally(lot.terms, measured), measured.schedule, lot, names, work)
    if parts is not None:
        for what in work.outputs:
            table = _TABLES[what](lot, names, work.rules_as_of)
            write_whole(parts.output(what, number), partial(write_parquet, table))
        parts.finish(number, digest, made)
    return made


def complete(made: Tally, schedule: Ints, lot: Lot, names: Names, work: Work) -> Tally:
    """The tally of a lot with interest paid, and with what its leases will still pay, if wanted."""
    if work.split:
        flows = with_interest_paid(
            made.flows, lot.terms, schedule, rules_as_of=work.rules_as_of, decimals=names.decimals
        )
        made = attrs.evolve(made, flows=flows)
    if work.outlook is None:
        return made
    found = outlook(
        lot.terms, work.outlook, rules_as_of=work.rules_as_of, decimals=names.decimals,
        threads=work.threads,
    )  # fmt: skip
    return attrs.evolve(made, counts={**made.counts, **found})


def write_parquet(table: object, path: Path) -> None:
    """Writes a table of Arrow as Parquet; the same table gives the same bytes."""
    import_module("pyarrow.parquet").write_table(
        table, path, compression="zstd", compression_level=1
    )
