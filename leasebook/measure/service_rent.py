"""
A contract that is called a lease and is none: what is paid for it is the price of a service.
"""

from collections.abc import Iterator

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_periods import dated_periods, period_movements
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
    first = segments[0]
    moved: list[Movement] = []
    dated = dated_periods(segments)
    for epoch, (segment, dates) in enumerate(zip(segments, dated, strict=True), start=1):
        opened = {"incentives": segment.incentives, "prepaid": segment.prepaid + segment.day_one}
        moved.append(Movement(segment.start, epoch, 0, opened))
        moved += period_movements(segment, epoch, dates, {})
    for name, costs, parties in (
        ("service-rent-paid", first.initial_direct_costs, (lease.lessee, lease.lessor)),
        (
            "service-rent-received",
            setting.minor(lease.lessor_initial_direct_costs),
            (lease.lessor, lease.lessee),
        ),
    ):
        spent = Movement(first.start, 1, 0, {"initial_direct_costs": costs})
        yield assemble(name, (lease.id, *parties), {}, _FLOWS, [spent, *moved])
