"""
Figures: a value from a contract together with where it comes from.
"""

from typing import Any, Generic, TypeVar

import attrs

T = TypeVar("T")


class UnknownFigureError(Exception):
    """A figure that a measurement needs and that nobody knows."""


@attrs.frozen
class Figure(Generic[T]):
    """
    One figure of a deal: a fact with its source, an assumption with its reason, or unknown.

    A figure that is not public has `value` None and says so in `unknown`. `path` is its place in
    the deal, such as ``contracts.campus-lease.rent.total``; loading fills it, and the source of
    the nearest table that names one.

    Example:
        >>> Figure(4, source="10k-2025").known
        True
    """

    value: T | None = None
    source: str | None = None
    at: str | None = None
    assumption: str | None = None
    range: tuple[T, ...] = ()
    unknown: str | None = None
    path: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def get(self) -> T:
        """
        The value, for callers that have established that there is one.

        Raises:
            UnknownFigureError: If the figure is unknown.
        """
        if self.value is None:
            raise UnknownFigureError(f"{self.path} is unknown: {self.unknown or 'not stated'}")
        return self.value

    def origin(self) -> str:
        """Source and place, or the assumption, in the words a report prints."""
        if self.assumption is not None:
            return f"assumption: {self.assumption}"
        return f"{self.source or 'no source'}{', ' + self.at if self.at else ''}"


def file_key(name: str) -> dict[str, Any]:
    """Metadata for a field whose name in the file is a word that Python keeps for itself."""
    return {"file_key": name}


def party() -> dict[str, Any]:
    """Metadata for a field that names one of the two sides of a contract."""
    return {"party": True}
