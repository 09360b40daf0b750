"""Sales-type leases that may not be collected, and assets that lessees come to buy."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from leasebacks import books, deal_of, hall, money, net
from strategies import duration, figure

from leasebook import pipeline
from leasebook.contract.event import Event
from leasebook.contract.lease import Lease, Rent
from leasebook.measure.setting import Setting

MACHINE = "machine-lease"
DAY = date(2017, 1, 1)


def _machine(
    *events: Event, outcome: str = "sales-type", doubtful: bool = True, **more: Any
) -> Setting:
    """
    A dealer's machine for eight years at 35,004 in advance, set to earn 6 %; its cost is 160,000.

    Kieso, Intermediate Accounting, exercise E21-8; its solution as posted on wizedu.com, question
    117331: receivable 230,410, and 35,004 of deposit where collection is not probable.
    """
    lease = Lease(
        MACHINE, "landlord", "tenant", "hall",
        commencement_date=figure(DAY),
        noncancellable=figure(duration(96)),
        rent=Rent(duration(12), "advance", amount=figure(money(35_004))),
        discount_rate=figure(Decimal("0.06")),
        lessor_rate=figure(Decimal("0.06")),
        **more,
    )  # fmt: skip
    asset = hall(
        160_000, 230_410, owner="landlord", useful_life=figure(duration(120)),
        in_service=figure(DAY), held_from=figure(DAY),
    )  # fmt: skip
    outcomes = {
        ("lease_term", MACHINE): "noncancellable-only",
        ("lessee_classification", MACHINE): "finance",
        ("lessor_classification", MACHINE): outcome,
    }
    if doubtful:
        outcomes["deposit_method", MACHINE] = "applies"
    return Setting(deal_of(asset, lease, events=events), "us-gaap", "plain", outcomes)


def _then(kind: str, year: int, **more: Any) -> Event:
    return Event("plain", MACHINE, kind, figure(date(year, 1, 1)), **more)  # type: ignore[arg-type]


def _until(setting: Setting, day: date) -> dict[str, int]:
    """The lessor's balances at the close of a day, in cents."""
    return net([p for p in books(setting).books["landlord"].postings if p.date <= day])


def _plant(found: dict[str, int]) -> int:
    return sum(
        found.get(a, 0) for a in ("property-plant-and-equipment", "accumulated-depreciation")
    )


def test_a_sale_that_may_not_be_collected_is_a_deposit_and_the_machine_stays():
    first = _until(_machine(), DAY)
    assert first["deposit-liability"] == -35_004_00
    assert "lease-receivable" not in first
    year = _until(_machine(), date(2017, 12, 31))
    assert _plant(year) == 144_000_00
    assert year["depreciation"] == 16_000_00


def test_collection_that_becomes_probable_recognises_the_sale_at_the_rate_of_commencement():
    # After two years: six rents in advance at 6 % are 35,004 x 5.2123638 = 182,453.58; the deposit
    # is 70,008 and the machine stands at 128,000, so that the profit is 124,461.58.
    found = _until(_machine(_then("collection-probable", 2019)), date(2019, 1, 1))
    assert found["lease-revenue"] == -(182_453_58 + 70_008_00)
    assert found["cost-of-goods-sold"] == 128_000_00
    assert "deposit-liability" not in found
    # The rent of the day is paid out of the receivable.
    assert found["lease-receivable"] == 182_453_58 - 35_004_00
    assert _plant(found) == 0


def test_a_lease_that_ends_before_leaves_the_machine_and_makes_the_deposit_income():
    ended = _machine(_then("terminated", 2019, penalty=figure(money(500))))
    found = _until(ended, date(2019, 1, 1))
    assert found["rental-income"] == -(70_008_00 + 500_00)
    assert "deposit-liability" not in found
    assert _plant(found) == 128_000_00
    final = net(books(ended).books["landlord"].postings)
    assert "lease-revenue" not in final


def test_a_deposit_of_the_whole_term_is_income_when_the_term_is_over():
    found = _until(_machine(), date(2024, 12, 31))
    assert found["rental-income"] == -8 * 35_004_00
    assert _plant(found) == 32_000_00


@pytest.mark.parametrize("expensed", [True, False])
def test_direct_costs_are_expensed_at_once_only_if_the_sale_would_make_a_profit(expensed):
    costs = {"lessor_initial_direct_costs": figure(money(1_000))}
    setting = _machine(**costs)
    if not expensed:
        asset = attrs.evolve(setting.deal.assets["hall"], carrying_amount=figure(money(230_410)))
        deal = attrs.evolve(setting.deal, assets={"hall": asset})
        setting = attrs.evolve(setting, deal=deal)
    found = _until(setting, DAY)
    assert found.get("initial-direct-costs-expensed", 0) == (1_000_00 if expensed else 0)
    assert found.get("deferred-initial-direct-costs", 0) == (0 if expensed else 1_000_00)


