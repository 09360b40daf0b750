"""The order of decisions: which waits for which, and cycles printed if there are any."""

from collections.abc import Iterable, Mapping

import attrs

from leasebook.facts.dictionary import Dictionary
from leasebook.rulebook.rule import Decision


def waiting(decision: Decision, dictionary: Dictionary, names: Iterable[str]) -> tuple[str, ...]:
    """
    The decisions that one waits for: those it reads, and those its measured facts wait for.

    Args:
        decision: The decision that waits.
        dictionary: Says what measured facts wait for.
        names: Decisions of the same framework; others are not waited for.

    Returns:
        Names, sorted.
    """
    reads = {name for rule in decision.rules for name in rule.reads}
    waits = set(decision.needs)
    for name in reads & dictionary.facts.keys():
        waits |= set(dictionary.facts[name].waits_for)
    return tuple(sorted(waits & set(names)))


def in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """
    Decisions so that each stands after those it waits for; names break ties.

    Raises:
        CycleError: If decisions wait for each other in a circle.
    """
    by_name = {decision.name: decision for decision in decisions}
    done: dict[str, Decision] = {}
    for name in sorted(by_name):
        _visit(name, by_name, done, ())
    return tuple(done.values())


@attrs.frozen
class CycleError(Exception):
    """Decisions that wait for each other, the first named again at the end."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return " waits for ".join(self.names)


def _visit(
    name: str, by_name: Mapping[str, Decision], done: dict[str, Decision], path: tuple[str, ...]
) -> None:
    if name in done:
        return
    if name in path:
        raise CycleError((*path[path.index(name) :], name))
    for other in by_name[name].waits_for:
        _visit(other, by_name, done, (*path, name))
    done[name] = by_name[name]
