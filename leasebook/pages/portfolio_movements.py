"""
What moved the balances of a portfolio, and what its leases will cost: roll-forward, maturities.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from leasebook.book.chart import load_chart
from leasebook.book.template import load_templates
from leasebook.disclosures.scope import DisclosureMismatchError
from leasebook.pages.portfolio_tables import WHO, Valued, by_year, groups
from leasebook.portfolio.records import SCHEDULES
from leasebook.report.table import Column, Row, Table

_MOVEMENTS = ("opening", "closing")


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
    chart, templates = load_chart(), load_templates()
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for schedule in SCHEDULES:
        for line in templates[schedule].lines:
            for account, sign in ((line.debit, 1), (line.credit, -1)):
                kind = chart[account]
                if kind.is_result or kind.cash or not _of_leases(account):
                    continue
                found[account].append((f"{schedule}/{line.amount}", sign))
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
    """The maturity analysis on the day of the disclosures, and weighted averages."""
    raise NotImplementedError
