"""
Checks of terms: what one contract, or the contracts of one entity, cannot say together.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
from dateutil.relativedelta import relativedelta

from leasebook.contract.deal import Basis
from leasebook.contract.draft import Draft
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Construction,
    Contribution,
    Distribution,
    Draws,
    EquityInterest,
    Note,
    Securities,
    Services,
    parties,
)
from leasebook.contract.option_times import termination_months
from leasebook.contract.scalar import LAST_YEAR, MONTHS_MAX
from leasebook.contract.shape import file_keys
from leasebook.values.duration import Duration
from leasebook.values.problem import Finding, Path

_DAYS_SHOWN = 4


def _of(draft: Draft, cls: type[Any]) -> Iterator[tuple[str, Any]]:
    for key, contract in draft.contracts.items():
        if isinstance(contract, cls):
            yield key, contract


def _months(figure: Figure[Duration] | None) -> int | None:
    return None if figure is None or figure.value is None else figure.value.months


def parties_differ(draft: Draft) -> Iterator[Finding]:
    """The two sides of a contract are two."""
    for key, contract in draft.contracts.items():
        first, second = parties(contract)
        if first == second:
            keys = file_keys(type(contract))
            sides = [keys[f.name] for f in attrs.fields(type(contract)) if f.metadata.get("party")]
            cause = f"{first} is on both sides of the contract"
            path, other = ("contracts", key, sides[1]), ("contracts", key, sides[0])
            yield Finding("LB0302", path, cause, "name the other party", other=other)


def rent_is_one_amount(draft: Draft) -> Iterator[Finding]:
    """Rent is an amount for each period, or a total over a time."""
    for key, lease in _of(draft, Lease):
        path: Path = ("contracts", key, "rent")
        rent = lease.rent
        if rent.amount is not None and rent.total is not None:
            cause = "the rent has both an amount and a total"
            place = (*path, "total")
            yield Finding("LB0401", place, cause, "keep one", "key", other=(*path, "amount"))
        elif rent.amount is None and rent.total is None:
            cause, fix = "the rent has no amount", "add amount = ..., or total and over"
            yield Finding("LB0401", path, cause, fix, "header")
        elif rent.total is not None and rent.over is None:
            cause, fix = "a total of rent needs a time", 'add over = "4 years"'
            yield Finding("LB0402", (*path, "total"), cause, fix, "key")
        elif rent.total is None and rent.over is not None:
            cause, fix = "the amount of each period is not spread", "remove over, or write total"
            yield Finding("LB0402", (*path, "over"), cause, fix, "key")


def terms_are_whole_periods(draft: Draft) -> Iterator[Finding]:
    """The term, the time of a total and the terms of options are whole rent periods."""
    for key, lease in _of(draft, Lease):
        path: Path = ("contracts", key)
        every = lease.rent.every
        times = [
            ((*path, "noncancellable"), lease.noncancellable),
            ((*path, "rent", "over"), lease.rent.over),
            *(((*path, "options", n, "term"), o.term) for n, o in enumerate(lease.options)),
            *(((*path, "options", n, "after"), o.after) for n, o in enumerate(lease.options)),
        ]
        for place, figure in times:
            months = _months(figure)
            if months is not None and months % every.months:
                cause = f"{figure.value} are no whole number of rent periods ({every})"
                fix = "choose a time that the period divides, or another period"
                yield Finding("LB0411", place, cause, fix, other=(*path, "rent", "every"))


def leases_end_in_time(draft: Draft) -> Iterator[Finding]:
    """A lease with all its options is within the limits of time."""
    for key, lease in _of(draft, Lease):
        start, months = lease.commencement_date.value, _months(lease.noncancellable)
        if start is None or months is None:
            continue
        for option in lease.options:
            if option.kind == "renewal":
                months += (_months(option.term) or 0) * max(0, min(option.times, MONTHS_MAX))
        end = start.year * 12 + start.month - 1 + months
        if months > MONTHS_MAX or end > (LAST_YEAR + 1) * 12:
            cause = f"with all its options the lease lasts {months} months from {start}"
            fix = f"at most {MONTHS_MAX} months, to {LAST_YEAR}"
            yield Finding("LB0206", ("contracts", key, "noncancellable"), cause, fix)


def dates_are_in_order(draft: Draft) -> Iterator[Finding]:
    """What comes first in a contract comes first in time."""
    for key, contract in draft.contracts.items():
        path: Path = ("contracts", key)
        match contract:
            case Note():
                yield from _ordered(path, contract, "issued", "first_coupon", strictly=True)
                yield from _ordered(path, contract, "first_coupon", "maturity")
                yield from _ordered(path, contract, "interest_only_until", "maturity")
                yield from _ordered(path, contract, "issued", "interest_only_until")
            case Securities():
                yield from _ordered(path, contract, "purchased", "until", strictly=True)
            case Services():
                yield from _ordered(path, contract, "first", "last")
            case Construction():
                yield from _ordered((*path, "draws"), contract.draws, "first", "last")
            case Contribution(calls=Draws() as calls):
                yield from _ordered((*path, "calls"), calls, "first", "last")


def _ordered(
    path: Path, part: Any, early: str, late: str, *, strictly: bool = False
) -> Iterator[Finding]:
    first, last = getattr(part, early), getattr(part, late)
    if first is None or last is None or first.value is None or last.value is None:
        return
    if last.value < first.value or (strictly and last.value == first.value):
        keys = file_keys(type(part))
        how = "before" if last.value < first.value else "the same day as"
        cause = f"{keys[late]} {last.value} is {how} {keys[early]} {first.value}"
        other = (*path, keys[early])
        yield Finding("LB0404", (*path, keys[late]), cause, "correct one of the two", other=other)


def notes_keep_to_coupon_dates(draft: Draft) -> Iterator[Finding]:
    """Maturity and the end of interest-only time are coupon dates, counted from the first."""
    for key, note in _of(draft, Note):
        first = note.first_coupon.value
        for name in ("maturity", "interest_only_until"):
            day = getattr(note, name).value
            if first is None or day is None or day < first:
                continue
            before, after = _around(first, note.every.months, day)
            if day != before:
                cause = f"{day} is no coupon date: they fall every {note.every} from {first}"
                fix = f"write {before} or {after}"
                path, other = ("contracts", key, name), ("contracts", key, "first_coupon")
                yield Finding("LB0405", path, cause, fix, other=other)


def _around(anchor: date, months: int, day: date) -> tuple[date, date]:
    """The days of a grid on or before a day, and after it; stepped from the anchor."""
    steps = max(0, (day.year - anchor.year) * 12 + day.month - anchor.month) // months
    while steps and anchor + relativedelta(months=steps * months) > day:
        steps -= 1
    after = anchor + relativedelta(months=(steps + 1) * months)
    return anchor + relativedelta(months=steps * months), after


def payments_are_made_in_one_way(draft: Draft) -> Iterator[Finding]:
    """A contribution is paid or called, a distribution is paid or passes rent on."""
    for key, contract in draft.contracts.items():
        match contract:
            case Contribution():
                other, other_key = contract.calls is not None, "calls"
            case Distribution():
                other, other_key = bool(contract.passes_on), "passes_on"
            case _:
                continue
        stated = [name for name in ("amount", "date") if getattr(contract, name) is not None]
        if other and stated:
            cause = f"the contract has both {stated[0]} and {other_key}"
            path, also = ("contracts", key, other_key), ("contracts", key, stated[0])
            yield Finding("LB0403", path, cause, "keep one of them", "key", other=also)
        elif not other and len(stated) < 2:
            missing = "amount" if "amount" not in stated else "date"
            cause = f"the contract has neither {other_key} nor amount and date"
            fix = f"add {missing} = ..." if stated else f"add amount and date, or {other_key}"
            yield Finding("LB0403", ("contracts", key), cause, fix, "header")


def interests_are_between_the_parties(draft: Draft) -> Iterator[Finding]:
    """The interest of a contribution or distribution is the holder's in the entity."""
    for key, contract in draft.contracts.items():
        match contract:
            case Contribution():
                holder, issuer = contract.contributor, contract.recipient
            case Distribution():
                holder, issuer = contract.recipient, contract.distributor
            case _:
                continue
        interest = draft.contracts.get(contract.interest)
        if not isinstance(interest, EquityInterest):
            continue
        if (interest.holder, interest.issuer) != (holder, issuer):
            cause = (
                f"{contract.interest} is the interest of {interest.holder} in {interest.issuer}, "
                f"not of {holder} in {issuer}"
            )
            fitting = [
                name
                for name, one in _of(draft, EquityInterest)
                if (one.holder, one.issuer) == (holder, issuer)
            ]
            fix = f"write {fitting[0]}" if fitting else f"add the interest of {holder} in {issuer}"
            yield Finding("LB0305", ("contracts", key, "interest"), cause, fix)


