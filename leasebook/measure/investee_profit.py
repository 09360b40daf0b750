"""
Profit on what an investor sells to its equity-method investee, as far as it is the investor's own.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from leasebook.contract.group import Supply
from leasebook.contract.lease import Lease
from leasebook.contract.model import EquityInterest, Sale
from leasebook.measure.equity_investment import without_influence
from leasebook.measure.lessor import NET_INVESTMENT
from leasebook.measure.plant import depreciation
from leasebook.measure.purchases import deliveries
from leasebook.measure.schedule import Movement, Schedule, assemble, changes, running
from leasebook.measure.setting import Setting
from leasebook.measure.supply import equipment_written_off, goods_used, profit_of
from leasebook.reckoning.rounding import round_half_even


def investee_profits(setting: Setting) -> Iterator[Schedule]:
    """
    The shares of all sellers in profit on what their investees still have, supplies first.

    Source: ASC 323-10-35-7; IAS 28.28.
    """
    for supply in setting.deal.of_kind(Supply):
        yield from investee_profit_schedules(supply, setting)
    for sale in setting.deal.of_kind(Sale):
        yield from sale_profit_schedules(sale, setting)


def investee_profit_schedules(supply: Supply, setting: Setting) -> Iterator[Schedule]:
    """
    The seller's share of profit on what its investee still has, taken out until it is used up.

    What was sold before the interest was held is left alone.

    Source: ASC 323-10-35-7, 323-10-35-8; IAS 28.28.

    Yields:
        A schedule "investee-profit" for each interest of the seller in the buyer by the equity
        method, minor units.
    """
    keeps = setting.deal.bookkeepers()
    for interest in setting.deal.of_kind(EquityInterest):
        sides = (interest.holder, interest.issuer)
        if sides != (supply.seller, supply.buyer) or interest.issuer not in keeps:
            continue
        if without_influence(interest, setting):
            continue
        rows: list[Movement] = []
        share = Fraction(interest.share.get())
        for at, (day, price) in enumerate(deliveries(supply, setting)):
            if day < interest.held_from.get():
                continue
            profit = round_half_even(share * profit_of(supply, price, setting))
            rows.append(Movement(day, 1, at, {"taken_out": profit}))
            rows += [
                Movement(on, 1, at, {"made": amount})
                for on, amount in _made(supply, (day, price), profit, setting)
            ]
        signs = {"unrealised": {"taken_out": 1, "made": -1}}
        yield assemble("investee-profit", (interest.id, *sides), signs, ("taken_out", "made"), rows)


def _made(
    supply: Supply, delivered: tuple[date, int], profit: int, setting: Setting
) -> list[tuple[date, int]]:
    """When the investee sells or uses what it bought, and the profit that is made by it."""
    begins, price = delivered
    if supply.of == "inventory":
        used = goods_used(supply, setting)
        reached = [
            round_half_even(Fraction(profit * gone, price)) for gone in running(a for _, a in used)
        ]
        return [(day, part) for (day, _), part in zip(used, changes(reached), strict=True)]
    if supply.remaining_life is None:
        return []
    return equipment_written_off(profit, supply, begins)


def sale_profit_schedules(sale: Sale, setting: Setting) -> Iterator[Schedule]:
    """
    The seller's share of profit on an asset that its investee buys as goods, until it is used up.

    An asset that the investee lets by a lease that takes it off its books is sold on that day;
    otherwise the profit is made as it is depreciated.

    Source: ASC 323-10-35-7, 323-10-35-8; IAS 28.28.

    Yields:
        A schedule "investee-profit" for each interest of the seller in the buyer by the equity
        method, minor units.
    """
    asset = setting.deal.assets[sale.asset]
    for interest in setting.deal.of_kind(EquityInterest):
        sides = (interest.holder, interest.issuer)
        if not sale.goods or sides != (sale.seller, sale.buyer):
            continue
        if interest.issuer not in setting.deal.bookkeepers() or without_influence(
            interest, setting
        ):
            continue
        day = sale.sold.get()
        if day < interest.held_from.get() or asset.carrying_amount is None:
            continue
        gain = setting.minor(sale.price) - setting.minor(asset.carrying_amount)
        profit = round_half_even(Fraction(interest.share.get()) * gain)
        rows = [Movement(day, 1, 0, {"taken_out": profit})]
        rows += [
            Movement(on, 1, at, {"made": amount})
            for at, (on, amount) in enumerate(_used_up(sale, profit, setting), 1)
        ]
        signs = {"unrealised": {"taken_out": 1, "made": -1}}
        yield assemble("investee-profit", (interest.id, *sides), signs, ("taken_out", "made"), rows)


def _used_up(sale: Sale, profit: int, setting: Setting) -> list[tuple[date, int]]:
    """When the investee sells on or uses the asset it bought, and the profit made by it."""
    for lease in setting.deal.of_kind(Lease):
        begins, lets = lease.commencement_date.get(), (lease.asset, lease.lessor)
        gone = setting.lessor_class(lease.id, begins) in NET_INVESTMENT
        if gone and lets == (sale.asset, sale.buyer):
            return [(begins, profit)]
    asset = setting.deal.assets[sale.asset]
    begins, life = asset.in_service.get(), asset.useful_life.get().months
    return depreciation([(sale.sold.get(), profit)], begins, life, 0, date.max)
