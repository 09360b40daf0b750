"""
Parsing TOML, and saying in plain words what breaks its grammar.
"""

import re
import tomllib
from typing import Any

import attrs

from leasebook.contract.guard import Source
from leasebook.contract.scalar import Bare
from leasebook.values.problem import Problem, Refused, path_text, printable

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z")
_TWICE = re.compile(r"Cannot (declare|overwrite|redefine|mutate)|Duplicate inline table key")
_SLASHED_DATE = re.compile(r"=\s*(?P<date>[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4})")
_GROUPED = re.compile(r"=\s*(?P<number>-?[0-9]{1,3}(?:,[0-9]{3})+)")
_YAML = re.compile(r"\s*-?\s*[\w\"-]+\s*:(\s|$)")
_WORD = re.compile(r"[A-Za-z][\w .,-]*")

#: What tomllib says, and what to say instead: cause and fix.
_WORDINGS: tuple[tuple[str, str, str], ...] = (
    ("Unterminated string", "the text has no closing quote", 'end it with "'),
    ("Illegal character '\\n'", "the text has no closing quote on its line",
     'end it with ", or write three quotes around text of several lines'),
    ("Illegal character", "a control character stands here", "delete it"),
    ("Expected '=' after a key", "the key has no value", "write key = value"),
    ("Invalid date", "there is no such day", "write a day of the calendar, such as 2026-06-30"),
    ("Unclosed array", "the list is not closed, or a comma is missing", "write [a, b]"),
    ("Unclosed inline table", "the braces are not closed on their line, or a comma is missing",
     "write { a = 1, b = 2 } on one line"),
    ("Expected newline", "something stands behind the value", "one key = value on each line"),
    ("Expected ']", "the header is not closed", "write [name] or [[name]]"),
    ("Invalid initial character", "a key is wanted here",
     "keys have letters, digits, - and _; anything else goes in quotes"),
    ("Invalid statement", "neither a key nor a header begins here", "write key = value or [name]"),
    ("Unescaped", "a backslash stands alone in the text", "write \\\\, or use single quotes"),
    ("Invalid hex", "the code of a character is not complete", "write \\u and four digits"),
    ("Escaped character", "the code is of no character", "write the character itself"),
    ("Found invalid", "a character stands here that nobody can see", "delete it"),
    ("Cannot", "the key or table is written before, in another way", "write it once"),
    ("Invalid value", "no value can begin so", "text goes in quotes; dates and counts do not"),
)  # fmt: skip


def parse(source: Source) -> dict[str, Any]:
    """
    The tables of a TOML file.

    Raises:
        Refused: With the first error of syntax.
    """
    try:
        return tomllib.loads(source.text, parse_float=Bare)
    except tomllib.TOMLDecodeError as error:
        problem = _worded(source, str(error))
    except RecursionError:
        problem = Problem(
            "LB0507", "brackets nest too deep", "write tables with headers", source.name
        )
    raise Refused([problem])


def _worded(source: Source, message: str) -> Problem:
    if _TWICE.match(message):
        double = _double(source)
        if double is not None:
            return double
    lines = source.text.split("\n")
    place = _PLACE.search(message)
    if place is not None and place["line"]:
        line, column = int(place["line"]), int(place["column"])
    else:
        line = max(1, len(source.text.rstrip("\n").split("\n")))
        column = len(lines[line - 1]) + 1
    excerpt = lines[line - 1]
    problem = Problem(
        "LB0101", *_wording(message, excerpt, column), source.name, line, column, excerpt=excerpt
    )
    return _whole_token(problem)


def _wording(message: str, line: str, column: int) -> tuple[str, str]:
    """Cause and fix: first by what the line looks like, then by what the parser says."""
    found = _by_line(line)
    if found is None and message.startswith("Invalid value"):
        found = _by_value(line[column - 1 :])
    if found is not None:
        return found
    for start, cause, fix in _WORDINGS:
        if message.startswith(start):
            return cause, fix
    return f"the text is no TOML: {printable(_PLACE.sub('', message))}", "correct it here"


def _by_line(line: str) -> tuple[str, str] | None:
    """Cause and fix for a line that is plainly something else than TOML."""
    slashed, grouped = _SLASHED_DATE.search(line), _GROUPED.search(line)
    if slashed is not None:
        cause = f"{slashed['date']} is read differently in different countries"
        return cause, "write year-month-day without quotes: 2026-06-30"
    if grouped is not None:
        number = grouped["number"].replace(",", "_")
        return "a number with commas", f'write "{number}"'
    if line.lstrip().startswith("{") and "=" not in line:
        return "the file looks like JSON", "write TOML: key = value below [headers]"
    if _YAML.match(line) and "=" not in line:
        return "the line looks like YAML", "write key = value"
    return None


def _by_value(rest: str) -> tuple[str, str] | None:
    """Cause and fix for text that begins no value."""
    if rest[:1] in set("“”„‘’«"):
        return "a typographic quote", 'use the straight quote "'
    word = _WORD.match(rest)
    if word is None:
        empty = not rest.split("#", maxsplit=1)[0].strip()
        return ("the value is missing", "write a value behind =") if empty else None
    if word[0].lower() in {"true", "false"}:
        return f"{word[0]} is no value", f"write {word[0].lower()}"
    return "text without quotes", f'write "{word[0].strip()}"'


def _whole_token(problem: Problem) -> Problem:
    """The problem with carets below the whole word at its column."""
    slashed = _SLASHED_DATE.search(problem.excerpt)
    if slashed is not None:
        start, end = slashed.span("date")
        return attrs.evolve(problem, column=start + 1, width=end - start)
    token = re.match(r"[^\s,\]}#]+", problem.excerpt[problem.column - 1 :])
    return attrs.evolve(problem, width=len(token[0]) if token else 1)


def _double(source: Source) -> Problem | None:
    """The first key or table that stands twice, with both places."""
    from leasebook.contract.locate import Locator  # noqa: PLC0415 - tree-sitter on errors only

    for path, first, again in Locator(source.text).doubles():
        return Problem(
            "LB0109",
            f"{path_text(path)} stands twice",
            "remove one, or give it another name",
            source.name,
            again.line,
            again.column,
            again.width,
            source.text.split("\n")[again.line - 1],
            path_text(path),
            also=f"{source.name}:{first.line}:{first.column}",
        )
    return None
