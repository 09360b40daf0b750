"""
The same leases on Apache Spark, with tasks that are killed.

Skipped by name where PySpark, pandas or Java is absent: they are in the group `bench`.
"""

import os
import shutil
from pathlib import Path

import pytest
from portfolios import (
    kill_it_once_it_has_written,
    kill_the_first_attempt_of_the_second_task,
    many,
)

pytest.importorskip("pyspark", reason="PySpark is absent: leasebook[spark]")
pytest.importorskip("pandas", reason="pandas, which PySpark asks for, is absent: leasebook[spark]")
if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
    pytest.skip("Java is absent", allow_module_level=True)

import pyarrow.parquet as pq

from leasebook.bulk.arrow_terms import lot_of, terms_table
from leasebook.bulk.parts import lot_digest
from leasebook.bulk.run import Work, valued
from leasebook.bulk.spark_engine import valued_by_spark
from leasebook.bulk.tally import added_up
from leasebook.cli.portfolio import AS_OF
from leasebook.intake.opened import opened
from leasebook.intake.template import templates

ROOT = Path(__file__).parent.parent


def test_leases_travel_as_tables_of_arrow_and_come_back_in_any_part(tmp_path):
    for name, text in templates().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    beside = {name: tmp_path / f"{name}.csv" for name in ("options", "steps", "events")}
    (lot,) = opened((tmp_path / "leases.csv",), beside=beside).lots()
    back = lot_of(terms_table(lot))
    assert lot_digest(back).encode() != b""
    for name in ("payment", "step_lease", "step_payment", "event_lease", "event_months"):
        assert getattr(back.terms, name).tolist() == getattr(lot.terms, name).tolist()
    tail = lot_of(terms_table(lot).slice(1))
    assert (tail.ids, tail.terms.event_lease.tolist()) == (list(lot.ids)[1:], [1])
    assert tail.terms.step_lease.tolist() == []


@pytest.mark.parametrize(
    "kills", [kill_the_first_attempt_of_the_second_task, kill_it_once_it_has_written]
)
def test_a_killed_task_is_done_again_and_counts_once(tmp_path, monkeypatch, kills):
    path = many(tmp_path / "leases.csv")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(ROOT / "tests"))))
    here = valued(opened((path,)), Work(AS_OF))
    work = Work(AS_OF, lot=14, outputs={"schedules": tmp_path / "schedules"})
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "part-00009.parquet").touch()  # of an earlier run
    there = valued_by_spark(opened((path,)), work, before=kills)
    assert there.digest == here.digest
    assert added_up([there]).digest == here.digest
    local = Work(AS_OF, lot=14, outputs={"schedules": tmp_path / "local"})
    valued(opened((path,)), local)
    parts = [sorted((tmp_path / name).glob("part-*.parquet")) for name in ("schedules", "local")]
    assert [p.name for p in parts[0]] == [p.name for p in parts[1]]
    one, other = ([row for p in some for row in pq.read_table(p).to_pylist()] for some in parts)
    assert one == other
    assert len(one) > 1000
