"""
The notes of a group at the end of each period: every table of `rules/disclosures/` as figures.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from leasebook.disclosures.averages import averages
from leasebook.disclosures.borrowings import carried, interest_cost, principal_due
from leasebook.disclosures.commitments import (
    day_one,
    exposures,
    guarantees_decline,
    not_yet_commenced,
    other_guarantees,
    residual_guarantees,
)
from leasebook.disclosures.line import Disclosed, Value, load_disclosures
from leasebook.disclosures.maturity import (
    check_against_ledger,
    current_and_not,
    lessee_maturity,
    receivables,
    rents_to_receive,
    summed,
)
from leasebook.disclosures.movement import (
    assets_by_kind,
    cash_paid,
    gains,
    lease_cost,
    lessor_income,
    roll_forward,
)
from leasebook.disclosures.scope import Period, Scope, is_open, lease_class
from leasebook.measure.schedule import Schedule

#: The column of a table that has only one.
WHOLE = "all"

_Columns = Iterable[tuple[str, Mapping[str, Value]]]


@attrs.frozen
class _At:
    """A scope at the end of a period, with each lease as the terms of that day foresee it."""

    scope: Scope
    period: Period
    lessees: tuple[tuple[Schedule, Schedule], ...]
    lessors: tuple[tuple[Schedule, Schedule], ...]

    @classmethod
    def of(cls, scope: Scope, period: Period) -> "_At":
        def views(role: str) -> tuple[tuple[Schedule, Schedule], ...]:
            return tuple(
                (s, scope.foreseen(s, period.last))
                for s in scope.own(role)
                if is_open(s, period.last)
            )

        return cls(scope, period, views("lessee"), views("lessor"))


def _by_column(parts: Iterable[tuple[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """Tables of amounts summed within each column."""
    found: dict[str, list[Mapping[str, int]]] = {}
    for column, table in parts:
        found.setdefault(column, []).append(table)
    return {column: summed(tables) for column, tables in found.items()}


def _maturity(at: _At) -> _Columns:
    for name, table in lessee_maturity(at.lessees, at.period.last).items():
        yield name, {("lease-liability" if k == "balance" else k): v for k, v in table.items()}


def _split(at: _At, then: Schedule) -> dict[str, int]:
    in_advance = at.scope.lease(then).rent.due == "advance"
    return current_and_not(then, at.period.last, in_advance=in_advance)


def _current(at: _At) -> _Columns:
    return _by_column(
        (lease_class(booked), _split(at, then))
        for booked, then in at.lessees
        if "liability" in then.signs
    ).items()


def _rolled(balance: str, at: _At) -> _Columns:
    role = "lessor" if balance == "net_investment" else "lessee"
    return _by_column(
        (lease_class(s), roll_forward(s, balance, at.period))
        for s in at.scope.own(role)
        if balance in s.signs and is_open(s, at.period.last)
    ).items()


def _receivables(at: _At) -> _Columns:
    return _by_column(receivables((then for _, then in at.lessors), at.period.last)).items()


def _rents(at: _At) -> _Columns:
    tables = rents_to_receive((then for _, then in at.lessors), at.period.last)
    return [(WHOLE, summed(tables))] if tables else []


def _income(at: _At) -> _Columns:
    return [(WHOLE, lessor_income((s for s, _ in at.lessors), at.period))] if at.lessors else []


def _whole(table: Callable[[Scope, Period], dict[str, int]]) -> Callable[[_At], _Columns]:
    def made(at: _At) -> _Columns:
        return [(WHOLE, table(at.scope, at.period))] if at.lessees else []

    return made


def _interest(at: _At) -> _Columns:
    costs = interest_cost(at.scope, at.period)
    return [(WHOLE, costs)] if costs else []


#: How each table is made, by its id in `rules/disclosures/`.
_TABLES: dict[str, Callable[[_At], _Columns]] = {
    "lessee-maturity": _maturity,
    "current-split": _current,
    "weighted-averages": lambda at: averages(at.scope, at.lessees, at.period.last).items(),
    "lease-cost": _whole(lease_cost),
    "gains-and-losses": _whole(gains),
    "cash-paid": _whole(cash_paid),
    "liability-rollforward": lambda at: _rolled("liability", at),
    "right-of-use-rollforward": lambda at: _rolled("rou", at),
    "right-of-use-by-kind": lambda at: _by_column(assets_by_kind(at.scope, at.period)).items(),
    "lessor-rents": _rents,
    "lessor-receivables": _receivables,
    "net-investment-rollforward": lambda at: _rolled("net_investment", at),
    "lessor-income": _income,
    "borrowings": lambda at: carried(at.scope, at.period.last),
    "borrowings-maturity": lambda at: principal_due(at.scope, at.period.last),
    "interest-cost": _interest,
    "day-one": lambda at: day_one(at.scope, at.period.last),
    "not-yet-commenced": lambda at: not_yet_commenced(at.scope, at.period.last),
    "residual-value-guarantees": lambda at: (
        (name, figures) for name, _, figures in residual_guarantees(at.scope, at.period.last)
    ),
    "other-guarantees": lambda at: (
        (name, figures) for name, _, figures in other_guarantees(at.scope, at.period.last)
    ),
    "guarantees-decline": lambda at: guarantees_decline(at.scope, at.period.last),
    "exposures": lambda at: exposures(at.scope, at.period.last),
}


def drawn_up(scope: Scope, periods: Iterable[Period]) -> Iterator[Disclosed]:
    """
    Every figure of the notes that the framework asks for, period by period.

    Source: ASC 842-20-50, 842-30-50, 810-10-50, 460-10-50; IFRS 16.51 to 16.60, 16.89 to 16.97,
    IFRS 12.29.

    Args:
        scope: Whose notes.
        periods: Flows are those of the period, balances those at the close of its last day.

    Yields:
        Figures, table by table; a table without a lease or a promise has none.

    Raises:
        DisclosureMismatchError: If a table does not tie to schedule or ledger.
    """
    for period in periods:
        check_against_ledger(scope, period.last)
        at = _At.of(scope, period)
        for table in load_disclosures():
            if scope.setting.framework in table.cites:
                for column, figures in _TABLES[table.id](at):
                    for line, value in figures.items():
                        yield Disclosed(table.id, period.name, column, line, value)
