"""
Statement layouts: which accounts or flows a line shows, and which lines a total sums.
"""

from functools import cache
from typing import Any

import attrs

from leasebook.book.chart import load_chart
from leasebook.values.rulefiles import read_toml, rules_root

#: The statements that are made from the ledger, in the order in which they are shown.
STATEMENTS = ("balance-sheet", "income-statement", "cash-flow")


@attrs.frozen
class Line:
    """
    One line of a statement.

    It shows accounts, or flows, or the sum of other lines less some. `result` adds the results of
    all periods to date; `negate` shows the other side; `at` "opening" takes the balance before the
    period begins. An `optional` line is left out where every period and column is nil.
    """

    id: str
    title: str = ""
    accounts: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    sum: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    style: str = "line"
    cites: str = ""
    result: bool = False
    negate: bool = False
    at: str = "closing"
    optional: bool = False

    @property
    def caption(self) -> str:
        """The title, or the account's of the same name, or the id in words."""
        account = load_chart().get(self.id) if self.accounts else None
        words = self.id.replace("-", " ").capitalize()
        return self.title or (account.title if account is not None else words)


@attrs.frozen
class Layout:
    """A statement: what it measures (balance, movement or flow) and its lines in order."""

    statement: str
    title: str
    measure: str
    lines: tuple[Line, ...]

    def line(self, line_id: str) -> Line:
        """
        One line by its id.

        Raises:
            LookupError: If the statement has no such line.
        """
        for line in self.lines:
            if line.id == line_id:
                return line
        raise LookupError(line_id)


def _line(raw: dict[str, Any]) -> Line:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()
    }
    return Line(**fields)


@cache
def load_layouts() -> tuple[Layout, ...]:
    """
    The layouts of the three statements.

    Raises:
        ValueError: If a line names an account that is not in the chart.

    Example:
        >>> [layout.statement for layout in load_layouts()]
        ['balance-sheet', 'income-statement', 'cash-flow']
    """
    chart = load_chart()
    layouts = []
    for statement in STATEMENTS:
        raw = read_toml(rules_root() / "statements" / f"{statement}.toml")
        lines = tuple(_line(row) for row in raw["line"])
        for line in lines:
            if unknown := set(line.accounts) - chart.keys():
                raise ValueError(f"{statement}: {line.id} names no account of the chart: {unknown}")
        layouts.append(Layout(statement, raw["title"], raw["measure"], lines))
    return tuple(layouts)
