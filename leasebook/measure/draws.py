"""
Draws: a total that is called, spent or paid in, month by month.
"""

from datetime import date

from leasebook.reckoning.calendar import month_end, month_ends
from leasebook.reckoning.rounding import spread_evenly


def straight_line_draws(total: int, first: date, last: date) -> list[tuple[date, int]]:
    """
    A total in equal parts at the end of each month, by cumulative rounding.

    The last part falls on the last day itself, where that is before its month's end.

    Args:
        total: Minor units.
        first: Any day of the first month.
        last: The last day.

    Returns:
        Day and minor units, one for each month; they sum to the total.

    Raises:
        ValueError: If the last month lies before the first.

    Example:
        >>> straight_line_draws(100, date(2025, 11, 1), date(2025, 12, 31))
        [(datetime.date(2025, 11, 30), 50), (datetime.date(2025, 12, 31), 50)]
    """
    days = month_ends(first, month_end(last))
    if not days:
        raise ValueError(f"no month from {first} to {last}")
    days[-1] = min(days[-1], last)
    return list(zip(days, spread_evenly(total, len(days)), strict=True))
