"""
The statements page: lines by period and column, ratios, and what a reader must be told.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook import pipeline
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.lease import Lease
from leasebook.measure.setting import year_end
from leasebook.pages.caption import identity, subtitle
from leasebook.pages.notes import debt_service, notes
from leasebook.pipeline import Run
from leasebook.reckoning.calendar import fiscal_year
from leasebook.report.statement_page import (
    StatementLayout,
    StatementLine,
    StatementPage,
    TidyRow,
)
from leasebook.report.table import Kind, RowStyle
from leasebook.statements.layout import Layout, Line, load_layouts
from leasebook.statements.ratios import RATIOS, rounded
from leasebook.values.money import currency_units

_SERVICE = (
    ("debt-service-received", "Received by issuers of notes from investees", "amount"),
    ("debt-service-paid", "Interest and principal paid on notes", "amount"),
    ("debt-service-surplus", "Surplus, below zero a shortfall", "amount"),
    ("debt-service-cover", "Cover: received over paid", "ratio"),
)
_STYLES: dict[str, RowStyle] = {
    "memo": "line",
    "line": "line",
    "subtotal": "subtotal",
    "total": "total",
}


def statements_page(run: Run) -> StatementPage:
    """
    Everything that `leasebook statements` prints of a run that has a worksheet.

    Raises:
        LookupError: If open decisions keep the statements from being drawn up.
    """
    amounts = pipeline.amounts(run)
    filed_year = run.opening.year if run.opening else None
    unknown = run.opening.unknown if run.opening else frozenset()
    rows = [
        *_statement_rows(run, amounts),
        *_ratio_rows(run, amounts, unknown, filed_year),
        *_service_rows(run),
    ]
    layouts = [_layout(layout, run) for layout in load_layouts()]
    return StatementPage(
        **identity(run),
        periods=all_periods(run),
        shown=shown_periods(run),
        columns=_column_titles(run),
        rows=tuple(rows),
        layouts=(*layouts, _ratios_layout(run)),
        subtitle=subtitle(run),
    )


def printed(run: Run, page: StatementPage) -> StatementPage:
    """
    The page as it is printed: where nothing leads away from the first column, that column alone.
    """
    sheet = run.worksheet
    if sheet is None or sheet.vehicles or sheet.changes or sheet.eliminations or sheet.group:
        return page
    return attrs.evolve(page, columns={COLUMNS[0]: page.columns[COLUMNS[0]]})


def all_periods(run: Run) -> tuple[str, ...]:
    """Every fiscal year of a run."""
    return tuple(f"FY{year}" for year in pipeline.fiscal_years(run))


def shown_periods(run: Run) -> tuple[str, ...]:
    """What text shows: the first fiscal year and the one in which the first lease commences."""
    years = pipeline.fiscal_years(run)
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    begins = [fiscal_year(x.commencement_date.get(), ends) for x in run.deal.of_kind(Lease)]
    chosen = {years[0], min(begins, default=years[-1])}
    return tuple(f"FY{year}" for year in sorted(chosen) if year in years)


def _column_titles(run: Run) -> dict[str, str]:
    total = run.basis.id.replace("-", " ")
    if run.basis.note.startswith("what if"):
        total += " (what if)"
    first = "as filed" if run.entity == run.deal.reporting else "own book as filed"
    titles = (first, "vehicles", "eliminations and group entries", total)
    return dict(zip(COLUMNS, titles, strict=True))


def _statement_rows(
    run: Run, amounts: Mapping[str, Mapping[tuple[str, int, str], int]]
) -> Iterator[TidyRow]:
    hidden = {
        (layout.statement, year, line.id)
        for layout in load_layouts()
        for line in layout.lines
        for year in pipeline.fiscal_years(run)
        if pipeline.not_public(run, line, year)
    }
    absent = {
        (layout.statement, line.id)
        for layout in load_layouts()
        for line in layout.lines
        if line.optional
        and not any(_of_line(by_line, layout, line) for by_line in amounts.values())
    }
    for column, by_line in amounts.items():
        of_filer = column in (COLUMNS[0], COLUMNS[-1])
        for key, amount in by_line.items():
            if (key[0], key[2]) in absent:
                continue
            yield TidyRow(
                statement=key[0],
                period=f"FY{key[1]}",
                column=column,
                line=key[2],
                amount=None
                if of_filer and key in hidden
                else currency_units(amount, run.deal.currency),
            )


def _of_line(by_line: Mapping[tuple[str, int, str], int], layout: Layout, line: Line) -> list[int]:
    """The amounts of a line that are not nil, of all years."""
    wanted = (layout.statement, line.id)
    return [amount for (s, _, i), amount in by_line.items() if (s, i) == wanted and amount]


def _ratio_rows(
    run: Run,
    amounts: Mapping[str, Mapping[tuple[str, int, str], int]],
    unknown: frozenset[str],
    filed_year: int | None,
) -> Iterator[TidyRow]:
    for ratio in RATIOS:
        for year in pipeline.fiscal_years(run):
            if ratio.needs_income and year != filed_year:
                continue
            for column, by_line in amounts.items():
                whole = column in (COLUMNS[0], COLUMNS[-1])
                if not whole and (ratio.kind != "amount" or ratio.needs_income):
                    continue
                lines = {(s, i): a for (s, y, i), a in by_line.items() if y == year}
                value = None if ratio.needs & unknown else ratio.of(lines)
                yield TidyRow(
                    statement="ratios",
                    period=f"FY{year}",
                    column=column,
                    line=ratio.id,
                    amount=_shown_value(run, value),
                )


def _shown_value(run: Run, value: int | Fraction | None) -> Decimal | None:
    if isinstance(value, int):
        return currency_units(value, run.deal.currency)
    return None if value is None else rounded(value)


def _service_rows(run: Run) -> Iterator[TidyRow]:
    for year, service in debt_service(run).items():
        if service.paid_minor and service.received_minor:
            values = (
                service.received_minor,
                service.paid_minor,
                service.surplus_minor,
                service.cover,
            )
            for (line, _, _), value in zip(_SERVICE, values, strict=True):
                yield TidyRow(
                    statement="ratios",
                    period=f"FY{year}",
                    column="vehicles",
                    line=line,
                    amount=_shown_value(run, value),
                )


#: What the years after the filed one are, in the statement's title and over their columns.
_LATER = {
    "balance-sheet": ("the filed one plus the deal's effect since", "pro forma"),
    "income-statement": ("the deal's effect only", "the deal's effect only"),
    "cash-flow": ("the deal's effect only", "the deal's effect only"),
    "ratios": ("from the pro forma balance sheet", "pro forma"),
}


def _title(title: str, statement: str, filed_year: int | None) -> str:
    """The statement's title, with what the later years are."""
    if filed_year is None:
        return title
    return f"{title} (after FY{filed_year}: {_LATER[statement][0]})"


