"""
Parts of a chunk as one, while they come in: what each says of a unit goes to the unit's place.
"""

from typing import Any

import numpy as np

from leasebook.portfolio.ledger import Ledger
from leasebook.portfolio.results import Decided, Measured
from leasebook.portfolio.terms import IFRS, US_GAAP, Ints, LeaseTerms

#: What is known of each unit, in numbers no wider than it takes: a million units are held at once.
_COLUMNS: dict[str, Any] = {
    "schedule": np.int8,
    "refused": np.int8,
    "term_months": np.int64,
    "opening_liability": np.int64,
    "opening_asset": np.int64,
    "rate_numerator": np.int64,
    "rate_denominator": np.int64,
}
#: Codes for a decision that is not asked, and for one that is open.
_NOT_ASKED, _OPEN = -2, -1


class _Decision:
    """One decision about all units, its outcomes and missing facts numbered alike in all parts."""

    def __init__(self, units: int) -> None:
        self.outcomes: dict[str, int] = {}
        self.facts: dict[str, int] = {}
        self.code: Any = np.full(units, _NOT_ASKED, np.int8)
        self.missing = np.zeros(0, np.int64)

    def take(self, units: Ints, found: Decided) -> None:
        """What is found of some units."""
        known = [self.outcomes.setdefault(o, len(self.outcomes)) for o in found.outcomes]
        self.code[units] = np.array([*known, _NOT_ASKED, _OPEN], np.int8)[found.code]
        lacking = np.flatnonzero(found.missing)
        if not len(lacking):
            return
        if not len(self.missing):
            self.missing = np.zeros(len(self.code), np.int64)
        lacks = found.missing[lacking]
        bits = np.zeros(len(lacking), np.int64)
        any_lacks = int(np.bitwise_or.reduce(lacks))
        for k, fact in enumerate(found.facts):
            if any_lacks >> k & 1:
                bits |= ((lacks >> k) & 1) << self.facts.setdefault(fact, len(self.facts))
        self.missing[units[lacking]] = bits

    def whole(self) -> Decided:
        """The decision."""
        missing = self.missing
        if not len(missing):
            missing = np.broadcast_to(np.zeros(1, np.int64), len(self.code))
        return Decided(tuple(self.outcomes), self.code, tuple(self.facts), missing)


class Assembly:
    """
    The units of a chunk, of which nothing is known yet.

    Parts are to be taken in the same order each time, so that outcomes are numbered alike.
    """

    def __init__(self, terms: LeaseTerms) -> None:
        """Units by lease, US GAAP before IFRS."""
        self._frameworks = terms.frameworks.astype(np.int8)
        american = self._frameworks & US_GAAP > 0
        both = american & (self._frameworks & IFRS > 0)
        counts = 1 + both.astype(np.int8)
        counts[self._frameworks == 0] = 0
        self._first = np.cumsum(counts, dtype=np.int32) - counts
        units = int(counts.sum(dtype=np.int64))
        self._lease: Any = np.repeat(np.arange(len(terms), dtype=np.int32), counts)
        framework = np.where(american, np.int8(US_GAAP), np.int8(IFRS))
        self._framework: Any = framework[self._lease]
        self._framework[self._first[both] + 1] = IFRS
        self._columns = {name: np.zeros(units, kind) for name, kind in _COLUMNS.items()}
        self._decisions: dict[str, _Decision] = {}

    def take(self, leases: Ints, part: Measured) -> None:
        """
        What a part says.

        Args:
            leases: For each lease of the part, its row in the chunk.
            part: The part, measured.
        """
        lease = leases[part.lease]
        second = (part.framework == IFRS) & (self._frameworks[lease] & US_GAAP > 0)
        units = self._first[lease] + second
        for name, column in self._columns.items():
            column[units] = getattr(part, name)
        for name, found in part.decisions.items():
            if name not in self._decisions:
                self._decisions[name] = _Decision(len(self._lease))
            self._decisions[name].take(units, found)

    def whole(self, flows: Ledger) -> Measured:
        """
        The chunk, once all of its parts have been taken.

        Args:
            flows: Of all parts.
        """
        return Measured(
            lease=self._lease,
            framework=self._framework,
            decisions={name: one.whole() for name, one in self._decisions.items()},
            flows=flows,
            **self._columns,
        )
