"""
One line each is broken on purpose, and a law or a case of this suite must notice.

Laws that hold partly by construction prove little alone. Each test names what catches the damage;
undamaged, the same functions pass on the same deals (the first test).
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
import test_laws as laws
from strategies import PARENT, Case, duration, figure

from leasebook import pipeline
from leasebook.book import post
from leasebook.book.posting import Posting
from leasebook.book.template import Template, load_templates
from leasebook.consolidation import noncontrolling, worksheet
from leasebook.contract.deal import Asset, Deal, Entity
from leasebook.contract.lease import Lease, Rent
from leasebook.contract.model import Contract, Contribution, EquityInterest
from leasebook.contract.note import Note
from leasebook.measure import lease_course, lease_segment, lease_terms, lessor, note_terms
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.schedule import Movement
from leasebook.measure.setting import Setting
from leasebook.reckoning.kernel import TrueUpExceeded
from leasebook.rulebook.case import run_rule_case
from leasebook.rulebook.loading import Rulebook
from leasebook.statements import prepare
from leasebook.values.money import Currency


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    """What was measured whole is not used again broken, nor the reverse."""

    def forget() -> None:
        for name, module in list(sys.modules.items()):
            if name.startswith(("leasebook.measure.", "leasebook.reckoning.")):
                for one in list(vars(module).values()):
                    if hasattr(one, "cache_clear"):
                        one.cache_clear()

    forget()
    yield
    forget()


HYPERION = Path(__file__).parent.parent / "fixtures" / "deals" / "meta-hyperion"
FORMED = date(2025, 1, 1)


def _dollars(amount: int) -> Decimal:
    return Decimal(amount) / 100


def group() -> Case:
    """
    A parent with 20 % of an owner, the rest with a lender-financed holder that a fund owns.

    The parent hands its campus to the owner and leases it back; it lends to the owner, and a bank
    lends to the holder. No amount divides evenly.
    """
    day = figure(FORMED)
    interests = {
        "parent-in-owner": EquityInterest(
            "parent-in-owner", PARENT, "owner", figure(Decimal("0.2")), day
        ),
        "holder-in-owner": EquityInterest(
            "holder-in-owner", "holder", "owner", figure(Decimal("0.8")), day
        ),
        "fund-in-holder": EquityInterest(
            "fund-in-holder", "fund", "holder", figure(Decimal(1)), day
        ),
    }
    amounts = {"parent-in-owner": 2_000_003, "holder-in-owner": 8_000_009, "fund-in-holder": 10**7}
    contracts: dict[str, Contract] = dict(interests)
    for name, interest in interests.items():
        contracts[f"capital-{name}"] = Contribution(
            f"capital-{name}", interest.holder, interest.issuer, name,
            amount=figure(_dollars(amounts[name])), date=day,
        )  # fmt: skip
    contracts["campus-transfer"] = Contribution(
        "campus-transfer", PARENT, "owner", "parent-in-owner",
        amount=figure(_dollars(1_000_001)), date=day, asset="campus",
    )  # fmt: skip
    rent = Rent(duration(1), "advance", total=figure(_dollars(100_003)), over=figure(duration(24)))
    contracts["campus-lease"] = Lease(
        "campus-lease", "owner", PARENT, "campus", figure(date(2025, 4, 1)), figure(duration(24)),
        rent, figure(Decimal("0.055")),
    )  # fmt: skip
    contracts["loan"] = _note("loan", "owner", PARENT)
    contracts["bond"] = _note("bond", "holder", "bank")
    entities = {e: Entity(e, e) for e in (PARENT, "owner", "holder")}
    entities |= {o: Entity(o, o, keeps_books=False) for o in ("fund", "bank")}
    campus = Asset(
        "campus", "Campus", "real-estate", figure(duration(120)), day, figure(Decimal(1000)),
        PARENT, carrying_amount=figure(_dollars(1_000_001)), held_from=day,
    )  # fmt: skip
    deal = Deal(
        id="fixed", title="Fixed", reporting=PARENT, currency=Currency.of("USD"), known_to=FORMED,
        sources={}, entities=entities, assets={"campus": campus}, contracts=contracts,
        scenarios={}, events=(), judgements=(), facts=(), tables=(), assertions=(), bases={},
        filed={},
    )  # fmt: skip
    outcomes = {
        ("lease_term", "campus-lease"): "noncancellable-only",
        ("lessee_classification", "campus-lease"): "operating",
        ("lessor_classification", "campus-lease"): "operating",
        ("sale_and_leaseback", "campus-transfer"): "sale",
    }
    members = frozenset({PARENT, "owner", "holder"})
    return Case(deal, "us-gaap", outcomes, members, ("campus-lease", "loan"))


def _note(name: str, issuer: str, holder: str) -> Note:
    return Note(
        name, issuer, holder, figure(Decimal("0.06581")), figure(FORMED),
        figure(date(2025, 7, 1)), duration(6), figure(date(2027, 1, 1)),
        principal=figure(_dollars(300_007)), interest_only_until=figure(date(2026, 1, 1)),
    )  # fmt: skip


# --- cases with a known answer -------------------------------------------------------------------


def case_half_a_year_of_interest_is_half_the_coupon() -> None:
    """By 30/360 a half-year's coupon is principal times rate over two, rounded once."""
    contract = group().deal.contracts["bond"]
    assert isinstance(contract, Note)
    kept = group().kept().accrued["bond"]
    expected = round(Fraction(300_007) * Fraction(contract.coupon_annual.get()) / 2)
    assert kept.total("coupon", last=date(2025, 7, 1)) == expected


