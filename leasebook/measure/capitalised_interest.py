"""
Interest capitalised while an asset is built: by average expenditures, or by the borrowing itself.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from leasebook.reckoning.rounding import round_half_even


def capitalised_interest(
    months: Sequence[date],
    opening: int,
    expenditure: Sequence[int],
    rate: Fraction,
    incurred: Sequence[int],
) -> list[tuple[date, int]]:
    """
    Interest capitalised each month on average accumulated expenditures, capped at what is incurred.

    A month's average is what was spent before it, interest capitalised before included, plus half
    of what is spent in it. The cap is the interest cost of the entity that reports.

    Source: ASC 835-20-30-2, 835-20-30-3, 835-20-30-4, 835-20-30-6; for general borrowings
    IAS 23.14, 23.18.

    Args:
        months: Month ends.
        opening: Expenditures before the first month, minor units.
        expenditure: Of each month, minor units.
        rate: Per month; the weighted average of several borrowings.
        incurred: Interest cost of each month, minor units.

    Returns:
        Month end and minor units.

    Example:
        >>> capitalised_interest([date(2029, 1, 31)], 1000, [200], Fraction(1, 100), [50])
        [(datetime.date(2029, 1, 31), 11)]
    """
    accumulated = opening
    capitalised = []
    for day, spent, cap in zip(months, expenditure, incurred, strict=True):
        average = accumulated + Fraction(spent, 2)
        amount = min(round_half_even(average * rate), cap)
        capitalised.append((day, amount))
        accumulated += spent + amount
    return capitalised


def borrowing_costs_specific(
    months: Sequence[date], incurred: Sequence[int], investment_income: Sequence[int]
) -> list[tuple[date, int]]:
    """
    Costs of a specific borrowing capitalised each month, less income on its temporary investment.

    Source: IAS 23.12, 23.13.

    Args:
        months: Month ends.
        incurred: Interest on the borrowing in each month, minor units.
        investment_income: Income of each month on the part not yet spent, minor units.

    Returns:
        Month end and minor units; negative in a month whose income exceeds its interest.

    Example:
        >>> borrowing_costs_specific([date(2029, 1, 31)], [150], [40])
        [(datetime.date(2029, 1, 31), 110)]
    """
    return [
        (day, cost - income)
        for day, cost, income in zip(months, incurred, investment_income, strict=True)
    ]
