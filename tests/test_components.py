from fractions import Fraction

import pytest
from hall_deals import component, concluded, decided, opened, stated
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook import pipeline
from leasebook.measure.allocation import (
    allocation,
    consideration_minor,
    non_lease_consideration,
    whole_segments,
)
from leasebook.measure.lease_components import lease_share_of_payments, with_lease_part
from leasebook.measure.lease_terms import lease_segments

HALL = component("hall", "lease", "45_000")
OPERATION = component("operation", "non-lease", "9_000")
OUTCOMES = (
    "lessee_classification(hall-lease)=operating",
    "lessor_classification(hall-lease)=operating",
    "lease_term(hall-lease)=noncancellable-only",
    "lease_exemption(hall-lease)=none-applies",
    "contains_lease(hall-lease)=lease",
)


def books(deal, framework="us-gaap"):
    """The postings of both sides by schedule, and the schedules."""
    run = pipeline.run(deal, "as-filed", framework)
    assert run.open_decisions == ()
    return run.kept


def cash(kept, entity):
    """What an entity gets and pays by date, minor units."""
    moved = {}
    for p in kept.books[entity].postings:
        if "cash" in (p.debit, p.credit):
            amount = p.amount_minor if p.debit == "cash" else -p.amount_minor
            moved[p.date] = moved.get(p.date, 0) + amount
    return moved


def total(kept, entity, account):
    """The debits of an account less its credits."""
    return sum(
        p.amount_minor * ((p.debit == account) - (p.credit == account))
        for p in kept.books[entity].postings
    )


def shared(lease, setting, side="lessee"):
    return [(a.name, a.kind, a.amount_minor) for a in allocation(lease, setting, side)]


def test_the_rent_is_shared_by_standalone_prices(tmp_path):
    deal = opened(tmp_path, HALL + OPERATION, rent="50_000")
    lease = deal.contracts["hall-lease"]
    setting = decided(deal)
    # 50,000 a month for 60 months; five sixths of it are for the hall.
    assert shared(lease, setting) == [
        ("hall", "lease", 250_000_000),
        ("operation", "non-lease", 50_000_000),
    ]
    assert non_lease_consideration(lease, setting) == 50_000_000


def test_three_leases_and_their_maintenance_each_keep_their_own_part(tmp_path):
    parts = {"press": 170, "truck": 102, "digger": 224}
    services = {"press-care": 32, "truck-care": 16, "digger-care": 56}
    tables = "".join(component(name, "lease", price) for name, price in parts.items())
    tables += "".join(component(name, "non-lease", price) for name, price in services.items())
    deal = opened(tmp_path, tables, rent="10")
    lease, setting = deal.contracts["hall-lease"], decided(deal)
    # The prices add up to the consideration: ten a month for sixty months.
    assert {name: amount for name, _, amount in shared(lease, setting)} == {
        name: price * 100 for name, price in {**parts, **services}.items()
    }
    assert non_lease_consideration(lease, setting) == 104_00


def test_a_contract_without_components_is_all_lease(tmp_path):
    deal = opened(tmp_path)
    lease, setting = deal.contracts["hall-lease"], decided(deal)
    assert shared(lease, setting) == [("hall", "lease", 300_000_000)]
    assert non_lease_consideration(lease, setting) == 0


def test_the_lessee_may_take_all_into_the_lease_and_the_lessor_does_not_follow(tmp_path):
    deal = opened(tmp_path, HALL + OPERATION, terms="combine_components = true")
    lease, setting = deal.contracts["hall-lease"], decided(deal)
    assert non_lease_consideration(lease, setting) == 0
    assert non_lease_consideration(lease, setting, "lessor") == 50_000_000
    assert sum(lease_segments(lease, setting)[0].payments) == 300_000_000
    assert sum(lease_segments(lease, setting, "lessor")[0].payments) == 250_000_000


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
@pytest.mark.parametrize(
    ("terms", "outcome"), [("", "service"), ("combine_components = true", "combined-with-lease")]
)
def test_the_contract_gives_the_rules_what_they_ask_about_its_components(
    tmp_path, framework, terms, outcome
):
    deal = opened(tmp_path, HALL + OPERATION, terms=terms)
    found = concluded(deal, "lease_components", "hall-lease/operation", framework)
    assert found.outcome == outcome
    hall = concluded(deal, "lease_components", "hall-lease/hall", framework)
    assert {"usable_on_its_own", "highly_interdependent"} <= {item.fact for item in hall.missing}


def test_taxes_and_insurance_get_no_part_of_the_rent(tmp_path):
    tax = component("property tax", "non-lease", "5_000")
    facts = stated("hall-lease/property tax", transfers_good_or_service=False)
    deal = opened(tmp_path, HALL + OPERATION + tax + facts)
    about = "hall-lease/property tax"
    found = concluded(deal, "lease_components", about)
    assert found.outcome == "no-component"
    setting = pipeline.run(deal, "as-filed", "us-gaap").setting
    assert shared(deal.contracts["hall-lease"], setting) == [
        ("hall", "lease", 250_000_000),
        ("operation", "non-lease", 50_000_000),
    ]


