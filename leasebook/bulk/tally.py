"""
A tally: what some leases come to together. Tallies of any partition add up to the same one.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

import attrs
import numpy as np

from leasebook.portfolio.balance import trial_balance
from leasebook.portfolio.ledger import Ledger, added
from leasebook.portfolio.records import SCHEDULES
from leasebook.portfolio.results import REFUSALS, Measured
from leasebook.portfolio.terms import LeaseTerms

#: What is counted: kind, name, entity, framework, currency; -1 where a count is of all of them.
Key: TypeAlias = tuple[str, str, int, int, int]

#: Names of units that are not measured, in the place of the name of a schedule.
OPEN, REFUSED = "open", "refused"

ALL = -1
_COUNTED = frozenset({"leases", "units", "liability", "asset", "outcome", "missing", "refused"})
_LOW = 30  # sums are made of two halves, so that no sum of 64 bits overflows


@attrs.frozen(eq=False, slots=False)
class Tally:
    """
    Ledgers and counts of some leases.

    `counts` has, by kind: `leases` of each side; `units`, `liability` and `asset` at commencement
    by schedule, entity, framework and currency; `outcome` by ``decision=outcome``; `missing` by
    ``decision/fact``; `refused` by reason.
    """

    flows: Ledger
    counts: Mapping[Key, int]

    @cached_property
    def trial_balance(self) -> Ledger:
        """Made of the flows by the posting templates."""
        return trial_balance(self.flows)

    @property
    def digest(self) -> str:
        """
        SHA-256 of ledgers and counts: the same for the same leases, however they were divided.

        What only some tables ask for, such as maturities, is not in it.
        """
        state = hashlib.sha256((self.flows.digest + self.trial_balance.digest).encode())
        for key, number in sorted(self.counts.items()):
            if key[0] in _COUNTED:
                state.update(repr((key, number)).encode())
        return state.hexdigest()


def tally(terms: LeaseTerms, measured: Measured) -> Tally:
    """
    The tally of a chunk.

    Args:
        terms: Of its leases.
        measured: What they come to.
    """
    counts: Counter[Key] = Counter()
    for side, name in enumerate(("lessee", "lessor")):
        counts["leases", name, ALL, ALL, ALL] = int(np.count_nonzero(terms.side == side))
    counts.update(dict(_totals(terms, measured)))
    counts.update(dict(_decisions(measured)))
    kept = {key: number for key, number in counts.items() if number}
    return Tally(measured.flows, kept)


def added_up(tallies: Iterable[Tally]) -> Tally:
    """The sum of some tallies, at least one."""
    every = list(tallies)
    counts: Counter[Key] = Counter()
    for one in every:
        counts.update(one.counts)
    kept = {key: number for key, number in counts.items() if number}
    return Tally(added([one.flows for one in every]), kept)


def _totals(terms: LeaseTerms, measured: Measured) -> Iterator[tuple[Key, int]]:
    """Units and opening balances by schedule, entity, framework and currency."""
    entity, currency = terms.entity[measured.lease], terms.currency[measured.lease]
    width = len(SCHEDULES) + 2
    group = ((entity * 4 + measured.framework) * 1024 + currency) * width + measured.schedule + 2
    keys, place = np.unique(group, return_inverse=True)
    numbers = np.bincount(place, minlength=len(keys)).tolist()
    liability = _sums(measured.opening_liability, place, len(keys))
    asset = _sums(measured.opening_asset, place, len(keys))
    for at, key in enumerate(keys.tolist()):
        rest, schedule = divmod(key, width)
        rest, coin = divmod(rest, 1024)
        owner, framework = divmod(rest, 4)
        name = (REFUSED, OPEN, *SCHEDULES)[schedule]
        yield ("units", name, owner, framework, coin), numbers[at]
        if schedule > 1:
            yield ("liability", name, owner, framework, coin), liability[at]
            yield ("asset", name, owner, framework, coin), asset[at]


def _sums(
    amounts: "np.ndarray[tuple[int], np.dtype[np.int64]]", place: object, groups: int
) -> list[int]:
    high, low = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
    np.add.at(high, place, amounts >> _LOW)  # type: ignore[arg-type]
    np.add.at(low, place, amounts & ((1 << _LOW) - 1))  # type: ignore[arg-type]
    return [(h << _LOW) + x for h, x in zip(high.tolist(), low.tolist(), strict=True)]


def _decisions(measured: Measured) -> Iterator[tuple[Key, int]]:
    """Outcomes, missing facts and refusals by framework."""
    for framework in (1, 2):
        mine = measured.framework == framework
        for decision, found in measured.decisions.items():
            codes, numbers = np.unique(found.code[mine], return_counts=True)
            for code, number in zip(codes.tolist(), numbers.tolist(), strict=True):
                if code >= -1:
                    outcome = "undetermined" if code < 0 else found.outcomes[code]
                    yield ("outcome", f"{decision}={outcome}", ALL, framework, ALL), number
            missing = found.missing[mine]
            for bit, fact in enumerate(found.facts):
                number = int(np.count_nonzero(missing & (1 << bit)))
                yield ("missing", f"{decision}/{fact}", ALL, framework, ALL), number
        reasons = np.bincount(measured.refused[mine], minlength=len(REFUSALS)).tolist()
        for reason, number in zip(REFUSALS[1:], reasons[1:], strict=True):
            yield ("refused", reason, ALL, framework, ALL), number
