"""From the TOML of one rule file to a decision with its rules, noting every problem on the way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from leasebook.facts.dictionary import Dictionary, nearest
from leasebook.rulebook import rule as model
from leasebook.rulebook.language import Expression, LanguageError, Vocabulary, check, parse
from leasebook.rulebook.wording import names_in

_DECISION_KEYS = {
    "name", "standard", "standard_id", "framework", "about", "question", "outcomes", "default",
    "needs", "in_force",
}  # fmt: skip
_RULE_KEYS = {
    "id", "cites", "evidence", "gist", "when", "outcome", "inputs", "policy", "show", "because",
    "margin", "in_force", "typical", "case",
}  # fmt: skip
_CASE_KEYS = {"name", "given", "then", "outcome", "says", "missing", "as_of"}
_DEFAULT_KEYS = {"outcome", "cites", "evidence", "because"}
_MARGIN_KEYS = {"value", "threshold", "unit", "better", "tie", "label"}
_VERDICTS = ("fires", "silent", "unknown")


@attrs.frozen
class Problem:
    """
    What is wrong in a rule file, and where.

    Attributes:
        rule: Id of the rule, or the part of the file.
    """

    file: str
    rule: str
    cause: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.cause}"


@attrs.frozen
class Words:
    """All that rules may name: facts and tables, policies, and the decisions of a framework."""

    dictionary: Dictionary
    policies: Mapping[str, model.Policy]
    outcomes: Mapping[str, tuple[str, ...]]

    def default_policy(self) -> model.Policy:
        """The policy named default, empty if no file gives one."""
        return self.policies.get("default", model.Policy("default", {}))

    def vocabulary(self, policy: Iterable[str]) -> Vocabulary:
        """What an expression of one rule may use: all facts and decisions, its own policy."""
        units = {name: meaning.unit for name, meaning in self.dictionary.facts.items()}
        values = {name: meaning.values for name, meaning in self.dictionary.facts.items()}
        units |= dict.fromkeys(self.outcomes, "name")
        values |= self.outcomes
        thresholds = self.default_policy().units
        units |= {name: thresholds[name] for name in policy if name in thresholds}
        return Vocabulary(units, values, self.dictionary.tables)


class Reader:
    """Reads one decision file; `problems` holds what is wrong with it."""

    def __init__(self, file: str, words: Words) -> None:
        self.file = file
        self.words = words
        self.problems: list[Problem] = []
        self._vocabularies: dict[tuple[str, ...], Vocabulary] = {}

    def decision(self, document: Mapping[str, Any]) -> model.Decision:
        """The decision of a parsed file, as complete as its problems allow."""
        head = document.get("decision", {})
        self._keys("decision", document, {"decision", "rule", "case", "typical"})
        self._keys("decision", head, _DECISION_KEYS)
        self._needed("decision", head, ("name", "standard", "about", "question", "outcomes"))
        outcomes = tuple(head.get("outcomes", ()))
        rules = tuple(self._rule(table, outcomes) for table in document.get("rule", ()))
        if not rules:
            self._problem("decision", "has no rule")
        needs = tuple(head.get("needs", ()))
        self._needs(needs, rules)
        return model.Decision(
            name=str(head.get("name", "")),
            standard=str(head.get("standard", "")),
            standard_id=str(head.get("standard_id", "")),
            framework=str(head.get("framework", "")),
            about=str(head.get("about", "")),
            question=str(head.get("question", "")),
            outcomes=outcomes,
            default=self._default(head.get("default"), outcomes),
            needs=needs,
            rules=rules,
            in_force=self._period("decision", head),
            file=self.file,
            cases=self._cases(document, None, (*outcomes, "none")),
        )

    def _problem(self, rule: str, cause: str) -> None:
        self.problems.append(Problem(self.file, rule, cause))

    def _keys(self, where: str, table: Mapping[str, Any], allowed: set[str]) -> None:
        for key in table:
            if key not in allowed:
                self._problem(where, f"{key}: no such key{nearest(key, allowed)}")

    def _needed(self, where: str, table: Mapping[str, Any], keys: Sequence[str]) -> None:
        for key in keys:
            if not table.get(key):
                self._problem(where, f"{key} is missing")

    def _needs(self, needs: tuple[str, ...], rules: tuple[model.Rule, ...]) -> None:
        read = {name for rule in rules for name in rule.reads if name in self.words.outcomes}
        if read != set(needs):
            names = ", ".join(f'"{name}"' for name in sorted(read))
            self._problem("decision", f"needs must be [{names}]: these are the decisions it reads")

    def _default(
        self, table: Mapping[str, Any] | None, outcomes: tuple[str, ...]
    ) -> model.Default | None:
        if table is None:
            return None
        self._keys("default", table, _DEFAULT_KEYS)
        self._needed("default", table, ("outcome", "cites"))
        self._one_of("default", "outcome", table.get("outcome"), outcomes)
        evidence = table.get("evidence", "unverified")
        self._one_of("default", "evidence", evidence, model.EVIDENCE)
        return model.Default(
            outcome=str(table.get("outcome", "")),
            cites=str(table.get("cites", "")),
            evidence=str(evidence),
            because=str(table.get("because", "no test is met")),
        )

    def _one_of(self, where: str, key: str, value: object, allowed: Sequence[str]) -> None:
        if value not in allowed:
            self._problem(where, f"{key} is {value!r}, not one of {', '.join(allowed)}")

    def _period(self, where: str, table: Mapping[str, Any]) -> model.Period:
        period = table.get("in_force", {})
        self._keys(where, period, {"from", "until"})
        dates = {key: value for key, value in period.items() if isinstance(value, date)}
        if len(dates) != len(period):
            self._problem(where, "in_force takes dates")
        return model.Period(dates.get("from"), dates.get("until"))

    def _rule(self, table: Mapping[str, Any], outcomes: tuple[str, ...]) -> model.Rule:
        where = str(table.get("id", "rule without id"))
        self._keys(where, table, _RULE_KEYS)
        self._needed(where, table, ("id", "cites", "gist", "when", "because"))
        self._one_of(where, "evidence", table.get("evidence"), model.EVIDENCE)
        outcome = table.get("outcome")
        if outcome is not None:
            self._one_of(where, "outcome", outcome, outcomes)
        policy = table.get("policy", {})
        for name in policy:
            if name not in self.words.default_policy().values:
                known = self.words.default_policy().values
                self._problem(where, f"no policy is called {name}{nearest(name, known)}")
        reads: dict[str, None] = {}
        when = self._expression(where, table.get("when", "true"), policy, reads, "boolean")
        show = {
            name: self._expression(where, text, policy, reads)
            for name, text in table.get("show", {}).items()
        }
        margin = self._margin(where, table.get("margin"), policy, reads)
        self._because(where, str(table.get("because", "")), policy, show, reads)
        inputs = tuple(name for name in reads if name not in policy)
        self._inputs(where, table.get("inputs"), inputs)
        for name in sorted(set(policy) - set(reads)):
            self._problem(where, f"policy {name} is not used")
        return model.Rule(
            id=where,
            cites=str(table.get("cites", "")),
            evidence=str(table.get("evidence", "")),
            gist=str(table.get("gist", "")),
            when=when,
            outcome=outcome,
            reads=inputs,
            policy=dict(policy),
            show=show,
            because=str(table.get("because", "")),
            margin=margin,
            in_force=self._period(where, table),
            cases=self._cases(table, where, _VERDICTS),
        )

    def _expression(
        self,
        where: str,
        text: str,
        policy: Mapping[str, str],
        reads: dict[str, None],
        unit: str | None = None,
    ) -> Expression:
        key = tuple(policy)
        vocabulary = self._vocabularies.get(key)
        if vocabulary is None:
            vocabulary = self._vocabularies[key] = self.words.vocabulary(key)
        try:
            expression = parse(str(text))
            found, names = check(expression, vocabulary)
        except LanguageError as error:
            self._problem(where, f"{text!r}: {error}")
            return parse("true")
        if unit is not None and found != unit:
            self._problem(where, f"{text!r} is no condition")
        reads.update(dict.fromkeys(names))
        return expression

    def _margin(
        self,
        where: str,
        table: Mapping[str, Any] | None,
        policy: Mapping[str, str],
        reads: dict[str, None],
    ) -> model.MarginRule | None:
        if table is None:
            return None
        self._keys(where, table, _MARGIN_KEYS)
        self._needed(where, table, ("value", "threshold", "unit", "better"))
        self._one_of(where, "margin.better", table.get("better"), ("above", "below"))
        self._one_of(where, "margin.tie", table.get("tie", "met"), ("met", "not met"))
        threshold = str(table.get("threshold", "0"))
        return model.MarginRule(
            value=self._expression(where, table.get("value", "0"), policy, reads),
            threshold=self._expression(where, threshold, policy, reads),
            threshold_text=threshold,
            unit=str(table.get("unit", "number")),
            better=str(table.get("better", "above")),
            tie_met=table.get("tie", "met") == "met",
            label=str(table.get("label", table.get("value", ""))),
        )

    def _because(
        self,
        where: str,
        template: str,
        policy: Mapping[str, str],
        show: Mapping[str, Expression],
        reads: dict[str, None],
    ) -> None:
        try:
            names = names_in(template)
        except ValueError as error:
            self._problem(where, f"because: {error}")
            return
        known = {**self.words.dictionary.facts, **self.words.outcomes, **policy, **show}
        for name in names:
            if name not in known:
                self._problem(where, f"because: no fact is called {name}{nearest(name, known)}")
            elif name not in show:
                reads.setdefault(name)

    def _inputs(self, where: str, stated: Sequence[str] | None, read: tuple[str, ...]) -> None:
        if stated is None or set(stated) != set(read) or len(stated) != len(read):
            names = ", ".join(f'"{name}"' for name in read)
            self._problem(where, f"inputs must be [{names}]: these are what it reads")

    def _cases(
        self, table: Mapping[str, Any], rule: str | None, allowed: tuple[str, ...]
    ) -> tuple[model.Case, ...]:
        key = "outcome" if rule is None else "then"
        typical = table.get("typical", {})
        known = {
            **self.words.dictionary.facts,
            **self.words.dictionary.tables,
            **self.words.outcomes,
            **self.words.default_policy().values,
        }
        cases = []
        for entry in table.get("case", ()):
            where = f"{rule or 'decision'}, case {entry.get('name')!r}"
            self._keys(where, entry, _CASE_KEYS)
            self._one_of(where, key, entry.get(key), allowed)
            given = {**typical, **entry.get("given", {})}
            for name in given:
                if name not in known:
                    self._problem(where, f"no fact is called {name}{nearest(name, known)}")
            cases.append(
                model.Case(
                    name=str(entry.get("name", "")),
                    given=given,
                    then=str(entry.get(key, "")),
                    rule_id=rule,
                    says=entry.get("says"),
                    missing=tuple(entry["missing"]) if "missing" in entry else None,
                    as_of=entry.get("as_of"),
                )
            )
        return tuple(cases)
