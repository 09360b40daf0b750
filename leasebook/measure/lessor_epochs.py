"""
An operating lease in its lessor's books, epoch by epoch: level income, and rent it is owed.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import attrs

from leasebook.measure.lease_segment import LeaseSegment


@attrs.frozen
class OperatingEpoch:
    """
    One epoch of an operating lease in its lessor's books.

    Attributes:
        number: From 1.
        segment: Its terms.
        accrued_before: Income to date less rent due to date when it opens, minor units; negative
            where rent is deferred.
        billed_before: Rent that is billed and open when it opens, minor units.
        unamortised_before: Minor units of direct costs not yet spread when it opens.
        income: Minor units of level income for each period.
        costs: Minor units of direct costs spread to each period.
        given_up: Carrying amount of the asset in minor units, if the lessee buys it as it opens.
    """

    number: int
    segment: LeaseSegment
    accrued_before: int
    billed_before: int
    unamortised_before: int
    income: list[int]
    costs: list[int]
    given_up: int = 0

    @property
    def written_off(self) -> tuple[int, int]:
        """
        Accrued and billed rent that is lost on the first day, minor units.

        Once collection is doubtful no income stands that was not paid, or that is given back as
        an incentive that day. Rent that was paid ahead bears what is billed and open first, and is
        no income before its time.

        Source: ASC 842-30-25-13.
        """
        if self.segment.change.kind == "ended":
            return self.accrued_before, 0
        if self.segment.doubtful:
            accrued = self.accrued_before - self.segment.paid_by_start
            return max(accrued, -self.billed_before), self.billed_before
        return 0, 0

    @property
    def held(self) -> int:
        """Rent that was paid and is not yet income once the first day is over, minor units."""
        return self.segment.paid_by_start + self.written_off[0] - self.accrued_before

    @property
    def gain(self) -> int:
        """What the first day adds to the result in minor units, a loss negative."""
        accrued, billed = self.written_off
        change = self.segment.change
        if change.kind == "sold":
            return change.price - self.given_up - self.accrued_before
        return change.penalty - accrued - billed


def operating_epochs(
    segments: Sequence[LeaseSegment], initial_direct_costs: int = 0, first_number: int = 1
) -> tuple[OperatingEpoch, ...]:
    """
    The epochs of an operating lease: each spreads what is left evenly over the periods it has left.

    Once collection is doubtful, income is level no longer than what was paid lasts.

    Source: ASC 842-30-25-11, 842-30-25-13, 842-10-25-15; IFRS 16.81, 16.83, 16.87.

    Args:
        segments: In order; what they say of the lessee's own costs is left out.
        initial_direct_costs: The lessor's, minor units.
        first_number: Of the first epoch, where others went before.

    Returns:
        One epoch for each segment.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (100, 120), Fraction(0), "")
        >>> operating_epochs([terms])[0].income
        [110, 110]
    """
    epochs: list[OperatingEpoch] = []
    accrued, billed, unamortised = 0, 0, initial_direct_costs
    for segment in segments:
        cash_first = segment.paid_by_start
        if epochs and segment.continues(epochs[-1].segment) and cash_first == 0:
            # An amendment that changes no term posts nothing: the old shares go on, to the unit.
            live = epochs[-1].segment.live_periods
            income, costs = epochs[-1].income[live:], epochs[-1].costs[live:]
        else:
            income = segment.spread(sum(segment.dues(0)) + cash_first - accrued)
            costs = segment.spread(unamortised)
        epoch = OperatingEpoch(
            first_number + len(epochs), segment, accrued, billed, unamortised, income, costs
        )
        if segment.doubtful:
            epoch = attrs.evolve(epoch, income=_no_more_than(epoch.held, income))
            income = epoch.income
        epochs.append(epoch)
        live = segment.live_periods
        lost = epoch.written_off
        due = 0 if segment.doubtful else sum(segment.payments[:live])
        due += segment.termination_penalty if segment.ends and not segment.doubtful else 0
        accrued += sum(income[:live]) - cash_first - due - lost[0]
        billed += _unpaid(segment) - lost[1]
        unamortised -= sum(costs[:live]) if segment.periods else unamortised
    return tuple(epochs)


def _no_more_than(most: int, income: Sequence[int]) -> list[int]:
    """
    Income of each period until it comes to an amount in all.

    Example:
        >>> _no_more_than(25, [10, 10, 10]), _no_more_than(-5, [10])
        ([10, 10, 5], [0])
    """
    reached = [max(0, min(most, so_far)) for so_far in accumulate(income, initial=0)]
    return [last - first for first, last in pairwise(reached)]


def _unpaid(segment: LeaseSegment) -> int:
    """Rent of live periods that is billed and not paid; none of it is asset once doubtful."""
    if segment.doubtful:
        return 0
    live = segment.live_periods
    put_off = sum(segment.deferred[:live]) - sum(segment.caught_up[:live])
    return put_off + sum(segment.payments[k] for k in segment.unpaid if k < live)
