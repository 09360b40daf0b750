"""
Published maturities month by month: when in a year money falls due, and how the rest tails off.

A table gives a total for each of five years and one for all that comes later. Three shapes of that
later time are taken. In all of them payments go on at the last year's monthly amount and fall by
one and the same share each month until the total is used up: by no share (level, the earliest
that payments which do not rise can fall due), by the share at which the total is never used up
(the slowest), and by one between them that gives the weighted-average remaining term that was
published, if every lease pays a level rent until it ends.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

import attrs

from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rounding import divide_half_even, spread_evenly

#: When in its year an amount falls due.
Within: TypeAlias = Literal["start", "monthly", "end"]
#: The longest tail, in months; what is left then falls due in the last of them.
TAIL_MONTHS_MAX = 600
#: The share by which payments fall is sought in hundredths of the largest.
SHARES = 100

_FINE = 10**6


@attrs.frozen
class Spans:
    """
    Maturities with the months that each of them covers, the tail apart.

    Attributes:
        months: Of each amount, in order from the reporting date.
        amounts: Whole units of account.
        thereafter: What falls due after the last of them.
    """

    months: tuple[int, ...]
    amounts: tuple[int, ...]
    thereafter: int

    @property
    def level_months(self) -> Fraction:
        """How long the tail is at the last year's amount."""
        if not self.thereafter:
            return Fraction(0)
        return Fraction(self.thereafter * self.months[-1], self.amounts[-1])

    def tail(self, share: int) -> list[int]:
        """
        The tail month by month.

        Args:
            share: 0 is level, `SHARES` the fall at which the total is never used up.

        Returns:
            Whole units of account that sum to `thereafter`.

        Example:
            >>> Spans((12,), (120,), 25).tail(0)
            [10, 10, 5]
        """
        if not self.thereafter:
            return []
        monthly, months = self.amounts[-1], self.months[-1]
        # A month's payment keeps 1 - share x (monthly / thereafter) of the one before.
        whole = SHARES * months * self.thereafter
        keeps = max(0, whole - share * monthly)
        due = divide_half_even(monthly * _FINE, months)
        reached, paid = 0, 0
        parts: list[int] = []
        while len(parts) < TAIL_MONTHS_MAX - 1 and due:
            reached += due
            if divide_half_even(reached, _FINE) >= self.thereafter:
                break
            parts.append(divide_half_even(reached, _FINE) - paid)
            paid += parts[-1]
            due = divide_half_even(due * keeps, whole)
        parts.append(self.thereafter - paid)
        return parts

    def by_month(self, share: int, within: Within) -> list[int]:
        """
        What falls due at the beginning of each month from the reporting date.

        Args:
            share: Of the tail.
            within: Each year's amount at its start, in equal monthly amounts in advance, or at its
                end, which is the beginning of the month after it.

        Returns:
            Whole units of account.

        Example:
            >>> Spans((3, 12), (30, 120), 0).by_month(0, "end")
            [0, 0, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 120]
        """
        tail = self.tail(share)
        years = [tail[k : k + 12] for k in range(0, len(tail), 12)]
        months = [*self.months, *(len(year) for year in years)]
        amounts = [*self.amounts, *(sum(year) for year in years)]
        if within == "monthly":
            parts = zip(self.months, self.amounts, strict=True)
            return [x for count, amount in parts for x in spread_evenly(amount, count)] + tail
        found = [0] * (sum(months) + 1)
        at = 0
        for count, amount in zip(months, amounts, strict=True):
            found[at if within == "start" else at + count] += amount
            at += count
        return found if within == "end" else found[:-1]


def weighted_term_years(dues: Sequence[int], monthly_rate: Fraction) -> Fraction:
    """
    The average remaining term, weighed by liability, of level leases that pay these amounts.

    What falls away between two months is the rent of leases that end there; a rise is rent of
    leases that begin. Each lease's liability is its rent times the annuity to its end.

    Source: ASC 842-20-55-11. That rents are level within each lease is an assumption.

    Args:
        dues: Whole units at the beginning of each month.
        monthly_rate: Nothing or more.

    Returns:
        Years.

    Example:
        >>> weighted_term_years([10] * 24, Fraction(1, 100))
        Fraction(2, 1)
    """
    ends = [before - after for before, after in zip(dues, [*dues[1:], 0], strict=True)]
    timed = [k * amount for k, amount in enumerate(ends, 1)]
    if monthly_rate == 0:
        squared = sum(k * amount for k, amount in enumerate(timed, 1))
        return Fraction(squared, 12 * sum(timed))
    above = sum(timed) - present_value(timed, monthly_rate, 1)
    below = sum(ends) - present_value(ends, monthly_rate, 1)
    return above / (12 * below)


def fitted_share(spans: Spans, monthly_rate: Fraction, term_years: Fraction) -> int:
    """
    The share whose tail comes nearest to a weighted-average term; an end of the range if none does.

    Args:
        spans: Maturities.
        monthly_rate: At which the liabilities that weigh are measured.
        term_years: As published.

    Returns:
        From 0 to `SHARES`.
    """

    def term(share: int) -> Fraction:
        return weighted_term_years(spans.by_month(share, "monthly"), monthly_rate)

    low, high = 0, SHARES
    if term(low) >= term_years:
        return low
    if term(high) <= term_years:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if term(middle) < term_years:
            low = middle
        else:
            high = middle
    return low if term_years - term(low) <= term(high) - term_years else high
