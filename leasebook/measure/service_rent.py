"""
A contract that is called a lease and is none: what is paid for it is the price of a service.
"""

from collections.abc import Iterator

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.lease_segment import dated_periods, period_movements
from leasebook.measure.lease_terms import lease_segments
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting

_FLOWS = ("initial_direct_costs", "incentives", "prepaid", "payment")


def is_no_lease(lease: Lease, setting: Setting) -> bool:
    """
    Whether it stands that a contract contains no lease; an open decision leaves it one.

    Source: ASC 842-10-15-2; IFRS 16.9.
    """
    return setting.outcome("contains_lease", lease.id) == "no-lease"


def service_rent(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    """
    A contract without a lease in the books of both sides: each payment is cost and income.

    The components do not matter, since all of them are services. The supplier keeps the asset.

    Source: ASC 842-10-15-4, 705-10-25-1, 606-10-25-31; IFRS 16.9, 15.35.

    Yields:
        Schedules "service-rent-paid" and "service-rent-received", minor units.
    """
    segments = lease_segments(attrs.evolve(lease, components=()), setting)
    paid: list[Movement] = []
    dated = dated_periods(segments)
    for epoch, (segment, dates) in enumerate(zip(segments, dated, strict=True), start=1):
        opened = {
            "initial_direct_costs": segment.initial_direct_costs,
            "incentives": segment.incentives,
            "prepaid": segment.prepaid,
        }
        paid.append(Movement(segment.start, epoch, 0, opened))
        paid += period_movements(segment, epoch, dates, {})
    yield assemble("service-rent-paid", (lease.id, lease.lessee, lease.lessor), {}, _FLOWS, paid)
    yield assemble(
        "service-rent-received", (lease.id, lease.lessor, lease.lessee), {}, _FLOWS[1:], paid
    )
