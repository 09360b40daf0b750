from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.contract.figure import Figure, UnknownFigureError
from leasebook.contract.warrant import Tranche
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.warrant import earned_by_purchases, warrant_schedules
from leasebook.pipeline import open_deal, run

ROOT = Path(__file__).parent.parent
DEAL = open_deal(ROOT / "tests" / "deals" / "warrants.toml")
FRAMEWORKS = ("us-gaap", "ifrs")


def figure(value):
    return Figure(value, assumption="of the example")


def with_contract(contract, deal=DEAL):
    return attrs.evolve(deal, contracts={**deal.contracts, contract.id: contract})


def schedule(found, name, contract):
    (one,) = [s for s in found.kept.schedules if (s.name, s.contract) == (name, contract)]
    return one


def tranche(value, vests, **more):
    return Tranche(figure(Decimal(1)), figure(Decimal(value)), figure(vests), **more)


def of_tranches(*tranches):
    """The setting of a deal in which the support's warrant has other tranches, and the warrant."""
    warrant = attrs.evolve(
        DEAL.contracts["support-warrant"], tranches=tranches, fair_values=(), exercised=None
    )
    setting = run(DEAL, "as-filed", "us-gaap").setting
    return warrant, attrs.evolve(setting, deal=with_contract(warrant))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_tranche_lowers_the_price_of_the_purchases_that_earn_it_in_proportion(framework):
    issued = schedule(run(DEAL, "as-filed", framework), "warrant-issued", "support-warrant")
    by_day = {row.date: row.amounts[issued.columns.index("fees_reduced")] for row in issued.rows}
    # 300 over three quarters, then 500 over five; the third tranche is not expected to vest
    assert list(by_day.values())[:8] == [10_000] * 3 + [10_000] * 5
    assert issued.balance("warrants", date(2028, 12, 31)) == 80_000


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_warrant_is_worth_what_is_said_of_it_on_a_later_day(framework):
    held = schedule(run(DEAL, "as-filed", framework), "warrant-held", "support-warrant")
    assert held.balance("carrying_amount", date(2026, 9, 30)) == 30_000
    assert held.balance("carrying_amount", date(2026, 12, 31)) == 45_000
    assert held.balance("carrying_amount", date(2027, 12, 31)) == 80_000
    assert held.total("strike_paid") == 7_000  # 700 shares that vested at 0.10
    assert held.rows[-1].amounts[held.columns.index("carrying_amount")] == 0


def test_without_quotation_a_warrant_stays_at_what_it_was_worth_when_it_was_earned():
    assumed = ["warrant_measurement(support-warrant)=measurement-alternative"]
    found = run(DEAL, "as-filed", "us-gaap", assume=assumed)
    held = schedule(found, "warrant-held", "support-warrant")
    assert held.total("gain") == 0
    assert held.total("exercised") == 80_000


def test_a_warrant_for_a_guarantee_is_part_of_the_liability_of_day_one():
    found = run(DEAL, "as-filed", "us-gaap")
    issued = schedule(found, "guarantee-issued", "loan-guarantee")
    begins = date(2026, 1, 1)
    assert issued.balance("liability", begins) == 500_000
    assert (issued.total("instrument"), issued.total("expense")) == (360_000, 140_000)
    book = found.kept.books["guarantor"].postings
    credited = sum(
        p.amount_minor for p in book if p.credit == "guarantee-liability" and p.date == begins
    )
    assert credited == 500_000


def test_a_tranche_that_vests_before_any_purchase_waits_as_an_asset():
    warrant, setting = of_tranches(tranche("80", date(2026, 1, 2)))
    (ahead, *used) = earned_by_purchases(warrant, setting)
    assert (ahead.date, ahead.ahead, ahead.amount) == (date(2026, 1, 2), 8_000, 0)
    assert [part.amount for part in used] == [1_000] * 8
    issued, held = warrant_schedules(warrant, setting)
    assert issued.balance("deferred_cost", date(2026, 6, 30)) == 6_000
    assert issued.balance("deferred_cost", date(2027, 12, 31)) == 0
    assert held.total("ahead") == held.total("ahead_of_services") == 8_000


def test_a_tranche_without_purchases_is_refused():
    warrant, setting = of_tranches(
        tranche("80", date(2027, 12, 31)), tranche("20", date(2028, 6, 30))
    )
    with pytest.raises(NotModelled, match="nothing is bought for a tranche of support-warrant"):
        earned_by_purchases(warrant, setting)


def test_whether_a_tranche_vests_is_not_guessed():
    open_end = Figure(unknown="not public", path="contracts.support-warrant.tranches[0]")
    warrant, setting = of_tranches(tranche("80", date(2027, 12, 31), expected_to_vest=open_end))
    with pytest.raises(UnknownFigureError):
        earned_by_purchases(warrant, setting)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_warrant_that_may_be_owed_in_cash_is_a_liability_at_what_it_is_worth(framework):
    cash = attrs.evolve(DEAL.contracts["support-warrant"], settled_in="cash-or-shares")
    found = run(with_contract(cash), "as-filed", framework)
    owed = schedule(found, "warrant-owed", "support-warrant")
    held = schedule(found, "warrant-held", "support-warrant")
    days = [date(2026, 9, 30), date(2026, 12, 31), date(2027, 12, 31), date(2030, 12, 31)]
    assert [owed.balance("warrants", day) for day in days] == [30_000, 45_000, 80_000, 0]
    assert [held.balance("carrying_amount", day) for day in days] == [30_000, 45_000, 80_000, 0]
    # what is carried when it is exercised becomes equity
    assert (owed.total("exercised"), owed.total("strike_received")) == (80_000, 7_000)


def test_what_a_customer_gives_must_be_judged():
    silent = attrs.evolve(DEAL, judgements=())
    found = run(silent, "as-filed", "us-gaap")
    assert ("warrant_debit", "support-warrant") in found.open_decisions


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.dates(date(2026, 1, 1), date(2027, 12, 31))),
        min_size=1,
        max_size=5,
    )
)
def test_what_lowers_revenue_is_what_the_tranches_were_worth_whenever_they_vest(parts):
    parts = sorted(parts, key=lambda part: part[1])
    assert parts[-1][1] <= date(2027, 12, 31)
    tranches = [tranche(Decimal(cents).scaleb(-2), day) for cents, day in parts]
    warrant, setting = of_tranches(*tranches)
    worth = sum(cents for cents, _ in parts)
    found = earned_by_purchases(warrant, setting)
    assert sum(one.amount for one in found) == worth
    assert sum(one.ahead for one in found) == 0
    issued, held = warrant_schedules(warrant, setting)
    assert issued.balance("warrants", date(2029, 1, 1)) == worth
    assert issued.balance("deferred_cost", date(2029, 1, 1)) == 0
    assert held.total("services_cheaper") + held.total("ahead_of_services") == worth
