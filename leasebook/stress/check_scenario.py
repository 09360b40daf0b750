"""
Checks of a scenario: what it says that cannot be, in itself and about the deals it is tried on.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from leasebook.contract.deal import Deal
from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.contract.note import Note
from leasebook.stress.curve import packaged_curves
from leasebook.stress.scenario import ScenarioFile
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding

#: The key by which each table names what it is about.
_ABOUT = {
    "stops": "contract",
    "relettings": "lease",
    "values": "asset",
    "sales": "asset",
    "accelerations": "note",
    "parties": "party",
    "readings": "guarantee",
    "impairments": "asset",
}


def in_itself(file: ScenarioFile) -> Iterator[Finding]:
    """What a scenario says that contradicts itself."""
    yield from _said_once(file)
    for key, curve in file.curves.items():
        months = [p.after.value.months for p in curve.points if p.after.value is not None]
        for at in range(1, len(months)):
            if months[at] <= months[at - 1]:
                cause = "a point of the curve is not after the one before it"
                yield Finding(
                    "LB0404", ("curves", key, "points", at, "after"), cause, "put them in order"
                )
        if not curve.points and curve.decay_annual is None:
            cause = "the curve has neither points nor a decay"
            fix = "add points = [...] or decay_annual = ..."
            yield Finding("LB0103", ("curves", key), cause, fix, "header")
    for at, value in enumerate(file.values):
        known = {*file.curves, *packaged_curves()}
        if value.curve not in known:
            cause = f"there is no curve {value.curve}"
            yield Finding("LB0301", ("values", at, "curve"), cause, nearest(value.curve, known))
    yield from _one_needs_another(file)
    yield from _values_and_means(file)


def _said_once(file: ScenarioFile) -> Iterator[Finding]:
    for section, key in _ABOUT.items():
        names = [getattr(one, key) for one in getattr(file, section)]
        seen: Counter[str] = Counter()
        for at, name in enumerate(names):
            seen[name] += 1
            if seen[name] > 1:
                cause = f"{name} has two tables in {section}"
                first: tuple[str | int, ...] = (section, names.index(name), key)
                yield Finding("LB0413", (section, at, key), cause, "keep one of them", other=first)


def _one_needs_another(file: ScenarioFile) -> Iterator[Finding]:
    stopped = {one.contract for one in file.stops}
    for at, stop in enumerate(file.stops):
        if stop.kind == "leaves" and stop.recovery is not None:
            cause = "a tenant that leaves owes nothing of which something could be recovered"
            yield Finding("LB0702", ("stops", at, "recovery"), cause, "leave it out", "key")
        if stop.kind == "defaults" and stop.recovery is None:
            cause = "what the tenant's estate pays is not said"
            fix = 'add recovery = ..., "0%" for nothing'
            yield Finding("LB0103", ("stops", at), cause, fix, "header")
    for at, letting in enumerate(file.relettings):
        if letting.lease not in stopped:
            cause = f"{letting.lease} is let again, and nobody stops paying for it"
            yield Finding("LB0702", ("relettings", at, "lease"), cause, "add it to [[stops]]")


def _values_and_means(file: ScenarioFile) -> Iterator[Finding]:
    needed: list[tuple[str, int, tuple[str | int, ...], str]] = [
        ("sales", at, ("asset",), one.asset) for at, one in enumerate(file.sales)
    ]
    for at, test in enumerate(file.impairments):
        needed.append(("impairments", at, ("asset",), test.asset))
        for number, asset in enumerate(test.together_with):
            needed.append(("impairments", at, ("together_with", number), asset))
    for section, at, key, asset in needed:
        if file.value_of(asset) is None:
            cause = f"{asset} has no value in the scenario"
            fix = "add [[values]] with its curve"
            yield Finding("LB0702", (section, at, *key), cause, fix)
    groups = Counter(asset for test in file.impairments for asset in set(test.assets))
    for at, test in enumerate(file.impairments):
        for number, asset in enumerate(test.together_with):
            if groups[asset] > 1 or test.assets.count(asset) > 1:
                cause = f"{asset} is tested twice: it brings its cash flows with one group only"
                place = ("impairments", at, "together_with", number)
                yield Finding("LB0413", place, cause, "leave it in one of them")
    for at, party in enumerate(file.parties):
        if party.means == "unlimited" and party.cash is not None:
            cause = "a party of unlimited means needs no cash"
            yield Finding("LB0702", ("parties", at, "cash"), cause, "leave it out", "key")


def against_deals(file: ScenarioFile, deals: Sequence[Deal]) -> Iterator[Finding]:
    """What a scenario says about things that the deals do not have, or of the wrong sort."""
    yield from _names_are_there(file, deals)
    contracts = {key: one for deal in deals for key, one in deal.contracts.items()}
    for at, stop in enumerate(file.stops):
        lease = contracts.get(stop.contract)
        day = stop.date.value
        if isinstance(lease, Lease) and day is not None:
            begins = lease.commencement_date.value
            if begins is not None and day < begins:
                cause = f"the lease commences on {begins.isoformat()}, after the tenant stops"
                fix = "write a day from the commencement date on"
                yield Finding("LB0407", ("stops", at, "date"), cause, fix)
    yield from _guarantees_can_be_called(file, deals)
    yield from _groups_are_one_owners(file, deals)
    for at, reading in enumerate(file.readings):
        guarantee = contracts.get(reading.guarantee)
        if isinstance(guarantee, ResidualValueGuarantee):
            labels = [one.label for one in guarantee.readings]
            if reading.reading not in labels:
                cause = f"{reading.guarantee} has no reading {reading.reading!r}"
                place = ("readings", at, "reading")
                yield Finding("LB0301", place, cause, nearest(reading.reading, labels))


def _guarantees_can_be_called(file: ScenarioFile, deals: Sequence[Deal]) -> Iterator[Finding]:
    """A residual value guarantee is called when its lease stops: its asset has a value by then."""
    chosen = {one.guarantee for one in file.readings}
    for deal in deals:
        for guarantee in deal.of_kind(ResidualValueGuarantee):
            for at, stop in enumerate(file.stops):
                lease = deal.contracts.get(stop.contract)
                if stop.contract not in guarantee.covers_leases or not isinstance(lease, Lease):
                    continue
                place = ("stops", at, "contract")
                if file.value_of(lease.asset) is None:
                    cause = f"{guarantee.id} is called, and {lease.asset} has no value"
                    yield Finding("LB0702", place, cause, "add [[values]] with its curve")
                if len(guarantee.readings) > 1 and guarantee.id not in chosen:
                    cause = f"{guarantee.id} is called, and has several readings"
                    yield Finding("LB0702", place, cause, "choose one in [[readings]]")


def _groups_are_one_owners(file: ScenarioFile, deals: Sequence[Deal]) -> Iterator[Finding]:
    """Assets that are tested together are one deal's and one owner's."""
    owners = {a.id: (deal.id, a.owner) for deal in deals for a in deal.assets.values()}
    for at, test in enumerate(file.impairments):
        for number, asset in enumerate(test.together_with):
            place = ("impairments", at, "together_with", number)
            if asset not in owners:
                cause = f"there is no asset {asset} in the deal"
                yield Finding("LB0301", place, cause, nearest(asset, owners))
            elif test.asset in owners and owners[asset] != owners[test.asset]:
                cause = f"{asset} and {test.asset} have different owners"
                yield Finding("LB0470", place, cause, "test each owner's assets by themselves")


def _names_are_there(file: ScenarioFile, deals: Sequence[Deal]) -> Iterator[Finding]:
    kinds: dict[str, tuple[str, Iterable[str]]] = {
        "stops": ("lease", _of(deals, Lease)),
        "relettings": ("lease", _of(deals, Lease)),
        "values": ("asset", [a for deal in deals for a in deal.assets]),
        "sales": ("asset", [a for deal in deals for a in deal.assets]),
        "impairments": ("asset", [a for deal in deals for a in deal.assets]),
        "accelerations": ("note", _of(deals, Note)),
        "parties": ("entity", [e for deal in deals for e in deal.entities]),
        "readings": ("residual value guarantee", _of(deals, ResidualValueGuarantee)),
    }
    for section, (noun, known) in kinds.items():
        key, names = _ABOUT[section], list(known)
        for at, one in enumerate(getattr(file, section)):
            name = getattr(one, key)
            if name not in names:
                cause = f"there is no {noun} {name} in the deal"
                yield Finding("LB0301", (section, at, key), cause, nearest(name, names))
    basis = file.scenario.basis
    bases = [b for b in deals[0].bases if all(b in deal.bases for deal in deals)]
    if basis is not None and basis not in bases:
        cause = f"there is no basis {basis} in the deal"
        yield Finding("LB0301", ("scenario", "basis"), cause, nearest(basis, bases))


def _of(deals: Sequence[Deal], cls: type[Any]) -> list[str]:
    return [one.id for deal in deals for one in deal.of_kind(cls)]
