"""
The filed statements enter the reporting entity's book as one opening entry.

The filed lines already hold what the deal did up to their date, so the entry posts each line less
the deal's own effect on it; together they are the filed line, and nothing is counted twice. What
is filed only as a total is completed by named rests. Everything runs through the account
`opening-balances`, which must end at zero.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.posting import Book, Cause, Posting, in_order
from leasebook.contract.deal import FiledLine, FiledStatements
from leasebook.measure.setting import year_end
from leasebook.reckoning.calendar import fiscal_year, fiscal_year_bounds
from leasebook.statements.layout import Layout, Line, load_layouts
from leasebook.statements.prepare import Totals, prepare
from leasebook.values.money import Currency, minor_units


class FiledMismatchError(Exception):
    """Filed figures that do not add up, so that no opening entry can be made from them."""


@attrs.frozen
class Opening:
    """
    The opening entry, and what a reader should know of it.

    `rests` are the named rest amounts by account or flow, `unknown` the accounts whose filed
    amount is not public, both for the year that was filed.
    """

    postings: tuple[Posting, ...]
    rests: Mapping[str, int]
    unknown: frozenset[str]
    year: int


def opening_entry(
    filed: FiledStatements, book: Book, *, currency: Currency, fiscal_year_end: str
) -> Opening:
    """
    The opening entry of an entity that has filed statements.

    Args:
        filed: Lines, totals and rests.
        book: The entity's book of the deal as filed, on the framework it files under.
        currency: Of the amounts.
        fiscal_year_end: Month and day.

    Raises:
        FiledMismatchError: If the filed figures contradict each other.
    """
    ends = year_end(fiscal_year_end)
    year = fiscal_year(filed.as_of, ends)
    deal = Totals.of((p for p in book.postings if p.date <= filed.as_of), ends)
    known, totals, unknown = _read(filed, currency)
    rests = _rests(filed, known, totals, deal, year)
    known.update(rests)
    before = fiscal_year_bounds(year, ends)[0] - timedelta(days=1)
    moved = _postings(book, known, deal, year, (before, filed.as_of), totals)
    postings = in_order(
        attrs.evolve(p, cause=attrs.evolve(p.cause, row=at)) for at, p in enumerate(moved)
    )
    _check(postings, book, totals, year, ends)
    return Opening(postings, rests, unknown, year)


def _read(
    filed: FiledStatements, currency: Currency
) -> tuple[dict[str, int], dict[str, int], frozenset[str]]:
    """Natural amounts by account or flow, filed totals by line, and what is not public."""
    known: dict[str, int] = {}
    totals: dict[str, int] = {}
    unknown = set()
    for line in filed.lines:
        if not line.amount.known:
            unknown.add(line.line)
        elif line.statement == "total":
            totals[line.line] = minor_units(line.amount.get(), currency)
        else:
            known[line.line] = minor_units(line.amount.get(), currency)
    return known, totals, frozenset(unknown)


def _leaves(line: Line, layout: Layout, sign: int = 1) -> Iterator[tuple[Line, int]]:
    """The lines with accounts or flows that a total is made of, with the sign they enter it."""
    if not (line.sum or line.less):
        yield line, sign
    for child in line.sum:
        yield from _leaves(layout.line(child), layout, sign)
    for child in line.less:
        yield from _leaves(layout.line(child), layout, -sign)


def _rests(
    filed: FiledStatements,
    known: Mapping[str, int],
    totals: Mapping[str, int],
    deal: Totals,
    year: int,
) -> dict[str, int]:
    """The amount, on its natural side, of each account or flow that completes a filed total."""
    rests: dict[str, int] = {}
    for rest in filed.rests:
        layout, line = _line_of(rest.completes)
        chart = load_chart()
        left = totals[rest.completes]
        for leaf, sign in _leaves(line, layout):
            for flow in leaf.flows:
                left -= sign * known.get(flow, deal.flows.get(flow, {}).get(year, 0))
            for account in leaf.accounts:
                if account not in (rest.account, "opening-balances"):
                    left -= sign * _towards(layout, leaf, account, known, deal, year)
            if leaf.result:
                left -= sign * totals["net-income"]
        if rest.account in chart:
            leaf = next(x for x, _ in _leaves(line, layout) if rest.account in x.accounts)
            left *= _side(layout, leaf, rest.account)
        rests[rest.account] = left
    return rests


def _side(layout: Layout, leaf: Line, account: str) -> int:
    """Whether an account's natural side adds to its line (1) or takes from it (-1)."""
    chart = load_chart()
    if layout.measure == "movement":
        return -1 if chart[account].debit_normal else 1
    return 1 if chart[account].debit_normal == chart[leaf.accounts[0]].debit_normal else -1


