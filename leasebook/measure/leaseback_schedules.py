"""
Sales and leasebacks in the books of both sides, as schedules.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import attrs

from leasebook.contract.lease import Lease
from leasebook.contract.model import Sale
from leasebook.measure.carrying_amount import carrying_amount
from leasebook.measure.financing import financing_obligation
from leasebook.measure.lease_course import lease_end, lease_segments
from leasebook.measure.lease_periods import dated_periods, period_movements
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.leaseback import (
    EndedEarly,
    advances_of,
    ended_on,
    qualifying,
    split_of,
    transfer_by,
)
from leasebook.measure.lessor import NET_INVESTMENT
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.plant import depreciation
from leasebook.measure.sale_and_leaseback import SaleTerms, SplitLeaseback
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.measure.split import with_payments_split
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rounding import spread_evenly


def lessee_terms(lease: Lease, setting: Setting) -> tuple[LeaseSegment, ...]:
    """
    The segments that a lessee measures: of a leaseback, its lease part with its opening balances.

    Source: ASC 842-40-30-2; IFRS 16.100(a), 16.101.
    """
    segments = lease_segments(lease, setting)
    split = split_of(lease, setting)
    if split is None:
        return segments
    if setting.exemption(lease.id):
        raise NotModelled(f"{lease.id} is a leaseback, and is kept off the balance sheet")
    first = attrs.evolve(split.lease, live_periods=segments[0].live_periods, usage=())
    return (first, *(_less_financing(later, split) for later in segments[1:]))


def lessor_terms(lease: Lease, setting: Setting) -> tuple[LeaseSegment, ...]:
    """
    The segments that a lessor measures: of a leaseback, its lease part.

    Source: ASC 842-40-30-2; IFRS 16.100(b), 16.101.
    """
    split = split_of(lease, setting)
    if split is None:
        return lease_segments(lease, setting, "lessor")
    first, *later = lessee_terms(lease, setting)
    return (attrs.evolve(first, opening_liability=None, opening_rou=None), *later)


def as_leaseback(schedule: Schedule, lease: Lease, setting: Setting) -> Schedule:
    """
    A lessee's schedule whose asset begins with the right that a seller keeps.

    What the asset opens at beyond the liability is part of the sale's entry: `right_kept`.

    Source: ASC 842-40-30-2(a); IFRS 16.100(a).
    """
    if split_of(lease, setting) is None:
        return schedule
    return schedule.renamed("handed_over", "right_kept")


def leaseback_schedules(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    """
    What a leaseback adds to the schedules of its lease part, for both sides; of other leases none.

    Source: ASC 842-40-30-2; IFRS 16.101, 16.102A.
    """
    split = split_of(lease, setting)
    if split is None:
        return
    if split.financing is not None:
        owed = _additional_financing(lease, split.financing, split, ended_on(lease, setting))
        yield owed
        yield _turned(owed, "additional-financing-receivable")
    if split.sale.below_market_prepaid_rent:
        invested = setting.outcome("lessor_classification", lease.id) in NET_INVESTMENT
        yield _in_the_sale(lease, split) if invested else _rent_paid_ahead(lease, split)
    yield from _actual_payments(lease, split, setting)


def _less_financing(segment: LeaseSegment, split: SplitLeaseback) -> LeaseSegment:
    """A later epoch with its payments less those that serve the financing."""
    part = split.financing
    if part is None:
        return segment
    if segment.change.kind == "ended":
        own = segment.change.penalty - split.of_penalty(segment.change.penalty)
        return attrs.evolve(segment, change=attrs.evolve(segment.change, penalty=own))
    at = months_between(part.start, segment.start) // part.months
    rest = part.payments[at:]
    same = (segment.months, segment.timing) == (part.months, part.timing)
    if not same or segment.periods < len(rest) or part.final_payment:
        raise NotModelled("a leaseback that changes while its rents serve a loan in the price")
    padded = [*rest, *[0] * (segment.periods - len(rest))]
    less = tuple(due - share for due, share in zip(segment.payments, padded, strict=True))
    return attrs.evolve(segment, payments=less)


def _additional_financing(
    lease: Lease, part: LeaseSegment, split: SplitLeaseback, ended: EndedEarly | None
) -> Schedule:
    """
    The loan in a price above fair value; where the leaseback ends early, it ends with it.

    What is paid for leaving serves the loan in the proportion of every payment; what is left of it
    then is owed no longer, a gain of the seller and a loss of the buyer.

    Source: ASC 842-40-30-2(b), 405-20-40-1, 470-50-40-2; IFRS 16.101(b), IFRS 9.3.3.1, 9.3.3.3.
    """
    advanced = split.sale.additional_financing
    opening = advanced - split.repaid_at_once
    interest = part.interest(opening)
    if ended is not None:
        part = attrs.evolve(part, live_periods=ended.live, goes_on=True)
    (dates,) = dated_periods([part])
    movements = [
        Movement(part.start, 1, 0, {"advance": advanced, "payment": split.repaid_at_once}),
        *period_movements(part, 1, dates, {"interest": interest}),
    ]
    flows, over = {"advance": 1, "interest": 1, "payment": -1}, {"settled": -1, "released": -1}
    if ended is not None:
        left = opening + sum(interest[: ended.live]) - sum(part.payments[: ended.live])
        settled = split.of_penalty(ended.penalty)
        closed = {"settled": settled, "released": left - settled}
        movements.append(Movement(ended.day, 2, 0, closed))
        flows = flows | over
    made = assemble(
        "additional-financing",
        (lease.id, lease.lessee, lease.lessor),
        {"obligation": flows},
        tuple(flows),
        movements,
        (part.rate_line(1),),
    )
    return with_payments_split(made)


def _turned(schedule: Schedule, name: str) -> Schedule:
    """The same amounts in the books of the other side."""
    return attrs.evolve(
        schedule, name=name, entity=schedule.counterparty, counterparty=schedule.entity
    )


def _in_the_sale(lease: Lease, split: SplitLeaseback) -> Schedule:
    """
    Rent received ahead of a net investment: part of what the buyer gets for the asset it lets.

    Source: ASC 842-40-30-2(a), 842-30-30-1; IFRS 16.101(a), 16.67.
    """
    ahead = split.sale.below_market_prepaid_rent
    flows = {"received": 1, "applied": -1}
    moved = [Movement(split.lease.start, 1, 0, dict.fromkeys(flows, ahead))]
    parties = (lease.id, lease.lessor, lease.lessee)
    return assemble("rent-received-ahead", parties, {"rent_ahead": flows}, tuple(flows), moved)


def _rent_paid_ahead(lease: Lease, split: SplitLeaseback) -> Schedule:
    """
    A buyer's income from a price below fair value: rent received ahead, level over the term.

    Source: ASC 842-40-30-2(a), 842-30-25-11(b); IFRS 16.101(a), 16.81.
    """
    part = attrs.evolve(split.lease, live_periods=split.lease.periods)
    ahead = split.sale.below_market_prepaid_rent
    (dates,) = dated_periods([part])
    released = {"released": spread_evenly(ahead, part.periods)}
    unpaid = attrs.evolve(
        part, payments=(0,) * part.periods, residual_payment=0, termination_penalty=0
    )
    return assemble(
        "rent-received-ahead",
        (lease.id, lease.lessor, lease.lessee),
        {"rent_ahead": {"received": 1, "released": -1}},
        ("received", "released"),
        [
            Movement(part.start, 1, 0, {"received": ahead}),
            *period_movements(unpaid, 1, dates, released),
        ],
    )


def _actual_payments(lease: Lease, split: SplitLeaseback, setting: Setting) -> Iterator[Schedule]:
    """
    Variable rents of a leaseback as they were paid, beyond what the liability expects of them.

    The liability falls by what was expected; the difference goes to profit or loss.

    Source: IFRS 16.102A.
    """
    segment = split.lease
    (dates,) = dated_periods([attrs.evolve(segment, live_periods=segment.periods)])
    moved: list[Movement] = []
    for event in setting.events(lease.id):
        at = months_between(segment.start, event.date.get()) // segment.months - 1
        if event.kind == "payment-made" and 0 <= at < segment.periods:
            due = dates[at][0 if segment.in_advance else 1]
            beyond = setting.minor(event.amount) - split.payments[at]
            moved.append(Movement(due, 1, at + 1, {"variable": beyond}))
    if moved:
        paid = assemble(
            "variable-rent-paid", (lease.id, lease.lessee, lease.lessor), {}, ("variable",), moved
        )
        yield paid
        yield _turned(paid, "variable-rent-received")


def sale_schedules(sale: Sale, setting: Setting) -> Iterator[Schedule]:
    """
    A sale in the books of seller and buyer: the asset passes, or money is lent on it.

    Source: ASC 842-40-25-4, 842-40-25-5; IFRS 16.100, 16.103.
    """
    day = sale.sold.get()
    seller, buyer = (sale.id, sale.seller, sale.buyer), (sale.id, sale.buyer, sale.seller)
    transfer = transfer_by(sale.id, setting)
    if setting.failed_sale(sale.asset) == transfer:
        row = Movement(day, 1, 0, {"advance": setting.minor(sale.price)})
        yield assemble("failed-sale-received", seller, {}, ("advance",), [row])
        yield assemble("failed-sale-paid", buyer, {}, ("advance",), [row])
        return
    made = qualifying(transfer, setting)
    if sale.goods:
        yield from _goods(sale, made.terms, setting)
        return
    loan = made.additional_financing
    used = setting.deal.assets[sale.asset].in_service.get() < day
    sold = {
        "taken_from_use": made.terms.carrying_amount if used else 0,
        "proceeds": made.terms.price - loan,
        "additional_financing": loan,
        "gain": made.gain,
    }
    bought = {
        "asset_cost": made.terms.price - loan,
        "paid_ahead": made.below_market_prepaid_rent,
        "additional_financing": loan,
    }
    yield assemble("asset-sold", seller, {}, tuple(sold), [Movement(day, 1, 0, sold)])
    yield assemble("asset-bought", buyer, {}, tuple(bought), [Movement(day, 1, 0, bought)])


def _goods(sale: Sale, terms: SaleTerms, setting: Setting) -> Iterator[Schedule]:
    """
    What a seller sells in its ordinary business: revenue and what it had cost, the price for both.

    Source: ASC 606-10-25-30, 330-10-35-1, 360-10-30-1; IFRS 15.31, IAS 2.34, IAS 16.15.
    """
    if any(x.asset == sale.asset and x.lessee == sale.seller for x in setting.deal.of_kind(Lease)):
        raise NotModelled(f"{sale.id} sells goods that its seller leases back")
    day = sale.sold.get()
    sold = {"price": terms.price, "cost": terms.carrying_amount}
    seller, buyer = (sale.id, sale.seller, sale.buyer), (sale.id, sale.buyer, sale.seller)
    yield assemble("goods-sold", seller, {}, tuple(sold), [Movement(day, 1, 0, sold)])
    cost = {"asset_cost": terms.price}
    yield assemble("asset-bought", buyer, {}, tuple(cost), [Movement(day, 1, 0, cost)])


def failed_leaseback_schedules(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    """
    The leaseback of a sale that failed, for both sides: its rents serve a financing.

    Source: ASC 842-40-25-5, 842-40-30-6; IFRS 16.103.
    """
    transfer = setting.failed_leaseback(lease)
    if transfer is None:
        return
    segments = lease_segments(lease, setting)

    def of_side(costs: int) -> Schedule:
        made = financing_obligation(
            lease.id,
            lease.lessee,
            lease.lessor,
            advances_of(transfer, setting),
            segments,
            None
            if setting.framework == "ifrs"
            else lambda day: carrying_amount(lease.asset, day, setting),
            costs,
        )
        return with_payments_split(made)

    # Each side has spent its own on the loan, and its effective rate is its own.
    owed = of_side(segments[0].initial_direct_costs)
    lent = of_side(-setting.minor(lease.lessor_initial_direct_costs))
    yield owed
    yield _turned(lent, "financing-receivable")
    yield from _given_up(lease, owed, lent, setting)


def _given_up(lease: Lease, owed: Schedule, lent: Schedule, setting: Setting) -> Iterator[Schedule]:
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
    got = lent.balance("obligation", ends)
    movements = [Movement(ends, 1, 0, {"settled": got})]
    if months_left > 0:
        fallen = depreciation([(ends, got)], ends + timedelta(days=1), months_left, 0, date.max)
        movements += [
            Movement(day, 1, at, {"depreciation": amount})
            for at, (day, amount) in enumerate(fallen, 1)
        ]
    parties = (lease.id, lease.lessor, lease.lessee)
    yield assemble("asset-taken-over", parties, {}, ("settled", "depreciation"), movements)
