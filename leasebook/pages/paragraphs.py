"""
Every paragraph that the project models: where, how it is verified, and what is left out and why.

Nothing is listed by hand but which published examples try which paragraphs, what was read of them,
and what is left out; all three stand in ``rules/coverage.toml``.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from leasebook.book.template import load_templates
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.rule import EVIDENCE, FRAMEWORKS
from leasebook.statements.layout import load_layouts
from leasebook.values.citation import Citation, cited_in
from leasebook.values.rulefiles import read_toml, rules_root

_PACKAGE = Path(__file__).resolve().parents[1]
_SOURCE = "Source: "
# The wheel's own copy comes first.
_PUBLISHED = (_PACKAGE / "_published", _PACKAGE.parent / "fixtures" / "published")


@attrs.frozen
class Use:
    """
    One place that rests on a paragraph.

    Attributes:
        paragraph: As the place cites it.
        kind: rule, default, threshold, code, posting or statement.
        place: The rule's id, the function, the template or the line.
        cases: How many cases of its own the place is tried on.
        evidence: seen, substance or unverified; empty where the place does not say.
    """

    paragraph: Citation
    kind: str
    place: str
    cases: int = 0
    evidence: str = ""


@attrs.frozen
class Covered:
    """
    A paragraph with all its places, and the published examples that try it.

    Attributes:
        read: How well it is known by what was read of it; empty if that is said in no place.
    """

    paragraph: Citation
    uses: tuple[Use, ...]
    published: tuple[str, ...]
    read: str = ""

    @property
    def cases(self) -> int:
        """The rules' own cases together."""
        return sum(use.cases for use in self.uses)

    @property
    def evidence(self) -> str:
        """How well the paragraph is known: the best that is said of it, else unverified."""
        said = [EVIDENCE.index(e) for e in (self.read, *(u.evidence for u in self.uses)) if e]
        return EVIDENCE[min(said)] if said else EVIDENCE[-1]


@attrs.frozen
class Topic:
    """A subject of published examples under one framework, and the paragraphs that it tries."""

    name: str
    framework: str
    paragraphs: tuple[Citation, ...]

    def tries(self, paragraph: Citation) -> bool:
        """Whether a paragraph, or the one it is a part of, is among them."""
        return any(
            paragraph == own
            or (
                paragraph.standard == own.standard
                and paragraph.paragraph.startswith(f"{own.paragraph}(")
            )
            for own in self.paragraphs
        )


@attrs.frozen
class Read:
    """Paragraphs that were read in some place, and how well they are known by that."""

    paragraphs: tuple[Citation, ...]
    evidence: str
    where: str


@attrs.frozen
class LeftOut:
    """
    What is not modelled, or in part only.

    Attributes:
        in_part: Decided or measured in some way, so that its paragraphs may be covered too.
    """

    paragraphs: tuple[Citation, ...]
    what: str
    why: str
    in_part: bool = False


def cites_of(text: str) -> tuple[Citation, ...]:
    """
    The citations of a rule or a template, which may name an appendix or an update as well.

    Example:
        >>> [str(cited) for cited in cites_of("IFRS 16.5(a); IFRS 16 Appendix A; ASU 2023-05")]
        ['IFRS 16.5(a)', 'IFRS 16 Appendix A', 'ASU 2023-05']
    """
    named = (part.split(maxsplit=1) for part in text.split("; "))
    return tuple(Citation(standard, paragraph) for standard, paragraph in named)


def uses() -> tuple[Use, ...]:
    """Every place that rests on a paragraph: rules, code, postings, statements."""
    return (*_rules(), *_code(), *_postings(), *_statements())


@cache
def covered() -> tuple[Covered, ...]:
    """Every paragraph that is modelled, in order, with its places and its published examples."""
    by_paragraph: dict[Citation, list[Use]] = {}
    for use in dict.fromkeys(uses()):
        by_paragraph.setdefault(use.paragraph, []).append(use)
    listed = published_by_topic()
    known = {paragraph: one.evidence for one in read() for paragraph in one.paragraphs}
    return tuple(
        Covered(
            paragraph,
            tuple(by_paragraph[paragraph]),
            tuple(
                case
                for topic in topics()
                if topic.tries(paragraph)
                for case in listed.get((topic.name, topic.framework), ())
            ),
            known.get(paragraph, ""),
        )
        for paragraph in sorted(by_paragraph, key=in_order)
    )


