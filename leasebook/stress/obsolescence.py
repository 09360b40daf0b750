"""
Obsolescence: what an asset is worth against what it is carried at and lent on, year by year.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import attrs

from leasebook.book.keep import Kept
from leasebook.book.ledger import Ledger
from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.contract.note import Note
from leasebook.measure.asset import owner_of
from leasebook.measure.contracts import note_schedules
from leasebook.measure.setting import year_end
from leasebook.reckoning.calendar import fiscal_year, fiscal_year_bounds
from leasebook.stress.own_residual import guarantors_of
from leasebook.stress.position import Position
from leasebook.stress.relief import asset_value, residual_shortfall
from leasebook.stress.scenario import ScenarioFile

CARRIED = ("property-plant-and-equipment", "accumulated-depreciation")


@attrs.frozen
class YearEnd:
    """
    An asset at the end of a fiscal year, in minor units, as if it were sold on that day.

    The fall of its value below its carrying amount is borne by guarantors first, then by owners of
    the vehicle, then by junior and senior lenders; the four sum to it.

    Attributes:
        carrying: In its owner's books as expected; None if the owner keeps none.
        senior: Outstanding on senior notes that were borrowed for it.
        junior: Outstanding on its other notes.
        guarantors: What residual value guarantees would pay, by guarantor; '' is a third party
            of a lease.
        lessees: Who rents it.
    """

    asset: str
    day: date
    carrying: int | None
    value: int
    senior: int
    junior: int
    guarantors: Mapping[str, int]
    lessees: frozenset[str] = frozenset()

    @property
    def called(self) -> int:
        """What lessees and all other guarantors together would pay."""
        return sum(self.guarantors.values())

    @property
    def called_from_lessees(self) -> int:
        """What lessees of the asset would pay under their own guarantees."""
        return sum(a for party, a in self.guarantors.items() if party in self.lessees)

    @property
    def called_from_others(self) -> int:
        """What other guarantors would pay."""
        return self.called - self.called_from_lessees

    @property
    def senior_loss(self) -> int:
        """What senior lenders would not get back."""
        return max(0, self.senior - self.value - self.called)

    @property
    def junior_loss(self) -> int:
        """What junior lenders would not get back."""
        return max(0, self.senior + self.junior - self.value - self.called) - self.senior_loss

    @property
    def equity_loss(self) -> int | None:
        """What owners would not get back of the book value of their part; a gain is below zero."""
        if self.carrying is None:
            return None
        lenders = self.senior_loss + self.junior_loss
        return self.carrying - self.value - self.called - lenders


def year_ends(position: Position, scenario: ScenarioFile, last: date) -> Iterator[YearEnd]:
    """
    Every asset with a curve, at the end of each fiscal year of its owner from its first use on.

    Args:
        position: The deals as expected.
        scenario: Gives the curves.
        last: Day up to which assets are followed, and no further than their useful lives.
    """
    outstanding = {
        note.id: next(iter(note_schedules(note, position.setting_of(note.id))))
        for note in position.of_kind(Note)
    }
    for one in scenario.values:
        setting = position.setting_of(one.asset)
        asset, owner = setting.deal.assets[one.asset], owner_of(one.asset, setting)
        begins = (one.new_from or asset.in_service).get()
        end = min(last, date(begins.year + asset.useful_life.get().months // 12 + 1, 1, 1))
        for day in fiscal_ends(position, owner, begins, end):
            left = {name: s.balance("principal", day) for name, s in outstanding.items()}
            ranks = {"senior": 0, "junior": 0}
            for note in position.of_kind(Note):
                if note.purpose == one.asset:
                    rank = "senior" if note.seniority == "senior" else "junior"
                    ranks[rank] += left[note.id]
            yield YearEnd(
                one.asset,
                day,
                carrying_amount(position, one.asset, owner, day),
                asset_value(position, scenario, one.asset, day) or 0,
                ranks["senior"],
                ranks["junior"],
                _guarantors(position, scenario, one.asset, day, left),
                frozenset(x.lessee for x in position.of_kind(Lease) if x.asset == one.asset),
            )


def fiscal_ends(position: Position, party: str, first: date, last: date) -> Iterator[date]:
    """The ends of a party's fiscal years from one day to another."""
    deal = next(d for d in position.deals if party in d.entities)
    ends = year_end(deal.entities[party].fiscal_year_end)
    for year in range(fiscal_year(first, ends), fiscal_year(last, ends) + 1):
        day = fiscal_year_bounds(year, ends)[1]
        if first <= day <= last:
            yield day


def book_of(position: Position, party: str) -> Kept | None:
    """The books of the deal in which a party keeps one."""
    return next((kept for kept in position.kept if party in kept.books), None)


def carrying_amount(position: Position, asset: str, owner: str, day: date) -> int | None:
    """What an owner carries an asset at as plant at the close of a day; None without books."""
    kept = book_of(position, owner)
    return None if kept is None else carried_in(kept, asset, owner, day)


def carried_in(kept: Kept, asset: str, owner: str, day: date) -> int:
    """What an owner carries an asset at as plant at the close of a day in some books."""
    ledger = Ledger.of(p for p in kept.books[owner].postings if p.contract == asset)
    return sum(ledger.balance(account, day) for account in CARRIED)


def _guarantors(
    position: Position,
    scenario: ScenarioFile,
    asset: str,
    day: date,
    outstanding: Mapping[str, int],
) -> dict[str, int]:
    """What residual value guarantees of an asset would pay on a day, by guarantor."""
    value = asset_value(position, scenario, asset, day) or 0
    found = dict(guarantors_of(position, asset, value))
    for guarantee in position.of_kind(ResidualValueGuarantee):
        leases = [position.contracts[name] for name in guarantee.covers_leases]
        if any(isinstance(lease, Lease) and lease.asset == asset for lease in leases):
            # a lease that ends with the year ends before the next day begins
            ended = day + timedelta(days=1)
            amount = residual_shortfall(position, scenario, guarantee, ended, outstanding)
            if amount:
                found[guarantee.guarantor] = found.get(guarantee.guarantor, 0) + amount
    return found
