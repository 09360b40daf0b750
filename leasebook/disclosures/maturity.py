"""
Maturity analyses: what falls due in each year, and what leads from there to the balance sheet.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter

from leasebook.disclosures.scope import (
    DisclosureMismatchError,
    Scope,
    later,
    lease_class,
    liability_account,
)
from leasebook.measure.schedule import Schedule
from leasebook.measure.translation import DIFFERENCE

#: Years that are told apart; what falls due later is one amount (ASC 842-20-50-6). IFRS 7.B11
#: leaves the bands to judgement, and the same ones are taken.
YEARS = 5
YEAR_LINES = tuple(f"year-{k}" for k in range(1, YEARS + 1))
LATER_LINE = "thereafter"


def dues(schedule: Schedule, balance: str, day: date) -> list[tuple[date, int]]:
    """
    What still settles a balance after a day, interest apart.

    Args:
        schedule: By the terms of the day.
        balance: The column whose signs say which flows settle it.
        day: At whose close.

    Returns:
        Dates and minor units, positive where they reduce the balance.
    """
    signs = schedule.signs[balance]
    at = {flow: schedule.columns.index(flow) for flow in signs if flow not in ACCRUALS}
    found = []
    for row in schedule.rows[bisect_right(schedule.rows, day, key=attrgetter("date")) :]:
        due = -sum(signs[flow] * row.amounts[index] for flow, index in at.items())
        if due:
            found.append((row.date, due))
    return found


#: Flows by which a balance grows towards what is due; after a day whose rate stands, exchange
#: differences are what rounding leaves.
ACCRUALS = frozenset({"interest", "residual_accretion", DIFFERENCE})


def unearned(schedule: Schedule, balance: str, day: date) -> int:
    """Interest that a balance still earns after a day, minor units."""
    signs = schedule.signs[balance]
    first = date.fromordinal(day.toordinal() + 1)
    return sum(schedule.total(flow, first) for flow in signs if flow in ACCRUALS)


def by_year(amounts: Iterable[tuple[date, int]], day: date) -> dict[str, int]:
    """
    Amounts by the year after a day in which they fall due.

    A year ends on the day's own date in a later year; what is due on that date is in it.

    Source: ASC 842-20-50-6, 842-30-50-10, 842-30-50-12; IFRS 16.58, 16.94, 16.97, IFRS 7.B11.

    Args:
        amounts: Dates and minor units.
        day: The reporting date.

    Returns:
        Minor units for each of five years and for the time after them.

    Example:
        >>> by_year([(date(2027, 12, 31), 5), (date(2028, 1, 1), 7)], date(2026, 12, 31))["year-1"]
        5
    """
    ends = [later(day, 12 * k) for k in range(1, YEARS + 1)]
    found = dict.fromkeys((*YEAR_LINES, LATER_LINE), 0)
    for due, amount in amounts:
        index = sum(end < due for end in ends)
        found[YEAR_LINES[index] if index < YEARS else LATER_LINE] += amount
    return found


def settled(schedule: Schedule, balance: str, day: date) -> dict[str, int]:
    """
    One lease's maturity analysis: dues by year, their total, the interest in them, the balance.

    Raises:
        DisclosureMismatchError: If dues less interest are not the balance, to the minor unit.
    """
    found = by_year(dues(schedule, balance, day), day)
    total = sum(found.values())
    interest = unearned(schedule, balance, day)
    held = schedule.balance(balance, day)
    if total - interest != held:
        raise DisclosureMismatchError(
            f"{schedule.contract} in the books of {schedule.entity} on {day}: {total} falls due, "
            f"less {interest} of interest, and {balance} is {held} minor units"
        )
    return found | {"total-undiscounted": total, "imputed-interest": -interest, "balance": held}


def summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Tables of amounts added line by line."""
    sums: dict[str, int] = {}
    for part in parts:
        for line, amount in part.items():
            sums[line] = sums.get(line, 0) + amount
    return sums


