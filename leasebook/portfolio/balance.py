"""
From the flows of leases to their trial balance.
"""

from collections.abc import Mapping
from functools import cache

from leasebook.book.template import load_templates
from leasebook.portfolio import records as r
from leasebook.portfolio.ledger import Ledger


@cache
def _accounts() -> tuple[Mapping[str, tuple[tuple[str, int], ...]], tuple[str, ...]]:
    """What each flow moves: accounts with a sign, by the posting templates."""
    templates = load_templates()
    moved: dict[str, list[tuple[str, int]]] = {}
    for name in r.SCHEDULES:
        for line in templates[name].lines:
            flow = line.amount
            if flow in ("interest_paid", "interest_received"):
                continue  # the same accounts as the principal: a payment moves both
            if flow in ("principal_paid", "principal_received"):
                flow = "payment"
            moved.setdefault(f"{name}/{flow}", []).extend(((line.debit, 1), (line.credit, -1)))
    names = sorted({account for parts in moved.values() for account, _ in parts})
    return {flow: tuple(parts) for flow, parts in moved.items()}, tuple(names)


def trial_balance(flows: Ledger) -> Ledger:
    """
    The trial balance that flows come to, by the posting templates; debits are positive.

    Args:
        flows: By ``schedule/flow`` and month.
    """
    moved, names = _accounts()
    return flows.by(moved, names)
