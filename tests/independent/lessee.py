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
from independent.terms import ZERO, Paying, Terms, exact, signed
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
    for day, group in groupby(ordered, key=lambda e: e.date.get()):
        at, together = state.terms.yields.grid.time_of(day), list(group)
        if at == state.terms.ends and {e.kind for e in together} == {"option-not-exercised"}:
            break  # a renewal that the term had not counted begins where the lease is over
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


def account(epochs: Sequence[Epoch], paying: Paying | None = None) -> list[Close]:
    """
    The closes of the first day of each epoch and of the last day of each period.

    Args:
        epochs: In order.
        paying: What is really paid, if not what the terms ask for.
    """
    closes = _as_agreed(epochs)
    return closes if paying is None else _paid(closes, _differently(epochs, paying))


def _paid(
    closes: list[Close], differently: Iterator[tuple[date, dict[str, Fraction]]]
) -> list[Close]:
    for day, moved in differently:
        closes = [
            replace(c, **{name: getattr(c, name) + by for name, by in moved.items()})
            if c.day >= day
            else c
            for c in closes
        ]
    return closes


def _differently(
    epochs: Sequence[Epoch], paying: Paying
) -> Iterator[tuple[date, dict[str, Fraction]]]:
    """
    What is paid otherwise than agreed: it is cost of the day, and what is not paid is still owed.

    Source: ASC 842-20-25-5(b); IFRS 16.38(b).
    """
    for epoch in epochs:
        terms, grid = epoch.terms, epoch.terms.yields.grid
        for period in () if epoch.state.over else range(terms.begins + 1, epoch.stops + 1):
            beyond = paying.beyond(terms, period)
            if beyond:
                yield grid.closes(period), {"variable": beyond, "paid": beyond}
            if not paying.is_paid(period):
                due, index = terms.due(period), terms.variable(period)
                day = grid.opens(period - 1) if terms.advance else grid.closes(period)
                yield day, {"liability": due, "variable": -index, "paid": -due - index}
        owed = terms.guarantee if epoch.stops == terms.ends and not terms.goes_on else ZERO
        if paying.until is not None and owed and not epoch.state.over:
            yield grid.closes(terms.ends), {"liability": owed, "paid": -owed}


def _as_agreed(epochs: Sequence[Epoch]) -> list[Close]:
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


def exempt(lease: Lease, epochs: Sequence[Epoch], paying: Paying | None = None) -> list[Close]:
    """
    A lease off the balance sheet: level cost; the asset shown is what is prepaid, or accrued.

    A change is a new lease from its day, and what was paid beyond cost goes into the new level. A
    lease that ends early leaves nothing prepaid.

    Source: ASC 842-20-25-2; IFRS 16.6.

    Args:
        lease: As it is signed.
        epochs: What is to be paid, as for a lease on the balance sheet.
        paying: What is really paid, if not what the terms ask for.
    """
    ahead, cost, variable, paid = exact(lease.initial_direct_costs), ZERO, ZERO, ZERO
    closes: list[Close] = []
    for epoch in epochs:
        terms, grid, begins = epoch.terms, epoch.terms.yields.grid, epoch.terms.begins
        paid += epoch.state.paid
        ahead += epoch.state.paid - epoch.state.penalty
        if epoch.state.over:
            done = {"cost": cost + ahead, "variable": variable, "paid": paid}
            closes.append(_exempt_close(grid.opens(begins), begins, ZERO, done))
            break
        whole = terms.left(begins) + ahead
        now = {"cost": cost, "variable": variable, "paid": paid}
        for at in range(begins + 1, epoch.stops + 1):
            used = whole * Fraction(grid.between(begins, at), grid.between(begins, terms.ends))
            index = epoch.variable(at)
            now = {
                "cost": cost + used,
                "variable": variable + index,
                "paid": paid + epoch.paid(at) + index,
            }
            left = ahead + epoch.paid(at) - used
            closes.append(_exempt_close(grid.closes(at), at, left, now))
        ahead += now["paid"] - paid - (now["variable"] - variable) - (now["cost"] - cost)
        cost, variable, paid = now["cost"], now["variable"], now["paid"]
    return closes if paying is None else _paid(closes, _accrued(_differently(epochs, paying)))


def _exempt_close(day: date, at: int, ahead: Fraction, sums: dict[str, Fraction]) -> Close:
    nothing = {"liability": ZERO, "interest": ZERO, "gain": ZERO}
    return Close(day=day, time=at, asset=ahead, **nothing, **sums)


def _accrued(
    moved: Iterator[tuple[date, dict[str, Fraction]]],
) -> Iterator[tuple[date, dict[str, Fraction]]]:
    """What is due and not paid of a lease without a liability is accrued with its cost."""
    for day, amounts in moved:
        owed = amounts.pop("liability", ZERO)
        yield day, {**amounts, "asset": -owed}
