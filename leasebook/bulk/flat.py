"""
A tally as rows of text and whole numbers, in which it is kept in files and sent between machines.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leasebook.bulk.tally import Tally
from leasebook.portfolio.results import KEYS, Ledger, added, packed

#: Columns of the rows, in order.
COLUMNS = ("kind", "name", "entity", "framework", "currency", "month", "amount")
#: Those that hold text.
TEXT = frozenset({"kind", "name"})

_FLOWS, _BALANCE = "flow", "balance"
_NO_MONTH = -1


def rows_of(tally: Tally) -> dict[str, list[Any]]:
    """
    The rows of a tally by column.

    A sum that no whole number of 64 bits holds is two rows.
    """
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for kind, ledger in ((_FLOWS, tally.flows), (_BALANCE, tally.trial_balance)):
        columns["kind"] += [kind] * len(ledger)
        columns["name"] += [ledger.names[what] for what in ledger.what.tolist()]
        for name in ("entity", "framework", "currency", "month", "amount"):
            columns[name] += getattr(ledger, name).tolist()
    for (kind, name, entity, framework, currency), number in sorted(tally.counts.items()):
        for part in _parts(number):
            values = (kind, name, entity, framework, currency, _NO_MONTH, part)
            for column, value in zip(COLUMNS, values, strict=True):
                columns[column].append(value)
    return columns


def _parts(number: int) -> list[int]:
    most = 2**62
    if abs(number) <= most:
        return [number]
    half = number // 2
    return [*_parts(half), *_parts(number - half)]


def tally_of(
    columns: Mapping[str, Sequence[Any]],
    flow_names: tuple[str, ...],
    account_names: tuple[str, ...],
) -> Tally:
    """
    The tally of some rows.

    Args:
        columns: By name, as `rows_of` makes them; rows of several tallies may stand together.
        flow_names: Of the ledger of flows.
        account_names: Of the trial balance.
    """
    kinds = columns["kind"]
    counts: dict[tuple[str, str, int, int, int], int] = {}
    at: dict[str, list[int]] = {_FLOWS: [], _BALANCE: []}
    for row, kind in enumerate(kinds):
        if kind in at:
            at[kind].append(row)
            continue
        key = (kind, columns["name"][row], columns["entity"][row], columns["framework"][row],
               columns["currency"][row])  # fmt: skip
        counts[key] = counts.get(key, 0) + columns["amount"][row]
    ledgers = []
    for kind, names in ((_FLOWS, flow_names), (_BALANCE, account_names)):
        place = {name: k for k, name in enumerate(names)}
        found = {
            name: np.array([columns[name][row] for row in at[kind]], np.int64)
            for name in (*KEYS, "amount") if name != "what"
        }  # fmt: skip
        found["what"] = np.array([place[columns["name"][row]] for row in at[kind]], np.int64)
        keys = packed(*(found[name] for name in KEYS))
        # Rows of several tallies stand one after another.
        ledgers.append(added([Ledger(names, keys, found["amount"])]))
    return Tally(ledgers[0], ledgers[1], counts)


def as_bytes(tally: Tally) -> bytes:
    """A tally as the bytes of a file; the same tally gives the same bytes."""
    names = {"flow": tally.flows.names, "balance": tally.trial_balance.names}
    return json.dumps([names, rows_of(tally)], separators=(",", ":")).encode()


def from_bytes(content: bytes) -> Tally:
    """
    The tally that some bytes hold.

    Raises:
        ValueError: If they hold none.
    """
    try:
        names, columns = json.loads(content)
        return tally_of(columns, tuple(names["flow"]), tuple(names["balance"]))
    except (KeyError, TypeError, LookupError) as error:
        raise ValueError(f"no tally: {error}") from None
