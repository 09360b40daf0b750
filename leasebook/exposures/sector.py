"""
The sector on a day: claims of every deal and company together, by sponsor and in all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from leasebook.contract.lease import Lease
from leasebook.disclosures.published import PublishedTable
from leasebook.exposures.add_up import Counted, Sums, counted, merged, once, sums_of, towers
from leasebook.exposures.claim import Claim, FiledDebt, Level, Node, View
from leasebook.exposures.companies import Filed, debt_in, filed_by, sponsor_of
from leasebook.exposures.discounting import Discounting, assumed_discounting
from leasebook.exposures.gather import InDeal, booked_of, claims_of, levels_of
from leasebook.exposures.sector_records import Estimate, Headline
from leasebook.measure.setting import first_day
from leasebook.values.problem import Problem, Refused


@attrs.frozen
class Sector:
    """
    What is added up.

    Attributes:
        deals: Each once.
        tables: Companies' records of leases.
        headlines: Companies' headline figures.
        estimates: What others published of several companies.
        same: Entity by company, as the user says.
        by: How filed commitments are discounted.
    """

    deals: tuple[InDeal, ...] = ()
    tables: tuple[PublishedTable, ...] = ()
    headlines: tuple[Headline, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    same: Mapping[str, str] = attrs.field(factory=dict)
    by: Discounting = attrs.field(factory=assumed_discounting)

    @property
    def companies(self) -> dict[str, str]:
        """The id of each company's row, by its name in the records."""
        names = sorted({t.company for t in self.tables} | {h.company for h in self.headlines})
        deals = [one.deal for one in self.deals]
        return {name: sponsor_of(name, deals, self.same) for name in names}

    @property
    def names(self) -> dict[str, str]:
        """Names for people by the ids of sponsors; the shortest that a deal gives."""
        found = {sponsor: company for company, sponsor in self.companies.items()}
        for one in self.deals:
            for entity in one.deal.entities.values():
                there = found.get(entity.id)
                if there is None or (len(entity.name), entity.name) < (len(there), there):
                    found[entity.id] = entity.name
        return found


@attrs.frozen
class SponsorDay:
    """
    One sponsor on one day; all together if the id is empty.

    `booked` is what it owes the companies behind the claims on its balance sheet already: lease
    liabilities and financing obligations, minor units.
    """

    sponsor: str
    day: date
    claims: tuple[Claim, ...]
    sums: Sums
    filed: FiledDebt
    booked: int = 0
    lacks_debt_of: tuple[str, ...] = ()


@attrs.frozen
class Day:
    """
    The sector on one day.

    Attributes:
        day: At whose close.
        sponsors: Those with a claim of which something is public, by id.
        whole: All together, what two sponsors lean on once.
        levels: Of every tower.
        tower: Of each company behind a claim.
        filed: What each company has filed.
    """

    day: date
    sponsors: tuple[SponsorDay, ...]
    whole: SponsorDay
    levels: tuple[Level, ...]
    tower: Mapping[Node, Node]
    filed: tuple[Filed, ...]

    def claims(self, view: View) -> list[Counted]:
        """Every claim with how much of it is added up when all are taken together."""
        return counted(self.whole.claims, self.tower, view)


def on_day(sector: Sector, day: date) -> Day:
    """
    The sector on one day.

    Adding an unrelated deal adds its figures; the order of deals changes nothing.

    Raises:
        Refused: If two deals tell different figures of one claim or of one filed debt.
    """
    filed = tuple(
        filed_by(company, sponsor, (sector.tables, sector.headlines), day, sector.by)
        for company, sponsor in sorted(sector.companies.items())
    )
    told = [claim for one in sector.deals for claim in claims_of(one, day)]
    told += [f.claim() for f in filed if f.commits]
    claims = merged(told)
    ties = {tie for one in sector.deals for tie in one.ties(day)}
    tower = towers((c.node for c in claims if c.node is not None), ties)
    debts = _filed_debts(sector, filed, day)
    here = sorted({c.sponsor for c in claims})
    booked = _booked(sector, day)
    rows = []
    for sponsor in here:
        mine = tuple(c for c in claims if c.sponsor == sponsor)
        if all(c.amount is None and c.expected is None for c in mine):
            continue
        debt = debts.get(sponsor, FiledDebt(None))
        rows.append(
            SponsorDay(sponsor, day, mine, sums_of(mine, tower), debt, booked.get(sponsor, 0))
        )
    together = once(claims)
    known = [row.filed.amount for row in rows if row.filed.amount is not None]
    lacks = tuple(row.sponsor for row in rows if row.filed.amount is None)
    total = FiledDebt(sum(known) if known else None)
    whole = SponsorDay(
        "", day, together, sums_of(together, tower), total, sum(row.booked for row in rows), lacks
    )
    return Day(day, tuple(rows), whole, _levels(sector, day), tower, filed)


