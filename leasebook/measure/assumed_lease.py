"""
Leases that another party takes over: for its new lessee a lease that commences on that day.

A deal is changed once, before it is measured. The old lessee's lease ends, its lessor lets for the
rents that are left to the new lessee, and a guarantee that the new lessee gave for the old one's
rents has done its service: what it is carried at is settled against the right of use.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.credit import Guarantee
from leasebook.contract.deal import Deal, StatedFact
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease, Option, Rent, Valuation
from leasebook.contract.model import Contract, Distribution, ResidualValueGuarantee
from leasebook.contract.share import part_id
from leasebook.contract.transfer import transfers
from leasebook.measure.lease_terms import rent_minor
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import months_between
from leasebook.values.duration import Duration
from leasebook.values.money import currency_units

#: What a lease may say that nobody hands on with it; a lease that says it is not taken over here.
_NOT_HANDED_ON = (
    "handed_over",
    "variable",
    "index_base",
    "incentive_receivable",
    "head_lease",
    "currency",
    "guaranteed_residual",
    "expected_guarantee_payment",
    "expected_residual",
)
#: What only the first lessee and its lessor had when the lease began.
_OF_THE_BEGINNING = (
    "initial_direct_costs",
    "lessor_initial_direct_costs",
    "prepaid",
    "incentives",
    "restoration",
    "refundable_deposit",
)
_OF_OPTIONS = ("renewal-exercised", "option-not-exercised")


def assumed_day(contract: Guarantee, deal: Deal) -> date | None:
    """
    The day on which the guarantor takes over the leases that it guarantees; None if it never does.

    Args:
        contract: The guarantee.
        deal: As it is accounted for in a scenario.

    Raises:
        NotModelled: If it takes over some of them, or not all on one day.
    """
    made = [deal.contracts.get(part_id(n, contract.guarantor)) for n in contract.covers_leases]
    days = {lease.commencement_date.get() for lease in made if isinstance(lease, Lease)}
    if not days:
        return None
    if len(days) > 1 or not all(made):
        raise NotModelled(f"{contract.guarantor} takes over some of what {contract.id} covers")
    return days.pop()


def is_taken_over(lease: Lease, deal: Deal) -> bool:
    """Whether a lease begins by taking over another's, so that nobody signed it before its day."""
    before, _, lessee = lease.id.rpartition("/")
    return lessee == lease.lessee and isinstance(deal.contracts.get(before), Lease)


def with_assumed_leases(deal: Deal, scenario: str, framework: str) -> Deal:
    """
    The deal in which every lease that is taken over in a scenario is two leases, one after another.

    Source: ASC 842-20-40-1, 842-10-25-1, 842-20-30-1; IFRS 16.26, 16.46(a), 16.62. That both sides
    begin anew on the day is our reading: another lessee is another contract.

    Args:
        deal: As signed, or with its separate leases.
        scenario: Whose events count.
        framework: us-gaap or ifrs.

    Returns:
        The same deal where nothing is taken over.

    Raises:
        NotModelled: If the lease has terms that cannot be handed on exactly.
    """
    setting = Setting(deal, framework, scenario, {})
    taken = {e.contract: e for e in deal.events if e.kind == "assumed" and e.scenario == scenario}
    if not taken:
        return deal
    made: dict[str, Lease] = {}
    for name, event in taken.items():
        lease = deal.contracts[name]
        if not isinstance(lease, Lease) or event.new_lessee is None:
            raise TypeError(f"{name} is no lease that somebody takes over")
        made[name] = _taken_over(lease, event.new_lessee, event, setting)
    contracts: dict[str, Contract] = {}
    for key, contract in deal.contracts.items():
        contracts[key] = _referring(contract, made, taken)
        if key in made:
            contracts[made[key].id] = made[key]
    return attrs.evolve(
        deal,
        contracts=contracts,
        events=tuple(_events(deal, scenario, made, taken)),
        facts=(*deal.facts, *(_worth(made[name], event) for name, event in taken.items())),
    )


def _refuse(lease: Lease, event: Event, setting: Setting) -> None:
    """What cannot be handed on exactly to another lessee."""
    deal = setting.deal
    said = [name for name in _NOT_HANDED_ON if getattr(lease, name) is not None]
    said += ["rent.dated"] if lease.rent.dated else []
    said += ["components"] if lease.components else []
    said += [f"a {o.kind} option" for o in lease.options if o.kind != "renewal"]
    said += ["title_transfers"] if lease.title_transfers and lease.title_transfers.value else []
    said += ["a share of one consideration"] if lease.id in deal.shares else []
    said += (
        ["a leaseback"]
        if any(not t.deemed and t.leased_back(lease) for t in transfers(deal))
        else []
    )
    said += ["a sublease"] if any(o.head_lease == lease.id for o in deal.of_kind(Lease)) else []
    said += [g.id for g in deal.of_kind(ResidualValueGuarantee) if lease.id in g.covers_leases]
    day = event.date.get()
    said += [
        e.kind
        for e in setting.events(lease.id)
        if e is not event and e.kind not in _OF_OPTIONS and e.date.get() <= day
    ]
    if said:
        raise NotModelled(f"{lease.id} is taken over and has {', '.join(said)}")


