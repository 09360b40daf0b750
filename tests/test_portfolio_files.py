import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leasebook.bulk.run import Work, valued
from leasebook.cli.portfolio import AS_OF
from leasebook.intake.columns import LEASES, SORTS, TABLES
from leasebook.intake.opened import checked, opened
from leasebook.intake.template import templates
from leasebook.portfolio.terms import RATE_UNIT, UNKNOWN, US_GAAP
from leasebook.values.problem import Refused

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "portfolio-files.md"
HEADINGS = (
    "id,entity,counterparty,currency,commencement_date,term_months,payment,every,in,rate,"
    "rate_convention,fair_value,economic_life_months"
)
ROW = "A-1,TENANT,Owner,USD,2026-01-01,60,1000.50,month,arrears,6%,nominal,50000,120"


def written(folder, text, name="leases.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def lot_of(path, **more):
    portfolio = opened((path,), **more)
    lots = list(portfolio.lots())
    portfolio.finish()
    if portfolio.faults.count:
        raise Refused(portfolio.faults.shown, portfolio.faults.count)
    (lot,) = lots
    return lot


def problems_of(path, **more):
    with pytest.raises(Refused) as caught:
        checked(opened((path,), **more))
    return caught.value.problems


def codes_of(path, **more):
    return [problem.code for problem in problems_of(path, **more)]


def column(lot, name):
    return getattr(lot.terms, name).tolist()


def day(text):
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def test_a_row_of_the_issues_columns_becomes_terms(tmp_path):
    lot = lot_of(written(tmp_path, f"{HEADINGS}\n{ROW}\n"))
    assert (lot.ids, list(lot.counterparties)) == (["A-1"], ["Owner"])
    assert column(lot, "commencement") == [day("2026-01-01")]
    assert column(lot, "payment") == [100050]
    assert column(lot, "fair_value") == [5000000]
    assert (column(lot, "every"), column(lot, "advance")) == ([1], [0])
    assert column(lot, "rate") == [6 * RATE_UNIT // 100]
    assert column(lot, "economic_life_months") == [120]
    assert column(lot, "day_one_excluded") == [1]
    assert column(lot, "title_transfers") == [UNKNOWN]


def test_seven_columns_are_enough(tmp_path):
    text = "id,entity,currency,commencement_date,term_months,payment,rate\n"
    text += "A,B,USD,2026-01-01,12,5,5%\n"
    lot = lot_of(written(tmp_path, text))
    assert (column(lot, "every"), column(lot, "advance"), column(lot, "rate_convention")) == (
        [1], [1], [0],
    )  # fmt: skip


def test_a_needed_column_that_is_missing_is_named(tmp_path):
    path = written(tmp_path, "id,entity,currency,commencement_date,payment\nA,B,USD,2026-01-01,5\n")
    with pytest.raises(Refused, match="no column term_months"):
        opened((path,)).lots().__next__()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_mark_between_cells_is_found_out(tmp_path, mark):
    text = f"{HEADINGS}\n{ROW}\n".replace(",", mark)
    assert column(lot_of(written(tmp_path, text)), "payment") == [100050]


@pytest.mark.parametrize("ends", ["\n", "\r\n", ""])
def test_lines_end_in_any_way_and_a_byte_order_mark_is_left_out(tmp_path, ends):
    text = "\ufeff" + (ends or "\n").join((HEADINGS, ROW)) + ends
    assert lot_of(written(tmp_path, text)).ids == ["A-1"]


def test_capitals_blanks_and_order_of_headings_do_not_matter(tmp_path):
    names, cells = HEADINGS.split(","), ROW.split(",")
    headings = ",".join(name.replace("_", " ").title() for name in reversed(names))
    lot = lot_of(written(tmp_path, f"{headings}\n{','.join(reversed(cells))}\n"))
    assert column(lot, "payment") == [100050]


def in_three_formats(folder):
    """Two leases as text, as a workbook and as Parquet: three paths."""
    rows = [ROW, ROW.replace("A-1", "A-2").replace("1000.50", "777")]
    text = written(folder, "\n".join((HEADINGS, *rows)))
    typed = [
        [*row[:4], date.fromisoformat(row[4]), int(row[5]), Decimal(row[6]), *row[7:9],
         Decimal("0.06"), row[10], int(row[11]), int(row[12])]
        for row in (line.split(",") for line in rows)
    ]  # fmt: skip
    book = openpyxl.Workbook()
    book.active.append(HEADINGS.split(","))
    for row in typed:
        book.active.append(row)
    book.save(folder / "leases.xlsx")
    names = HEADINGS.split(",")
    columns = {name: [row[k] for row in typed] for k, name in enumerate(names)}
    pq.write_table(pa.table(columns), folder / "leases.parquet")
    return text, folder / "leases.xlsx", folder / "leases.parquet"


def test_text_workbook_and_parquet_give_the_same_terms(tmp_path):
    first, *others = in_three_formats(tmp_path)
    text = lot_of(first)
    for other in others:
        lot = lot_of(other)
        assert list(lot.ids) == list(text.ids)
        for field in attrs.fields(type(lot.terms)):
            if field.name != "facts":
                assert column(lot, field.name) == column(text, field.name), field.name


def test_text_workbook_and_parquet_give_the_same_books(tmp_path):
    # Relation M19: what a lease comes to does not hang on the format of its file.
    made = [valued(opened((path,)), Work(AS_OF)) for path in in_three_formats(tmp_path)]
    assert len({tally.digest for tally in made}) == 1
    assert all(tally.counts for tally in made)
    other = ROW.replace("1000.50", "1000.51")
    changed = written(tmp_path, f"{HEADINGS}\n{other}\n", "other.csv")
    one = written(tmp_path, f"{HEADINGS}\n{ROW}\n", "one.csv")
    digests = {valued(opened((path,)), Work(AS_OF)).digest for path in (changed, one)}
    assert len(digests) == 2


def test_pieces_of_any_size_give_the_same_terms(tmp_path):
    rows = [ROW.replace("A-1", f"A-{n}").replace("1000.50", str(n)) for n in range(1, 12)]
    path = written(tmp_path, "\n".join((HEADINGS, *rows)))
    whole = [lot.terms.payment for lot in opened((path,)).lots()]
    parts = [lot.terms.payment for lot in opened((path,)).lots(size=4)]
    assert whole, len(parts) == (1, 3)
    assert np.concatenate(parts).tolist() == whole[0].tolist()


def test_every_error_of_every_row_is_told_at_once(tmp_path):
    bad = ["A-2,T,O,usd,2026-01-01,60,1,month,arrears,6%,nominal,,",
           "A-3,T,O,USD,31/02/2026,60,1e5,month,arrears,6,nominal,,",
           "A-1,T,O,USD,2026-01-01,61,1,quarter,arrears,6%,nominal,,",
           "=1,T,O,USD,2026-01-01,60,1,month,arrears,6%,nominal"]  # fmt: skip
    path = written(tmp_path, "\n".join((HEADINGS, ROW, *bad)))
    found = {(p.code, p.path) for p in problems_of(path)}
    assert found == {
        ("LB0207", "row 3, column currency"),
        ("LB0626", "row 4, column commencement_date"),
        ("LB0624", "row 4, column payment"),
        ("LB0625", "row 4, column rate"),
        ("LB0635", "row 5, column term_months"),
        ("LB0628", "row 5, column id"),
        ("LB0622", "row 6"),
    }


def test_fifty_errors_are_shown_and_all_are_kept(tmp_path):
    rows = [f"A-{n},T,O,USD,2026-01-01,60,x,month,arrears,6%,nominal,," for n in range(3000)]
    portfolio = opened((written(tmp_path, "\n".join((HEADINGS, *rows))),))
    assert list(portfolio.lots(size=1000)) == []
    assert (portfolio.faults.count, len(portfolio.faults.shown)) == (3000, 50)
    kept = list(portfolio.faults.rows())
    assert len(kept) == 3001
    assert kept[3000][2] == "row 3001, column payment"
    portfolio.faults.close()


def test_an_id_that_stands_twice_is_found_across_pieces_and_files(tmp_path):
    rows = [ROW.replace("A-1", f"A-{n}") for n in range(10)]
    one = written(tmp_path, "\n".join((HEADINGS, *rows)), "one.csv")
    two = written(tmp_path, "\n".join((HEADINGS, ROW.replace("A-1", "A-7"))), "two.csv")
    portfolio = opened((one, two))
    list(portfolio.lots(size=3))
    portfolio.finish()
    (problem,) = portfolio.faults.shown
    assert (problem.code, problem.path) == ("LB0628", "row 2, column id")
    assert "one.csv, row 9" in problem.cause


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "LB0630"),
        (b"\n\n", "LB0630"),
        (HEADINGS.encode(), "LB0630"),
        (f"{HEADINGS}\n{ROW}".replace("Owner", "Eig\u00e9ner").encode("latin-1"), "LB0509"),
        (f"{HEADINGS}\n{ROW}".encode("utf-16"), "LB0509"),
        (f"{HEADINGS}\n{ROW}\0".encode(), "LB0510"),
        (f'{HEADINGS}\n"{ROW}'.encode(), "LB0629"),
        (f'{HEADINGS}\nA"x"-1,{ROW}'.encode(), "LB0622"),
        (f"{HEADINGS}\n{ROW}{'x' * 70_000}".encode(), "LB0506"),
        (b"PK\x03\x04 and so on", "LB0629"),
        (b"\x89PNG\r\n\x1a\n\x01", "LB0509"),
        (f'{HEADINGS}\n{ROW.replace("Owner", chr(34) + "Ow" + chr(10) + "ner" + chr(34))}'.encode(),
         "LB0627"),
        (f"{HEADINGS}\n{ROW.replace('Owner', chr(0x202E) + 'renwO')}".encode(), "LB0627"),
        (f"{HEADINGS}\n{ROW.replace('1000.50', '9' * 5000)}".encode(), "LB0625"),
        (f"{HEADINGS}\n{ROW.replace('2026-01-01', '2999-01-01')}".encode(), "LB0206"),
        (f"{HEADINGS}\n{ROW.replace('60,', '1000000000,')}".encode(), "LB0625"),
        (f"{HEADINGS}\n{ROW.replace('1000.50', chr(0x663) + '00')}".encode(), "LB0624"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_an_error_and_no_traceback(tmp_path, content, code):
    path = tmp_path / "leases.csv"
    path.write_bytes(content)
    assert codes_of(path) == [code]


def test_a_cell_that_a_spreadsheet_would_run_is_text(tmp_path):
    lot = lot_of(written(tmp_path, f"{HEADINGS}\n{ROW.replace('Owner', '=cmd|calc')}\n"))
    assert list(lot.counterparties) == ["=cmd|calc"]


def test_a_file_that_is_none_ends_with_three(tmp_path):
    with pytest.raises(Refused) as caught:
        opened((tmp_path / "none.csv",))
    assert caught.value.exit_code == 3


def test_a_workbook_needs_its_sheet_and_says_which_it_has(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.create_sheet("Leasses")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Refused, match="none of the 2 sheets is called leases"):
        opened((tmp_path / "a.xlsx",))


def test_sheets_of_a_workbook_stand_beside_its_leases(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Leases"
    for line in (HEADINGS, ROW):
        book.active.append(line.split(","))
    sheet = book.create_sheet("Options")
    sheet.append(["lease", "kind", "term_months", "reasonably_certain"])
    sheet.append(["A-1", "renewal", 24, True])
    book.save(tmp_path / "a.xlsx")
    lot = lot_of(tmp_path / "a.xlsx")
    assert (column(lot, "renewal_months"), column(lot, "renewal_certain")) == ([24], [1])


def test_a_mapping_reads_somebody_elses_table(tmp_path):
    text = "Vertrag;Firma;Beginn;Laufzeit;Rate;Turnus;Zins;Notiz\n"
    text += "V1;F1;31.01.2026;60;1.234,50;monatlich;5,5%;x\n"
    mapping = written(
        tmp_path,
        'ignore = ["Notiz"]\n[file]\ndecimal = ","\nthousands = "."\ndates = "DD.MM.YYYY"\n'
        '[columns]\nid = "Vertrag"\nentity = "Firma"\ncommencement_date = "Beginn"\n'
        'term_months = "Laufzeit"\npayment = "Rate"\nevery = "Turnus"\nrate = "Zins"\n'
        '[values.every]\nmonatlich = "month"\n[defaults]\ncurrency = "EUR"\nin = "arrears"\n',
        "map.toml",
    )
    # a default stands in for a column that the table does not have
    text = text.replace("Notiz\n", "Notiz;currency;in\n").replace(";x\n", ";x;;\n")
    lot = lot_of(written(tmp_path, text), mapping=mapping)
    assert column(lot, "payment") == [123450]
    assert column(lot, "commencement") == [day("2026-01-31")]
    assert column(lot, "rate") == [55 * RATE_UNIT // 1000]
    assert column(lot, "advance") == [0]


def test_a_default_of_a_mapping_stands_for_a_column_that_is_not_there(tmp_path):
    mapping = written(tmp_path, '[defaults]\ncurrency = "EUR"\nin = "arrears"\n', "map.toml")
    text = "id,entity,commencement_date,term_months,payment\nA,B,2026-01-01,12,5\n"
    portfolio = opened((written(tmp_path, text),), mapping=mapping)
    (lot,) = portfolio.lots()
    assert (portfolio.currencies.texts, column(lot, "advance")) == (("EUR",), [0])


def test_the_framework_of_a_row_goes_before_that_of_the_command(tmp_path):
    text = f"{HEADINGS},framework\n{ROW},us-gaap\n{ROW.replace('A-1', 'A-2')},\n"
    assert column(lot_of(written(tmp_path, text), framework="ifrs"), "frameworks") == [US_GAAP, 2]


def test_free_months_and_rises_become_steps_rounded_half_to_even(tmp_path):
    text = f"{HEADINGS},free_months,escalation\n{ROW},3,2.5%\n"
    lot = lot_of(written(tmp_path, text))
    assert column(lot, "payment") == [0]
    assert column(lot, "step_period") == [3, 12, 24, 36, 48]
    assert column(lot, "step_payment") == [
        round(100050 * (1 + Decimal("0.025")) ** k) for k in range(5)
    ]


def test_tables_beside_the_leases_are_joined_by_id(tmp_path):
    for name, text in templates().items():
        written(tmp_path, text, name)
    beside = {name: tmp_path / f"{name}.csv" for name in TABLES if name != "leases"}
    lot = lot_of(tmp_path / "leases.csv", beside=beside)
    assert column(lot, "renewal_months") == [60, 0, 0]
    assert column(lot, "renewal_payment") == [5500000, UNKNOWN, UNKNOWN]
    assert column(lot, "purchase_price") == [UNKNOWN, 2000000, UNKNOWN]
    assert column(lot, "guaranteed_residual") == [0, 1500000, 0]
    assert (column(lot, "step_lease"), column(lot, "step_period")) == ([0, 0], [24, 48])
    assert (column(lot, "event_lease"), column(lot, "event_period")) == ([2], [4])


def test_what_stands_beside_a_lease_must_fit_it(tmp_path):
    leases = written(tmp_path, f"{HEADINGS},purchase_price\n{ROW},5\n")
    options = written(tmp_path, "lease,kind,price\nA-1,purchase,10\nB-9,purchase,3\n", "o.csv")
    steps = written(tmp_path, "lease,date,payment\nA-1,2026-02-15,5\n", "s.csv")
    beside = {"options": options, "steps": steps}
    found = [(p.code, Path(p.file).name, p.path) for p in problems_of(leases, beside=beside)]
    assert sorted(found) == [
        ("LB0635", "leases.csv", "row 2, column purchase_price"),
        ("LB0635", "s.csv", "row 2, column date"),
        ("LB0636", "o.csv", "row 3, column lease"),
    ]


def rows_of_the_page(table):
    """The rows of a table's columns, as the page shows them."""
    lines = ["| Column | Sort | Meaning | If empty |", "|---|---|---|---|"]
    for one in TABLES[table]:
        name = f"**`{one.name}`**" if one.needed else f"`{one.name}`"
        meaning = one.meaning + (f": {one.shown_words}" if one.words else "")
        empty = "" if one.needed else one.default_text
        lines.append(f"| {name} | {SORTS[one.sort]} | {meaning} | {empty} |")
    return "\n".join(lines)


def test_the_page_lists_every_column_of_every_table(request):
    page = PAGE.read_text(encoding="utf-8")
    wanted = page
    for table in TABLES:
        part = re.compile(rf"(<!-- columns: {table} -->\n).*?(<!-- end -->)", re.DOTALL)
        assert part.search(page)
        made = f"\n{rows_of_the_page(table)}\n\n"
        wanted = part.sub(lambda m, made=made: m[1] + made + m[2], wanted)
    if request.config.getoption("--accept", default=False):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted


def test_the_templates_are_in_order_and_in_the_fixtures():
    for name, text in templates().items():
        assert (ROOT / "fixtures" / "portfolio" / name).read_text(encoding="utf-8") == text
    rows = list(csv.reader(templates()["leases.csv"].splitlines()))
    assert set(HEADINGS.split(",")) <= set(rows[0]) <= {one.name for one in LEASES}