def lessee_maturity(
    views: Iterable[tuple[Schedule, Schedule]], day: date
) -> dict[str, dict[str, int]]:
    """
    The maturity analysis of lease liabilities by class of lease.

    Source: ASC 842-20-50-6; IFRS 16.58.

    Args:
        views: Each lessee's schedule in the books, with the one by the terms of the day.
        day: The reporting date.

    Returns:
        Minor units by class and line; `balance` is the liability.

    Raises:
        DisclosureMismatchError: If a table does not end at its liability.
    """
    parts: dict[str, list[dict[str, int]]] = {}
    for booked, then in views:
        if "liability" not in then.signs:
            continue
        table = settled(then, "liability", day)
        if table["balance"] != booked.balance("liability", day):
            raise DisclosureMismatchError(
                f"{booked.contract} on {day}: the terms of the day give a liability of "
                f"{table['balance']}, the books hold {booked.balance('liability', day)} minor units"
            )
        parts.setdefault(lease_class(booked), []).append(table)
    return {name: summed(tables) for name, tables in parts.items()}


def check_against_ledger(scope: Scope, day: date) -> None:
    """
    Holds the lessee's schedules against the accounts of the ledger.

    Raises:
        DisclosureMismatchError: If a liability account is not what the schedules say.
    """
    accounts: dict[str, int] = {}
    for schedule in scope.own("lessee"):
        if "liability" in schedule.balances:
            account = liability_account(schedule)
            accounts[account] = accounts.get(account, 0) + schedule.balance("liability", day)
    for account, held in accounts.items():
        booked = -scope.ledger.balance(account, day)
        if booked != held:
            raise DisclosureMismatchError(
                f"{account} on {day}: the schedules hold {held}, the ledger {booked} minor units"
            )


def current_and_not(then: Schedule, day: date, *, in_advance: bool) -> dict[str, int]:
    """
    A liability split into its current and its non-current portion.

    Non-current is what is left right after the last payment of the next twelve months, before any
    interest of that day that belongs to the time after it; current is the rest.

    Source: ASC 842-20-45-1, 210-10-45-9; IAS 1.69, IFRS 16.47(b).

    Args:
        then: The lessee's schedule by the terms of the day.
        day: The reporting date.
        in_advance: Whether rent is due on the first day of its period.

    Returns:
        Minor units by line.
    """
    held = then.balance("liability", day)
    until = later(day, 12)
    paid = [due for due, _ in dues(then, "liability", day) if due <= until]
    left = held
    if paid:
        left = then.balance("liability", paid[-1])
        if left and in_advance:
            left -= then.total("interest", paid[-1], paid[-1])
    return {"current": held - left, "non-current": left, "lease-liability": held}


def receivables(views: Iterable[Schedule], day: date) -> Iterator[tuple[str, dict[str, int]]]:
    """
    The maturity analysis of each net investment, reconciled to it, by class of lease.

    Source: ASC 842-30-50-10, 842-30-50-11; IFRS 16.93, 16.94.

    Args:
        views: Lessors' schedules by the terms of the day.
        day: The reporting date.

    Yields:
        Class and minor units by line.

    Raises:
        DisclosureMismatchError: If dues less interest are not the receivable.
    """
    for then in views:
        if "net_investment" not in then.signs:
            continue
        found = settled(then, "receivable", day)
        held = found.pop("balance")
        residual = then.balance("residual", day)
        deferred = then.balance("deferred_profit_remaining", day)
        net = then.balance("net_investment", day)
        if held + residual - deferred != net:
            raise DisclosureMismatchError(
                f"{then.contract} on {day}: receivable {held}, residual {residual} and deferred "
                f"profit {deferred} do not make the net investment of {net} minor units"
            )
        yield (
            then.name.partition("-")[2],
            found
            | {
                "lease-receivable": held,
                "unguaranteed-residual": residual,
                "deferred-profit": -deferred,
                "net-investment": net,
            },
        )


def rents_to_receive(views: Iterable[Schedule], day: date) -> list[dict[str, int]]:
    """
    Rents to be received under operating leases, by year; one that is deferred when it is due.

    Source: ASC 842-30-50-12; IFRS 16.97.
    """
    tables = []
    for then in views:
        if then.name == "lessor-operating":
            names = ("payment", "billed") if "billed_settled" in then.columns else ("payment",)
            at = [then.columns.index(name) for name in names]
            rents = [(r.date, sum(r.amounts[k] for k in at)) for r in then.rows if r.date > day]
            found = by_year(rents, day)
            tables.append(found | {"total-undiscounted": sum(found.values())})
    return tables
