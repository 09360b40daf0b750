"""The rulebook: every rule file read, checked and put in order, all problems raised at once."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import attrs

from leasebook.facts.dictionary import (
    Dictionary,
    FactMeaning,
    TableMeaning,
    nearest,
    read_fact,
    read_table,
)
from leasebook.rulebook.graph import CycleError, in_order, waiting
from leasebook.rulebook.reading import Problem, Reader, Words
from leasebook.rulebook.rule import EVIDENCE, FRAMEWORKS, Decision, Policy, Rule

_EXAMPLE = re.compile(r"\s*\[{1,2}\s*(rule\.(case|typical)|case|typical)\b")
_HEADING = re.compile(r"\s*\[{1,2}\s*[a-z]")
_THRESHOLD_KEYS = {"value", "unit", "stricter", "cites", "evidence", "note"}


class RulebookError(Exception):
    """Every problem that was found in the rule files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@attrs.frozen
class Rulebook:
    """
    Facts, policies and decisions of all standards, checked.

    Attributes:
        decisions: By framework: of every time, or of one day (`on`) each after those it waits for.
        policies: By name; "default" holds the project's own choices.
    """

    dictionary: Dictionary
    policies: Mapping[str, Policy]
    decisions: Mapping[str, tuple[Decision, ...]]
    _of_days: "dict[date, Rulebook]" = attrs.field(factory=dict, eq=False, repr=False, init=False)

    @classmethod
    def load(
        cls, root: Path | None = None, extra: Sequence[Path] = (), *, cases: bool = False
    ) -> "Rulebook":
        """
        The rules of the package, or of another folder, with further folders added.

        Args:
            root: Folder with facts/, policies/ and decisions; None for the package's own.
            extra: Folders whose files are added.
            cases: Whether the rules' own cases are read too; a run does without them.

        Raises:
            RulebookError: With all problems of all files.

        Example:
            >>> Rulebook.load().policies["default"].values["substantially_all"]
            Decimal('0.90')
        """
        return _load(root or rules_folder(), tuple(extra), cases)

    def on(self, day: date) -> "Rulebook":
        """
        The rulebook of a day: of each decision the rules in force then, none where there were none.

        Example:
            >>> old = Rulebook.load().on(date(2000, 12, 31))
            >>> old.decision("us-gaap", "lessee_classification").standard
            'FAS 13'
        """
        if day not in self._of_days:
            chosen = {
                framework: _on(decisions, day, self.dictionary)
                for framework, decisions in self.decisions.items()
            }
            self._of_days[day] = attrs.evolve(self, decisions=chosen)
        return self._of_days[day]

    def decision(self, framework: str, name: str) -> Decision:
        """
        The decision of that name in a framework; of several times the last.

        Raises:
            KeyError: If there is none.
        """
        found = [d for d in self.decisions.get(framework, ()) if d.name == name]
        if not found:
            raise KeyError(name)
        return max(found, key=lambda d: d.in_force.start or date.min)

    def outcomes(self, framework: str) -> dict[str, tuple[str, ...]]:
        """What each decision of a framework may conclude, at any time."""
        found: dict[str, tuple[str, ...]] = {}
        for decision in self.decisions.get(framework, ()):
            found[decision.name] = _together(found.get(decision.name, ()), decision.outcomes)
        return found

    def rules(self, rule_id: str) -> tuple[tuple[Decision, Rule], ...]:
        """The rules of an id, which may be led by ``us.`` or ``ifrs.``; empty if there is none."""
        return tuple(
            (decision, rule)
            for framework, decisions in self.decisions.items()
            for decision in decisions
            for rule in decision.rules
            if rule_id in (rule.id, f"{FRAMEWORKS[framework]}.{rule.id}")
        )


