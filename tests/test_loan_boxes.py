"""
Loans in vehicles that their owner consolidates: every published sum of the debt note comes out.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from leasebook import pipeline
from leasebook.disclosures.borrowings import borrowings, carried, interest_cost, principal_due
from leasebook.disclosures.scope import Period
from leasebook.measure.note_segment import note_segment
from leasebook.pages.disclosures import scope_of
from leasebook.reckoning.rounding import round_half_even

DEAL = Path(__file__).parent.parent / "fixtures" / "deals" / "coreweave-ddtl"
END_2024, JUNE_2025, JUNE_2026 = date(2024, 12, 31), date(2025, 6, 30), date(2026, 6, 30)
FIRST_HALF = Period("first half of 2025", date(2025, 1, 1), JUNE_2025)


@cache
def run_of(framework="us-gaap", basis="as-filed"):
    return pipeline.run(pipeline.open_deal(DEAL), basis, framework)


def thousands(minor):
    """Whole thousands of dollars, of cents."""
    return round_half_even(Fraction(minor, 100_000))


def principal(day):
    return {
        name: thousands(figures["principal"]) for name, figures in carried(scope_of(run_of()), day)
    }


def test_balances_by_loan_are_those_of_the_debt_note():
    at_end = {"ddtl-1": 2_012_500, "ddtl-2": 3_843_819, "term-loan": 1_000_000, "oem": 1_177_158}
    assert principal(END_2024) == at_end
    assert sum(at_end.values()) == 8_033_477
    in_june = {
        "ddtl-1": 1_782_500,
        "ddtl-2": 4_953_967,
        "notes-2030": 2_000_000,
        "revolver": 450_000,
        "oem": 1_728_388,
        "magnetar-loan": 256_630,
    }
    assert principal(JUNE_2025) == in_june
    assert sum(in_june.values()) == 11_171_485


def test_balances_of_a_year_later_are_those_of_the_registry():
    found = principal(JUNE_2026)
    published = {
        "ddtl-1": 1_300_000,
        "ddtl-2": 3_190_000,
        "ddtl-2-1": 3_000_000,
        "ddtl-3": 2_215_000,
        "ddtl-4": 2_837_000,
        "ddtl-5": 1_101_000,
        "oem-non-recourse": 882_000,
    }
    assert {name: found[name] for name in published} == published


@pytest.mark.parametrize(("day", "net"), [(END_2024, 7_926_340), (JUNE_2025, 11_051_501)])
def test_what_is_carried_is_principal_less_what_is_not_amortised(day, net):
    (table,) = (figures for column, figures in principal_due(scope_of(run_of()), day))
    assert thousands(table["carrying-amount"]) == net


def test_principal_falls_due_by_year_as_published():
    (table,) = (figures for column, figures in principal_due(scope_of(run_of()), JUNE_2025))
    found = [thousands(table[line]) for line in
             ("rest-of-year", "year-1", "year-2", "year-3", "year-4", "year-5")]  # fmt: skip
    published = [986_052, 4_218_457, 2_833_142, 1_010_054, 123_780, 2_000_000]
    assert sum(published) == 11_171_485
    assert found == published
    assert table["thereafter"] == 0


def test_interest_of_the_first_half_of_2025_is_that_of_the_debt_note():
    cost = interest_cost(scope_of(run_of()), FIRST_HALF)
    assert {line: thousands(amount) for line, amount in cost.items()} == {
        "contractual-interest": 483_084,
        "amortisation": 66_727,
        "other-interest": 0,
        "capitalised": -36_278,
        "interest-expense": 513_533,
    }


def test_effective_rates_round_to_the_published_ones():
    found = {
        name: figures["effective-rate"] for name, figures in carried(scope_of(run_of()), JUNE_2025)
    }
    whole = {name: round_half_even(100 * rate) for name, rate in found.items()}
    assert (whole["ddtl-1"], whole["ddtl-2"], whole["notes-2030"]) == (15, 11, 10)
    assert (whole["magnetar-loan"], whole["revolver"]) == (12, 7)
    assert Fraction(9, 100) <= found["oem"] <= Fraction(10, 100)


def test_the_loan_of_2026_funds_the_published_part_of_what_it_buys():
    deal = run_of().deal
    drawn = deal.contracts["ddtl-5"].principal.get()
    price = deal.contracts["systems-5-bought"].price.get()
    assert (drawn / price).quantize(Decimal("0.0001")) == Decimal("0.7142")
    assert drawn + deal.contracts["borrower-5-capital"].amount.get() == price


def test_customers_pay_the_published_revenue_of_2025():
    ledger = scope_of(run_of()).ledger
    revenue = -ledger.movement("service-income", date(2025, 1, 1), date(2025, 12, 31))
    assert thousands(revenue) == 5_131_000


def test_no_loan_is_drawn_beyond_what_is_promised():
    run = run_of()
    for each in borrowings(scope_of(run)):
        if each.note.commitment is not None:
            terms = note_segment(each.note, run.setting)
            assert terms.principal <= run.setting.minor(each.note.commitment)


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_the_rules_consolidate_every_borrower(framework):
    run = run_of(framework, "as-the-rules-conclude")
    owned = [e for e in run.deal.bookkeepers() if e != "coreweave"]
    assert len(owned) == 5
    for entity in owned:
        assert run.reached["consolidation", f"{entity}/coreweave"].stands == "consolidate"
    filed = run_of(framework)
    assert scope_of(run).ledger == scope_of(filed).ledger
