"""
Checks of events: what can happen to a lease, when, and in which order.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import attrs
from dateutil.relativedelta import relativedelta

from leasebook.contract.check_names import refer
from leasebook.contract.draft import Draft
from leasebook.contract.event import EVENT_TERMS, OF_A_COMPONENT, Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.option_times import longest_months, termination_months
from leasebook.contract.scalar import MONTHS_MAX
from leasebook.contract.share import part_id, signed_id
from leasebook.reckoning.calendar import steps_around
from leasebook.values.duration import Duration
from leasebook.values.problem import Finding, Path

_DAYS_SHOWN = 4
#: What can still be said of a lease on the day on which it is over.
_AT_THE_END = ("payment-made", "terminated", "collection-probable")
_OF_OPTIONS = ("renewal-exercised", "option-not-exercised")
_SHARED = ("scenario", "contract", "kind", "date", "order")
_EVENT_KEYS = tuple(f.name for f in attrs.fields(Event) if f.name not in _SHARED)


def _months(figure: Figure[Duration] | None) -> int | None:
    return None if figure is None or figure.value is None else figure.value.months


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


def events_happen_to_leases(draft: Draft) -> Iterator[Finding]:
    """An event names a lease; what happens to one asset may name a component that has one."""
    for number, event in draft.events.items():
        lease = draft.contracts.get(signed_id(event.contract))
        parts = lease.components if isinstance(lease, Lease) else ()
        named = {part_id(signed_id(event.contract), part.name) for part in parts if part.asset}
        if event.kind not in OF_A_COMPONENT or event.contract not in named:
            path: Path = ("events", number, "contract")
            yield from refer(draft, path, event.contract, "contracts", Lease)


def _lease_events(draft: Draft) -> Iterator[tuple[int, Event, Lease, date]]:
    for number, event in draft.events.items():
        lease = draft.contracts.get(signed_id(event.contract))
        if isinstance(lease, Lease) and event.date.value is not None:
            yield number, event, lease, event.date.value


def events_fall_on_their_days(draft: Draft) -> Iterator[Finding]:
    """Terms change where a period begins; options are decided where the term before them ends."""
    for number, event, lease, day in _lease_events(draft):
        path, start = ("events", number, "date"), lease.commencement_date.value
        if start is not None and day < start:
            cause = f"{day} is before the lease commences on {start}"
            other = ("contracts", signed_id(event.contract), "commencement_date")
            yield Finding("LB0407", path, cause, "correct the date", other=other)
            continue
        if event.kind not in _OF_OPTIONS:
            if start is None:
                continue
            if lease.rent.dated:
                continue  # their days are those of the rents: check_rent_days
            before, after = steps_around(start, lease.rent.step_months, day)
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


def events_have_a_place_of_their_own(draft: Draft) -> Iterator[Finding]:
    """In one scenario the events of a contract on one day say in which order they happen."""
    seen: dict[tuple[str, str, date, int], int] = {}
    for number, event in draft.events.items():
        if event.date.value is None:
            continue
        place = (event.scenario, event.contract, event.date.value, event.order)
        first = seen.setdefault(place, number)
        if first != number:
            cause = f"{event.contract} has two events on {event.date.value} in {event.scenario}"
            path, other = ("events", number, "date"), ("events", first, "date")
            fix = "merge them, move one, or add order = 1 to the later one"
            yield Finding("LB0408", path, cause, fix, other=other)


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


def events_happen_while_the_lease_runs(draft: Draft) -> Iterator[Finding]:
    """
    Nothing happens to a lease that is over, whichever of its options are used.

    Payments that an event lists can take it further. Dated rents have days of their own.
    """
    by_course: dict[tuple[str, str], list[tuple[date, int, int, Event, Lease]]] = {}
    for number, event, lease, day in _lease_events(draft):
        if not lease.rent.dated and lease.commencement_date.value is not None:
            course = by_course.setdefault((event.scenario, event.contract), [])
            course.append((day, event.order, number, event, lease))
    for course in by_course.values():
        course.sort(key=lambda one: one[:3])
        lease, ended = course[0][4], None
        begins, months = lease.commencement_date.get(), _months(lease.noncancellable)
        if months is None or any(
            o.kind == "renewal" and not _months(o.term) for o in lease.options
        ):
            continue
        over = _step(begins, longest_months(lease))
        for day, _, number, event, _ in course:
            if event.kind in _OF_OPTIONS:
                continue  # they have days of their own
            path: Path = ("events", number, "date")
            # What was paid for the last period, or that it was not, is told as it ends.
            last = event.kind in _AT_THE_END and day == over
            lists = bool(event.payments)
            if day > over or (day == over and not last and (ended is not None or not lists)):
                cause = f"{event.contract} is over on {over}, and something happens on {day}"
                place: Path = ("events", ended, "date") if ended is not None else (
                    "contracts", signed_id(event.contract), "noncancellable")  # fmt: skip
                fix = "write an earlier day, or remove the event"
                yield Finding("LB0414", path, cause, fix, other=place)
                continue
            if event.kind == "terminated":
                over, ended = day, number
            elif lists:
                over = max(over, _step(day, len(event.payments) * lease.rent.step_months))


def deferred_rent_is_paid_in_the_lease(draft: Draft) -> Iterator[Finding]:
    """Deferral and catching up are whole rent periods, one after the other, within the lease."""
    for number, event, lease, day in _lease_events(draft):
        path: Path = ("events", number)
        if event.kind != "rent-deferred" or lease.commencement_date.value is None:
            continue
        if lease.rent.dated:
            cause = "its rents are listed by their days"
            yield Finding("LB0464", (*path, "contract"), cause, "list the new days in the lease")
            continue
        step = lease.rent.step_months
        times = {name: _months(getattr(event, name)) for name in ("deferred_for", "repaid_over")}
        for name, months in times.items():
            if months is not None and (months < step or months % step):
                cause = f"{months} months are no whole number of rent periods ({step} months)"
                yield Finding("LB0464", (*path, name), cause, "write whole periods, at least one")
        begins = None if event.repaid_from is None else event.repaid_from.value
        if begins is None or None in times.values():
            continue
        before, after = steps_around(lease.commencement_date.value, step, begins)
        over = _step(day, times["deferred_for"] or 0)
        end = _step(lease.commencement_date.value, longest_months(lease))
        if begins != before:
            cause = f"no rent period begins on {begins}"
            yield Finding("LB0464", (*path, "repaid_from"), cause, f"write {before} or {after}")
        elif begins < over:
            cause = f"rent is deferred until {over}, and paid from {begins} on"
            yield Finding("LB0464", (*path, "repaid_from"), cause, f"write {over} or later")
        elif _step(begins, times["repaid_over"] or 0) > end:
            cause = f"what is deferred is not paid when the lease is over on {end}"
            yield Finding("LB0464", (*path, "repaid_over"), cause, "let it be paid sooner")


def changes_of_rent_say_the_rent(draft: Draft) -> Iterator[Finding]:
    """A change of rent has an amount."""
    for number, event in draft.events.items():
        if event.kind == "rent-changed" and event.amount is None:
            cause = "the rent changes, but not to what"
            yield Finding("LB0412", ("events", number), cause, "add amount = ...", "header")


def events_say_what_happens(draft: Draft) -> Iterator[Finding]:
    """An event has the keys that its kind needs, and none that belong to another."""
    for number, event in draft.events.items():
        needed, allowed = EVENT_TERMS[event.kind]
        for name in _EVENT_KEYS:
            given = getattr(event, name) not in (None, ())
            if name in needed and not given and event.kind != "rent-changed":
                cause = f"an event of kind {event.kind} needs {name}"
                yield Finding("LB0412", ("events", number), cause, f"add {name} = ...", "header")
            elif given and name not in (*needed, *allowed):
                cause = f"an event of kind {event.kind} has no {name}"
                listed = ", ".join((*needed, *allowed)) or "none besides contract and date"
                yield Finding(
                    "LB0412", ("events", number, name), cause, f"its keys: {listed}", "key"
                )


def leases_are_assumed_by_another(draft: Draft) -> Iterator[Finding]:
    """Whoever takes over a lease is no party to it, and it is taken over once in a scenario."""
    taken: dict[tuple[str, str], int] = {}
    for number, event in draft.events.items():
        lease = draft.contracts.get(signed_id(event.contract))
        if event.kind != "assumed" or not isinstance(lease, Lease):
            continue
        path: Path = ("events", number, "new_lessee")
        if event.new_lessee in (lease.lessee, lease.lessor):
            cause = f"{event.new_lessee} is a party to {event.contract} already"
            yield Finding("LB0459", path, cause, "name who takes it over")
        first = taken.setdefault((event.scenario, event.contract), number)
        if first != number:
            cause = f"{event.contract} is taken over twice in {event.scenario}"
            other = ("events", first)
            yield Finding(
                "LB0459", ("events", number), cause, "keep one of them", "header", other=other
            )
