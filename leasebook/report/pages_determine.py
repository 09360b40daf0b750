"""
Decisions: what somebody states beside what the rules conclude, every test, and what is open.
"""

from collections.abc import Iterable, Mapping, Sequence

from leasebook.facts.fact import Fact, Unknown
from leasebook.facts.fact import Table as FactTable
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.rulebook.determination import Determination, Test
from leasebook.rulebook.wording import show

UNDETERMINED = "undetermined"

_TESTS = (
    Column("decision", "Decision", printed=False),
    Column("about", "About", printed=False),
    Column("stated", "Stated", printed=False),
    Column("concluded", "Rules conclude", printed=False),
    Column("kind", "Kind", printed=False),
    Column("test", "Test"),
    Column("verdict", "Verdict"),
    Column("margin", "Margin, or why"),
    Column("cites", "Paragraph"),
    Column("evidence", "Evidence", printed=False),
)
_OPEN = (
    Column("decision", "Open decision"),
    Column("about", "About"),
    Column("fact", "Lacks"),
    Column("cites", "Paragraph"),
)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _summary(found: Determination, stated_by: Mapping[tuple[str, str], str]) -> str:
    concluded = found.outcome or UNDETERMINED
    if found.stated is None:
        return f"the rules: {concluded}"
    speaker = stated_by.get((found.decision, found.about), "stated")
    return f"{speaker}: {found.stated}; the rules: {concluded}"


def _shared(found: Determination) -> dict[str, Cell]:
    shared: dict[str, Cell] = {
        "decision": found.decision,
        "about": found.about,
        "concluded": found.outcome or UNDETERMINED,
    }
    if found.stated is not None:
        shared["stated"] = found.stated
    return shared


def _lacking(found: Determination) -> dict[str, str]:
    """Each fact that a decision lacks, once, with all paragraphs that ask for it."""
    asked: dict[str, dict[str, None]] = {}
    for missing in found.missing:
        asked.setdefault(missing.fact, {}).update(dict.fromkeys(missing.cites.split("; ")))
    return {fact: "; ".join(cites) for fact, cites in asked.items()}


def _test_rows(test: Test, shared: Mapping[str, Cell]) -> Iterable[Row]:
    margin = test.margin.text if test.margin is not None else test.sentence
    yield Row(
        {
            **shared,
            "kind": "test",
            "test": test.rule_id,
            "verdict": test.verdict,
            "margin": margin,
            "cites": test.cites,
            "evidence": test.evidence,
        },
        indent=1,
    )
    for reading in test.readings:
        label = f"{_words(reading.fact)}: {reading.label}"
        cells: dict[str, Cell] = {
            **shared,
            "kind": "reading",
            "test": label,
            "verdict": reading.verdict,
            "margin": reading.margin,
        }
        yield Row(cells, indent=2)


def _rows(found: Determination, stated_by: Mapping[tuple[str, str], str]) -> Iterable[Row]:
    shared = _shared(found)
    title = f"{_words(found.decision)} of {found.about}"
    yield Row({"test": f"{title}: {_summary(found, stated_by)}"}, "heading")
    conclusion: dict[str, Cell] = {
        **shared,
        "kind": "conclusion",
        "test": "the rules conclude",
        "verdict": found.outcome or UNDETERMINED,
        "margin": found.sentence,
        "cites": found.cites,
        "evidence": found.evidence,
    }
    yield Row(conclusion, indent=1)
    for test in found.tests:
        yield from _test_rows(test, shared)
    for fact, cites in _lacking(found).items():
        cells: dict[str, Cell] = {
            **shared,
            "kind": "missing",
            "test": "not known",
            "margin": _words(fact),
            "cites": cites,
        }
        yield Row(cells, indent=1)
    for other in found.alternatives:
        judged = f"if {_words(other.fact)} of {other.about} were {show(other.value)}"
        cells = {
            **shared,
            "kind": "alternative",
            "test": judged,
            "verdict": other.outcome or UNDETERMINED,
            "margin": "" if other.label == str(other.value) else other.label,
        }
        yield Row(cells, indent=1)


_SUMMARY = (
    Column("decision", "Decision"),
    Column("about", "About"),
    Column("stated", "Stated"),
    Column("concluded", "The rules conclude"),
    Column("cites", "Paragraph"),
)


