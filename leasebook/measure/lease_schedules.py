"""
A lease measured for both of its sides, each by the class it has at each time.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.invested_schedule import invested_schedule
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.leaseback_schedules import as_leaseback, lessee_terms, lessor_terms
from leasebook.measure.leased_asset import leased_asset
from leasebook.measure.lessee import lessee_exempt, lessee_schedules
from leasebook.measure.lessee_epochs import LesseeEpoch, Method, lessee_epochs
from leasebook.measure.lessor import NET_INVESTMENT, operating_schedule, profit_policy
from leasebook.measure.lessor_epochs import OperatingEpoch, operating_epochs
from leasebook.measure.net_investment import (
    InvestedEpoch,
    LeasedAsset,
    ProfitPolicy,
    invested_epochs,
)
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.plant import depreciation
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.measure.split import with_payments_split
from leasebook.measure.sublease import at_head_rate, head_of, right_sublet, sublet_asset
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.rates import NoCrossing

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
    segments = lessee_terms(lease, setting)
    return lessee_epochs(segments, lessee_methods(lease, setting, segments))


def lessee_side(lease: Lease, setting: Setting) -> Iterator[Schedule]:
    """
    A lease in the books of its lessee.

    Source: ASC 842-20-25-1, 842-20-25-2; IFRS 16.5, 16.22; FAS 13.10, FAS 13.15; IAS 17.20, 17.33.
    """
    segments = lessee_terms(lease, setting)
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
    last = epochs_of_lessee(lease, setting)[-1]
    segment = last.segment
    left = (segment.amortisation_periods or 0) - segment.periods
    if not (segment.passes_title and segment.ends) or left <= 0:
        return
    begins = add_months(segment.start, segment.periods * segment.months)
    amounts = [(begins, last.carried()[1])]
    parties = (lease.id, lease.lessee, lease.lessor)
    yield depreciated("leased-asset-kept", parties, amounts, begins, left * segment.months)


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


# --- the lessor ---------------------------------------------------------------------------------


@attrs.frozen
class Stretch:
    """
    A stretch of time in which a lease is of one kind for its lessor.

    Attributes:
        outcome: Its class.
        epochs: Of one kind.
        policy: What is done with profit, for a net investment.
        asset: As the stretch sees it, for a net investment.
    """

    outcome: str
    epochs: tuple[OperatingEpoch, ...] | tuple[InvestedEpoch, ...]
    policy: ProfitPolicy | None = None
    asset: LeasedAsset | None = None

    @property
    def starts(self) -> date:
        """Its first day."""
        return self.epochs[0].segment.start


Members = frozenset[str]
Accrued = Mapping[str, Schedule]


def lessor_stretches(
    lease: Lease,
    setting: Setting,
    members: Members | None = None,
    accrued: Accrued | None = None,
) -> tuple[Stretch, ...]:
    """
    The epochs of a lease in its lessor's books, by the class it has at each time.

    Source: ASC 842-10-25-1 to 25-3, 842-10-25-15 to 25-17; IFRS 16.61, 16.80, 16.87.

    Args:
        lease: Measured as the members' lease.
        setting: Gives classes and events.
        members: The lessor, or the group it is in: what the asset has cost them is given up.
        accrued: The issuer's schedule of each note, for the interest that is part of that cost.

    Raises:
        NotModelled: If a rate is needed and there is none.
    """
    segments = _lessor_segments(lease, setting)
    classes = [_lessor_class(lease, setting, s.start) for s in segments]
    # Only a direct financing lease that becomes a sales-type lease begins a new net investment.
    groups: list[list[int]] = []
    for k, outcome in enumerate(classes):
        before = classes[k - 1] if k else None
        goes_on = before == outcome or (
            before in NET_INVESTMENT and outcome in NET_INVESTMENT and outcome != "sales-type"
        )
        if goes_on:
            groups[-1].append(k)
        else:
            groups.append([k])
    made: list[Stretch] = []
    for group in groups:
        part = [segments[k] for k in group]
        outcome = classes[group[0]]
        if outcome not in NET_INVESTMENT:
            made.append(Stretch(outcome, _operating(lease, setting, part, group[0], made)))
            continue
        asset = leased_asset(lease, setting, members, accrued, part[0].start if made else None)
        head = head_of(lease, setting)
        if head is not None and not made:
            if members and head.lessor in members:
                cause = f"{lease.id} is a finance sublease within the group of the head lessor"
                raise NotModelled(cause)
            right = sublet_right(lease, setting)
            given_up = right.total("right_sublet") if right is not None else 0
            asset = sublet_asset(lease, given_up, setting)
            part = list(at_head_rate(part, head, setting))
        if made and made[-1].outcome in NET_INVESTMENT:
            asset = attrs.evolve(asset, carrying_amount=_carried(made[-1]))
        made.append(_invested(lease, outcome, part, asset, group[0] + 1))
    return tuple(made)


def _carried(stretch: Stretch) -> int:
    """The net investment when a stretch is over, minor units; nothing of an operating lease."""
    last = stretch.epochs[-1]
    if not isinstance(last, InvestedEpoch):
        return 0
    receivable, residual, deferred = last.carried()
    return receivable + residual - deferred


def _lessor_segments(lease: Lease, setting: Setting) -> tuple[LeaseSegment, ...]:
    """The lessor's segments, which end with what the lessee then pays under its guarantee."""
    own = lessor_terms(lease, setting)
    lessees = lease_segments(lease, setting)[-1]
    paid = lessees.residual_payment
    if own[-1].change.kind != "ended":
        earlier = (attrs.evolve(s, residual_payment=paid, goes_on=paid != 0) for s in own[:-1])
        return (*earlier, attrs.evolve(own[-1], residual_payment=paid))
    if not paid or lessees.change.kind == "ended":
        return own
    # The lessee leaves as it expected to, and owes what it guaranteed with the last rent.
    last = own[-2]
    usage = list(last.usage or (0,) * last.periods)
    usage[last.live_periods - 1] += paid
    return (*own[:-2], attrs.evolve(last, usage=tuple(usage)), own[-1])


