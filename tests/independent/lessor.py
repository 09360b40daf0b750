"""
A lessor's balances at the close of each period: net investment, or level income.

Source: ASC 842-30-25-1, 842-30-25-3 to 25-5, 842-30-25-7, 842-30-25-8, 842-30-25-11, 842-30-30-1,
842-30-30-2, 842-30-35-1, 842-10-25-15, 842-10-35-3; IFRS 16.67 to 16.75, 16.81, 16.83, 16.87.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from independent.terms import (
    ZERO,
    Terms,
    agreed,
    each,
    exact,
    foreseen,
    paying,
    signed,
)
from independent.times import Grid, solved, worth_at, worth_by_days
from leasebook.contract.event import Event
from leasebook.contract.lease import Lease


@dataclass(frozen=True)
class Thing:
    """What is leased, at commencement, in currency units."""

    fair_value: Fraction
    carrying_amount: Fraction


@dataclass(frozen=True)
class Invested:
    """
    What a lessor's books show at the close of a day; interest, accretion and gain are to date.

    The gain is what changes of terms have brought, and a penalty; the rate is the highest that
    was in use until then, also for no longer than between two events of one day. `beside` is what
    was due to date beyond what the net investment is measured on.
    """

    day: date
    receivable: Fraction
    residual: Fraction
    net_investment: Fraction
    interest: Fraction
    accretion: Fraction
    gain: Fraction = ZERO
    rate: Fraction = ZERO
    beside: Fraction = ZERO


@dataclass(frozen=True)
class DayOne:
    """
    What a lessor books at commencement, in currency units.

    Rates are per period: `rate` is implicit in the lease, at `net_rate` the investment as a whole
    unwinds. `profit` is taken at once (negative: a loss), `deferred` later.
    """

    rate: Fraction
    net_rate: Fraction
    receivable: Fraction
    residual: Fraction
    profit: Fraction
    deferred: Fraction
    costs_expensed: Fraction


@dataclass(frozen=True)
class Income:
    """
    An operating lessor at the close of a day: income to date, and rent prepaid or accrued.

    `profit` is what the lessee's purchase of the asset has brought, `other` what is no level
    income: what was paid beside the rent, a penalty, rent that is lost.
    """

    day: date
    income: Fraction
    deferred_rent: Fraction
    profit: Fraction = ZERO
    other: Fraction = ZERO


@dataclass(frozen=True)
class Held:
    """
    A sales-type lease that may not be collected, at the close of a day.

    Attributes:
        day: The day.
        deposit: What the lessee has paid, until it is income or part of a price.
        income: Of a deposit that need not be returned, to date.
        profit: On the asset, to date.
        costs: Direct costs expensed to date.
        receivable: Once collection is probable.
        residual: Once collection is probable.
    """

    day: date
    deposit: Fraction
    income: Fraction
    profit: Fraction
    costs: Fraction
    receivable: Fraction = ZERO
    residual: Fraction = ZERO


def _residuals(lease: Lease) -> tuple[Fraction, Fraction]:
    guaranteed = exact(lease.guaranteed_residual) + exact(lease.third_party_residual)
    return guaranteed, exact(lease.unguaranteed_residual)


def _inflows(terms: Terms, residual: Fraction, after: int = 0) -> list[tuple[int, Fraction]]:
    # What the lessee expects to pay under its guarantee is part of the guaranteed residual.
    rents = replace(terms, guarantee=ZERO)
    return [*rents.dues(after=after, opening=True), (terms.ends, residual)]


def _worth(grid: Grid, rate: Fraction, dues: list[tuple[int, Fraction]], at: int) -> Fraction:
    return worth_by_days(rate, grid, dues, at) if grid.days else worth_at(rate, dues, at)


def day_one(lease: Lease, thing: Thing, classification: str) -> DayOne:
    """
    The day-one figures of a lease that takes the asset off its lessor's books.

    The rate makes payments and the whole residual worth fair value, with direct costs that are not
    expensed. Profit is fair value less carrying amount: what the rate makes of both parts is fair
    value again.

    Args:
        lease: Without purchase option; renewals not counted.
        thing: The asset.
        classification: `sales-type`, `direct-financing` or, under IFRS, `finance`; a lessor that
            has an asset at less than it is worth deals in it.
    """
    terms = signed(lease)
    guaranteed, free = _residuals(lease)
    costs = exact(lease.lessor_initial_direct_costs)
    sells = thing.fair_value != thing.carrying_amount
    expensed = costs if sells and classification != "direct-financing" else ZERO
    received = exact(lease.prepaid) - exact(lease.incentives)
    worth = thing.fair_value + costs - expensed - received
    grid = terms.yields.grid
    rate = solved(_inflows(terms, guaranteed + free), worth, grid)
    receivable = _worth(grid, rate, _inflows(terms, guaranteed), 0)
    residual = _worth(grid, rate, [(terms.ends, free)], 0)
    profit = receivable + residual + received - (costs - expensed) - thing.carrying_amount
    deferred = max(ZERO, profit) if classification == "direct-financing" else ZERO
    net_rate = rate
    if deferred:
        inflows = _inflows(terms, guaranteed + free)
        net_rate = solved(inflows, receivable + residual - deferred, grid)
    return DayOne(rate, net_rate, receivable, residual, profit - deferred, deferred, expensed)


def invested(
    lease: Lease, thing: Thing, classification: str, events: Sequence[Event] = ()
) -> list[Invested]:
    """
    The net investment at the close of each period, before what is due as the next one opens.

    New terms leave a net investment as it is and change its rate, to none where they cannot repay
    it; under IFRS they leave the rate, and the difference is a gain. What ends early gives the
    asset back.

    Source: ASC 842-10-25-16(a), 842-10-25-17(a), 842-30-40-1; IFRS 16.80(b), IFRS 9.5.4.3.

    Args:
        lease: Without purchase option; renewals not counted.
        thing: The asset.
        classification: As in `day_one`.
        events: What the parties agree on or pay, in any order.
    """
    return _Investment(lease, thing, classification, events).kept()


class _Investment:
    """A net investment while its lessor's books are kept, event by event."""

    def __init__(
        self, lease: Lease, thing: Thing, classification: str, events: Sequence[Event]
    ) -> None:
        self.lease, self.keeps_rate = lease, classification == "finance"
        self.events = sorted(events, key=lambda e: (e.date.get(), e.order))
        self.pays = paying(lease, events)
        self.residuals = _residuals(lease)
        self.whole = sum(self.residuals)
        # What is measured, and what is to be paid for as long as the lessee is expected to stay.
        self.terms = self.owed = replace(signed(lease), guarantee=ZERO)
        start = day_one(lease, thing, classification)
        self.rate, self.net_rate = start.rate, start.net_rate
        self.highest = max(start.rate, start.net_rate)
        self.interest = self.accretion = self.gain = self.beside = ZERO
        self.counted = self.over = False
        self.closes: list[Invested] = []

    def kept(self) -> list[Invested]:
        """The close of each period until the lease is over."""
        for event in self.events:
            self._to(_time(self.terms, event))
            if not self.over and event.kind not in _NO_TERMS:
                self._happens(event)
        self._to(max(self.terms.ends, self.owed.ends))
        return self.closes

    def _to(self, until: int) -> None:
        """Walks to a time, through the one at which the lessee parts from what was counted."""
        parts = min(self.terms.ends, self.owed.ends)
        if self.over or self.terms.ends == self.owed.ends or until < parts:
            self._walk(until)
            return
        self._walk(parts)
        if parts == self.owed.ends:
            # Its lessee leaves where it expected to, and pays its guarantee with the last rent.
            if self.pays.until is None:
                self.beside += _guaranteed(self.lease, self.events)
            self.closes[-1] = replace(self.closes[-1], beside=self.beside)
            self._end(ZERO)
        else:
            self._measured(self.owed.indexed(), ZERO)
        self._to(until)

    def _walk(self, until: int) -> None:
        if self.over:
            return
        terms, grid, begins = self.terms, self.terms.yields.grid, self.terms.begins
        opened = _parts(terms, self.rate, self.residuals, begins)
        interest, accretion = self.interest, self.accretion
        for at in range(begins + 1, until + 1):
            receivable, residual = _parts(terms, self.rate, self.residuals, at)
            self.interest = interest + receivable - opened[0] + terms.left(begins) - terms.left(at)
            self.accretion = accretion + residual - opened[1]
            if self.pays.is_paid(at):
                beyond = self.owed.due(at) + self.owed.variable(at) - terms.due(at)
                self.beside += beyond + self.pays.beyond(self.owed, at)
            self._close(grid.closes(at), (receivable, residual, self._net(at)))
        self.terms, self.owed = terms.cut(until), self.owed.cut(until)

    def _net(self, at: int) -> Fraction:
        ahead = _inflows(self.terms, self.whole, after=at)
        return _worth(self.terms.yields.grid, self.net_rate, ahead, at)

    def _close(self, day: date, balances: tuple[Fraction, Fraction, Fraction]) -> None:
        results = (self.interest, self.accretion, self.gain, self.highest, self.beside)
        self.closes.append(Invested(day, *balances, *results))

    def _end(self, penalty: Fraction) -> None:
        """The lease is over, and the asset is back."""
        self.gain, self.over = self.gain + penalty, True
        self._close(self.terms.yields.grid.opens(self.terms.begins), (ZERO, ZERO, ZERO))

    def _happens(self, event: Event) -> None:
        if event.kind == "terminated":
            self._end(exact(event.penalty))
            return
        if event.kind == "option-not-exercised":
            if self.terms.rents:
                self._end(_guaranteed(self.lease, self.events))
            return
        self.owed = _agreed(self.owed, event, self.lease, counted=self.counted)
        if event.kind in ("renewal-exercised", "term-reassessed"):
            self.counted = True
        received = exact(event.amount) if event.kind == "incentive-received" else ZERO
        if not _stays(event):
            self._measured(self.owed.indexed(), -received)

    def _measured(self, terms: Terms, received: Fraction) -> None:
        """New terms: the net investment stays, less what is received, or under IFRS the rate."""
        old, at = self.terms, self.terms.begins
        same = old.rents == terms.rents and old.incentive == terms.incentive
        if same and not received:
            return
        grid = terms.yields.grid
        before = self._net(at) - received
        inflows = _inflows(terms, self.whole, after=at)
        if not self.keeps_rate:
            self.rate = solved(inflows, before, grid, at)
        self.terms, self.net_rate = terms, self.rate
        self.highest = max(self.highest, self.rate)
        self.gain += _worth(grid, self.rate, inflows, at) - before


