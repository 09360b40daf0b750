"""
A lessee's balances and results at the close of each period, from the terms of each epoch alone.

Source: ASC 842-20-25-2 to 25-8, 842-20-30-1, 842-20-30-5, 842-20-35-1 to 35-11; IFRS 16.6, 16.22
to 16.38.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby

from independent.change import LEVEL, STRAIGHT, Law, State, happened
from independent.terms import ZERO, Terms, exact, signed
from leasebook.contract.event import Event
from leasebook.contract.lease import Lease


@dataclass(frozen=True)
class Close:
    """
    What a lessee's books show at the close of a day, in currency units.

    Flows are from commencement to date: `cost` holds the level cost, or interest and amortisation,
    without `gain` and `variable`; `gain` is negative where it is a loss; `paid` is paid to the
    lessor. What is left of an asset that becomes the lessee's own when the lease ends is `passed`
    on, and no right of use any more.
    """

    day: date
    time: int
    liability: Fraction
    asset: Fraction
    interest: Fraction
    cost: Fraction
    gain: Fraction
    variable: Fraction
    paid: Fraction
    passed: Fraction = ZERO


@dataclass(frozen=True)
class Epoch:
    """
    A stretch of time in which nothing happens.

    Attributes:
        state: As it begins, after what happened.
        stops: The time of the next event, or the end of the term.
        life: Until when the asset lasts, from commencement, in periods or, where days are stated,
            in days; None if longer than any term.
    """

    state: State
    stops: int
    life: int | None = None

    @property
    def terms(self) -> Terms:
        """What is to be paid from its beginning."""
        return self.state.terms

    def level_cost(self, first: int, last: int) -> Fraction:
        """All payments left and what the asset exceeds the liability by, as time goes by."""
        terms = self.terms
        whole = terms.left(terms.begins) + self.state.asset - self.state.liability
        return whole * Fraction(self._between(first, last), self._between(terms.begins, terms.ends))

    def _between(self, first: int, last: int) -> int:
        return self.terms.yields.grid.between(first, last)

    def asset(self, at: int) -> Fraction:
        """The asset at a time of the epoch."""
        terms = self.terms
        if self.state.pattern == LEVEL:
            ahead = self.level_cost(at, terms.ends)
            return terms.owed(at) - terms.left(at) + ahead
        until, begun = self._between(0, terms.ends), self._between(0, terms.begins)
        if self.life is not None:
            until = self.life if self.state.owned else min(until, self.life)
        return self.state.asset * Fraction(max(0, until - self._between(0, at)), until - begun)

    def interest(self, at: int) -> Fraction:
        """Interest from the beginning of the epoch to a time: what grew beyond what was paid."""
        terms = self.terms
        return terms.owed(at) - self.state.liability + self.paid(at)

    def paid(self, at: int) -> Fraction:
        """What the liability's terms asked for from the beginning of the epoch to a time."""
        return self.terms.left(self.terms.begins) - self.terms.left(at)

    def cost(self, at: int) -> Fraction:
        """Cost from the beginning of the epoch to a time."""
        if self.state.pattern == LEVEL:
            return self.level_cost(self.terms.begins, at)
        return self.interest(at) + self.state.asset - self.asset(at)

    def variable(self, at: int) -> Fraction:
        """What fell due from the beginning of the epoch to a time and is in no liability."""
        periods = range(self.terms.begins + 1, at + 1)
        return sum((self.terms.variable(k) for k in periods), ZERO)


@dataclass
class _ToDate:
    """What the epochs that are over add up to."""

    interest: Fraction = ZERO
    cost: Fraction = ZERO
    gain: Fraction = ZERO
    variable: Fraction = ZERO
    paid: Fraction = ZERO


def opening(lease: Lease, terms: Terms, pattern: str, *, owned: bool = False) -> State:
    """
    Liability and asset at commencement, what is due that day still unpaid.

    Source: ASC 842-20-30-5; IFRS 16.24.
    """
    liability = terms.owed(0)
    paid = exact(lease.prepaid) - exact(lease.incentives)
    own = paid + exact(lease.initial_direct_costs) + exact(lease.restoration)
    return State(terms, liability, liability + own, pattern, owned, paid=paid)


def recognised(lease: Lease, terms: Terms) -> Fraction:
    """The opening liability by the lease's own convention about what is paid on day one."""
    return terms.owed(0, opening=lease.day_one_payment == "included")


