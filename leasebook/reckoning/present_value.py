"""
Present values: the exact rational, and the same rounded once.
"""

from collections.abc import Sequence
from fractions import Fraction

from leasebook.reckoning.rounding import divide_half_even


def _ratio(amounts: Sequence[int], rate: Fraction, first_at: int) -> tuple[int, int]:
    # Horner over the common power (1 + rate)^n: whole numbers only, no common divisor on the way.
    unit = rate.denominator
    growth = unit + rate.numerator
    total = 0
    power = 1
    for amount in amounts:
        total = total * growth + amount * power
        power *= unit
    last = len(amounts) - 1
    return total * unit**first_at, growth ** (last + first_at)


def present_value(amounts: Sequence[int], rate: Fraction, first_at: int) -> Fraction:
    """
    The exact present value of amounts due one period apart.

    Args:
        amounts: Minor units; `amounts[i]` is due at the end of period `first_at + i`.
        rate: Per period, above -1.
        first_at: 0 if the first amount is due now.

    Returns:
        Minor units, exact.

    Example:
        >>> present_value([105, 0, 0], Fraction(1, 20), 1)
        Fraction(100, 1)
    """
    if not amounts:
        return Fraction(0)
    return Fraction(*_ratio(amounts, rate, first_at))


def present_value_minor(amounts: Sequence[int], rate: Fraction, first_at: int) -> int:
    """
    The present value rounded once, half to even.

    Args:
        amounts: Minor units; `amounts[i]` is due at the end of period `first_at + i`.
        rate: Per period, above -1.
        first_at: 0 if the first amount is due now.

    Returns:
        Minor units.

    Example:
        >>> present_value_minor([100, 100], Fraction(1, 10), 0)
        191
    """
    if not amounts:
        return 0
    return divide_half_even(*_ratio(amounts, rate, first_at))


def relative_spread(streams: Sequence[Sequence[int]], rate: Fraction) -> Fraction:
    """
    How far the present values of several streams differ: largest over smallest less one, exact.

    Args:
        streams: Minor units, one period apart, the first of each due now; none is worth nothing.
        rate: Per period, above -1.

    Returns:
        A part of the smallest.

    Example:
        >>> relative_spread([[0, 110], [125], [0, 0, 121]], Fraction(1, 10))
        Fraction(1, 4)
    """
    # All over one power of the growth, so that no common divisor is looked for on the way; what a
    # stream has in common with the one before it is not added up again.
    unit = rate.denominator
    growth = unit + rate.numerator
    longest = max(len(amounts) for amounts in streams)
    worth: list[int] = []
    before: Sequence[int] = ()
    reached = [(0, 1)]
    for amounts in streams:
        same = 0
        while same < min(len(before), len(amounts)) and before[same] == amounts[same]:
            same += 1
        del reached[same + 1 :]
        total, power = reached[-1]
        for amount in amounts[same:]:
            total, power = total * growth + amount * power, power * unit
            reached.append((total, power))
        worth.append(total * growth ** (longest - len(amounts)))
        before = amounts
    return Fraction(max(worth), min(worth)) - 1


def present_value_at_rates(amounts: Sequence[int], rates: Sequence[Fraction]) -> Fraction:
    """
    The exact present value of amounts due now and after each of some periods.

    Args:
        amounts: Minor units, one more than there are rates; the first is due now.
        rates: Of each period, above -1.

    Returns:
        Minor units, exact.

    Example:
        >>> present_value_at_rates([0, 110, 132], [Fraction(1, 10), Fraction(1, 5)])
        Fraction(200, 1)
    """
    # A ratio of whole numbers, without looking for common divisors on the way.
    up, down = amounts[-1], 1
    for amount, rate in zip(reversed(amounts[:-1]), reversed(rates), strict=True):
        down *= rate.denominator + rate.numerator
        up = amount * down + up * rate.denominator
    return Fraction(up, down)


def closing_balance(
    opening: int, amounts: Sequence[int], rate: Fraction, *, advance: bool
) -> Fraction:
    """
    What is left of a balance that earns the rate and pays the amounts, exact.

    Args:
        opening: Minor units.
        amounts: Minor units, one for each period.
        rate: Per period.
        advance: Each amount is paid at the start of its period instead of at its end.

    Returns:
        Minor units at the end of the last period.

    Example:
        >>> closing_balance(100, [60, 60], Fraction(1, 10), advance=False)
        Fraction(-5, 1)
    """
    unit = rate.denominator
    growth = unit + rate.numerator
    balance = opening
    power = 1
    for amount in amounts:
        # The balance is held times unit ** periods so far.
        paid_before = amount * power if advance else 0
        power *= unit
        paid_after = 0 if advance else amount * power
        balance = (balance - paid_before) * growth - paid_after
    return Fraction(balance, power)
