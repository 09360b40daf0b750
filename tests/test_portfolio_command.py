import csv
import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from commands import printed_json
from portfolios import HEADINGS, many

from leasebook.bulk.run import Skipped, Work, valued
from leasebook.bulk.tally import added_up
from leasebook.cli import main
from leasebook.cli.portfolio import AS_OF
from leasebook.intake.opened import opened
from leasebook.intake.template import templates

ROOT = Path(__file__).parent.parent
EXACT = "A-1,TENANT,Owner,USD,2026-01-01,36,1000,year,advance,10%,effective-annual,50000,120"


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """The sample tables in the current folder."""
    monkeypatch.chdir(tmp_path)
    for name, text in templates().items():
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


BESIDE = ("--options", "options.csv", "--guarantees", "guarantees.csv", "--steps", "steps.csv",
          "--events", "events.csv")  # fmt: skip


def tally_of(path, **how):
    return valued(opened((path,)), Work(AS_OF, **how))


def rows(titled, title):
    return next(one["rows"] for one in titled if one["title"] == title)


def test_a_lease_that_a_hand_can_reckon_is_explained(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("leases.csv").write_text(f"{HEADINGS}\n{EXACT}\n", encoding="utf-8")
    found = printed_json("portfolio", "leases.csv", "--explain", "A-1")
    # 1000/1.1 + 1000/1.21, the payment of the first day left out
    assert found["opening_liability"] == "1735.54"
    assert [one["framework"] for one in found["frameworks"]] == ["us-gaap", "ifrs"]
    ifrs = found["frameworks"][1]
    assert (ifrs["opening_liability"], ifrs["opening_asset"]) == ("1735.54", "2735.54")
    assert ifrs["agrees_with_columns"] is True
    assert {
        row["date"]: row["payment"] for row in ifrs["schedule"] if row["payment"] != "0.00"
    } == {
        "2027-01-01": "1000.00",
        "2028-01-01": "1000.00",
    }
    assert ifrs["schedule"][-1]["liability"] == "0.00"
    outcomes = {(d["framework"], d["decision"]): d["outcome"] for d in found["determinations"]}
    assert outcomes["us-gaap", "lessee_classification"] == "undetermined"
    assert outcomes["ifrs", "lease_exemption"] == "none-applies"
    assert found["frameworks"][0]["open"] == ["no_alternative_use", "title_transfers"]


def test_a_payment_of_the_first_day_is_in_the_liability_if_the_row_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = f"{HEADINGS},day_one_payment\n{EXACT},included\n"
    Path("leases.csv").write_text(text, encoding="utf-8")
    found = printed_json("portfolio", "leases.csv", "--explain", "A-1", "--framework", "ifrs")
    # its payment is made the same day, which the close of the day shows
    assert found["frameworks"][0]["schedule"][0]["initial"] == "2735.54"


@pytest.mark.usefixtures("tables")
def test_the_columns_give_the_integers_of_the_engine_for_deals():
    for lease in ("HALL-3", "TRUCK-17", "RACKS-2"):
        found = printed_json("portfolio", "leases.csv", *BESIDE, "--explain", lease)
        assert [one["agrees_with_columns"] for one in found["frameworks"]] == [True, True]


@pytest.mark.parametrize("lease", ["L-000", "L-001", "L-002", "L-003", "L-013", "L-038"])
def test_so_do_leases_of_other_days_periods_and_currencies(tmp_path, lease):
    path = many(tmp_path / "leases.csv")
    found = printed_json(
        "portfolio", str(path), "--explain", lease, "--assume", "title_transfers=no",
        "--assume", "no_alternative_use=no",
    )  # fmt: skip
    assert [one["agrees_with_columns"] for one in found["frameworks"]] == [True, True]


def test_explaining_one_lease_does_not_look_at_the_rows_of_others(tmp_path, capsys):
    path = many(tmp_path / "leases.csv")
    path.write_text(path.read_text(encoding="utf-8") + "L-999,E,O,USD,no day\n", encoding="utf-8")
    assert main.run(["portfolio", str(path), "--explain", "L-001", "--format", "json"]) == 0
    assert main.run(["portfolio", str(path), "--explain", "L-777"]) == 2
    assert "no lease has the id 'L-777'" in capsys.readouterr().err


def test_undetermined_leases_are_counted_by_the_fact_they_lack_until_it_is_assumed(tmp_path):
    path = str(many(tmp_path / "leases.csv"))
    found = printed_json("portfolio", path)
    lacking = {row["fact"] for row in rows(found, "Undetermined leases by missing fact")}
    assert lacking == {"title_transfers", "no_alternative_use"}
    closed = printed_json(
        "portfolio", path, "--assume", "title_transfers=no", "--assume", "no_alternative_use=no"
    )
    assert all(one["title"] != "Undetermined leases by missing fact" for one in closed)
    measured = {row["measured"] for row in rows(closed, "Totals at commencement")}
    assert measured == {"lessee-operating", "lessee-finance", "lessee-ifrs"}


@pytest.mark.usefixtures("tables")
def test_every_trial_balance_sums_to_nil_and_the_sum_of_entities_is_all():
    found = printed_json("portfolio", "leases.csv", *BESIDE, "--tables", "trial-balance,totals")
    sums, of_all, of_each = {}, {}, {}
    for row in rows(found, "Trial balance"):
        group = row["entity"], row["framework"], row["currency"]
        for year in (key for key in row if key.startswith("FY")):
            amount = round(float(row[year]) * 100)
            sums[group, year] = sums.get((group, year), 0) + amount
            target = of_all if row["entity"] == "all" else of_each
            key = (*group[1:], row["account"], year)
            target[key] = target.get(key, 0) + amount
    assert set(sums.values()) == {0}
    assert of_all == of_each
    assert len(of_all) > 50


@pytest.mark.usefixtures("tables")
def test_a_roll_forward_leads_from_opening_to_closing():
    found = printed_json("portfolio", "leases.csv", *BESIDE, "--tables", "roll-forward,totals")
    accounts = {}
    for row in rows(found, "Roll-forward"):
        key = tuple(row[name] for name in ("entity", "framework", "currency", "account", "period"))
        accounts.setdefault(key, []).append(round(float(row["amount"]) * 100))
    for opening, *moved, closing in accounts.values():
        assert opening + sum(moved) == closing
    assert len(accounts) > 20


@pytest.mark.usefixtures("tables")
def test_maturities_less_interest_are_the_liability_of_the_trial_balance():
    found = printed_json(
        "portfolio", "leases.csv", *BESIDE, "--tables", "disclosures,trial-balance", "--as-of",
        "2026-12-31", "--entity", "all",
    )  # fmt: skip
    owed = {}
    for row in rows(found, "Maturity analysis"):
        key = row["framework"], row["currency"]
        years = [
            round(float(row[name]) * 100) for name in row if name.startswith(("year-", "there"))
        ]
        total, interest, liability = (
            round(float(row[name]) * 100)
            for name in ("total", "imputed_interest", "lease_liability")
        )
        assert (sum(years), total + interest) == (total, liability)
        owed[key] = owed.get(key, 0) + liability
    booked = {}
    for row in rows(found, "Trial balance"):
        if row["account"].endswith("lease-liabilities"):
            key = row["framework"], row["currency"]
            booked[key] = booked.get(key, 0) - round(float(row["FY2026"]) * 100)
    assert owed == booked


def test_lots_of_any_size_and_any_number_of_threads_give_the_same_digest(tmp_path):
    path = many(tmp_path / "leases.csv")
    whole = tally_of(path)
    assert len({tally_of(path, lot=7).digest, tally_of(path, lot=1, threads=1).digest,
                whole.digest}) == 1  # fmt: skip
    assert added_up([whole]).digest == whole.digest


def test_the_journal_balances_to_the_trial_balance(tmp_path):
    path = many(tmp_path / "leases.csv")
    tally = tally_of(path, outputs={"journal": tmp_path / "journal"}, lot=15)
    journal = pq.read_table(tmp_path / "journal").to_pylist()
    moved = {}
    for row in journal:
        for account, sign in ((row["debit"], 1), (row["credit"], -1)):
            key = row["framework"], row["currency"], account
            moved[key] = moved.get(key, 0) + sign * row["amount_minor"]
    ledger, booked = tally.trial_balance, {}
    for k in range(len(ledger)):
        key = (("us-gaap", "ifrs")[ledger.framework[k] - 1], ("USD", "JPY")[ledger.currency[k]],
               ledger.names[ledger.what[k]])  # fmt: skip
        booked[key] = booked.get(key, 0) + int(ledger.amount[k])
    assert {key: amount for key, amount in moved.items() if amount} == {
        key: amount for key, amount in booked.items() if amount
    }
    assert all(row["amount_minor"] > 0 for row in journal)


def test_schedules_of_a_lease_end_at_nothing(tmp_path):
    path = many(tmp_path / "leases.csv")
    tally_of(path, outputs={"schedules": tmp_path / "schedules"}, lot=15)
    last = {}
    for row in pq.read_table(tmp_path / "schedules").to_pylist():
        last[row["lease"], row["framework"]] = row["closing_minor"]
    assert set(last.values()) == {0}
    assert {lease for lease, _ in last} == {f"L-{n:03d}" for n in range(40)}


def test_a_restart_skips_what_is_finished_and_nothing_that_has_changed(tmp_path):
    path = many(tmp_path / "leases.csv")
    how = Work(AS_OF, outputs={"schedules": tmp_path / "out"}, lot=10)
    first, skipped = valued(opened((path,)), how), Skipped()
    again = valued(opened((path,)), how, None, skipped)
    assert (skipped.count, again.digest) == (4, first.digest)

    (tmp_path / "out" / "part-00002.parquet").write_bytes(b"torn")
    (tmp_path / "out" / ".part-00003.parquet.0123").write_bytes(b"half")
    mended = Skipped()
    assert valued(opened((path,)), how, None, mended).digest == first.digest
    assert mended.count == 3
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "_parts", *(f"part-0000{n}.parquet" for n in range(4)),
    ]  # fmt: skip

    path.write_text(path.read_text("utf-8").replace("L-015,E0", "L-015,E1"), encoding="utf-8")
    changed = Skipped()
    assert valued(opened((path,)), how, None, changed).digest != first.digest
    assert changed.count == 3


