from collections import Counter

import numpy as np
import pytest

from leasebook.portfolio import ledger as ledgers
from leasebook.portfolio.ledger import Ledger, packed

OLD, NEW = ("rent", "interest", "nothing", "cost"), ("cash", "debt", "expense")
MOVED = {
    "rent": (("debt", 1), ("cash", -1)),
    "interest": (("expense", 1), ("debt", -1)),
    "cost": (("expense", 1), ("expense", 1), ("cash", -1), ("debt", -1)),
}


def some(seed):
    """A ledger of several groups with gaps in its months."""
    draw = np.random.default_rng(seed)
    keys = [
        (entity, framework, currency, what, month)
        for entity in (3, 4, 900) for framework in (1, 2) for currency in (0, 7)
        for what in range(len(OLD)) for month in range(24_000, 24_040)
        if draw.random() < 0.3
    ]  # fmt: skip
    amounts = draw.integers(-(10**12), 10**12, len(keys))
    return Ledger(OLD, packed(*np.array(keys).T), amounts)


def summed(ledger):
    """The same by hand: one amount at a time."""
    found = Counter()
    columns = (ledger.entity, ledger.framework, ledger.currency, ledger.what, ledger.month)
    for *group, what, month, amount in zip(*columns, ledger.amount, strict=True):
        for name, sign in MOVED.get(OLD[what], ()):
            found[*map(int, group), name, int(month)] += sign * int(amount)
    return {key: amount for key, amount in found.items() if amount}


@pytest.mark.parametrize("compiled_from", [0, 10**9], ids=["compiled", "plain"])
@pytest.mark.parametrize("block", [1, 50, 10**6])
def test_amounts_by_other_lines_are_their_signed_sums_in_any_blocks(
    block, compiled_from, monkeypatch
):
    monkeypatch.setattr(ledgers, "_BLOCK", block)
    monkeypatch.setattr(ledgers, "_COMPILED_FROM", compiled_from)
    whole = some(block)
    found = whole.by(MOVED, NEW)
    columns = (found.entity, found.framework, found.currency, found.what, found.month)
    keys = [(*group, NEW[what], month) for *group, what, month in np.stack(columns, 1).tolist()]
    assert dict(zip(keys, found.amount.tolist(), strict=True)) == summed(whole)
    assert np.all(np.diff(found.key) > 0)


def test_a_ledger_of_nothing_is_nothing_by_other_lines():
    assert len(some(1).where(slice(0)).by(MOVED, NEW)) == 0
