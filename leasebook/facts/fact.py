"""Facts: a value or a stated absence of one, with its place, source and readings."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

Value = bool | int | Decimal | Fraction | str | date


@attrs.frozen
class Unknown:
    """
    The absence of a value, and why: "not public", "not stated".

    Example:
        >>> Unknown("not public").reason
        'not public'
    """

    reason: str


@attrs.frozen
class Reading:
    """
    What a fact would be under one stated reading of what is not known.

    Example:
        >>> Reading("in full", Decimal("28000000000")).label
        'in full'
    """

    label: str
    value: Value


@attrs.frozen
class Fact:
    """
    One named value that rules may read, or the statement that it is not known.

    Attributes:
        kind: term, judgement, derived, measured or policy.
        path: Place in the deal file, such as ``contracts.campus-lease.rent.total``.
        source: Who says so and where, for people.
        readings: Alternatives to show; for a judgement, the ends of its range.
        exhaustive: The readings are all the values it can take.
        held_by: The decisions that keep a measured value from being known; None for all that it
            waits for and that are open.

    Example:
        >>> Fact("fair_value", Unknown("not public"), "term").known
        False
    """

    name: str
    value: Value | Unknown
    kind: str
    path: str | None = None
    source: str | None = None
    assumption: str | None = None
    readings: tuple[Reading, ...] = ()
    exhaustive: bool = False
    held_by: frozenset[str] | None = None

    @property
    def known(self) -> bool:
        """Whether a value is there to be read."""
        return not isinstance(self.value, Unknown)


@attrs.frozen
class Table:
    """
    A list that belongs to a subject, such as activities; complete if it is said to be all of them.

    Example:
        >>> Table("activities", (), complete=False).complete
        False
    """

    name: str
    rows: tuple[Mapping[str, Fact], ...]
    complete: bool


@attrs.frozen
class Subject:
    """
    What a decision is about, with its facts; it also sees those of its parents.

    `asked` names the decisions that are asked about it, if not all of its kind: a lease whose terms
    change is classified again, and nothing else is asked again. `unasked` names those of its kind
    that its contract has answered. `asked_if` names decisions that are asked as well unless one
    about another subject, given with it, stands at the outcome that is named last.

    Example:
        >>> Subject("venture/meta", "pair", {}, {}, parents=("venture",)).parents
        ('venture',)
    """

    id: str
    kind: str
    facts: Mapping[str, Fact] = attrs.field(factory=dict)
    tables: Mapping[str, Table] = attrs.field(factory=dict)
    parents: tuple[str, ...] = ()
    asked: frozenset[str] | None = None
    unasked: frozenset[str] = frozenset()
    asked_if: Mapping[str, tuple[str, str, str]] = attrs.field(factory=dict)

    def takes(self, decision: str, about: str) -> bool:
        """Whether a decision about a kind of subject is asked about this one."""
        if self.kind != about or decision in self.unasked:
            return False
        return self.asked is None or decision in self.asked


def derived_facts(found: Mapping[str, tuple[Value | Unknown, str]]) -> dict[str, Fact]:
    """
    Facts that follow from the terms of contracts.

    Args:
        found: Value and place in the deal file, by name.

    Example:
        >>> derived_facts({"is_land": (False, "assets.campus.kind")})["is_land"].source
        'follows from the contracts'
    """
    return {
        name: Fact(name, value, "derived", path=path, source="follows from the contracts")
        for name, (value, path) in found.items()
    }
