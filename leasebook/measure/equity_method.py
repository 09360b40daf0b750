"""
The equity method's arithmetic: income shared out among the holders to the last unit.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from leasebook.measure.schedule import changes
from leasebook.reckoning.rounding import round_half_even


def shares_of_income(
    cumulative_income: Sequence[int], shares: Sequence[Fraction]
) -> list[list[int]]:
    """
    Each holder's part of the income of each period, such that the parts sum to the income.

    Income to date is cut at the cumulative shares and each cut rounded, so that neither rounding
    across holders nor across periods loses a unit.

    Source: ASC 323-10-35-4; IAS 28.10.

    Args:
        cumulative_income: Income to date at each date, minor units, in order.
        shares: Of each holder; they sum to one.

    Returns:
        For each holder, minor units of each period.

    Raises:
        ValueError: If the shares do not sum to one.

    Example:
        >>> shares_of_income([5, 10], [Fraction(1, 5), Fraction(4, 5)])
        [[1, 1], [4, 4]]
    """
    if sum(shares) != 1:
        raise ValueError(f"shares sum to {sum(shares)}, not to 1")
    cuts = [
        [round_half_even(income * upto) for income in cumulative_income]
        for upto in accumulate(shares, initial=Fraction(0))
    ]
    held = [
        [after - before for before, after in zip(below, above, strict=True)]
        for below, above in pairwise(cuts)
    ]
    return [changes(cumulative) for cumulative in held]
