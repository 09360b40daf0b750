"""
Every contract of a deal measured for both of its sides.

The schedules that need an entity's whole ledger first (securities that hold idle money, the
equity method) are made by the functions at the end, when the pipeline has that ledger.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Construction,
    Contribution,
    Distribution,
    Note,
    Sale,
    Securities,
    Services,
)
from leasebook.measure.capital import contribution_schedules, distribution_schedules
from leasebook.measure.carrying_amount import carrying_amount
from leasebook.measure.leaseback_schedules import (
    as_leaseback,
    failed_leaseback_schedules,
    leaseback_schedules,
    lessee_terms,
    lessor_terms,
    sale_schedules,
)
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
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.securities import held_to_maturity
from leasebook.measure.setting import Setting
from leasebook.measure.split import with_payments_split
from leasebook.measure.sublease import (
    at_head_rate,
    head_of,
    right_sublet,
    sublet_asset,
)
from leasebook.measure.works import works_schedules
from leasebook.reckoning.calendar import add_months
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
    rents = {lease.id: _payments(lease, made) for lease in deal.of_kind(Lease)}
    for contribution in deal.of_kind(Contribution):
        made += contribution_schedules(contribution, setting)
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


def _payments(lease: Lease, made: Sequence[Schedule]) -> list[tuple[date, int]]:
    """What a lessor receives under a lease by date, whatever the payments serve."""
    received: dict[date, int] = {}
    for schedule in made:
        if schedule.contract == lease.id and schedule.entity == lease.lessor:
            for column in {"payment", "variable"} & set(schedule.columns):
                at = schedule.columns.index(column)
                for row in schedule.rows:
                    received[row.date] = received.get(row.date, 0) + row.amounts[at]
    return sorted((day, amount) for day, amount in received.items() if amount)


def lease_schedules(
    lease: Lease, setting: Setting, accrued: Mapping[str, Schedule]
) -> Iterator[Schedule]:
    """
    A lease in the books of lessee and lessor, each by its own classification.

    Source: ASC 842-10-25-1 to 25-3, 842-20-25-2; IFRS 16.5, 16.22, 16.61; after a sale that failed
    842-40-25-5.
    """
    if setting.failed_leaseback(lease) is not None:
        yield from failed_leaseback_schedules(lease, setting)
        return
    yield as_leaseback(_lessee_schedule(lease, setting), lease, setting)
    invested = net_investment_schedule(lease, setting, frozenset({lease.lessor}), accrued)
    segments = lessor_terms(lease, setting)
    yield invested or lessor_operating(lease.id, lease.lessor, lease.lessee, segments)
    if invested is not None and (right := _right_sublet(lease, setting)) is not None:
        yield right
    yield from leaseback_schedules(lease, setting)


def _lessee_schedule(lease: Lease, setting: Setting) -> Schedule:
    segments = lessee_terms(lease, setting)
    sides = (lease.id, lease.lessee, lease.lessor)
    if setting.outcome("lease_exemption", lease.id) in _EXEMPT:
        return lessee_exempt(*sides, segments)
    if setting.framework == "ifrs":
        return with_payments_split(lessee_ifrs(*sides, segments))
    if setting.outcome("lessee_classification", lease.id) == "finance":
        return with_payments_split(lessee_finance(*sides, segments))
    return lessee_operating(*sides, segments)


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
    if outcome not in NET_INVESTMENT or setting.failed_leaseback(lease) is not None:
        return None
    head = head_of(lease, setting)
    segments = lessor_terms(lease, setting)
    if head is None:
        asset = leased_asset(lease, setting, members, accrued)
    elif head.lessor in members:
        raise NotModelled(f"{lease.id} is a finance sublease within the group of the head lessor")
    else:
        right = _right_sublet(lease, setting)
        given_up = right.total("right_sublet") if right is not None else 0
        asset = sublet_asset(lease, given_up, setting)
        segments = tuple(at_head_rate(segments, head, setting))
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


def _right_sublet(sublease: Lease, setting: Setting) -> Schedule | None:
    head = head_of(sublease, setting)
    return (
        None if head is None else right_sublet(sublease, _lessee_schedule(head, setting), setting)
    )


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
