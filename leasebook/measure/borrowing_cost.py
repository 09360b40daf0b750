"""
Interest on an asset under construction, capitalised by an entity or by a group as one entity.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from leasebook.contract.model import Note, Securities
from leasebook.measure.asset import expenditures
from leasebook.measure.capitalised_interest import (
    borrowing_costs_specific,
    capitalised_interest,
)
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import month_ends
from leasebook.reckoning.rounding import spread

_FLOWS = ("interest", "income", "paid")


def interest_capitalised(
    asset: str,
    members: frozenset[str],
    *,
    setting: Setting,
    accrued: Mapping[str, Schedule],
) -> tuple[Schedule, ...]:
    """
    What the members capitalise on an asset while it is built, one schedule for each note.

    The interest cost of the entity that reports is the cap, so a company without debt capitalises
    nothing and a group capitalises on what all its members borrowed from outsiders.

    Source: ASC 835-20-15-5, 835-20-30-2 to 30-6; IAS 23.8, 23.12, 23.14.

    Args:
        asset: Its id.
        members: The entities looked at as one.
        setting: Framework and terms.
        accrued: The issuer's schedule of each note and the holder's of each security, by contract.

    Returns:
        Schedules "capitalised-interest" in the issuers' books; none where there is no such note.
    """
    spent = expenditures(asset, members, setting)
    notes = [
        note
        for note in setting.deal.of_kind(Note)
        if note.issuer in members and note.holder not in members
    ]
    if setting.framework == "ifrs":
        notes = [note for note in notes if note.purpose == asset] or notes
    begins = max(min((d for d, _ in spent), default=date.max), _earliest(notes))
    ready = setting.deal.assets[asset].in_service.get()
    months = [month for month in month_ends(begins, ready) if month > begins]
    if not notes or not months:
        return ()
    if setting.framework == "ifrs" and all(note.purpose == asset for note in notes):
        return tuple(_specific(note, months, setting, accrued) for note in notes)
    return _on_expenditures(notes, months, spent, accrued)


def _earliest(notes: list[Note]) -> date:
    return min((note.issued.get() for note in notes), default=date.max)


def _by_month(schedule: Schedule | None, column: str, months: list[date]) -> list[int]:
    if schedule is None:
        return [0] * len(months)
    totals = [schedule.total(column, last=month) for month in months]
    return [after - before for before, after in zip([0, *totals], totals, strict=False)]


def _specific(
    note: Note, months: list[date], setting: Setting, accrued: Mapping[str, Schedule]
) -> Schedule:
    incurred = _by_month(accrued[note.id], "interest", months)
    income = [0] * len(months)
    for held in setting.deal.of_kind(Securities):
        if held.holder == note.issuer:
            earned = _by_month(accrued.get(held.id), "income", months)
            income = [a + b for a, b in zip(income, earned, strict=True)]
    net = borrowing_costs_specific(months, incurred, income)
    gross = [(day, amount + back) for (day, amount), back in zip(net, income, strict=True)]
    return _schedule(note, gross, income, accrued[note.id])


def _on_expenditures(
    notes: list[Note],
    months: list[date],
    spent: list[tuple[date, int]],
    accrued: Mapping[str, Schedule],
) -> tuple[Schedule, ...]:
    incurred = {note.id: _by_month(accrued[note.id], "interest", months) for note in notes}
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
    return tuple(
        _schedule(
            note,
            [(day, parts[at][k]) for at, (day, _) in enumerate(amounts)],
            [0] * len(months),
            accrued[note.id],
        )
        for k, note in enumerate(notes)
    )


def _rate(notes: list[Note]) -> Fraction:
    """The weighted average rate of the notes for a month."""
    principal = sum((Fraction(note.principal.get()) for note in notes), Fraction(0))
    weighted = sum(
        (Fraction(n.principal.get()) * Fraction(n.coupon_annual.get()) for n in notes), Fraction(0)
    )
    return weighted / principal / 12


def _schedule(
    note: Note, interest: list[tuple[date, int]], income: list[int], accrued: Schedule
) -> Schedule:
    rows = [
        Movement(day, 1, at, {"interest": amount, "income": back})
        for at, ((day, amount), back) in enumerate(zip(interest, income, strict=True), 1)
    ]
    rows += _paid(interest, accrued)
    balances = {"capitalised": {"interest": 1, "income": -1}}
    return assemble("capitalised-interest", (note.id, note.issuer, ""), balances, _FLOWS, rows)


def _paid(interest: list[tuple[date, int]], accrued: Schedule) -> list[Movement]:
    """Of each coupon, the part that was capitalised since the one before."""
    coupon = accrued.columns.index("coupon")
    rows, settled = [], 0
    for row in accrued.rows:
        if row.amounts[coupon]:
            # Interest capitalised to the end of the coupon's month less the days after it was paid
            # is not told apart: the coupon pays at most what has been capitalised by its date.
            due = sum(amount for day, amount in interest if day <= row.date) - settled
            amount = min(due, row.amounts[coupon])
            if amount > 0:
                settled += amount
                rows.append(Movement(row.date, 1, 0, {"paid": amount}))
    return rows
