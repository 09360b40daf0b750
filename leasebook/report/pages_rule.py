"""
The page of a rule, and the page of an error code.
"""

from collections.abc import Iterable

from leasebook.report.table import Cell, Column, Row, Table
from leasebook.rulebook.page import PageLine, RulePage
from leasebook.rulebook.rule import FRAMEWORKS, Decision, Rule
from leasebook.rulebook.wording import show
from leasebook.values.code import Code

_PAIR = (Column("name", ""), Column("text", ""))
_READS = (
    Column("name", "Reads"),
    Column("kind", "Kind"),
    Column("unit", "Unit", printed=False),
    Column("value", "Value", printed=False),
    Column("meaning", "Meaning", printed=False),
    Column("text", "Meaning"),
    Column("cites", "Paragraph"),
)
_CASES = (Column("case", "Case"), Column("given", "Given"), Column("then", "Then"))
_LIST = (
    Column("rule", "Rule"),
    Column("decision", "Decision", printed=False),
    Column("cites", "Paragraph"),
    Column("gist", "What it says"),
)


def _pairs(pairs: dict[str, str]) -> tuple[Row, ...]:
    return tuple(Row({"name": name, "text": text}) for name, text in pairs.items() if text)


def code_table(code: Code) -> Table:
    """What an error code means, what to do, and the exit code of a run that ends with it."""
    pairs = {
        "meaning": code.meaning,
        "what to do": code.remedy,
        "exit code": str(code.exit_class),
    }
    return Table(f"{code.code}: {code.title}", _PAIR, _pairs(pairs))


def _in_force(page: RulePage) -> str:
    start, until = page.in_force.start, page.in_force.until
    parts = [f"from {start}" if start else "", f"until {until}" if until else ""]
    return " ".join(part for part in parts if part) or "always"


def _reads(line: PageLine) -> Row:
    text = f"{line.meaning} ({line.note})" if line.note else line.meaning
    cells: dict[str, Cell] = {
        "name": line.name,
        "kind": line.kind,
        "unit": line.unit,
        "meaning": line.meaning,
        "text": f"{line.value}: {text}" if line.value else f"{line.unit}: {text}",
        "cites": line.cites,
    }
    if line.value:
        cells["value"] = line.value
    return Row(cells)


def _given(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_given(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_given(each) for each in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def rule_tables(page: RulePage) -> tuple[Table, ...]:
    """
    A rule's page: what it asks and concludes, all that it reads, and the cases it is tried on.

    Args:
        page: From a rulebook that was loaded with its cases.

    Returns:
        The rule, what it reads, its cases.
    """
    pairs = {
        "decision": f"{page.decision}, about each {page.about}",
        "question": page.question,
        "framework": page.framework,
        "paragraph": f"{page.cites} (evidence: {page.evidence})",
        "gist": page.gist,
        "when": page.condition,
        "outcome": show(page.outcome) if page.outcome else "none of its own",
        "because": page.because,
        "margin": page.margin,
        "in force": _in_force(page),
        "digest": page.standard_id,
        "file": page.file,
    }
    cases = tuple(
        Row({"case": case.name, "given": _given(dict(case.given)), "then": case.then})
        for case in page.cases
    )
    tables = (
        Table(page.id, _PAIR, _pairs(pairs)),
        Table(
            f"{page.id}: what it reads", _READS, tuple(map(_reads, (*page.inputs, *page.policy)))
        ),
        Table(f"{page.id}: cases", _CASES, cases),
    )
    return tuple(table for table in tables if table.rows)


def rule_list(title: str, found: Iterable[tuple[Decision, Rule]]) -> Table:
    """
    The rules that belong to something, one a row.

    Args:
        title: The decision or paragraph they belong to.
        found: Each rule with its decision.
    """
    rows = tuple(
        Row(
            {
                "rule": f"{FRAMEWORKS[decision.framework]}.{rule.id}",
                "decision": decision.name,
                "cites": rule.cites,
                "gist": rule.gist,
            }
        )
        for decision, rule in found
    )
    return Table(f"Rules of {title}", _LIST, rows)
