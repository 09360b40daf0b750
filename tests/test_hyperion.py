"""
The real deal: what must come out of fixtures/deals/meta-hyperion, in minor units or as printed.
"""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import attrs
import pytest

from leasebook import pipeline
from leasebook.book.ledger import Ledger
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.deal import Deal, Framework
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease, Timing
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.pipeline import Run
from leasebook.rulebook.determination import Determinations, Test
from leasebook.values.duration import Duration

DEAL = Path(__file__).parent.parent / "fixtures" / "deals" / "meta-hyperion"
BASES = ("as-filed", "venture", "as-consolidated", "failed-sale", "left-at-first-option")
FRAMEWORKS: tuple[Framework, ...] = ("us-gaap", "ifrs")
FORMED = date(2025, 10, 31)

Amounts = dict[str, dict[tuple[str, int, str], int]]


def millions(minor: int, places: str = "0.1") -> Decimal:
    """Cents as millions of dollars, as a page prints them."""
    return (Decimal(minor) / 100_000_000).quantize(Decimal(places), rounding=ROUND_HALF_EVEN)


@pytest.fixture(scope="session")
def deal() -> Deal:
    """The deal as its files say."""
    return pipeline.open_deal(DEAL)


@pytest.fixture(scope="session")
def runs(deal: Deal) -> Callable[[str, Framework], Run]:
    """A run on a basis under a framework, made once."""
    made: dict[tuple[str, str], Run] = {}

    def run(basis: str, framework: Framework = "us-gaap") -> Run:
        if (basis, framework) not in made:
            made[basis, framework] = pipeline.run(deal, basis, framework)
        return made[basis, framework]

    return run


@pytest.fixture(scope="session")
def shown(runs: Callable[..., Run]) -> Callable[..., Amounts]:
    """The statement lines of a run, made once."""
    made: dict[tuple[str, str], Amounts] = {}

    def amounts(basis: str, framework: Framework = "us-gaap") -> Amounts:
        if (basis, framework) not in made:
            made[basis, framework] = pipeline.amounts(runs(basis, framework))
        return made[basis, framework]

    return amounts


@pytest.fixture(scope="session")
def concluded(deal: Deal) -> Determinations:
    """What the rules of US GAAP conclude by themselves."""
    return pipeline.conclude(deal, "us-gaap", "renewed")


def ratio(value: object) -> Fraction:
    """A number that a reading gives."""
    assert isinstance(value, int | Fraction)
    return Fraction(value)


def schedule(run: Run, name: str, contract: str) -> Schedule:
    """The one schedule of a contract that has a name."""
    assert run.kept is not None
    (found,) = (s for s in run.kept.schedules if (s.name, s.contract) == (name, contract))
    return found


def balances(run: Run, entity: str, day: date) -> dict[str, int]:
    """The accounts of a company at the close of a day, without those at zero."""
    assert run.kept is not None
    ledger = Ledger.of(run.kept.books[entity].postings)
    return {a: v for a, v in ledger.trial_balance(day).items() if v}


def asked(found: Determinations, decision: str, about: str, rule: str) -> Test:
    """One rule's answer about a subject."""
    return next(t for t in found[decision, about].tests if t.rule_id == rule)


# --- formation and calls ------------------------------------------------------------------------


def test_formation_leaves_capital_of_8750_and_a_fifth_of_it_with_meta(runs):
    run = runs("as-filed")
    assert balances(run, "meta", FORMED) == {
        "cash": 2_550_000_000_00,
        "equity-method-investments": 1_750_000_000_00,
        "shareholders-equity": -4_300_000_000_00,
    }
    venture = balances(run, "venture", FORMED)
    assert venture["members-capital"] == -8_750_000_000_00
    assert venture["construction-in-progress"] == 4_300_000_000_00
    assert balances(run, "beignet", FORMED) == {
        "borrowings": -27_293_849_000_00,
        "equity-method-investments": 7_000_000_000_00,
        "restricted-securities": 20_293_849_000_00,
    }