def interests_add_up(draft: Draft) -> Iterator[Finding]:
    """The interests in one entity are together at most the whole."""
    held: dict[str, list[tuple[str, Decimal]]] = {}
    for key, interest in _of(draft, EquityInterest):
        if interest.share.value is not None:
            held.setdefault(interest.issuer, []).append((key, interest.share.value))
    for issuer, shares in held.items():
        total = sum((share for _, share in shares), Decimal(0))
        if total > 1 and all(0 < share <= 1 for _, share in shares):
            listed = " + ".join(f"{key} {share}" for key, share in shares[:6])
            cause = f"the interests in {issuer} add up to {total}: {listed}"
            path = ("contracts", shares[-1][0], "share")
            other = ("contracts", shares[0][0], "share")
            yield Finding("LB0409", path, cause, "correct the shares", other=other)


def _decision_days(lease: Lease) -> tuple[tuple[date, ...], tuple[date, ...]] | None:
    """The days on which renewals begin, and on which a termination ends it; None if not known."""
    start, months = lease.commencement_date.value, _months(lease.noncancellable)
    if start is None or months is None:
        return None
    renewals: list[date] = []
    terminations: list[date] = []
    for option in lease.options:
        term, leave = _months(option.term), termination_months(option)
        if option.kind == "renewal" and term is None:
            return None
        if option.kind == "termination" and leave is not None:
            terminations.append(_step(start, leave))
        for _ in range(min(option.times, 1000) if option.kind == "renewal" else 0):
            renewals.append(_step(start, months))
            months += term or 0
            if months > MONTHS_MAX:
                return None
    return tuple(renewals), tuple(terminations)


