"""
The same measurement on Apache Spark: lots become Parquet, tasks measure them, tallies are added.

A task is a pure function from batches of leases to rows; what a task that failed had written is
thrown away by Spark's commit, so that a retry counts nothing twice.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from leasebook.bulk.arrow_out import Names, journal_table, schedule_table
from leasebook.bulk.arrow_terms import lot_of, terms_table
from leasebook.bulk.flat import as_bytes, from_bytes
from leasebook.bulk.parts import write_whole
from leasebook.bulk.run import Work, measured_by_slices, write_parquet
from leasebook.bulk.sums import Sums
from leasebook.bulk.tally import Tally, added_up
from leasebook.intake.absent import Absent
from leasebook.intake.columns import FURTHER_FACTS
from leasebook.intake.lot import Lot
from leasebook.intake.read_leases import Portfolio
from leasebook.portfolio.terms import UNKNOWN, LeaseTerms

#: How often a task may fail before the run does.
FAILURES_MAX = 4
_LOCAL = "local[{},{}]"
#: Leases of a batch that Spark hands to a task.
_BATCH = 20_000
_SPLIT = 4 * 2**20

_TALLY = "tally"
_MAKERS: dict[str, Callable[[Any, Names, date], Any]] = {
    "journal": journal_table,
    "schedules": schedule_table,
}


@attrs.frozen
class Job:
    """What a task does with its leases: `what` is a tally, the journal or the schedules."""

    what: str
    names: Names
    work: Work
    before: Callable[[], None] | None = None

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """
        Batches of leases as batches of rows.

        Args:
            batches: As `terms_table` makes them.
        """
        if self.before is not None:
            self.before()
        if self.what == _TALLY:
            made = [self._tally(batch) for batch in batches]
            if made:
                yield _batch_of(added_up(made))
            return
        maker = _MAKERS[self.what]
        for batch in batches:
            table = _plain(maker(lot_of(batch), self.names, self.work.rules_as_of))
            yield from table.to_batches(max_chunksize=65_536)

    def _tally(self, batch: Any) -> Tally:
        lot = lot_of(batch)
        return added_up(measured_by_slices(lot.terms, self.names.decimals, self.work))


def _batch_of(found: Tally) -> Any:
    """A tally as a batch of one row."""
    arrow = import_module("pyarrow")
    whole = arrow.array([as_bytes(found)], arrow.binary())
    return arrow.RecordBatch.from_arrays([whole], names=[_TALLY])


def _plain(table: Any) -> Any:
    """A table without dictionaries, which Spark does not take."""
    arrow = import_module("pyarrow")
    fields = [
        arrow.field(f.name, f.type.value_type if arrow.types.is_dictionary(f.type) else f.type)
        for f in table.schema
    ]
    return table.cast(arrow.schema(fields))


def valued_by_spark(
    portfolio: Portfolio,
    work: Work,
    master: str | None = None,
    told: Callable[[Path, int], None] | None = None,
    before: Callable[[], None] | None = None,
) -> Tally | None:
    """
    The tally of a portfolio, measured by Spark.

    Args:
        portfolio: To be read; it is checked here, before anything is measured.
        work: How; its folders must be those of all machines of a cluster.
        master: Of a cluster; this machine if not said.
        told: Is told of a file how many bytes have been read.
        before: Called by every task before it begins.

    Returns:
        The tally, or None if anything is wrong with the files, which `portfolio.faults` then says.

    Raises:
        Absent: If PySpark or Java is not installed.
    """
    _library()
    folder = Path(tempfile.mkdtemp(prefix="leasebook-", dir=work.parts))
    try:
        terms = folder / "terms"
        terms.mkdir()
        for number, lot in enumerate(portfolio.lots(work.size, told)):
            write_parquet(terms_table(_with_facts(lot)), terms / f"part-{number:05d}.parquet")
        portfolio.finish()
        if portfolio.faults.count:
            return None
        names = Names(portfolio.entities.texts, portfolio.currencies.texts, portfolio.decimals)
        with _session(master, work) as session:
            leases = session.read.parquet(str(terms))
            for what, target in work.outputs.items():
                _written(leases, Job(what, names, work, before), target, folder)
            return _added(leases, Job(_TALLY, names, work, before), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _with_facts(lot: Lot) -> Lot:
    """The lot with every further fact, so that all parts have the same columns."""
    unknown = np.full(len(lot.ids), UNKNOWN, np.int64)
    facts = {name: lot.terms.facts.get(name, unknown) for name in FURTHER_FACTS}
    return attrs.evolve(lot, terms=attrs.evolve(lot.terms, facts=facts))


def _added(leases: Any, job: Job, folder: Path) -> Tally:
    """Tasks write their tallies as Parquet; those that are committed are added up."""
    parquet = import_module("pyarrow.parquet")
    target = folder / _TALLY
    leases.mapInArrow(job, f"{_TALLY} binary").write.parquet(str(target))
    sums = Sums()
    for found in parquet.read_table(target).column(_TALLY).to_pylist():
        sums.add(from_bytes(found))
    return sums.total()


def _written(leases: Any, job: Job, target: Path, folder: Path) -> None:
    """Tasks write Parquet beside the target; all of it together takes the target's place."""
    arrow = import_module("pyspark.sql.pandas.types")
    empty = _plain(_MAKERS[job.what](_nothing(), job.names, job.work.rules_as_of))
    schema = arrow.from_arrow_schema(empty.schema)
    fresh = folder / job.what
    leases.mapInArrow(job, schema).write.option("compression", "zstd").parquet(str(fresh))
    target.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(sorted(fresh.glob("part-*.parquet"))):
        write_whole(target / f"part-{number:05d}.parquet", partial(_copied, path))


def _copied(path: Path, to: Path) -> None:
    shutil.copyfile(path, to)


def _nothing() -> Lot:
    """A lot of one lease, from which the columns of an output are learnt."""
    names = ("row", "entity", "commencement", "term_months", "payment")
    one = LeaseTerms.of({name: [int(name == "term_months")] for name in names})
    return Lot(["-"], [""], one)


def _library() -> Any:
    try:
        sql = import_module("pyspark.sql")
    except ModuleNotFoundError:
        raise Absent("--engine spark needs PySpark; install leasebook[spark]") from None
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise Absent("--engine spark needs Java 17; install it, or set JAVA_HOME")
    return sql


@contextmanager
def _session(master: str | None, work: Work) -> Iterator[Any]:
    """A session of Spark that is stopped afterwards."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = _library().SparkSession.builder.appName("leasebook")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_BATCH),
        "spark.sql.files.maxPartitionBytes": str(_SPLIT),
        "spark.sql.files.openCostInBytes": str(_SPLIT),
        "spark.task.maxFailures": str(FAILURES_MAX),
    }
    if master is None:
        settings["spark.driver.host"] = "127.0.0.1"
        settings["spark.driver.bindAddress"] = "127.0.0.1"
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.master(master or _LOCAL.format(work.threads, FAILURES_MAX)).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()