def _lessor_class(lease: Lease, setting: Setting, day: date) -> str:
    return setting.class_at("lessor_classification", lease.id, day) or "operating"


def _operating(
    lease: Lease,
    setting: Setting,
    segments: Sequence[LeaseSegment],
    before: int,
    earlier: Sequence[Stretch],
) -> tuple[OperatingEpoch, ...]:
    costs = 0 if earlier else setting.minor(lease.lessor_initial_direct_costs)
    return operating_epochs(segments, costs, before + 1)


def _invested(
    lease: Lease,
    outcome: str,
    segments: Sequence[LeaseSegment],
    asset: LeasedAsset,
    number: int,
) -> Stretch:
    policy = profit_policy(outcome, asset)
    try:
        epochs = invested_epochs(segments, asset, policy, number)
    except NoCrossing as missing:
        known = lease.unguaranteed_residual is not None
        why = (
            "with these rents and residuals" if known else "while its residual value is not stated"
        )
        cause = f"{lease.id} is {outcome} for its lessor, and has no implicit rate {why}"
        raise NotModelled(cause) from missing
    return Stretch(outcome, epochs, policy, asset)


def lessor_side(
    lease: Lease, setting: Setting, members: Members, accrued: Accrued
) -> Iterator[Schedule]:
    """
    A lease in the books of its lessor, or as its group would measure it.

    Source: ASC 842-30-25-1, 842-30-25-7, 842-30-25-11; IFRS 16.67, 16.81.

    Args:
        lease: Measured as the members' lease.
        setting: Gives classes and events.
        members: The lessor, or the group it is in.
        accrued: The issuer's schedule of each note.
    """
    parties = (lease.id, lease.lessor, lease.lessee)
    stretches = lessor_stretches(lease, setting, members, accrued)
    for k, stretch in enumerate(stretches):
        following = stretches[k + 1] if k + 1 < len(stretches) else None
        changes = following.starts if following else None
        if stretch.policy is None or stretch.asset is None:
            yield operating_schedule(parties, stretch.epochs, changes)  # type: ignore[arg-type]
            continue
        made = invested_schedule(
            parties,
            stretch.epochs,  # type: ignore[arg-type]
            stretch.asset,
            stretch.policy,
            changes,
        )
        yield with_payments_split(made, paid="received")
        right = sublet_right(lease, setting) if k == 0 else None
        if right is not None:
            yield right
        if following is not None and following.policy is None:
            yield from _taken_back(lease, setting, stretch, following.starts)


def sublet_right(sublease: Lease, setting: Setting) -> Schedule | None:
    """
    The right of use of a head lease that a sublease takes off its sublessor's books.

    Source: IFRS 16.B58; ASC 842-20-35-14.
    """
    head = head_of(sublease, setting)
    if head is None:
        return None
    return right_sublet(sublease, next(lessee_side(head, setting)), setting)


def _taken_back(lease: Lease, setting: Setting, stretch: Stretch, day: date) -> Iterator[Schedule]:
    """
    The asset that comes back when a net investment ends early, over the rest of its life.

    Source: ASC 842-10-25-16(c), 842-10-25-17(b); IFRS 16.80(a).
    """
    known = setting.deal.assets[lease.asset]
    used = months_between(known.in_service.get(), day)
    left = known.useful_life.get().months - used
    if left <= 0:
        return
    amounts = [(day, _carried(stretch))]
    parties = (lease.id, lease.lessor, lease.lessee)
    yield depreciated("asset-taken-back", parties, amounts, day, left)
