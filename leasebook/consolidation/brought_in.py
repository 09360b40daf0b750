"""
An entity that joins the group on a day: its book up to then comes in as the balances of that day.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeAlias

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.posting import Book, Posting, in_order
from leasebook.contract.group import Acquisition
from leasebook.contract.model import Contribution, Distribution, EquityInterest
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting

#: Stands for the equity of an acquired entity until the entries of its acquisition clear it.
ACQUIRED_EQUITY = "equity-of-acquired-entities"

#: The acquisition by which each entity joins the group.
Entered: TypeAlias = Mapping[str, Acquisition]


def entries_into(members: frozenset[str], setting: Setting) -> dict[str, Acquisition]:
    """
    The acquisition of each member that another member acquires.

    Raises:
        NotModelled: If an acquired entity holds an interest in a member.
    """
    acquisitions: tuple[Acquisition, ...] = setting.deal.of_kind(Acquisition)
    entered = {a.acquired: a for a in acquisitions if {a.acquirer, a.acquired} <= members}
    for interest in setting.deal.of_kind(EquityInterest):
        if interest.holder in entered and interest.issuer in members:
            cause = f"{interest.holder} is acquired and holds an interest in {interest.issuer}"
            raise NotModelled(cause)
    return entered


def brought_in(
    books: Mapping[str, Book], entered: Entered, members: frozenset[str], setting: Setting
) -> dict[str, Book]:
    """
    The books, those of acquired entities without what they earned before.

    What an acquired entity posted to the day of its acquisition is posted on that day, with
    results and capital in the equity that is acquired; its cash comes in as a receipt. What
    members posted with it before was with an outsider.

    Source: ASC 810-10-45-4, 805-10-25-6, 230-10-45-13(b); IFRS 10.B88, IFRS 3.8, IAS 7.39.

    Args:
        books: Of every entity.
        entered: Acquisitions by entity.
        members: The group.
        setting: Tells capital from other contracts.

    Raises:
        NotModelled: If the entity and a member had other dealings with each other before.
    """
    made = dict(books)
    for entity, contract in entered.items():
        day = contract.date.get()
        _refuse_dealings(books, entity, day, members, setting)
        moved = (_moved(p, day) for p in made[entity].postings if p.date <= day)
        later = (p for p in made[entity].postings if p.date > day)
        kept = (p for p in moved if p.debit != p.credit)
        made[entity] = attrs.evolve(books[entity], postings=in_order((*kept, *later)))
        for member in sorted((members - {entity}) & made.keys()):
            postings = (_with_outsider(p, entity, day) for p in made[member].postings)
            made[member] = attrs.evolve(made[member], postings=tuple(postings))
    return made


def _with_outsider(posting: Posting, entity: str, day: date) -> Posting:
    before = posting.counterparty == entity and posting.date <= day
    return attrs.evolve(posting, counterparty="") if before else posting


def _moved(posting: Posting, day: date) -> Posting:
    chart = load_chart()
    sides = [
        ACQUIRED_EQUITY if chart[a].is_result or chart[a].type == "equity" else a
        for a in (posting.debit, posting.credit)
    ]
    cash = [chart[a].cash for a in sides]
    return attrs.evolve(
        posting,
        date=day,
        debit=sides[0],
        credit=sides[1],
        counterparty="",
        text=f"held when it was acquired: {posting.text}",
        cause=attrs.evolve(posting.cause, template=f"brought-in-{posting.date}"),
        flow="entities-acquired" if cash[0] != cash[1] else "",
    )


def _refuse_dealings(
    books: Mapping[str, Book],
    entity: str,
    day: date,
    members: frozenset[str],
    setting: Setting,
) -> None:
    capital = (Contribution, Distribution, EquityInterest)
    for member in sorted(members & books.keys()):
        for p in _between(books[member], entity, members):
            contract = setting.deal.contracts.get(p.contract)
            if p.date <= day and not isinstance(contract, capital):
                raise NotModelled(
                    f"{p.contract} stood between {entity} and the group before it was acquired"
                )


def _between(book: Book, entity: str, members: frozenset[str]) -> Iterator[Posting]:
    """What a member posted with an entity, or the entity with members."""
    for p in book.postings:
        if p.counterparty == entity or (book.entity == entity and p.counterparty in members):
            yield p


def net_assets_booked(book: Book, day: date) -> int:
    """Assets less liabilities of an entity at a day's close by its own book, minor units."""
    chart = load_chart()
    total = 0
    for p in book.postings:
        if p.date <= day:
            for account, sign in ((p.debit, 1), (p.credit, -1)):
                if chart[account].type in ("asset", "liability"):
                    total += sign * p.amount_minor
    return total
