"""
Balances from stored lines against hledger, ledger and beancount on the same entries.

The others read and check text; ours are read from Parquet. That is a different job, and the figure
says only how long one waits for the balances of a book that is kept either way.

python bench/balance_sheet.py [--postings 1000000] [--json]
"""

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measuring
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ACCOUNTS = (
    "Assets:Cash", "Assets:RightOfUse", "Liabilities:Lease", "Expenses:Interest",
    "Expenses:Amortisation", "Expenses:LeaseCost", "Assets:Prepaid", "Liabilities:Accrued",
)  # fmt: skip
_PROGRAMS = {
    "hledger": ("ledger", ["hledger", "balance", "--flat", "-N", "-f"]),
    "ledger": ("ledger", ["ledger", "balance", "--flat", "--no-total", "-f"]),
    "beancount": ("beancount", ["bean-check", "--no-cache"]),
}


def main() -> None:
    """Makes the entries, keeps them both ways, and prints how long their balances take."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--postings", type=int, default=1_000_000)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    entries = _entries(given.postings // 2)
    found: dict[str, Any] = {**measuring.machine(), "postings": given.postings}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored = folder / "journal.parquet"
        pq.write_table(pa.table(entries), stored, compression="zstd")
        ours = _balances(stored)
        found["balance_sheet_s"] = measuring.least(lambda: _balances(stored))[1]
        for program, (dialect, command) in _PROGRAMS.items():
            if shutil.which(command[0]) is None:
                found[f"{program}_skipped"] = f"{command[0]} is absent"
                continue
            text = folder / f"book.{dialect}"
            if not text.exists():
                _write(text, entries, beancount=dialect == "beancount")
            took = measuring.least(_runner(command, text, ours), 1)[1]
            found[f"{program}_s"] = round(took, 3)
            found[f"balance_sheet_vs_{program}"] = round(took / found["balance_sheet_s"])
    found["balance_sheet_s"] = round(found["balance_sheet_s"], 5)
    measuring.printed(found, as_json=given.json)


def _entries(count: int) -> dict[str, Any]:
    draw = np.random.default_rng(1)
    debit = draw.integers(0, len(ACCOUNTS), count).astype(np.int32)
    credit = (debit + draw.integers(1, len(ACCOUNTS), count)).astype(np.int32) % len(ACCOUNTS)
    names = pa.array(ACCOUNTS)
    return {
        "debit": pa.DictionaryArray.from_arrays(pa.array(debit), names),
        "credit": pa.DictionaryArray.from_arrays(pa.array(credit), names),
        "amount_minor": pa.array(draw.integers(1, 10_000_000, count)),
    }


def _balances(stored: Path) -> dict[str, int]:
    """The balance of every account, from the stored lines."""
    table = pq.read_table(stored, read_dictionary=["debit", "credit"])
    amounts = table.column("amount_minor").to_numpy()
    sums: dict[str, int] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        column = table.column(side).combine_chunks()
        codes = column.indices.to_numpy()
        totals = np.zeros(len(column.dictionary), np.int64)
        np.add.at(totals, codes, amounts)
        for account, total in zip(column.dictionary.to_pylist(), totals.tolist(), strict=True):
            sums[account] = sums.get(account, 0) + sign * total
    return sums


def _write(path: Path, entries: dict[str, Any], *, beancount: bool) -> None:
    rows = zip(*(column.to_pylist() for column in entries.values()), strict=True)
    with path.open("w", encoding="utf-8") as file:
        if beancount:
            file.writelines(f"2020-01-01 open {account} USD\n" for account in ACCOUNTS)
        for number, (debit, credit, amount) in enumerate(rows):
            units, day = f"{amount // 100}.{amount % 100:02d}", f"2026-01-{1 + number % 28:02d}"
            file.write(f'{day} {"* " if beancount else ""}"rent"\n')
            file.write(f"  {debit}  {units} USD\n  {credit}  -{units} USD\n\n")


def _runner(command: list[str], text: Path, ours: dict[str, int]) -> Callable[[], None]:
    """Runs a program on a book; the balances that it prints must be ours."""

    def run() -> None:
        ended = subprocess.run([*command, str(text)], capture_output=True, check=True, text=True)
        if command[0] == "bean-check":
            return
        for line in ended.stdout.splitlines():
            amount, _, account = line.split()
            if round(float(amount) * 100) != ours[account]:
                raise SystemExit(f"{command[0]} has {amount} of {account}, not {ours[account]}")

    return run


if __name__ == "__main__":
    main()
