"""
The consideration of a contract by component, and the services of it in the books of both sides.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.lease_components import Side, prices_of, sharing, with_lease_part
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_periods import dated_periods
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import spread


@attrs.frozen
class Allocated:
    """What a component gets of the consideration over the term, minor units."""

    name: str
    kind: str
    amount_minor: int


def allocation(lease: Lease, setting: Setting, side: Side = "lessee") -> tuple[Allocated, ...]:
    """
    The consideration over the lease term, as it is agreed at commencement, by component.

    A service that is combined with the lease adds its part to the leases; of several leases each
    keeps its own part.

    Source: ASC 842-10-15-33, 842-10-15-37; IFRS 16.13, 16.15.

    Args:
        lease: The contract.
        setting: Gives the term and what is decided of the components.
        side: Whose allocation.

    Returns:
        Each component with its amount, in the order of the contract; the amounts sum to the
        consideration. A lease without components has one, called after its asset.
    """
    setting = setting.in_currency_of(lease)
    total = consideration_minor(lease, setting)
    shared = sharing(lease, setting, side)
    if not shared:
        return (Allocated(lease.asset, "lease", total),)
    # Those in the lease come first, so that their sum is rounded as their payments are; else by
    # name, so that the order of the contract decides nothing.
    ordered = sorted(shared, key=lambda one: (not one[1], one[0].name))
    weights = [setting.minor(part.standalone_price) for part, _ in ordered]
    amounts = dict(zip((part.name for part, _ in ordered), spread(total, weights), strict=True))
    return tuple(
        Allocated(part.name, "lease" if within else "non-lease", amounts[part.name])
        for part, within in shared
    )


def non_lease_consideration(lease: Lease, setting: Setting, side: Side = "lessee") -> int:
    """The consideration over the term of what is apart from the lease, minor units."""
    parts = allocation(lease, setting, side)
    return sum(part.amount_minor for part in parts if part.kind == "non-lease")


def consideration_minor(lease: Lease, setting: Setting) -> int:
    """All that the contract costs over the term agreed at commencement, minor units."""
    first = whole_segments(lease, setting)[0]
    return sum(first.payments) + first.termination_penalty + first.paid_by_start


def whole_segments(lease: Lease, setting: Setting) -> tuple[LeaseSegment, ...]:
    """The epochs of a contract with the consideration of all its components."""
    return lease_segments(attrs.evolve(lease, components=()), setting)


def services_of_lease(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    """
    What a contract costs beside the lease, in the books of both sides, on the days it is paid.

    Source: ASC 842-10-15-31, 842-10-15-38; IFRS 16.12, 16.17.

    Yields:
        Schedules "lease-services-received" and "lease-services-rendered"; none where a side has
        nothing apart from the lease.
    """
    if prices_of(lease, setting, "lessee") is not None:
        parties = (lease.id, lease.lessee, lease.lessor)
        yield _services("lease-services-received", parties, lease, setting, "lessee")
    if prices_of(lease, setting, "lessor") is not None:
        parties = (lease.id, lease.lessor, lease.lessee)
        yield _services("lease-services-rendered", parties, lease, setting, "lessor")


def _services(
    name: str, parties: tuple[str, str, str], lease: Lease, setting: Setting, side: Side
) -> Schedule:
    whole = whole_segments(lease, setting)
    own = with_lease_part(whole, lease, setting, side)
    return assemble(name, parties, {}, ("fee",), paid_apart(whole, own))


def paid_apart(whole: Sequence[LeaseSegment], own: Sequence[LeaseSegment]) -> Iterator[Movement]:
    """
    What is paid under a contract beyond its lease, by date.

    Args:
        whole: The epochs with all consideration.
        own: The same epochs with that of the lease.
    """
    dated = dated_periods(whole)
    for epoch, (every, part, dates) in enumerate(zip(whole, own, dated, strict=True), start=1):
        at_start = every.paid_by_start - part.paid_by_start
        yield Movement(every.start, epoch, 0, {"fee": at_start})
        for k, (first, last) in enumerate(dates):
            due: date = first if every.in_advance else last
            yield Movement(due, epoch, k + 1, {"fee": every.payments[k] - part.payments[k]})
        leaving = every.termination_penalty - part.termination_penalty
        if leaving and every.ends and not every.doubtful:
            yield Movement(dates[-1][1], epoch, every.periods, {"fee": leaving})
