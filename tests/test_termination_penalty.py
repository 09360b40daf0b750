"""
A penalty for leaving is a lease payment where the term counts on it, in the books of both sides.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hall_deals import component, concluded, opened, option, stated

from leasebook import pipeline
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.disclosures.commitments import not_yet_commenced
from leasebook.disclosures.draw_up import drawn_up
from leasebook.measure.classification_values import value_for_classification
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_terms import at_commencement
from leasebook.measure.lessee_figures import lessee_figures
from leasebook.measure.lessor_figures import lessor_figures
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.pages.disclosures import period_to, scope_of
from leasebook.values.problem import Refused

RENT, PENALTY = 5_000_000, 30_000_000  # cents
LEAVES = date(2028, 12, 31)
BOUND = {"both_can_leave_without_penalty": False}
EXIT = option("termination", after="3 years", penalty="300_000")
SIDES = [
    ("us-gaap", "operating", "operating"),
    ("us-gaap", "finance", "sales-type"),
    ("us-gaap", "operating", "direct-financing"),
    ("ifrs", "finance", "operating"),
    ("ifrs", "finance", "finance"),
]
both_sides = pytest.mark.parametrize(("framework", "lessee", "lessor"), SIDES)


@pytest.fixture(scope="module")
def deal(tmp_path_factory):
    terms = 'unguaranteed_residual = "8_000_000"\nlessor_rate = "6.5%"'
    return opened(tmp_path_factory.mktemp("deal"), EXIT, terms=terms)


def setting_of(deal, framework="us-gaap", lessee="operating", lessor="operating",
               term="to-termination"):  # fmt: skip
    outcomes = {
        "lease_term": term,
        "lessee_classification": lessee,
        "lessor_classification": lessor,
    }
    known = {(name, "hall-lease"): outcome for name, outcome in outcomes.items()}
    return Setting(deal, framework, "course", known)


def schedules(setting):
    made = list(lease_schedules(setting.deal.contracts["hall-lease"], setting, {}))
    (tenant,) = [s for s in made if s.name.startswith("lessee-")]
    (owner,) = [s for s in made if "income" in s.columns or "receivable" in s.columns]
    return tenant, owner


def cash(schedule):
    """What is paid beside variable rent and with it, by day."""
    paid = {}
    for row in schedule.rows:
        amounts = dict(zip(schedule.columns, row.amounts, strict=True))
        total = sum(amounts.get(name, 0) for name in ("payment", "variable_payment", "penalty"))
        if total:
            paid[row.date] = total
    return paid


def happens(deal, day, kind, *, payments=0, penalty=None):
    event = Event(
        "course", "hall-lease", kind, Figure(day, assumption="a test"),
        payments=tuple(Figure(Decimal(50_000)) for _ in range(payments)),
        penalty=None if penalty is None else Figure(Decimal(penalty)),
    )  # fmt: skip
    return attrs.evolve(deal, events=(event,))


@both_sides
def test_both_sides_pay_and_receive_it_as_the_term_ends_and_carry_it_until_then(
    deal, framework, lessee, lessor
):
    tenant, owner = schedules(setting_of(deal, framework, lessee, lessor))
    assert cash(tenant) == cash(owner)
    assert cash(tenant)[LEAVES] == PENALTY
    assert sum(cash(tenant).values()) == 36 * RENT + PENALTY
    assert tenant.balance("liability", LEAVES) == tenant.balance("rou", LEAVES) == 0
    assert tenant.balance("liability", date(2028, 12, 30)) > PENALTY * Fraction(99, 100)


@both_sides
def test_it_counts_at_its_present_value_only_where_the_term_ends_by_the_option(
    deal, framework, lessee, lessor
):
    lease = deal.contracts["hall-lease"]
    (counted,) = lease_segments(lease, setting_of(deal, framework, lessee, lessor))
    (stays,) = lease_segments(lease, setting_of(deal, framework, term="noncancellable-only"))
    assert (counted.termination_penalty, stays.termination_penalty) == (PENALTY, 0)
    alone = attrs.evolve(counted, termination_penalty=0)
    worth = PENALTY / (1 + counted.rate) ** 36
    assert abs(counted.present_value() - alone.present_value() - worth) <= 1


@pytest.mark.parametrize("lessee", ["operating", "finance"])
def test_a_level_cost_and_a_level_income_hold_it(deal, lessee):
    setting = setting_of(deal, lessee=lessee)
    lease = deal.contracts["hall-lease"]
    tenant, owner = schedules(setting)
    assert owner.total("income") == 36 * RENT + PENALTY
    level = Fraction(36 * RENT + PENALTY, 36)
    assert lessor_figures(lease, setting).opening["straight_line_income"] == level
    own = lessee_figures(lease, setting).opening
    assert own["total_payments"] == 36 * RENT + PENALTY
    if lessee == "operating":
        assert own["straight_line_cost"] == level
        assert tenant.total("cost") == 36 * RENT + PENALTY


def test_the_test_of_present_value_counts_it_on_both_sides(deal):
    lease, setting = deal.contracts["hall-lease"], setting_of(deal)
    segment = at_commencement(lease, setting)
    without = attrs.evolve(segment, termination_penalty=0)
    more = value_for_classification(segment, lease, setting) - value_for_classification(
        without, lease, setting
    )
    assert more == PENALTY / (1 + segment.rate) ** 36
    assert lessor_figures(lease, setting).opening["pv_for_classification"] == (
        value_for_classification(segment, lease, setting)
    )


def test_a_rate_that_is_solved_lets_the_lessor_earn_it(tmp_path):
    terms = 'unguaranteed_residual = "8_000_000"'
    without = opened(tmp_path, option("termination", after="3 years"), terms=terms)
    with_it = opened(tmp_path, EXIT, terms=terms)
    rates = [
        lessor_figures(one.contracts["hall-lease"], setting_of(one, lessor="sales-type")).opening[
            "implicit_rate"
        ]
        for one in (without, with_it)
    ]
    assert rates[1] > rates[0]


@both_sides
def test_a_lessee_that_comes_to_expect_to_leave_remeasures_and_its_lessor_receives_it_then(
    deal, framework, lessee, lessor
):
    later = happens(deal, date(2027, 1, 1), "term-reassessed", payments=24)
    setting = setting_of(later, framework, lessee, lessor, term="noncancellable-only")
    tenant, owner = schedules(setting)
    assert cash(tenant) == cash(owner)
    assert sum(cash(tenant).values()) == 36 * RENT + PENALTY
    before, after = lease_segments(later.contracts["hall-lease"], setting)
    assert (before.termination_penalty, after.termination_penalty) == (0, PENALTY)
    assert after.present_value() > attrs.evolve(after, termination_penalty=0).present_value()


@both_sides
def test_a_lessee_that_comes_to_expect_to_stay_no_longer_owes_it(deal, framework, lessee, lessor):
    later = happens(deal, date(2027, 1, 1), "term-reassessed")
    tenant, owner = schedules(setting_of(later, framework, lessee, lessor))
    assert cash(tenant) == cash(owner)
    assert sum(cash(tenant).values()) == 60 * RENT
    assert tenant.balance("liability", date(2030, 12, 31)) == 0


@pytest.mark.parametrize("end", [60, 48])
def test_a_term_that_the_parties_agree_on_costs_nothing_for_leaving(deal, end):
    day = date(2027, 1, 1)
    later = happens(deal, day, "consideration-changed", payments=end - 12)
    last = lease_segments(later.contracts["hall-lease"], setting_of(later))[-1]
    assert (last.periods, last.termination_penalty) == (end - 12, 0)


def test_another_rent_for_the_same_term_leaves_it_where_it_is(deal):
    later = happens(deal, date(2027, 1, 1), "consideration-changed", payments=24)
    last = lease_segments(later.contracts["hall-lease"], setting_of(later))[-1]
    assert last.termination_penalty == PENALTY


@both_sides
@pytest.mark.parametrize(("stated_one", "paid"), [(None, PENALTY), ("1", 100), ("0", 0)])
def test_who_leaves_without_having_counted_it_pays_what_the_event_or_else_the_option_says(
    deal, framework, lessee, lessor, stated_one, paid
):
    left = happens(deal, date(2029, 7, 1), "terminated", penalty=stated_one)
    setting = setting_of(left, framework, lessee, lessor, term="noncancellable-only")
    tenant, owner = schedules(setting)
    assert tenant.total("penalty") == owner.total("penalty") == paid


def test_before_the_option_opens_leaving_costs_what_the_event_says_alone(deal):
    left = happens(deal, date(2027, 7, 1), "terminated")
    tenant, _ = schedules(setting_of(left, term="noncancellable-only"))
    assert tenant.total("penalty") == 0


def test_of_several_options_the_one_that_opened_last_says_what_leaving_costs(tmp_path):
    later = option("termination", after="4 years", penalty="100_000")
    deal = opened(tmp_path, EXIT + later)
    setting = setting_of(deal, term="noncancellable-only")
    for day, paid in ((date(2028, 12, 1), 0), (date(2029, 12, 1), PENALTY),
                      (date(2030, 1, 1), 10_000_000)):  # fmt: skip
        left = attrs.evolve(setting, deal=happens(deal, day, "terminated"))
        assert schedules(left)[0].total("penalty") == paid


def test_a_right_of_the_lessor_to_end_the_lease_costs_the_lessee_nothing(tmp_path):
    own = option("termination", after="3 years", penalty="300_000", holder="lessor")
    deal = opened(tmp_path, own + option("termination", after="3 years"))
    (segment,) = lease_segments(deal.contracts["hall-lease"], setting_of(deal))
    assert (segment.periods, segment.termination_penalty) == (36, 0)


def test_services_bear_their_share_of_it(tmp_path):
    parts = component("hall", "lease", "80") + component("cleaning", "non-lease", "20")
    deal = opened(tmp_path, EXIT + parts)
    (segment,) = lease_segments(deal.contracts["hall-lease"], setting_of(deal))
    assert segment.termination_penalty == PENALTY * 8 // 10
    made = list(lease_schedules(deal.contracts["hall-lease"], setting_of(deal), {}))
    for party in ("tenant", "owner"):
        paid = [s.total("payment") for s in made if s.entity == party and "payment" in s.columns]
        fees = [s.total("fee") for s in made if s.entity == party and "fee" in s.columns]
        assert (len(fees), sum(paid + fees)) == (1, 36 * RENT + PENALTY)


def test_a_class_may_turn_on_it(tmp_path):
    known = dict.fromkeys(("title_transfers", "no_alternative_use"), False)
    facts = stated("hall-lease", staying_reasonably_certain=False, **known, **BOUND)
    high = option("termination", after="3 years", penalty="8_500_000")
    found = [
        concluded(opened(tmp_path, one + facts), "lessee_classification", "hall-lease").outcome
        for one in (EXIT, high)
    ]
    assert found == ["operating", "finance"]


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_the_books_the_maturities_and_the_commitment_before_commencement_hold_it(
    tmp_path, framework
):
    facts = stated("hall-lease", staying_reasonably_certain=False, **BOUND)
    outcomes = ["lessee_classification(hall-lease)=operating"] if framework == "us-gaap" else []
    outcomes += ["lessor_classification(hall-lease)=operating", "contains_lease(hall-lease)=lease"]
    outcomes += [
        "lease_term(hall-lease)=to-termination",
        "lease_exemption(hall-lease)=none-applies",
    ]
    deal = opened(tmp_path, EXIT + facts, outcomes=outcomes)
    run = pipeline.run(deal, "as-filed", framework)
    scope = scope_of(run)
    ((_, signed),) = not_yet_commenced(scope, date(2025, 12, 31))
    assert signed["undiscounted"] == 36 * RENT + PENALTY
    drawn = drawn_up(scope, [period_to(run, date(2027, 12, 31))])
    undiscounted = [
        d.value
        for d in drawn
        if d.disclosure == "lessee-maturity" and d.line == "total-undiscounted" and d.value
    ]
    assert set(undiscounted) == {12 * RENT + PENALTY}


def event(kind, day, keys=""):
    return (
        f'\n[[events]]\nscenario = "course"\ncontract = "hall-lease"\nkind = "{kind}"\n'
        f'date = {day}\nsource = "agreement"\n{keys}'
    )


ADDED = event("right-added", "2031-01-01", "price_is_standalone = true\n")


@pytest.mark.parametrize(
    ("parts", "number", "over"),
    [
        (ADDED, 0, "2031-01-01"),
        (event("impaired", "2031-02-01", 'amount = "1"\n'), 0, "2031-01-01"),
        (event("terminated", "2028-01-01") + ADDED, 1, "2028-01-01"),
    ],
)
def test_what_happens_to_a_lease_that_is_over_is_an_error_with_its_place(
    tmp_path, parts, number, over
):
    with pytest.raises(Refused) as refused:
        opened(tmp_path, parts)
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == ("LB0414", f"events[{number}].date")
    assert f"is over on {over}" in problem.cause
    assert problem.fix


def test_a_lease_that_goes_on_from_its_last_day_is_not_over(tmp_path):
    on = event("extended", "2031-01-01", 'payments = ["50_000", "50_000"]\n')
    later = event("impaired", "2031-02-01", 'amount = "1"\n')
    assert len(opened(tmp_path, on + later).events) == 2


def test_what_happens_after_a_term_that_ends_by_an_option_is_refused_by_name(deal):
    left = happens(deal, date(2029, 1, 1), "right-added")
    with pytest.raises(NotModelled, match="hall-lease is over, and right-added"):
        lease_segments(left.contracts["hall-lease"], setting_of(left))
