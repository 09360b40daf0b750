"""
What the payments of some leases pay of interest, which the cash flow statement asks for.

The rule is that of `measure.split`: a payment first settles the interest accrued and not yet paid.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np

from leasebook.bulk.interest import paid_by_month
from leasebook.bulk.lines import interest_lines
from leasebook.portfolio import records as r
from leasebook.portfolio.frame import Frame
from leasebook.portfolio.given import Rows
from leasebook.portfolio.loops import Machine, walked
from leasebook.portfolio.measure import flow_names, prepared
from leasebook.portfolio.results import Ledger, added
from leasebook.portfolio.terms import EVENT_KINDS, Ints, LeaseTerms
from leasebook.reckoning.compiled import AVAILABLE

#: Units whose rows are held at a time.
TOGETHER = 8_000
#: Fewer leases than this are not worth a compiler's start.
_COMPILED_FROM = 2000
_TERMINATED = EVENT_KINDS.index("terminated")


def split_names() -> tuple[str, ...]:
    """All flows with those of interest paid and received."""
    return (*flow_names(), *(f"{s}/{line.amount}" for s, line in interest_lines().items()))


def with_interest_paid(
    flows: Ledger, terms: LeaseTerms, *, rules_as_of: date, decimals: Sequence[int]
) -> Ledger:
    """
    The flows of some leases and, among them, the interest that their payments pay.

    Source: ASC 842-20-45-5; IFRS 16.50.

    Args:
        flows: Of the leases.
        terms: Their terms.
        rules_as_of: The day whose rules decide.
        decimals: Of the currencies.
    """
    names = split_names()
    parts = [attrs.evolve(flows, names=names)]
    fast = AVAILABLE and len(terms) >= _COMPILED_FROM
    made, _, chosen = prepared(terms, rules_as_of, decimals, fast=fast)
    order = chosen[np.argsort(made.units[chosen, r.SLOT], kind="stable")]
    ended = np.zeros(len(terms), np.int64)
    ended[terms.event_lease[terms.event_kind == _TERMINATED]] = 1
    for first in range(0, len(order), TOGETHER):
        some = order[first : first + TOGETHER]
        parts.append(_paid(made, some, ended[made.lease[some]], names, fast=fast))
    return added(parts)


def _kinds(made: Frame) -> Ints:
    """The schedule of each unit; the finance lease's of one that is a finance lease at any time."""
    kinds: Ints = made.units[:, r.KIND].copy()
    becomes = made.events[:, r.CLASS] == r.FINANCE
    kinds[np.repeat(np.arange(len(kinds)), made.epochs - 1)[becomes]] = r.FINANCE
    return kinds


def _paid(made: Frame, chosen: Ints, ended: Ints, names: tuple[str, ...], *, fast: bool) -> Ledger:
    done = walked(made, chosen, fast=fast)
    codes = np.full(len(r.SCHEDULES), -1, np.int64)
    for name, line in interest_lines().items():
        codes[r.SCHEDULES.index(name)] = names.index(f"{name}/{line.amount}")
    code = codes[_kinds(made)[chosen]]
    told = (code >= 0) & (done.trouble & (r.NO_RATE | r.BAD_EVENT) == 0)
    keys, place = np.unique(
        (made.units[chosen, r.SLOT] * len(names) + code)[told], return_inverse=True
    )
    places = np.full(len(chosen), -1, np.int64)
    places[told] = place
    months = len(made.month_first) - 1
    machine = Machine.of(made, fast=fast)
    cells = machine.array(np.zeros(len(keys) * months, np.int64))
    held: list[Any] = list(done.rows)
    rows = Rows(*(machine.array(column) for column in held))
    machine.loop(paid_by_month)(
        *(machine.array(one) for one in (chosen, places, ended)), machine.given.units,
        *(machine.array(one.reshape(-1)) for one in (done.epochs, done.epoch_first, done.counts)),
        rows, made.base_month, months, cells,
    )  # fmt: skip
    table = np.asarray(cells, np.int64).reshape(len(keys), months)
    at, month = np.nonzero(table)
    slot, what = np.divmod(keys[at], len(names))
    group = made.groups[slot]
    return Ledger(
        names, group[:, 0], group[:, 1], group[:, 2], what, month + made.base_month,
        table[at, month],
    )  # fmt: skip
