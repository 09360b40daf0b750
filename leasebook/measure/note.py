"""
Notes: level-payment and bullet notes by their own day count, the same in both parties' books.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble, changes
from leasebook.reckoning.calendar import add_months, month_ends, months_between
from leasebook.reckoning.day_count import day_count, year_fraction
from leasebook.reckoning.kernel import check_domain
from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rates import rate_text
from leasebook.reckoning.rounding import round_half_even

_FLOWS = ("issued", "interest", "coupon", "principal_paid")
_BALANCES = {
    "principal": {"issued": 1, "principal_paid": -1},
    "accrued_interest": {"interest": 1, "coupon": -1},
}


@attrs.frozen
class NoteSegment:
    """
    The terms of a fixed-rate note.

    Attributes:
        issued: The day from which interest accrues.
        principal: Minor units.
        coupon_annual: A pure number (0.06581 is 6.581 %).
        day_count: One of `DAY_COUNTS`.
        first_coupon: The first date on which interest is paid.
        every_months: From one coupon to the next.
        interest_only_until: The last coupon date without repayment; `maturity` for a bullet.
        maturity: The last coupon date, whose day of the month all the others share.
    """

    issued: date
    principal: int
    coupon_annual: Decimal
    day_count: str
    first_coupon: date
    every_months: int
    interest_only_until: date
    maturity: date

    def __attrs_post_init__(self) -> None:
        check_domain([self.principal], Fraction(self.coupon_annual).denominator)
        day_count(self.day_count, self.issued, self.first_coupon)
        dates = self.coupon_dates()
        if dates[0] != self.first_coupon or self.first_coupon <= self.issued:
            raise NotModelled(
                f"coupons stepped back from {self.maturity} do not meet the first coupon "
                f"{self.first_coupon}"
            )
        if self.interest_only_until < self.issued or self.interest_only_until > self.maturity:
            raise ValueError("interest-only time ends between issue and maturity")

    def coupon_dates(self) -> list[date]:
        """
        The dates on which interest is paid, anchored at the day of maturity.

        Returns:
            Ascending, from the first coupon to maturity.
        """
        count = months_between(self.first_coupon, self.maturity) // self.every_months
        steps = range(count, -1, -1)
        return [add_months(self.maturity, -self.every_months * k) for k in steps]

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
        if count == 0:
            return 0
        rate = Fraction(self.coupon_annual) * self.every_months / 12
        return round_half_even(self.principal / present_value([1] * count, rate, 1))


def _accruals(terms: NoteSegment, principal: int, first: date, last: date) -> Iterator[Movement]:
    days = [*(day for day in month_ends(first, last) if first < day < last), last]
    reached = [
        round_half_even(
            principal * Fraction(terms.coupon_annual) * year_fraction(terms.day_count, first, day)
        )
        for day in days
    ]
    for day, amount in zip(days, changes(reached), strict=True):
        yield Movement(day, 1, 1, {"interest": amount})


def _movements(terms: NoteSegment) -> Iterator[Movement]:
    yield Movement(terms.issued, 1, 0, {"issued": terms.principal})
    level = terms.level_payment()
    principal = terms.principal
    before = terms.issued
    for k, day in enumerate(terms.coupon_dates(), start=1):
        coupon = 0
        for accrual in _accruals(terms, principal, before, day):
            coupon += accrual.flows["interest"]
            yield attrs.evolve(accrual, period=k)
        repaid = min(level - coupon, principal) if day > terms.interest_only_until else 0
        if day == terms.maturity:
            repaid = principal
        yield Movement(day, 1, k, {"coupon": coupon, "principal_paid": repaid})
        principal -= repaid
        before = day


def note(
    contract: str, entity: str, counterparty: str, segment: NoteSegment, *, issued: bool = True
) -> Schedule:
    """
    A note from issue to maturity: interest by day count at month ends, coupons, principal.

    Interest accrues from and including the issue or the coupon before to but excluding the
    reporting date. After the interest-only time coupon and principal together are level; the last
    payment is what is left. At amortised cost, issued at par.

    Source: ASC 835-30-35-2; IFRS 9.4.2.1, 9.5.4.1.

    Args:
        contract: Contract id.
        entity: Whose books.
        counterparty: The holder of an issued note, the issuer of a held one.
        segment: The terms.
        issued: Whether the entity is the issuer.

    Returns:
        Schedule "note-issued" or "note-held", minor units.

    Example:
        >>> terms = NoteSegment(date(2025, 10, 31), 2_729_384_900_000, Decimal("0.06581"),
        ...                     "30/360", date(2026, 5, 30), 6, date(2029, 5, 30),
        ...                     date(2049, 5, 30))
        >>> schedule = note("notes", "issuer", "holders", terms)
        >>> schedule.balance("accrued_interest", date(2025, 12, 31))
        29936803378
        >>> schedule.balance("principal", date(2049, 5, 30))
        0
    """
    return assemble(
        "note-issued" if issued else "note-held",
        (contract, entity, counterparty),
        _BALANCES,
        _FLOWS,
        _movements(segment),
        (f"{rate_text(100 * Fraction(segment.coupon_annual))} % a year, {segment.day_count}",),
    )
