"""
Whose money pays for a vendor's sales: bounds, and one figure between them by a stated convention.

Money has no name, so no figure is the true one. `at_most` sends the vendor's money back to it by
the best way there is in time, `at_least` lets all other money that is known to be there go first,
and `pro_rata` mixes: a payment has the vendor's money in it in the proportion in which its payer's
money held it on that day. The money of a party is what it received under the deal and has not paid
out; what it pays beyond that comes from other sources at that moment, as late as can be.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import attrs

from leasebook.flows.money import OUTSIDE, Payment
from leasebook.reckoning.rounding import divide_half_even

_SOURCE, _SINK = ("", "source"), ("", "sink")
Node = tuple[str, str]


@attrs.frozen
class Traced:
    """
    How much of what a vendor was paid for its sales is its own money, minor units.

    Attributes:
        sold: Paid to the vendor for its sales.
        put_in: Paid by the vendor to parties of the deal.
        at_least: Its own money among it if other money goes first.
        pro_rata: The same if money mixes.
        at_most: The same if its own money goes first, by the best way.
        by_payment: The vendor's own money in each sale by the pro rata convention.
    """

    vendor: str
    sold: int
    put_in: int
    at_least: int
    pro_rata: int
    at_most: int
    by_payment: tuple[tuple[Payment, int], ...]


def trace(vendor: str, paid: Sequence[Payment], is_sale: Callable[[Payment], bool]) -> Traced:
    """
    How much of a vendor's sales its own money paid for.

    Args:
        vendor: Whose sales.
        paid: Every payment.
        is_sale: Whether a payment to the vendor is for a sale of its.

    Example:
        >>> there = Payment(date(2026, 1, 1), False, "equity", "chips", "cloud", 10)
        >>> back = Payment(date(2026, 6, 1), True, "sale", "cloud", "chips", 30)
        >>> found = trace("chips", [there, back], lambda one: one.payee == "chips")
        >>> found.at_least, found.pro_rata, found.at_most
        (10, 10, 10)
    """
    ordered = sorted(paid)
    sales = [one for one in ordered if one.payee == vendor and is_sale(one)]
    mixed, other = _mixed(vendor, ordered)
    mine = [(one, mixed[number]) for number, one in enumerate(ordered)
            if one.payee == vendor and is_sale(one)]  # fmt: skip
    own = [(one.date, number, one.payee, one.amount_minor) for number, one in enumerate(ordered)
           if one.payer == vendor and one.payee != OUTSIDE]  # fmt: skip
    sold = sum(one.amount_minor for one in sales)
    others = _most(vendor, ordered, is_sale, other)
    return Traced(
        vendor=vendor,
        sold=sold,
        put_in=sum(amount for *_, amount in own),
        at_least=sold - others,
        pro_rata=sum(part for _, part in mine),
        at_most=_most(vendor, ordered, is_sale, own),
        by_payment=tuple(mine),
    )


_Source = tuple[date, int, str, int]


def _mixed(vendor: str, ordered: Sequence[Payment]) -> tuple[list[int], list[_Source]]:
    """
    The vendor's money in each payment when money mixes, and the other money that came in.

    Returns:
        Minor units for each payment; day, number of the payment, party and minor units of other
        money, which is there before that payment.
    """
    held: dict[str, int] = defaultdict(int)
    own: dict[str, int] = defaultdict(int)
    parts: list[int] = []
    other: list[_Source] = []
    for number, one in enumerate(ordered):
        amount, part = one.amount_minor, 0
        if one.payer == vendor:
            part = amount
        elif one.payer != OUTSIDE:
            short = max(0, amount - held[one.payer])
            if short:
                other.append((one.date, number, one.payer, short))
                held[one.payer] += short
            part = divide_half_even(amount * own[one.payer], held[one.payer])
            held[one.payer] -= amount
            own[one.payer] -= part
        else:
            other.append((one.date, number, one.payee, amount))
        parts.append(part)
        if one.payee not in (vendor, OUTSIDE):
            held[one.payee] += amount
            own[one.payee] += part
    return parts, other


def _most(
    vendor: str,
    ordered: Sequence[Payment],
    is_sale: Callable[[Payment], bool],
    sources: Iterable[_Source],
) -> int:
    """
    The most money of some sources that can have come to the vendor as payment for sales.

    A greatest flow in time: a party's money after payment k goes on to be its money after its next
    payment, and a payment takes at most its amount from payer to payee.
    """
    capacity: dict[Node, dict[Node, int]] = defaultdict(lambda: defaultdict(int))
    total = sum(one.amount_minor for one in ordered)
    arriving: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for _, number, party, amount in sources:
        arriving[number].append((party, amount))
    last: dict[str, Node] = {}

    def stage(party: str, number: int) -> Node:
        node = (party, f"{number}")
        if party in last and last[party] != node:
            capacity[last[party]][node] = total
        last[party] = node
        return node

    for number, one in enumerate(ordered):
        for party, amount in arriving[number]:
            capacity[_SOURCE][stage(party, number)] += amount
        if one.payer in (vendor, OUTSIDE):
            continue
        if one.payee == vendor and is_sale(one):
            capacity[stage(one.payer, number)][_SINK] += one.amount_minor
        elif one.payee not in (vendor, OUTSIDE):
            capacity[stage(one.payer, number)][stage(one.payee, number)] += one.amount_minor
    return greatest_flow(capacity, _SOURCE, _SINK)


def greatest_flow(capacity: dict[Node, dict[Node, int]], source: Node, sink: Node) -> int:
    """
    The greatest flow from source to sink, by shortest augmenting paths (Edmonds and Karp).

    Args:
        capacity: Of each arrow, minor units; it is used up.
        source: Where it begins.
        sink: Where it ends.

    Example:
        >>> a, b, c = ("", "a"), ("", "b"), ("", "c")
        >>> graph = {a: {b: 5, c: 2}, b: {c: 3}, c: {}}
        >>> greatest_flow(graph, a, c)
        5
    """
    found = 0
    while True:
        before: dict[Node, Node] = {source: source}
        queue = deque([source])
        while queue and sink not in before:
            here = queue.popleft()
            for there, left in capacity.get(here, {}).items():
                if left > 0 and there not in before:
                    before[there] = here
                    queue.append(there)
        if sink not in before:
            return found
        path, here = [], sink
        while here != source:
            path.append((before[here], here))
            here = before[here]
        least = min(capacity[a][b] for a, b in path)
        for a, b in path:
            capacity[a][b] -= least
            back = capacity.setdefault(b, {})
            back[a] = back.get(a, 0) + least
        found += least
