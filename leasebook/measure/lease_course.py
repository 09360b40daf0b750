"""
The course of a lease: from its terms at commencement and what happens to it, to its segments.

A lessee and a lessor see the same payments on the same days. They differ in when a change of
expectations counts: a lessee reassesses, a lessor waits until it happens.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.facts.changes import epoch_subject
from leasebook.measure.lease_components import Side, with_lease_part
from leasebook.measure.lease_segment import Change, LeaseSegment
from leasebook.measure.lease_terms import (
    amortisation_periods,
    contract_at_commencement,
    last_day_of,
    rent_minor,
    term_months,
    with_incentive,
    with_rate,
)
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.present_value import present_value_minor
from leasebook.reckoning.rounding import round_half_even

#: Kinds of event that change what a lessee expects and nothing that the parties owe.
EXPECTATIONS = frozenset({"term-reassessed", "purchase-option-reassessed", "guarantee-reassessed"})


@attrs.frozen
class _Course:
    """
    A lease up to some event.

    Attributes:
        lease: As signed.
        setting: Gives events and outcomes.
        side: Whose measurement.
        segments: So far; the last one is in force.
        level_payments: What the last segment's payments are before index and incentive.
        factor: Index level over the level at which those stand.
        incentive: Whether an incentive is still to be received.
        renewed_months: Months from commencement that the term covers by renewals.
    """

    lease: Lease
    setting: Setting
    side: Side
    segments: tuple[LeaseSegment, ...]
    level_payments: tuple[int, ...]
    factor: Fraction = Fraction(1)
    incentive: bool = True
    renewed_months: int = 0

    @property
    def last(self) -> LeaseSegment:
        """The segment in force."""
        return self.segments[-1]

    def live(self, day: date) -> int:
        """Periods of the segment in force that are over on a day."""
        return months_between(self.last.start, day) // self.last.months

    def elapsed(self, day: date) -> int:
        """Periods since commencement that are over on a day."""
        return months_between(self.segments[0].start, day) // self.last.months

    def level_from(self, day: date) -> tuple[int, ...]:
        """What is left of the payments before index and incentive."""
        return self.level_payments[self.live(day) :]

    def due_from(self, day: date, level: Sequence[int] | None = None) -> tuple[int, ...]:
        """What really falls due from a day on: at the index, less the incentive."""
        level = self.level_from(day) if level is None else level
        indexed = tuple(round_half_even(self.factor * amount) for amount in level)
        if not self.incentive:
            return indexed
        return with_incentive(self.lease, self.setting, indexed, self.elapsed(day))

    def measured_from(self, day: date) -> tuple[int, ...]:
        """What the balances are measured on from a day on, if nothing changes."""
        return self.last.payments[self.live(day) :]

    def followed_by(self, following: LeaseSegment, level: Sequence[int]) -> "_Course":
        """The course with one more segment, the one before it cut where that begins."""
        cut = attrs.evolve(self.last, live_periods=self.live(following.start))
        segments = (*self.segments[:-1], cut, following)
        return attrs.evolve(self, segments=segments, level_payments=tuple(level))


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
    first = contract_at_commencement(lease, setting, side)
    course = _Course(lease, setting, side, (first,), _level(lease, setting, first),
                     renewed_months=term_months(lease, setting))  # fmt: skip
    for event in setting.events(lease.id):
        if event.kind in EXPECTATIONS and side == "lessor":
            course = _as_it_happens(course, event)
        elif event.kind in _STEPS:
            course = _STEPS[event.kind](course, event)
    return with_lease_part(_with_payments_made(course), lease, setting, side)


def _level(lease: Lease, setting: Setting, first: LeaseSegment) -> tuple[int, ...]:
    level = rent_minor(lease, setting, first.periods)
    excluded = lease.day_one_payment == "excluded" and first.in_advance
    return (0, *level[1:]) if excluded else level


def lease_end(lease: Lease, setting: Setting) -> date:
    """The last day of a lease in the scenario, with what happens to it there."""
    return last_day_of(lease_segments(lease, setting)[-1])


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
    at the lowest rate with it at the year's beginning; None where the rate has no range.

    Source: ASC 842-20-30-1; IFRS 16.26. What is varied is what the contract leaves unknown.
    """
    rates = lease.discount_rate.range if lease.discount_rate else ()
    months = lease.rent.every.months
    if not rates or 12 % months:
        return None
    rents = lease_segments(lease, setting)[0].payments
    in_year = 12 // months
    yearly = [sum(rents[k : k + in_year]) for k in range(0, len(rents), in_year)]
    low, high = min(rates), max(rates)
    return (
        present_value_minor(yearly, Fraction(high), 1),
        present_value_minor(yearly, Fraction(low), 0),
    )


