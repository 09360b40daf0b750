"""
The same measurement on Apache Spark: lots become Parquet, tasks measure them, tallies are added.

A task measures its leases, writes files of names of its own, and says in one row what they come
to and where they are. A row counts once Spark has committed it, and so do the files that it names:
what a task that failed had written is thrown away, and a retry counts nothing twice.
"""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from leasebook.bulk.arrow_out import Names
from leasebook.bulk.arrow_terms import lot_of, terms_table
from leasebook.bulk.flat import as_bytes, from_bytes
from leasebook.bulk.parts import write_whole
from leasebook.bulk.run import TABLES, Work, measured_by_slices, write_parquet
from leasebook.bulk.sums import Sums
from leasebook.bulk.tally import Tally, added_up
from leasebook.intake.absent import Absent
from leasebook.intake.columns import FURTHER_FACTS
from leasebook.intake.lot import Lot
from leasebook.intake.read_leases import Portfolio
from leasebook.portfolio.terms import UNKNOWN

#: How often a task may fail before the run does.
FAILURES_MAX = 4
_LOCAL = "local[{},{}]"
#: Leases of a batch that Spark hands to a task.
_BATCH = 20_000
_SPLIT = 4 * 2**20

#: What a task says when it is done: its tally, and the files it has written.
_SAID = "tally binary, files array<string>"


@attrs.frozen
class Job:
    """What a task does with its leases, and the folder in which it writes."""

    names: Names
    work: Work
    folder: Path
    before: Callable[[], None] | None = None

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """
        Batches of leases as one row: their tally, and files that count once the task is committed.

        Args:
            batches: As `terms_table` makes them.
        """
        if self.before is not None:
            self.before()
        made, files = [], []
        for batch in batches:
            lot = lot_of(batch)
            made.append(added_up(measured_by_slices(lot.terms, self.names.decimals, self.work)))
            files += [self._written(what, lot) for what in self.work.outputs]
        if made:
            yield _row(added_up(made), files)

    def _written(self, what: str, lot: Lot) -> str:
        """A file of a name that no other attempt has, and that sorts by the leases in it."""
        name = f"{int(lot.terms.row.min()):012d}-{secrets.token_hex(8)}.parquet"
        write_parquet(
            TABLES[what](lot, self.names, self.work.rules_as_of), self.folder / what / name
        )
        return f"{what}/{name}"


def _row(found: Tally, files: list[str]) -> Any:
    """What a task says, as a batch of one row."""
    arrow = import_module("pyarrow")
    columns = [
        arrow.array([as_bytes(found)], arrow.binary()),
        arrow.array([files], arrow.list_(arrow.string())),
    ]
    return arrow.RecordBatch.from_arrays(columns, names=["tally", "files"])


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
    folder = Path(tempfile.mkdtemp(prefix=".leasebook-", dir=_shared(work)))
    try:
        terms = folder / "terms"
        terms.mkdir()
        for number, lot in enumerate(portfolio.lots(work.size, told)):
            write_parquet(terms_table(_with_facts(lot)), terms / f"part-{number:05d}.parquet")
        portfolio.finish()
        if portfolio.faults.count:
            return None
        names = Names(portfolio.entities.texts, portfolio.currencies.texts, portfolio.decimals)
        # Spark has as many tasks at work as there are threads.
        job = Job(names, attrs.evolve(work, threads=1), folder, before)
        with _session(master, work) as session:
            return _added(session.read.parquet(str(terms)), job, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _shared(work: Work) -> Path | None:
    """A folder that all machines see, if the work names any; files then only change their names."""
    folder = work.parts or next((target.parent for target in work.outputs.values()), None)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _with_facts(lot: Lot) -> Lot:
    """The lot with every further fact, so that all parts have the same columns."""
    unknown = np.full(len(lot.ids), UNKNOWN, np.int64)
    facts = {name: lot.terms.facts.get(name, unknown) for name in FURTHER_FACTS}
    return attrs.evolve(lot, terms=attrs.evolve(lot.terms, facts=facts))


def _added(leases: Any, job: Job, folder: Path) -> Tally:
    """What the tasks say whose rows are committed: tallies are added up, files become outputs."""
    for what in job.work.outputs:
        (folder / what).mkdir()
    said = folder / "said"
    leases.mapInArrow(job, _SAID).write.parquet(str(said))
    rows = import_module("pyarrow.parquet").read_table(said)
    sums = Sums()
    for found in rows.column("tally").to_pylist():
        sums.add(from_bytes(found))
    files = sorted(name for some in rows.column("files").to_pylist() for name in some)
    for what, target in job.work.outputs.items():
        _put([folder / name for name in files if Path(name).parent.name == what], target)
    return sums.total()


def _put(files: list[Path], target: Path) -> None:
    """Files as the parts of an output, in place of those of an earlier run."""
    target.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(files):
        write_whole(target / f"part-{number:05d}.parquet", partial(_moved, path))
    for path in target.glob("part-*.parquet"):
        if int(path.stem.removeprefix("part-")) >= len(files):
            path.unlink()


def _moved(path: Path, to: Path) -> None:
    shutil.move(path, to)


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
