"""
What a chunk of leases comes to: flows by month, trial balances, determinations, schedules.

A *unit* is one lease under one framework. Units are numbered by lease, US GAAP before IFRS.
"""

import hashlib
from collections.abc import Mapping, Sequence

import attrs
import numpy as np

from leasebook.portfolio.terms import Ints

#: Cells of a table of a ledger that is held at once.
_CELLS = 1 << 22

#: Keys of a ledger, in the order in which it is sorted.
KEYS = ("entity", "framework", "currency", "what", "month")


@attrs.frozen(eq=False)
class Ledger:
    """
    Whole-number amounts by entity, framework, currency, something and month; zeros left out.

    Ledgers of any partition of the same leases add up to the same ledger.

    Attributes:
        names: What `what` numbers: for flows ``schedule/flow`` (`walk.FLOW_NAMES`), for a trial
            balance the accounts; the same in ledgers that are added.
        entity: The caller's code.
        framework: 1 US GAAP, 2 IFRS, as `terms.US_GAAP` and `terms.IFRS`.
        currency: The caller's code.
        what: Position in `names`.
        month: 12 times the year plus the month less one.
        amount: Minor units; in a trial balance debits are positive, and the amounts are what
            moves in the month, not a balance.
    """

    names: tuple[str, ...]
    entity: Ints
    framework: Ints
    currency: Ints
    what: Ints
    month: Ints
    amount: Ints

    def __len__(self) -> int:
        """How many amounts that are not zero."""
        return len(self.amount)

    @property
    def digest(self) -> str:
        """SHA-256 of all keys and amounts: the same for the same leases in any partition."""
        state = hashlib.sha256("\n".join(self.names).encode())
        for name in (*KEYS, "amount"):
            state.update(np.ascontiguousarray(getattr(self, name), "<i8").tobytes())
        return state.hexdigest()

    def by(self, what: Mapping[str, Sequence[tuple[str, int]]], names: Sequence[str]) -> "Ledger":
        """
        The ledger of other things that are signed sums of these.

        Args:
            what: For a name of this ledger, the names that it goes to, each with a sign.
            names: All names of the new ledger.
        """
        turns, groups = _groups(self)
        if len(np.unique(groups, axis=0)) != len(groups):
            return added([self]).by(what, names)
        place = {name: k for k, name in enumerate(names)}
        moved = [tuple(what.get(name, ())) for name in self.names]
        most = max(map(len, moved), default=0)
        to, sign = np.full((2, most, len(self.names)), -1, np.int64)
        for k, some in enumerate(moved):
            for j, (name, one) in enumerate(some):
                to[j, k], sign[j, k] = place[name], one
        low = int(self.month.min()) if len(self) else 0
        months = int(self.month.max(initial=low)) - low + 1
        step = max(1, _CELLS // max(1, months * len(names)))
        ends = np.r_[turns, len(self)]
        parts = []
        for first in range(0, len(groups), step):
            last = min(first + step, len(groups))
            rows = slice(int(ends[first]), int(ends[last]))
            group = np.repeat(np.arange(last - first), np.diff(ends[first : last + 1]))
            cells = np.zeros((last - first, len(names), months), np.int64)
            own, month, amount = self.what[rows], self.month[rows] - low, self.amount[rows]
            for j in range(most):
                at = np.flatnonzero(to[j][own] >= 0)
                where = (group[at], to[j][own[at]], month[at])
                np.add.at(cells, where, sign[j][own[at]] * amount[at])
            parts.append(_of_table(cells, groups[first:last], tuple(names), low))
        return joined(parts, tuple(names))


def _groups(ledger: Ledger) -> tuple[Ints, Ints]:
    """Where entity, framework or currency change, and what they are from there."""
    keys = (ledger.entity, ledger.framework, ledger.currency)
    new = np.zeros(len(ledger), np.bool_)
    for key in keys:
        new |= np.diff(key, prepend=-1) != 0
    new[:1] = True
    turns = np.flatnonzero(new)
    return turns, np.stack([key[turns] for key in keys], 1)


def _of_table(cells: Ints, groups: Ints, names: tuple[str, ...], low: int) -> Ledger:
    """What a dense table by group, name and month holds, zeros left out."""
    found = np.flatnonzero(cells)
    amount = cells.reshape(-1)[found]
    rest, month = np.divmod(found, cells.shape[2])
    group, own = np.divmod(rest, cells.shape[1])
    entity, framework, currency = groups.T
    return Ledger(names, entity[group], framework[group], currency[group], own, month + low, amount)


def joined(ledgers: Sequence[Ledger], names: tuple[str, ...]) -> Ledger:
    """
    Ledgers one after another, none of whose keys is in another.

    Args:
        ledgers: In the order of their keys.
        names: Of all.
    """
    columns = {}
    for name in (*KEYS, "amount"):
        own = [getattr(one, name) for one in ledgers]
        columns[name] = own[0] if len(own) == 1 else np.concatenate([np.empty(0, np.int64), *own])
    return Ledger(names, **columns)


def added(ledgers: Sequence[Ledger], names: tuple[str, ...] = ()) -> Ledger:
    """
    The sum of ledgers: one amount for each key, sorted by key.

    Args:
        ledgers: Of the same names, in any order.
        names: Of the sum, where there may be no ledgers.

    Example:
        >>> one = [np.array([k]) for k in (0, 1, 0, 0, 24000, 5)]
        >>> added([Ledger(("cash",), *one)] * 2).amount.tolist()
        [10]
    """
    names = ledgers[0].names if ledgers else names
    whole = joined(ledgers, names)
    columns = {name: getattr(whole, name) for name in (*KEYS, "amount")}
    order, new = _in_order([columns[name] for name in KEYS])
    if len(new) == len(whole) == np.count_nonzero(whole.amount) and not len(order):
        return whole
    if not len(order):
        order = np.arange(len(whole))
    sums = np.add.reduceat(columns["amount"][order], new)
    kept = sums != 0
    rows = order[new[kept]]
    return Ledger(names, **{name: columns[name][rows] for name in KEYS}, amount=sums[kept])


def _in_order(keys: Sequence[Ints]) -> tuple[Ints, Ints]:
    """
    The order of rows by some keys, and where in that order another key begins.

    Rows that are in order already, each with a key of its own, need no order: it is empty.
    """
    packed = np.zeros(len(keys[0]), np.int64)
    room = 1
    for key in keys:
        low = int(key.min(initial=0))
        size = int(key.max(initial=0)) - low + 1
        room *= size
        packed = packed * size + (key - low)
    if room < 2**62:
        if np.all(packed[1:] > packed[:-1]):
            return np.zeros(0, np.int64), np.arange(len(packed))
        order = np.argsort(packed)
        fresh = np.diff(packed[order], prepend=-1) != 0
    else:
        order = np.lexsort(list(reversed(keys)))
        fresh = np.zeros(len(order), np.bool_)
        for key in keys:
            fresh |= np.diff(key[order], prepend=-1) != 0
        fresh[:1] = True
    return order, np.flatnonzero(fresh)


@attrs.frozen(eq=False)
class Decided:
    """
    One decision over the units of a chunk.

    Attributes:
        outcomes: All outcomes that the rule files know, both frameworks'.
        code: For each unit, the position of its outcome; -1 if it is undetermined, -2 if the
            decision is not asked of the unit (a lessor's of a lessee, and the reverse).
        facts: Names of facts that can be missing.
        missing: For each unit, bit k is set if it is undetermined for want of ``facts[k]``.
    """

    outcomes: tuple[str, ...]
    code: Ints
    facts: tuple[str, ...]
    missing: Ints


@attrs.frozen(eq=False)
class ScheduleRows:
    """
    Schedules of a chunk as flat columns, one row for each period that is lived.

    Attributes:
        unit: Position of the unit.
        epoch: From 1.
        period: From 0 at commencement.
        first_day: Of the period, days since 1970-01-01.
        last_day: Of the period.
        payment: Minor units that fall due and are measured.
        variable: Minor units that fall due beside.
        interest: On the liability or receivable.
        closing: Of the liability, the receivable, or (exempt leases, operating lessors) the rent
            prepaid (positive) or accrued (negative).
        cost: Level cost or income of operating and exempt leases; released profit of a net
            investment.
        reduction: By how much the asset falls; of an operating lessor, direct costs spread to the
            period; of a net investment, by how much the residual grows.
    """

    unit: Ints
    epoch: Ints
    period: Ints
    first_day: Ints
    last_day: Ints
    payment: Ints
    variable: Ints
    interest: Ints
    closing: Ints
    cost: Ints
    reduction: Ints


@attrs.frozen(eq=False)
class Measured:
    """
    A chunk of leases, measured.

    Attributes:
        lease: For each unit, the row of its lease in the chunk.
        framework: For each unit, 1 US GAAP or 2 IFRS.
        decisions: By name (`lease_term`, `lease_exemption`, `lessee_classification`,
            `lessor_classification`, ...).
        schedule: For each unit, the position in `walk.SCHEDULES` of how it is measured at
            commencement; -1 if it is not measured because a decision is open, -2 if what it lacks
            is a rate or value (`refused` says which).
        refused: For each unit, 0, or the position in `REFUSALS` of why it cannot be measured.
        term_months: The lease term decided on; `terms.UNKNOWN` while it is open.
        opening_liability: At commencement: lease liability, or a lessor's lease receivable.
        opening_asset: Right-of-use asset, or a lessor's residual asset.
        rate_numerator: Per period at commencement.
        rate_denominator: Of it.
        flows: By ``schedule/flow`` and month.
        trial_balance: By account and month, made of the flows by the posting templates.
    """

    lease: Ints
    framework: Ints
    decisions: Mapping[str, Decided]
    schedule: Ints
    refused: Ints
    term_months: Ints
    opening_liability: Ints
    opening_asset: Ints
    rate_numerator: Ints
    rate_denominator: Ints
    flows: Ledger
    trial_balance: Ledger


#: Why a lease of which all is decided cannot be measured; 0 is no refusal.
REFUSALS = (
    "",
    "no discount rate, and no fair value to solve one from",
    "no rate between 0 and 100 % a period makes the payments worth the fair value",
    "amounts or rate too large for exact 64-bit arithmetic",
    "an event lies outside the term or lacks a figure",
    "collection is not probable: a deposit is not modelled over columns",
    "the class changes for the lessor on the day of an event: not modelled over columns",
    "the asset is let under an operating lease and becomes the lessee's: not modelled over columns",
)
