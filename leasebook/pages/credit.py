"""
Debt and earnings as filed, as consolidated, and as those who rate debt adjust them, in one table.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs

from leasebook import pipeline
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.exposures.add_up import merged, towers
from leasebook.exposures.adjust import Promised, Reported, Step, adjusted, lacking
from leasebook.exposures.gather import booked_of, claims_of
from leasebook.exposures.method import Method
from leasebook.exposures.renewals import renewal_worth
from leasebook.exposures.vehicles import vehicles_of
from leasebook.measure.setting import year_end
from leasebook.pages.caption import subtitle
from leasebook.pages.exposure_parts import money
from leasebook.pages.exposures import in_deal
from leasebook.pipeline import Run
from leasebook.reckoning.calendar import fiscal_year_bounds
from leasebook.report.table import Cell, Column, Row, RowStyle, Table
from leasebook.rulebook.stated import FILED
from leasebook.statements.prepare import Totals
from leasebook.statements.ratios import rounded
from leasebook.values.money import Currency, currency_units

#: The lines of the table with what they are called, in order.
LINES: tuple[tuple[str, str, RowStyle], ...] = (
    ("borrowings", "Debt (borrowings)", "line"),
    ("finance-leases", "Finance lease liabilities", "line"),
    ("operating-leases", "Operating lease liabilities", "line"),
    ("rent-multiple", "Multiple of operating lease cost", "line"),
    ("financing-obligations", "Financing obligations", "line"),
    ("vehicle-debt", "Debt in vehicles", "line"),
    ("leases-not-commenced", "Leases not commenced", "line"),
    ("residual-value-guarantees", "Residual value guarantees", "line"),
    ("guarantees", "Other guarantees", "line"),
    ("counted-twice", "Less counted twice", "line"),
    ("hybrid-equity", "Hybrid equity", "line"),
    ("surplus-cash", "Less surplus cash", "line"),
    ("adjusted-debt", "Debt", "total"),
    ("operating-income", "Operating income", "line"),
    ("depreciation", "Depreciation", "line"),
    ("lease-cost", "Operating lease cost", "line"),
    ("adjusted-ebitda", "EBITDA", "total"),
    ("debt-to-ebitda", "Debt to EBITDA", "line"),
    ("not-public", "Parts that are not public", "line"),
)
#: Lines that are shown whatever stands in them.
_ALWAYS = frozenset(
    {"borrowings", "adjusted-debt", "operating-income", "depreciation", "adjusted-ebitda"}
    | {"debt-to-ebitda", "not-public"}
)
_TITLES = {line: title for line, title, _ in LINES}
_WHY = (
    Column("period", "Year", printed=False),
    Column("column", "Column", printed=False),
    Column("line", "Line", printed=False),
    Column("title", "What"),
    Column("figure", "Figure", "amount", printed=False),
    Column("factor", "Factor", "ratio", printed=False),
    Column("amount", "Counted", "amount"),
    Column("formula", "How"),
    Column("source", "Source"),
    Column("evidence", "Known"),
    Column("note", "Note"),
    Column("as_of", "As of", "date", printed=False),
)
#: The accounts that each parameter's figure is the balance of.
_BALANCES = {
    "finance-leases": ("finance-lease-liabilities",),
    "operating-leases": ("operating-lease-liabilities",),
    "financing-obligations": ("financing-obligation", "additional-financing-liability"),
    "hybrid-equity": ("hybrid-equity",),
    "surplus-cash": ("cash", "marketable-securities"),
}
_CONSOLIDATED = COLUMNS[-1]


@attrs.frozen
class Columned:
    """One column of the table: id, title, its steps, and the method behind them."""

    id: str
    title: str
    steps: tuple[Step, ...]
    method: Method | None = None

    @property
    def key(self) -> str:
        """In JSON and CSV."""
        return self.id.replace("-", "_")

    def step(self, line: str) -> Step | None:
        """The step of a line; None where nothing is counted."""
        return next((step for step in self.steps if step.line == line), None)


def credit(
    run: Run, methods: Sequence[Method], periods: Sequence[str], *, why: bool
) -> tuple[Table, ...]:
    """
    The table of debt and earnings for some fiscal years, and why each figure is what it is.

    Args:
        run: Of the basis that stands in the second column.
        methods: In order.
        periods: Names of fiscal years.
        why: Whether each figure is given with its factor, formula and source.

    Raises:
        LookupError: If open decisions keep the books from being kept.
    """
    promising = _as_filed(run)
    tables: list[Table] = []
    for name in periods:
        columns = _columns(run, promising, methods, int(name.removeprefix("FY")))
        tables.append(_table(run, name, columns))
        if why:
            tables.append(_why(run, name, columns))
    return tuple(tables)


def filed_year(run: Run) -> int | None:
    """The fiscal year that the entity has filed, if it has."""
    return run.opening.year if run.opening is not None else None


def _as_filed(run: Run) -> Run:
    """The run whose group's promises are counted: as filed, else the one at hand."""
    if run.basis.id == FILED or FILED not in run.deal.bases:
        return run
    deal = run.deal.signed or run.deal
    found = pipeline.run(deal, FILED, run.framework, entity=run.entity, assume=())
    return run if found.kept is None else found


