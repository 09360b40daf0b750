"""
Rent that the landlord lets the tenant pay later: as a modification, or as rent due and still open.
"""

from collections.abc import Sequence

import attrs

from leasebook.contract.event import Event
from leasebook.facts.changes import change_subject
from leasebook.measure.course import Course, after, fitted
from leasebook.measure.deferred_rent import paid_later, put_off
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting

#: The decision about a deferral, and the outcome under which nothing of the lease changes.
DECISION, STAYS_DUE = "rent_deferral", "stays-due"


def stays_due(event: Event, setting: Setting) -> bool:
    """Whether the contract itself lets the tenant pay later, so that the lease is not modified."""
    if event.kind != "rent-deferred":
        return False
    about = change_subject(event.contract, event, setting.events(event.contract))
    return setting.outcome(DECISION, about) == STAYS_DUE


def defer(course: Course, event: Event) -> Course:
    """
    The tenant pays some of its rent later.

    If the contract gives it the right, every rent still falls due as it did, and what is not paid
    is a payable and a receivable until it is: income, cost and the lease liability stay. Otherwise
    the parties change the consideration in time, which is a modification: the payments to come are
    measured again. What is agreed by commencement is what commences.

    Source: ASC 842-10-25-8, 842-10-25-11(d), 842-10-25-12, 842-20-35-1; IFRS 16.36, 16.44, 16.45.

    Raises:
        NotModelled: If the lease is in another currency, or over before all is paid.
    """
    day = event.date.get()
    if course.setting.home is not None:
        raise NotModelled(f"{course.lease.id} is in another currency, and its rent is deferred")
    first = course.live(day) == 0 and not course.segments[1:]
    if stays_due(event, course.setting) and not first:
        kept = attrs.evolve(event, discount_rate=None)
        measured = course.measured_from(day)
        later, back = put_off(measured, event, course.last.months)
        following = after(course, kept, measured)
        following = attrs.evolve(
            following,
            variable=fitted(course.last.variable[course.live(day) :], following.periods),
            deferred=_added(following.deferred, later),
            caught_up=_added(following.caught_up, back),
        )
        return course.followed_by(following, course.level_from(day))
    level = course.level_from(day)
    moved = tuple(paid_later(level, event, course.last.months))
    following = after(course, event, course.due_from(day, moved))
    if first:
        following = attrs.evolve(course.last, payments=following.payments)
        return attrs.evolve(course, segments=(following,), level_payments=moved)
    return course.followed_by(following, moved)


def _added(held: Sequence[int], more: Sequence[int]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(held or [0] * len(more), more, strict=True))
