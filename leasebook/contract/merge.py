"""
Several files of one folder as one deal: sections joined, and where each part came from.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from leasebook.contract.node import Node
from leasebook.contract.scalar import wrong_sort
from leasebook.contract.shape import KEYED, LISTED
from leasebook.values.problem import Finding, Path, Place

#: Sections whose keys are ids.
NAMED = (*KEYED, "sources")


@attrs.frozen
class Merged:
    """The tables of all files; `homes` gives the file, and the path in it, of each part."""

    tables: Mapping[str, Any]
    homes: Mapping[Path, Place]
    findings: tuple[Finding, ...]

    def home(self, path: Path) -> Place | None:
        """The file of a path and the path in it; None if it is of no single file."""
        for length in range(len(path), 0, -1):
            place = self.homes.get(path[:length])
            if place is not None:
                return attrs.evolve(place, path=(*place.path, *path[length:]))
        return None


def merge(files: Iterable[tuple[str, dict[str, Any]]]) -> Merged:
    """
    One deal from the tables of its files, in their order.

    Args:
        files: Name and tables of each file.

    Example:
        >>> both = merge([("a.toml", {"notes": 1}), ("b.toml", {"events": [{}]})])
        >>> both.home(("events", 0, "date"))
        Place(file='b.toml', path=('events', 0, 'date'))
    """
    tables: dict[str, Any] = {}
    homes: dict[Path, Place] = {}
    findings: list[Finding] = []
    for name, content in files:
        for section, raw in content.items():
            here = Place(name, (section,))
            if section in NAMED and type(raw) is dict:
                findings += _join(tables.setdefault(section, {}), homes, section, raw, name)
            elif section in LISTED and type(raw) is list:
                joined = tables.setdefault(section, [])
                for number, item in enumerate(raw):
                    homes[section, len(joined)] = Place(name, (section, number))
                    joined.append(item)
            elif section in (*NAMED, *LISTED):
                findings += _ill_formed(section, raw, here)
            elif section in tables:
                findings.append(_again(section, (section,), here))
            else:
                tables[section] = raw
                homes[section,] = here
            homes.setdefault((section,), here)
    return Merged(tables, homes, tuple(findings))


def _join(
    joined: dict[str, Any], homes: dict[Path, Place], section: str, raw: dict[str, Any], name: str
) -> Iterable[Finding]:
    for key, item in raw.items():
        here = Place(name, (section, key))
        if key in joined:
            yield _again(key, (section, key), here)
        else:
            joined[key] = item
            homes[section, key] = here


def _again(name: str, first: Path, here: Place) -> Finding:
    cause = f"{name} stands in two files"
    fix = "remove one, or give it another name"
    return Finding("LB0110", here.path, cause, fix, "header", other=first, place=here)


def _ill_formed(section: str, raw: Any, here: Place) -> Iterable[Finding]:
    if section in LISTED:
        wanted, fix = "a list of tables", f"write the header with two brackets: [[{section}]]"
    else:
        wanted, fix = "a table", f"write [{section}.id]"
    for finding in wrong_sort(Node(raw, here.path), wanted, fix).findings:
        yield attrs.evolve(finding, place=here)
