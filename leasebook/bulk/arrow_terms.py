"""
Terms as tables of Arrow and back: how leases travel to other processes and machines.
"""

from importlib import import_module
from typing import Any

import numpy as np

from leasebook.intake.lot import Lot
from leasebook.portfolio.terms import (
    EVENT_COLUMNS,
    LEASE_COLUMNS,
    STEP_COLUMNS,
    Ints,
    LeaseTerms,
)

_FACT = "fact_"


def terms_table(lot: Lot) -> Any:
    """
    A lot as a table, one row for each lease; its steps and events are lists within the row.

    Args:
        lot: Leases.
    """
    arrow = import_module("pyarrow")
    terms = lot.terms
    columns: dict[str, Any] = {"lease": arrow.array(list(lot.ids), arrow.string())}
    columns |= {name: arrow.array(getattr(terms, name)) for name in LEASE_COLUMNS}
    columns |= {_FACT + name: arrow.array(column) for name, column in terms.facts.items()}
    for among, *names in (STEP_COLUMNS, EVENT_COLUMNS):
        counts = np.bincount(getattr(terms, among), minlength=len(terms))
        starts = arrow.array(np.r_[0, np.cumsum(counts)].astype(np.int32))
        for name in names:
            values = arrow.array(getattr(terms, name))
            columns[name] = arrow.ListArray.from_arrays(starts, values)
    return arrow.table(columns)


def lot_of(table: Any) -> Lot:
    """
    The lot of a table or a batch, whatever its rows.

    Args:
        table: As `terms_table` makes it.
    """
    names = table.schema.names
    columns: dict[str, Any] = {name: _numbers(table.column(name)) for name in LEASE_COLUMNS}
    facts = {
        name.removeprefix(_FACT): _numbers(table.column(name))
        for name in names
        if name.startswith(_FACT)
    }
    for among, *others in (STEP_COLUMNS, EVENT_COLUMNS):
        lengths = _whole(table.column(others[0])).value_lengths().to_numpy(zero_copy_only=False)
        columns[among] = np.repeat(np.arange(table.num_rows), lengths).astype(np.int64)
        for name in others:
            columns[name] = _numbers(_whole(table.column(name)).flatten())
    ids = table.column("lease").to_pylist()
    return Lot(ids, [""] * len(ids), LeaseTerms(**columns, facts=facts))


def _whole(column: Any) -> Any:
    """A column as one array, also where it is in several chunks."""
    return column.combine_chunks() if hasattr(column, "combine_chunks") else column


def _numbers(column: Any) -> Ints:
    return np.asarray(_whole(column).to_numpy(zero_copy_only=False), np.int64)
