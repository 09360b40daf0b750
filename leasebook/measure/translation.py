"""
Schedules of a lease in another currency, translated into the currency of the books.

A lease is measured in its own currency. Money that is paid, and what is recognised on a day, is
translated at the closing rate of the day; interest, income and cost at the rate at which they
accrue (`RateTable.accruing`). A monetary balance is brought to the closing rate on every date of
its schedule, which are the days of payment and the ends of months and periods, and at the end of
each fiscal year; what that takes is its exchange difference, in profit or loss. A non-monetary
balance falls at the rate at which it was recognised; one that was recognised in layers, a
right-of-use asset that was remeasured, at the average of its layers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.exchange_rate import RateTable
from leasebook.measure.missing_rates import MissingExchangeRates
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Foreign, Row, Schedule
from leasebook.reckoning.calendar import fiscal_year, fiscal_year_bounds
from leasebook.reckoning.rounding import round_half_even

#: The flow by which a monetary balance comes to the closing rate; it enters the balance positively.
DIFFERENCE = "exchange_difference"


@attrs.frozen
class Day:
    """
    One row of a schedule that is being translated.

    Attributes:
        row: Its date, and amounts in the currency of the lease.
        flows: The flows of the row by name, minor units of the lease's currency.
        after: The balances after it by name, likewise.
        closing: Minor units of the books for one of the lease, at the closing rate of the day.
        accruing: The same at the rate of what accrues to the day.
    """

    row: Row
    flows: Mapping[str, int]
    after: Mapping[str, int]
    closing: Fraction
    accruing: Fraction

    def at_closing(self, *flows: str) -> dict[str, int]:
        """Flows at the closing rate, each rounded once, minor units of the books."""
        return {name: round_half_even(self.flows[name] * self.closing) for name in flows}

    def accrued(self, flow: str) -> int:
        """A flow at the rate of what accrues, rounded once, minor units of the books."""
        return round_half_even(self.flows[flow] * self.accruing)


def with_the_rent(day: Day, flows: dict[str, int], paid: dict[date, list[int]]) -> None:
    """
    What is paid on a day beside the rent is one payment with it, and rounded as one.

    A lessee may measure all of it as rent of which its lessor measures a part: both pay the same.

    Args:
        day: In the currency of the lease.
        flows: Of the day, minor units of the books; variable rent and the price in it are set.
        paid: On each day so far, in both currencies; added to.
    """
    so_far = paid.setdefault(day.row.date, [0, 0])
    so_far[0] += day.flows.get("payment", 0)
    so_far[1] += flows.get("payment", 0)
    for name in ("variable_payment", "sale_price"):
        if day.flows.get(name, 0):
            so_far[0] += day.flows[name]
            flows[name] = round_half_even(so_far[0] * day.closing) - so_far[1]
            so_far[1] += flows[name]


@attrs.frozen
class Translated:
    """
    The flows of one day in the currency of the books.

    Attributes:
        flows: Minor units by name, exchange differences among them.
        rates: Of the flows that are not at the closing rate: their rate, or None.
    """

    flows: Mapping[str, int]
    rates: Mapping[str, Fraction | None]


def days_of(
    schedule: Schedule, rows: Sequence[Row], table: RateTable, contract: str
) -> tuple[Day, ...]:
    """
    The rows of a schedule with the rates of their days.

    Raises:
        MissingExchangeRates: If days have none.
    """
    missing = missing_days(rows, table)
    if missing:
        raise MissingExchangeRates([(contract, table.currency.code, missing)])
    made = []
    for row in rows:
        named = dict(zip(schedule.columns, row.amounts, strict=True))
        after = {name: named.pop(name) for name in schedule.columns if name in schedule.balances}
        closing, accruing = table.closing(row.date), table.accruing(row.date)
        if closing is None or accruing is None:
            # nothing stands or moves on the day, so that no rate is asked for
            closing = accruing = Fraction(0)
        made.append(Day(row, named, after, closing * table.minor, accruing * table.minor))
    return tuple(made)


def missing_days(rows: Iterable[Row], table: RateTable) -> tuple[date, ...]:
    """The days of a schedule on which something moves or stands and that have no rate."""
    return tuple(row.date for row in rows if any(row.amounts) and table.closing(row.date) is None)


def with_year_ends(schedule: Schedule, ends: Iterable[tuple[int, int]]) -> tuple[Row, ...]:
    """
    The rows of a schedule, and one at each end of a fiscal year that has none.

    Source: ASC 830-20-35-2; IAS 21.23.

    Args:
        schedule: In the currency of the lease.
        ends: Month and day of the ends of fiscal years.
    """
    if not schedule.rows or not schedule.balances:
        return schedule.rows
    first, last = schedule.rows[0].date, schedule.rows[-1].date
    known = {row.date for row in schedule.rows}
    added = {
        closes
        for end in ends
        for year in range(fiscal_year(first, end), fiscal_year(last, end) + 1)
        if first < (closes := fiscal_year_bounds(year, end)[1]) < last and closes not in known
    }
    rows: list[Row] = []
    waiting = sorted(added, reverse=True)
    for row in schedule.rows:
        while waiting and waiting[-1] < row.date:
            rows.append(_standing(schedule, rows[-1], waiting.pop()))
        rows.append(row)
    return tuple(rows)


def _standing(schedule: Schedule, before: Row, day: date) -> Row:
    amounts = tuple(
        amount if name in schedule.balances else 0
        for name, amount in zip(schedule.columns, before.amounts, strict=True)
    )
    return attrs.evolve(before, date=day, amounts=amounts)


def rebuilt(
    schedule: Schedule,
    days: Sequence[Day],
    moved: Sequence[Translated],
    differences: Mapping[str, tuple[str, ...]],
    table: RateTable,
) -> Schedule:
    """
    The translated schedule: balances are again the signed sums of their flows.

    Args:
        schedule: In the currency of the lease.
        days: Its rows.
        moved: The flows of each row in the currency of the books.
        differences: The balances that each flow of exchange differences enters.
        table: Gives the currency.
    """
    flows = tuple(c for c in schedule.columns if c not in schedule.balances)
    balances = tuple(c for c in schedule.columns if c in schedule.balances)
    signs = {
        balance: {**entering, **{flow: 1 for flow, into in differences.items() if balance in into}}
        for balance, entering in schedule.signs.items()
    }
    columns = (*flows, *differences, *balances)
    held = dict.fromkeys(balances, 0)
    rows, amounts, rates = [], [], []
    for day, made in zip(days, moved, strict=True):
        for balance in balances:
            held[balance] += sum(sign * made.flows[flow] for flow, sign in signs[balance].items())
        row = (*(made.flows[flow] for flow in (*flows, *differences)), *held.values())
        rows.append(attrs.evolve(day.row, amounts=row))
        before = {**dict.fromkeys(differences, 0), **day.flows, **day.after}
        amounts.append(tuple(before[c] for c in columns))
        at = {**dict.fromkeys(flows, day.closing), **made.rates}
        known = [at.get(c) for c in columns]
        rates.append(tuple(None if rate is None else rate / table.minor for rate in known))
    return attrs.evolve(
        schedule,
        columns=columns,
        rows=tuple(rows),
        signs=signs,
        foreign=Foreign(table.currency, tuple(amounts), tuple(rates)),
    )


def moved_at_closing(days: Iterable[Day]) -> Iterator[Translated]:
    """Days of which every flow is money that is paid on them, and nothing is carried on."""
    for day in days:
        yield Translated(day.at_closing(*day.flows), {})


def refused(flows: Mapping[str, int], names: Iterable[str], contract: str) -> None:
    """
    Refuses flows that have no translation here.

    Raises:
        NotModelled: If one of them moves.
    """
    for name in names:
        if flows.get(name):
            what = name.replace("_", " ")
            raise NotModelled(f"{contract} is in another currency, and has {what}")
