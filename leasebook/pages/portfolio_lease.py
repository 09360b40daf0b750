"""
One lease of a portfolio, explained: what it opens with, its schedule, and what was decided why.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from leasebook.bulk.one_lease import Explained
from leasebook.intake.columns import EPOCH, LEASES
from leasebook.intake.lot import Lot
from leasebook.measure.schedule import Schedule
from leasebook.pages.caption import FRAMEWORKS
from leasebook.portfolio.terms import RATE_UNIT, UNKNOWN
from leasebook.reckoning.rates import rate_text
from leasebook.report.cell import exact
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.rulebook.determination import Determination
from leasebook.values.money import Currency

#: What a schedule opens with, by the name of the balance: whether it is owed or to be received.
_OPENING = ("liability", "receivable", "rou", "residual")


def lease_document(
    lot: Lot, entity: str, currency: Currency, found: Sequence[Explained]
) -> dict[str, Any]:
    """
    One lease as a value for JSON.

    Where its frameworks agree on the opening liability or receivable, it stands at the top as well;
    so do schedule and determinations of the first framework that measures it.
    """
    frameworks = [_framework(one, currency) for one in found]
    measured = [one for one in frameworks if one["schedule"]] or frameworks
    openings = {one["opening_liability"] for one in measured}
    return {
        "id": lot.ids[0],
        "entity": entity,
        "counterparty": lot.counterparties[0],
        "currency": currency.code,
        "terms": _terms(lot, currency),
        "opening_liability": openings.pop() if len(openings) == 1 else None,
        "schedule": measured[0]["schedule"],
        "determinations": [row for one in frameworks for row in one["determinations"]],
        "frameworks": frameworks,
    }


def _framework(one: Explained, currency: Currency) -> dict[str, Any]:
    schedule = _main(one.known)
    opening = {} if schedule is None else _opening(schedule)
    owed = opening.get("liability", opening.get("receivable"))
    asset = opening.get("rou", opening.get("residual"))
    if not one.schedules:
        asset = None  # while the class is open
    return {
        "framework": one.framework,
        "measured_as": schedule.name if one.schedules and schedule is not None else None,
        "opening_liability": _money(owed, currency),
        "opening_asset": _money(asset, currency),
        "rates": list(schedule.rates) if schedule is not None else [],
        "agrees_with_columns": one.agreed,
        "determinations": [_determination(d) for d in one.determinations],
        "schedule": _rows(one, currency),
        "open": sorted({m.fact for d in one.determinations if d.stands is None for m in d.missing}),
    }


def _main(schedules: Sequence[Schedule]) -> Schedule | None:
    return next((s for s in schedules if {"liability", "receivable"} & s.balances),
                next(iter(schedules), None))  # fmt: skip


def _opening(schedule: Schedule) -> dict[str, int]:
    """Balances at the close of the first day."""
    return {
        name: schedule.rows[0].amounts[schedule.columns.index(name)]
        for name in _OPENING
        if name in schedule.balances and schedule.rows
    }


def _money(amount_minor: int | None, currency: Currency) -> Any:
    return None if amount_minor is None else exact((amount_minor, currency.decimals))


def _rows(one: Explained, currency: Currency) -> list[dict[str, Any]]:
    """
    The rows of its schedule; while its class is open, what is the same under every class.
    """
    schedule = _main(one.known)
    if schedule is None:
        return []
    names = [name for name in schedule.columns if _moves(schedule, name)]
    if not one.schedules:
        names = [name for name in names if _is_common(one, name)]
    return [
        {"date": row.date.isoformat(), "epoch": row.epoch, "period": row.period}
        | {
            name: _money(row.amounts[schedule.columns.index(name)], currency) for name in names
        }
        for row in schedule.rows
    ]  # fmt: skip


def _moves(schedule: Schedule, name: str) -> bool:
    return name in schedule.balances or any(schedule.column(name))


def _is_common(one: Explained, name: str) -> bool:
    """Whether a column is in the schedules of every class that is open, with the same amounts."""
    columns = []
    for schedules in one.if_open.values():
        main = _main(schedules)
        if main is None or name not in main.columns:
            return False
        columns.append([(row.date, a) for row, a in zip(main.rows, main.column(name), strict=True)])
    return all(column == columns[0] for column in columns)


def _determination(found: Determination) -> dict[str, Any]:
    return {
        "decision": found.decision,
        "about": found.about,
        "framework": found.framework,
        "outcome": found.stands or "undetermined",
        "rule": found.rule_id,
        "cites": found.cites,
        "because": found.sentence,
        "missing": sorted({missing.fact for missing in found.missing}),
        "margins": [
            {"rule": test.rule_id, "margin": test.margin.text}
            for test in found.tests if test.margin is not None
        ],
    }  # fmt: skip


def _terms(lot: Lot, currency: Currency) -> dict[str, Any]:
    """The terms as they were read; what is not stated is null."""
    found: dict[str, Any] = {}
    for column in LEASES:
        column_of = getattr(lot.terms, column.term, None) if column.term else None
        if column_of is None:
            continue
        value = int(column_of[0])
        found[column.name] = _term(column.sort, value, dict(column.words), currency)
    steps = zip(lot.terms.step_period.tolist(), lot.terms.step_payment.tolist(), strict=True)
    found["payment_steps"] = [
        {"from_period": period, "payment": _money(payment, currency)} for period, payment in steps
    ]
    return found


def _term(sort: str, value: int, words: dict[str, int], currency: Currency) -> Any:
    shown: dict[str, Any] = {
        "word": next((word for word, code in words.items() if code == value), value),
        "amount": _money(value, currency),
        "day": None if sort != "day" else date.fromordinal(value + EPOCH).isoformat(),
        "truth": bool(value),
        "rate": rate_text(Fraction(value, RATE_UNIT)),
    }
    return None if value == UNKNOWN else shown.get(sort, value)


def lease_tables(
    lot: Lot, entity: str, currency: Currency, found: Sequence[Explained]
) -> tuple[Table, ...]:
    """One lease as tables for people."""
    title = f"Lease {lot.ids[0]} of {entity}"
    decided = Table(
        f"{title}: what was decided",
        (
            Column("framework", "Framework"), Column("decision", "Decision"),
            Column("outcome", "Outcome"), Column("because", "Why, or what is missing"),
            Column("cites", "Paragraph"),
        ),
        tuple(
            Row(
                {
                    "framework": FRAMEWORKS[one.framework],
                    "decision": d.decision.replace("_", " "),
                    "outcome": d.stands or "undetermined",
                    "because": d.sentence,
                    "cites": d.cites,
                }
            )
            for one in found for d in one.determinations
        ),
    )  # fmt: skip
    return decided, *(_schedule_table(title, one, currency) for one in found if one.known)


def _schedule_table(title: str, one: Explained, currency: Currency) -> Table:
    rows = _rows(one, currency)
    schedule = _main(one.known)
    names = [key for key in (rows[0] if rows else {}) if key not in ("date", "epoch", "period")]
    cells: list[Row] = []
    for row in rows:
        found: dict[str, Cell] = {"date": date.fromisoformat(row["date"])}
        for name in names:
            minor = int(str(row[name]).replace(".", "")) if row[name] is not None else None
            found[name] = None if minor is None else (minor, currency.decimals)
        cells.append(Row(found))
    notes = list(schedule.rates) if schedule is not None else []
    if one.schedules:
        told = "the same as" if one.agreed else "not held against"
        notes.append(f"Measured by the engine for deals, {told} the columns of the portfolio.")
    else:
        classes = " or ".join(one.if_open)
        notes.append(f"While its class is open: what is the same, be it {classes}.")
    return Table(
        f"{title}: schedule",
        (
            Column("date", "Date", "date"),
            *(Column(name, name.replace("_", " "), "amount") for name in names),
        ),
        tuple(cells),
        subtitle=(FRAMEWORKS[one.framework],),
        notes=tuple(notes),
        currency=currency.code,
    )  # fmt: skip