def rules_folder() -> Path:
    """The folder of the rules: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parents[1]
    shipped = package / "_rules"
    return shipped if shipped.is_dir() else package.parent / "rules"


@lru_cache(maxsize=8)
def _load(
    root: Path,
    extra: tuple[Path, ...],
    cases: bool,  # noqa: FBT001 - part of the cache's key
) -> Rulebook:
    problems: list[Problem] = []
    documents: dict[str, dict[str, Any]] = {}
    for folder in (root, *extra):
        if not folder.is_dir():
            problems.append(Problem(str(folder), "folder", "there is no such folder"))
        for path in sorted(folder.rglob("*.toml")):
            name = path.relative_to(folder).as_posix()
            if name in documents:
                name = str(path)
            document = _parse(path, name, problems, cases=cases)
            if document is not None:
                documents[name] = document
    dictionary = _dictionary(documents, problems)
    policies = _policies(documents, problems)
    decisions = _decisions(documents, dictionary, policies, problems)
    if cases:
        _examples(decisions, problems)
    if problems:
        raise RulebookError(problems)
    return Rulebook(dictionary, policies, decisions)


def _parse(path: Path, name: str, problems: list[Problem], *, cases: bool) -> dict[str, Any] | None:
    """A file of facts, thresholds or a decision; None for what is none of them."""
    text = path.read_text(encoding="utf-8")
    if not re.search(
        r"^\s*(\[(decision|policy)\]|\[\[rule\]\]|\[(facts|tables)\.)", text, re.MULTILINE
    ):
        return None
    try:
        return tomllib.loads(text if cases else without_examples(text), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(name, "file", f"is no TOML: {error}"))
        return None


def without_examples(text: str) -> str:
    r"""
    A rule file without its cases, line numbers kept.

    Parsing is most of the time it takes to load the rules, and cases are most of their text.

    Example:
        >>> without_examples('[[rule]]\nid = "a"\n[[rule.case]]\nname = "b"\n[[rule]]')
        '[[rule]]\nid = "a"\n\n\n[[rule]]'
    """
    kept, example = [], False
    for line in text.split("\n"):
        if _HEADING.match(line):
            example = _EXAMPLE.match(line) is not None
        kept.append("" if example else line)
    return "\n".join(kept)


def _dictionary(documents: Mapping[str, Any], problems: list[Problem]) -> Dictionary:
    facts: dict[str, FactMeaning] = {}
    tables: dict[str, TableMeaning] = {}
    for file, document in documents.items():
        for name, entry in document.get("facts", {}).items():
            if name in facts or name in tables:
                problems.append(Problem(file, name, "is declared twice"))
            facts[name], causes = read_fact(name, entry, file)
            if not facts[name].about:
                causes.append("about is missing")
            problems += [Problem(file, name, cause) for cause in causes]
        for name, entry in document.get("tables", {}).items():
            if name in facts or name in tables:
                problems.append(Problem(file, name, "is declared twice"))
            tables[name], causes = read_table(name, entry, file)
            problems += [Problem(file, name, cause) for cause in causes]
    return Dictionary(facts, tables)


def _policies(documents: Mapping[str, Any], problems: list[Problem]) -> dict[str, Policy]:
    parts: dict[str, dict[str, dict[str, Any]]] = {}
    for file, document in documents.items():
        if "policy" not in document:
            continue
        name = str(document["policy"].get("name", "default"))
        thresholds = parts.setdefault(name, {})
        for key, entry in document.get("thresholds", {}).items():
            causes = [
                f"{unknown}: no such key{nearest(unknown, _THRESHOLD_KEYS)}"
                for unknown in entry
                if unknown not in _THRESHOLD_KEYS
            ]
            causes += [f"{k} is missing" for k in ("value", "unit", "cites") if k not in entry]
            if entry.get("stricter") not in ("higher", "lower", "none"):
                causes.append("stricter is higher, lower or none")
            if entry.get("evidence") not in EVIDENCE:
                causes.append(f"evidence is one of {', '.join(EVIDENCE)}")
            if key in thresholds:
                causes.append("is given twice")
            problems += [Problem(file, key, cause) for cause in causes]
            thresholds[key] = entry
    return {name: _policy(name, thresholds) for name, thresholds in parts.items()}


def _policy(name: str, thresholds: Mapping[str, Mapping[str, Any]]) -> Policy:
    def column(key: str) -> dict[str, Any]:
        return {threshold: entry.get(key, "") for threshold, entry in thresholds.items()}

    return Policy(
        name=name,
        values=column("value"),
        cites=column("cites"),
        stricter=column("stricter"),
        units=column("unit"),
        evidence=column("evidence"),
        notes=column("note"),
    )


def _decisions(
    documents: Mapping[str, Any],
    dictionary: Dictionary,
    policies: Mapping[str, Policy],
    problems: list[Problem],
) -> dict[str, tuple[Decision, ...]]:
    heads = {
        file: document.get("decision", {})
        for file, document in documents.items()
        if "decision" in document or "rule" in document
    }
    found: dict[str, list[Decision]] = {framework: [] for framework in FRAMEWORKS}
    outcomes: dict[str, dict[str, tuple[str, ...]]] = {framework: {} for framework in FRAMEWORKS}
    for file, head in heads.items():
        framework, name = head.get("framework"), str(head.get("name"))
        if framework not in FRAMEWORKS:
            problems.append(Problem(file, "decision", f"framework is {framework!r}"))
            continue
        if name in dictionary.facts or name in dictionary.tables:
            problems.append(Problem(file, "decision", f"{name} is a fact's name too"))
        earlier = outcomes[framework].get(name, ())
        outcomes[framework][name] = _together(earlier, head.get("outcomes", ()))
    for file, head in heads.items():
        if head.get("framework") in FRAMEWORKS:
            words = Words(dictionary, policies, outcomes[head["framework"]])
            reader = Reader(file, words)
            found[head["framework"]].append(reader.decision(documents[file]))
            problems += reader.problems
    _check_waits(dictionary, {name for names in outcomes.values() for name in names}, problems)
    return {
        framework: _ordered(framework, decisions, dictionary, problems)
        for framework, decisions in found.items()
    }


def _together(some: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *more)))


def _check_waits(dictionary: Dictionary, names: set[str], problems: list[Problem]) -> None:
    for fact in dictionary.facts.values():
        for name in fact.waits_for:
            if name not in names:
                cause = f"waits_for {name}: no such decision{nearest(name, names)}"
                problems.append(Problem(fact.file, fact.name, cause))


def _ordered(
    framework: str, decisions: list[Decision], dictionary: Dictionary, problems: list[Problem]
) -> tuple[Decision, ...]:
    counts = Counter(rule.id for decision in decisions for rule in decision.rules)
    for rule_id, count in counts.items():
        if count > 1:
            files = [d.file for d in decisions for rule in d.rules if rule.id == rule_id]
            cause = f"{count} rules of {framework} have this id ({', '.join(files)})"
            problems.append(Problem(files[-1], rule_id, cause))
    for one, other in combinations(decisions, 2):
        if one.name == other.name and one.in_force.overlaps(other.in_force):
            cause = f"{one.name} is decided twice in {framework} ({one.file}, {other.file})"
            problems.append(Problem(other.file, "decision", cause))
            return tuple(decisions)
    days = sorted({d.in_force.start for d in decisions if d.in_force.start}, reverse=True)
    found: dict[str, Decision] = {}
    for day in (date.max, *days, date.min):
        try:
            for decision in _on(decisions, day, dictionary):
                found.setdefault(decision.file, decision)
        except CycleError as error:
            file = next(d.file for d in decisions if d.name == error.names[0])
            problems.append(Problem(file, "decision", f"waits in a circle: {error}"))
            return tuple(decisions)
    return tuple(found.values())


def _on(decisions: Iterable[Decision], day: date, dictionary: Dictionary) -> tuple[Decision, ...]:
    """
    The decisions in force on a day, each after those it waits for.

    Raises:
        CycleError: If they wait for each other in a circle.
    """
    then = [d for d in decisions if d.in_force.covers(day)]
    names = [d.name for d in then]
    return in_order(attrs.evolve(d, waits_for=waiting(d, dictionary, names)) for d in then)


def _examples(decisions: Mapping[str, Iterable[Decision]], problems: list[Problem]) -> None:
    for group in decisions.values():
        for decision in group:
            for rule in decision.rules:
                shown = {case.then for case in rule.cases}
                missing = [then for then in ("fires", "silent", "unknown") if then not in shown]
                if missing:
                    cause = f"no case that is {', '.join(missing)}"
                    problems.append(Problem(decision.file, rule.id, cause))
