"""
Problems: what is wrong with an input, where, why, and what to do about it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

import attrs

from leasebook.values.catalogue import CODES

#: The way to a value in a file: keys of tables, and indices of lists.
Path: TypeAlias = tuple[str | int, ...]

_EXCERPT_WIDTH = 100
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def path_text(path: Path) -> str:
    """
    A path as people write it.

    Example:
        >>> path_text(("events", 0, "date"))
        'events[0].date'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def invisible(character: str) -> bool:
    """
    Whether a character shows nothing or changes how its neighbours show.

    Example:
        >>> invisible(chr(0x202E)), invisible("a")
        (True, False)
    """
    return unicodedata.category(character) in _INVISIBLE


def printable(text: str) -> str:
    r"""
    Text with every invisible character written as its code.

    Example:
        >>> print(printable("a" + chr(27) + "[0m"))
        a\x1b[0m
    """
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if not invisible(character):
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


@attrs.frozen
class Place:
    """A path in one file; an empty path is the file as a whole."""

    file: str
    path: Path = ()


@attrs.frozen
class Finding:
    """
    What is wrong at a path, before anybody has looked up the line.

    `on` says what the caret marks: the value, its key, or the header of the table at `path`.
    `other` is the path of a second place that belongs to it. `place` says where the path is
    written, if that does not follow from the path.
    """

    code: str
    path: Path
    cause: str
    fix: str
    on: Literal["value", "key", "header"] = "value"
    cites: tuple[str, ...] = ()
    other: Path | None = None
    place: Place | None = None


@attrs.frozen
class Problem:
    """
    One problem of one file.

    Lines and columns count characters from 1 and are 0 where the problem is of the whole file.
    `also` names a second place that belongs to it.
    """

    code: str
    cause: str
    fix: str
    file: str = ""
    line: int = 0
    column: int = 0
    width: int = 1
    excerpt: str = ""
    path: str = ""
    cites: tuple[str, ...] = ()
    also: str = ""


class Refused(Exception):  # noqa: N818 - the input is refused; nothing of the program failed
    """
    The input is refused, with every problem that was found in it.

    `exit_code` is 3 if a file or a disk is at fault, else 1. Of very many problems the first are
    held: `total` counts all, and `written` names the file that has all of them.
    """

    def __init__(
        self, problems: Iterable[Problem], total: int | None = None, written: str = ""
    ) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.total = len(self.problems) if total is None else total
        self.written = written
        super().__init__(self.shown())

    def shown(self) -> str:
        """The problems as a terminal shows them."""
        text = render(self.problems, total=self.total)
        return text + (f"; all of them are in {printable(self.written)}" if self.written else "")

    @property
    def exit_code(self) -> int:
        """The exit class that all problems share, or 1."""
        classes = {CODES[problem.code].exit_class for problem in self.problems}
        return classes.pop() if len(classes) == 1 else 1


def render(problems: Sequence[Problem], limit: int = 50, total: int | None = None) -> str:
    """
    Problems as a terminal shows them, with the source line and carets, and a last line that counts.

    Args:
        problems: In the order in which they are shown.
        limit: How many are shown; the others are counted.
        total: How many there are, if there are more than these.

    Returns:
        Lines, the last without a line end.

    Example:
        >>> print(render([Problem("LB0501", "there is no such file", "check the name", "a.toml")]))
        error[LB0501]: there is no such file
          --> a.toml
          = fix: check the name
        1 error in 1 file
    """
    shown = [_block(problem) for problem in problems[:limit]]
    files = len({problem.file for problem in problems})
    every = len(problems) if total is None else total
    count = f"{_many(every, 'error')} in {_many(files, 'file')}"
    if every > limit:
        count += f", the first {limit} shown"
    return "\n".join([*shown, count])


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _block(problem: Problem) -> str:
    where = printable(problem.file)
    if problem.line:
        where += f":{problem.line}:{problem.column}"
    if problem.path:
        where += f" ({printable(problem.path)})"
    lines = [f"error[{problem.code}]: {printable(problem.cause)}"]
    if where:
        lines.append(f"  --> {where.strip()}")
    if problem.line:
        lines += _source(problem)
    if problem.also:
        lines.append(f"  = also: {printable(problem.also)}")
    lines.append(f"  = fix: {printable(problem.fix)}")
    if problem.cites:
        lines.append(f"  = cites: {'; '.join(problem.cites)}")
    return "\n".join(lines)


def _source(problem: Problem) -> tuple[str, str]:
    """The source line, cut to a window around the column, and the carets below it."""
    start = max(0, problem.column - 1 - _EXCERPT_WIDTH // 2)
    if len(problem.excerpt) <= _EXCERPT_WIDTH:
        start = 0
    window = problem.excerpt[start : start + _EXCERPT_WIDTH].replace("\t", " ")
    before, marked = problem.column - 1 - start, problem.excerpt[problem.column - 1 :]
    head = printable(window[:before])
    width = _columns(printable(marked[: max(1, problem.width)].replace("\t", " "))) or 1
    width = min(width, _columns(printable(window[before:])) or 1)
    return f"  | {printable(window)}", f"  | {' ' * _columns(head)}{'^' * width}"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def as_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """
    Problems as rows for other programs; what a problem does not have is None.

    Example:
        >>> as_rows([Problem("LB0501", "there is no such file", "check the name", "a.toml")])[0]
        {'code': 'LB0501', 'file': 'a.toml', 'line': None, 'column': None, 'path': None, \
'cause': 'there is no such file', 'fix': 'check the name', 'cites': None, 'also': None}
    """
    return [
        {
            "code": problem.code,
            "file": problem.file or None,
            "line": problem.line or None,
            "column": problem.column or None,
            "path": problem.path or None,
            "cause": problem.cause,
            "fix": problem.fix,
            "cites": "; ".join(problem.cites) or None,
            "also": problem.also or None,
        }
        for problem in problems
    ]
