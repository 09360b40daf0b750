"""
The interest method for notes: a rate that makes what was received worth what is paid.

The rate is a yearly one by the note's own day count and coupon dates: within a coupon period it
bears simple interest, and what a coupon leaves unpaid bears interest from then on. So a note at par
without costs has just its coupon as effective rate. When a floating coupon is set anew, the rate is
worked out again for what is then carried, with the new coupon to maturity.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm

import attrs

from leasebook.measure.note_terms import CouponPeriod, NoteSegment, coupon_periods
from leasebook.reckoning.kernel import check_true_up
from leasebook.reckoning.rates import RATE_DECIMALS, freeze, solve_rate
from leasebook.reckoning.rounding import round_half_even

_RATE_GRID = 10**RATE_DECIMALS
# Finer than a rate of fifteen decimals can tell apart, and far quicker than fractions whose
# denominators grow with every period.
_GRID = 10**20


@attrs.frozen
class EffectiveInterest:
    """
    What the interest method makes of a note in one party's books.

    Attributes:
        rates: From which day on which yearly rate.
        periods: For each coupon period its accrual days, and the amortised minor units reached on
            each of them since the period began.
    """

    rates: tuple[tuple[date, Fraction], ...]
    periods: tuple[Mapping[date, int], ...]


def _net(terms: NoteSegment, period: CouponPeriod) -> dict[date, int]:
    """What the carrying amount rises or falls by within a period, and on its last day, minor."""
    discounts = terms.discounted
    moved = {day: amount - discounts.get(day, 0) for day, amount in period.inside}
    on_end = sum(amount for day, amount in terms.drawn if day == period.end)
    on_end -= sum(amount for day, amount in terms.repayments if day == period.end)
    moved[period.end] = on_end - discounts.get(period.end, 0) - period.level
    return moved


def effective_rate_on(terms: NoteSegment, day: date) -> Fraction:
    """
    The effective rate a year of an issuer on a day; at par and without costs it is the coupon.

    Source: ASC 835-30-45-2; IFRS 9 Appendix A (effective interest rate).
    """
    if terms.at_par:
        return terms.coupon_on(day)
    rates = effective_interest(terms, [[period.end] for period in coupon_periods(terms)]).rates
    return [rate for since, rate in rates if since <= day or since == terms.issued][-1]


@attrs.frozen
class _Leg:
    """An amount that comes in, and for what part of a year it then stands."""

    amount: int
    part: int


def _walked(
    terms: NoteSegment, periods: Sequence[CouponPeriod]
) -> tuple[int, list[tuple[list[_Leg], int]]]:
    """The periods as whole numbers: the denominator of all parts of a year, legs, end payments."""
    legs = [list(period.legs(period.end)) for period in periods]
    denominator = lcm(*(part.denominator for one in legs for _, part in one))
    walk = []
    for period, one in zip(periods, legs, strict=True):
        net = _net(terms, period)
        walk.append(
            (
                [_Leg(net.get(day, 0), int(part * denominator)) for day, part in one],
                net[period.end] - period.coupon,
            )
        )
    return denominator, walk


def _left_over(terms: NoteSegment, periods: Sequence[CouponPeriod], opening: int) -> "_LeftOver":
    return _LeftOver(opening, *_walked(terms, periods))


@attrs.frozen
class _LeftOver:
    """What is carried when all is paid, by the rate: nothing, at the effective rate."""

    opening: int
    denominator: int
    walk: list[tuple[list[_Leg], int]]

    def at(self, rate: Fraction) -> Fraction:
        """Minor units that are left at a rate, which rise with it."""
        carried = self.opening * _GRID
        numerator = round_half_even(rate * 2 * _RATE_GRID)
        for legs, paid in self.walk:
            weighted = 0
            for leg in legs:
                carried += leg.amount * _GRID
                weighted += carried * leg.part
            carried += weighted * numerator // (self.denominator * 2 * _RATE_GRID) + paid * _GRID
        return Fraction(carried, _GRID)


def price_at(terms: NoteSegment, rate: Fraction) -> Fraction:
    """
    What one of principal is worth at issue, and at each draw, at an effective rate.

    Source: ASC 835-30-25-10, 835-30-35-2; IFRS 9.B5.1.1, Appendix A (effective interest rate).

    Args:
        terms: The note at par, with its costs.
        rate: A year, by the note's own day count and coupon dates.

    Returns:
        A pure number, frozen at fifteen decimals.

    Example:
        >>> from decimal import Decimal
        >>> terms = NoteSegment(date(2026, 1, 1), 1000, Decimal("0.1"), "30/360", date(2027, 1, 1),
        ...                     12, date(2028, 1, 1), date(2028, 1, 1))
        >>> price_at(terms, Fraction(1, 10)), round(float(price_at(terms, Fraction(12, 100))), 4)
        (Fraction(1, 1), 0.9662)
    """
    periods = coupon_periods(terms, terms.issued)
    free = attrs.evolve(terms, discounts=tuple(amount for _, amount in terms.drawn))
    paid = _left_over(terms, periods, terms.drawn[0][1] - terms.costs).at(rate)
    given = _left_over(free, periods, -terms.costs).at(rate)
    return freeze(given / (given - paid))


def effective_interest(terms: NoteSegment, days: Sequence[Sequence[date]]) -> EffectiveInterest:
    """
    Amortisation of discount and costs by the interest method; the last period clears the rest.

    Interest on what is carried, rounded once each period, less the coupon is what is amortised.

    Source: ASC 835-30-35-2, 835-30-35-4, 310-20-35-18; IFRS 9.5.4.1, 9.B5.4.1, 9.B5.4.5.

    Args:
        terms: The note, with the costs that the party bears.
        days: For each coupon period the days on which interest accrues, its end the last.

    Returns:
        Rates and amounts.

    Raises:
        NoCrossing: If no rate from 0 to 100 % a year makes both sides equal.
        TrueUpExceeded: If the last period corrects more than rounding explains.
    """
    periods = coupon_periods(terms)
    set_anew = {day for day, _ in terms.resets}
    carried = terms.drawn[0][1] - terms.discounted[terms.issued] - terms.costs
    left = terms.costs + sum(terms.discounts)
    rates: list[tuple[date, Fraction]] = []
    made: list[Mapping[date, int]] = []
    numerators: list[int] = []
    for period, closes in zip(periods, days, strict=True):
        if not rates or period.start in set_anew:
            following = [p for p in coupon_periods(terms, period.start) if p.start >= period.start]
            rates.append((period.start, solve_rate(_left_over(terms, following, carried).at)))
            numerators.clear()
        rate, net = rates[-1][1], _net(terms, period)
        reached = {
            day: round_half_even(rate * _carried_years(period, net, carried, day))
            - round_half_even(period.interest_to(day))
            for day in closes
        }
        years = sum((part for _, part in period.legs(period.end)), Fraction(0))
        numerators.append(round_half_even(rate * years * _RATE_GRID))
        if period.end == terms.maturity:
            check_true_up(left - reached[period.end], numerators, _RATE_GRID)
            reached[period.end] = left
        left -= reached[period.end]
        carried += reached[period.end] + sum(net.values())
        made.append(reached)
    return EffectiveInterest(tuple(rates), tuple(made))


def _carried_years(
    period: CouponPeriod, net: Mapping[date, int], carried: int, day: date
) -> Fraction:
    """What is carried times how long, from the start of a period to a day."""
    years = Fraction(0)
    for on, part in period.legs(day):
        carried += net.get(on, 0) if on != period.start else 0
        years += carried * part
    return years