def _step(start: date, months: int) -> date:
    try:
        return start + relativedelta(months=months)
    except (ValueError, OverflowError):
        return date.max


def _lease_events(draft: Draft) -> Iterator[tuple[int, Event, Lease, date]]:
    for number, event in draft.events.items():
        lease = draft.contracts.get(event.contract)
        if isinstance(lease, Lease) and event.date.value is not None:
            yield number, event, lease, event.date.value


def events_fall_on_their_days(draft: Draft) -> Iterator[Finding]:
    """Rent changes where a period begins; options are decided where the term before them ends."""
    for number, event, lease, day in _lease_events(draft):
        path, start = ("events", number, "date"), lease.commencement_date.value
        if start is not None and day < start:
            cause = f"{day} is before the lease commences on {start}"
            other = ("contracts", event.contract, "commencement_date")
            yield Finding("LB0407", path, cause, "correct the date", other=other)
            continue
        if event.kind == "rent-changed":
            if start is None:
                continue
            before, after = _around(start, lease.rent.every.months, day)
            if day != before:
                cause = f"no rent period begins on {day}"
                yield Finding("LB0406", path, cause, f"write {before} or {after}")
            continue
        days = _decision_days(lease)
        if days is None:
            continue
        renewals, terminations = days
        fitting = renewals if event.kind == "renewal-exercised" else (*renewals, *terminations)
        if day not in fitting:
            cause = f"{event.contract} has no option that is decided on {day}"
            yield Finding("LB0406", path, cause, _days(fitting))


def _days(days: Sequence[date]) -> str:
    if not days:
        return "add the option to the lease, or remove the event"
    listed = ", ".join(str(day) for day in days[:_DAYS_SHOWN])
    return f"its days are {listed}" + (", ..." if len(days) > _DAYS_SHOWN else "")


