"""
The page of published maturity tables: how near each published liability comes, and what is lacking.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.disclosures.bracket import (
    Bracket,
    Range,
    adds_up,
    bracket,
    in_units,
    lacks,
    listed,
    uncommenced,
)
from leasebook.disclosures.published import Published, PublishedTable, fiscal_year_ends
from leasebook.disclosures.spread import SHARES
from leasebook.pages.disclosures import SHOWN_DECIMALS
from leasebook.reckoning.rounding import round_half_even
from leasebook.report.table import Cell, Column, Row, Table

_GRID = 10**SHOWN_DECIMALS
_WHOSE = (
    Column("record", "Record"),
    Column("company", "Company", printed=False),
    Column("fiscal_year", "Fiscal year", printed=False),
    Column("as_of", "As of", "date", printed=False),
    Column("kind", "Kind", printed=False),
)
_DISCOUNTED = (
    *_WHOSE,
    Column("inside", "Inside"),
    Column("discount_rate", "Rate", "percent"),
    Column("term_years", "Term, years", "ratio", printed=False),
    Column("low", "Low", "amount"),
    Column("central", "Central", "amount"),
    Column("high", "High", "amount"),
    Column("published", "Published", "amount"),
    Column("difference", "Difference", "amount"),
    Column("difference_share", "in percent", "percent"),
    Column("source", "Source", printed=False),
)
_IMPLIED = (
    *_WHOSE,
    Column("discount_rate", "Published rate", "percent"),
    Column("implied_low", "Implied, low", "percent"),
    Column("implied_central", "Implied, central", "percent"),
    Column("implied_high", "Implied, high", "percent"),
    Column("published", "Published liability", "amount"),
    Column("liability_rounded", "Liability is rounded"),
)
_SPREAD = (
    *_WHOSE,
    Column("thereafter", "Thereafter", "amount"),
    Column("level_tail_years", "Level tail, years", "ratio"),
    Column("tail_years", "Central tail, years", "ratio"),
    Column("fall", "Its fall, of the slowest tail's", "percent"),
    Column("term_years", "Published term, years", "ratio"),
    Column("term_reached_years", "Term it gives, years", "ratio"),
)
_SUMS = (
    *_WHOSE,
    Column("sum_of_maturities", "Maturities", "amount"),
    Column("total_undiscounted", "Total", "amount"),
    Column("imputed_interest", "Imputed interest", "amount"),
    Column("total_less_interest", "Total less interest", "amount"),
    Column("published", "Published liability", "amount"),
    Column("adds_up", "Adds up"),
)
_LACKING = (*_WHOSE, Column("lacks", "What it lacks"))
_UNCOMMENCED = (
    *_WHOSE,
    Column("not_yet_commenced", "Undiscounted", "amount"),
    Column("discount_rate", "Rate", "percent"),
    Column("low", "Worth, low", "amount"),
    Column("central", "Worth, central", "amount"),
    Column("high", "Worth, high", "amount"),
)
_BRACKET_NOTES = (
    """High: each year's payments at its start, later ones level at the last year's amount until \
they are used up. Low: each year's at its end, later ones falling by the share a month at which \
they are never used up.""",
    """Central: monthly in advance, later payments falling so that level leases would have the \
published weighted-average term, as nearly as that goes; level where no term was published.""",
    """The difference is central less published. Rents that rise within a lease, and rates that \
are higher for longer leases, make a published liability lower than the central value.""",
)
_IMPLIED_NOTE = (
    "Effective annual, by the assumptions under which the maturities are worth least (low), "
    "central and most (high)."
)
_UNCOMMENCED_NOTES = (
    """As if level, monthly in advance, at the rate of the leases in the books. High: begin at \
once, for the published term; central: in 2.5 years, for 1.5 times it; low: in 5 years, for \
twice.""",
)


@attrs.frozen
class _Seen:
    """One table with what it lacks and, where it is complete, its bracket."""

    table: PublishedTable
    lacks: tuple[str, ...]
    bracket: Bracket | None

    @classmethod
    def of(cls, table: PublishedTable, year_end: tuple[int, int] | None) -> "_Seen":
        missing = lacks(table, year_end)
        owed = {"the published liability"}
        made = None if set(missing) - owed else bracket(table, year_end)
        return cls(table, missing, made)


def published_page(published: Published) -> tuple[Table, ...]:
    """
    What can be said of published tables: brackets, implied rates, sums, and what is lacking.

    Source: ASC 842-20-50-3(b), 842-20-50-4(g), 842-20-50-6; IFRS 16.58.
    """
    ends = fiscal_year_ends(published.tables)
    made: list[Table] = []
    for currency in dict.fromkeys(t.currency for t in published.tables):
        mine = [t for t in published.tables if t.currency == currency]
        whole = [_Seen.of(t, ends.get(t.company)) for t in mine if t.whole]
        made += [t for t in (*_checked(whole, currency), _open(mine, currency)) if t.rows]
    if not made:
        made.append(Table("No table of maturities", _LACKING, ()))
    last = attrs.evolve(made[-1], notes=(*made[-1].notes, *_leftover(published)))
    return (*made[:-1], last)


