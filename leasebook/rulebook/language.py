"""The rule language: names, exact numbers, arithmetic, comparisons, and/or/not, four words."""

import ast
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from leasebook.facts.dictionary import TableMeaning, nearest

#: The words over a child table, with the least and greatest number of their arguments.
WORDS = {"any_of": (2, 2), "all_of": (2, 2), "sum_of": (2, 3), "most_of": (2, 2)}

# Units that leave the unit of what they multiply as it is; None is a number written out.
_SCALE_FREE = (None, "share", "number", "count", "rate")
_NOT_NUMBERS = ("boolean", "name", "date")
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


class LanguageError(ValueError):
    """An expression that the rule language does not have, or that compares unlike things."""


@attrs.frozen
class Expression:
    """
    A formula of the rule language, parsed once.

    Attributes:
        text: As written in the rule file.
        tree: Its syntax tree, numbers as exact fractions.
    """

    text: str
    tree: ast.expr = attrs.field(eq=False, repr=False)


@attrs.frozen
class Vocabulary:
    """
    The names an expression may use: units of facts, policies and decisions, and the tables.

    Attributes:
        units: Unit of each name.
        values: Closed lists of the names that have one.
    """

    units: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, TableMeaning]


class _Exact(ast.NodeTransformer):
    """Numbers become fractions of what is written; true and false become constants."""

    def __init__(self, text: str) -> None:
        self.text = text

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            written = ast.get_source_segment(self.text, node) or ""
            try:
                # An exponent could ask for a number with more digits than the machine holds.
                number: Any = Fraction(written if "e" not in written.lower() else "refused")
            except ValueError:
                raise LanguageError(f"{written} is not a decimal number") from None
            return ast.copy_location(ast.Constant(number), node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in ("true", "false"):
            return ast.copy_location(ast.Constant(node.id == "true"), node)
        return node


def parse(text: str) -> Expression:
    """
    An expression from its text.

    Args:
        text: The rule language, on one line or several.

    Raises:
        LanguageError: If it is no expression at all. `check` finds what is not allowed.

    Example:
        >>> parse("rent >= 0.9 * fair_value").text
        'rent >= 0.9 * fair_value'
    """
    text = " ".join(text.split())
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise LanguageError(f"cannot be read: {getattr(error, 'msg', 'too long')}") from None
    exact = _Exact(text).visit(tree)
    return Expression(text, exact)


def check(expression: Expression, vocabulary: Vocabulary) -> tuple[str | None, tuple[str, ...]]:
    """
    The unit of an expression and the names it reads, or the reason why it may not be used.

    Returns:
        Unit ("boolean" for a condition, None for a bare number), and the facts, policies,
        decisions and tables read, in order of first use, without columns.

    Raises:
        LanguageError: If a construct, name or pair of units is not allowed.

    Example:
        >>> words = Vocabulary({"rent": "money", "price": "money"}, {}, {})
        >>> check(parse("rent / price >= 0.9"), words)
        ('boolean', ('rent', 'price'))
    """
    checker = _Checker(vocabulary)
    unit = checker.unit(expression.tree, {})
    return unit, tuple(checker.reads)


class _Checker:
    """One walk that gives each node its unit and notes the names it reads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.reads: dict[str, None] = {}

    # One case for each kind of node: splitting the table would hide it.
    def unit(  # noqa: C901, PLR0911
        self, node: ast.expr, columns: Mapping[str, str]
    ) -> str | None:
        match node:
            case ast.Constant():
                return _constant(node.value)
            case ast.Name(id=name):
                return self._name(name, columns)
            case ast.BoolOp(values=parts):
                for part in parts:
                    self._condition(part, columns)
                return "boolean"
            case ast.UnaryOp(op=ast.Not(), operand=part):
                self._condition(part, columns)
                return "boolean"
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return self._number(part, columns)
            case ast.BinOp(op=op) if isinstance(op, _ARITHMETIC):
                return self._arithmetic(node, columns)
            case ast.Compare(ops=[op], comparators=[_]) if isinstance(op, _COMPARISONS):
                return self._comparison(node, columns)
            case ast.Compare(ops=[_, _, *_]):
                raise LanguageError(f"one comparison at a time: {ast.unparse(node)}")
            case ast.Call(func=ast.Name(id=word), args=arguments, keywords=[]):
                return self._word(word, arguments, columns)
            case _:
                raise LanguageError(f"not in the rule language: {type(node).__name__}")

    def _name(self, name: str, columns: Mapping[str, str]) -> str:
        if name in columns:
            return columns[name]
        unit = self.vocabulary.units.get(name)
        if unit is None:
            known = (*self.vocabulary.units, *columns)
            raise LanguageError(f"no fact is called {name}{nearest(name, known)}")
        self.reads.setdefault(name)
        return unit

    def _condition(self, node: ast.expr, columns: Mapping[str, str]) -> None:
        if self.unit(node, columns) != "boolean":
            raise LanguageError(f"{_text(node)} is not a condition")

    def _number(self, node: ast.expr, columns: Mapping[str, str]) -> str | None:
        unit = self.unit(node, columns)
        if unit in _NOT_NUMBERS:
            raise LanguageError(f"{_text(node)} is a {unit}, not a number")
        return unit

    def _arithmetic(self, node: ast.BinOp, columns: Mapping[str, str]) -> str | None:
        left, right = self._number(node.left, columns), self._number(node.right, columns)
        if isinstance(node.op, ast.Add | ast.Sub):
            return self._same(node, left, right)
        if isinstance(node.op, ast.Mult):
            if left in _SCALE_FREE:
                return right if right is not None else left
            return left if right in _SCALE_FREE else f"{left} times {right}"
        if left == right and left is not None:
            return "share"
        return left if right in _SCALE_FREE else f"{left} per {right}"

    def _comparison(self, node: ast.Compare, columns: Mapping[str, str]) -> str:
        sides = (node.left, node.comparators[0])
        equality = isinstance(node.ops[0], ast.Eq | ast.NotEq)
        constants = [side for side in sides if _is_text(side)]
        others = [side for side in sides if not _is_text(side)]
        if constants:
            if not equality or not others or self.unit(others[0], columns) != "name":
                raise LanguageError(f"{_text(node)}: a text is compared with a name by == or !=")
            self._allowed(others[0], str(getattr(constants[0], "value", "")), columns)
            return "boolean"
        left, right = (self.unit(side, columns) for side in sides)
        if "boolean" in (left, right) or (not equality and "name" in (left, right)):
            raise LanguageError(f"{_text(node)}: these cannot be compared so")
        self._same(node, left, right)
        return "boolean"

    def _allowed(self, name: ast.expr, constant: str, columns: Mapping[str, str]) -> None:
        if not isinstance(name, ast.Name) or name.id in columns:
            return
        values = self.vocabulary.values.get(name.id, ())
        if values and constant not in values:
            raise LanguageError(f"{name.id} is never '{constant}': {', '.join(values)}")

    def _same(self, node: ast.expr, left: str | None, right: str | None) -> str | None:
        bare = (left is None and right in _NOT_NUMBERS) or (right is None and left in _NOT_NUMBERS)
        if bare or (left is not None and right is not None and left != right):
            raise LanguageError(
                f"{_text(node)}: {left or 'a number'} against {right or 'a number'}"
            )
        return left if left is not None else right

    def _word(self, word: str, arguments: list[ast.expr], columns: Mapping[str, str]) -> str | None:
        if word not in WORDS:
            raise LanguageError(f"no word is called {word}{nearest(word, WORDS)}")
        least, greatest = WORDS[word]
        if not least <= len(arguments) <= greatest:
            raise LanguageError(f"{word} takes {least} to {greatest} arguments")
        if columns:
            raise LanguageError(f"{word} inside another word")
        name = arguments[0].id if isinstance(arguments[0], ast.Name) else ""
        table = self.vocabulary.tables.get(name)
        if table is None:
            hint = nearest(name, self.vocabulary.tables)
            raise LanguageError(f"{word} needs a table, and {name or 'this'} is none{hint}")
        self.reads.setdefault(name)
        inside = {column: meaning.unit for column, meaning in table.columns.items()}
        if word in ("any_of", "all_of"):
            self._condition(arguments[1], inside)
            return "boolean"
        unit = self._number(arguments[1], inside)
        if len(arguments) > least:
            self._condition(arguments[2], inside)
        return inside.get(table.key, "name") if word == "most_of" else unit


def _constant(value: object) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        raise LanguageError(f"'{value}' may only stand beside == or !=")
    if not isinstance(value, Fraction):
        raise LanguageError(f"not in the rule language: {value!r}")
    return None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _text(node: ast.expr) -> str:
    # Fractions print as constructor calls; the message is for the rule's author.
    return ast.unparse(node).replace("Fraction", "")
