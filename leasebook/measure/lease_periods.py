"""
The periods of lease segments by date, and what moves in each of them on which day.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.schedule import Movement
from leasebook.reckoning.calendar import add_months, closes, days_of_use, periods
from leasebook.reckoning.rounding import spread


def dated_periods(segments: Sequence[LeaseSegment]) -> list[list[tuple[date, date]]]:
    """
    First and last day of each live period of consecutive segments.

    Epochs that follow without a gap keep stepping from the first one's anchor, so that month ends
    do not drift across epochs.

    Source: ASC 842-10-25-11, 842-20-35-4; IFRS 16.36, 16.39: a remeasured lease goes on from day
    to day.

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
        if segment.days:
            ended = segments[k - 1].days[segments[k - 1].live_periods] if k else segment.start
            if segment.start != ended:
                raise ValueError(f"epoch {k + 1} starts on {segment.start}; epoch {k} ends {ended}")
            live = pairwise(segment.days[: segment.live_periods + 1])
            dated.append([(first, last - timedelta(days=1)) for first, last in live])
            continue
        if k == 0 or segment.start != add_months(anchor, walked):
            if k and not (segments[k - 1].ends and segment.start > _last_day(dated)):
                cut = add_months(anchor, walked).isoformat()
                raise ValueError(f"epoch {k + 1} starts on {segment.start}; epoch {k} ends {cut}")
            anchor, walked = _anchored(segment)
        if walked % segment.months:
            # The periods changed length: their numbers no longer reach back to the first anchor.
            anchor, walked = segment.start, 0
        first = walked // segment.months
        dated.append(periods(anchor, segment.months, segment.live_periods, first))
        walked += segment.months * segment.live_periods
    return dated


def _anchored(segment: LeaseSegment) -> tuple[date, int]:
    """The day from which periods are counted, and the months from it to the segment's start."""
    anchor, start = segment.anchor or segment.start, segment.start
    walked = 12 * (start.year - anchor.year) + start.month - anchor.month
    return (anchor, walked) if add_months(anchor, walked) == start else (start, 0)


def _last_day(dated: Sequence[Sequence[tuple[date, date]]]) -> date:
    return max((last for some in dated for _, last in some), default=date.min)


def _variable(
    segment: LeaseSegment, epoch: int, k: int, days: tuple[date, date]
) -> Iterator[Movement]:
    """Rent outside the balances: with the payment, or at the close of the period."""
    for day, amounts in zip(days, (segment.variable, segment.usage), strict=True):
        if amounts and k not in segment.unpaid:
            yield Movement(day, epoch, k + 1, {"variable_payment": amounts[k]})


def _due(segment: LeaseSegment, k: int) -> dict[str, int]:
    """The rent of a period, counted from 0: paid, or billed and open, and what is caught up."""
    rent = segment.payments[k]
    if k in segment.unpaid:
        return {"billed": rent}
    if not segment.deferred:
        return {"payment": rent}
    later = segment.deferred[k]
    caught_up = segment.caught_up[k] if segment.caught_up else 0
    return {"payment": rent - later, "billed": later, "billed_settled": caught_up}


def period_movements(
    segment: LeaseSegment,
    epoch: int,
    dates: Sequence[tuple[date, date]],
    accruals: dict[str, list[int]],
) -> Iterator[Movement]:
    """
    Payments on their dates and accruals at the closes inside each live period, by days of use.

    Source: ASC 842-20-25-6(a), 842-20-35-1, 842-30-25-11; IFRS 16.31, 16.36, 16.81.

    Args:
        segment: Gives payments, timing and what is due at the end.
        epoch: Its number, from 1.
        dates: First and last day of each live period.
        accruals: Minor units for each period, by column.

    Yields:
        Movements in the columns `payment`, `billed` and `billed_settled`, `variable_payment` and
        those of `accruals`.
    """
    for k, (first, last) in enumerate(dates):
        due = first if segment.in_advance else last
        yield Movement(due, epoch, k + 1, _due(segment, k))
        yield from _variable(segment, epoch, k, (due, last))
        closings = closes(first, last)
        weights = days_of_use(first, closings)
        parts = {column: spread(amounts[k], weights) for column, amounts in accruals.items()}
        for i, day in enumerate(closings):
            yield Movement(day, epoch, k + 1, {column: parts[column][i] for column in parts})
    if segment.ends and dates:
        paid = segment.final_payment - segment.left_open
        for column, amount in (("payment", paid), ("billed", segment.left_open)):
            if amount:
                yield Movement(dates[-1][1], epoch, segment.periods, {column: amount})