def _taken_over(lease: Lease, new_lessee: str, event: Event, setting: Setting) -> Lease:
    """
    The lease as its new lessee has it: what is left of the term and of the rents, from that day on.

    A payment that falls due on the day is the new lessee's.
    """
    _refuse(lease, event, setting)
    day, step = event.date.get(), lease.rent.step_months
    renewals = [o for o in lease.options for _ in range(o.times)]
    used = sum(
        e.kind == "renewal-exercised" and e.date.get() <= day for e in setting.events(lease.id)
    )
    lengths = [lease.noncancellable.get().months, *(_months(o) for o in renewals)]
    bound = sum(lengths[: used + 1])
    gone = months_between(lease.commencement_date.get(), day)
    rents = rent_minor(lease, setting, sum(lengths) // step)
    if gone >= bound:
        raise NotModelled(f"{lease.id} is taken over on {day}, when nothing is left of it")

    def amounts(first: int, months: int) -> tuple[Figure[Decimal], ...]:
        currency = setting.deal.currency
        part = rents[first // step : (first + months) // step]
        return tuple(_follows(currency_units(rent, currency), event) for rent in part)

    left: list[Option] = []
    begins = bound
    for option in renewals[used:]:
        left.append(attrs.evolve(option, times=1, amounts=amounts(begins, _months(option))))
        begins += _months(option)
    cleared: dict[str, Any] = dict.fromkeys(_OF_THE_BEGINNING)
    return attrs.evolve(
        lease,
        id=part_id(lease.id, new_lessee),
        lessee=new_lessee,
        commencement_date=event.date,
        noncancellable=_follows(Duration.parse(f"{bound - gone} months"), event),
        rent=Rent(lease.rent.every, lease.rent.timing, amounts=amounts(gone, bound - gone)),
        discount_rate=event.discount_rate,
        options=tuple(left),
        title=f"{lease.title or lease.id}, taken over by {new_lessee}",
        **cleared,
    )


def _months(option: Option) -> int:
    return 0 if option.term is None else option.term.get().months


def _follows(value: Any, event: Event) -> Figure[Any]:
    """A figure that follows from the contract and from the day on which it is taken over."""
    return Figure(value, source="follows from the lease that is taken over", path=event.date.path)


def _events(
    deal: Deal, scenario: str, made: Mapping[str, Lease], taken: Mapping[str, Event]
) -> Iterator[Event]:
    """The events of a deal, those of a lease that is taken over being the new lessee's after it."""
    for event in deal.events:
        start = taken.get(event.contract)
        if start is None or event.scenario != scenario:
            yield event
        elif event is start:
            yield Event(scenario, event.contract, "terminated", event.date, event.order)
        elif event.date.get() > start.date.get():
            yield attrs.evolve(event, contract=made[event.contract].id)
        else:
            yield event


def _worth(lease: Lease, event: Event) -> StatedFact:
    """What the asset is worth on the day, for the new lease's classification."""
    stated: Figure[Any] = Figure(unknown="not stated on the day on which the lease is taken over")
    return StatedFact(lease.id, "fair_value", event.fair_value or stated)


def _referring(
    contract: Contract, made: Mapping[str, Lease], taken: Mapping[str, Event]
) -> Contract:
    """A contract that refers to a lease which is taken over."""
    match contract:
        case Distribution():
            named = [
                name
                for lease in contract.passes_on
                for name in ((lease, made[lease].id) if lease in made else (lease,))
            ]
            return attrs.evolve(contract, passes_on=tuple(named))
        case Guarantee():
            events = [
                taken[lease]
                for lease in contract.covers_leases
                if lease in taken and taken[lease].new_lessee == contract.guarantor
            ]
            return _worth_on_the_day(contract, events[0]) if events else contract
    return contract


def _worth_on_the_day(contract: Guarantee, event: Event) -> Guarantee:
    """A guarantee that is settled, with what it is worth then as its last value."""
    day = event.date.get()
    values = [one for one in contract.fair_values if one.date.get() < day]
    if event.amount is not None:
        values.append(Valuation(event.date, event.amount))
    return attrs.evolve(contract, fair_values=tuple(values))
