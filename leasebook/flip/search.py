"""
The search for the nearest value of a term at which an answer changes, exact on the term's grid.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Generic, TypeVar

import attrs

Answer = TypeVar("Answer")

#: Parts of the way to the furthest value that are tried, beside the nearest step itself.
PROBES = (Fraction(1, 100), Fraction(1, 20), Fraction(1, 4), Fraction(1))


@attrs.frozen
class Found(Generic[Answer]):
    """
    The step at which an answer first differs from today's, and the answers on both sides.

    `index` counts steps from today's value; one step nearer to it the answer is still `before`.
    """

    index: int
    before: Answer
    after: Answer


def nearest_change(
    answer: Callable[[int], Answer | None],
    furthest: int,
    distance: Callable[[int], Fraction | None] | None = None,
) -> Found[Answer] | None:
    """
    The nearest step in one direction at which an answer changes.

    The first probe whose answer differs closes an interval that is then narrowed until its ends
    are neighbours on the grid. That the answer changes once on the way is what the probes before
    it check; the neighbours themselves differ whatever lies between.

    Args:
        answer: Of a step; None where the term cannot have that value.
        furthest: The last step in this direction; its sign is the direction.
        distance: How far a number is from its threshold at a step, where there is one: it makes
            the narrowing quick and decides nothing.

    Returns:
        None if no probe differs.

    Example:
        >>> nearest_change(lambda k: k >= 37, 1000)
        Found(index=37, before=False, after=True)
        >>> nearest_change(lambda k: k >= 37, -1000)
    """
    today = answer(0)
    if today is None or furthest == 0:
        return None
    near = 0
    for step in probes(furthest):
        found = answer(step)
        if found is None:
            continue
        if found != today:
            return _narrowed(answer, today, near, step, distance)
        near = step
    return None


def probes(furthest: int) -> tuple[int, ...]:
    """
    The steps that are tried in one direction, nearest first: the next one, then parts of the way.

    Example:
        >>> probes(-1000)
        (-1, -10, -50, -250, -1000)
    """
    if furthest == 0:
        return ()
    sign = 1 if furthest > 0 else -1
    steps = {1, *(max(1, int(abs(furthest) * part)) for part in PROBES)}
    return tuple(sign * step for step in sorted(steps))


def _narrowed(
    answer: Callable[[int], Answer | None],
    today: Answer,
    near: int,
    far: int,
    distance: Callable[[int], Fraction | None] | None,
) -> Found[Answer] | None:
    """Narrows an interval whose far end differs to two neighbours, of which only that differs."""
    after, turn = answer(far), 0
    while abs(far - near) > 1:
        middle = _middle(near, far, distance, turn)
        turn += 1
        found = answer(middle)
        if found == today or found is None:
            near = middle
        else:
            far, after = middle, found
    before = answer(near)
    if before is None or after is None:
        return None  # where it changes, the terms themselves stop making sense
    return Found(far, before, after)


def _middle(
    near: int, far: int, distance: Callable[[int], Fraction | None] | None, turn: int
) -> int:
    """
    A step inside an interval.

    It is where a straight line would cross, then the next step, and every third time the middle.
    """
    halfway = (near + far) // 2
    halfway = halfway if halfway != near else near + (1 if far > near else -1)
    if distance is None or turn % 3 == 2:
        return halfway
    first, last = distance(near), distance(far)
    if first is None or last is None or first == last or (first > 0) == (last > 0):
        return halfway
    crossing = near + (far - near) * first / (first - last)
    step = int(crossing) + (turn % 3)
    low, high = min(near, far) + 1, max(near, far) - 1
    return min(max(step, low), high)
