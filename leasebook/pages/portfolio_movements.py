"""
What moved the balances of a portfolio, and what its leases will cost: roll-forward, maturities.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from leasebook.book.chart import load_chart
from leasebook.bulk.outlook import BUCKETS, CLASSES, YEAR_UNIT
from leasebook.bulk.tally import ALL
from leasebook.disclosures.scope import DisclosureMismatchError
from leasebook.pages.portfolio_tables import WHO, Valued, by_year, groups
from leasebook.portfolio.lines import lines_of_flows
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.report.table import Cell, Column, Row, Table

_MOVEMENTS = ("opening", "closing")
_CLASS_TITLES = {
    "operating": "operating leases",
    "finance": "finance leases",
    "leases": "leases",
    "let": "operating leases let",
    "sales-type": "sales-type leases let",
    "direct-financing": "direct financing leases let",
    "finance-let": "finance leases let",
}


def roll_forward_table(found: Valued, entities: Sequence[int], years: Sequence[int]) -> Table:
    """
    Lease liabilities, rights of use and net investments from opening to closing of each year.

    Source: ASC 842-20-50-4, 842-30-50-8; IFRS 16.53(h), 16.53(j).

    Raises:
        DisclosureMismatchError: If movements do not lead from opening to closing.
    """
    chart, entering = load_chart(), _entering()
    rows: list[Row] = []
    for group in groups(found, entities):
        balances = by_year(found, found.tally.trial_balance, group)
        flows = by_year(found, found.tally.flows, group)
        places = found.decimals(group[2])
        for account in (a for a in chart if a in entering and a in balances):
            side = 1 if chart[account].debit_normal else -1
            moved = _moved(entering[account], flows, side)
            for year in years:
                opening = side * sum(a for y, a in balances[account].items() if y < year)
                closing = opening + side * balances[account].get(year, 0)
                lines = {name: amounts[year] for name, amounts in moved.items() if amounts[year]}
                if opening + sum(lines.values()) != closing:
                    raise DisclosureMismatchError(
                        f"{found.name(group[0])}, {account}, FY{year}: {opening} and movements of "
                        f"{sum(lines.values())} do not make {closing} minor units"
                    )
                if not (opening or closing or lines):
                    continue
                told = {"opening": opening, **lines, "closing": closing}
                rows += [
                    Row(
                        {
                            **found.who(*group),
                            "account": account,
                            "title": chart[account].title,
                            "period": f"FY{year}",
                            "movement": name.replace("_", " "),
                            "amount": (amount, places),
                        },
                        style="subtotal" if name in _MOVEMENTS else "line",
                    )
                    for name, amount in told.items()
                ]
    columns = (
        *WHO,
        Column("account", "Account", printed=False),
        Column("title", "Account"),
        Column("period", "Period"),
        Column("movement", "Movement"),
        Column("amount", "Amount", "amount"),
    )
    return Table("Roll-forward", columns, tuple(rows))


def _entering() -> dict[str, list[tuple[str, int]]]:
    """For each balance of leases, the flows that move it and the sign of each as a net debit."""
    chart = load_chart()
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for flow, lines in lines_of_flows().items():
        for line in lines:
            for account, sign in ((line.debit, 1), (line.credit, -1)):
                kind = chart[account]
                if not kind.is_result and not kind.cash and _of_leases(account):
                    found[account].append((flow, sign))
    return found


def _of_leases(account: str) -> bool:
    return any(word in account for word in ("lease", "right-of-use", "residual"))


def _moved(
    entering: Sequence[tuple[str, int]], flows: "dict[str, dict[int, int]]", side: int
) -> dict[str, dict[int, int]]:
    """What each flow, by its name without the schedule, adds to an account by year."""
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for flow, sign in entering:
        for year, amount in flows.get(flow, {}).items():
            found[flow.partition("/")[2]][year] += side * sign * amount
    return found


def disclosure_tables(found: Valued, entities: Sequence[int]) -> Iterator[Table]:
    """
    What is due by year from the day of the disclosures on, and weighted averages.

    Source: ASC 842-20-50-4(g), 842-20-50-6, 842-30-50-10, 842-30-50-12; IFRS 16.58, 16.94, 16.97.
    """
    sums: dict[tuple[int, int, int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (kind, name, entity, framework, currency), number in found.tally.counts.items():
        if kind in ("due", "owed", "owed-years", "due-rates"):
            for owner in {entity, ALL} & set(entities):
                cells = sums[owner, framework, currency, name.partition("/")[0]]
                cells[name.partition("/")[2] or kind] += number
    order = sorted(sums, key=lambda g: (found.name(g[0]) == "all", found.name(g[0]), g[1:]))
    yield _maturities(found, [(group, sums[group]) for group in order])
    yield _averages(found, [(g, sums[g]) for g in order if sums[g].get("owed")])


def _maturities(
    found: Valued, rows: "Sequence[tuple[tuple[int, int, int, str], dict[str, int]]]"
) -> Table:
    made = []
    for (entity, framework, currency, name), cells in rows:
        places = found.decimals(currency)
        due = sum(cells.get(bucket, 0) for bucket in BUCKETS)
        row: dict[str, Cell] = {
            **found.who(entity, framework, currency),
            "class": _CLASS_TITLES[name],
            **{bucket: (cells.get(bucket, 0), places) for bucket in BUCKETS},
            "total": (due, places),
        }
        if CLASSES[name][1]:
            row["imputed_interest"] = (cells.get("owed", 0) - due, places)
            row["lease_liability"] = (cells.get("owed", 0), places)
        made.append(Row(row))
    titles = ("Year 1", "Year 2", "Year 3", "Year 4", "Year 5", "Thereafter")
    columns = (
        *WHO,
        Column("class", "Class"),
        *(Column(b, t, "amount") for b, t in zip(BUCKETS, titles, strict=True)),
        Column("total", "Undiscounted", "amount"),
        Column("imputed_interest", "Less imputed interest", "amount"),
        Column("lease_liability", "Lease liability", "amount"),
    )
    notes = (
        f"Years count from {found.as_of}; leases that have begun by then, on that day's terms.",
    )
    return Table("Maturity analysis", columns, tuple(made), notes=notes if made else ())


def _averages(
    found: Valued, rows: "Sequence[tuple[tuple[int, int, int, str], dict[str, int]]]"
) -> Table:
    made = []
    for (entity, framework, currency, name), cells in rows:
        due = sum(cells.get(bucket, 0) for bucket in BUCKETS)
        made.append(
            Row(
                {
                    **found.who(entity, framework, currency),
                    "class": _CLASS_TITLES[name],
                    "remaining_term_years": Fraction(
                        cells.get("owed-years", 0), cells["owed"] * YEAR_UNIT
                    ),
                    "discount_rate": Fraction(cells.get("due-rates", 0), max(1, due) * RATE_UNIT),
                }
            )
        )
    columns = (
        *WHO,
        Column("class", "Class"),
        Column("remaining_term_years", "Remaining term, years", "ratio"),
        Column("discount_rate", "Discount rate", "percent"),
    )
    note = (
        "The term is weighed by the liability, the rate (effective annual) by the remaining "
        "payments."
    )
    return Table("Weighted averages", columns, tuple(made), notes=(note,) if made else ())
