"""
Leases whose terms change: on the day, what is asked again, and of what.

Whether the class is asked again is decided for itself, for either side, about the change.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from leasebook.contract.deal import Asset, Deal
from leasebook.contract.event import MODIFICATIONS, Event
from leasebook.contract.lease import Lease
from leasebook.facts.fact import Fact, Subject, Unknown, Value
from leasebook.reckoning.calendar import months_between

#: Events of what a lessee expects of term and purchase.
EXPECTING = frozenset({"term-reassessed", "purchase-option-reassessed"})

#: Events after which the class may be asked again.
_CHANGING = MODIFICATIONS | EXPECTING | {"renewal-exercised"}

#: What is asked again of each side, and the decision that says whether it is.
_AGAIN = {
    "lessee_reclassification": ("lessee_classification",),
    "lessor_reclassification": (
        "lessor_classification",
        "day_one_loss_relief",
        "capital_lease_tests",
    ),
}
#: How it stands where the class is kept.
_KEPT = "kept"

#: Changes of which it is asked by themselves what they are, and the decision about it.
_ASKED_APART = {"right-added": "modification", "rent-deferred": "rent_deferral"}


def epoch_subject(lease: str, event: Event) -> str:
    """
    The name under which decisions about a lease are asked again on the day of an event.

    Example:
        >>> from datetime import date
        >>> from leasebook.contract.figure import Figure
        >>> epoch_subject("hall", Event("base", "hall", "extended", Figure(date(2033, 1, 1))))
        'hall@2033-01-01'
    """
    return f"{lease}@{event.date.get()}"


def change_subject(lease: str, event: Event, events: Iterable[Event]) -> str:
    """
    The name under which it is asked what a change of terms is, such as a contract of its own.

    Each right that is added, and each deferral of rent, on a day is asked about by itself.

    Args:
        lease: Id of the contract.
        event: The right that is added, or the deferral.
        events: Everything that happens to the lease in the scenario.

    Example:
        >>> from datetime import date
        >>> from leasebook.contract.figure import Figure
        >>> day = Figure(date(2033, 1, 1))
        >>> both = [Event("base", "hall", "right-added", day, order) for order in (2, 1)]
        >>> [change_subject("hall", one, both) for one in both]
        ['hall@2033-01-01/change-2', 'hall@2033-01-01/change']
    """
    day = event.date.get()
    asked = [e for e in events if e.kind in _ASKED_APART and e.date.get() == day]
    before = sorted(asked, key=lambda e: e.order).index(event)
    return f"{epoch_subject(lease, event)}/change" + (f"-{before + 1}" if before else "")


def told_on_a_day(events: Iterable[Event]) -> Event | None:
    """
    The event of one day by which a class is asked again: the last one that changes anything.

    What another event of the day says of the asset counts as well.

    Args:
        events: Of one lease and one day, in order.

    Returns:
        None if none of them changes what a class rests on.
    """
    of_day = tuple(events)
    changing = [event for event in of_day if _changes(event)]
    if not changing:
        return None
    stated = {
        name: value
        for event in of_day
        for name in ("fair_value", "remaining_life_periods")
        if (value := getattr(event, name)) is not None
    }
    last: Event = attrs.evolve(changing[-1], **stated)
    return last


def _changes(event: Event) -> bool:
    stated = event.lessee_classification or event.lessor_classification
    return event.kind in _CHANGING or stated is not None


def changes_of_terms(deal: Deal, scenario: str | None) -> Iterator[Subject]:
    """
    Each lease on the days on which a scenario changes its terms, and each change.

    Source: ASC 842-10-25-1, 842-10-25-8, 842-10-25-11, 842-10-35-1, 842-10-35-3; IFRS 16.44,
    16.66, 16.80, 16.87.
    """
    days: dict[str, list[Event]] = {}
    for event in sorted(deal.events, key=lambda e: (e.date.get(), e.order)):
        if event.scenario == scenario and isinstance(deal.contracts.get(event.contract), Lease):
            days.setdefault(epoch_subject(event.contract, event), []).append(event)
    for name, events in days.items():
        lease = deal.contracts[events[0].contract]
        if not isinstance(lease, Lease):
            raise TypeError(f"{lease.id} is no lease")
        told = told_on_a_day(e for e in events if not _agreed_by_commencement(e, lease))
        if told is None:
            yield from _apart(lease, events)
            continue
        change = f"{name}/change"
        asked_if = {
            asked: (decision, change, _KEPT)
            for decision, again in _AGAIN.items()
            for asked in again
        }
        asked = frozenset(_classes_stated(events))
        by_then = [e for es in days.values() for e in es if e.contract == lease.id and _by(e, told)]
        facts = _facts(lease, told, by_then, deal)
        yield Subject(name, "lease", facts, {}, (lease.id,), asked, asked_if=asked_if)
        yield Subject(change, "change", _change(events), {}, (lease.id,), _questions(events))
        yield from list(_apart(lease, events))[1:]


def _apart(lease: Lease, events: Iterable[Event]) -> Iterator[Subject]:
    """The changes of a day of which it is asked by themselves what they are."""
    of_day = tuple(events)
    for event in of_day:
        if event.kind in _ASKED_APART:
            about = change_subject(lease.id, event, of_day)
            asked = frozenset({_ASKED_APART[event.kind]})
            yield Subject(about, "change", _change([event]), {}, (lease.id,), asked)


def _agreed_by_commencement(event: Event, lease: Lease) -> bool:
    """Whether rent is deferred on the first day: what is agreed by then modifies nothing."""
    return event.kind == "rent-deferred" and event.date.get() == lease.commencement_date.get()


def _questions(events: Iterable[Event]) -> frozenset[str]:
    """What is asked about the changes of a day: the class, and what its first change is."""
    of_day = tuple(events)
    asked = set(_AGAIN)
    # Whether a change is a separate contract is a question about changes of the contract.
    if any(e.kind in MODIFICATIONS for e in of_day):
        asked.add("modification")
    first = next((e for e in of_day if e.kind in _ASKED_APART), None)
    if first is not None:
        asked.add(_ASKED_APART[first.kind])
    return frozenset(asked)


def life_left(asset: Asset, day: date) -> Value | Unknown:
    """The months of economic life that an asset has left on a day, where its life is known."""
    life = asset.useful_life
    if life.value is None:
        return Unknown(life.unknown or "not stated")
    return life.value.months - max(0, months_between(asset.in_service.get(), day))


def _classes_stated(events: Iterable[Event]) -> Iterator[str]:
    """The decisions that are asked again because an event states their outcome."""
    for event in events:
        if event.lessee_classification:
            yield "lessee_classification"
        if event.lessor_classification:
            yield from _AGAIN["lessor_reclassification"]


def _by(event: Event, other: Event) -> bool:
    return event.date.get() <= other.date.get()


def _facts(lease: Lease, event: Event, by_then: Iterable[Event], deal: Deal) -> dict[str, Fact]:
    """
    What the class rests on on a day, as far as it follows from asset and events.

    What was last concluded of a purchase holds until it is reassessed again.
    """
    asset, months = deal.assets[lease.asset], lease.rent.step_months
    path = event.date.path or f"events of {lease.id}"
    life = life_left(asset, event.date.get())
    if event.remaining_life_periods is not None:
        life = event.remaining_life_periods * months
    worth = event.fair_value
    fair_value: Value | Unknown = Unknown("not stated on the day")
    if worth is not None and worth.value is not None:
        fair_value = worth.value
    facts = {
        "remaining_economic_life_months": life,
        "fair_value": fair_value,
    }
    purchases = [e for e in by_then if e.kind == "purchase-option-reassessed"]
    if purchases:
        facts["purchase_option_reasonably_certain"] = bool(purchases[-1].reasonably_certain)
    return {name: Fact(name, value, "derived", path, "the event") for name, value in facts.items()}


def _change(events: Iterable[Event]) -> dict[str, Fact]:
    """What happens to a lease on a day, as far as it follows from the events of the day."""
    of_day = tuple(events)
    path = of_day[0].date.path
    kinds = {e.kind for e in of_day}
    first = next((e for e in of_day if e.kind in _ASKED_APART), None)
    facts: dict[str, Value | Unknown] = {
        "adds_right_of_use": first is not None and first.kind == "right-added",
        "price_is_standalone": _known(None if first is None else first.price_is_standalone),
        "defers_rent": first is not None and first.kind == "rent-deferred",
        "contract_modified": bool(kinds & (MODIFICATIONS - {"rent-deferred"})),
        "modified_otherwise": any(_modifies(e) for e in of_day if e is not first),
        "renewal_exercised": "renewal-exercised" in kinds,
        "lessee_expects_otherwise": bool(kinds & EXPECTING),
    }
    if facts["defers_rent"]:
        facts["deferral_is_in_the_contract"] = _known(
            None if first is None else first.under_the_contract
        )
    return {name: Fact(name, value, "term", path, "the event") for name, value in facts.items()}


def _known(stated: bool | None) -> Value | Unknown:  # noqa: FBT001 - three values, as stated
    return Unknown("not stated") if stated is None else stated


def _modifies(event: Event) -> bool:
    """Whether an event changes the contract itself, so far as the event alone says."""
    if event.kind == "right-added":
        return not event.price_is_standalone
    if event.kind == "rent-deferred":
        return not event.under_the_contract
    return event.kind in MODIFICATIONS
