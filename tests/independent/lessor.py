"""
A lessor's balances at the close of each period: net investment, or level income.

Source: ASC 842-30-25-1, 842-30-25-3 to 25-5, 842-30-25-7, 842-30-25-8, 842-30-25-11, 842-30-30-1,
842-30-30-2, 842-30-35-1, 842-10-25-15, 842-10-35-3; IFRS 16.67 to 16.75, 16.81, 16.83, 16.87.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from independent.terms import ZERO, Terms, agreed, each, exact, renewal_rents, signed
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
    """What a lessor's books show at the close of a day; interest and accretion are to date."""

    day: date
    receivable: Fraction
    residual: Fraction
    net_investment: Fraction
    interest: Fraction
    accretion: Fraction


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

    `profit` is what the lessee's purchase of the asset has brought.
    """

    day: date
    income: Fraction
    deferred_rent: Fraction
    profit: Fraction = ZERO


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


def invested(lease: Lease, thing: Thing, classification: str) -> list[Invested]:
    """
    The net investment at the close of each period, before what is due as the next one opens.

    Args:
        lease: Without purchase option; renewals not counted.
        thing: The asset.
        classification: As in `day_one`.
    """
    start, terms = day_one(lease, thing, classification), signed(lease)
    grid = terms.yields.grid
    guaranteed, free = _residuals(lease)
    whole = guaranteed + free
    closes = []
    for at in range(1, terms.ends + 1):
        ahead = [(t, a) for t, a in _inflows(terms, guaranteed, after=at) if t > at or a]
        receivable = _worth(grid, start.rate, ahead, at)
        residual = _worth(grid, start.rate, [(terms.ends, free)], at)
        paid = terms.left(0) - terms.left(at)
        closes.append(
            Invested(
                terms.yields.grid.closes(at),
                receivable,
                residual,
                _worth(grid, start.net_rate, _inflows(terms, whole, after=at), at),
                receivable - start.receivable + paid,
                residual - start.residual,
            )
        )
    return closes


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


def _changed(terms: Terms, event: Event, lease: Lease) -> Terms:
    if event.kind == "rent-changed":
        rents = agreed(lease, exact(event.amount), terms.begins, len(terms.rents))
        return terms.at_rent(rents)
    if event.kind == "renewal-exercised":
        option = next(o for o in lease.options if o.kind == "renewal")
        rents = renewal_rents(lease, option, terms.ends)
        if event.amount is not None:
            rents = agreed(lease, exact(event.amount), terms.ends, len(rents))
        return terms.at_rent((*terms.rents, *rents))
    return terms.listed(each(event.payments)) if event.payments else terms


def level_income(
    lease: Lease, events: Sequence[Event] = (), carrying_amount: Fraction = ZERO
) -> list[Income]:
    """
    An operating lease in its lessor's books at the close of each period.

    A change is a new lease from its day: what was received beyond income goes into the new level.
    A purchase that nobody counted ends it: what is accrued goes against the profit on the asset.

    Args:
        lease: As it is signed; renewals not counted.
        events: Changes of rent or term, or of the lessee's view of a purchase, in any order.
        carrying_amount: Of the asset when the lessee buys it.
    """
    # What is paid under a guarantee is income of the day it is paid.
    terms = replace(signed(lease), guarantee=ZERO)
    received = exact(lease.prepaid) - exact(lease.incentives)
    deferred, income, closes = received, ZERO, []
    bought = _bought(terms, sorted(events, key=lambda e: (e.date.get(), e.order)))
    told = [e for e in events if e.kind != "purchase-option-reassessed"]
    cuts = [(terms.yields.grid.time_of(e.date.get()), e) for e in told]
    cuts.sort(key=lambda cut: (cut[0], cut[1].order))
    for stop, event in [*cuts, (None, None)]:
        until = terms.ends if stop is None else stop
        grid, begins = terms.yields.grid, terms.begins
        if event is None and bought is not None:
            until = bought[0]
        level = (terms.left(begins) + deferred) / grid.between(begins, terms.ends)
        for at in range(terms.begins + 1, until + 1):
            paid = terms.left(terms.begins) - terms.left(at)
            earned = level * grid.between(begins, at)
            day = terms.yields.grid.closes(at)
            closes.append(Income(day, income + earned, deferred + paid - earned))
        earned = level * grid.between(begins, until)
        deferred += terms.left(terms.begins) - terms.left(until) - earned
        income += earned
        if event is not None:
            terms = _changed(terms.cut(until), event, lease)
    if bought is not None:
        profit = bought[1] - carrying_amount + deferred
        closes[-1] = replace(closes[-1], deferred_rent=ZERO, profit=profit)
    return closes
