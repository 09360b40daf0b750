"""
From the flows of leases to their trial balance.
"""

from collections.abc import Mapping
from functools import cache

from leasebook.portfolio.ledger import Ledger
from leasebook.portfolio.lines import lines_of_flows


@cache
def _accounts() -> tuple[Mapping[str, tuple[tuple[str, int], ...]], tuple[str, ...]]:
    """What each flow moves: accounts with a sign, by the posting templates."""
    moved = {
        flow: tuple(part for line in lines for part in ((line.debit, 1), (line.credit, -1)))
        for flow, lines in lines_of_flows().items()
    }
    names = sorted({account for parts in moved.values() for account, _ in parts})
    return moved, tuple(names)


def trial_balance(flows: Ledger) -> Ledger:
    """
    The trial balance that flows come to, by the posting templates; debits are positive.

    Args:
        flows: By ``schedule/flow`` and month.
    """
    moved, names = _accounts()
    return flows.by(moved, names)
