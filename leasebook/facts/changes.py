"""
Leases whose terms change: on the day, what is asked again, and of what.
"""

from collections.abc import Iterable, Iterator

from leasebook.contract.deal import Deal
from leasebook.contract.event import MODIFICATIONS, Event
from leasebook.contract.lease import Lease
from leasebook.facts.fact import Fact, Subject, Unknown, Value
from leasebook.reckoning.calendar import months_between

#: Events of a lessee's expectations after which it classifies the lease again.
RECLASSIFYING = frozenset({"term-reassessed", "purchase-option-reassessed"})

#: Modifications that keep the class unless the event says otherwise: decisions are not asked again.
_KEEPING = frozenset({"rent-changed"})

#: Changes of which it is asked by themselves what they are.
_CHANGES = frozenset({"right-added", "rent-deferred"})


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
    asked = [e for e in events if e.kind in _CHANGES and e.date.get() == day]
    before = sorted(asked, key=lambda e: e.order).index(event)
    return f"{epoch_subject(lease, event)}/change" + (f"-{before + 1}" if before else "")


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
        asked = _asked(event, lease)
        if asked and name not in seen:
            seen.add(name)
            yield Subject(name, "lease", _facts(lease, event, deal), {}, (lease.id,), asked)
        if event.kind in _CHANGES:
            own = [e for e in deal.events if (e.scenario, e.contract) == (scenario, lease.id)]
            about = change_subject(lease.id, event, own)
            if about not in seen:
                seen.add(about)
                yield Subject(about, "change", _change(event), {}, (lease.id,))


def _asked(event: Event, lease: Lease) -> frozenset[str]:
    asked = set()
    if event.kind == "rent-deferred":
        commences = event.date.get() == lease.commencement_date.get()
        if commences or event.under_the_contract:
            return frozenset()  # what was agreed before, or from the first, modifies nothing
    if event.kind in RECLASSIFYING | (MODIFICATIONS - _KEEPING) or event.lessee_classification:
        asked.add("lessee_classification")
    if event.kind in MODIFICATIONS - _KEEPING or event.lessor_classification:
        asked |= {"lessor_classification", "day_one_loss_relief", "capital_lease_tests"}
    return frozenset(asked)


def _facts(lease: Lease, event: Event, deal: Deal) -> dict[str, Fact]:
    asset, months = deal.assets[lease.asset], lease.rent.step_months
    path = event.date.path or f"events of {lease.id}"
    used = max(0, months_between(asset.in_service.get(), event.date.get()))
    life: Value | Unknown = asset.useful_life.get().months - used
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
        "defers_rent": False,
    }
    if event.kind == "rent-deferred":
        given = event.under_the_contract
        facts |= {
            "defers_rent": True,
            "deferral_is_in_the_contract": Unknown("not stated") if given is None else given,
        }
    return {name: Fact(name, value, "term", path, "the event") for name, value in facts.items()}
