"""
The decisions that matter: those that books and perimeter read, and whose other outcome shows.
"""

from collections.abc import Iterator, Mapping

import attrs

from leasebook import pipeline
from leasebook.flip.change import Change, altered, assumed_in, outcome_change
from leasebook.flip.effect import Effect, effect_of
from leasebook.flip.standing import Ground, Key, Standing
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.stated import Stated


class Overheard(Mapping[Key, str]):
    """Outcomes that note which of them are asked for."""

    def __init__(self, outcomes: Mapping[Key, str], heard: dict[Key, None]) -> None:
        self._outcomes = outcomes
        self._heard = heard

    def __getitem__(self, key: Key) -> str:
        self._heard.setdefault(key)
        return self._outcomes[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)


@attrs.frozen
class Leads:
    """
    Where some changes lead: what then stands, what came out otherwise, and the statements.

    `also` holds each decision that matters and comes out otherwise, with both outcomes. `effect` is
    None where the statements cannot be drawn up: a decision they need is open, or the terms are not
    measured.
    """

    changes: tuple[Change, ...]
    standing: Standing
    also: tuple[tuple[Key, str | None, str | None], ...]
    effect: Effect | None


@attrs.frozen
class Hanging:
    """A decision that matters, and where each other outcome of it leads."""

    key: Key
    today: str | None
    concluded: str | None
    others: tuple[Leads, ...]


def read_by_books(ground: Ground) -> tuple[Key, ...]:
    """
    The decisions that are asked and that today's books and perimeter read, in the order of steps.
    """
    heard: dict[Key, None] = {}
    run = ground.run
    pipeline.redrawn(
        run, run.deal, run.basis, run.stated, run.reached, lambda read: Overheard(read, heard)
    )
    wanted = heard.keys() | ground.perimeter().keys()
    return tuple(key for key in run.reached if key in wanted and not _held(ground, key))


def _held(ground: Ground, key: Key) -> bool:
    """Whether the class of a later day is the one that is stated of the lease, and goes with it."""
    decision, about = key
    lease, _, day = about.partition("@")
    return bool(day) and (decision, lease) in ground.run.stated and key not in ground.run.stated


def leads(ground: Ground, changes: tuple[Change, ...], watched: tuple[Key, ...]) -> Leads | None:
    """
    Where changes lead.

    Args:
        ground: Today.
        changes: Made together.
        watched: The decisions whose other outcome is told.

    Returns:
        None where the altered terms contradict each other or are not measured.
    """
    assumed = assumed_in(changes)
    standing = ground.stand(altered(ground.run.deal, changes), assumed)
    return None if standing is None else led(ground, changes, standing, watched, assumed)


def led(
    ground: Ground,
    changes: tuple[Change, ...],
    standing: Standing,
    watched: tuple[Key, ...],
    assumed: tuple[Stated, ...] = (),
) -> Leads:
    """
    Where it leads that something is altered, told beside today's outcomes.

    Args:
        ground: Today.
        changes: By which it was altered, if it is told as such.
        standing: What stands then, of all decisions.
        watched: The decisions whose other outcome is told.
        assumed: Outcomes that hold whatever the rules conclude.
    """
    told = []
    basis = ground.treated(standing, assumed)
    for key in watched:
        today, after = ground.today_is(key), standing.outcome(key)
        if key in ground.perimeter() and basis.perimeter is not None:
            after = basis.perimeter.get(key[1].split("/")[0], "outside")
        if after != today and key in standing.reached:
            told.append((key, today, after))
    return Leads(changes, standing, tuple(told), _effect(ground, standing, assumed, watched))


def _effect(
    ground: Ground, standing: Standing, assumed: tuple[Stated, ...], watched: tuple[Key, ...]
) -> Effect | None:
    """
    The statements of what stands, drawn up once for all that leads to the same books.

    Books are made of the terms and of the outcomes that they read; beside these they ask people
    for one fact.
    """
    basis = ground.treated(standing, assumed)
    same_terms = ground.same_terms(standing.deal)
    key = (
        tuple(standing.outcome(one) for one in watched),
        tuple((basis.perimeter or {}).items()),
    )
    if same_terms and watched and key in ground.effects:
        kept: Effect | None = ground.effects[key]
        return kept
    run = ground.run_of(standing, assumed)
    effect = None if run is None else effect_of(run)
    if same_terms and watched:
        ground.effects[key] = effect
    return effect


def hanging(ground: Ground, watched: tuple[Key, ...]) -> tuple[Hanging, ...]:
    """
    Each decision that matters to the statements, with its other outcomes.

    An outcome whose statements are today's, or that leads to none, is left out; a decision of which
    none is left does not matter.

    Args:
        ground: Today.
        watched: The decisions that books and perimeter read.
    """
    rulebook, today = Rulebook.load(), effect_of(ground.run)
    found = []
    for key in watched:
        outcomes = rulebook.decision(ground.run.framework, key[0]).outcomes
        others = []
        for outcome in outcomes:
            if outcome == ground.today_is(key):
                continue
            change = outcome_change(*key, ground.today_is(key), outcome)
            made = leads(ground, (change,), watched)
            if made is not None and made.effect is not None and made.effect.differs(today):
                others.append(made)
        if others:
            concluded = ground.run.reached[key].outcome
            found.append(Hanging(key, ground.today_is(key), concluded, tuple(others)))
    return tuple(found)
