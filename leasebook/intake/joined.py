"""
What stands beside the leases of a piece becomes columns of their terms: steps, options, events.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import attrs

from leasebook.intake.beside import Beside, Note
from leasebook.intake.columns import EPOCH, EVENTS
from leasebook.intake.rents import raised
from leasebook.portfolio.terms import UNKNOWN
from leasebook.reckoning.calendar import add_months, months_between

_EVENT_TERMS = tuple(column for column in EVENTS if column.term)
_FROM_OPTIONS = ("renewal_months", "renewal_certain", "renewal_payment", "purchase_price",
                 "purchase_certain", "termination_months",
                 "lessor_termination_months")  # fmt: skip
_FROM_GUARANTEES = ("guaranteed_residual", "expected_guarantee_payment", "third_party_residual")


@attrs.define
class Joined:
    """
    The columns of a piece while what stands beside its leases is added to them.

    Attributes:
        values: By name of the term, one for each row.
        decimals: Of the currency of each row.
        tell: Tells what is wrong with a row: position, column, code, cause, fix.
        steps: Lease, period and payment.
        events: Lease, period, kind and the figures of `EVENTS`, in that order.
    """

    values: dict[str, list[Any]]
    decimals: Sequence[int]
    tell: Callable[[int, str, str, str, str], None]
    steps: list[tuple[int, int, int]] = attrs.field(factory=list)
    events: list[tuple[int, ...]] = attrs.field(factory=list)

    def take_in(self, ids: Sequence[str], beside: Beside) -> None:
        """Adds what the tables beside the leases say of these leases."""
        for position, lease in enumerate(ids):
            notes = {t: beside.of(t, lease) for t in ("options", "guarantees", "steps", "events")}
            if notes["options"]:
                self._options(position, notes["options"], beside)
            if notes["guarantees"]:
                self._guarantees(position, notes["guarantees"], beside)
            rents = self._rents(position, notes["steps"], beside)
            self.steps += [(position, period, payment) for period, payment in rents]
            if notes["events"]:
                self._events(position, notes["events"], beside)

    def _options(self, position: int, notes: list[Note], beside: Beside) -> None:
        self._free(position, _FROM_OPTIONS, "options", notes)
        for note in notes:
            said = note.values
            if said["kind"] == 0:
                if self.values["renewal_months"][position]:
                    cause = f"lease {said['lease']} has two rows of renewals"
                    fix = "add up their months in one row, or give times"
                    beside.at(note, "kind", "LB0635", cause, fix)
                    continue
                months = said["term_months"] * said["times"]
                if not months:
                    beside.at(note, "term_months", "LB0623", "a renewal of no length",
                              "say how many months it adds")  # fmt: skip
                payment = beside.amount(note, "payment", self.decimals[position], UNKNOWN)
                self._set(position, _FROM_OPTIONS[:3],
                          (months, said["reasonably_certain"], payment))  # fmt: skip
            elif said["kind"] == 1:
                price = beside.amount(note, "price", self.decimals[position], UNKNOWN)
                if price == UNKNOWN:
                    beside.at(note, "price", "LB0623", "a purchase without a price", "give it")
                self._set(position, _FROM_OPTIONS[3:5], (price, said["reasonably_certain"]))
            else:
                self._leaving(position, note, beside)

    def _leaving(self, position: int, note: Note, beside: Beside) -> None:
        """A right to end the lease; of several that a party has, the first one counts."""
        name = _FROM_OPTIONS[5 + note.values["holder"]]
        after, before = note.values["after_months"], self.values[name][position]
        every = int(self.values["every"][position])
        if beside.amount(note, "penalty", self.decimals[position], 0):
            beside.at(note, "penalty", "LB0625", "a penalty for leaving is not measured in columns",
                      "write the lease as a deal")  # fmt: skip
        if after == UNKNOWN:
            beside.at(note, "after_months", "LB0623", "a termination without a time",
                      "say after how many months it can be used")  # fmt: skip
        elif after <= 0 or after % every:
            cause = f"{after} months are no whole periods of {every} months"
            beside.at(note, "after_months", "LB0635", cause, "write whole periods")
        else:
            self.values[name][position] = after if before == UNKNOWN else min(before, after)

    def _guarantees(self, position: int, notes: list[Note], beside: Beside) -> None:
        self._free(position, _FROM_GUARANTEES, "guarantees", notes)
        for note in notes:
            amount = beside.amount(note, "amount", self.decimals[position], 0)
            expected = beside.amount(note, "expected_payment", self.decimals[position], 0)
            if note.values["guarantor"] == 0:
                self.values["guaranteed_residual"][position] += amount
                self.values["expected_guarantee_payment"][position] += expected
            else:
                self.values["third_party_residual"][position] += amount

    def _set(self, position: int, names: Sequence[str], values: Sequence[int]) -> None:
        for name, value in zip(names, values, strict=True):
            self.values[name][position] = value

    def _free(self, position: int, names: Sequence[str], table: str, notes: list[Note]) -> None:
        """What a table says of a lease must not stand in the lease's own row as well."""
        for name in names:
            if self.values[name][position] not in (0, UNKNOWN):
                cause = f"{name} is said here and in row {notes[0].row} of {notes[0].heading.file}"
                self.tell(position, name, "LB0635", cause, f"say it once, here or in {table}")

    def _rents(self, position: int, notes: list[Note], beside: Beside) -> list[tuple[int, int]]:
        """The periods at which the payment of a lease changes, each with the payment from then."""
        free, rise = self.values["free_months"][position], self.values["escalation"][position]
        if not (free or rise or notes):
            return []
        every, payment = self.values["every"][position], self.values["payment"][position]
        if rise and notes:
            cause = f"the payment rises by itself, and steps in {notes[0].heading.file} too"
            self.tell(position, "escalation", "LB0635", cause, "say it in one way")
            return []
        if free % every:
            cause = f"{free} months without payment are no whole periods of {every} months"
            self.tell(position, "free_months", "LB0635", cause, "write whole periods")
            return []
        found = {0: payment}
        horizon = self.values["term_months"][position] + self.values["renewal_months"][position]
        if rise:
            step = self.values["escalates_every_months"][position]
            for number, month in enumerate(range(step, horizon, step), 1):
                found[-(-month // every)] = raised(payment, rise, number)
        for note in notes:
            period = self._period(position, note, beside)
            if period is not None:
                found[period] = beside.amount(note, "payment", self.decimals[position], 0)
        if free:
            after = {p: a for p, a in found.items() if p * every >= free}
            last = max((p for p in found if p * every <= free), default=0)
            found = {0: 0, **after, free // every: found[last]}
        rents = sorted(found.items())
        self.values["payment"][position] = rents[0][1]
        return [new for old, new in pairwise(rents) if new[1] != old[1]]

    def _events(self, position: int, notes: list[Note], beside: Beside) -> None:
        rows = []
        for note in notes:
            period = self._period(position, note, beside)
            if period is None:
                continue
            figures = [
                beside.amount(note, column.name, self.decimals[position], UNKNOWN)
                if column.sort == "amount"
                else note.values[column.name]
                for column in _EVENT_TERMS
            ]
            rows.append((period, note.values["order"], note.values["kind"], *figures))
        rows.sort(key=lambda row: row[:2])
        self.events += [(position, period, *rest) for period, _, *rest in rows]

    def _period(self, position: int, note: Note, beside: Beside) -> int | None:
        """The period that begins on the day of a row; a day inside a period is told."""
        begins = date.fromordinal(self.values["commencement_date"][position] + EPOCH)
        day = date.fromordinal(note.values["date"] + EPOCH)
        every = int(self.values["every"][position])
        months = months_between(begins, day) if day >= begins else -1
        if months < 0 or months % every or add_months(begins, months) != day:
            cause = f"{day} is not the first day of a period of {every} months from {begins}"
            beside.at(note, "date", "LB0635", cause, "write the first day of the period")
            return None
        return months // every
