"""
Sales and leasebacks: published figures, and laws that hold for every sale.

The figures are those of the examples that each test names, within the rounding they are given in.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leasebacks import (
    CLEAR,
    DAY,
    LEASE,
    SALE,
    books,
    deal_of,
    hall,
    lease,
    money,
    net,
    sale,
    setting_of,
)
from strategies import figure

from leasebook import pipeline
from leasebook.consolidation.worksheet import consolidate
from leasebook.contract.event import Event
from leasebook.contract.model import Construction, Draws
from leasebook.measure.asset_use import measure_asset
from leasebook.measure.leaseback import FailedSale, financing_of, sale_figures, split_of
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.sale_and_leaseback import (
    QualifyingSale,
    SaleTerms,
    off_market,
    qualifying_sale,
)
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting

law = settings(max_examples=15, deadline=None)


def _near(minor: int, published: float, within: float = 1.5) -> bool:
    return abs(Fraction(minor, 100) - Fraction(str(published))) <= Fraction(str(within))


def _sold(setting: Setting) -> QualifyingSale:
    found = sale_figures(SALE, setting)
    assert isinstance(found, QualifyingSale)
    return found


def _schedule(setting: Setting, name: str) -> Schedule:
    return next(s for s in books(setting).schedules if s.name == name)


def _opening_entry(setting: Setting, entity: str) -> dict[str, int]:
    """The sale and the leaseback's beginning in one entity's book, by account, minor units."""
    later = {"payment", "principal_paid", "interest_paid", "interest", "cost", "income"}
    made = [
        p
        for p in books(setting).books[entity].postings
        if p.date == DAY and p.contract in (SALE, LEASE) and p.cause.column not in later
    ]
    return net(made)


def _us_below() -> Setting:
    # PwC, Leases guide, LG 6-8: ten rents in advance, all of them in the liability.
    back = lease([400_000] * 10, "0.06", timing="advance")
    return setting_of(deal_of(hall(5_500_000, 5_500_000), sale(5_000_000), back), "us-gaap", "sale")


def _us_above() -> Setting:
    # PwC, Leases guide, LG 6-9.
    back = lease([1_000_000] * 10, "0.06")
    deal = deal_of(hall(20_000_000, 28_000_000), sale(30_000_000), back)
    return setting_of(deal, "us-gaap", "sale")


def _ifrs_above() -> Setting:
    # IFRS 16 illustrative example 24.
    back = lease([120_000] * 18, "0.045")
    deal = deal_of(hall(1_000_000, 1_800_000), sale(2_000_000), back, framework="ifrs")
    return setting_of(deal, "ifrs", "sale")


def test_a_price_below_fair_value_is_rent_paid_ahead():
    setting = _us_below()
    found = _sold(setting)
    assert found.below_market_prepaid_rent == 500_000_00
    assert _near(found.lease_liability, 3_120_676)
    assert _near(found.rou_asset, 3_620_676)
    assert found.gain == 0
    entry = _opening_entry(setting, "tenant")
    assert entry == {
        "cash": 5_000_000_00,
        "construction-in-progress": -5_500_000_00,
        "operating-lease-right-of-use-assets": found.rou_asset,
        "operating-lease-liabilities": -found.lease_liability,
    }


def test_a_price_below_fair_value_is_level_cost_of_the_seller_and_income_of_the_buyer():
    kept = books(_us_below())
    whole = (400_000 * 10 + 500_000) * 100
    assert net(kept.books["tenant"].postings)["operating-lease-cost"] == whole
    assert net(kept.books["landlord"].postings)["rental-income"] == -whole
    assert "straight-line-rent" not in net(kept.books["landlord"].postings)


def test_a_price_above_fair_value_is_a_loan_that_takes_its_share_of_each_rent():
    setting = _us_above()
    found = _sold(setting)
    assert _near(found.pv_payments, 7_360_087)
    assert found.additional_financing == 2_000_000_00
    assert _near(found.lease_liability, 5_360_087)
    assert _near(found.rou_asset, 5_360_087)
    assert found.gain == 8_000_000_00
    back = setting.deal.contracts[LEASE]
    split = split_of(back, setting)
    assert _near(split.to_financing[0], 271_736)
    assert _near(split.to_lease[0], 728_264)
    rows = financing_of(back, setting)
    assert rows[0].interest == 120_000_00
    assert _near(rows[9].interest, 15_381)
    assert rows[-1].closing == 0
    cost = _schedule(setting, "lessee-operating").total("cost", DAY, date(2029, 12, 31))
    assert _near(cost, 728_264)
    assert _opening_entry(setting, "tenant") == {
        "cash": 30_000_000_00,
        "operating-lease-right-of-use-assets": found.rou_asset,
        "construction-in-progress": -20_000_000_00,
        "operating-lease-liabilities": -found.lease_liability,
        "additional-financing-liability": -2_000_000_00,
        "gain-or-loss": -8_000_000_00,
    }


def test_under_ifrs_only_the_gain_on_the_rights_that_pass_is_taken():
    setting = _ifrs_above()
    found = _sold(setting)
    assert _near(found.pv_payments, 1_459_200, 2)
    assert found.additional_financing == 200_000_00
    assert _near(found.lease_liability, 1_259_200, 2)
    assert _near(found.rou_asset, 699_555, 2)
    assert found.gain_total == 800_000_00
    assert _near(found.gain_retained, 559_645, 2)
    assert _near(found.gain, 240_355, 2)
    split = split_of(setting.deal.contracts[LEASE], setting)
    assert _near(split.to_financing[0], 16_447)
    assert _near(split.to_lease[0], 103_553)
    assert _opening_entry(setting, "tenant") == {
        "cash": 2_000_000_00,
        "finance-lease-right-of-use-assets": found.rou_asset,
        "construction-in-progress": -1_000_000_00,
        "gain-or-loss": -found.gain,
        "finance-lease-liabilities": -found.lease_liability,
        "additional-financing-liability": -200_000_00,
    }


def test_a_buyer_has_the_asset_at_fair_value_and_lends_the_rest():
    setting = _ifrs_above()
    assert _opening_entry(setting, "landlord") == {
        "construction-in-progress": 1_800_000_00,
        "additional-financing-receivable": 200_000_00,
        "cash": -2_000_000_00,
    }
    use = next(
        s for s in books(setting).schedules if (s.name, s.entity) == ("in-service", "landlord")
    )
    assert use.balance("cost", DAY) == 1_800_000_00


def test_a_buyer_whose_leaseback_is_a_finance_lease_has_the_lease_part_as_net_investment():
    back = lease([120_000] * 18, "0.045", unguaranteed_residual=figure(money(300_000)))
    deal = deal_of(hall(1_000_000, 1_800_000), sale(2_000_000), back, framework="ifrs")
    setting = setting_of(deal, "ifrs", "sale", lessor_classification="finance")
    invested = _schedule(setting, "lessor-finance-ifrs")
    assert invested.balance("net_investment", DAY) == 1_800_000_00
    assert invested.total("selling_profit") == 0


def test_a_payment_on_the_day_of_sale_is_a_right_kept_and_no_liability():
    # The factor of five years in advance at 12 % is rounded, so the value is handed over.
    back = lease([150_000] * 5, "0.12", timing="advance", worth=605_595, day_one_payment="excluded")
    deal = deal_of(hall(500_000, 700_000), sale(700_000), back, framework="ifrs")
    setting = setting_of(deal, "ifrs", "sale")
    found = _sold(setting)
    assert found.lease_liability == 455_595_00
    assert _near(found.rou_asset, 432_568, 1)
    assert _near(found.gain, 26_973, 1)
    assert found.gain_total == 200_000_00
    made = _schedule(setting, "lessee-ifrs")
    assert made.balance("liability", DAY) == 455_595_00
    assert made.balance("rou", DAY) == found.rou_asset
    assert made.balance("liability", made.rows[-1].date) == 0


def test_a_gain_needs_no_more_than_what_the_payments_are_worth():
    # CIMA F2 integrated workbook, 6.7, in millions.
    back = lease([0], None, worth=1.9)
    deal = deal_of(hall(1.2, 3), sale(3), back, framework="ifrs")
    back_terms = attrs.evolve(back, discount_rate=figure(Decimal(0)))
    deal = attrs.evolve(deal, contracts={**deal.contracts, LEASE: back_terms})
    found = _sold(setting_of(deal, "ifrs", "sale"))
    assert (found.lease_liability, found.rou_asset, found.gain) == (190, 76, 66)


# --- variable rents -------------------------------------------------------------------------------

EXPECTED = [95_902, 98_124, 99_243, 100_101, 98_121]


def _variable(way: str, payments: Sequence[float], worth: float | None) -> Setting:
    # IFRS 16 illustrative example 25; in the second year 99,321 are paid.
    back = lease(payments, "0.03", worth=worth)
    paid = Event(
        "plain", LEASE, "payment-made", figure(date(2031, 1, 1)), amount=figure(money(99_321))
    )
    sold = sale(1_800_000, variable_leaseback=way)
    asset = hall(1_000_000, 1_800_000)
    return setting_of(deal_of(asset, sold, back, events=[paid], framework="ifrs"), "ifrs", "sale")


@pytest.mark.parametrize(
    ("way", "payments", "worth", "closings", "beyond"),
    [
        ("expected-payments", EXPECTED, None, [367_598, 280_502, 189_674, 95_263, 0], 1_197),
        ("equal-payments", [0] * 5, 450_000, [365_241, 277_939, 188_018, 95_400, 0], 1_062),
        ("equal-payments", EXPECTED, None, [365_241, 277_939, 188_018, 95_400, 0], 1_062),
    ],
)
def test_a_liability_for_variable_rents_unwinds_by_what_was_expected(
    way, payments, worth, closings, beyond
):
    setting = _variable(way, payments, worth)
    found = _sold(setting)
    assert _near(found.lease_liability, 450_000, 2)
    assert _near(found.rou_asset, 250_000, 2)
    assert _near(found.gain, 600_000, 2)
    made = _schedule(setting, "lessee-ifrs")
    for k, closing in enumerate(closings, 1):
        assert _near(made.balance("liability", date(2028 + k, 12, 31)), closing, 5)
    paid = _schedule(setting, "variable-rent-paid")
    assert _near(paid.total("variable"), beyond, 5)
    kept = books(setting)
    in_year = [p for p in kept.books["tenant"].postings if p.date == date(2030, 12, 31)]
    assert net(in_year)["cash"] == -99_321_00
    assert _near(net(in_year)["variable-lease-cost"], beyond, 5)


def test_equal_payments_are_the_level_ones_of_the_same_worth():
    split = split_of(_variable("equal-payments", [0] * 5, 450_000).deal.contracts[LEASE],
                     _variable("equal-payments", [0] * 5, 450_000))  # fmt: skip
    assert {_near(p, 98_259, 1) for p in split.to_lease} == {True}


# --- sales that fail ------------------------------------------------------------------------------


def _failed(payment: float) -> FailedSale:
    # PwC, Leases guide, LG 6-11 and LG 6-12: what is written off a year is stated.
    asset = hall(800_000, None, annual_depreciation=figure(money(80_000)))
    back = lease([payment] * 5, "0.093")
    setting = setting_of(deal_of(asset, sale(950_000), back), "us-gaap", "failed-sale")
    found = sale_figures(SALE, setting)
    assert isinstance(found, FailedSale)
    return found


def test_a_failed_sale_is_a_loan_and_the_asset_goes_on_falling():
    found = _failed(100_000)
    assert found.financial_liability == 950_000_00
    assert found.financing_rate == Fraction(93, 1000)
    assert [round(row.closing, -2) for row in found.rows] == [
        938_350_00, 925_617_00, 911_699_00, 896_487_00, 879_860_00,
    ]  # fmt: skip
    assert [row.asset_closing for row in found.rows] == [
        720_000_00, 640_000_00, 560_000_00, 480_000_00, 400_000_00,
    ]  # fmt: skip
    assert _near(found.gain_at_end, 479_860)


def test_a_loan_that_would_grow_has_its_rate_lowered_to_its_payments():
    found = _failed(75_000)
    assert abs(found.financing_rate - Fraction(75, 950)) < Fraction(1, 10**9)
    assert found.gain_at_end == 550_000_00
    assert (found.rows[0].interest, found.rows[-1].closing) == (75_000_00, 950_000_00)


def test_a_failed_sale_of_unknown_leaseback_is_still_a_loan():
    # FAR 23.3, example 2: nothing is known but price and carrying amount.
    facts = {
        "leased_back": True,
        **CLEAR,
        "has_repurchase_option": True,
        "repurchase_at_fair_value": False,
    }
    deal = deal_of(hall(520_000, None), sale(500_000), facts=facts)
    for framework in ("us-gaap", "ifrs"):
        reached = pipeline.decide(deal, framework, "plain", {})
        assert reached["sale_and_leaseback", SALE].outcome == "failed-sale"
        setting = Setting(deal, framework, "plain", {("sale_and_leaseback", SALE): "failed-sale"})
        found = sale_figures(SALE, setting)
        assert (found.financial_liability, found.gain) == (500_000_00, 0)
        assert found.underlying_asset == 520_000_00
        kept = books(setting)
        assert net(kept.books["tenant"].postings, on=DAY)["financing-obligation"] == -500_000_00
        assert net(kept.books["landlord"].postings)["financing-receivable"] == 500_000_00


@pytest.mark.parametrize(
    ("kind", "change", "outcome"),
    [
        ("equipment", {}, "sale"),
        ("equipment", {"has_repurchase_option": True, "repurchase_at_fair_value": True,
                       "substitutes_readily_available": True}, "sale"),
        ("real-estate", {"has_repurchase_option": True, "repurchase_at_fair_value": True,
                         "substitutes_readily_available": True}, "failed-sale"),
        ("equipment", {"has_repurchase_option": True, "repurchase_at_fair_value": True,
                       "substitutes_readily_available": False}, "failed-sale"),
        ("equipment", {"has_repurchase_option": True, "repurchase_at_fair_value": False},
         "failed-sale"),
        ("equipment", {"buyer_put_with_incentive": True}, "failed-sale"),
        ("equipment", {"control_passes": False}, "failed-sale"),
    ],
)  # fmt: skip
def test_a_sale_is_tested_by_what_brings_the_asset_back(kind, change, outcome):
    deal = deal_of(
        hall(5_500_000, 5_500_000, kind=kind), sale(5_000_000), lease([400_000] * 10, "0.06"),
        facts={**CLEAR, **change},
    )  # fmt: skip
    classes = {
        ("lessee_classification", LEASE): "operating",
        ("lessor_classification", LEASE): "operating",
    }
    reached = pipeline.decide(deal, "us-gaap", "plain", classes)
    assert reached["sale_and_leaseback", SALE].outcome == outcome
    in_ifrs = pipeline.decide(deal, "ifrs", "plain", {})["sale_and_leaseback", SALE].outcome
    assert in_ifrs == ("sale" if not change else "failed-sale")


@pytest.mark.parametrize("change", ["lessee_classification", "lessor_classification"])
def test_a_leaseback_that_gives_the_asset_back_bars_a_sale_only_under_us_gaap(change):
    deal = deal_of(hall(5, 6), sale(6), lease([1] * 10, "0.06"), facts=CLEAR)
    classes = {
        ("lessee_classification", LEASE): "operating",
        ("lessor_classification", LEASE): "operating",
    }
    classes[change, LEASE] = "finance" if change == "lessee_classification" else "sales-type"
    reached = pipeline.decide(deal, "us-gaap", "plain", classes)
    assert reached["sale_and_leaseback", SALE].outcome == "failed-sale"
    finance = {("lessor_classification", LEASE): "finance"}
    reached = pipeline.decide(deal, "ifrs", "plain", finance)
    assert reached["sale_and_leaseback", SALE].outcome == "sale"


# --- laws -----------------------------------------------------------------------------------------


@st.composite
def sales(draw: st.DrawFn, outcome: str = "sale") -> Setting:
    """A sale and its leaseback, at, above or below fair value, after some use or before any."""
    years = draw(st.integers(1, 3))
    fair_value = draw(st.integers(10**5, 10**7))
    months = draw(st.sampled_from([1, 3, 12]))
    count = years * 12 // months
    rent = draw(st.integers(fair_value // (20 * count), fair_value // (2 * count)))
    timing = draw(st.sampled_from(["advance", "arrears"]))
    loan = draw(st.sampled_from([0, rent // 2, -rent]))
    framework = draw(st.sampled_from(["us-gaap", "ifrs"]))
    costs = outcome == "sale" and draw(st.booleans())
    excluded = timing == "advance" and draw(st.booleans())
    back = lease(
        [rent] * count, str(Decimal(draw(st.integers(0, 1500))).scaleb(-4)), timing=timing,
        months=months, day_one_payment="excluded" if excluded else "included",
        initial_direct_costs=figure(money(7)) if costs else None,
    )  # fmt: skip
    begun = draw(st.sampled_from([DAY, date(2025, 3, 1), date(2029, 6, 1)]))
    asset = hall(
        fair_value * draw(st.integers(40, 130)) // 100, fair_value,
        in_service=figure(begun), held_from=figure(min(begun, DAY)),
    )  # fmt: skip
    sold = sale(fair_value + loan)
    deal = deal_of(asset, sold, back, framework=framework)
    operating = draw(st.booleans())
    return setting_of(
        deal, framework, outcome, lessee_classification="operating" if operating else "finance"
    )


@law
@given(sales())
def test_the_gain_is_the_part_of_the_total_on_rights_that_pass(setting):
    found = _sold(setting)
    terms = found.terms
    total = terms.fair_value - terms.carrying_amount
    assert found.gain_total == total
    if setting.framework == "us-gaap":
        assert found.gain == total
        return
    kept = found.pv_payments - found.additional_financing + found.below_market_prepaid_rent
    exact = total * (1 - Fraction(kept, terms.fair_value))
    assert abs(found.gain - exact) <= Fraction(1, 2)
    assert min(0, total) <= found.gain <= max(0, total)


@law
@given(sales())
def test_seller_and_buyer_show_the_same_cash_on_every_day(setting):
    kept = books(setting)
    cash: dict[date, int] = {}
    for book in kept.books.values():
        for p in book.postings:
            if p.cause.column == "initial_direct_costs":
                continue  # a broker's
            moved = (p.debit == "cash") - (p.credit == "cash")
            cash[p.date] = cash.get(p.date, 0) + moved * p.amount_minor
    assert not any(cash.values())


@law
@given(sales())
def test_a_leaseback_leaves_nothing_behind_in_either_book(setting):
    kept = books(setting)
    seller, buyer = (net(kept.books[e].postings) for e in ("tenant", "landlord"))
    ends = {
        "operating-lease-liabilities", "finance-lease-liabilities",
        "operating-lease-right-of-use-assets", "finance-lease-right-of-use-assets",
        "additional-financing-liability", "additional-financing-receivable", "straight-line-rent",
    }  # fmt: skip
    assert not ends & (seller.keys() | buyer.keys())
    assert "construction-in-progress" not in seller
    standing = seller.get("property-plant-and-equipment", 0)
    assert standing + seller.get("accumulated-depreciation", 0) == 0


@law
@given(sales())
def test_a_seller_earns_what_it_receives_less_what_it_gives_up_and_pays(setting):
    seller = net(books(setting).books["tenant"].postings)
    costs = {
        "gain-or-loss", "operating-lease-cost", "lease-interest-expense", "depreciation",
        "variable-lease-cost",
    }  # fmt: skip
    held = setting.minor(setting.deal.assets["hall"].carrying_amount)
    assert seller["cash"] == held - sum(seller.get(account, 0) for account in costs)


@law
@given(sales("failed-sale"), st.sampled_from(["us-gaap", "ifrs"]))
def test_a_failed_sale_has_the_cash_and_the_interest_of_the_loan_that_it_is(setting, framework):
    setting = attrs.evolve(setting, framework=framework)
    try:
        found = sale_figures(SALE, setting)
        kept = books(setting)
    except (NotModelled, ValueError):
        return  # rents beyond what any rate up to 100 % a period explains
    owed = found.financial_liability
    rent = setting.deal.contracts[LEASE]
    count = len(rent.rent.amounts)
    paid = [setting.minor(amount) for amount in rent.rent.amounts]
    interest = sum(row.interest for row in found.rows)
    assert found.rows[-1].closing == owed + interest - sum(paid)
    if framework == "us-gaap":  # elsewhere it is a loan whose rate keeps to no limit
        assert interest <= sum(paid)
    seller, buyer = kept.books["tenant"].postings, kept.books["landlord"].postings
    assert net(seller)["cash"] == owed - sum(paid)
    assert net(buyer)["cash"] == sum(paid) - owed
    assert net(seller).get("lease-interest-expense", 0) == interest
    assert net(buyer).get("lease-interest-income", 0) == -interest
    assert len(found.rows) == count


@law
@given(sales())
def test_within_a_group_a_sale_and_its_leaseback_never_happened(setting):
    kept = books(setting)
    members = frozenset({"tenant", "landlord"})
    sheet = consolidate(
        kept.books["tenant"], kept.books, members, setting=setting, accrued={}, cash_accounts={},
        until=kept.until,
    )  # fmt: skip
    whole = net(sheet.column("as-consolidated"))
    # Nobody in the group holds the landlord; how equity is split is no part of this.
    split = {"noncontrolling-interest", "income-attributed-to-noncontrolling-interest"}
    whole = {account: amount for account, amount in whole.items() if account not in split}
    contracts = setting.deal.contracts
    costs = setting.minor(contracts[LEASE].initial_direct_costs)
    never = attrs.evolve(setting, deal=attrs.evolve(setting.deal, contracts={}), outcomes={})
    owned = measure_asset("hall", members, setting=never, accrued={}, until=kept.until).use
    written = owned.total("depreciation")
    cost = owned.total("transferred")
    expected = {
        "property-plant-and-equipment": cost,
        "accumulated-depreciation": -written,
        "depreciation": written,
        "shareholders-equity": -setting.minor(setting.deal.assets["hall"].carrying_amount),
        "initial-direct-costs-expensed": costs,
        "cash": -costs,
    }
    assert whole == {account: amount for account, amount in expected.items() if amount}


def test_a_sale_without_a_leaseback_takes_the_whole_gain():
    deal = deal_of(hall(700, None), sale(1_000), facts=CLEAR)
    reached = pipeline.decide(deal, "us-gaap", "plain", {})
    assert reached["sale_and_leaseback", SALE].outcome == "no-leaseback"
    setting = Setting(deal, "us-gaap", "plain", {("sale_and_leaseback", SALE): "no-leaseback"})
    assert _sold(setting).gain == 300_00
    assert net(books(setting).books["tenant"].postings)["gain-or-loss"] == -300_00


def test_what_a_price_is_held_against_must_be_known():
    deal = deal_of(hall(700, None), sale(1_000), lease([100] * 3, "0.05"), facts=CLEAR)
    with pytest.raises(NotModelled, match="no fair value"):
        sale_figures(SALE, setting_of(deal, "us-gaap", "sale"))


def test_a_loan_larger_than_the_rents_is_refused():
    assert off_market(130, 100) == (30, 0)
    with pytest.raises(NotModelled, match="more than the leaseback pays"):
        qualifying_sale(SaleTerms(130, 100, 90), "us-gaap", 20)


def test_an_asset_is_written_down_to_the_day_before_it_is_sold():
    asset = hall(
        1_200, 1_200, in_service=figure(date(2028, 1, 1)), held_from=figure(date(2028, 1, 1)),
        annual_depreciation=figure(money(120)),
    )  # fmt: skip
    setting = setting_of(deal_of(asset, sale(1_200), lease([10], "0.05")), "us-gaap", "sale")
    assert _sold(setting).terms.carrying_amount == 1_080_00
    kept = books(setting)
    seller = [p for p in kept.books["tenant"].postings if p.date <= DAY]
    assert net(seller)["depreciation"] == 120_00
    assert net(seller)["gain-or-loss"] == -120_00


def test_rows_of_a_financing_carry_on_from_each_other():
    rows = _failed(100_000).rows
    assert [row.closing for row in rows[:-1]] == [row.opening for row in rows[1:]]


# --- works that a lessee controls -----------------------------------------------------------------

WORKS = "hall-works"


def _built(outcome: str | None) -> Setting:
    """A hall that its landlord has built for the tenant, by what the passing of it is."""
    draws = Draws(figure(money(120)), figure(date(2028, 1, 1)), figure(date(2028, 12, 31)))
    works = Construction(WORKS, "landlord", "builder", "hall", draws)
    asset = hall(0, 120, owner="landlord", carrying_amount=None, held_from=None)
    setting = setting_of(deal_of(asset, works, lease([30] * 3, "0.05")), "us-gaap", "")
    outcomes = {key: o for key, o in setting.outcomes.items() if key[0] != "sale_and_leaseback"}
    if outcome is not None:
        outcomes["control_during_construction", LEASE] = "controls"
        outcomes["sale_and_leaseback", WORKS] = outcome
    return attrs.evolve(setting, outcomes=outcomes)


def test_works_that_a_lessee_controls_are_its_own_with_a_loan_until_they_pass():
    kept = books(_built("sale"))
    tenant = kept.books["tenant"].postings
    building = net([p for p in tenant if p.date < DAY])
    assert building == {"construction-in-progress": 120_00, "financing-obligation": -120_00}
    after = net([p for p in tenant if p.date <= DAY])
    assert not {"construction-in-progress", "financing-obligation", "gain-or-loss"} & after.keys()
    landlord = net([p for p in kept.books["landlord"].postings if p.date < DAY])
    assert landlord == {"financing-receivable": 120_00, "cash": -120_00}
    standing = net(kept.books["landlord"].postings)
    assert standing["property-plant-and-equipment"] == 120_00
    assert standing["accumulated-depreciation"] == -standing["depreciation"] < 0


def test_works_whose_passing_is_no_sale_stay_with_a_loan_that_the_rents_serve():
    setting = _built("failed-sale")
    found = sale_figures(WORKS, setting)
    assert (found.financial_liability, found.underlying_asset) == (120_00, 120_00)
    kept = books(setting)
    tenant = net([p for p in kept.books["tenant"].postings if p.date <= date(2029, 12, 31)])
    assert tenant["property-plant-and-equipment"] == 120_00
    assert tenant["depreciation"] == 6_00
    assert tenant["financing-obligation"] == -found.rows[0].closing
    assert "rental-income" not in net(kept.books["landlord"].postings)


def test_works_that_a_lessee_does_not_control_change_no_book():
    kept = books(_built(None))
    assert not [p for p in kept.books["tenant"].postings if p.date < DAY]
    landlord = net([p for p in kept.books["landlord"].postings if p.date < DAY])
    assert landlord == {"construction-in-progress": 120_00, "cash": -120_00}


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_the_passing_of_works_is_tested_as_a_sale_once_the_lessee_controls_them(framework):
    deal = attrs.evolve(
        _built(None).deal, facts=deal_of(hall(1, 1), facts=CLEAR, about=WORKS).facts
    )
    classes = {
        ("lessee_classification", LEASE): "operating",
        ("lessor_classification", LEASE): "operating",
    }
    found = {}
    for control in ("controls", "does-not-control"):
        stated = {**classes, ("control_during_construction", LEASE): control}
        reached = pipeline.decide(deal, framework, "plain", stated)
        found[control] = reached["sale_and_leaseback", WORKS].outcome
    assert found == {"controls": "sale", "does-not-control": "no-leaseback"}
    open_control = pipeline.decide(deal, framework, "plain", classes)
    assert open_control["sale_and_leaseback", WORKS].outcome is None
