"""
The rule language over columns: the same walk as `rulebook.evaluate`, on many subjects at once.

A number is an interval of floats that holds the exact value, a point where the float is exact. What
an interval cannot decide is *torn*: `evaluate` decides it on exact fractions, one subject at a
time, so that outcomes and what is missing are those of the one evaluator.

What is the same for all subjects is held once: the arrays of a column have one element then, and
take part in everything as if they had one for each.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

import attrs
import numpy as np

from leasebook.facts.dictionary import TableMeaning
from leasebook.facts.fact import Fact, Table, Unknown, Value
from leasebook.portfolio.arrays import of_row, once
from leasebook.portfolio.intervals import Bools, Ints, Numbers, arithmetic, compared, constant
from leasebook.rulebook.evaluate import Answer, evaluate

_NO_TABLES: Mapping[str, Table] = {}


@attrs.frozen(eq=False)
class Truths:
    """
    A truth for each subject: `yes`, `no`, `torn` (for exact arithmetic to say), or not known.
    """

    yes: Bools
    no: Bools
    torn: Bools
    missing: Ints

    @property
    def unknown(self) -> Bools:
        """Where it is not known."""
        return ~(self.yes | self.no | self.torn)

    @property
    def alike(self) -> bool:
        """Whether it is the same for all subjects, as it is held."""
        return len(self.yes) == len(self.no) == len(self.torn) == len(self.missing) == 1


@attrs.frozen(eq=False)
class Names:
    """
    One of some names for each subject, by position; -1 where it is not known.
    """

    code: Ints
    values: tuple[str, ...]
    missing: Ints


Column: TypeAlias = Numbers | Truths | Names

#: The exact value of a fact of one subject; None if it is not known.
Exact = Callable[[str, int], Value | None]


def _nothing_before(_name: str) -> Column | None:
    return None


@attrs.define(eq=False)
class World:
    """
    The facts of many subjects.

    Attributes:
        rows: How many subjects.
        facts: Columns by the name of a fact, policy or decision.
        exact: The same, one by one.
        bits: Position of each fact in `missing`; names come in as they are read.
        before: A fact as it was known of the same subjects before, if it was; asked for once.
    """

    rows: int
    facts: dict[str, Column]
    exact: Exact
    bits: dict[str, int] = attrs.field(factory=dict)
    before: Callable[[str], Column | None] = _nothing_before

    def bit(self, name: str) -> int:
        """The number that stands for a missing fact."""
        return 1 << self.bits.setdefault(name, len(self.bits))

    def column(self, name: str) -> Column:
        """A fact of all subjects; one that no column holds is known of none of them."""
        if name not in self.facts:
            known = self.before(name)
            self.facts[name] = self._unstated(name) if known is None else known
        return self.facts[name]

    def forget(self) -> None:
        """Lets all columns go at once: a world and what reads it name each other."""
        self.facts.clear()

    def _unstated(self, name: str) -> Truths:
        none = np.zeros(1, np.bool_)
        return Truths(none, none, none, np.full(1, self.bit(name), np.int64))


def truths(values: Ints, bit: int) -> Truths:
    """
    Truths from 1, 0 and anything else for not known.

    Args:
        values: One for each subject.
        bit: Stands for the fact where it is missing.
    """
    values = once(values)
    yes, no = values == 1, values == 0
    return Truths(yes, no, np.zeros(1, np.bool_), np.where(yes | no, 0, bit))


def ask(tree: ast.expr, world: World) -> Truths:
    """
    A condition of many subjects, three-valued, with nothing torn.

    Args:
        tree: A condition that `language.check` has passed.
        world: The facts.
    """
    found = _evaluate(tree, world)
    if not isinstance(found, Truths):
        raise TypeError(f"{ast.unparse(tree)} is no condition")
    torn = np.flatnonzero(found.torn)
    if not len(torn):
        return found
    parts = np.broadcast_arrays(found.yes, found.no, found.missing, found.torn)
    yes, no, missing = (part.copy() for part in parts[:3])
    names = sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name)})
    answered: dict[tuple[Value | None, ...], Answer] = {}
    for row in torn.tolist():
        values = tuple(world.exact(name, row) for name in names)
        if values not in answered:
            one = _One(dict(zip(names, values, strict=True)))
            answered[values] = evaluate(tree, one)
        answer = answered[values]
        yes[row], no[row] = answer.value is True, answer.value is False
        missing[row] = 0
        for name in answer.missing:
            lacks = world.column(name) if name in world.facts else None
            missing[row] |= world.bit(name) if lacks is None else of_row(lacks.missing, row)
    return Truths(yes, no, np.zeros(1, np.bool_), missing)


@attrs.frozen
class _One:
    """One subject's facts for the exact evaluator."""

    values: Mapping[str, Value | None]

    def fact(self, name: str) -> Fact:
        """The fact of that name."""
        value = self.values[name]
        return Fact(name, Unknown("not stated") if value is None else value, "term")

    def table(self, name: str) -> Table | None:
        """Leases in columns have no tables."""
        return _NO_TABLES.get(name)

    def cell(self, table: str, number: int, column: str) -> Fact:
        """Leases in columns have no tables."""
        raise KeyError(table, number, column)

    def meaning(self, table: str) -> TableMeaning:
        """Leases in columns have no tables."""
        raise KeyError(table)


