"""
What a deal holds on a day: debt of its vehicles, leases not commenced, guarantees.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from leasebook.book.posting import Book
from leasebook.contract.deal import Deal
from leasebook.contract.lease import Lease
from leasebook.contract.note import Note
from leasebook.disclosures.commitments import (
    not_yet_commenced,
    other_guarantees,
    residual_guarantees,
)
from leasebook.disclosures.line import Value
from leasebook.disclosures.scope import Scope
from leasebook.exposures.claim import Claim, Level, Node
from leasebook.exposures.vehicles import (
    Holdings,
    debts_of,
    edges,
    guarantors,
    node_of,
    vehicles_of,
)
from leasebook.measure.credit_loss import buckets, by_day
from leasebook.measure.setting import Setting, first_day


@attrs.frozen
class InDeal:
    """
    One deal on one basis: whose it is, and every book.

    Attributes:
        scope: The sponsor's group, with what the disclosures read.
        sponsor: Id of the reporting entity.
        books: Of every entity that keeps one.
        until: The last day that they are kept to.
    """

    scope: Scope
    sponsor: str
    books: Mapping[str, Book]
    until: date

    @property
    def deal(self) -> Deal:
        """The deal as it is accounted for."""
        return self.scope.setting.deal

    @property
    def setting(self) -> Setting:
        """What it is measured under."""
        return self.scope.setting

    def vehicles(self) -> tuple[str, ...]:
        """The vehicles that the sponsor does not consolidate."""
        return tuple(v for v in vehicles_of(self.deal) if v not in self.scope.members)

    def runs(self, day: date) -> bool:
        """Whether anything of the deal is signed by a day, and its books go so far."""
        return first_day(self.deal) <= day <= self.until

    def owed(self, day: date) -> dict[str, dict[tuple[str, str], int]]:
        """Debt of each vehicle by contract and creditor, minor units."""
        return {v: debts_of(self.books[v], day) for v in self.vehicles() if v in self.books}

    def ties(self, day: date) -> set[tuple[Node, Node]]:
        """Pairs of companies that are one tower."""
        pairs = edges(self.deal, self.owed(day))
        return {(node_of(self.deal, one), node_of(self.deal, other)) for one, other in pairs}


def claims_of(one: InDeal, day: date) -> tuple[Claim, ...]:
    """
    Every claim of a deal on a day.

    The sponsor's group is the reporting entity with what the basis consolidates; every other lessee
    and guarantor that is no vehicle stands for itself.

    Args:
        one: The deal.
        day: At whose close.
    """
    if not one.runs(day):
        return ()
    found = [*_debts(one, day), *_promises(one, one.scope, one.sponsor, day)]
    for party in _others(one):
        scope = attrs.evolve(one.scope, members=frozenset({party}))
        found += _promises(one, scope, party, day)
    return tuple(found)


def _others(one: InDeal) -> list[str]:
    left = {*one.scope.members, *vehicles_of(one.deal)}
    parties = {lease.lessee for lease in one.deal.of_kind(Lease)} | guarantors(one.deal)
    return sorted(parties - left)


def _debts(one: InDeal, day: date) -> Iterator[Claim]:
    inside = {*one.scope.members, *one.vehicles()}
    deal = one.deal
    for vehicle, debts in one.owed(day).items():
        for (contract, creditor), amount in debts.items():
            parties = (node_of(deal, vehicle), node_of(deal, creditor))
            level = "the sponsor's own" if creditor in one.scope.members else "added up itself"
            why = f"owed to {parties[1].name}, which is {level}"
            yield Claim(
                "vehicle-debt", one.sponsor, contract, _title(deal, contract), parties,
                parties[0], amount, amount, (deal.id,), inside=why if creditor in inside else "",
            )  # fmt: skip
    for note in deal.of_kind(Note):
        if note.issuer in one.vehicles() and note.issuer not in one.books:
            begun = not note.issued.known or note.issued.get() <= day
            if begun and not (note.maturity.known and note.maturity.get() <= day):
                parties = (node_of(deal, note.issuer), node_of(deal, note.holder))
                yield Claim(
                    "vehicle-debt", one.sponsor, note.id, _title(deal, note.id), parties,
                    parties[0], None, None, (deal.id,),
                )  # fmt: skip


def _promises(one: InDeal, scope: Scope, party: str, day: date) -> Iterator[Claim]:
    yield from _leases(one, scope, party, day)
    yield from _guarantees(one, scope, party, day)


def _leases(one: InDeal, scope: Scope, party: str, day: date) -> Iterator[Claim]:
    for name, figures in not_yet_commenced(scope, day):
        lease = one.deal.contracts[name]
        parties = (node_of(one.deal, party), node_of(one.deal, getattr(lease, "lessor", "")))
        worth, rate = _whole(figures["present-value"]), figures["discount-rate"]
        yield Claim(
            "lease", party, name, _title(one.deal, name), parties, parties[1], worth, worth,
            (one.deal.id,), _whole(figures["undiscounted"]),
            rate if isinstance(rate, Fraction) else None,
        )  # fmt: skip


def _guarantees(one: InDeal, scope: Scope, party: str, day: date) -> Iterator[Claim]:
    deal = one.deal
    for name, beneficiary, figures in residual_guarantees(scope, day):
        parties = (node_of(deal, party), node_of(deal, beneficiary))
        most, expected = (_whole(figures[k]) for k in ("maximum-undiscounted", "probable-payment"))
        yield Claim(
            "guarantee", party, name, _title(deal, name), parties, parties[1], most, expected,
            (deal.id,),
        )  # fmt: skip
    for name, debtor, figures in other_guarantees(scope, day):
        promise: Any = deal.contracts[name]
        parties = (node_of(deal, party), node_of(deal, debtor))
        most = _whole(figures["maximum-undiscounted"])
        yield Claim(
            "guarantee", party, name, _title(deal, name), parties,
            _guaranteed(one, debtor, getattr(promise, "beneficiary", debtor)), most,
            _expected(promise, one.setting, most, day), (deal.id,),
        )  # fmt: skip


def _guaranteed(one: InDeal, debtor: str, beneficiary: str) -> Node:
    """
    The company whose debt or rent a guarantee is about.

    A debtor that is a vehicle owes the debt; a debtor that leases from the beneficiary owes rent,
    which serves the beneficiary's debt.
    """
    leased = any(
        lease.lessee == debtor and lease.lessor == beneficiary for lease in one.deal.of_kind(Lease)
    )
    about = beneficiary if leased and debtor not in one.vehicles() else debtor
    return node_of(one.deal, about)


def _expected(promise: Any, setting: Setting, most: int | None, day: date) -> int | None:
    """
    What is expected to be lost on a guarantee, as it was last estimated, or what it is then worth.

    A guarantee that is carried at fair value has no estimate of losses: its value stands for one.

    Source: ASC 326-20-30-1; IFRS 9.5.5.1.

    Returns:
        Minor units; None without an estimate or a value by that day.
    """
    estimates = getattr(promise, "estimates", ())
    if estimates and most is not None:
        losses = by_day(buckets(estimates, setting, lambda _day: most))
    else:
        values = getattr(promise, "fair_values", ())
        losses = {v.date.get(): setting.minor(v.amount) for v in values if v.amount.known}
    known = [loss for when, loss in sorted(losses.items()) if when <= day]
    return known[-1] if known else None


def _title(deal: Deal, contract: str) -> str:
    return getattr(deal.contracts.get(contract), "title", "") or contract


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None


#: What a lessee or seller owes on its balance sheet to a company behind a claim.
BOOKED: Mapping[str, tuple[str, ...]] = {
    "finance-leases": ("finance-lease-liabilities",),
    "operating-leases": ("operating-lease-liabilities",),
    "financing-obligations": ("financing-obligation", "additional-financing-liability"),
}


def booked_of(one: InDeal, day: date) -> dict[str, tuple[Claim, ...]]:
    """
    Liabilities of the sponsor's group to landlords and vehicles that are on its balance sheet.

    Args:
        one: The deal.
        day: At whose close.

    Returns:
        By what they are, as claims; what is owed within the group is not among them.
    """
    found: dict[str, tuple[Claim, ...]] = {}
    for what, accounts in BOOKED.items():
        owed: dict[str, int] = {}
        for (account, other), moved in one.scope.interests.items():
            if account in accounts and other not in one.scope.members:
                amount = sum(a for when, a in moved.items() if when <= day)
                owed[other] = owed.get(other, 0) - amount
        found[what] = tuple(
            _booked(one, what, other, amount) for other, amount in sorted(owed.items()) if amount
        )
    return found


def _booked(one: InDeal, what: str, other: str, amount: int) -> Claim:
    parties = (node_of(one.deal, one.sponsor), node_of(one.deal, other))
    return Claim(
        "lease", one.sponsor, f"{what} to {parties[1].name}", what.replace("-", " "), parties,
        parties[1], amount, amount, (one.deal.id,),
    )  # fmt: skip


def levels_of(one: InDeal, day: date) -> Iterator[Level]:
    """
    The vehicles of a deal on a day, from the top of each tower down.

    Those without debt that nothing stands behind are left out.
    """
    if not one.runs(day):
        return
    claims = claims_of(one, day)
    holdings, mine = Holdings(one.deal, day), frozenset(vehicles_of(one.deal))
    used = {claim.node.id for claim in claims if claim.node is not None}
    used |= {v for pair in edges(one.deal, one.owed(day)) if used & {*pair} for v in pair}
    consolidated = mine & one.scope.members
    for vehicle in sorted(mine & (used | consolidated), key=lambda v: _place(holdings, v, mine)):
        node = node_of(one.deal, vehicle)
        owed = [c for c in claims if c.kind == "vehicle-debt" and c.node == node]
        outside = [c.amount for c in owed if not c.inside]
        book = one.books.get(vehicle)
        if vehicle in consolidated and book is not None:
            outside = [sum(debts_of(book, day).values())]
        holders = holdings.holders(vehicle)
        if not holders and all(amount == 0 for amount in outside):
            continue
        yield Level(
            one.sponsor,
            node,
            holdings.depth(vehicle, mine, frozenset()),
            holders,
            holdings.look_through(vehicle, one.scope.members - consolidated),
            None if None in outside else sum(a for a in outside if a is not None),
            sum(c.amount or 0 for c in owed if c.inside),
            vehicle in consolidated,
            (one.deal.id,),
        )


def _place(holdings: Holdings, vehicle: str, vehicles: frozenset[str]) -> tuple[int, str]:
    return holdings.depth(vehicle, vehicles, frozenset()), vehicle