@cache
def topics() -> tuple[Topic, ...]:
    """The topics of published examples; a decision that one names brings its rules' paragraphs."""
    rulebook = Rulebook.load()
    found = []
    for raw in _coverage()["topic"]:
        cited = list(cites_of(raw["paragraphs"]))
        for name in raw.get("decisions", ()):
            own = "us-gaap" if raw["framework"].startswith("asc") else "ifrs"
            decision = rulebook.decision(own, name)
            cited += [c for rule in decision.rules for c in cites_of(rule.cites)]
        found.append(Topic(raw["name"], raw["framework"], tuple(dict.fromkeys(cited))))
    return tuple(found)


def read() -> tuple[Read, ...]:
    """What was read of paragraphs whose places do not say how well they are known."""
    return tuple(
        Read(cites_of(raw["paragraphs"]), raw["evidence"], raw["where"])
        for raw in _coverage()["read"]
    )


def left_out() -> tuple[LeftOut, ...]:
    """What is not modelled, with the reason."""
    return tuple(
        LeftOut(
            cites_of(raw["paragraphs"]),
            raw["what"],
            raw["why"],
            raw.get("in_part", False),
        )
        for raw in _coverage()["left_out"]
    )


def published_by_topic() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Ids of the published examples by topic and framework; none where none are at hand."""
    listed: dict[tuple[str, str], list[str]] = {}
    for case in published_cases():
        listed.setdefault((case["topic"], case["framework"]), []).append(case["id"])
    return {key: tuple(ids) for key, ids in listed.items()}


def published_cases() -> list[dict[str, Any]]:
    """The project's copy of the published examples: the wheel's own, else the checkout's."""
    folder = next((folder for folder in _PUBLISHED if folder.is_dir()), None)
    path = None if folder is None else folder / "cases.json"
    if path is None or not path.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _coverage() -> dict[str, Any]:
    return read_toml(rules_root() / "coverage.toml")


def _rules() -> Iterator[Use]:
    rulebook = Rulebook.load(cases=True)
    for framework, decisions in rulebook.decisions.items():
        lead = FRAMEWORKS[framework]
        for decision in decisions:
            if decision.default is not None:
                default = decision.default
                for paragraph in cites_of(default.cites):
                    place = f"{lead}.{decision.name}, by default"
                    yield Use(paragraph, "default", place, len(decision.cases), default.evidence)
            for rule in decision.rules:
                for paragraph in cites_of(rule.cites):
                    place = f"{lead}.{rule.id}"
                    yield Use(paragraph, "rule", place, len(rule.cases), rule.evidence)
    for policy in rulebook.policies.values():
        for name, cites in policy.cites.items():
            for paragraph in cites_of(cites):
                yield Use(paragraph, "threshold", name, 0, policy.evidence[name])


def _code() -> Iterator[Use]:
    for path in sorted(_PACKAGE.rglob("*.py")):
        dotted = ".".join(path.relative_to(_PACKAGE).with_suffix("").parts)
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if _SOURCE in text else ():
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                own = getattr(node, "name", "")
                for paragraph in _sources(ast.get_docstring(node) or ""):
                    yield Use(paragraph, "code", f"{dotted}.{own}".rstrip("."))


def _sources(docstring: str) -> Iterator[Citation]:
    """The paragraphs after "Source:" in a docstring, to the next blank line."""
    for part in docstring.split("\n\n"):
        if part.startswith(_SOURCE):
            yield from cited_in(part.removeprefix(_SOURCE))


def _postings() -> Iterator[Use]:
    for template in load_templates().values():
        for line in template.lines:
            for paragraph in cites_of(line.cites):
                yield Use(paragraph, "posting", template.name)


def _statements() -> Iterator[Use]:
    for layout in load_layouts():
        for line in layout.lines:
            for paragraph in cites_of(line.cites) if line.cites else ():
                yield Use(paragraph, "statement", f"{layout.statement}.{line.id}")


def in_order(paragraph: Citation) -> tuple[object, ...]:
    """Standards together, numbers as numbers: 25-9 before 25-10, 16.9 before 16.B1."""
    parts: list[tuple[int, int, str]] = []
    digits = letters = ""
    for character in f"{paragraph.paragraph} ":
        if character.isdigit():
            if letters:
                parts.append((1, 0, letters))
            letters, digits = "", digits + character
            continue
        if digits:
            parts.append((0, int(digits), ""))
        digits = ""
        letters = letters + character if character.isalpha() else _closed(letters, parts)
    return (paragraph.standard, parts)


def _closed(letters: str, parts: list[tuple[int, int, str]]) -> str:
    if letters:
        parts.append((1, 0, letters))
    return ""
