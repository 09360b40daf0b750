"""
A lease period by period, as it is taught: opening, payment, interest, closing.

Rows are numbered from commencement. `closing` stands at the end of the period: in arrears after
its payment, in advance before the one that falls due then. Amounts are minor units.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from leasebook.contract.event import Event
from leasebook.measure.deposit import DepositEpoch
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lessee_epochs import LesseeEpoch
from leasebook.measure.lessor_epochs import OperatingEpoch
from leasebook.measure.net_investment import InvestedEpoch
from leasebook.reckoning.calendar import add_months

#: One row: its columns by name, minor units; a present value may be a fraction of one.
Row = Mapping[str, Fraction | int]


@attrs.frozen
class _Balance:
    """One balance through the periods of an epoch."""

    opening: int
    payments: Sequence[int]
    interest: Sequence[int]
    in_advance: bool

    def rows(self) -> Iterator[dict[str, int]]:
        """The columns that every balance has."""
        held, unpaid = self.opening, 0
        for paid, earned in zip(self.payments, self.interest, strict=True):
            opening, held = held, held - paid + earned
            yield {
                "opening": opening,
                "payment": paid,
                "interest": earned,
                "closing": held,
                "balance_after_payment": opening - paid if self.in_advance else held,
                # A payment first settles the interest accrued since the one before.
                "principal": paid - (unpaid if self.in_advance else earned),
            }
            unpaid = earned


def first_periods(segments: Sequence[LeaseSegment]) -> list[int]:
    """
    How many periods have gone when each segment begins.

    Example:
        >>> from datetime import date
        >>> one = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (1, 1), Fraction(0), "")
        >>> first_periods([one, one])
        [0, 2]
    """
    gone = [0]
    for segment in segments[:-1]:
        gone.append(gone[-1] + segment.live_periods)
    return gone


def ends_by(segment: LeaseSegment, period: int, event: Event) -> bool:
    """
    Whether a period of a segment, counted from 0, is over on the day of an event.

    Example:
        >>> from datetime import date
        >>> from leasebook.contract.figure import Figure
        >>> one = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (1, 1), Fraction(0), "")
        >>> paid = Event("base", "hall", "payment-made", Figure(date(2030, 1, 1)))
        >>> ends_by(one, 0, paid), ends_by(one, 1, paid)
        (True, False)
    """
    day = event.date.get()
    if segment.days:
        return segment.days[period + 1] <= day
    return add_months(segment.start, segment.months * (period + 1)) <= day


def lessee_rows(epoch: LesseeEpoch, elapsed: int) -> list[dict[str, Fraction | int]]:
    """
    The rows of an epoch as its terms foresee them, live or not.

    Source: ASC 842-20-35-1, 842-20-35-3, 842-20-25-6; IFRS 16.36, 16.38.

    Args:
        epoch: In the lessee's books.
        elapsed: Periods gone since commencement when it begins.
    """
    segment = epoch.segment
    balance = _Balance(epoch.liability, segment.payments, epoch.interest, segment.in_advance)
    rows: list[dict[str, Fraction | int]] = []
    rou = epoch.rou
    accrued = 0 if elapsed else -(segment.paid_by_start + segment.initial_direct_costs)
    for k, columns in enumerate(balance.rows()):
        reduction, cost = epoch.reduction[k], epoch.cost[k]
        accrued += cost - segment.payments[k]
        rows.append(
            {
                "period": elapsed + k + 1,
                **columns,
                "rou_opening": rou,
                "rou_amortisation": reduction,
                "rou_closing": rou - reduction,
                "cost": cost,
                "variable_lease_cost": segment.variable_of(k),
                "accrued_rent": accrued,
                "present_value": _discounted(segment, k),
            }
        )
        rou -= reduction
    return _with_portions(rows, segment)


def _discounted(segment: LeaseSegment, period: int) -> Fraction:
    """The period's payment, discounted to the start of the segment."""
    value = Fraction(segment.payments[period])
    for rate in segment.rates[: period + segment.first_at]:
        value /= 1 + rate
    return value


