"""
The same portfolio on Spark and on this machine alone, both writing their schedules as Parquet.

python bench/spark.py [--leases 1000000] [--json]
"""

import argparse
import importlib.util
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import made_up
import measuring

from leasebook.bulk.run import Work, valued
from leasebook.bulk.spark_engine import valued_by_spark
from leasebook.cli.portfolio import AS_OF
from leasebook.intake.opened import opened


def main() -> None:
    """Measures both, and holds their digests against each other."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--leases", type=int, default=1_000_000)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    found: dict[str, Any] = {**measuring.machine(), "leases": given.leases}
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        found["spark_skipped"] = "PySpark or Java is absent"
        measuring.printed(found, as_json=given.json)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made_up.write(folder / "leases.csv", given.leases)
        made_up.write(folder / "few.csv", 4_000)
        valued(opened((folder / "few.csv",)), Work(AS_OF))  # what is compiled is kept
        digests, seconds = [], []
        for engine, target in ((valued, "local"), (valued_by_spark, "spark")):
            work = Work(AS_OF, outputs={"schedules": folder / target})
            start = time.perf_counter()
            tally = engine(opened((folder / "leases.csv",)), work)
            seconds.append(time.perf_counter() - start)
            digests.append(tally.digest if tally is not None else "")
    if digests[0] != digests[1]:
        raise SystemExit("Spark and this machine do not have the same digest")
    found |= {
        "local_s": round(seconds[0], 2),
        "spark_s": round(seconds[1], 2),
        "spark_vs_local": round(seconds[1] / seconds[0], 2),
        "digest": digests[0],
    }
    measuring.printed(found, as_json=given.json)


if __name__ == "__main__":
    main()
