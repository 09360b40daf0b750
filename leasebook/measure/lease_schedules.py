"""
A lease in its lessee's books, by the class it has at each time.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.credit_derivative import obligation_settled
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import asset_life_months
from leasebook.measure.leaseback_schedules import as_leaseback, lessee_terms
from leasebook.measure.lessee import lessee_exempt, lessee_schedules
from leasebook.measure.lessee_epochs import LesseeEpoch, Method, lessee_epochs
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.plant import depreciation
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.measure.split import with_payments_split
from leasebook.reckoning.calendar import add_months, months_between

#: The classes under which a lessee's asset falls evenly and its liability bears interest.
_LIKE_A_PURCHASE = ("finance", "capital")

# --- the lessee ---------------------------------------------------------------------------------


def lessee_methods(
    lease: Lease, setting: Setting, segments: Sequence[LeaseSegment]
) -> list[Method]:
    """
    How a lessee's asset falls in each epoch: by the class that the lease has then.

    A capital lease of the time before 2019 is measured as the finance lease that it became.

    Source: ASC 842-10-25-1, 842-10-25-2, 842-10-25-11; IFRS 16.22; FAS 13.10.
    """
    if setting.framework == "ifrs":
        return ["ifrs"] * len(segments)
    methods: list[Method] = []
    for segment in segments:
        found = setting.class_at("lessee_classification", lease.id, segment.start)
        methods.append("finance" if found in _LIKE_A_PURCHASE else "operating")
    return methods


def epochs_of_lessee(lease: Lease, setting: Setting) -> tuple[LesseeEpoch, ...]:
    """The epochs of a lease in its lessee's books; none of a lease that is exempt."""
    if setting.exemption(lease.id):
        return ()
    segments = _with_settled(lease, setting)
    return lessee_epochs(segments, lessee_methods(lease, setting, segments))


def _with_settled(lease: Lease, setting: Setting) -> tuple[LeaseSegment, ...]:
    """
    The lessee's segments, the first with what its own promises about the lease are carried at.

    Source: ASC 842-20-30-5; IFRS 16.24. That a guarantor which takes over the lease is rid of its
    promise by the right of use, and gains nothing, is our reading.

    Raises:
        NotModelled: If the lease is kept off the balance sheet, so that nothing takes it up.
    """
    first, *later = lessee_terms(lease, setting)
    derivative, guarantee = obligation_settled(lease.id, setting)
    if not derivative and not guarantee:
        return (first, *later)
    if setting.exemption(lease.id):
        raise NotModelled(f"{lease.id} settles a guarantee, and is kept off the balance sheet")
    return (
        attrs.evolve(first, derivative_settled=derivative, guarantee_settled=guarantee),
        *later,
    )


def lessee_side(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    """
    A lease in the books of its lessee.

    Source: ASC 842-20-25-1, 842-20-25-2; IFRS 16.5, 16.22; FAS 13.10, FAS 13.15; IAS 17.20, 17.33.
    """
    segments = _with_settled(lease, setting)
    sides = (lease.id, lease.lessee, lease.lessor)
    exemption = setting.exemption(lease.id)
    if exemption:
        made = lessee_exempt(*sides, segments)
        rented = exemption == "off-balance-sheet"
        yield attrs.evolve(made, name="lessee-rented") if rented else made
        return
    methods = lessee_methods(lease, setting, segments)
    for measured in lessee_schedules(*sides, segments, methods):
        schedule = as_leaseback(measured, lease, setting)
        operating = schedule.name == "lessee-operating"
        yield schedule if operating else with_payments_split(schedule)
    yield from _kept_asset(lease, setting)


def _kept_asset(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    """
    The asset after a lease by which it became the lessee's: depreciated over the rest of its life.

    Source: ASC 842-20-35-8; IFRS 16.32.
    """
    epochs = epochs_of_lessee(lease, setting)
    last = epochs[-1]
    segment = last.segment
    if not (segment.passes_title and segment.ends):
        return
    # Counted from commencement, as month ends would drift from a day in between.
    gone = sum(epoch.segment.live_periods * epoch.segment.months for epoch in epochs)
    begins = add_months(epochs[0].segment.start, gone)
    left = segment.horizon - sum(segment.lengths)
    if left <= 0:
        return
    months = left * segment.months
    if segment.days:
        begins = segment.days[-1]
        gone = months_between(lease.commencement_date.get(), begins)
        months = max(1, asset_life_months(lease, setting) - gone)
    amounts = [(begins, last.carried()[1])]
    parties = (lease.id, lease.lessee, lease.lessor)
    yield depreciated("leased-asset-kept", parties, amounts, begins, months)


def depreciated(
    name: str,
    parties: tuple[str, str, str],
    layers: Sequence[tuple[date, int]],
    begins: date,
    months: int,
) -> Schedule:
    """
    A schedule of nothing but straight-line depreciation.

    Source: ASC 360-10-35-4; IAS 16.50.

    Args:
        name: Of the schedule.
        parties: Contract, entity, counterparty.
        layers: Date and minor units of cost.
        begins: First day of use.
        months: Life that is left.
    """
    written_off = depreciation(layers, begins, months, 0, date.max)
    rows = [Movement(day, 1, k, {"depreciation": part}) for k, (day, part) in
            enumerate(written_off, 1)]  # fmt: skip
    return assemble(name, parties, {}, ("depreciation",), rows)
