"""
Writes docs/reference/performance.md from runs: ``python bench/table.py RUN.json [MORE.json ...]``.

The first file is of `schedules.py`; what the others measured is added to it.
"""

import json
import sys
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "performance.md"

ROWS = (
    (
        "schedule_vs_fill",
        "whole schedules, every variety of terms, over filling as many columns",
        "x",
    ),
    ("schedule_vs_fill_level", "whole schedules, level rents, over filling as many columns", "x"),
    ("trial_balance_1m_s", "leases of every variety from arrays to trial balance", "s"),
    ("trial_balance_1m_longest_s", "the same, the longest of the turns", "s"),
    ("trial_balance_1m_cpu_s", "the same, processor time of all threads", "s"),
    ("trial_balance_1m_mib", "the same, peak memory of the process, leases included", "MiB"),
    ("vs_decimal_loop", "a Decimal loop over ours, level leases", "x"),
    ("vs_numpy_financial", "numpy-financial over ours, level leases", "x"),
    ("vs_quantlib", "QuantLib over ours, level leases", "x"),
    ("vs_ifrs16kit", "ifrs16kit's totals over ours, level leases", "x"),
    ("portfolio_csv_s", "a million leases from CSV through `leasebook portfolio`", "s"),
    ("spark_vs_local", "Spark over one machine, a million leases, schedules written", "x"),
    ("balance_sheet_vs_hledger", "hledger over balances of stored lines, a million postings", "x"),
    ("cent_mismatches", "rows that differ from exact fractions, of 2,000 leases", ""),
)


def page(figures: dict[str, object]) -> str:
    """The page of one run."""
    lines = [
        "# Performance",
        "",
        "Made by `bench/table.py` from one run of each script of `bench/`; do not edit.",
        "Ratios are made within one run; seconds depend on the neighbours.",
        "",
        _machine(figures),
        "",
        "| figure | what | value |",
        "|---|---|---:|",
    ]
    for name, what, unit in ROWS:
        if name in figures:
            value = figures[name]
            shown = f"{value:,} {unit}".rstrip() if isinstance(value, int | float) else str(value)
            lines.append(f"| `{name}` | {what} | {shown} |")
    grown = [n for n in figures if n.startswith("trial_balance_1e") and n.endswith("_s")]
    if grown:
        lines += ["", "| leases | seconds | seconds a million months |", "|---:|---:|---:|"]
        for name in sorted(grown):
            power = name.removeprefix("trial_balance_1e").removesuffix("_s")
            lines.append(
                f"| {10 ** int(power):,} | {figures[name]} "
                f"| {figures[f'{name}_per_million_months']} |"
            )
    return "\n".join([*lines, ""])


def _machine(figures: dict[str, object]) -> str:
    """What the run was made on."""
    made_on = f"{figures['processor']}, {figures['cores']} cores, {figures['memory_gib']} GiB"
    counts = f"{figures['leases']:,} leases in the schedules"
    more = f"{figures['trial_balance_1m_leases']:,} in the trial balance"
    load = f"load average {figures['load_at_start']} at the start"
    return f"{made_on}, {figures['system']}, Python {figures['python']}, {load}; {counts}, {more}."


if __name__ == "__main__":
    runs = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    first, *others = runs
    PAGE.write_text(page({k: v for run in (*others, first) for k, v in run.items()}), "utf-8")