def test_calls_complete_the_capital_and_the_three_books_agree(runs):
    run = runs("as-filed")
    last = date(2028, 12, 31)
    called = {
        name: sum(schedule(run, "contribution-made", name).column("cash"))
        for name in ("beignet-calls", "meta-calls")
    }
    assert called == {"beignet-calls": 16_030_000_000_00, "meta-calls": 4_007_500_000_00}
    venture = balances(run, "venture", last)
    assert venture == {
        "construction-in-progress": 28_787_500_000_00,
        "members-capital": -28_787_500_000_00,
    }
    held = (
        balances(run, entity, last)["equity-method-investments"] for entity in ("meta", "beignet")
    )
    assert tuple(held) == (5_757_500_000_00, 23_030_000_000_00)


# --- 2025 ---------------------------------------------------------------------------------------


def test_2025_as_filed_is_the_annual_report(shown):
    filed = shown("as-consolidated")["as-filed"]
    expected = {
        "total-assets": 366_021,
        "total-liabilities": 148_778,
        "total-equity": 217_243,
        "debt": 58_744,
    }
    for line, amount in expected.items():
        assert filed["balance-sheet", 2025, line] == amount * 100_000_000
    assert filed["income-statement", 2025, "net-income"] == 60_458 * 100_000_000
    assert filed["cash-flow", 2025, "net-cash-change"] == -6_338 * 100_000_000


def test_2025_with_both_vehicles_has_half_as_much_debt_again_and_a_negative_outside_interest(shown):
    group = shown("as-consolidated")["as-consolidated"]
    debt = group["balance-sheet", 2025, "debt"]
    assert debt == 86_037_849_000_00
    assert round(Fraction(100 * debt, 58_744 * 100_000_000) - 100) == 46
    outside = group["balance-sheet", 2025, "noncontrolling-interest"]
    assert outside == -131_790_016_32
    assert millions(outside, "1E1") == -130


def test_2025_with_the_venture_alone_brings_no_notes_and_an_outside_interest_of_7840(shown):
    group = shown("venture")["as-consolidated"]
    assert group["balance-sheet", 2025, "debt"] == 58_744 * 100_000_000
    outside = group["balance-sheet", 2025, "noncontrolling-interest"]
    assert outside == 7_843_684_210_53
    assert millions(outside, "1E1") == 7840


# --- notes and lease ----------------------------------------------------------------------------


def test_notes_are_served_level_and_end_at_zero(runs):
    notes = schedule(runs("as-filed"), "note-issued", "notes")
    assert millions(notes.balance("principal", date(2032, 12, 31))) == Decimal("24675.1")
    assert notes.balance("principal", date(2049, 5, 30)) == 0
    assert notes.balance("accrued_interest", date(2049, 5, 30)) == 0
    for year in range(2030, 2049):
        span = (date(year, 1, 1), date(year, 12, 31))
        service = notes.total("coupon", *span) + notes.total("principal_paid", *span)
        assert service == 2 * 1_236_879_862_64


def test_rent_to_beignet_covers_debt_service_not_quite(runs):
    run = runs("as-filed")
    rent = schedule(run, "distribution-received", "rent-to-beignet")
    span = (date(2031, 1, 1), date(2031, 12, 31))
    received = rent.total("return_on", *span) + rent.total("return_of", *span)
    notes = schedule(run, "note-issued", "notes")
    service = notes.total("coupon", *span) + notes.total("principal_paid", *span)
    assert (millions(received), millions(service)) == (Decimal("2462.0"), Decimal("2473.8"))
    cover = Decimal(received) / Decimal(service)
    assert cover.quantize(Decimal("0.001")) == Decimal("0.995")
    assert received < service


def test_lease_as_filed_begins_falls_and_is_renewed(runs, shown):
    lease = schedule(runs("as-filed"), "lessee-operating", "campus-lease")
    opened = {row.date: row.amounts[lease.columns.index("initial")] for row in lease.rows}
    assert opened[date(2029, 1, 1)] == opened[date(2033, 1, 1)] == 11_105_836_579_24
    assert millions(opened[date(2033, 1, 1)]) == Decimal("11105.8")
    for column in ("liability", "rou"):
        assert millions(lease.balance(column, date(2029, 12, 31))) == Decimal("8548.2")
    filed = shown("as-filed")["as-filed"]
    before = filed["balance-sheet", 2028, "lease-liabilities"]
    added = filed["balance-sheet", 2029, "lease-liabilities"] - before
    assert millions(added) == Decimal("8548.2")


