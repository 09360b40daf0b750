"""
The course of a lease up to some event: its segments, and what is known of the payments to come.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.option_times import longest_months, renewal_after, stated_months
from leasebook.contract.rent_days import rent_days, rents_by_day
from leasebook.measure.end_of_lease import penalty_for_leaving
from leasebook.measure.epoch_change import Change
from leasebook.measure.exits import exits
from leasebook.measure.lease_components import Side
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import (
    amortised_over,
    incentive_at,
    rent_minor,
    with_rate,
)
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.rounding import round_half_even

REMEASURED = Change()


@attrs.frozen
class Course:
    """
    A lease up to some event.

    Attributes:
        lease: As signed.
        setting: Gives events and outcomes.
        side: Whose measurement.
        segments: So far; the last one is in force.
        level_payments: What is expected to be paid from the last segment's start on, before index
            and incentive. A lessee measures just these; a lessor goes on with the term it counts
            while its lessee expects a longer or a shorter one.
        level_at: The index level at which those stand.
        index_now: The index level in force.
        incentive: The part of the incentive that is still to be received.
        renewed_months: Months from commencement that the term covers by renewals.
        rate: The discount rate in use; None for the one implicit in the lease.
        purchase: Minor units for which the lessee will buy the asset where the expected payments
            end, if no segment measures that; None if it will not.
    """

    lease: Lease
    setting: Setting
    side: Side
    segments: tuple[LeaseSegment, ...]
    level_payments: tuple[int, ...]
    level_at: Fraction
    index_now: Fraction
    incentive: Fraction = Fraction(1)
    renewed_months: int = 0
    rate: Figure[Decimal] | None = None
    purchase: int | None = None

    @property
    def last(self) -> LeaseSegment:
        """The segment in force."""
        return self.segments[-1]

    def day(self, elapsed: int) -> date:
        """The day on which a number of periods have gone, counted from commencement."""
        days = rent_days(self.lease)
        return days[elapsed] if days else self._stepped(elapsed)

    def _stepped(self, elapsed: int) -> date:
        return add_months(self.segments[0].start, elapsed * self.last.months)

    def elapsed(self, day: date) -> int:
        """Periods since commencement that are over on a day."""
        days = rent_days(self.lease)
        if days:
            return bisect_right(days, day) - 1
        return months_between(self.segments[0].start, day) // self.last.months

    def is_due(self, elapsed: int) -> bool:
        """Whether a rent falls due in the period after some others: of dated ones, not in each."""
        due = rents_by_day(self.lease)
        return not due or self.day(elapsed) in due

    def months_gone(self, elapsed: int) -> int:
        """Months from commencement that a number of periods reach."""
        return months_between(self.segments[0].start, self.day(elapsed))

    def periods_added(self, months: int) -> int:
        """The periods of some months that come after the term that is expected."""
        gone = self.elapsed(self.last.start) + len(self.level_payments)
        over = add_months(self.segments[0].start, self.months_gone(gone) + months)
        return self.elapsed(over) - gone

    def live(self, day: date) -> int:
        """Periods of the segment in force that are over on a day."""
        return self.elapsed(day) - self.elapsed(self.last.start)

    @property
    def follows_index(self) -> bool:
        """
        Whether the balances are measured anew when an index or a rate moves.

        Source: ASC 842-10-35-5; IFRS 16.42(b), 16.43.
        """
        return self.setting.framework == "ifrs" and self.side == "lessee"

    @property
    def parts_on(self) -> date | None:
        """
        The day on which what is expected leaves the term that is counted; None if never.

        A purchase that is expected and not measured leaves it at the latest where it ends.
        """
        counted, expected = self.last.periods, len(self.level_payments)
        if counted == expected and self.purchase is None:
            return None
        return self.day(self.elapsed(self.last.start) + min(counted, expected))

    def level_from(self, day: date) -> tuple[int, ...]:
        """What is left of the payments before index and incentive."""
        return self.level_payments[self.live(day) :]

    def due_from(self, day: date, level: Sequence[int] | None = None) -> tuple[int, ...]:
        """What really falls due from a day on: at the index, less the incentive."""
        level = self.level_from(day) if level is None else level
        factor = self.index_now / self.level_at
        indexed = [round_half_even(factor * amount) for amount in level]
        at, amount = incentive_at(self.lease, self.setting)
        at -= self.elapsed(day)
        if 0 <= at < len(indexed):
            indexed[at] -= round_half_even(self.incentive * amount)
        return tuple(indexed)

    def measured_from(self, day: date) -> tuple[int, ...]:
        """What the balances are measured on from a day on, if nothing changes."""
        return self.last.payments[self.live(day) :]

    def beside_measured(self, day: date, level: Sequence[int] | None = None) -> tuple[int, ...]:
        """What falls due from a day on beyond what the balances are measured on."""
        known = self.measured_from(day)
        due = zip(self.due_from(day, level), known, strict=False)
        return fitted([paid - measured for paid, measured in due], len(known))

    def at_new_terms(self, day: date, payments: Sequence[int]) -> "Course":
        """The course once payments from a day on are listed: at that day's index, incentive off."""
        return attrs.evolve(
            self,
            level_at=self.index_now,
            incentive=Fraction(0),
            renewed_months=max(
                self.renewed_months,
                self.months_gone(self.elapsed(day) + len(payments)),
            ),
        )

    def followed_by(self, following: LeaseSegment, level: Sequence[int]) -> "Course":
        """The course with one more segment, the one before it cut where that begins."""
        # What is due at the end is settled when the lease is over, not where a renewal begins.
        goes_on = self.last.final_payment != 0
        if self.live(following.start) > self.last.periods:
            end = self.day(self.elapsed(self.last.start) + self.last.periods)
            cause = f"{self.lease.id} is over on {end}, and something happens to it on"
            raise NotModelled(f"{cause} {following.start}")
        cut = attrs.evolve(self.last, live_periods=self.live(following.start), goes_on=goes_on)
        segments = (*self.segments[:-1], cut, following)
        return attrs.evolve(self, segments=segments, level_payments=tuple(level))

    def renewed_once(self) -> "Course":
        """
        The course that expects one more renewal, unless the term has counted it.

        A term that ends where the lessee may leave goes on to the end of the stated one.
        """
        left = max(0, longest_months(self.lease) - self.renewed_months)
        months = renewal_after(self.lease, self.renewed_months)
        if self.last.termination_penalty and self.renewed_months < stated_months(self.lease):
            months = stated_months(self.lease) - self.renewed_months
        if months is None:  # the term was listed anew, and renewals count from its end
            months = renewal_after(self.lease, self.lease.noncancellable.get().months) or 0
        added = self.periods_added(min(months, left))
        level = (*self.level_payments, *self.rents_after_the_term(added))
        reached = self.months_gone(self.elapsed(self.last.start) + len(level))
        covered = max(self.renewed_months, reached)
        return attrs.evolve(self, level_payments=level, renewed_months=covered)

    def rents_after_the_term(self, added: int) -> tuple[int, ...]:
        """
        The rents that the contract foresees for periods after the term that is expected.

        The contract states them at the index of its beginning, and they go up with it also where
        other rents were agreed anew: here they stand at `level_at`, like those before them.

        Source: ASC 842-10-35-5; IFRS 16.27(b), 16.42(b).
        """
        gone = self.elapsed(self.last.start) + len(self.level_payments)
        stated = rent_minor(self.lease, self.setting, gone + added)[gone:]
        if self.lease.index_base is None:
            return stated
        factor = self.level_at / Fraction(self.lease.index_base.get())
        return tuple(round_half_even(factor * amount) for amount in stated)


