"""
Warrants: what they cost their issuer, and what they are worth to their holder.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from leasebook.contract.credit import Guarantee
from leasebook.contract.group import Supply
from leasebook.contract.lease import Lease
from leasebook.contract.model import Services
from leasebook.contract.warrant import Tranche, Warrant
from leasebook.measure.equity_investment import values_taken
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.plant import depreciation
from leasebook.measure.purchases import lasts, purchases
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import spread
from leasebook.values.money import minor_units

_ISSUED = (
    "deferred",
    "revenue_reduced",
    "fees_reduced",
    "deferred_from_revenue",
    "deferred_from_fees",
    "rent_reduced",
    "lease_cost",
    "financing_cost",
    "expense",
    "strike_received",
)
_ISSUED_BALANCES = {
    "deferred_cost": {
        "deferred": 1,
        "deferred_from_revenue": -1,
        "deferred_from_fees": -1,
        "rent_reduced": -1,
        "lease_cost": -1,
        "financing_cost": -1,
    },
    "warrants": {"deferred": 1, "revenue_reduced": 1, "fees_reduced": 1, "expense": 1},
}
_OWED = (*_ISSUED, "value_change", "exercised")
_OWED_BALANCES = {
    **_ISSUED_BALANCES,
    "warrants": {**_ISSUED_BALANCES["warrants"], "value_change": 1, "exercised": -1},
}
_HELD = (
    "equipment_cheaper",
    "services_cheaper",
    "ahead",
    "ahead_of_equipment",
    "ahead_of_services",
    "for_guarantee",
    "for_derivative",
    "income",
    "gain",
    "exercised",
    "strike_paid",
)
_HELD_BALANCES = {
    "carrying_amount": {
        "equipment_cheaper": 1,
        "services_cheaper": 1,
        "ahead": 1,
        "for_guarantee": 1,
        "for_derivative": 1,
        "income": 1,
        "gain": 1,
        "exercised": -1,
    }
}
#: The column in which what is deferred goes to income, by the outcome that decides it.
_SPREAD_OVER_TIME = {
    "lease-incentive": "rent_reduced",
    "cost-of-lease": "lease_cost",
    "cost-of-financing": "financing_cost",
}


@attrs.frozen
class Earned:
    """
    A part of a warrant that is earned by a purchase, or comes before the purchases it is for.

    Attributes:
        date: Of the purchase, or of vesting.
        ahead: Recognised before the purchases, minor units; below zero when they come.
        amount: That lowers the price of purchases on the day, minor units.
    """

    date: date
    ahead: int
    amount: int


def tranches_that_vest(contract: Warrant) -> tuple[Tranche, ...]:
    """
    The tranches whose condition is expected to be met.

    Source: ASC 718-10-25-20; IFRS 2.20.

    Raises:
        UnknownFigureError: If whether one is expected to vest is not known.
    """
    return tuple(
        tranche
        for tranche in contract.tranches
        if tranche.expected_to_vest is None or tranche.expected_to_vest.get()
    )


def fair_value_at_grant(contract: Warrant, setting: Setting) -> int:
    """
    What the tranches that are expected to vest are worth on the day of grant, minor units.

    Source: ASC 606-10-32-25A, 718-10-30-2; IFRS 2.11.
    """
    return sum(setting.minor(tranche.fair_value) for tranche in tranches_that_vest(contract))


def earned_by_purchases(contract: Warrant, setting: Setting) -> list[Earned]:
    """
    How a warrant lowers the price of purchases: as they occur, in proportion to them.

    A tranche belongs to the purchases after the tranche before it vested, up to the day on which it
    vests itself. One that vests before any of them is an asset until the purchases after it.

    Source: ASC 606-10-32-25 to 32-27, 718-10-30-2; IFRS 15.70, 15.72.

    Raises:
        NotModelled: If nothing is bought in the time of a tranche or after it.
    """
    bought = purchases(setting.deal.contracts[contract.in_exchange_for], setting)
    found: list[Earned] = []
    begins = date.min
    for tranche in tranches_that_vest(contract):
        vests = contract.granted.get() if tranche.vests is None else tranche.vests.get()
        value = setting.minor(tranche.fair_value)
        within = [(day, price) for day, price in bought if begins < day <= vests and price]
        if within:
            found += [Earned(day, 0, part) for day, part in _shared(value, within)]
        else:
            after = [(day, price) for day, price in bought if day > vests and price]
            if not after:
                raise NotModelled(f"nothing is bought for a tranche of {contract.id}")
            found.append(Earned(vests, value, 0))
            found += [Earned(day, -part, part) for day, part in _shared(value, after)]
        begins = vests
    return found


def _shared(value: int, bought: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """A value shared among purchases in proportion to their prices, minor units."""
    parts = spread(value, [price for _, price in bought])
    return [(day, part) for (day, _), part in zip(bought, parts, strict=True)]


def warrant_schedules(contract: Warrant, setting: Setting) -> Iterator[Schedule]:
    """
    A warrant in the books of its issuer and of its holder.

    Source: ASC 606-10-32-25, 718-10-30-2, 815-40-25-1, 321-10-35-1, 815-10-35-1; IFRS 15.70,
    IFRS 9.5.7.1, IAS 32.16.
    """
    keeps = setting.deal.bookkeepers()
    if contract.issuer in keeps:
        sides = (contract.id, contract.issuer, contract.holder)
        moved = _issued(contract, setting)
        if setting.outcome("warrant_classification", contract.id) == "equity":
            yield assemble("warrant-issued", sides, _ISSUED_BALANCES, _ISSUED, moved)
        else:
            owed = _revalued(contract, list(moved), setting)
            yield assemble("warrant-owed", sides, _OWED_BALANCES, _OWED, owed)
    if contract.holder in keeps:
        yield assemble(
            "warrant-held",
            (contract.id, contract.holder, contract.issuer),
            _HELD_BALANCES,
            _HELD,
            _held(contract, setting),
        )


def _issued(contract: Warrant, setting: Setting) -> Iterator[Movement]:
    """
    What a warrant costs its issuer, by what it is given for.

    Source: ASC 815-40-25-1, 606-10-32-25, 842-10-30-9, 835-30-45-1A; IAS 32.16, IFRS 15.70, 16.83.
    """
    given_for = setting.outcome("warrant_debit", contract.id) or ""
    granted, earned_under = contract.granted.get(), setting.deal.contracts[contract.in_exchange_for]
    if given_for == "reduction-of-revenue" and isinstance(earned_under, Lease):
        given_for = "lease-incentive"
    if given_for == "reduction-of-revenue":
        income = "fees" if isinstance(earned_under, Services) else "revenue"
        for at, part in enumerate(earned_by_purchases(contract, setting)):
            reduced = f"deferred_from_{income}" if part.ahead else f"{income}_reduced"
            yield Movement(part.date, 1, at, {"deferred": max(0, part.ahead), reduced: part.amount})
    elif given_for in _SPREAD_OVER_TIME:
        value = fair_value_at_grant(contract, setting)
        yield Movement(granted, 1, 0, {"deferred": value})
        first, months = lasts(earned_under, setting)
        begins = max(first, granted)
        parts = depreciation([(begins, value)], begins, months, 0, date.max)
        for at, (day, amount) in enumerate(parts, start=1):
            yield Movement(day, 1, at, {_SPREAD_OVER_TIME[given_for]: amount})
    else:
        yield Movement(granted, 1, 0, {"expense": fair_value_at_grant(contract, setting)})
    if contract.exercised is not None:
        paid = _strike(contract, contract.exercised.get(), setting)
        yield Movement(contract.exercised.get(), 1, 0, {"strike_received": paid})


def _revalued(contract: Warrant, moved: Sequence[Movement], setting: Setting) -> Iterator[Movement]:
    """
    A warrant that is a liability of its issuer: at fair value, until it is exercised or lapses.

    What is carried when it is exercised becomes equity.

    Source: ASC 815-40-35-4, 815-40-25-1; IFRS 9.5.7.1, IAS 32.AG29A.
    """
    yield from moved
    signs = _OWED_BALANCES["warrants"]
    given = [
        (one.date, sum(signs.get(flow, 0) * amount for flow, amount in one.flows.items()))
        for one in moved
    ]
    ends = contract.expiry.get() if contract.exercised is None else contract.exercised.get()
    changed = 0
    for one in contract.fair_values:
        day = one.date.get()
        if day > ends:
            break
        carried = changed + sum(amount for on, amount in given if on <= day)
        yield Movement(day, 1, 0, {"value_change": setting.minor(one.amount) - carried})
        changed += setting.minor(one.amount) - carried
    carried = changed + sum(amount for on, amount in given if on <= ends)
    if contract.exercised is not None:
        yield Movement(ends, 1, 0, {"exercised": carried})
    else:
        yield Movement(ends, 1, 0, {"value_change": -carried})


def _strike(contract: Warrant, day: date, setting: Setting) -> int:
    """What the shares that have vested by a day cost their holder, minor units."""
    shares = sum(
        (
            tranche.shares.get()
            for tranche in tranches_that_vest(contract)
            if tranche.vests is None or tranche.vests.get() <= day
        ),
        Decimal(0),
    )
    return minor_units(shares * contract.strike.get(), setting.deal.currency)


def _held(contract: Warrant, setting: Setting) -> Iterator[Movement]:
    """
    What a holder has of a warrant: as it is earned, then at fair value, until it ends.

    Source: ASC 705-20-25-1, 321-10-35-1, 321-10-35-2, 815-10-35-1; IFRS 9.5.1.1, 9.5.7.1.
    """
    moved = list(_obtained(contract, setting))
    yield from moved
    signs = _HELD_BALANCES["carrying_amount"]
    gained = [
        (one.date, sum(signs.get(flow, 0) * amount for flow, amount in one.flows.items()))
        for one in moved
    ]
    ends = contract.expiry.get() if contract.exercised is None else contract.exercised.get()
    carried = 0
    how = setting.outcome("warrant_measurement", contract.id)
    for day, worth in values_taken(contract.fair_values, how, setting):
        if day > ends:
            break
        change = worth - carried - sum(amount for on, amount in gained if on <= day)
        carried += change
        yield Movement(day, 1, 0, {"gain": change})
    carried += sum(amount for on, amount in gained if on <= ends)
    if contract.exercised is not None:
        paid = _strike(contract, ends, setting)
        yield Movement(ends, 1, 0, {"exercised": carried, "strike_paid": paid})
    else:
        yield Movement(ends, 1, 0, {"gain": -carried})


def _obtained(contract: Warrant, setting: Setting) -> Iterator[Movement]:
    """How the holder comes by a warrant: cheaper purchases, a guarantee it gives, or income."""
    given = setting.outcome("warrant_credit", contract.id)
    granted = contract.granted.get()
    if given == "guarantee-liability":
        earned_under = setting.deal.contracts[contract.in_exchange_for]
        about = earned_under.about if isinstance(earned_under, Guarantee) else ""
        derivative = setting.outcome("guarantee_measurement", about) == "at-fair-value"
        column = "for_derivative" if derivative else "for_guarantee"
        yield Movement(granted, 1, 0, {column: fair_value_at_grant(contract, setting)})
    elif given == "reduction-of-cost":
        what = _cheaper(contract, setting)
        for at, part in enumerate(earned_by_purchases(contract, setting)):
            if part.ahead > 0:
                flows: Mapping[str, int] = {"ahead": part.ahead}
            elif part.ahead:
                flows = {f"ahead_of_{what}": part.amount}
            else:
                flows = {f"{what}_cheaper": part.amount}
            yield Movement(part.date, 1, at, flows)
    else:
        yield Movement(granted, 1, 0, {"income": fair_value_at_grant(contract, setting)})


def _cheaper(contract: Warrant, setting: Setting) -> str:
    bought = setting.deal.contracts[contract.in_exchange_for]
    if isinstance(bought, Services):
        return "services"
    if isinstance(bought, Supply) and bought.of != "inventory":
        return "equipment"
    raise NotModelled(f"how {contract.id} lowers the cost of goods for sale is not modelled")


def price_lowered(contract: Supply, setting: Setting) -> list[tuple[date, int]]:
    """
    By how much the warrants that a buyer earns lower the cost of its equipment, minor units by day.

    Source: ASC 705-20-25-1; IAS 16.16(a).
    """
    lowered = []
    for warrant in setting.deal.of_kind(Warrant):
        if (
            warrant.in_exchange_for == contract.id
            and warrant.holder in setting.deal.bookkeepers()
            and setting.outcome("warrant_credit", warrant.id) == "reduction-of-cost"
        ):
            lowered += [(e.date, e.amount) for e in earned_by_purchases(warrant, setting)]
    return [(day, amount) for day, amount in lowered if amount]


def received_for_guarantee(guarantee: str, setting: Setting) -> int:
    """What the warrants that a guarantor gets for a guarantee are worth, minor units."""
    return sum(
        fair_value_at_grant(warrant, setting)
        for warrant in setting.deal.of_kind(Warrant)
        if warrant.in_exchange_for == guarantee
        and setting.outcome("warrant_credit", warrant.id) == "guarantee-liability"
    )
