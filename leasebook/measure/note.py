"""
Notes by their own day count and at amortised cost, the same in both parties' books.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

import attrs

from leasebook.measure.effective_interest import EffectiveInterest, effective_interest
from leasebook.measure.note_terms import CouponPeriod, NoteSegment, coupon_periods
from leasebook.measure.schedule import Movement, Schedule, assemble, changes
from leasebook.reckoning.calendar import month_ends
from leasebook.reckoning.rates import rate_text
from leasebook.reckoning.rounding import round_half_even

_FLOWS = ("issued", "interest", "coupon", "principal_paid")
_BALANCES = {
    "principal": {"issued": 1, "principal_paid": -1},
    "accrued_interest": {"interest": 1, "coupon": -1},
}
_AMORTISED_FLOWS = ("discount", "costs", "amortised")
_AMORTISED_BALANCES = {"unamortised": {"discount": 1, "costs": 1, "amortised": -1}}


def _closes(period: CouponPeriod) -> list[date]:
    """The days at which interest of a coupon period is accrued."""
    ends = month_ends(period.start, period.end)
    return [*(day for day in ends if period.start < day < period.end), period.end]


def _movements(
    terms: NoteSegment, periods: Sequence[CouponPeriod], method: EffectiveInterest | None
) -> Iterator[Movement]:
    at = {day: k for k, period in enumerate(periods, 1) for day in _days_of(period)}
    for day, amount in terms.drawn:
        less = terms.discounted[day]
        cost = terms.costs if day == terms.issued else 0
        yield Movement(day, 1, at.get(day, 0), {"issued": amount, "discount": less, "costs": cost})
    for day, amount in terms.repayments:
        yield Movement(day, 1, at[day], {"principal_paid": amount})
    for k, period in enumerate(periods, start=1):
        days = _closes(period)
        interest = changes(round_half_even(period.interest_to(day)) for day in days)
        reached: Mapping[date, int] = method.periods[k - 1] if method else dict.fromkeys(days, 0)
        amortised = changes(reached[day] for day in days)
        for day, earned, more in zip(days, interest, amortised, strict=True):
            yield Movement(day, 1, k, {"interest": earned, "amortised": more})
        paid = {"coupon": period.coupon, "principal_paid": period.level}
        yield Movement(period.end, 1, k, paid)


def _days_of(period: CouponPeriod) -> Iterator[date]:
    yield from (day for day, _ in period.inside)
    yield period.end


@lru_cache(maxsize=64)
def note(
    contract: str, entity: str, counterparty: str, segment: NoteSegment, *, issued: bool = True
) -> Schedule:
    """
    A note from issue to maturity: interest by day count at month ends, coupons, principal.

    Interest accrues from and including the issue or the coupon before to but excluding the
    reporting date. After the interest-only time coupon and principal together are level; the last
    payment is what is left. At amortised cost: discount and costs are part of the interest by the
    interest method, and a note at par without costs has none.

    Source: ASC 835-30-35-2, 835-30-45-1A; IFRS 9.4.2.1, 9.5.1.1, 9.5.4.1.

    Args:
        contract: Contract id.
        entity: Whose books.
        counterparty: The holder of an issued note, the issuer of a held one.
        segment: The terms.
        issued: Whether the entity is the issuer, who alone bears the costs of the issue.

    Returns:
        Schedule "note-issued" or "note-held", minor units.

    Raises:
        NoCrossing: If no rate from 0 to 100 % a year is the effective one.

    Example:
        >>> from decimal import Decimal
        >>> terms = NoteSegment(date(2025, 10, 31), 2_729_384_900_000, Decimal("0.06581"),
        ...                     "30/360", date(2026, 5, 30), 6, date(2029, 5, 30),
        ...                     date(2049, 5, 30))
        >>> schedule = note("notes", "issuer", "holders", terms)
        >>> schedule.balance("accrued_interest", date(2025, 12, 31))
        29936803378
        >>> schedule.balance("principal", date(2049, 5, 30))
        0
    """
    if not issued and segment.costs:
        segment = attrs.evolve(segment, costs=0)
    periods = coupon_periods(segment)
    method = None
    if not segment.at_par:
        days = [_closes(period) for period in periods]
        method = effective_interest(segment, days)
    return assemble(
        "note-issued" if issued else "note-held",
        (contract, entity, counterparty),
        _BALANCES | (_AMORTISED_BALANCES if method else {}),
        _FLOWS + (_AMORTISED_FLOWS if method else ()),
        _movements(segment, periods, method),
        tuple(_rates(segment, method)),
    )


def _rates(segment: NoteSegment, method: EffectiveInterest | None) -> Iterator[str]:
    for _, coupon in ((segment.issued, segment.coupon_annual), *segment.resets):
        yield f"{rate_text(100 * Fraction(coupon))} % a year, {segment.day_count}"
    for day, rate in method.rates if method else ():
        yield f"effective from {day}: {rate_text(100 * rate)} % a year"