def test_guarantee_is_disclosed_and_not_booked(runs):
    run = runs("as-consolidated")
    assert run.kept is not None
    for book in run.kept.books.values():
        assert not [p for p in book.postings if p.contract == "residual-guarantee"]


def test_lease_liability_ranges_from_10_5_to_11_6_bn_over_rates_and_timings(deal):
    lease = deal.contracts["campus-lease"]
    assert isinstance(lease, Lease)
    stated = {("lease_term", lease.id): "noncancellable-only"}
    low, high = lease.discount_rate.range
    values = []
    timings: tuple[Timing, ...] = ("advance", "arrears")
    for rate, timing, every in product((low, high), timings, ("month", "quarter", "year")):
        rent = attrs.evolve(lease.rent, timing=timing, every=Duration.parse(every))
        changed = attrs.evolve(lease, rent=rent, discount_rate=Figure(rate, source="10k-2025"))
        other = attrs.evolve(deal, contracts={**deal.contracts, lease.id: changed})
        setting = Setting(other, "us-gaap", "renewed", stated)
        values.append(lease_segments(changed, setting)[0].present_value())
    assert (low, high) == (Decimal("0.043"), Decimal("0.06581"))
    assert millions(min(values), "1E2") == 10_500
    assert millions(max(values), "1E2") == 11_600


# --- capitalised interest -----------------------------------------------------------------------


@pytest.mark.parametrize(("framework", "expected"), [("us-gaap", "3635.1"), ("ifrs", "4528.0")])
def test_interest_is_capitalised_by_the_group_and_not_by_the_venture(runs, framework, expected):
    run = runs("as-consolidated", framework)
    assert run.kept is not None
    assert not [s for s in run.kept.schedules if s.name == "capitalised-interest"]
    assert run.worksheet is not None
    last = date(2028, 12, 31)
    (group,) = (s for s in run.worksheet.group_schedules if s.name == "capitalised-interest")
    net = group.total("interest", last=last) - group.total("income", last=last)
    assert millions(net) == Decimal(expected)
    venture = runs("venture", framework)
    assert venture.worksheet is not None
    assert not [s for s in venture.worksheet.group_schedules if s.name == "capitalised-interest"]


def test_outside_interest_under_ifrs_is_the_equity_called_at_the_end_of_2028(shown):
    group = shown("as-consolidated", "ifrs")["as-consolidated"]
    assert group["balance-sheet", 2028, "noncontrolling-interest"] == 2_450_000_000_00


def test_failed_sale_owes_what_the_venture_has_paid(shown):
    group = shown("failed-sale")["as-consolidated"]
    owed = [millions(group["balance-sheet", y, "financing-obligation"]) for y in (2025, 2026)]
    assert owed == [Decimal("5588.8"), Decimal("13321.7")]


# --- what holds in every year -------------------------------------------------------------------


@pytest.mark.parametrize("basis", ["venture", "as-consolidated"])
def test_parents_equity_is_the_same_as_filed_and_as_consolidated_in_every_year(shown, runs, basis):
    amounts = shown(basis)
    years = pipeline.fiscal_years(runs(basis))
    assert years == range(2025, 2050)
    for year in years:
        for key in (
            ("balance-sheet", year, "parent-equity"),
            ("income-statement", year, "net-income-parent"),
        ):
            assert amounts["as-filed"][key] == amounts["as-consolidated"][key]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("basis", BASES)
