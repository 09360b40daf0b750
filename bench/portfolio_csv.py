"""
A portfolio from CSV through the command line: seconds, leases a second, and the peak of memory.

python bench/portfolio_csv.py [--leases 1000000] [--framework both] [--json]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import made_up
import measuring


def main() -> None:
    """Writes the table, runs the command on it, and prints what that took."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--leases", type=int, default=1_000_000)
    asked.add_argument("--framework", default="both")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table, few = Path(folder) / "leases.csv", Path(folder) / "few.csv"
        made_up.write(table, given.leases)
        made_up.write(few, 4_000)
        first = _run(few, given.framework)
        took = _run(table, given.framework)
        size = table.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    measuring.printed(
        {
            **measuring.machine(),
            "leases": given.leases,
            "framework": given.framework,
            "csv_mb": round(size / 1e6, 1),
            "first_4000_leases_s": round(first, 2),
            "portfolio_csv_s": round(took, 2),
            "leases_a_second": round(given.leases / took),
            "peak_mib": round(peak / 1024),
        },
        as_json=given.json,
    )


def _run(table: Path, framework: str) -> float:
    """Seconds of one run of the command, its tables written to a file."""
    program = "import sys; from leasebook.cli.main import run; sys.exit(run(sys.argv[1:]))"
    arguments = ["portfolio", str(table), "--framework", framework, "--entity", "all"]
    out = table.with_suffix(".json")
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program, *arguments, "--format", "json", "-o", str(out)], check=True
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
