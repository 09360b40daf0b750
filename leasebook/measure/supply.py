"""
Goods and equipment sold between two parties: what they cost, what is left, and the profit in it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from leasebook.contract.group import Supply
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.plant import depreciation
from leasebook.measure.purchases import deliveries
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting, first_day
from leasebook.measure.warrant import price_lowered
from leasebook.reckoning.rounding import round_half_even


def profit_share(
    *,
    markup_on_cost: Fraction | None = None,
    margin_on_price: Fraction | None = None,
    cost_share: Fraction | None = None,
) -> Fraction:
    """
    The part of a price that is the seller's profit.

    A mark-up is a part of cost, so that the profit is the mark-up over one plus the mark-up; a
    margin is a part of the price already.

    Source: ASC 810-10-45-1; IFRS 10.B86(c).

    Args:
        markup_on_cost: Profit over cost.
        margin_on_price: Profit over price.
        cost_share: Cost over price.

    Returns:
        A pure number, below zero where the goods were sold at a loss.

    Raises:
        ValueError: If not exactly one of them is given.

    Example:
        >>> quarter = Fraction(1, 4)
        >>> profit_share(markup_on_cost=quarter), profit_share(margin_on_price=quarter)
        (Fraction(1, 5), Fraction(1, 4))
    """
    given = [one for one in (markup_on_cost, margin_on_price, cost_share) if one is not None]
    if len(given) != 1:
        raise ValueError("one of mark-up, margin and cost says the profit")
    if markup_on_cost is not None:
        return markup_on_cost / (1 + markup_on_cost)
    return margin_on_price if margin_on_price is not None else 1 - given[0]


def profit_of(contract: Supply, price: int, setting: Setting) -> int:
    """The seller's profit on a price under a supply, minor units; below zero for a loss."""
    if contract.carrying_amount is not None:
        return price - setting.minor(contract.carrying_amount)
    markup, margin = contract.markup_on_cost, contract.margin_on_price
    share = profit_share(
        markup_on_cost=None if markup is None else Fraction(markup.get()),
        margin_on_price=None if margin is None else Fraction(margin.get()),
    )
    return round_half_even(price * share)


def goods_used(contract: Supply, setting: Setting) -> list[tuple[date, int]]:
    """Day and minor units of the price of goods that leave the buyer; without sales, none do."""
    left, used = sum(price for _, price in deliveries(contract, setting)), []
    for part in contract.unsold:
        remaining = setting.minor(part.left)
        if remaining != left:
            used.append((part.date.get(), left - remaining))
        left = remaining
    return used


def equipment_written_off(
    amount: int, contract: Supply, begins: date, until: date = date.max
) -> list[tuple[date, int]]:
    """
    An amount depreciated straight-line over what is left of equipment's life, minor units.

    Source: ASC 360-10-35-4; IAS 16.50.

    Raises:
        NotModelled: If the remaining life is not known.
    """
    life = contract.remaining_life
    if life is None or not life.known:
        raise NotModelled(f"the remaining life of {contract.id} is not stated")
    return depreciation([(begins, amount)], begins, life.get().months, 0, until)


def supply_schedules(contract: Supply, setting: Setting) -> Iterator[Schedule]:
    """
    A supply in the books of seller and buyer, and what the buyer does with it later.

    What the seller had of it stands in its books from the first day of the deal, against equity
    from before it, as an asset that was held before does; a product is made, and paid for, on the
    day of its delivery.

    Source: ASC 606-10-25-30, 330-10-30-1, 360-10-40-5; IFRS 15.31, IAS 2.9, IAS 16.71.
    """
    delivered = deliveries(contract, setting)
    sold = (contract.id, contract.seller, contract.buyer)
    bought = (contract.id, contract.buyer, contract.seller)
    alone = (contract.id, contract.seller, "")
    kind = {"inventory": "goods", "depreciable": "equipment", "product": "product"}[contract.of]
    costs = [price - profit_of(contract, price, setting) for _, price in delivered]
    if contract.of == "product":
        made = [
            Movement(day, 1, at, {"cost": cost})
            for at, ((day, _), cost) in enumerate(zip(delivered, costs, strict=True))
        ]
        yield assemble("goods-made", alone, {}, ("cost",), made)
    else:
        held = [Movement(first_day(setting.deal), 1, 0, {"cost": sum(costs)})]
        yield assemble(f"{kind}-held", alone, {}, ("cost",), held)
    rows = []
    for at, ((day, price), cost) in enumerate(zip(delivered, costs, strict=True)):
        flows = {"price": price, "cost": cost}
        if contract.of == "depreciable":
            flows = {"carrying": cost, "gain": price - cost}
        rows.append(Movement(day, 1, at, flows))
    sale = "goods" if contract.of == "product" else kind
    yield assemble(f"{sale}-sold", sold, {}, tuple(flows), rows)
    paid = [Movement(day, 1, at, {"price": price}) for at, (day, price) in enumerate(delivered)]
    yield assemble(
        f"{'goods' if contract.of == 'inventory' else 'equipment'}-bought",
        bought,
        {},
        ("price",),
        paid,
    )
    yield from _used(contract, delivered, setting)


def _used(
    contract: Supply, delivered: Sequence[tuple[date, int]], setting: Setting
) -> Iterator[Schedule]:
    """What the buyer does with goods or equipment afterwards."""
    left: list[tuple[date, int]] = []
    if contract.of == "inventory":
        left = goods_used(contract, setting)
    elif contract.remaining_life is not None:
        cheaper: dict[date, int] = defaultdict(int)
        for day, amount in price_lowered(contract, setting):
            cheaper[day] += amount
        for day, price in delivered:
            left += equipment_written_off(price - cheaper.pop(day, 0), contract, day)
    rows = [Movement(on, 1, at, {"used": amount}) for at, (on, amount) in enumerate(left, 1)]
    user = (contract.id, contract.buyer, "")
    name = "goods-used" if contract.of == "inventory" else "equipment-used"
    yield assemble(name, user, {"to_date": {"used": 1}}, ("used",), rows)
