"""
Changes of terms over columns: day by day, what they are, and whether a class is asked again.

The days and their facts are those of `facts.changes`, on columns.
"""

import attrs
import numpy as np

from leasebook.facts.fact import Value
from leasebook.portfolio import records as r
from leasebook.portfolio.columns import World, truths
from leasebook.portfolio.decide import decide, policy_value
from leasebook.portfolio.intervals import Bools
from leasebook.portfolio.party import Party
from leasebook.portfolio.results import Decided
from leasebook.portfolio.terms import UNKNOWN, Ints
from leasebook.portfolio.worlds import Asked, exact_of

#: Kinds of event by which the parties change scope or consideration (`event.MODIFICATIONS`).
_MODIFYING = (
    r.RENT_CHANGED, r.EXTENDED, r.CONSIDERATION, r.TERM_REDUCED, r.SCOPE_REDUCED, r.RIGHT_ADDED,
)  # fmt: skip
#: And those of what a lessee expects (`changes.EXPECTING`).
_EXPECTING = (r.REASSESSED, r.PURCHASE_REASSESSED)
#: By kind of event.
_MODIFIES, _EXPECTS = (
    np.isin(np.arange(r.SEPARATE + 1), kinds) for kinds in (_MODIFYING, _EXPECTING)
)


@attrs.frozen(eq=False)
class Days:
    """
    The days on which something happens to units, in order.

    Attributes:
        owner: Position among the units that are asked about.
        events: Positions of all their events in the frame, in order.
        of_event: For each event its day.
        last: For each day, position in `events` of its last event.
        fair_value: Of the asset, as the day's events state it last, or `UNKNOWN`.
        certain: What the day's last word on a purchase is: 1, 0, or `UNKNOWN` if there is none.
        price: At which the lessee is certain to buy once the day is over, minor units, or 0.
        changing: Whether an event of the day changes what a class rests on.
    """

    owner: Ints
    events: Ints
    of_event: Ints
    last: Ints
    fair_value: Ints
    certain: Ints
    price: Ints
    changing: Bools


def days_of(asked: Asked, party: Party) -> Days | None:
    """
    The days on which something happens to the units of a party; None if nothing does.

    Args:
        asked: The answers so far.
        party: Whose.
    """
    terms, frame, units = asked.terms, asked.frame, asked.frame.units[party.rows]
    counts = units[:, r.EVENT_LAST] - units[:, r.EVENT_FIRST]
    whole = int(counts.sum())
    if not whole:
        return None
    inside = np.repeat(np.arange(len(units)), counts)
    # The events of consecutive units are consecutive.
    events = units[0, r.EVENT_FIRST] + np.arange(whole)
    happened, row = frame.events[events], frame.event_of[events]
    begins = np.r_[True, (np.diff(inside) != 0) | (np.diff(happened[:, r.AT]) != 0)]
    of_event = np.cumsum(begins) - 1
    last = np.r_[np.flatnonzero(begins)[1:], whole] - 1
    count = len(last)
    worth, certain = (_last_said(of_event, column[row], count)
                      for column in (terms.event_fair_value, terms.event_certain))  # fmt: skip
    purchase = happened[:, r.WHAT] == r.PURCHASE_REASSESSED
    prices = np.where(happened[:, r.CERTAIN] == 1, happened[:, r.AMOUNT], 0)
    said = carried_on(inside, np.where(purchase, prices, UNKNOWN))
    price = np.where(said == UNKNOWN, units[inside, r.PRICE], said)
    what = happened[:, r.WHAT]
    changing = _any(of_event, _MODIFIES[what] | _EXPECTS[what], count)
    return Days(inside[last], events, of_event, last, worth, certain, price[last], changing)


def _last_said(place: Ints, said: Ints, count: int) -> Ints:
    """The last of the values that are said at each place; `UNKNOWN` if none is."""
    found = np.full(count, UNKNOWN, np.int64)
    known = said != UNKNOWN
    found[place[known]] = said[known]  # of several, the last stays
    return found


def _any(place: Ints, true: Bools, count: int) -> Bools:
    found = np.zeros(count, np.bool_)
    found[place[true]] = True
    return found


def carried_on(owner: Ints, said: Ints) -> Ints:
    """
    What is said last of each owner up to each row.

    Args:
        owner: Of each row, ascending.
        said: Or `UNKNOWN` where nothing is.

    Example:
        >>> found = carried_on(np.array([0, 0, 1]), np.array([7, UNKNOWN, UNKNOWN]))
        >>> (found == UNKNOWN).tolist(), int(found[1])
        ([False, False, True], 7)
    """
    own = np.arange(len(said))
    at = np.maximum.accumulate(np.where(said != UNKNOWN, own, -1))
    told = (at >= 0) & (owner[np.maximum(at, 0)] == owner)
    return np.where(told, said[np.maximum(at, 0)], UNKNOWN)