def _with_portions(
    rows: list[dict[str, Fraction | int]], segment: LeaseSegment
) -> list[dict[str, Fraction | int]]:
    """
    The rows with what of each closing is current, and what is left after twelve months' payments.

    Source: ASC 842-20-45-1, 210-10-45; IFRS 16.47, IAS 1.69.
    """
    ahead = max(1, 12 // segment.months)
    for k, row in enumerate(rows):
        if segment.days:
            later = _beyond_a_year(rows, segment, k)
        else:
            following = rows[k + 1 : k + 1 + ahead]
            later = 0 if len(following) < ahead else following[-1]["balance_after_payment"]
        row["non_current_portion"] = later
        row["current_portion"] = row["closing"] - later
    return rows


def _beyond_a_year(
    rows: list[dict[str, Fraction | int]], segment: LeaseSegment, period: int
) -> Fraction | int:
    """What the rents of the twelve months after a period leave of the balance, by their days."""
    until = add_months(segment.days[period + 1], 12)
    if segment.days[-1] <= until:
        return 0
    within = [j for j in range(period + 1, segment.periods) if segment.days[j] < until]
    return rows[within[-1]]["balance_after_payment"] if within else rows[period]["closing"]


def exempt_rows(
    segment: LeaseSegment, costs: Sequence[int], elapsed: int = 0, prepaid: int = 0
) -> list[dict[str, Fraction | int]]:
    """
    The rows of a lease that is kept off the balance sheet: cost, payment and what is accrued.

    Source: ASC 842-20-25-2; IFRS 16.6.

    Args:
        segment: The terms of an epoch.
        costs: Minor units of each period.
        elapsed: Periods gone since commencement when it begins.
        prepaid: Minor units prepaid by then, negative where cost is accrued.
    """
    rows: list[dict[str, Fraction | int]] = []
    accrued = -prepaid - segment.paid_by_start - segment.initial_direct_costs
    for k, cost in enumerate(costs):
        accrued += cost - segment.payments[k]
        rows.append(
            {
                "period": elapsed + k + 1,
                "payment": segment.payments[k],
                "cost": cost,
                "variable_lease_cost": segment.variable_of(k),
                "accrued_rent": accrued,
            }
        )
    return rows


def operating_rows(epoch: OperatingEpoch, elapsed: int) -> list[dict[str, Fraction | int]]:
    """
    The rows of an operating lease in its lessor's books.

    Source: ASC 842-30-25-11; IFRS 16.81.
    """
    segment = epoch.segment
    accrued = epoch.accrued_before - segment.paid_by_start
    rows: list[dict[str, Fraction | int]] = []
    for k, income in enumerate(epoch.income):
        accrued += income - segment.payments[k]
        rows.append(
            {
                "period": elapsed + k + 1,
                "payment": segment.payments[k],
                "accrued_rent": accrued,
                "variable_lease_cost": segment.variable_of(k),
            }
        )
    return rows


def deposit_rows(epoch: DepositEpoch, elapsed: int) -> list[dict[str, Fraction | int]]:
    """
    The rows of a lease whose lessor holds what it receives as a deposit.

    Source: ASC 842-30-25-3.
    """
    segment = epoch.segment
    held = epoch.held_before + segment.paid_by_start
    rows: list[dict[str, Fraction | int]] = []
    for k, received in enumerate(epoch.received()):
        held += received
        rows.append(
            {
                "period": elapsed + k + 1,
                "payment": segment.payments[k],
                "deposit": held,
                "variable_lease_cost": segment.variable_of(k),
            }
        )
    return rows


def invested_rows(epoch: InvestedEpoch, elapsed: int) -> list[dict[str, Fraction | int]]:
    """
    The rows of a net investment: the receivable, the residual, and both together.

    Source: ASC 842-30-35-1; IFRS 16.75.
    """
    segment = epoch.segment
    balance = _Balance(epoch.receivable, segment.payments, epoch.interest, segment.in_advance)
    residual, deferred = epoch.residual, epoch.deferred
    rows: list[dict[str, Fraction | int]] = []
    for k, columns in enumerate(balance.rows()):
        accretion, released = epoch.accretion[k], epoch.released[k]
        residual += accretion
        deferred -= released
        rows.append(
            {
                "period": elapsed + k + 1,
                **columns,
                "residual_accretion": accretion,
                "residual_closing": residual,
                "net_investment_interest": columns["interest"] + accretion + released,
                "net_investment_closing": columns["closing"] + residual - deferred,
                "variable_lease_cost": segment.variable_of(k),
                "present_value": _discounted(segment, k),
            }
        )
    return _with_portions(rows, segment)