def _parts(
    terms: Terms, rate: Fraction, residuals: tuple[Fraction, Fraction], at: int
) -> tuple[Fraction, Fraction]:
    """Receivable and residual at a time, before what is due as a period opens then."""
    grid = terms.yields.grid
    ahead = [(t, a) for t, a in _inflows(terms, residuals[0], after=at) if t > at or a]
    return _worth(grid, rate, ahead, at), _worth(grid, rate, [(terms.ends, residuals[1])], at)


def _time(terms: Terms, event: Event) -> int:
    return terms.yields.grid.time_of(event.date.get())


def _bought(terms: Terms, events: Sequence[Event]) -> tuple[int, Fraction] | None:
    """When the lessee buys, and for what, by what it says last; None if it does not."""
    told = [e for e in events if e.kind == "purchase-option-reassessed"]
    if not told or not told[-1].reasonably_certain:
        return None
    return terms.yields.grid.time_of(told[-1].exercise.get()), exact(told[-1].price)


def gain_on_purchase(
    lease: Lease, thing: Thing, classification: str, events: Sequence[Event]
) -> Fraction:
    """
    What the price of an option that no one had counted is beyond the net investment it ends.

    Source: ASC 842-10-35-3, 842-10-25-16, 842-10-25-17; IFRS 16.80.
    """
    start, terms = day_one(lease, thing, classification), signed(lease)
    bought = _bought(terms, events)
    if bought is None:
        return ZERO
    at, price = bought
    ahead = _inflows(terms, sum(_residuals(lease)), after=at)
    return price - worth_at(start.net_rate, ahead, at)


