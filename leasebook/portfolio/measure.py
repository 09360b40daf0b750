"""
The chunk function: leases as columns in, flows, trial balance and determinations out.

It is pure: the same leases give the same integers in any chunking, order, number of threads, and
whether Numba is installed or not. A caller streams chunks of 10,000 to 200,000 leases through
`measure_chunk` and adds the ledgers with `results.added`; codes of entities and currencies must be
the same in all chunks. One lease is explained by `schedule_rows` of a chunk that holds just it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np

from leasebook.portfolio import records as r
from leasebook.portfolio.arrays import narrow, runs
from leasebook.portfolio.asked import ask_all
from leasebook.portfolio.assembly import Assembly
from leasebook.portfolio.frame import BAD_EVENT, NO_RATE_FOUND, SOLD, Frame, frame
from leasebook.portfolio.ledger import Ledger, added, appended, packed
from leasebook.portfolio.loops import Ledgers, Walked, walked
from leasebook.portfolio.not_closed import BalancesNotClosed
from leasebook.portfolio.paid import rows_as_paid
from leasebook.portfolio.party import together
from leasebook.portfolio.results import Measured, ScheduleRows
from leasebook.portfolio.terms import UNKNOWN, Ints, LeaseTerms, Sorted
from leasebook.portfolio.worlds import Asked
from leasebook.reckoning.compiled import AVAILABLE

#: Leases that are worked on at once at most, so that room is bounded.
_PART = 3 << 14
#: Fewer leases than this are not worth a compiler's start.
_COMPILED_FROM = 2000
#: Cells of a ledger that are held at once: 16 MB.
_CELLS = 1 << 21


def measure_chunk(
    terms: LeaseTerms,
    *,
    rules_as_of: date,
    decimals: Sequence[int] = (2,),
    threads: int = 1,
    compiled: bool | None = None,
) -> Measured:
    """
    Decisions, opening balances, flows and trial balance of some leases.

    Args:
        terms: The leases.
        rules_as_of: The day whose rules decide.
        decimals: Of the minor unit of each currency, by its code (2 where the list is too short).
        threads: How many work at once (compiled only).
        compiled: Whether the loops are compiled; decided by how many leases there are if not said.

    Returns:
        The chunk measured; leases that lack a decision or a value are counted there and have no
        flows.

    Raises:
        BalancesNotClosed: If a balance does not end where it must within rounding.
    """
    fast = _fast(terms, compiled)
    size = _size(len(terms), threads)
    order = _in_parts(terms, size)
    firsts = range(0, max(1, len(terms)), size)
    some = Sorted(terms, order)

    def one(first: int) -> Measured:
        part = some.part(first, first + size)
        return _part(part, rules_as_of, decimals, fast=fast)

    whole = Assembly(terms)
    flows: list[Ledger] = []
    for first, made in zip(firsts, _in_turn(one, firsts, threads), strict=True):
        whole.take(order[first : first + size], made)
        appended(flows, made.flows)
    return whole.whole(added(flows))


def _size(count: int, threads: int) -> int:
    """How many leases a part has, so that all threads have as many parts if it is worth it."""
    rounds = -(-count // (_PART * threads))
    return max(min(_COMPILED_FROM, _PART), -(-count // max(1, rounds * threads)))


def _in_parts(terms: LeaseTerms, size: int) -> Ints:
    """Leases of one entity and currency together, so that no part touches the whole ledger."""
    most = int(terms.currency.max(initial=0)) + 1
    key = (terms.entity - terms.entity.min(initial=0)) * most + terms.currency
    order = np.argsort(narrow(key), kind="stable")
    for first in range(0, len(terms), size):
        part = order[first : first + size]
        part[:] = part[together(terms.side[part], terms.frameworks[part])]
    return order


def _in_turn(
    one: Callable[[int], Measured], firsts: Sequence[int], threads: int
) -> Iterator[Measured]:
    """Parts in order, few of them begun before they are asked for, as each takes room."""
    if threads < 2 or len(firsts) < 2:
        yield from map(one, firsts)
        return
    waiting: deque[Future[Measured]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for first in firsts:
            waiting.append(pool.submit(one, first))
            if len(waiting) > threads + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _fast(terms: LeaseTerms, compiled: bool | None) -> bool:  # noqa: FBT001
    return AVAILABLE and (len(terms) >= _COMPILED_FROM if compiled is None else compiled)


def prepared(
    terms: LeaseTerms, as_of: date, decimals: Sequence[int], *, fast: bool
) -> tuple[Frame, Asked, Ints]:
    """Units of leases that stand together, with decisions, and those of them that are measured."""
    made = frame(terms)
    places = np.full(int(terms.currency.max(initial=0)) + 1, 2, np.int64)
    places[: len(decimals)] = list(decimals)[: len(places)]
    asked = ask_all(terms, made, places[terms.currency[made.lease]], as_of, fast=fast)
    let = (made.units[:, r.KIND] == r.LETTING) & (made.units[:, r.OWNED] == 1)
    made.refused[let & (made.refused == 0)] = SOLD
    return made, asked, np.flatnonzero(~asked.open & (made.refused == 0))


def _part(terms: LeaseTerms, as_of: date, decimals: Sequence[int], *, fast: bool) -> Measured:
    made, asked, chosen = prepared(terms, as_of, decimals, fast=fast)
    opening = np.zeros((len(made.units), 2), np.int64)
    flows: list[Ledger] = []
    for batch, into, keys in _batches(made, chosen):
        done = walked(made, batch, fast=fast, into=into, kept=False)
        _note_trouble(made, batch, done, terms)
        opening[batch] = done.opening
        flows.append(_ledger_of(done.ledger, keys, made, into.months))
    well = np.zeros(len(made.units), np.bool_)
    well[chosen] = made.refused[chosen] == 0
    schedule = np.where(well, made.units[:, r.KIND], np.where(asked.open, -1, -2))
    whole = added(flows, flow_names())
    months = made.units[:, r.PERIODS] * made.units[:, r.EVERY]
    term_open = asked.codes["lease_term"] == -1 if "lease_term" in asked.codes else well
    return Measured(
        made.lease, made.framework, asked.decided(), schedule, made.refused,
        np.where(term_open, UNKNOWN, months),
        np.where(well, opening[:, 0], 0), np.where(well, opening[:, 1], 0),
        made.units[:, r.NUMERATOR].copy(), made.units[:, r.DENOMINATOR].copy(), whole,
    )  # fmt: skip


def _note_trouble(made: Frame, batch: Ints, done: Walked, terms: LeaseTerms) -> None:
    """What cannot be measured is refused; a last interest out of bounds is a fault of ours."""
    trouble = done.trouble
    beyond = batch[trouble & (r.TRUE_UP | r.NO_RATE) == r.TRUE_UP]
    if len(beyond):
        raise BalancesNotClosed(terms.row[made.lease[beyond]].tolist())
    made.refused[batch[trouble & r.NO_RATE != 0]] = NO_RATE_FOUND
    made.refused[batch[trouble & r.BAD_EVENT != 0]] = BAD_EVENT


def _batches(made: Frame, chosen: Ints) -> Iterator[tuple[Ints, Ledgers, Ints]]:
    """
    Units by slot in batches whose ledger is bounded.

    Yields:
        Units, the ledger they need, and for each place in it 8 times the slot plus the schedule.
    """
    if not len(chosen):
        return
    slots = made.units[:, r.SLOT]
    own_key = slots[chosen] * 8 + made.units[chosen, r.KIND]
    owner = np.repeat(np.arange(len(slots)), made.epochs - 1)
    classed = made.events[:, r.CLASS] >= 0
    later_key = slots[owner[classed]] * 8 + made.events[classed, r.CLASS]
    counts = np.bincount(own_key, minlength=(int(slots.max()) + 1) * 8)
    keys = np.flatnonzero(counts + np.bincount(later_key, minlength=len(counts)))
    months = len(made.month_first) - 1
    room = max(8, _CELLS // (r.LEDGER_FLOWS * months))
    order = chosen[np.argsort(narrow(own_key), kind="stable")]
    batch = np.arange(len(keys)) // room
    # A slot is never parted: its batch is that of its first key.
    of_slot = np.zeros(int(slots.max()) + 1, np.int64)
    of_slot[keys[::-1] // 8] = batch[::-1]
    for one in np.unique(of_slot[slots[order]]).tolist():
        units = order[of_slot[slots[order]] == one]
        own = keys[of_slot[keys // 8] == one]
        places = np.full((int(slots.max()) + 1) * 8, -1, np.int64)
        places[own] = np.arange(len(own))
        yield units, Ledgers(places, own % 8, months), own


def _ledger_of(cells: Ints, keys: Ints, made: Frame, months: int) -> Ledger:
    """What a dense ledger holds, zeros left out."""
    group = np.repeat(made.groups[keys // 8], r.LEDGER_FLOWS, axis=0)
    line = (keys[:, None] % 8 * r.LEDGER_FLOWS + np.arange(r.LEDGER_FLOWS)).reshape(-1)
    first, last = np.full((2, len(line)), made.base_month)
    last += months - 1
    heads, _ = (packed(group[:, 0], group[:, 1], group[:, 2], line, m) for m in (first, last))
    found = np.flatnonzero(cells != 0)
    of_line = found // months
    return Ledger(
        flow_names(), (heads - months * np.arange(len(heads)))[of_line] + found, cells[found]
    )


def flow_names() -> tuple[str, ...]:
    """All flows as a ledger numbers them: ``schedule/flow``."""
    return tuple(
        f"{name}/{flow or k}"
        for kind, name in enumerate(r.SCHEDULES)
        for k, flow in enumerate(r.flow_names(kind))
    )


def schedule_rows(
    terms: LeaseTerms,
    *,
    rules_as_of: date,
    decimals: Sequence[int] = (2,),
    compiled: bool | None = None,
) -> ScheduleRows:
    """
    The schedules of some leases, period by period.

    Args:
        terms: The leases.
        rules_as_of: The day whose rules decide.
        decimals: Of the minor unit of each currency, by its code.
        compiled: Whether the loops are compiled; decided by how many leases there are if not said.

    Returns:
        Rows by unit, epoch and period.
    """
    fast = _fast(terms, compiled)
    order = together(terms.side, terms.frameworks)
    some = terms.chosen(order)
    made, _, chosen = prepared(some, rules_as_of, decimals, fast=fast)
    # Units are numbered by lease, US GAAP before IFRS.
    by_lease = np.lexsort([made.framework, order[made.lease]])
    number = np.empty(len(by_lease), np.int64)
    number[by_lease] = np.arange(len(by_lease))
    chosen = chosen[np.argsort(number[chosen])]
    done = walked(made, chosen, fast=fast)
    _note_trouble(made, chosen, done, some)
    return _rows(made, done, chosen, number)


def _rows(made: Frame, done: Walked, chosen: Ints, numbers: Ints) -> ScheduleRows:
    """The rows of units that could be measured, with their dates, by the number of each unit."""
    well = np.flatnonzero(made.refused[chosen] == 0)
    epochs = runs(done.epoch_first[well], done.counts[well, 0])
    found = done.epochs[epochs]
    number = epochs - np.repeat(done.epoch_first[well], done.counts[well, 0]) + 1
    live = found[:, r.LIVE]
    at = runs(found[:, r.FIRST_ROW], live)
    within = runs(np.zeros(len(live), np.int64), live)
    unit = np.repeat(found[:, r.OF_UNIT], live)
    period = np.repeat(found[:, r.BEGINS], live) + within
    month, day, every = (made.units[unit, field] for field in (r.MONTH, r.DAY, r.EVERY))
    held: list[Any] = list(done.rows)
    rows = [column[at] for column in held]
    first_rent = np.repeat(found[:, r.FIRST_RENT], live)
    rows[1] = rows_as_paid(made, unit, period, first_rent, *rows[:2])
    return ScheduleRows(
        numbers[unit], np.repeat(number, live), period,
        _days(made, month + every * period, day),
        _days(made, month + every * (period + 1), day) - 1,
        *rows,
    )  # fmt: skip


def _days(made: Frame, month: Ints, day: Ints) -> Ints:
    """A day of some months, or their last if they lack it."""
    first = made.month_first[month - made.base_month]
    length = made.month_first[month - made.base_month + 1] - first
    found: Ints = first + np.minimum(day, length) - 1
    return found
