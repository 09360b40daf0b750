"""
Leasebacks with loans in them: costs of a failed sale, an early end, rent paid ahead, a low price.
"""

from datetime import date
from fractions import Fraction

import pytest
from leasebacks import DAY, LEASE, SALE, books, deal_of, hall, lease, money, sale, setting_of
from strategies import figure

from leasebook.contract.event import Event
from leasebook.measure.financing import financed
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.leaseback import financing_of, sale_figures, split_of
from leasebook.measure.lessor_figures import lessor_figures

FRAMEWORKS = ["us-gaap", "ifrs"]
both = pytest.mark.parametrize("framework", FRAMEWORKS)
EARLY = date(2031, 1, 1)


def net(postings, until=date.max):
    sums = {}
    for p in postings:
        if p.date <= until:
            sums[p.debit] = sums.get(p.debit, 0) + p.amount_minor
            sums[p.credit] = sums.get(p.credit, 0) - p.amount_minor
    return {account: amount for account, amount in sums.items() if amount}


def failed(framework, **more):
    back = lease([300] * 4, "0.1", **more)
    return setting_of(deal_of(hall(500, 1_000), sale(1_000), back), framework, "failed-sale")


# --- costs, incentives and rent paid ahead of a failed sale ---------------------------------------


@both
def test_costs_lower_the_loan_of_a_failed_sale_and_go_into_its_effective_rate(framework):
    plain = sale_figures(SALE, failed(framework))
    setting = failed(framework, initial_direct_costs=figure(money(40)))
    found = sale_figures(SALE, setting)
    assert found.financial_liability == plain.financial_liability - 40_00
    assert found.financing_rate > plain.financing_rate
    # Costs are interest over the term, and change nothing of what is owed in the end.
    interest = [sum(row.interest for row in each.rows) for each in (plain, found)]
    assert interest[1] - interest[0] == 40_00
    assert found.rows[-1].closing == plain.rows[-1].closing
    kept = books(setting)
    seller = net(kept.books["tenant"].postings, DAY)
    assert seller["financing-obligation"] == -960_00
    assert seller["cash"] == 960_00
    assert net(kept.books["landlord"].postings, DAY)["financing-receivable"] == 1_000_00
    whole = net(kept.books["tenant"].postings)
    assert whole["lease-interest-expense"] == interest[1]
    assert "financing-obligation" not in whole


@both
def test_costs_of_the_buyer_raise_what_it_has_lent_and_not_what_is_owed(framework):
    setting = failed(framework, lessor_initial_direct_costs=figure(money(25)))
    kept = books(setting)
    buyer = net(kept.books["landlord"].postings, DAY)
    assert buyer["financing-receivable"] == 1_025_00
    assert buyer["cash"] == -1_025_00
    assert net(kept.books["tenant"].postings, DAY)["financing-obligation"] == -1_000_00
    whole = [net(kept.books[name].postings) for name in ("tenant", "landlord")]
    earned = whole[0]["lease-interest-expense"] + whole[1]["lease-interest-income"]
    assert earned == 25_00
    assert "financing-receivable" not in whole[1]


@both
def test_rent_paid_ahead_repays_a_failed_sales_loan_at_once_and_an_incentive_is_lent(framework):
    more = {"prepaid": figure(money(100)), "incentives": figure(money(30))}
    setting = failed(framework, **more)
    assert sale_figures(SALE, setting).financial_liability == 930_00
    kept = books(setting)
    for name, account, sign in (("tenant", "financing-obligation", -1),
                                ("landlord", "financing-receivable", 1)):  # fmt: skip
        first = net(kept.books[name].postings, DAY)
        assert (first[account], first["cash"]) == (sign * 930_00, -sign * 930_00)


def test_the_limits_of_a_rate_are_those_of_the_loan_without_its_costs():
    terms = LeaseSegment(DAY, 3, 12, "arrears", (10_000,) * 3, Fraction(1, 5), "")
    found = financed(terms, 100_000, 0, 2_000)
    # Interest of the loan is no more than its payments; what it cost comes on top.
    assert found.closing == 100_000
    assert sum(found.interest) == 30_000 + 2_000
    assert "lowered" in found.text
    assert "with costs" in found.text


# --- a loan that no rate brings to its end --------------------------------------------------------


