"""
The perimeter: which entities a basis consolidates with its parent.
"""

from collections.abc import Mapping
from fractions import Fraction

from leasebook.contract.deal import Basis, Deal
from leasebook.contract.model import EquityInterest

_HALF = Fraction(1, 2)


class PerimeterHoleError(Exception):
    """A company is consolidated, and one that it holds by more than half is not."""


def members_of(
    deal: Deal, basis: Basis, parent: str, outcomes: Mapping[tuple[str, str], str]
) -> frozenset[str]:
    """
    The parent and the entities that are consolidated with it.

    A basis that names no perimeter takes the outcome of `consolidation` for each entity. An entity
    other than the reporting one takes these outcomes for itself, whatever the perimeter.

    Source: ASC 810-10-15-10, 810-10-25-38A; IFRS 10.7.

    Raises:
        PerimeterHoleError: If the outcomes leave out a subsidiary of what they consolidate.
    """
    if basis.perimeter is not None and parent == deal.reporting:
        chosen = {e for e, treatment in basis.perimeter.items() if treatment == "consolidate"}
    else:
        chosen = {
            e
            for e in deal.bookkeepers()
            if outcomes.get(("consolidation", f"{e}/{parent}")) == "consolidate"
        }
    members = frozenset({parent, *chosen})
    for interest in deal.of_kind(EquityInterest):
        inside = interest.holder in chosen and interest.issuer not in members
        if inside and interest.issuer in deal.bookkeepers() and interest.share.get() > _HALF:
            raise PerimeterHoleError(
                f"{interest.holder} is consolidated and {interest.issuer}, of which it holds more "
                "than half, is not"
            )
    return members
