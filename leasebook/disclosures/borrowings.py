"""
Notes that a group has issued: what is carried, when principal falls due, and what interest costs.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import attrs

from leasebook.contract.note import Note
from leasebook.disclosures.line import Value
from leasebook.disclosures.maturity import LATER_LINE, YEAR_LINES, summed
from leasebook.disclosures.scope import DisclosureMismatchError, Period, Scope
from leasebook.measure.effective_interest import effective_rate_on
from leasebook.measure.note_segment import note_segment
from leasebook.measure.schedule import Schedule
from leasebook.reckoning.calendar import fiscal_year, fiscal_year_bounds

#: What of the fiscal year is left after a reporting date that is not its end.
REST_LINE = "rest-of-year"
ISSUED = "note-issued"
CAPITALISED = "capitalised-interest"
_BORROWED = "borrowings"
_EXPENSE = "interest-expense"


@attrs.frozen
class Borrowing:
    """A note that a member has issued to somebody outside, with its schedule in the books."""

    note: Note
    schedule: Schedule

    def carried(self, day: date) -> tuple[int, int]:
        """Principal, and what of discount and costs is not amortised, at the close of a day."""
        left = 0
        if "unamortised" in self.schedule.balances:
            left = self.schedule.balance("unamortised", day)
        return self.schedule.balance("principal", day), left

    def cost(self, period: Period) -> tuple[int, int]:
        """Interest, and what of discount and costs is amortised, in a period."""
        span = (period.first, period.last)
        amortised = 0
        if "amortised" in self.schedule.columns:
            amortised = self.schedule.total("amortised", *span)
        return self.schedule.total("interest", *span), amortised


def borrowings(scope: Scope) -> tuple[Borrowing, ...]:
    """The notes of the members that somebody outside holds, in the order of the files."""
    made = {s.contract: s for s in scope.schedules if s.name == ISSUED}
    return tuple(
        Borrowing(note, made[note.id])
        for note in scope.setting.deal.of_kind(Note)
        if note.issuer in scope.members and note.holder not in scope.members
    )


def carried(scope: Scope, day: date) -> Iterator[tuple[str, dict[str, Value]]]:
    """
    Each note on a day: principal, discount, carrying amount, rates, and when it matures.

    Source: ASC 835-30-45-2, 470-10-50-1, 210-10-S99-1 (22); IFRS 7.7, 7.8(g), IAS 7.50(a).

    Yields:
        Id of the note, and figures by line; `undrawn` is what is left of the stated commitment.
    """
    for each in borrowings(scope):
        note = each.note
        principal, left = each.carried(day)
        if not principal and not left:
            continue
        terms = note_segment(note, scope.setting)
        drawn = each.schedule.total("issued", last=day)
        promised = scope.setting.minor(note.commitment) if note.commitment is not None else drawn
        yield (
            note.id,
            {
                "principal": principal,
                "unamortised": -left,
                "carrying-amount": principal - left,
                "coupon": terms.coupon_on(day),
                "effective-rate": effective_rate_on(terms, day),
                "matures": terms.maturity,
                "undrawn": promised - drawn,
            },
        )


def principal_due(scope: Scope, day: date) -> Iterator[tuple[str, dict[str, int]]]:
    """
    When principal falls due, and under IFRS interest: by fiscal year, the rest of this one first.

    Source: ASC 470-10-50-1; IFRS 7.39(a), 7.B11D.

    Yields:
        `principal` or `interest`, and minor units by line.

    Raises:
        DisclosureMismatchError: If what falls due is not what the ledger carries.
    """
    held = [each for each in borrowings(scope) if any(each.carried(day))]
    if not held:
        return
    by_year = summed(
        _by_fiscal_year(_later(each.schedule, "principal_paid", "issued", day), day, scope.year_end)
        for each in held
    )
    total = sum(by_year.values())
    left = sum(each.carried(day)[1] for each in held)
    booked = -scope.caused_by(_BORROWED, ISSUED, last=day)
    if total - left != booked:
        raise DisclosureMismatchError(
            f"{total} of principal falls due after {day}, less {left} not amortised, and the "
            f"ledger carries {booked} minor units of notes"
        )
    yield "principal", by_year | {"total": total, "unamortised": -left, "carrying-amount": booked}
    if scope.setting.framework == "ifrs":
        coupons = summed(
            _by_fiscal_year(_later(each.schedule, "coupon", None, day), day, scope.year_end)
            for each in held
        )
        yield "interest", coupons | {"total": sum(coupons.values())}


def _later(
    schedule: Schedule, column: str, less: str | None, day: date
) -> Iterator[tuple[date, int]]:
    """What falls due after a day, without what is still to be drawn: that is repaid last."""
    drawn = 0 if less is None else schedule.total(less, day + timedelta(days=1))
    index = schedule.columns.index(column)
    for row in reversed(schedule.rows):
        if row.date <= day:
            return
        amount = row.amounts[index]
        taken = min(drawn, amount)
        drawn -= taken
        if amount - taken:
            yield row.date, amount - taken


def _by_fiscal_year(
    dues: Iterable[tuple[date, int]], day: date, ends: tuple[int, int]
) -> dict[str, int]:
    """Amounts by fiscal year: the rest of the day's own, five more, and what comes after."""
    own = fiscal_year(day, ends)
    lasts = [fiscal_year_bounds(own + k, ends)[1] for k in range(len(YEAR_LINES) + 1)]
    lines = (REST_LINE, *YEAR_LINES, LATER_LINE)
    found = dict.fromkeys(lines, 0)
    for due, amount in dues:
        found[lines[bisect_left(lasts, due)]] += amount
    return found


def interest_cost(scope: Scope, period: Period) -> Mapping[str, int]:
    """
    What interest costs: coupons, discount and costs amortised, less what assets take up.

    Source: ASC 835-20-50-1, 835-30-45-3; IFRS 7.20(b), IAS 23.26(a).

    Returns:
        Minor units by line; none where nothing is borrowed.

    Raises:
        DisclosureMismatchError: If notes in the ledger cost another amount than their schedules.
    """
    costs = [each.cost(period) for each in borrowings(scope)]
    if not costs:
        return {}
    interest, amortised = (sum(parts) for parts in zip(*costs, strict=True))
    span = {"first": period.first, "last": period.last}
    booked = scope.caused_by(_EXPENSE, ISSUED, **span)
    if booked != interest + amortised:
        raise DisclosureMismatchError(
            f"notes cost {interest + amortised} minor units in {period.name} by their schedules, "
            f"and {booked} in the ledger"
        )
    capitalised = scope.caused_by(_EXPENSE, CAPITALISED, **span)
    total = scope.ledger.movement(_EXPENSE, period.first, period.last)
    return {
        "contractual-interest": interest,
        "amortisation": amortised,
        "other-interest": total - booked - capitalised,
        "capitalised": capitalised,
        "interest-expense": total,
    }
