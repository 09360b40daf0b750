import pytest
from hall_deals import concluded, decided, opened, option, stated
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from leasebook.contract.option_times import longest_months
from leasebook.measure.lease_terms import term_months
from leasebook.measure.term import lease_term_months, lease_term_readings, months_under

FRAMEWORKS = ("us-gaap", "ifrs")
BOUND = {"both_can_leave_without_penalty": False}
FREE = {"renewal_reasonably_certain": False, **BOUND}


def term(deal, framework="us-gaap"):
    """The outcome that the rules conclude, and the months that it comes to."""
    found = concluded(deal, "lease_term", "hall-lease", framework)
    if found.outcome is None:
        return None, {item.fact for item in found.missing}
    setting = decided(deal, framework, lease_term=found.outcome)
    return found.outcome, term_months(deal.contracts["hall-lease"], setting)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_lease_without_options_runs_for_its_stated_term(tmp_path, framework):
    deal = opened(tmp_path, stated("hall-lease", **BOUND))
    assert term(deal, framework) == ("noncancellable-only", 60)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_renewal_of_the_lessor_counts_without_any_judgement(tmp_path, framework):
    renewal = option("renewal", term="2 years", holder="lessor")
    deal = opened(tmp_path, renewal + stated("hall-lease", **BOUND))
    assert term(deal, framework) == ("with-lessor-renewals", 84)


def test_a_renewal_of_the_lessor_behind_one_of_the_lessee_is_not_reached(tmp_path):
    options = option("renewal", term="2 years", holder="lessor")
    options += option("renewal", term="3 years")
    options += option("renewal", term="1 year", holder="lessor")
    deal = opened(tmp_path, options + stated("hall-lease", **FREE))
    assert term(deal) == ("with-lessor-renewals", 84)


def test_with_the_lessees_renewal_certain_every_renewal_counts(tmp_path):
    options = option("renewal", term="3 years") + option("renewal", term="1 year", holder="lessor")
    facts = stated("hall-lease", renewal_reasonably_certain=True, **BOUND)
    assert term(opened(tmp_path, options + facts)) == ("with-renewals", 108)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("key", ["after", "term"])
def test_the_term_ends_where_the_lessee_may_leave_and_may_well(tmp_path, framework, key):
    facts = stated("hall-lease", staying_reasonably_certain=False, **BOUND)
    deal = opened(tmp_path, option("termination", **{key: "3 years"}) + facts)
    assert term(deal, framework) == ("to-termination", 36)


def test_the_term_runs_past_a_termination_that_is_reasonably_certain_not_to_be_used(tmp_path):
    facts = stated("hall-lease", staying_reasonably_certain=True, **BOUND)
    deal = opened(tmp_path, option("termination", after="3 years") + facts)
    assert term(deal) == ("noncancellable-only", 60)


def test_without_a_judgement_of_leaving_the_term_is_open_and_says_what_it_lacks(tmp_path):
    deal = opened(tmp_path, option("termination", after="3 years") + stated("hall-lease", **BOUND))
    assert term(deal) == (None, {"staying_reasonably_certain"})
    assert lease_term_readings(deal.contracts["hall-lease"]) == (
        ("without renewals", 60),
        ("to the lessee's first way out", 36),
    )


def test_a_termination_of_the_lessor_alone_does_not_shorten_the_term(tmp_path):
    exit_of_lessor = option("termination", after="2 years", holder="lessor")
    deal = opened(tmp_path, exit_of_lessor + stated("hall-lease", **BOUND))
    assert term(deal) == ("noncancellable-only", 60)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_nothing_is_enforceable_after_both_sides_may_leave_without_loss(tmp_path, framework):
    exits = option("termination", after="2 years")
    exits += option("termination", after="3 years", holder="lessor")
    facts = {"staying_reasonably_certain": True, "both_can_leave_without_penalty": True}
    deal = opened(tmp_path, exits + stated("hall-lease", **facts))
    assert term(deal, framework) == ("enforceable-only", 36)


