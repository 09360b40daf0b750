"""
What is owed beside the balance sheet, by sponsor and year, as tables.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from leasebook.exposures.add_up import Part
from leasebook.exposures.gather import InDeal
from leasebook.exposures.sector import Day, Sector, SponsorDay, on_day
from leasebook.pages.caption import FRAMEWORKS
from leasebook.pages.disclosures import scope_of
from leasebook.pages.exposure_parts import (
    claims_table,
    estimates_table,
    filed_table,
    levels_table,
    money,
    period,
)
from leasebook.pipeline import Run
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.values.money import Currency

_SPONSORS = (
    Column("sponsor", "Sponsor", printed=False),
    Column("name", "Name", printed=False),
    Column("date", "Date", "date", printed=False),
    Column("period", "Year"),
    Column("vehicle_debt", "Debt in vehicles", "amount"),
    Column("leases_undiscounted", "Leases to come, undiscounted", "amount", printed=False),
    Column("leases", "Leases to come", "amount"),
    Column("guarantees_maximum", "at most", "amount", group="Guarantees"),
    Column("guarantees_expected", "expected", "amount", group="Guarantees"),
    Column("twice_maximum", "Counted twice, at most", "amount", printed=False),
    Column("twice_expected", "Counted twice, expected", "amount", printed=False),
    Column("mark", "", align="right"),
    Column("bound", "Sums are", printed=False),
    Column("total_maximum", "at most", "amount", group="All, each once"),
    Column("total_expected", "expected", "amount", group="All, each once"),
    Column("on_balance_sheet", "On the balance sheet", "amount", printed=False),
    Column("filed_debt", "Filed debt", "amount"),
    Column("filed_as_of", "Filed as of", printed=False),
    Column("of_filed_debt", "All, of filed debt", "percent"),
    Column("lacks", "Not public, and so not in the sums", printed=False),
)
_NOTES = (
    """Debt in vehicles: what the books of companies that file nothing owe. Leases to come: signed \
and not commenced, discounted. Each once: of debt, rents and guarantees behind one tower of \
vehicles only the largest is added up, and no debt between its levels.""",
    """Filed debt: borrowings as last filed by that day; beside it stands all, guarantees at most. \
Leases that have commenced are on the balance sheet and in neither.""",
)


def in_deal(run: Run) -> InDeal:
    """
    A run as the sector reads it.

    Raises:
        LookupError: If open decisions keep its books from being kept.
    """
    scope = scope_of(run)
    if run.kept is None:
        raise LookupError("open decisions keep these books from being kept")
    return InDeal(scope, run.deal.reporting, run.kept.books, run.kept.until)


def exposures(
    sector: Sector,
    runs: Sequence[Run],
    days: Iterable[date],
    currency: Currency,
    parts_on: Collection[date] | None = None,
) -> tuple[Table, ...]:
    """
    The sector on some days: by sponsor, level by level, claim by claim, beside public estimates.

    Args:
        sector: What is added up.
        runs: Of its deals, for titles.
        days: In order.
        currency: Of everything.
        parts_on: The days of which levels and claims are shown; None shows those of all.

    Raises:
        Refused: If two deals tell different figures of one claim.
    """
    told = [on_day(sector, day) for day in days]
    seen = [day for day in told if day.sponsors or day.levels]
    names = sector.names
    parts = [day for day in seen if parts_on is None or day.day in parts_on]
    tables = (
        _sponsors(seen, names, currency, _subtitle(runs)),
        levels_table(parts, names, currency),
        claims_table(parts, names, currency),
        filed_table(parts, currency, sector.by),
        estimates_table(sector, currency),
    )
    return tuple(table for at, table in enumerate(tables) if table.rows or at == 0)


def _subtitle(runs: Sequence[Run]) -> tuple[str, ...]:
    lines = []
    for run in sorted(runs, key=lambda r: r.deal.id):
        basis = f"{FRAMEWORKS[run.framework]}, basis {run.basis.id}"
        line = f"{run.deal.title} ({run.deal.id}; {basis})"
        if line not in lines:
            lines.append(line)
    return tuple(lines)


def _sponsors(
    days: Sequence[Day], names: dict[str, str], currency: Currency, subtitle: tuple[str, ...]
) -> Table:
    sponsors = sorted({row.sponsor for day in days for row in day.sponsors}, key=names.__getitem__)
    rows: list[Row] = []
    lacking: dict[str, None] = {}
    for sponsor in sponsors:
        rows.append(Row({"period": names[sponsor]}, style="heading"))
        for day in days:
            for row in day.sponsors:
                if row.sponsor == sponsor:
                    rows.append(_row(row, names, currency))
                    lacking |= dict.fromkeys(_lacks(row, names))
    if len(sponsors) > 1:
        rows.append(Row({"period": "All together"}, style="heading"))
        for day in days:
            rows.append(_row(day.whole, names, currency))
            lacking |= dict.fromkeys(_lacks(day.whole, names))
    notes = list(_NOTES)
    if not rows:
        notes.insert(0, "Nothing is owed beside the balance sheet on this basis and these days.")
    if lacking:
        said = "; ".join(lacking)
        ends = "" if said.endswith(".") else "."
        notes.append(
            f">= At least: what is not public in some year is not in its sums: {said}{ends}"
        )
    title = "Owed beside the balance sheet, by sponsor and year"
    return Table(title, _SPONSORS, tuple(rows), subtitle, tuple(notes), currency.code)


def _row(row: SponsorDay, names: dict[str, str], currency: Currency) -> Row:
    sums = row.sums
    lacks = list(_lacks(row, names))
    cells: dict[str, Cell] = {
        "sponsor": row.sponsor or "all",
        "name": names.get(row.sponsor, "All together"),
        "date": row.day,
        "period": period(row.day),
        "vehicle_debt": _part(sums.debt, currency),
        "leases_undiscounted": _part(sums.undiscounted, currency),
        "leases": _part(sums.leases, currency),
        "guarantees_maximum": _part(sums.maximum, currency),
        "guarantees_expected": _part(sums.expected, currency),
        "twice_maximum": money(sums.twice_maximum, currency),
        "twice_expected": money(sums.twice_expected, currency),
        "total_maximum": _part(sums.whole_maximum, currency),
        "total_expected": _part(sums.whole_expected, currency),
        "bound": "at least" if lacks else "whole",
        "on_balance_sheet": money(row.booked, currency),
        "filed_debt": money(row.filed.amount, currency),
        "of_filed_debt": _share(row),
        "lacks": "; ".join(lacks),
    }
    if row.filed.as_of:
        cells["filed_as_of"] = row.filed.as_of
    if lacks:
        cells["mark"] = ">="
    return Row(cells)


def _part(part: Part, currency: Currency) -> Cell:
    return money(part.shown, currency)


def _share(row: SponsorDay) -> Fraction | None:
    whole, filed = row.sums.whole_maximum.shown, row.filed.amount
    if whole is None or not filed or row.lacks_debt_of:
        return None
    return Fraction(round(Fraction(whole, filed) * 10_000), 10_000)


def _lacks(row: SponsorDay, names: dict[str, str]) -> Iterator[str]:
    sums = row.sums
    most, expected = (set(part.lacks) for part in (sums.whole_maximum, sums.whole_expected))
    for name in sorted(most | expected):
        how = "" if name in most & expected else ", at most" if name in most else ", expected"
        yield f"{name}{how}"
    for sponsor in row.lacks_debt_of:
        yield f"filed debt of {names.get(sponsor, sponsor)}"
