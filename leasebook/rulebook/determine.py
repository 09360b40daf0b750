"""From subjects and their facts to determinations: every decision, in the order they wait."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

import attrs

from leasebook.facts.fact import Fact, Subject, Table, Unknown, Value
from leasebook.rulebook.determination import (
    Alternative,
    Determination,
    Determinations,
    Missing,
    Test,
)
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.memory import Memory
from leasebook.rulebook.rule import Decision, Policy, Rule
from leasebook.rulebook.testing import Scope, ask

#: Computes a measured fact: its name, its subject, and the decisions it waits for.
Measured = Callable[[str, Subject, Mapping[str, Determination]], Fact]


def determine(
    rulebook: Rulebook,
    subjects: Iterable[Subject],
    *,
    framework: str,
    as_of: date,
    policy: Policy,
    measured: Measured,
    stated: Mapping[tuple[str, str], str] | None = None,
    judgements_varied: bool = True,
    wanted: Collection[tuple[str, str]] | None = None,
    memory: Memory | None = None,
) -> Determinations:
    """
    What the rules of a framework conclude of every subject.

    Args:
        rulebook: Rules and dictionary.
        subjects: What decisions are about; each also sees its parents.
        framework: us-gaap or ifrs.
        as_of: The date whose rules are applied: those then in force.
        policy: Thresholds and elections.
        measured: Called for a measured fact once the decisions it waits for are reached. An
            outcome among them may be None; the answer then is an unknown with readings.
        stated: Outcomes by decision and subject that stand in place of the rules'.
        judgements_varied: Whether each end of each judgement's range is tried for flips.
        wanted: Decision and subject of what is asked, with what that waits for; None asks all.
        memory: Tests of other runs under the same framework, day and policy, which stand where
            they read the same.

    Returns:
        One determination for each decision and subject of its kind, each judgement's ends
        tried one at a time. The rules' own outcome is kept beside a stated one.

    Raises:
        TypeError: If a fact that is read has a value of another type than declared.

    Example:
        >>> from decimal import Decimal
        >>> book = Rulebook.load()
        >>> lease = Subject("desk", "lease", {"title_transfers": Fact(
        ...     "title_transfers", True, "term")})
        >>> found = determine(book, [lease], framework="us-gaap", as_of=date(2026, 12, 31),
        ...     policy=book.policies["default"],
        ...     measured=lambda name, subject, reached: Fact(name, Unknown("-"), "measured"))
        >>> found["lessee_classification", "desk"].outcome
        'finance'
    """
    subjects = tuple(subjects)
    own = dict(stated or {})
    run = _Run(rulebook.on(as_of), framework, as_of, policy, measured, own, wanted, memory)
    base = run.all(subjects)
    flips: dict[tuple[str, str], list[Alternative]] = {}
    for fact, about, changed in _judged(subjects) if judgements_varied else ():
        for reading in fact.readings:
            if reading.value == fact.value:
                continue
            for key, found in run.all(changed(reading.value)).items():
                if key in base and found.outcome != base[key].outcome:
                    flip = Alternative(
                        fact.name, about, reading.label, reading.value, found.outcome
                    )
                    flips.setdefault(key, []).append(flip)
    return Determinations(
        {
            key: attrs.evolve(found, alternatives=tuple(flips.get(key, ())))
            for key, found in base.items()
        }
    )


Changed = Callable[[Value], tuple[Subject, ...]]


def _judged(subjects: tuple[Subject, ...]) -> Iterator[tuple[Fact, str, Changed]]:
    """Each judgement with a range, and the subjects as they are at another value of it."""
    for place, subject in enumerate(subjects):
        for name, fact in subject.facts.items():
            if fact.kind == "judgement" and fact.readings:
                yield fact, subject.id, _with_fact(subjects, place, name)
        for table in subject.tables.values():
            for number, row in enumerate(table.rows):
                for column, cell in row.items():
                    if cell.kind == "judgement" and cell.readings:
                        named = attrs.evolve(cell, name=f"{table.name}[{number + 1}].{column}")
                        yield named, subject.id, _with_cell(subjects, place, table, number, column)


def _with_fact(subjects: tuple[Subject, ...], place: int, name: str) -> Changed:
    def changed(value: Value) -> tuple[Subject, ...]:
        subject = subjects[place]
        fact = attrs.evolve(subject.facts[name], value=value)
        other = attrs.evolve(subject, facts={**subject.facts, name: fact})
        return (*subjects[:place], other, *subjects[place + 1 :])

    return changed


def _with_cell(
    subjects: tuple[Subject, ...], place: int, table: Table, number: int, column: str
) -> Changed:
    def changed(value: Value) -> tuple[Subject, ...]:
        row = table.rows[number]
        cell = attrs.evolve(row[column], value=value)
        rows = (*table.rows[:number], {**row, column: cell}, *table.rows[number + 1 :])
        subject = subjects[place]
        tables = {**subject.tables, table.name: attrs.evolve(table, rows=rows)}
        other = attrs.evolve(subject, tables=tables)
        return (*subjects[:place], other, *subjects[place + 1 :])

    return changed


@attrs.frozen
class _Run:
    """What does not change while judgements are tried."""

    rulebook: Rulebook
    framework: str
    as_of: date
    policy: Policy
    measured: Measured
    stated: Mapping[tuple[str, str], str]
    wanted: Collection[tuple[str, str]] | None = None
    memory: Memory | None = None

    def all(self, subjects: tuple[Subject, ...]) -> dict[tuple[str, str], Determination]:
        # A lease of a contract has the name of its component, and comes before it.
        walk = _Walk(self, {subject.id: subject for subject in reversed(subjects)})
        for decision in self.rulebook.decisions[self.framework]:
            for subject in subjects:
                asked = self.wanted is None or (decision.name, subject.id) in self.wanted
                if asked and walk.takes(decision, subject):
                    walk.decide(decision, subject)
        return walk.reached


@attrs.define
class _Walk:
    """One pass over all decisions, each reached once."""

    run: _Run
    subjects: Mapping[str, Subject]
    reached: dict[tuple[str, str], Determination] = attrs.field(factory=dict)
    facts: dict[tuple[str, str], Fact] = attrs.field(factory=dict)

    def decide(self, decision: Decision, subject: Subject) -> Determination:
        key = (decision.name, subject.id)
        if key not in self.reached:
            tests = tuple(
                self._asked(decision, rule, subject)
                for rule in decision.rules
                if in_force(decision, rule, self.run.as_of)
            )
            found = conclude(decision, subject.id, tests, self.run.as_of)
            self.reached[key] = attrs.evolve(found, stated=self.run.stated.get(key))
        return self.reached[key]

    def _asked(self, decision: Decision, rule: Rule, subject: Subject) -> Test:
        scope, memory = self._scope(rule, subject), self.run.memory
        if memory is None:
            return ask(rule, scope)
        return memory.asked(decision.name, rule, subject.id, scope)

    def takes(self, decision: Decision, subject: Subject) -> bool:
        """Whether a decision is asked about a subject, by what others conclude too."""
        if subject.takes(decision.name, decision.about):
            return True
        gate = subject.asked_if.get(decision.name)
        if gate is None or subject.kind != decision.about:
            return False
        name, about, closed_at = gate
        try:
            other = self.run.rulebook.decision(self.run.framework, name)
        except KeyError:
            return True
        return self.decide(other, self.subjects[about]).stands != closed_at

    def _scope(self, rule: Rule, subject: Subject) -> Scope:
        sight = tuple(self._sight(subject))
        dictionary = self.run.rulebook.dictionary

        def fact_of(name: str) -> Fact:
            if name in rule.policy:
                cites = self.run.policy.cites.get(name, rule.policy[name])
                return Fact(name, self.run.policy.values[name], "policy", source=cites)
            if name not in dictionary.facts:
                return self._outcome(name, sight)
            return self._fact(name, sight)

        def table_of(name: str) -> Table | None:
            return next((s.tables[name] for s in sight if name in s.tables), None)

        def causes(name: str) -> tuple[Missing, ...] | None:
            return self._causes(name, rule, sight)

        return Scope(fact_of, table_of, dictionary.tables, causes)

    def _sight(self, subject: Subject) -> Iterator[Subject]:
        """A subject, its parents, then theirs."""
        queue, seen = [subject], {subject.id}
        while queue:
            nearest = queue.pop(0)
            yield nearest
            for parent in nearest.parents:
                if parent in self.subjects and parent not in seen:
                    seen.add(parent)
                    queue.append(self.subjects[parent])

    def _nearest(self, name: str, sight: tuple[Subject, ...]) -> Determination | None:
        try:
            decision = self.run.rulebook.decision(self.run.framework, name)
        except KeyError:
            return None
        subject = next((s for s in sight if self.takes(decision, s)), None)
        return None if subject is None else self.decide(decision, subject)

    def _outcome(self, name: str, sight: tuple[Subject, ...]) -> Fact:
        found = self._nearest(name, sight)
        if found is None:
            return Fact(name, Unknown("nothing in sight that it is about"), "derived")
        value = Unknown("undetermined") if found.stands is None else found.stands
        return Fact(name, value, "derived", path=found.about, source=found.cites)

    def _fact(self, name: str, sight: tuple[Subject, ...]) -> Fact:
        meaning = self.run.rulebook.dictionary.facts[name]
        owner = next((s for s in sight if name in s.facts), None)
        if owner is not None:
            fact = owner.facts[name]
        elif meaning.kind == "measured":
            owner = next((s for s in sight if s.kind in meaning.about), None)
            if owner is None:
                return Fact(name, Unknown("nothing in sight that it is about"), "measured")
            fact = self._measure(name, owner)
        else:
            return Fact(name, Unknown("not stated"), meaning.kind)
        values = [reading.value for reading in fact.readings]
        if not isinstance(fact.value, Unknown):
            values.append(fact.value)
        for value in values:
            if not meaning.accepts(value):
                raise TypeError(f"{owner.id}: {name} is {value!r}, not of unit {meaning.unit}")
        return fact

    def _measure(self, name: str, owner: Subject) -> Fact:
        key = (name, owner.id)
        if key not in self.facts:
            reached = dict(self._waited(name, tuple(self._sight(owner))))
            self.facts[key] = self.run.measured(name, owner, reached)
        return self.facts[key]

    def _waited(self, name: str, sight: tuple[Subject, ...]) -> Iterator[tuple[str, Determination]]:
        for decision in self.run.rulebook.dictionary.facts[name].waits_for:
            found = self._nearest(decision, sight)
            if found is not None:
                yield decision, found

    def _causes(
        self, name: str, rule: Rule, sight: tuple[Subject, ...]
    ) -> tuple[Missing, ...] | None:
        meaning = self.run.rulebook.dictionary.facts.get(name)
        if meaning is None:
            found = self._nearest(name, sight)
            return None if found is None else found.missing
        if not meaning.waits_for:
            return None
        held_by = self._fact(name, sight).held_by
        open_decisions = [
            found
            for decision, found in self._waited(name, sight)
            if found.stands is None and (held_by is None or decision in held_by)
        ]
        roots = [missing for found in open_decisions for missing in found.missing]
        return (Missing(name, rule.cites), *roots)


def in_force(decision: Decision, rule: Rule, as_of: date) -> bool:
    """Whether a rule, and the decision it belongs to, holds at a reporting date."""
    return decision.in_force.covers(as_of) and rule.in_force.covers(as_of)


def conclude(decision: Decision, about: str, tests: tuple[Test, ...], as_of: date) -> Determination:
    """
    The outcome that the tests of a decision lead to, or what it lacks.

    A rule that fires concludes once no rule with another outcome fires or is open; the order of
    rules does not matter. The default holds when every rule that concludes is silent.
    """
    fired = [test for test in tests if test.verdict == "fires" and test.outcome is not None]
    outcomes = tuple(dict.fromkeys(test.outcome for test in fired))
    unknown = [test for test in tests if test.verdict == "unknown" and test.outcome is not None]
    against = [test for test in unknown if (test.outcome,) != outcomes]
    found = Determination(
        decision=decision.name,
        about=about,
        framework=decision.framework,
        outcome=None,
        rule_id=None,
        cites=decision.standard,
        evidence="",
        sentence="",
        tests=tests,
    )
    if len(outcomes) > 1:
        rules = " and ".join(f"{test.rule_id} ({test.outcome})" for test in fired)
        return attrs.evolve(found, sentence=f"undetermined: rules contradict each other: {rules}")
    if against:
        missing = tuple(dict.fromkeys(item for test in against for item in test.missing))
        lacks = ", ".join(dict.fromkeys(item.fact for item in missing))
        cites = "; ".join(dict.fromkeys(test.cites for test in against))
        sentence = f"undetermined: lacks {lacks}"
        return attrs.evolve(found, cites=cites, sentence=sentence, missing=missing)
    if fired:
        first = fired[0]
        return attrs.evolve(
            found,
            outcome=first.outcome,
            rule_id=first.rule_id,
            cites=first.cites,
            evidence=first.evidence,
            sentence=f"{first.outcome} because {first.sentence}",
        )
    if not decision.in_force.covers(as_of):
        sentence = f"undetermined: no rule of {decision.standard} is in force on {as_of}"
        return attrs.evolve(found, sentence=sentence)
    if decision.default is None:
        gists = "; ".join(test.gist.rstrip(".") for test in tests if test.outcome is not None)
        return attrs.evolve(found, sentence=f"undetermined: none of these holds: {gists}")
    default = decision.default
    return attrs.evolve(
        found,
        outcome=default.outcome,
        cites=default.cites,
        evidence=default.evidence,
        sentence=f"{default.outcome} because {default.because}",
    )
