"""
Judgements and open facts: which of them, alone or in pairs, make a decision come out otherwise.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

import attrs

from leasebook import pipeline
from leasebook.facts.dictionary import Dictionary
from leasebook.flip.behind import behind, open_facts
from leasebook.flip.change import Change, altered, judged
from leasebook.flip.matter import Leads, leads
from leasebook.flip.place import figures
from leasebook.flip.standing import Ground, Key, Standing

#: The most values of judgements and open facts of which pairs are tried for one decision.
PAIRED_MAX = 64


@attrs.frozen
class JudgementFlip:
    """
    Changes that together make the rules conclude something else about a decision that matters.

    `before` and `after` are what the rules conclude, None for undetermined. None of the changes
    does so alone. `leads` is None where the altered facts contradict each other.
    """

    decision: Key
    changes: tuple[Change, ...]
    before: str | None
    after: str | None
    leads: Leads | None


@attrs.frozen
class Judged:
    """
    What was tried about one decision that matters, and what of it flips.

    `lacking` names the facts that keep it open, those without an end of values included; `paired`
    says whether pairs were tried.
    """

    decision: Key
    flips: tuple[JudgementFlip, ...]
    tried: int
    lacking: tuple[str, ...]
    paired: bool


def judgement_flips(
    ground: Ground, decisions: tuple[Key, ...], watched: tuple[Key, ...], dictionary: Dictionary
) -> tuple[Judged, ...]:
    """
    For each decision, the judgements and open facts that alter what the rules conclude.

    Each judgement with a range is tried at its other ends. Of a decision that is open each fact
    that it lacks is tried at each of its values. Pairs are tried of those that do nothing alone.

    Args:
        ground: Today.
        decisions: Those that matter.
        watched: Those whose other outcome is told beside.
        dictionary: Of facts.
    """
    known: dict[frozenset[str], Leads | None] = {}

    def led(changes: tuple[Change, ...]) -> Leads | None:
        key = frozenset(change.text() for change in changes)
        if key not in known:
            known[key] = leads(ground, changes, watched)
        return known[key]

    found = []
    pools = {decision: _pool(ground, decision, dictionary) for decision in decisions}
    tried = _Tried(ground, {key: {c.text() for c in pool} for key, pool in pools.items()})
    for decision, pool in pools.items():
        paired = len(pool) <= PAIRED_MAX
        flips = tuple(
            attrs.evolve(flip, leads=led(flip.changes))
            for flip in _flips(tried, decision, pool, paired=paired)
        )
        missing = ground.run.reached[decision].missing
        lacking = tuple(dict.fromkeys(one.fact for one in missing))
        found.append(Judged(decision, flips, len(pool), lacking, paired))
    return tuple(found)


def _pool(ground: Ground, decision: Key, dictionary: Dictionary) -> tuple[Change, ...]:
    """The judgements behind a decision at their other ends, and the facts that it lacks."""
    run = ground.run
    paths = behind(decision, run.reached, dictionary).paths
    places = {steps: figure.path for steps, figure in figures(run.deal)}
    pool = [c for c in judged(run.deal, dictionary) if places[c.edits[0][0]] in paths]
    if run.reached[decision].outcome is None:
        subjects = {s.id: s for s in pipeline.subjects(run.deal, run.basis.scenario)}
        pool += open_facts(decision, run.reached, run.deal, subjects, dictionary)
    return tuple({change.text(): change for change in pool}.values())


@attrs.frozen
class _Tried:
    """
    What stands after changes, asked once for all decisions whose pool has them.

    Attributes:
        pools: The changes of each decision, as texts.
        known: What stood, by the texts of the changes.
    """

    ground: Ground
    pools: Mapping[Key, set[str]]
    known: dict[frozenset[str], Standing | None] = attrs.field(factory=dict)

    def concluded(self, decision: Key, changes: tuple[Change, ...]) -> tuple[bool, str | None]:
        """Whether changes can be made, and what the rules then conclude of a decision."""
        texts = frozenset(change.text() for change in changes)
        if texts not in self.known:
            wanted = {key for key, pool in self.pools.items() if texts <= pool}
            deal = altered(self.ground.run.deal, changes)
            self.known[texts] = self.ground.stand(deal, wanted=wanted)
        standing = self.known[texts]
        found = None if standing is None else standing.reached.get(decision)
        return found is not None, None if found is None else found.outcome


def _flips(
    tried: _Tried, decision: Key, pool: tuple[Change, ...], *, paired: bool
) -> Iterator[JudgementFlip]:
    before = tried.ground.run.reached[decision].outcome
    idle = []
    for change in pool:
        done, after = tried.concluded(decision, (change,))
        if done and after != before:
            yield JudgementFlip(decision, (change,), before, after, None)
        elif done:
            idle.append(change)
    for pair in combinations(idle, 2) if paired else ():
        if pair[0].name != pair[1].name:
            done, after = tried.concluded(decision, pair)
            if done and after != before:
                yield JudgementFlip(decision, pair, before, after, None)
