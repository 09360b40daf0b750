"""
Losses: what each holder does not receive, before and after guarantees, and where it comes from.
"""

from collections import defaultdict
from collections.abc import Iterator

import attrs

from leasebook.contract.note import Note
from leasebook.stress.course import Course
from leasebook.stress.due import Due, Settled
from leasebook.stress.position import Position

_RELIEF = frozenset({"re-let", "sale"})
_GUARANTEES = frozenset({"guarantee", "residual-guarantee", "recourse"})


@attrs.define
class Loss:
    """
    What a party does not receive under one contract in one calendar year, in minor units.

    A year in which arrears are caught up has a loss below zero.

    Attributes:
        due: What fell due; for owners, what they could expect.
        paid: By the debtor itself.
        recovered: From a new tenant or the buyer of the asset.
        guaranteed: From guarantors.
        before: The loss if no guarantee were called.
    """

    party: str
    contract: str
    seniority: str
    year: int
    due: int = 0
    paid: int = 0
    recovered: int = 0
    guaranteed: int = 0
    before: int = 0

    @property
    def after(self) -> int:
        """The loss that guarantees leave."""
        return self.due - self.paid - self.recovered - self.guaranteed


@attrs.frozen
class PartyLoss:
    """
    How much less money a party ends up with than expected, in minor units; below zero is a gain.

    Attributes:
        before: If no guarantee were called.
        guarantees: Paid as guarantor, less what is had back by recourse.
        after: With every guarantee called.
    """

    party: str
    before: int
    guarantees: int
    after: int


def seniority(position: Position, due: Due) -> str:
    """The rank of a claim in a word."""
    contract = position.contracts.get(due.contract)
    if due.kind in ("interest", "principal") and isinstance(contract, Note):
        return contract.seniority
    words = {"distribution": "equity", "residual-guarantee": "guarantee", "capital": "capital"}
    return words.get(due.kind, "operating")


def losses(position: Position, before: Course, after: Course) -> tuple[Loss, ...]:
    """
    Who loses what: by holder, contract, seniority and year.

    Args:
        position: The deals.
        before: The scenario without guarantees.
        after: The scenario with them.

    Returns:
        By party, contract and year, where something was due or came in.
    """
    table: dict[tuple[str, str, str, int], Loss] = {}

    def row(settled: Settled) -> Loss:
        due = settled.due
        if due.covers is not None:
            kind, contract = due.covers
            due = attrs.evolve(due, kind=kind, contract=contract)
        rank = seniority(position, due)
        key = (due.payee, due.contract, rank, settled.date.year)
        return table.setdefault(key, Loss(*key))

    for settled in after.settled:
        kind = settled.due.kind
        if kind in _RELIEF:
            row(settled).recovered += settled.paid
        elif kind == "guarantee":
            row(settled).guaranteed += settled.paid
        elif kind != "recourse":
            one = row(settled)
            one.due += settled.fell_due
            one.paid += settled.paid
    for settled in before.settled:
        one = row(settled)
        one.before += (settled.fell_due if settled.due.kind not in _RELIEF else 0) - settled.paid
    return tuple(table[key] for key in sorted(table))


def net_money(course: Course) -> dict[str, int]:
    """Money received less money paid by every party in a course, minor units; others are ''."""
    net: dict[str, int] = defaultdict(int)
    for settled in course.settled:
        net[settled.due.debtor] -= settled.paid
        net[settled.due.payee] += settled.paid
    return net


def expected_money(position: Position, course: Course) -> dict[str, int]:
    """Money that every party could expect to receive, less what it was to pay, minor units."""
    net: dict[str, int] = defaultdict(int)
    for p in position.payments:
        inside = course.first_day <= p.date <= course.last_day
        if inside and position.kind(p.contract) != "securities":
            net[p.payer] -= p.amount
            net[p.payee] += p.amount
    return net


def party_losses(position: Position, before: Course, after: Course) -> tuple[PartyLoss, ...]:
    """
    What each party ends up without: money is passed on, not made, so that all losses sum to nil.

    The gain of a tenant that stops, and the cost of new tenants and buyers, are among them.
    """
    expected = expected_money(position, after)
    nets = net_money(before), net_money(after)
    as_guarantor: dict[str, int] = defaultdict(int)
    for settled in after.settled:
        if settled.due.kind in _GUARANTEES:
            back = settled.due.kind == "recourse"
            party = settled.due.payee if back else settled.due.debtor
            as_guarantor[party] += -settled.paid if back else settled.paid
    found = []
    for party in sorted({*expected, *nets[0], *nets[1]}):
        lost = [expected.get(party, 0) - net.get(party, 0) for net in nets]
        if lost[0] or lost[1] or as_guarantor[party]:
            found.append(PartyLoss(party, lost[0], as_guarantor[party], lost[1]))
    return tuple(found)


def unpaid_by_stopped(course: Course) -> Iterator[tuple[str, int]]:
    """Each tenant that defaulted, with the minor units of rent that it did not pay."""
    unpaid: dict[str, int] = defaultdict(int)
    for settled in course.settled:
        if settled.due.estate:
            unpaid[settled.due.debtor] += settled.fell_due - settled.paid
    yield from sorted(unpaid.items())
