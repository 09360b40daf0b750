"""Rules, decisions, cases and policies, as read from the rule files."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from leasebook.facts.fact import Value
from leasebook.rulebook.language import Expression

EVIDENCE = ("seen", "substance", "unverified")
FRAMEWORKS = {"us-gaap": "us", "ifrs": "ifrs"}


@attrs.frozen
class Policy:
    """
    Thresholds and elections, each with the paragraph that allows it.

    Attributes:
        stricter: "higher" or "lower": the way it moves without making a silent rule fire.
        evidence: seen, substance or unverified, of the paragraph.
        notes: What is to be said of it, such as that the standard has no number.

    Example:
        >>> from decimal import Decimal
        >>> Policy("default", {"part": Decimal("0.75")}).with_values(part=Decimal("0.8")).values
        {'part': Decimal('0.8')}
    """

    name: str
    values: Mapping[str, Value]
    cites: Mapping[str, str] = attrs.field(factory=dict)
    stricter: Mapping[str, str] = attrs.field(factory=dict)
    units: Mapping[str, str] = attrs.field(factory=dict)
    evidence: Mapping[str, str] = attrs.field(factory=dict)
    notes: Mapping[str, str] = attrs.field(factory=dict)

    def with_values(self, **values: Value) -> "Policy":
        """
        The same policy with some of its values replaced.

        Raises:
            KeyError: If it has no value of that name.
        """
        for name in values:
            if name not in self.values:
                raise KeyError(name)
        return attrs.evolve(self, values={**self.values, **values})


@attrs.frozen
class Period:
    """
    Reporting dates at which a rule is in force: from a date on, until before another.

    Example:
        >>> Period(date(2019, 1, 1), None).covers(date(2018, 12, 31))
        False
    """

    start: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a date lies in the period."""
        return (self.start is None or self.start <= day) and (
            self.until is None or day < self.until
        )

    def overlaps(self, other: "Period") -> bool:
        """
        Whether some date lies in both periods.

        Example:
            >>> old, new = Period(None, date(2019, 1, 1)), Period(date(2019, 1, 1), None)
            >>> old.overlaps(new), old.overlaps(Period())
            (False, True)
        """
        return (self.until is None or other.start is None or other.start < self.until) and (
            other.until is None or self.start is None or self.start < other.until
        )

    def last_before(self, day: date) -> date:
        """
        A day of the period: the one given, or the last one where the period is over by then.

        Example:
            >>> Period(None, date(2019, 1, 1)).last_before(date(2026, 12, 31))
            datetime.date(2018, 12, 31)
        """
        if self.until is None or day < self.until:
            return day
        return self.until - timedelta(days=1)


@attrs.frozen
class MarginRule:
    """What a rule measures against which threshold, and the side on which it is met."""

    value: Expression
    threshold: Expression
    threshold_text: str
    unit: str
    better: str
    tie_met: bool
    label: str


@attrs.frozen
class Case:
    """
    One worked example of a rule, or of a whole decision if it names no rule.

    Attributes:
        given: Values by name, as TOML gives them.
        then: fires, silent or unknown for a rule; an outcome or "none" for a decision.
        says: The sentence that is expected, if any.
        missing: Names expected to be missing, if any.
    """

    name: str
    given: Mapping[str, Any]
    then: str
    rule_id: str | None = None
    says: str | None = None
    missing: tuple[str, ...] | None = None
    as_of: date | None = None


@attrs.frozen
class Rule:
    """
    One paragraph's contribution to the answer of a decision.

    Attributes:
        outcome: None for a test that is reported and concludes nothing.
        reads: Facts, tables and decisions that it reads.
        policy: The thresholds it uses, with the paragraph of each.
    """

    id: str
    cites: str
    evidence: str
    gist: str
    when: Expression
    outcome: str | None
    reads: tuple[str, ...]
    policy: Mapping[str, str]
    show: Mapping[str, Expression]
    because: str
    margin: MarginRule | None
    in_force: Period
    cases: tuple[Case, ...] = ()


@attrs.frozen
class Default:
    """What a standard concludes when no test is met, with the paragraph that says so."""

    outcome: str
    cites: str
    evidence: str
    because: str


@attrs.frozen
class Decision:
    """
    One question that a standard asks of one kind of subject, as it stood in a period.

    A question that was asked before under other rules is another decision of the same name.

    Attributes:
        needs: Decisions that it reads by name.
        waits_for: Those, and the ones that its measured facts wait for.
    """

    name: str
    standard: str
    standard_id: str
    framework: str
    about: str
    question: str
    outcomes: tuple[str, ...]
    default: Default | None
    needs: tuple[str, ...]
    rules: tuple[Rule, ...]
    in_force: Period
    file: str
    waits_for: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
