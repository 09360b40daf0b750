"""
The page of coverage: paragraphs modelled, how each is verified, and what is left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from leasebook.pages.paragraphs import (
    Covered,
    LeftOut,
    Topic,
    covered,
    in_order,
    left_out,
    published_by_topic,
    topics,
)
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.values.citation import Citation

_SUMMARY = (
    Column("standard", "Standard"),
    Column("paragraphs", "Paragraphs", "integer"),
    Column("with_cases", "With cases of rules", "integer"),
    Column("with_examples", "With published examples", "integer"),
    Column("seen", "Text seen", "integer"),
    Column("substance", "Substance seen", "integer"),
    Column("unverified", "Unverified", "integer"),
    Column("left_out", "Left out", "integer"),
)
_COVERED = (
    Column("paragraph", "Paragraph"),
    Column("standard", "Standard", printed=False),
    Column("modelled_in", "Modelled in"),
    Column("rule_cases", "Rule cases", "integer"),
    Column("examples", "Examples", "integer"),
    Column("published", "Published examples", printed=False),
    Column("evidence", "Evidence"),
)
_TOPICS = (
    Column("topic", "Topic"),
    Column("framework", "Framework"),
    Column("examples", "Examples", "integer"),
    Column("published", "Published examples"),
    Column("paragraphs", "Paragraphs they try"),
)
_LEFT_OUT = (
    Column("what", "What"),
    Column("how_far", "How far"),
    Column("why", "Why, and what follows"),
    Column("paragraphs", "Paragraph"),
)


def standard_of(paragraph: Citation) -> str:
    """
    The standard that a paragraph belongs to, as people name it.

    Example:
        >>> standard_of(Citation.parse("ASC 842-10-15-9")), standard_of(Citation.parse("IFRS 16.9"))
        ('ASC 842', 'IFRS 16')
    """
    if paragraph.standard == "ASU":
        return str(paragraph)
    number = re.split(r"[-. ]", paragraph.paragraph, maxsplit=1)[0]
    return f"{paragraph.standard} {number}"


def standards() -> tuple[str, ...]:
    """The standards that have a paragraph on the page: topics of the ASC, IFRSs, IASs."""
    modelled = [one.paragraph for one in covered()]
    missing = [paragraph for gap in left_out() for paragraph in gap.paragraphs]
    ordered = sorted((*modelled, *missing), key=in_order)
    return tuple(dict.fromkeys(map(standard_of, ordered)))


def coverage(wanted: Sequence[str] = ()) -> tuple[Table, ...]:
    """
    The page.

    Args:
        wanted: Standards, such as "ASC 842"; all if none is named.

    Returns:
        How many paragraphs of each standard, what is not modelled, the paragraphs, and the topics
        of published examples; a table without rows is left out.
    """

    def asked(paragraph: Citation) -> bool:
        return not wanted or standard_of(paragraph) in wanted

    paragraphs = [one for one in covered() if asked(one.paragraph)]
    gaps = [gap for gap in left_out() if any(map(asked, gap.paragraphs))]
    tried = [topic for topic in topics() if any(map(asked, topic.paragraphs))]
    names = [name for name in standards() if not wanted or name in wanted]
    tables = (
        _summary_table(names, paragraphs, gaps),
        _left_out_table(gaps),
        _covered_table(paragraphs),
        _topics_table(tried, published_by_topic()),
    )
    return tuple(table for table in tables if table.rows)


def _summary_table(
    names: Iterable[str], paragraphs: Sequence[Covered], gaps: Sequence[LeftOut]
) -> Table:
    rows = []
    for name in names:
        own = [one for one in paragraphs if standard_of(one.paragraph) == name]
        missing = [gap for gap in gaps if name in map(standard_of, gap.paragraphs)]
        rows.append(Row({"standard": name, **_counts(own), "left_out": len(missing)}))
    total = Row({"standard": "All", **_counts(paragraphs), "left_out": len(gaps)}, style="total")
    return Table(
        "Coverage",
        _SUMMARY,
        (*rows, total) if len(rows) > 1 else tuple(rows),
        subtitle=("paragraphs of the standards that rules, measurements, postings and lines cite",),
        notes=(
            "Evidence: the text of a paragraph was seen, or its substance in a guide, or neither.",
            "What code and postings cite alone is unverified.",
        ),
    )


def _counts(paragraphs: Sequence[Covered]) -> dict[str, Cell]:
    known = [one.evidence for one in paragraphs]
    return {
        "paragraphs": len(paragraphs),
        "with_cases": sum(one.cases > 0 for one in paragraphs),
        "with_examples": sum(bool(one.published) for one in paragraphs),
        **{word: known.count(word) for word in ("seen", "substance", "unverified")},
    }


def _covered_table(paragraphs: Iterable[Covered]) -> Table:
    rows = tuple(
        Row(
            {
                "paragraph": str(one.paragraph),
                "standard": standard_of(one.paragraph),
                "modelled_in": "; ".join(dict.fromkeys(_placed(one))),
                "rule_cases": one.cases,
                "examples": len(one.published),
                "published": ", ".join(one.published),
                "evidence": one.evidence,
            }
        )
        for one in paragraphs
    )
    notes = (
        "Rule cases are those of the rules that cite the paragraph.",
        "Examples are published worked examples of topics that try it; topics list their ids.",
    )
    return Table("Paragraphs modelled", _COVERED, rows, notes=notes)


def _placed(one: Covered) -> Iterable[str]:
    plain = ("rule", "code")
    return (use.place if use.kind in plain else f"{use.kind} {use.place}" for use in one.uses)


def _topics_table(
    tried: Iterable[Topic], listed: Mapping[tuple[str, str], tuple[str, ...]]
) -> Table:
    rows = []
    for topic in tried:
        ids = listed.get((topic.name, topic.framework), ())
        rows.append(
            Row(
                {
                    "topic": topic.name,
                    "framework": topic.framework,
                    "examples": len(ids),
                    "published": ", ".join(ids),
                    "paragraphs": "; ".join(map(str, topic.paragraphs)),
                }
            )
        )
    return Table("Topics of published examples", _TOPICS, tuple(rows))


def _left_out_table(gaps: Iterable[LeftOut]) -> Table:
    rows = tuple(
        Row(
            {
                "what": gap.what,
                "how_far": "in part" if gap.in_part else "not modelled",
                "why": gap.why,
                "paragraphs": "; ".join(map(str, gap.paragraphs)),
            }
        )
        for gap in gaps
    )
    return Table("What is not modelled, and why", _LEFT_OUT, rows)
