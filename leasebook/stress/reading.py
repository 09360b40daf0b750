"""
Reading a scenario file with the care of a deal file: every error at once, each with its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from leasebook.contract.check_figures import RATE_DECIMALS_MAX
from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.contract.one_file import read_one
from leasebook.contract.placed import value_path
from leasebook.contract.scalar import PARTS, RATES
from leasebook.contract.shape import file_keys
from leasebook.stress.check_scenario import against_deals, in_itself
from leasebook.stress.scenario import ScenarioFile, parts
from leasebook.values.money import AMOUNT_MINOR_MAX, Currency, currency_units
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding
from leasebook.values.problem import Path as FilePath


def read_scenario(path: Path, deals: Iterable[Deal]) -> ScenarioFile:
    """
    The scenario that a file describes, held against itself and against the deals it is tried on.

    Args:
        path: A TOML file.
        deals: As loaded; they share one currency.

    Raises:
        Refused: With the first error of syntax, or else with every error of structure and meaning.
    """
    several = tuple(deals)

    def wrong(file: ScenarioFile, tables: Mapping[str, Any]) -> Iterator[Finding]:
        yield from _figures_are_sound(file, tables, several[0].currency)
        yield from in_itself(file)
        yield from against_deals(file, several)

    return read_one(path, ScenarioFile, wrong)


def _figures(path: FilePath, part: Any) -> Iterator[tuple[FilePath, str, Figure[Any]]]:
    """Every figure below a part, with its path and the name of its field."""
    keys = file_keys(type(part))
    for field in attrs.fields(type(part)):
        value = getattr(part, field.name)
        place = (*path, keys[field.name])
        if isinstance(value, Figure):
            yield place, field.name, value
        elif isinstance(value, tuple):
            for at, inner in enumerate(value):
                if attrs.has(type(inner)):
                    yield from _figures((*place, at), inner)


def _figures_are_sound(
    file: ScenarioFile, tables: Mapping[str, Any], currency: Currency
) -> Iterator[Finding]:
    """Sources are declared, numbers lie within bounds, and nothing that is needed is unknown."""
    whole = [*parts(file), ("scenario", "", file.scenario)]
    for section, key, part in whole:
        path: FilePath = (section,) if key == "" else (section, key)
        for place, name, figure in _figures(path, part):
            if figure.source is not None and figure.source not in file.sources:
                cause = f"there is no source {figure.source}"
                fix = nearest(figure.source, file.sources)
                yield Finding("LB0301", place, cause, fix)
            if figure.value is None:
                cause = "a scenario says what happens; it cannot be unknown"
                yield Finding("LB0701", place, cause, "write what is assumed, with its reason")
            elif isinstance(figure.value, Decimal):
                yield from _number(value_path(tables, place), name, figure.value, currency)


def _number(place: FilePath, name: str, value: Decimal, currency: Currency) -> Iterator[Finding]:
    exponent = value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    fraction = name in PARTS or name in RATES
    most = RATE_DECIMALS_MAX if fraction else currency.decimals
    limit = Decimal(1) if fraction else currency_units(AMOUNT_MINOR_MAX, currency)
    if fraction and not 0 <= value <= 1:
        cause = f"a {name.replace('_', ' ')} of {value} is not between nothing and the whole"
        fix = f'write "{value.normalize():f}%" if per cent is meant'
        yield Finding("LB0212", place, cause, fix)
    elif value < 0:
        yield Finding("LB0213", place, f"{value} is below zero", "write it without a sign")
    elif value > limit:
        cause = f"{value:,f} is more than the limit of {limit:,f} {currency.code}"
        yield Finding("LB0202", place, cause, "check the unit of the amount")
    elif decimals > most:
        cause = f"{value} has more than {most} decimals"
        yield Finding("LB0203", place, cause, "round it")
