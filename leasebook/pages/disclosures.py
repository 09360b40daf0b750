"""
The disclosures page: the notes on leases at the end of each fiscal year, or on one day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

import attrs

from leasebook.book.keep import Kept
from leasebook.book.ledger import Ledger
from leasebook.book.posting import Posting
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.lease import Lease
from leasebook.disclosures.draw_up import drawn_up
from leasebook.disclosures.line import Disclosed, Disclosure, LineKind, load_disclosures
from leasebook.disclosures.scope import LIABILITY_ACCOUNT, OTHER_LIABILITY_ACCOUNT, Period, Scope
from leasebook.facts.lease_rates import BASIS
from leasebook.measure.setting import Setting, year_end
from leasebook.pages.caption import identity, subtitle
from leasebook.pipeline import Run
from leasebook.reckoning.calendar import fiscal_year, fiscal_year_bounds
from leasebook.reckoning.rounding import round_half_even
from leasebook.report.disclosure_page import (
    DisclosurePage,
    DisclosureRow,
    PrintedDisclosure,
    PrintedLine,
)
from leasebook.report.table import Cell, RowStyle
from leasebook.values.money import currency_units

#: Decimals at which an average or a rate is rounded, once, when it leaves.
SHOWN_DECIMALS = 6

_GRID = 10**SHOWN_DECIMALS
_STYLES: dict[str, RowStyle] = {"line": "line", "subtotal": "subtotal", "total": "total"}


def fiscal_period(run: Run, name: str) -> Period:
    """A fiscal year of the entity, such as FY2029."""
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    return Period(name, *fiscal_year_bounds(int(name.removeprefix("FY")), ends))


def period_to(run: Run, day: date) -> Period:
    """The part of a fiscal year that ends on a day."""
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    return Period(day.isoformat(), fiscal_year_bounds(fiscal_year(day, ends), ends)[0], day)


def scope_of(run: Run) -> Scope:
    """
    Whose notes a run gives: the entity's and those of the companies it consolidates.

    Raises:
        LookupError: If open decisions keep the books from being kept.
    """
    if run.kept is None or run.worksheet is None:
        raise LookupError("open decisions keep disclosures from being drawn up")
    postings = [p for p in run.worksheet.column(COLUMNS[-1]) if not _opens(p)]
    made = ledger_scope(run.setting, run.worksheet.members, run.kept, postings)
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    return attrs.evolve(made, year_end=ends)


def ledger_scope(
    setting: Setting, members: frozenset[str], kept: Kept, postings: Iterable[Posting]
) -> Scope:
    """
    A scope from the books of a deal.

    Args:
        setting: Of the basis.
        members: The entity and what it consolidates.
        kept: The books and schedules of every entity.
        postings: Of the members together, without the opening entry.
    """
    together = tuple(postings)
    return Scope(
        setting=setting,
        members=members,
        schedules=kept.schedules,
        accrued={k: s for k, s in kept.accrued.items() if s.name == "note-issued"},
        ledger=Ledger.of(together),
        interests=_interests(together),
        causes=_causes(together),
    )


def _opens(posting: Posting) -> bool:
    return posting.cause.template == "opening-balances"


def _interests(postings: Iterable[Posting]) -> dict[tuple[str, str], dict[date, int]]:
    sums: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for p in postings:
        sums[p.debit, p.counterparty][p.date] += p.amount_minor
        sums[p.credit, p.counterparty][p.date] -= p.amount_minor
    return sums


def _causes(postings: Iterable[Posting]) -> dict[tuple[str, str], dict[date, int]]:
    sums: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for p in postings:
        sums[p.debit, p.cause.schedule][p.date] += p.amount_minor
        sums[p.credit, p.cause.schedule][p.date] -= p.amount_minor
    return sums


def disclosures_page(run: Run, periods: Iterable[Period]) -> DisclosurePage:
    """
    The notes on leases for some periods.

    Raises:
        LookupError: If open decisions keep the books from being kept.
        DisclosureMismatchError: If a table does not tie to schedule or ledger.
    """
    wanted = tuple(periods)
    found = tuple(drawn_up(scope_of(run), wanted))
    tables = [t for t in load_disclosures() if run.framework in t.cites]
    kinds = {(t.id, line.id): line.kind for t in tables for line in t.lines}
    return DisclosurePage(
        **identity(run),
        periods=tuple(period.name for period in wanted),
        rows=tuple(_row(run, each, kinds.get((each.disclosure, each.line))) for each in found),
        layouts=tuple(_layout(run, table, found) for table in tables),
        subtitle=subtitle(run),
        notes=tuple(_notes(run)),
    )


def _row(run: Run, each: Disclosed, kind: LineKind | None) -> DisclosureRow:
    return DisclosureRow(
        disclosure=each.disclosure,
        period=each.period,
        column=each.column,
        line=each.line,
        amount=_cell(run, each, kind or "amount"),
    )


def _cell(run: Run, each: Disclosed, kind: LineKind) -> Cell:
    if isinstance(each.value, Fraction):
        return Fraction(round_half_even(each.value * _GRID), _GRID)
    if isinstance(each.value, int) and kind == "amount":
        return currency_units(each.value, run.deal.currency)
    return each.value


def _titles(run: Run) -> Mapping[str, str]:
    titles = {e.id: e.name for e in run.deal.entities.values()}
    return titles | {c.id: getattr(c, "title", "") or c.id for c in run.deal.contracts.values()}


def _layout(run: Run, table: Disclosure, found: Iterable[Disclosed]) -> PrintedDisclosure:
    mine = [each for each in found if each.disclosure == table.id]
    known = {line.id for line in table.lines}
    # A schedule may bring a flow that no line of the table names: it stands before the last one.
    others = [x for x in dict.fromkeys(each.line for each in mine) if x not in known]
    lines = [PrintedLine(x.id, x.title, x.kind, _STYLES[x.style]) for x in table.lines]
    lines[-1:-1] = [PrintedLine(x, x.replace("-", " ").capitalize()) for x in others]
    titles = {**_titles(run), **table.columns}
    columns = {c: titles.get(c, c) for c in (*table.columns, *(each.column for each in mine))}
    cites = table.cites[run.framework]
    return PrintedDisclosure(
        table.id, f"{table.title} ({cites})", tuple(lines), columns, table.notes, table.subjects
    )


def _notes(run: Run) -> Iterator[str]:
    filed = run.deal.filed.get(run.entity)
    if filed is not None and run.opening is not None:
        accounts = (*LIABILITY_ACCOUNT.values(), OTHER_LIABILITY_ACCOUNT)
        if any(_liability(run, account) for account in accounts):
            yield (
                f"Of this deal's leases only: the lease liabilities that were filed on "
                f"{filed.as_of} have no contracts here, and their maturity is the filer's to tell."
            )
    for lease in run.deal.of_kind(Lease):
        if run.setting.failed_sale(lease.asset) is not None and lease.lessee == run.entity:
            yield (
                f"{lease.title or lease.id} is in no table: its sale failed, and what is paid "
                "under it repays a financing obligation (ASC 842-40-25-5; IFRS 16.103)."
            )
    yield from _risk_free(run)


def _risk_free(run: Run) -> Iterator[str]:
    """
    That a lessee has chosen a risk-free rate, and for which classes of asset.

    Source: ASC 842-20-50-10.
    """
    classes = {
        run.deal.assets[lease.asset].kind
        for lease in run.deal.of_kind(Lease)
        if lease.lessee == run.entity and run.setting.outcome(BASIS, lease.id) == "risk-free"
    }
    if classes:
        listed = " and ".join(sorted(name.replace("-", " ") for name in classes))
        yield f"Discounted at a risk-free rate, by choice: leases of {listed} (ASC 842-20-50-10)."


def _liability(run: Run, account: str) -> bool:
    opening = run.opening.postings if run.opening else ()
    return any(account in (p.debit, p.credit) for p in opening)
