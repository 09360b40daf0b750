"""One rule asked of one set of facts: verdict, margin, readings, sentence."""

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product

import attrs

from leasebook.facts.dictionary import TableMeaning
from leasebook.facts.fact import Fact, Table, Unknown, Value
from leasebook.rulebook.determination import Margin, Missing, Test, TestReading
from leasebook.rulebook.evaluate import Answer, evaluate
from leasebook.rulebook.rule import MarginRule, Rule
from leasebook.rulebook.wording import NOT_KNOWN, compare, fill, show_unit

#: Combinations of exhaustive readings that are tried before a condition is left open.
COMBINATIONS_MAX = 1024


@attrs.define
class Scope:
    """
    The facts that one rule sees, each looked up once, some fixed at a reading.

    Attributes:
        fact_of: Looks up a fact, policy value or outcome.
        table_of: Looks up a table.
        meanings: Declared tables.
        causes: For a decision or measured fact that is not known, what it lacks itself.
        fixed: Values put in place of facts that are not known.
        reads: Facts read so far; cells under ``table[row].column``.
    """

    fact_of: Callable[[str], Fact]
    table_of: Callable[[str], Table | None]
    meanings: Mapping[str, TableMeaning]
    causes: Callable[[str], tuple[Missing, ...] | None]
    fixed: dict[str, Value] = attrs.field(factory=dict)
    reads: dict[str, Fact] = attrs.field(factory=dict)

    def fact(self, name: str) -> Fact:
        """The fact, policy value or decision's outcome of that name."""
        if name not in self.reads:
            self.reads[name] = self.fact_of(name)
        return self._fixed(name)

    def table(self, name: str) -> Table | None:
        """The table of that name, or None if nothing is said of it."""
        return self.table_of(name)

    def cell(self, table: str, number: int, column: str) -> Fact:
        """The fact in one row's column; a column left out is not stated."""
        key = f"{table}[{number + 1}].{column}"
        if key not in self.reads:
            found = self.table_of(table)
            fact = None if found is None else found.rows[number].get(column)
            kind = self.meanings[table].columns[column].kind
            self.reads[key] = fact or Fact(key, Unknown("not stated"), kind)
        return self._fixed(key)

    def meaning(self, table: str) -> TableMeaning:
        """The declared columns and key of a table."""
        return self.meanings[table]

    def unread(self) -> dict[str, Fact]:
        """Facts that were looked up, are not known, and have readings."""
        return {
            key: fact
            for key, fact in self.reads.items()
            if not fact.known and fact.readings and key not in self.fixed
        }

    def _fixed(self, key: str) -> Fact:
        if key in self.fixed:
            return attrs.evolve(self.reads[key], value=self.fixed[key])
        return self.reads[key]


def ask(rule: Rule, scope: Scope) -> Test:
    """
    What a rule says of the facts in scope.

    Returns:
        The test, whatever its verdict: margin and readings are reported even when silent.
    """
    plain = evaluate(rule.when.tree, scope)
    answer = settle(rule.when.tree, scope)
    margin = None if rule.margin is None else measure_margin(rule.margin, scope)
    verdict = _VERDICTS[answer.value if isinstance(answer.value, bool) else None]
    missing = _missing(answer, rule, scope)
    sentence = _sentence(rule, scope, verdict, margin, missing)
    if answer.value is not None and plain.value is None:
        sentence = f"{_gist(rule, verdict)}, under every reading of {', '.join(plain.missing)}"
    test = Test(
        rule_id=rule.id,
        cites=rule.cites,
        evidence=rule.evidence,
        gist=rule.gist,
        outcome=rule.outcome,
        verdict=verdict,
        sentence=sentence,
        margin=margin,
        readings=_readings(rule, scope),
        missing=missing,
    )
    return attrs.evolve(test, inputs=tuple(scope.reads.values()))


_VERDICTS: Mapping[bool | None, str] = {True: "fires", False: "silent", None: "unknown"}


