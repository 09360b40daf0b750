"""
Lease segments: one epoch of one lease, its opening value, its interest and its dates.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

import attrs

from leasebook.measure.schedule import Movement
from leasebook.reckoning.calendar import add_months, closes, days_of_use, periods
from leasebook.reckoning.kernel import accrue_segment, check_domain
from leasebook.reckoning.present_value import present_value_minor
from leasebook.reckoning.rounding import spread

Timing = Literal["advance", "arrears"]


@attrs.frozen
class LeaseSegment:
    """
    One epoch of one lease.

    Attributes:
        start: First day of the first period.
        periods: How many periods the terms of this epoch foresee.
        months: Length of a period.
        timing: Whether a payment falls on the first or on the last day of its period.
        payments: Minor units due, one for each period.
        rate: Per period.
        rate_text: The rate in words, for people.
        residual_payment: Minor units probable (US) or expected (IFRS) to be owed under a residual
            value guarantee; due at the close of the last period.
        initial_direct_costs: Minor units, at start.
        incentives: Minor units the lessor gives, at start.
        prepaid: Minor units paid to the lessor besides `payments`, at start.
        amortisation_periods: Over how many periods a finance lessee amortises, if not `periods`
            (the asset's life where title passes or a purchase option is certain).
        opening_liability: Minor units handed over in place of the present value.
        opening_rou: Minor units handed over in place of the liability with its costs.
        live_periods: How many periods are walked before the next epoch begins.
    """

    start: date
    periods: int
    months: int
    timing: Timing
    payments: tuple[int, ...]
    rate: Fraction
    rate_text: str
    residual_payment: int = 0
    initial_direct_costs: int = 0
    incentives: int = 0
    prepaid: int = 0
    amortisation_periods: int | None = None
    opening_liability: int | None = None
    opening_rou: int | None = None
    live_periods: int = attrs.field(
        default=attrs.Factory(lambda segment: segment.periods, takes_self=True)
    )

    def __attrs_post_init__(self) -> None:
        if self.periods < 1 or self.months < 1:
            raise ValueError("a lease segment has at least one period of at least one month")
        if len(self.payments) != self.periods:
            raise ValueError(f"{len(self.payments)} payments for {self.periods} periods")
        if not 1 <= self.live_periods <= self.periods:
            raise ValueError(f"{self.live_periods} live periods of {self.periods}")
        if self.rate <= -1:
            raise ValueError("a rate per period lies above -1")
        at_start = (self.initial_direct_costs, self.incentives, self.prepaid)
        check_domain([*self.payments, self.residual_payment, *at_start], self.rate.denominator)

    @property
    def in_advance(self) -> bool:
        """Whether payments fall on the first day of their period."""
        return self.timing == "advance"

    @property
    def first_at(self) -> int:
        """Periods from the start to the first payment."""
        return 0 if self.in_advance else 1

    @property
    def ends(self) -> bool:
        """Whether all its periods are walked."""
        return self.live_periods == self.periods

    def present_value(self) -> int:
        """
        Present value at start of the payments and of the residual payment, rounded once.

        Source: ASC 842-20-30-1(a); IFRS 16.26.

        Returns:
            Minor units; a payment due on the first day is included.

        Example:
            >>> LeaseSegment(date(2029, 1, 1), 2, 12, "advance", (100, 100), Fraction(1, 10),
            ...              "10 %").present_value()
            191
        """
        if self.opening_liability is not None:
            return self.opening_liability
        dues = [*self.payments, 0] if self.in_advance else [0, *self.payments]
        dues[-1] += self.residual_payment
        return present_value_minor(dues, self.rate, 0)

    def interest(self, opening: int, *, target: int | None = None) -> list[int]:
        """
        Interest of each of its periods on a balance that its payments serve.

        Source: ASC 842-20-35-1, 842-20-35-2; IFRS 16.36, 16.37.

        Args:
            opening: Minor units at start, a payment due that day included.
            target: Minor units to which the last interest brings the balance before the residual
                payment; None for the residual payment.

        Returns:
            Minor units, one for each of `periods`, live or not.

        Raises:
            TrueUpExceeded: If the opening balance is not the present value of what follows.
        """
        interest, _ = accrue_segment(
            opening,
            self.payments,
            [self.rate.numerator] * self.periods,
            self.rate.denominator,
            self.residual_payment if target is None else target,
            advance=self.in_advance,
            handed_over=self.opening_liability is not None,
        )
        return interest

    def continues(self, earlier: "LeaseSegment") -> bool:
        """
        Whether rate and remaining payments are what the earlier epoch foresaw after its live part.
        """
        return (
            self.payments == earlier.payments[earlier.live_periods :]
            and self.rate == earlier.rate
            and self.residual_payment == earlier.residual_payment
            and (self.months, self.timing) == (earlier.months, earlier.timing)
        )

    def rate_line(self, epoch: int) -> str:
        """The text under which a schedule lists its rate."""
        return f"epoch {epoch}: {self.rate_text}"


def dated_periods(segments: Sequence[LeaseSegment]) -> list[list[tuple[date, date]]]:
    """
    First and last day of each live period of consecutive segments.

    Epochs that follow without a gap keep stepping from the first one's anchor, so that month ends
    do not drift across epochs.

    Args:
        segments: In order of time.

    Returns:
        For each segment, the dates of its live periods.

    Raises:
        ValueError: If a segment does not start where the one before it is cut, or, after one that
            ran to its end, starts before that end.
    """
    dated: list[list[tuple[date, date]]] = []
    anchor, walked = date.min, 0
    for k, segment in enumerate(segments):
        if k == 0 or segment.start != add_months(anchor, walked):
            if k and not (segments[k - 1].ends and segment.start > dated[-1][-1][1]):
                cut = add_months(anchor, walked).isoformat()
                raise ValueError(f"epoch {k + 1} starts on {segment.start}; epoch {k} ends {cut}")
            anchor, walked = segment.start, 0
        if walked % segment.months:
            # The periods changed length: their numbers no longer reach back to the first anchor.
            anchor, walked = segment.start, 0
        first = walked // segment.months
        dated.append(periods(anchor, segment.months, segment.live_periods, first))
        walked += segment.months * segment.live_periods
    return dated


def period_movements(
    segment: LeaseSegment,
    epoch: int,
    dates: Sequence[tuple[date, date]],
    accruals: dict[str, list[int]],
) -> Iterator[Movement]:
    """
    Payments on their dates and accruals at the closes inside each live period, by days of use.

    Args:
        segment: Gives payments, timing and the residual payment.
        epoch: Its number, from 1.
        dates: First and last day of each live period.
        accruals: Minor units for each period, by column.

    Yields:
        Movements in the column `payment` and in the columns of `accruals`.
    """
    for k, (first, last) in enumerate(dates):
        due = first if segment.in_advance else last
        yield Movement(due, epoch, k + 1, {"payment": segment.payments[k]})
        closings = closes(first, last)
        weights = days_of_use(first, closings)
        parts = {column: spread(amounts[k], weights) for column, amounts in accruals.items()}
        for i, day in enumerate(closings):
            yield Movement(day, epoch, k + 1, {column: parts[column][i] for column in parts})
    if segment.ends and segment.residual_payment:
        settled = {"payment": segment.residual_payment}
        yield Movement(dates[-1][1], epoch, segment.periods, settled)
