"""
What is wrong with tables of leases: the first problems are kept, all are counted and written down.
"""

import csv
import tempfile
from collections.abc import Iterator
from typing import IO, Any

import attrs

from leasebook.values.problem import Problem

#: How many problems are kept to be shown; the others are in the file of all of them.
SHOWN = 50
#: Problems that may be written down; beyond them nobody reads on.
WRITTEN_MAX = 1_000_000

_KEYS = ("code", "file", "place", "cause", "fix")


@attrs.define
class Faults:
    """
    A collector of problems that holds no more of them than are shown.

    What does not fit is written to a file without a name, from which `rows` reads it back.
    """

    shown: list[Problem] = attrs.field(factory=list)
    count: int = 0
    files: set[str] = attrs.field(factory=set)
    _rest: IO[str] | None = attrs.field(default=None, repr=False)

    def add(self, problem: Problem) -> None:
        """Takes a problem."""
        self.count += 1
        self.files.add(problem.file)
        if len(self.shown) < SHOWN:
            self.shown.append(problem)
        elif self.count <= WRITTEN_MAX:
            if self._rest is None:
                self._rest = _nameless()
            csv.writer(self._rest).writerow(_record(problem))

    def at(self, code: str, file: str, place: str, cause: str, fix: str) -> None:
        """
        Takes a problem of a place in a table.

        Args:
            code: Of the catalogue.
            file: The name of the file.
            place: Row and column, as ``row 17, payment`` or ``Leases!F17, payment``.
            cause: What is wrong.
            fix: What to do.
        """
        self.add(Problem(code, cause, fix, file, path=place))

    def sorted_by_row(self, found: list[tuple[int, Problem]]) -> None:
        """Takes the problems of a piece, each with its row, in the order of the rows."""
        for _, problem in sorted(found, key=lambda one: one[0]):
            self.add(problem)
        found.clear()

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Every problem as a row of text, under a first row of titles."""
        yield _KEYS
        yield from (_record(problem) for problem in self.shown)
        if self._rest is not None:
            self._rest.flush()
            self._rest.seek(0)
            yield from (tuple(row) for row in csv.reader(self._rest))

    def close(self) -> None:
        """Gives the file back in which the rest was kept."""
        if self._rest is not None:
            self._rest.close()


def _nameless() -> IO[str]:
    """A file without a name, which is gone when it is closed."""
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="")


def _record(problem: Problem) -> tuple[Any, ...]:
    return (problem.code, problem.file, problem.path, problem.cause, problem.fix)
