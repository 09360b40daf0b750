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
    Paying,
    Terms,
    agreed,
    each,
    exact,
    paying,
    renewal_rents,
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
    was in use until then, also for no longer than between two events of one day.
    """

    day: date
    receivable: Fraction
    residual: Fraction
    net_investment: Fraction
    interest: Fraction
    accretion: Fraction
    gain: Fraction = ZERO
    rate: Fraction = ZERO


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
    start, terms = day_one(lease, thing, classification), replace(signed(lease), guarantee=ZERO)
    guaranteed, free = _residuals(lease)
    whole = guaranteed + free
    rate, net_rate = start.rate, start.net_rate
    highest = max(rate, net_rate)
    interest = accretion = gain = ZERO
    closes: list[Invested] = []
    for stop, event in _cuts(terms, events):
        grid, begins = terms.yields.grid, terms.begins
        opened = _parts(terms, rate, (guaranteed, free), begins)
        for at in range(begins + 1, (terms.ends if stop is None else stop) + 1):
            receivable, residual = _parts(terms, rate, (guaranteed, free), at)
            paid = terms.left(begins) - terms.left(at)
            net = _worth(grid, net_rate, _inflows(terms, whole, after=at), at)
            earned = (interest + receivable - opened[0] + paid, accretion + residual - opened[1])
            shown = (receivable, residual, net, *earned, gain, highest)
            closes.append(Invested(grid.closes(at), *shown))
        if event is None:
            break
        if stop > begins:
            interest, accretion = closes[-1].interest, closes[-1].accretion
        if event.kind == "terminated":
            nothing = (ZERO, ZERO, ZERO, interest, accretion)
            ended = (*nothing, gain + exact(event.penalty), highest)
            closes.append(Invested(grid.opens(stop), *ended))
            break
        before = _worth(grid, net_rate, _inflows(terms, whole, after=stop), stop)
        old, terms = terms.cut(stop), _agreed(terms.cut(stop), event, lease)
        if terms.rents == old.rents and terms.incentive == old.incentive:
            continue
        inflows = _inflows(terms, whole, after=stop)
        if classification != "finance":
            rate = solved(inflows, before, grid, stop)
        net_rate, highest = rate, max(highest, rate)
        gain += _worth(grid, rate, inflows, stop) - before
    return closes


def _parts(
    terms: Terms, rate: Fraction, residuals: tuple[Fraction, Fraction], at: int
) -> tuple[Fraction, Fraction]:
    """Receivable and residual at a time, before what is due as a period opens then."""
    grid = terms.yields.grid
    ahead = [(t, a) for t, a in _inflows(terms, residuals[0], after=at) if t > at or a]
    return _worth(grid, rate, ahead, at), _worth(grid, rate, [(terms.ends, residuals[1])], at)


def _cuts(terms: Terms, events: Sequence[Event]) -> list[tuple[int, Event] | tuple[None, None]]:
    """The times at which something happens to the terms, in order, and what; then the end."""
    told = [e for e in events if e.kind not in _NO_TERMS]
    cuts = [(_time(terms, e), e) for e in told]
    return [*sorted(cuts, key=lambda cut: (cut[0], cut[1].order)), (None, None)]


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
_NO_TERMS = (
    "purchase-option-reassessed", "guarantee-reassessed", "payment-made", "impaired",
    "option-not-exercised", "collection-probable",
)  # fmt: skip


def _agreed(terms: Terms, event: Event, lease: Lease) -> Terms:
    """
    What is still to be paid once the parties have agreed on something, or an index has moved.

    New terms are measured at the index of the day; a move of it alone is paid as it falls due.
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
    if event.kind == "renewal-exercised":
        option = next(o for o in lease.options if o.kind == "renewal")
        rents = renewal_rents(lease, option, terms.ends)
        if event.amount is not None:
            rents = agreed(lease, exact(event.amount), terms.ends, len(rents))
        return terms.at_rent((*terms.rents, *rents))
    if event.kind == "incentive-received":
        return replace(terms, incentive=None)
    if event.kind == "scope-reduced":
        share, coming = exact(event.retained_share), terms.incentive
        kept = None if coming is None else (coming[0], coming[1] * share)
        return replace(terms, rents=tuple(r * share for r in terms.rents), incentive=kept)
    return terms


