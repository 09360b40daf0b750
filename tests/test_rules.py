"""Every case of every rule file."""

import pytest

from leasebook.rulebook.case import run_decision_case, run_rule_case
from leasebook.rulebook.loading import Rulebook, rules_folder

BOOK = Rulebook.load(cases=True)
RULES = [(d, rule) for group in BOOK.decisions.values() for d in group for rule in d.rules]
RULE_CASES = [(d, rule, case) for d, rule in RULES for case in rule.cases]
DECISIONS = [d for group in BOOK.decisions.values() for d in group]
DECISION_CASES = [(d, case) for d in DECISIONS for case in d.cases]


def rule_id(value):
    return getattr(value, "name", None) or getattr(value, "id", None)


@pytest.mark.parametrize(("decision", "rule", "case"), RULE_CASES, ids=rule_id)
def test_a_rule_says_what_its_case_expects(decision, rule, case):
    test = run_rule_case(BOOK, decision, rule, case)

    assert test.verdict == case.then, test.sentence
    if case.says is not None:
        assert test.sentence == case.says
    if case.missing is not None:
        assert tuple(item.fact for item in test.missing) == case.missing


@pytest.mark.parametrize(("decision", "case"), DECISION_CASES, ids=rule_id)
def test_a_decision_comes_out_as_its_case_expects(decision, case):
    found = run_decision_case(BOOK, decision, case)

    assert (found.outcome or "none") == case.then, found.sentence
    if case.says is not None:
        assert found.sentence == case.says
    if case.missing is not None:
        assert tuple(dict.fromkeys(item.fact for item in found.missing)) == case.missing


MARGINS = [(d, rule) for d, rule in RULES if rule.margin is not None]


@pytest.mark.parametrize(("decision", "rule"), MARGINS, ids=rule_id)
def test_a_rule_with_a_margin_has_cases_at_its_threshold_and_beyond_it(decision, rule):
    tests = [run_rule_case(BOOK, decision, rule, case) for case in rule.cases]
    tests = [test for test in tests if test.margin.difference is not None]
    at_threshold = [test for test in tests if test.margin.difference == 0]

    assert any(test.margin.met == (test.verdict == "fires") for test in at_threshold)
    assert any(test.margin.difference != 0 and not test.margin.met for test in tests) or (
        not rule.margin.tie_met and any(test.margin.met for test in tests)
    )


@pytest.mark.parametrize("decision", DECISIONS, ids=rule_id)
def test_every_outcome_of_a_decision_can_be_reached(decision):
    reached = {rule.outcome for rule in decision.rules}
    if decision.default is not None:
        reached.add(decision.default.outcome)

    assert set(decision.outcomes) == reached - {None}


@pytest.mark.parametrize("decision", DECISIONS, ids=rule_id)
def test_every_outcome_of_a_decision_is_shown_by_a_case_of_the_whole(decision):
    assert set(decision.outcomes) <= {case.then for case in decision.cases}


def test_every_file_beside_a_standard_is_a_decision():
    files = {d.file for d in DECISIONS}
    root = rules_folder()

    for folder in ("asc842", "ifrs16"):
        for path in (root / folder).glob("*.toml"):
            assert path.relative_to(root).as_posix() in files
