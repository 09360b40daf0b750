"""
The exact way for what `bounded` cannot decide: the same questions, answered in whole numbers.
"""

from collections.abc import Sequence
from fractions import Fraction

from leasebook.reckoning.present_value import present_value, present_value_at_rates
from leasebook.reckoning.rates import RATE_DECIMALS, NoCrossing, solve_rate
from leasebook.reckoning.rounding import round_half_even


def exact_value(
    due: Sequence[int],
    periods: int,
    numerator: Sequence[int],
    rate_step: int,
    denominator: int,
) -> tuple[int, int]:
    """
    As `bounded.near_value`, always decided.

    Example:
        >>> exact_value([0, 21], 1, [1], 0, 1)
        (10, 0)
    """
    return round_half_even(exact_worth(due, periods, numerator, rate_step, denominator)), 0


def exactly_settled(
    worth: float,
    bound: float,
    due: Sequence[int],
    periods: int,
    numerator: Sequence[int],
    rate_step: int,
    denominator: int,
) -> tuple[int, int]:
    """
    As `bounded.settled`, always decided.

    Example:
        >>> exactly_settled(10.5, 1e-15, [0, 21], 1, [1], 0, 1)
        (10, 0)
    """
    del worth, bound
    return exact_value(due, periods, numerator, rate_step, denominator)


def exact_worth(
    due: Sequence[int],
    periods: int,
    numerator: Sequence[int],
    rate_step: int,
    denominator: int,
) -> Fraction:
    """
    Present value now of amounts due now and at the close of each period, not rounded.

    Example:
        >>> exact_worth([0, 21], 1, [1], 0, 1)
        Fraction(21, 2)
    """
    amounts = [int(due[k]) for k in range(periods + 1)]
    if not rate_step:
        return present_value(amounts, Fraction(int(numerator[0]), int(denominator)), 0)
    rates = [Fraction(int(numerator[k]), int(denominator)) for k in range(periods)]
    return present_value_at_rates(amounts, rates)


def exact_rate(
    due: Sequence[int], periods: int, worth: int, lengths: Sequence[int]
) -> tuple[int, int]:
    """
    As `bounded.near_rate`, always decided.

    Example:
        >>> exact_rate([0, 5, 105], 2, 100, [])
        (50000000000000, 0)
    """
    del lengths
    amounts = [int(due[k]) for k in range(periods + 1)]
    if sum(amounts) <= worth:
        return 0, 0
    try:
        rate = solve_rate(lambda found: present_value(amounts, found, 0) - worth)
    except NoCrossing:
        return 0, 2
    return round_half_even(rate * 10**RATE_DECIMALS), 0