def held(lease: Lease, thing: Thing, events: Sequence[Event]) -> list[Held]:
    """
    A sales-type lease whose collection is not probable at commencement, period by period.

    Source: ASC 842-30-25-3 to 25-5. The rate stays that of commencement; the asset stays at what
    it was, as nothing is left to depreciate.

    Args:
        lease: Without purchase option; renewals not counted.
        thing: The asset.
        events: Collection becomes probable, the lease ends, the lessee buys, or none of these.
    """
    start, terms = day_one(lease, thing, "sales-type"), replace(signed(lease), guarantee=ZERO)
    guaranteed, free = _residuals(lease)
    costs = exact(lease.lessor_initial_direct_costs)
    waiting = costs - start.costs_expensed
    opening = exact(lease.prepaid) - exact(lease.incentives)
    bought = _bought(terms, events)
    over = next((_time(terms, e) for e in events if e.kind == "terminated"), None)
    penalty = sum((exact(e.penalty) for e in events), ZERO)
    probable = [_time(terms, e) for e in events if e.kind == "collection-probable"]
    sale = min(probable, default=None)
    closes = []
    for at in range(1, (over or (bought and bought[0]) or terms.ends) + 1):
        day = terms.yields.grid.closes(at)
        paid = opening + terms.left(0) - terms.left(at)
        if sale is not None and at > sale:
            deposit = opening + terms.left(0) - terms.left(sale) - waiting
            ahead = _inflows(terms, guaranteed, after=sale)
            rest = worth_at(start.rate, [(terms.ends, free)], sale)
            asset = worth_at(start.rate, ahead, sale) + rest
            profit = asset + deposit - thing.carrying_amount
            ahead = [(t, a) for t, a in _inflows(terms, guaranteed, after=at) if t > at or a]
            left = worth_at(start.rate, [(terms.ends, free)], at)
            found = Held(
                day, ZERO, ZERO, profit, start.costs_expensed,
                worth_at(start.rate, ahead, at), left,
            )  # fmt: skip
        elif bought is not None and at == bought[0]:
            profit = paid + bought[1] - waiting - thing.carrying_amount
            found = Held(day, ZERO, ZERO, profit, start.costs_expensed)
        elif over is None and at == terms.ends:
            found = Held(day, ZERO, paid, ZERO, costs)
        else:
            found = Held(day, paid, ZERO, ZERO, start.costs_expensed)
        closes.append(found)
    if over is not None and sale is None:
        last = closes[-1] if closes else None
        kept = last.deposit if last else opening
        day = terms.yields.grid.opens(over)
        closes.append(Held(day, ZERO, kept + penalty, ZERO, costs))
    return closes


