"""A rule's page: what it asks, of which facts, under which policy, with its cases."""

import attrs

from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.rule import Case, Decision, Period, Rule
from leasebook.rulebook.wording import show


@attrs.frozen
class PageLine:
    """
    One fact, table, decision or threshold that a rule reads, explained.

    Attributes:
        kind: term, judgement, derived, measured, policy, table or decision.
        value: Of a threshold; empty for what a deal supplies.
        note: Stricter direction and remarks of a threshold; columns of a table.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    cites: str
    value: str = ""
    note: str = ""


@attrs.frozen
class RulePage:
    """All that is to be said of one rule."""

    id: str
    framework: str
    standard_id: str
    decision: str
    question: str
    about: str
    outcome: str | None
    gist: str
    cites: str
    evidence: str
    condition: str
    because: str
    margin: str
    in_force: Period
    inputs: tuple[PageLine, ...]
    policy: tuple[PageLine, ...]
    cases: tuple[Case, ...]
    file: str


def rule_page(rulebook: Rulebook, rule_id: str) -> RulePage:
    """
    The page of a rule.

    Args:
        rulebook: Loaded with its cases if the page is to show them.
        rule_id: The id, led by ``us.`` or ``ifrs.`` where both frameworks have it.

    Raises:
        KeyError: If no rule has that id.
    """
    found = rulebook.rules(rule_id)
    if not found:
        raise KeyError(rule_id)
    decision, rule = found[0]
    margin = rule.margin
    return RulePage(
        id=rule.id,
        framework=decision.framework,
        standard_id=decision.standard_id,
        decision=decision.name,
        question=decision.question,
        about=decision.about,
        outcome=rule.outcome,
        gist=rule.gist,
        cites=rule.cites,
        evidence=rule.evidence,
        condition=rule.when.text,
        because=rule.because,
        margin="" if margin is None else f"{margin.label} against {margin.threshold_text}",
        in_force=rule.in_force if rule.in_force != Period() else decision.in_force,
        inputs=tuple(_input(rulebook, decision, name) for name in rule.reads),
        policy=tuple(_threshold(rulebook, rule, name) for name in rule.policy),
        cases=rule.cases,
        file=decision.file,
    )


def _input(rulebook: Rulebook, decision: Decision, name: str) -> PageLine:
    dictionary = rulebook.dictionary
    if name in dictionary.facts:
        fact = dictionary.facts[name]
        return PageLine(name, fact.kind, fact.unit, fact.meaning, fact.cites)
    if name in dictionary.tables:
        table = dictionary.tables[name]
        columns = ", ".join(table.columns)
        return PageLine(name, "table", "rows", table.meaning, table.cites, note=columns)
    other = rulebook.decision(decision.framework, name)
    outcomes = ", ".join(other.outcomes)
    return PageLine(name, "decision", "name", other.question, other.standard, note=outcomes)


def _threshold(rulebook: Rulebook, rule: Rule, name: str) -> PageLine:
    policy = rulebook.policies["default"]
    stricter = policy.stricter[name]
    note = "" if stricter == "none" else f"stricter if {stricter}"
    return PageLine(
        name=name,
        kind="policy",
        unit=policy.units[name],
        meaning=policy.notes[name],
        cites=rule.policy[name],
        value=show(policy.values[name]),
        note=note,
    )
