"""Deals under the rules of their time, and what the rules of other times would make of them."""

from datetime import date
from pathlib import Path

import pytest

from leasebook import pipeline
from leasebook.cli import main
from leasebook.contract.figure import Figure

DEALS = Path(__file__).parent.parent / "fixtures" / "deals"
MILLION = 100_000_000
YEARS = (1997, 1998, 1999, 2000)


def deal(name):
    return pipeline.open_deal(DEALS / name)


def line(found, name, column="as-consolidated"):
    """A line by fiscal year, in millions."""
    amounts = pipeline.amounts(found)[column]
    return {year: amount / MILLION for (_, year, each), amount in amounts.items() if each == name}


def by_basis(name, basis, framework="us-gaap", **more):
    return pipeline.run(deal(name), basis, framework, **more)


# --- Enron -----------------------------------------------------------------------------------


def test_enron_reported_what_it_filed():
    filed = line(by_basis("enron", "as-filed"), "net-income-parent")

    assert list(filed.values()) == [105, 703, 893, 979]


def test_consolidating_jedi_and_chewco_cuts_net_income_by_what_was_restated():
    filed = line(by_basis("enron", "as-filed"), "net-income-parent")
    restated = line(by_basis("enron", "jedi-and-chewco"), "net-income-parent")

    assert [filed[y] - restated[y] for y in YEARS] == [45, 107, 153, 91]


def test_consolidating_jedi_and_chewco_adds_the_debt_that_was_restated():
    filed = line(by_basis("enron", "as-filed"), "debt")
    restated = line(by_basis("enron", "jedi-and-chewco"), "debt")

    assert [restated[y] - filed[y] for y in YEARS] == [711, 561, 685, 628]


def test_what_the_rules_of_the_time_conclude_gives_the_restated_net_income():
    found = by_basis("enron", "as-consolidated")

    assert found.worksheet.members == {"enron", "jedi", "chewco", "ljm1"}
    assert list(line(found, "net-income-parent").values()) == [9, 590, 635, 847]


def test_chewco_is_six_point_six_million_short_of_three_percent():
    found = by_basis("enron", "as-consolidated").reached["spe_consolidation", "chewco/enron"]
    margin = next(
        t.margin for t in found.tests if t.rule_id == "outside-equity-below-three-percent"
    )

    assert found.outcome == "sponsor-consolidates"
    assert round(margin.difference / 10**5) == -66


def test_under_todays_rules_outsiders_bear_losses_beyond_their_equity():
    then, now = (by_basis("enron", b) for b in ("as-consolidated", "todays-rules"))

    assert line(then, "net-income") == line(now, "net-income")
    assert list(line(now, "net-income-noncontrolling").values()) == [-3, -20, -115, 27]
    assert now.reached["consolidation", "chewco/enron"].rule_id == "primary-beneficiary-of-a-vie"


def test_holders_who_make_good_losses_bear_them_under_the_old_rules_too():
    found = by_basis(
        "enron",
        "as-consolidated",
        assume=[f"noncontrolling_deficit({e})=holders-bear-deficit" for e in ("chewco", "ljm1")],
    )

    assert line(found, "net-income-parent") == line(
        by_basis("enron", "todays-rules"), "net-income-parent"
    )


# --- vehicles of banks -----------------------------------------------------------------------


def test_the_vehicles_bring_what_was_announced():
    found = by_basis("siv-2007", "as-consolidated")

    assert line(found, "other-assets") == {2007: 49_000}
    assert line(found, "debt") == {2007: 58_000}
    assert line(found, "cash") == {2007: 13_000}
    assert line(by_basis("siv-2007", "as-filed"), "total-assets") == {2007: 0}


def test_support_makes_the_adviser_the_primary_beneficiary():
    known = deal("siv-2007")
    concluded = pipeline.conclude(known, "us-gaap", "supported", date(2007, 12, 31))
    found = concluded["primary_beneficiary", "sivs/citi"]

    assert (found.outcome, found.rule_id) == ("primary-beneficiary", "majority-of-expected-losses")
    assert [(a.fact, str(a.value), a.outcome) for a in found.alternatives] == [
        ("expected_losses_share", "0.05", "not-primary-beneficiary")
    ]


