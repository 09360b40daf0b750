"""One walk over an expression, in three values: true, false and not known."""

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

import attrs

from leasebook.facts.dictionary import TableMeaning
from leasebook.facts.fact import Fact, Table, Unknown, Value

Plain = bool | Fraction | str | date

_OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@attrs.frozen
class Answer:
    """
    What an expression comes to, or the names without which that is not known.

    Attributes:
        value: None if it is not known.
        missing: Names of facts, ``table.column`` cells and incomplete tables.
    """

    value: Plain | None
    missing: tuple[str, ...] = ()


class World(Protocol):
    """Where an expression's names are looked up."""

    def fact(self, name: str) -> Fact:
        """The fact, policy value or decision's outcome of that name."""

    def table(self, name: str) -> Table | None:
        """The table of that name, or None if nothing is said of it."""

    def cell(self, table: str, number: int, column: str) -> Fact:
        """The fact in one row's column."""

    def meaning(self, table: str) -> TableMeaning:
        """The declared columns and key of a table."""


#: The row an expression is read in: table and number from 0.
Row = tuple[str, int]


def exact(value: Value) -> Plain:
    """
    A value with its number, if it is one, as an exact fraction.

    Example:
        >>> exact(48)
        Fraction(48, 1)
    """
    if isinstance(value, bool | str | date):
        return value
    return Fraction(value)


# One case for each kind of node: splitting the table would hide it.
def evaluate(  # noqa: PLR0911
    node: ast.expr, world: World, row: Row | None = None
) -> Answer:
    """
    The value of an expression's tree, three-valued (Kleene).

    Args:
        node: A tree that `language.check` has passed.
        world: Where names are looked up.
        row: Set inside a word over a table.

    Returns:
        The value, or the names that are missing and could matter.
    """
    match node:
        case ast.Constant(value=value):
            return Answer(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return _named(name, world, row)
        case ast.BoolOp(op=op, values=parts):
            answers = [evaluate(part, world, row) for part in parts]
            return join(answers, settles=isinstance(op, ast.Or))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            answer = evaluate(part, world, row)
            return answer if answer.value is None else Answer(not answer.value)
        case ast.UnaryOp(operand=part):
            answer = evaluate(part, world, row)
            return Answer(-answer.value) if isinstance(answer.value, Fraction) else answer
        case ast.BinOp(left=left, op=op, right=right):
            return _both(op, left, right, world, row)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _both(op, left, right, world, row)
        case ast.Call(func=ast.Name(id=word), args=[ast.Name(id=table), *arguments]):
            return _WORDS[word](table, arguments, world)
        case _:
            raise AssertionError(f"not in the rule language: {ast.dump(node)}")


def join(answers: Iterable[Answer], *, settles: bool) -> Answer:
    """
    "or" (one true settles it) or "and" (one false settles it) of several answers.

    Example:
        >>> join([Answer(None, ("rent",)), Answer(True)], settles=True).value
        True
    """
    answers = list(answers)
    if any(answer.value is settles for answer in answers):
        return Answer(settles)
    unknown = [answer for answer in answers if answer.value is None]
    return _not_known(unknown) if unknown else Answer(not settles)


def _not_known(answers: Iterable[Answer]) -> Answer:
    return Answer(None, tuple(dict.fromkeys(name for answer in answers for name in answer.missing)))


def _named(name: str, world: World, row: Row | None) -> Answer:
    if row is not None and name in world.meaning(row[0]).columns:
        fact, label = world.cell(row[0], row[1], name), f"{row[0]}.{name}"
    else:
        fact, label = world.fact(name), name
    return Answer(None, (label,)) if isinstance(fact.value, Unknown) else Answer(exact(fact.value))


def _both(op: ast.AST, left: ast.expr, right: ast.expr, world: World, row: Row | None) -> Answer:
    sides = [evaluate(left, world, row), evaluate(right, world, row)]
    unknown = [side for side in sides if side.value is None]
    if unknown:
        return _not_known(unknown)
    if isinstance(op, ast.Div) and sides[1].value == 0:
        return Answer(None, (f"{ast.unparse(right)} other than zero",))
    return Answer(_OPERATORS[type(op)](sides[0].value, sides[1].value))


def _rows(name: str, world: World) -> tuple[int, bool]:
    table = world.table(name)
    return (0, False) if table is None else (len(table.rows), table.complete)


def _over(name: str, condition: ast.expr, world: World, *, settles: bool) -> Answer:
    count, complete = _rows(name, world)
    answers = [evaluate(condition, world, (name, number)) for number in range(count)]
    # What is not on an incomplete list could still settle the question.
    rest = [] if complete else [Answer(None, (name,))]
    return join(answers + rest, settles=settles)


def _any_of(name: str, arguments: list[ast.expr], world: World) -> Answer:
    return _over(name, arguments[0], world, settles=True)


def _all_of(name: str, arguments: list[ast.expr], world: World) -> Answer:
    return _over(name, arguments[0], world, settles=False)


def _sum_of(name: str, arguments: list[ast.expr], world: World) -> Answer:
    count, complete = _rows(name, world)
    if not complete:
        return Answer(None, (name,))
    total, unknown = Fraction(0), []
    for number in range(count):
        counts = Answer(value=True)
        if len(arguments) > 1:
            counts = evaluate(arguments[1], world, (name, number))
        if counts.value is False:
            continue
        amount = evaluate(arguments[0], world, (name, number))
        if counts.value is None:
            unknown += [counts] if amount.value != 0 else []
        elif isinstance(amount.value, Fraction):
            total += amount.value
        else:
            unknown.append(amount)
    return _not_known(unknown) if unknown else Answer(total)


def _most_of(name: str, arguments: list[ast.expr], world: World) -> Answer:
    """The key with the greatest total; amounts that are not known count as zero or more."""
    count, complete = _rows(name, world)
    if not complete:
        return Answer(None, (name,))
    key = world.meaning(name).key
    totals: dict[str, Fraction] = {}
    unbounded: set[str] = set()
    adrift = Fraction(0)  # amounts of which the key is not known: could be anyone's
    missing: list[Answer] = []
    lost = False
    for number in range(count):
        who = _named(key, world, (name, number))
        amount = evaluate(arguments[0], world, (name, number))
        missing += [answer for answer in (who, amount) if answer.value is None]
        if isinstance(amount.value, Fraction):
            if isinstance(who.value, str):
                totals[who.value] = totals.get(who.value, Fraction(0)) + amount.value
            else:
                adrift += amount.value
        elif isinstance(who.value, str):
            unbounded.add(who.value)
        else:
            lost = True
    ranked = sorted(totals.items(), key=lambda item: item[1], reverse=True)
    second = ranked[1][1] if len(ranked) > 1 else Fraction(0)
    if ranked and not lost and unbounded <= {ranked[0][0]} and ranked[0][1] > second + adrift:
        return Answer(ranked[0][0])
    return _not_known(missing) if missing else Answer(None, (f"{name} without a tie",))


_WORDS: Mapping[str, Callable[[str, list[ast.expr], World], Answer]] = {
    "any_of": _any_of,
    "all_of": _all_of,
    "sum_of": _sum_of,
    "most_of": _most_of,
}
