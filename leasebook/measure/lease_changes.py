"""
What happens to a lease, and the segment that each kind of event begins.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from leasebook.contract.event import Event
from leasebook.contract.option_times import renewal_after
from leasebook.facts.changes import change_subject
from leasebook.measure.collectability import as_due, doubt, expect
from leasebook.measure.course import Course, after
from leasebook.measure.end_of_lease import penalty_for_leaving
from leasebook.measure.epoch_change import Change
from leasebook.measure.lease_terms import amortised_over
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.rent_deferral import defer
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rounding import round_half_even

#: What falls due at the end of a lease, none of which is left once it has ended early.
_NOTHING_LEFT: Mapping[str, Any] = {
    "residual_payment": 0,
    "purchase_price": 0,
    "termination_penalty": 0,
    "passes_title": False,
}
_AT_START = ("initial_direct_costs", "incentives", "prepaid", "day_one", "restoration")


def _stated(course: Course, event: Event) -> tuple[int, ...] | None:
    """The payments that an event lists, in minor units; None if it lists none."""
    if not event.payments:
        return None
    return tuple(course.setting.minor(amount) for amount in event.payments)


def _remeasure(course: Course, event: Event) -> Course:
    """
    New payments or a new term: the change of the liability is put against the asset.

    Source: ASC 842-10-25-11(a), (b), (d), 842-10-35-4; IFRS 16.40, 16.45, 16.46(b).
    """
    stated = _stated(course, event)
    if stated is not None:
        return _listed(course, event, stated)
    day = event.date.get()
    if event.kind == "term-reassessed":
        course = course.renewed_once()
    level = course.level_from(day)
    return course.followed_by(after(course, event, course.due_from(day, level)), level)


def _listed(
    course: Course, event: Event, payments: tuple[int, ...], change: Change | None = None
) -> Course:
    """The course that goes on with payments that an event lists."""
    following = after(course, event, payments, change or Change())
    return course.at_new_terms(event.date.get(), payments).followed_by(following, payments)


def _renew(course: Course, event: Event) -> Course:
    """
    An option to renew is exercised against what was expected: a remeasurement for the longer term.

    Source: ASC 842-10-35-1(c), 842-10-35-3, 842-20-35-5; IFRS 16.21, 16.40(a).
    """
    begins = course.lease.commencement_date.get()
    gone = months_between(begins, event.date.get())
    added = renewal_after(course.lease, gone) or 0
    ends_at = gone + added
    if ends_at <= course.renewed_months:
        return course  # the term already counts this renewal
    rents = course.rents_after_the_term(course.periods_added(added))
    renewed = attrs.evolve(course, renewed_months=ends_at)
    if event.amount is None:
        return _new_rent(renewed, event, (*course.level_from(event.date.get()), *rents))
    return _agreed(renewed, event, len(rents))


def _leave(course: Course, event: Event) -> Course:
    """
    An option to renew is left against what was expected: the lease ends where it would go on.

    What the lessee owes under a guarantee of the residual falls due as the asset goes back.

    Source: ASC 842-10-30-5(f), 842-10-35-1(d); IFRS 16.20, 16.21, 16.27(c). What the term did not
    count is over anyway, and so is a term that the lessee has shortened to that day.

    Raises:
        NotModelled: If a guarantee falls due of which nothing is paid any more.
    """
    gone = months_between(course.lease.commencement_date.get(), event.date.get())
    if renewal_after(course.lease, gone) is None or course.renewed_months <= gone:
        return course
    if course.live(event.date.get()) >= course.last.periods:
        return course
    owed = course.last.residual_payment
    if owed and course.last.doubtful:
        raise NotModelled(f"{course.lease.id} is left with a guarantee that nobody will pay")
    return _ended(course, event, Change("ended", penalty=owed, guaranteed=owed))


def _fix_payments(course: Course, event: Event) -> Course:
    """
    Payments that varied are settled: a lessee measures them at the rate in use, and no class moves.

    For a lessor what is settled beyond what it measures is income as it falls due.

    Source: ASC 842-10-35-4, 842-20-35-5, 842-30-35-1; IFRS 16.36(c), 16.43, 16.B42(a)(ii).
    """
    stated = _stated(course, event) or ()
    if course.side == "lessee":
        return _listed(course, event, stated)
    day = event.date.get()
    settled = course.at_new_terms(day, stated)
    following = after(course, event, course.measured_from(day))
    following = attrs.evolve(following, variable=settled.beside_measured(day, stated))
    return settled.followed_by(following, stated)


def _change_rent(course: Course, event: Event) -> Course:
    """
    The parties agree on another rent for the periods that are left.

    Source: ASC 842-10-25-11(d); IFRS 16.45.
    """
    return _agreed(course, event, 0)


def _agreed(course: Course, event: Event, added: int) -> Course:
    """A level rent agreed anew, at today's index, for what is left and for periods that come."""
    day = event.date.get()
    count = len(course.level_from(day)) + added
    amount, first = course.setting.minor(event.amount), course.elapsed(day)
    level = tuple(amount if course.is_due(first + k) else 0 for k in range(count))
    return _new_rent(attrs.evolve(course, level_at=course.index_now), event, level)


