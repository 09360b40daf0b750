"""
A note whose issuer may pay late or early: what falls due follows from what is still outstanding.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import attrs

from leasebook.contract.note import Note
from leasebook.measure.contracts import note_schedules
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import round_half_even
from leasebook.stress.due import Due

#: Where each rank of notes stands among the claims on an issuer; principal comes after interest.
NOTE_RANKS = {"senior": 10, "mezzanine": 20, "junior": 30}


@attrs.frozen
class _Row:
    """What the schedule of a note as agreed moves on a day, and what was outstanding before."""

    interest: int
    due: bool
    principal: int
    outstanding_before: int
    drawn: int = 0
    received: int = 0


@attrs.define
class NoteCourse:
    """
    A note on its way through a scenario, in minor units.

    Interest is that of the note as agreed, in proportion to what is outstanding, so that a note
    that is paid as agreed is just the note as agreed. Principal is due as far as the schedule is
    ahead of what was paid, or all of it once the note is accelerated. Unpaid interest bears none.
    """

    contract: Note
    rows: dict[date, _Row]
    accelerated_on: date | None
    outstanding: int
    accrued: Fraction
    interest_due: int = 0
    principal_due: int = 0
    scheduled: int = 0
    repaid: int = 0
    accelerated: bool = False
    accruals: list[tuple[date, int]] = attrs.field(factory=list)

    @property
    def rank(self) -> int:
        """The rank of its interest."""
        return NOTE_RANKS[self.contract.seniority]

    def days(self) -> Iterable[date]:
        """The days on which something accrues or falls due."""
        extra = () if self.accelerated_on is None else (self.accelerated_on,)
        return (*self.rows, *extra)

    def step(self, day: date) -> tuple[int, int]:
        """
        A day begins: interest accrues, and what falls due falls due.

        Returns:
            Interest and principal that newly fall due, minor units.
        """
        before = self.principal_due
        interest = 0
        row = self.rows.get(day)
        if row is not None:
            self._accrue(day, row)
            self.scheduled += row.principal
            self.outstanding += row.drawn
        if day == self.accelerated_on:
            self.accelerated = True
        if (row is not None and row.due) or day == self.accelerated_on:
            interest = round_half_even(self.accrued)
            self.accrued -= interest
            self.interest_due += interest
        ahead = self.outstanding if self.accelerated else self.scheduled - self.repaid
        self.principal_due = max(0, min(self.outstanding, ahead))
        return interest, max(0, self.principal_due - before)

    def _accrue(self, day: date, row: _Row) -> None:
        if row.outstanding_before:
            whole = round_half_even(self.accrued)
            self.accrued += Fraction(row.interest * self.outstanding, row.outstanding_before)
            self.accruals.append((day, round_half_even(self.accrued) - whole))

    def lent(self, day: date) -> int:
        """
        What the holder pays for what is drawn on a day, minor units.

        Raises:
            NotModelled: If all of the note has fallen due by then.
        """
        row = self.rows.get(day)
        if row is None or not row.drawn:
            return 0
        if self.accelerated_on is not None and self.accelerated_on <= day:
            raise NotModelled(f"{self.contract.id} is drawn after all of it has fallen due")
        return row.received

    def claims(self) -> tuple[Due, Due]:
        """Its interest and its principal as claims."""
        sides = (self.contract.id, self.contract.issuer, self.contract.holder)
        return Due("interest", *sides, self.rank), Due("principal", *sides, self.rank + 1)

    @property
    def all_due(self) -> bool:
        """Whether nothing is outstanding that is not due."""
        return self.principal_due == self.outstanding

    def pay(self, interest: int, principal: int) -> None:
        """Takes a payment of interest and principal, minor units."""
        self.interest_due -= interest
        self.principal_due -= principal
        self.outstanding -= principal
        self.repaid += principal

    @property
    def owed(self) -> int:
        """All that is outstanding and overdue, minor units."""
        return self.outstanding + self.interest_due


def note_course(
    contract: Note, setting: Setting, first_day: date, accelerated_on: date | None
) -> NoteCourse:
    """
    A note as it stands when a day begins.

    Args:
        contract: The note.
        setting: Of its deal.
        first_day: From which its course may differ.
        accelerated_on: When all of it falls due, if it does.
    """
    schedule = next(iter(note_schedules(contract, setting)))
    places = {name: schedule.columns.index(name) for name in schedule.columns}
    rows: dict[date, _Row] = {}
    eve = first_day - timedelta(days=1)
    outstanding = schedule.balance("principal", eve)
    for row in schedule.rows:
        at = {name: row.amounts[place] for name, place in places.items()}
        if row.date > eve:
            before = at["principal"] + at["principal_paid"] - at["issued"]
            due = at["coupon"] != 0 or at["principal_paid"] != 0
            rows[row.date] = _Row(at["interest"], due, at["principal_paid"], before, at["issued"])
    accrued = Fraction(schedule.balance("accrued_interest", eve))
    return NoteCourse(contract, rows, accelerated_on, outstanding, accrued)
