"""
The two vehicles that lease chips: what they compute ties to what is public of them.
"""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from leasebook import pipeline
from leasebook.reckoning.rounding import round_half_even

DEALS = Path(__file__).parent.parent / "fixtures" / "deals"
MILLION = 100_000_000


def run_of(name, basis, framework="us-gaap", entity=None):
    return pipeline.run(pipeline.open_deal(DEALS / name), basis, framework, entity=entity)


def rents(run):
    (lease,) = [s for s in run.kept.schedules if s.name == "lessee-finance"]
    return [paid for paid in lease.column("payment") if paid]


def tenths(amount):
    """Tenths of a million, of minor units."""
    return round_half_even(Fraction(10 * amount, MILLION))


@pytest.mark.parametrize(
    ("name", "rent", "price"),
    [("xai-vci", 12_579, 5_400_000_000), ("xai-vci-plan", 46_590, 20_000_000_000)],
)
def test_a_years_rent_returns_the_price_less_the_residual(name, rent, price):
    run = run_of(name, "as-filed")
    paid = rents(run)
    assert len(paid) == 60
    assert tenths(12 * paid[0]) == rent
    note = run.deal.contracts["loan"].principal.get()
    equity = sum(c.amount.get() for key, c in run.deal.contracts.items() if key.endswith("capital"))
    assert note + equity == price


def test_the_lease_is_tested_on_the_life_of_the_chips():
    run = run_of("xai-vci", "as-filed")
    assert run.reached["lessee_classification", "systems-lease"].stands == "finance"
    assert run.reached["lessor_classification", "systems-lease"].stands == "sales-type"


def test_what_comes_back_is_written_off_over_the_year_that_is_left():
    run = run_of("xai-vci", "as-filed", entity="vci")
    (back,) = [s for s in run.kept.schedules if s.name == "asset-taken-back"]
    assert back.total("depreciation") == 810 * MILLION
    assert back.rows[-1].date == date(2032, 1, 31)


def profit_of(run):
    (profit,) = [s for s in run.kept.schedules if s.name == "investee-profit"]
    return profit


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_the_supplier_books_revenue_and_takes_out_its_own_share_of_the_profit(framework):
    run = run_of("xai-vci", "as-filed", framework, "nvidia")
    lines = pipeline.amounts(run)["as-filed"]
    year = ("income-statement", 2026)
    assert lines[*year, "revenue"] == 5_400 * MILLION
    assert lines[*year, "cost-of-sales"] == -1_350 * MILLION
    profit = profit_of(run)
    # 26.67 % of 4,050 m; the vehicle lets the systems for good on the same day
    assert profit.total("taken_out") == profit.total("made") == 108_013_500_000
    assert {row.date for row in profit.rows} == {date(2026, 1, 7)}


def test_profit_on_systems_that_the_vehicle_keeps_is_made_as_it_depreciates_them():
    profit = profit_of(run_of("xai-vci", "operating", entity="nvidia"))
    assert profit.total("taken_out") == profit.total("made") == 108_013_500_000
    made = [row for row in profit.rows if row.date > date(2026, 1, 7)]
    assert made[-1].date == date(2032, 1, 31)
    halfway = profit.balance("unrealised", date(2029, 1, 31))
    assert abs(halfway - 108_013_500_000 / 2) < 108_013_500_000 / 72
    balance = [profit.balance("unrealised", row.date) for row in made]
    assert balance == sorted(balance, reverse=True)
    assert balance[-1] == 0


@pytest.mark.parametrize("name", ["xai-vci", "xai-vci-plan"])
def test_who_consolidates_the_vehicle_stays_open(name):
    run = run_of(name, "as-the-rules-conclude")
    assert ("consolidation", "vci/xai") in run.open_decisions
