"""
From contracts as they are signed to the leases that are accounted for: the units of account.

A deal is expanded once, before it is measured: a portfolio takes its rate, contracts that are one
share one consideration, and each separate lease of a contract becomes a lease of its own. What
comes out is a deal like any other, and nothing after it knows the difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.event import OF_A_COMPONENT, Event
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contract, Distribution, ResidualValueGuarantee
from leasebook.contract.share import Share, signed_id
from leasebook.measure.assumed_lease import with_assumed_leases
from leasebook.measure.combined_contracts import as_one, one_consideration
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.portfolio import in_portfolios
from leasebook.measure.separate_leases import Unit, shared_by_price, units_of
from leasebook.measure.setting import Setting

#: The kinds of subject that are decided first, from facts alone: what the leases of a deal are.
FIRST = frozenset({"component", "contract-group", "portfolio"})


def may_differ(deal: Deal) -> bool:
    """Whether a deal has anything that could be accounted for otherwise than it is signed."""
    grouped = any(table.table in ("linked_contracts", "portfolio_leases") for table in deal.tables)
    assumed = any(event.kind == "assumed" for event in deal.events)
    return (
        grouped
        or assumed
        or any(
            sum(part.kind == "lease" and part.asset is not None for part in lease.components) > 1
            for lease in deal.of_kind(Lease)
        )
    )


def units_of_account(
    signed: Deal, framework: str, scenario: str, outcomes: Mapping[tuple[str, str], str]
) -> Deal:
    """
    The deal with its leases as they are accounted for.

    Source: ASC 842-10-15-28 to 15-33, 842-10-25-19, 842-10-10-1; IFRS 16.12, 16.13, 16.B1, 16.B2,
    16.B32.

    Args:
        signed: As the files say it.
        framework: us-gaap or ifrs.
        scenario: Whose events count.
        outcomes: Of `lease_components`, `combine_contracts` and `portfolio_approach`, by decision
            and subject; what is open leaves the contract as it is signed.

    Returns:
        The same deal where nothing is accounted for otherwise.

    Raises:
        NotModelled: If what the contracts or events say cannot be shared exactly.
    """
    setting = Setting(signed, framework, scenario, outcomes)
    deal = in_portfolios(signed, setting)
    setting = attrs.evolve(setting, deal=deal)
    units = {lease.id: units_of(lease, setting) for lease in deal.of_kind(Lease)}
    groups = as_one(deal, units, setting)
    made: dict[str, tuple[Unit, ...]] = {}
    shares: dict[str, Share] = {}
    for group in (*groups, *((name,) for name in units if name not in chain(*groups))):
        whole = {name: units[name] for name in group}
        if len(group) > 1:
            whole = one_consideration(whole, setting)
        elif len(whole[group[0]]) == 1:
            continue
        made |= whole
        shares |= _shares(tuple(chain(*whole.values())))
    expanded = _expanded(deal, made, setting) if made else deal
    _refuse_lost_events(expanded, scenario)
    expanded = with_assumed_leases(expanded, scenario, framework)
    return expanded if expanded is signed else attrs.evolve(expanded, shares=shares, signed=signed)


def _shares(units: Sequence[Unit]) -> dict[str, Share]:
    """
    What each lease has of the consideration, the leases taken by name.

    Source: ASC 842-10-15-33; IFRS 16.13. By name, so that the order of the files decides nothing.
    """
    total, before = sum(unit.weight for unit in units), 0
    shares: dict[str, Share] = {}
    for unit in sorted(units, key=lambda unit: unit.lease.id):
        shares[unit.lease.id] = Share(before, unit.weight, total)
        before += unit.weight
    return shares


def _expanded(deal: Deal, units: Mapping[str, tuple[Unit, ...]], setting: Setting) -> Deal:
    """The deal with leases in place of contracts, in events and in what refers to them too."""
    leases = {name: tuple(unit.lease for unit in made) for name, made in units.items()}
    contracts: dict[str, Contract] = {}
    for name, contract in deal.contracts.items():
        for made in leases.get(name, (contract,)):
            contracts[made.id] = _referring(made, leases, deal)
    events: list[Event] = []
    for event in deal.events:
        parts = units.get(event.contract, ())
        events += _events(event, parts, setting) if len(parts) > 1 else [event]
    return attrs.evolve(deal, contracts=contracts, events=tuple(events))


def _events(event: Event, parts: Sequence[Unit], setting: Setting) -> Iterator[Event]:
    """
    What happens to a contract, as it happens to each lease in it.

    Payments stay those of the contract, of which a lease has its share; what is paid beside them is
    shared here.

    Source: ASC 842-10-15-36; IFRS 16.45(a).

    Raises:
        NotModelled: If the event says something of one asset.
    """
    of_an_asset = (
        event.fair_value,
        event.remaining_life_periods,
        event.lease_receivable,
        event.unguaranteed_residual_asset,
    )
    counts = event.scenario == setting.scenario
    if counts and (event.kind in OF_A_COMPONENT or any(each is not None for each in of_an_asset)):
        cause = f"{event.kind} on {event.date.get()} is about one asset, and {event.contract}"
        raise NotModelled(f"{cause} holds {len(parts)} leases: its components share no such figure")
    prices = [part.price or 0 for part in parts]
    price = shared_by_price(event.price, prices, setting)
    penalty = shared_by_price(event.penalty, prices, setting)
    amounts = (event.amount,) * len(parts)
    if event.kind == "payment-made":
        amounts = shared_by_price(event.amount, [part.weight for part in parts], setting)
    for part, own, ended, amount in zip(parts, price, penalty, amounts, strict=True):
        yield attrs.evolve(event, contract=part.lease.id, price=own, penalty=ended, amount=amount)


def _referring(contract: Contract, leases: Mapping[str, tuple[Lease, ...]], deal: Deal) -> Contract:
    """
    A contract that refers to the leases which are accounted for.

    Raises:
        NotModelled: If it says of a contract what belongs to one lease in it.
    """

    def named(ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(each.id for name in ids for each in leases.get(name, (deal.contracts[name],)))

    match contract:
        case Distribution():
            return attrs.evolve(contract, passes_on=named(contract.passes_on))
        case ResidualValueGuarantee():
            several = any(len(leases.get(name, ())) > 1 for name in contract.covers_leases)
            owed = contract.probable_payment
            if several and owed is not None and owed.value != 0:
                cause = f"{contract.id} covers a contract of several leases"
                raise NotModelled(f"{cause}, and says of none of them what will be paid for it")
            return attrs.evolve(contract, covers_leases=named(contract.covers_leases))
        case Lease(head_lease=str() as head) if len(leases.get(head, ())) > 1:
            of_asset = [each.id for each in leases[head] if each.asset == contract.asset]
            if not of_asset:
                cause = f"{contract.id} sublets what {head} leases in several leases"
                raise NotModelled(f"{cause}, and its asset is that of none of them")
            return attrs.evolve(contract, head_lease=of_asset[0])
    return contract


def _refuse_lost_events(deal: Deal, scenario: str) -> None:
    """
    An event of a component needs the component to be a lease.

    Raises:
        NotModelled: If the contract is accounted for as one lease.
    """
    for event in deal.events:
        if event.scenario == scenario and event.contract not in deal.contracts:
            signed = signed_id(event.contract)
            cause = f"{event.kind} is said of {event.contract}, and {signed} is measured as one"
            raise NotModelled(f"{cause} lease: say it of {signed}")