def _booked(sector: Sector, day: date) -> dict[str, int]:
    """What each sponsor's deals have put on its balance sheet, each liability once."""
    found: dict[tuple[object, ...], Claim] = {}
    for one in sector.deals:
        if one.runs(day):
            for claims in booked_of(one, day).values():
                found |= {(claim.sponsor, claim.key): claim for claim in claims}
    sums: dict[str, int] = {}
    for claim in found.values():
        sums[claim.sponsor] = sums.get(claim.sponsor, 0) + (claim.amount or 0)
    return sums


def _levels(sector: Sector, day: date) -> tuple[Level, ...]:
    """The levels of every deal; a vehicle in two deals of one sponsor stands once."""
    found: dict[tuple[str, Node], Level] = {}
    for one in sector.deals:
        for level in levels_of(one, day):
            key = (level.sponsor, level.vehicle)
            there = found.get(key, level)
            deals = tuple(sorted({*there.deals, *level.deals}))
            found[key] = attrs.evolve(max(there, level, key=_most), deals=deals)
    return tuple(sorted(found.values(), key=lambda x: (x.sponsor, x.deals, x.depth, x.vehicle)))


def _most(level: Level) -> tuple[int, int, str]:
    return level.outside or 0, level.inside, level.holders


def _filed_debts(sector: Sector, filed: Sequence[Filed], day: date) -> dict[str, FiledDebt]:
    """What each sponsor last filed as debt: by a deal, or else by a record."""
    found: dict[str, FiledDebt] = {}
    for each in filed:
        if each.debt.amount is not None:
            found[each.sponsor] = each.debt
    told: dict[str, FiledDebt] = {}
    for one in sector.deals:
        for entity in one.deal.filed:
            debt = debt_in(one.deal, entity, day)
            there = told.get(entity, debt)
            if there.as_of == debt.as_of and there.amount != debt.amount:
                raise Refused([_two_debts(entity, debt.as_of)])
            told[entity] = max(there, debt, key=lambda d: d.as_of)
    for entity, debt in told.items():
        if debt.amount is not None and debt.as_of >= found.get(entity, debt).as_of:
            found[entity] = debt
    return found


def _two_debts(entity: str, as_of: str) -> Problem:
    return Problem(
        "LB0465",
        f"two deals tell different amounts of the debt that {entity} filed for {as_of}",
        "leave one of the deals out, or correct its filed statements",
    )


def days_of_interest(sector: Sector) -> tuple[date, ...]:
    """
    The ends of the calendar years from the first deal or record to the last that is foreseen.

    A deal is followed until its last lease commences, and at least to the day it is known to.
    """
    years = [t.as_of.year for t in sector.tables if t.not_yet_commenced is not None]
    for one in sector.deals:
        years += [first_day(one.deal).year, min(one.deal.known_to, one.until).year]
        years += [lease.commencement_date.get().year for lease in one.deal.of_kind(Lease)]
    return tuple(date(y, 12, 31) for y in range(min(years), max(years) + 1)) if years else ()


def last_known(sector: Sector, days: Sequence[date]) -> tuple[date, ...]:
    """
    Of some days the last by which each deal, and the records, are known.

    A deal that begins after it is known is shown on the first of the days on which it runs.
    """
    found: set[date] = set()
    for one in sector.deals:
        running = [day for day in days if one.runs(day)]
        before = [day for day in running if day <= min(one.deal.known_to, one.until)]
        found |= {max(before) if before else day for day in running[:1]}
    newest = [t.as_of for t in sector.tables if t.not_yet_commenced is not None]
    before = [day for day in days if newest and day <= max(newest)]
    return tuple(sorted(found | ({max(before)} if before else set())))


@attrs.frozen
class Compared:
    """
    A public estimate beside the sum of the records.

    Attributes:
        estimate: What was published.
        computed: The sum of the companies' records in currency units; None if no part is public.
        lacks: Companies of which a part is not public.
        days: The records' days, from the earliest to the latest.
    """

    estimate: Estimate
    computed: int | None
    lacks: tuple[str, ...]
    days: tuple[date, date] | None


def compared(sector: Sector) -> Iterator[Compared]:
    """Each public estimate beside what the records of its companies sum to on its day."""
    sponsors = sector.companies
    for estimate in sector.estimates:
        total, lacks, days = 0, [], []
        for company in estimate.companies:
            found = filed_by(
                company, sponsors.get(company, ""), (sector.tables, sector.headlines),
                estimate.as_of, sector.by,
            )  # fmt: skip
            parts = [(found.uncommenced, found.as_of)]
            if estimate.measure == "all_lease_payments":
                parts.append((found.on_books, found.on_books_as_of))
            total += sum(amount for amount, _ in parts if amount is not None)
            days += [when for _, when in parts if when is not None]
            if any(amount is None for amount, _ in parts):
                lacks.append(company)
        span = (min(days), max(days)) if days else None
        yield Compared(estimate, total if days else None, tuple(lacks), span)


def distinct(deals: Iterable[InDeal]) -> tuple[InDeal, ...]:
    """Deals without those that are given twice."""
    found: dict[str, list[InDeal]] = {}
    for one in deals:
        there = found.setdefault(one.deal.id, [])
        if all(one.deal != other.deal for other in there):
            there.append(one)
    return tuple(one for key in found for one in found[key])
