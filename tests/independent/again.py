"""
Whether a class is asked again after an event, for either side, from the paragraphs.

Source: ASC 842-10-25-1, 842-10-25-8, 842-10-25-11, 842-10-35-1, 842-10-35-3; IFRS 16.66, 16.79,
16.80, 16.87.
"""

from leasebook.contract.event import Event

#: The parties change what the contract gives or costs.
_AGREED = {
    "rent-changed", "extended", "consideration-changed", "term-reduced", "right-added",
    "scope-reduced", "term-reduced-and-right-added", "terms-changed",
}  # fmt: skip


def agreed(event: Event) -> bool:
    """Whether an event changes the contract, and is no contract of its own."""
    return event.kind in _AGREED and not (event.kind == "right-added" and event.price_is_standalone)


def lessee_asks(event: Event, *, ifrs: bool, counted: bool) -> bool:
    """
    Whether a lessee classifies its lease again.

    Args:
        event: What happens.
        ifrs: Under which a lessee's leases have no classes.
        counted: Whether its term has counted a renewal that is exercised.
    """
    if ifrs:
        return False
    expects = event.kind in ("term-reassessed", "purchase-option-reassessed")
    return agreed(event) or expects or (event.kind == "renewal-exercised" and not counted)


def lessor_asks(event: Event, *, ifrs: bool, counted: bool) -> bool:
    """
    Whether a lessor classifies its lease again: it does not reassess what its lessee expects.

    Args:
        event: What happens.
        ifrs: Under which an option of the contract changes no class.
        counted: Whether its term has counted a renewal that is exercised.
    """
    exercised = event.kind == "renewal-exercised" and not counted and not ifrs
    return agreed(event) or exercised
