"""
Rent whose collection becomes doubtful, or probable again, and terms that stay as they are.
"""

from datetime import date

import attrs

from leasebook.contract.event import Event
from leasebook.measure.course import Course, after, fitted
from leasebook.measure.epoch_change import Change
from leasebook.measure.not_modelled import NotModelled


def expect(course: Course, event: Event) -> Course:
    """
    Collection becomes probable: a lessor that holds a deposit recognises the sale.

    Source: ASC 842-30-25-4. What the parties owe each other stays, and so does the lessee's side.

    Raises:
        NotModelled: If nothing is paid any more in the scenario.
    """
    if course.last.doubtful:
        raise NotModelled(f"{course.lease.id} becomes probable of collection after it was doubtful")
    return course if course.side == "lessee" else as_due(course, event, Change())


def as_due(course: Course, event: Event, change: Change) -> Course:
    """The course whose terms stay, and of which something else changes on a day."""
    day = event.date.get()
    following = after(course, event, course.measured_from(day), change)
    variable = fitted(course.last.variable[course.live(day) :], following.periods)
    following = attrs.evolve(following, variable=variable)
    return course.followed_by(following, course.level_from(day))


def doubt(course: Course, event: Event) -> Course:
    """
    Collection is no longer probable: what was billed last is open, and nothing more is paid.

    Source: ASC 842-30-25-13. That nothing more is paid is how the scenario is read.
    """
    day = event.date.get()
    course = _with_unpaid(course, day, event.unpaid_periods or 0)
    measured = course.measured_from(day)
    following = attrs.evolve(
        after(course, event, measured), unpaid=frozenset(range(len(measured))), doubtful=True
    )
    return course.followed_by(following, course.level_from(day))


def _with_unpaid(course: Course, day: date, periods: int) -> Course:
    """The course whose last periods before a day were not paid for, also those of earlier terms."""
    segments = []
    for segment in reversed(course.segments):
        over = course.live(day) if segment is course.last else segment.live_periods
        unpaid = frozenset(range(max(0, over - periods), over)) | segment.unpaid
        segments.append(attrs.evolve(segment, unpaid=unpaid))
        periods = max(0, periods - over)
    return attrs.evolve(course, segments=tuple(reversed(segments)))
