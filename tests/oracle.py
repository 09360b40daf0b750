"""
The merge oracle: a group as if it had always been one company.

Written apart from what it checks: contracts are rewritten so that every member is one party,
contracts with itself are dropped, and the books of that party are kept as anybody's. Rents that
are passed on to outsiders become payments with a date and an amount of their own.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs
from dateutil.relativedelta import relativedelta

from leasebook.contract.deal import Asset, Deal, Entity
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contract, Distribution, EquityInterest, parties


def merge(
    deal: Deal,
    members: frozenset[str],
    name: str,
    *,
    scenario: str,
    with_renewals: frozenset[str] = frozenset(),
) -> Deal:
    """
    The deal in which the members are one company.

    Args:
        deal: With the members as companies of their own.
        members: Who becomes one.
        name: Of that one.
        scenario: Whose events count for rents that are passed on.
        with_renewals: Leases whose term counts every renewal from the start.
    """
    contracts: dict[str, Contract] = {}
    for key, contract in deal.contracts.items():
        if members.issuperset(parties(contract)):
            continue
        for one in _apart(contract, deal, scenario, with_renewals):
            contracts[one.id if one is not contract else key] = _renamed(one, members, name)
    reporting = deal.entities[deal.reporting]
    entities = {
        name: Entity(
            name,
            name,
            fiscal_year_end=reporting.fiscal_year_end,
            framework=reporting.framework,
        ),
        **{e: x for e, x in deal.entities.items() if e not in members},
    }
    return attrs.evolve(
        deal,
        reporting=name,
        entities=entities,
        assets={k: _owned(asset, members, name) for k, asset in deal.assets.items()},
        contracts=contracts,
        events=tuple(e for e in deal.events if e.contract in contracts),
    )


def costs_inside(deal: Deal, members: frozenset[str]) -> list[tuple[date, Figure[Decimal]]]:
    """What members paid to outsiders to arrange leases among themselves."""
    return [
        (lease.commencement_date.get(), lease.initial_direct_costs)
        for lease in deal.of_kind(Lease)
        if members.issuperset(parties(lease)) and lease.initial_direct_costs is not None
    ]


def _renamed(contract: Contract, members: frozenset[str], name: str) -> Contract:
    changed = {
        field.name: name
        for field in attrs.fields(type(contract))
        if field.metadata.get("party") and getattr(contract, field.name) in members
    }
    return attrs.evolve(contract, **changed)  # type: ignore[arg-type] # each kind has its parties


def _owned(asset: Asset, members: frozenset[str], name: str) -> Asset:
    return attrs.evolve(asset, owner=name) if asset.owner in members else asset


def _apart(
    contract: Contract, deal: Deal, scenario: str, with_renewals: frozenset[str]
) -> Iterator[Contract]:
    """A distribution of rent as single payments; every other contract as it is."""
    if not isinstance(contract, Distribution) or not contract.passes_on:
        yield contract
        return
    due: dict[date, Fraction] = {}
    for lease_id in contract.passes_on:
        lease = deal.contracts[lease_id]
        assert isinstance(lease, Lease)
        for day, amount in rents(lease, deal, scenario, whole=lease_id in with_renewals):
            due[day] = due.get(day, Fraction(0)) + amount
    below, above = _slice(contract, deal)
    unit = 10**deal.currency.decimals
    received, paid = 0, 0
    for day, rent in sorted(due.items()):
        received += int(rent * unit)
        # Python rounds a Fraction half to even.
        share = round(received * above) - round(received * below)
        minor, paid = share - paid, share
        yield attrs.evolve(
            contract,
            id=f"{contract.id}-{day}",
            amount=Figure(_decimal(minor, deal), assumption="passed on"),
            date=Figure(day, assumption="passed on"),
            passes_on=(),
        )


def _decimal(minor: int, deal: Deal) -> Decimal:
    return Decimal(minor).scaleb(-deal.currency.decimals)


def _slice(contract: Distribution, deal: Deal) -> tuple[Fraction, Fraction]:
    """Where the recipient's part of the whole lies, holders in the order of the deal."""
    below = Fraction(0)
    for interest in deal.of_kind(EquityInterest):
        if interest.issuer == contract.distributor:
            above = below + Fraction(interest.share.get())
            if interest.id == contract.interest:
                return below, above
            below = above
    raise LookupError(contract.interest)


def rents(lease: Lease, deal: Deal, scenario: str, *, whole: bool) -> list[tuple[date, Fraction]]:
    """
    The payments of a lease in currency units by date, with what happens to it.

    Args:
        lease: Its terms.
        deal: Gives the events and the currency.
        scenario: Whose events count.
        whole: Whether its term counts every renewal from the start.
    """
    months = lease.rent.step_months
    start = lease.commencement_date.get()
    first = lease.noncancellable.get().months
    renewals = [o for o in lease.options if o.kind == "renewal" and o.term is not None]
    total = first + sum(o.times * o.term.get().months for o in renewals if o.term) * whole
    amounts = _level(lease, deal, total // months)
    events = [e for e in deal.events if (e.scenario, e.contract) == (scenario, lease.id)]
    for event in sorted(events, key=lambda e: e.date.get()):
        step = relativedelta(event.date.get(), start)
        at = (12 * step.years + step.months) // months
        if event.kind == "rent-changed" and event.amount is not None:
            amounts[at:] = [Fraction(event.amount.get())] * (len(amounts) - at)
        elif event.kind == "renewal-exercised" and not whole and renewals[0].term:
            amounts += _level(lease, deal, renewals[0].term.get().months // months)
    return [(_due(start, months, k, lease), a) for k, a in enumerate(amounts)]


def _due(start: date, months: int, k: int, lease: Lease) -> date:
    if lease.rent.due == "advance":
        return start + relativedelta(months=k * months)
    return start + relativedelta(months=(k + 1) * months) - timedelta(days=1)


def _level(lease: Lease, deal: Deal, count: int) -> list[Fraction]:
    if lease.rent.amount is not None:
        return [Fraction(lease.rent.amount.get())] * count
    assert lease.rent.total is not None
    assert lease.rent.over is not None
    unit = 10**deal.currency.decimals
    parts = lease.rent.over.get().months // lease.rent.step_months
    minor = int(lease.rent.total.get() * unit)
    reached = [round(Fraction(minor * k, parts)) for k in range(parts + 1)]
    steps = [Fraction(after - before, unit) for before, after in pairwise(reached)]
    return [steps[k % parts] for k in range(count)]
