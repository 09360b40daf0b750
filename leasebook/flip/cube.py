"""
The cube: the contested judgements of a deal, each both ways, and what is owed in every corner.
"""

from itertools import product

import attrs

from leasebook.contract.deal import Deal
from leasebook.facts.dictionary import Dictionary
from leasebook.flip.change import BY, Change, judged
from leasebook.flip.effect import OWED, Effect, effect_of
from leasebook.flip.matter import Leads, leads
from leasebook.flip.standing import Ground, Key
from leasebook.rulebook.stated import Stated

#: The most judgements that a cube has.
AXES_MAX = 3

#: The basis whose perimeter is the other side of the judgement about control.
CONSOLIDATED = "as-consolidated"


@attrs.frozen
class Corner:
    """One combination: which judgements come out otherwise, and where that leads."""

    otherwise: tuple[bool, ...]
    leads: Leads | None


@attrs.frozen
class Cube:
    """
    The judgements and every combination of them, today's first.

    `left_out` are judgements that change what is owed as well, and that the cube has no room for.
    """

    axes: tuple[Change, ...]
    corners: tuple[Corner, ...]
    left_out: tuple[Change, ...] = ()


def control(ground: Ground) -> Change | None:
    """
    The perimeter of the basis as consolidated, as against today's; None where there is no other.

    Source: ASC 810-10-25-38A; IFRS 10.7. One judgement about control may bring in several
    entities, the one that holds the others among them.
    """
    run = ground.run
    other = run.deal.bases.get(CONSOLIDATED)
    if other is None or other.perimeter is None or run.basis.perimeter is None:
        return None
    today = ground.perimeter()
    brought = [
        key
        for key, treatment in today.items()
        if other.perimeter.get(key[1].split("/")[0], "outside") != treatment
    ]
    if not brought:
        return None
    assumed = tuple(
        Stated(*key, other.perimeter[key[1].split("/")[0]], BY, "assumed", assumed=True)
        for key in brought
    )
    return Change("perimeter", "control", run.basis.id, other.id, assumed=assumed)


def contested(
    ground: Ground, watched: tuple[Key, ...], dictionary: Dictionary, years: tuple[int, ...]
) -> tuple[Change, ...]:
    """
    The judgements and figures with a range that change what is owed, those that change most first.

    Control comes first. Of a figure only the end that changes more is taken. One whose outcomes
    another one's include is left out: the other tells what it would tell.

    Args:
        ground: Today, with a worksheet.
        watched: The decisions that books and perimeter read.
        dictionary: Of facts.
        years: Fiscal years in which what is owed is compared.
    """
    today = effect_of(ground.run)
    weighed: dict[str, tuple[int, frozenset[Key], Change]] = {}
    for change in judged(ground.run.deal, dictionary):
        found = leads(ground, (change,), watched)
        if found is None or found.effect is None:
            continue
        size = moved(today, found.effect, years)
        if size > weighed.get(change.name, (0,))[0]:
            weighed[change.name] = (size, frozenset(key for key, *_ in found.also), change)
    kept = [
        one for at, one in enumerate(weighed.values())
        if not any(_tells(other, one, first=other_at < at)
                   for other_at, other in enumerate(weighed.values()) if other is not one)
    ]  # fmt: skip
    kept.sort(key=lambda one: -one[0])
    first = control(ground)
    return (*((first,) if first is not None else ()), *(change for *_, change in kept))


def _tells(
    other: tuple[int, frozenset[Key], Change],
    one: tuple[int, frozenset[Key], Change],
    *,
    first: bool,
) -> bool:
    """Whether another judgement alters every outcome that one alters, and more or earlier."""
    return bool(one[1]) and (one[1] < other[1] or (one[1] == other[1] and first))


def moved(today: Effect, other: Effect, years: tuple[int, ...]) -> int:
    """The greatest change of the lines of what is owed, summed, in one of some years."""
    return max(
        (
            sum(
                abs(other.amounts.get((line, year), 0) - today.amounts.get((line, year), 0))
                for line in OWED
            )
            for year in years
        ),
        default=0,
    )


def cube(
    ground: Ground,
    watched: tuple[Key, ...],
    axes: tuple[Change, ...],
    left_out: tuple[Change, ...] = (),
) -> Cube:
    """
    Every combination of some judgements.

    Args:
        ground: Today, with a worksheet.
        watched: The decisions whose outcomes are told.
        axes: At most `AXES_MAX`.
        left_out: Named, and not tried.
    """
    corners = []
    for otherwise in product((False, True), repeat=len(axes)):
        chosen = tuple(axis for axis, other in zip(axes, otherwise, strict=True) if other)
        corners.append(Corner(otherwise, leads(ground, chosen, watched)))
    return Cube(axes, tuple(corners), left_out)


def named_axes(deal: Deal, dictionary: Dictionary, ground: Ground) -> dict[str, Change]:
    """Every judgement that may be asked for by name; of a figure the first other end."""
    found = {} if (first := control(ground)) is None else {first.name: first}
    for change in judged(deal, dictionary):
        found.setdefault(change.name, change)
    return found
