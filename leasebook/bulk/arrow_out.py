"""
Schedules and journal of some leases as tables of Arrow.
"""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

import attrs
import numpy as np

from leasebook.intake.lot import Lot
from leasebook.portfolio.lines import lines_of_flows
from leasebook.portfolio.measure import measure_chunk, schedule_rows
from leasebook.portfolio.terms import IFRS, US_GAAP, Ints, LeaseTerms

#: Leases whose journals are made at a time: each has a ledger of its own.
TOGETHER = 10_000

_FRAMEWORKS = ("us-gaap", "ifrs")
_SIDES = ("lessee", "lessor")


@attrs.frozen
class Names:
    """What the codes of terms stand for."""

    entities: Sequence[str]
    currencies: Sequence[str]
    decimals: Sequence[int]


def _arrow() -> Any:
    return import_module("pyarrow")


def _coded(codes: Ints, texts: Sequence[str]) -> Any:
    """A column of texts by their codes."""
    arrow = _arrow()
    return arrow.DictionaryArray.from_arrays(
        arrow.array(codes.astype(np.int32)), arrow.array(list(texts), arrow.string())
    )


def schedule_table(lot: Lot, names: Names, rules_as_of: date) -> Any:
    """
    The schedules of a lot, one row for each period that is lived.

    Args:
        lot: Leases.
        names: Of their codes.
        rules_as_of: The day whose rules decide.
    """
    arrow = _arrow()
    rows = schedule_rows(lot.terms, rules_as_of=rules_as_of, decimals=names.decimals)
    lease, framework = units_of(lot.terms)
    of_row = lease[rows.unit]
    days = arrow.date32()
    columns = {
        "lease": _coded(of_row, lot.ids),
        "entity": _coded(lot.terms.entity[of_row], names.entities),
        "side": _coded(lot.terms.side[of_row], _SIDES),
        "framework": _coded(framework[rows.unit] - 1, _FRAMEWORKS),
        "currency": _coded(lot.terms.currency[of_row], names.currencies),
        "epoch": arrow.array(rows.epoch.astype(np.int32)),
        "period": arrow.array(rows.period.astype(np.int32)),
        "first_day": arrow.array(rows.first_day.astype(np.int32)).cast(days),
        "last_day": arrow.array(rows.last_day.astype(np.int32)).cast(days),
    }
    for name in ("payment", "variable", "interest", "closing", "cost", "reduction"):
        columns[f"{name}_minor"] = arrow.array(getattr(rows, name))
    return arrow.table(columns)


def units_of(terms: LeaseTerms) -> tuple[Ints, Ints]:
    """Lease and framework of each unit: by lease, US GAAP before IFRS."""
    both = np.stack([terms.frameworks & US_GAAP, (terms.frameworks & IFRS) // 2], axis=1)
    lease, framework = np.nonzero(both)
    return lease.astype(np.int64), (framework + 1).astype(np.int64)


def journal_table(lot: Lot, names: Names, rules_as_of: date) -> Any:
    """
    The journal of a lot: for each lease and month what every line of a posting template moved.

    Every row is one debit and one credit of the same amount.

    Args:
        lot: Leases.
        names: Of their codes.
        rules_as_of: The day whose rules decide.
    """
    arrow = _arrow()
    parts = [
        _journal_of(lot, first, names, rules_as_of) for first in range(0, len(lot.ids), TOGETHER)
    ]
    return arrow.concat_tables(parts).unify_dictionaries()


def _journal_of(lot: Lot, first: int, names: Names, rules_as_of: date) -> Any:
    arrow = _arrow()
    terms = lot.terms.part(first, min(first + TOGETHER, len(lot.ids)))
    alone = attrs.evolve(terms, entity=np.arange(len(terms)))
    flows = measure_chunk(alone, rules_as_of=rules_as_of, decimals=names.decimals).flows
    lines = [
        (flow, line.debit, line.credit, line.cites)
        for flow in flows.names
        for line in lines_of_flows().get(flow, ())
    ]
    of_flow: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        of_flow.setdefault(line[0], []).append(number)
    at, which = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for code, flow in enumerate(flows.names):
        rows = np.flatnonzero(flows.what == code)
        for number in of_flow.get(flow, ()):
            at.append(rows)
            which.append(np.full(len(rows), number, np.int64))
    rows, posted = np.concatenate(at), np.concatenate(which)
    order = np.lexsort([posted, flows.month[rows], flows.framework[rows], flows.entity[rows]])
    rows, posted = rows[order], posted[order]
    amount, lease = flows.amount[rows], flows.entity[rows]
    turned = amount < 0
    debit, credit = ([entry[k] for entry in lines] for k in (1, 2))
    accounts = list(dict.fromkeys([*debit, *credit]))
    codes = {account: number for number, account in enumerate(accounts)}
    left = np.array([codes[a] for a in debit], np.int64)[posted] if lines else posted
    right = np.array([codes[a] for a in credit], np.int64)[posted] if lines else posted
    return arrow.table(
        {
            "lease": _coded(lease, lot.ids[first : first + TOGETHER]),
            "entity": _coded(terms.entity[lease], names.entities),
            "framework": _coded(flows.framework[rows] - 1, _FRAMEWORKS),
            "currency": _coded(flows.currency[rows], names.currencies),
            "month": arrow.array(_month_ends(flows.month[rows])).cast(arrow.date32()),
            "debit": _coded(np.where(turned, right, left), accounts),
            "credit": _coded(np.where(turned, left, right), accounts),
            "amount_minor": arrow.array(np.abs(amount)),
            "cause": _coded(posted, [entry[0] for entry in lines]),
            "cites": _coded(posted, [entry[3] for entry in lines]),
        }
    )


def _month_ends(months: Ints) -> Any:
    """The last days of months, counted from 1970-01-01."""
    first = (months - 12 * 1970 + 1).astype("datetime64[M]").astype("datetime64[D]")
    return (first.astype(np.int64) - 1).astype(np.int32)
