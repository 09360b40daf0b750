"""
Law 7 and M32 over every rule file: what is learnt, and what is asked more strictly.

Facts are drawn from the values that a rule's own cases give, so that each rule is tried around its
own edges and far from them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.rulebook import evaluate
from leasebook.rulebook.case import run_decision_case, run_rule_case
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.rule import Case, Decision, Rule

BOOK = Rulebook.load(cases=True)
DECISIONS = [d for group in BOOK.decisions.values() for d in group]
TODAY = date(2026, 1, 1)
RULES = [(d, rule) for d in DECISIONS for rule in d.rules]
POLICY = BOOK.policies["default"]

each_rule = settings(max_examples=20, deadline=None)


def of_today(name: str, framework: str) -> Any:
    """The decision of a name as today's rules take it."""
    named_so = [d for d in DECISIONS if d.name == name and d.framework == framework]
    (decision,) = (d for d in named_so if d.in_force.covers(TODAY))
    return decision


def named(value: Any) -> Any:
    """The id under which a parametrised test shows a rule or a decision."""
    if isinstance(value, Decision):
        return f"{value.framework}-{value.name}"
    return getattr(value, "id", None)


def known(given: Any) -> bool:
    """Whether a case gives a value, not the statement that there is none."""
    return not (isinstance(given, Mapping) and "unknown" in given)


def pools(cases: tuple[Case, ...]) -> dict[str, list[Any]]:
    """By name the values that cases give."""
    found: dict[str, list[Any]] = {}
    for case in cases:
        for name, value in case.given.items():
            if known(value):
                found.setdefault(name, []).append(value)
    return found


@st.composite
def whole(draw: st.DrawFn, cases: tuple[Case, ...]) -> dict[str, Any]:
    """What one case gives, some of it put in from other cases."""
    base = draw(st.sampled_from(cases))
    told = {name: value for name, value in base.given.items() if known(value)}
    for name, values in pools(cases).items():
        if draw(st.booleans()):
            told[name] = draw(st.sampled_from(values))
    return told


@st.composite
def less(draw: st.DrawFn, told: Mapping[str, Any]) -> dict[str, Any]:
    """The same with some of it not known: facts, cells of tables, or the end of a list."""
    left: dict[str, Any] = {}
    for name, value in told.items():
        if name in POLICY.values:
            left[name] = value
        elif isinstance(value, Mapping) and "rows" in value:
            rows = [
                {c: cell for c, cell in row.items() if draw(st.integers(0, 3))}
                for row in value["rows"]
            ]
            complete = value.get("complete", False)
            if draw(st.integers(0, 2)) == 0:
                complete = False
                rows = rows[: draw(st.integers(0, len(rows)))]
            left[name] = {**value, "rows": rows, "complete": complete}
        elif draw(st.booleans()):
            left[name] = value
    return left


def verdict(decision: Decision, rule: Rule, told: Mapping[str, Any]) -> str:
    """What a rule says of what is told."""
    return run_rule_case(BOOK, decision, rule, Case("drawn", told, "")).verdict


@each_rule
@given(data=st.data())
@pytest.mark.parametrize(("decision", "rule"), RULES, ids=named)
def test_law_7_learning_a_missing_fact_never_turns_a_verdict(decision, rule, data):
    told = data.draw(whole(rule.cases))
    before = verdict(decision, rule, data.draw(less(told)))

    assert before in ("unknown", verdict(decision, rule, told))


@each_rule
@given(data=st.data())
@pytest.mark.parametrize("decision", [d for d in DECISIONS if d.cases], ids=named)
def test_law_7_learning_a_missing_fact_never_turns_a_decision(decision, data):
    told = data.draw(whole(decision.cases))
    first = run_decision_case(BOOK, decision, Case("less", data.draw(less(told)), ""))
    then = run_decision_case(BOOK, decision, Case("all", told, ""))

    # Rules that turn out to contradict each other conclude nothing, and say so.
    both = {t.outcome for t in then.tests if t.verdict == "fires"} - {None}
    assert first.outcome in (None, then.outcome) or len(both) > 1


#: A rule that takes over where another's limit ends: fewer short leases leave more to low value.
TAKES_OVER = {("low-value-asset", "short_term_limit_months")}


def strict() -> Iterator[tuple[Decision, Rule, str]]:
    """
    Every threshold of every rule that is stricter one way.

    A rule that states the opposite has its margin on the other side, and is left out; so is a day
    that parts two rules, which is one rule's limit and the other's beginning, and `TAKES_OVER`.
    """
    for decision, rule in RULES:
        for name in rule.policy:
            way = POLICY.stricter.get(name)
            counted = not isinstance(POLICY.values[name], date)
            counted = counted and (rule.id, name) not in TAKES_OVER
            if counted and way in ("higher", "lower") and not opposite(rule, name, way):
                yield decision, rule, name


