"""
Checks of rents that fall due on days of their own, and of what happens to their leases.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from leasebook.contract.draft import Draft
from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.contract.option_times import known_months, longest_months, stated_months
from leasebook.contract.rent_days import rent_days, term_ends
from leasebook.contract.scalar import LAST_YEAR, MONTHS_MAX
from leasebook.reckoning.calendar import add_months
from leasebook.values.problem import Finding, Path

#: Conventions whose quoted rate counts days once the days are stated.
DAY_CONVENTIONS = ("effective-annual", "actual-365")
_OF_GRID = ("remaining_term_periods", "remaining_life_periods")
_BESIDE = ("over", "free", "escalation", "escalates_every")
_DAYS_SHOWN = 4


def _dated(draft: Draft) -> Iterator[tuple[str, Lease]]:
    """Leases with dated rents whose days, terms and options are known and within bounds."""
    for key, lease in draft.contracts.items():
        if isinstance(lease, Lease) and lease.rent.dated and _is_known(lease):
            yield key, lease


def _is_known(lease: Lease) -> bool:
    start, term = lease.commencement_date.value, known_months(lease.noncancellable)
    if start is None or term is None or any(one.date.value is None for one in lease.rent.dated):
        return False
    if any(not 1 <= option.times <= MONTHS_MAX for option in lease.options):
        return False
    longest = max(longest_months(lease), stated_months(lease))
    times = [known_months(figure) or 0 for o in lease.options for figure in (o.after, o.term)]
    return start.year + max(longest, *times, 0) // 12 < LAST_YEAR and longest <= MONTHS_MAX


def _listed(days: Iterator[date] | tuple[date, ...]) -> str:
    found = [str(day) for day in days]
    return ", ".join(found[:_DAYS_SHOWN]) + (", ..." if len(found) > _DAYS_SHOWN else "")


def rents_have_steps_or_days(draft: Draft) -> Iterator[Finding]:
    """Rent falls due every so many months in advance or arrears, or on days that are listed."""
    for key, lease in draft.contracts.items():
        if not isinstance(lease, Lease):
            continue
        path: Path = ("contracts", key, "rent")
        for name, value in (("every", lease.rent.every), ("in", lease.rent.timing)):
            if value is None and not lease.rent.dated:
                cause, fix = f"the rent has no {name}", f"add {name} = ..., or list dated rents"
                yield Finding("LB0103", path, cause, fix, "header")
            elif value is not None and lease.rent.dated:
                cause = f"rents that are listed by their days have no {name}"
                yield Finding("LB0401", (*path, name), cause, "remove it", "key")
        if not lease.rent.dated:
            continue
        for number, option in enumerate(lease.options):
            if option.amounts:
                cause = "the rents of a renewal are listed apart from the dated ones"
                place: Path = ("contracts", key, "options", number, "amounts")
                yield Finding("LB0401", place, cause, "list them by their days", "key")


def dated_rents_fall_in_the_term(draft: Draft) -> Iterator[Finding]:
    """Each falls due in the longest term, and no renewal is without any."""
    for key, lease in _dated(draft):
        path: Path = ("contracts", key, "rent", "dated")
        begins, ends = lease.commencement_date.get(), _terms_end(lease)
        seen = {one.date.get() for one in lease.rent.dated}
        for number, one in enumerate(lease.rent.dated):
            day = one.date.get()
            if not begins <= day < ends[-1]:
                cause = f"{day} is not between {begins} and the end of the term, before {ends[-1]}"
                yield Finding("LB0416", (*path, number, "date"), cause, "correct the day")
        for start, end in pairwise(ends):
            if not any(start <= day < end for day in seen):
                cause = f"no rent is listed for the renewal from {start}"
                yield Finding("LB0416", path, cause, f"list its rents, before {end}", "key")


def _terms_end(lease: Lease) -> tuple[date, ...]:
    """The days on which the stated term and each renewal are over."""
    begins, reached = lease.commencement_date.get(), stated_months(lease)
    months = [reached]
    for option in lease.options:
        for _ in range(option.times if option.kind == "renewal" else 0):
            reached += known_months(option.term) or 0
            months.append(reached)
    return tuple(add_months(begins, count) for count in sorted(set(months)))


def dated_rents_count_days(draft: Draft) -> Iterator[Finding]:
    """The rate of dated rents is one that days can be counted with."""
    for key, lease in draft.contracts.items():
        if not isinstance(lease, Lease) or not lease.rent.dated:
            continue
        if lease.rate_convention not in DAY_CONVENTIONS:
            cause = f"a {lease.rate_convention} rate does not tell what some days earn"
            path: Path = ("contracts", key, "rate_convention")
            yield Finding("LB0417", path, cause, 'write "effective-annual"')


def other_days_are_rent_days(draft: Draft) -> Iterator[Finding]:
    """An incentive that comes later comes on a day on which a period of dated rents begins."""
    for key, lease in _dated(draft):
        coming = lease.incentive_receivable
        months = None if coming is None else known_months(coming.after)
        if months is None:
            continue
        day, days = add_months(lease.commencement_date.get(), months), rent_days(lease)[:-1]
        if day not in days:
            path: Path = ("contracts", key, "incentive_receivable", "after")
            cause = f"no rent falls due on {day}, when the incentive comes"
            yield Finding("LB0418", path, cause, f"its days are {_listed(days)}")


def changes_fit_dated_rents(draft: Draft) -> Iterator[Finding]:
    """A change falls on a day on which a period begins, and lists what is left to an end."""
    for number, event in draft.events.items():
        lease = draft.contracts.get(event.contract)
        day = event.date.value
        if not isinstance(lease, Lease) or not lease.rent.dated or day is None:
            continue
        for name in _OF_GRID:
            if getattr(event, name) is not None:
                cause = f"{name} counts periods, and those of dated rents differ"
                yield Finding("LB0418", ("events", number, name), cause, "leave it out", "key")
        if _is_known(lease) and day >= lease.commencement_date.get():
            yield from _misfits(number, event, lease, day)


def _misfits(number: int, event: Event, lease: Lease, day: date) -> Iterator[Finding]:
    days, ends = rent_days(lease), term_ends(lease)
    if day not in days[:-1]:
        if event.kind not in ("renewal-exercised", "option-not-exercised"):
            cause, fix = f"no rent period begins on {day}", f"its days are {_listed(days[:-1])}"
            yield Finding("LB0418", ("events", number, "date"), cause, fix)
        return
    begins = days.index(day)
    counts = [days.index(end) - begins for end in ends if end > day]
    for name in ("payments", "added_payments"):
        listed = len(getattr(event, name))
        if listed and listed not in counts:
            cause = f"{listed} amounts from {day} do not run to an end of the term"
            wanted = " or ".join(str(count) for count in counts[:_DAYS_SHOWN])
            fix = f"list {wanted}, one for each period that begins from {day}"
            yield Finding("LB0418", ("events", number, name), cause, fix, "key")
    exercise = event.exercise.value if event.exercise is not None else None
    if exercise is not None and exercise not in days[begins + 1 :]:
        cause = f"no period of the rents ends where the asset is bought on {exercise}"
        yield Finding("LB0418", ("events", number, "exercise"), cause,
                      f"its days are {_listed(days[begins + 1 :])}")  # fmt: skip
