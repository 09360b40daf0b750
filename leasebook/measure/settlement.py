"""
How a lease ends for its lessor: the asset comes back, with or without a guarantee, or is bought.
"""

from collections.abc import Sequence
from datetime import date

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.epoch_change import Change
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lessor import NET_INVESTMENT
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months


def as_settled(
    own: Sequence[LeaseSegment], lease: Lease, setting: Setting
) -> tuple[LeaseSegment, ...]:
    """
    A lessor's segments, which end with what the lessee then really pays.

    An asset that is still in the lessor's books when it becomes the lessee's is sold as the term
    is over: a segment without periods says so.

    Source: ASC 842-10-35-3, 842-30-40-2; IFRS 16.21, 16.79, 16.87.

    Args:
        own: As the lessor's course gives them.
        lease: As signed.
        setting: Gives events, and the class at the end.

    Returns:
        Segments in order.
    """
    lessees = lease_segments(lease, setting)[-1]
    ended = own[-1].change.kind
    if ended == "sold":
        return tuple(attrs.evolve(s, residual_payment=0, purchase_price=0) for s in own)
    if ended == "ended":
        # Its lessor has not counted on the penalty: no part of it is for services.
        whole = lease_segments(attrs.evolve(lease, components=()), setting)[-1]
        return _left(own, lessees, whole.termination_penalty)
    paid = lessees.residual_payment
    price = own[-1].purchase_price if lessees.purchase_price else 0
    due = [attrs.evolve(s, residual_payment=paid, purchase_price=price) for s in own]
    earlier = [attrs.evolve(s, goes_on=paid + price + s.termination_penalty != 0) for s in due[:-1]]
    last = due[-1]
    let = setting.lessor_class(lease.id, last.start) not in NET_INVESTMENT
    if not (let and lessees.passes_title and last.ends):
        return (*earlier, last)
    return (*earlier, attrs.evolve(last, purchase_price=0), _bought(own, price))


def _left(
    own: Sequence[LeaseSegment], lessees: LeaseSegment, penalty: int
) -> tuple[LeaseSegment, ...]:
    """
    The segments of a lease that ends early for its lessor.

    A lessee that leaves as it expected to owes what it guaranteed and the penalty for leaving with
    the last rent; one that leaves against it, what it then pays.
    """
    said, change = lessees.change, own[-1].change
    ends = said.kind == "ended"
    if said.guaranteed or change.guaranteed:
        penalty_paid, guaranteed = (said.penalty, said.guaranteed) if ends else (0, 0)
        change = attrs.evolve(change, penalty=penalty_paid, guaranteed=guaranteed)
        own = (*own[:-1], attrs.evolve(own[-1], change=change))
    if ends:
        return tuple(own)
    paid = lessees.residual_payment + penalty
    if not paid:
        return tuple(own)
    last = own[-2]
    usage = list(last.usage or (0,) * last.periods)
    usage[last.live_periods - 1] += paid
    return (*own[:-2], attrs.evolve(last, usage=tuple(usage)), own[-1])


def _bought(own: Sequence[LeaseSegment], price: int) -> LeaseSegment:
    """The segment after the last, with which the asset is the lessee's."""
    last = own[-1]
    months = sum(s.live_periods * s.months for s in own)
    return LeaseSegment(
        start=add_months(own[0].start, months),
        periods=0,
        months=last.months,
        timing=last.timing,
        payments=(),
        rate=last.rate,
        rate_text=last.rate_text,
        change=Change("sold", price=price),
    )


def sold_to_lessee(lease: Lease, setting: Setting) -> date | None:
    """
    The first day on which a let asset is the lessee's, None if it never is.

    Source: ASC 842-10-35-3, 842-30-40-2; IFRS 16.79, 16.87.
    """
    last = as_settled(lease_segments(lease, setting, "lessor"), lease, setting)[-1]
    return last.start if last.change.kind == "sold" else None