_REMEASURED = Change()
_AT_START = ("initial_direct_costs", "incentives", "prepaid", "day_one", "restoration")


# --- what an event does -------------------------------------------------------------------------


def _after(
    course: _Course, event: Event, payments: Sequence[int], change: Change = _REMEASURED
) -> LeaseSegment:
    """The segment that an event begins, with the rate the event states or the one in use."""
    last, lease, setting = course.last, course.lease, course.setting
    day = event.date.get()
    live = course.live(day)
    periods = len(payments)
    owned = last.passes_title
    segment = LeaseSegment(
        start=day,
        periods=periods,
        months=last.months,
        timing=last.timing,
        payments=tuple(payments),
        rate=last.rate,
        rate_text=last.rate_text,
        period_rates=_rates_from(last, live, periods),
        usage=_fitted(last.usage[live:], periods),
        residual_payment=last.residual_payment,
        purchase_price=last.purchase_price,
        passes_title=owned,
        amortisation_periods=amortisation_periods(
            lease, setting, periods, course.elapsed(day), owned=owned
        ),
        change=change,
    )
    if event.discount_rate is None:
        return segment
    return with_rate(segment, lease, setting, event.discount_rate)


def _rates_from(last: LeaseSegment, live: int, periods: int) -> tuple[Fraction, ...]:
    if not last.period_rates:
        return ()
    left = last.period_rates[live:]
    return (*left, *[last.rate] * periods)[:periods]


def _fitted(amounts: Sequence[int], periods: int) -> tuple[int, ...]:
    return tuple([*amounts, *[0] * periods][:periods]) if any(amounts) else ()


def _stated(course: _Course, event: Event) -> tuple[int, ...] | None:
    """The payments that an event lists, in minor units; None if it lists none."""
    if not event.payments:
        return None
    return tuple(course.setting.minor(amount) for amount in event.payments)


def _remeasure(course: _Course, event: Event) -> _Course:
    """
    New payments or a new term: the change of the liability is put against the asset.

    Source: ASC 842-10-25-11(a), (b), (d), 842-10-35-4; IFRS 16.40, 16.45, 16.46(b).
    """
    stated = _stated(course, event)
    if stated is not None:
        fresh = attrs.evolve(course, factor=Fraction(1), incentive=False)
        return fresh.followed_by(_after(course, event, stated), stated)
    day = event.date.get()
    level = course.level_from(day)
    if event.kind == "term-reassessed":
        level = (*level, *_renewal_rents(course, len(level)))
    return course.followed_by(_after(course, event, course.due_from(day, level)), level)


def _renewal_rents(course: _Course, left: int) -> tuple[int, ...]:
    """The rents of the next renewal, which the term takes in once it is reasonably certain."""
    added = renewal_months(course.lease) // course.last.months
    whole = course.segments[0].periods + added
    elapsed = course.elapsed(course.last.start)
    rents = rent_minor(course.lease, course.setting, whole + elapsed + left)
    return rents[whole - added : whole]