def test_columns_sum_sheets_balance_and_cash_ties(shown, basis, framework):
    amounts = shown(basis, framework)
    for key, total in amounts[COLUMNS[3]].items():
        assert sum(amounts[column][key] for column in COLUMNS[:3]) == total
    for column in COLUMNS:
        lines = amounts[column]
        for statement, year, line in lines:
            if line == "total-assets":
                sides = (
                    lines[statement, year, line],
                    lines[statement, year, "total-liabilities-and-equity"],
                )
                assert sides[0] == sides[1]
            if line == "closing-cash":
                cash = ("cash", "restricted-cash")
                held = sum(lines["balance-sheet", year, account] for account in cash)
                assert lines[statement, year, line] == held


# --- determinations -----------------------------------------------------------------------------


def test_substantially_all_of_fair_value_is_open_with_its_three_margins(deal, concluded):
    test = asked(
        concluded, "lessee_classification", "campus-lease", "substantially-all-of-fair-value"
    )
    assert test.verdict == "unknown"
    worth = Fraction(deal.assets["campus"].fair_value.get())
    shares = {
        reading.label: Decimal(round(1000 * ratio(reading.value) / worth)) / 10
        for reading in test.readings
        if reading.label.startswith("48 months")
    }
    assert shares == {
        "48 months, guarantee excluded": Decimal("38.6"),
        "48 months, guarantee at notes outstanding": Decimal("107.8"),
        "48 months, guarantee at notes outstanding / 0.8": Decimal("117.1"),
        "48 months, guarantee in full": Decimal("117.1"),
    }
    assert "present_value_for_classification" in {m.fact for m in test.missing}


def test_guaranteed_return_is_open_with_its_two_spreads(concluded):
    test = asked(concluded, "renewal", "campus-lease", "guaranteed-return-compels-renewal")
    assert test.verdict == "unknown"
    spreads = [Decimal(round(1000 * ratio(r.value))) / 10 for r in test.readings]
    assert spreads[:2] == [Decimal("16.2"), Decimal("8.1")]
    assert all(r.label.endswith("at 6.581 %") for r in test.readings[:2])
    assert [r.verdict for r in test.readings[:2]] == ["silent", "fires"]
    assert len(spreads) == 6
    assert min(spreads[2:]) > 10
    assert concluded.outcome("lease_term", "campus-lease") is None


def test_term_is_13_percent_of_life_or_67(concluded):
    test = asked(concluded, "lessee_classification", "campus-lease", "major-part-of-economic-life")
    assert test.verdict == "silent"
    assert [(r.value, r.verdict) for r in test.readings] == [(48, "silent"), (240, "silent")]
    assert [round(100 * ratio(r.value) / 360) for r in test.readings] == [13, 67]


@pytest.mark.parametrize(
    ("entity", "rule", "cites"),
    [
        ("venture", "equity-is-shielded-from-first-losses", "ASC 810-10-15-14(b)(2)"),
        ("beignet", "equity-presumed-too-thin", "ASC 810-10-15-14(a); ASC 810-10-25-45"),
    ],
)
def test_each_vehicle_is_a_variable_interest_entity_and_says_why(concluded, entity, rule, cites):
    found = concluded["vie_status", entity]
    assert (found.outcome, found.rule_id, found.cites) == ("vie", rule, cites)


@pytest.mark.parametrize(
    ("entity", "lacks"),
    [
        ("venture", {"activities.director", "activities.impact_weight"}),
        ("beignet", {"activities.director", "activities"}),
    ],
)
def test_primary_beneficiary_is_open_and_names_the_activities(concluded, entity, lacks):
    found = concluded["primary_beneficiary", f"{entity}/meta"]
    assert found.outcome is None
    assert lacks <= {m.fact for m in found.missing}


def test_guarantee_is_the_lessees_own_and_outside_guarantee_accounting(concluded):
    found = concluded["guarantee_scope", "residual-guarantee"]
    assert found.outcome == "lessee-residual-guarantee"
    assert found.rule_id == "lessees-own-residual-value-guarantee"


def test_basis_of_the_rules_alone_has_no_books_and_says_what_is_open(runs):
    run = runs("as-the-rules-conclude")
    assert run.worksheet is None
    assert ("consolidation", "venture/meta") in run.open_decisions
    assert ("consolidation", "beignet/meta") in run.open_decisions
