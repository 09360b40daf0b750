import csv
import io
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from leasebook.report.cell import exact, shown
from leasebook.report.exchange import as_csv, as_json, as_markdown, records_csv
from leasebook.report.render import render
from leasebook.report.statement_page import (
    StatementLayout,
    StatementLine,
    StatementPage,
    TidyRow,
    document,
    for_periods,
    records,
    tables,
)
from leasebook.report.table import Column, Row, Table, plain
from leasebook.report.text import Page, text
from leasebook.report.wrapping import pieces

WORDS = Column("line", "Line")
AMOUNT = Column("amount", "FY2025", "amount")


def dollars(millions):
    return (int(Decimal(millions).scaleb(8)), 2)


def sheet(*rows: Row, columns=(WORDS, AMOUNT), subtitle=()):
    return Table("Balance sheet", columns, rows, subtitle, currency="USD")


def printed(table, width=100, color=False, scale="millions"):  # noqa: FBT002 - as Page has it
    return text([table], Page(width, color, scale)).splitlines()


def side_by_side(line="Restricted Treasuries pledged to the construction of the campus"):
    titles = ("as filed", "vehicles", "eliminations and group entries", "as consolidated")
    columns = [WORDS] + [
        Column(f"{period}:{number}", title, "amount", group=period)
        for period in ("FY2025", "FY2029")
        for number, title in enumerate(titles)
    ]
    amounts = {column.key: dollars("366021") for column in columns[1:]}
    negatives = {column.key: dollars("-123.456") for column in columns[1:]}
    return sheet(
        Row({"line": line} | negatives, indent=1),
        Row({"line": "Total assets"} | amounts, "total"),
        columns=tuple(columns),
    )


def test_an_amount_in_millions_has_one_decimal_and_a_negative_stands_in_parentheses():
    assert shown(dollars("-1234.56"), "amount", "millions") == "(1,234.6)"
    assert shown(dollars("27293.849"), "amount", "millions") == "27,293.8"


def test_halves_are_shown_to_the_even_digit():
    assert shown(dollars("0.25"), "amount", "millions") == "0.2"
    assert shown(dollars("0.35"), "amount", "millions") == "0.4"


def test_nil_is_a_dash_and_an_amount_too_small_to_show_is_not():
    assert shown((0, 2), "amount", "millions") == "–"
    assert shown((-1, 2), "amount", "millions") == "0.0"


def test_what_is_not_public_is_said_and_never_zero():
    assert shown(None, "amount", "millions") == "not public"
    assert exact(None) is None


def test_amounts_in_units_keep_the_decimals_of_their_currency():
    assert shown((123456, 2), "amount", "units") == "1,234.56"
    assert shown((123456, 0), "amount", "units") == "123,456"
    assert shown((123456, 3), "amount", "units") == "123.456"


def test_thousands_have_no_decimals():
    assert shown((123456789, 2), "amount", "thousands") == "1,235"


def test_a_percentage_is_shown_from_its_ratio():
    assert shown(Fraction(386, 1000), "percent", "millions") == "38.6 %"


def test_a_ratio_without_an_end_is_cut_at_fifteen_decimals_half_to_even():
    assert exact(Fraction(2, 3)) == "0.666666666666667"
    assert exact(Fraction(1, 8)) == "0.125"


def test_exact_text_has_no_exponent_and_no_negative_zero():
    assert exact(Decimal("1E+9")) == "1000000000"
    assert exact(Decimal("-0.00")) == "0.00"


@settings(max_examples=100)
@given(st.integers(-(2**60), 2**60), st.integers(0, 3))
def test_an_amount_comes_back_from_json_to_the_unit(amount_minor, decimals):
    written = json.loads(as_json([sheet(Row({"line": "x", "amount": (amount_minor, decimals)}))]))
    assert Decimal(written[0]["amount"]).scaleb(decimals) == amount_minor


@settings(max_examples=100)
@given(st.text())
def test_a_name_keeps_no_control_or_bidirectional_character(name):
    kept = plain(name)
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in kept)
    assert not set(kept) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069")
    assert plain(kept) == kept


def test_a_name_is_never_read_as_markup():
    lines = printed(sheet(Row({"line": "[bold]Beignet[/bold] :smile:", "amount": (0, 2)})))
    assert any("[bold]Beignet[/bold] :smile:" in line for line in lines)


def test_a_subtotal_has_a_rule_above_and_a_total_a_double_one_below():
    lines = printed(
        sheet(
            Row({"line": "Cash", "amount": dollars("43889")}, indent=1),
            Row({"line": "Current", "amount": dollars("43889")}, "subtotal"),
            Row({"line": "Total", "amount": dollars("366021")}, "total"),
        )
    )
    assert lines[3:] == [
        "Line        FY2025",
        "───────  ─────────",
        "  Cash    43,889.0",
        "         ─────────",
        "Current   43,889.0",
        "         ─────────",
        "Total    366,021.0",
        "         ═════════",
    ]


