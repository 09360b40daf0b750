"""
A file that is one thing, such as a scenario: read with every error at once, each with its place.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from leasebook.contract.guard import read
from leasebook.contract.located import by_place, located
from leasebook.contract.node import Misfit, Node
from leasebook.contract.structure import structure
from leasebook.contract.syntax import parse
from leasebook.values.problem import Finding, Place, Refused
from leasebook.values.problem import Path as FilePath

Shape = TypeVar("Shape")


def read_one(
    path: Path, shape: type[Shape], wrong: Callable[[Shape, Mapping[str, Any]], Iterable[Finding]]
) -> Shape:
    """
    What a file describes, held against a shape and a meaning.

    Args:
        path: A TOML file.
        shape: The class that its tables make.
        wrong: Gives what is wrong with it, from the value and the tables it was made of.

    Raises:
        Refused: With the first error of syntax, or else with every error of structure and meaning.
    """
    source = read(path)
    tables = parse(source)
    findings: list[Finding] = []
    found: Shape | None = None
    try:
        found = structure(Node(tables), shape)
    except Misfit as misfit:
        findings += misfit.findings
        found = misfit.rest
    if found is not None:
        findings += wrong(found, tables)
    if found is not None and not findings:
        return found

    def home(place: FilePath) -> Place:
        return Place(source.name, place)

    sources = {source.name: source}
    raise Refused(by_place(located(sources, findings, home, source.name), sources))
