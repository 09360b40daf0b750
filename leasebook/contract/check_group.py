"""
Checks of acquisitions and supplies.
"""

from collections.abc import Iterator

from leasebook.contract.draft import Draft
from leasebook.contract.group import Acquisition, Supply
from leasebook.contract.model import (
    Contribution,
    EquityInterest,
    Services,
    sides_of_purchase,
)
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
        if one.of != "inventory" and one.unsold:
            cause = "equipment is used, not sold on"
            place = (*path, "unsold")
            yield Finding("LB0430", place, cause, 'remove it, or write of = "inventory"', "key")


def supplies_are_delivered_in_one_way(draft: Draft) -> Iterator[Finding]:
    """A supply has one day and one price, or a list of deliveries with days and amounts."""
    for key, one in draft.contracts.items():
        if not isinstance(one, Supply):
            continue
        path: Path = ("contracts", key)
        stated = [name for name in ("date", "price") if getattr(one, name) is not None]
        if one.deliveries and stated:
            cause = f"the supply has both {stated[0]} and deliveries"
            other = (*path, stated[0])
            place: Path = (*path, "deliveries")
            yield Finding("LB0403", place, cause, "keep one of them", "key", other=other)
        elif not one.deliveries and len(stated) < 2:
            missing = "price" if "price" not in stated else "date"
            cause = f"the supply has neither deliveries nor {missing}"
            yield Finding("LB0403", path, cause, f"add {missing} = ..., or deliveries", "header")
        elif len(one.deliveries) > 1 and (one.unsold or one.carrying_amount is not None):
            name = "unsold" if one.unsold else "carrying_amount"
            cause = f"{name} is of one delivery, and there are {len(one.deliveries)}"
            yield Finding("LB0403", (*path, name), cause, "write a supply for each", "key")


def unsold_parts_fall(draft: Draft) -> Iterator[Finding]:
    """What is left of goods falls from day to day, from the price down to nothing at least."""
    for key, one in draft.contracts.items():
        if not isinstance(one, Supply):
            continue
        day = one.date.value if one.date is not None else None
        left = one.price.value if one.price is not None else None
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


def payments_are_tied_to_purchases(draft: Draft) -> Iterator[Finding]:
    """Capital is tied to a contract under which its recipient buys from the contributor."""
    for key, one in draft.contracts.items():
        if not isinstance(one, Contribution) or one.tied_to is None:
            continue
        bought = draft.contracts.get(one.tied_to)
        sides = None if bought is None else sides_of_purchase(bought)
        if bought is not None and sides != (one.contributor, one.recipient):
            cause = f"{one.recipient} buys nothing from {one.contributor} under {one.tied_to}"
            path: Path = ("contracts", key, "tied_to")
            yield Finding("LB0305", path, cause, "name the contract of the purchases")


def fees_are_said_in_one_way(draft: Draft) -> Iterator[Finding]:
    """A fee is level or listed."""
    for key, one in draft.contracts.items():
        if isinstance(one, Services) and one.fees and one.fee is not None:
            path, other = ("contracts", key, "fees"), ("contracts", key, "fee")
            cause = "the services have both a fee and fees"
            yield Finding("LB0403", path, cause, "keep one of them", "key", other=other)
