"""
The tally of a portfolio becomes tables: totals, determinations, trial balance, statements.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.template import Line
from leasebook.bulk.tally import ALL, OPEN, REFUSED, Tally
from leasebook.pages.caption import FRAMEWORKS
from leasebook.portfolio.ledger import Ledger
from leasebook.portfolio.lines import INTEREST, interest_lines, lines_of_flows
from leasebook.report.table import Cell, Column, Row, RowStyle, Table
from leasebook.statements.layout import load_layouts
from leasebook.statements.prepare import Totals, prepare
from leasebook.values.money import Currency

_CODES = {1: "us-gaap", 2: "ifrs"}
_EVERY = "all"

WHO = (
    Column("entity", "Entity"),
    Column("framework", "Framework"),
    Column("currency", "Currency"),
)


@attrs.frozen
class Valued:
    """
    A portfolio that is measured, with the names of its codes.

    Attributes:
        tally: What it comes to.
        entities: By code.
        currencies: By code.
        year_end_month: Of all entities; 12 for December.
        as_of: The day that it is known to, and whose rules decide.
        notes: What the tables say below.
    """

    tally: Tally
    entities: Sequence[str]
    currencies: Sequence[str]
    year_end_month: int
    as_of: date
    notes: tuple[str, ...] = ()

    def fiscal_year(self, month: int) -> int:
        """The fiscal year of a month, counted as ledgers do."""
        year, over = divmod(month, 12)
        return year if over < self.year_end_month else year + 1

    def name(self, entity: int) -> str:
        """The entity of a code; of all of them together "all"."""
        return _EVERY if entity == ALL else self.entities[entity]

    def decimals(self, currency: int) -> int:
        """Of the minor unit of a currency."""
        return Currency.of(self.currencies[currency]).decimals

    def who(self, entity: int, framework: int, currency: int) -> dict[str, Cell]:
        """The cells that say whose, under which framework and in which currency."""
        return {
            "entity": self.name(entity),
            "framework": FRAMEWORKS[_CODES[framework]],
            "currency": self.currencies[currency],
        }

    def years(self) -> tuple[int, ...]:
        """The fiscal years in which anything moves."""
        months = self.tally.trial_balance.month
        if not len(months):
            return ()
        return tuple(
            range(self.fiscal_year(int(months.min())), self.fiscal_year(int(months.max())) + 1)
        )

    def usual_years(self) -> tuple[int, ...]:
        """The fiscal year of the day that the portfolio is known to, and the two beside it."""
        middle = self.fiscal_year(12 * self.as_of.year + self.as_of.month - 1)
        years = self.years()
        near = tuple(year for year in years if abs(year - middle) <= 1)
        return near or years[:3]


def totals_table(found: Valued, entities: Sequence[int]) -> Table:
    """Leases, liabilities and assets at commencement, by schedule."""
    sums: dict[tuple[int, int, int, str], dict[str, int]] = defaultdict(dict)
    for (kind, name, entity, framework, currency), number in found.tally.counts.items():
        if kind in ("units", "liability", "asset"):
            for owner in {entity, ALL} & set(entities):
                cells = sums[owner, framework, currency, name]
                cells[kind] = cells.get(kind, 0) + number
    rows = []
    for (owner, framework, currency, name), cells in sorted(
        sums.items(), key=lambda one: (found.name(one[0][0]), *one[0][1:3], one[0][3])
    ):
        places = found.decimals(currency)
        row: dict[str, Cell] = {
            **found.who(owner, framework, currency),
            "measured": {OPEN: "not: a decision is open", REFUSED: "not: a figure is missing"}.get(
                name, name
            ),
            "leases": cells.get("units", 0),
        }
        if name not in (OPEN, REFUSED):
            row["liability"] = (cells.get("liability", 0), places)
            row["asset"] = (cells.get("asset", 0), places)
        rows.append(Row(row))
    columns = (
        *WHO,
        Column("measured", "Measured as"),
        Column("leases", "Leases", "integer"),
        Column("liability", "Liability or receivable", "amount"),
        Column("asset", "Right of use or residual", "amount"),
    )
    return Table("Totals at commencement", columns, tuple(rows), notes=found.notes)


def determinations_table(found: Valued) -> Table:
    """How many leases each outcome of each decision has."""
    rows = [
        Row(
            {
                "framework": FRAMEWORKS[_CODES[framework]],
                "decision": name.partition("=")[0].replace("_", " "),
                "outcome": name.partition("=")[2],
                "leases": number,
            }
        )
        for (kind, name, _, framework, _), number in _counts(found, "outcome")
        if kind
    ]
    columns = (
        Column("framework", "Framework"),
        Column("decision", "Decision"),
        Column("outcome", "Outcome"),
        Column("leases", "Leases", "integer"),
    )
    return Table("Determinations", columns, tuple(rows))


def missing_table(found: Valued) -> Table:
    """How many leases are undetermined, or not measured, for want of each fact."""
    rows = [
        Row(
            {
                "framework": FRAMEWORKS[_CODES[framework]],
                "decision": name.partition("/")[0].replace("_", " "),
                "fact": name.partition("/")[2],
                "leases": number,
            }
        )
        for (_, name, _, framework, _), number in _counts(found, "missing")
    ]
    rows += [
        Row(
            {
                "framework": FRAMEWORKS[_CODES[framework]],
                "decision": "measurement",
                "fact": name,
                "leases": number,
            }
        )
        for (_, name, _, framework, _), number in _counts(found, "refused")
    ]
    columns = (
        Column("framework", "Framework"),
        Column("decision", "Decision"),
        Column("fact", "What is missing"),
        Column("leases", "Leases", "integer"),
    )
    note = "A lease that lacks several facts is counted under each of them."
    return Table(
        "Undetermined leases by missing fact", columns, tuple(rows), notes=(note,) if rows else ()
    )


def _counts(found: Valued, kind: str) -> list[tuple[tuple[str, str, int, int, int], int]]:
    return sorted(
        (item for item in found.tally.counts.items() if item[0][0] == kind),
        key=lambda item: (item[0][3], item[0][1]),
    )


def groups(found: Valued, entities: Sequence[int]) -> list[tuple[int, int, int]]:
    """Entity, framework and currency of everything that has a trial balance."""
    ledger = found.tally.trial_balance
    there = {*zip(ledger.entity.tolist(), ledger.framework.tolist(), ledger.currency.tolist(),
                  strict=True)}  # fmt: skip
    there |= {(ALL, framework, currency) for _, framework, currency in there}
    chosen = [group for group in there if group[0] in set(entities)]
    return sorted(chosen, key=lambda g: (found.name(g[0]) == _EVERY, found.name(g[0]), g[1:]))


def by_year(
    found: Valued, ledger: Ledger, group: tuple[int, int, int]
) -> dict[str, dict[int, int]]:
    """Amounts of one group by name and fiscal year."""
    entity, framework, currency = group
    mask = (ledger.framework == framework) & (ledger.currency == currency)
    if entity != ALL:
        mask &= ledger.entity == entity
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for what, month, amount in zip(
        ledger.what[mask].tolist(), ledger.month[mask].tolist(), ledger.amount[mask].tolist(),
        strict=True,
    ):  # fmt: skip
        sums[ledger.names[what]][found.fiscal_year(month)] += amount
    return sums


def _cash_flows(flows: Mapping[str, Mapping[int, int]]) -> dict[str, dict[int, int]]:
    """
    Flows of the cash flow statement, made of flows of schedules by the posting templates.

    Of a payment the interest that it pays is told apart.
    """
    chart, interest = load_chart(), interest_lines()
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    def add(line: Line, moves: Mapping[int, int], times: int) -> None:
        sign = -1 if chart[line.credit].cash else 1
        for year, moved in moves.items():
            sums[line.flow][year] += times * sign * moved

    for name, moves in flows.items():
        schedule, _, flow = name.partition("/")
        if flow in INTEREST:
            add(interest[schedule], moves, 1)
            for line in lines_of_flows()[f"{schedule}/payment"]:
                add(line, moves, -1)
        for line in lines_of_flows().get(name, ()):
            if line.flow:
                add(line, moves, 1)
    return sums


def trial_balance_table(found: Valued, entities: Sequence[int], years: Sequence[int]) -> Table:
    """The trial balance at the end of each fiscal year: debits positive, credits negative."""
    chart = load_chart()
    rows: list[Row] = []
    for group in groups(found, entities):
        accounts = by_year(found, found.tally.trial_balance, group)
        places = found.decimals(group[2])
        for account in (a for a in chart if a in accounts):
            moved = accounts[account]
            balances = {y: sum(a for at, a in moved.items() if at <= y) for y in years}
            if any(balances.values()):
                rows.append(
                    Row(
                        {
                            **found.who(*group),
                            "account": account,
                            "title": chart[account].title,
                            **{f"FY{y}": (balances[y], places) for y in years},
                        }
                    )
                )
    columns = (
        *WHO,
        Column("account", "Account", printed=False),
        Column("title", "Account"),
        *(Column(f"FY{y}", f"FY{y}", "amount") for y in years),
    )
    note = (
        "Net debits since the first day, income and expense not closed; credits in parentheses. "
        "Every column of an entity, framework and currency sums to nil."
    )
    return Table("Trial balance", columns, tuple(rows), notes=(note,))


def statement_tables(
    found: Valued, entities: Sequence[int], years: Sequence[int]
) -> Iterator[Table]:
    """The three statements of each entity, framework and currency, by fiscal year."""
    for group in groups(found, entities):
        accounts = by_year(found, found.tally.trial_balance, group)
        flows = _cash_flows(by_year(found, found.tally.flows, group))
        amounts = prepare(Totals(accounts, flows), years)
        yield _statements(found, group, years, amounts)


def _statements(
    found: Valued,
    group: tuple[int, int, int],
    years: Sequence[int],
    amounts: Mapping[tuple[str, int, str], int],
) -> Table:
    places = found.decimals(group[2])
    rows: list[Row] = []
    for layout in load_layouts():
        lines = [
            line for line in layout.lines
            if any(amounts[layout.statement, year, line.id] for year in years)
        ]  # fmt: skip
        if lines:
            rows.append(Row({"title": layout.title}, style="heading"))
        for line in lines:
            cells: dict[str, Cell] = {
                **found.who(*group),
                "statement": layout.statement,
                "line": line.id,
                "title": line.caption,
            }
            cells |= {f"FY{y}": (amounts[layout.statement, y, line.id], places) for y in years}
            style: RowStyle = "subtotal" if line.style in ("subtotal", "total") else "line"
            rows.append(Row(cells, style=style, indent=0 if style == "subtotal" else 1))
    columns = (
        *(attrs.evolve(column, printed=False) for column in WHO),
        Column("statement", "Statement", printed=False),
        Column("line", "Line", printed=False),
        Column("title", "Line"),
        *(Column(f"FY{y}", f"FY{y}", "amount") for y in years),
    )
    who = found.who(*group)
    return Table(
        f"Statements of {who['entity']}",
        columns,
        tuple(rows),
        subtitle=(f"{who['framework']}; leases alone, what else the entity has is not in it",),
        currency=str(who["currency"]),
    )
