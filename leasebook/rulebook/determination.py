"""What the rules conclude: each decision with its tests, margins and what it lacks."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

import attrs

from leasebook.facts.fact import Fact, Value


class Missing(NamedTuple):
    """A fact that is not known, and the paragraph that asks for it."""

    fact: str
    cites: str


@attrs.frozen
class Margin:
    """
    How far a rule's number is from its threshold.

    Attributes:
        value: None if it is not known.
        difference: Value less threshold.
        met: On the side where the rule is met, the threshold included; None if not known.
        text: In words, with units.
    """

    label: str
    value: Fraction | None
    threshold: Fraction | None
    difference: Fraction | None
    unit: str
    better: str
    met: bool | None
    text: str


@attrs.frozen
class TestReading:
    """
    The verdict of a rule if one fact that is not known were as one reading of it says.

    `difference` is that of the margin: value less threshold, None if it is not known.
    """

    fact: str
    label: str
    value: Value
    verdict: str
    margin: str
    difference: Fraction | None = None

    __test__ = False  # the name does not make it a test case for pytest


@attrs.frozen
class Test:
    """
    One rule asked of one subject.

    Attributes:
        outcome: What the decision is if the rule fires; None if it concludes nothing.
        verdict: fires, silent or unknown.
        readings: Verdicts under each reading of each fact that is not known.
        inputs: The facts read, with their places and sources.
    """

    rule_id: str
    cites: str
    evidence: str
    gist: str
    outcome: str | None
    verdict: str
    sentence: str
    margin: Margin | None = None
    readings: tuple[TestReading, ...] = ()
    missing: tuple[Missing, ...] = ()
    inputs: tuple[Fact, ...] = ()

    __test__ = False  # the name does not make it a test case for pytest


@attrs.frozen
class Alternative:
    """A different outcome at one end of one judgement's range, all else as it is."""

    fact: str
    about: str
    label: str
    value: Value
    outcome: str | None


@attrs.frozen
class Determination:
    """
    The answer to one decision about one subject.

    Attributes:
        outcome: What the rules conclude; None is undetermined.
        stated: What somebody asserts or assumes in its place, if anybody does.
        rule_id: The rule that concluded; None for a default or an open decision.
        missing: What would have to be known.
        alternatives: Flips at the ends of judgements' ranges.
    """

    decision: str
    about: str
    framework: str
    outcome: str | None
    rule_id: str | None
    cites: str
    evidence: str
    sentence: str
    tests: tuple[Test, ...] = ()
    missing: tuple[Missing, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    stated: str | None = None

    @property
    def stands(self) -> str | None:
        """The outcome that later decisions and measurements use."""
        return self.outcome if self.stated is None else self.stated


@attrs.frozen
class Determinations(Mapping[tuple[str, str], Determination]):
    """
    Determinations by decision and subject.

    Example:
        >>> Determinations({}).open()
        ()
    """

    by_key: Mapping[tuple[str, str], Determination]

    def __getitem__(self, key: tuple[str, str]) -> Determination:
        return self.by_key[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.by_key)

    def __len__(self) -> int:
        return len(self.by_key)

    def open(self) -> tuple[Determination, ...]:
        """Those for which neither the rules nor anybody's statement gives an outcome."""
        return tuple(found for found in self.by_key.values() if found.stands is None)

    def outcome(self, decision: str, about: str) -> str | None:
        """The outcome that stands, or None if it is open or was never asked."""
        found = self.by_key.get((decision, about))
        return None if found is None else found.stands