def _period_titles(statement: str, years: range, filed_year: int | None) -> dict[str, str]:
    later = (y for y in years if filed_year is not None and y > filed_year)
    return {f"FY{y}": f"FY{y}, {_LATER[statement][1]}" for y in later}


def _headed(
    statement: str, title: str, lines: Iterable[StatementLine], run: Run
) -> StatementLayout:
    """A statement's lines under its title, with notes and what each year is."""
    filed_year = run.opening.year if run.opening else None
    return StatementLayout(
        statement,
        _title(title, statement, filed_year),
        tuple(lines),
        tuple(notes(statement, run)),
        _period_titles(statement, pipeline.fiscal_years(run), filed_year),
    )


def _layout(layout: Layout, run: Run) -> StatementLayout:
    lines = []
    for line in layout.lines:
        style = _STYLES[line.style]
        indent = 0 if line.sum or line.less else 1
        lines.append(StatementLine(line.id, line.caption, style, indent))
    return _headed(layout.statement, layout.title, lines, run)


def _ratios_layout(run: Run) -> StatementLayout:
    lines = [StatementLine(r.id, r.title, "line", 0, _kind(r.kind)) for r in RATIOS]
    lines += [StatementLine(i, title, "line", 0, _kind(kind)) for i, title, kind in _SERVICE]
    return _headed("ratios", "Ratios", lines, run)


def _kind(kind: str) -> Kind | None:
    return "percent" if kind == "percent" else "ratio" if kind == "ratio" else None
