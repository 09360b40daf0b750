"""
Circles of money: strongly connected parties first, then the elementary circles, within a bound.

The graph has an arrow from payer to payee for every pair between which money moves. Tarjan's
algorithm finds the parties that reach each other; every circle lies within one such group. Within
it, circles are listed by depth-first search from each party in order, over parties not before it,
so that each elementary circle is found once, at its first party.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import attrs

from leasebook.flows.money import OUTSIDE, Payment

#: At most so many circles are listed, and so many arrows make a circle.
CIRCLES_MAX = 200
LENGTH_MAX = 8
#: Steps of the search, after which it stops even if it has found few.
_STEPS_MAX = 200_000

Arrows = Mapping[str, Mapping[str, int]]


@attrs.frozen
class Circle:
    """
    An elementary circle: each party pays the next, the last one the first.

    Attributes:
        parties: In the order of payment, the first in alphabetical order first.
        least_minor: The least that one of them pays the next over all days, minor units.
    """

    parties: tuple[str, ...]
    least_minor: int

    @property
    def arrows(self) -> tuple[tuple[str, str], ...]:
        """Payer and payee of each arrow."""
        return tuple(zip(self.parties, (*self.parties[1:], self.parties[0]), strict=True))


@attrs.frozen
class Circles:
    """
    The circles found, and what was cut off.

    Attributes:
        groups: Parties that reach each other, two or more, each group in order.
        found: Elementary circles, by group, then by party.
        stopped: The search ended at `CIRCLES_MAX` circles or its bound of steps.
        cut_long: Some paths were longer than `LENGTH_MAX` and were not followed.
    """

    groups: tuple[tuple[str, ...], ...]
    found: tuple[Circle, ...]
    stopped: bool = False
    cut_long: bool = False


def arrows(paid: Iterable[Payment]) -> dict[str, dict[str, int]]:
    """What each party pays each other over all days, minor units, without outsiders."""
    graph: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in paid:
        if OUTSIDE not in (one.payer, one.payee):
            graph[one.payer][one.payee] += one.amount_minor
    return {payer: dict(sorted(to.items())) for payer, to in sorted(graph.items())}


def strongly_connected(graph: Arrows) -> tuple[tuple[str, ...], ...]:
    """
    The groups of two or more parties that reach each other, by Tarjan's algorithm.

    Example:
        >>> strongly_connected({"a": {"b": 1}, "b": {"a": 1, "c": 1}})
        (('a', 'b'),)
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[tuple[str, ...]] = []
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph.get(root, {})))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            party, onward = work[-1]
            for other in onward:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(graph.get(other, {}))))
                    break
                if other in stack:
                    low[party] = min(low[party], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[party])
                if low[party] == index[party]:
                    cut = stack.index(party)
                    group, stack[cut:] = stack[cut:], []
                    if len(group) > 1:
                        groups.append(tuple(sorted(group)))
    return tuple(sorted(groups))


def circles(
    paid: Iterable[Payment], *, most: int = CIRCLES_MAX, longest: int = LENGTH_MAX
) -> Circles:
    """
    The circles in payments, within bounds that are told.

    Args:
        paid: Payments, of one deal or several.
        most: At most so many circles.
        longest: At most so many arrows in a circle.

    Example:
        >>> from datetime import date
        >>> there = Payment(date(2026, 1, 1), False, "c", "a", "b", 5)
        >>> back = Payment(date(2026, 1, 2), True, "d", "b", "a", 3)
        >>> circles([there, back]).found
        (Circle(parties=('a', 'b'), least_minor=3),)
    """
    graph = arrows(paid)
    groups = strongly_connected(graph)
    found: list[Circle] = []
    steps, cut_long = 0, False
    for group in groups:
        for path in _paths(graph, group, longest):
            steps += 1
            if len(path) > longest:
                cut_long = True
                continue
            if graph[path[-1]].get(path[0]):
                arc = zip(path, (*path[1:], path[0]), strict=True)
                found.append(Circle(path, min(graph[a][b] for a, b in arc)))
            if len(found) >= most or steps >= _STEPS_MAX:
                return Circles(groups, tuple(found), stopped=True, cut_long=cut_long)
    return Circles(groups, tuple(found), cut_long=cut_long)


def _paths(graph: Arrows, group: tuple[str, ...], longest: int) -> Iterator[tuple[str, ...]]:
    """Simple paths within a group from each party over later ones, by depth-first search."""
    within = set(group)
    for first in group:
        open_paths: list[tuple[str, ...]] = [(first,)]
        while open_paths:
            path = open_paths.pop()
            yield path
            if len(path) > longest:
                continue
            onward = [
                other
                for other in graph.get(path[-1], {})
                if other in within and other > first and other not in path
            ]
            open_paths += [(*path, other) for other in reversed(onward)]


def net_circle(graph: Arrows, circle: Circle) -> dict[str, dict[str, int]]:
    """
    The arrows with a circle taken out: each of its arrows less by the least of them.

    What each party receives less what it pays stays as it was, and what is paid altogether falls by
    the number of arrows times the least.
    """
    netted = {payer: dict(to) for payer, to in graph.items()}
    for payer, payee in circle.arrows:
        netted[payer][payee] -= circle.least_minor
    return netted


def without_circles(graph: Arrows, found: Iterable[Circle]) -> dict[str, dict[str, int]]:
    """
    The arrows with every circle taken out in turn, each as far as the ones before have left it.

    Args:
        graph: What each party pays each other, minor units.
        found: Circles, in the order in which they are taken out.

    Example:
        >>> graph = {"a": {"b": 5}, "b": {"a": 3}}
        >>> without_circles(graph, [Circle(("a", "b"), 3)])
        {'a': {'b': 2}, 'b': {'a': 0}}
    """
    left = {payer: dict(to) for payer, to in graph.items()}
    for one in found:
        least = min(left[payer][payee] for payer, payee in one.arrows)
        left = net_circle(left, attrs.evolve(one, least_minor=least))
    return left


def sums(graph: Arrows) -> dict[str, tuple[int, int]]:
    """
    What each party is paid and pays in all, minor units.

    Example:
        >>> sums({"a": {"b": 5}, "b": {"a": 3}})
        {'a': (3, 5), 'b': (5, 3)}
    """
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for payer, to in graph.items():
        for payee, amount in to.items():
            total[payer][1] += amount
            total[payee][0] += amount
    return {party: (both[0], both[1]) for party, both in sorted(total.items())}