def settle(tree: ast.expr, scope: Scope) -> Answer:
    """
    A condition's answer; where it is open, the verdict that all exhaustive readings agree on.

    Monotone: a fact that becomes known takes one of its readings, under which the verdict is
    the same.
    """
    answer = evaluate(tree, scope)
    if answer.value is not None:
        return answer
    closed = {key: fact for key, fact in scope.unread().items() if fact.exhaustive}
    combinations = 1
    for fact in closed.values():
        combinations *= len(fact.readings)
    if not closed or combinations > COMBINATIONS_MAX:
        return answer
    found = set()
    outer = dict(scope.fixed)
    for values in product(*(fact.readings for fact in closed.values())):
        scope.fixed = outer | dict(zip(closed, (r.value for r in values), strict=True))
        found.add(evaluate(tree, scope).value)
        if len(found) > 1 or None in found:
            break
    scope.fixed = outer
    return Answer(found.pop()) if len(found) == 1 and None not in found else answer


def measure_margin(margin: MarginRule, scope: Scope) -> Margin:
    """A rule's number against its threshold, exact, whether the rule fires or not."""
    value = _number(evaluate(margin.value.tree, scope))
    threshold = _number(evaluate(margin.threshold.tree, scope))
    difference, met = None, None
    if value is not None and threshold is not None:
        difference = value - threshold
        met = margin.tie_met
        if difference != 0:
            met = (difference > 0) == (margin.better == "above")
        text = compare(value, threshold, margin.unit, tie_met=margin.tie_met)
    elif threshold is not None:
        text = f"{NOT_KNOWN} against {show_unit(threshold, margin.unit)}"
    else:
        text = NOT_KNOWN
    return Margin(
        label=margin.label,
        value=value,
        threshold=threshold,
        difference=difference,
        unit=margin.unit,
        better=margin.better,
        met=met,
        text=text,
    )


def _number(answer: Answer) -> Fraction | None:
    return answer.value if isinstance(answer.value, Fraction) else None


def _missing(answer: Answer, rule: Rule, scope: Scope) -> tuple[Missing, ...]:
    found: dict[Missing, None] = {}
    for name in answer.missing:
        causes = scope.causes(name)
        if causes is None:
            found.setdefault(Missing(name, rule.cites))
        else:
            found.update(dict.fromkeys(causes or (Missing(name, rule.cites),)))
    return tuple(found)


def _readings(rule: Rule, scope: Scope) -> tuple[TestReading, ...]:
    found = []
    for key, fact in scope.unread().items():
        for reading in fact.readings:
            scope.fixed[key] = reading.value
            answer = settle(rule.when.tree, scope)
            verdict = _VERDICTS[answer.value if isinstance(answer.value, bool) else None]
            margin = None if rule.margin is None else measure_margin(rule.margin, scope)
            text, difference = ("", None) if margin is None else (margin.text, margin.difference)
            found.append(TestReading(key, reading.label, reading.value, verdict, text, difference))
            del scope.fixed[key]
    return tuple(found)


def _gist(rule: Rule, verdict: str) -> str:
    gist = rule.gist.rstrip(".")
    gist = gist[:1].lower() + gist[1:]
    return {"fires": "", "silent": "not met: ", "unknown": "open: "}[verdict] + gist


def _sentence(
    rule: Rule, scope: Scope, verdict: str, margin: Margin | None, missing: tuple[Missing, ...]
) -> str:
    known = f" ({margin.text})" if margin is not None and margin.value is not None else ""
    if verdict == "silent":
        return f"{_gist(rule, verdict)}{known}"
    if verdict == "unknown":
        lacks = ", ".join(dict.fromkeys(item.fact for item in missing))
        return f"{_gist(rule, verdict)}; lacks {lacks}"

    def read(name: str) -> Value | Unknown:
        if name in rule.show:
            value = evaluate(rule.show[name].tree, scope).value
            return Unknown(NOT_KNOWN) if value is None else value
        return scope.fact(name).value

    return fill(rule.because, read)
