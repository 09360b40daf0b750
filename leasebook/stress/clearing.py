"""
Clearing: what everybody pays when some cannot pay all that they owe, exactly and all at once.

The payments of one day are a fixed point: a party pays by rank as far as its means and what it
receives reach, and within a rank in proportion (Eisenberg and Noe 2001, with ranks and with
holders of the rest as in Elsinger 2009). Of several fixed points the greatest is taken.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from leasebook.measure.not_modelled import NotModelled

#: Rounds after which payments that still shrink are given up.
ROUNDS_MAX = 10_000


@attrs.frozen
class Claim:
    """
    What a payer owes a payee on a day; lower ranks are paid first, one rank in proportion.

    Attributes:
        key: Of the claim, among all of a network.
        amount: Minor units.
    """

    key: str
    payer: str
    payee: str
    amount: int
    rank: int = 0


@attrs.frozen
class Rest:
    """A holder's share of what a payer has left after all of its claims are paid."""

    key: str
    payer: str
    payee: str
    share: Fraction


@attrs.frozen
class Network:
    """
    Who owes whom on one day, and what those have who pay from their means alone.

    Attributes:
        means: Minor units by party; a party that is not named pays all it owes.
        claims: With an amount.
        rests: Shares of what is left; their shares of one payer are at most the whole.
    """

    means: Mapping[str, int]
    claims: tuple[Claim, ...]
    rests: tuple[Rest, ...] = ()

    def payments(self) -> Iterator[tuple[str, str, str]]:
        """Key, payer and payee of every claim, then of every share of a rest."""
        yield from ((one.key, one.payer, one.payee) for one in self.claims)
        yield from ((one.key, one.payer, one.payee) for one in self.rests)


@attrs.frozen
class _Rung:
    """One step of a payer's ladder: where it begins, how long it is, who has which part of it."""

    start: Fraction
    length: Fraction | None
    parts: tuple[tuple[str, str, Fraction], ...]

    def paid(self, total: Fraction) -> Fraction:
        """How much of the step a payer of so much in all has paid."""
        beyond = max(Fraction(0), total - self.start)
        return beyond if self.length is None else min(beyond, self.length)


def clear(network: Network) -> dict[str, Fraction]:
    """
    What is paid on each claim and each share of the rest, in minor units, exactly.

    From what would be owed and paid in full, payments come down round by round to the greatest
    clearing vector. As soon as the rungs on which everybody stops are the right ones, the rest of
    the way is a system of linear equations, which is solved exactly.

    Source: Eisenberg and Noe (2001), theorem 1 and the fictitious default algorithm.

    Args:
        network: Of one day.

    Returns:
        Minor units by the key of the claim or share.

    Raises:
        NotModelled: If payments go round in a circle and never settle.

    Example:
        >>> chain = Network({"a": 60, "b": 0}, (Claim("1", "a", "b", 100), Claim("2", "b", "c", 80),
        ...                                     Claim("3", "b", "d", 40, rank=1)))
        >>> {key: int(amount) for key, amount in clear(chain).items()}
        {'1': 60, '2': 60, '3': 0}
    """
    ladders = {party: _ladder(party, network) for party in sorted(network.means)}
    outside: dict[str, int] = defaultdict(int)
    for claim in network.claims:
        if claim.payer not in ladders:
            outside[claim.payee] += claim.amount
    base = {party: Fraction(network.means[party] + outside[party]) for party in ladders}
    totals = _most(base, ladders)
    for _ in range(ROUNDS_MAX):
        lower = _round(base, ladders, totals)
        if lower == totals:
            break
        totals = lower
        solved = _solved(base, ladders, totals)
        if solved is not None:
            totals = solved
            break
    else:
        raise NotModelled("payments go round in a circle and never settle")
    paid = {c.key: Fraction(c.amount) for c in network.claims if c.payer not in ladders}
    for party, rungs in ladders.items():
        for rung in rungs:
            amount = rung.paid(totals[party])
            paid |= {key: weight * amount for key, _, weight in rung.parts}
    return {key: paid[key] for key, _, _ in network.payments()}


