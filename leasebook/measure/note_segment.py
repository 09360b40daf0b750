"""
A note as it is signed becomes its terms in minor units.
"""

from fractions import Fraction

import attrs

from leasebook.contract.note import Note
from leasebook.measure.effective_interest import price_at
from leasebook.measure.note_terms import NoteSegment
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import round_half_even


def note_segment(contract: Note, setting: Setting) -> NoteSegment:
    """
    The terms of a note in minor units.

    What the holder pays is the stated price of each draw, rounded once, or what makes the stated
    effective rate the one that the note has on the day of issue.

    Source: ASC 835-30-25-10, 835-30-45-1A; IFRS 9.5.1.1, 9.B5.1.1.
    """
    draws = tuple((one.date.get(), setting.minor(one.amount)) for one in contract.draws)
    ends = contract.interest_only_until or contract.maturity
    repaid = tuple((one.date.get(), setting.minor(one.amount)) for one in contract.repayments)
    terms = NoteSegment(
        issued=contract.issued.get(),
        principal=sum(amount for _, amount in draws) or setting.minor(contract.principal),
        coupon_annual=contract.coupon_annual.get(),
        day_count=contract.day_count,
        first_coupon=contract.first_coupon.get(),
        every_months=contract.every.months,
        interest_only_until=ends.get(),
        maturity=contract.maturity.get(),
        draws=draws,
        repayments=repaid,
        resets=tuple((one.since.get(), one.coupon_annual.get()) for one in contract.resets),
        costs=setting.minor(contract.issue_costs),
    )
    price = Fraction(1)
    if contract.issue_price is not None:
        price = Fraction(contract.issue_price.get())
    elif contract.effective_rate is not None:
        price = price_at(terms, Fraction(contract.effective_rate.get()))
    if price == 1:
        return terms
    return attrs.evolve(
        terms, discounts=tuple(round_half_even(amount * (1 - price)) for _, amount in terms.drawn)
    )
