"""
Which part of a contract's consideration is for the right of use, and which for services.

The consideration is shared by relative stand-alone prices. Each amount is split by what is due to
date, rounded, so that the parts of a payment sum to it and those of the term to the total, and the
split of a day does not depend on how the time before it is cut into epochs.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.deal import AS_LESSOR
from leasebook.contract.lease import Component, Lease
from leasebook.contract.share import Share, signed_id
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import divide_half_even

Side: TypeAlias = Literal["lessee", "lessor"]


def lease_share_of_payments(
    payments: Sequence[int], prices: tuple[int, int], before: int = 0
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """
    Payments split into what is for the right of use and what is for services.

    Source: ASC 842-10-15-33, 842-10-15-40; IFRS 16.13.

    Args:
        payments: Minor units, of either sign.
        prices: Stand-alone prices of the right of use and of the services, of any one unit.
        before: Consideration before the first of them, minor units.

    Returns:
        For each payment its part for the right of use, and its part for services.

    Example:
        >>> lease_share_of_payments([500, 500, 500], (475, 75))
        ((432, 432, 431), (68, 68, 69))
    """
    own, rest = prices
    reached, parts = before, []
    given = divide_half_even(before * own, own + rest)
    for payment in payments:
        reached += payment
        so_far = divide_half_even(reached * own, own + rest)
        parts.append(so_far - given)
        given = so_far
    services = tuple(due - part for due, part in zip(payments, parts, strict=True))
    return tuple(parts), services


def sharing(lease: Lease, setting: Setting, side: Side) -> tuple[tuple[Component, bool], ...]:
    """
    The components among which a side shares the consideration, and whether each is in the lease.

    What hands nothing over (taxes, insurance) is none of them. A component whose decision is open
    is what the contract calls it.

    Source: ASC 842-10-15-30, 842-10-15-37, 842-10-15-42A, 842-10-15-42B; IFRS 16.12, 16.15, 16.17.

    Args:
        lease: A contract with components, or without.
        setting: Gives the outcomes of `lease_components` and `lessor_combination`.
        side: A lessee combines by its own choice, a lessor where it may.
    """
    told = None
    signed = signed_id(lease.id)
    if side == "lessor":
        told = setting.outcome("lessor_combination", f"{lease.id}/{AS_LESSOR}") or "kept-apart"
    shared = []
    for part in lease.components:
        found = setting.outcome("lease_components", f"{signed}/{part.name}")
        if found == "no-component":
            continue
        within = part.kind == "lease"
        if told is None:
            combined = lease.combine_components if found is None else found == "combined-with-lease"
            within = within or combined
        elif told != "kept-apart":
            within = told == "combined-as-lease"
        shared.append((part, within))
    return tuple(shared)


def prices_of(lease: Lease, setting: Setting, side: Side) -> tuple[int, int] | None:
    """
    Stand-alone prices of what is in the lease and of the rest, minor units; None without a rest.
    """
    own = rest = 0
    shared = sharing(lease, setting, side)
    if all(within for _, within in shared):
        return None  # what is shared with nobody needs no price
    for part, within in shared:
        price = setting.minor(part.standalone_price)
        own, rest = (own + price, rest) if within else (own, rest + price)
    return (own, rest) if rest else None


def with_lease_part(
    segments: Sequence[LeaseSegment], lease: Lease, setting: Setting, side: Side = "lessee"
) -> tuple[LeaseSegment, ...]:
    """
    The epochs of a contract with the consideration of the right of use alone.

    What is paid at the start of an epoch beside its payments, and the incentives it brings, are
    consideration like any payment.

    Source: ASC 842-10-15-33 to 15-36; IFRS 16.13.

    Args:
        segments: The epochs with the consideration of all components.
        lease: The contract.
        setting: Gives what is decided of its components.
        side: Whose measurement.

    Returns:
        The epochs; the same where the contract has nothing apart from the lease.
    """
    prices = prices_of(lease, setting, side)
    if prices is None:
        return tuple(segments)
    return _in_part(segments, Share(0, prices[0], sum(prices)))


def with_own_share(
    segments: Sequence[LeaseSegment], lease: Lease, setting: Setting
) -> tuple[LeaseSegment, ...]:
    """
    The epochs of a contract with what is for one of the leases in it, its services included.

    Source: ASC 842-10-15-28, 842-10-15-33, 842-10-25-19; IFRS 16.12, 16.13, 16.B2.

    Args:
        segments: The epochs with the consideration of the contract, or of those that are one.
        lease: One lease in it.
        setting: Gives its share.

    Returns:
        The epochs; the same where the lease is all of its contract. Over all leases of the contract
        every payment is summed to.
    """
    share = setting.deal.shares.get(lease.id)
    if share is None:
        return tuple(segments)
    return tuple(
        attrs.evolve(
            segment,
            usage=tuple(share.of(amount) for amount in segment.usage),
            variable=tuple(share.of(amount) for amount in segment.variable),
            change=attrs.evolve(
                segment.change,
                added_payments=tuple(share.of(each) for each in segment.change.added_payments),
            ),
        )
        for segment in _in_part(segments, share)
    )


def _in_part(segments: Sequence[LeaseSegment], share: Share) -> tuple[LeaseSegment, ...]:
    """The epochs with a share of what is due to date, so that a day's part hangs on no epoch."""
    measured, before = [], 0
    for segment in segments:
        at_start = [segment.prepaid, -segment.incentives, segment.day_one]
        whole = [*at_start, *segment.payments, segment.termination_penalty]
        due = [before]
        for amount in whole:
            due.append(due[-1] + amount)
        reached = [share.of(amount) for amount in due]
        parts = [later - earlier for earlier, later in pairwise(reached)]
        measured.append(
            attrs.evolve(
                segment,
                prepaid=parts[0],
                incentives=-parts[1],
                day_one=parts[2],
                payments=tuple(parts[3:-1]),
                termination_penalty=parts[-1],
            )
        )
        before += sum(whole[: 3 + segment.live_periods])
    return tuple(measured)
