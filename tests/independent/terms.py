"""
What is still to be paid under a lease at a time, and what it is worth then.

An amount falls due when a period opens (rent in advance) or when one closes (rent in arrears, a
guarantee, a purchase price). At the close of a day the amounts of that day are paid; the day a
period closes is the one before the next one opens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from independent.times import Grid, Yield, boundary
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease, Option

ZERO = Fraction(0)


@dataclass(frozen=True)
class Terms:
    """
    The terms of a lease from one time on.

    Attributes:
        begins: Periods since commencement.
        rents: Each remaining period's rent, as the liability is built on it.
        advance: Rent falls due when its period opens.
        yields: What the liability earns.
        guarantee: Expected to be paid under the lessee's guarantee when the term closes.
        goes_on: Whether another term follows, so that it is still owed then.
        price: Of a purchase that is reasonably certain, paid when the term closes.
        incentive: Still to come from the lessor: at a time, an amount.
        level: Of the index, at which `rents` are stated; None where no index was named.
        now: Of the index, at which rent falls due.
    """

    begins: int
    rents: tuple[Fraction, ...]
    advance: bool
    yields: Yield
    guarantee: Fraction = ZERO
    goes_on: bool = False
    price: Fraction = ZERO
    incentive: tuple[int, Fraction] | None = None
    level: Fraction | None = None
    now: Fraction | None = None

    @property
    def ends(self) -> int:
        """Periods from commencement to the end of the term."""
        return self.begins + len(self.rents)

    def dues(self, *, after: int, opening: bool) -> list[tuple[int, Fraction]]:
        """
        What falls due after a time; with what falls due as the period opens there, or without.
        """
        return [
            (time, amount)
            for time, opens, amount in self._all()
            if time > after or (time == after and opens and opening)
        ]

    def owed(self, at: int, *, opening: bool = True) -> Fraction:
        """
        The liability at a time: the present value of what is left to pay.

        Source: ASC 842-20-30-1, 842-20-35-1; IFRS 16.26, 16.36.
        """
        return self.yields.worth(self.dues(after=at, opening=opening), at)

    def left(self, at: int, *, opening: bool = True) -> Fraction:
        """What is left to pay, undiscounted."""
        return sum((a for _, a in self.dues(after=at, opening=opening)), ZERO)

    def variable(self, period: int) -> Fraction:
        """What is due for a period (from 1) beyond the rent that the liability is built on."""
        if self.level is None or self.now is None:
            return ZERO
        return self.rents[period - 1 - self.begins] * (self.now / self.level - 1)

    def due(self, period: int) -> Fraction:
        """What the liability asks for of a period (from 1): its rent, less an incentive."""
        rent = self.rents[period - 1 - self.begins]
        if self.incentive is None or self.incentive[0] + self.advance != period:
            return rent
        return rent - self.incentive[1]

    def cut(self, at: int) -> "Terms":
        """The same terms as they stand at a later time."""
        return replace(self, begins=at, rents=self.rents[at - self.begins :])

    def indexed(self) -> "Terms":
        """The same terms with the liability built on rents at today's index."""
        if self.level is None or self.now is None:
            return self
        factor = self.now / self.level
        return replace(self, rents=tuple(r * factor for r in self.rents), level=self.now)

    def listed(self, payments: tuple[Fraction, ...]) -> "Terms":
        """The same terms with all that is still paid listed anew, at today's index."""
        return replace(self, rents=payments, level=self.now, incentive=None)

    def at_rent(self, rents: tuple[Fraction, ...]) -> "Terms":
        """The same terms at other rents of today's index; what else is to come stays."""
        return replace(self, rents=rents, level=self.now)

    def _all(self) -> Iterator[tuple[int, bool, Fraction]]:
        for k, rent in enumerate(self.rents):
            yield (self.begins + k + (not self.advance), self.advance, rent)
        yield (self.ends, self.goes_on, self.guarantee + self.price)
        if self.incentive is not None and self.incentive[0] + self.advance <= self.ends:
            yield (self.incentive[0], self.advance, -self.incentive[1])


def exact(figure: Figure[Decimal] | None) -> Fraction:
    """A figure as an exact fraction; what a contract does not have is nothing."""
    return ZERO if figure is None else Fraction(figure.get())


def each(figures: tuple[Figure[Decimal], ...]) -> tuple[Fraction, ...]:
    """A list of figures as exact fractions."""
    return tuple(exact(one) for one in figures)


def certain_purchase(lease: Lease) -> Option | None:
    """The option to buy of a lease."""
    return next((o for o in lease.options if o.kind == "purchase"), None)


def grid_of(lease: Lease) -> Grid:
    """
    The periods of a lease; of dated rents a period begins with each rent, and where a term can end.
    """
    start = lease.commencement_date.get()
    if not lease.rent.dated:
        return Grid(start, lease.rent.step_months)
    months, found = lease.noncancellable.get().months, {start}
    found |= {one.date.get() for one in lease.rent.dated} | {boundary(start, months)}
    for option in lease.options:
        if option.kind == "renewal":
            for _ in range(option.times):
                months += option.term.get().months
                found.add(boundary(start, months))
        elif option.after is not None:
            found.add(boundary(start, option.after.get().months))
    return Grid(start, 12, tuple(sorted(found)))


