"""
Vehicles: who they are in a deal, who holds them, and what their books owe.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

import attrs

from leasebook.book.posting import Book
from leasebook.contract.deal import Deal
from leasebook.contract.lease import Lease
from leasebook.contract.model import EquityInterest
from leasebook.contract.note import Note
from leasebook.exposures.claim import Node
from leasebook.statements.layout import load_layouts

_HALF = Fraction(1, 2)
_WHOLE = Fraction(1)


def node_of(deal: Deal, entity: str) -> Node:
    """An entity of a deal as every deal knows it."""
    found = deal.entities.get(entity)
    return Node(entity, found.name if found else entity)


def guarantors(deal: Deal) -> frozenset[str]:
    """Every party that guarantees something, whatever kind of contract says so."""
    found = (getattr(contract, "guarantor", None) for contract in deal.contracts.values())
    return frozenset(name for name in found if name is not None)


def vehicles_of(deal: Deal) -> tuple[str, ...]:
    """
    The vehicles of a deal, in the order of its files.

    They file no statements and are not what the deal is reported for; parties of the deal hold more
    than half of them, or they have issued notes and neither lease nor guarantee.
    """
    held: dict[str, Fraction] = defaultdict(Fraction)
    for interest in deal.of_kind(EquityInterest):
        if interest.share.known:
            held[interest.issuer] += Fraction(interest.share.get())
    issuers = {note.issuer for note in deal.of_kind(Note)}
    promising = {lease.lessee for lease in deal.of_kind(Lease)} | guarantors(deal)
    return tuple(
        entity.id
        for entity in deal.entities.values()
        if entity.filed is None
        and entity.id != deal.reporting
        and (held[entity.id] > _HALF or entity.id in issuers - promising)
    )


def edges(deal: Deal, owed: Mapping[str, Mapping[tuple[str, str], int]]) -> set[tuple[str, str]]:
    """
    Pairs of vehicles that are one tower: one holds or has lent to the other.

    Args:
        deal: Gives the interests.
        owed: What each vehicle owes by contract and creditor.
    """
    mine = set(vehicles_of(deal))
    pairs = {
        (i.holder, i.issuer) for i in deal.of_kind(EquityInterest) if {i.holder, i.issuer} <= mine
    }
    pairs |= {
        (creditor, debtor)
        for debtor, debts in owed.items()
        for _, creditor in debts
        if {creditor, debtor} <= mine
    }
    return pairs


def debts_of(book: Book, day: date) -> dict[tuple[str, str], int]:
    """
    What a company's book owes as debt at the close of a day, by contract and creditor.

    Debt is what the line of that name on the balance sheet shows.

    Returns:
        Minor units; what has been repaid is left out.
    """
    line = next(x for layout in load_layouts() for x in layout.lines if x.id == "debt")
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for p in book.postings:
        if p.date <= day:
            if p.credit in line.accounts:
                owed[p.contract, p.counterparty] += p.amount_minor
            if p.debit in line.accounts:
                owed[p.contract, p.counterparty] -= p.amount_minor
    return {key: amount for key, amount in owed.items() if amount}


@attrs.frozen
class Holdings:
    """
    Who holds what of the entities of a deal on a day.

    Attributes:
        deal: Gives the interests.
        day: Interests that begin later do not count.
    """

    deal: Deal
    day: date

    def interests_in(self, entity: str) -> Iterator[tuple[str, Fraction]]:
        """Holder and share of each interest in an entity."""
        for interest in self.deal.of_kind(EquityInterest):
            begun = interest.held_from.known and interest.held_from.get() <= self.day
            if interest.issuer == entity and begun and interest.share.known:
                yield interest.holder, Fraction(interest.share.get())

    def look_through(
        self, entity: str, group: frozenset[str], above: frozenset[str] = frozenset()
    ) -> Fraction:
        """
        The part of an entity that a group holds, through every level between.

        Args:
            entity: Of which.
            group: Whose part.
            above: Entities that were gone through already.

        Returns:
            A share of one; 1 for a member of the group.
        """
        if entity in group:
            return _WHOLE
        if entity in above:
            return Fraction(0)
        seen = above | {entity}
        parts = (
            share * self.look_through(h, group, seen) for h, share in self.interests_in(entity)
        )
        return sum(parts, Fraction(0))

    def depth(self, entity: str, vehicles: frozenset[str], above: frozenset[str]) -> int:
        """How many vehicles stand above an entity, by the longest way."""
        over = [h for h, _ in self.interests_in(entity) if h in vehicles and h not in above]
        return max((1 + self.depth(h, vehicles, above | {entity}) for h in over), default=0)

    def holders(self, entity: str) -> str:
        """Who holds an entity, in words."""
        names = [
            f"{node_of(self.deal, holder).name} {per_cent(share)} %"
            for holder, share in self.interests_in(entity)
        ]
        return ", ".join(names)


def per_cent(share: Fraction) -> str:
    """
    A share in per cent with one decimal, half to even.

    Example:
        >>> per_cent(Fraction(1, 3)), per_cent(Fraction(1, 5))
        ('33.3', '20.0')
    """
    tenths = round(share * 1000)
    return f"{tenths // 10}.{tenths % 10}"
