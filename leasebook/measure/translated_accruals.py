"""
Rent that is paid ahead or accrued, and net investments, of a lease in another currency.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from leasebook.measure.schedule import Schedule
from leasebook.measure.translation import DIFFERENCE, Day, Translated, refused, with_the_rent
from leasebook.reckoning.rounding import round_half_even

#: The exchange difference of rent that is billed and open.
BILLED_DIFFERENCE = "exchange_difference_of_rent_billed"

_COSTS = ("initial_direct_costs", "direct_cost_amortisation")


def _after_cash(
    ahead: tuple[int, int], moved: tuple[int, int], closing: Fraction
) -> tuple[int, int]:
    """
    Rent paid ahead after money has moved, and the exchange difference of what is or was accrued.

    Args:
        ahead: Before, in both currencies, minor units; negative where rent is accrued.
        moved: What money adds, in both currencies.
        closing: The rate of the day, by minor units.

    Returns:
        Minor units of the books: the balance, and the difference that is in it.
    """
    abroad, booked = ahead[0] + moved[0], ahead[1] + moved[1]
    if ahead[0] >= 0 and abroad > 0:
        return booked, 0
    target = round_half_even(abroad * closing)
    return target, target - booked


def _used(ahead: tuple[int, int], used: int, accruing: Fraction) -> int:
    """
    Cost or income of a day, first out of what is paid ahead, then accrued.

    Args:
        ahead: In both currencies, minor units; negative where rent is accrued.
        used: Minor units of the lease's currency.
        accruing: The rate of what accrues, by minor units.

    Returns:
        Minor units of the books.
    """
    out = max(0, min(used, ahead[0]))
    carried = 0
    if out:
        left = ahead[0] - out
        carried = ahead[1] - round_half_even(Fraction(left * ahead[1], ahead[0]))
    return carried + round_half_even((used - out) * accruing)


def translated_accruals(
    schedule: Schedule, days: Sequence[Day], balance: str, use: str
) -> Iterator[Translated]:
    """
    The days of a lease that is kept off its lessee's balance sheet, or an operating lessor's.

    Rent that is paid ahead is not monetary: it becomes cost, or income, at the rate of the day it
    was paid on. Rent that is accrued is monetary: cost and income are at the rate at which they
    accrue, and the balance is at the closing rate, the difference in profit or loss.

    Source: ASC 830-10-45-18, 830-10-55-10, 830-20-35-1; IAS 21.16, 21.21 to 21.23, 21.28.

    Args:
        schedule: In the currency of the lease.
        days: Its rows with their rates.
        balance: The balance that is positive where rent is paid ahead.
        use: The flow by which it falls, at the end of each period or month.
    """
    abroad = booked = receivable = costs_abroad = costs = 0
    paid: dict[date, list[int]] = {}
    for day in days:
        flows = day.at_closing(*day.flows)
        with_the_rent(day, flows, paid)
        rates: dict[str, Fraction | None] = {use: None}
        signs = {name: sign for name, sign in schedule.signs[balance].items() if name != use}
        moved = (
            sum(sign * day.flows[name] for name, sign in signs.items()),
            sum(sign * flows[name] for name, sign in signs.items()),
        )
        # What a day uses accrues up to its close; rent in arrears settles it then.
        flows[use] = _used((abroad, booked), day.flows[use], day.accruing)
        abroad, booked = abroad - day.flows[use], booked - flows[use]
        booked, flows[DIFFERENCE] = _after_cash((abroad, booked), moved, day.closing)
        abroad += moved[0]
        if "rent_receivable" in day.after:
            receivable += flows["billed"] - flows["billed_written_off"]
            target = round_half_even(day.after["rent_receivable"] * day.closing)
            flows[BILLED_DIFFERENCE], receivable = target - receivable, target
        if "unamortised_direct_costs" in day.after:
            costs_abroad += day.flows[_COSTS[0]]
            costs += flows[_COSTS[0]]
            left = day.after["unamortised_direct_costs"]
            kept = round_half_even(Fraction(left * costs, costs_abroad)) if costs_abroad else 0
            rates[_COSTS[1]] = Fraction(costs, costs_abroad) if costs_abroad else None
            flows[_COSTS[1]], costs, costs_abroad = costs - kept, kept, left
        yield Translated(flows, rates)


#: What a net investment in another currency may not have here: parts that are not monetary.
_NOT_MONETARY = ("initial_residual", "residual_accretion", "residual_returned", "deferred_profit",
                 "deferred_profit_released", "billed")  # fmt: skip


def translated_net_investment(
    schedule: Schedule, days: Sequence[Day], carrying_amount: int
) -> Iterator[Translated]:
    """
    The days of a net investment that is all receivable, in its lessor's books.

    The receivable is monetary. The asset leaves at what it is carried at in the books, whatever
    the rate, and the profit of the first day is what the receivable and the money are more.

    Source: ASC 830-10-45-17, 830-20-35-1, 842-30-30-1; IAS 21.16, 21.21, 21.23, 21.28.

    Args:
        schedule: In the currency of the lease.
        days: Its rows with their rates.
        carrying_amount: Of the asset, minor units of the books.

    Raises:
        NotModelled: If it has an unguaranteed residual or deferred profit, which are not monetary.
    """
    receivable = 0
    paid: dict[date, list[int]] = {}
    signs = schedule.signs["receivable"]
    for day in days:
        refused(day.flows, _NOT_MONETARY, schedule.contract)
        flows = day.at_closing(*day.flows)
        with_the_rent(day, flows, paid)
        rates: dict[str, Fraction | None] = {"interest": day.accruing}
        flows["interest"] = day.accrued("interest")
        flows["principal_received"] = flows["payment"] - flows["interest_received"]
        if day.flows["asset_derecognised"]:
            _commenced(day, flows, carrying_amount)
            rates |= dict.fromkeys(
                ("asset_derecognised", "cost_of_goods_sold", "selling_profit", "revenue",
                 "net_selling_profit"),
            )  # fmt: skip
        receivable += sum(sign * flows[name] for name, sign in signs.items())
        target = round_half_even(day.after["receivable"] * day.closing)
        flows[DIFFERENCE], receivable = target - receivable, target
        yield Translated(flows, rates)


def _commenced(day: Day, flows: dict[str, int], carrying_amount: int) -> None:
    cash = flows["prepaid"] + flows["day_one"] - flows["incentives"]
    costs = flows["initial_direct_costs_in_rate"]
    flows["initial_direct_costs"] = costs + flows["initial_direct_costs_expensed"]
    sold = flows["initial_receivable"] + cash - costs
    profit = sold - carrying_amount
    gross = bool(day.flows["revenue"])
    flows["asset_derecognised"] = carrying_amount
    flows["revenue"] = sold if gross else 0
    flows["cost_of_goods_sold"] = carrying_amount if gross else 0
    flows["selling_profit"] = profit
    flows["net_selling_profit"] = 0 if gross else profit
