"""
The entries of a scenario: what stands in every book beside the entries of the basis.

Each party books its own side of what was not paid, what was recovered, and what a guarantor paid.
What an ended lease or a sold asset would still have brought is reversed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from leasebook.book.post import post
from leasebook.book.posting import Posting, in_order
from leasebook.contract.credit import Guarantee
from leasebook.contract.lease import Lease
from leasebook.contract.model import Distribution
from leasebook.contract.note import Note
from leasebook.measure.contracts import note_schedules
from leasebook.measure.guarantee import subject_of
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.stress.course import Course
from leasebook.stress.due import Due, Settled
from leasebook.stress.ended import reversed_entries, sold_assets, written_down
from leasebook.stress.impairment import Tested
from leasebook.stress.own_residual import own_residuals
from leasebook.stress.position import Position
from leasebook.stress.relief import lease_ends
from leasebook.stress.scenario import ScenarioFile

#: Schedule, contract, whose book, the other party: where an amount of a day belongs.
Place = tuple[str, str, str, str]


class _Columns:
    """Amounts of schedules that are filled movement by movement."""

    def __init__(
        self, leases: frozenset[str] = frozenset(), derivatives: frozenset[str] = frozenset()
    ) -> None:
        self.leases = leases
        self.derivatives = derivatives
        self.moved: dict[Place, list[Movement]] = defaultdict(list)

    def add(self, place: Place, day: date, column: str, amount: int) -> None:
        """One amount of one day, in minor units; nothing for zero."""
        if amount:
            self.moved[place].append(Movement(day, 1, 1, {column: amount}))

    def both(
        self, what: str, sides: tuple[str, str, str], day: date, cell: tuple[str, int]
    ) -> None:
        """The same amount in the books of a debtor and of a creditor."""
        contract, debtor, creditor = sides
        self.add((f"{what}-owed", contract, debtor, creditor), day, *cell)
        self.add((f"{what}-claimed", contract, creditor, debtor), day, *cell)

    def schedules(self) -> Iterator[Schedule]:
        """All schedules, in a fixed order."""
        for place in sorted(self.moved):
            movements = self.moved[place]
            flows = tuple(dict.fromkeys(flow for m in movements for flow in m.flows))
            yield assemble(f"stress-{place[0]}", place[1:], {}, flows, movements)


def stress_entries(
    position: Position, scenario: ScenarioFile, course: Course, tests: Iterable[Tested]
) -> dict[str, tuple[Posting, ...]]:
    """
    The entries that a scenario adds to every book, by entity that keeps one.

    Args:
        position: The deals as expected.
        scenario: What happens instead.
        course: As it ran, with guarantees.
        tests: Of impairment.

    Returns:
        Postings in order; what a book shows in the scenario is its basis and these together.
    """
    columns = _Columns(
        frozenset(lease.id for lease in position.of_kind(Lease)), _derivatives(position)
    )
    for settled in course.settled:
        _settled(columns, settled.date, settled)
    _own_residuals(columns, position, scenario, course)
    _distributions(columns, position, course)
    for name in course.notes:
        _note(columns, position, course, name)
    framework = position.settings[0].framework
    keeps = {e for kept in position.kept for e in kept.books}
    made = [s for s in columns.schedules() if s.entity in keeps]
    made += list(written_down(position, tests))
    made += list(sold_assets(position, scenario, tests))
    postings = list(post(made, framework=framework))
    postings += list(reversed_entries(position, scenario, lease_ends(position, scenario)))
    return {e: in_order(p for p in postings if p.entity == e) for e in sorted(keeps)}


def _settled(columns: _Columns, day: date, settled: Settled) -> None:
    """What one line of the course moves beside what the basis has booked."""
    due, paid = settled.due, settled.paid
    sides = (due.contract, due.debtor, due.payee)
    unpaid = settled.fell_due - paid
    match due.kind:
        case "rent":
            columns.both("rent", sides, day, ("unpaid", unpaid))
            columns.add(("rent-claimed", *_turned(sides)), day, "loss", unpaid)
        case "other" | "capital":
            columns.both(due.kind, sides, day, ("unpaid", unpaid))
        case "re-let":
            columns.add(("re-let", due.contract, due.payee, ""), day, "rent", paid)
        case "residual-guarantee" if due.contract in columns.leases:
            # what the basis expected to be paid is replaced where the lease ends: `_own_residuals`
            if due.debtor:
                columns.both("residual", sides, day, ("unpaid", unpaid))
                lost = unpaid if due.estate else 0
                columns.add(("residual-claimed", *_turned(sides)), day, "loss", lost)
        case "residual-guarantee":
            columns.add(("guarantee-paid", *sides), day, "paid", paid)
            columns.add(("residual-received", *_turned(sides)), day, "received", paid)
        case "recourse":
            columns.add(("recourse-paid", *sides), day, "paid", paid)
            columns.add((_promise(columns, due), *_turned(sides)), day, "had_back", paid)
        case "guarantee" if due.covers is not None:
            columns.add((_promise(columns, due), *sides), day, "paid", paid)
            kind, contract = due.covers
            creditor = "note-claimed" if kind in ("interest", "principal") else "rent-claimed"
            made = f"{kind}_made_good" if creditor == "note-claimed" else "made_good"
            place = (creditor, contract, due.payee, due.debtor)
            columns.add(place, day, made, paid)
            columns.add(place, day, "loss", -paid)


def _promise(columns: _Columns, due: Due) -> str:
    """The schedule of what a guarantor pays: of a guarantee, or of a derivative at fair value."""
    return "derivative-paid" if due.contract in columns.derivatives else "guarantee-paid"


def _derivatives(position: Position) -> frozenset[str]:
    """The guarantees that their guarantors carry at fair value."""
    found: Sequence[Guarantee] = position.of_kind(Guarantee)
    return frozenset(
        one.id
        for one in found
        if position.setting_of(one.id).outcome("guarantee_measurement", subject_of(one))
        == "at-fair-value"
    )


def _own_residuals(
    columns: _Columns, position: Position, scenario: ScenarioFile, course: Course
) -> None:
    """What is called of leases' own guarantees, less what the basis has booked of them."""
    for own in own_residuals(position, scenario):
        if course.first_day <= own.date <= course.last_day:
            sides = (own.lease.id, own.lease.lessee, own.lease.lessor)
            columns.both("residual", sides, own.date, ("more", own.lessee - own.expected))
            place = ("residual-claimed", *_turned(sides))
            columns.add(place, own.date, "third_party", own.third_party)


