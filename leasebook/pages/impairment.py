"""
Tests for impairment as pages: amounts and outcome by year, and what the rules decide with margins.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from leasebook.report.table import Cell, Column, Row
from leasebook.rulebook.determination import Determination, Test
from leasebook.stress.impairment import Tested

#: An amount in minor units as a cell.
Money: TypeAlias = Callable[[int | None], Cell]

_AMOUNTS = {
    "carrying": "Carrying amount",
    "value": "Market value",
    "flows": "Cash flows, undiscounted",
    "less_costs": "Value less costs of disposal",
    "in_use": "Value in use",
    "written_down": "Written down",
    "after": "Carried on at",
}
_ASSETS = (Column("asset", "Asset"), Column("day", "Day", "date"))

#: What only IFRS asks for.
_IFRS = ("less_costs", "in_use")
DECISION_COLUMNS = (
    Column("asset", "Asset", printed=False),
    Column("day", "Day", "date", printed=False),
    Column("decision", "Decision"),
    Column("outcome", "The rules conclude"),
    Column("because", "Because"),
    Column("margin", "Margin"),
    Column("cites", "Paragraph"),
    Column("evidence", "Evidence", printed=False),
)


def columns_of_tests(framework: str) -> tuple[Column, ...]:
    """The columns of the tests under a framework; the same keys under both, for JSON and CSV."""
    amounts = (
        Column(key, title, "amount", printed=framework == "ifrs" or key not in _IFRS)
        for key, title in _AMOUNTS.items()
    )
    return (*_ASSETS, *amounts, Column("outcome", "The rules"))


def rows_of_tests(tests: Iterable[Tested], money: Money) -> Iterator[Row]:
    """
    Each test in a row, and each asset of a group of several below it.

    Args:
        tests: By group and day.
        money: Makes a cell of minor units.
    """
    for one in tests:
        amounts: dict[str, Cell] = {key: money(getattr(one, key)) for key in _AMOUNTS}
        cells = {key: cell for key, cell in amounts.items() if cell is not None}
        outcome = one.outcome.outcome or "undetermined"
        yield Row({"asset": one.asset, "day": one.day, **cells, "outcome": outcome})
        for part in one.parts if len(one.parts) > 1 else ():
            keys = ("carrying", "value", "written_down", "after")
            shares: dict[str, Cell] = {key: money(getattr(part, key)) for key in keys}
            yield Row({"asset": part.asset, "day": one.day, **shares, "outcome": "its part"})


def decision_rows(tests: Iterable[Tested], *, whole: bool) -> Iterator[Row]:
    """
    What the rules decide of each test: outcome, reason, margin and paragraph, in their order.

    Args:
        tests: By group and day.
        whole: Whether what is decided as at the test before is told as well.
    """
    told: dict[tuple[str, str], tuple[str | None, str]] = {}
    for one in tests:
        headed = False
        for found in one.found:
            key, answer = (one.asset, found.decision), (found.outcome, found.cites)
            same = told.get(key) == answer
            told[key] = answer
            if same and not whole:
                continue
            if not headed:
                headed = True
                yield Row({"decision": f"{one.asset}, {one.day.isoformat()}"}, "heading")
            yield Row(
                {
                    "asset": one.asset,
                    "day": one.day,
                    "decision": found.decision.replace("_", " "),
                    "outcome": found.outcome or "undetermined",
                    "because": found.sentence.partition(" because ")[2] or found.sentence,
                    "margin": _margin(found),
                    "cites": found.cites,
                    "evidence": found.evidence,
                },
                indent=1,
            )


def _margin(found: Determination) -> str:
    """The margin of the rule that concluded, or of the first that has one."""

    def order(test: Test) -> bool:
        return test.rule_id != found.rule_id

    margins = [t.margin.text for t in sorted(found.tests, key=order) if t.margin is not None]
    return margins[0] if margins else ""