def _new_rent(course: Course, event: Event, level: tuple[int, ...]) -> Course:
    """The course with another level of rent, at the rate in use unless the event states one."""
    following = after(course, event, course.due_from(event.date.get(), level))
    if course.live(event.date.get()) == 0 and not course.segments[1:]:
        # What is agreed on the first day is what commences.
        first = course.segments[0]
        at_start = {name: getattr(first, name) for name in _AT_START}
        following = attrs.evolve(following, **at_start)
        return attrs.evolve(course, segments=(following,), level_payments=level)
    return course.followed_by(following, level)


def _reassess_purchase(course: Course, event: Event) -> Course:
    """
    A purchase becomes certain, or no longer is: the payments to it and its price are what is left.

    Source: ASC 842-10-35-1(b), 842-20-35-4; IFRS 16.40(b).
    """
    day, setting = event.date.get(), course.setting
    course, level = until_purchase(course, event)
    payments = course.due_from(day, level)
    following = after(course, event, payments)
    certain = bool(event.reasonably_certain)
    elapsed = course.elapsed(day)
    following = attrs.evolve(
        following,
        purchase_price=setting.minor(event.price) if certain else 0,
        residual_payment=0 if certain else following.residual_payment,
        termination_penalty=0 if certain else following.termination_penalty,
        passes_title=certain,
        amortised_over=amortised_over(course.lease, setting, len(payments), elapsed, owned=certain),
    )
    return course.followed_by(following, level)


def until_purchase(course: Course, event: Event) -> tuple[Course, tuple[int, ...]]:
    """
    What a lessee expects to pay from the day on which its view of a purchase changes.

    Source: ASC 842-10-35-1(b); IFRS 16.20, 16.40(b). A purchase that is certain ends the payments.

    Returns:
        The course, on the terms that the event lists if it does, and its payments before index and
        incentive.
    """
    day, level = event.date.get(), _stated(course, event)
    if level is None:
        level = course.level_from(day)
    else:
        course = course.at_new_terms(day, level)
    if event.reasonably_certain and event.exercise is not None:
        level = level[: course.elapsed(event.exercise.get()) - course.elapsed(day)]
    return course, level


def _reassess_guarantee(course: Course, event: Event) -> Course:
    """
    Another amount is owed under the residual value guarantee; the rate stays.

    Source: ASC 842-10-35-4(c), 842-20-35-5; IFRS 16.42(a).
    """
    day = event.date.get()
    following = after(course, event, course.due_from(day))
    owed = course.setting.minor(event.amount)
    following = attrs.evolve(following, residual_payment=owed)
    return course.followed_by(following, course.level_from(day))


def _receive_incentive(course: Course, event: Event) -> Course:
    """
    An incentive comes now instead of later: it is no longer part of the payments.

    Source: ASC 842-10-35-1, 842-10-55-31; IFRS 16.24(b), 16.27(a).
    """
    day = event.date.get()
    fresh = attrs.evolve(course, incentive=Fraction(0))
    following = after(course, event, fresh.due_from(day))
    following = attrs.evolve(following, incentives=course.setting.minor(event.amount))
    return fresh.followed_by(following, course.level_from(day))


def _index(course: Course, event: Event) -> Course:
    """
    The index moves: only a lessee under IFRS remeasures, at the rate in use.

    For everybody else the difference passes through the result as it falls due. A floating rate of
    interest takes another rate with it, which the event then states.

    Source: ASC 842-10-35-4, 842-20-35-5, 842-30-35-1; IFRS 16.42(b), 16.43.
    """
    day = event.date.get()
    level = event.index_level
    moved = attrs.evolve(course, index_now=Fraction(level.get()) if level else course.index_now)
    if course.follows_index:
        return moved.followed_by(after(course, event, moved.due_from(day)), course.level_from(day))
    following = after(course, event, course.measured_from(day))
    following = attrs.evolve(following, variable=moved.beside_measured(day))
    return moved.followed_by(following, course.level_from(day))


def _reduce_term(course: Course, event: Event) -> Course:
    """
    A shorter term: under US GAAP a remeasurement, under IFRS a cut in scope.

    Source: ASC 842-10-25-12; IFRS 16.46(a).
    """
    stated = _stated(course, event) or ()
    cut = course.setting.framework == "ifrs" and course.side == "lessee"
    change = Change("term-cut" if cut else "remeasured", added_payments=_added(course, event))
    return _listed(course, event, stated, change)


def _added(course: Course, event: Event) -> tuple[int, ...]:
    return tuple(course.setting.minor(amount) for amount in event.added_payments)