def test_digits_stand_below_digits_where_a_negative_closes_its_parenthesis():
    lines = printed(
        sheet(
            Row({"line": "a", "amount": dollars("10")}),
            Row({"line": "b", "amount": dollars("-10")}),
        )
    )
    assert lines[-2:] == ["a      10.0", "b     (10.0)"]


def test_the_unit_stands_under_the_title_and_follows_the_scale():
    table = sheet(Row({"line": "a", "amount": (5, 2)}), subtitle=("Meta Platforms, Inc.",))
    assert printed(table)[:3] == ["Balance sheet", "Meta Platforms, Inc.", "in millions of USD"]
    assert printed(table, scale="units")[2] == "in USD"


def test_four_columns_of_amounts_fit_beside_their_line_at_eighty():
    lines = printed(side_by_side(), width=80)
    head = next(line for line in lines if "FY2025" in line)
    assert "FY2029" not in head
    assert sum("366,021.0" in line for line in lines) == 2
    assert all(line.count("366,021.0") == 4 for line in lines if "366,021.0" in line)


def test_two_periods_stand_side_by_side_at_a_hundred_and_forty():
    lines = printed(side_by_side(), width=140)
    assert any("FY2025" in line and "FY2029" in line for line in lines)
    assert any(line.count("366,021.0") == 8 for line in lines)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140, 200])
def test_no_line_is_wider_than_the_page_and_no_number_is_cut(width):
    lines = printed(side_by_side(line="株式会社ハイペリオン " * 4), width=width)
    assert max(cell_len(line) for line in lines) <= width
    assert sum(line.count("366,021.0") for line in lines) == 8
    assert sum(line.count("(123.5)") for line in lines) == 8


def test_more_words_than_the_page_has_room_for_become_one_block_for_each_row():
    columns = tuple(Column(f"c{number}", f"Title {number}") for number in range(9))
    cells = {column.key: "undetermined consequences" for column in columns}
    lines = printed(sheet(Row(cells), columns=columns), width=60)
    assert lines[2:4] == [
        "Title 0  undetermined consequences",
        "Title 1  undetermined consequences",
    ]


def test_text_without_colour_has_no_escape_and_no_trailing_blank():
    lines = printed(side_by_side(), width=80)
    assert all(line == line.rstrip() and "\x1b" not in line for line in lines)
    assert any("\x1b[1m" in line for line in printed(side_by_side(), width=80, color=True))


def test_a_heading_runs_across_the_page_and_is_left_out_of_json():
    heading = "A heading much longer than the columns that stand under it"
    table = sheet(Row({"line": heading}, "heading"), Row({"line": "a", "amount": (5, 2)}))
    assert heading in printed(table)
    assert json.loads(as_json([table])) == [{"line": "a", "amount": "0.05"}]


def test_a_column_for_programs_stands_in_json_and_csv_only():
    columns = (Column("contract", "Contract", printed=False), WORDS, AMOUNT)
    table = sheet(Row({"contract": "notes", "line": "a", "amount": (5, 2)}), columns=columns)
    assert "notes" in as_json([table])
    assert "notes" in as_csv([table])
    assert "notes" not in text([table], Page()) + as_markdown([table], "units")


def test_several_tables_are_told_apart_by_title_in_json_and_csv():
    table = sheet(Row({"line": "a", "amount": None}))
    assert [each["title"] for each in json.loads(as_json([table, table]))] == ["Balance sheet"] * 2
    rows = list(csv.DictReader(io.StringIO(as_csv([table, table]))))
    assert rows == [{"table": "Balance sheet", "line": "a", "amount": "not public"}] * 2


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"])
def test_a_name_is_never_run_as_a_formula(name):
    assert as_csv([sheet(Row({"line": name, "amount": (-5, 2)}))]) == (
        f"line,amount\r\n'{name},-0.05\r\n"
    )


def test_csv_quotes_what_has_commas_and_quotes():
    written = records_csv(["name"], [{"name": 'Beignet "SPV", LLC'}])
    assert written == 'name\r\n"Beignet ""SPV"", LLC"\r\n'


def test_markdown_keeps_names_from_being_markup():
    lines = as_markdown([sheet(Row({"line": "a|b*c_", "amount": (-5, 2)}))], "units").splitlines()
    assert lines[0] == "## Balance sheet"
    assert lines[-2:] == ["|:---|---:|", r"| a\|b\*c\_ | (0.05) |"]


