"""
Interest on an asset under construction, capitalised by an entity or by a group as one entity.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.contract.model import Securities
from leasebook.contract.note import Note
from leasebook.measure.asset import expenditures, sold_by
from leasebook.measure.capitalised_interest import (
    borrowing_costs_specific,
    capitalised_interest,
)
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import month_end, month_ends
from leasebook.reckoning.rounding import spread

_FLOWS = ("interest", "income", "paid")


@attrs.frozen
class _Capitalised:
    """What one note's interest adds to one asset: by month gross, income to deduct, and paid."""

    note: Note
    interest: tuple[tuple[date, int], ...]
    income: tuple[int, ...]
    paid: tuple[tuple[date, int], ...]

    def movements(self) -> list[Movement]:
        """The months and payments as rows of a schedule."""
        months = zip(self.interest, self.income, strict=True)
        rows = [
            Movement(day, 1, at, {"interest": amount, "income": back})
            for at, ((day, amount), back) in enumerate(months, 1)
        ]
        return [*rows, *(Movement(day, 1, 0, {"paid": amount}) for day, amount in self.paid)]


def interest_capitalised(
    asset: str,
    members: frozenset[str],
    *,
    setting: Setting,
    accrued: Mapping[str, Schedule],
) -> tuple[Schedule, ...]:
    """
    What the members capitalise on an asset while it is built, one schedule for each borrower.

    The interest cost of the entity that reports is the cap, so a company without debt capitalises
    nothing and a group capitalises on what all its members borrowed from outsiders. Assets take
    from that cost in the order of the files, so that together they never capitalise more.

    Source: ASC 835-20-15-5, 835-20-30-2 to 30-6; IAS 23.8, 23.12, 23.14.

    Args:
        asset: Its id.
        members: The entities looked at as one.
        setting: Framework and terms.
        accrued: The issuer's schedule of each note and the holder's of each security, by contract.

    Returns:
        Schedules "capitalised-interest" in the borrowers' books; none where nobody borrowed.
    """
    before: list[_Capitalised] = []
    for other in setting.deal.assets:
        found = _of_asset(other, members, setting, accrued, before)
        if other == asset:
            break
        before += found
    movements: dict[str, list[Movement]] = {}
    for each in found:
        movements.setdefault(each.note.issuer, []).extend(each.movements())
    return tuple(
        assemble(
            "capitalised-interest",
            (asset, borrower, ""),
            {"capitalised": {"interest": 1, "income": -1}},
            _FLOWS,
            rows,
        )
        for borrower, rows in movements.items()
    )


def _of_asset(
    asset: str,
    members: frozenset[str],
    setting: Setting,
    accrued: Mapping[str, Schedule],
    before: Iterable[_Capitalised],
) -> list[_Capitalised]:
    if sold_by(asset, members, setting) is not None:
        return []  # what a seller borrows for an asset that it sells is its expense here
    spent = expenditures(asset, members, setting)
    notes = _borrowed(asset, members, setting)
    begins = max(min((d for d, _ in spent), default=date.max), _earliest(notes))
    ready = setting.deal.assets[asset].in_service.get()
    months = [month for month in month_ends(begins, ready) if month > begins]
    if not notes or not months:
        return []
    incurred = {note.id: _left(note, months, accrued, before) for note in notes}
    income = {note.id: [0] * len(months) for note in notes}
    if setting.framework == "ifrs" and all(note.purpose == asset for note in notes):
        income = {note.id: _income(note, months, setting, accrued) for note in notes}
        interest = {
            note.id: _specific(months, incurred[note.id], income[note.id]) for note in notes
        }
    else:
        interest = _on_expenditures(notes, months, spent, incurred)
    return [
        _Capitalised(
            note,
            tuple(zip(months, interest[note.id], strict=True)),
            tuple(income[note.id]),
            tuple(_paid(note, months, interest[note.id], accrued, before)),
        )
        for note in notes
    ]


def _borrowed(asset: str, members: frozenset[str], setting: Setting) -> list[Note]:
    """The members' notes whose interest an asset may take; IFRS goes to specific ones first."""
    notes = [
        note
        for note in setting.deal.of_kind(Note)
        if note.issuer in members and note.holder not in members
    ]
    if setting.framework == "ifrs":
        specific = [note for note in notes if note.purpose == asset]
        return specific or [note for note in notes if note.purpose is None]
    return notes


def _earliest(notes: list[Note]) -> date:
    return min((note.issued.get() for note in notes), default=date.max)


def _by_month(schedule: Schedule | None, column: str, months: list[date]) -> list[int]:
    """A flow of each month; what came before the first month is not counted."""
    if schedule is None or column not in schedule.columns:
        return [0] * len(months)
    return [schedule.total(column, month.replace(day=1), month) for month in months]


