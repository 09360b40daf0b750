"""The cases that a rule file carries: facts given, verdict or outcome expected."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from leasebook.facts.dictionary import Dictionary, FactMeaning, expected
from leasebook.facts.fact import Fact, Reading, Table, Unknown
from leasebook.rulebook.determination import Determination, Missing, Test
from leasebook.rulebook.determine import conclude, in_force
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.rule import Case, Decision, Rule
from leasebook.rulebook.testing import Scope, ask

#: Reporting date of a case that names none, if its rules are still in force then.
CASE_DATE = date(2026, 12, 31)
_NOT_GIVEN = "not given"


@attrs.frozen
class CaseError(Exception):
    """A case that gives a value of another type than declared."""

    case: str
    cause: str

    def __str__(self) -> str:
        return f"{self.case}: {self.cause}"


def run_rule_case(rulebook: Rulebook, decision: Decision, rule: Rule, case: Case) -> Test:
    """
    A rule asked of what one of its cases gives.

    Raises:
        CaseError: If a given value does not fit its declaration.
    """
    return ask(rule, _scope(rulebook, decision, rule, case))


def run_decision_case(rulebook: Rulebook, decision: Decision, case: Case) -> Determination:
    """
    A whole decision asked of what a case gives, at the case's date.

    Raises:
        CaseError: If a given value does not fit its declaration.
    """
    as_of = case.as_of or decision.in_force.last_before(CASE_DATE)
    tests = tuple(
        run_rule_case(rulebook, decision, rule, case)
        for rule in decision.rules
        if in_force(decision, rule, as_of)
    )
    return conclude(decision, "case", tests, as_of)


def _scope(rulebook: Rulebook, decision: Decision, rule: Rule, case: Case) -> Scope:
    dictionary = rulebook.dictionary
    policy = rulebook.policies["default"] if rulebook.policies else None
    outcomes = rulebook.outcomes(decision.framework)

    def fact_of(name: str) -> Fact:
        if name in rule.policy and policy is not None:
            return Fact(name, case.given.get(name, policy.values[name]), "policy")
        if name in outcomes:
            meaning = FactMeaning(name, (), "name", "derived", "", "", values=outcomes[name])
            return _fact(meaning, case.given.get(name), case)
        return _fact(dictionary.facts[name], case.given.get(name), case)

    def table_of(name: str) -> Table | None:
        return _table(dictionary, name, case)

    def causes(_: str) -> tuple[Missing, ...] | None:
        return None

    return Scope(fact_of, table_of, dictionary.tables, causes)


def _fact(meaning: FactMeaning, given: Any, case: Case) -> Fact:
    if given is None:
        return Fact(meaning.name, Unknown(_NOT_GIVEN), meaning.kind)
    if not isinstance(given, Mapping):
        return Fact(meaning.name, _fit(meaning, given, case), meaning.kind)
    readings = tuple(
        Reading(label, _fit(meaning, value, case))
        for label, value in given.get("readings", {}).items()
    )
    return Fact(
        meaning.name,
        Unknown(str(given.get("unknown", _NOT_GIVEN))),
        meaning.kind,
        readings=readings,
        exhaustive=bool(given.get("exhaustive", False)),
    )


def _fit(meaning: FactMeaning, value: Any, case: Case) -> Any:
    if not meaning.accepts(value):
        raise CaseError(case.name, f"{meaning.name} is {value!r}, not {expected(meaning)}")
    return value


def _table(dictionary: Dictionary, name: str, case: Case) -> Table | None:
    given = case.given.get(name)
    if given is None or "unknown" in given:
        return None
    columns = dictionary.tables[name].columns
    rows = []
    for row in given.get("rows", ()):
        for column in row:
            if column not in columns:
                raise CaseError(case.name, f"{name} has no column {column}")
        rows.append({column: _fact(columns[column], row[column], case) for column in row})
    return Table(name, tuple(rows), complete=bool(given.get("complete", False)))
