"""
Tests asked before: a rule is asked again only where something that it read has changed.

A rule reads names one after another, and what it reads next follows from what it has read. So the
tests of one rule about one subject form a tree of reads; whoever reads the same on the way to a
leaf gets the test that stands there.
"""

from collections.abc import Callable
from typing import Any, Literal

import attrs

from leasebook.facts.fact import Fact
from leasebook.rulebook.determination import Test
from leasebook.rulebook.rule import Rule
from leasebook.rulebook.testing import Scope, ask

#: How a rule reads a name: as a fact, as a table, or what an open name lacks.
_Read = tuple[Literal["fact", "table", "causes"], str]


@attrs.define(eq=False)
class _Reads:
    """What a rule reads next, and where each answer leads; at a leaf, the test."""

    read: _Read | None = None
    answers: list[tuple[Any, "_Reads"]] = attrs.field(factory=list)
    test: Test | None = None

    def after(self, answer: Any) -> "_Reads | None":
        """Where an answer leads; None if it was not given before."""
        for known, leads in self.answers:
            if known is answer or known == answer:
                return leads
        return None


@attrs.define(eq=False)
class Memory:
    """
    The tests of many runs under one framework, one day's rules and one policy.

    Attributes:
        measured: Measured facts of runs whose terms are the same, by what they wait for.
    """

    tests: dict[tuple[str, str, str], _Reads] = attrs.field(factory=dict)
    measured: dict[tuple[object, ...], Fact] = attrs.field(factory=dict)

    def asked(self, decision: str, rule: Rule, about: str, scope: Scope) -> Test:
        """
        What a rule says of the facts in scope, as it was said before if it reads the same.

        Args:
            decision: Its name.
            rule: One of its rules.
            about: The subject's id.
            scope: Looks names up; not read before.
        """
        look: dict[str, Callable[[str], Any]] = {
            "fact": scope.fact_of,
            "table": scope.table_of,
            "causes": scope.causes,
        }
        start = self.tests.setdefault((decision, rule.id, about), _Reads())
        heard: dict[_Read, Any] = {}
        at: _Reads | None = start
        while at is not None and at.test is None and at.read is not None:
            heard[at.read] = look[at.read[0]](at.read[1])
            at = at.after(heard[at.read])
        if at is not None and at.test is not None:
            return at.test
        heard = {}

        def hearing(kind: Literal["fact", "table", "causes"]) -> Callable[[str], Any]:
            def listen(name: str) -> Any:
                if (kind, name) not in heard:
                    heard[kind, name] = look[kind](name)
                return heard[kind, name]

            return listen

        listening = Scope(hearing("fact"), hearing("table"), scope.meanings, hearing("causes"))
        test = ask(rule, listening)
        _keep(start, heard, test)
        return test


def _keep(start: _Reads, heard: dict[_Read, Any], test: Test) -> None:
    at = start
    for read, answer in heard.items():
        at.read = read
        leads = at.after(answer)
        if leads is None:
            leads = _Reads()
            at.answers.append((answer, leads))
        at = leads
    at.test = test