def test_a_sale_that_was_probable_from_the_start_is_not_asked_again():
    plain = _until(_machine(doubtful=False), date(2019, 1, 1))
    asked = _machine(_then("collection-probable", 2019), doubtful=False)
    assert _until(asked, date(2019, 1, 1)) == plain


@pytest.mark.parametrize(
    ("begins", "months"),
    [(date(2018, 1, 31), 12), (date(2018, 2, 1), 13), (date(2018, 2, 28), 13)],
)
def test_a_lease_from_a_month_end_gives_up_just_what_the_books_still_carry(begins, months):
    # The month that closes on that day is no longer the lessor's to depreciate.
    setting = _machine(doubtful=False)
    lease = attrs.evolve(setting.deal.contracts[MACHINE], commencement_date=figure(begins))
    deal = attrs.evolve(setting.deal, contracts={MACHINE: lease})
    found = _until(attrs.evolve(setting, deal=deal), begins)
    depreciated = round(Fraction(160_000_00 * months, 120))
    assert found["depreciation"] == depreciated
    assert found["cost-of-goods-sold"] == 160_000_00 - depreciated
    assert _plant(found) == 0


def _bought(**more: Any) -> Event:
    """At the beginning of 2018 it becomes certain that the lessee buys at the end of 2020."""
    return _then(
        "purchase-option-reassessed", 2018, price=figure(money(100_000)),
        exercise=figure(date(2021, 1, 1)), reasonably_certain=True,
        lessee_classification="finance", **more,
    )  # fmt: skip


def test_an_operating_lessor_sells_the_machine_when_its_lessee_buys_it():
    setting = _machine(_bought(), outcome="operating", doubtful=False)
    found = _until(setting, date(2020, 12, 31))
    # Four years of ten are written off; rents are level, so that none is accrued.
    assert found["selling-profit"] == -(100_000_00 - 96_000_00)
    assert _plant(found) == 0
    assert found["cash"] == 4 * 35_004_00 + 100_000_00
    assert net(books(setting).books["landlord"].postings) == found


def test_a_net_investment_is_given_up_for_the_price():
    setting = _machine(_bought(), doubtful=False)
    found = _until(setting, date(2020, 12, 31))
    # Four rents in advance are left: 35,004 x 3.6730119 = 128,570.11; 100,000 is 28,570.11 less.
    assert abs(found["gain-or-loss"] - 28_570_11) <= 2
    assert "lease-receivable" not in found
    assert found["cash"] == 4 * 35_004_00 + 100_000_00


def test_a_purchase_that_is_no_longer_certain_leaves_the_lessor_with_the_machine():
    off = _then(
        "purchase-option-reassessed", 2019, price=figure(money(100_000)),
        exercise=figure(date(2021, 1, 1)), reasonably_certain=False,
        payments=tuple(figure(money(35_004)) for _ in range(6)),
    )  # fmt: skip
    setting = _machine(_bought(), off, outcome="operating", doubtful=False)
    found = _until(setting, date(2024, 12, 31))
    assert found["cash"] == 8 * 35_004_00
    assert found["rental-income"] == -8 * 35_004_00
    assert "selling-profit" not in found
    assert _plant(found) == 32_000_00


def test_books_need_to_know_whether_a_sale_will_be_collected():
    deal = _machine().deal
    stated = {("lessor_classification", MACHINE): "sales-type"}
    reached = pipeline.decide(deal, "us-gaap", "plain", stated)
    assert reached["deposit_method", MACHINE].outcome is None


@pytest.mark.parametrize("bought", [False, True])
def test_direct_costs_that_have_waited_reduce_the_price_of_the_sale(bought):
    """Collected after two years, or bought for 100,000 after four, and no profit at first."""
    event = _bought() if bought else _then("collection-probable", 2019)
    setting = _machine(event, lessor_initial_direct_costs=figure(money(1_000)))
    asset = attrs.evolve(setting.deal.assets["hall"], carrying_amount=figure(money(230_410)))
    setting = attrs.evolve(setting, deal=attrs.evolve(setting.deal, assets={"hall": asset}))
    found = _until(setting, date(2020, 12, 31) if bought else date(2019, 1, 1))
    price = 4 * 35_004_00 + 100_000_00 if bought else 182_453_58 + 70_008_00
    assert found["lease-revenue"] == -(price - 1_000_00)
    assert "deferred-initial-direct-costs" not in found
    assert "initial-direct-costs-expensed" not in found
    assert _plant(found) == 0