# One case for each kind of node, as in the evaluator of one subject.
def _evaluate(node: ast.expr, world: World) -> Column:
    match node:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.Name(id=name):
            return world.column(name)
        case ast.BoolOp(op=op, values=parts):
            return _joined(parts, world, settles=isinstance(op, ast.Or))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            one = _truth(_evaluate(part, world))
            return attrs.evolve(one, yes=one.no, no=one.yes)
        case ast.UnaryOp(operand=part):
            number = _number(_evaluate(part, world))
            return attrs.evolve(number, low=-number.high, high=-number.low)
        case ast.BinOp(left=left, op=op, right=right):
            return arithmetic(op, _number(_evaluate(left, world)),
                               _number(_evaluate(right, world)))  # fmt: skip
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(op, left, right, world)
        case ast.Call(args=[ast.Name(id=table), *_]):
            return world.column(table)
        case _:
            raise AssertionError(f"not in the rule language: {ast.dump(node)}")


def _constant(value: object) -> Column:
    """What is written out in an expression: true, false or an exact number."""
    if isinstance(value, Fraction):
        return constant(value)
    return truths(np.full(1, int(value is True), np.int64), 0)


def _truth(column: Column) -> Truths:
    if not isinstance(column, Truths):
        raise TypeError("a condition is asked of something else")
    return column


def _number(column: Column) -> Numbers:
    if isinstance(column, Truths):  # a number that nobody has stated
        nothing = np.zeros(len(column.yes))
        return Numbers(nothing, nothing, column.yes & column.no, column.missing)
    if not isinstance(column, Numbers):
        raise TypeError("arithmetic with something that is no number")
    return column


def _joined(parts: Sequence[ast.expr], world: World, *, settles: bool) -> Truths:
    """An "or" or an "and"; what one truth settles for all subjects needs no others."""
    found: list[Truths] = []
    for part in parts:
        one = _truth(_evaluate(part, world))
        if one.alike:
            if (one.yes if settles else one.no)[0]:
                return one
            if (one.no if settles else one.yes)[0]:
                continue
        found.append(one)
    if len(found) > 1:
        return _join(found, settles=settles)
    return found[0] if found else one


def _join(parts: Sequence[Truths], *, settles: bool) -> Truths:
    """An "or", which one true settles, or an "and", which one false settles."""
    settled = reduce(np.logical_or, [part.yes if settles else part.no for part in parts])
    torn = reduce(np.logical_or, [part.torn for part in parts]) & ~settled
    open_parts = [part.unknown for part in parts]
    unknown = reduce(np.logical_or, open_parts) & ~settled & ~torn
    missing: Ints = np.zeros(1, np.int64)
    if unknown.any():
        for part, open_part in zip(parts, open_parts, strict=True):
            missing = missing | np.where(open_part & unknown, part.missing, 0)
    rest = ~(settled | torn | unknown)
    return Truths(*((settled, rest) if settles else (rest, settled)), torn, missing)


def _comparison(op: ast.cmpop, left: ast.expr, right: ast.expr, world: World) -> Truths:
    texts = [s.value for s in (left, right) if isinstance(s, ast.Constant)]
    if texts and isinstance(texts[0], str):
        name = right if isinstance(left, ast.Constant) else left
        return _named(world.column(getattr(name, "id", "")), texts[0], isinstance(op, ast.Eq))
    one, two = _number(_evaluate(left, world)), _number(_evaluate(right, world))
    yes, no, open_yet, missing = compared(op, one, two)
    return Truths(yes, no, open_yet, missing)


def _named(column: Column, text: str, equal: bool) -> Truths:  # noqa: FBT001
    if isinstance(column, Truths):  # a name that nobody has stated
        return column
    if not isinstance(column, Names):
        raise TypeError("a text is compared with something that is no name")
    known = column.code >= 0
    same = column.code == (column.values.index(text) if text in column.values else -2)
    none = np.zeros(1, np.bool_)
    yes, no = (same, known & ~same) if equal else (known & ~same, same)
    return Truths(yes, no, none, np.where(known, 0, column.missing))
