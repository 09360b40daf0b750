"""
The bridge: from as filed to as consolidated, built from entries, each with its paragraph.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from leasebook import pipeline
from leasebook.book.posting import Posting
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.lease import Lease
from leasebook.contract.note import Note
from leasebook.measure.setting import year_end
from leasebook.pages.caption import scale_of, subtitle
from leasebook.pipeline import Run
from leasebook.report.pages_trace import BridgeLine, BridgeStep, bridge_table
from leasebook.report.table import Scale, Table
from leasebook.statements.layout import load_layouts
from leasebook.statements.prepare import Totals, prepare
from leasebook.values.money import currency_units

#: Lines in which both sides of a contract meet.
_AFTER_BOTH_SIDES = frozenset({"net-income", "net-income-parent", "parent-equity", "total-equity"})


def steps_of(run: Run) -> dict[tuple[str, str, str], list[Posting]]:
    """
    The entries between the first column and the last, grouped into steps a reader can follow.

    A step is what one contract or entity does in one column: (column, cause, subject).
    """
    if run.worksheet is None:
        raise LookupError("open decisions keep this basis from being drawn up")
    steps: dict[tuple[str, str, str], list[Posting]] = defaultdict(list)
    for p in run.worksheet.vehicles:
        steps["vehicles", "brought in", p.contract].append(p)
    for p in run.worksheet.changes:
        steps["eliminations", "booked otherwise", p.contract].append(p)
    for p in run.worksheet.eliminations:
        steps["eliminations", "within the group", p.contract].append(p)
    for p in run.worksheet.group:
        what = p.cause.schedule.replace("-", " ").replace("noncontrolling", "non-controlling")
        steps["eliminations", what, p.contract].append(p)
    return steps


def bridge_lines(run: Run, periods: tuple[str, ...]) -> Iterator[BridgeLine]:
    """
    Each line of the statements that differs, with the steps that make the difference.

    The steps come from the entries; that they sum to the difference is law 6, which tests hold.
    """
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    years = [int(period.removeprefix("FY")) for period in periods]
    amounts = pipeline.amounts(run)
    by_step = {
        step: (prepare(Totals.of(postings, ends), years), _cites(postings))
        for step, postings in steps_of(run).items()
    }
    for layout in load_layouts():
        for year in years:
            for line in layout.lines:
                key = (layout.statement, year, line.id)
                steps = tuple(_steps(run, by_step, key))
                if steps:
                    hidden = pipeline.not_public(run, line, year)
                    ends_at = (amounts[column][key] for column in (COLUMNS[0], COLUMNS[-1]))
                    first, last = (None if hidden else _units(run, end) for end in ends_at)
                    yield BridgeLine(f"FY{year}", line.id, line.caption, first, steps, last)


def _units(run: Run, amount: int) -> Decimal:
    return currency_units(amount, run.deal.currency)


def _cites(postings: list[Posting]) -> str:
    """The paragraphs of a step's entries, most frequent first, at most three."""
    counts: dict[str, int] = defaultdict(int)
    for p in postings:
        counts[p.cites] += 1
    ordered = sorted(counts, key=lambda c: (-counts[c], c))
    return "; ".join(ordered[:3])


def _steps(
    run: Run,
    by_step: Mapping[tuple[str, str, str], tuple[Mapping[tuple[str, int, str], int], str]],
    key: tuple[str, int, str],
) -> Iterator[BridgeStep]:
    for (_, cause, subject), (amounts, cites) in by_step.items():
        if amounts[key]:
            why = _cause(run, cause, subject, key[2])
            yield BridgeStep(f"{why}: {_title(run, subject)}", cites, _units(run, amounts[key]))


def _cause(run: Run, cause: str, subject: str, line: str) -> str:
    """What is left in results and equity of a contract undone is a difference of measurement."""
    measured = isinstance(run.deal.contracts.get(subject), Lease | Note)
    if cause == "within the group" and line in _AFTER_BOTH_SIDES and measured:
        return "measured differently by its two sides"
    return cause


def _title(run: Run, subject: str) -> str:
    for titled in (run.deal.contracts, run.deal.assets):
        if subject in titled:
            return getattr(titled[subject], "title", "") or subject
    if subject in run.deal.entities:
        return run.deal.entities[subject].name
    return subject


def bridge(run: Run, periods: tuple[str, ...]) -> tuple[Table, Scale]:
    """The bridge as a table, the steps of each line under it, and the unit it is printed in."""
    ends = ("as filed", run.basis.id.replace("-", " "))
    lines = tuple(bridge_lines(run, periods))
    table = bridge_table(lines, run.deal.currency.code, subtitle(run), ends)
    return table, scale_of(line.consolidated for line in lines)
