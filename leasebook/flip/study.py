"""
The whole study of a run: what matters, what flips it, and the contested judgements crossed.
"""

import attrs

from leasebook.flip.change import Change
from leasebook.flip.cube import AXES_MAX, Cube, contested, control, cube
from leasebook.flip.effect import Effect, effect_of
from leasebook.flip.judgement_flip import Judged, judgement_flips
from leasebook.flip.matter import Hanging, hanging, read_by_books
from leasebook.flip.standing import Ground, Key
from leasebook.flip.term_flip import TermFlip, term_flips
from leasebook.pipeline import Run
from leasebook.rulebook.loading import Rulebook


@attrs.frozen
class Study:
    """
    Everything that flips about a run.

    `today` is None while open decisions keep the statements from being drawn up; there is then
    nothing to weigh, and only what closes those decisions is told.
    """

    run: Run
    today: Effect | None
    hanging: tuple[Hanging, ...]
    judged: tuple[Judged, ...]
    terms: tuple[TermFlip, ...]
    cube: Cube | None


def study(run: Run, years: tuple[int, ...], named: tuple[Change, ...] = ()) -> Study:
    """
    What would have to change for the statements of a run to come out otherwise.

    Args:
        run: Today's.
        years: Fiscal years in which what is owed is compared.
        named: The judgements to be crossed; the ones that change most of what is owed if none is.
    """
    ground, dictionary = Ground(run), Rulebook.load().dictionary
    if run.worksheet is None:
        decisions = tuple(key for key in run.open_decisions if key in run.reached)
        judged = judgement_flips(ground, decisions, decisions, dictionary)
        terms = term_flips(ground, decisions, dictionary)
        return Study(run, None, (), judged, terms, None)
    watched = read_by_books(ground)
    hangs = hanging(ground, watched)
    decisions = _that_matter(ground, hangs)
    judged = judgement_flips(ground, decisions, watched, dictionary)
    terms = term_flips(ground, decisions, dictionary)
    axes = named or contested(ground, watched, dictionary, years)
    crossed = cube(ground, watched, axes[:AXES_MAX], axes[AXES_MAX:]) if axes else None
    return Study(run, effect_of(run), hangs, judged, terms, crossed)


def _that_matter(ground: Ground, hangs: tuple[Hanging, ...]) -> tuple[Key, ...]:
    """The decisions whose other outcome shows, those that come in together with others included."""
    together = control(ground)
    brought = {(s.decision, s.about) for s in together.assumed} if together else set()
    wanted = {one.key for one in hangs} | brought
    return tuple(key for key in ground.run.reached if key in wanted)
