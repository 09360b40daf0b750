"""
The parts of the sector: levels of vehicles, claims one by one, what companies file, estimates.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from leasebook.exposures.add_up import Counted
from leasebook.exposures.claim import Claim, Kind, Level
from leasebook.exposures.companies import Filed
from leasebook.exposures.discounting import Discounting, reasons
from leasebook.exposures.sector import Compared, Day, Sector, compared
from leasebook.exposures.sector_records import MEASURES
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.values.money import Currency, minor_units

_LEVELS = (
    Column("sponsor", "Sponsor", printed=False),
    Column("date", "Date", "date", printed=False),
    Column("vehicle", "Vehicle"),
    Column("level", "Level", "integer", printed=False),
    Column("deals", "Deals", printed=False),
    Column("held_by", "Held by"),
    Column("debt_outside", "Debt to outsiders", "amount"),
    Column("debt_inside", "Debt inside, left out", "amount"),
    Column("share", "Sponsor's share", "percent"),
    Column("debt_at_share", "Debt at that share", "amount"),
    Column("where", "Where", printed=False),
)
_CLAIMS = (
    Column("date", "Date", "date", printed=False),
    Column("sponsor", "Sponsor", printed=False),
    Column("kind", "Kind", printed=False),
    Column("claim", "Claim"),
    Column("contract", "Contract", printed=False),
    Column("deals", "Deals", printed=False),
    Column("owed_to", "Owed to", printed=False),
    Column("undiscounted", "Undiscounted", "amount", printed=False),
    Column("discount_rate", "Rate", "percent"),
    Column("amount", "Amount, at most", "amount"),
    Column("expected", "Expected", "amount"),
    Column("added", "Added up", "amount"),
    Column("left_out", "Left out", "amount"),
    Column("why", "Because it is"),
)
_FILED = (
    Column("date", "Date", "date", printed=False),
    Column("sponsor", "Sponsor", printed=False),
    Column("company", "Company"),
    Column("as_of", "As of", "date"),
    Column("not_yet_commenced", "Not commenced", "amount"),
    Column("discount_rate", "Rate", "percent"),
    Column("rate_from", "Rate from"),
    Column("present_value", "Discounted", "amount"),
    Column("on_books", "On the books, undiscounted", "amount"),
    Column("on_books_as_of", "On the books as of", "date", printed=False),
    Column("source", "Source", printed=False),
)
_ESTIMATES = (
    Column("estimator", "Estimated by"),
    Column("as_of", "As of", "date"),
    Column("measure", "Of"),
    Column("published", "Published", "amount"),
    Column("bound", "Published as"),
    Column("computed", "Sum of records", "amount"),
    Column("lacks", "It lacks"),
    Column("difference", "Difference", "amount", printed=False),
    Column("difference_share", "Differs by", "percent"),
    Column("records_from", "Records from", "date", printed=False),
    Column("records_to", "Records to", "date", printed=False),
    Column("source", "Source", printed=False),
)
_KINDS: dict[Kind, str] = {
    "vehicle-debt": "debt of {0}",
    "lease": "lease of {0} from {1}",
    "guarantee": "guarantee by {0} for {1}",
    "filed-leases": "leases of {0}, as filed",
}


def money(amount: int | None, currency: Currency) -> tuple[int, int] | None:
    """Minor units as a cell; None is not public."""
    return None if amount is None else (amount, currency.decimals)


def period(day: date) -> str:
    """
    A day as a table calls it: the end of a calendar year by the year alone.

    Example:
        >>> period(date(2025, 12, 31)), period(date(2026, 6, 30))
        ('2025', '2026-06-30')
    """
    return str(day.year) if (day.month, day.day) == (12, 31) else day.isoformat()


def levels_table(days: Sequence[Day], names: dict[str, str], currency: Currency) -> Table:
    """Which vehicle is inside which, what it owes, and what of it is the sponsor's by share."""
    rows: list[Row] = []
    for day in days:
        if day.levels:
            rows.append(Row({"vehicle": period(day.day)}, style="heading"))
        rows += [_level(level, day, names, currency) for level in day.levels]
    notes = (
        """A vehicle stands below those that hold it. The sponsor's share goes through every \
level; debt at that share is what a proportionate view would show.""",
    )
    return Table("Levels: what is inside which", _LEVELS, tuple(rows), (), notes, currency.code)


def _level(level: Level, day: Day, names: dict[str, str], currency: Currency) -> Row:
    at_share = None if level.outside is None else round(level.share * level.outside)
    where = "consolidated by the sponsor" if level.consolidated else "outside"
    said = ", consolidated" if level.consolidated else ""
    return Row(
        {
            "sponsor": names[level.sponsor],
            "date": day.day,
            "vehicle": f"{level.vehicle.name}{said}",
            "level": level.depth,
            "deals": ", ".join(level.deals),
            "held_by": level.holders,
            "debt_outside": money(level.outside, currency),
            "debt_inside": money(level.inside, currency),
            "share": level.share,
            "debt_at_share": money(at_share, currency),
            "where": where,
        },
        indent=level.depth,
    )


def claims_table(days: Sequence[Day], names: dict[str, str], currency: Currency) -> Table:
    """Each claim, how much of it is added up, and what is left out as counted twice."""
    rows: list[Row] = []
    for day in days:
        claims = [one for one in day.claims("maximum") if one.claim.kind != "filed-leases"]
        if claims:
            rows.append(Row({"claim": period(day.day)}, style="heading"))
            rows += [_claim(one, day, names, currency) for one in claims]
            rows.append(_claims_total(claims, day, currency))
    notes = ("All sponsors together, guarantees at most.",)
    title = "Claim by claim: what is added up and what is left out"
    return Table(title, _CLAIMS, tuple(rows), (), notes, currency.code)


