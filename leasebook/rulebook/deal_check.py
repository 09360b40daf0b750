"""
What a deal says to the rules, held against the rules: facts, tables, decisions and outcomes.
"""

from collections.abc import Iterator
from typing import Any

from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.contract.outcome import parse_outcome
from leasebook.facts.dictionary import Dictionary, FactMeaning, expected
from leasebook.rulebook.loading import Rulebook
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding, Path


def check_against_rules(deal: Deal, rulebook: Rulebook) -> Iterator[Finding]:
    """
    Every name and value in a deal that no rule can read.

    Args:
        deal: Loaded and consistent in itself.
        rulebook: Declares facts, tables, decisions and their outcomes.
    """
    for section, parts in (("facts", deal.facts), ("judgements", deal.judgements)):
        for at, part in enumerate(parts):
            path: Path = (section, at)
            meaning = rulebook.dictionary.facts.get(part.fact)
            if meaning is None:
                advice = nearest(part.fact, rulebook.dictionary.facts)
                yield Finding("LB0306", (*path, "fact"), f"no fact is called {part.fact}", advice)
            else:
                yield from _fits(meaning, part.value, (*path, "value"))
    yield from _tables(deal, rulebook.dictionary)
    for at, assertion in enumerate(deal.assertions):
        path = ("assertions", at)
        yield from _known(
            rulebook, assertion.decision, assertion.outcome, path, assertion.framework
        )
    for at, basis in enumerate(deal.bases.values()):
        for number, text in enumerate(basis.outcomes):
            decision, _, outcome = parse_outcome(text)
            for finding in _known(rulebook, decision, outcome, ()):
                yield Finding(
                    finding.code, ("bases", at, "outcomes", number), finding.cause, finding.fix
                )


def check_statement(rulebook: Rulebook, text: str, framework: str) -> str | None:
    """
    What is wrong with an outcome that a command assumes on a framework, or None.

    Example:
        >>> check_statement(Rulebook.load(), "renewal(campus-lease)=for-ever", "ifrs")
        'renewal never concludes for-ever; write one of: not-reasonably-certain, reasonably-certain'
    """
    decision, _, outcome = parse_outcome(text)
    for finding in _known(rulebook, decision, outcome, (), framework):
        return f"{finding.cause}; {finding.fix}"
    return None


def _fits(meaning: FactMeaning, figure: Figure[Any], path: Path) -> Iterator[Finding]:
    values = [figure.value] if figure.known else []
    for value in (*values, *figure.range):
        if not meaning.accepts(value):
            cause = f"{meaning.name} is {value}, not {expected(meaning)}"
            yield Finding("LB0308", path, cause, f"{meaning.name}: {meaning.meaning}")
            return


def _tables(deal: Deal, dictionary: Dictionary) -> Iterator[Finding]:
    for at, table in enumerate(deal.tables):
        meaning = dictionary.tables.get(table.table)
        if meaning is None:
            cause = f"no table is called {table.table}"
            advice = nearest(table.table, dictionary.tables)
            yield Finding("LB0306", ("tables", at, "table"), cause, advice)
            continue
        for number, row in enumerate(table.rows):
            for column, cell in row.items():
                path: Path = ("tables", at, "rows", number, column)
                declared = meaning.columns.get(column)
                if declared is None:
                    cause = f"{table.table} has no column {column}"
                    yield Finding("LB0306", path, cause, nearest(column, meaning.columns), "key")
                else:
                    yield from _fits(declared, cell, path)


def _known(
    rulebook: Rulebook, decision: str, outcome: str, path: Path, framework: str | None = None
) -> Iterator[Finding]:
    """Whether a decision of a framework, or of any, concludes an outcome."""
    frameworks = (framework,) if framework else tuple(rulebook.decisions)
    everything = [d for name in frameworks for d in rulebook.decisions[name]]
    outcomes = {o for d in everything if d.name == decision for o in d.outcomes}
    if not outcomes:
        cause = f"there is no decision {decision}"
        advice = nearest(decision, {d.name for d in everything})
        yield Finding("LB0307", (*path, "decision"), cause, advice)
    elif outcome not in outcomes:
        cause = f"{decision} never concludes {outcome}"
        yield Finding("LB0307", (*path, "outcome"), cause, nearest(outcome, outcomes))
