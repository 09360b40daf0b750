"""
A lease in its lessor's books, by the class it has at each time.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.carrying_amount import carrying_amount
from leasebook.measure.deposit import DepositEpoch, deposit_epochs, deposit_schedule
from leasebook.measure.invested_schedule import invested_schedule
from leasebook.measure.lease_schedules import depreciated, lessee_side
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.leaseback import split_of
from leasebook.measure.leaseback_schedules import lessor_terms
from leasebook.measure.leased_asset import leased_asset
from leasebook.measure.lessor import NET_INVESTMENT, operating_schedule, profit_policy
from leasebook.measure.lessor_epochs import OperatingEpoch, operating_epochs
from leasebook.measure.net_investment import (
    InvestedEpoch,
    LeasedAsset,
    ProfitPolicy,
    commencement_rate,
    invested_epochs,
)
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import DEPOSIT, Setting
from leasebook.measure.settlement import as_settled
from leasebook.measure.split import with_payments_split
from leasebook.measure.sublease import at_head_rate, head_of, right_sublet, sublet_asset
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rates import NoCrossing

LessorEpoch = OperatingEpoch | InvestedEpoch | DepositEpoch


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
    epochs: tuple[OperatingEpoch, ...] | tuple[InvestedEpoch, ...] | tuple[DepositEpoch, ...]
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
    setting = setting.in_currency_of(lease)
    segments = as_settled(lessor_terms(lease, setting), lease, setting)
    classes = [setting.lessor_class(lease.id, s.start) for s in segments]
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
        part, outcome = [segments[k] for k in group], classes[group[0]]
        # Month ends do not drift where another class begins.
        part[0] = attrs.evolve(part[0], anchor=segments[0].start)
        _refuse(lease, outcome, made, part, setting)
        if outcome == DEPOSIT:
            stretch = _deposit(lease, setting, part, members, accrued)
        elif outcome not in NET_INVESTMENT:
            sold = _given_up(lease, setting, part, members, accrued)
            stretch = Stretch(outcome, _operating(lease, setting, part, group[0], made, sold))
        elif made and made[-1].outcome == DEPOSIT:
            stretch = _after_deposit(lease, setting, part, made[-1], members, accrued)
        else:
            asset = leased_asset(lease, setting, members, accrued, part[0].start if made else None)
            asset = asset if made else _with_rent_ahead(asset, lease, setting)
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
            policy = profit_policy(outcome, asset)
            stretch = _invested(lease, outcome, part, asset, policy, group[0] + 1)
        made.append(stretch)
    return tuple(made)


def _with_rent_ahead(asset: LeasedAsset, lease: Lease, setting: Setting) -> LeasedAsset:
    """
    The asset of a leaseback that was bought below fair value: the rest is rent received ahead.

    Source: ASC 842-40-30-2(a); IFRS 16.101(a).
    """
    split = split_of(lease, setting)
    if split is None:
        return asset
    return attrs.evolve(asset, deposit=split.sale.below_market_prepaid_rent)


def _refuse(
    lease: Lease,
    outcome: str,
    made: Sequence[Stretch],
    part: Sequence[LeaseSegment],
    setting: Setting,
) -> None:
    """What cannot be measured of a lease whose collection is not probable."""
    before = made[-1].outcome if made else None
    if before == DEPOSIT and outcome != "sales-type":
        raise NotModelled(f"{lease.id} becomes {outcome} while its rents are held as a deposit")
    if outcome == DEPOSIT and any(segment.deferred for segment in part):
        raise NotModelled(f"{lease.id}: rent is deferred, and its collection is not probable")
    if outcome == DEPOSIT and before is not None:
        raise NotModelled(f"{lease.id} becomes sales-type while its collection is not probable")
    if outcome == DEPOSIT and head_of(lease, setting) is not None:
        raise NotModelled(f"{lease.id} is a sublease, and its collection is not probable")


def _given_up(
    lease: Lease,
    setting: Setting,
    segments: Sequence[LeaseSegment],
    members: Members | None,
    accrued: Accrued | None,
) -> int:
    """What an asset stands at when the lessee buys it at the end, minor units; else nothing."""
    last = segments[-1]
    if last.change.kind != "sold":
        return 0
    if head_of(lease, setting) is not None:
        raise NotModelled(f"{lease.id} is a sublease, and its lessee buys the asset")
    return carrying_amount(lease.asset, last.start, setting, members, accrued, opening=True)


def _deposit(
    lease: Lease,
    setting: Setting,
    segments: Sequence[LeaseSegment],
    members: Members | None,
    accrued: Accrued | None,
) -> Stretch:
    """
    A sales-type lease while its collection is not probable.

    Source: ASC 842-30-25-3; for direct costs 842-30-25-1(c).
    """
    asset = leased_asset(lease, setting, members, accrued)
    epochs = deposit_epochs(
        segments,
        asset.initial_direct_costs,
        expensed=asset.has_profit,
        given_up=_given_up(lease, setting, segments, members, accrued),
    )
    return Stretch(DEPOSIT, epochs)


def _after_deposit(
    lease: Lease,
    setting: Setting,
    segments: Sequence[LeaseSegment],
    before: Stretch,
    members: Members | None,
    accrued: Accrued | None,
) -> Stretch:
    """
    The sale that is recognised once collection is probable, at the rate of commencement.

    Source: ASC 842-30-25-4.
    """
    first, last = before.epochs[0], before.epochs[-1]
    if not isinstance(last, DepositEpoch):
        raise TypeError(f"{lease.id}: no deposit before its net investment")
    at_first = leased_asset(lease, setting, members, accrued)
    policy = profit_policy("sales-type", at_first)
    try:
        rate = commencement_rate(first.segment, at_first, policy)
    except NoCrossing as missing:
        raise _no_rate(lease, "sales-type") from missing
    day = segments[0].start
    asset = attrs.evolve(
        at_first,
        fair_value=None,
        carrying_amount=carrying_amount(lease.asset, day, setting, members, accrued, opening=True),
        initial_direct_costs=0,
        rate_given=True,
        deposit=last.held - last.costs_deferred,
    )
    at_rate = [
        attrs.evolve(s, rate=rate, period_rates=s.period_rates if s.rate == rate else ())
        for s in segments
    ]
    return _invested(lease, "sales-type", at_rate, asset, policy, last.number + 1)


def _carried(stretch: Stretch) -> int:
    """The net investment when a stretch is over, minor units; nothing of an operating lease."""
    last = stretch.epochs[-1]
    if not isinstance(last, InvestedEpoch):
        return 0
    receivable, residual, deferred = last.carried()
    return receivable + residual - deferred


def _operating(
    lease: Lease,
    setting: Setting,
    segments: Sequence[LeaseSegment],
    before: int,
    earlier: Sequence[Stretch],
    given_up: int,
) -> tuple[OperatingEpoch, ...]:
    costs = 0 if earlier else setting.minor(lease.lessor_initial_direct_costs)
    epochs = operating_epochs(segments, costs, before + 1)
    return (*epochs[:-1], attrs.evolve(epochs[-1], given_up=given_up))


def _invested(
    lease: Lease,
    outcome: str,
    segments: Sequence[LeaseSegment],
    asset: LeasedAsset,
    policy: ProfitPolicy,
    number: int,
) -> Stretch:
    try:
        epochs = invested_epochs(segments, asset, policy, number)
    except NoCrossing as missing:
        raise _no_rate(lease, outcome) from missing
    return Stretch(outcome, epochs, policy, asset)


def _no_rate(lease: Lease, outcome: str) -> NotModelled:
    known = lease.unguaranteed_residual is not None
    why = "with these rents and residuals" if known else "while its residual value is not stated"
    return NotModelled(f"{lease.id} is {outcome} for its lessor, and has no implicit rate {why}")


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
        if stretch.outcome == DEPOSIT:
            yield deposit_schedule(parties, stretch.epochs, changes)  # type: ignore[arg-type]
            continue
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
        if following is None:
            yield from _taken_back(lease, setting, *_returned(made))
        elif following.policy is None:
            yield from _taken_back(lease, setting, following.starts, _carried(stretch))


def sublet_right(sublease: Lease, setting: Setting) -> Schedule | None:
    """
    The right of use of a head lease that a sublease takes off its sublessor's books.

    Source: IFRS 16.B58; ASC 842-20-35-14.
    """
    head = head_of(sublease, setting)
    if head is None:
        return None
    return right_sublet(sublease, next(lessee_side(head, setting)), setting)


def _returned(made: Schedule) -> tuple[date, int]:
    """The day after a net investment is over, and what its residuals return as the asset."""
    columns = [made.columns.index(name) for name in ("receivable_returned", "residual_returned")]
    amount = sum(row.amounts[k] for row in made.rows for k in columns)
    return made.rows[-1].date + timedelta(days=1), amount


def _taken_back(lease: Lease, setting: Setting, day: date, amount: int) -> Iterator[Schedule]:
    """
    The asset that comes back when a net investment is over, over the rest of its life.

    Source: ASC 842-10-25-16(c), 842-10-25-17(b), 842-30-35-5, 360-10-35-4; IFRS 16.77, 16.80(a),
    IAS 16.50.
    """
    known = setting.deal.assets[lease.asset]
    used = months_between(known.in_service.get(), day)
    left = known.useful_life.get().months - used
    kept = min(amount, setting.minor(known.residual_value))
    if left <= 0 or amount <= kept:
        return
    parties = (lease.id, lease.lessor, lease.lessee)
    yield depreciated("asset-taken-back", parties, [(day, amount - kept)], day, left)
