"""
What an asset stands at in the books of its owner, or of a group, on a day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from leasebook.measure.asset import expenditures, owner_of, written_off
from leasebook.measure.asset_use import interest_layers
from leasebook.measure.borrowing_cost import interest_capitalised
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting


def carrying_amount(
    asset: str,
    at: date,
    setting: Setting,
    members: frozenset[str] | None = None,
    accrued: Mapping[str, Schedule] | None = None,
    *,
    opening: bool = False,
) -> int:
    """
    An asset's cost less depreciation to its owner, or to a group of members, at a day's close.

    As the day opens it has what was spent by then, and is not yet depreciated for the day. With
    the schedules of notes, the interest capitalised on it is part of the cost.
    """
    owner = members or frozenset({owner_of(asset, setting)})
    spent = expenditures(asset, owner, setting)
    if accrued:
        capitalised = interest_capitalised(asset, owner, setting=setting, accrued=accrued)
        spent += interest_layers(capitalised)
    layers = [(day, amount) for day, amount in spent if day <= at]
    fallen = written_off(asset, layers, setting, at - timedelta(days=1) if opening else at)
    return sum(amount for _, amount in layers) - sum(amount for _, amount in fallen)


def carrying_amount_when_sold(asset: str, seller: str, sold: date, setting: Setting) -> int:
    """
    What a seller gives up: the asset's cost, written down to the day before the sale.

    Source: ASC 842-40-25-4(a)(2); IFRS 16.100(a).

    Args:
        asset: Its id.
        seller: Whose books.
        sold: Day of the sale.
        setting: Framework, scenario and outcomes.

    Returns:
        Minor units; cost that arrives on the day of the sale is in it.
    """
    layers = [
        (day, amount)
        for day, amount in expenditures(asset, frozenset({seller}), setting)
        if day <= sold
    ]
    fallen = written_off(asset, layers, setting, sold - timedelta(days=1)) if layers else []
    return sum(amount for _, amount in layers) - sum(amount for _, amount in fallen)


def carrying_amounts(asset: str, days: Sequence[date], setting: Setting) -> list[int]:
    """
    What an asset stands at in its owner's books at the close of each of some days, minor units.

    Args:
        asset: Its id; its cost has all arrived by the first day.
        days: Ascending.
        setting: Framework, scenario and outcomes.
    """
    cost = expenditures(asset, frozenset({owner_of(asset, setting)}), setting)
    fallen = written_off(asset, cost, setting, days[-1]) if cost else []
    return [
        sum(amount for at, amount in cost if at <= day)
        - sum(amount for at, amount in fallen if at <= day)
        for day in days
    ]
