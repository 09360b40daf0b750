"""
Value curves: what an asset is worth at an age, as an exact part of what it cost new.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache

import attrs

from leasebook.contract.deal import Asset
from leasebook.contract.node import Node
from leasebook.contract.structure import structure
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rounding import round_half_even
from leasebook.stress.scenario import AssetValue, Curve, ScenarioFile
from leasebook.values.money import Currency, minor_units
from leasebook.values.rulefiles import read_toml, rules_root


@attrs.frozen
class CurveFile:
    """The curves that come with the program, with their sources."""

    sources: Mapping[str, str]
    curves: Mapping[str, Curve]


@cache
def packaged_curves() -> Mapping[str, Curve]:
    """
    The curves under ``rules/curves``, by name.

    Example:
        >>> sorted(packaged_curves())[0]
        'a100-resale'
    """
    found: dict[str, Curve] = {}
    for path in sorted((rules_root() / "curves").glob("*.toml")):
        file: CurveFile = structure(Node(read_toml(path), ("curves",)), CurveFile)
        found |= file.curves
    return found


def part_of_cost(curve: Curve, months: int) -> Fraction:
    """
    What is left of an asset's cost so many months after the start.

    Decay is by whole years and straight between them, so that the part is an exact fraction.

    Args:
        curve: Points and decay.
        months: Since the start; before it the asset is new.

    Returns:
        A part of one.

    Example:
        >>> curve = packaged_curves()["h100-resale"]
        >>> [str(part_of_cost(curve, months)) for months in (0, 6, 12, 18, 24)]
        ['1', '37/40', '17/20', '31/40', '7/10']
    """
    start, value = 0, Fraction(1)
    for point in curve.points:
        end, reached = point.after.get().months, Fraction(point.of_cost.get())
        if months < end:
            gone = Fraction(max(0, months) - start, end - start)
            return _floored(curve, value + (reached - value) * max(Fraction(0), gone))
        start, value = end, reached
    if curve.decay_annual is not None and months > start:
        years, rest = divmod(months - start, 12)
        kept = 1 - Fraction(curve.decay_annual.get())
        value *= kept**years * (1 - (1 - kept) * Fraction(rest, 12))
    return _floored(curve, value)


def _floored(curve: Curve, value: Fraction) -> Fraction:
    floor = curve.floor_of_cost
    return value if floor is None else max(value, Fraction(floor.get()))


def market_value(
    value: AssetValue, asset: Asset, day: date, *, scenario: ScenarioFile, currency: Currency
) -> int:
    """
    What an asset is worth on a day by its curve.

    Args:
        value: Its curve, and from when and what it goes.
        asset: Gives fair value and first day in service where the scenario says nothing else.
        day: On which.
        scenario: Its own curves come before the packaged ones.
        currency: Of the deal.

    Returns:
        Minor units, rounded once.
    """
    curve = {**packaged_curves(), **scenario.curves}[value.curve]
    start = (value.new_from or asset.in_service).get()
    amount = minor_units((value.amount or asset.fair_value).get(), currency)
    age = months_between(start, day) if day > start else 0
    return round_half_even(amount * part_of_cost(curve, age))