def test_a_loan_for_which_no_rate_reaches_its_end_keeps_its_own_rate_under_ifrs():
    # All is paid at once: nothing is left that could bear interest, whatever the rate.
    terms = LeaseSegment(DAY, 1, 12, "advance", (1_200,), Fraction(1, 10), "as stated")
    found = financed(terms, 1_000, None)
    assert (found.rate, found.closing, found.text) == (Fraction(1, 10), -220, "as stated")
    assert found.interest == [-20]


def test_a_loan_whose_payments_repay_more_than_is_owed_takes_the_rate_that_ends_it_at_nothing():
    terms = LeaseSegment(DAY, 2, 12, "arrears", (60, 60), Fraction(0), "as stated")
    found = financed(terms, 100, None)
    assert found.closing == 0
    assert found.rate > 0
    assert "raised so that it ends at nothing" in found.text


# --- a price above fair value ---------------------------------------------------------------------


def above(framework, events=(), **more):
    back = lease([300] * 4, "0.05", **more)
    made = deal_of(hall(600, 900), sale(1_000), back, events=events, framework=framework)
    return setting_of(made, framework, "sale")


@both
@pytest.mark.parametrize("paid", [0, 50])
def test_a_loan_in_the_price_ends_with_a_leaseback_that_ends_early(framework, paid):
    event = Event("plain", LEASE, "terminated", figure(EARLY), penalty=figure(money(paid)))
    setting = above(framework, [event])
    split = split_of(setting.deal.contracts[LEASE], setting)
    rows = financing_of(setting.deal.contracts[LEASE], setting)
    assert len(rows) == 2
    kept = books(setting)
    seller, buyer = (net(kept.books[name].postings) for name in ("tenant", "landlord"))
    assert "additional-financing-liability" not in seller
    assert "additional-financing-receivable" not in buyer
    before = net(kept.books["tenant"].postings, date(2030, 12, 31))
    assert before["additional-financing-liability"] == -rows[-1].closing
    ended = [p for p in kept.books["tenant"].postings if p.date == EARLY]
    assert net(ended).get("cash", 0) == -paid * 100
    released = sum(p.amount_minor for p in ended if p.debit == "additional-financing-liability")
    assert released == rows[-1].closing
    assert split.of_penalty(paid * 100) < paid * 100 or not paid
    # Both sides show the same cash all along.
    assert seller["cash"] == -buyer["cash"]


@both
def test_rent_paid_ahead_in_arrears_repays_its_share_of_the_loan_on_the_day_of_the_sale(framework):
    setting = above(framework, prepaid=figure(money(200)))
    split = split_of(setting.deal.contracts[LEASE], setting)
    share = round(Fraction(split.sale.additional_financing * 200_00, split.sale.pv_payments))
    assert split.repaid_at_once == share
    rows = financing_of(setting.deal.contracts[LEASE], setting)
    assert rows[0].opening == 100_00 - share
    assert rows[-1].closing == 0
    kept = books(setting)
    seller, buyer = (net(kept.books[name].postings) for name in ("tenant", "landlord"))
    assert "additional-financing-liability" not in seller
    first = net(kept.books["tenant"].postings, DAY)
    assert first["additional-financing-liability"] == -(100_00 - share)
    assert first["cash"] == 1_000_00 - 200_00
    assert seller["cash"] == -buyer["cash"] == 1_000_00 - 200_00 - 4 * 300_00


# --- a price below fair value ---------------------------------------------------------------------


def test_a_net_investment_of_a_buyer_that_paid_less_begins_at_what_it_paid():
    back = lease([250] * 4, "0.05", unguaranteed_residual=figure(money(100)))
    made = deal_of(hall(600, 1_000), sale(900), back, framework="ifrs")
    setting = setting_of(made, "ifrs", "sale", lessor_classification="finance")
    figures = lessor_figures(made.contracts[LEASE], setting).opening
    assert figures["net_investment"] == 900_00
    assert figures["selling_profit"] == 0
    kept = books(setting)
    first = net(kept.books["landlord"].postings, DAY)
    assert "straight-line-rent" not in first
    assert first["lease-receivable"] + first["unguaranteed-residual-asset"] == 900_00
    assert first["cash"] == -900_00
    assert set(first) == {"lease-receivable", "unguaranteed-residual-asset", "cash"}
    earned = -net(kept.books["landlord"].postings)["lease-interest-income"]
    assert earned == 4 * 250_00 + 100_00 - 900_00
