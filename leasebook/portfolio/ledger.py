"""
Amounts by entity, framework, currency, something and month: the sums of leases.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from leasebook.portfolio.table_sums import GROUP, LINE_BITS, MONTH_BITS, moved
from leasebook.portfolio.terms import Ints
from leasebook.reckoning.compiled import compiled

Loop = Callable[..., Any]

#: Amounts that are turned into others at once.
_BLOCK = 1 << 17
#: Fewer of them than this are not worth a compiler's start.
_COMPILED_FROM = 1 << 15

#: Keys of a ledger, in the order in which it is sorted.
KEYS = ("entity", "framework", "currency", "what", "month")
#: How many bits each has, so that together they are one whole number in that order.
_BITS = (24, 2, 10, LINE_BITS, MONTH_BITS)
_SHIFTS = tuple(sum(_BITS[k + 1 :]) for k in range(len(_BITS)))


def packed(*keys: Ints) -> Ints:
    """
    Keys of a ledger as one number each, which sorts as they do.

    Args:
        keys: Of each amount, in the order of `KEYS`.

    Raises:
        OverflowError: If one of them is negative or has no room.

    Example:
        >>> one, two = packed(*(np.array([k, k]) for k in (1, 1, 0, 3, 24000))).tolist()
        >>> one == two == (((1 << 2 | 1) << 10 | 0) << 9 | 3) << 17 | 24000
        True
    """
    whole = np.zeros(len(keys[0]), np.int64)
    for name, key, bits in zip(KEYS, keys, _BITS, strict=True):
        if key.max(initial=0) >> bits or key.min(initial=0) < 0:
            raise OverflowError(f"{name} has no room")
        whole <<= bits
        whole |= key
    return whole


@attrs.frozen(eq=False)
class Ledger:
    """
    Whole-number amounts by entity, framework, currency, something and month; zeros left out.

    Ledgers of any partition of the same leases add up to the same ledger.

    Attributes:
        names: What `what` numbers: for flows ``schedule/flow`` (`walk.FLOW_NAMES`), for a trial
            balance the accounts; the same in ledgers that are added.
        key: `packed` keys, ascending.
        amount: Minor units; in a trial balance debits are positive, and the amounts are what
            moves in the month, not a balance.
    """

    names: tuple[str, ...]
    key: Ints
    amount: Ints

    def __len__(self) -> int:
        """How many amounts that are not zero."""
        return len(self.amount)

    def _part(self, place: int) -> Ints:
        return (self.key >> _SHIFTS[place]) & ((1 << _BITS[place]) - 1)

    @property
    def entity(self) -> Ints:
        """The caller's code."""
        return self._part(0)

    @property
    def framework(self) -> Ints:
        """1 US GAAP, 2 IFRS, as `terms.US_GAAP` and `terms.IFRS`."""
        return self._part(1)

    @property
    def currency(self) -> Ints:
        """The caller's code."""
        return self._part(2)

    @property
    def what(self) -> Ints:
        """Position in `names`."""
        return self._part(3)

    @property
    def month(self) -> Ints:
        """12 times the year plus the month less one."""
        return self._part(4)

    @property
    def digest(self) -> str:
        """SHA-256 of all keys and amounts: the same for the same leases in any partition."""
        state = hashlib.sha256("\n".join(self.names).encode())
        for column in (self.key, self.amount):
            state.update(np.ascontiguousarray(column, "<i8").tobytes())
        return state.hexdigest()

    def where(self, rows: npt.NDArray[np.bool_] | slice) -> "Ledger":
        """Some of its amounts."""
        return Ledger(self.names, self.key[rows], self.amount[rows])

    def by(self, what: Mapping[str, Sequence[tuple[str, int]]], names: Sequence[str]) -> "Ledger":
        """
        The ledger of other things that are signed sums of these.

        Args:
            what: For a name of this ledger, the names that it goes to, each with a sign.
            names: All names of the new ledger.
        """
        place = {name: k for k, name in enumerate(names)}
        parts = [tuple(what.get(name, ())) for name in self.names]
        to, sign = np.zeros((2, max(map(len, parts), default=0), len(self.names)), np.int64)
        to[:] = -1
        for k, some in enumerate(parts):
            for j, (name, one) in enumerate(some):
                to[j, k], sign[j, k] = place[name], one
        nothing = Ledger(tuple(names), np.zeros(0, np.int64), np.zeros(0, np.int64))
        return _joined([nothing, *(_moved(one, to, sign, nothing.names) for one in self._blocks())])

    def _blocks(self) -> Iterator["Ledger"]:
        """Some amounts at a time; those of one entity, framework and currency together."""
        first = 0
        while first < len(self):
            last = min(first + _BLOCK, len(self)) - 1
            after = int(np.searchsorted(self.key, ((self.key[last] >> GROUP) + 1) << GROUP))
            yield self.where(slice(first, after))
            first = after


def _moved(ledger: Ledger, to: Ints, sign: Ints, names: tuple[str, ...]) -> Ledger:
    """The ledger of other things that some amounts come to."""
    month = ledger.month
    low, months = int(month.min()), int(np.ptp(month)) + 1
    cells, heads = np.zeros(len(names) * months, np.int64), np.zeros(len(names), np.int64)
    keys, amounts = np.empty((2, len(ledger) * len(to)), np.int64)
    loop: Loop = compiled(moved) if len(ledger) >= _COMPILED_FROM else moved
    found = loop(
        ledger.key, ledger.amount, to.reshape(-1), sign.reshape(-1), len(ledger.names), low,
        months, cells, heads, keys, amounts,
    )  # fmt: skip
    return Ledger(names, keys[:found].copy(), amounts[:found].copy())


def _joined(ledgers: Sequence[Ledger]) -> Ledger:
    """Ledgers of the same names one after another."""
    if len(ledgers) == 1:
        return ledgers[0]
    columns = (np.concatenate([getattr(one, n) for one in ledgers]) for n in ("key", "amount"))
    return Ledger(ledgers[0].names, *columns)


def appended(ledgers: list[Ledger], more: Ledger) -> None:
    """
    Adds a ledger to others that follow each other, and leaves them so.

    Args:
        ledgers: In the order of their keys, none of whose keys is in another; added to.
        more: Of which no key is less than all those of the last one.
    """
    if ledgers and len(more):
        cut = int(np.searchsorted(ledgers[-1].key, more.key[0]))
        if cut < len(ledgers[-1]):
            more = added([ledgers[-1].where(slice(cut, None)), more])
            ledgers[-1] = ledgers[-1].where(slice(cut))
    ledgers.append(more)


def added(ledgers: Sequence[Ledger], names: tuple[str, ...] = ()) -> Ledger:
    """
    The sum of ledgers: one amount for each key, sorted by key.

    Args:
        ledgers: Of the same names, in any order.
        names: Of the sum, where there may be no ledgers.

    Example:
        >>> one = Ledger(("cash",), np.array([7]), np.array([5]))
        >>> added([one, one]).amount.tolist()
        [10]
    """
    nothing = Ledger(names, np.zeros(0, np.int64), np.zeros(0, np.int64))
    whole = _joined(ledgers or [nothing])
    ascends = bool(np.all(whole.key[1:] > whole.key[:-1]))
    if not ascends:
        order = np.argsort(whole.key, kind="stable")
        key = whole.key[order]
        fresh = np.flatnonzero(np.diff(key, prepend=-1))
        whole = Ledger(whole.names, key[fresh], np.add.reduceat(whole.amount[order], fresh))
    kept = whole.amount != 0
    return whole if kept.all() else whole.where(kept)
