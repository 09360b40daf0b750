"""
What companies file of themselves: leases not commenced, leases on the books, debt.

A record stands from its day until a later one of the same company, and for a year at most.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.contract.deal import Deal
from leasebook.disclosures.bracket import in_units
from leasebook.disclosures.published import PublishedTable
from leasebook.exposures.claim import Claim, FiledDebt, Node
from leasebook.exposures.discounting import Discounting
from leasebook.exposures.sector_records import Headline
from leasebook.values.money import Currency, minor_units

#: How long a filed figure stands for.
STANDS = timedelta(days=366)
#: How long an average rate of leases on the books is taken for new ones.
RATE_STANDS = timedelta(days=731)


@attrs.frozen
class Filed:
    """
    What one company has filed by a day.

    Attributes:
        sponsor: Id of the company's row.
        company: As the records name it.
        as_of: Of the commitment.
        uncommenced: Undiscounted, minor units; None if not public.
        rate: At which it is discounted.
        rate_from: Where the rate is from.
        worth: Discounted, minor units.
        on_books: Undiscounted payments of leases on the books; None if not public.
        on_books_as_of: Of these.
        debt: What it filed as debt.
        source: Of the commitment.
        commits: Whether any of its records is of leases not commenced.
    """

    sponsor: str
    company: str
    as_of: date | None
    uncommenced: int | None
    rate: Decimal
    rate_from: str
    worth: int | None
    on_books: int | None
    on_books_as_of: date | None
    debt: FiledDebt
    source: str
    commits: bool

    def claim(self) -> Claim:
        """The commitment as a claim without a landlord."""
        node = Node(self.sponsor, self.company)
        return Claim(
            "filed-leases", self.sponsor, f"leases of {self.company}",
            f"All leases of {self.company} not commenced, as filed", (node, Node("", "")), None,
            self.worth, self.worth, (), self.uncommenced, Fraction(self.rate),
        )  # fmt: skip


def slug(company: str) -> str:
    """
    A company's name as an id.

    Example:
        >>> slug("SpaceX (incl. xAI)")
        'spacex-incl-xai'
    """
    words = "".join(c if c.isalnum() else " " for c in company.lower()).split()
    return "-".join(words)


def sponsor_of(company: str, deals: Iterable[Deal], same: Mapping[str, str]) -> str:
    """
    The id of the row that a company's records belong to.

    It is the entity that the user says, or one whose id or name is the company's.

    Args:
        company: As the records name it.
        deals: Whose entities it may be.
        same: Entity by company, as the user says.
    """
    if company in same:
        return same[company]
    for deal in deals:
        for entity in deal.entities.values():
            if company == entity.name:
                return entity.id
    return slug(company)


def filed_by(
    company: str,
    sponsor: str,
    records: tuple[Sequence[PublishedTable], Sequence[Headline]],
    day: date,
    by: Discounting,
) -> Filed:
    """
    What a company has filed by a day.

    Args:
        company: As the records name it.
        sponsor: Id of its row.
        records: Tables, and headline figures, of every company.
        day: At whose close.
        by: How commitments are discounted.
    """
    tables = [t for t in records[0] if t.company == company and t.as_of <= day]
    known = [t for t in tables if t.not_yet_commenced is not None and day - t.as_of <= STANDS]
    # one of two records of a day that say the same, in an order that no file decides
    last = max(known, key=lambda t: (t.as_of, t.name), default=None)
    rate, rate_from = _rate(tables, day, by)
    amount = None if last is None else _minor(last.not_yet_commenced, last)
    books = _on_books(tables, day)
    return Filed(
        sponsor,
        company,
        None if last is None else last.as_of,
        amount,
        rate,
        rate_from,
        None if amount is None else by.worth(amount, rate),
        books[0],
        books[1],
        debt_by(company, records[1], day),
        "" if last is None else last.source,
        any(t.company == company and t.not_yet_commenced is not None for t in records[0]),
    )


def _minor(amount: Decimal | None, table: PublishedTable) -> int | None:
    if amount is None:
        return None
    return in_units(amount, table) * int(10 ** Currency.of(table.currency).decimals)


def _rate(tables: Sequence[PublishedTable], day: date, by: Discounting) -> tuple[Decimal, str]:
    """The latest published average, of the kind of leases with the larger liability."""
    if "rate_annual" in by.chosen:
        return by.rate_annual, "chosen"
    rated = [t for t in tables if t.discount_rate is not None and day - t.as_of <= RATE_STANDS]
    if not rated:
        return by.rate_annual, "assumed"
    last = max(t.as_of for t in rated)
    best = max(
        (t for t in rated if t.as_of == last),
        key=lambda t: (t.present_value or Decimal(0), t.kind),
    )
    rate = best.discount_rate if best.discount_rate is not None else by.rate_annual
    return rate, f"average of {best.kind} leases on the books, {last.isoformat()}"


def _on_books(tables: Sequence[PublishedTable], day: date) -> tuple[int | None, date | None]:
    """Undiscounted payments of the leases on the books, every kind that was filed together."""
    whole = [t for t in tables if t.whole and day - t.as_of <= STANDS]
    days = sorted({t.as_of for t in whole if t.total_undiscounted is not None}, reverse=True)
    for when in days:
        parts = [_minor(t.total_undiscounted, t) for t in whole if t.as_of == when]
        if None not in parts:
            return sum(p for p in parts if p is not None), when
    return None, None


def debt_by(company: str, headlines: Iterable[Headline], day: date) -> FiledDebt:
    """The debt that a company last filed, within a year."""
    known = [
        h
        for h in headlines
        if h.company == company and h.debt is not None and timedelta() <= day - h.as_of <= STANDS
    ]
    last = max(known, key=lambda h: h.as_of, default=None)
    if last is None or last.debt is None:
        return FiledDebt(None)
    currency = Currency.of(last.currency)
    return FiledDebt(minor_units(last.debt, currency), last.as_of.isoformat(), last.source)


def debt_in(deal: Deal, entity: str, day: date) -> FiledDebt:
    """The borrowings that an entity of a deal filed by a day."""
    filed = deal.filed.get(entity)
    if filed is None or filed.as_of > day:
        return FiledDebt(None)
    for line in filed.lines:
        if line.statement == "balance-sheet" and line.line == "borrowings" and line.amount.known:
            amount = minor_units(line.amount.get(), deal.currency)
            return FiledDebt(amount, filed.as_of.isoformat(), deal.sources[line.amount.source or ""]
                             if line.amount.source in deal.sources else "")  # fmt: skip
    return FiledDebt(None, filed.as_of.isoformat())
