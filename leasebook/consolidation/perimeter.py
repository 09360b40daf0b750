"""
The perimeter: which entities a basis consolidates with its parent.
"""

from collections.abc import Mapping

from leasebook.contract.deal import Basis, Deal


def members_of(
    deal: Deal, basis: Basis, parent: str, outcomes: Mapping[tuple[str, str], str]
) -> frozenset[str]:
    """
    The parent and the entities that are consolidated with it.

    A basis that names no perimeter takes the outcome of `consolidation` for each entity. An entity
    other than the reporting one stands alone.

    Source: ASC 810-10-15-10, 810-10-25-38A; IFRS 10.7.
    """
    if parent != deal.reporting:
        return frozenset({parent})
    if basis.perimeter is not None:
        chosen = {e for e, treatment in basis.perimeter.items() if treatment == "consolidate"}
    else:
        chosen = {
            e
            for e in deal.bookkeepers()
            if outcomes.get(("consolidation", f"{e}/{parent}")) == "consolidate"
        }
    return frozenset({parent, *chosen})