def _ladder(party: str, network: Network) -> tuple[_Rung, ...]:
    ranks: dict[int, list[Claim]] = defaultdict(list)
    for claim in network.claims:
        if claim.payer == party:
            ranks[claim.rank].append(claim)
    rungs, start = [], Fraction(0)
    for rank in sorted(ranks):
        length = Fraction(sum(claim.amount for claim in ranks[rank]))
        parts = tuple(
            (c.key, c.payee, Fraction(c.amount) / length if length else Fraction(0))
            for c in ranks[rank]
        )
        rungs.append(_Rung(start, length, parts))
        start += length
    rests = tuple((r.key, r.payee, r.share) for r in network.rests if r.payer == party)
    if rests:
        rungs.append(_Rung(start, None, rests))
    return tuple(rungs)


def _owed(rungs: Sequence[_Rung]) -> Fraction | None:
    """All that a payer owes; None if it pays out whatever is left."""
    if not rungs:
        return Fraction(0)
    last = rungs[-1]
    return None if last.length is None else last.start + last.length


def _most(
    base: Mapping[str, Fraction], ladders: Mapping[str, Sequence[_Rung]]
) -> dict[str, Fraction]:
    """More than anybody can pay: where the way down begins."""
    owed = {party: _owed(rungs) for party, rungs in ladders.items()}
    money = sum(base.values(), Fraction(0))
    money += sum((rung.length or 0 for rungs in ladders.values() for rung in rungs), Fraction(0))
    # what is left is handed on at most once by each holder of shares
    bound = money * 2 ** sum(amount is None for amount in owed.values())
    return {party: bound if amount is None else amount for party, amount in owed.items()}


def _round(
    base: Mapping[str, Fraction],
    ladders: Mapping[str, Sequence[_Rung]],
    totals: Mapping[str, Fraction],
) -> dict[str, Fraction]:
    """What everybody can pay if everybody pays so much."""
    received = dict(base)
    for party, rungs in ladders.items():
        for rung in rungs:
            amount = rung.paid(totals[party])
            for _, payee, weight in rung.parts if amount else ():
                if payee in received:
                    received[payee] += weight * amount
    return {
        party: received[party] if owed is None else min(owed, received[party])
        for party, owed in ((party, _owed(rungs)) for party, rungs in ladders.items())
    }


def _solved(
    base: Mapping[str, Fraction],
    ladders: Mapping[str, Sequence[_Rung]],
    totals: Mapping[str, Fraction],
) -> dict[str, Fraction] | None:
    """
    The totals at which everybody stops on the rung where they stop now, if that is a fixed point.

    Rungs between the present totals and a fixed point below them are the same, so that it is the
    greatest. None if the rungs are not the right ones yet.
    """
    stops = {party: _stop(ladders[party], totals[party]) for party in ladders if ladders[party]}
    short = [
        party
        for party, rung in stops.items()
        if rung.length is None or totals[party] < rung.start + rung.length
    ]
    constant = {party: base[party] for party in short}
    slopes: dict[str, dict[str, Fraction]] = {p: defaultdict(Fraction) for p in short}
    for payer, rungs in ladders.items():
        for rung in rungs:
            moves = payer in slopes and rung == stops[payer]
            amount = Fraction(0) if moves else rung.paid(totals[payer])
            for _, payee, weight in rung.parts:
                if payee not in constant:
                    continue
                if moves:
                    slopes[payee][payer] += weight
                    constant[payee] -= weight * rung.start
                else:
                    constant[payee] += weight * amount
    found = solve(short, constant, slopes)
    if found is None:
        return None
    candidate = {**totals, **found}
    return candidate if _round(base, ladders, candidate) == candidate else None


def _stop(rungs: Sequence[_Rung], total: Fraction) -> _Rung:
    """The rung on which a payer of so much in all stops; at the end of one it has not left it."""
    return next(
        r for r in rungs if r.length is None or total <= r.start + r.length or r is rungs[-1]
    )


