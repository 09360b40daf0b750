"""
Day counts by name: how many days, and what part of a year, lie between two dates.

`30/360` is the bond basis without a rule for the end of February (ISDA 2006 4.16(f)); `30E/360`
the Eurobond basis (4.16(g)); `actual/actual` splits at year ends (4.16(b)).
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

#: Every convention that is known.
DAY_COUNTS = ("30/360", "30E/360", "actual/360", "actual/365", "actual/actual")


def _thirty(start: date, end: date) -> int:
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _thirty_european(start: date, end: date) -> int:
    months = 12 * (end.year - start.year) + end.month - start.month
    return 30 * months + min(end.day, 30) - min(start.day, 30)


def _actual(start: date, end: date) -> int:
    return (end - start).days


def _days_of_year(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _years_actual(start: date, end: date) -> Fraction:
    if start.year == end.year:
        return Fraction((end - start).days, _days_of_year(start.year))
    head = Fraction((date(start.year + 1, 1, 1) - start).days, _days_of_year(start.year))
    tail = Fraction((end - date(end.year, 1, 1)).days, _days_of_year(end.year))
    return head + (end.year - start.year - 1) + tail


_DAYS: dict[str, Callable[[date, date], int]] = {
    "30/360": _thirty,
    "30E/360": _thirty_european,
    "actual/360": _actual,
    "actual/365": _actual,
    "actual/actual": _actual,
}
_YEAR_DAYS = {"30/360": 360, "30E/360": 360, "actual/360": 360, "actual/365": 365}


def day_count(convention: str, start: date, end: date) -> int:
    """
    Days from the start, included, to the end, excluded, as the convention counts them.

    Args:
        convention: One of `DAY_COUNTS`.
        start: First day counted.
        end: First day no longer counted.

    Returns:
        Days.

    Raises:
        ValueError: If the convention is not known.

    Example:
        >>> day_count("30/360", date(2025, 10, 31), date(2025, 12, 31))
        60
    """
    if convention not in _DAYS:
        raise ValueError(f"day count {convention!r} is not one of {', '.join(DAY_COUNTS)}")
    return _DAYS[convention](start, end)


def year_fraction(convention: str, start: date, end: date) -> Fraction:
    """
    The part of a year from the start, included, to the end, excluded.

    Args:
        convention: One of `DAY_COUNTS`.
        start: First day counted.
        end: First day no longer counted.

    Returns:
        Years, exact.

    Raises:
        ValueError: If the convention is not known.

    Example:
        >>> year_fraction("actual/actual", date(2027, 12, 31), date(2028, 12, 31))
        Fraction(133591, 133590)
    """
    if convention == "actual/actual":
        return _years_actual(start, end)
    return Fraction(day_count(convention, start, end), _YEAR_DAYS.get(convention, 1))
