"""
Every contract of a deal measured for both of its sides.

The schedules that need an entity's whole ledger first (securities that hold idle money, the
equity method) are made by the functions at the end, when the pipeline has that ledger.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import attrs

from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Construction,
    Contribution,
    Distribution,
    Note,
    Securities,
    Services,
)
from leasebook.measure.allocation import services_of_lease
from leasebook.measure.asset import draws_of, expenditures, owner_of
from leasebook.measure.asset_use import interest_layers
from leasebook.measure.borrowing_cost import interest_capitalised
from leasebook.measure.capital import contribution_schedules, distribution_schedules, paid_in
from leasebook.measure.financing import financing_obligation
from leasebook.measure.lease_terms import lease_end, lease_segments
from leasebook.measure.lessee import (
    lessee_exempt,
    lessee_finance,
    lessee_ifrs,
    lessee_operating,
)
from leasebook.measure.lessor import NET_INVESTMENT, lessor_operating
from leasebook.measure.net_investment import LeasedAsset
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.note import NoteSegment, note
from leasebook.measure.plant import depreciation
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.securities import held_to_maturity
from leasebook.measure.service_rent import is_no_lease, service_rent
from leasebook.measure.setting import Setting
from leasebook.measure.split import with_payments_split
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.rates import NoCrossing

_EXEMPT = ("short-term", "low-value")


def contract_schedules(setting: Setting) -> tuple[Schedule, ...]:
    """
    The schedules of all contracts that can be measured from their own terms, for both sides.

    Schedules of entities that keep no books are left out.
    """
    deal = setting.deal
    made: list[Schedule] = []
    for borrowed in deal.of_kind(Note):
        made += note_schedules(borrowed, setting)
    accrued = {s.contract: s for s in made if s.name == "note-issued"}
    for lease in deal.of_kind(Lease):
        made += lease_schedules(lease, setting, accrued)
    # Both sides of a lease show the same payments.
    rents = {s.contract: _payments(s) for s in made if "payment" in s.columns}
    for contribution in deal.of_kind(Contribution):
        made += contribution_schedules(contribution, setting)
    for distribution in deal.of_kind(Distribution):
        made += distribution_schedules(distribution, setting, rents)
    for construction in deal.of_kind(Construction):
        made += construction_schedules(construction, setting)
    for services in deal.of_kind(Services):
        made += services_schedules(services, setting)
    keeps = set(deal.bookkeepers())
    return tuple(s for s in made if s.entity in keeps)


def _payments(schedule: Schedule) -> list[tuple[date, int]]:
    column = schedule.columns.index("payment")
    return [(row.date, row.amounts[column]) for row in schedule.rows if row.amounts[column]]


def lease_schedules(
    lease: Lease, setting: Setting, accrued: Mapping[str, Schedule]
) -> Iterator[Schedule]:
    """
    A lease in the books of lessee and lessor, each by its own classification.

    Source: ASC 842-10-25-1 to 25-3, 842-20-25-2; IFRS 16.5, 16.22, 16.61; after a sale that failed
    842-40-25-5.
    """
    if setting.failed_sale(lease.asset) is not None:
        yield from _financing(lease, setting)
        return
    if is_no_lease(lease, setting):
        yield from service_rent(lease, setting)
        return
    yield from services_of_lease(lease, setting)
    segments = lease_segments(lease, setting)
    sides = (lease.id, lease.lessee, lease.lessor)
    if setting.outcome("lease_exemption", lease.id) in _EXEMPT:
        yield lessee_exempt(*sides, segments)
    elif setting.framework == "ifrs":
        yield with_payments_split(lessee_ifrs(*sides, segments))
    elif setting.outcome("lessee_classification", lease.id) == "finance":
        yield with_payments_split(lessee_finance(*sides, segments))
    else:
        yield lessee_operating(*sides, segments)
    invested = net_investment_schedule(lease, setting, frozenset({lease.lessor}), accrued)
    given = lease_segments(lease, setting, "lessor")
    yield invested or lessor_operating(lease.id, lease.lessor, lease.lessee, given)


def net_investment_schedule(
    lease: Lease, setting: Setting, members: frozenset[str], accrued: Mapping[str, Schedule]
) -> Schedule | None:
    """
    The lessor's schedule of a lease that takes the asset off its books; None of any other lease.

    Source: ASC 842-30-25-1, 842-30-25-7; IFRS 16.67.

    Args:
        lease: Measured as the members' lease.
        setting: Gives the lessor's classification.
        members: The lessor, or the group it is in: what the asset has cost them is given up.
        accrued: The issuer's schedule of each note, for the interest that is part of that cost.
    """
    outcome = setting.outcome("lessor_classification", lease.id)
    if outcome not in NET_INVESTMENT or setting.failed_sale(lease.asset) is not None:
        return None
    asset = leased_asset(lease, setting, members, accrued)
    segments = lease_segments(lease, setting, "lessor")
    try:
        made = NET_INVESTMENT[outcome](lease.id, lease.lessor, lease.lessee, segments, asset)
    except NoCrossing as missing:
        known = lease.unguaranteed_residual is not None
        why = (
            "with these rents and residuals" if known else "while its residual value is not stated"
        )
        cause = f"{lease.id} is {outcome} for its lessor, and has no implicit rate {why}"
        raise NotModelled(cause) from missing
    return with_payments_split(made, paid="received")


def leased_asset(
    lease: Lease,
    setting: Setting,
    members: frozenset[str] | None = None,
    accrued: Mapping[str, Schedule] | None = None,
) -> LeasedAsset:
    """What the lessor of a net-investment lease, or its group, gives up at commencement."""
    known = setting.deal.assets[lease.asset]
    begins = lease.commencement_date.get()
    return LeasedAsset(
        fair_value=setting.minor(known.fair_value),
        carrying_amount=carrying_amount(lease.asset, begins, setting, members, accrued),
        guaranteed_residual=setting.minor(lease.guaranteed_residual),
        unguaranteed_residual=setting.minor(lease.unguaranteed_residual),
    )


def carrying_amount(
    asset: str,
    at: date,
    setting: Setting,
    members: frozenset[str] | None = None,
    accrued: Mapping[str, Schedule] | None = None,
) -> int:
    """
    An asset's cost less depreciation to its owner, or to a group of members, at a day's close.

    With the schedules of notes, the interest capitalised on it is part of the cost.
    """
    owner = members or frozenset({owner_of(asset, setting)})
    spent = expenditures(asset, owner, setting)
    if accrued:
        capitalised = interest_capitalised(asset, owner, setting=setting, accrued=accrued)
        spent += interest_layers(capitalised)
    layers = [(day, amount) for day, amount in spent if day <= at]
    known = setting.deal.assets[asset]
    months, residual = known.useful_life.get().months, setting.minor(known.residual_value)
    written_off = depreciation(layers, known.in_service.get(), months, residual, at)
    return sum(amount for _, amount in layers) - sum(amount for _, amount in written_off)


def _financing(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    transfer = setting.failed_sale(lease.asset)
    advances = paid_in(transfer, setting) if transfer else []
    for contract in setting.deal.of_kind(Construction):
        if contract.asset == lease.asset:
            advances += draws_of(contract, setting)
    obligation = financing_obligation(
        lease.id,
        lease.lessee,
        lease.lessor,
        sorted(advances),
        lease_segments(lease, setting),
        lambda day: carrying_amount(lease.asset, day, setting),
    )
    owed = with_payments_split(obligation)
    yield owed
    yield attrs.evolve(
        owed, name="financing-receivable", entity=lease.lessor, counterparty=lease.lessee
    )
    yield from _handed_over(lease, owed, setting)


def _handed_over(lease: Lease, owed: Schedule, setting: Setting) -> Iterator[Schedule]:
    """
    The end of the leaseback: the asset passes for what is still owed, and its new owner goes on.

    Source: ASC 842-40-25-5, 842-40-30-6(b): control passes when the leaseback ends.
    """
    ends = lease_end(lease, setting)
    left = owed.balance("obligation", ends)
    carried = carrying_amount(lease.asset, ends, setting)
    row = Movement(ends, 1, 0, {"settled": left, "gain": left - carried})
    flows = ("settled", "gain")
    sides = (lease.lessee, lease.lessor)
    yield assemble("financing-ended", (lease.id, *sides), {}, flows, [row])
    known = setting.deal.assets[lease.asset]
    months_left = known.useful_life.get().months - months_between(
        known.in_service.get(), ends + timedelta(days=1)
    )
    movements = [Movement(ends, 1, 0, {"settled": left})]
    if months_left > 0:
        written_off = depreciation(
            [(ends, left)], ends + timedelta(days=1), months_left, 0, date.max
        )
        movements += [
            Movement(day, 1, at, {"depreciation": amount})
            for at, (day, amount) in enumerate(written_off, 1)
        ]
    parties = (lease.id, lease.lessor, lease.lessee)
    yield assemble("asset-taken-over", parties, {}, ("settled", "depreciation"), movements)


def construction_schedules(contract: Construction, setting: Setting) -> Iterator[Schedule]:
    """
    Construction in its owner's books; after a failed sale also the advance to the seller.

    Source: ASC 360-10-30-1, 842-40-25-5; IAS 16.16, IFRS 16.103.
    """
    draws = draws_of(contract, setting)
    rows = [Movement(day, 1, at, {"spent": spent}) for at, (day, spent) in enumerate(draws, 1)]

    def made(name: str, entity: str, counterparty: str) -> Schedule:
        parties = (contract.id, entity, counterparty)
        return assemble(name, parties, {"total_spent": {"spent": 1}}, ("spent",), rows)

    yield made("construction", contract.owner, contract.contractor)
    seller = setting.failed_sale(contract.asset)
    if seller is not None:
        yield made("advance-to-seller", contract.owner, seller.contributor)
        yield made("advance-from-buyer", seller.contributor, contract.owner)


def services_schedules(contract: Services, setting: Setting) -> Iterator[Schedule]:
    """Services whose fee is known, in the books of both sides; an unknown fee posts nothing."""
    fee, every, first, last = contract.fee, contract.every, contract.first, contract.last
    if fee is None or not fee.known or every is None or first is None or last is None:
        return
    days: list[date] = []
    while (day := add_months(first.get(), len(days) * every.months)) <= last.get():
        days.append(day)
    rows = [Movement(d, 1, at, {"fee": setting.minor(fee)}) for at, d in enumerate(days, 1)]
    rendered = (contract.id, contract.provider, contract.customer)
    received = (contract.id, contract.customer, contract.provider)
    yield assemble("services-rendered", rendered, {}, ("fee",), rows)
    yield assemble("services-received", received, {}, ("fee",), rows)


def note_segment(contract: Note, setting: Setting) -> NoteSegment:
    """The terms of a note in minor units."""
    return NoteSegment(
        issued=contract.issued.get(),
        principal=setting.minor(contract.principal),
        coupon_annual=contract.coupon_annual.get(),
        day_count=contract.day_count,
        first_coupon=contract.first_coupon.get(),
        every_months=contract.every.months,
        interest_only_until=contract.interest_only_until.get(),
        maturity=contract.maturity.get(),
    )


def note_schedules(contract: Note, setting: Setting) -> Iterator[Schedule]:
    """A note in the books of issuer and holder."""
    terms = note_segment(contract, setting)
    yield note(contract.id, contract.issuer, contract.holder, terms)
    yield note(contract.id, contract.holder, contract.issuer, terms, issued=False)


def securities_schedule(
    contract: Securities, cash: Sequence[tuple[date, int]], setting: Setting
) -> Schedule:
    """
    Securities that rise and fall with their holder's other money.

    Args:
        contract: The first purchase, the total income and the last day.
        cash: The holder's other receipts and payments by date, minor units.
        setting: Framework and scenario.
    """
    begins, ends = contract.purchased.get(), contract.until.get()
    later = [(day, amount) for day, amount in cash if begins < day <= ends and amount]
    return held_to_maturity(
        contract.id,
        contract.holder,
        contract.issuer,
        (begins, setting.minor(contract.invested)),
        later,
        setting.minor(contract.income_total),
        ends,
    )
