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
from leasebook.measure.asset import draws_of
from leasebook.measure.capital import contribution_schedules, distribution_schedules, paid_in
from leasebook.measure.financing import financing_obligation
from leasebook.measure.lease_course import lease_end, lease_segments
from leasebook.measure.lease_schedules import carrying_amount, lessee_side, lessor_side
from leasebook.measure.lease_segment import dated_periods, period_movements
from leasebook.measure.note import NoteSegment, note
from leasebook.measure.plant import depreciation
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.securities import held_to_maturity
from leasebook.measure.service_rent import is_no_lease, service_rent
from leasebook.measure.setting import Setting
from leasebook.measure.split import with_payments_split
from leasebook.reckoning.calendar import add_months, months_between


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
    rents = {lease.id: _payments(lease, setting) for lease in deal.of_kind(Lease)}
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


def _payments(lease: Lease, setting: Setting) -> list[tuple[date, int]]:
    """What the lessee pays by date, whoever keeps books of it, minor units."""
    segments = lease_segments(lease, setting)
    paid: list[tuple[date, int]] = []
    for epoch, (segment, dates) in enumerate(
        zip(segments, dated_periods(segments), strict=True), start=1
    ):
        for moved in period_movements(segment, epoch, dates, {}):
            amount = moved.flows.get("payment", 0) + moved.flows.get("variable_payment", 0)
            if amount:
                paid.append((moved.date, amount))
    return paid


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
    keeps = setting.deal.bookkeepers()
    if lease.lessee in keeps:
        yield from lessee_side(lease, setting)
    if lease.lessor in keeps:
        yield from lessor_side(lease, setting, frozenset({lease.lessor}), accrued)


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
