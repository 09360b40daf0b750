"""
Profit on goods and equipment sold within the group, as far as the group has not made it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from leasebook.contract.group import Supply
from leasebook.measure.purchases import deliveries
from leasebook.measure.schedule import Movement, Schedule, assemble, changes
from leasebook.measure.setting import Setting
from leasebook.measure.supply import equipment_written_off, goods_used, profit_of
from leasebook.reckoning.rounding import round_half_even

_FLOWS = ("made", "own_use", "realised_by_sale", "realised_by_use")
_BALANCES = {"unrealised": {"made": 1, "realised_by_sale": -1, "realised_by_use": -1}}


def consolidated_cost_of_sales(
    own: Iterable[Fraction], goods: Iterable[tuple[Fraction, Fraction]]
) -> Fraction:
    """
    Cost of sales of the group: its members' without sales between them, with profit not made.

    Source: ASC 810-10-45-1; IFRS 10.B86(c).

    Args:
        own: Each member's, minor units.
        goods: Price and profit not made of each sale of goods within the group, minor units.

    Example:
        >>> goods = [(Fraction(84), Fraction(12))]
        >>> consolidated_cost_of_sales([Fraction(420), Fraction(210)], goods)
        Fraction(558, 1)
    """
    return sum(own, Fraction(0)) - sum(price - profit for price, profit in goods)


def unrealised_profit_schedules(
    members: frozenset[str], since: Mapping[str, date], setting: Setting
) -> Iterator[Schedule]:
    """
    How the profit on sales within the group is made: by selling goods on, by using equipment.

    The elimination of a sale takes its whole profit out; these entries bring back what the group
    has made. The seller's holders bear both.

    Source: ASC 810-10-45-1, 810-10-45-18; IFRS 10.B86(c), 10.B94, IAS 16.50.

    Args:
        members: The group.
        since: The day from whose close an entity that was acquired belongs to it.
        setting: Gives the currency.
    """
    for contract in setting.deal.of_kind(Supply):
        sides = (contract.seller, contract.buyer)
        if not members.issuperset(sides):
            continue
        rows = []
        for day, price in deliveries(contract, setting):
            if any(day <= since.get(e, date.min) for e in sides):
                continue
            profit = profit_of(contract, price, setting)
            rows.append(Movement(day, 1, 0, {"made": profit, **_in_use(contract, price - profit)}))
            realised = _realised(contract, (day, price), profit, setting)
            for at, (on, flow, amount) in enumerate(realised, 1):
                rows.append(Movement(on, 1, at, {flow: amount}))
        parties = (contract.id, contract.seller, "")
        yield assemble("unrealised-profit", parties, _BALANCES, _FLOWS, rows)


def _in_use(contract: Supply, cost: int) -> dict[str, int]:
    """What a product that a member made cost the group, which uses it as equipment."""
    return {"own_use": cost} if contract.of == "product" else {}


def _realised(
    contract: Supply, delivered: tuple[date, int], profit: int, setting: Setting
) -> Iterator[tuple[date, str, int]]:
    begins, price = delivered
    if contract.of == "inventory":
        used = goods_used(contract, setting)
        reached, total = [], 0
        for _, amount in used:
            total += amount
            reached.append(round_half_even(Fraction(profit * total, price)))
        for (day, _), amount in zip(used, changes(reached), strict=True):
            yield day, "realised_by_sale", amount
    elif contract.remaining_life is not None:
        for day, amount in equipment_written_off(profit, contract, begins):
            yield day, "realised_by_use", amount
