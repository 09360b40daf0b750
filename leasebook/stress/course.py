"""
The course of a scenario: day by day, what falls due, what is paid, and what is called.

On each day the payments of all parties clear at once; what is not paid stays due. A vehicle that
owes notes pays its owners nothing from the first day of the scenario until they are paid; one that
owes none, and has nothing more to pay, hands on all that it has.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.model import Distribution, ResidualValueGuarantee
from leasebook.contract.note import Note
from leasebook.reckoning.rounding import round_half_even
from leasebook.stress.clear_day import Call, Day, clear_day
from leasebook.stress.due import GUARANTEE, OPERATING, OWNERS, RECOURSE_AFTER, Due, Settled
from leasebook.stress.guarantor import Guarantor, guarantors
from leasebook.stress.note_course import NoteCourse, note_course
from leasebook.stress.own_residual import own_residuals
from leasebook.stress.position import Position, limited_parties, money_on
from leasebook.stress.relief import (
    estate_share,
    lease_ends,
    relet_rents,
    residual_calls,
    residual_shortfall,
    sales,
)
from leasebook.stress.scenario import ScenarioFile


@attrs.frozen
class Course:
    """
    A scenario that has run: everything that was due and paid, and what is left at the end.

    Attributes:
        settled: In order of days.
        cash: Of each limited party at the end, minor units.
        first_default: For each party, the first day on which it paid less than it owed.
        notes: The notes at the end, by contract.
        first_day: From which payments may differ from those expected.
        last_day: That was followed.
    """

    settled: tuple[Settled, ...]
    cash: Mapping[str, int]
    first_default: Mapping[str, date]
    notes: Mapping[str, NoteCourse]
    first_day: date
    last_day: date


def run_course(position: Position, scenario: ScenarioFile, *, guaranteed: bool = True) -> Course:
    """
    Runs a scenario from its first day to its last.

    Args:
        position: The deals as expected.
        scenario: What happens instead.
        guaranteed: Whether guarantees are called; without them losses show before guarantees.

    Returns:
        The course; without a first day nothing differs, and everything is paid as expected.
    """
    walk = _begin(position, scenario, guaranteed=guaranteed)
    for day in walk.days():
        walk.step(day)
    return Course(
        tuple(walk.settled), walk.cash, walk.first_default, walk.notes, walk.first, walk.last
    )


def _begin(position: Position, scenario: ScenarioFile, *, guaranteed: bool) -> "_Walk":
    """The state when the first day of a scenario begins."""
    last = max((p.date for p in position.payments), default=date.max)
    if scenario.scenario.until is not None:
        last = min(last, scenario.scenario.until.get())
    first = scenario.first_day() or last
    due_on = {one.note: one.date.get() for one in scenario.accelerations}
    walk = _Walk(
        position=position,
        scenario=scenario,
        first=first,
        last=last,
        cash={
            party: money_on(position, party, first, scenario)
            for party in sorted(limited_parties(position, scenario))
        },
        notes={
            note.id: note_course(note, position.setting_of(note.id), first, due_on.get(note.id))
            for note in position.of_kind(Note)
        },
        guarantors=guarantors(position) if guaranteed else (),
        guaranteed=guaranteed,
    )
    walk.expect()
    if guaranteed:
        for day, called in residual_calls(position, scenario).items():
            walk.residual[day] += called
    return walk


@attrs.define
class _Walk:
    """One run through the days of a scenario."""

    position: Position
    scenario: ScenarioFile
    first: date
    last: date
    cash: dict[str, int]
    notes: dict[str, NoteCourse]
    guarantors: tuple[Guarantor, ...]
    guaranteed: bool
    settled: list[Settled] = attrs.field(factory=list)
    first_default: dict[str, date] = attrs.field(factory=dict)
    overdue: dict[Due, int] = attrs.field(factory=dict)
    expected: dict[date, dict[Due, int]] = attrs.field(factory=lambda: defaultdict(dict))
    received: dict[date, dict[Due, int]] = attrs.field(factory=lambda: defaultdict(dict))
    residual: dict[date, list[ResidualValueGuarantee]] = attrs.field(
        factory=lambda: defaultdict(list)
    )
    last_duty: dict[str, date] = attrs.field(factory=dict)

    def expect(self) -> None:
        """Sorts what is expected by the day, as far as the scenario leaves it."""
        ends = lease_ends(self.position, self.scenario)
        for p in self.position.payments:
            kind = self.position.kind(p.contract)
            if kind == "note" or kind == "securities":  # noqa: PLR1714 - narrows the type
                continue
            if not self.first <= p.date <= self.last:
                continue
            due = Due(kind, p.contract, p.payer, p.payee, OPERATING)
            if kind == "distribution":
                found = self.position.contracts[p.contract]
                interest = found.interest if isinstance(found, Distribution) else p.contract
                due = attrs.evolve(due, contract=interest, rank=OWNERS)
            elif p.date >= ends.get(p.contract, date.max):
                continue
            else:
                self.last_duty[p.payer] = p.date
                if estate_share(self.scenario, p.contract, p.date) is not None:
                    due = attrs.evolve(due, estate=True)
            self.expected[p.date][due] = self.expected[p.date].get(due, 0) + p.amount
        self._residuals()
        for day, contract, payee, amount in relet_rents(self.position, self.scenario):
            self.received[day][Due("re-let", contract, "", payee, OPERATING)] = amount
        for day, asset, payee, amount in sales(self.position, self.scenario):
            self.received[day][Due("sale", asset, "", payee, OPERATING)] = amount

    def _residuals(self) -> None:
        """What leases themselves guarantee is called in place of what the basis expects."""
        for own in own_residuals(self.position, self.scenario):
            if not self.first <= own.date <= self.last:
                continue
            lease, today = own.lease, self.expected[own.date]
            estate = estate_share(self.scenario, lease.id, own.date) is not None
            rent = Due("rent", lease.id, lease.lessee, lease.lessor, OPERATING, estate=estate)
            if own.expected and rent in today:
                today[rent] -= own.expected
            if own.lessee and self.guaranteed:
                due = attrs.evolve(rent, kind="residual-guarantee", rank=GUARANTEE)
                today[due] = own.lessee
            if own.third_party and self.guaranteed:
                due = attrs.evolve(rent, kind="residual-guarantee", debtor="", estate=False)
                self.received[own.date][due] = own.third_party

    def days(self) -> list[date]:
        """Every day on which something moves, in order."""
        found = {*self.expected, *self.received, *self.residual}
        found |= {day for note in self.notes.values() for day in note.days()}
        return sorted(day for day in found if self.first <= day <= self.last)

    def step(self, day: date) -> None:
        """One day: what is drawn, what falls due, what is paid on it, what stays due."""
        self._lend(day)
        fell = self._fall_due(day)
        received = self.received.get(day, {})
        means = dict(self.cash)
        for due, amount in received.items():
            if due.payee in means:
                means[due.payee] += amount
        opened = dict(self.overdue)
        for due, amount in fell.items():
            if due.estate:
                share = estate_share(self.scenario, due.contract, day) or Fraction(0)
                means[due.payer] = means.get(due.payer, 0) + round_half_even(amount * share)
            if self._pays(due, day):
                opened[due] = opened.get(due, 0) + amount
        for note in self.notes.values():
            due_now = (note.interest_due, note.principal_due)
            opened |= dict(zip(note.claims(), due_now, strict=True))
        opened = {due: amount for due, amount in opened.items() if amount}
        cleared = clear_day(Day(day, means, opened, self._rests(day), self.guarantors))
        for due, amount in received.items():
            self.settled.append(Settled(day, due, amount, amount))
            self._move("", due.payee, amount)
        for due in {**fell, **opened, **cleared.paid}:
            self._take(day, due, fell.get(due, 0), cleared.paid.get(due, 0), opened.get(due, 0))
        for call in cleared.calls:
            self._stand_in(day, call)

    def _lend(self, day: date) -> None:
        """Moves what is drawn of notes on a day."""
        for note in self.notes.values():
            self._move(note.contract.holder, note.contract.issuer, note.lent(day))

    def _fall_due(self, day: date) -> dict[Due, int]:
        """What newly falls due on a day, minor units by claim."""
        fell = dict(self.expected.get(day, {}))
        for note in self.notes.values():
            fell |= dict(zip(note.claims(), note.step(day), strict=True))
        outstanding = {name: note.outstanding for name, note in self.notes.items()}
        for guarantee in self.residual.get(day, []):
            amount = residual_shortfall(self.position, self.scenario, guarantee, day, outstanding)
            sides = (guarantee.guarantor, guarantee.beneficiary)
            if amount:
                fell[Due("residual-guarantee", guarantee.id, *sides, GUARANTEE)] = amount
        return fell

    def _free(self, party: str, day: date) -> bool:
        """Whether nothing that is not due yet keeps a party from handing on what it has."""
        notes = [note for note in self.notes.values() if note.contract.issuer == party]
        return all(n.all_due for n in notes) and self.last_duty.get(party, date.min) <= day

    def _pays(self, due: Due, day: date) -> bool:
        """Whether a claim is paid as one: owners of a limited party wait, or take what is left."""
        if due.kind != "distribution" or due.debtor not in self.cash:
            return True
        owes = any(n.owed for n in self.notes.values() if n.contract.issuer == due.debtor)
        return not owes and not self._free(due.debtor, day)

    def _rests(self, day: date) -> dict[Due, Fraction]:
        """The owners' shares in what is left to parties that have nothing to keep it for."""
        rests: dict[Due, Fraction] = {}
        for party in self.cash:
            if self._free(party, day):
                for interest in self.position.holders(party):
                    due = Due("distribution", interest.id, party, interest.holder, OWNERS)
                    rests[due] = self.position.share(interest)
        return rests

    def _take(self, day: date, due: Due, fell: int, paid: int, opened: int) -> None:
        """Books what is paid on one claim, and keeps what is left of it."""
        if fell or paid:
            self.settled.append(Settled(day, due, fell, paid))
        self._move(due.debtor if not due.estate else "", due.payee, paid)
        self._reduce(due, opened, paid)
        if opened > paid and due.kind != "distribution":
            self.first_default.setdefault(due.debtor, day)

    def _reduce(self, due: Due, opened: int, paid: int) -> None:
        """What is left of a claim after a payment on it."""
        if due.kind == "interest":
            self.notes[due.contract].pay(paid, 0)
        elif due.kind == "principal":
            self.notes[due.contract].pay(0, paid)
        elif due.kind != "distribution" and not due.estate:
            self.overdue.pop(due, None)
            if opened > paid:
                self.overdue[due] = opened - paid

    def _stand_in(self, day: date, call: Call) -> None:
        """Books what a guarantor pays; it has recourse to a debtor that is more than an estate."""
        claim = call.claim
        self.settled.append(Settled(day, claim, call.amount, call.paid))
        self._move(claim.debtor, claim.payee, call.paid)
        if call.amount > call.paid:
            self.first_default.setdefault(claim.debtor, day)
        if call.due.estate:
            call.guarantor.use(call.amount, day)
            if call.amount > call.paid:
                self.overdue[claim] = self.overdue.get(claim, 0) + call.amount - call.paid
            return
        call.guarantor.use(call.paid, day)
        left = self.overdue.get(call.due, 0)
        self._reduce(call.due, left, call.paid)
        rank = call.due.rank + RECOURSE_AFTER
        back = Due("recourse", claim.contract, call.due.debtor, claim.debtor, rank)
        self.overdue[back] = self.overdue.get(back, 0) + call.paid

    def _move(self, payer: str, payee: str, amount: int) -> None:
        """Moves money between parties whose money is counted."""
        if payer in self.cash:
            self.cash[payer] -= amount
        if payee in self.cash:
            self.cash[payee] += amount