def opposite(rule: Rule, name: str, way: str) -> bool:
    """Whether a rule is met on the side away from the threshold's stricter direction."""
    if rule.margin is None or name not in rule.margin.threshold_text:
        return False
    return (rule.margin.better == "above") != (way == "higher")


STRICT = list(strict())


@each_rule
@given(data=st.data())
@pytest.mark.parametrize(("decision", "rule", "name"), STRICT, ids=named)
def test_law_7_a_stricter_threshold_makes_no_silent_rule_fire(decision, rule, name, data):
    told = data.draw(whole(rule.cases))
    value = Fraction(told.get(name, POLICY.values[name]))
    step = Fraction(data.draw(st.integers(1, 2000)), 1000) * (abs(value) or 1)
    sign = 1 if POLICY.stricter[name] == "higher" else -1
    moved = Decimal((value + sign * step).numerator) / Decimal((value + sign * step).denominator)

    if verdict(decision, rule, {**told, name: as_it_was(value)}) == "silent":
        assert verdict(decision, rule, {**told, name: moved}) != "fires"


def as_it_was(value: Fraction) -> Decimal:
    """A threshold as rule files write it."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def test_the_rules_have_thresholds_to_be_moved():
    assert len(STRICT) >= 10
    assert {POLICY.stricter[name] for _, _, name in STRICT} == {"higher", "lower"}


def turned() -> list[str]:
    """Rules whose verdict turns when one fact of a case is learnt."""
    found = []
    for decision, rule in RULES:
        for case in rule.cases:
            told = {name: value for name, value in case.given.items() if known(value)}
            full = verdict(decision, rule, told)
            for name in told.keys() - POLICY.values.keys():
                fewer = {other: value for other, value in told.items() if other != name}
                if verdict(decision, rule, fewer) not in ("unknown", full):
                    found.append(f"{rule.id} without {name}")
    return found


def test_a_language_that_takes_not_known_for_false_is_caught_by_law_7(monkeypatch):
    assert turned() == []

    def careless(answers: Any, *, settles: bool) -> evaluate.Answer:
        return evaluate.Answer(any(a.value is settles for a in answers) is settles)

    monkeypatch.setattr(evaluate, "join", careless)
    assert turned()


def test_a_threshold_that_moves_the_other_way_does_make_silent_rules_fire():
    loosened = 0
    for decision, rule, name in STRICT:
        far = Decimal(-(10**12)) if POLICY.stricter[name] == "higher" else Decimal(10**12)
        for case in rule.cases:
            if verdict(decision, rule, case.given) == "silent":
                loosened += verdict(decision, rule, {**case.given, name: far}) == "fires"
    assert loosened >= len(STRICT) // 3


# --- M32: the edges of the exemptions ------------------------------------------------------------


def exempt(framework: str, **told: Any) -> str | None:
    """What becomes of the exemption of a lease."""
    decision = of_today("lease_exemption", framework)
    base: dict[str, Any] = {}
    for case in (*decision.cases, *(c for rule in decision.rules for c in rule.cases)):
        if case.then == "short-term":
            base = dict(case.given)
    return run_decision_case(BOOK, decision, Case("edge", {**base, **told}, "")).outcome


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_m32_twelve_months_are_exempt_and_the_next_month_is_not(framework):
    assert exempt(framework, lease_term_months=12) == "short-term"
    assert exempt(framework, lease_term_months=13) != "short-term"


def test_m32_any_option_to_buy_removes_the_exemption_under_ifrs_and_a_certain_one_here():
    option = {"has_purchase_option": True, "purchase_option_reasonably_certain": False}
    certain = {**option, "purchase_option_reasonably_certain": True}

    assert exempt("ifrs", lease_term_months=12, **option) != "short-term"
    assert exempt("us-gaap", lease_term_months=12, **option) == "short-term"
    assert exempt("us-gaap", lease_term_months=12, **certain) != "short-term"


@each_rule
@given(data=st.data())
@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_m33_a_certain_renewal_never_leaves_the_term(framework, data):
    decision = of_today("lease_term", framework)
    told = data.draw(whole(decision.cases))
    low, high = (
        run_decision_case(BOOK, decision, Case("one", {**told, "renewal": value}, "")).outcome
        for value in ("not-reasonably-certain", "reasonably-certain")
    )
    assert (low, high) != ("with-renewals", "noncancellable-only")


@each_rule
@given(data=st.data(), chances=st.tuples(st.integers(0, 100), st.integers(0, 100)))
@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_m33_a_likelier_renewal_never_becomes_less_certain(framework, chances, data):
    decision = of_today("renewal", framework)
    told = data.draw(whole(decision.cases))
    low, high = (
        run_decision_case(
            BOOK, decision, Case("one", {**told, "renewal_probability": Decimal(c) / 100}, "")
        ).outcome
        for c in sorted(chances)
    )
    assert (low, high) != ("reasonably-certain", "not-reasonably-certain")