def after(
    course: Course, event: Event, payments: Sequence[int], change: Change = REMEASURED
) -> LeaseSegment:
    """
    The segment that an event begins, with the rate the event states or the one in use.

    Source: ASC 842-10-25-12, 842-20-35-4, 842-20-35-5; IFRS 16.41, 16.43, 16.45(c).

    Args:
        course: Up to the event.
        event: Gives the day and perhaps a rate.
        payments: Minor units of each period that is left.
        change: How the segment takes over the balances.
    """
    last, lease, setting = course.last, course.lease, course.setting
    day = event.date.get()
    periods = len(payments)
    elapsed = course.elapsed(day)
    if not periods and not change.over:
        raise NotModelled(f"{lease.id} is over, and {event.kind} happens to it on {day}")
    segment = LeaseSegment(
        start=day,
        periods=periods,
        months=last.months,
        timing=last.timing,
        payments=tuple(payments),
        rate=last.rate,
        rate_text=last.rate_text,
        days=rent_days(lease)[elapsed : elapsed + periods + 1],
        usage=fitted(last.usage[course.live(day) :], periods),
        # What is no longer paid stays unpaid, whatever the parties agree on.
        unpaid=frozenset(range(periods)) if last.doubtful else frozenset(),
        doubtful=last.doubtful,
        deferred=fitted(last.deferred[course.live(day) :], periods),
        caught_up=fitted(last.caught_up[course.live(day) :], periods),
        residual_payment=last.residual_payment,
        purchase_price=last.purchase_price,
        termination_penalty=_penalty(course, event, elapsed + periods),
        passes_title=last.passes_title,
        amortised_over=amortised_over(lease, setting, periods, elapsed, owned=last.passes_title),
        change=change,
    )
    figure = event.discount_rate or course.rate
    if (event.discount_rate is None and not last.period_rates) or not periods:
        return segment
    days = [course.day(elapsed + k) for k in range(periods + 1)]
    rated = with_rate(segment, lease, setting, figure, days)
    # The rate in use keeps its name.
    return rated if event.discount_rate else attrs.evolve(rated, rate_text=last.rate_text)


def _penalty(course: Course, event: Event, reached: int) -> int:
    """
    What leaving costs where the payments that are expected after an event end, minor units.

    The lessee comes to count on its option to leave, or no longer does; an end that the parties
    agree on, and one that the contract has without that option, cost nothing.

    Source: ASC 842-10-30-5(d), 842-10-35-4(a); IFRS 16.27(e), 16.40(a).

    Args:
        course: Up to the event.
        event: What happens.
        reached: Periods from commencement to the new end.
    """
    last, lease = course.last, course.lease
    if reached == course.elapsed(last.start) + last.periods:
        return last.termination_penalty
    if event.kind != "term-reassessed":
        return 0
    months = course.months_gone(reached)
    bound = max(longest_months(lease), course.renewed_months)
    if months >= bound or any(end.months == months for end in exits(lease)):
        return 0
    return penalty_for_leaving(lease, course.setting, months)


def fitted(amounts: Sequence[int], periods: int) -> tuple[int, ...]:
    """
    Amounts cut or filled up to a number of periods; empty if they are nothing.

    Example:
        >>> fitted([1, 2], 3), fitted([0], 2)
        ((1, 2, 0), ())
    """
    return tuple([*amounts, *[0] * periods][:periods]) if any(amounts) else ()