def _columns(run: Run, promising: Run, methods: Sequence[Method], year: int) -> list[Columned]:
    # what is filed is consolidated with what the filer itself consolidates
    filed, whole = (reported(each, year) for each in (promising, run))
    beside = promised(promising, year)
    return [
        Columned("as-filed", "As filed", adjusted(filed)),
        Columned(_CONSOLIDATED, _basis_title(run), adjusted(whole)),
        *(Columned(m.id, m.method.title, adjusted(filed, beside, m), m) for m in methods),
    ]


def _basis_title(run: Run) -> str:
    return "As consolidated" if run.basis.id == _CONSOLIDATED else f"Basis {run.basis.id}"


def reported(run: Run, year: int) -> Reported:
    """
    What the statements of a run report for a fiscal year, consolidated as its basis does.

    What an entity that files no statements owes and owns beside the deal is not public, and nobody
    knows its earnings; those of a filer are known for the year that it filed. A vehicle has
    nothing beside the deal.
    """
    if run.worksheet is None:
        raise LookupError("open decisions keep these statements from being drawn up")
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    totals = Totals.of(run.worksheet.column(_CONSOLIDATED), ends)
    own, whole = filed_year(run), run.entity in vehicles_of(run.deal)
    unknown = run.opening.unknown if run.opening is not None and own == year else frozenset()

    def balance(*accounts: str, debit: bool = False) -> int | None:
        found = sum(totals.balance(account, year) for account in accounts)
        if unknown & {*accounts} or (own is None and not found and not whole):
            return None
        return found if debit else -found

    def moved(*accounts: str) -> int | None:
        if (own != year and not whole) or unknown & {*accounts}:
            return None
        return sum(totals.accounts.get(account, {}).get(year, 0) for account in accounts)

    figures = {
        name: balance(*accounts, debit=name == "surplus-cash")
        for name, accounts in _BALANCES.items()
    }
    if not whole and not _told_apart(run, "hybrid-equity"):
        figures["hybrid-equity"] = None
    cash = figures["surplus-cash"]
    figures["surplus-cash"] = None if cash is None or (own is None and not whole) else max(0, cash)
    income = pipeline.amounts(run)[_CONSOLIDATED].get(
        ("income-statement", year, "operating-income")
    )
    return Reported(
        figures,
        balance("borrowings"),
        income if own == year or whole else None,
        moved("depreciation", "impairment-loss"),
        moved("operating-lease-cost"),
        frozenset() if own is not None or whole else frozenset({"borrowings", *_BALANCES}),
    )


def _told_apart(run: Run, account: str) -> bool:
    """Whether what an entity filed tells an account apart from the rest."""
    filed = run.deal.filed.get(run.entity)
    return filed is not None and any(
        line.line == account and line.amount.known for line in filed.lines
    )


def promised(run: Run, year: int) -> Promised:
    """What the group has promised beside its balance sheet at the end of a fiscal year."""
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    day = fiscal_year_bounds(year, ends)[1]
    one = attrs.evolve(in_deal(run), sponsor=run.entity)
    leans = run.entity == run.deal.reporting
    claims = merged(
        claim
        for claim in claims_of(one, day)
        if claim.sponsor == run.entity and (leans or claim.kind != "vehicle-debt")
    )
    booked = booked_of(one, day)
    behind = [*claims, *(claim for some in booked.values() for claim in some)]
    tower = towers((c.node for c in behind if c.node is not None), one.ties(day))
    renewals: dict[str, int | None] = {}
    for promise in run.deal.of_kind(ResidualValueGuarantee):
        leases = [run.deal.contracts[name] for name in promise.covers_leases]
        worth = [renewal_worth(one.scope, x, day) for x in leases if isinstance(x, Lease)]
        renewals[promise.id] = None if None in worth else sum(w for w in worth if w is not None)
    return Promised(claims, tower, renewals, booked)


def _table(run: Run, name: str, columns: Sequence[Columned]) -> Table:
    currency = run.deal.currency
    shown = [
        Column("period", "Year", printed=False),
        Column("line", "Line", printed=False),
        Column("title", name),
        *(Column(column.key, column.title, "amount") for column in columns),
    ]
    rows = [
        _row(name, line, title, style, columns, currency)
        for line, title, style in LINES
        if line in _ALWAYS or any(_says(column.step(line)) for column in columns)
    ]
    lines = (run.deal.entities[run.entity].name, *subtitle(run))
    return Table(
        "Debt and earnings: as filed, as consolidated, adjusted", tuple(shown), tuple(rows), lines,
        tuple(_notes(run, columns)), currency.code,
    )  # fmt: skip