def summary_table(
    found: Sequence[Determination],
    subtitle: Sequence[str],
    stated_by: Mapping[tuple[str, str], str],
) -> Table:
    """
    One row for each decision: what is stated beside what the rules conclude, open ones first.

    Args:
        found: Determinations, in the order of the steps.
        subtitle: Entity, framework, basis.
        stated_by: Who says what stands beside the rules, by decision and subject.
    """
    rows = []
    for each in sorted(found, key=lambda each: each.outcome is not None):
        cells: dict[str, Cell] = {
            "decision": each.decision,
            "about": each.about,
            "stated": "",
            "concluded": each.outcome or UNDETERMINED,
            "cites": each.cites if each.outcome else "",
        }
        if each.stated is not None:
            speaker = stated_by.get((each.decision, each.about), "stated")
            cells["stated"] = f"{each.stated} ({speaker})"
        rows.append(Row(cells))
    open_count = sum(each.outcome is None for each in found)
    note = f"{open_count} of {len(rows)} decisions are open; below, every test with its margin."
    title = "Decisions: stated, and concluded"
    return Table(title, _SUMMARY, tuple(rows), tuple(subtitle), (note,))


def listed_table(about: str, table: FactTable) -> Table:
    """
    A list that rules weigh row by row, with what is not known in each cell.

    Args:
        about: The subject that the list belongs to.
        table: Its rows.
    """
    keys = list(dict.fromkeys(key for row in table.rows for key in row))
    columns = (
        Column("about", "About", printed=False),
        *(Column(key, _words(key)) for key in keys),
    )
    rows = tuple(
        Row({"about": about, **{key: _known(fact) for key, fact in row.items()}})
        for row in table.rows
    )
    whole = "complete" if table.complete else "more may exist"
    return Table(f"{_words(table.name).capitalize()} of {about} ({whole})", columns, rows)


def _known(fact: Fact) -> str:
    if isinstance(fact.value, Unknown):
        return f"? {fact.value.reason}"
    ends = [show(reading.value) for reading in fact.readings]
    return show(fact.value) + (f" ({' to '.join(ends)})" if ends else "")


def determine_table(
    found: Iterable[Determination],
    subtitle: Sequence[str],
    stated_by: Mapping[tuple[str, str], str] | None = None,
) -> Table:
    """
    Every decision with every test and its margin, those that are open first.

    Args:
        found: Determinations, in the order of the steps.
        subtitle: Entity, framework, basis.
        stated_by: Who says what stands beside the rules, by decision and subject.

    Returns:
        A table with a heading for each decision. Under it stand the conclusion, the tests with
        their readings, what is not known, and the judgements that would change the outcome.
    """
    ordered = sorted(found, key=lambda each: each.outcome is not None)
    rows = [row for each in ordered for row in _rows(each, stated_by or {})]
    return Table("Decisions", _TESTS, tuple(rows), tuple(subtitle))


def open_table(
    found: Iterable[Determination], basis: str, buildable: Sequence[str], subtitle: Sequence[str]
) -> Table:
    """
    The decisions that keep statements from being drawn up, what they lack, and what can be done.

    Args:
        found: Open decisions that the ledger needs.
        basis: The basis that was asked for.
        buildable: Bases of the deal that can be built.
        subtitle: Entity and framework.

    Returns:
        A table with a row for each fact that is lacking.
    """
    rows = []
    example = ""
    for each in found:
        example = example or f"{each.decision}({each.about})=OUTCOME"
        shared: dict[str, Cell] = {"decision": each.decision, "about": each.about}
        lacking = [
            Row({**shared, "fact": _words(fact), "cites": cites})
            for fact, cites in _lacking(each).items()
        ]
        rows += lacking or [Row({**shared, "fact": each.sentence, "cites": each.cites})]
    notes = ["Bases that can be built: " + (", ".join(buildable) or "none") + "."]
    if example:
        notes.append(f'To assume an outcome for one run: --assume "{example}".')
    title = f"No statements on the basis {basis}: decisions are open"
    return Table(title, _OPEN, tuple(rows), tuple(subtitle), tuple(notes))