def events_have_a_day_of_their_own(draft: Draft) -> Iterator[Finding]:
    """In one scenario a contract has one event a day."""
    seen: dict[tuple[str, str, date], int] = {}
    for number, event in draft.events.items():
        if event.date.value is None:
            continue
        day = (event.scenario, event.contract, event.date.value)
        first = seen.setdefault(day, number)
        if first != number:
            cause = f"{event.contract} has two events on {event.date.value} in {event.scenario}"
            path, other = ("events", number, "date"), ("events", first, "date")
            yield Finding("LB0408", path, cause, "merge them, or move one", other=other)


def events_follow_one_another(draft: Draft) -> Iterator[Finding]:
    """A renewal needs those before it, and nothing follows an option that was left."""
    by_course: dict[tuple[str, str], list[tuple[date, int, Event, Lease]]] = {}
    for number, event, lease, day in _lease_events(draft):
        course = by_course.setdefault((event.scenario, event.contract), [])
        course.append((day, number, event, lease))
    for course in by_course.values():
        course.sort(key=lambda one: one[:2])
        exercised = {day for day, _, event, _ in course if event.kind == "renewal-exercised"}
        left: tuple[date, int] | None = None
        for day, number, event, lease in course:
            path: Path = ("events", number, "date")
            renewals = (_decision_days(lease) or ((), ()))[0]
            skipped = [one for one in renewals if one < day and one not in exercised]
            if left is not None and day > left[0]:
                cause = f"{event.contract} was left on {left[0]}, and something follows on {day}"
                other = ("events", left[1], "date")
                yield Finding("LB0414", path, cause, "remove one of the two", other=other)
            elif skipped and event.kind == "renewal-exercised" and day in renewals:
                cause = f"the renewal of {skipped[0]} is not exercised, but that of {day} is"
                yield Finding("LB0414", path, cause, f"add the event of {skipped[0]}")
            if event.kind == "option-not-exercised" and left is None:
                left = (day, number)


def changes_of_rent_say_the_rent(draft: Draft) -> Iterator[Finding]:
    """A change of rent has an amount."""
    for number, event in draft.events.items():
        if event.kind == "rent-changed" and event.amount is None:
            cause = "the rent changes, but not to what"
            yield Finding("LB0412", ("events", number), cause, "add amount = ...", "header")


def perimeters_have_no_hole(draft: Draft) -> Iterator[Finding]:
    """A perimeter that holds a company holds the companies of which it has more than half."""
    for number, basis in draft.bases.items():
        perimeter = basis.perimeter
        if perimeter is None or draft.deal is None:
            continue
        inside = {name for name, how in perimeter.items() if how == "consolidate"}
        inside.add(draft.deal.reporting)
        for subsidiary, holders in _held_by(draft, inside).items():
            entity = draft.entities.get(subsidiary)
            share = sum(holders.values(), Decimal(0))
            if subsidiary in inside or share <= Decimal("0.5") or share > 1:
                continue
            if entity is not None and entity.keeps_books:
                how = perimeter.get(subsidiary, "left out")
                cause = f"{basis.id} holds {share:%} of {subsidiary}, and {subsidiary} is {how}"
                fix = f'write {subsidiary} = "consolidate", or leave out its holder'
                yield Finding("LB0410", _in_perimeter(number, basis, subsidiary), cause, fix,
                              cites=("ASC 810-10-15-10",))  # fmt: skip


def _held_by(draft: Draft, holders: set[str]) -> dict[str, dict[str, Decimal]]:
    """For each issuer, what the holders have of it together, contract by contract."""
    held: dict[str, dict[str, Decimal]] = {}
    for key, interest in _of(draft, EquityInterest):
        if interest.holder in holders and interest.share.value is not None:
            held.setdefault(interest.issuer, {})[key] = interest.share.value
    return held


def _in_perimeter(number: int, basis: Basis, name: str) -> Path:
    named = basis.perimeter is not None and name in basis.perimeter
    return ("bases", number, "perimeter", name) if named else ("bases", number, "perimeter")
