import json
from decimal import Decimal
from itertools import product

import pytest
from commands import printed_json

DEAL = "fixtures/deals/meta-hyperion"
KEYS = [
    "deal", "entity", "framework", "basis", "scenario", "currency", "periods", "columns", "rows",
]  # fmt: skip
COLUMNS = ["as-filed", "vehicles", "eliminations", "as-consolidated"]
NAMED_LINES = {
    "total-assets", "total-liabilities", "total-equity", "noncontrolling-interest", "debt",
    "lease-liabilities", "equity-method-investments", "net-cash-change", "net-income",
}  # fmt: skip


@pytest.fixture(scope="module")
def consolidated():
    return printed_json("statements", DEAL)


def figures(document):
    return {
        (r["statement"], r["period"], r["column"], r["line"]): r["amount"] for r in document["rows"]
    }


def test_the_document_has_its_nine_keys_and_says_what_it_is_of(consolidated):
    assert list(consolidated) == KEYS
    assert {k: consolidated[k] for k in KEYS[:6]} == {
        "deal": "meta-hyperion",
        "entity": "meta",
        "framework": "us-gaap",
        "basis": "as-consolidated",
        "scenario": "renewed",
        "currency": "USD",
    }
    assert consolidated["periods"] == [f"FY{year}" for year in range(2025, 2050)]
    assert consolidated["columns"] == COLUMNS


def test_rows_are_tidy_and_unique_by_their_first_four_keys(consolidated):
    rows = consolidated["rows"]
    assert {tuple(row) for row in rows} == {("statement", "period", "column", "line", "amount")}
    assert len(figures(consolidated)) == len(rows)
    assert {row["statement"] for row in rows} == {
        "balance-sheet", "income-statement", "cash-flow", "ratios",
    }  # fmt: skip
    assert {row["line"] for row in rows} >= NAMED_LINES
    for row in rows:
        if row["amount"] is not None:
            assert isinstance(row["amount"], str)
            Decimal(row["amount"])


@pytest.mark.parametrize("basis", ["venture", "failed-sale", "as-consolidated"])
@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_three_columns_sum_to_the_fourth_on_every_line_of_the_statements(basis, framework):
    found = figures(printed_json("statements", DEAL, "--basis", basis, "--framework", framework))
    lines = {(s, p, line) for s, p, _, line in found if s != "ratios"}
    assert len(lines) > 1000
    for statement, period, line in lines:
        parts = [found[statement, period, column, line] for column in COLUMNS]
        if None in parts:
            assert parts[0] is None
            assert parts[3] is None
        else:
            assert sum(map(Decimal, parts[:3])) == Decimal(parts[3])


def test_what_is_not_public_is_null_and_so_is_what_needs_it(consolidated):
    found = figures(consolidated)
    nulls = {key for key, amount in found.items() if amount is None}
    assert nulls == {
        (statement, "FY2025", column, line)
        for (statement, line), column in product(
            [("income-statement", "interest-expense"), ("ratios", "interest-cover")],
            ["as-filed", "as-consolidated"],
        )
    }


def test_debt_of_the_filed_year_is_as_filed_and_with_the_notes(consolidated):
    found = figures(consolidated)
    assert found["balance-sheet", "FY2025", "as-filed", "debt"] == "58744000000.00"
    assert found["balance-sheet", "FY2025", "as-consolidated", "debt"] == "86037849000.00"


def test_ratios_that_need_the_sponsors_income_are_of_the_filed_year_only(consolidated):
    periods = {
        r["period"]
        for r in consolidated["rows"]
        if r["line"] in ("debt-to-ebitda", "return-on-assets", "interest-cover")
    }
    assert periods == {"FY2025"}


def test_level_debt_service_is_not_covered_by_level_rent(consolidated):
    found = figures(consolidated)
    for year in range(2030, 2048):
        at = ("ratios", f"FY{year}", "vehicles")
        assert found[*at, "debt-service-received"] == "2462000000.00"
        assert found[*at, "debt-service-cover"] == "0.9952"
        assert Decimal(found[*at, "debt-service-surplus"]) < 0


def test_another_entity_shows_its_own_book_alone():
    document = printed_json("statements", DEAL, "--entity", "beignet", "--basis", "as-filed")
    found = figures(document)
    assert document["entity"] == "beignet"
    assert found["balance-sheet", "FY2025", "as-filed", "debt"] == "27293849000.00"
    assert found["balance-sheet", "FY2025", "vehicles", "debt"] == "0.00"


def test_a_basis_with_open_decisions_prints_them_and_ends_well():
    tables = printed_json("statements", DEAL, "--basis", "as-the-rules-conclude")
    text = json.dumps(tables)
    for decision in ("sale_and_leaseback", "lessee_classification", "consolidation"):
        assert decision in text
    assert "t5 spread" in text


def test_assumptions_close_the_open_decisions_for_one_run():
    closed = [
        "sale_and_leaseback(campus-contribution)=sale",
        "lease_term(campus-lease)=with-renewals",
        "lessee_classification(campus-lease)=finance",
        "lessor_classification(campus-lease)=operating",
        "consolidation(venture/meta)=consolidate",
        "consolidation(beignet/meta)=outside",
    ]
    options = [part for text in closed for part in ("--assume", text)]
    document = printed_json("statements", DEAL, "--basis", "as-the-rules-conclude", *options)
    found = figures(document)
    # Twenty years of rent at 5.5 %, monthly in advance, are worth more than the campus.
    at_commencement = found["cash-flow", "FY2029", "as-filed", "noncash-lease-obtained"]
    assert Decimal(at_commencement) == Decimal("11105836579.24")
    assert Decimal(found["balance-sheet", "FY2029", "vehicles", "debt"]) == 0
    assert Decimal(found["balance-sheet", "FY2029", "as-consolidated", "lease-liabilities"]) == (
        Decimal("26337000000.00")
    )


def test_an_exempt_lease_stays_off_the_balance_sheet_at_level_cost():
    exempt = ("--assume", "lease_exemption(hall-lease)=low-value")
    deal = "tests/deals/two-halls.toml"
    found = figures(printed_json("statements", deal, "--basis", "as-consolidated", *exempt))
    owned = figures(printed_json("statements", deal, "--entity", "parent", "--basis", "as-filed"))
    eliminated = [found["balance-sheet", "FY2026", c, "lease-liabilities"] for c in COLUMNS]
    assert eliminated == ["11572.38", "0.00", "-11572.38", "0.00"]
    assert owned["balance-sheet", "FY2026", "as-filed", "lease-liabilities"] == "11572.38"
    alone = figures(printed_json("statements", deal, "--basis", "as-filed", *exempt))
    assert alone["balance-sheet", "FY2026", "as-consolidated", "lease-liabilities"] == "0.00"
    assert alone["balance-sheet", "FY2026", "as-consolidated", "right-of-use-assets"] == "0.00"
    for year in ("FY2026", "FY2027"):
        cost = alone["income-statement", year, "as-consolidated", "operating-lease-cost"]
        assert cost == "-12000.00"
