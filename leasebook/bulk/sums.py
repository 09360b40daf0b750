"""
The sum of tallies while they come in: one number for each key, and each tally is let go at once.
"""

from collections import Counter

import attrs
import numpy as np

from leasebook.bulk.tally import Key, Tally
from leasebook.portfolio.ledger import Ledger
from leasebook.portfolio.terms import Ints


def _nothing() -> Ints:
    return np.empty(0, np.int64)


@attrs.define
class Sums:
    """
    What some tallies come to.
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
        keys, amounts = tally.flows.key, tally.flows.amount
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
        flows = Ledger(self.names, self._keys[kept], self._amounts[kept])
        counts = {key: number for key, number in self.counts.items() if number}
        return Tally(flows, counts)
