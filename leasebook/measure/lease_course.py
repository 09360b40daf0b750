"""
The course of a lease: from its terms at commencement and what happens to it, to its segments.

A lessee and a lessor see the same payments on the same days. They differ in when a change of
expectations counts: a lessee reassesses, a lessor waits until it happens.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.contract.event import Event, EventKind
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.option_times import renewal_after
from leasebook.measure.course import Course, after
from leasebook.measure.lease_changes import STEPS, sold, until_purchase
from leasebook.measure.lease_components import Side, with_lease_part, with_own_share
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import (
    contract_at_commencement,
    keeps_first_payment_out,
    rent_minor,
    term_months,
)
from leasebook.measure.lessee_rate import lessee_rate, rate_of
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.rent_deferral import stays_due
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.present_value import present_value_minor

#: Kinds of event that change what a lessee expects and nothing that the parties owe.
EXPECTATIONS = frozenset({"term-reassessed", "purchase-option-reassessed", "guarantee-reassessed"})


def lease_segments(
    lease: Lease, setting: Setting, side: Side = "lessee"
) -> tuple[LeaseSegment, ...]:
    """
    The epochs of a lease: at commencement, and at each event that changes how it is measured.

    Source: ASC 842-10-25-8 to 25-18, 842-10-35-1 to 35-6; IFRS 16.39 to 16.46, 16.79, 16.87.

    Args:
        lease: As signed.
        setting: Gives events and outcomes.
        side: Whose measurement: a lessor does not reassess what the lessee may do, and the
            lessee's initial direct costs and restoration are not its own.

    Returns:
        Segments in order; those of one day in the order in which things happen.
    """
    setting = setting.in_currency_of(lease)
    course = _commenced(lease, setting, side)
    for event in setting.events(lease.id):
        course = _after_event(course, event)
    course = _as_parted(course, date.max)
    _all_is_paid(lease, course)
    own = with_own_share(course.segments, lease, setting)
    return with_lease_part(_with_payments_made(own, course), lease, setting, side)


def _all_is_paid(lease: Lease, course: Course) -> None:
    """Refuses a lease that something ends or cuts before rent that was deferred is paid."""
    owed = sum(
        sum(s.deferred[: s.live_periods]) - sum(s.caught_up[: s.live_periods])
        for s in course.segments
    )
    if owed:
        raise NotModelled(f"{lease.id} is over, and rent that was deferred is not paid")


def _after_event(course: Course, event: Event) -> Course:
    course = _as_parted(course, event.date.get())
    if event.kind == "index-changed" and not course.follows_index:
        event = _kept(event)
    if event.kind in EXPECTATIONS and course.side == "lessor":
        return _as_it_happens(course, event)
    if event.kind not in STEPS:
        return course
    course = STEPS[event.kind](course, event)
    if stays_due(event, course.setting):
        return course
    return attrs.evolve(course, rate=event.discount_rate or course.rate)


def renewal_is_counted(lease: Lease, day: date, setting: Setting, side: Side) -> bool | None:
    """
    Whether the term of a side has counted a renewal before it is exercised on a day.

    A lessee counts it once it is reasonably certain; a lessor only if it was so at commencement, or
    the contract was modified since.

    Source: ASC 842-10-35-1, 842-10-35-3.

    Returns:
        None if no renewal is exercised on the day.
    """
    setting = setting.in_currency_of(lease)
    course = _commenced(lease, setting, side)
    for event in setting.events(lease.id):
        if event.kind == "renewal-exercised" and event.date.get() == day:
            gone = months_between(lease.commencement_date.get(), day)
            reaches = gone + (renewal_after(lease, gone) or 0)
            counted = course.renewed_months
            if side == "lessor":  # what its lessee expects meanwhile does not count
                last = course.last
                counted = course.months_gone(course.elapsed(last.start) + last.periods)
            return reaches <= counted
        course = _after_event(course, event)
    return None


def _commenced(lease: Lease, setting: Setting, side: Side) -> Course:
    first = contract_at_commencement(lease, setting, side)
    level = rent_minor(lease, setting, first.periods)
    if keeps_first_payment_out(lease):
        level = (0, *level[1:])
    base = Fraction(lease.index_base.get()) if lease.index_base else Fraction(1)
    return Course(
        lease, setting, side, (first,), level, base, base,
        renewed_months=term_months(lease, setting), rate=rate_of(lease, setting, side).figure,
    )  # fmt: skip


def lease_end(lease: Lease, setting: Setting) -> date:
    """The last day of a lease in the scenario, with what happens to it there."""
    segments = lease_segments(lease, setting)
    if segments[-1].days:
        return segments[-1].days[-1] - timedelta(days=1)
    gone = sum(s.live_periods * s.months for s in segments[:-1])
    months = gone + segments[-1].periods * segments[-1].months
    return add_months(segments[0].start, months) - timedelta(days=1)


def opening_liability(lease: Lease, setting: Setting) -> int:
    """
    The lease liability at commencement, a payment due that day included, in minor units.

    Source: ASC 842-20-30-1; IFRS 16.26.
    """
    return lease_segments(lease, setting)[0].present_value()


def liability_range(lease: Lease, setting: Setting) -> tuple[int, int] | None:
    """
    The least and the most the opening liability could be, over its rates and payment timings.

    The least is at the highest rate of the range with each year's rent at the year's end, the most
    at the lowest rate with it at the year's beginning; None where the rate has no range. Rents on
    days of their own are paid on these days, and only the rate varies.

    Source: ASC 842-20-30-1; IFRS 16.26. What is varied is what the contract leaves unknown.
    """
    taken = lessee_rate(lease, setting).figure
    rates = taken.range if taken is not None else ()
    months = lease.rent.step_months
    if not rates or 12 % months:
        return None
    first = lease_segments(lease, setting)[0]
    rents, low, high = first.payments, min(rates), max(rates)
    if first.days:
        least, most = (first.at_rate(Fraction(rate)) for rate in (high, low))
        return least.value_of(least.dues()), most.value_of(most.dues())
    in_year = 12 // months
    yearly = [sum(rents[k : k + in_year]) for k in range(0, len(rents), in_year)]
    return (
        present_value_minor(yearly, Fraction(high), 1),
        present_value_minor(yearly, Fraction(low), 0),
    )


def _as_it_happens(course: Course, event: Event) -> Course:
    """
    What a lessee now expects, as its lessor sees it: other payments count as they fall due.

    Source: ASC 842-10-35-3; IFRS 16.21.
    """
    if event.kind == "guarantee-reassessed":
        return course
    day, price = event.date.get(), course.purchase
    if event.kind == "purchase-option-reassessed":
        expected, level = until_purchase(course, event)
        price = course.setting.minor(event.price) if event.reasonably_certain else None
    elif event.payments:
        level = tuple(course.setting.minor(amount) for amount in event.payments)
        expected = course.at_new_terms(day, level)
    else:
        expected = course.renewed_once()
        level = expected.level_from(day)
    following = attrs.evolve(
        after(course, _kept(event), course.measured_from(day)),
        variable=expected.beside_measured(day, level),
    )
    return attrs.evolve(expected, purchase=price).followed_by(following, level)


def _kept(event: Event) -> Event:
    """The event without the rate that a lessee takes for it."""
    return attrs.evolve(event, discount_rate=None)


def _as_parted(course: Course, day: date) -> Course:
    """
    The course of a lessor once the longer term that its lessee expects begins, or a shorter ends.

    Source: ASC 842-10-35-3; IFRS 16.21. What the parties agree on before is about the term that is
    expected. Where it ends with a purchase, the asset is sold then.
    """
    parts = course.parts_on
    if parts is None or day < parts:
        return course
    told = next(e for e in course.setting.events(course.lease.id) if e.kind in EXPECTATIONS)
    longer = len(course.level_payments) > course.last.periods
    kind: EventKind = "extended" if longer else "terminated"
    # What leaving costs is paid the day before, with the last rent (`settlement`).
    event = Event(
        told.scenario,
        told.contract,
        kind,
        attrs.evolve(told.date, value=parts),
        penalty=Figure(Decimal(0)),
    )
    if longer:
        following = after(course, event, course.due_from(parts))
        return _as_parted(course.followed_by(following, course.level_from(parts)), day)
    return sold(course, event) if course.purchase is not None else STEPS[kind](course, event)


def _with_payments_made(own: Sequence[LeaseSegment], course: Course) -> tuple[LeaseSegment, ...]:
    """
    The segments with what was really paid for a period in place of what was expected.

    Source: ASC 842-20-25-5(b); IFRS 16.38(b), 16.102A.
    """
    segments = list(own)
    for event in course.setting.events(course.lease.id):
        if event.kind != "payment-made":
            continue
        for k, segment in enumerate(segments):
            at = course.elapsed(event.date.get()) - course.elapsed(segment.start) - 1
            if event.date.get() > segment.start and at < segment.live_periods:
                usage = list(segment.usage or [0] * segment.periods)
                usage[at] = course.setting.minor(event.amount) - _expected(segment, at)
                segments[k] = attrs.evolve(segment, usage=tuple(usage))
    return tuple(segments)


def _expected(segment: LeaseSegment, at: int) -> int:
    """What falls due for a period, counted from 0, whether a balance holds it or not."""
    beside = segment.variable[at] if segment.variable else 0
    return segment.payments[at] + beside + (segment.day_one if at == 0 else 0)
