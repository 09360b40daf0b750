"""
Schedules: amounts by date, the form in which every measurement is handed on.

Reporting is at the close of a day. Period k of a lease starts on `start_k`, the anchor plus k
times the months of a period, and its last day is the day before `start_k+1`. A payment in advance
falls on `start_k`, in arrears on the last day. Interest, cost and amortisation of a period are
allocated to the closes of the month ends inside it and to its last day by the days of use elapsed,
that day included, over the days of the period, rounding the cumulative amount (convention "days").
So the liability of a monthly lease from 2029-01-01 has, at the close of 2029-12-31, fully accrued
to 2030-01-01. Notes count the days of their own convention up to, and without, the reporting date.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from operator import attrgetter

import attrs

from leasebook.values.money import Currency


@attrs.frozen
class Row:
    """
    One date of a schedule.

    Attributes:
        date: At whose close the row stands.
        epoch: The latest epoch that moved something on the date, counted from 1.
        period: The period of the epoch, counted from 1; 0 if the date opens the epoch.
        amounts: Minor units, one for each column of the schedule.
    """

    date: date
    epoch: int
    period: int
    amounts: tuple[int, ...]


@attrs.frozen
class Movement:
    """
    What moves on a date, before movements of one date are merged into a row.

    Attributes:
        date: When.
        epoch: Counted from 1.
        period: Counted from 1 within the epoch; 0 if it opens the epoch.
        flows: Minor units by column; columns that are left out do not move.
    """

    date: date
    epoch: int
    period: int
    flows: Mapping[str, int]


@attrs.frozen
class Foreign:
    """
    What a translated schedule was before: its amounts, and the rate that each was translated at.

    Attributes:
        currency: Of the amounts.
        amounts: Minor units, for each row one for each column.
        rates: Units of the book's currency for one of the currency; None where an amount is no
            translation of one, as an exchange difference, or the sum of several.
    """

    currency: Currency
    amounts: tuple[tuple[int, ...], ...]
    rates: tuple[tuple[Fraction | None, ...], ...]


@attrs.frozen
class Schedule:
    """
    The amounts of one contract in one entity's books, by date.

    Attributes:
        name: What kind of schedule; posting templates select on it.
        contract: Contract id.
        entity: Whose books.
        counterparty: The other party.
        columns: Flows first, then balances.
        balances: Which columns are balances; they are not posted.
        rows: Ascending, one for each date.
        rates: Human text of each frozen rate that was used.
        signs: For each balance the sign with which each flow enters it.
        foreign: What was translated, if the contract is in another currency.
    """

    name: str
    contract: str
    entity: str
    counterparty: str
    columns: tuple[str, ...]
    balances: frozenset[str]
    rows: tuple[Row, ...]
    rates: tuple[str, ...] = ()
    signs: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict, eq=False, repr=False)
    foreign: Foreign | None = attrs.field(default=None, eq=False, repr=False)

    def renamed(self, flow: str, name: str) -> "Schedule":
        """The same schedule with another name for a flow, also where balances are made of it."""
        signs = {
            balance: {name if f == flow else f: sign for f, sign in entering.items()}
            for balance, entering in self.signs.items()
        }
        columns = tuple(name if c == flow else c for c in self.columns)
        return attrs.evolve(self, columns=columns, signs=signs)

    def column(self, name: str) -> list[int]:
        """
        All amounts of a column, in order of date.

        Args:
            name: One of `columns`.

        Returns:
            Minor units.

        Raises:
            ValueError: If there is no such column.
        """
        index = self.columns.index(name)
        return [row.amounts[index] for row in self.rows]

    def balance(self, column: str, at: date) -> int:
        """
        A balance at the close of a day.

        Args:
            column: One of `balances`.
            at: The day.

        Returns:
            Minor units of the last row on or before the day; 0 before the first row.

        Raises:
            ValueError: If there is no such column.
        """
        index = self.columns.index(column)
        upto = bisect_right(self.rows, at, key=attrgetter("date"))
        return self.rows[upto - 1].amounts[index] if upto else 0

    def total(self, column: str, first: date | None = None, last: date | None = None) -> int:
        """
        The sum of a flow over the rows of a span of days.

        Args:
            column: A flow column.
            first: First day, included; None from the beginning.
            last: Last day, included; None to the end.

        Returns:
            Minor units.

        Raises:
            ValueError: If there is no such column.
        """
        index = self.columns.index(column)
        return sum(
            row.amounts[index]
            for row in self.rows
            if (first is None or row.date >= first) and (last is None or row.date <= last)
        )


def assemble(
    name: str,
    parties: tuple[str, str, str],
    balances: Mapping[str, Mapping[str, int]],
    flows: tuple[str, ...],
    movements: Iterable[Movement],
    rates: Iterable[str] = (),
) -> Schedule:
    """
    The schedule of movements: those of one date merged, balances accumulated from the flows.

    A balance is a signed sum of flows to date, so that flows and balances agree by construction.

    Args:
        name: Of the schedule.
        parties: Contract, entity whose books, counterparty.
        balances: For each balance the sign with which each flow enters it.
        flows: The flow columns, in order.
        movements: In any order.
        rates: Human text of each frozen rate.

    Returns:
        The schedule.

    Example:
        >>> day = date(2029, 1, 31)
        >>> moved = [Movement(day, 1, 0, {"in": 5}), Movement(day, 1, 1, {"out": 2})]
        >>> schedule = assemble("x", ("c", "e", "f"), {"left": {"in": 1, "out": -1}},
        ...                     ("in", "out"), moved)
        >>> schedule.rows[0].period, schedule.rows[0].amounts
        (0, (5, 2, 3))
    """
    rows = []
    held = dict.fromkeys(balances, 0)
    for day, group in groupby(sorted(movements, key=attrgetter("date")), attrgetter("date")):
        together = list(group)
        if len(together) == 1:
            moved = {flow: together[0].flows.get(flow, 0) for flow in flows}
        else:
            moved = {flow: sum(one.flows.get(flow, 0) for one in together) for flow in flows}
        for balance, signs in balances.items():
            held[balance] += sum(sign * moved[flow] for flow, sign in signs.items())
        epoch = max(one.epoch for one in together)
        period = min(one.period for one in together if one.epoch == epoch)
        rows.append(Row(day, epoch, period, (*moved.values(), *held.values())))
    contract, entity, counterparty = parties
    return Schedule(
        name=name,
        contract=contract,
        entity=entity,
        counterparty=counterparty,
        columns=(*flows, *balances),
        balances=frozenset(balances),
        rows=tuple(rows),
        rates=tuple(dict.fromkeys(rates)),
        signs=balances,
    )


def changes(cumulative: Iterable[int]) -> list[int]:
    """
    The amounts by which a cumulative series grows, from 0.

    Example:
        >>> changes([3, 5, 5])
        [3, 2, 0]
    """
    return [after - before for before, after in pairwise([0, *cumulative])]


def running(amounts: Iterable[int]) -> list[int]:
    """
    The cumulative series of amounts.

    Example:
        >>> running([3, 2, 0])
        [3, 5, 5]
    """
    return list(accumulate(amounts))
