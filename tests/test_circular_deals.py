"""The public identities that the circular deals tie to; each README lists them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from leasebook.contract.figure import Figure
from leasebook.disclosures.draw_up import drawn_up
from leasebook.flows.money import payments
from leasebook.pages.disclosures import fiscal_period, scope_of
from leasebook.pipeline import open_deal, run
from leasebook.statements.layout import load_layouts

ROOT = Path(__file__).parent.parent
NAMES = ("nvidia-openai", "amd-openai", "microsoft-anthropic", "nvidia-coreweave")
DEALS = {name: open_deal(ROOT / "fixtures" / "deals" / f"circular-{name}") for name in NAMES}
MILLION = 10**8  # minor units
FRAMEWORKS = ("us-gaap", "ifrs")


def total(name, contract, framework="us-gaap", first=date.min, last=date.max):
    found = run(DEALS[name], "as-filed", framework)
    made = payments(found.deal, found.kept.schedules, found.setting)
    within = [p for p in made if p.contract == contract and first <= p.date <= last]
    return sum(p.amount_minor for p in within)


def moved(found, entity, account, last=date.max):
    """Credits less debits of an account in an entity's book."""
    return sum(
        p.amount_minor * ((p.credit == account) - (p.debit == account))
        for p in found.kept.books[entity].postings
        if p.date <= last
    )


@pytest.mark.parametrize(
    ("name", "contract", "millions"),
    [
        ("nvidia-openai", "nvidia-round", 30_000),
        ("nvidia-openai", "others-round", 80_000),
        ("nvidia-openai", "letter-of-intent", 0),
        ("microsoft-anthropic", "microsoft-equity", 5_000),
        ("microsoft-anthropic", "nvidia-equity", 10_000),
        ("microsoft-anthropic", "azure", 30_000),
        ("nvidia-coreweave", "placement", 2_000),
        ("nvidia-coreweave", "capacity-backstop", 0),
    ],
)
def test_what_is_paid_ties_to_what_is_public(name, contract, millions):
    assert total(name, contract) == millions * MILLION


def test_cloud_service_commitments_tie_to_the_published_schedule():
    ends = [date(2026, 1, 31), *(date(year, 1, 31) for year in range(2027, 2032))]
    parts, before = [], date.min
    for end in ends:
        names = ("cloud-from-coreweave", "cloud-from-others")
        parts.append(
            sum(total("nvidia-coreweave", n, first=before, last=end) for n in names) // MILLION
        )
        before = date(end.year, 2, 1)
    assert parts == [1_000, 6_000, 6_000, 5_000, 4_000, 4_000]
    assert sum(parts) == 26_000


def test_the_letter_of_intent_is_ten_billion_for_each_gigawatt():
    letter = DEALS["nvidia-openai"].contracts["letter-of-intent"]
    assert letter.amount.get() / 10 == Decimal(10_000_000_000)


def test_amds_warrant_has_its_public_shares_strike_and_expiry():
    warrant = DEALS["amd-openai"].contracts["warrant"]
    assert warrant.shares.get() == sum(t.shares.get() for t in warrant.tranches) == 160_000_000
    assert warrant.expiry.get() == date(2030, 10, 5)
    assert len(warrant.tranches) == 6
    assert total("amd-openai", "warrant") == 1_600_000_00  # 160 m shares at a cent


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_nothing_of_amds_warrant_vests_in_2025(framework):
    found = run(DEALS["amd-openai"], "as-filed", framework)
    assert moved(found, "amd", "warrants-issued", date(2025, 12, 31)) == 0
    assert moved(found, "openai", "warrants-held", date(2025, 12, 31)) == 0


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_amds_revenue_is_net_of_what_its_customer_earns(framework):
    found = run(DEALS["amd-openai"], "as-filed", framework)
    assert moved(found, "amd", "revenue") == (90_000 - 19_100) * MILLION
    assert moved(found, "amd", "warrants-issued") == 19_100 * MILLION
    plant = -moved(found, "openai", "property-plant-and-equipment")
    assert plant == (90_000 - 19_100) * MILLION
    depreciated = moved(found, "openai", "accumulated-depreciation")
    assert depreciated == plant


