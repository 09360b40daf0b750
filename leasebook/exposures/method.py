"""
Methods by which those who rate debt adjust it: parameters from files, each with its source.

Agencies revise what they do, and their exact formulas are not at hand here: every parameter says
how well it is known. `rules/credit/` holds those of the project; a user may write others.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure
from leasebook.contract.one_file import read_one
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding
from leasebook.values.problem import Path as FilePath
from leasebook.values.rulefiles import rules_root

Evidence: TypeAlias = Literal["seen", "substance", "unverified", "ours"]
Measure: TypeAlias = Literal["maximum", "expected"]

#: What each parameter is the part of that is counted, in the order of the table.
PARAMETERS: Mapping[str, str] = {
    "finance-leases": "finance lease liabilities",
    "operating-leases": "operating lease liabilities",
    "rent-multiple": "operating lease cost of the year",
    "financing-obligations": "financing obligations of failed sales",
    "vehicle-debt": "debt in vehicles that are left out",
    "leases-not-commenced": "present value of leases not commenced",
    "residual-value-guarantees": "residual value guarantees",
    "guarantees": "other guarantees",
    "hybrid-equity": "hybrid instruments in equity",
    "surplus-cash": "cash and marketable securities",
}
#: A multiple of rent is no part of one.
MULTIPLE = "rent-multiple"
MULTIPLE_MAX = 20


@attrs.frozen
class Parameter:
    """
    How much of something a method counts as debt, or takes from it.

    `evidence` says how well it is known that the method counts so: read at its source, in
    substance, not verified, or ours.
    """

    factor: Figure[Decimal]
    evidence: Evidence
    note: str = ""


@attrs.frozen
class Measures:
    """
    At what guarantees count: at most, or at what is probable or expected.

    With `renewals` a residual value guarantee counts no less than the rents of the renewals that
    would avoid it.
    """

    guarantees: Measure = "expected"
    residual_value_guarantees: Measure = "expected"
    renewals: bool = False


@attrs.frozen
class Header:
    """
    Whose method, as of which day; one that is not `shown` is computed only when it is asked for.
    """

    id: str
    title: str
    as_of: date
    shown: bool = True
    note: str = ""


@attrs.frozen
class Method:
    """A method of adjusting debt; a parameter that it does not name counts nothing."""

    method: Header
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, str] = attrs.field(factory=dict)
    measures: Measures = attrs.field(factory=Measures)

    @property
    def id(self) -> str:
        """What the method is called in files and on the command line."""
        return self.method.id

    def factor(self, parameter: str) -> Decimal:
        """How much of something is counted; nothing of what is not named."""
        found = self.parameters.get(parameter)
        return Decimal(0) if found is None else found.factor.get()

    @property
    def adds_lease_cost(self) -> bool:
        """
        Whether earnings are before the cost of operating leases.

        Debt with operating leases in it stands against earnings before their cost, and only then.
        """
        return self.factor("operating-leases") > 0 or self.factor(MULTIPLE) > 0

    def source(self, parameter: str) -> str:
        """Where a parameter is from, in words."""
        found = self.parameters.get(parameter)
        if found is None:
            return ""
        figure = found.factor
        if figure.assumption is not None:
            return f"assumption: {figure.assumption}"
        named = self.sources.get(figure.source or "", figure.source or "")
        return f"{named}, {figure.at}" if figure.at else named


def read_method(path: Path) -> Method:
    """
    The method that a file describes.

    Args:
        path: A TOML file of the form of those in `rules/credit/`.

    Raises:
        Refused: With the first error of syntax, or else with every error of structure and meaning.
    """
    return read_one(path, Method, _wrong)


def _wrong(method: Method, _tables: Mapping[str, Any]) -> Iterator[Finding]:
    for name, parameter in method.parameters.items():
        place: FilePath = ("parameters", name)
        figure = parameter.factor
        if name not in PARAMETERS:
            fix = nearest(name, PARAMETERS)
            yield Finding("LB0466", place, f"there is no parameter {name}", fix, "header")
        if figure.source is not None and figure.source not in method.sources:
            fix = nearest(figure.source, method.sources)
            yield Finding("LB0301", place, f"there is no source {figure.source}", fix, "header")
        elif figure.source is None and figure.assumption is None:
            fix = "add source or assumption"
            yield Finding("LB0108", place, f"{name} has no source", fix, "header")
        most = MULTIPLE_MAX if name == MULTIPLE else 1
        if not figure.known:
            fix = "write what the method counts"
            yield Finding("LB0466", (*place, "factor"), "a method knows its parameters", fix)
        elif not 0 <= figure.get() <= most:
            cause = f"{figure.get()} is not between nothing and {most}"
            fix = "write the part that is counted, such as 0.5"
            yield Finding("LB0466", (*place, "factor"), cause, fix)
    counted = [
        name
        for name in ("operating-leases", MULTIPLE)
        if name in method.parameters and method.parameters[name].factor.value
    ]
    if len(counted) > 1:
        cause = "operating leases are counted twice: as liabilities and as a multiple of rent"
        yield Finding("LB0466", ("parameters", MULTIPLE), cause, "keep one of them", "header")


@cache
def packaged_methods() -> Mapping[str, Method]:
    """
    The methods under ``rules/credit``, by id.

    Example:
        >>> sorted(packaged_methods())
        ['everything', 'fitch', 'fitch-2016', 'moodys', 'sp']
    """
    paths = sorted((rules_root() / "credit").glob("*.toml"))
    return {method.id: method for method in map(read_method, paths)}
