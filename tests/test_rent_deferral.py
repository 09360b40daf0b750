"""
Rent that is paid later: as it was due and still open, or as a modification, in both books.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hall_deals import written
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook import pipeline
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months
from leasebook.values.duration import Duration

# A busy machine is no reason to fail, so there is no deadline.
law = settings(max_examples=40, deadline=None)

START = date(2026, 1, 1)
RENT = 5_000_000  # cents, 60 times
LEASES = {"us-gaap": ("operating", "finance"), "ifrs": ("finance",)}
LESSORS = {"us-gaap": ("operating", "sales-type"), "ifrs": ("operating", "finance")}


@pytest.fixture(scope="module")
def deal(tmp_path_factory):
    path = tmp_path_factory.mktemp("deal") / "deal.toml"
    path.write_text(written(terms='lessor_rate = "6.5%"'), encoding="utf-8")
    return pipeline.open_deal(path)


def figure(value):
    return Figure(value, assumption="a test")


def months(count):
    return figure(Duration(count, f"{count} months"))


def deferral(begins, count, wait, over, share=None, rate=None):
    day = add_months(START, begins)
    return Event(
        "course", "hall-lease", "rent-deferred", figure(day),
        deferred_for=months(count),
        deferred_share=None if share is None else figure(share),
        repaid_from=figure(add_months(day, count + wait)),
        repaid_over=months(over),
        discount_rate=None if rate is None else figure(rate),
    )  # fmt: skip


def schedules(deal, framework, event=None, outcome="modification", lessee="operating",
              lessor="operating"):  # fmt: skip
    outcomes = {
        ("lessee_classification", "hall-lease"): lessee,
        ("lessor_classification", "hall-lease"): lessor,
    }
    if event is not None:
        outcomes["rent_deferral", f"hall-lease@{event.date.get()}/change"] = outcome
        deal = attrs.evolve(deal, events=(event,))
    setting = Setting(deal, framework, "course", outcomes)
    made = {s.name: s for s in lease_schedules(deal.contracts["hall-lease"], setting, {})}
    (tenant,) = [s for name, s in made.items() if name.startswith("lessee-")]
    (owner,) = [s for s in made.values() if "income" in s.columns or "receivable" in s.columns]
    return tenant, owner, setting


def cash(schedule):
    paid = {}
    for row in schedule.rows:
        amounts = dict(zip(schedule.columns, row.amounts, strict=True))
        total = amounts["payment"] + amounts.get("billed_settled", 0)
        if total:
            paid[row.date] = total
    return paid


@st.composite
def deferrals(draw):
    begins = draw(st.integers(1, 40))
    count = draw(st.integers(1, 12))
    wait = draw(st.integers(0, 3))
    over = draw(st.integers(1, min(12, 60 - begins - count - wait)))
    share = draw(st.sampled_from([None, Decimal("0.5"), Decimal("0.333")]))
    return deferral(begins, count, wait, over, share)


SIDES = [(f, a, b) for f in LEASES for a in LEASES[f] for b in LESSORS[f]]


@pytest.mark.parametrize(("framework", "lessee", "lessor"), SIDES)
@pytest.mark.parametrize("outcome", ["modification", "stays-due"])
def test_both_sides_show_the_same_cash_and_all_of_the_rent(
    deal, framework, lessee, lessor, outcome
):
    @law
    @given(deferrals())
    def held(event) -> None:
        tenant, owner, _ = schedules(deal, framework, event, outcome, lessee, lessor)
        assert cash(tenant) == cash(owner)
        assert sum(cash(tenant).values()) == 60 * RENT
        assert tenant.balance("liability", date(2030, 12, 31)) == 0
        assert tenant.balance("rou", date(2030, 12, 31)) == 0

    held()


@pytest.mark.parametrize(("framework", "lessee", "lessor"), SIDES)
def test_rent_that_stays_due_changes_no_cost_no_income_and_no_liability(
    deal, framework, lessee, lessor
):
    before = schedules(deal, framework, lessee=lessee, lessor=lessor)

    @law
    @given(deferrals())
    def held(event) -> None:
        after = schedules(deal, framework, event, "stays-due", lessee, lessor)
        for plain, later in zip(before[:2], after[:2], strict=True):
            for balance in ("liability", "rou", "net_investment", "deferred_rent"):
                if balance in plain.balances:
                    assert later.column(balance) == plain.column(balance)
            for flow in ("interest", "cost", "amortisation", "income"):
                if flow in plain.columns:
                    assert later.column(flow) == plain.column(flow)
        tenant, owner, _ = after
        assert tenant.column("rent_payable") == owner.column("rent_receivable")
        assert min(tenant.column("rent_payable")) == 0
        assert tenant.column("rent_payable")[-1] == 0

    held()


@pytest.mark.parametrize(("framework", "lessee"), [(f, a) for f in LEASES for a in LEASES[f]])
def test_a_modification_measures_the_payments_to_come_again(deal, framework, lessee):
    event = deferral(12, 6, 0, 12, rate=Decimal("0.08"))
    plain, _, _ = schedules(deal, framework, lessee=lessee)
    tenant, _, setting = schedules(deal, framework, event, "modification", lessee)
    segment = lease_segments(setting.deal.contracts["hall-lease"], setting)[1]
    assert segment.payments == (0,) * 6 + (RENT * 3 // 2,) * 12 + (RENT,) * 30
    day = date(2027, 1, 1)
    carried = plain.balance("liability", date(2026, 12, 31))
    change = segment.present_value() - carried
    assert tenant.total("remeasurement", day, day) == change
    # at the higher rate, and paid later, the liability falls, and the asset with it
    assert change < 0
    worth = sum(Fraction(p) / (1 + segment.rate) ** k for k, p in enumerate(segment.payments))
    assert round(worth) == segment.present_value()
    eve = date(2026, 12, 31)
    assert tenant.balance("rou", day) == plain.balance("rou", eve) + change
    assert "rent_payable" not in tenant.balances


def test_an_operating_landlord_spreads_what_is_left_evenly(deal):
    event = deferral(12, 6, 0, 12)
    _, owner, _ = schedules(deal, "us-gaap", event, "modification")
    monthly = {
        owner.total("income", add_months(START, k), add_months(START, k + 1) - date.resolution)
        for k in range(60)
    }
    assert monthly == {RENT}
    # six months of income are not paid, and are rent accrued
    assert owner.balance("deferred_rent", date(2027, 6, 30)) == -6 * RENT
    assert owner.balance("deferred_rent", date(2028, 6, 30)) == 0


@pytest.mark.parametrize("outcome", ["modification", "stays-due"])
def test_what_is_agreed_by_commencement_is_what_commences(deal, outcome):
    event = deferral(0, 12, 0, 24)
    tenant, owner, setting = schedules(deal, "us-gaap", event, outcome)
    (segment,) = lease_segments(setting.deal.contracts["hall-lease"], setting)
    assert segment.payments == (0,) * 12 + (RENT * 3 // 2,) * 24 + (RENT,) * 24
    assert tenant.total("initial") == segment.present_value()
    assert cash(tenant) == cash(owner)


def test_deferred_rent_that_the_lease_does_not_live_to_see_is_refused(deal):
    event = deferral(12, 6, 0, 12)
    ended = Event("course", "hall-lease", "terminated", figure(date(2028, 1, 1)))
    both = attrs.evolve(deal, events=(event, ended))
    outcomes = {
        ("lessee_classification", "hall-lease"): "operating",
        ("lessor_classification", "hall-lease"): "operating",
        ("rent_deferral", "hall-lease@2027-01-01/change"): "stays-due",
    }
    setting = Setting(both, "us-gaap", "course", outcomes)
    with pytest.raises(NotModelled, match="deferred is not paid"):
        lease_segments(both.contracts["hall-lease"], setting)