def test_every_format_is_made_of_the_same_table():
    table = sheet(Row({"line": "Debt", "amount": dollars("58744")}))
    page = {"width": 80, "color": False, "scale": "millions"}
    assert "58,744.0" in render([table], "text", **page)
    assert "58,744.0" in render([table], "markdown", **page)
    assert "58744000000.00" in render([table], "json", **page)
    assert "58744000000.00" in render([table], "csv", **page)


def statement_page():
    figures = {
        ("FY2025", "as-filed", "debt"): Decimal("58744000000.00"),
        ("FY2025", "as-consolidated", "debt"): Decimal("86037849000.00"),
        ("FY2025", "as-filed", "gross-interest"): None,
        ("FY2025", "as-consolidated", "gross-interest"): None,
        ("FY2026", "as-filed", "debt"): Decimal("0.00"),
        ("FY2026", "as-consolidated", "debt"): Decimal("27293849000.00"),
    }
    rows = tuple(
        TidyRow(statement="balance-sheet", period=period, column=column, line=line, amount=amount)
        for (period, column, line), amount in figures.items()
    )
    lines = (
        StatementLine("", "Liabilities", "heading"),
        StatementLine("debt", "Debt", indent=1),
        StatementLine("gross-interest", "Gross interest expense", indent=1),
        StatementLine("unused", "A line without figures"),
    )
    layout = StatementLayout(
        "balance-sheet", "Balance sheet", lines, ("A note.",), {"FY2026": "FY2026 pro forma"}
    )
    empty = StatementLayout("cash-flow", "Cash flow statement", (StatementLine("x", "X"),))
    return StatementPage(
        deal="hyperion",
        entity="meta",
        entity_name="Meta Platforms, Inc.",
        framework="us-gaap",
        basis="as-consolidated",
        scenario="renewed",
        currency="USD",
        periods=("FY2025", "FY2026"),
        shown=("FY2025",),
        columns={"as-filed": "as filed", "as-consolidated": "as consolidated"},
        rows=rows,
        layouts=(layout, empty),
    )


def test_text_shows_the_usual_periods_and_json_holds_all():
    page = statement_page()
    (table,) = tables(page)
    assert [column.key for column in table.columns] == [
        "line",
        "FY2025:as-filed",
        "FY2025:as-consolidated",
    ]
    assert {row["period"] for row in document(page)["rows"]} == {"FY2025", "FY2026"}


def test_statements_in_json_have_nine_keys_and_tidy_rows():
    page = document(statement_page())
    assert list(page) == [
        "deal",
        "entity",
        "framework",
        "basis",
        "scenario",
        "currency",
        "periods",
        "columns",
        "rows",
    ]
    assert page["columns"] == ["as-filed", "as-consolidated"]
    assert page["rows"][0] == {
        "statement": "balance-sheet",
        "period": "FY2025",
        "column": "as-filed",
        "line": "debt",
        "amount": "58744000000.00",
    }
    assert page["rows"][2]["amount"] is None
    assert records(statement_page())[2]["amount"] is None


def test_a_line_without_figures_is_left_out_and_one_that_is_not_public_is_not():
    (table,) = tables(statement_page())
    assert [row.cells["line"] for row in table.rows] == [
        "Liabilities",
        "Debt",
        "Gross interest expense",
    ]


def test_periods_that_are_asked_for_are_all_that_is_left_and_say_what_they_are():
    page = for_periods(statement_page(), ["FY2026"])
    assert {row["period"] for row in document(page)["rows"]} == {"FY2026"}
    (table,) = tables(page)
    assert [column.group for column in table.columns[1:]] == ["FY2026 pro forma"] * 2


def _broken(word, lines) -> bool:
    """Whether a word stands on no line whole, and its pieces do not either."""
    return any(not any(piece in line for line in lines) for piece in pieces(word))


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_a_word_is_parted_at_its_joints_and_nowhere_else_while_the_page_has_room(width):
    names = ("equity-method", "lessee_classification", "campus-lease@2033-01-01", "ASC 842-10-25-2")
    columns = tuple(Column(f"c{number}", f"Title {number}") for number in range(8))
    rows = tuple(
        Row({c.key: names[(number + at) % 4] for at, c in enumerate(columns)}, indent=number % 3)
        for number in range(4)
    )
    lines = text([Table("Names", columns, rows)], Page(width=width)).splitlines()
    assert all(len(line) <= width for line in lines)
    words = [word for name in names for word in name.split()]
    assert not [word for word in words if _broken(word, lines)]


def test_a_column_that_needs_one_character_more_gets_it_from_one_with_room():
    wide = Column("what", "What"), Column("kind", "Kind"), Column("amount", "Amount", "amount")
    row = Row({"what": "words " * 12, "kind": "unconditional", "amount": (1, 0)}, indent=1)
    out = text([Table("Narrow", wide, (row,))], Page(width=40))
    assert "unconditional" in out
