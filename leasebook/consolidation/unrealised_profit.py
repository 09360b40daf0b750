"""
Profit on goods and equipment sold within the group, as far as the group has not made it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.group import Supply
from leasebook.measure.schedule import Movement, Schedule, assemble, changes
from leasebook.measure.setting import Setting
from leasebook.measure.supply import equipment_written_off, goods_used, profit_of
from leasebook.reckoning.rounding import round_half_even

_FLOWS = ("made", "realised_by_sale", "realised_by_use")
_BALANCES = {"unrealised": {"made": 1, "realised_by_sale": -1, "realised_by_use": -1}}


@attrs.frozen
class TransferFigures:
    """
    What a sale within the group takes out of the group's amounts.

    Attributes:
        price: Of the sale, minor units.
        unrealised_profit: On goods that are left; on equipment the whole profit.
        excess_depreciation: Of that profit to date, to be added back.
        is_inventory: Whether goods were sold.
    """

    price: Fraction
    unrealised_profit: Fraction
    excess_depreciation: Fraction
    is_inventory: bool


def goods_transfer(price: Fraction, unsold: Fraction, profit: Fraction) -> TransferFigures:
    """
    Goods sold within the group, of which a part is still there.

    The whole profit in it goes out, also where outsiders hold a part of the seller.

    Source: ASC 810-10-45-1, 810-10-45-18; IFRS 10.B86(c).

    Args:
        price: Minor units.
        unsold: The part of the price that is left in the group, minor units.
        profit: Of the seller, as a part of the price.

    Example:
        >>> goods_transfer(Fraction(8400), Fraction(3600), Fraction(1, 3)).unrealised_profit
        Fraction(1200, 1)
    """
    return TransferFigures(price, unsold * profit, Fraction(0), is_inventory=True)


def equipment_transfer(
    price: Fraction,
    carrying_amount: Fraction,
    remaining_life: Fraction | None = None,
    elapsed: Fraction = Fraction(0),
) -> TransferFigures:
    """
    Equipment sold within the group: the seller's profit, and what has been depreciated of it.

    Source: ASC 810-10-45-1; IFRS 10.B86(c), IAS 16.50.

    Args:
        price: Minor units; or what the buyer carries it at now.
        carrying_amount: The seller's; or what the group would carry it at now.
        remaining_life: Periods left at the sale, of any length; None if nothing is depreciated.
        elapsed: Periods since.

    Example:
        >>> found = equipment_transfer(Fraction(5000), Fraction(4000), Fraction(5, 2),
        ...                            Fraction(1, 2))
        >>> found.unrealised_profit, found.excess_depreciation
        (Fraction(1000, 1), Fraction(200, 1))
    """
    profit = price - carrying_amount
    used = min(elapsed / remaining_life, Fraction(1)) if remaining_life else Fraction(0)
    return TransferFigures(price, profit, profit * used, is_inventory=False)


def consolidated_cost_of_sales(
    own: Iterable[Fraction], sold: Iterable[TransferFigures]
) -> Fraction:
    """
    Cost of sales of the group: its members' without sales between them, with profit not made.

    Source: ASC 810-10-45-1; IFRS 10.B86(c).

    Args:
        own: Each member's, minor units.
        sold: Sales within the group.

    Example:
        >>> sale = goods_transfer(Fraction(84), Fraction(36), Fraction(1, 3))
        >>> consolidated_cost_of_sales([Fraction(420), Fraction(210)], [sale])
        Fraction(558, 1)
    """
    goods = [one for one in sold if one.is_inventory]
    return sum(own, Fraction(0)) - sum(one.price - one.unrealised_profit for one in goods)


def borne_by_outsiders(profit: Fraction, ownership_of_seller: Fraction) -> Fraction:
    """
    The part of a profit not made that the outsiders of the seller bear; none of a parent's.

    Source: ASC 810-10-45-18; IFRS 10.B94.

    Example:
        >>> borne_by_outsiders(Fraction(100), Fraction(4, 5))
        Fraction(20, 1)
    """
    return profit * (1 - ownership_of_seller)


def transfer_figures(contract: Supply, setting: Setting, at: date) -> TransferFigures:
    """
    The figures of one supply at a day's close, as if its parties were one group; minor units.

    Args:
        contract: The supply.
        setting: Gives the currency.
        at: Reporting date.
    """
    price, profit = setting.minor(contract.price), profit_of(contract, setting)
    if contract.of == "inventory":
        gone = sum(amount for day, amount in goods_used(contract, setting) if day <= at)
        left = Fraction(price - gone, price)
        return TransferFigures(Fraction(price), profit * left, Fraction(0), is_inventory=True)
    written_off = 0
    if contract.remaining_life is not None:
        written_off = sum(a for _, a in equipment_written_off(profit, contract, at))
    return TransferFigures(
        Fraction(price), Fraction(profit), Fraction(written_off), is_inventory=False
    )


def unrealised_profit_schedules(
    members: frozenset[str], since: Mapping[str, date], setting: Setting
) -> Iterator[Schedule]:
    """
    How the profit on sales within the group is made: by selling goods on, by using equipment.

    The elimination of a sale takes its whole profit out; these entries bring back what the group
    has made. The seller's holders bear both.

    Source: ASC 810-10-45-1; IFRS 10.B86(c).

    Args:
        members: The group.
        since: The day from whose close an entity that was acquired belongs to it.
        setting: Gives the currency.
    """
    for contract in setting.deal.of_kind(Supply):
        sides, day = (contract.seller, contract.buyer), contract.date.get()
        if not members.issuperset(sides) or any(day <= since.get(e, date.min) for e in sides):
            continue
        profit = profit_of(contract, setting)
        rows = [Movement(day, 1, 0, {"made": profit})]
        for at, (on, flow, amount) in enumerate(_realised(contract, profit, setting), 1):
            rows.append(Movement(on, 1, at, {flow: amount}))
        parties = (contract.id, contract.seller, "")
        yield assemble("unrealised-profit", parties, _BALANCES, _FLOWS, rows)


def _realised(contract: Supply, profit: int, setting: Setting) -> Iterator[tuple[date, str, int]]:
    if contract.of == "inventory":
        price = setting.minor(contract.price)
        used = goods_used(contract, setting)
        reached, total = [], 0
        for _, amount in used:
            total += amount
            reached.append(round_half_even(Fraction(profit * total, price)))
        for (day, _), amount in zip(used, changes(reached), strict=True):
            yield day, "realised_by_sale", amount
    elif contract.remaining_life is not None:
        for day, amount in equipment_written_off(profit, contract):
            yield day, "realised_by_use", amount
