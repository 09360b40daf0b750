"""
Ledgers: what postings add up to, by account and date.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.posting import Posting
from leasebook.reckoning.calendar import month_end


@attrs.frozen
class Ledger:
    """
    Net movements by account and date, debits positive, in minor units.

    Two ledgers of one currency add; a ledger rebuilt from the same postings in another order is
    the same ledger.
    """

    movements: Mapping[str, Mapping[date, int]]

    @classmethod
    def of(cls, postings: Iterable[Posting]) -> "Ledger":
        """The ledger of some postings."""
        sums: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
        for posting in postings:
            sums[posting.debit][posting.date] += posting.amount_minor
            sums[posting.credit][posting.date] -= posting.amount_minor
        return cls(
            {
                account: {day: sums[account][day] for day in sorted(sums[account])}
                for account in sorted(sums)
            }
        )

    def balance(self, account: str, at: date) -> int:
        """Net debit of an account at the close of a day."""
        return sum(v for day, v in self.movements.get(account, {}).items() if day <= at)

    def movement(self, account: str, first: date, last: date) -> int:
        """Net debit of an account over days, both included."""
        return sum(v for day, v in self.movements.get(account, {}).items() if first <= day <= last)

    def trial_balance(self, at: date) -> dict[str, int]:
        """Net debit of every account at the close of a day; the sum is zero."""
        return {account: self.balance(account, at) for account in self.movements}

    def cash(self) -> list[tuple[date, int]]:
        """Cash of every kind at the close of each day on which it moves."""
        chart = load_chart()
        days: dict[date, int] = defaultdict(int)
        for account, by_day in self.movements.items():
            if chart[account].cash:
                for day, amount in by_day.items():
                    days[day] += amount
        ordered = sorted(days)
        return list(zip(ordered, accumulate(days[day] for day in ordered), strict=True))

    def lowest_cash(self) -> tuple[date, int] | None:
        """The day and amount of the lowest cash balance, where it falls below zero."""
        below = [(amount, day) for day, amount in self.cash() if amount < 0]
        return (min(below)[1], min(below)[0]) if below else None


def income_by_month(postings: Iterable[Posting]) -> dict[date, int]:
    """Income less expense of postings by month end, in minor units."""
    chart = load_chart()
    income: dict[date, int] = defaultdict(int)
    for p in postings:
        if chart[p.debit].is_result:
            income[month_end(p.date)] -= p.amount_minor
        if chart[p.credit].is_result:
            income[month_end(p.date)] += p.amount_minor
    return income


def cumulative(income: Mapping[date, int], months: Sequence[date]) -> list[int]:
    """Income to date at each month end."""
    total, totals = 0, []
    for month in months:
        total += income.get(month, 0)
        totals.append(total)
    return totals