def test_today_power_and_losses_decide_about_the_same_vehicles():
    found = by_basis("siv-2007", "todays-rules").reached["primary_beneficiary", "sivs/citi"]

    assert found.rule_id == "power-and-significant-losses-or-benefits"


# --- Hyperion --------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2000, 2007])
def test_before_2019_hyperion_would_have_been_no_sale(year):
    found = by_basis("meta-hyperion", "as-filed", rules_as_of=date(year, 12, 31))

    assert found.reached["sale_and_leaseback", "campus-contribution"].stands == "failed-sale"
    assert line(found, "financing-obligation")[2029] > 27_000
    assert line(found, "lease-liabilities")[2029] == line(found, "lease-liabilities")[2025]


def test_what_was_asserted_under_todays_rules_does_not_stand_under_others():
    known = deal("meta-hyperion")
    asserted = ("consolidation", "venture/meta")

    assert asserted in pipeline.run(known, "as-filed", "us-gaap").stated
    then = pipeline.run(known, "as-filed", "us-gaap", rules_as_of=date(2000, 12, 31))
    assert asserted not in then.stated


def test_what_is_filed_does_not_change_with_the_rules_that_are_tried():
    old = by_basis("meta-hyperion", "as-consolidated", rules_as_of=date(2000, 12, 31))
    new = by_basis("meta-hyperion", "as-consolidated")

    assert line(old, "total-assets", "as-filed") == line(new, "total-assets", "as-filed")


# --- operating leases ------------------------------------------------------------------------


def test_an_operating_lease_of_2018_is_rent_and_nothing_else():
    known = pipeline.open_deal(Path(__file__).parent / "deals" / "two-halls.toml")
    basis = next(iter(known.bases))
    assume = [
        "lease_term(hall-lease)=noncancellable-only",
        "lessee_classification(hall-lease)=operating",
        "lessor_classification(hall-lease)=operating",
        "lease_exemption(hall-lease)=off-balance-sheet",
    ]
    found = pipeline.run(known, basis, "us-gaap", assume=assume, rules_as_of=date(2018, 12, 31))
    if found.worksheet is None:
        assume += [f"{d}({a})=sale" for d, a in found.open_decisions if d == "sale_and_leaseback"]
        found = pipeline.run(known, basis, "us-gaap", assume=assume, rules_as_of=date(2018, 12, 31))
    names = {s.name for s in found.kept.schedules if s.contract == "hall-lease"}

    assert "lessee-rented" in names
    assert not names & {"lessee-operating", "lessee-finance"}


# --- the command -----------------------------------------------------------------------------


@pytest.mark.parametrize("days", ["2000", "2000-13-01", "1500-01-01", "2000-01-01,"])
def test_a_day_that_is_none_is_refused(days, capsys):
    assert main.run(["determine", str(DEALS / "enron"), "--rules-as-of", days]) == 2
    assert "--rules-as-of" in capsys.readouterr().err


def test_several_days_are_for_determine(capsys):
    days = "2000-12-31,2007-12-31"

    assert main.run(["statements", str(DEALS / "enron"), "--rules-as-of", days]) == 2
    assert "determine" in capsys.readouterr().err


def test_what_no_rules_of_a_day_decide_is_named(capsys):
    given = ["statements", str(DEALS / "meta-hyperion"), "--rules-as-of", "1970-01-01"]

    assert main.run(given) == 0
    shown = capsys.readouterr().out
    assert "lease_term" in shown
    assert "rules in force on 1970-01-01" in shown


def test_notes_on_leases_before_2019_are_not_drawn_up(capsys):
    given = ["disclosures", str(DEALS / "meta-hyperion"), "--rules-as-of", "2007-12-31"]

    assert main.run(given) == 1
    assert "LB0006" in capsys.readouterr().err


def test_figures_need_their_origin_in_stated_accounts_too():
    period = deal("enron").contracts["jedi-business"].periods[0]

    assert isinstance(period.borrowings, Figure)
    assert period.borrowings.assumption is not None
