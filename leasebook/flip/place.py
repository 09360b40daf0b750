"""
Places of figures: each figure of a deal is found by walking it, and may be altered where it is.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.values.duration import Duration

#: The way to a part: names of fields, keys of mappings and numbers in lists.
Steps = tuple[str | int, ...]

_WALKED = ("assets", "contracts", "events", "judgements", "facts", "tables")
_LEAVES = (str, int, Decimal, date, Duration, type(None))
_T = TypeVar("_T")


def figures(deal: Deal) -> Iterator[tuple[Steps, Figure[Any]]]:
    """
    Every figure of assets, contracts, events, judgements, facts and tables, in their order.

    What an entity filed is no term of the deal and is left out.
    """
    for section in _WALKED:
        yield from _below(getattr(deal, section), (section,))


def _below(part: Any, steps: Steps) -> Iterator[tuple[Steps, Figure[Any]]]:
    if isinstance(part, Figure):
        yield steps, part
    elif isinstance(part, _LEAVES):
        return
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from _below(inner, (*steps, key))
    elif isinstance(part, tuple):
        for number, inner in enumerate(part):
            yield from _below(inner, (*steps, number))
    elif attrs.has(type(part)):
        for field in attrs.fields(type(part)):
            yield from _below(getattr(part, field.name), (*steps, field.name))


def replaced(part: _T, steps: Steps, value: Any) -> _T:
    """
    A deal, or a part of one, with what stands at a place replaced.

    Args:
        part: A class of the contract model, a mapping or a tuple.
        steps: The way from the part to the place.
        value: What stands there instead.

    Example:
        >>> replaced({"a": (1, 2)}, ("a", 1), 5)
        {'a': (1, 5)}
    """
    if not steps:
        changed: _T = value
        return changed
    first, rest = steps[0], steps[1:]
    whole: Any = part
    if isinstance(whole, Mapping):
        other: Any = {**whole, first: replaced(whole[first], rest, value)}
    elif isinstance(whole, tuple):
        at = int(first)
        other = (*whole[:at], replaced(whole[at], rest, value), *whole[at + 1 :])
    else:
        name = str(first)
        other = attrs.evolve(whole, **{name: replaced(getattr(whole, name), rest, value)})
    made: _T = other
    return made