def by_epoch(
    lease: Lease,
    events: Sequence[Event],
    *,
    ifrs: bool,
    classification: str,
    renewed: bool = False,
    bought: bool = False,
    life: int | None = None,
) -> Iterator[Epoch]:
    """
    The epochs of a lease.

    Args:
        lease: As it is signed.
        events: What happens to it, in any order.
        ifrs: The framework.
        classification: Of a US lessee: operating or finance.
        renewed: Whether renewals are reasonably certain.
        bought: Whether the option to buy is, or title passes.
        life: Periods that the asset lasts from commencement; None if longer than any term.
    """
    pattern = LEVEL if classification == "operating" and not ifrs else STRAIGHT
    law = Law(lease, ifrs)
    owned = bought or bool(lease.title_transfers and lease.title_transfers.get())
    state = opening(lease, signed(lease, renewed=renewed, bought=bought), pattern, owned=owned)
    if renewed:
        state = replace(state, renewals=sum(o.times for o in lease.options if o.kind == "renewal"))
    ordered = sorted(events, key=lambda e: (e.date.get(), e.order))
    for day, together in groupby(ordered, key=lambda e: e.date.get()):
        at = state.terms.yields.grid.time_of(day)
        if at == state.terms.ends:
            # The asset does not go back yet, and nothing is owed under a guarantee before it does.
            state = replace(state, terms=replace(state.terms, goes_on=True))
        yield (epoch := Epoch(state, at, life))
        state = carried(epoch, at)
        for event in together:
            state = happened(state, event, law)
        if state.over:
            break
    yield Epoch(state, state.terms.ends, life)


def carried(epoch: Epoch, at: int) -> State:
    """A lessee's side as an epoch leaves it."""
    return replace(
        epoch.state,
        terms=replace(epoch.terms.cut(at), goes_on=False),
        liability=epoch.terms.owed(at),
        asset=epoch.asset(at),
        gain=ZERO,
        variable=ZERO,
        paid=ZERO,
    )


def account(epochs: Sequence[Epoch]) -> list[Close]:
    """
    The closes of the first day of each epoch and of the last day of each period.
    """
    sums = _ToDate()
    closes = []
    for epoch in epochs:
        sums.gain += epoch.state.gain
        sums.paid += epoch.state.paid
        if not _is_over_on_its_first_day(epoch):
            closes.append(_first_day(epoch, sums))
        if epoch.state.over:
            break
        closes += [_period_end(epoch, sums, at) for at in _times(epoch)]
        last = epoch.stops
        sums.interest += epoch.interest(last)
        sums.cost += epoch.cost(last)
        sums.variable += epoch.variable(last)
        sums.paid += epoch.paid(last) + epoch.variable(last)
    return closes


def _is_over_on_its_first_day(epoch: Epoch) -> bool:
    """Whether the first period lasts one day, so that its close is that of its first day."""
    grid, at = epoch.terms.yields.grid, epoch.terms.begins
    return not epoch.state.over and grid.closes(at + 1) == grid.opens(at)


def _times(epoch: Epoch) -> range:
    return range(epoch.terms.begins + 1, epoch.stops + 1)


def _first_day(epoch: Epoch, sums: _ToDate) -> Close:
    """
    The close of an epoch's first day: what is due that day is paid.

    Where that day ends a month, its share of the first period has accrued.
    """
    terms, grid = epoch.terms, epoch.terms.yields.grid
    at = terms.begins
    day = grid.opens(at)
    if epoch.state.over:
        return _close(sums, day, at, (ZERO, ZERO))
    share = grid.share_of_first_day(at)
    due = terms.left(at) - terms.left(at, opening=False)
    beyond = terms.variable(at + 1) if terms.advance else ZERO
    interest = epoch.interest(at + 1) * share
    fallen = (epoch.state.asset - epoch.asset(at + 1)) * share
    return _close(
        sums,
        day,
        at,
        (terms.owed(at, opening=False) + interest, epoch.state.asset - fallen),
        interest=interest,
        cost=epoch.cost(at + 1) * share,
        paid=due + beyond,
        variable=beyond,
    )


def _period_end(epoch: Epoch, sums: _ToDate, at: int) -> Close:
    variable, asset = epoch.variable(at), epoch.asset(at)
    passed = asset if epoch.state.owned and at == epoch.terms.ends else ZERO
    return _close(
        sums,
        epoch.terms.yields.grid.closes(at),
        at,
        (epoch.terms.owed(at), asset - passed),
        passed=passed,
        interest=epoch.interest(at),
        cost=epoch.cost(at),
        variable=variable,
        paid=epoch.paid(at) + variable,
    )


def _close(
    sums: _ToDate, day: date, time: int, balances: tuple[Fraction, Fraction], **more: Fraction
) -> Close:
    return Close(
        day,
        time,
        *balances,
        interest=sums.interest + more.get("interest", ZERO),
        cost=sums.cost + more.get("cost", ZERO),
        gain=sums.gain,
        variable=sums.variable + more.get("variable", ZERO),
        paid=sums.paid + more.get("paid", ZERO),
        passed=more.get("passed", ZERO),
    )


def exempt(lease: Lease, *, renewed: bool = False) -> list[Close]:
    """
    A lease off the balance sheet: level cost; the asset shown is what is prepaid, or accrued.

    Source: ASC 842-20-25-2; IFRS 16.6.
    """
    terms = signed(lease, renewed=renewed)
    own = exact(lease.initial_direct_costs) + exact(lease.prepaid) - exact(lease.incentives)
    whole, grid = terms.left(0) + own, terms.yields.grid
    closes = []
    for at in range(1, terms.ends + 1):
        cost = whole * Fraction(grid.between(0, at), grid.between(0, terms.ends))
        paid = terms.left(0) - terms.left(at)
        nothing = (ZERO, own + paid - cost)
        closes.append(Close(grid.closes(at), at, *nothing, ZERO, cost, ZERO, ZERO, paid))
    return closes
