"""
One deal under the rules of several days, side by side: what they conclude, and what the books show.
"""

from collections.abc import Sequence

from leasebook import pipeline
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.pages.caption import FRAMEWORKS, subtitle
from leasebook.pages.statements import shown_periods
from leasebook.pipeline import Run
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.rulebook.determination import Determination
from leasebook.statements.layout import load_layouts
from leasebook.values.money import currency_units

#: The decisions that the books read, at one time or another, and who has to be asked for them.
_READ = (
    "sale_and_leaseback", "control_during_construction", "lease_term", "lessee_classification",
    "lease_exemption", "lessor_classification", "guarantee_measurement", "spe_consolidation",
    "vie_status", "primary_beneficiary", "ifrs10_control", "consolidation", "first_consolidation",
    "noncontrolling_deficit",
)  # fmt: skip
#: How many facts that a decision lacks are named here; `determine` of one day names all.
_FACTS_MAX = 2
#: The lines of the balance sheet in which the difference shows.
_LINES = (
    "total-assets", "debt", "lease-liabilities", "financing-obligation", "noncontrolling-interest",
    "parent-equity",
)  # fmt: skip


def rules_compared(runs: Sequence[Run]) -> tuple[Table, ...]:
    """
    The same deal under the rules of several days.

    Args:
        runs: One deal on one basis and framework, each under the rules of another day.

    Returns:
        What the rules of each day conclude from the facts alone, and the lines of the balance
        sheet on the basis, for the years in which it can be drawn up.
    """
    return _concluded(runs), _drawn_up(runs)


def _days(runs: Sequence[Run]) -> list[str]:
    return [run.rules_as_of.isoformat() for run in runs]


def _concluded(runs: Sequence[Run]) -> Table:
    first = runs[0]
    by_day = [
        pipeline.conclude(run.deal, run.framework, run.basis.scenario, run.rules_as_of)
        for run in runs
    ]
    asked = dict.fromkeys(key for found in by_day for key, _ in found.items())
    rows = []
    for decision, about in sorted(asked, key=lambda key: _READ.index(key[0]) if key[0] in _READ
                                  else len(_READ)):  # fmt: skip
        if decision not in _READ:
            continue
        cells: dict[str, Cell] = {"decision": decision.replace("_", " "), "about": about}
        for day, found in zip(_days(runs), by_day, strict=True):
            known = (decision, about) in found
            cells[day] = _outcome(found[decision, about]) if known else "not asked"
        rows.append(Row(cells))
    columns = (
        Column("decision", "Decision"),
        Column("about", "About"),
        *(Column(day, f"Rules of {day}") for day in _days(runs)),
    )
    lines = (first.deal.title, f"{FRAMEWORKS[first.framework]}; from the facts alone")
    return Table("What the rules of each day conclude", columns, tuple(rows), lines)


def _outcome(found: Determination) -> str:
    """The outcome with its paragraph, or what is lacking first with the paragraphs that ask."""
    if found.outcome is not None:
        return f"{found.outcome} ({found.cites})"
    asks = {m.fact.replace("_", " "): m.cites.split("; ")[0] for m in reversed(found.missing)}
    if not asks:
        return found.sentence
    shown = [f"{fact} ({cites})" for fact, cites in reversed(asks.items())]
    more = f" and {len(shown) - _FACTS_MAX} more" if len(shown) > _FACTS_MAX else ""
    return f"open: lacks {', '.join(shown[:_FACTS_MAX])}{more}"


def _drawn_up(runs: Sequence[Run]) -> Table:
    first = runs[0]
    drawn = [run for run in runs if run.worksheet is not None]
    amounts = {run.rules_as_of: pipeline.amounts(run)[COLUMNS[-1]] for run in drawn}
    periods = shown_periods(drawn[0]) if drawn else ()
    rows = []
    captions = {x.id: x.caption for layout in load_layouts() for x in layout.lines}
    for period in periods:
        for line in _LINES:
            cells: dict[str, Cell] = {"period": period, "line": captions[line]}
            for run in drawn:
                key = ("balance-sheet", int(period.removeprefix("FY")), line)
                value = amounts[run.rules_as_of].get(key, 0)
                cells[run.rules_as_of.isoformat()] = currency_units(value, run.deal.currency)
            rows.append(Row(cells))
    columns = (
        Column("period", "Year"),
        Column("line", "Balance sheet"),
        *(Column(day, f"Rules of {day}", "amount") for day in _days(runs)),
    )
    notes = [
        f"Under the rules of {run.rules_as_of} the basis is open: "
        + ", ".join(f"{decision}({about})" for decision, about in run.open_decisions)
        for run in runs
        if run.worksheet is None
    ]
    title = f"What the books show on the basis {first.basis.id}"
    head = [text for text in subtitle(first) if not text.startswith("rules in force")]
    return Table(title, columns, tuple(rows), tuple(head), tuple(notes), first.deal.currency.code)