#: What changes nothing that the parties owe each other, or is looked for apart.
_NO_TERMS = ("guarantee-reassessed", "payment-made", "impaired", "collection-probable")

#: What changes what is paid, and not the terms that a lessor has counted: the index, what was left
#: open and is settled, and what its lessee expects (ASC 842-10-35-3, 842-30-35-1; IFRS 16.21).
_BESIDE_TERMS = (
    "index-changed", "payments-fixed", "term-reassessed", "purchase-option-reassessed",
)  # fmt: skip


def _stays(event: Event) -> bool:
    """Whether a lessor goes on measuring on the terms it has, whatever is paid."""
    own = event.kind == "collection-doubtful" or bool(event.price_is_standalone)
    return own or event.kind in _BESIDE_TERMS


def _agreed(terms: Terms, event: Event, lease: Lease, *, counted: bool = False) -> Terms:
    """
    What is still to be paid once the parties have agreed on something, or an index has moved.

    New terms are measured at the index of the day; a move of it alone is paid as it falls due.

    Args:
        terms: As they stand at the time.
        event: What happens.
        lease: As it is signed.
        counted: Whether the terms have its renewal.
    """
    if event.kind == "index-changed":
        return replace(terms, now=exact(event.index_level))
    if event.kind == "collection-doubtful" or event.price_is_standalone:
        return terms
    if event.payments:
        return terms.listed(each(event.payments))
    terms = terms.indexed()
    if event.kind == "rent-changed":
        rents = agreed(lease, exact(event.amount), terms.begins, len(terms.rents))
        return terms.at_rent(rents)
    if event.kind in ("renewal-exercised", "term-reassessed"):
        return terms if counted else _renewed(terms, event, lease)
    if event.kind == "incentive-received":
        return replace(terms, incentive=None)
    if event.kind == "scope-reduced":
        share, coming = exact(event.retained_share), terms.incentive
        kept = None if coming is None else (coming[0], coming[1] * share)
        return replace(terms, rents=tuple(r * share for r in terms.rents), incentive=kept)
    return terms


def _renewed(terms: Terms, event: Event, lease: Lease) -> Terms:
    option = next((o for o in lease.options if o.kind == "renewal"), None)
    if option is None:
        return terms
    rents = foreseen(lease, option, terms)
    if event.amount is not None:
        rents = agreed(lease, exact(event.amount), terms.ends, len(rents))
    return terms.at_rent((*terms.rents, *rents))


