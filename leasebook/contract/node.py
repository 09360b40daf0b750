"""
Nodes: raw values of a file on their way to the model, each with its path and its origin.
"""

from typing import Any

import attrs

from leasebook.values.problem import Finding, Path

#: Keys that say where the figures of a table come from.
ORIGIN_KEYS = ("source", "at", "assumption")


@attrs.frozen
class Origin:
    """Source and place, or assumption, that hold for the figures of a table."""

    source: str | None = None
    at: str | None = None
    assumption: str | None = None

    def within(self, table: dict[str, Any]) -> "Origin":
        """
        The origin inside a table: what it writes itself displaces what it inherits.

        Example:
            >>> Origin(source="10k").within({"assumption": "level"})
            Origin(source=None, at=None, assumption='level')
        """
        own = {key: table[key] for key in ORIGIN_KEYS if type(table.get(key)) is str}
        if not own:
            return self
        if set(own) == {"at"}:
            return attrs.evolve(self, at=own["at"])
        return Origin(**own)


@attrs.frozen
class Ready:
    """A value that is structured already, in the place of its raw value."""

    value: Any


class Misfit(Exception):  # noqa: N818 - it says what does not fit, nothing failed
    """
    Values do not fit the model; carries every finding below one node.

    `rest` is what could be made of the node all the same, for further checks, or None.
    """

    def __init__(self, *findings: Finding, rest: Any = None) -> None:
        self.findings = findings
        self.rest = rest
        super().__init__("; ".join(finding.cause for finding in findings))


@attrs.frozen
class Node:
    """
    A raw value with its path and what its surroundings say about its origin.

    `embedded` names the field whose figure is written straight into the table at `path`.
    """

    raw: Any
    path: Path = ()
    origin: Origin = Origin()
    embedded: str = ""

    def child(self, key: str | int, raw: Any) -> "Node":
        """The node of one key or index below this one."""
        return Node(raw, (*self.path, key), self.origin)

    def misfit(self, code: str, cause: str, fix: str) -> Misfit:
        """The misfit of this node alone, marked at its value."""
        return Misfit(Finding(code, self.path, cause, fix))
