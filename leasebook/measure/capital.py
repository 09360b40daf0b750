"""
Capital between an entity and its holders: contributions made and received, distributions.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from leasebook.contract.model import Contribution, Distribution, EquityInterest
from leasebook.measure.equity_investment import (
    customer_payment_schedules,
    paid_in,
    paid_to_customer,
    without_influence,
)
from leasebook.measure.schedule import Movement, Schedule, assemble, changes, running
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import stepped
from leasebook.reckoning.rounding import round_half_even


def contribution_schedules(contract: Contribution, setting: Setting) -> Iterator[Schedule]:
    """
    A contribution in the books of both sides.

    An asset that is contributed leaves its contributor's books at its carrying amount, and what
    the interest is worth beyond that is a gain; where the transfer is no sale, the contributor
    keeps the asset and owes what it received for it. What a customer is paid beyond the worth of
    the interest is no part of the interest.

    Source: ASC 610-20-32-4, 842-40-25-5, 606-10-32-25; IAS 28.30, IFRS 16.103, 15.70.
    """
    made: list[Movement] = []
    received: list[Movement] = []
    interest = setting.deal.contracts[contract.interest]
    held = isinstance(interest, EquityInterest) and without_influence(interest, setting)
    price = "without_influence" if held else "cash"
    to_customer = dict(paid_to_customer(contract, setting))
    for day, amount in paid_in(contract, setting):
        if contract.asset is None:
            part = to_customer.get(day, 0)
            given, got = {price: amount - part, "to_customer": part}, {"cash": amount}
        elif _keeps(contract, setting):
            given, got = {"retained": amount}, {"retained": amount}
        else:
            carrying = _carrying(contract.asset, setting, amount)
            given = {"asset_carrying": carrying, "asset_gain": amount - carrying}
            got = {"asset": amount}
        made.append(Movement(day, 1, 0, given))
        received.append(Movement(day, 1, 0, got))
    sides = (contract.contributor, contract.recipient)
    yield assemble(
        "contribution-made",
        (contract.id, sides[0], sides[1]),
        {},
        ("cash", "without_influence", "to_customer", "asset_carrying", "asset_gain", "retained"),
        made,
    )
    yield assemble(
        "contribution-received",
        (contract.id, sides[1], sides[0]),
        {},
        ("cash", "asset", "retained"),
        received,
    )
    yield from customer_payment_schedules(contract, setting)


def _keeps(contract: Contribution, setting: Setting) -> bool:
    failed = setting.failed_sale(contract.asset or "")
    return failed is not None and failed.contract == contract


def _carrying(asset: str, setting: Setting, amount: int) -> int:
    figure = setting.deal.assets[asset].carrying_amount
    return amount if figure is None else setting.minor(figure)


def distributed(
    contract: Distribution, setting: Setting, rents: dict[str, list[tuple[date, int]]]
) -> list[tuple[date, int]]:
    """
    Dates and minor units of a distribution.

    A share of rent is rounded cumulatively over all holders of the interest's issuer, so that
    together they receive the rent to the unit.

    Args:
        contract: What is distributed.
        setting: Framework and scenario.
        rents: Payments of each lease by date.
    """
    if contract.date is not None:
        first, amount = contract.date.get(), setting.minor(contract.amount)
        if contract.every is None or contract.last is None:
            return [(first, amount)]
        return [(day, amount) for day in stepped(first, contract.every.months, contract.last.get())]
    days: dict[date, int] = {}
    for lease in contract.passes_on:
        for day, amount in rents[lease]:
            days[day] = days.get(day, 0) + amount
    ordered = sorted(days)
    totals = running(days[day] for day in ordered)
    bounds = share_bounds(contract.interest, setting)
    return list(zip(ordered, changes(part_of(total, bounds) for total in totals), strict=True))


def part_of(total: int, bounds: tuple[Fraction, Fraction]) -> int:
    """
    One holder's part of a total, so rounded that the parts of all holders sum to it.

    Example:
        >>> third = Fraction(1, 3)
        >>> [part_of(100, (third * k, third * (k + 1))) for k in range(3)]
        [33, 34, 33]
    """
    lower, upper = bounds
    return round_half_even(total * upper) - round_half_even(total * lower)


def share_bounds(interest: str, setting: Setting) -> tuple[Fraction, Fraction]:
    """
    Where one holder's part of the whole begins and ends, holders in the order of the files.

    The parts of holders whose shares make up the whole then sum to it, however they are rounded.

    Args:
        interest: Id of the holder's equity interest.
        setting: The deal.

    Returns:
        Two fractions of one.
    """
    contract = setting.deal.contracts[interest]
    if not isinstance(contract, EquityInterest):
        raise TypeError(f"{interest} is no equity interest")
    lower = Fraction(0)
    for other in interests_in(contract.issuer, setting):
        upper = lower + Fraction(other.share.get())
        if other.id == interest:
            return lower, upper
        lower = upper
    raise LookupError(interest)


def distribution_schedules(
    contract: Distribution, setting: Setting, rents: dict[str, list[tuple[date, int]]]
) -> Iterator[Schedule]:
    """
    A distribution in the books of both sides; the holder's is split when its income is known.

    Source: ASC 323-10-35-17; IAS 28.10.
    """
    amounts = distributed(contract, setting, rents)
    parties = (contract.distributor, contract.recipient)
    paid = [Movement(day, 1, at + 1, {"cash": amount}) for at, (day, amount) in enumerate(amounts)]
    yield assemble("distribution-paid", (contract.id, parties[0], parties[1]), {}, ("cash",), paid)
    got = [
        Movement(day, 1, at + 1, {"return_of": amount}) for at, (day, amount) in enumerate(amounts)
    ]
    yield assemble(
        "distribution-received",
        (contract.id, parties[1], parties[0]),
        {},
        ("return_on", "return_of"),
        got,
    )


def interests_in(issuer: str, setting: Setting) -> tuple[EquityInterest, ...]:
    """The equity interests in an entity, in the order of the files."""
    return tuple(i for i in setting.deal.of_kind(EquityInterest) if i.issuer == issuer)


def bottom_up(members: Iterable[str], setting: Setting) -> list[str]:
    """Entities so ordered that each stands after those it holds an interest in."""
    left = sorted(members)
    ordered: list[str] = []
    interests: tuple[EquityInterest, ...] = setting.deal.of_kind(EquityInterest)
    while left:
        free = [e for e in left if not any(i.holder == e and i.issuer in left for i in interests)]
        if not free:
            raise ValueError(f"interests go round in a circle among {', '.join(left)}")
        ordered += free
        left = [e for e in left if e not in free]
    return ordered