@dataclass(frozen=True)
class _Letting:
    """
    An operating lease from one time on.

    Attributes:
        terms: What income is level over: as the parties agreed on it last.
        owed: What is to be paid, for as long as the lessee is expected to stay.
        level: Income of a unit of time.
        deferred: Rent received before it is income, before what is due that day; negative if late.
        doubtful: Whether nothing is paid any more.
    """

    terms: Terms
    owed: Terms
    level: Fraction
    deferred: Fraction
    doubtful: bool = False

    def income(self, at: int) -> Fraction:
        """From its beginning to a time: level, but of doubtful rent no more than was paid."""
        level = self.level * self.terms.yields.grid.between(self.terms.begins, at)
        return max(ZERO, min(level, self.deferred)) if self.doubtful else level

    def paid(self, at: int) -> Fraction:
        """Rent that fell due from its beginning to a time, if any is paid."""
        return ZERO if self.doubtful else self.terms.left(self.terms.begins) - self.terms.left(at)

    def held(self, at: int) -> Fraction:
        """Rent received before it is income, at a time."""
        return self.deferred + self.paid(at) - self.income(at)

    def beside(self, period: int) -> Fraction:
        """What is due for a period beyond what income is level over."""
        due = self.owed.due(period) + self.owed.variable(period)
        return due - self.terms.due(period)

    @property
    def parts(self) -> int | None:
        """When what the lessee is expected to do leaves what was counted; None if it does not."""
        if self.owed.ends == self.terms.ends:
            return None
        return min(self.owed.ends, self.terms.ends)

    def at(self, time: int) -> "_Letting":
        """The same lease from a later time on."""
        terms, owed = self.terms.cut(time), self.owed.cut(time)
        return replace(self, terms=terms, owed=owed, deferred=self.held(time))


def _let(owed: Terms, deferred: Fraction, *, doubtful: bool = False) -> _Letting:
    """A lease on new terms; what was received beyond income goes into its level."""
    terms = owed.indexed()
    whole = terms.yields.grid.between(terms.begins, terms.ends)
    level = (terms.left(terms.begins) + deferred) / whole
    return _Letting(terms, owed, level, deferred, doubtful)


def level_income(
    lease: Lease,
    events: Sequence[Event] = (),
    carrying_amount: Fraction = ZERO,
    *,
    renewed: bool = False,
) -> list[Income]:
    """
    An operating lease in its lessor's books at the close of each period.

    A change is a new lease from its day: what was received beyond income goes into the new level.
    A purchase that nobody counted ends it: what is accrued goes against the profit on the asset.
    Once collection is doubtful, income to date is the lesser of what is level and what was paid.

    What its lessee expects changes none of that until it happens: a lessee that stays longer than
    was counted begins new terms then, and one that leaves earlier ends the lease.

    Source: ASC 842-30-25-11, 842-30-25-13, 842-10-25-15, 842-10-35-3; IFRS 16.21, 16.81, 16.87.

    Args:
        lease: As it is signed.
        events: What happens to it, in any order.
        carrying_amount: Of the asset when the lessee buys it.
        renewed: Whether its renewals are counted.
    """
    return _Books(lease, events, carrying_amount, renewed=renewed).kept()


