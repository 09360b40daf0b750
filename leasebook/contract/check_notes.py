"""
Checks of notes: what is drawn, at which price, when it is repaid, and the days of it all.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from leasebook.contract.draft import Draft
from leasebook.contract.figure import Figure
from leasebook.contract.lease import DatedAmount
from leasebook.contract.note import Note
from leasebook.reckoning.calendar import steps_around
from leasebook.values.problem import Finding, Path

_PRICE_MAX = 2


def _notes(draft: Draft) -> Iterator[tuple[str, Note]]:
    for key, contract in draft.contracts.items():
        if isinstance(contract, Note):
            yield key, contract


def _value(figure: Figure[date] | None) -> date | None:
    return None if figure is None else figure.value


def notes_are_said_in_one_way(draft: Draft) -> Iterator[Finding]:
    """A note has a principal or draws, level or listed repayment, and one price at most."""
    for key, note in _notes(draft):
        path: Path = ("contracts", key)
        ways: tuple[tuple[str, object, str, object, bool], ...] = (
            ("principal", note.principal, "draws", note.draws, True),
            ("interest_only_until", note.interest_only_until, "repayments", note.repayments, True),
            ("issue_price", note.issue_price, "effective_rate", note.effective_rate, False),
        )
        for one, first, other, second, needed in ways:
            if first is not None and second not in (None, ()):
                cause = f"the note has both {one} and {other}"
                also = (*path, one)
                yield Finding(
                    "LB0460", (*path, other), cause, "keep one of them", "key", other=also
                )
            elif needed and first is None and not second:
                cause = f"the note has neither {one} nor {other}"
                yield Finding("LB0460", path, cause, f"add {one} = ..., or list {other}", "header")


def notes_keep_to_coupon_dates(draft: Draft) -> Iterator[Finding]:
    """Maturity and the end of interest-only time are coupon dates, counted from the first."""
    for key, note in _notes(draft):
        first = note.first_coupon.value
        for name in ("maturity", "interest_only_until"):
            day = _value(getattr(note, name))
            if first is None or day is None or day < first:
                continue
            before, after = steps_around(first, note.every.months, day)
            if day != before:
                cause = f"{day} is no coupon date: they fall every {note.every} from {first}"
                fix = f"write {before} or {after}"
                path, other = ("contracts", key, name), ("contracts", key, "first_coupon")
                yield Finding("LB0405", path, cause, fix, other=other)


def days_of_notes_are_in_order(draft: Draft) -> Iterator[Finding]:
    """Draws, repayments and resets follow each other between issue and maturity."""
    for key, note in _notes(draft):
        path: Path = ("contracts", key)
        issued, maturity = note.issued.value, note.maturity.value
        if issued is None or maturity is None:
            continue
        yield from _draws(path, note, issued, _value(note.interest_only_until) or maturity)
        yield from _in_order(path, "repayments", "date", [one.date for one in note.repayments])
        for number, one in enumerate(note.repayments):
            day = one.date.value
            if day is not None and not issued < day <= maturity:
                cause = f"{day} is not after {issued} and up to {maturity}"
                place = (*path, "repayments", number, "date")
                yield Finding("LB0461", place, cause, "correct the day")
        yield from _in_order(path, "resets", "from", [one.since for one in note.resets])
        yield from _resets(path, note, maturity)


def _draws(path: Path, note: Note, issued: date, until: date) -> Iterator[Finding]:
    yield from _in_order(path, "draws", "date", [one.date for one in note.draws])
    for number, one in enumerate(note.draws):
        day, place = one.date.value, (*path, "draws", number, "date")
        if day is None:
            continue
        if number == 0 and day != issued:
            cause = f"the first draw is on {day}, and the note is issued on {issued}"
            fix = f"write {day} in both, or add the draw of {issued}"
            yield Finding("LB0461", place, cause, fix, other=(*path, "issued"))
        elif number and not issued < day <= until:
            cause = f"{day} is not after {issued} and up to {until}, when repayment begins"
            yield Finding("LB0461", place, cause, "correct the day")


def _resets(path: Path, note: Note, maturity: date) -> Iterator[Finding]:
    first = note.first_coupon.value
    for number, one in enumerate(note.resets):
        day, place = one.since.value, (*path, "resets", number, "from")
        if day is None or first is None:
            continue
        if not first <= day < maturity:
            cause = f"{day} is not from the first coupon {first} on and before {maturity}"
            yield Finding("LB0461", place, cause, "correct the day, or coupon_annual")
            continue
        before, after = steps_around(first, note.every.months, day)
        if day != before:
            cause = f"{day} is no coupon date: they fall every {note.every} from {first}"
            yield Finding("LB0461", place, cause, f"write {before} or {after}")


def _in_order(path: Path, name: str, key: str, days: Sequence[Figure[date]]) -> Iterator[Finding]:
    for number, (one, two) in enumerate(pairwise(days), start=1):
        first, second = one.value, two.value
        if first is not None and second is not None and second <= first:
            cause = f"{second} is not after {first}"
            place, other = (*path, name, number, key), (*path, name, number - 1, key)
            fix = "put them in order; what falls on one day is one"
            yield Finding("LB0461", place, cause, fix, other=other)


def repayments_have_been_drawn(draft: Draft) -> Iterator[Finding]:
    """No more is repaid than has been drawn by then."""
    for key, note in _notes(draft):
        issued = note.issued.value
        drawn = note.draws or (
            () if note.principal is None else (DatedAmount(note.issued, note.principal),)
        )
        moves: list[tuple[date, int, Decimal, int]] = []
        for sign, listed in ((1, drawn), (-1, note.repayments)):
            for number, one in enumerate(listed):
                if one.date.value is None or one.amount.value is None:
                    break
                moves.append((one.date.value, -sign, sign * one.amount.value, number))
        if issued is None or len(moves) != len(drawn) + len(note.repayments):
            continue
        left = Decimal(0)
        for day, _, amount, number in sorted(moves):
            left += amount
            if left < 0:
                cause = f"by {day} {-left:,f} more is repaid than has been drawn"
                path: Path = ("contracts", key, "repayments", number, "amount")
                yield Finding("LB0462", path, cause, "correct the amount, or add the draw")
                break


def draws_are_promised(draft: Draft) -> Iterator[Finding]:
    """No more is drawn than the holder has promised to lend."""
    for key, note in _notes(draft):
        promised = None if note.commitment is None else note.commitment.value
        figures = [one.amount for one in note.draws]
        figures += [note.principal] if note.principal is not None else []
        drawn = [one.value for one in figures if one.value is not None]
        total = sum(drawn, Decimal(0))
        if promised is not None and total > promised:
            cause = f"{total:,f} is drawn of {promised:,f} that is promised"
            path: Path = ("contracts", key, "commitment")
            yield Finding("LB0462", path, cause, "correct the amount, or leave out a draw")


def prices_are_near_par(draft: Draft) -> Iterator[Finding]:
    """The price of one of principal is above nothing and at most twice as much."""
    for key, note in _notes(draft):
        price = None if note.issue_price is None else note.issue_price.value
        if price is not None and not 0 < price <= _PRICE_MAX:
            cause = f"a price of {price.normalize():f} for one of principal"
            fix = 'write the price in parts of the principal: 98.5 % is "98.5%" or "0.985"'
            yield Finding("LB0463", ("contracts", key, "issue_price"), cause, fix)
