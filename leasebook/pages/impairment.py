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

TEST_COLUMNS = (
    *_ASSETS,
    *(Column(key, title, "amount") for key, title in _AMOUNTS.items()),
    Column("outcome", "The rules"),
)
DECISION_COLUMNS = (
    *_ASSETS,
    Column("decision", "Decision"),
    Column("outcome", "The rules conclude"),
    Column("because", "Because"),
    Column("margin", "Margin"),
    Column("cites", "Paragraph"),
    Column("evidence", "Evidence", printed=False),
)


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


def decision_rows(tests: Iterable[Tested]) -> Iterator[Row]:
    """What the rules decide of each test: outcome, reason, margin and paragraph, in their order."""
    for one in tests:
        for found in one.found:
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
                }
            )


def _margin(found: Determination) -> str:
    """The margin of the rule that concluded, or of the first that has one."""

    def order(test: Test) -> bool:
        return test.rule_id != found.rule_id

    margins = [t.margin.text for t in sorted(found.tests, key=order) if t.margin is not None]
    return margins[0] if margins else ""
