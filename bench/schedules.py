"""
Measures the arrays of leases: schedules, trial balances, growth, memory, and peers on level leases.

Run it alone on the machine: ``python bench/schedules.py --json``. Ratios are of processor time (all
threads together) within one run, so that neighbours count little; seconds of the clock and counts
stand beside them. Peers are skipped by name where they are not installed.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import numpy as np
from decimal_loop import schedule as decimal_schedule
from measuring import alternating, machine, peak_mib, printed

from leasebook.portfolio import records as r
from leasebook.portfolio.frame import Frame
from leasebook.portfolio.generate import level_leases, varied_leases
from leasebook.portfolio.given import Rows
from leasebook.portfolio.loops import columns_of, walked
from leasebook.portfolio.measure import measure_chunk, prepared  # noqa: F401 - for children
from leasebook.portfolio.party import together
from leasebook.portfolio.terms import Ints, LeaseTerms
from leasebook.reckoning.compiled import compiled
from leasebook.reckoning.present_value import present_value_minor
from leasebook.reckoning.rounding import round_half_even

AS_OF = date(2026, 1, 1)
THREADS = 2
#: How often what takes seconds is measured.
TURNS = 5
#: Units whose schedules are written at once, so that a thread's room stays in the cache.
BLOCK = 1000


def fill(a: Ints, b: Ints, c: Ints, d: Ints, e: Ints, f: Ints) -> None:
    """Writes six columns: what any program that makes a schedule must do at least."""
    for k in range(len(a)):
        a[k] = k
        b[k] = k
        c[k] = k
        d[k] = k
        e[k] = k
        f[k] = k


def in_threads(action: Callable[[int], Any], parts: int) -> None:
    """An action on each part, in as many threads as there are cores to be used."""
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(action, range(parts)))


def _together(terms: LeaseTerms) -> LeaseTerms:
    return terms.chosen(together(terms.side, terms.frameworks))


class Writing:
    """Units with columns that are long enough, written again and again in blocks."""

    def __init__(self, terms: LeaseTerms) -> None:
        """Decisions are reached once; what is timed is the walk."""
        self.frame, _, self.chosen = prepared(_together(terms), AS_OF, (2,), fast=True)
        rows = self.frame.rows[self.chosen]
        self.blocks = [self.chosen[k : k + BLOCK] for k in range(0, len(self.chosen), BLOCK)]
        sizes = [int(rows[k : k + BLOCK].sum()) for k in range(0, len(rows), BLOCK)]
        self.firsts = np.r_[0, np.cumsum(sizes)]
        self.columns = columns_of(int(self.firsts[-1]))
        self.rows = int(rows.sum())

    def room(self, block: int) -> Rows:
        """The part of the columns that a block is written to."""
        first, last = int(self.firsts[block]), int(self.firsts[block + 1])
        return Rows(*(column[first:last] for column in self.columns))

    def write(self, block: int) -> None:
        """The schedules of a block."""
        walked(self.frame, self.blocks[block], fast=True, room=self.room(block))

    def fill(self, block: int) -> None:
        """As many numbers, without thinking."""
        compiled(fill)(*self.room(block))


def schedules(terms: LeaseTerms) -> dict[str, Any]:
    """Seconds to write whole schedules, and to fill the same columns."""
    writing = Writing(terms)
    count = len(writing.blocks)
    writing.write(0)
    writing.fill(0)
    written, filled = alternating(
        lambda: in_threads(writing.write, count), lambda: in_threads(writing.fill, count)
    )
    return {
        "ratio": round(written[0] / filled[0], 2),
        "cpu_seconds": round(written[0], 4),
        "fill_cpu_seconds": round(filled[0], 4),
        "seconds": round(written[1], 4),
        "fill_seconds": round(filled[1], 4),
        "rows": writing.rows,
        "units": len(writing.chosen),
    }


def trial_balance(count: int, *, varied: bool = True) -> dict[str, Any]:
    """Arrays of leases to a trial balance, in a process of its own for the memory."""
    code = (
        "import json, time, sys; sys.path.insert(0, 'bench')\n"
        "from measuring import forget_peak, peak_mib\n"
        "from schedules import AS_OF, THREADS, level_leases, varied_leases, measure_chunk\n"
        f"make = {'varied_leases' if varied else 'level_leases'}\n"
        "measure_chunk(make(3000), rules_as_of=AS_OF, compiled=True).trial_balance\n"
        f"terms = make({count})\n"
        "forget_peak()\n"
        "start = time.perf_counter(); cpu = time.process_time()\n"
        "done = measure_chunk(terms, rules_as_of=AS_OF, compiled=True, threads=THREADS,\n"
        "                     decimals=(2, 2, 2))\n"
        "lines = len(done.trial_balance)\n"
        "print(json.dumps({'s': time.perf_counter() - start, 'cpu_s': time.process_time() - cpu,\n"
        "  'mib': peak_mib(),\n"
        "  'units': len(done.lease), 'lines': lines,\n"
        "  'months': int((done.term_months.clip(0)).sum())}))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    found: dict[str, Any] = __import__("json").loads(ended.stdout)
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in found.items()}


def million(count: int) -> dict[str, Any]:
    """The least of some turns, as it was disturbed least; the longest stands beside it."""
    turns = sorted((trial_balance(count) for _ in range(TURNS)), key=lambda one: float(one["s"]))
    most = max(float(one["mib"]) for one in turns)
    return {**turns[0], "mib": most, "longest_s": turns[-1]["s"], "turns": TURNS}


def cent_mismatches(count: int) -> int:
    """Rows of schedules that differ from exact fractions by a cent or more."""
    terms = level_leases(count, 5)
    frame, _, chosen = prepared(_together(terms), AS_OF, (2,), fast=True)
    done = walked(frame, chosen, fast=True)
    wrong = 0
    for k, unit in enumerate(chosen.tolist()):
        wrong += _differences(frame, unit, done.rows, int(done.row_first[k]))
    return wrong


def _differences(frame: Frame, unit: int, rows: Rows, first: int) -> int:
    record = frame.units[unit]
    periods, payment = int(record[r.PERIODS]), int(record[r.PAYMENT])
    rate = Fraction(int(record[r.NUMERATOR]), int(record[r.DENOMINATOR]))
    worth = balance = present_value_minor([payment] * periods, rate, 1)
    cost = payment * periods
    gone = spread = wrong = 0
    for k in range(periods):
        interest = round_half_even(balance * rate)
        if k == periods - 1:
            interest = payment - balance
        balance += interest - payment
        if record[r.KIND] == r.OPERATING:
            reached = round_half_even(Fraction(cost * (k + 1), periods))
            fallen, spread = reached - spread - interest, reached
        else:
            life = min(int(record[r.LIFE]), periods)
            reached = round_half_even(Fraction(worth * min(k + 1, life), life))
            fallen, gone = reached - gone, reached
        found = (rows.interest[first + k], rows.closing[first + k], rows.reduction[first + k])
        wrong += tuple(map(int, found)) != (interest, balance, fallen)
    return wrong


def peers(count: int) -> dict[str, Any]:
    """Times of peers on the same level leases, a lease; and how many times longer than ours."""
    terms = level_leases(count, 7)
    ours = _each_kept_no_longer_than_its_block(terms)
    found: dict[str, Any] = {"own_us_a_lease": 0.0, "peer_leases": count}
    some = range(min(200, count))
    programs = {
        "vs_decimal_loop": ("decimal", _decimal),
        "vs_numpy_financial": ("numpy_financial", _numpy_financial),
        "vs_quantlib": ("QuantLib", _quantlib),
        "vs_ifrs16kit": ("ifrs16kit", _ifrs16kit),
    }
    least_of_all = []
    for name, (module, program) in programs.items():
        if find_spec(module) is None:
            found[name] = f"skipped: {module} is not installed"
            continue
        own, other = alternating(ours, lambda run=program: [run(terms, k) for k in some])
        seconds = other[0] / len(some)
        found[name] = round(seconds / (own[0] / count), 1)
        found[f"{name}_us_a_lease"] = round(seconds * 1e6, 2)
        least_of_all.append(own[0] / count)
    found["own_us_a_lease"] = round(min(least_of_all) * 1e6, 3)
    return found


def _each_kept_no_longer_than_its_block(terms: LeaseTerms) -> Callable[[], None]:
    """Our schedules in columns that are used again, as nobody keeps what the peers make either."""
    writing = Writing(terms)
    wide = max(int(writing.frame.rows[block].sum()) for block in writing.blocks)
    rooms = [columns_of(wide) for _ in range(THREADS)]

    def some(thread: int) -> None:
        for block in writing.blocks[thread::THREADS]:
            walked(writing.frame, block, fast=True, room=rooms[thread])

    some(0)
    return lambda: in_threads(some, THREADS)


def _decimal(terms: LeaseTerms, k: int) -> None:
    annual = Decimal(int(terms.rate[k])).scaleb(-15)
    decimal_schedule(int(terms.payment[k]), int(terms.term_months[k]), annual, operating=k % 2 == 0)


def _numpy_financial(terms: LeaseTerms, k: int) -> None:
    import numpy_financial as npf  # noqa: PLC0415

    rate, months = float(terms.rate[k]) * 1e-15 / 12, int(terms.term_months[k])
    worth = npf.pv(rate, months, -float(terms.payment[k]))
    periods = np.arange(1, months + 1)
    npf.ipmt(rate, periods, months, worth)
    npf.ppmt(rate, periods, months, worth)


def _quantlib(terms: LeaseTerms, k: int) -> None:
    import QuantLib as ql  # noqa: N813, PLC0415

    begins = date(1970, 1, 1) + timedelta(days=int(terms.commencement[k]))
    start = ql.Date(begins.day, begins.month, begins.year)
    months, rate = int(terms.term_months[k]), float(terms.rate[k]) * 1e-15
    for flow in _annuity(ql, start, months, rate).cashflows():
        coupon = ql.as_coupon(flow)
        # Interest with the balance that bears it, and the principal that is repaid.
        _ = flow.amount() if coupon is None else (coupon.amount(), coupon.nominal())


def _annuity(ql: Any, start: Any, months: int, rate: float) -> Any:
    """An annuity as QuantLib builds one: a schedule, a sinking notional, the bond."""
    tenor = ql.Period(months, ql.Months)
    dates = ql.sinkingSchedule(start, tenor, ql.Monthly, ql.NullCalendar())
    notionals = ql.sinkingNotionals(tenor, ql.Monthly, rate, 100.0)
    count = ql.Thirty360(ql.Thirty360.BondBasis)
    return ql.AmortizingFixedRateBond(0, notionals, dates, [rate], count)


def _ifrs16kit(terms: LeaseTerms, k: int) -> None:
    from ifrs16kit import LeaseInputs, cross_check  # noqa: PLC0415

    months = int(terms.term_months[k])
    cross_check(
        LeaseInputs(
            term_years=months // 12,
            term_extra_months=months % 12,
            payment=float(terms.payment[k]) / 100,
            is_advance=False,
            ibr_annual=float(terms.rate[k]) * 1e-15,
            useful_life_months=int(terms.economic_life_months[k]),
        )
    )


def growth() -> dict[str, Any]:
    """Seconds to a trial balance as the portfolio grows, and seconds a million months."""
    found = {}
    for power in (3, 4, 5, 6):
        one = trial_balance(10**power)
        found[f"trial_balance_1e{power}_s"] = one["s"]
        found[f"trial_balance_1e{power}_s_per_million_months"] = round(
            one["s"] / one["months"] * 1e6, 4
        )
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--leases", type=int, default=100_000)
    parser.add_argument("--skip-growth", action="store_true")
    chosen = parser.parse_args()
    made_on = machine()
    varied = schedules(varied_leases(chosen.leases))
    level = schedules(level_leases(chosen.leases))
    whole = million(10 * chosen.leases)
    figures = {
        **made_on,
        "leases": chosen.leases,
        "schedule_vs_fill": varied.pop("ratio"),
        **{f"schedule_{name}": value for name, value in varied.items()},
        "schedule_vs_fill_level": level.pop("ratio"),
        **{f"schedule_level_{name}": value for name, value in level.items()},
        "trial_balance_1m_leases": 10 * chosen.leases,
        **{f"trial_balance_1m_{name}": value for name, value in whole.items()},
        **peers(min(10_000, chosen.leases)),
        "cent_mismatches": cent_mismatches(2000),
        **({} if chosen.skip_growth else growth()),
        "peak_mib": round(peak_mib(), 1),
    }
    printed(figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
