import pytest
from hall_deals import concluded, opened, option, stated
from test_components import OUTCOMES, books, cash, total

from leasebook import pipeline

FRAMEWORKS = ("us-gaap", "ifrs")
POOL = {
    "asset_explicitly_named": False,
    "supplier_has_one_feasible_asset": False,
    "supplier_can_swap_throughout": False,
    "output_share": 1,
    "customer_decides_use": True,
}
NO_LEASE = ("contains_lease(hall-lease)=no-lease",)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_the_rules_find_to_be_no_lease_is_booked_as_a_service(tmp_path, framework):
    deal = opened(tmp_path, stated("hall-lease", **POOL))
    assert concluded(deal, "contains_lease", "hall-lease", framework).outcome == "no-lease"
    kept = books(deal, framework)
    assert {s.name for s in kept.schedules if s.contract == "hall-lease"} == {
        "service-rent-paid",
        "service-rent-received",
    }
    assert total(kept, "tenant", "service-cost") == 300_000_000
    assert total(kept, "owner", "service-income") == -300_000_000
    tenant, owner = cash(kept, "tenant"), cash(kept, "owner")
    assert list(tenant.values()) == [-5_000_000] * 60
    assert {day: -amount for day, amount in tenant.items()} == owner


def test_the_supplier_of_a_service_keeps_and_depreciates_its_asset(tmp_path):
    sold = ("lessor_classification(hall-lease)=sales-type", *NO_LEASE)
    kept = books(opened(tmp_path, outcomes=sold))
    written_off = total(kept, "owner", "accumulated-depreciation")
    assert written_off < 0
    leased = books(opened(tmp_path, outcomes=OUTCOMES))
    assert total(leased, "owner", "accumulated-depreciation") == written_off


def test_no_question_of_classification_keeps_a_service_from_being_booked(tmp_path):
    deal = opened(tmp_path, outcomes=NO_LEASE)
    run = pipeline.run(deal, "as-filed", "us-gaap")
    assert run.open_decisions == ()
    assert run.reached["lessee_classification", "hall-lease"].stands is None


def test_a_contract_of_which_nobody_knows_is_measured_as_the_lease_it_is_called(tmp_path):
    outcomes = tuple(o for o in OUTCOMES if not o.startswith("contains_lease"))
    deal = opened(tmp_path, outcomes=outcomes)
    assert concluded(deal, "contains_lease", "hall-lease").outcome is None
    kept = books(deal)
    assert {s.name for s in kept.schedules if s.contract == "hall-lease"} == {
        "lessee-operating",
        "lessor-operating",
    }


def test_what_is_paid_at_the_start_of_a_service_is_cost_at_once(tmp_path):
    terms = 'prepaid = "12_000"\nincentives = "5_000"\ninitial_direct_costs = "1_000"'
    terms += '\nlessor_initial_direct_costs = "2_000"'
    kept = books(opened(tmp_path, terms=terms, outcomes=NO_LEASE))
    assert total(kept, "tenant", "service-cost") == 300_000_000 + 1_200_000 - 500_000 + 100_000
    assert total(kept, "owner", "service-income") == -(300_000_000 + 1_200_000 - 500_000)
    assert total(kept, "owner", "initial-direct-costs-expensed") == 200_000


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_swap_from_a_later_day_on_leaves_a_lease(tmp_path, framework):
    facts = {
        **POOL,
        "asset_explicitly_named": True,
        "supplier_can_swap_throughout": True,
        "swap_benefit_exceeds_cost": True,
        "swap_right_readily_determinable": True,
    }
    later = opened(tmp_path, stated("hall-lease", swap_right_begins_later=True, **facts))
    assert concluded(later, "contains_lease", "hall-lease", framework).outcome == "lease"
    at_once = opened(tmp_path, stated("hall-lease", swap_right_begins_later=False, **facts))
    assert concluded(at_once, "contains_lease", "hall-lease", framework).outcome == "no-lease"
    unknown = opened(tmp_path, stated("hall-lease", **facts))
    found = concluded(unknown, "contains_lease", "hall-lease", framework)
    assert found.outcome is None
    assert {item.fact for item in found.missing} == {"swap_right_begins_later"}