def test_a_loss_on_leaving_keeps_the_whole_term_enforceable(tmp_path):
    exits = option("termination", after="2 years")
    exits += option("termination", after="3 years", holder="lessor")
    facts = stated("hall-lease", staying_reasonably_certain=True, **BOUND)
    assert term(opened(tmp_path, exits + facts)) == ("noncancellable-only", 60)


@pytest.mark.parametrize(("keys", "months"), [({"after": "4 years"}, 48), ({}, 60)])
def test_a_purchase_that_is_reasonably_certain_ends_the_term(tmp_path, keys, months):
    buy = option("purchase", price="1_000_000", **keys)
    facts = stated("hall-lease", purchase_option_reasonably_certain=True, **FREE)
    assert term(opened(tmp_path, buy + facts)) == ("to-purchase", months)


def test_an_option_to_buy_of_which_nobody_judges_leaves_the_term_open(tmp_path):
    buy = option("purchase", price="1_000_000", after="4 years")
    outcome, missing = term(opened(tmp_path, buy + stated("hall-lease", **FREE)))
    assert outcome is None
    assert missing == {"purchase_option_reasonably_certain"}


def test_a_termination_inside_a_renewal_cuts_it_only_where_the_renewal_counts(tmp_path):
    options = option("renewal", term="5 years") + option("termination", after="7 years")
    facts = {"staying_reasonably_certain": False, **BOUND}
    certain = stated("hall-lease", renewal_reasonably_certain=True, **facts)
    assert term(opened(tmp_path, options + certain)) == ("to-termination", 84)
    free = stated("hall-lease", renewal_reasonably_certain=False, **facts)
    assert term(opened(tmp_path, options + free)) == ("noncancellable-only", 60)


def test_an_open_term_has_no_months(tmp_path):
    lease = opened(tmp_path).contracts["hall-lease"]
    assert lease_term_months(lease, {}) is None


OPTIONS = st.lists(
    st.one_of(
        st.builds(
            lambda years, holder: option("renewal", term=f"{years} years", holder=holder),
            st.integers(1, 5),
            st.sampled_from(["lessee", "lessor"]),
        ),
        st.builds(
            lambda years, holder: option("termination", after=f"{years} years", holder=holder),
            st.integers(1, 12),
            st.sampled_from(["lessee", "lessor"]),
        ),
    ),
    max_size=4,
)
JUDGED = ("renewal_reasonably_certain", "staying_reasonably_certain")


def months_judged(path, options, judged, free):
    """The months of the term that options come to when renewal and staying are judged so."""
    facts = dict(zip(JUDGED, judged, strict=True))
    facts["both_can_leave_without_penalty"] = free
    deal = opened(path, "".join(options) + stated("hall-lease", **facts))
    outcome, reached = term(deal)
    lease = deal.contracts["hall-lease"]
    assert outcome is not None
    assert 12 <= reached <= longest_months(lease)
    assert reached in {months for _, months in lease_term_readings(lease)}
    return reached


@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(options=OPTIONS, certain=st.tuples(st.booleans(), st.booleans()), free=st.booleans())
def test_more_certainty_never_shortens_the_term_and_the_term_is_one_of_the_readings(
    tmp_path_factory, options, certain, free
):
    path = tmp_path_factory.mktemp("deal")
    renews, stays = certain
    reached = months_judged(path, options, certain, free)
    assert reached <= months_judged(path, options, (True, stays), free)
    assert reached <= months_judged(path, options, (renews, True), free)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_outcome_of_the_decision_comes_to_months(tmp_path, framework):
    options = option("renewal", term="2 years", holder="lessor")
    options += option("renewal", term="2 years")
    options += option("termination", after="3 years")
    options += option("termination", after="4 years", holder="lessor")
    options += option("purchase", price="1", after="54 months")
    deal = opened(tmp_path, options)
    found = concluded(deal, "lease_term", "hall-lease", framework)
    outcomes = {test.outcome for test in found.tests} | {"noncancellable-only"}
    lease = deal.contracts["hall-lease"]
    assert {outcome: months_under(lease, outcome) for outcome in outcomes} == {
        "noncancellable-only": 60,
        "with-renewals": 108,
        "with-lessor-renewals": 84,
        "to-termination": 36,
        "enforceable-only": 48,
        "to-purchase": 54,
    }