def case_the_campus_lease_begins_at_11105_8() -> None:
    """The lease of the real deal at its commencement, as filed."""
    deal = pipeline.open_deal(HYPERION)
    setting = Setting(deal, "us-gaap", "renewed", {})
    lease = deal.contracts["campus-lease"]
    assert isinstance(lease, Lease)
    segments = lease_course.lease_segments(lease, setting)
    assert segments[0].present_value() == 11_105_836_579_24


def case_debt_with_both_vehicles_is_86037_849() -> None:
    """The real deal's debt in 2025 with both vehicles consolidated."""
    run = pipeline.run(pipeline.open_deal(HYPERION), "as-consolidated", "us-gaap")
    amounts = pipeline.amounts(run)["as-consolidated"]
    assert amounts["balance-sheet", 2025, "debt"] == 86_037_849_000_00


def case_rules_say_what_their_cases_expect(book: Rulebook) -> None:
    """The cases of the rule about the major part of economic life."""
    for decisions in book.decisions.values():
        for decision in decisions:
            for rule in decision.rules:
                if rule.id == "major-part-of-economic-life":
                    for case in rule.cases:
                        assert run_rule_case(book, decision, rule, case).verdict == case.then


CHECKS: tuple[Callable[[], None], ...] = (
    lambda: laws.law_debits_equal_credits(group()),
    lambda: laws.law_leases_end_at_zero(group()),
    lambda: laws.law_lessors_earn_what_they_receive(group()),
    lambda: laws.law_both_sides_show_the_same_cash(group()),
    lambda: laws.law_contracts_together_or_alone(group()),
    lambda: laws.law_columns_sum(group()),
    lambda: laws.law_group_is_the_merged_company(group()),
    lambda: laws.law_equity_method_is_one_line_consolidation(group()),
    lambda: laws.law_bridge_is_made_of_entries(group()),
    lambda: laws.law_cash_ties(group()),
    case_half_a_year_of_interest_is_half_the_coupon,
    case_the_campus_lease_begins_at_11105_8,
    case_debt_with_both_vehicles_is_86037_849,
    lambda: case_rules_say_what_their_cases_expect(Rulebook.load(cases=True)),
)


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_caught_while_nothing_is_broken(check):
    check()


# --- what is broken ------------------------------------------------------------------------------