@dataclass(frozen=True)
class _Letting:
    """
    An operating lease from one time on.

    Attributes:
        terms: What is to be paid.
        level: Income of a unit of time.
        deferred: Rent received before it is income, before what is due that day; negative if late.
        doubtful: Whether nothing is paid any more.
    """

    terms: Terms
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


def _let(terms: Terms, deferred: Fraction, *, doubtful: bool = False) -> _Letting:
    whole = terms.yields.grid.between(terms.begins, terms.ends)
    return _Letting(terms, (terms.left(terms.begins) + deferred) / whole, deferred, doubtful)


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

    Source: ASC 842-30-25-11, 842-30-25-13, 842-10-25-15; IFRS 16.81, 16.87.

    Args:
        lease: As it is signed.
        events: What happens to it, in any order.
        carrying_amount: Of the asset when the lessee buys it.
        renewed: Whether its renewals are counted.
    """
    # What is paid under a guarantee is income of the day it is paid.
    terms = replace(signed(lease, renewed=renewed), guarantee=ZERO)
    now = _let(terms, exact(lease.prepaid) - exact(lease.incentives))
    income, other, closes, dues = ZERO, ZERO, [], {}
    ordered = sorted(events, key=lambda e: (e.date.get(), e.order))
    bought, pays = _bought(terms, ordered), paying(lease, events)
    for stop, event in _cuts(terms, events):
        terms, until = now.terms, now.terms.ends if stop is None else stop
        if event is None and bought is not None:
            until = bought[0]
        beside = _Beside(now, pays, other)
        closes += [
            Income(
                terms.yields.grid.closes(at), income + now.income(at), now.held(at),
                other=beside.to_date(at),
            )
            for at in range(terms.begins + 1, until + 1)
        ]  # fmt: skip
        dues |= {at: terms.due(at) for at in range(terms.begins + 1, until + 1)}
        income, other, held = income + now.income(until), beside.to_date(until), now.held(until)
        if event is None:
            break
        if event.kind == "terminated":
            other += exact(event.penalty) + held
            closes.append(Income(terms.yields.grid.opens(until), income, ZERO, other=other))
            return closes
        if event.kind == "collection-doubtful" and not now.doubtful:
            # What was due and not paid is neither asset nor income of what was paid ahead.
            owed = sum((due for k, due in dues.items() if not pays.is_paid(k)), ZERO)
            left = max(ZERO, held - owed)
            other -= left - held + owed
            now = replace(now, terms=terms.cut(until), deferred=left, doubtful=True)
        else:
            now = _after(now, event, lease, until)
    if bought is not None:
        profit = bought[1] - carrying_amount + held
        closes[-1] = replace(closes[-1], deferred_rent=ZERO, profit=profit)
    elif closes:
        closes[-1] = replace(closes[-1], income=income + _guaranteed(lease, ordered))
    return closes


def _guaranteed(lease: Lease, events: Sequence[Event]) -> Fraction:
    """What the lessee pays under its guarantee when the term is over, by what it said last."""
    told = [e.amount for e in events if e.kind == "guarantee-reassessed"]
    return exact(told[-1] if told else lease.expected_guarantee_payment)


@dataclass(frozen=True)
class _Beside:
    """Income beside what is level: what an index adds, and what is paid otherwise than agreed."""

    now: _Letting
    pays: Paying
    before: Fraction

    def to_date(self, at: int) -> Fraction:
        """From commencement to a time."""
        terms = self.now.terms
        periods = [k for k in range(terms.begins + 1, at + 1) if self.pays.is_paid(k)]
        index = sum((terms.variable(k) for k in periods), ZERO)
        return self.before + index + sum((self.pays.beyond(terms, k) for k in periods), ZERO)


def _after(now: _Letting, event: Event, lease: Lease, at: int) -> _Letting:
    """The lease once the parties have agreed on something or an index has moved."""
    held, terms = now.held(at), now.terms.cut(at)
    after = _agreed(terms, event, lease)
    if event.kind == "incentive-received":
        held -= exact(event.amount)
    elif after.rents == terms.rents and after.incentive == terms.incentive:
        return replace(now, terms=after, deferred=held)
    return _let(after, held, doubtful=now.doubtful)
