"""
Subleases: what a sublessor gives up of its own right of use, and the rate that it earns.

A sublease that is classified as an operating lease changes nothing in the head lease: both stay
as they are. Any other takes the right of use off the sublessor's books as far as it is sublet.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.lease_course import lease_end, lease_segments
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.net_investment import LeasedAsset
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import round_half_even

#: The column by which a lessee's right of use falls, by the name of its schedule.
_REDUCTION = {
    "lessee-operating": "rou_reduction",
    "lessee-finance": "amortisation",
    "lessee-ifrs": "amortisation",
}


def head_of(lease: Lease, setting: Setting) -> Lease | None:
    """The head lease of a sublease, None of any other lease."""
    head = setting.deal.contracts.get(lease.head_lease or "")
    return head if isinstance(head, Lease) else None


def share_sublet(sublease: Lease, head: Lease, setting: Setting) -> Fraction:
    """
    The part of a head lease's asset that is sublet: the whole, or by fair value.

    Source: IFRS 16.B58: the right of use transferred to the sublessee.

    Raises:
        NotModelled: If part of the asset is sublet and a fair value is not known.
    """
    if sublease.asset == head.asset:
        return Fraction(1)
    part = setting.deal.assets[sublease.asset].fair_value
    whole = setting.deal.assets[head.asset].fair_value
    if not part.known or not whole.known or not whole.get():
        raise NotModelled(f"{sublease.id} sublets part of {head.asset}, and no fair value says how")
    return min(Fraction(1), Fraction(part.get()) / Fraction(whole.get()))


def right_sublet(sublease: Lease, own: Schedule, setting: Setting) -> Schedule | None:
    """
    The right of use of a head lease that leaves a sublessor's books as far as it is sublet.

    What the asset would have fallen by over the sublease, in the share that is sublet, leaves on
    the first day, so that later reductions of that share are undone; the liability goes on.
    Interest on the liability of an operating head lease is interest of a finance lease from then
    on. The schedule is of the sublease, so that a group of both its sides keeps the head lease.

    Source: ASC 842-20-35-14, 842-20-35-15; IFRS 16.B58, 16.BC235.

    Args:
        sublease: One that takes the right of use off the books.
        own: The head lease in the sublessor's books.
        setting: Framework, scenario, outcomes.

    Returns:
        Schedule "right-sublet-operating" or "right-sublet-finance", minor units; None where the
        head lease is kept off the balance sheet.

    Raises:
        NotModelled: If the head lease moves nothing on the day of the sublease.
    """
    reduction = _REDUCTION.get(own.name)
    head = head_of(sublease, setting)
    if reduction is None or head is None:
        return None
    share = share_sublet(sublease, head, setting)
    first, last = sublease.commencement_date.get(), lease_end(sublease, setting)
    at = {name: own.columns.index(name) for name in (reduction, "interest")}
    operating = own.name == "lessee-operating"
    moved: list[Movement] = []
    for row in own.rows:
        if first <= row.date <= last:
            interest = round_half_even(row.amounts[at["interest"]] * share) if operating else 0
            flows = {
                "reduction_undone": round_half_even(row.amounts[at[reduction]] * share),
                "interest": interest,
            }
            moved.append(Movement(row.date, row.epoch, row.period, flows))
    gone = sum(one.flows["reduction_undone"] for one in moved)
    moved.append(Movement(first, 1, 0, {"right_sublet": gone}))
    return assemble(
        "right-sublet-operating" if operating else "right-sublet-finance",
        (sublease.id, sublease.lessor, sublease.lessee),
        {"right_given_up": {"right_sublet": 1, "reduction_undone": -1}},
        ("right_sublet", "reduction_undone", "interest"),
        moved,
    )


def sublet_asset(sublease: Lease, right: int, setting: Setting) -> LeasedAsset:
    """
    What the sublessor of a net-investment lease gives up: its right of use, at the head's rate.

    Source: IFRS 16.68: the rate of the head lease, where the one implicit in the sublease cannot
    be readily determined.

    Args:
        sublease: Gives the residuals.
        right: Carrying amount that is given up, minor units.
        setting: The deal.
    """
    return LeasedAsset(
        fair_value=right,
        carrying_amount=right,
        guaranteed_residual=setting.minor(sublease.guaranteed_residual),
        unguaranteed_residual=setting.minor(sublease.unguaranteed_residual),
        rate_given=True,
    )


def at_head_rate(
    segments: Sequence[LeaseSegment], head: Lease, setting: Setting
) -> Iterator[LeaseSegment]:
    """
    The segments of a sublease at the discount rate of its head lease.

    Source: IFRS 16.68.

    Raises:
        NotModelled: If head lease and sublease have rents of different periods.
    """
    rate_of = lease_segments(head, setting)[0]
    for segment in segments:
        if (segment.months, bool(segment.days)) != (rate_of.months, bool(rate_of.days)):
            raise NotModelled(f"{head.id} and its sublease have rents of different periods")
        text = f"of the head lease: {rate_of.rate_text}"
        yield attrs.evolve(segment.at_rate(rate_of.rate), rate_text=text)