def test_rounding_that_drops_the_remainder_is_caught_by_law_2(monkeypatch):
    def dropping(_first, rows, total, _since, over, parts) -> None:
        for row in range(rows):
            parts[row] = total // over

    monkeypatch.setattr(lease_segment, "level_rows", dropping)
    with pytest.raises(AssertionError):
        laws.law_lessors_earn_what_they_receive(group())


def test_another_rate_for_the_opening_value_is_caught_by_the_true_up_of_law_2(monkeypatch):
    whole = lease_segment.present_value_minor
    monkeypatch.setattr(
        lease_segment, "present_value_minor", lambda dues, rate, at: whole(dues, rate * 2, at)
    )
    with pytest.raises(TrueUpExceeded):
        laws.law_leases_end_at_zero(group())


def test_another_convention_of_the_rate_is_caught_by_the_real_deals_lease(monkeypatch):
    monkeypatch.setattr(
        lease_terms, "periodic_rate", lambda annual, _how, months: Fraction(annual) * months / 12
    )
    with pytest.raises(AssertionError):
        case_the_campus_lease_begins_at_11105_8()


def test_payment_at_the_wrong_end_of_its_period_is_caught_by_law_3(monkeypatch):
    monkeypatch.setattr(LeaseSegment, "in_advance", property(lambda _: False))
    with pytest.raises(AssertionError):
        laws.law_both_sides_show_the_same_cash(group())


def _exchanged(schedule: str, column: str) -> dict[str, Template]:
    """The posting templates with the sides of one line exchanged."""
    templates = dict(load_templates())
    lines = tuple(
        attrs.evolve(line, debit=line.credit, credit=line.debit) if line.amount == column else line
        for line in templates[schedule].lines
    )
    templates[schedule] = attrs.evolve(templates[schedule], lines=lines)
    return templates


@pytest.mark.parametrize(
    ("schedule", "column"), [("lessor-operating", "payment"), ("note-held", "coupon")]
)
def test_template_line_on_the_wrong_side_is_caught_by_law_3(monkeypatch, schedule, column):
    broken = _exchanged(schedule, column)
    monkeypatch.setattr(post, "load_templates", lambda: broken)
    with pytest.raises(AssertionError):
        laws.law_both_sides_show_the_same_cash(group())


def test_accrual_on_the_wrong_side_is_caught_by_law_2(monkeypatch):
    broken = _exchanged("lessee-operating", "interest")
    monkeypatch.setattr(post, "load_templates", lambda: broken)
    with pytest.raises(AssertionError):
        laws.law_leases_end_at_zero(group())


def test_elimination_of_one_side_only_is_caught_by_the_merge_oracle_of_law_5(monkeypatch):
    whole = worksheet.eliminate

    def one_sided(*args: object) -> tuple[Posting, ...]:
        found = whole(*args)  # type: ignore[arg-type] # as they come
        return tuple(p for p in found if (p.contract, p.entity) != ("loan", PARENT))

    monkeypatch.setattr(worksheet, "eliminate", one_sided)
    with pytest.raises(AssertionError):
        laws.law_group_is_the_merged_company(group())


def test_wrong_share_of_outsiders_is_caught_by_the_one_line_consolidation_of_law_5(monkeypatch):
    whole = noncontrolling.part_of
    monkeypatch.setattr(
        noncontrolling, "part_of", lambda total, bounds: whole(total, (bounds[0] / 2, bounds[1]))
    )
    with pytest.raises(AssertionError):
        laws.law_equity_method_is_one_line_consolidation(group())


def test_vehicle_left_out_of_the_perimeter_is_caught_by_the_real_deals_debt(monkeypatch):
    whole = pipeline.members_of
    monkeypatch.setattr(pipeline, "members_of", lambda *args: whole(*args) - {"beignet"})
    with pytest.raises(AssertionError):
        case_debt_with_both_vehicles_is_86037_849()


