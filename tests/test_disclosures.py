"""The notes on leases: tied to ledger and schedules, and computed by hand where that is short."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from commands import printed_json
from hypothesis import given
from strategies import PARENT, Case, cases

from leasebook import pipeline
from leasebook.book.ledger import Ledger
from leasebook.cli import main
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.lease import Lease
from leasebook.disclosures.averages import Weighed, discount_rate, remaining_term, years_between
from leasebook.disclosures.draw_up import _TABLES, drawn_up
from leasebook.disclosures.line import load_disclosures
from leasebook.disclosures.maturity import YEAR_LINES, by_year, lessee_maturity
from leasebook.disclosures.scope import DisclosureMismatchError, Period, later
from leasebook.measure.setting import year_end
from leasebook.pages.disclosures import disclosures_page, fiscal_period, ledger_scope, scope_of
from leasebook.reckoning.calendar import fiscal_year, fiscal_year_bounds
from leasebook.reckoning.rates import periodic_rate
from leasebook.reckoning.rounding import round_half_even

ROOT = Path(__file__).parent.parent
HYPERION = ROOT / "fixtures" / "deals" / "meta-hyperion"
HALLS = ROOT / "tests" / "deals" / "two-halls.toml"
DUE = (*YEAR_LINES, "thereafter")


def run_of(path, basis, framework):
    return pipeline.run(pipeline.open_deal(path), basis, framework)


@pytest.fixture(scope="module")
def hyperion():
    return run_of(HYPERION, "as-filed", "us-gaap")


@pytest.fixture(scope="module")
def hyperion_ifrs():
    return run_of(HYPERION, "as-filed", "ifrs")


@pytest.fixture(scope="module")
def halls():
    return run_of(HALLS, "as-filed", "ifrs")


def figures_of(run, *names):
    """The figures of some fiscal years by (disclosure, period, column, line)."""
    found = drawn_up(scope_of(run), [fiscal_period(run, name) for name in names])
    return {(d.disclosure, d.period, d.column, d.line): d.value for d in found}


def table(figures, disclosure, period, column):
    return {k[3]: v for k, v in figures.items() if k[:3] == (disclosure, period, column)}


# --- maturities ---------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2029, 2030, 2031, 2032, 2033, 2040, 2047, 2048])
def test_hyperions_maturities_less_discount_are_the_balance_sheets_liability(hyperion, year):
    name = f"FY{year}"
    found = table(figures_of(hyperion, name), "lessee-maturity", name, "operating")
    lines = pipeline.amounts(hyperion)["as-filed"]
    filed = lines["balance-sheet", 2025, "lease-liabilities"]
    assert sum(found[line] for line in DUE) == found["total-undiscounted"]
    assert found["total-undiscounted"] + found["imputed-interest"] == found["lease-liability"]
    # 26,337 m was filed for leases of other contracts, and stays in the pro forma line
    assert found["lease-liability"] == lines["balance-sheet", year, "lease-liabilities"] - filed


def test_a_renewal_that_comes_later_is_not_in_the_maturities_of_today(hyperion):
    found = table(figures_of(hyperion, "FY2030"), "lessee-maturity", "FY2030", "operating")
    # two of four years are left, 12,310 m / 4 each, though the scenario renews to 2048
    assert [found[line] for line in DUE] == [307_750_000_000, 307_750_000_000, 0, 0, 0, 0]


def test_ifrs_takes_the_same_bands_and_one_class(hyperion_ifrs):
    figures = figures_of(hyperion_ifrs, "FY2029")
    assert set(table(figures, "lessee-maturity", "FY2029", "leases")) == {
        *DUE, "total-undiscounted", "imputed-interest", "lease-liability",
    }  # fmt: skip
    assert not any(k[0] == "weighted-averages" for k in figures)
    assert table(figures, "right-of-use-by-kind", "FY2029", "real-estate")["additions"] > 0


def test_four_quarters_of_a_small_lease_by_hand(halls):
    found = table(figures_of(halls, "FY2026"), "lessee-maturity", "FY2026", "leases")
    assert found["year-1"] == found["total-undiscounted"] == 4 * 300_000
    quarter = periodic_rate(Decimal("0.06"), "effective-annual", 3)
    worth = sum(300_000 / (1 + quarter) ** k for k in (1, 2, 3, 4))
    # each of four quarters' interest was rounded to the cent
    assert abs(found["lease-liability"] - worth) <= 3


def test_years_count_from_the_reporting_date_and_its_own_day_is_in_them():
    dues = [(date(2028, 2, 29), 1), (date(2028, 3, 1), 2), (date(2032, 2, 29), 4)]
    dues.append((date(2032, 3, 1), 8))
    found = by_year(dues, date(2027, 2, 28))
    assert [found[line] for line in DUE] == [1, 2, 0, 0, 4, 8]


def test_the_end_of_a_month_stays_the_end_of_a_month():
    assert later(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert later(date(2027, 2, 28), 12) == date(2028, 2, 29)
    assert later(date(2027, 4, 30), 1) == date(2027, 5, 31)
    assert later(date(2027, 4, 29), 1) == date(2027, 5, 29)


def test_a_liability_that_the_ledger_does_not_hold_is_an_error_of_integrity(hyperion):
    scope = scope_of(hyperion)
    kept = {k: v for k, v in scope.ledger.movements.items() if k != "operating-lease-liabilities"}
    broken = attrs.evolve(scope, ledger=Ledger(kept))
    with pytest.raises(DisclosureMismatchError, match="operating-lease-liabilities on 2029-12-31"):
        list(drawn_up(broken, [fiscal_period(hyperion, "FY2029")]))


def test_terms_of_the_day_that_give_another_liability_than_the_books_are_an_error(hyperion):
    (booked,) = scope_of(hyperion).own("lessee")
    first = booked.rows[0]
    other = attrs.evolve(booked, rows=(attrs.evolve(first, amounts=tuple(
        a + 1 if c == "liability" else a for c, a in zip(booked.columns, first.amounts, strict=True)
    )),))  # fmt: skip
    with pytest.raises(DisclosureMismatchError, match="the books hold"):
        lessee_maturity([(other, booked)], first.date)


# --- current and non-current --------------------------------------------------------------------


def test_non_current_is_what_is_left_after_the_last_payment_of_twelve_months(hyperion):
    figures = figures_of(hyperion, "FY2029")
    found = table(figures, "current-split", "FY2029", "operating")
    (schedule,) = scope_of(hyperion).own("lessee")
    # in advance: the balance of 2030-11-30 less the payment of 2030-12-01
    left = schedule.balance("liability", date(2030, 11, 30)) - schedule.total(
        "payment", date(2030, 12, 1), date(2030, 12, 1)
    )
    assert found["non-current"] == left
    assert found["current"] + found["non-current"] == found["lease-liability"]


def test_in_the_last_twelve_months_all_of_a_liability_is_current(halls):
    found = table(figures_of(halls, "FY2026"), "current-split", "FY2026", "leases")
    assert found["non-current"] == 0
    assert found["current"] == found["lease-liability"] > 0


# --- averages -----------------------------------------------------------------------------------


def test_the_term_is_weighed_by_liability_and_the_rate_by_remaining_payments():
    leases = [
        Weighed(900, 1_000, Fraction(10), Fraction(4, 100)),
        Weighed(100, 3_000, Fraction(2), Fraction(8, 100)),
    ]
    # (900 x 10 + 100 x 2) / 1,000 and (1,000 x 4 % + 3,000 x 8 %) / 4,000
    assert remaining_term(leases) == Fraction(92, 10)
    assert discount_rate(leases) == Fraction(7, 100)


def test_averages_of_nothing_are_not_known():
    assert remaining_term([]) is None
    assert discount_rate([Weighed(0, 0, Fraction(1), Fraction(1))]) is None


def test_hyperions_averages_are_its_own_term_and_rate(hyperion):
    found = table(figures_of(hyperion, "FY2029"), "weighted-averages", "FY2029", "operating")
    assert found["remaining-term-years"] == 3
    assert round(found["discount-rate"], 12) == Fraction(55, 1000)


def test_days_of_a_month_that_is_not_whole_count_over_its_days():
    assert years_between(date(2027, 1, 1), date(2027, 1, 15)) == Fraction(15, 31) / 12
    assert years_between(date(2027, 2, 15), date(2027, 3, 14)) == Fraction(1, 12)


# --- movements ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["liability-rollforward", "right-of-use-rollforward"])
def test_a_roll_forward_leads_from_opening_to_closing_and_on_to_the_next(hyperion, name):
    figures = figures_of(hyperion, "FY2029", "FY2030", "FY2031", "FY2032", "FY2033")
    closing = 0
    for year in range(2029, 2034):
        found = table(figures, name, f"FY{year}", "operating")
        assert found.pop("opening") == closing
        closing = found.pop("closing")
        assert closing == sum(found.values()) + (figures[name, f"FY{year}", "operating", "opening"])
    # the renewal of 2033 puts its liability and asset on the books
    assert {"initial", "remeasurement"} & table(figures, name, "FY2033", "operating").keys()


def test_the_cost_of_leases_is_the_income_statements(hyperion):
    found = table(figures_of(hyperion, "FY2029"), "lease-cost", "FY2029", "all")
    lines = pipeline.amounts(hyperion)["as-filed"]
    assert found["operating-lease-cost"] == 307_750_000_000
    assert abs(lines["income-statement", 2029, "operating-lease-cost"]) == found["total"]


def test_cash_paid_is_the_cash_flow_statements(hyperion, hyperion_ifrs):
    us = table(figures_of(hyperion, "FY2029"), "cash-paid", "FY2029", "all")
    assert us["paid-operating"] == us["total-outflow"] == 307_750_000_000
    both = table(figures_of(hyperion_ifrs, "FY2029"), "cash-paid", "FY2029", "all")
    assert both["paid-interest"] + both["paid-principal"] == 307_750_000_000
    lines = pipeline.amounts(hyperion_ifrs)["as-filed"]
    assert lines["cash-flow", 2029, "lease-principal-paid"] == -both["paid-principal"]


# --- promises -----------------------------------------------------------------------------------


def test_a_lease_not_yet_commenced_is_worth_its_opening_liability_discounted_to_today(hyperion):
    found = table(figures_of(hyperion, "FY2025"), "not-yet-commenced", "FY2025", "campus-lease")
    opening = figures_of(hyperion, "FY2029")[
        "liability-rollforward", "FY2029", "operating", "initial"
    ]
    assert found["commences"] == date(2029, 1, 1)
    assert found["term-months"] == 48
    assert found["undiscounted"] == 1_231_000_000_000
    assert found["present-value-at-commencement"] == opening
    month = periodic_rate(Decimal("0.055"), "effective-annual", 1)
    assert found["present-value"] == round_half_even(opening / (1 + month) ** 36)
    later_on = figures_of(hyperion, "FY2029")
    assert not any(k[0] == "not-yet-commenced" for k in later_on)


def test_the_exposure_to_the_venture_is_near_what_meta_disclosed(hyperion):
    found = table(figures_of(hyperion, "FY2025"), "exposures", "FY2025", "venture")
    assert found["residual-value-guarantees"] == 2_800_000_000_000
    assert found["leases-not-yet-commenced"] == 1_231_000_000_000
    # 20 % of 28,787.5 m: what is paid in and what is still to be called
    assert found["interest"] + found["uncalled-capital"] == 575_750_000_000
    assert found["maximum-exposure"] == 4_606_750_000_000
    # XBRL of the 10-K for 2025 as read in public: 45,950 m
    assert abs(found["maximum-exposure"] - 4_595_000_000_000) < 4_595_000_000_000 * 3 // 1000


def test_a_guarantee_whose_cap_is_not_public_makes_the_exposure_not_public(hyperion):
    deal = hyperion.deal
    promise = deal.contracts["residual-guarantee"]
    hidden = attrs.evolve(promise, cap=attrs.evolve(promise.cap, value=None, unknown="not public"))
    contracts = {**deal.contracts, "residual-guarantee": hidden}
    scope = scope_of(hyperion)
    setting = attrs.evolve(scope.setting, deal=attrs.evolve(deal, contracts=contracts))
    found = {
        (d.disclosure, d.line): d.value
        for d in drawn_up(attrs.evolve(scope, setting=setting), [fiscal_period(hyperion, "FY2025")])
    }
    assert found["exposures", "residual-value-guarantees"] is None
    assert found["exposures", "maximum-exposure"] is None
    assert found["exposures", "uncalled-capital"] is not None


def test_a_guarantee_is_disclosed_until_the_time_it_covers_is_over(hyperion):
    figures = figures_of(hyperion, "FY2043", "FY2044")
    there = {k[1] for k in figures if k[0] == "residual-value-guarantees"}
    assert there == {"FY2043"}


def test_within_a_consolidated_group_a_lease_has_no_notes():
    run = run_of(HYPERION, "as-consolidated", "us-gaap")
    figures = figures_of(run, "FY2025", "FY2029")
    assert {k[0] for k in figures} == {"borrowings", "borrowings-maturity", "interest-cost"}


def test_a_lease_whose_sale_failed_is_in_no_table_and_the_page_says_why():
    run = run_of(HYPERION, "failed-sale", "us-gaap")
    page = disclosures_page(run, [fiscal_period(run, "FY2029")])
    assert not any(r["disclosure"].startswith("lessee") for r in page.rows)
    assert any("its sale failed" in note for note in page.notes)


# --- lessors ------------------------------------------------------------------------------------


def test_a_lessors_rents_to_come_are_the_lessees_payments(hyperion):
    rents = run_of(HYPERION, "as-filed", "us-gaap")
    own = pipeline.run(rents.deal, "as-filed", "us-gaap", entity="venture")
    found = table(figures_of(own, "FY2029"), "lessor-rents", "FY2029", "all")
    paid = table(figures_of(hyperion, "FY2029"), "lessee-maturity", "FY2029", "operating")
    assert {line: found[line] for line in DUE} == {line: paid[line] for line in DUE}


# --- laws on generated deals --------------------------------------------------------------------


def scope_of_case(case: Case):
    kept = case.kept()
    postings = case.worksheet(kept).column(COLUMNS[-1])
    return ledger_scope(case.setting(), case.members, kept, postings), kept


def years_of(case: Case, kept) -> list[Period]:
    ends = year_end(case.deal.entities[PARENT].fiscal_year_end)
    first = fiscal_year(case.deal.known_to, ends)
    last = min(fiscal_year(kept.until, ends), first + 5)
    return [Period(f"FY{y}", *fiscal_year_bounds(y, ends)) for y in range(first, last + 1)]


@given(cases())
def test_every_maturity_table_less_its_discount_is_the_ledgers_liability(case):
    scope, kept = scope_of_case(case)
    accounts = {"operating": "operating-lease-liabilities"}
    for period in years_of(case, kept):
        owed = {"operating-lease-liabilities": 0, "finance-lease-liabilities": 0}
        for each in drawn_up(scope, [period]):
            if each.disclosure == "lessee-maturity" and each.line in (
                "total-undiscounted",
                "imputed-interest",
            ):
                owed[accounts.get(each.column, "finance-lease-liabilities")] += each.value
        for account, amount in owed.items():
            assert amount == -scope.ledger.balance(account, period.last)


@given(cases())
def test_roll_forwards_tie_and_closings_are_the_next_openings(case):
    scope, kept = scope_of_case(case)
    periods = years_of(case, kept)
    figures = {
        (d.disclosure, d.period, d.column, d.line): d.value for d in drawn_up(scope, periods)
    }
    for k, v in figures.items():
        if k[0].endswith("-rollforward") and k[3] == "closing":
            moved = [a for key, a in figures.items() if key[:3] == k[:3] and key[3] != "closing"]
            assert sum(moved) == v
    names = [p.name for p in periods]
    for before, after in pairwise(names):
        for k, v in figures.items():
            if k[0].endswith("-rollforward") and k[1] == before and k[3] == "closing":
                assert figures[k[0], after, k[2], "opening"] == v


@given(cases())
def test_a_receivables_dues_less_interest_and_with_residual_are_the_net_investment(case):
    kept = case.kept()
    for lessor in {lease.lessor for lease in case.deal.of_kind(Lease)} & kept.books.keys():
        alone = frozenset({lessor})
        scope = ledger_scope(case.setting(), alone, kept, kept.books[lessor].postings)
        for period in years_of(case, kept):
            figures = {(d.disclosure, d.column, d.line): d.value for d in drawn_up(scope, [period])}
            net = {k[1]: v for k, v in figures.items() if k[2] == "net-investment"}
            rolled = {
                k[1]: v
                for k, v in figures.items()
                if k[0] == "net-investment-rollforward" and k[2] == "closing"
            }
            assert net == rolled
            held = sum(v for k, v in figures.items() if k[2] == "lease-receivable")
            assert held == scope.ledger.balance("lease-receivable", period.last)


# --- layouts ------------------------------------------------------------------------------------


def test_every_table_of_the_rules_is_made_and_every_table_made_is_in_the_rules():
    assert {t.id for t in load_disclosures()} == set(_TABLES)


def test_every_line_that_is_made_has_a_title_or_is_a_flow_of_a_roll_forward(hyperion):
    known = {(t.id, line.id) for t in load_disclosures() for line in t.lines}
    figures = figures_of(hyperion, "FY2025", "FY2029", "FY2033")
    made = {(k[0], k[3]) for k in figures if not k[0].endswith("-rollforward")}
    assert made - known == set()


# --- the command --------------------------------------------------------------------------------


def test_json_is_tidy_rows_with_exact_text_and_holds_all_years():
    page = printed_json("disclosures", str(HYPERION))
    assert list(page) == [
        "deal", "entity", "framework", "basis", "scenario", "currency", "periods", "notes", "rows",
    ]  # fmt: skip
    assert page["basis"] == "as-filed"
    assert page["periods"][0] == "FY2025"
    assert page["periods"][-1] == "FY2049"
    keys = [(r["disclosure"], r["period"], r["column"], r["line"]) for r in page["rows"]]
    assert len(set(keys)) == len(keys)
    rows = dict(zip(keys, page["rows"], strict=True))
    key = ("lessee-maturity", "FY2029", "operating", "lease-liability")
    assert Decimal(rows[key]["amount"]).as_tuple().exponent == -2
    assert rows["not-yet-commenced", "FY2025", "campus-lease", "commences"]["amount"] == (
        "2029-01-01"
    )
    assert rows["weighted-averages", "FY2029", "operating", "discount-rate"]["amount"] == "0.055"


def test_one_day_takes_the_place_of_fiscal_years():
    page = printed_json("disclosures", str(HYPERION), "--as-of", "2030-06-30")
    assert page["periods"] == ["2030-06-30"]
    rows = {(r["disclosure"], r["line"]): r["amount"] for r in page["rows"]}
    # two and a half years are left, the first twelve months of them in year 1
    assert rows["lessee-maturity", "total-undiscounted"] == "7693750000.00"
    assert rows["weighted-averages", "remaining-term-years"] == "2.5"
    # the cost of half a fiscal year
    assert Decimal(rows["lease-cost", "operating-lease-cost"]) == Decimal("1538750000.00")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["DEAL", "--from-table", "x.json"],
        ["DEAL", "--as-of", "yesterday"],
        ["DEAL", "--as-of", "2029-12-31", "--periods", "FY2029"],
        ["--from-table", "x.json", "--periods", "all"],
    ],
)
def test_what_does_not_go_together_is_a_wrong_command_line(arguments, capsys):
    given_here = [str(HYPERION) if a == "DEAL" else a for a in arguments]
    assert main.run(["disclosures", *given_here]) == 2
    assert "error[LB0002]" in capsys.readouterr().err


def test_a_leaseback_is_disclosed_without_the_financing_that_its_rents_also_serve():
    deal = str(ROOT / "tests" / "deals" / "leaseback.toml")
    page = printed_json("disclosures", deal, "--periods", "all")
    amounts = {
        (r["disclosure"], r["period"], r["line"]): r["amount"] and Decimal(r["amount"])
        for r in page["rows"]
        if r["line"] not in ("commences", "term-months", "class")
    }
    whole, right = Decimal("22076.14"), Decimal("13736.26")
    assert amounts["liability-rollforward", "FY2027", "initial"] == whole
    assert amounts["not-yet-commenced", "FY2026", "present-value-at-commencement"] == whole
    assert amounts["cash-paid", "FY2027", "obtained-ifrs"] == whole
    assert amounts["right-of-use-rollforward", "FY2027", "right-kept"] == right - whole
    assert amounts["right-of-use-by-kind", "FY2027", "additions"] == right
    assert amounts["right-of-use-by-kind", "FY2027", "other-changes"] == 0
