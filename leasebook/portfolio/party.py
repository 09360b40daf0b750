"""
The lessees or the lessors of one framework: leases that stand together, and their units.
"""

import attrs
import numpy as np

from leasebook.portfolio.arrays import narrow
from leasebook.portfolio.terms import IFRS, LESSOR, US_GAAP, Ints, LeaseTerms

#: Where leases stand by their frameworks: those under both between those under one.
_PLACES = np.array([3, 0, 2, 1], np.int64)
#: Of one side.
_KINDS = len(_PLACES)
#: Places of the leases under each framework, from and after.
_UNDER = ((US_GAAP, 0, 2), (IFRS, 1, 3))


@attrs.frozen(eq=False)
class Party:
    """
    One side under one framework.

    Attributes:
        framework: 1 US GAAP, 2 IFRS.
        lessor: Whether they are lessors.
        leases: Rows in the leases of the chunk.
        rows: Positions of the units, one for each lease.
        terms: The leases alone.
    """

    framework: int
    lessor: bool
    leases: slice
    rows: slice
    terms: LeaseTerms

    def __len__(self) -> int:
        """How many units."""
        return len(self.terms)

    def positions(self) -> Ints:
        """Of all units, in the frame."""
        return np.arange(self.rows.start, self.rows.stop)


def _places(side: Ints, frameworks: Ints) -> Ints:
    found: Ints = side * _KINDS + _PLACES[frameworks]
    return found


def together(side: Ints, frameworks: Ints) -> Ints:
    """
    An order of leases in which those of each party stand together.

    Args:
        side: Of each lease.
        frameworks: Of each lease.

    Example:
        >>> together(np.array([1, 0, 0]), np.array([1, 2, 3])).tolist()
        [2, 1, 0]
    """
    return np.argsort(narrow(_places(side, frameworks)), kind="stable")


def parties_of(terms: LeaseTerms) -> tuple[Party, ...]:
    """
    All parties that have units, under US GAAP before IFRS, lessees before lessors.

    Args:
        terms: Leases that stand `together`.

    Raises:
        ValueError: If they do not.
    """
    places = _places(terms.side, terms.frameworks)
    if np.any(places[1:] < places[:-1]):
        raise ValueError("leases of one party do not stand together")
    ends = np.cumsum(np.bincount(places, minlength=2 * _KINDS))
    begins = [0, *ends.tolist()]
    found: list[Party] = []
    reached = 0
    for framework, low, high in _UNDER:
        for side in range(LESSOR + 1):
            first, after = (begins[side * _KINDS + place] for place in (low, high))
            if first == after:
                continue
            rows = slice(reached, reached + after - first)
            own = terms.part(first, after)
            found.append(Party(framework, side == LESSOR, slice(first, after), rows, own))
            reached = rows.stop
    return tuple(found)