PACKAGE = """
[[tables]]
about    = "campus-package"
table    = "linked_contracts"
complete = true
source   = "agreement"
rows     = [
  { contract = "hall-lease", same_party = true, near_same_time = true },
  { contract = "operation", same_party = true, near_same_time = true },
]

[contracts.operation]
kind     = "services"
provider = "owner"
customer = "tenant"
what     = ["operation"]
source   = "agreement"
"""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_linked_contracts_are_judged_together_and_reported(tmp_path, framework):
    tied = stated(
        "campus-package",
        negotiated_as_a_package=True,
        consideration_depends_on_other=False,
        rights_are_one_component=False,
    )
    deal = opened(tmp_path, PACKAGE + tied)
    found = concluded(deal, "combine_contracts", "campus-package", framework)
    assert found.outcome == "as-one"
    bare = concluded(opened(tmp_path, PACKAGE), "combine_contracts", "campus-package", framework)
    assert bare.outcome is None
    assert {item.fact for item in bare.missing} == {
        "negotiated_as_a_package",
        "consideration_depends_on_other",
        "rights_are_one_component",
    }


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_portfolio_is_a_subject_that_a_table_makes(tmp_path, framework):
    table = (
        '\n[[tables]]\nabout = "halls"\ntable = "portfolio_leases"\ncomplete = true\n'
        'source = "agreement"\nrows = [ { contract = "hall-lease", similar = true } ]\n'
    )
    deal = opened(tmp_path, table + stated("halls", portfolio_effect_immaterial=True))
    assert concluded(deal, "portfolio_approach", "halls", framework).outcome == "as-one"


@pytest.mark.parametrize(
    ("framework", "price_certain", "outcome"),
    [
        ("us-gaap", False, "short-term"),
        ("us-gaap", True, "none-applies"),
        ("ifrs", False, "none-applies"),
    ],
)
def test_an_option_to_buy_bars_the_short_term_exemption_as_each_framework_says(
    tmp_path, framework, price_certain, outcome
):
    facts = stated(
        "hall-lease",
        short_term_elected=True,
        low_value_elected=False,
        both_can_leave_without_penalty=False,
        staying_reasonably_certain=False,
        purchase_option_reasonably_certain=price_certain,
    )
    options = option("termination", after="1 year") + option("purchase", price="1")
    deal = opened(tmp_path, options + facts)
    assert concluded(deal, "lease_exemption", "hall-lease", framework).outcome == outcome


@pytest.mark.parametrize(
    ("after", "outcome"), [("12 months", "short-term"), ("13 months", "none-applies")]
)
def test_twelve_months_are_short_and_more_are_not(tmp_path, after, outcome):
    facts = stated(
        "hall-lease",
        short_term_elected=True,
        low_value_elected=False,
        both_can_leave_without_penalty=False,
        staying_reasonably_certain=False,
    )
    deal = opened(tmp_path, option("termination", after=after) + facts)
    for framework in FRAMEWORKS:
        assert concluded(deal, "lease_exemption", "hall-lease", framework).outcome == outcome


def test_another_lease_on_the_same_terms_does_not_move_the_limit_of_low_value(tmp_path):
    facts = {"short_term_elected": False, "low_value_elected": True, "value_when_new": 5000}
    facts["both_can_leave_without_penalty"] = False
    alone = opened(tmp_path, stated("hall-lease", **facts))
    text = (tmp_path / "deal.toml").read_text(encoding="utf-8")
    begin, end = text.index("[contracts.hall-lease]"), text.index("\n[[facts]]")
    other = text[begin:end].replace("hall-lease", "other-lease")
    both = opened(tmp_path, other + stated("hall-lease", **facts))
    for deal in (alone, both):
        found = concluded(deal, "lease_exemption", "hall-lease", "ifrs")
        assert found.outcome == "low-value"
    subleased = other.replace('lessor            = "owner"', 'lessor            = "tenant"')
    subleased = subleased.replace('lessee            = "tenant"', 'lessee            = "owner"')
    subleased = subleased.replace("noncancellable ", 'head_lease = "hall-lease"\nnoncancellable ')
    let_on = opened(tmp_path, subleased + stated("hall-lease", **facts))
    assert concluded(let_on, "lease_exemption", "hall-lease", "ifrs").outcome == "none-applies"
