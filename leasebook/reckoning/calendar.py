"""
The calendar: months stepped from an anchor, periods, month ends and fiscal years.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

_DAY = timedelta(days=1)

#: Months that are stepped and ended once: every schedule of a deal asks for the same ones.
_KEPT = 1 << 16


@lru_cache(maxsize=_KEPT)
def add_months(anchor: date, months: int) -> date:
    """
    The anchor moved by whole months; a day that the month lacks becomes the month's last.

    Step from the anchor, never from a date stepped before, and month ends do not drift.

    Args:
        anchor: The date counted from.
        months: How many, of either sign.

    Returns:
        The date.

    Example:
        >>> add_months(date(2028, 1, 31), 1), add_months(date(2028, 1, 31), 2)
        (datetime.date(2028, 2, 29), datetime.date(2028, 3, 31))
    """
    return anchor + relativedelta(months=months)


def periods(anchor: date, every_months: int, count: int, first: int = 0) -> list[tuple[date, date]]:
    """
    Consecutive periods of whole months, each with its first and its last day.

    Args:
        anchor: First day of period 0.
        every_months: Length of a period in months.
        count: How many periods.
        first: Number of the first period wanted, counted from 0.

    Returns:
        First day and last day, both included, for each period.

    Example:
        >>> periods(date(2029, 1, 1), 1, 1)
        [(datetime.date(2029, 1, 1), datetime.date(2029, 1, 31))]
    """
    starts = [add_months(anchor, every_months * k) for k in range(first, first + count + 1)]
    return [(starts[k], starts[k + 1] - _DAY) for k in range(count)]


@lru_cache(maxsize=_KEPT)
def month_end(day: date) -> date:
    """
    The last day of the month of a date.

    Example:
        >>> month_end(date(2028, 2, 3))
        datetime.date(2028, 2, 29)
    """
    return day + relativedelta(day=31)


def month_ends(first: date, last: date) -> list[date]:
    """
    The month ends from one date to another, both included.

    Args:
        first: The earliest date.
        last: The latest date.

    Returns:
        The month ends, ascending; empty if there is none.

    Example:
        >>> month_ends(date(2025, 10, 31), date(2025, 11, 30))
        [datetime.date(2025, 10, 31), datetime.date(2025, 11, 30)]
    """
    start = month_end(first)
    months = 12 * (last.year - start.year) + last.month - start.month
    stepped = (month_end(add_months(start, k)) for k in range(months + 1))
    return [day for day in stepped if day <= last]


def closes(first: date, last: date) -> list[date]:
    """
    The days at whose close a period is reported: the month ends inside it and its last day.

    Args:
        first: First day of the period.
        last: Last day of the period.

    Returns:
        The dates, ascending, ending with `last`.

    Example:
        >>> closes(date(2029, 1, 15), date(2029, 2, 14))
        [datetime.date(2029, 1, 31), datetime.date(2029, 2, 14)]
    """
    return [*month_ends(first, last - _DAY), last]


def days_of_use(first: date, closings: Sequence[date]) -> list[int]:
    """
    The days between consecutive closes, the day of each close included.

    Args:
        first: First day of the period.
        closings: As `closes` gives them.

    Returns:
        Days up to each close since the one before; they sum to the days of the period.

    Example:
        >>> days_of_use(date(2029, 1, 15), closes(date(2029, 1, 15), date(2029, 2, 14)))
        [17, 14]
    """
    before = [first - _DAY, *closings[:-1]]
    return [(day - earlier).days for earlier, day in zip(before, closings, strict=True)]


def months_between(start: date, end: date) -> int:
    """
    Whole months from one date to another.

    Args:
        start: The date counted from.
        end: On or after the start.

    Returns:
        The largest number of months that, added to the start, does not pass the end.

    Example:
        >>> months_between(date(2028, 1, 31), date(2028, 2, 29))
        1
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def stepped(first: date, every_months: int, last: date) -> list[date]:
    """
    The days that steps of whole months reach, from the first on and none after the last.

    Example:
        >>> stepped(date(2026, 1, 31), 1, date(2026, 3, 30))
        [datetime.date(2026, 1, 31), datetime.date(2026, 2, 28)]
    """
    days: list[date] = []
    while (day := add_months(first, len(days) * every_months)) <= last:
        days.append(day)
    return days


def steps_around(anchor: date, every_months: int, day: date) -> tuple[date, date]:
    """
    The last step from an anchor on or before a day, and the first one after it.

    Args:
        anchor: Step 0; there is none before it.
        every_months: From one step to the next.
        day: Not before the anchor.

    Example:
        >>> steps_around(date(2028, 1, 31), 1, date(2028, 3, 1))
        (datetime.date(2028, 2, 29), datetime.date(2028, 3, 31))
    """
    steps = max(0, months_between(anchor, day)) // every_months
    return add_months(anchor, steps * every_months), add_months(anchor, (steps + 1) * every_months)


@lru_cache(maxsize=_KEPT)
def _year_end(year: int, year_end: tuple[int, int]) -> date:
    # relativedelta clips 29 February in common years, which date() refuses.
    return date(year, year_end[0], 1) + relativedelta(day=year_end[1])


def fiscal_year(day: date, year_end: tuple[int, int]) -> int:
    """
    The fiscal year a date falls in, named by the calendar year in which it ends.

    Args:
        day: Any date.
        year_end: Month and day; (2, 29) is the last day of February in every year.

    Returns:
        A calendar year.

    Example:
        >>> fiscal_year(date(2026, 7, 1), (6, 30))
        2027
    """
    return day.year if day <= _year_end(day.year, year_end) else day.year + 1


def fiscal_year_bounds(year: int, year_end: tuple[int, int]) -> tuple[date, date]:
    """
    First and last day of a fiscal year.

    Args:
        year: The calendar year in which it ends.
        year_end: Month and day; (2, 29) is the last day of February in every year.

    Returns:
        Both days, included.

    Example:
        >>> fiscal_year_bounds(2027, (2, 29))
        (datetime.date(2026, 3, 1), datetime.date(2027, 2, 28))
    """
    return _year_end(year - 1, year_end) + _DAY, _year_end(year, year_end)
