"""
JSON from others, read with the place of every value: exact decimals, no key twice, nothing deep.
"""

import re
from decimal import Decimal
from json import JSONDecodeError, JSONDecoder
from typing import Any

import attrs

from leasebook.contract.guard import NESTING_MAX, Source
from leasebook.values.problem import Path, Problem, Refused, path_text

#: Characters of a number, and values of a file.
NUMBER_CHARACTERS_MAX = 64
VALUES_MAX = 100_000

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![0-9A-Za-z_.+-])")
_WORD = re.compile(r"[^\s,:{}\[\]\"]{1,40}")
_STRINGS = JSONDecoder(strict=True)
_WORDS = {"true": True, "false": False, "null": None}


@attrs.define
class JsonText:
    """
    A text that is read once, from its beginning to its end.

    Attributes:
        source: The text and the name of its file.
        places: Offset and length of each value, by its path.
        problems: Keys that stand twice.
    """

    source: Source
    places: dict[Path, tuple[int, int]] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)

    def value(self) -> Any:
        """
        The value of the whole text: numbers are `int` or `Decimal`.

        Raises:
            Refused: With the first error of grammar or the first bound that is passed.
        """
        found, end = self._value(self._space(0), ())
        if end < len(self.source.text):
            raise self._refused("LB0601", end, "text after the end of the value")
        return found

    def problem(self, code: str, path: Path, cause: str, fix: str) -> Problem:
        """A problem of the value at a path, with its line and column."""
        offset, width = self.places.get(path, (0, 1))
        return self._at(code, offset, cause, fix, width=width, path=path)

    def _at(
        self, code: str, offset: int, cause: str, fix: str, *, width: int = 1, path: Path = ()
    ) -> Problem:
        text = self.source.text
        start = text.rfind("\n", 0, offset) + 1
        line = text[start : start + 4096 + offset - start].split("\n", 1)[0]
        return Problem(
            code, cause, fix, self.source.name, text.count("\n", 0, offset) + 1,
            offset - start + 1, min(width, max(1, len(line) - (offset - start))), line,
            path_text(path),
        )  # fmt: skip

    def _refused(self, code: str, offset: int, cause: str) -> Refused:
        fixes = {
            "LB0507": "records are lists of plain values",
            "LB0505": "divide the records over several files",
        }
        fix = fixes.get(code, "correct this place and run again")
        return Refused([*self.problems, self._at(code, offset, cause, fix)])

    def _space(self, at: int) -> int:
        found = _SPACE.match(self.source.text, at)
        return found.end() if found else at

    def _mark(self, at: int) -> str:
        return self.source.text[at : at + 1]

    def _value(self, at: int, path: Path) -> tuple[Any, int]:
        if len(path) > NESTING_MAX:
            raise self._refused("LB0507", at, f"brackets nest more than {NESTING_MAX} deep")
        if len(self.places) >= VALUES_MAX:
            raise self._refused("LB0505", at, f"more than {VALUES_MAX:,} values")
        self.places[path] = (at, 1)
        mark = self._mark(at)
        found: Any
        if mark == "{":
            found, end = self._object(at + 1, path)
        elif mark == "[":
            found, end = self._list(at + 1, path)
        else:
            found, end = self._plain(at, mark)
            self.places[path] = (at, end - at)
        return found, self._space(end)

    def _plain(self, at: int, mark: str) -> tuple[Any, int]:
        if mark == '"':
            return self._string(at)
        number = _NUMBER.match(self.source.text, at)
        if number is not None:
            written = number[0]
            if len(written) > NUMBER_CHARACTERS_MAX:
                raise self._refused("LB0511", at, "more digits than any figure needs")
            if written.lstrip("-").isdigit():
                return int(written), number.end()
            try:
                return Decimal(written), number.end()
            except ArithmeticError:
                raise self._refused("LB0601", at, "an exponent beyond all figures") from None
        for word, meant in _WORDS.items():
            if self.source.text.startswith(word, at):
                return meant, at + len(word)
        unknown = _WORD.match(self.source.text, at)
        cause = f"{unknown[0]} is no value of JSON" if unknown else "a value is missing"
        raise self._refused("LB0601", at, cause)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            found, end = _STRINGS.raw_decode(self.source.text, at)
        except JSONDecodeError as error:
            raise self._refused("LB0601", error.pos, _lower(error.msg)) from None
        return str(found), int(end)

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self._space(at)
        while self._mark(at) != "}":
            if self._mark(at) != '"':
                raise self._refused("LB0601", at, "a key in double quotes is missing")
            begins = at
            key, at = self._string(at)
            if key in found:
                cause = f"{key!r} stands twice in one object"
                self.problems.append(
                    self._at("LB0109", begins, cause, "keep one of them", width=at - begins)
                )
            at = self._space(at)
            if self._mark(at) != ":":
                raise self._refused("LB0601", at, "a colon is missing after the key")
            found[key], at = self._value(self._space(at + 1), (*path, key))
            at = self._next(at, "}")
        return found, at + 1

    def _list(self, at: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self._space(at)
        while self._mark(at) != "]":
            value, at = self._value(at, (*path, len(found)))
            found.append(value)
            at = self._next(at, "]")
        return found, at + 1

    def _next(self, at: int, closes: str) -> int:
        """Past a comma to the next member, or to the bracket that closes."""
        mark = self._mark(at)
        if mark == closes:
            return at
        if mark != ",":
            raise self._refused("LB0601", at, f"a comma or {closes} is missing")
        at = self._space(at + 1)
        if self._mark(at) == closes:
            raise self._refused("LB0601", at, "a member is missing after the comma")
        return at


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
