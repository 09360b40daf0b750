"""Subleases: their class, what the sublessor gives up, and what it keeps."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from leasebacks import DAY, books, deal_of, hall, money, net
from strategies import duration, figure

from leasebook import pipeline
from leasebook.book.keep import Kept
from leasebook.contract.deal import Deal, Framework, StatedFact
from leasebook.contract.lease import Lease, Rent
from leasebook.measure.setting import Setting

HEAD, SUB = "head-lease", "sublease"
NO_SPECIAL_TERMS = {
    "title_transfers": False,
    "risks_stay_with_lessor": False,
    "no_alternative_use": False,
    "renewal_reasonably_certain": False,
}


def _lease(
    name: str, sides: tuple[str, str], begins: date, years: int, rent: int, **more: Any
) -> Lease:
    return Lease(
        name, *sides, "hall",
        commencement_date=figure(begins),
        noncancellable=figure(duration(12 * years)),
        rent=Rent(duration(12), "arrears", amounts=(figure(money(rent)),) * years),
        discount_rate=figure(Decimal("0.05")),
        **more,
    )  # fmt: skip


def _deal(
    sublet_years: int, rent: int = 130, *, years: int = 5, elected: bool = False, fair: int = 5_000
) -> Deal:
    head = _lease(HEAD, ("owner", "tenant"), DAY, years, 100)
    begins = date(2031, 1, 1) if years > 2 else DAY
    sub = _lease(SUB, ("tenant", "landlord"), begins, sublet_years, rent, head_lease=HEAD)
    deal = deal_of(hall(0, fair, owner="owner", carrying_amount=None, held_from=None), head, sub)
    stated = [
        StatedFact(about, name, figure(value))
        for about in (HEAD, SUB)
        for name, value in NO_SPECIAL_TERMS.items()
    ]
    if elected:
        stated.append(StatedFact(HEAD, "short_term_elected", figure(True)))
    return attrs.evolve(deal, facts=tuple(stated))


def _class(deal: Deal, framework: Framework = "ifrs") -> str | None:
    reached = pipeline.decide(deal, framework, "plain", {})
    return reached["lessor_classification", SUB].outcome


def test_a_sublease_of_all_that_is_left_is_a_finance_lease_by_the_right_of_use():
    # IFRS 16 illustrative example 20: three years out of three that are left of five.
    assert _class(_deal(3)) == "finance"


def test_a_sublease_of_part_of_what_is_left_is_an_operating_lease():
    # IFRS 16 illustrative example 21 lets for less than the major part of the head lease.
    assert _class(_deal(2)) == "operating"


def test_a_sublease_of_a_short_term_head_lease_is_operating():
    assert _class(_deal(1, years=1)) == "finance"
    assert _class(_deal(1, years=1, elected=True)) == "operating"


def test_under_us_gaap_a_sublease_is_held_against_the_asset_itself():
    deal = _deal(3)
    sub = attrs.evolve(deal.contracts[SUB], unguaranteed_residual=figure(money(4_500)))
    deal = attrs.evolve(deal, contracts={**deal.contracts, SUB: sub})
    collected = StatedFact(SUB, "collection_probable", figure(True))
    varies = StatedFact(SUB, "payments_vary_otherwise", figure(False))
    deal = attrs.evolve(deal, facts=(*deal.facts, collected, varies))
    assert _class(deal, "us-gaap") == "operating"


def _kept(
    framework: str, outcome: str, sublet_years: int = 3, head_class: str = "operating"
) -> Kept:
    outcomes = {("lease_term", name): "noncancellable-only" for name in (HEAD, SUB)}
    outcomes |= {
        ("lessee_classification", HEAD): head_class,
        ("lessee_classification", SUB): "operating",
        ("lessor_classification", HEAD): "operating",
        ("lessor_classification", SUB): outcome,
    }
    return books(Setting(_deal(sublet_years), framework, "plain", outcomes))


ROU = ("operating-lease-right-of-use-assets", "finance-lease-right-of-use-assets")


@pytest.mark.parametrize(
    ("framework", "outcome", "head_class"),
    [
        ("ifrs", "finance", "finance"),
        ("us-gaap", "sales-type", "finance"),
        ("us-gaap", "sales-type", "operating"),
    ],
)
def test_a_finance_sublease_takes_the_right_of_use_off_and_keeps_the_liability(
    framework, outcome, head_class
):
    kept = _kept(framework, outcome, head_class=head_class)
    mine = kept.books["tenant"].postings
    day = date(2031, 1, 1)
    before, after = (net([p for p in mine if p.date <= at]) for at in (date(2030, 12, 31), day))
    right = sum(before.get(account, 0) for account in ROU)
    assert right > 0
    assert sum(after.get(account, 0) for account in ROU) == 0
    assert "property-plant-and-equipment" not in after
    # Three rents of 130 at the head lease's 5 %.
    worth = round(sum(Fraction(130_00) / Fraction(105, 100) ** k for k in (1, 2, 3)))
    assert after["lease-receivable"] == worth
    assert after["selling-profit"] == right - worth
    owed = [a for a in before if a.endswith("lease-liabilities")]
    assert [before[a] for a in owed] == [after[a] for a in owed]
    rest = net([p for p in mine if p.date > day])
    assert "operating-lease-cost" not in rest
    assert "depreciation" not in rest
    assert rest["lease-interest-expense"] > 0
    final = net(mine)
    assert not [a for a in final if "lease" in a and a.endswith(("liabilities", "receivable"))]


def test_an_operating_sublease_leaves_the_head_lease_and_earns_rent():
    kept = _kept("ifrs", "operating", sublet_years=2)
    final = net(kept.books["tenant"].postings)
    assert final["rental-income"] == -260_00
    head = next(s for s in kept.schedules if s.contract == HEAD and s.entity == "tenant")
    assert final["depreciation"] == head.total("amortisation")
    assert not [s for s in kept.schedules if s.name.startswith("right-sublet")]


def test_a_sublease_for_part_of_the_time_gives_up_the_right_for_that_time():
    kept = _kept("ifrs", "finance", sublet_years=2)
    mine = kept.books["tenant"].postings
    head = next(s for s in kept.schedules if s.contract == HEAD and s.entity == "tenant")
    last_year = head.total("amortisation", date(2033, 1, 1))
    at_sublease = net([p for p in mine if p.date <= date(2031, 1, 1)])
    assert at_sublease["finance-lease-right-of-use-assets"] == last_year
    assert net([p for p in mine if p.date >= date(2033, 1, 1)])["depreciation"] == last_year