#: A run that says when it is in the midst of the third part, and goes on once it is interrupted.
_MIDWAY = """
import signal, sys, threading
from leasebook.bulk import run
from leasebook.cli import main

interrupted = threading.Event()

def interrupt(number, frame):
    interrupted.set()
    signal.default_int_handler(number, frame)

def write(table, path, whole=run.write_parquet):
    whole(table, path)
    if path.name.startswith(".part-00002"):
        print("midway", flush=True)
        interrupted.wait()

signal.signal(signal.SIGINT, interrupt)
run.write_parquet = write
sys.exit(main.run(sys.argv[1:]))
"""


def test_an_interrupt_leaves_no_half_written_file_and_what_is_finished_is_kept(tmp_path):
    path, out = many(tmp_path / "leases.csv", 400), tmp_path / "out"
    arguments = ["portfolio", str(path), "--schedules", str(out), "--lot", "10"]
    child = subprocess.Popen(
        [sys.executable, "-c", _MIDWAY, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with child:
        assert child.stdout.readline() == "midway\n"
        assert sorted(p.name[:11] for p in out.glob(".part-*")) == [".part-00002"]
        child.send_signal(signal.SIGINT)
    assert child.returncode == 130
    names = sorted(p.name for p in out.iterdir())
    assert all(name == "_parts" or name.startswith("part-") for name in names)
    assert 3 <= len(names) - 1 < 40
    for part in out.glob("part-*.parquet"):
        assert pq.read_metadata(part).num_rows > 0
    skipped = Skipped()
    valued(opened((path,)), Work(AS_OF, outputs={"schedules": out}, lot=10), None, skipped)
    assert skipped.count == len(names) - 1


def test_a_folder_of_something_else_is_refused(tmp_path, capsys):
    path = many(tmp_path / "leases.csv")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear", encoding="utf-8")
    assert main.run(["portfolio", str(path), "--journal", str(tmp_path / "out")]) == 3
    assert "LB0639" in capsys.readouterr().err
    assert (tmp_path / "out" / "letter.txt").exists()


def test_more_than_fifty_errors_are_written_to_a_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    bad = [EXACT.replace("A-1", f"A-{n}").replace("1000", "=1") for n in range(120)]
    Path("leases.csv").write_text("\n".join((HEADINGS, *bad)), encoding="utf-8")
    assert main.run(["portfolio", "leases.csv"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert sum(line.startswith("error[") for line in said) == 50
    assert said[-1] == (
        "120 errors in 1 file, the first 50 shown; all of them are in leases.csv.errors.csv"
    )
    with Path("leases.csv.errors.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.reader(file))
    assert (len(written), written[120][2]) == (121, "row 121, column payment")


@pytest.mark.usefixtures("tables")
def test_formats_say_the_same(capsys):
    for form in ("text", "csv", "markdown"):
        assert main.run(["portfolio", "leases.csv", "--format", form, "-o", f"out.{form}"]) == 0
    assert capsys.readouterr().out == ""
    found = printed_json("portfolio", "leases.csv")
    exact = list(csv.DictReader(io.StringIO(Path("out.csv").read_text("utf-8"))))
    assert sum(row["table"] == "Totals at commencement" for row in exact) == len(
        rows(found, "Totals at commencement")
    )
    assert "1,841,637.99" in Path("out.text").read_text("utf-8")
    assert "1,841,637.99" in Path("out.markdown").read_text("utf-8")


def test_progress_is_said_when_it_is_asked_for_and_only_then(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("leasebook.cli.progress._EVERY_SECONDS", 0.0)
    path = many(tmp_path / "leases.csv")
    assert main.run(["portfolio", str(path), "--progress"]) == 0
    assert "100 % read" in capsys.readouterr().err
    assert main.run(["portfolio", str(path)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    "wrong",
    [
        ("--assume", "title_transfers"),
        ("--assume", "weather=yes"),
        ("--tables", "balance"),
        ("--entity", "NOBODY"),
        ("--periods", "FY1999"),
        ("--as-of", "31/12/2025"),
        ("--tables", "disclosures", "--as-of", "2025-12-30"),
    ],
)
def test_a_wrong_option_is_usage(capsys, wrong):
    assert main.run(["portfolio", "leases.csv", *wrong]) == 2
    assert "LB0002" in capsys.readouterr().err


def test_what_only_a_portfolio_needs_is_loaded_by_no_other_command(tmp_path):
    program = (
        "import sys\nfrom leasebook.cli.main import run\n"
        "code = run(['statements', 'fixtures/deals/meta-hyperion', '-o', sys.argv[1]])\n"
        "print(code, sorted({'numpy', 'numba', 'pyarrow', 'openpyxl', 'pyspark', 'pandas'} "
        "& set(sys.modules)))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "out.txt")],
        capture_output=True, check=False, cwd=ROOT, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ended.stdout.strip() == "0 []"


def test_a_part_of_the_installation_that_is_absent_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    path = tmp_path / "leases.xlsx"
    shutil.copy(ROOT / "fixtures" / "portfolio" / "leases.csv", path)
    assert main.run(["portfolio", str(path)]) == 2
    assert "install leasebook[excel]" in capsys.readouterr().err


def test_other_leases_have_another_digest(tmp_path):
    path = many(tmp_path / "leases.csv")
    assert tally_of(path).digest != tally_of(many(tmp_path / "more.csv", 41)).digest