def _months_to(grid: Grid, time: int) -> int:
    """Whole months from commencement to a time at which a term can end."""
    if not grid.days:
        return time * grid.months
    day = grid.opens(time)
    about = (day.year - grid.anchor.year) * 12 + day.month - grid.anchor.month
    return next(m for m in (about, about - 1) if boundary(grid.anchor, m) <= day)


def _time_after(grid: Grid, months: int) -> int:
    """The time that lies some months after commencement."""
    if not grid.days:
        return months // grid.months
    return grid.days.index(boundary(grid.anchor, months))


@dataclass(frozen=True)
class Paying:
    """
    What a lessee really pays beside what its terms ask for.

    Attributes:
        made: For a period (from 1) the amount that was paid for it, whatever fell due.
        until: The last period that is paid for; None if all are.
    """

    made: dict[int, Fraction]
    until: int | None = None

    def is_paid(self, period: int) -> bool:
        """Whether the rent of a period, counted from 1, is paid at all."""
        return self.until is None or period <= self.until

    def beyond(self, terms: Terms, period: int) -> Fraction:
        """What was paid for a period beyond what the terms ask for, with what the index adds."""
        if period not in self.made or not self.is_paid(period):
            return ZERO
        return self.made[period] - terms.due(period) - terms.variable(period)


def paying(lease: Lease, events: Sequence[Event]) -> Paying:
    """
    What is paid of a lease by what happens to it.

    Of several amounts that were paid for one period the last that is told holds; once collection
    is doubtful nothing is paid any more.
    """
    grid, until = grid_of(lease), None
    ordered = sorted(events, key=lambda e: (e.date.get(), e.order))
    for event in ordered:
        if event.kind == "collection-doubtful" and until is None:
            until = grid.time_of(event.date.get()) - (event.unpaid_periods or 0)
    told = [e for e in ordered if e.kind == "payment-made"]
    return Paying({grid.time_of(e.date.get()): exact(e.amount) for e in told}, until)


def rent_of(lease: Lease, period: int, periods: int) -> Fraction:
    """
    The rent of one period, counted from 1, of a term of so many periods.
    """
    rent, months = lease.rent, lease.rent.step_months
    if rent.dated:
        day = grid_of(lease).opens(period - 1)
        return sum((exact(one.amount) for one in rent.dated if one.date.get() == day), ZERO)
    begun = (period - 1) * months
    if rent.free is not None and begun < rent.free.get().months:
        return ZERO
    if rent.amounts:
        return exact(rent.amounts[period - 1])
    if rent.total is not None:
        return exact(rent.total) / (rent.over.get().months // months if rent.over else periods)
    step = rent.escalates_every.months if rent.escalates_every else 0
    raised = begun // step if step else 0
    return exact(rent.amount) * (1 + exact(rent.escalation)) ** raised


def agreed(lease: Lease, amount: Fraction, begins: int, count: int) -> tuple[Fraction, ...]:
    """One amount for each period from a time on, or where a rent has its day in it."""
    dated, grid = {one.date.get() for one in lease.rent.dated}, grid_of(lease)
    times = range(begins, begins + count)
    return tuple(amount if not dated or grid.opens(t) in dated else ZERO for t in times)


def renewal_rents(lease: Lease, option: Option, periods: int) -> tuple[Fraction, ...]:
    """The rents that one exercise of a renewal adds after so many periods of lease."""
    if option.amounts:
        return each(option.amounts)
    grid = grid_of(lease)
    over = _months_to(grid, periods) + option.term.get().months
    added = _time_after(grid, over) - periods
    return tuple(rent_of(lease, periods + k, periods) for k in range(1, added + 1))


def foreseen(lease: Lease, option: Option, terms: Terms) -> tuple[Fraction, ...]:
    """
    The rents of a renewal after some terms, at the index that is in force under these.

    Source: ASC 842-10-30-5(b), 842-10-35-5; IFRS 16.27(b). A contract states them at its own index.
    """
    rents = renewal_rents(lease, option, terms.ends)
    if lease.index_base is None or terms.now is None:
        return rents
    return tuple(rent * terms.now / exact(lease.index_base) for rent in rents)


def signed(lease: Lease, *, renewed: bool = False, bought: bool = False) -> Terms:
    """
    The terms at commencement.

    Source: ASC 842-10-30-1, 842-10-30-5; IFRS 16.18, 16.27.

    Args:
        lease: As it is signed.
        renewed: Whether its renewals are reasonably certain.
        bought: Whether its option to buy is.
    """
    grid = grid_of(lease)
    periods = _time_after(grid, lease.noncancellable.get().months)
    rents = tuple(rent_of(lease, k, periods) for k in range(1, periods + 1))
    for option in lease.options if renewed else ():
        if option.kind == "renewal":
            for _ in range(option.times):
                rents += renewal_rents(lease, option, len(rents))
    purchase = certain_purchase(lease) if bought else None
    if purchase is not None and purchase.after is not None:
        rents = rents[: _time_after(grid, purchase.after.get().months)]
    coming = lease.incentive_receivable
    return Terms(
        begins=0,
        rents=rents,
        advance=lease.rent.timing != "arrears",
        yields=Yield(lease.discount_rate.get(), lease.rate_convention, grid),
        guarantee=ZERO if purchase else exact(lease.expected_guarantee_payment),
        price=exact(purchase.price) if purchase else ZERO,
        incentive=(_time_after(grid, coming.after.get().months), exact(coming.amount))
        if coming
        else None,
        level=exact(lease.index_base) if lease.index_base else None,
        now=exact(lease.index_base) if lease.index_base else None,
    )
