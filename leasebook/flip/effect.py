"""
The lines of the statements by which a reader sees where a flip leads.
"""

from collections.abc import Mapping

import attrs

from leasebook import pipeline
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.measure.setting import year_end
from leasebook.pipeline import Run
from leasebook.statements.layout import load_layouts
from leasebook.statements.prepare import Totals, prepare

#: Statement and line, in the order in which they are shown.
LINES: tuple[tuple[str, str], ...] = (
    ("balance-sheet", "right-of-use-assets"),
    ("balance-sheet", "total-assets"),
    ("balance-sheet", "debt"),
    ("balance-sheet", "lease-liabilities"),
    ("balance-sheet", "financing-obligation"),
    ("balance-sheet", "noncontrolling-interest"),
    ("balance-sheet", "total-equity"),
    ("income-statement", "net-income"),
)

#: The lines that say what is owed: by these a contested judgement is weighed.
OWED = ("debt", "lease-liabilities", "financing-obligation")


@attrs.frozen
class Effect:
    """
    The shown lines of the last column, by line and fiscal year, in minor units.

    `hidden` are those that are not public.
    """

    amounts: Mapping[tuple[str, int], int]
    hidden: frozenset[tuple[str, int]] = frozenset()

    def owed(self, year: int) -> int:
        """Debt, lease liabilities and financing obligation at the end of a year, together."""
        return sum(self.amounts.get((line, year), 0) for line in OWED)

    def differs(self, other: "Effect") -> bool:
        """Whether any line differs in a year that both have."""
        shared = self.amounts.keys() & other.amounts.keys()
        return any(self.amounts[key] != other.amounts[key] for key in shared)


def effect_of(run: Run) -> Effect:
    """
    The lines of a run that are shown.

    Raises:
        LookupError: If open decisions keep its statements from being drawn up.
    """
    if run.worksheet is None:
        raise LookupError("open decisions keep this basis from being drawn up")
    years = pipeline.fiscal_years(run)
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    found = prepare(Totals.of(run.worksheet.column(COLUMNS[-1]), ends), years)
    hidden = {
        (line.id, year)
        for layout in load_layouts()
        for line in layout.lines
        if (layout.statement, line.id) in LINES
        for year in years
        if pipeline.not_public(run, line, year)
    }
    amounts = {
        (line, year): found[statement, year, line] for statement, line in LINES for year in years
    }
    return Effect(amounts, frozenset(hidden))


def captions() -> dict[str, str]:
    """What the statements call each line."""
    return {
        line.id: line.caption
        for layout in load_layouts()
        for line in layout.lines
        if (layout.statement, line.id) in LINES
    }