def _checked(whole: Sequence[_Seen], currency: str) -> Iterator[Table]:
    discounted = [Row(_discounted(s)) for s in whole if s.bracket and s.bracket.worth]
    implied = [Row(_implied(s)) for s in whole if s.bracket and s.bracket.implied]
    spread = [Row(_spread(s)) for s in whole if s.bracket]
    yield Table(
        "Published maturities at the published rate", _DISCOUNTED, tuple(discounted), (),
        _BRACKET_NOTES, currency,
    )  # fmt: skip
    yield Table(
        "The rate at which the published liability is met", _IMPLIED, tuple(implied),
        notes=(_IMPLIED_NOTE,),
        currency=currency,
    )  # fmt: skip
    yield Table(
        "How what falls due thereafter is spread", _SPREAD, tuple(spread), currency=currency
    )
    sums = [Row(_sums(s.table)) for s in whole if listed(s.table) is not None]
    yield Table("Whether the tables add up", _SUMS, tuple(sums), currency=currency)
    lacking = [
        Row({**_whose(s.table), "lacks": "; ".join(_lacking(s))}) for s in whole if _lacking(s)
    ]
    yield Table("What the tables lack", _LACKING, tuple(lacking))


def _lacking(seen: _Seen) -> tuple[str, ...]:
    found = list(seen.lacks)
    if seen.table.discount_rate is None:
        found.append("the discount rate")
    if seen.table.term_years is None:
        found.append("the remaining term")
    return tuple(found)


def _whose(table: PublishedTable) -> dict[str, Cell]:
    return {
        "record": table.name,
        "company": table.company,
        "fiscal_year": table.fiscal_year or None,
        "as_of": table.as_of,
        "kind": table.kind,
    }


def _amount(table: PublishedTable, amount: Decimal | None) -> Cell:
    return None if amount is None else Decimal(in_units(amount, table))


def _figure(value: int | Fraction | None) -> Cell:
    return Decimal(value) if isinstance(value, int) else value


def _years(value: Fraction | None) -> Cell:
    return None if value is None else Fraction(round_half_even(value * _GRID), _GRID)


def _three(worth: Range | None, prefix: str = "") -> dict[str, Cell]:
    known = worth or Range(None, None, None)
    return {
        f"{prefix}low": _figure(known.low),
        f"{prefix}central": _figure(known.central),
        f"{prefix}high": _figure(known.high),
    }


def _discounted(seen: _Seen) -> Mapping[str, Cell]:
    table, made = seen.table, seen.bracket
    worth = made.worth if made else None
    cells = {
        **_whose(table),
        "discount_rate": table.discount_rate,
        "term_years": table.term_years,
        **_three(worth),
        "published": _amount(table, table.present_value),
        "difference": None,
        "difference_share": None,
        "inside": None,
        "source": table.source,
    }
    if worth and table.present_value is not None:
        owed = in_units(table.present_value, table)
        low, central, high = (int(v or 0) for v in (worth.low, worth.central, worth.high))
        cells["difference"] = Decimal(central - owed)
        cells["difference_share"] = Fraction(central - owed, owed) if owed else None
        cells["inside"] = "yes" if low <= owed <= high else "no"
    return cells


def _implied(seen: _Seen) -> Mapping[str, Cell]:
    table = seen.table
    return {
        **_whose(table),
        "discount_rate": table.discount_rate,
        **_three(seen.bracket.implied if seen.bracket else None, "implied_"),
        "published": _amount(table, table.present_value),
        "liability_rounded": "yes" if table.rounded else "no",
    }


def _spread(seen: _Seen) -> Mapping[str, Cell]:
    table, made = seen.table, seen.bracket
    if made is None:
        raise LookupError(f"{table.name} is not complete")
    level, central = made.tail_years
    return {
        **_whose(table),
        "thereafter": _amount(table, table.thereafter),
        "level_tail_years": _years(level),
        "tail_years": _years(central),
        "fall": Fraction(made.share, SHARES),
        "term_years": table.term_years,
        "term_reached_years": _years(made.term_years),
    }


def _sums(table: PublishedTable) -> Mapping[str, Cell]:
    total, interest = table.total_undiscounted, table.imputed_interest
    less = None if total is None or interest is None else total - interest
    known = less is not None and table.present_value is not None
    good = adds_up(table) and (not known or less == table.present_value or table.rounded)
    return {
        **_whose(table),
        "sum_of_maturities": _amount(table, listed(table)),
        "total_undiscounted": _amount(table, total),
        "imputed_interest": _amount(table, interest),
        "total_less_interest": _amount(table, less),
        "published": _amount(table, table.present_value),
        "adds_up": "yes" if good else "no",
    }


def _open(tables: Iterable[PublishedTable], currency: str) -> Table:
    """Leases not yet commenced, each amount once."""
    rows: dict[tuple[object, ...], Row] = {}
    for table in tables:
        key = (table.company, table.as_of, table.not_yet_commenced)
        if table.not_yet_commenced is None or key in rows:
            continue
        rows[key] = Row(
            {
                **_whose(table),
                "not_yet_commenced": _amount(table, table.not_yet_commenced),
                "discount_rate": table.discount_rate,
                **_three(uncommenced(table)),
            }
        )
    return Table(
        "Leases not yet commenced", _UNCOMMENCED, tuple(rows.values()), (), _UNCOMMENCED_NOTES,
        currency,
    )  # fmt: skip


def _leftover(published: Published) -> Iterator[str]:
    for kind, count in published.others.items():
        yield f"Without maturities and left aside: {count} of type {kind}."
    if published.not_read:
        yield f"Keys that were not read: {', '.join(published.not_read)}."