def _take_rights(asked: Asked, party: Party, framework: str, days: Days) -> None:
    """
    A right that is added at its own price is a contract of its own, and no event of this one.

    Source: ASC 842-10-25-8; IFRS 16.44.
    """
    frame = asked.frame
    added = np.flatnonzero(frame.events[days.events, r.WHAT] == r.RIGHT_ADDED)
    if not len(added):
        return
    events = days.events[added]
    world = _world(asked, len(events))
    world.facts["adds_right_of_use"] = truths(np.ones(1, np.int64), 0)
    _state_price(world, asked.terms.event_standalone[frame.event_of[events]])
    found = decide("modification", framework, world, asked.as_of)
    separate = found.code == found.outcomes.index("separate-contract")
    frame.events[events[separate], r.WHAT] = r.SEPARATE
    _open(asked, "modification", party.rows.start + days.owner[days.of_event[added]], found)


def _open(asked: Asked, name: str, owner: Ints, found: Decided) -> None:
    """Units of which a decision is open are not measured, and say what it lacks."""
    undecided = found.code == -1
    if not undecided.any():
        return
    units = owner[undecided]
    asked.open[units] = True
    asked.outcomes.setdefault(name, list(found.outcomes))
    if name not in asked.codes:
        asked.codes[name] = np.full(len(asked.frame.units), -2, np.int64)
        asked.missing[name] = np.zeros(len(asked.frame.units), np.int64)
    asked.codes[name][units] = -1
    np.bitwise_or.at(asked.missing[name], units, found.missing[undecided])


def asked_again(asked: Asked, party: Party, framework: str, days: Days) -> Bools:
    """
    On which days the class of a lease is asked again.

    Source: ASC 842-10-25-1, 842-10-25-8, 842-10-25-11, 842-10-35-1, 842-10-35-3; IFRS 16.44,
    16.66.

    Args:
        asked: The answers so far; rights at their own price are taken out of the events.
        party: Whose class.
        framework: us-gaap or ifrs.
        days: Of the units.
    """
    _take_rights(asked, party, framework, days)
    if framework == "ifrs" and not party.lessor:
        return np.zeros(len(days.owner), np.bool_)
    frame, count = asked.frame, len(days.owner)
    what = frame.events[days.events, r.WHAT]
    rights = (what == r.RIGHT_ADDED) | (what == r.SEPARATE)
    standalone = asked.terms.event_standalone[frame.event_of[days.events]] == 1
    first = np.full(count, -1, np.int64)
    first[days.of_event[rights][::-1]] = np.flatnonzero(rights)[::-1]
    another = np.arange(len(what)) != first[days.of_event]
    modifies = (rights & ~standalone) | (_MODIFIES[what] & ~rights)
    facts = {
        "adds_right_of_use": first >= 0,
        "defers_rent": np.zeros(1, np.bool_),
        "contract_modified": _any(days.of_event, rights | modifies, count),
        "modified_otherwise": _any(days.of_event, modifies & another, count),
        "renewal_exercised": np.zeros(1, np.bool_),
        "lessee_expects_otherwise": _any(days.of_event, _EXPECTS[what], count),
    }
    world = _world(asked, count)
    for name, true in facts.items():
        world.facts[name] = truths(true.astype(np.int64), 0)
    price = np.full(count, UNKNOWN, np.int64)
    price[first >= 0] = asked.terms.event_standalone[frame.event_of[days.events[first[first >= 0]]]]
    _state_price(world, price)
    decide("modification", framework, world, asked.as_of)
    side = "lessor" if party.lessor else "lessee"
    found = decide(f"{side}_reclassification", framework, world, asked.as_of)
    # A class that may have to be asked is asked.
    again: Bools = (found.code != found.outcomes.index("kept")) & days.changing
    return again


def _world(asked: Asked, rows: int) -> World:
    def exact(name: str, row: int) -> Value | None:
        policy = policy_value(name)
        return policy if policy is not None else exact_of(world.facts[name], row)

    world = World(rows, {}, exact, asked.bits)
    return world


def _state_price(world: World, standalone: Ints) -> None:
    world.facts["price_is_standalone"] = truths(standalone, world.bit("price_is_standalone"))
