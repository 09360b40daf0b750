"""
Securities held to maturity whose total income is known and whose yield is solved from it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.reckoning.calendar import month_ends
from leasebook.reckoning.rates import rate_text, solve_rate
from leasebook.reckoning.rounding import round_half_even

_FLOWS = ("purchased", "income", "income_received", "redeemed")
_BALANCES = {
    "carrying_amount": {"purchased": 1, "income": 1, "income_received": -1, "redeemed": -1}
}

# A month's last day, and the money that moved in it.
_Month = tuple[date, int]


def _months(
    invested: tuple[date, int], flows: Sequence[tuple[date, int]], until: date
) -> list[_Month]:
    ends = [day for day in month_ends(invested[0], until) if day > invested[0]]
    if not ends or ends[-1] != until:
        ends.append(until)
    starts = [invested[0], *ends]
    return [
        (end, sum(amount for day, amount in flows if before < day <= end))
        for before, end in zip(starts, ends, strict=False)
    ]


def _income(months: Sequence[_Month], principal: int, rate: Fraction) -> list[int]:
    balance = principal
    incomes = []
    for _, moved in months:
        incomes.append(round_half_even(balance * rate))
        balance += incomes[-1] + moved
    return incomes


def _total_income(months: Sequence[_Month], principal: int, rate: Fraction) -> Fraction:
    # Fixed point at thirty decimals: finer than a rate of fifteen decimals can tell apart, and far
    # quicker than fractions whose denominators grow with every month.
    grid = 10**30
    balance = principal * grid
    earned = 0
    for _, moved in months:
        income = balance * rate.numerator // rate.denominator
        earned += income
        balance += income + grid * moved
    return Fraction(earned, grid)


def _movements(
    invested: tuple[date, int],
    flows: Sequence[tuple[date, int]],
    months: Sequence[_Month],
    incomes: Sequence[int],
) -> Iterator[Movement]:
    until = months[-1][0]
    yield Movement(invested[0], 1, 0, {"purchased": invested[1]})
    earned = {end: income for (end, _), income in zip(months, incomes, strict=True)}
    for k, (end, income) in enumerate(earned.items(), start=1):
        yield Movement(end, 1, k, {"income": income})
    unpaid, held = 0, invested[1]
    days = sorted({*earned, *(day for day, _ in flows)})
    for day in days:
        unpaid += earned.get(day, 0)
        # What would be bought and redeemed on the last day is never bought.
        moved = sum(amount for on, amount in flows if on == day and day != until)
        taken = unpaid + held if day == until else max(0, -moved)
        of_income = max(0, min(unpaid, taken))
        unpaid -= of_income
        held += max(0, moved) - (taken - of_income)
        yield Movement(
            day,
            1,
            sum(end < day for end in earned) + 1,
            {
                "purchased": max(0, moved),
                "income_received": of_income,
                "redeemed": taken - of_income,
            },
        )


def held_to_maturity(
    contract: str,
    entity: str,
    counterparty: str,
    invested: tuple[date, int],
    flows: Sequence[tuple[date, int]],
    income_total: int,
    until: date,
) -> Schedule:
    """
    Securities at amortised cost: monthly income at the level yield that gives a known total.

    A month earns the yield on its opening balance; money moved in it counts from the next one.
    The last month's income brings the total to the unit. Money taken out is income first, as far as
    income has been earned and not taken, and what is left is redeemed on the last day.

    Source: ASC 320-10-35-1(c), 310-20-35-18; IFRS 9.4.1.2, 9.5.4.1.

    Args:
        contract: Contract id.
        entity: The holder.
        counterparty: The issuer.
        invested: Date and minor units of the first purchase.
        flows: Date and minor units of later movements, money taken out negative, after the first
            purchase and not after `until`.
        income_total: Minor units from the first purchase to `until`.
        until: The last day with income, on which what is left is redeemed.

    Returns:
        Schedule "securities-held", minor units.

    Raises:
        NoCrossing: If no yield up to 100 % a month gives the income.
        ValueError: If a flow falls outside the time of the investment.

    Example:
        >>> schedule = held_to_maturity("t", "fund", "treasury", (date(2028, 12, 31), 1000),
        ...                             [(date(2029, 1, 31), -500)], 15, date(2029, 2, 28))
        >>> schedule.column("income"), schedule.balance("carrying_amount", date(2029, 2, 28))
        ([0, 10, 5], 0)
    """
    for day, _ in flows:
        if not invested[0] < day <= until:
            raise ValueError(f"{day} lies outside {invested[0]} to {until}")
    months = _months(invested, flows, until)
    rate = solve_rate(lambda rate: _total_income(months, invested[1], rate) - income_total)
    incomes = _income(months, invested[1], rate)
    incomes[-1] += income_total - sum(incomes)
    return assemble(
        "securities-held",
        (contract, entity, counterparty),
        _BALANCES,
        _FLOWS,
        _movements(invested, flows, months, incomes),
        (f"yield {rate_text(rate)} a month, {rate_text(1200 * rate)} % nominal a year",),
    )
