"""
A stress run as pages: losses by holder and by party, defaults, obsolescence, impairments, entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from leasebook.book.posting import Posting
from leasebook.pages.assumptions import figures, value_text
from leasebook.pages.caption import FRAMEWORKS
from leasebook.pages.explain import decision_trace
from leasebook.pages.impairment import (
    DECISION_COLUMNS,
    columns_of_tests,
    decision_rows,
    rows_of_tests,
)
from leasebook.pipeline import Run
from leasebook.report.pages_book import journal_table
from leasebook.report.pages_trace import explain_table
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.stress.course import Course, run_course
from leasebook.stress.entries import stress_entries
from leasebook.stress.impairment import Tested, impairment_tests
from leasebook.stress.investors import Share, with_shares
from leasebook.stress.lives import lives
from leasebook.stress.losses import losses, party_losses, unpaid_by_stopped
from leasebook.stress.obsolescence import year_ends
from leasebook.stress.position import Position, position_of
from leasebook.stress.scenario import ScenarioFile, parts
from leasebook.values.money import currency_units
from leasebook.values.nearest import nearest


@attrs.frozen
class Stress:
    """A scenario that has run on some deals, without and with guarantees."""

    position: Position
    scenario: ScenarioFile
    before: Course
    after: Course
    tests: tuple[Tested, ...]
    entries: Mapping[str, tuple[Posting, ...]]
    shares: tuple[Share, ...]


def stress(runs: Sequence[Run], scenario: ScenarioFile) -> Stress:
    """
    Runs a scenario on deals whose books are kept.

    Raises:
        LookupError: If open decisions keep the books of one from being kept.
    """
    kept = []
    for run in runs:
        if run.kept is None:
            raise LookupError("open decisions keep these books from being kept")
        kept.append((run.setting, run.kept))
    position = position_of(kept)
    before = run_course(position, scenario, guaranteed=False)
    after = run_course(position, scenario)
    tests = impairment_tests(position, scenario, after)
    entries, shares = with_shares(position, stress_entries(position, scenario, after, tests))
    return Stress(position, scenario, before, after, tests, entries, shares)


def stress_tables(
    found: Stress, *, journal: bool = False, whole: bool = False
) -> tuple[Table, ...]:
    """
    The tables of a stress run, those without rows left out.

    Args:
        found: The run.
        journal: Whether the entries of every book are shown.
        whole: Whether decisions that are as the year before are told as well, as in JSON and CSV.
    """
    tables = [
        _by_holder(found),
        _by_party(found),
        _defaults(found),
        _obsolescence(found),
        _lives(found),
        _impairments(found),
        _impairment_decisions(found, whole=whole),
        _shares(found),
        _assumptions(found),
    ]
    if journal:
        tables += list(_journals(found))
    return tuple(table for table in tables if table.rows)


def _subtitle(found: Stress) -> tuple[str, ...]:
    position, scenario = found.position, found.scenario.scenario
    titles = "; ".join(deal.title for deal in position.deals)
    framework = FRAMEWORKS[position.settings[0].framework]
    days = f"{found.after.first_day.isoformat()} to {found.after.last_day.isoformat()}"
    return (titles, f"scenario: {scenario.title}", f"{framework}; {days}")


def _table(
    found: Stress, title: str, columns: Sequence[Column], rows: Iterable[Row], *notes: str
) -> Table:
    currency = found.position.currency.code
    return Table(title, tuple(columns), tuple(rows), _subtitle(found), notes, currency)


def _money(found: Stress, amount: int | None) -> Cell:
    return None if amount is None else (amount, found.position.currency.decimals)


def _by_holder(found: Stress) -> Table:
    columns = (
        Column("party", "Who"),
        Column("contract", "Contract"),
        Column("seniority", "Rank"),
        Column("year", "Year", "text"),
        Column("due", "Due", "amount"),
        Column("paid", "Paid by debtor", "amount"),
        Column("recovered", "Re-let or sold", "amount"),
        Column("guaranteed", "From guarantors", "amount"),
        Column("loss_before_guarantees", "Loss before guarantees", "amount"),
        Column("loss_after_guarantees", "Loss after guarantees", "amount"),
    )
    rows = [
        Row(
            {
                "party": found.position.name(one.party),
                "contract": one.contract,
                "seniority": one.seniority,
                "year": str(one.year),
                "due": _money(found, one.due),
                "paid": _money(found, one.paid),
                "recovered": _money(found, one.recovered),
                "guaranteed": _money(found, one.guaranteed),
                "loss_before_guarantees": _money(found, one.before),
                "loss_after_guarantees": _money(found, one.after),
            }
        )
        for one in losses(found.position, found.before, found.after)
        if one.before or one.after or one.guaranteed or one.recovered
    ]
    note = "A year in which arrears are caught up has a loss below zero. Owners: against what was"
    return _table(found, "Losses by holder", columns, rows, f"{note} expected.")


def _by_party(found: Stress) -> Table:
    columns = (
        Column("party", "Who"),
        Column("loss_before_guarantees", "Loss before guarantees", "amount"),
        Column("paid_as_guarantor", "Paid as guarantor", "amount"),
        Column("loss_after_guarantees", "Loss after guarantees", "amount"),
    )
    lines = party_losses(found.position, found.before, found.after)
    rows = [
        Row(
            {
                "party": found.position.name(one.party),
                "loss_before_guarantees": _money(found, one.before),
                "paid_as_guarantor": _money(found, one.guarantees),
                "loss_after_guarantees": _money(found, one.after),
            }
        )
        for one in lines
    ]
    if rows:
        total = {
            "party": "All together",
            "loss_before_guarantees": _money(found, sum(one.before for one in lines)),
            "paid_as_guarantor": _money(found, sum(one.guarantees for one in lines)),
            "loss_after_guarantees": _money(found, sum(one.after for one in lines)),
        }
        rows.append(Row(total, "total"))
    notes = ["Money less than expected. What a tenant does not pay is its gain; others are new"]
    notes[0] += " tenants and buyers. Together it is nil."
    for tenant, amount in unpaid_by_stopped(found.after):
        shown = f"{currency_units(amount, found.position.currency):,f}"
        notes.append(f"Rent that {found.position.name(tenant)} owes and does not pay: {shown}.")
    return _table(found, "Losses by party", columns, rows, *notes)


def _defaults(found: Stress) -> Table:
    columns = (
        Column("party", "Who"),
        Column("before", "First default before guarantees", "date"),
        Column("after", "First default after guarantees", "date"),
    )
    first = found.before.first_default, found.after.first_default
    rows = []
    for party in sorted({*first[0], *first[1]}):
        cells: dict[str, Cell] = {"party": found.position.name(party)}
        for key, days in zip(("before", "after"), first, strict=True):
            cells[key] = days.get(party, "none")
        rows.append(Row(cells))
    return _table(found, "Who pays less than it owes", columns, rows)


def _obsolescence(found: Stress) -> Table:
    amounts = {
        "carrying": "Carrying amount",
        "value": "Market value",
        "senior": "Senior notes",
        "junior": "Junior notes",
        "lessee": "Lessee would pay",
        "guarantors": "Guarantors would pay",
        "equity_loss": "Owners would lose",
        "junior_loss": "Junior lenders would lose",
        "senior_loss": "Senior lenders would lose",
    }
    columns = [Column("asset", "Asset"), Column("day", "Day", "date")]
    columns += [Column(key, title, "amount") for key, title in amounts.items()]
    columns.insert(6, Column("loan_to_value", "Loan to value", "percent"))
    rows = []
    for one in year_ends(found.position, found.scenario, found.after.last_day):
        cells: dict[str, Cell] = {"asset": one.asset, "day": one.day}
        values = (
            one.carrying, one.value, one.senior, one.junior,
            one.called_from_lessees, one.called_from_others,
            one.equity_loss, one.junior_loss, one.senior_loss,
        )  # fmt: skip
        cells |= {k: _money(found, v) for k, v in zip(amounts, values, strict=True)}
        if one.value:
            cells["loan_to_value"] = Fraction(one.senior + one.junior, one.value)
        rows.append(Row(cells))
    note = "As expected, and as if the lease ended and the asset were sold on the day."
    return _table(found, "Value, loans and who would bear a fall", columns, rows, note)


def _lives(found: Stress) -> Table:
    amounts = {
        "value": "Market value",
        "shorter": "Carried at, life two years shorter",
        "stated": "Carried at, life as stated",
        "longer": "Carried at, life two years longer",
    }
    columns = [Column("asset", "Asset"), Column("day", "Day", "date")]
    columns += [Column(key, title, "amount") for key, title in amounts.items()]
    columns.append(Column("value_to_stated", "Value to carrying amount", "percent"))
    rows = []
    for one in lives(found.position, found.scenario, found.after.last_day):
        cells: dict[str, Cell] = {"asset": one.asset, "day": one.day}
        for key in amounts:
            amount = getattr(one, key)
            if amount is not None:
                cells[key] = _money(found, amount)
        if one.stated:
            cells["value_to_stated"] = Fraction(one.value, one.stated)
        rows.append(Row(cells))
    note = "Books kept anew with the other life, every decision as it stands."
    return _table(found, "Depreciation policy against value", columns, rows, note)


def _impairments(found: Stress) -> Table:
    def money(amount: int | None) -> Cell:
        return _money(found, amount)

    rows = rows_of_tests(found.tests, money)
    columns = columns_of_tests(found.position.settings[0].framework)
    return _table(found, "Impairment tests", columns, rows)


def _impairment_decisions(found: Stress, *, whole: bool) -> Table:
    title = "What the rules decide of each test for impairment"
    rows = decision_rows(found.tests, whole=whole)
    note = "" if whole else "A test at which all is decided as at the one before is left out. "
    note += "--explain 'impairment(ASSET@DAY)' shows every rule with the facts that it read."
    return _table(found, title, DECISION_COLUMNS, rows, note)


def _shares(found: Stress) -> Table:
    columns = (
        Column("party", "Who"),
        Column("interest", "Interest"),
        Column("year", "Year", "text"),
        Column("expected", "Share as expected", "amount"),
        Column("stressed", "Share in the scenario", "amount"),
        Column("booked", "Booked", "amount"),
        Column("waiting", "Losses not recognised", "amount"),
        Column("carrying", "Carried at", "amount"),
    )
    rows = []
    for one in found.shares:
        party = found.position.name(one.interest.holder)
        for year, expected, stressed in one.years():
            last = date(year, 12, 31)
            cells: dict[str, Cell] = {"party": party, "interest": one.interest.id}
            cells |= {"year": str(year), "expected": _money(found, expected)}
            cells["stressed"] = _money(found, stressed)
            cells["booked"] = _money(found, stressed - expected)
            waiting = one.stressed.balance("losses_unrecognised", last)
            cells["waiting"] = _money(found, waiting)
            cells["carrying"] = _money(found, one.carrying(last))
            rows.append(Row(cells))
    note = "Losses are booked until nothing is left of an interest; the rest waits for income."
    return _table(found, "Investors' shares of the changed results", columns, rows, note)


def explained(found: Stress, what: str) -> Table:
    """
    A decision of the scenario traced to its rules, paragraphs and facts.

    Args:
        found: The run.
        what: ``decision(asset@day)``.

    Raises:
        LookupError: If the scenario decides no such thing; the message offers the nearest.
    """
    known = {f"{d.decision}({t.id})": d for t in found.tests for d in t.found}
    if what not in known:
        raise LookupError(f"{what!r} was not decided; {nearest(what, known)}")
    trace = decision_trace(known[what], what)
    return explain_table(trace, found.position.currency.code, _subtitle(found))


def _assumptions(found: Stress) -> Table:
    columns = (Column("path", "Figure"), Column("value", "Value"), Column("assumption", "Why"))
    rows = [
        Row({"path": f.path, "value": value_text(f.value), "assumption": f.assumption})
        for _, _, part in parts(found.scenario)
        for f in figures(part)
        if f.assumption is not None
    ]
    return Table("Assumptions of the scenario", columns, tuple(rows))


def _journals(found: Stress) -> Iterable[Table]:
    position = found.position
    names = {e.id: e.name for deal in position.deals for e in deal.entities.values()}
    for entity, postings in found.entries.items():
        title = (names[entity], *_subtitle(found), "entries beside those of the basis")
        if postings:
            yield journal_table(postings, position.currency, names, title)