def _towards(
    layout: Layout,
    leaf: Line,
    account: str,
    known: Mapping[str, int],
    deal: Totals,
    year: int,
) -> int:
    """What an account adds to its line: the filed amount, or else what the deal put there."""
    chart = load_chart()
    if account in known:
        return _side(layout, leaf, account) * known[account]
    if layout.measure == "movement":
        return -deal.accounts.get(account, {}).get(year, 0)
    net = deal.balance(account, year)
    return net if chart[leaf.accounts[0]].debit_normal else -net


def _line_of(line_id: str) -> tuple[Layout, Line]:
    for layout in load_layouts():
        for line in layout.lines:
            if line.id == line_id:
                return layout, line
    raise FiledMismatchError(f"{line_id} is no line of a statement")


def _postings(
    book: Book,
    known: Mapping[str, int],
    deal: Totals,
    year: int,
    days: tuple[date, date],
    totals: Mapping[str, int],
) -> Iterator[Posting]:
    chart = load_chart()
    cash_before = sum(a for k, a in known.items() if k in chart and chart[k].cash)
    yield from _moved(book, "cash", cash_before - totals["net-cash-change"], days[0], "")
    for name, amount in known.items():
        if name not in chart:
            less = deal.flows.get(name, {}).get(year, 0)
            yield from _moved(book, "cash", amount - less, days[1], name)
        elif not chart[name].cash:
            net = amount if chart[name].debit_normal else -amount
            yield from _moved(book, name, net - deal.balance(name, year), days[1], "")


def _moved(book: Book, account: str, net_debit: int, day: date, flow: str) -> Iterator[Posting]:
    if net_debit:
        sides = (account, "opening-balances") if net_debit > 0 else ("opening-balances", account)
        yield Posting(
            entity=book.entity,
            date=day,
            debit=sides[0],
            credit=sides[1],
            amount_minor=abs(net_debit),
            counterparty="",
            contract="filed",
            cites="ASC 205-10-45-1A" if book.framework == "us-gaap" else "IAS 1.38",
            text="as filed, less what the deal itself has put there",
            cause=Cause("filed", flow or account, 1, 0, "opening-balances", 0),
            flow=flow,
        )


def _check(
    postings: Sequence[Posting],
    book: Book,
    totals: Mapping[str, int],
    year: int,
    ends: tuple[int, int],
) -> None:
    together = Totals.of((*postings, *book.postings), ends)
    left = together.balance("opening-balances", year)
    if left:
        raise FiledMismatchError(f"opening balances end at {left:,} minor units, not at zero")
    shown = prepare(together, [year])
    amounts: dict[str, int] = defaultdict(int)
    for (_, _, line), amount in shown.items():
        amounts[line] = amount
    if amounts["closing-cash"] != amounts["cash"] + amounts["restricted-cash"]:
        raise FiledMismatchError("cash at the end of the year is not the cash of the balance sheet")
    for line, amount in totals.items():
        if amounts[line] != amount:
            raise FiledMismatchError(
                f"{line} comes to {amounts[line]:,} minor units, and {amount:,} are filed"
            )


def filed_line(filed: FiledStatements, name: str) -> FiledLine | None:
    """The filed line of an account or flow, for explanations."""
    return next((line for line in filed.lines if line.line == name), None)