def test_services_are_cost_and_income_on_the_days_the_rent_is_paid(tmp_path):
    kept = books(opened(tmp_path, HALL + OPERATION, outcomes=OUTCOMES))
    tenant, owner = cash(kept, "tenant"), cash(kept, "owner")
    assert list(tenant.values()) == [-5_000_000] * 60
    assert {day: -amount for day, amount in tenant.items()} == owner
    assert total(kept, "tenant", "service-cost") == 50_000_000
    assert total(kept, "owner", "service-income") == -50_000_000
    assert total(kept, "tenant", "operating-lease-cost") == 250_000_000
    assert total(kept, "owner", "rental-income") == -250_000_000


LESSOR_FACTS = stated(
    "hall-lease/as-lessor",
    lessor_combine_elected=True,
    same_timing_and_pattern=True,
    services_predominate=False,
)


def test_a_lessor_that_combines_has_rental_income_alone(tmp_path):
    parts = HALL + OPERATION + LESSOR_FACTS
    kept = books(opened(tmp_path, parts, outcomes=OUTCOMES))
    assert total(kept, "owner", "rental-income") == -300_000_000
    assert total(kept, "owner", "service-income") == 0
    # The lessee does as it chooses itself.
    assert total(kept, "tenant", "service-cost") == 50_000_000


def test_a_lessor_whose_services_predominate_has_service_income_alone(tmp_path):
    facts = LESSOR_FACTS.replace(
        'fact = "services_predominate"\nsource = "agreement"\nvalue = false',
        'fact = "services_predominate"\nsource = "agreement"\nvalue = true',
    )
    kept = books(opened(tmp_path, HALL + OPERATION + facts, outcomes=OUTCOMES))
    assert total(kept, "owner", "rental-income") == 0
    assert total(kept, "owner", "service-income") == -300_000_000
    assert sum(cash(kept, "owner").values()) == 300_000_000


def test_under_ifrs_the_lessor_has_no_choice_to_combine(tmp_path):
    deal = opened(tmp_path, HALL + OPERATION + LESSOR_FACTS)
    assert ("lessor_combination", "hall-lease/as-lessor") not in pipeline.conclude(
        deal, "ifrs", "course"
    )


def test_prepaid_rent_and_incentives_are_consideration_of_both_parts(tmp_path):
    terms = 'prepaid = "12_000"\nincentives = "6_000"'
    deal = opened(tmp_path, HALL + OPERATION, terms=terms)
    lease, setting = deal.contracts["hall-lease"], decided(deal)
    assert consideration_minor(lease, setting) == 300_000_000 + 1_200_000 - 600_000
    (segment,) = lease_segments(lease, setting)
    own = sum(segment.payments) + segment.prepaid - segment.incentives
    assert own == 250_500_000
    assert non_lease_consideration(lease, setting) == 50_100_000
    assert (segment.prepaid, segment.incentives) == (1_000_000, 500_000)


AMOUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)
PRICES = st.tuples(st.integers(1, 10**6), st.integers(0, 10**6))


@settings(max_examples=60)
@given(payments=AMOUNTS, prices=PRICES, cut=st.integers(0, 40))
def test_parts_sum_to_payments_and_do_not_depend_on_where_the_time_is_cut(payments, prices, cut):
    own, services = lease_share_of_payments(payments, prices)
    assert [a + b for a, b in zip(own, services, strict=True)] == payments
    exact = Fraction(sum(payments) * prices[0], sum(prices))
    assert abs(sum(own) - exact) <= Fraction(1, 2)
    early, _ = lease_share_of_payments(payments[:cut], prices)
    late, _ = lease_share_of_payments(payments[cut:], prices, sum(payments[:cut]))
    assert (*early, *late) == own


def test_an_amendment_that_changes_nothing_leaves_every_part_as_it_was(tmp_path):
    # A third of an odd rent is no whole unit, so its parts differ from month to month.
    parts = component("hall", "lease", "2") + component("operation", "non-lease", "1")
    plain = opened(tmp_path, parts, rent="1_000.01")
    lease = plain.contracts["hall-lease"]
    before = lease_segments(lease, decided(plain))[0].payments
    assert len(set(before)) == 2
    event = (
        '\n[[events]]\nscenario = "course"\ncontract = "hall-lease"\nkind = "rent-changed"\n'
        'date = 2027-02-01\namount = "1_000.01"\nsource = "agreement"\n'
    )
    again = opened(tmp_path, parts + event, rent="1_000.01")
    first, second = lease_segments(again.contracts["hall-lease"], decided(again))
    assert second.continues(first)
    assert (*first.payments[: first.live_periods], *second.payments) == before


def test_the_allocation_and_the_payments_of_the_lease_agree_to_the_unit(tmp_path):
    parts = component("a", "lease", "17") + component("care", "non-lease", "5")
    parts += component("b", "lease", "13")
    deal = opened(tmp_path, parts, rent="999.97")
    lease, setting = deal.contracts["hall-lease"], decided(deal)
    amounts = {a.name: a.amount_minor for a in allocation(lease, setting)}
    assert sum(amounts.values()) == consideration_minor(lease, setting)
    own = with_lease_part(whole_segments(lease, setting), lease, setting)
    assert amounts["a"] + amounts["b"] == sum(own[0].payments)
