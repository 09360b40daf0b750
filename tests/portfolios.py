"""
Tables of made-up leases, and what is done to a task that measures them.
"""

import os
import signal
from pathlib import Path

HEADINGS = (
    "id,entity,counterparty,currency,commencement_date,term_months,payment,every,in,rate,"
    "rate_convention,fair_value,economic_life_months"
)


def many(path, count=40):
    """A file of leases of three entities in two currencies, some in years and some in months."""
    rows = [HEADINGS]
    for n in range(count):
        every, term = (("month", 24 + n), ("quarter", 24 + 3 * (n % 9)), ("year", 60))[n % 3]
        rows.append(
            f"L-{n:03d},E{n % 3},Owner,{('USD', 'JPY')[n % 2]},20{20 + n % 7}-{1 + n % 12:02d}-"
            f"{('01', '15', '28')[n % 3]},{term},{1000 + 37 * n},{every},"
            f"{('advance', 'arrears')[n % 2]},{3 + n % 9}.25%,nominal,{100000 + n},{120 + n}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def kill_the_first_attempt_of_the_second_task():
    """Ends the process of a task of Spark from inside, once."""
    from pyspark import TaskContext  # noqa: PLC0415 - on the worker

    task = TaskContext.get()
    if task.partitionId() == 1 and task.attemptNumber() == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def kill_it_once_it_has_written():
    """Ends the process of that task when its first file is written, and nobody knows of it yet."""
    from leasebook.bulk import spark_engine  # noqa: PLC0415 - on the worker

    def written(table: object, path: Path) -> None:
        _write(table, path)
        kill_the_first_attempt_of_the_second_task()

    spark_engine.write_parquet = written


def _write(table: object, path: Path) -> None:
    from leasebook.bulk.run import write_parquet  # noqa: PLC0415 - on the worker

    write_parquet(table, path)
