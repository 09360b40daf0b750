"""
Posting templates: which column of which schedule moves between which accounts, and why.
"""

from collections.abc import Mapping
from functools import cache

import attrs

from leasebook.book.chart import load_chart
from leasebook.values.rulefiles import read_toml, rules_root

#: How the names of the international standards begin; all others are American.
_IFRS = ("IFRS", "IAS", "SIC", "IFRIC")


@attrs.frozen
class Line:
    """
    One line of a template: a column of the schedule and the two accounts it moves between.

    `outside` marks money that goes to somebody who is no party to the contract, a broker say.
    `settles` marks the payment of what another line of the same day recognises.
    """

    amount: str
    debit: str
    credit: str
    cites: str
    text: str
    flow: str = ""
    outside: bool = False
    settles: bool = False

    def cites_for(self, framework: str) -> str:
        """
        The paragraphs of one framework among the line's.

        Example:
            >>> Line("a", "b", "c", "ASC 1-2-3; IFRS 4.5", "").cites_for("ifrs")
            'IFRS 4.5'
        """
        parts = self.cites.split("; ")
        own = [p for p in parts if p.startswith(_IFRS) == (framework == "ifrs")]
        return "; ".join(own or parts)


@attrs.frozen
class Template:
    """The lines that turn every row of one kind of schedule into postings."""

    name: str
    schedule: str
    lines: tuple[Line, ...]


@cache
def load_templates() -> Mapping[str, Template]:
    """
    Every template by the name of the schedule it posts.

    Raises:
        ValueError: If a line names an account that is not in the chart.

    Example:
        >>> load_templates()["note-issued"].lines[0].credit
        'borrowings'
    """
    templates: dict[str, Template] = {}
    for path in sorted((rules_root() / "postings").glob("*.toml")):
        for raw in read_toml(path)["template"]:
            lines = tuple(Line(**line) for line in raw["line"])
            _check(path.name, raw["name"], lines)
            templates[raw["schedule"]] = Template(raw["name"], raw["schedule"], lines)
    return templates


def _check(file: str, name: str, lines: tuple[Line, ...]) -> None:
    chart = load_chart()
    for line in lines:
        unknown = {line.debit, line.credit} - chart.keys()
        if unknown:
            raise ValueError(f"{file}: template {name} names no account of the chart: {unknown}")
        if line.debit == line.credit:
            raise ValueError(f"{file}: template {name} moves {line.debit} to itself")