def _says(step: Step | None) -> bool:
    """Whether a line has something to say in a column: an amount, or that it is not public."""
    return step is not None and step.amount != 0


def _row(
    name: str,
    line: str,
    title: str,
    style: RowStyle,
    columns: Sequence[Columned],
    currency: Currency,
) -> Row:
    cells: dict[str, Cell] = {"period": name, "line": line, "title": title}
    for column in columns:
        if line == "not-public":
            cells[column.key] = len(lacking(column.steps))
        elif (step := column.step(line)) and (line != "debt-to-ebitda" or step.ratio or step.lacks):
            cells[column.key] = _cell(step, currency)
    if line == "debt-to-ebitda":
        return Row(cells, style, kind="ratio")
    return Row(cells, style, kind="integer" if line == "not-public" else None)


def _cell(step: Step, currency: Currency) -> Cell:
    if step.line == "debt-to-ebitda":
        return None if step.ratio is None else rounded(step.ratio)
    return money(step.amount, currency)


def _notes(run: Run, columns: Sequence[Columned]) -> Iterator[str]:
    for column in columns:
        missing = [_TITLES.get(name, name).lower() for name in lacking(column.steps)]
        if missing:
            yield f"{column.title}: not public, and so not in it: {', '.join(missing)}."
    for column in columns:
        if column.method is not None and column.method.method.note:
            yield f"{column.title}: {column.method.method.note}."
    yield (
        "Exact formulas of agencies are not public: --why gives each factor with its source, its "
        "day and how well it is known. Debt with operating leases in it stands against EBITDA "
        "before their cost."
    )
    if filed_year(run) is not None:
        yield f"Earnings are known for the filed year, FY{filed_year(run)}, alone."


def _why(run: Run, name: str, columns: Sequence[Columned]) -> Table:
    """Each figure with its factor, its formula in numbers, and who says so."""
    rows: list[Row] = []
    notes: list[str] = []
    for column in columns:
        rows.append(Row({"title": column.title}, style="heading"))
        rows += [_reason(run, name, column, step) for step in column.steps]
        if column.method is not None:
            sources = "; ".join(f"{k}: {text}" for k, text in column.method.sources.items())
            said = f" {sources}." if sources else ""
            notes.append(f"{column.title}, as of {column.method.method.as_of}.{said}")
    notes.append(
        "Known: seen at its source, in substance, not verified, or ours. Formulas are in millions."
    )
    return Table(
        f"Why: each figure of {name}, with factor and source", _WHY, tuple(rows), (),
        tuple(notes), run.deal.currency.code,
    )  # fmt: skip


def _reason(run: Run, name: str, column: Columned, step: Step) -> Row:
    currency = run.deal.currency
    cells: dict[str, Cell] = {
        "period": name,
        "column": column.key,
        "line": step.line,
        "title": _TITLES[step.line],
        "formula": _formula(step, currency),
    }
    if step.line != "debt-to-ebitda":
        cells["amount"] = money(step.amount, currency)
    if step.factor is not None and column.method is not None:
        parameter = column.method.parameters[step.line]
        cells["figure"] = money(step.figure, currency)
        cells["factor"] = step.factor
        cells["source"] = parameter.factor.source or "assumption"
        cells["evidence"] = parameter.evidence
        cells["note"] = parameter.note or parameter.factor.assumption or ""
        cells["as_of"] = column.method.method.as_of
    return Row(cells)


def _formula(step: Step, currency: Currency) -> str:
    """
    A line in numbers, in millions; exact figures stand in the other columns.
    """
    if step.factor is not None:
        return f"{_millions(step.figure, currency)} x {step.factor.normalize():f}"
    if step.ratio is not None:
        over, under = (_millions(amount, currency) for _, amount in step.terms)
        return f"{over} / {under} = {rounded(step.ratio)}"
    if step.terms:
        terms = " ".join(_signed(amount, currency, at) for at, (_, amount) in enumerate(step.terms))
        return f"{terms} = {_millions(step.amount, currency)}"
    if step.lacks:
        return "not public"
    return "as reported"


def _signed(amount: int, currency: Currency, at: int) -> str:
    sign = "- " if amount < 0 else "+ " if at else ""
    return f"{sign}{_millions(abs(amount), currency)}"


def _millions(amount: int | None, currency: Currency) -> str:
    if amount is None:
        return "not public"
    return f"{currency_units(amount, currency) / Decimal(1_000_000):,.1f}"
