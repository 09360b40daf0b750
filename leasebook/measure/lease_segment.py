"""
Lease segments: one epoch of one lease, its opening value, its interest and what is level in it.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Literal

import attrs

from leasebook.measure.epoch_change import UNCHANGED, Change
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.kernel import accrue_segment, check_domain, level_rows
from leasebook.reckoning.present_value import (
    present_value,
    present_value_at_rates,
    present_value_minor,
)
from leasebook.reckoning.rates import day_rates, solve_rate
from leasebook.reckoning.rounding import round_half_even, spread

Timing = Literal["advance", "arrears"]


@attrs.frozen
class LeaseSegment:
    """
    One epoch of one lease.

    Attributes:
        start: First day of the first period.
        periods: How many periods the terms of this epoch foresee; none once the lease is ended.
        months: Length of a period, or 12 where the days of the periods are stated.
        days: On which the periods begin, and on which the last is over, where no step of whole
            months leads from one to the next; else empty.
        timing: Whether a payment falls on the first or on the last day of its period.
        payments: Minor units due that the balances are measured on, one for each period.
        rate: Per period; of periods between stated days for a year, which `months` then is.
        rate_text: The rate in words, for people.
        period_rates: Rate of each period where they differ; else empty.
        variable: Minor units due with the payments outside the balances; empty for none.
        usage: Minor units due at the close of each period outside the balances; empty for none.
        unpaid: Periods, counted from 0, whose payment falls due and is not made.
        doubtful: Whether collection is no longer probable from its start on.
        deferred: Minor units of each payment that the contract lets the lessee pay later; empty
            for none.
        caught_up: Minor units that are paid with each payment of what was deferred before.
        residual_payment: Minor units probable (US) or expected (IFRS) to be owed under a residual
            value guarantee; due at the close of the last period.
        purchase_price: Minor units for which the lessee buys the asset at the close of the last
            period.
        termination_penalty: Minor units for leaving at the close of the last period, where the
            term counts on an option to end the lease.
        passes_title: Whether the asset is the lessee's after the last period.
        initial_direct_costs: Minor units, at start.
        incentives: Minor units the lessor gives, at start.
        prepaid: Minor units paid to the lessor by the start besides `payments`.
        derivative_settled: Minor units of credit derivatives that the lessee is rid of by it.
        guarantee_settled: Minor units of other guarantees that the lessee is rid of by it.
        day_one: Minor units of rent due at start that is kept out of `payments`.
        restoration: Minor units, present value of what restoring the asset will cost, at start.
        amortised_over: Over how many periods, or days if they are stated, a finance lessee
            amortises, if not over the term (the asset's life where title passes or a purchase
            option is certain).
        opening_liability: Minor units handed over in place of the present value.
        opening_rou: Minor units handed over in place of the liability with its costs.
        taken_on: Whether both balances were carried by somebody else until the day before.
        anchor: The day from which its periods are counted, if not its start.
        change: How it takes over from the epoch before.
        live_periods: How many periods are walked before the next epoch begins.
        goes_on: Whether another epoch takes over what would be due at the end.
    """

    start: date
    periods: int
    months: int
    timing: Timing
    payments: tuple[int, ...]
    rate: Fraction
    rate_text: str
    residual_payment: int = 0
    initial_direct_costs: int = 0
    incentives: int = 0
    prepaid: int = 0
    day_one: int = 0
    amortised_over: int | None = None
    live_periods: int = attrs.field(
        default=attrs.Factory(lambda segment: segment.periods, takes_self=True)
    )
    period_rates: tuple[Fraction, ...] = ()
    days: tuple[date, ...] = ()
    variable: tuple[int, ...] = ()
    usage: tuple[int, ...] = ()
    unpaid: frozenset[int] = frozenset()
    doubtful: bool = False
    deferred: tuple[int, ...] = ()
    caught_up: tuple[int, ...] = ()
    purchase_price: int = 0
    termination_penalty: int = 0
    passes_title: bool = False
    restoration: int = 0
    opening_liability: int | None = None
    opening_rou: int | None = None
    taken_on: bool = False
    goes_on: bool = False
    derivative_settled: int = 0
    guarantee_settled: int = 0
    anchor: date | None = None
    change: Change = UNCHANGED

    def __attrs_post_init__(self) -> None:
        if self.periods < (0 if self.change.over else 1) or self.months < 1:
            raise ValueError("a lease segment has at least one period of at least one month")
        if len(self.payments) != self.periods:
            raise ValueError(f"{len(self.payments)} payments for {self.periods} periods")
        if self.days and (len(self.days) != self.periods + 1 or self.days[0] != self.start):
            raise ValueError(f"{len(self.days)} days bound no {self.periods} periods")
        beside = (self.variable, self.usage, self.deferred, self.caught_up)
        if not {len(some) for some in beside} <= {0, self.periods}:
            raise ValueError(f"variable amounts for another number than {self.periods} periods")
        if not 0 <= self.live_periods <= self.periods:
            raise ValueError(f"{self.live_periods} live periods of {self.periods}")
        if self.rate <= -1:
            raise ValueError("a rate per period lies above -1")
        at_start = (self.initial_direct_costs, self.paid_by_start, self.restoration)
        at_end = (self.residual_payment, self.purchase_price, self.termination_penalty)
        dues = (*self.payments, *self.variable, *self.usage)
        check_domain([*dues, *at_end, *at_start], self.rate.denominator)

    @property
    def in_advance(self) -> bool:
        """Whether payments fall on the first day of their period."""
        return self.timing == "advance"

    @property
    def first_at(self) -> int:
        """Periods from the start to the first payment."""
        return 0 if self.in_advance else 1

    @property
    def ends(self) -> bool:
        """Whether all its periods are walked, and what is due at the end is paid."""
        return self.live_periods == self.periods and not self.goes_on

    @property
    def paid_by_start(self) -> int:
        """Minor units that the lessor has got by the start and no balance shows, incentives off."""
        return self.prepaid + self.day_one - self.incentives

    @property
    def final_payment(self) -> int:
        """Minor units due at the close of the last period besides the rent."""
        return self.residual_payment + self.purchase_price + self.termination_penalty

    @property
    def left_open(self) -> int:
        """Minor units that fall due as the lease ends, when nothing is paid any more."""
        return self.residual_payment + self.termination_penalty if self.doubtful else 0

    @property
    def rates(self) -> tuple[Fraction, ...]:
        """The rate of each period."""
        return self.period_rates or (self.rate,) * self.periods

    @property
    def lengths(self) -> list[int]:
        """
        How long each period is beside the others: its days if they are stated, else 1 for each.

        Level cost, level income and amortisation go by this, so that they are level in time.
        Periods of whole months count alike; between days that no step of months reaches only days
        do.

        Source: ASC 842-20-25-6(a), 842-20-35-7, 842-30-25-11; IFRS 16.31, 16.81.
        """
        if not self.days:
            return [1] * self.periods
        return [(last - first).days for first, last in pairwise(self.days)]

    @property
    def horizon(self) -> int:
        """Over how much time a finance lessee amortises, in the unit of `lengths`."""
        return self.amortised_over or sum(self.lengths)

    @property
    def term_months(self) -> int:
        """Whole months from its start to the end of the term that it foresees."""
        if self.days:
            return months_between(self.start, self.days[-1])
        return self.periods * self.months

    def at_rate(self, rate: Fraction) -> "LeaseSegment":
        """The same terms at another rate, which holds for all its periods."""
        if rate == self.rate:
            return self
        dated = day_rates(rate, self.days) if self.days else ()
        return attrs.evolve(self, rate=rate, period_rates=dated)

    def solved_rate(self, dues: Sequence[int], worth: int) -> Fraction:
        """
        The rate, as `rate` is stated, that makes amounts due worth a given amount at start.

        Args:
            dues: Minor units at start and at the close of each period.
            worth: Minor units.

        Returns:
            Frozen at fifteen decimals; never below 0.

        Raises:
            NoCrossing: If it is above 100 % a period, or a year where days are stated.
        """
        if sum(dues) <= worth:
            return Fraction(0)
        if not self.days:
            return solve_rate(lambda rate: present_value(dues, rate, 0) - worth)
        days = self.days
        return solve_rate(lambda rate: present_value_at_rates(dues, day_rates(rate, days)) - worth)

    def variable_of(self, period: int) -> int:
        """Minor units of a period, counted from 0, outside the balances."""
        return sum(some[period] for some in (self.variable, self.usage) if some)

    def dues(self, final: int | None = None) -> list[int]:
        """
        What is due at start and at the close of each period, minor units.

        Args:
            final: Due with the last of them beside a penalty, if not what the segment foresees.
        """
        dues = [*self.payments, 0] if self.in_advance else [0, *self.payments]
        dues[-1] += self.final_payment if final is None else final + self.termination_penalty
        return dues

    def value_of(self, dues: Sequence[int]) -> int:
        """
        Present value at start of amounts due at start and at the close of each period.

        Args:
            dues: Minor units, one more than there are periods.

        Returns:
            Minor units, rounded once, half to even.
        """
        if self.period_rates:
            return round_half_even(present_value_at_rates(dues, self.period_rates))
        return present_value_minor(dues, self.rate, 0)

    def present_value(self) -> int:
        """
        Present value at start of the payments and of what is due at the end, rounded once.

        Source: ASC 842-20-30-1(a); IFRS 16.26.

        Returns:
            Minor units; a payment due on the first day is included.

        Example:
            >>> LeaseSegment(date(2029, 1, 1), 2, 12, "advance", (100, 100), Fraction(1, 10),
            ...              "10 %").present_value()
            191
        """
        if self.opening_liability is not None:
            return self.opening_liability
        return self.value_of(self.dues())

    def interest(self, opening: int, *, target: int | None = None) -> list[int]:
        """
        Interest of each of its periods on a balance that its payments serve.

        Source: ASC 842-20-35-1, 842-20-35-2; IFRS 16.36, 16.37.

        Args:
            opening: Minor units at start, a payment due that day included.
            target: Minor units to which the last interest brings the balance before what is due
                at the end; None for just that.

        Returns:
            Minor units, one for each of `periods`, live or not.

        Raises:
            TrueUpExceeded: If the opening balance is not the present value of what follows.
        """
        return self.earned(opening, self.payments, self.final_payment if target is None else target)

    def earned(self, opening: int, payments: Sequence[int], target: int) -> list[int]:
        """
        Interest of each period on a balance that some payments bring to a target.

        A balance that was handed over need not be the present value of what follows; its last
        interest absorbs the difference.

        Args:
            opening: Minor units at start.
            payments: Minor units, one for each period.
            target: Minor units after the last of them.

        Returns:
            Minor units, one for each of `periods`.
        """
        if not self.periods:
            return []
        denominator = max(rate.denominator for rate in self.rates)
        if any(denominator % rate.denominator for rate in self.rates):
            denominator = 10**15  # every frozen rate lies on this grid
        interest, _ = accrue_segment(
            opening,
            payments,
            [int(rate * denominator) for rate in self.rates],
            denominator,
            target,
            advance=self.in_advance,
            handed_over=self.opening_liability is not None,
        )
        return interest

    def spread(self, total: int, over: int | None = None) -> list[int]:
        """
        A total in parts that are level in time, one for each period.

        Args:
            total: Minor units.
            over: Over how much time in the unit of `lengths`, if not over the segment; parts
                beyond its end are left out.

        Returns:
            Minor units, one for each of `periods`.
        """
        if not self.periods:
            return []
        if not self.days:
            parts = [0] * self.periods
            level_rows(0, self.periods, total, 0, over or self.periods, parts)
            return parts
        lengths = self.lengths
        whole = over or sum(lengths)
        reached = [min(whole, gone) for gone in accumulate(lengths, initial=0)]
        within = [last - first for first, last in pairwise(reached)]
        return spread(total, [*within, whole - reached[-1]])[: self.periods]

    def continues(self, earlier: "LeaseSegment") -> bool:
        """
        Whether rate and remaining payments are what the earlier epoch foresaw after its live part.
        """
        live = earlier.live_periods
        return (
            not self.change.alters
            and self.payments == earlier.payments[live:]
            and self.rate == earlier.rate
            and self.period_rates == earlier.period_rates[live:]
            and self.final_payment == earlier.final_payment
            and self.days == earlier.days[live:]
            and (self.months, self.timing) == (earlier.months, earlier.timing)
        )

    def rate_line(self, epoch: int) -> str:
        """The text under which a schedule lists its rate."""
        return f"epoch {epoch}: {self.rate_text}"
