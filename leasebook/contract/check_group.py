"""
Checks of acquisitions and supplies.
"""

from collections.abc import Iterator

from leasebook.contract.draft import Draft
from leasebook.contract.group import Acquisition, Supply
from leasebook.contract.model import EquityInterest
from leasebook.values.problem import Finding, Path


def _acquisitions(draft: Draft) -> Iterator[tuple[str, Acquisition]]:
    for key, contract in draft.contracts.items():
        if isinstance(contract, Acquisition):
            yield key, contract


def acquired_interests_are_the_acquirers(draft: Draft) -> Iterator[Finding]:
    """The interest that an acquisition brings is the acquirer's in the entity acquired."""
    for key, one in _acquisitions(draft):
        interest = draft.contracts.get(one.interest or "")
        if isinstance(interest, EquityInterest):
            held = (interest.holder, interest.issuer)
            if held != (one.acquirer, one.acquired):
                cause = (
                    f"{one.interest} is the interest of {held[0]} in {held[1]}, "
                    f"not of {one.acquirer} in {one.acquired}"
                )
                fix = f"add the interest of {one.acquirer} in {one.acquired}"
                yield Finding("LB0305", ("contracts", key, "interest"), cause, fix)


def an_entity_is_acquired_once(draft: Draft) -> Iterator[Finding]:
    """No entity is consolidated for the first time twice, and none acquires itself."""
    seen: dict[str, str] = {}
    for key, one in _acquisitions(draft):
        path: Path = ("contracts", key, "acquired")
        first = seen.setdefault(one.acquired, key)
        if one.acquired in (one.acquirer, one.seller):
            cause = f"{one.acquired} is acquired and is a party of the contract"
            yield Finding("LB0302", path, cause, "name the entity that is acquired")
        elif first != key:
            cause = f"{one.acquired} is consolidated for the first time twice"
            other = ("contracts", first, "acquired")
            yield Finding("LB0413", path, cause, "keep one of the two", other=other)


def acquisitions_come_first(draft: Draft) -> Iterator[Finding]:
    """Goodwill is impaired after the day on which it comes up."""
    for key, one in _acquisitions(draft):
        for number, impairment in enumerate(one.impairments):
            day, begins = impairment.date.value, one.date.value
            if day is not None and begins is not None and day <= begins:
                path: Path = ("contracts", key, "impairments", number, "date")
                cause = f"{day} is not after the acquisition on {begins}"
                other = ("contracts", key, "date")
                yield Finding("LB0404", path, cause, "correct one of the two", other=other)


def supplies_say_their_cost_once(draft: Draft) -> Iterator[Finding]:
    """What a supply cost its seller is said in one way; equipment has a life."""
    for key, one in draft.contracts.items():
        if not isinstance(one, Supply):
            continue
        path: Path = ("contracts", key)
        ways = ("carrying_amount", "markup_on_cost", "margin_on_price")
        said = [way for way in ways if getattr(one, way) is not None]
        if len(said) != 1:
            cause = f"the seller's cost is said in {len(said)} ways"
            yield Finding("LB0430", path, cause, f"write one of {', '.join(ways)}", "header")
        if one.of == "inventory" and one.remaining_life is not None:
            cause = "goods for sale are not depreciated"
            place = (*path, "remaining_life")
            yield Finding("LB0430", place, cause, 'remove it, or write of = "depreciable"', "key")
        if one.of == "depreciable" and one.unsold:
            cause = "equipment is used, not sold on"
            place = (*path, "unsold")
            yield Finding("LB0430", place, cause, 'remove it, or write of = "inventory"', "key")


def unsold_parts_fall(draft: Draft) -> Iterator[Finding]:
    """What is left of goods falls from day to day, from the price down to nothing at least."""
    for key, one in draft.contracts.items():
        if not isinstance(one, Supply):
            continue
        day, left = one.date.value, one.price.value
        for number, part in enumerate(one.unsold):
            path: Path = ("contracts", key, "unsold", number)
            if day is not None and part.date.value is not None and part.date.value < day:
                cause = f"{part.date.value} is before {day}"
                yield Finding("LB0404", (*path, "date"), cause, "write the days in order")
            if left is not None and part.left.value is not None and part.left.value > left:
                cause = f"{part.left.value} is left, and {left} before it"
                yield Finding("LB0430", (*path, "left"), cause, "goods come back by a supply")
            day = part.date.value or day
            left = left if part.left.value is None else part.left.value