def test_a_tranche_whose_purchases_are_not_expected_lowers_nothing():
    deal = DEALS["amd-openai"]
    *others, last = deal.contracts["warrant"].tranches
    missed = attrs.evolve(last, expected_to_vest=Figure(False, assumption="no"))
    warrant = attrs.evolve(deal.contracts["warrant"], tranches=(*others, missed))
    found = run(
        attrs.evolve(deal, contracts={**deal.contracts, "warrant": warrant}), "as-filed", "ifrs"
    )
    assert moved(found, "amd", "warrants-issued") == (19_100 - 1_820) * MILLION


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_investment_at_its_worth_leaves_revenue_and_one_of_unknown_worth_takes_all_of_it(
    framework,
):
    filed = run(DEALS["nvidia-openai"], "as-filed", framework)
    assert moved(filed, "nvidia", "revenue") == 35_000 * MILLION
    assert moved(filed, "nvidia", "equity-investments") == -30_000 * MILLION
    unknown = run(DEALS["nvidia-openai"], "worth-unknown", framework)
    assert moved(unknown, "nvidia", "revenue") == 5_000 * MILLION
    assert moved(unknown, "nvidia", "equity-investments") == 0
    assert moved(unknown, "nvidia", "consideration-paid-to-customers") == 0


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_only_what_is_paid_beyond_the_worth_of_the_shares_lowers_revenue(framework):
    deal = DEALS["microsoft-anthropic"]
    less = attrs.evolve(
        deal.contracts["microsoft-equity"],
        instrument_fair_value=Figure(Decimal(4_500_000_000), assumption="the low end"),
    )
    contracts = {**deal.contracts, "microsoft-equity": less}
    found = run(attrs.evolve(deal, contracts=contracts), "as-filed", framework)
    assert moved(found, "microsoft", "service-income") == (30_000 - 500) * MILLION
    assert moved(found, "microsoft", "equity-investments") == -4_500 * MILLION
    # twenty quarters of the same fee take the same part of it
    assert moved(found, "microsoft", "service-income", date(2026, 3, 31)) == 1_475 * MILLION


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_party_with_books_balances(name, framework):
    found = run(DEALS[name], "as-filed", framework)
    accounts = {a for layout in load_layouts()[:2] for line in layout.lines for a in line.accounts}
    for entity, book in found.kept.books.items():
        assert book.postings, entity
        assert {p.debit for p in book.postings} | {p.credit for p in book.postings} <= (
            accounts | {"cash"}
        )


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    ("name", "holder", "issuer", "year", "millions"),
    [
        ("nvidia-openai", "nvidia", "openai", "FY2030", 30_000),
        ("nvidia-coreweave", "nvidia", "coreweave", "FY2027", 2_000),
        ("microsoft-anthropic", "microsoft", "anthropic", "FY2026", 5_000),
    ],
)
def test_equity_held_without_influence_is_exposed_to_loss(
    name, holder, issuer, year, millions, framework
):
    # ASC 810-10-50-4(c); IFRS 12.29(c)
    found = run(DEALS[name], "as-filed", framework, entity=holder)
    drawn = drawn_up(scope_of(found), [fiscal_period(found, year)])
    shown = {d.line: d.value for d in drawn if (d.disclosure, d.column) == ("exposures", issuer)}
    assert shown["interest"] == shown["maximum-exposure"] == millions * MILLION


@pytest.mark.parametrize("year", ["FY2026", "FY2030"])
def test_a_warrant_is_exposed_to_loss_and_so_are_the_shares_it_brought(year):
    found = run(DEALS["amd-openai"], "as-filed", "us-gaap", entity="openai")
    last = fiscal_period(found, year).last
    held = ("warrants-held", "equity-investments")
    carried = -sum(moved(found, "openai", account, last) for account in held)
    drawn = drawn_up(scope_of(found), [fiscal_period(found, year)])
    shown = {d.line: d.value for d in drawn if (d.disclosure, d.column) == ("exposures", "amd")}
    assert shown["interest"] == carried > 0


def test_nothing_says_that_nvidia_invested_in_oracle():
    for deal in DEALS.values():
        assert "oracle" not in deal.entities