def _add_right(course: Course, event: Event) -> Course:
    """
    A right of use is added: at its stand-alone price it is a contract of its own.

    Source: ASC 842-10-25-8, 842-10-25-11(a); IFRS 16.44, 16.45.
    """
    about = change_subject(course.lease.id, event, course.setting.events(course.lease.id))
    if course.setting.outcome("modification", about) == "separate-contract":
        return course
    change = Change(added_payments=_added(course, event))
    stated = _stated(course, event)
    if stated is not None:
        return _listed(course, event, stated, change)
    day = event.date.get()
    # Rents that go on are still before what is to be received of an incentive.
    following = after(course, event, course.due_from(day), change)
    return course.followed_by(following, course.level_from(day))


def _reduce_scope(course: Course, event: Event) -> Course:
    """
    Part of the right of use is given up; without new payments they fall with it.

    The asset falls by the share given up or with the liability, as the lessee chooses: the examples
    of ASC 842 allow both, and IFRS 16.46(a) asks that the asset reflect the termination and names
    no measure; example 17, which goes by the share, accompanies the standard.

    Source: ASC 842-10-25-13, 842-10-55-177 to 55-185; IFRS 16.45, 16.46(a), 16.IE17.
    """
    kept = Fraction(event.retained_share.get() if event.retained_share else 1)
    stated = _stated(course, event)
    if stated is None and kept == 1 and event.discount_rate is None:
        return course
    by_liability = course.lease.partial_termination == "liability"
    change = Change("liability-cut" if by_liability else "scope-cut", retained=kept)
    day = event.date.get()
    if stated is not None:
        cut = _listed(course, event, stated, change)
    else:
        level = tuple(round_half_even(kept * amount) for amount in course.level_from(day))
        fresh = attrs.evolve(course, incentive=kept * course.incentive)
        cut = fresh.followed_by(after(course, event, fresh.due_from(day, level), change), level)
    kept_payment = round_half_even(kept * cut.last.residual_payment)
    penalty = round_half_even(kept * cut.last.termination_penalty)
    last = attrs.evolve(cut.last, residual_payment=kept_payment, termination_penalty=penalty)
    return attrs.evolve(cut, segments=(*cut.segments[:-1], last))


def _change_terms(course: Course, event: Event) -> Course:
    """
    New terms of which only the class or the balances are known: nothing is measured after the day.

    Source: ASC 842-10-25-15 to 25-17; IFRS 16.80.
    """
    if event.payments:
        return _remeasure(course, event)
    measured = course.measured_from(event.date.get())
    following = attrs.evolve(after(course, event, measured), live_periods=0)
    return attrs.evolve(course, purchase=None).followed_by(following, measured)


def _terminate(course: Course, event: Event) -> Course:
    """
    The whole lease ends on the day, before a payment that falls due on it.

    Source: ASC 842-20-40-1; IFRS 16.46(a).
    """
    return _ended(course, event, Change("ended", penalty=_cost_of_leaving(course, event)))


def _ended(course: Course, event: Event, change: Change) -> Course:
    ended = attrs.evolve(after(course, event, (), change), **_NOTHING_LEFT)
    return attrs.evolve(course, purchase=None).followed_by(ended, ())


def _cost_of_leaving(course: Course, event: Event) -> int:
    """
    What ending the lease costs: what the event says, else what the option to leave says.

    Source: ASC 842-20-40-1; IFRS 16.46(a).
    """
    if event.penalty is not None or event.kind != "terminated":
        return course.setting.minor(event.penalty)
    gone = course.months_gone(course.elapsed(event.date.get()))
    return penalty_for_leaving(course.lease, course.setting, gone)


def sold(course: Course, event: Event) -> Course:
    """
    The lessee buys the asset on the day before the event's for what its lessor expects.

    Source: ASC 842-10-35-3; IFRS 16.79, 16.87. An option that nobody counted is exercised like a
    modification: what the lessor has let is given up for the price.
    """
    change = Change("sold", price=course.purchase or 0)
    gone = attrs.evolve(after(course, event, (), change), **_NOTHING_LEFT)
    return attrs.evolve(course, purchase=None).followed_by(gone, ())


def _impair(course: Course, event: Event) -> Course:
    """
    The right-of-use asset is written down; liability, payments and rate stay.

    Source: ASC 842-20-35-9 to 35-11; IFRS 16.33.
    """
    if course.side == "lessor":
        return course
    return as_due(course, event, Change(impairment=course.setting.minor(event.amount)))


Step = Callable[[Course, Event], Course]

#: What each kind of event does to a course.
STEPS: Mapping[str, Step] = {
    "renewal-exercised": _renew,
    "option-not-exercised": _leave,
    "payments-fixed": _fix_payments,
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
    "collection-doubtful": doubt,
    "collection-probable": expect,
    "impaired": _impair,
    "rent-deferred": defer,
}