def _claim(one: Counted, day: Day, names: dict[str, str], currency: Currency) -> Row:
    claim = one.claim
    cells: dict[str, Cell] = {
        "date": day.day,
        "sponsor": names[claim.sponsor],
        "kind": claim.kind,
        "claim": _said(claim),
        "contract": claim.contract,
        "deals": ", ".join(claim.deals),
        "owed_to": claim.parties[1].name,
        "amount": money(claim.amount, currency),
        "expected": money(claim.expected, currency),
        "added": money(one.amount, currency),
        "left_out": money(one.left_out, currency),
        "why": one.why,
    }
    if claim.kind == "lease":
        cells["undiscounted"] = money(claim.undiscounted, currency)
        cells["discount_rate"] = _percent(claim.discount_rate)
    return Row(cells)


def _claims_total(claims: Sequence[Counted], day: Day, currency: Currency) -> Row:
    added = [one.amount for one in claims if one.amount is not None]
    return Row(
        {
            "date": day.day,
            "sponsor": "all",
            "kind": "all",
            "claim": "All together",
            "added": money(sum(added) if added else None, currency),
            "left_out": money(sum(one.left_out for one in claims), currency),
        },
        style="total",
    )


def _said(claim: Claim) -> str:
    owes, to = (party.name for party in claim.parties)
    return f"{claim.title}: {_KINDS[claim.kind].format(owes, to)}"


def _percent(rate: Fraction | None) -> Fraction | None:
    return None if rate is None else Fraction(round(rate * 10**6), 10**6)


def filed_table(days: Sequence[Day], currency: Currency, by: Discounting) -> Table:
    """What companies filed of leases not commenced, discounted, and of leases on the books."""
    rows: list[Row] = []
    for day in days:
        filed = [each for each in day.filed if each.as_of is not None]
        if filed:
            rows.append(Row({"company": period(day.day)}, style="heading"))
            rows += [_filed(each, day, currency) for each in filed]
            rows.append(_filed_total(filed, day, currency))
    return Table(
        "Leases not commenced, as companies file them", _FILED, tuple(rows), (),
        tuple(_assumptions(by)), currency.code,
    )  # fmt: skip


def _filed(each: Filed, day: Day, currency: Currency) -> Row:
    cells: dict[str, Cell] = {
        "date": day.day,
        "sponsor": each.sponsor,
        "company": each.company,
        "as_of": each.as_of,
        "not_yet_commenced": money(each.uncommenced, currency),
        "discount_rate": each.rate,
        "rate_from": each.rate_from,
        "present_value": money(each.worth, currency),
        "on_books": money(each.on_books, currency),
        "source": each.source,
    }
    if each.on_books_as_of is not None:
        cells["on_books_as_of"] = each.on_books_as_of
    return Row(cells)


def _filed_total(filed: Iterable[Filed], day: Day, currency: Currency) -> Row:
    listed = list(filed)
    books = [each.on_books for each in listed]
    cells: dict[str, Cell] = {
        "date": day.day,
        "sponsor": "all",
        "company": "All together",
        "not_yet_commenced": money(sum(each.uncommenced or 0 for each in listed), currency),
        "present_value": money(sum(each.worth or 0 for each in listed), currency),
        "on_books": None if None in books else money(sum(b or 0 for b in books), currency),
    }
    return Row(cells, style="total")


def percent(rate: Decimal) -> str:
    """
    A rate in per cent without zeros that say nothing.

    Example:
        >>> percent(Decimal("0.055")), percent(Decimal("0.10"))
        ('5.5', '10')
    """
    text = f"{rate * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _assumptions(by: Discounting) -> Iterator[str]:
    """By what is discounted, and whose assumption each part of it is."""
    said = {
        "rate_annual": f"rate {percent(by.rate_annual)} % a year where none is published",
        "begins_months": f"rents begin {by.begins_months} months after the record",
        "term_months": f"rents last {by.term_months} months",
    }
    for name, text in said.items():
        why = "chosen for this run" if name in by.chosen else f"assumption: {reasons()[name]}"
        yield f"Discounting: {text} ({why})."
    yield (
        "A record stands until the next of its company, a year at most; a total on the books of "
        "which a company's part is not public is not public."
    )


def estimates_table(sector: Sector, currency: Currency) -> Table:
    """What others published of several companies, beside the sum of the records."""
    rows = [_estimate(one, currency) for one in compared(sector)]
    notes = ("The sum of the records is at least so much where a company's part is not public.",)
    title = "Public estimates beside the sums of the records"
    return Table(title, _ESTIMATES, tuple(rows), (), notes, currency.code)


def _estimate(one: Compared, currency: Currency) -> Row:
    estimate = one.estimate
    published = minor_units(estimate.amount, currency)
    cells: dict[str, Cell] = {
        "estimator": estimate.estimator,
        "as_of": estimate.as_of,
        "measure": MEASURES[estimate.measure],
        "published": money(published, currency),
        "bound": "at least" if estimate.at_least else "about",
        "computed": money(one.computed, currency),
        "lacks": ", ".join(one.lacks),
        "source": estimate.source,
    }
    if one.computed is not None:
        difference = one.computed - published
        cells["difference"] = money(difference, currency)
        if published:
            cells["difference_share"] = Fraction(round(Decimal(10**4) * difference / published),
                                                 10**4)  # fmt: skip
    if one.days is not None:
        cells["records_from"], cells["records_to"] = one.days
    return Row(cells)
