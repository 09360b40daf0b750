"""
Adding up claims so that no money is counted twice.

Debt of a vehicle, the rent that serves it and the guarantee that stands behind it are three views
of one exposure. Within a tower (vehicles that hold or lend to each other, and their landlord or
debtor) only the largest of the three is added up. Debt between levels is left out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs

from leasebook.exposures.claim import KINDS, Claim, Kind, Node, View
from leasebook.values.problem import Problem, Refused


@attrs.frozen
class Part:
    """
    A sum with what it lacks.

    Attributes:
        amount: Of what is known, minor units.
        lacks: What is not public and so not in it; the sum is then at least that much.
        known: Whether anything in it is known.
    """

    amount: int = 0
    lacks: tuple[str, ...] = ()
    known: bool = True

    @classmethod
    def of(cls, figures: Iterable[tuple[str, int | None]]) -> "Part":
        """
        The sum of named figures; one of unknown figures only is not known.

        Example:
            >>> Part.of([("a", 3), ("b", None)])
            Part(amount=3, lacks=('b',), known=True)
            >>> Part.of([("b", None)]).shown is None, Part.of([]).shown
            (True, 0)
        """
        listed = list(figures)
        lacks = tuple(sorted({name for name, amount in listed if amount is None}))
        found = [amount for _, amount in listed if amount is not None]
        return cls(sum(found), lacks, known=bool(found) or not listed)

    @property
    def shown(self) -> int | None:
        """The amount, or None if nothing of it is public."""
        return self.amount if self.known else None


@attrs.frozen
class Sums:
    """
    What some claims come to.

    Attributes:
        debt: Of vehicles, whoever it is owed to.
        leases: Not commenced, discounted; a deal's is inside what its lessee filed of all.
        undiscounted: The same as they will be paid.
        maximum: Guarantees at most.
        expected: Guarantees at what is expected.
        twice_maximum: What is left out as counted twice, guarantees at most.
        twice_expected: The same, guarantees at what is expected.
        whole_maximum: Debt, leases and guarantees at most, less what is counted twice.
        whole_expected: The same, guarantees at what is expected.
    """

    debt: Part
    leases: Part
    undiscounted: Part
    maximum: Part
    expected: Part
    twice_maximum: int
    twice_expected: int
    whole_maximum: Part
    whole_expected: Part


@attrs.frozen
class Counted:
    """A claim with how much of it is added up, and why the rest is not."""

    claim: Claim
    amount: int | None
    left_out: int
    why: str = ""


def merged(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """
    Claims of several deals, each once for each sponsor, in an order that no deal decides.

    Raises:
        Refused: If two deals tell different figures of one claim.
    """
    found: dict[tuple[object, ...], Claim] = {}
    problems: dict[tuple[object, ...], Problem] = {}
    for claim in claims:
        key = (*claim.key, claim.sponsor)
        there = found.setdefault(key, claim)
        if there.figures != claim.figures:
            problems[key] = _contradiction(there, claim)
        deals = tuple(sorted({*there.deals, *claim.deals}))
        found[key] = attrs.evolve(there, deals=deals)
    if problems:
        raise Refused(problems[key] for key in sorted(problems, key=str))
    return tuple(found[key] for key in sorted(found, key=_order))


def _order(key: tuple[object, ...]) -> tuple[str, int, str]:
    kind, contract, parties, sponsor = key
    return str(sponsor), [*map(str, KINDS)].index(str(kind)), f"{contract} {parties}"


def _contradiction(one: Claim, other: Claim) -> Problem:
    deals = " and ".join(dict.fromkeys((*one.deals, *other.deals)))
    return Problem(
        "LB0465",
        f"{deals} tell different amounts of {one.title}, which {one.parties[0].name} owes "
        f"{one.parties[1].name or 'others'}",
        "leave one of the deals out, or give the contract or the company another id",
    )


def towers(nodes: Iterable[Node], ties: Collection[tuple[Node, Node]]) -> dict[Node, Node]:
    """
    For each company the first, by id, of the tower that it belongs to.

    Example:
        >>> a, b, c = Node("a", "A"), Node("b", "B"), Node("c", "C")
        >>> {n.id: t.id for n, t in towers([a, b, c], [(c, b)]).items()}
        {'a': 'a', 'b': 'b', 'c': 'b'}
    """
    joined = {node: {node} for node in {*nodes, *(n for tie in ties for n in tie)}}
    for one, other in ties:
        whole = joined[one] | joined[other]
        for node in whole:
            joined[node] = whole
    return {node: min(joined[node]) for node in sorted(joined)}


def counted(claims: Sequence[Claim], tower: Mapping[Node, Node], view: View) -> list[Counted]:
    """
    Each claim with how much of it is added up.

    Of debt, leases and guarantees that stand behind one tower the largest is added up, the first
    named if two are equal. A deal's lease is inside what its lessee filed of all its leases.

    Args:
        claims: Each once.
        tower: Of each company.
        view: Whether guarantees count at most or as expected.
    """
    sums: dict[Node, dict[Kind, int]] = defaultdict(lambda: defaultdict(int))
    for claim in claims:
        if claim.node is not None and not claim.inside:
            sums[tower[claim.node]][claim.kind] += claim.at(view) or 0
    largest = {node: _largest(kinds) for node, kinds in sums.items()}
    inside: dict[str, int] = defaultdict(int)
    for claim in claims:
        if claim.kind == "lease":
            inside[claim.sponsor] += claim.at(view) or 0
    return [_counted(claim, tower, largest, inside, view) for claim in claims]


def _largest(kinds: Mapping[Kind, int]) -> Kind:
    """The kind with the largest sum, the first of `KINDS` where two are equal."""
    return max(kinds, key=lambda kind: (kinds[kind], -KINDS.index(kind)))


_VIEWS = {
    "vehicle-debt": "the debt",
    "lease": "the rents",
    "guarantee": "the guarantees",
}


def _counted(
    claim: Claim,
    tower: Mapping[Node, Node],
    largest: Mapping[Node, Kind],
    inside: Mapping[str, int],
    view: View,
) -> Counted:
    amount = claim.at(view)
    if claim.inside:
        return Counted(claim, 0, amount or 0, claim.inside)
    if claim.kind == "filed-leases":
        out = min(amount or 0, inside.get(claim.sponsor, 0))
        why = "leases of the deals are inside it" if out else ""
        return Counted(claim, None if amount is None else amount - out, out, why)
    if claim.node is not None and largest[tower[claim.node]] != claim.kind:
        if amount is None:
            return Counted(claim, None, 0)
        why = f"the same money as {_VIEWS[largest[tower[claim.node]]]} of its tower"
        return Counted(claim, 0, amount, why if amount else "")
    return Counted(claim, amount, 0)


def sums_of(claims: Sequence[Claim], tower: Mapping[Node, Node]) -> Sums:
    """
    What some claims come to, nothing counted twice.

    For both views, debt + leases + guarantees - what is counted twice = the whole.

    Args:
        claims: Each once.
        tower: Of each company.
    """

    def part(kind: Kind, view: View = "maximum") -> Part:
        return Part.of((c.contract, c.at(view)) for c in claims if c.kind == kind)

    twice: dict[View, int] = {}
    whole: dict[View, Part] = {}
    for view in ("maximum", "expected"):
        each = counted(claims, tower, view)
        inside = sum(one.left_out for one in each if one.claim.kind == "filed-leases")
        twice[view] = sum(one.left_out for one in each) - inside
        whole[view] = Part.of((one.claim.contract, one.amount) for one in each)
    return Sums(
        debt=part("vehicle-debt"),
        leases=_leases(claims, tower),
        undiscounted=_undiscounted(claims),
        maximum=part("guarantee"),
        expected=part("guarantee", "expected"),
        twice_maximum=twice["maximum"],
        twice_expected=twice["expected"],
        whole_maximum=whole["maximum"],
        whole_expected=whole["expected"],
    )


def _leases(claims: Sequence[Claim], tower: Mapping[Node, Node]) -> Part:
    """Every lease to come once: those of deals, and what their lessees filed beyond them."""
    beyond = {
        one.claim.key: one.amount
        for one in counted(claims, tower, "maximum")
        if one.claim.kind == "filed-leases"
    }
    return Part.of(
        (c.contract, beyond.get(c.key, c.amount))
        for c in claims
        if c.kind in ("lease", "filed-leases")
    )


def _undiscounted(claims: Sequence[Claim]) -> Part:
    """Rents to come, those of deals left out where their lessee's filed total is there."""
    filed = {claim.sponsor for claim in claims if claim.kind == "filed-leases"}
    return Part.of(
        (c.contract, c.undiscounted)
        for c in claims
        if c.kind == "filed-leases" or (c.kind == "lease" and c.sponsor not in filed)
    )


def once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """
    Claims without regard to whose row they stand in: what two sponsors lean on counts once.
    """
    found: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        found.setdefault(claim.key, claim)
    return tuple(found.values())
