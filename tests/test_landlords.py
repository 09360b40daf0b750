"""
Oracle and its landlords: what is public ties, and a deferral of rent is measured on both sides.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import attrs
import pytest

from leasebook import pipeline
from leasebook.disclosures.commitments import day_one, not_yet_commenced
from leasebook.disclosures.draw_up import drawn_up
from leasebook.measure.effective_interest import effective_interest
from leasebook.measure.note_terms import NoteSegment, coupon_periods
from leasebook.pages.disclosures import period_to, scope_of
from leasebook.reckoning.rounding import round_half_even

DEALS = Path(__file__).parent.parent / "fixtures" / "deals"
MILLION = 100_000_000
MAY_2025, MAY_2026 = date(2025, 5, 31), date(2026, 5, 31)


@cache
def run_of(name, basis="as-filed", framework="us-gaap"):
    return pipeline.run(pipeline.open_deal(DEALS / name), basis, framework)


def tenths(minor):
    """Tenths of a million, of minor units."""
    return round_half_even(Fraction(10 * minor, MILLION))


def schedule_of(run, name, contract):
    (found,) = [s for s in run.kept.schedules if (s.name, s.contract) == (name, contract)]
    return found


def figures(run, day):
    drawn = drawn_up(scope_of(run), [period_to(run, day)])
    return {(d.disclosure, d.column, d.line): d.value for d in drawn}


# --- Abilene --------------------------------------------------------------------------------------


def test_loans_and_equity_of_abilene_are_the_published_ones():
    run = run_of("oracle-abilene")
    loans = [schedule_of(run, "note-issued", name).total("issued") for name in ("loan-1", "loan-2")]
    assert loans == [2_300 * MILLION, 7_100 * MILLION]
    assert sum(loans) == 9_400 * MILLION
    cost = [run.deal.assets[name].fair_value.get() for name in ("halls-1", "halls-2")]
    assert cost[0] == 3_400_000_000
    assert sum(cost) == 15_000_000_000
    assert round(Fraction(sum(loans), int(sum(cost)) * 100), 4) == Fraction("0.6267")
    paid_in = sum(s.total("cash") for s in run.kept.schedules if s.name == "contribution-received")
    assert paid_in == 5_600 * MILLION
    # no more than was borrowed and paid in is built for
    built = sum(c.draws.total.get() for key, c in run.deal.contracts.items()
                if key.startswith("building"))  # fmt: skip
    assert 100 * built + 350 * MILLION == sum(loans) + paid_in


def test_rent_of_abilene_is_nine_percent_of_cost_for_fifteen_years():
    run = run_of("oracle-abilene")
    for name, year in (("lease-1", 306), ("lease-2", 1_044)):
        payments = [p for p in schedule_of(run, "lessee-finance", name).column("payment") if p]
        assert len(payments) == 180
        assert sum(payments) == 15 * year * MILLION


def test_the_first_phase_is_near_oracles_first_finance_leases():
    found = figures(run_of("oracle-abilene"), MAY_2025)
    undiscounted = found["lessee-maturity", "finance", "total-undiscounted"]
    liability = found["lessee-maturity", "finance", "lease-liability"]
    assert (tenths(undiscounted), tenths(liability)) == (45_645, 31_508)
    # filed: 4,411 and 2,934, fifteen years at 5.5 %
    assert round_half_even(Fraction(100 * undiscounted, 4_411 * MILLION)) == 103
    assert round_half_even(Fraction(100 * liability, 2_934 * MILLION)) == 107
    rate = found["weighted-averages", "finance", "discount-rate"]
    assert round(rate, 6) == Fraction("0.055")


@pytest.mark.parametrize(("day", "today"), [(MAY_2025, 101_809), (MAY_2026, 107_408)])
def test_the_second_phase_is_a_commitment_until_it_is_handed_over(day, today):
    (promised,) = not_yet_commenced(scope_of(run_of("oracle-abilene")), day)
    assert promised[0] == "lease-2"
    assert tenths(promised[1]["undiscounted"]) == 156_600
    assert tenths(promised[1]["present-value-at-commencement"]) == 107_889
    assert tenths(promised[1]["present-value"]) == today


@pytest.mark.parametrize(("framework", "kind"), [("us-gaap", "finance"), ("ifrs", "lease")])
def test_what_day_one_will_bring_is_what_the_books_have_on_that_day(framework, kind):
    run = run_of("oracle-abilene", framework=framework)
    ((name, told),) = day_one(scope_of(run), MAY_2026)
    booked = schedule_of(run, "lessee-finance" if kind == "finance" else "lessee-ifrs", name)
    begins = told["commences"]
    assert begins == booked.rows[0].date == date(2026, 7, 1)
    assert told["class"] == kind
    assert told["lease-liability"] == booked.total("initial", begins, begins)
    assert told["right-of-use-asset"] == booked.balance("rou", begins)
    paid = booked.total("payment", begins, begins)
    assert told["paid-on-the-day"] == paid == 87 * MILLION
    assert booked.balance("liability", begins) == told["lease-liability"] - paid
    assert not list(day_one(scope_of(run), begins))


def test_tenant_and_landlord_class_the_lease_apart():
    reached = run_of("oracle-abilene").reached
    for lease in ("lease-1", "lease-2"):
        assert reached["lessee_classification", lease].stands == "finance"
        assert reached["lessor_classification", lease].stands == "operating"


def test_openai_pays_for_the_part_of_its_contract_that_the_campuses_are():
    paid = {}
    for name in ("oracle-abilene", "oracle-jupiter"):
        deal = run_of(name).deal
        paid[name] = 60 * deal.contracts["capacity"].fee.get()
    assert round(paid["oracle-abilene"]) == round(Decimal(300_000_000_000) * 12 / 45)
    assert round(paid["oracle-jupiter"]) == round(Decimal(300_000_000_000) * 245 / 450)


@pytest.mark.parametrize("name", ["oracle-abilene", "oracle-jupiter"])
@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_who_consolidates_the_landlord_stays_open(name, framework):
    run = run_of(name, "as-the-rules-conclude", framework)
    entity = name.removeprefix("oracle-")
    assert ("consolidation", f"{entity}/oracle") in run.open_decisions


# --- Jupiter --------------------------------------------------------------------------------------


def test_both_commitments_are_a_part_of_what_oracle_filed():
    promised = [
        Fraction(figures["undiscounted"], MILLION)
        for name in ("oracle-abilene", "oracle-jupiter")
        for _, figures in not_yet_commenced(scope_of(run_of(name)), date(2026, 2, 28))
    ]
    assert promised == [15_660, 30_375]
    assert round(sum(promised) / 261_000, 3) == Fraction("0.176")


@pytest.mark.parametrize(("price", "earned"), [(89, "0.108"), (90, "0.104"), (91, "0.100")])
def test_the_price_of_the_loan_is_a_yield(price, earned):
    loan = run_of("oracle-jupiter").deal.contracts["loan"]
    whole = NoteSegment(
        issued=date(2026, 8, 28),
        principal=18_000 * MILLION,
        coupon_annual=loan.coupon_annual.get(),
        day_count=loan.day_count,
        first_coupon=date(2026, 11, 28),
        every_months=3,
        interest_only_until=loan.maturity.get(),
        maturity=loan.maturity.get(),
    )
    bought = attrs.evolve(whole, discounts=(whole.principal * (100 - price) // 100,))
    days = [[period.end] for period in coupon_periods(bought)]
    ((_, rate),) = effective_interest(bought, days).rates
    assert round(rate, 3) == Fraction(earned)


def test_rent_put_off_before_commencement_turns_a_finance_lease_into_an_operating_one():
    agreed, put_off = run_of("oracle-jupiter"), run_of("oracle-jupiter", "deferred-from-the-start")
    assert agreed.reached["lessee_classification", "campus-lease"].stands == "finance"
    assert put_off.reached["lessee_classification", "campus-lease"].stands == "operating"
    begins = date(2028, 6, 1)
    first = schedule_of(agreed, "lessee-finance", "campus-lease").total("initial", begins, begins)
    later = schedule_of(put_off, "lessee-operating", "campus-lease")
    assert tenths(first) == 203_008
    assert tenths(later.total("initial", begins, begins)) == 191_492
    cost = 22_500 * MILLION
    assert Fraction(first, cost) > Fraction(9, 10) > Fraction(later.total("initial"), cost)
    assert later.total("payment") == 15 * 2_025 * MILLION
    assert later.total("payment", last=date(2031, 5, 31)) == 0


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_rent_deferred_by_right_is_open_on_both_sides_and_changes_nothing_else(framework):
    name = "lessee-finance" if framework == "us-gaap" else "lessee-ifrs"
    agreed = run_of("oracle-jupiter", framework=framework)
    by_right = run_of("oracle-jupiter", "deferred-by-right", framework)
    assert by_right.reached["rent_deferral", "campus-lease@2029-06-01/change"].stands == "stays-due"
    plain, tenant = (schedule_of(run, name, "campus-lease") for run in (agreed, by_right))
    owner = schedule_of(by_right, "lessor-operating", "campus-lease")
    for day in (date(2030, 5, 31), date(2032, 5, 31), date(2035, 5, 31)):
        for balance in ("liability", "rou"):
            assert tenant.balance(balance, day) == plain.balance(balance, day)
        assert tenant.balance("rent_payable", day) == owner.balance("rent_receivable", day)
    assert tenant.balance("rent_payable", date(2030, 5, 31)) == 2_025 * MILLION
    assert tenant.balance("rent_payable", date(2032, 5, 31)) == 3 * 2_025 * MILLION
    assert tenant.balance("rent_payable", date(2037, 5, 31)) == 0


def test_the_notes_tell_rent_when_it_is_due_and_cash_when_it_is_paid():
    by_right, agreed = (
        figures(run_of("oracle-jupiter", basis), date(2033, 5, 31))
        for basis in ("deferred-by-right", "as-filed")
    )
    line = ("cash-paid", "all", "total-outflow")
    # three years of 2,025 are paid over five
    assert agreed[line] == 2_025 * MILLION
    assert by_right[line] == (2_025 + 1_215) * MILLION
    for basis, due in (("deferred-by-right", 25_144), ("as-filed", 25_144)):
        run = pipeline.run(
            pipeline.open_deal(DEALS / "oracle-jupiter"), basis, "us-gaap", entity="jupiter"
        )
        told = figures(run, date(2030, 12, 31))["lessor-rents", "all", "total-undiscounted"]
        assert round_half_even(Fraction(told, MILLION)) == due


def test_rent_deferred_by_consent_is_measured_and_classified_again():
    run = run_of("oracle-jupiter", "deferred-by-consent")
    about = "campus-lease@2029-06-01"
    assert run.reached["rent_deferral", f"{about}/change"].stands == "modification"
    assert run.reached["lessee_classification", about].stands == "operating"
    assert run.reached["lessor_classification", about].stands == "operating"
    after = schedule_of(run, "lessee-operating", "campus-lease")
    day = date(2029, 6, 1)
    assert tenths(after.balance("liability", day)) == 170_796
    owner = schedule_of(run, "lessor-operating", "campus-lease")
    assert owner.total("income", date(2029, 6, 1), date(2030, 5, 31)) == 2_025 * MILLION
    assert owner.total("payment", date(2029, 6, 1), date(2030, 5, 31)) == 0
    assert "rent_payable" not in after.balances


def test_a_years_interest_of_the_banks_is_more_than_half_of_the_rent():
    run = run_of("oracle-jupiter")
    loan = schedule_of(run, "note-issued", "loan")
    year = loan.total("interest", date(2028, 6, 1), date(2029, 5, 31))
    assert tenths(year) == 12_410
    assert Fraction(year, 2_025 * MILLION) > Fraction(1, 2)
