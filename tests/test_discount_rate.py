from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from commands import printed_json
from hall_deals import concluded, opened, option, stated, written

from leasebook import pipeline
from leasebook.contract.deal import StatedFact, StatedTable
from leasebook.contract.figure import Figure
from leasebook.measure.lease_course import lease_segments, liability_range
from leasebook.measure.lessee_rate import lessee_rate, rate_of
from leasebook.measure.not_modelled import NotModelled
from leasebook.reckoning.rates import periodic_rate

DEALS = Path(__file__).parent / "deals"
PRIVATE = DEALS / "private-lessee.toml"
BASIS = "discount_rate_basis"
HIDDEN = {"implicit_rate_readily_determinable": False}
BOUND = {"both_can_leave_without_penalty": False}
PRIVATELY = 'public_business_entity = { value = false, source = "agreement" }\n'
PUBLIC = {"public_business_entity": True}
RATE_26 = ("discount-rate", "FY2026")
#: The hall's lease without a rate of its own, and with the two that a lessee may have to choose of.
TWO = 'incremental_borrowing_rate = "9%"\nrisk_free_rate = "4%"\n'


def private(**facts):
    """The haulier's deal, with the judgement about the implicit rate of the trucks left out."""
    deal = pipeline.open_deal(PRIVATE)
    kept = tuple(
        j for j in deal.judgements if (j.about, j.fact) != ("trucks-lease", next(iter(HIDDEN)))
    )
    said = tuple(
        StatedFact("trucks-lease", name, Figure(value, source="file"))
        for name, value in facts.items()
    )
    return attrs.evolve(deal, judgements=kept, facts=(*deal.facts, *said))


def hall(tmp_path, *parts, terms="", entity=""):
    """The hall's deal with a lease that states other rates in place of its discount rate."""
    path = tmp_path / "deal.toml"
    text = written(*parts, terms=terms).replace('discount_rate     = "6.5%"\n', "")
    text = text.replace('name = "Tenant Inc."\n', f'name = "Tenant Inc."\n{entity}')
    path.write_text(text, encoding="utf-8")
    return pipeline.open_deal(path)


def standing(deal, framework="us-gaap", **more):
    """The run of a deal as the rules conclude."""
    return pipeline.run(deal, "as-filed", framework, **more)


def rate(run, lease):
    """The rate at which a lease begins, per period."""
    return lease_segments(run.deal.contracts[lease], run.setting)[0].rate


def test_each_lease_of_a_private_lessee_is_discounted_at_the_rate_that_the_rules_find():
    run = standing(pipeline.open_deal(PRIVATE))
    found = {about: one.outcome for (name, about), one in run.reached.items() if name == BASIS}
    assert found == {
        "trucks-lease": "risk-free",
        "depot-lease": "incremental-borrowing",
        "press-lease": "implicit",
    }
    assert rate(run, "trucks-lease") == periodic_rate(Decimal("0.03"), "effective-annual", 1)
    assert rate(run, "depot-lease") == periodic_rate(Decimal("0.08"), "effective-annual", 3)
    assert rate(run, "press-lease") == periodic_rate(Decimal("0.07"), "effective-annual", 6)


def test_the_test_of_classification_takes_the_risk_free_rate_too():
    deal = pipeline.open_deal(PRIVATE)
    assert standing(deal).reached["lessee_classification", "trucks-lease"].stands == "finance"
    own = standing(deal, assume=[f"{BASIS}(trucks-lease)=incremental-borrowing"])
    assert own.reached["lessee_classification", "trucks-lease"].stands == "operating"
    assert rate(own, "trucks-lease") == periodic_rate(Decimal("0.09"), "effective-annual", 1)


def test_ifrs_has_no_risk_free_rate():
    run = standing(pipeline.open_deal(PRIVATE), "ifrs")
    assert run.reached[BASIS, "trucks-lease"].outcome == "incremental-borrowing"
    assert rate(run, "trucks-lease") == periodic_rate(Decimal("0.09"), "effective-annual", 1)