def test_vehicle_left_out_of_the_eliminations_is_caught_by_the_merge_oracle_of_law_5(monkeypatch):
    whole = worksheet.eliminate
    monkeypatch.setattr(
        worksheet, "eliminate", lambda books, members: whole(books, members - {"holder"})
    )
    with pytest.raises(AssertionError):
        laws.law_group_is_the_merged_company(group())


@pytest.mark.parametrize("moved", ["0.70", "0.80"])
def test_threshold_that_moves_is_caught_by_the_rules_own_cases(moved):
    book = Rulebook.load(cases=True)
    changed = book.policies["default"].with_values(major_part=Decimal(moved))
    broken = attrs.evolve(book, policies={**book.policies, "default": changed})
    with pytest.raises(AssertionError):
        case_rules_say_what_their_cases_expect(broken)


def test_another_day_count_is_caught_by_the_half_years_interest(monkeypatch):
    whole = note_terms.year_fraction
    monkeypatch.setattr(
        note_terms, "year_fraction", lambda _name, start, end: whole("actual/360", start, end)
    )
    with pytest.raises(AssertionError):
        case_half_a_year_of_interest_is_half_the_coupon()


def test_sign_of_a_flow_is_caught_by_law_9(monkeypatch):
    whole = prepare.flow_amount
    monkeypatch.setattr(prepare, "flow_amount", lambda posting: -whole(posting))
    with pytest.raises(AssertionError):
        laws.law_cash_ties(group())


def test_period_that_is_forgotten_is_caught_by_law_2(monkeypatch):
    whole = lessor.period_movements

    def shorter(*args: object) -> Iterator[Movement]:
        return iter([*whole(*args)][:-1])  # type: ignore[arg-type] # as they come

    monkeypatch.setattr(lessor, "period_movements", shorter)
    with pytest.raises(AssertionError):
        laws.law_lessors_earn_what_they_receive(group())


# --- what the laws have found, kept as small deals that showed it --------------------------------


def _leased(case: Case, lessor: str, *, lessee: str = "finance", **terms: object) -> Case:
    """The fixed case with other terms and classifications of its lease."""
    signed: Any = case.deal.contracts["campus-lease"]
    lease = attrs.evolve(signed, **terms)
    outcomes = {
        **case.outcomes,
        ("lessee_classification", lease.id): lessee,
        ("lessor_classification", lease.id): lessor,
    }
    changed = case.with_contracts({**case.deal.contracts, lease.id: lease})
    return attrs.evolve(changed, outcomes=outcomes)


@pytest.mark.parametrize("lessee", ["operating", "finance"])
def test_costs_of_a_lease_within_the_group_are_paid_as_expenses(lessee):
    costs = figure(_dollars(1234))
    laws.law_group_is_the_merged_company(
        _leased(group(), "operating", lessee=lessee, initial_direct_costs=costs)
    )


@pytest.mark.parametrize("day", [date(2025, 1, 31), date(2025, 2, 1), date(2025, 3, 15)])
@pytest.mark.parametrize("lessor", ["sales-type", "direct-financing"])
def test_asset_leased_for_good_leaves_nothing_whatever_the_day_and_the_loss(day, lessor):
    laws.law_lessors_earn_what_they_receive(_leased(group(), lessor, commencement_date=figure(day)))


def test_what_outsiders_had_before_the_deal_is_theirs():
    case = group().without("campus-transfer", "campus-lease")
    campus = attrs.evolve(case.deal.assets["campus"], owner="holder")
    deal = attrs.evolve(case.deal, assets={"campus": campus})
    laws.law_equity_method_is_one_line_consolidation(attrs.evolve(case, deal=deal))


def test_level_cost_is_the_lessors_level_income_on_every_date():
    yearly = Rent(duration(12), "arrears", amount=figure(_dollars(50_001)))
    case = _leased(group(), "operating", lessee="operating", rent=yearly)
    made = {s.name: s for s in case.kept().schedules if s.contract == "campus-lease"}
    lessee, owner = made["lessee-operating"], made["lessor-operating"]
    for row in lessee.rows:
        assert lessee.total("cost", last=row.date) == owner.total("income", last=row.date)
