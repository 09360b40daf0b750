"""
Filed statements held against the layouts: every line is one, once, and every rest can be computed.
"""

from collections.abc import Iterator

from leasebook.book.chart import load_chart
from leasebook.contract.deal import Deal, FiledStatements
from leasebook.measure.setting import year_end
from leasebook.reckoning.calendar import fiscal_year, fiscal_year_bounds
from leasebook.statements.layout import Line, load_layouts
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding, Path

#: Totals without which no opening entry can be made.
_NEEDED = ("net-income", "net-cash-change")


def check_filed(deal: Deal) -> Iterator[Finding]:
    """Every finding about the filed statements of a deal."""
    for entity, filed in deal.filed.items():
        place: Path = ("filed", entity)
        yield from _lines(filed, place)
        yield from _rests(filed, place)
        ends = year_end(deal.entities[entity].fiscal_year_end)
        if filed.as_of != fiscal_year_bounds(fiscal_year(filed.as_of, ends), ends)[1]:
            cause = f"{filed.as_of} is no end of a fiscal year of {entity}"
            fix = f"write a day on which its year ends ({deal.entities[entity].fiscal_year_end})"
            yield Finding("LB0311", (*place, "as_of"), cause, fix)


def _names(statement: str) -> set[str]:
    """What a line of a statement may be called: accounts, flows, or totals."""
    chart = load_chart()
    lines = [(layout, line) for layout in load_layouts() for line in layout.lines]
    if statement == "total":
        return {line.id for _, line in lines if line.sum or line.less}
    if statement == "cash-flow":
        return {flow for _, line in lines for flow in line.flows}
    accounts = {a for layout, line in lines if layout.statement == statement for a in line.accounts}
    return {a for a in accounts if a != "opening-balances" and a in chart}


def _totals(filed: FiledStatements) -> set[str]:
    """The totals that are filed with an amount."""
    return {line.line for line in filed.lines if line.statement == "total" and line.amount.known}


def _lines(filed: FiledStatements, place: Path) -> Iterator[Finding]:
    seen: dict[tuple[bool, str], int] = {}
    for at, line in enumerate(filed.lines):
        path: Path = (*place, "lines", at, "line")
        known = _names(line.statement)
        if line.line not in known:
            cause = f"no {line.statement} line is called {line.line}"
            yield Finding("LB0309", path, cause, nearest(line.line, known))
        key = (line.statement == "total", line.line)
        if key in seen:
            first: Path = (*place, "lines", seen[key], "line")
            cause = f"{line.line} is filed twice"
            yield Finding("LB0310", path, cause, "keep one of them", other=first)
        seen.setdefault(key, at)
    for name in _NEEDED:
        if name not in _totals(filed):
            fix = "add a line of statement total; an opening entry needs it"
            yield Finding("LB0311", place, f"the total {name} is not filed", fix, "header")


def _rests(filed: FiledStatements, place: Path) -> Iterator[Finding]:
    totals = _totals(filed)
    for at, rest in enumerate(filed.rests):
        path: Path = (*place, "rests", at)
        if rest.completes not in totals:
            cause = f"the total {rest.completes} is not filed"
            yield Finding("LB0311", (*path, "completes"), cause, nearest(rest.completes, totals))
        elif rest.account not in (inside := _inside(rest.completes)):
            cause = f"{rest.account} is no part of {rest.completes}"
            yield Finding("LB0309", (*path, "account"), cause, nearest(rest.account, inside))


def _inside(total: str) -> set[str]:
    """The accounts and flows that a total is made of."""
    lines: dict[str, Line] = {line.id: line for x in load_layouts() for line in x.lines}
    found: set[str] = set()
    left = [total]
    while left:
        line = lines[left.pop()]
        found |= {*line.accounts, *line.flows}
        left += [*line.sum, *line.less]
    return found
