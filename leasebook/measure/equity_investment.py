"""
Equity bought without influence, what it is worth later, and what a customer is paid through it.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from leasebook.contract.lease import Valuation
from leasebook.contract.model import Contribution, EquityInterest, Services
from leasebook.measure.draws import straight_line_draws
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.purchases import purchases
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import spread


def without_influence(interest: EquityInterest, setting: Setting) -> bool:
    """
    Whether it stands that a holder has no significant influence; an open decision leaves it open.

    Source: ASC 321-10-15-4, 323-10-15-8; IAS 28.5.
    """
    pair = f"{interest.issuer}/{interest.holder}"
    return setting.outcome("significant_influence", pair) == "no-significant-influence"


def paid_in(contract: Contribution, setting: Setting) -> list[tuple[date, int]]:
    """Dates and minor units of a contribution."""
    if contract.calls is not None:
        calls = contract.calls
        return straight_line_draws(setting.minor(calls.total), calls.first.get(), calls.last.get())
    day = contract.date
    return [(day.get(), setting.minor(contract.amount))] if day else []


def paid_to_customer(contract: Contribution, setting: Setting) -> list[tuple[date, int]]:
    """
    The part of each payment that is no price of an interest but a payment to a customer.

    Source: ASC 606-10-32-25, 606-10-32-26; IFRS 15.70, 15.71.

    Returns:
        Days and minor units, of the same days as `paid_in`; nothing where it is an investment.
    """
    how = setting.outcome("payment_to_customer", contract.id)
    if how not in ("excess-reduces-revenue", "all-reduces-revenue"):
        return []
    paid = paid_in(contract, setting)
    total = sum(amount for _, amount in paid)
    excess = total
    if how == "excess-reduces-revenue":
        excess = total - setting.minor(contract.instrument_fair_value)
    parts = spread(excess, [amount for _, amount in paid])
    return [(day, part) for (day, _), part in zip(paid, parts, strict=True)]


def customer_payment_schedules(contract: Contribution, setting: Setting) -> Iterator[Schedule]:
    """
    How what a customer was paid lowers revenue: at the later of the payment and the purchase.

    Source: ASC 606-10-32-27; IFRS 15.72.

    Raises:
        NotModelled: If nothing is bought on the day of a payment or after it.
    """
    paid = paid_to_customer(contract, setting)
    if not paid or contract.tied_to is None:
        return
    bought_under = setting.deal.contracts[contract.tied_to]
    column = "from_fees" if isinstance(bought_under, Services) else "from_revenue"
    bought = purchases(bought_under, setting)
    rows = []
    for day, amount in paid:
        after = [(on, price) for on, price in bought if on >= day and price]
        if not after:
            raise NotModelled(f"nothing is bought under {contract.tied_to} from {day} on")
        parts = spread(amount, [price for _, price in after])
        rows += [
            Movement(on, 1, at, {column: part})
            for at, ((on, _), part) in enumerate(zip(after, parts, strict=True), start=1)
        ]
    sides = (contract.id, contract.contributor, contract.recipient)
    yield assemble("customer-payment", sides, {}, ("from_revenue", "from_fees"), rows)


def values_taken(
    values: Iterable[Valuation], how: str | None, setting: Setting
) -> list[tuple[date, int]]:
    """
    The valuations that a holding is carried at: all, or those that a transaction showed.

    Source: ASC 321-10-35-1, 321-10-35-2; IFRS 9.5.7.1.
    """
    alternative = setting.framework == "us-gaap" and how == "measurement-alternative"
    return [
        (one.date.get(), setting.minor(one.amount))
        for one in values
        if one.observed or not alternative
    ]


def equity_investment_schedules(interest: EquityInterest, setting: Setting) -> Iterator[Schedule]:
    """
    The changes in value of an interest without influence, in its holder's books.

    Source: ASC 321-10-35-1, 321-10-35-2; IFRS 9.5.7.1.
    """
    if not interest.fair_values or not without_influence(interest, setting):
        return
    bought: list[tuple[date, int]] = []
    for contribution in setting.deal.of_kind(Contribution):
        if contribution.interest == interest.id and contribution.asset is None:
            bought += paid_in(contribution, setting)
            bought += [(day, -part) for day, part in paid_to_customer(contribution, setting)]
    how = setting.outcome("investment_measurement", interest.id)
    changed, rows = 0, []
    for at, (day, worth) in enumerate(values_taken(interest.fair_values, how, setting)):
        change = worth - changed - sum(amount for on, amount in bought if on <= day)
        changed += change
        rows.append(Movement(day, 1, at, {"gain": change}))
    sides = (interest.id, interest.holder, interest.issuer)
    yield assemble("equity-investment", sides, {}, ("gain",), rows)
