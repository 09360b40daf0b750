"""
The whole study of a run: what matters, what flips it, and the contested judgements crossed.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Literal, get_args

import attrs

from leasebook.facts.dictionary import Dictionary
from leasebook.flip.behind import behind
from leasebook.flip.change import Change
from leasebook.flip.cube import AXES_MAX, Cube, contested, control, cube
from leasebook.flip.effect import Effect, effect_of
from leasebook.flip.judgement_flip import Judged, judgement_flips
from leasebook.flip.matter import Hanging, Leads, hanging, read_by_books
from leasebook.flip.standing import Ground, Key
from leasebook.flip.term_flip import TermFlip, term_flips
from leasebook.pipeline import Run
from leasebook.rulebook.loading import Rulebook

Part = Literal["grid", "decisions", "judgements", "terms"]

#: What a study has, in the order in which it is printed.
PARTS: tuple[Part, ...] = get_args(Part)

#: The most years that are shown because something differs in them alone.
YEARS_ADDED = 3


@attrs.frozen
class Study:
    """
    Everything that flips about a run.

    `today` is None while open decisions keep the statements from being drawn up; there is then
    nothing to weigh, and only what closes those decisions is told. `parts` are what was asked.
    """

    run: Run
    today: Effect | None
    hanging: tuple[Hanging, ...]
    judged: tuple[Judged, ...]
    terms: tuple[TermFlip, ...]
    cube: Cube | None
    parts: tuple[Part, ...] = PARTS


def study(
    run: Run,
    years: tuple[int, ...],
    named: tuple[Change, ...] = (),
    parts: Collection[Part] = PARTS,
) -> Study:
    """
    What would have to change for the statements of a run to come out otherwise.

    Args:
        run: Today's.
        years: Fiscal years in which what is owed is compared.
        named: The judgements to be crossed; the ones that change most of what is owed if none is.
        parts: What is asked; the rest stays empty.
    """
    ground, dictionary = Ground(run), Rulebook.load().dictionary
    if run.worksheet is None:
        decisions = tuple(key for key in run.open_decisions if key in run.reached)
        judged = _judged(ground, decisions, decisions, parts)
        terms = term_flips(ground, decisions, dictionary) if "terms" in parts else ()
        return Study(run, None, (), judged, terms, None, tuple(parts))
    watched = read_by_books(ground)
    hangs: tuple[Hanging, ...] = ()
    if set(parts) - {"grid"}:
        hangs = hanging(ground, watched)
    decisions = _that_matter(ground, hangs, dictionary)
    judged = _judged(ground, decisions, watched, parts)
    terms = term_flips(ground, decisions, dictionary, watched) if "terms" in parts else ()
    crossed = None
    if "grid" in parts:
        axes = named or contested(ground, watched, dictionary, years)
        crossed = cube(ground, watched, axes[:AXES_MAX], axes[AXES_MAX:]) if axes else None
    shown = hangs if "decisions" in parts else ()
    return Study(run, effect_of(run), shown, judged, terms, crossed, tuple(parts))


def _judged(
    ground: Ground, decisions: tuple[Key, ...], watched: tuple[Key, ...], parts: Collection[Part]
) -> tuple[Judged, ...]:
    if "judgements" not in parts:
        return ()
    return judgement_flips(ground, decisions, watched, Rulebook.load().dictionary)


def _that_matter(
    ground: Ground, hangs: tuple[Hanging, ...], dictionary: Dictionary
) -> tuple[Key, ...]:
    """
    The decisions whose other outcome shows, those that come in together with others included.

    Where somebody states an outcome behind one of them, the question about the rules is that one.
    """
    together = control(ground)
    brought = {(s.decision, s.about) for s in together.assumed} if together else set()
    wanted = {one.key for one in hangs} | brought
    reached = ground.run.reached
    for key in tuple(wanted):
        wanted |= {k for k in behind(key, reached, dictionary).decisions if k in ground.run.stated}
    return tuple(key for key in ground.run.reached if key in wanted)


def telling_years(found: Study, years: tuple[int, ...]) -> tuple[int, ...]:
    """
    Some years, and those in which statements differ from today's that do not in these.

    A year in which most of them do is added first; at most `YEARS_ADDED` are.

    Args:
        found: The study.
        years: Shown whatever differs in them.
    """
    if found.today is None:
        return years
    before, chosen = found.today.amounts, set(years)
    effects = [leads.effect for leads in _leading(found) if leads is not None and leads.effect]
    differing = [
        {year for (line, year), amount in one.amounts.items() if before.get((line, year)) != amount}
        for one in effects
    ]
    for _ in range(YEARS_ADDED):
        untold = Counter(y for years in differing if not years & chosen for y in years)
        if untold:
            chosen.add(max(untold, key=lambda year: (untold[year], -year)))
    return tuple(sorted(chosen))


def _leading(found: Study) -> Iterator[Leads | None]:
    for one in found.hanging:
        yield from one.others
    for judged in found.judged:
        yield from (flip.leads for flip in judged.flips)
    yield from (flip.leads for flip in found.terms)