def test_a_rate_that_is_open_keeps_the_books_from_being_drawn_up_and_says_what_it_lacks():
    run = standing(private())
    assert run.worksheet is None
    assert (BASIS, "trucks-lease") in run.open_decisions
    found = run.reached[BASIS, "trucks-lease"]
    assert found.outcome is None
    assert {item.fact for item in found.missing} == {"implicit_rate_readily_determinable"}
    tests = run.reached["lessee_classification", "trucks-lease"].tests
    (value,) = (r for t in tests for r in t.inputs if r.name == "present_value_for_classification")
    assert value.value.reason == "the discount rate is undetermined"
    worth = {r.label: r.value for r in value.readings}
    assert [label.split(", ")[-1] for label in worth] == [
        "at the incremental borrowing rate",
        "at the risk free rate",
    ]
    assert min(worth.values()) < 900_000 < max(worth.values())


def test_a_rate_that_is_open_and_applied_is_the_rate_until_it_is_decided():
    deal = private()
    lease = attrs.evolve(deal.contracts["trucks-lease"], discount_rate=Figure(Decimal("0.09")))
    run = standing(attrs.evolve(deal, contracts={**deal.contracts, "trucks-lease": lease}))
    assert (BASIS, "trucks-lease") not in run.open_decisions
    assert rate(run, "trucks-lease") == periodic_rate(Decimal("0.09"), "effective-annual", 1)


def test_the_implicit_rate_wins_over_the_choice():
    found = standing(private(implicit_rate_readily_determinable=True)).reached[
        BASIS, "trucks-lease"
    ]
    assert found.outcome == "implicit"


def test_a_lease_that_states_its_rate_alone_is_not_asked(tmp_path):
    run = standing(opened(tmp_path, stated("hall-lease", **BOUND)))
    assert (BASIS, "hall-lease") not in run.reached
    assert rate(run, "hall-lease") == periodic_rate(Decimal("0.065"), "effective-annual", 1)


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_a_fact_that_bears_on_it_asks_and_leaves_the_stated_rate(tmp_path, framework):
    deal = opened(tmp_path, stated("hall-lease", public_business_entity=True, **HIDDEN))
    assert concluded(deal, BASIS, "hall-lease", framework).outcome == "incremental-borrowing"
    run = standing(deal, framework)
    assert rate(run, "hall-lease") == periodic_rate(Decimal("0.065"), "effective-annual", 1)


def test_a_basis_that_is_open_holds_up_nothing_where_the_rate_is_stated(tmp_path):
    deal = opened(tmp_path, option("renewal", term="5 years") + stated("hall-lease", **PUBLIC))
    assert concluded(deal, BASIS, "hall-lease").outcome is None
    missing = {m.fact for m in concluded(deal, "lessee_classification", "hall-lease").missing}
    assert "renewal_reasonably_certain" in missing
    assert "implicit_rate_readily_determinable" not in missing


def test_a_rate_that_is_decided_and_not_stated_stops(tmp_path):
    facts = stated("hall-lease", public_business_entity=True, **HIDDEN)
    deal = hall(tmp_path, facts, terms='risk_free_rate = "4%"\n')
    setting = standing(deal).setting
    with pytest.raises(NotModelled, match="states no incremental_borrowing_rate"):
        lessee_rate(deal.contracts["hall-lease"], setting)
    tests = standing(deal).reached["lessee_classification", "hall-lease"].tests
    (value,) = (r for t in tests for r in t.inputs if r.name == "present_value_for_classification")
    assert value.value.reason == "the rate that the lessee takes is not stated"


def test_an_implicit_rate_that_is_not_stated_is_solved_from_the_fair_value(tmp_path):
    terms = f'{TWO}unguaranteed_residual = "7_500_000"\n'
    deal = hall(
        tmp_path, stated("hall-lease", implicit_rate_readily_determinable=True), terms=terms
    )
    segment = lease_segments(deal.contracts["hall-lease"], standing(deal).setting)[0]
    assert segment.rate_text.startswith("implicit in the lease, ")
    worth = segment.value_of(segment.dues(750_000_000))
    assert abs(worth - 900_000_000) <= 1


def test_a_lessor_without_a_rate_of_its_own_solves_it_whatever_its_lessee_takes(tmp_path):
    deal = hall(tmp_path, terms=TWO)
    lease, setting = deal.contracts["hall-lease"], standing(deal).setting
    assert rate_of(lease, setting, "lessor").figure is None
    with pytest.raises(NotModelled, match="is open"):
        rate_of(lease, setting, "lessee")


