"""
The sum of tallies while they come in: one number for each key, and each tally is let go at once.
"""

from collections import Counter

import attrs
import numpy as np

from leasebook.bulk.tally import Key, Tally
from leasebook.portfolio.measure import trial_balance
from leasebook.portfolio.results import KEYS, Ledger
from leasebook.portfolio.terms import Ints

# Bits of each key, of 63: entities are at most 10,000, frameworks 2, months those of 10,000 years.
_BITS = {"entity": 16, "framework": 2, "currency": 12, "what": 12, "month": 18}
# Amounts whose trial balance is made at a time.
_BLOCK = 200_000


def _nothing() -> Ints:
    return np.empty(0, np.int64)


@attrs.define
class Sums:
    """
    What some tallies come to.

    The trial balance follows from the flows, and is made once, of their sum.
    """

    names: tuple[str, ...] = ()
    counts: Counter[Key] = attrs.field(factory=Counter)
    _keys: Ints = attrs.field(factory=_nothing, repr=False)
    _amounts: Ints = attrs.field(factory=_nothing, repr=False)

    def add(self, tally: Tally) -> None:
        """
        Adds one tally.

        Args:
            tally: Of the same names as those before.
        """
        self.names = self.names or tally.flows.names
        self.counts.update(tally.counts)
        keys, amounts = _packed(tally.flows), tally.flows.amount
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        there = self._keys[place] == keys if len(self._keys) else np.zeros(len(keys), np.bool_)
        self._amounts[place[there]] += amounts[there]
        if not there.all():
            every = np.concatenate([self._keys, keys[~there]])
            order = np.argsort(every, kind="stable")
            self._keys = every[order]
            del every
            self._amounts = np.concatenate([self._amounts, amounts[~there]])[order]

    def total(self) -> Tally:
        """The sum so far."""
        kept = self._amounts != 0
        flows = _unpacked(self.names, self._keys[kept], self._amounts[kept])
        counts = {key: number for key, number in self.counts.items() if number}
        return Tally(flows, _balance(flows), counts)


def _packed(ledger: Ledger) -> Ints:
    """All keys of a ledger as one, which is in the ledger's order."""
    packed = np.zeros(len(ledger), np.int64)
    for name, bits in _BITS.items():
        key: Ints = getattr(ledger, name)
        if key.max(initial=0) >> bits or key.min(initial=0) < 0:
            raise OverflowError(f"{name} has no room")
        packed <<= bits
        packed |= key
    return packed


def _unpacked(names: tuple[str, ...], keys: Ints, amounts: Ints) -> Ledger:
    columns, rest = {}, keys
    for name, bits in reversed(_BITS.items()):
        columns[name] = rest & ((1 << bits) - 1)
        rest = rest >> bits
    return Ledger(names, **columns, amount=amounts)


def _balance(flows: Ledger) -> Ledger:
    """The trial balance of flows, made of some entities at a time."""
    parts: list[Ledger] = []
    first = 0
    while first < len(flows) or not parts:
        last = min(first + _BLOCK, len(flows))
        if last < len(flows):
            last = int(np.searchsorted(flows.entity, flows.entity[last - 1], side="right"))
        block = {name: getattr(flows, name)[first:last] for name in (*KEYS, "amount")}
        parts.append(trial_balance(Ledger(flows.names, **block)))
        first = last
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in (*KEYS, "amount")
    }
    return Ledger(parts[0].names, **columns)
