"""
The statements page: lines by period and column, ratios, and what a reader must be told.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook import pipeline
from leasebook.book.chart import load_chart
from leasebook.book.ledger import Ledger
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.model import Lease, Note, ResidualValueGuarantee
from leasebook.measure.setting import year_end
from leasebook.pages.caption import subtitle
from leasebook.pipeline import Run
from leasebook.reckoning.calendar import fiscal_year
from leasebook.report.statement_page import (
    StatementLayout,
    StatementLine,
    StatementPage,
    TidyRow,
)
from leasebook.report.table import Kind, RowStyle, Scale
from leasebook.statements.layout import Layout, load_layouts
from leasebook.statements.prepare import Totals
from leasebook.statements.ratios import RATIOS, DebtService, rounded
from leasebook.values.money import currency_units

_RECEIVED = ("earnings-from-investees", "distributions-from-investees")
_PAID = ("interest-paid", "interest-capitalised", "borrowings-repaid")
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
        *_statement_rows(run, amounts, unknown, filed_year),
        *_ratio_rows(run, amounts, unknown, filed_year),
        *_service_rows(run),
    ]
    layouts = [_layout(layout, run) for layout in load_layouts()]
    return StatementPage(
        deal=run.deal.id,
        entity=run.entity,
        entity_name=run.deal.entities[run.entity].name,
        framework=run.framework,
        basis=run.basis.id,
        scenario=run.basis.scenario,
        currency=run.deal.currency.code,
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


def scale_of(page: StatementPage) -> Scale:
    """The unit in which the largest balance of a page still has some digits."""
    amounts = [abs(row["amount"]) for row in page.rows if row["amount"] is not None]
    largest = max(amounts, default=Decimal(0))
    if largest < Decimal(10_000_000):
        return "units"
    return "thousands" if largest < Decimal(10_000_000_000) else "millions"


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
    titles = ("as filed", "vehicles", "eliminations and group entries", total)
    return dict(zip(COLUMNS, titles, strict=True))


def _statement_rows(
    run: Run,
    amounts: Mapping[str, Mapping[tuple[str, int, str], int]],
    unknown: frozenset[str],
    filed_year: int | None,
) -> Iterator[TidyRow]:
    hidden = {
        (layout.statement, line.id)
        for layout in load_layouts()
        for line in layout.lines
        if unknown & {*line.accounts, *line.flows}
    }
    for column, by_line in amounts.items():
        for (statement, year, line), amount in by_line.items():
            of_filer = column in (COLUMNS[0], COLUMNS[-1]) and year == filed_year
            not_public = of_filer and (statement, line) in hidden
            yield TidyRow(
                statement=statement,
                period=f"FY{year}",
                column=column,
                line=line,
                amount=None if not_public else currency_units(amount, run.deal.currency),
            )


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


def debt_service(run: Run) -> dict[int, DebtService]:
    """What the vehicles that issued notes received and paid, by fiscal year of the entity."""
    if run.kept is None or run.worksheet is None:
        return {}
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    issuers = {note.issuer for note in run.deal.of_kind(Note)} - {run.entity}
    totals = [
        Totals.of(run.kept.books[i].postings, ends) for i in sorted(issuers & run.worksheet.members)
    ]
    return {
        year: DebtService(
            sum(t.flows.get(f, {}).get(year, 0) for t in totals for f in _RECEIVED),
            -sum(t.flows.get(f, {}).get(year, 0) for t in totals for f in _PAID),
        )
        for year in pipeline.fiscal_years(run)
    }


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
        tuple(_notes(statement, run)),
        _period_titles(statement, pipeline.fiscal_years(run), filed_year),
    )


def _layout(layout: Layout, run: Run) -> StatementLayout:
    lines = []
    for line in layout.lines:
        caption = line.caption
        if line.accounts and not line.title and line.id in load_chart():
            caption = load_chart()[line.id].title
        style = _STYLES[line.style]
        indent = 0 if line.sum or line.less else 1
        lines.append(StatementLine(line.id, caption, style, indent))
    return _headed(layout.statement, layout.title, lines, run)


def _ratios_layout(run: Run) -> StatementLayout:
    lines = [StatementLine(r.id, r.title, "line", 0, _kind(r.kind)) for r in RATIOS]
    lines += [StatementLine(i, title, "line", 0, _kind(kind)) for i, title, kind in _SERVICE]
    return _headed("ratios", "Ratios", lines, run)


def _kind(kind: str) -> Kind | None:
    return "percent" if kind == "percent" else "ratio" if kind == "ratio" else None


def _notes(statement: str, run: Run) -> Iterator[str]:
    if statement == "balance-sheet":
        yield from run.deal.notes
        yield from _basis_notes(run)
        yield from _disclosed(run)
        yield from _filed_notes(run)
        yield from _cash_notes(run)
    if statement == "income-statement" and run.opening and run.opening.unknown:
        names = ", ".join(sorted(run.opening.unknown)).replace("-", " ")
        yield f"Not public in the filed year, and inside other filed lines: {names}"
    if statement == "ratios":
        yield "Debt is borrowings; ratios that need the sponsor's own income: filed year only."
        yield from _cover_notes(run)


def _basis_notes(run: Run) -> Iterator[str]:
    if run.framework == "ifrs" and run.opening:
        yield (
            "IFRS: each filed line less the deal's effect under US GAAP plus its effect under IFRS."
        )
    if any(o.endswith("=failed-sale") for o in run.basis.outcomes):
        yield (
            "No interest is imputed on the financing obligation before commencement: no payment "
            "falls due (ASC 842-40-30-6(a)); a rate would be an assumption more."
        )


def _disclosed(run: Run) -> Iterator[str]:
    """What the entity has promised and does not book: guarantees, leases not yet commenced."""
    for guarantee in run.deal.of_kind(ResidualValueGuarantee):
        if guarantee.guarantor == run.entity and not run.setting.minor(guarantee.probable_payment):
            open_terms = [
                t for t in ("scope", "payee", "schedule") if not getattr(guarantee, t).known
            ]
            unknown = f"; not public: {', '.join(open_terms)}" if open_terms else ""
            cap = guarantee.cap.get() / 1_000_000
            yield f"Disclosed, not booked: {guarantee.title}, at most {cap:,.0f} m{unknown}."
    for lease in run.deal.of_kind(Lease):
        if lease.lessee == run.entity and lease.rent.total is not None:
            total = lease.rent.total.get() / 1_000_000
            begins = lease.commencement_date.get()
            what = f"{lease.title}, not yet commenced, {total:,.0f} m of rent"
            yield f"Disclosed until {begins}: {what}."


def _filed_notes(run: Run) -> Iterator[str]:
    if run.opening is None:
        return
    filed = run.deal.filed[run.entity]
    for rest in filed.rests:
        amount = currency_units(run.opening.rests[rest.account], run.deal.currency) / 1_000_000
        name = rest.account.replace("-", " ")
        why = f"completes {rest.completes}: {rest.title}"
        yield f"Computed, not filed: {name} {amount:,.1f} m {why}"


def _cash_notes(run: Run) -> Iterator[str]:
    """Every party whose cash falls below zero, with the day."""
    if run.kept is None or run.worksheet is None:
        return
    books = {e: run.kept.books[e].postings for e in run.deal.bookkeepers() if e != run.entity}
    books[run.entity] = run.worksheet.parent
    for entity, postings in books.items():
        lowest = Ledger.of(postings).lowest_cash()
        if lowest is not None:
            amount = currency_units(lowest[1], run.deal.currency) / 1_000_000
            name = run.deal.entities[entity].name
            why = ", its other cash flows left out" if entity == run.entity and run.opening else ""
            yield f"Cash below zero: {name}, {amount:,.1f} m on {lowest[0]}{why}"


def _cover_notes(run: Run) -> Iterator[str]:
    short = {y: s for y, s in debt_service(run).items() if s.received_minor and s.surplus_minor < 0}
    level = [(y, s) for y, s in short.items() if y + 1 in short]
    if level:
        year, service = level[0]
        paid = currency_units(service.paid_minor, run.deal.currency) / 1_000_000
        got = currency_units(service.received_minor, run.deal.currency) / 1_000_000
        yield (
            f"FY{year}: {got:,.1f} m received against level debt service of {paid:,.1f} m, cover "
            f"{rounded(service.cover or Fraction(0)):.3f}, short by {got - paid:,.1f} m: flat rent "
            "and level debt service cannot both be what was agreed."
        )