def _turned(sides: tuple[str, str, str]) -> tuple[str, str, str]:
    return sides[0], sides[2], sides[1]


def _distributions(columns: _Columns, position: Position, course: Course) -> None:
    """Distributions as they were made, less those that the basis has booked."""
    change: dict[tuple[date, str, str, str], int] = defaultdict(int)
    for settled in course.settled:
        if settled.due.kind == "distribution":
            due = settled.due
            change[settled.date, due.contract, due.debtor, due.payee] += settled.paid
    for p in position.payments:
        contract = position.contracts.get(p.contract)
        if isinstance(contract, Distribution) and course.first_day <= p.date <= course.last_day:
            change[p.date, contract.interest, p.payer, p.payee] -= p.amount
    for (day, interest, payer, payee), amount in sorted(change.items()):
        columns.both("distribution", (interest, payer, payee), day, ("change", amount))


def _note(columns: _Columns, position: Position, course: Course, name: str) -> None:
    """A note as it ran, less what the basis has booked of it."""
    note = course.notes[name]
    contract: Note = note.contract
    sides = (name, contract.issuer, contract.holder)
    base = next(iter(note_schedules(contract, position.setting_of(name))))
    inside = (course.first_day, course.last_day)
    accrued: Mapping[date, int] = dict(note.accruals)
    for row in base.rows:
        if not inside[0] <= row.date <= inside[1]:
            continue
        at = dict(zip(base.columns, row.amounts, strict=True))
        changed = accrued.get(row.date, 0) - at["interest"]
        columns.both("note", sides, row.date, ("interest_change", changed))
        columns.both("note", sides, row.date, ("interest_unpaid", at["coupon"]))
        columns.both("note", sides, row.date, ("principal_unpaid", at["principal_paid"]))
    for settled in course.settled:
        due = settled.due
        if due.contract == name and due.kind in ("interest", "principal"):
            columns.both("note", sides, settled.date, (f"{due.kind}_unpaid", -settled.paid))
            loss = settled.fell_due - settled.paid
            columns.add(("note-claimed", *_turned(sides)), settled.date, "loss", loss)
        elif due.kind == "guarantee" and due.covers in (("interest", name), ("principal", name)):
            # the issuer now owes the guarantor
            kind = due.covers[0]
            place = ("note-owed", *sides)
            columns.add(place, settled.date, f"{kind}_taken_over", settled.paid)
