"""
Days of periods and the value of money between them.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import lcm

_DIGITS = 90
_FROZEN = Decimal("1e-15")
_ENOUGH = Decimal("1e-40")


def boundary(anchor: date, months: int) -> date:
    """
    The day that lies whole months after an anchor; a day its month lacks is the month's last.

    Example:
        >>> boundary(date(2028, 1, 31), 1), boundary(date(2028, 1, 31), 14)
        (datetime.date(2028, 2, 29), datetime.date(2029, 3, 31))
    """
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Grid:
    """
    The periods of a lease: time k lies k periods after commencement.

    They step by months from an anchor, or lie between days that are stated.
    """

    anchor: date
    months: int
    days: tuple[date, ...] = ()

    def opens(self, time: int) -> date:
        """The first day after k periods."""
        return self.days[time] if self.days else boundary(self.anchor, self.months * time)

    def between(self, first: int, last: int) -> int:
        """How much time lies between two times: periods, or days where they are stated."""
        if not self.days:
            return last - first
        return (self.opens(last) - self.opens(first)).days

    def closes(self, time: int) -> date:
        """The last day of the k-th period."""
        return self.opens(time) - timedelta(days=1)

    def share_of_first_day(self, time: int) -> Fraction:
        """
        How much of the period that opens at a time is reported at the close of its first day.

        Reports are made at month ends; a period accrues by its days.
        """
        first = self.opens(time)
        if (first + timedelta(days=1)).month == first.month:
            return Fraction(0)
        return Fraction(1, (self.opens(time + 1) - first).days)

    def time_of(self, day: date) -> int:
        """
        The time that opens on a day.

        Raises:
            ValueError: If no period begins on it.
        """
        if self.days:
            return self.days.index(day)
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        time = months // self.months
        if self.opens(time) != day:
            raise ValueError(f"no period begins on {day}")
        return time


def frozen(value: Decimal) -> Fraction:
    """
    A rate at fifteen decimals, half to even.

    Example:
        >>> frozen(Decimal("0.0000000000000025"))
        Fraction(1, 500000000000000)
    """
    with localcontext() as context:
        context.prec = _DIGITS
        return Fraction(value.quantize(_FROZEN, rounding=ROUND_HALF_EVEN))


@cache
def _power(base: Decimal, exponent: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        part = Decimal(exponent.numerator) / Decimal(exponent.denominator)
        return (base.ln() * part).exp()


@dataclass(frozen=True)
class Yield:
    """
    What money earns: a quoted rate, the convention it is quoted in, and the lease's periods.

    Example:
        >>> Yield(Decimal("0.06"), "nominal", Grid(date(2029, 1, 1), 1)).per_period
        Fraction(1, 200)
    """

    quoted: Decimal
    convention: str
    grid: Grid

    @property
    def counts_days(self) -> bool:
        """Whether money grows by the days between two dates."""
        return self.convention == "actual-365" or bool(self.grid.days)

    @property
    def per_period(self) -> Fraction:
        """The rate of one period; there is none where days are counted."""
        if self.convention == "per-period":
            return Fraction(self.quoted)
        if self.convention == "nominal":
            return Fraction(self.quoted) * Fraction(self.grid.months, 12)
        if self.convention != "effective-annual":
            raise ValueError(self.convention)
        return frozen(_power(1 + self.quoted, Fraction(self.grid.months, 12)) - 1)

    def worth(self, dues: Iterable[tuple[int, Fraction]], at: int) -> Fraction:
        """
        What amounts due at times are worth at a time not later than any of them.
        """
        if self.counts_days:
            return self._worth_by_days(dues, at)
        return worth_at(self.per_period, dues, at)

    def _worth_by_days(self, dues: Iterable[tuple[int, Fraction]], at: int) -> Fraction:
        now = self.grid.opens(at)
        total = Fraction(0)
        for time, amount in dues:
            days = (self.grid.opens(time) - now).days
            growth = _power(1 + self.quoted, Fraction(days, 365))
            total += amount / Fraction(growth)
        return total


def worth_by_days(
    rate: Fraction, grid: Grid, dues: Iterable[tuple[int, Fraction]], at: int
) -> Fraction:
    """The present value of amounts at a yearly rate, by the days to each of them over 365."""
    return Yield(Decimal(rate.numerator) / Decimal(rate.denominator), "actual-365", grid).worth(
        dues, at
    )


def worth_at(rate: Fraction, dues: Iterable[tuple[int, Fraction]], at: int) -> Fraction:
    """
    The present value of amounts at a rate per period, over one common denominator.

    Example:
        >>> worth_at(Fraction(1, 10), [(1, Fraction(110)), (2, Fraction(121))], 0)
        Fraction(200, 1)
    """
    later = [(time - at, amount) for time, amount in dues if amount]
    if not later:
        return Fraction(0)
    up, down = (1 + rate).numerator, (1 + rate).denominator
    farthest = max(wait for wait, _ in later)
    unit = lcm(*(amount.denominator for _, amount in later))
    total = sum(int(amount * unit) * down**wait * up ** (farthest - wait) for wait, amount in later)
    return Fraction(total, unit * up**farthest)


class NoRate(ValueError):  # noqa: N818 - the name says what was found
    """No rate from 0 to 300 % a period makes the amounts worth that."""


def solved(
    dues: list[tuple[int, Fraction]], worth: Fraction, grid: Grid | None = None, at: int = 0
) -> Fraction:
    """
    The rate per period, at least 0 and frozen, at which amounts due are worth a given amount.

    With a grid of stated days it is the yearly rate. The amounts are worth that at a time.

    Newton's steps, halved into the bracket where one would leave it.

    Example:
        >>> solved([(1, Fraction(110))], Fraction(100))
        Fraction(1, 10)
    """
    if sum(amount for _, amount in dues) <= worth:
        return Fraction(0)
    with localcontext() as context:
        context.prec = _DIGITS
        dated = grid if grid is not None and grid.days else None
        waits = [_years(dated, at, t) if dated else Decimal(t - at) for t, _ in dues]
        known = zip(waits, (a for _, a in dues), strict=True)
        amounts = [(t, Decimal(a.numerator) / Decimal(a.denominator)) for t, a in known]
        target = Decimal(worth.numerator) / Decimal(worth.denominator)
        low, high = Decimal(0), Decimal(3)
        if _excess(amounts, high, target) > 0:
            raise NoRate
        rate = low
        while high - low > _ENOUGH:
            value = _excess(amounts, rate, target)
            low, high = (rate, high) if value > 0 else (low, rate)
            slope = -sum(t * a / (1 + rate) ** (t + 1) for t, a in amounts)
            step = -value / slope if slope else high
            if abs(step) < _ENOUGH:
                break
            rate = rate + step if low < rate + step < high else (low + high) / 2
        return frozen(rate)


def _years(grid: Grid, first: int, last: int) -> Decimal:
    return Decimal((grid.opens(last) - grid.opens(first)).days) / 365


def _excess(amounts: list[tuple[Decimal, Decimal]], rate: Decimal, target: Decimal) -> Decimal:
    return sum((a / (1 + rate) ** t for t, a in amounts), Decimal(0)) - target
