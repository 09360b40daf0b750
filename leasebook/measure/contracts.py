"""
Every contract of a deal measured for both of its sides.

The schedules that need an entity's whole ledger first (securities that hold idle money, the
equity method) are made by the functions at the end, when the pipeline has that ledger.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from leasebook.contract.exchange_rate import RateTable
from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Construction,
    Contribution,
    Distribution,
    EquityInterest,
    Sale,
    Securities,
    Services,
)
from leasebook.contract.note import Note
from leasebook.measure.allocation import services_of_lease
from leasebook.measure.capital import contribution_schedules, distribution_schedules
from leasebook.measure.equity_investment import equity_investment_schedules
from leasebook.measure.foreign_lease import in_the_books_currency
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_periods import dated_periods, period_movements
from leasebook.measure.lease_schedules import lessee_side
from leasebook.measure.leaseback import split_of
from leasebook.measure.leaseback_schedules import (
    failed_leaseback_schedules,
    leaseback_schedules,
    sale_schedules,
)
from leasebook.measure.leased_asset import given_up
from leasebook.measure.lessor_schedules import lessor_side
from leasebook.measure.missing_rates import MissingExchangeRates
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.note import note
from leasebook.measure.note_segment import note_segment
from leasebook.measure.purchases import fees
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.securities import held_to_maturity
from leasebook.measure.service_rent import is_no_lease, service_rent
from leasebook.measure.setting import Setting
from leasebook.measure.works import works_schedules
from leasebook.reckoning.rounding import round_half_even


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
    made += _every_lease(setting, accrued)
    # Both sides of a lease show the same payments.
    rents = {lease.id: _payments(lease, setting) for lease in deal.of_kind(Lease)}
    for contribution in deal.of_kind(Contribution):
        made += contribution_schedules(contribution, setting)
    for interest in deal.of_kind(EquityInterest):
        made += equity_investment_schedules(interest, setting)
    for distribution in deal.of_kind(Distribution):
        made += distribution_schedules(distribution, setting, rents)
    for construction in deal.of_kind(Construction):
        made += works_schedules(construction, setting)
    for sale in deal.of_kind(Sale):
        made += sale_schedules(sale, setting)
    for services in deal.of_kind(Services):
        made += services_schedules(services, setting)
    keeps = set(deal.bookkeepers())
    return tuple(s for s in made if s.entity in keeps)


def _payments(lease: Lease, setting: Setting) -> list[tuple[date, int]]:
    """What the lessee pays by date, whoever keeps books of it, minor units."""
    segments = lease_segments(lease, setting)
    paid: list[tuple[date, int]] = []
    table = setting.rates_of(lease)
    for epoch, (segment, dates) in enumerate(
        zip(segments, dated_periods(segments), strict=True), start=1
    ):
        for moved in period_movements(segment, epoch, dates, {}):
            amount = _in_books(lease, moved.flows, moved.date, table)
            if amount:
                paid.append((moved.date, amount))
    return paid


def _in_books(lease: Lease, flows: Mapping[str, int], day: date, table: RateTable | None) -> int:
    """A payment in the currency of the books, each part of it rounded as both sides book it."""
    parts = tuple(flows.get(name, 0) for name in ("payment", "billed_settled", "variable_payment"))
    if table is None or not any(parts):
        return sum(parts)
    closing = table.closing(day)
    if closing is None:
        raise MissingExchangeRates([(lease.id, table.currency.code, (day,))])
    return sum(round_half_even(part * closing * table.minor) for part in parts)


def _every_lease(setting: Setting, accrued: Mapping[str, Schedule]) -> list[Schedule]:
    """
    The schedules of all leases.

    Raises:
        MissingExchangeRates: With every day of every lease that has no exchange rate.
    """
    made: list[Schedule] = []
    missing: list[tuple[str, str, tuple[date, ...]]] = []
    for lease in setting.deal.of_kind(Lease):
        try:
            made += lease_schedules(lease, setting, accrued)
        except MissingExchangeRates as found:
            missing += found.missing
    if missing:
        raise MissingExchangeRates(missing)
    return made


def lease_schedules(
    lease: Lease, setting: Setting, accrued: Mapping[str, Schedule]
) -> Iterator[Schedule]:
    """
    A lease in the books of lessee and lessor, each by its own classification.

    Source: ASC 842-10-25-1 to 25-3, 842-20-25-2; IFRS 16.5, 16.22, 16.61; after a sale that failed
    842-40-25-5.

    Raises:
        MissingExchangeRates: If the lease is in another currency and days have no rate.
    """
    if setting.rates_of(lease) is None:
        yield from _in_own_currency(lease, setting, accrued)
        return
    if setting.failed_leaseback(lease) is not None or split_of(lease, setting) is not None:
        raise NotModelled(f"{lease.id} is in another currency, and a leaseback")
    own, members = setting.in_currency_of(lease), frozenset({lease.lessor})
    made = _in_own_currency(lease, own, accrued)
    leaves = given_up(lease, setting, members, accrued)
    yield from in_the_books_currency(made, lease, setting, leaves)


def _in_own_currency(
    lease: Lease, setting: Setting, accrued: Mapping[str, Schedule]
) -> Iterator[Schedule]:
    if setting.failed_leaseback(lease) is not None:
        yield from failed_leaseback_schedules(lease, setting)
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
    yield from leaseback_schedules(lease, setting)


def services_schedules(contract: Services, setting: Setting) -> Iterator[Schedule]:
    """Services whose fee is known, in the books of both sides; an unknown fee posts nothing."""
    paid = fees(contract, setting)
    if not paid:
        return
    rows = [Movement(day, 1, at, {"fee": fee}) for at, (day, fee) in enumerate(paid, 1)]
    rendered = (contract.id, contract.provider, contract.customer)
    received = (contract.id, contract.customer, contract.provider)
    yield assemble("services-rendered", rendered, {}, ("fee",), rows)
    yield assemble("services-received", received, {}, ("fee",), rows)


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
