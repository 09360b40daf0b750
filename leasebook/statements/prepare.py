"""
Postings become the lines of statements, by fiscal year.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.post import line_of
from leasebook.book.posting import Posting
from leasebook.reckoning.calendar import fiscal_year
from leasebook.statements.layout import Layout, Line, load_layouts


@attrs.frozen
class Totals:
    """
    What one column's postings add up to, by fiscal year.

    `accounts` holds net debits by account and year, `flows` net receipts by flow and year.
    """

    accounts: Mapping[str, Mapping[int, int]]
    flows: Mapping[str, Mapping[int, int]]

    @classmethod
    def of(cls, postings: Iterable[Posting], year_end: tuple[int, int]) -> "Totals":
        """The totals of some postings, cut into fiscal years."""
        accounts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        flows: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for posting in postings:
            year = fiscal_year(posting.date, year_end)
            accounts[posting.debit][year] += posting.amount_minor
            accounts[posting.credit][year] -= posting.amount_minor
            if posting.flow:
                flows[posting.flow][year] += flow_amount(posting)
        return cls(accounts, flows)

    def balance(self, account: str, year: int) -> int:
        """Net debit of an account at the end of a fiscal year."""
        return sum(v for y, v in self.accounts.get(account, {}).items() if y <= year)

    def result(self, year: int) -> int:
        """Income less expense of all fiscal years to the end of one."""
        chart = load_chart()
        return -sum(self.balance(a, year) for a in self.accounts if chart[a].is_result)


def flow_amount(posting: Posting) -> int:
    """
    What a posting adds to its flow: receipts positive; a non-cash flow positive as first booked.
    """
    chart = load_chart()
    if chart[posting.debit].cash:
        return posting.amount_minor
    if chart[posting.credit].cash:
        return -posting.amount_minor
    as_booked = posting.debit == line_of(posting.cause).debit
    return posting.amount_minor if as_booked else -posting.amount_minor


def line_amount(
    line: Line, layout: Layout, totals: Totals, year: int, done: Mapping[str, int]
) -> int:
    """
    One line's amount for a fiscal year, in minor units, on its natural side.

    Args:
        line: What to show.
        layout: The statement it belongs to.
        totals: The column's totals.
        year: Fiscal year.
        done: The lines above it.
    """
    if line.sum or line.less:
        return sum(done[i] for i in line.sum) - sum(done[i] for i in line.less)
    if line.flows:
        return sum(totals.flows.get(f, {}).get(year, 0) for f in line.flows)
    if layout.measure == "movement":
        amount = -sum(totals.accounts.get(a, {}).get(year, 0) for a in line.accounts)
    else:
        at = year - 1 if line.at == "opening" else year
        amount = sum(totals.balance(a, at) for a in line.accounts)
        if not load_chart()[line.accounts[0]].debit_normal:
            amount = -amount
        if line.result:
            amount += totals.result(at)
    return -amount if line.negate else amount


def prepare(totals: Totals, years: Sequence[int]) -> dict[tuple[str, int, str], int]:
    """
    Every line of the three statements for every fiscal year, in minor units.

    Returns:
        Amounts by (statement, fiscal year, line).
    """
    amounts: dict[tuple[str, int, str], int] = {}
    for layout in load_layouts():
        for year in years:
            done: dict[str, int] = {}
            for line in layout.lines:
                done[line.id] = line_amount(line, layout, totals, year, done)
                amounts[layout.statement, year, line.id] = done[line.id]
    return amounts