def _renew(course: _Course, event: Event) -> _Course:
    added = renewal_months(course.lease)
    begins = course.lease.commencement_date.get()
    ends_at = months_between(begins, event.date.get()) + added
    if ends_at <= course.renewed_months:
        return course  # the term already counts this renewal
    course = attrs.evolve(course, renewed_months=ends_at)
    rent = rent_minor(course.lease, course.setting, added // course.last.months)
    if event.amount is not None:
        rent = (course.setting.minor(event.amount),) * len(rent)
    return _new_rent(course, event, (*_rents_left(course, event), *rent))


def _change_rent(course: _Course, event: Event) -> _Course:
    return _new_rent(course, event, _rents_left(course, event))


def _rents_left(course: _Course, event: Event) -> tuple[int, ...]:
    left = course.level_from(event.date.get())
    if event.amount is None:
        return left
    return (course.setting.minor(event.amount),) * len(left)


def _new_rent(course: _Course, event: Event, level: tuple[int, ...]) -> _Course:
    """A renewal or a new rent: at the lease's own rate unless the event states another."""
    following = _after(course, event, course.due_from(event.date.get(), level))
    if event.discount_rate is None:
        lease = course.lease
        following = with_rate(following, lease, course.setting, lease.discount_rate)
    if course.live(event.date.get()) == 0 and not course.segments[1:]:
        # What is agreed on the first day is what commences.
        first = course.segments[0]
        at_start = {name: getattr(first, name) for name in _AT_START}
        following = attrs.evolve(following, **at_start)
        return attrs.evolve(course, segments=(following,), level_payments=level)
    return course.followed_by(following, level)


def _reassess_purchase(course: _Course, event: Event) -> _Course:
    """
    A purchase becomes certain, or no longer is: the payments to it and its price are what is left.

    Source: ASC 842-10-35-1(b), 842-20-35-4; IFRS 16.40(b).
    """
    day, setting = event.date.get(), course.setting
    payments = _stated(course, event) or course.due_from(day)
    if event.reasonably_certain and event.exercise is not None:
        periods = months_between(day, event.exercise.get()) // course.last.months
        payments = payments[:periods]
    following = _after(course, event, payments)
    certain = bool(event.reasonably_certain)
    elapsed = course.elapsed(day)
    following = attrs.evolve(
        following,
        purchase_price=setting.minor(event.price) if certain else 0,
        residual_payment=0 if certain else following.residual_payment,
        passes_title=certain,
        amortisation_periods=amortisation_periods(
            course.lease, setting, len(payments), elapsed, owned=certain
        ),
    )
    return course.followed_by(following, payments)


def _reassess_guarantee(course: _Course, event: Event) -> _Course:
    """
    Another amount is owed under the residual value guarantee; the rate stays.

    Source: ASC 842-10-35-4(c), 842-20-35-5; IFRS 16.42(a).
    """
    day = event.date.get()
    following = _after(course, event, course.due_from(day))
    owed = course.setting.minor(event.amount)
    following = attrs.evolve(following, residual_payment=owed)
    return course.followed_by(following, course.level_from(day))


def _receive_incentive(course: _Course, event: Event) -> _Course:
    """
    An incentive comes now instead of later: it is no longer part of the payments.

    Source: ASC 842-10-35-1, 842-10-55-31; IFRS 16.24(b), 16.27(a).
    """
    day = event.date.get()
    fresh = attrs.evolve(course, incentive=False)
    following = _after(course, event, fresh.due_from(day))
    following = attrs.evolve(following, incentives=course.setting.minor(event.amount))
    return fresh.followed_by(following, course.level_from(day))


def _index(course: _Course, event: Event) -> _Course:
    """
    The index moves: only a lessee under IFRS remeasures, at the rate in use.

    For everybody else the difference passes through the result as it falls due.

    Source: ASC 842-10-35-4, 842-20-35-5, 842-30-35-1; IFRS 16.42(b), 16.43.
    """
    day = event.date.get()
    base = course.lease.index_base
    level = Fraction(event.index_level.get() if event.index_level else 1)
    moved = attrs.evolve(course, factor=level / Fraction(base.get() if base else level))
    if course.setting.framework == "ifrs" and course.side == "lessee":
        return moved.followed_by(_after(course, event, moved.due_from(day)), course.level_from(day))
    measured = course.measured_from(day)
    paid = moved.due_from(day)
    differences = tuple(due - known for due, known in zip(paid, measured, strict=True))
    following = attrs.evolve(_after(course, event, measured), variable=differences)
    return moved.followed_by(following, course.level_from(day))


def _reduce_term(course: _Course, event: Event) -> _Course:
    """
    A shorter term: under US GAAP a remeasurement, under IFRS a cut in scope.

    Source: ASC 842-10-25-12; IFRS 16.46(a).
    """
    stated = _stated(course, event) or ()
    cut = course.setting.framework == "ifrs" and course.side == "lessee"
    change = Change("term-cut" if cut else "remeasured", added_payments=_added(course, event))
    fresh = attrs.evolve(course, factor=Fraction(1), incentive=False)
    return fresh.followed_by(_after(course, event, stated, change), stated)


def _added(course: _Course, event: Event) -> tuple[int, ...]:
    return tuple(course.setting.minor(amount) for amount in event.added_payments)


def _add_right(course: _Course, event: Event) -> _Course:
    """
    A right of use is added: at its stand-alone price it is a contract of its own.

    Source: ASC 842-10-25-8, 842-10-25-11(a); IFRS 16.44, 16.45.
    """
    about = f"{epoch_subject(course.lease.id, event)}/change"
    if course.setting.outcome("modification", about) == "separate-contract":
        return course
    stated = _stated(course, event) or course.due_from(event.date.get())
    change = Change(added_payments=_added(course, event))
    fresh = attrs.evolve(course, factor=Fraction(1), incentive=False)
    return fresh.followed_by(_after(course, event, stated, change), stated)


def _reduce_scope(course: _Course, event: Event) -> _Course:
    """
    Part of the right of use is given up; without new payments they fall with it.

    Source: ASC 842-10-25-13, 842-10-55-177 to 55-185; IFRS 16.46(a).
    """
    kept = Fraction(event.retained_share.get() if event.retained_share else 1)
    stated = _stated(course, event)
    if stated is None:
        due = course.due_from(event.date.get())
        stated = tuple(round_half_even(kept * amount) for amount in due)
    by_liability = course.setting.framework == "us-gaap" and (
        course.lease.partial_termination == "liability"
    )
    change = Change("liability-cut" if by_liability else "scope-cut", retained=kept)
    fresh = attrs.evolve(course, factor=Fraction(1), incentive=False)
    following = _after(course, event, stated, change)
    kept_payment = round_half_even(kept * following.residual_payment)
    following = attrs.evolve(following, residual_payment=kept_payment)
    return fresh.followed_by(following, stated)


def _change_terms(course: _Course, event: Event) -> _Course:
    """
    New terms of which only the class or the balances are known: nothing is measured after the day.

    Source: ASC 842-10-25-15 to 25-17; IFRS 16.80.
    """
    if event.payments:
        return _remeasure(course, event)
    measured = course.measured_from(event.date.get())
    following = attrs.evolve(_after(course, event, measured), live_periods=0)
    return course.followed_by(following, measured)


def _terminate(course: _Course, event: Event) -> _Course:
    """
    The whole lease ends on the day, before a payment that falls due on it.

    Source: ASC 842-20-40-1; IFRS 16.46(a).
    """
    change = Change("ended", penalty=course.setting.minor(event.penalty))
    ended = attrs.evolve(
        _after(course, event, (), change), residual_payment=0, purchase_price=0, passes_title=False
    )
    return course.followed_by(ended, ())


def _impair(course: _Course, event: Event) -> _Course:
    """
    The right-of-use asset is written down; liability, payments and rate stay.

    Source: ASC 842-20-35-9 to 35-11; IFRS 16.33.
    """
    if course.side == "lessor":
        return course
    day = event.date.get()
    change = Change(impairment=course.setting.minor(event.amount))
    following = _after(course, event, course.measured_from(day), change)
    variable = _fitted(course.last.variable[course.live(day) :], following.periods)
    following = attrs.evolve(following, variable=variable)
    return course.followed_by(following, course.level_from(day))


def _doubt(course: _Course, event: Event) -> _Course:
    """
    Collection is no longer probable: what was billed last is open, and nothing more is paid.

    Source: ASC 842-30-25-13. That nothing more is paid is how the scenario is read.
    """
    day = event.date.get()
    live = course.live(day)
    unpaid = frozenset(range(max(0, live - (event.unpaid_periods or 0)), live))
    last = attrs.evolve(course.last, unpaid=unpaid)
    course = attrs.evolve(course, segments=(*course.segments[:-1], last))
    measured = course.measured_from(day)
    following = attrs.evolve(
        _after(course, event, measured), unpaid=frozenset(range(len(measured))), doubtful=True
    )
    return course.followed_by(following, course.level_from(day))


_Step = Callable[[_Course, Event], _Course]
_STEPS: Mapping[str, _Step] = {
    "renewal-exercised": _renew,
    "rent-changed": _change_rent,
    "term-reassessed": _remeasure,
    "purchase-option-reassessed": _reassess_purchase,
    "guarantee-reassessed": _reassess_guarantee,
    "incentive-received": _receive_incentive,
    "index-changed": _index,
    "extended": _remeasure,
    "consideration-changed": _remeasure,
    "term-reduced": _reduce_term,
    "right-added": _add_right,
    "scope-reduced": _reduce_scope,
    "term-reduced-and-right-added": _reduce_term,
    "terms-changed": _change_terms,
    "terminated": _terminate,
    "collection-doubtful": _doubt,
    "impaired": _impair,
}


def _as_it_happens(course: _Course, event: Event) -> _Course:
    """
    What a lessee now expects, as its lessor sees it.

    Other payments count as they fall due, a longer term when it begins.

    Source: ASC 842-10-35-3; IFRS 16.21.
    """
    stated = _stated(course, event)
    if event.kind != "term-reassessed" or stated is None:
        return course
    day = event.date.get()
    measured = course.measured_from(day)
    left = len(measured)
    known = zip(stated, measured, strict=False)
    differences = _fitted([due - base for due, base in known], left)
    following = attrs.evolve(_after(course, event, measured), variable=differences)
    course = course.followed_by(following, measured)
    if len(stated) <= left:
        return course
    begins = attrs.evolve(event.date, value=_day_after(following))
    later = attrs.evolve(event, date=begins, kind="extended", payments=event.payments[left:],
                         discount_rate=None)  # fmt: skip
    return _remeasure(course, later)


def _day_after(segment: LeaseSegment) -> date:
    return date.fromordinal(last_day_of(segment).toordinal() + 1)


def renewal_months(lease: Lease) -> int:
    """The months that one renewal adds; none if there is no option to renew."""
    found = (o.term.get().months for o in lease.options if o.kind == "renewal" and o.term)
    return next(found, 0)


def _with_payments_made(course: _Course) -> tuple[LeaseSegment, ...]:
    """
    The segments with what was really paid for a period in place of what was expected.

    Source: ASC 842-20-25-5(b); IFRS 16.38(b), 16.102A.
    """
    segments = list(course.segments)
    for event in course.setting.events(course.lease.id):
        if event.kind != "payment-made":
            continue
        for k, segment in enumerate(segments):
            at = months_between(segment.start, event.date.get()) // segment.months - 1
            if event.date.get() > segment.start and at < segment.live_periods:
                usage = list(segment.usage or [0] * segment.periods)
                usage[at] = course.setting.minor(event.amount) - segment.payments[at]
                segments[k] = attrs.evolve(segment, usage=tuple(usage))
    return tuple(segments)
