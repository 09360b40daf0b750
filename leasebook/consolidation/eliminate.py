"""
Contracts within the group are taken out again, on both sides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.post import line_of
from leasebook.book.posting import Book, Posting

_CITES = {"us-gaap": "ASC 810-10-45-1", "ifrs": "IFRS 10.B86(c)"}

#: The expense account for costs that a member has added to another account than the asset's.
_EXPENSE = {"borrowings": "interest-expense"}


class CashMismatchError(Exception):
    """
    Two sides of a contract within the group that do not show the same cash.

    Attributes:
        contract: Its id.
        day: When.
        amounts_minor: Net cash by entity.
    """

    def __init__(self, contract: str, day: date, amounts_minor: Mapping[str, int]) -> None:
        self.contract, self.day, self.amounts_minor = contract, day, dict(amounts_minor)
        sides = ", ".join(f"{entity} {amount}" for entity, amount in sorted(amounts_minor.items()))
        super().__init__(f"cash of {contract} on {day} does not cancel: {sides}")


def within(posting: Posting, members: frozenset[str]) -> bool:
    """Whether both parties of a posting are in the group."""
    return posting.entity in members and posting.counterparty in members


def eliminate(books: Mapping[str, Book], members: frozenset[str]) -> tuple[Posting, ...]:
    """
    The reversal of every posting whose two parties are in the group.

    What then remains in income and equity is a difference of measurement between the two sides.

    Source: ASC 810-10-45-1; IFRS 10.B86(c).

    Raises:
        CashMismatchError: If the cash of a contract does not cancel on some day.
    """
    inside = [p for e in sorted(members & books.keys()) for p in books[e].postings]
    internal = [p for p in inside if within(p, members)]
    _check_cash(internal)
    contracts = {p.contract for p in internal}
    reversals = [
        _one_cash(p).reversed(
            template="elimination",
            cites=_CITES[books[p.entity].framework],
            text=f"within the group: {p.text}",
        )
        for p in internal
    ]
    return (*reversals, *_outside_costs(inside, contracts))


def _one_cash(posting: Posting) -> Posting:
    """
    The posting with plain cash for cash of any kind.

    Money that one member's restricted account pays into another's free account has really moved:
    both sides are reversed on one account, so that each member's cash stays where it is.
    """
    chart = load_chart()
    debit, credit = ("cash" if chart[a].cash else a for a in (posting.debit, posting.credit))
    return attrs.evolve(posting, debit=debit, credit=credit)


def _check_cash(internal: Iterable[Posting]) -> None:
    chart = load_chart()
    cash: dict[tuple[str, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for p in internal:
        signs = (chart[p.debit].cash, chart[p.credit].cash)
        if signs[0] != signs[1]:
            amount = p.amount_minor if signs[0] else -p.amount_minor
            cash[p.contract, p.date][p.entity] += amount
    for (contract, day), amounts in cash.items():
        if sum(amounts.values()):
            raise CashMismatchError(contract, day, amounts)


def _outside_costs(inside: Iterable[Posting], contracts: set[str]) -> Iterator[Posting]:
    """Costs paid to outsiders for a contract within the group become expenses of the group."""
    for p in inside:
        if p.contract in contracts and line_of(p.cause).outside:
            cites = _CITES["us-gaap" if p.cites.startswith("ASC") else "ifrs"]
            text = "costs of a contract within the group are expenses of the group"
            yield p.reversed(template="elimination", cites=cites, text=text)
            # What is no asset is no investing outflow (ASC 230-10-45-17; IAS 7.16).
            yield attrs.evolve(
                p,
                debit=_EXPENSE.get(p.debit, "initial-direct-costs-expensed"),
                cites=cites,
                text=text,
                cause=attrs.evolve(p.cause, template="group-cost"),
                flow="services",
            )
