"""
The terms of a note in minor units, and what they say of each coupon period.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.measure.not_modelled import NotModelled
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.day_count import day_count, year_fraction
from leasebook.reckoning.kernel import check_domain
from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rounding import round_half_even

#: Days with minor units.
Dated = tuple[tuple[date, int], ...]


@attrs.frozen
class NoteSegment:
    """
    The terms of a note.

    Attributes:
        issued: The day from which interest accrues.
        principal: Minor units, all draws together.
        coupon_annual: A pure number (0.06581 is 6.581 %), until it is set anew.
        day_count: One of `DAY_COUNTS`.
        first_coupon: The first date on which interest is paid.
        every_months: From one coupon to the next.
        interest_only_until: The last coupon date without level repayment; `maturity` for a bullet.
        maturity: The last coupon date, whose day of the month all the others share.
        draws: Days and minor units where it is not all drawn when it is issued, the first of them
            on that day; else empty.
        repayments: Days and minor units of what is repaid before maturity, besides level payments.
        resets: Coupon dates and the coupon from each of them on.
        discounts: For each draw the minor units that the holder pays less than it, a premium
            negative; empty at par.
        costs: Minor units that others than the holder are paid for the issue.
    """

    issued: date
    principal: int
    coupon_annual: Decimal
    day_count: str
    first_coupon: date
    every_months: int
    interest_only_until: date
    maturity: date
    draws: Dated = ()
    repayments: Dated = ()
    resets: tuple[tuple[date, Decimal], ...] = ()
    discounts: tuple[int, ...] = ()
    costs: int = 0

    def __attrs_post_init__(self) -> None:
        for _, coupon in ((self.issued, self.coupon_annual), *self.resets):
            check_domain([self.principal], Fraction(coupon).denominator)
        check_domain([self.costs, *self.discounts], 1)
        day_count(self.day_count, self.issued, self.first_coupon)
        dates = self.coupon_dates()
        if dates[0] != self.first_coupon or self.first_coupon <= self.issued:
            raise NotModelled(
                f"coupons stepped back from {self.maturity} do not meet the first coupon "
                f"{self.first_coupon}"
            )
        if self.interest_only_until < self.issued or self.interest_only_until > self.maturity:
            raise ValueError("interest-only time ends between issue and maturity")
        if sum(amount for _, amount in self.drawn) != self.principal:
            raise ValueError("the draws are not the principal")
        if self.discounts and len(self.discounts) != len(self.drawn):
            raise ValueError("each draw has its discount")

    @property
    def drawn(self) -> Dated:
        """Every draw, the first on the day of issue."""
        return self.draws or ((self.issued, self.principal),)

    @property
    def at_par(self) -> bool:
        """Whether the holder pays the principal, and nobody else is paid for the issue."""
        return not self.costs and not any(self.discounts)

    @property
    def discounted(self) -> dict[date, int]:
        """The discount of the draw of each day, minor units."""
        discounts = self.discounts or (0,) * len(self.drawn)
        return {day: less for (day, _), less in zip(self.drawn, discounts, strict=True)}

    def coupon_dates(self) -> list[date]:
        """
        The dates on which interest is paid, anchored at the day of maturity.

        Returns:
            Ascending, from the first coupon to maturity.
        """
        count = months_between(self.first_coupon, self.maturity) // self.every_months
        steps = range(count, -1, -1)
        return [add_months(self.maturity, -self.every_months * k) for k in steps]

    def coupon_on(self, day: date, known_to: date | None = None) -> Fraction:
        """
        The coupon a year that holds from a day on.

        Args:
            day: A coupon date, or that of issue.
            known_to: The day after which nobody knows how the coupon is set; None if all is known.
        """
        held = [self.coupon_annual] + [
            coupon
            for since, coupon in self.resets
            if since <= day and (known_to is None or since <= known_to)
        ]
        return Fraction(held[-1])

    def level_payment(self) -> int:
        """
        Interest and principal together, level from the end of the interest-only time.

        The annuity at the coupon times the months of a period over twelve, rounded once.

        Returns:
            Minor units per coupon date; 0 if the principal is repaid in one amount.

        Example:
            >>> NoteSegment(date(2025, 10, 31), 2_729_384_900_000, Decimal("0.06581"), "30/360",
            ...             date(2026, 5, 30), 6, date(2029, 5, 30),
            ...             date(2049, 5, 30)).level_payment()
            123687986264
        """
        count = sum(day > self.interest_only_until for day in self.coupon_dates())
        return self.level_of(self.principal, Fraction(self.coupon_annual), count)

    def level_of(self, principal: int, coupon: Fraction, count: int) -> int:
        """The level payment that serves and repays a principal on so many coupon dates, minor."""
        if count == 0:
            return 0
        rate = coupon * self.every_months / 12
        return round_half_even(principal / present_value([1] * count, rate, 1))


@attrs.frozen
class CouponPeriod:
    """
    One coupon period: what is outstanding in it, its interest, and what is paid at its end.

    Attributes:
        start: Its first day.
        end: The coupon date.
        coupon_annual: A pure number.
        opening: Minor units of principal when it begins.
        inside: Days between, with minor units by which the principal rises or falls.
        day_count: One of `DAY_COUNTS`.
        coupon: Minor units of interest, paid at its end.
        level: Minor units of principal in the level payment at its end.
    """

    start: date
    end: date
    coupon_annual: Fraction
    opening: int
    inside: Dated
    day_count: str
    coupon: int = 0
    level: int = 0

    def legs(self, day: date) -> Iterator[tuple[date, Fraction]]:
        """The days from which an amount stands, and for what part of a year, up to a day."""
        bounds = [self.start, *(on for on, _ in self.inside if on < day), day]
        elapsed = [year_fraction(self.day_count, self.start, on) for on in bounds]
        for k, on in enumerate(bounds[:-1]):
            yield on, elapsed[k + 1] - elapsed[k]

    def interest_to(self, day: date) -> Fraction:
        """Interest from its start, included, to a day, excluded, minor units, exact."""
        moved = dict(self.inside)
        balance, years = self.opening, Fraction(0)
        for on, part in self.legs(day):
            balance += moved.get(on, 0)
            years += balance * part
        return self.coupon_annual * years

    @property
    def outstanding(self) -> int:
        """Minor units of principal at its end, before what is drawn or repaid that day."""
        return self.opening + sum(amount for _, amount in self.inside)


def coupon_periods(terms: NoteSegment, known_to: date | None = None) -> tuple[CouponPeriod, ...]:
    """
    The coupon periods of a note from issue to maturity.

    Level payments are worked out when they begin, and again whenever the coupon is set anew; the
    last period repays what is left.

    Args:
        terms: The note.
        known_to: The day after which nobody knows how the coupon is set; None if all is known.

    Example:
        >>> terms = NoteSegment(date(2026, 1, 1), 100, Decimal("0.1"), "30/360", date(2027, 1, 1),
        ...                     12, date(2028, 1, 1), date(2028, 1, 1),
        ...                     draws=((date(2026, 1, 1), 40), (date(2026, 7, 1), 60)))
        >>> [(p.coupon, p.level, p.outstanding) for p in coupon_periods(terms)]
        [(7, 0, 100), (10, 100, 100)]
    """
    moves = _moves(terms)
    days = [day for day, _ in moves]
    ends = terms.coupon_dates()
    outstanding = dict(moves).get(terms.issued, 0)
    made: list[CouponPeriod] = []
    level, at = 0, Fraction(-1)
    before = terms.issued
    for k, end in enumerate(ends):
        coupon = terms.coupon_on(before, known_to)
        inside = tuple(moves[bisect_right(days, before) : bisect_right(days, end)])
        on_end = sum(amount for day, amount in inside if day == end)
        inside = tuple(move for move in inside if move[0] != end)
        period = CouponPeriod(before, end, coupon, outstanding, inside, terms.day_count)
        paid = round_half_even(period.interest_to(end))
        outstanding, repaid = period.outstanding, 0
        if end > terms.interest_only_until:
            if coupon != at:
                level, at = terms.level_of(outstanding, coupon, len(ends) - k), coupon
            repaid = min(level - paid, outstanding)
        if end == terms.maturity:
            repaid = outstanding + on_end
        made.append(attrs.evolve(period, coupon=paid, level=repaid))
        outstanding += on_end - repaid
        before = end
    return tuple(made)


def _moves(terms: NoteSegment) -> list[tuple[date, int]]:
    """The days on which principal is drawn or repaid as listed, and by how much it changes."""
    net: dict[date, int] = {}
    for day, amount in terms.drawn:
        net[day] = net.get(day, 0) + amount
    for day, amount in terms.repayments:
        net[day] = net.get(day, 0) - amount
    return sorted(net.items())
