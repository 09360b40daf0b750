"""
From findings to problems: each gets the file, line, column and caret of what it is about.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from leasebook.contract.guard import Source
from leasebook.values.problem import Finding, Place, Problem, path_text
from leasebook.values.problem import Path as FilePath


def located(
    sources: Mapping[str, Source],
    findings: Iterable[Finding],
    home: Callable[[FilePath], Place | None],
    whole: str,
) -> list[Problem]:
    """
    Every finding as a problem with its line, each once.

    Args:
        sources: The files that were read, by name.
        findings: In any order.
        home: The file of a path and the path in it; None if it is of no single file.
        whole: What a finding of no single file is about.
    """
    from leasebook.contract.locate import Locator  # noqa: PLC0415 - tree-sitter on errors only

    locators: dict[str, Locator] = {}

    def locate(place: Place, on: Any) -> tuple[int, int, int, str]:
        source = sources.get(place.file)
        if source is None or not place.path:
            return 0, 0, 1, ""
        if place.file not in locators:
            locators[place.file] = Locator(source.text)
        locator = locators[place.file]
        span = locator.find(place.path, on)
        return (*attrs.astuple(span), locator.line(span.line)) if span else (0, 0, 1, "")

    def problem(finding: Finding) -> Problem:
        place = finding.place or home(finding.path) or Place(whole)
        other = home(finding.other) if finding.other else None
        also = ""
        if other is not None:
            line, column, *_ = locate(other, finding.on)
            also = f"{other.file}:{line}:{column}" if line else other.file
        return Problem(
            finding.code, finding.cause, finding.fix, place.file, *locate(place, finding.on),
            path_text(finding.path), finding.cites, also,
        )  # fmt: skip

    return list(dict.fromkeys(problem(finding) for finding in findings))


def by_place(problems: Iterable[Problem], sources: Mapping[str, Source]) -> list[Problem]:
    """Problems in the order of files, lines and columns."""
    order = {name: number for number, name in enumerate(sources)}
    return sorted(problems, key=lambda p: (order.get(p.file, -1), p.line, p.column, p.code))
