"""
Leases whose terms change: on the day, what is asked again, and of what.
"""

from collections.abc import Iterator
from datetime import date

from leasebook.contract.deal import Asset, Deal
from leasebook.contract.event import MODIFICATIONS, Event
from leasebook.contract.lease import Lease
from leasebook.facts.fact import Fact, Subject, Unknown, Value
from leasebook.reckoning.calendar import months_between

#: Events of a lessee's expectations after which it classifies the lease again.
RECLASSIFYING = frozenset({"term-reassessed", "purchase-option-reassessed"})

#: Modifications that keep the class unless the event says otherwise: decisions are not asked again.
_KEEPING = frozenset({"rent-changed"})


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


def changes_of_terms(deal: Deal, scenario: str | None) -> Iterator[Subject]:
    """
    Each lease on the days on which a scenario changes its terms, and each change.

    Source: ASC 842-10-25-1, 842-10-25-8, 842-10-25-11, 842-10-35-4; IFRS 16.44, 16.66.
    """
    seen: set[str] = set()
    for event in deal.events:
        lease = deal.contracts.get(event.contract)
        if event.scenario != scenario or not isinstance(lease, Lease):
            continue
        name = epoch_subject(lease.id, event)
        if name in seen:
            continue
        asked = _asked(event)
        if asked:
            seen.add(name)
            yield Subject(name, "lease", _facts(lease, event, deal), {}, (lease.id,), asked)
        if event.kind == "right-added":
            yield Subject(f"{name}/change", "change", _change(event), {}, (lease.id,))


def life_left(asset: Asset, day: date) -> Value | Unknown:
    """The months of economic life that an asset has left on a day, where its life is known."""
    life = asset.useful_life
    if life.value is None:
        return Unknown(life.unknown or "not stated")
    return life.value.months - max(0, months_between(asset.in_service.get(), day))


def _asked(event: Event) -> frozenset[str]:
    asked = set()
    if event.kind in RECLASSIFYING | (MODIFICATIONS - _KEEPING) or event.lessee_classification:
        asked.add("lessee_classification")
    if event.kind in MODIFICATIONS - _KEEPING or event.lessor_classification:
        asked |= {"lessor_classification", "day_one_loss_relief", "capital_lease_tests"}
    return frozenset(asked)


def _facts(lease: Lease, event: Event, deal: Deal) -> dict[str, Fact]:
    asset, months = deal.assets[lease.asset], lease.rent.step_months
    path = event.date.path or f"events of {lease.id}"
    life = life_left(asset, event.date.get())
    if event.remaining_life_periods is not None:
        life = event.remaining_life_periods * months
    worth = event.fair_value
    fair_value: Value | Unknown = Unknown("not stated on the day")
    if worth is not None and worth.value is not None:
        fair_value = worth.value
    certain = event.kind == "purchase-option-reassessed" and bool(event.reasonably_certain)
    facts = {
        "remaining_economic_life_months": life,
        "fair_value": fair_value,
    }
    if event.kind == "purchase-option-reassessed":
        facts["purchase_option_reasonably_certain"] = certain
    return {name: Fact(name, value, "derived", path, "the event") for name, value in facts.items()}


def _change(event: Event) -> dict[str, Fact]:
    path = event.date.path
    priced: Value | Unknown = Unknown("not stated")
    if event.price_is_standalone is not None:
        priced = event.price_is_standalone
    facts: dict[str, Value | Unknown] = {
        "adds_right_of_use": event.kind == "right-added",
        "price_is_standalone": priced,
    }
    return {name: Fact(name, value, "term", path, "the event") for name, value in facts.items()}