class _Books:
    """An operating lease while its lessor's books are kept, event by event."""

    def __init__(
        self, lease: Lease, events: Sequence[Event], carrying_amount: Fraction, *, renewed: bool
    ) -> None:
        self.lease, self.carrying_amount = lease, carrying_amount
        self.events = sorted(events, key=lambda e: (e.date.get(), e.order))
        # What is paid under a guarantee is income of the day it is paid.
        terms = replace(signed(lease, renewed=renewed), guarantee=ZERO)
        self.now = _let(terms, exact(lease.prepaid) - exact(lease.incentives))
        self.pays = paying(lease, events)
        self.counted = renewed
        self.buys: int | None = None
        self.income, self.other, self.over = ZERO, ZERO, False
        self.closes: list[Income] = []
        self.dues: dict[int, Fraction] = {}

    def kept(self) -> list[Income]:
        """The close of each period until the lease is over."""
        bought = _bought(self.now.terms, self.events)
        for event in self.events:
            self._to(_time(self.now.terms, event))
            if not self.over and event.kind not in _NO_TERMS:
                self._happens(event)
        if bought is not None:
            # An asset that is bought is not given back where its lessee is expected to leave.
            reach = self._to if self.now.terms.ends < bought[0] else self._walk
            reach(bought[0])
            profit = bought[1] - self.carrying_amount + self.now.deferred
            self.closes[-1] = replace(self.closes[-1], deferred_rent=ZERO, profit=profit)
            return self.closes
        self._to(max(self.now.owed.ends, self.now.terms.ends))
        if self.closes and not self.over and self.pays.until is None:
            income = self.income + _guaranteed(self.lease, self.events)
            self.closes[-1] = replace(self.closes[-1], income=income)
        return self.closes

    def _to(self, until: int) -> None:
        """Walks to a time, through the one at which the lessee parts from what was counted."""
        parts = self.now.parts
        if parts is None or self.over or until < parts:
            self._walk(until)
            return
        self._walk(parts)
        if parts == self.now.owed.ends:
            self._leaves()
        else:
            # New terms begin, and have in them what is certain by then: a purchase ends them.
            owed, buys = self.now.owed, self.buys
            if buys is not None and owed.begins < buys < owed.ends:
                owed = replace(owed, rents=owed.rents[: buys - owed.begins])
            self.now = _let(owed, self.now.deferred, doubtful=self.now.doubtful)
            self._to(until)

    def _walk(self, until: int) -> None:
        if self.over:
            return
        now, grid = self.now, self.now.terms.yields.grid
        for period in range(now.terms.begins + 1, until + 1):
            if self.pays.is_paid(period):
                self.other += now.beside(period) + self.pays.beyond(now.owed, period)
            self.dues[period] = now.terms.due(period)
            income, held = self.income + now.income(period), now.held(period)
            self.closes.append(Income(grid.closes(period), income, held, other=self.other))
        self.income += now.income(until)
        self.now = now.at(until)

    def _leaves(self) -> None:
        """The lessee leaves where it expected to, and pays its guarantee with the last rent."""
        owed = _guaranteed(self.lease, self.events) if self.pays.until is None else ZERO
        self.other += owed
        if self.closes:
            self.closes[-1] = replace(self.closes[-1], other=self.other)
        self._end(ZERO)

    def _end(self, penalty: Fraction) -> None:
        """The lease is over: what is prepaid is income, what is accrued is lost."""
        self.other += penalty + self.now.deferred
        terms, self.over = self.now.terms, True
        day = terms.yields.grid.opens(terms.begins)
        self.closes.append(Income(day, self.income, ZERO, other=self.other))

    def _happens(self, event: Event) -> None:
        now = self.now
        if event.kind == "terminated":
            self._end(exact(event.penalty))
        elif event.kind == "option-not-exercised":
            # Left where the term goes on; where nobody counted it, the lease is over anyway.
            if now.terms.rents:
                self._end(_guaranteed(self.lease, self.events))
        elif event.kind == "collection-doubtful" and not now.doubtful:
            # What was due and not paid is neither asset nor income of what was paid ahead.
            unpaid = (due for k, due in self.dues.items() if not self.pays.is_paid(k))
            owed = sum(unpaid, ZERO)
            left = max(ZERO, now.deferred - owed)
            self.other -= left - now.deferred + owed
            self.now = replace(now, deferred=left, doubtful=True)
        elif event.kind == "purchase-option-reassessed":
            found = _bought(now.terms, (event,))
            self.buys = None if found is None else found[0]
        else:
            self._changes(event)

    def _changes(self, event: Event) -> None:
        """The lease once the parties have agreed on something or an index has moved."""
        now, held = self.now, self.now.deferred
        owed = _agreed(now.owed, event, self.lease, counted=self.counted)
        if event.kind in ("renewal-exercised", "term-reassessed"):
            self.counted = True
        if _stays(event):
            self.now = replace(now, owed=owed)
            return
        if event.kind == "incentive-received":
            held -= exact(event.amount)
            if now.doubtful and held < 0:
                # Income to date is no more than what was received, less what was given back.
                self.other, held = self.other + held, ZERO
        elif owed.indexed().rents == now.terms.rents and owed.incentive == now.terms.incentive:
            self.now = replace(now, owed=owed)
            return
        self.now = _let(owed, held, doubtful=now.doubtful)


def _guaranteed(lease: Lease, events: Sequence[Event]) -> Fraction:
    """What the lessee pays under its guarantee when the term is over, by what it said last."""
    told = [e.amount for e in events if e.kind == "guarantee-reassessed"]
    return exact(told[-1] if told else lease.expected_guarantee_payment)