def _left(
    note: Note,
    months: list[date],
    accrued: Mapping[str, Schedule],
    before: Iterable[_Capitalised],
) -> list[int]:
    """
    A note's interest of each month, discount and costs amortised in it, that is not yet taken.

    Source: ASC 835-20-30-2, 835-30-45-3; IAS 23.6(a).
    """
    taken = _summed(pair for b in before if b.note == note for pair in b.interest)
    parts = (_by_month(accrued[note.id], c, months) for c in ("interest", "amortised"))
    incurred = [sum(month) for month in zip(*parts, strict=True)]
    return [cost - taken.get(day, 0) for day, cost in zip(months, incurred, strict=True)]


def _summed(pairs: Iterable[tuple[date, int]]) -> dict[date, int]:
    sums: dict[date, int] = {}
    for day, amount in pairs:
        sums[day] = sums.get(day, 0) + amount
    return sums


def _income(
    note: Note, months: list[date], setting: Setting, accrued: Mapping[str, Schedule]
) -> list[int]:
    """Income of each month on the borrowed money that is not yet spent."""
    income = [0] * len(months)
    for held in setting.deal.of_kind(Securities):
        if held.holder == note.issuer:
            earned = _by_month(accrued.get(held.id), "income", months)
            income = [a + b for a, b in zip(income, earned, strict=True)]
    return income


def _specific(months: list[date], incurred: list[int], income: list[int]) -> list[int]:
    """The gross interest of a specific borrowing: what is capitalised, and the income with it."""
    net = borrowing_costs_specific(months, incurred, income)
    return [amount + back for (_, amount), back in zip(net, income, strict=True)]


def _on_expenditures(
    notes: list[Note],
    months: list[date],
    spent: list[tuple[date, int]],
    incurred: Mapping[str, list[int]],
) -> dict[str, list[int]]:
    """The part of each note, by its interest of the month, in what expenditures let capitalise."""
    total = [sum(by_month) for by_month in zip(*incurred.values(), strict=True)]
    opening = sum(amount for day, amount in spent if day < months[0].replace(day=1))
    in_month = [
        sum(a for d, a in spent if (d.year, d.month) == (month.year, month.month))
        for month in months
    ]
    amounts = capitalised_interest(months, opening, in_month, _rate(notes), total)
    parts = [
        spread(amount, [incurred[note.id][at] for note in notes]) if amount else [0] * len(notes)
        for at, (_, amount) in enumerate(amounts)
    ]
    return {note.id: [part[k] for part in parts] for k, note in enumerate(notes)}


def _rate(notes: list[Note]) -> Fraction:
    """The weighted average rate of the notes for a month, by what is drawn of them in the end."""
    drawn = {
        note.id: sum((Fraction(one.amount.get()) for one in note.draws), Fraction(0))
        if note.principal is None
        else Fraction(note.principal.get())
        for note in notes
    }
    weighted = sum((drawn[n.id] * Fraction(_yearly(n)) for n in notes), Fraction(0))
    return weighted / sum(drawn.values(), Fraction(0)) / 12


def _yearly(note: Note) -> Decimal:
    """The rate of a note a year: the effective one if it is stated."""
    stated = note.effective_rate or note.coupon_annual
    return stated.get()


def _paid(
    note: Note,
    months: list[date],
    interest: list[int],
    accrued: Mapping[str, Schedule],
    before: Iterable[_Capitalised],
) -> Iterator[tuple[date, int]]:
    """
    Of each coupon, the part of the interest it pays that was capitalised.

    A month's capitalised interest is shared among the accruals of that month, so that a coupon pays
    what accrued up to its own day; the share of what is amortised is paid by no coupon.
    """
    schedule = accrued[note.id]
    coupon, accrual = (schedule.columns.index(c) for c in ("coupon", "interest"))
    beside = schedule.columns.index("amortised") if "amortised" in schedule.columns else None
    by_month: dict[date, list[int]] = {}
    for at, row in enumerate(schedule.rows):
        by_month.setdefault(month_end(row.date), []).append(at)
    part = [0] * len(schedule.rows)
    for month, amount in zip(months, interest, strict=True):
        rows = by_month.get(month, [])
        weights = [schedule.rows[at].amounts[accrual] for at in rows]
        if beside is not None:
            weights += [max(0, schedule.rows[at].amounts[beside]) for at in rows]
        if amount:
            for at, shared in zip(rows, spread(amount, weights), strict=False):
                part[at] = shared
    taken = _summed(pair for b in before if b.note == note for pair in b.paid)
    due = 0
    for row, capitalised in zip(schedule.rows, part, strict=True):
        due += capitalised
        amount = min(due, row.amounts[coupon] - taken.get(row.date, 0))
        if amount > 0:
            due -= amount
            yield row.date, amount