@pytest.mark.parametrize(
    ("elected", "outcome"),
    [
        ('["real-estate"]', "risk-free"),
        ('["equipment"]', "incremental-borrowing"),
        ("[]", "incremental-borrowing"),
    ],
)
def test_a_choice_holds_for_the_classes_of_asset_that_it_names(tmp_path, elected, outcome):
    entity = f"{PRIVATELY}risk_free_rate_for = {elected}\n"
    deal = hall(tmp_path, stated("hall-lease", **HIDDEN), terms=TWO, entity=entity)
    assert concluded(deal, BASIS, "hall-lease").outcome == outcome


def test_what_is_stated_of_a_lease_goes_before_the_class(tmp_path):
    entity = f'{PRIVATELY}risk_free_rate_for = ["real-estate"]\n'
    facts = stated("hall-lease", risk_free_rate_elected=False, **HIDDEN)
    deal = hall(tmp_path, facts, terms=TWO, entity=entity)
    assert concluded(deal, BASIS, "hall-lease").outcome == "incremental-borrowing"


def test_a_private_lessee_whose_choice_is_not_known_leaves_it_open(tmp_path):
    deal = hall(tmp_path, stated("hall-lease", **HIDDEN), terms=TWO, entity=PRIVATELY)
    found = concluded(deal, BASIS, "hall-lease")
    assert (found.outcome, {m.fact for m in found.missing}) == (None, {"risk_free_rate_elected"})


def test_a_judgement_of_the_implicit_rate_is_tried_at_both_ends():
    (flip,) = concluded_of(pipeline.open_deal(PRIVATE), "depot-lease").alternatives
    assert (flip.fact, flip.value, flip.outcome) == (
        "implicit_rate_readily_determinable", True, "implicit",
    )  # fmt: skip


def concluded_of(deal, lease):
    """What the rules conclude of the rate of a lease in the haulier's deal."""
    return pipeline.conclude(deal, "us-gaap", "plain")[BASIS, lease]


def test_a_range_of_the_rate_that_is_taken_gives_the_range_of_the_liability(tmp_path):
    terms = (
        'incremental_borrowing_rate = { value = "9%", range = ["8%", "10%"] }\n'
        'risk_free_rate = { value = "4%", range = ["3%", "5%"] }\n'
    )
    ends = {}
    for public in (True, False):
        facts = stated(
            "hall-lease", public_business_entity=public, risk_free_rate_elected=True, **HIDDEN
        )
        deal = hall(tmp_path, facts, terms=terms)
        ends[public] = liability_range(deal.contracts["hall-lease"], standing(deal).setting)
    assert ends[True][1] < ends[False][0]


def test_a_portfolio_that_is_as_one_has_the_rate_of_the_portfolio():
    deal = pipeline.open_deal(PRIVATE)
    row = {
        "contract": Figure("trucks-lease", source="file"),
        "similar": Figure(True, source="file"),
    }
    facts = (
        StatedFact("fleet", "portfolio_effect_immaterial", Figure(True, source="file")),
        StatedFact("fleet", "portfolio_discount_rate", Figure(Decimal("0.05"), source="file")),
    )
    fleet = attrs.evolve(
        deal,
        facts=(*deal.facts, *facts),
        tables=(StatedTable("fleet", "portfolio_leases", (row,), complete=True),),
    )
    run = standing(fleet)
    assert rate(run, "trucks-lease") == periodic_rate(Decimal("0.05"), "effective-annual", 1)


@pytest.mark.parametrize(
    ("implicit", "outcome"), [("8%", "implicit"), ("9%", "incremental-borrowing")]
)
def test_before_2019_an_american_lessee_takes_the_lower_of_the_two(tmp_path, implicit, outcome):
    terms = f'implicit_rate = "{implicit}"\nincremental_borrowing_rate = "9%"\n'
    deal = hall(tmp_path, terms=terms)
    early = pipeline.decide(
        deal, "us-gaap", "course", {}, rules_as_of=deal.known_to.replace(year=2010)
    )
    assert early[BASIS, "hall-lease"].outcome == outcome
    assert concluded(deal, BASIS, "hall-lease").outcome == "implicit"


def test_the_average_rate_of_the_notes_is_that_of_the_rates_that_are_taken():
    rows = printed_json("disclosures", str(PRIVATE))["rows"]
    found = {
        r["column"]: Fraction(r["amount"]) for r in rows if (r["line"], r["period"]) == RATE_26
    }
    # Of the operating leases 480,000 remain at 8 % and 120,000 at 7 %.
    assert found == {"finance": Fraction(3, 100), "operating": Fraction(78, 1000)}
