"""
What lies behind a decision: the decisions it waits for, the figures they read, and what is open.
"""

from collections.abc import Iterator, Mapping

import attrs

from leasebook.contract.deal import Deal
from leasebook.facts.dictionary import Dictionary
from leasebook.facts.fact import Fact, Subject
from leasebook.flip.change import Change, closings, completed, stated_anew
from leasebook.flip.standing import Key
from leasebook.rulebook.determination import Determinations, Test


@attrs.frozen
class Behind:
    """
    The decisions behind one, itself first, and the places and measured facts that they read.
    """

    decisions: tuple[Key, ...]
    paths: frozenset[str]
    measured: frozenset[str]


def behind(key: Key, reached: Determinations, dictionary: Dictionary) -> Behind:
    """
    What a decision reads, itself and through the decisions that it waits for.

    Args:
        key: Decision and subject.
        reached: All determinations, each with its tests and what they read.
        dictionary: Names the decisions that measured facts wait for.
    """
    queue, seen = [key], {key: None}
    paths: set[str] = set()
    measured: set[str] = set()
    while queue:
        found = reached.get(queue.pop(0))
        for fact in _inputs(found.tests if found else ()):
            paths |= {fact.path} if fact.path else set()
            measured |= {fact.name} if fact.kind == "measured" else set()
            for upstream in _waited(fact, key[1], reached, dictionary):
                if upstream not in seen:
                    seen[upstream] = None
                    queue.append(upstream)
    return Behind(tuple(seen), frozenset(paths), frozenset(measured))


def _inputs(tests: tuple[Test, ...]) -> Iterator[Fact]:
    for test in tests:
        if test.outcome is not None:
            yield from test.inputs


def _waited(
    fact: Fact, about: str, reached: Determinations, dictionary: Dictionary
) -> Iterator[Key]:
    if fact.kind == "derived" and fact.path and (fact.name, fact.path) in reached:
        yield fact.name, fact.path
    meaning = dictionary.facts.get(fact.name)
    if fact.kind != "measured" or meaning is None:
        return
    for decision in meaning.waits_for:
        subject = (fact.path or "").split(".")
        names = (about, subject[1] if len(subject) > 1 else about)
        yield from ((decision, name) for name in names if (decision, name) in reached)


def open_facts(
    key: Key,
    reached: Determinations,
    deal: Deal,
    subjects: Mapping[str, Subject],
    dictionary: Dictionary,
) -> tuple[Change, ...]:
    """
    Each value of each fact that an open decision lacks, in the order in which they are asked for.

    Args:
        key: Decision and subject.
        reached: All determinations.
        deal: As it is.
        subjects: By id.
        dictionary: Units, lists of values, and whose facts they are.

    Returns:
        Changes; a fact whose values have no end (an unnamed director, a weight) has none.
    """
    found: dict[str, Change] = {}
    lacking = {missing.fact for missing in reached[key].missing}
    for upstream in behind(key, reached, dictionary).decisions:
        sight = tuple(_sight(upstream[1], subjects))
        for fact in _inputs(reached[upstream].tests):
            if not fact.known:
                for change in _values(fact, deal, sight, dictionary):
                    found.setdefault(change.text(), change)
        for name in lacking & dictionary.tables.keys():
            for change in completed(deal, name, (s.id for s in sight)):
                found.setdefault(change.text(), change)
    return tuple(found.values())


def _sight(about: str, subjects: Mapping[str, Subject]) -> Iterator[Subject]:
    """A subject, its parents, then theirs."""
    queue, seen = [about], {about}
    while queue:
        subject = subjects.get(queue.pop(0))
        if subject is None:
            continue
        yield subject
        fresh = [parent for parent in subject.parents if parent not in seen]
        seen.update(fresh)
        queue += fresh


def _values(
    fact: Fact, deal: Deal, sight: tuple[Subject, ...], dictionary: Dictionary
) -> Iterator[Change]:
    meaning = dictionary.facts.get(fact.name)
    owner = None
    if meaning is not None:
        owner = next((s.id for s in sight if s.kind in meaning.about), None)
    if fact.kind == "measured":
        if owner is not None and fact.readings:
            readings = ((reading.label, reading.value) for reading in fact.readings)
            yield from stated_anew(owner, fact.name, readings)
    elif fact.path:
        yield from closings(deal, fact.path, dictionary)
    elif owner is not None and meaning is not None:
        values = (("yes", True), ("no", False)) if meaning.unit == "boolean" else ()
        yield from stated_anew(owner, fact.name, values or ((v, v) for v in meaning.values))