def solve(
    names: Sequence[str],
    constant: Mapping[str, Fraction],
    slopes: Mapping[str, Mapping[str, Fraction]],
) -> dict[str, Fraction] | None:
    """
    The solution of x = constant + slopes x by elimination; None if there is not just one.

    Example:
        >>> half = Fraction(1, 2)
        >>> found = solve(["x"], {"x": Fraction(3)}, {"x": {"x": half}})
        >>> found["x"]
        Fraction(6, 1)
    """
    rows = [
        [Fraction(i == j) - slopes[a].get(b, Fraction(0)) for j, b in enumerate(names)]
        + [constant[a]]
        for i, a in enumerate(names)
    ]
    for k in range(len(rows)):
        pivot = next((i for i in range(k, len(rows)) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i, row in enumerate(rows):
            if i != k and row[k]:
                rows[i] = [a - row[k] * b for a, b in zip(row, rows[k], strict=True)]
    return {name: row[-1] for name, row in zip(names, rows, strict=True)}


def defaulters(network: Network, paid: Mapping[str, Fraction]) -> tuple[str, ...]:
    """
    The parties that do not pay all they owe, by name.

    Example:
        >>> one = Network({"a": 1}, (Claim("1", "a", "b", 2),))
        >>> defaulters(one, clear(one))
        ('a',)
    """
    return tuple(sorted({c.payer for c in network.claims if paid[c.key] < c.amount}))


@attrs.define
class _Edge:
    """A payment on its way to a whole number of minor units; None is everybody outside."""

    key: str
    payer: str | None
    payee: str | None
    amount: Fraction

    @property
    def broken(self) -> bool:
        """Whether it is not whole yet."""
        return self.amount.denominator != 1


def whole_units(network: Network, paid: Mapping[str, Fraction]) -> dict[str, int]:
    """
    Exact payments in whole minor units: the one place where a clearing is rounded.

    Fractions are shifted around circles of payments until none is left (as flows with whole
    bounds have whole solutions): each payment becomes the whole number below or above, the sum of
    all is what it was, and nobody pays more than it has.

    Args:
        network: Of the day.
        paid: By key, as `clear` gives it.

    Returns:
        Minor units by key.

    Example:
        >>> three = Network({"a": 100}, tuple(Claim(k, "a", k, 50) for k in "xyz"))
        >>> whole_units(three, clear(three))
        {'x': 34, 'y': 33, 'z': 33}
    """
    inside = set(network.means)
    left = {party: Fraction(amount) for party, amount in network.means.items()}
    edges = []
    for key, payer, payee in network.payments():
        amount = paid[key]
        ends = [party if party in inside else None for party in (payer, payee)]
        edges.append(_Edge(key, ends[0], ends[1], amount))
        for party, sign in zip(ends, (-1, 1), strict=True):
            if party is not None:
                left[party] += sign * amount
    kept = [_Edge("", party, None, amount) for party, amount in sorted(left.items())]
    broken = [edge for edge in (*edges, *kept) if edge.broken]
    while broken:
        _shift(_circle(broken))
        broken = [edge for edge in broken if edge.broken]
    return {edge.key: int(edge.amount) for edge in edges}


def _circle(edges: Sequence[_Edge]) -> list[tuple[_Edge, int]]:
    """A circle of payments that are not whole, each with the direction in which it is walked."""
    at: dict[str | None, list[_Edge]] = defaultdict(list)
    for edge in edges:
        at[edge.payer].append(edge)
        at[edge.payee].append(edge)
    walked: list[tuple[_Edge, int]] = []
    node = edges[0].payer
    visited = [node]
    while True:
        last = walked[-1][0] if walked else None
        edge = next(one for one in at[node] if one is not last)
        forward = edge.payer == node
        walked.append((edge, 1 if forward else -1))
        node = edge.payee if forward else edge.payer
        if node in visited:
            return walked[visited.index(node) :]
        visited.append(node)


def _shift(circle: Iterable[tuple[_Edge, int]]) -> None:
    """Shifts as little as makes one payment of a circle whole, upwards for the first if equal."""
    steps = list(circle)

    def room(direction: int) -> Fraction:
        ways = (
            (-edge.amount % 1) if sign == direction else (edge.amount % 1) for edge, sign in steps
        )
        return min(ways)

    direction = 1 if room(1) <= room(-1) else -1
    amount = room(direction)
    for edge, sign in steps:
        edge.amount += sign * direction * amount
