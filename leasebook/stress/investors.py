"""
What a scenario does to those who hold a company by the equity method: their share of its results.

A holder's share follows from its investee's whole book, so that it is measured once more with the
entries of the scenario in it; what differs from the basis is booked.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from leasebook.book.keep import Kept, acquired_with
from leasebook.book.ledger import Ledger, income_by_month
from leasebook.book.post import post
from leasebook.book.posting import Posting, in_order
from leasebook.contract.model import EquityInterest
from leasebook.measure.equity_investment import without_influence
from leasebook.measure.equity_method import equity_method
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.stress.position import Position

_INVESTMENT = "equity-method-investments"


@attrs.frozen
class Share:
    """
    A holder's share of an investee's results, as expected and in the scenario.

    `invested` holds all entries of the holder that move its investment in the investee.
    """

    interest: EquityInterest
    expected: Schedule
    stressed: Schedule
    invested: tuple[Posting, ...]

    def carrying(self, day: date) -> int:
        """What the holder carries its interest at in the scenario, minor units."""
        return Ledger.of(self.invested).balance(_INVESTMENT, day)

    def years(self) -> Iterator[tuple[int, int, int]]:
        """Calendar years in which the share differs; as expected and in the scenario."""
        found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for at, schedule in enumerate((self.expected, self.stressed)):
            column = schedule.columns.index("share")
            for row in schedule.rows:
                found[row.date.year][at] += row.amounts[column]
        for year, (expected, stressed) in sorted(found.items()):
            if expected != stressed:
                yield year, expected, stressed


def with_shares(
    position: Position, entries: Mapping[str, tuple[Posting, ...]]
) -> tuple[dict[str, tuple[Posting, ...]], tuple[Share, ...]]:
    """
    The entries of a scenario with what they do to the holders of each company, from below upwards.

    Losses are recognised until nothing is left of the investment; the rest waits for later income.

    Source: ASC 323-10-35-4, 323-10-35-19, 323-10-35-20, 323-10-35-22; IAS 28.10, 28.38, 28.39.

    Args:
        position: The deals as expected.
        entries: Beside those of the basis, by entity that keeps a book.

    Returns:
        All entries, and the shares whose investee's result or whose distributions change.
    """
    found = dict(entries)
    shares = []
    for interest in _upwards(position):
        setting = position.setting_of(interest.id)
        kept = position.kept[position.settings.index(setting)]
        issuer, holder = interest.issuer, interest.holder
        changed = any(found.get(party) for party in (issuer, holder))
        if {issuer, holder} <= kept.books.keys() and changed:
            share = _share(interest, setting, kept, found)
            if share is None:
                continue
            added = tuple(post([_difference(share)], framework=setting.framework))
            found[holder] = in_order((*found.get(holder, ()), *added))
            shares.append(attrs.evolve(share, invested=(*share.invested, *added)))
    return found, tuple(share for share in shares if share.expected.rows != share.stressed.rows)


def _upwards(position: Position) -> Iterator[EquityInterest]:
    """Every interest by the equity method, after those that its investee holds itself."""
    left: list[EquityInterest] = [
        one
        for one in position.of_kind(EquityInterest)
        if not without_influence(one, position.setting_of(one.id))
    ]
    while left:
        free = [i for i in left if not any(other.holder == i.issuer for other in left)]
        # interests in a circle cannot be kept in books at all
        yield from free
        left = [i for i in left if i not in free]


def _share(
    interest: EquityInterest,
    setting: Setting,
    kept: Kept,
    entries: Mapping[str, tuple[Posting, ...]],
) -> Share | None:
    """The share of one holder; None where the basis has none."""
    names = ("equity-method", interest.id)
    expected = next((s for s in kept.schedules if (s.name, s.contract) == names), None)
    if expected is None:
        return None
    bought = acquired_with(interest, setting)
    since = max((one.date.get() for one in bought.values()), default=date.min)
    below = (*kept.books[interest.issuer].postings, *entries.get(interest.issuer, ()))
    own = (*kept.books[interest.holder].postings, *entries.get(interest.holder, ()))
    invested = tuple(
        p
        for p in own
        if (p.counterparty == interest.issuer or p.contract in bought)
        and _INVESTMENT in (p.debit, p.credit)
    )
    capital: dict[date, int] = defaultdict(int)
    for p in invested:
        if p.cause.schedule != "equity-method":
            capital[p.date] += p.amount_minor if p.debit == _INVESTMENT else -p.amount_minor
    income = income_by_month(p for p in below if p.date > since)
    stressed = equity_method(interest, income, capital, setting)
    return Share(interest, expected, stressed, invested)


def _difference(share: Share) -> Schedule:
    """By how much each month's share differs from that of the basis."""
    change: dict[date, int] = defaultdict(int)
    for schedule, sign in ((share.stressed, 1), (share.expected, -1)):
        column = schedule.columns.index("share")
        for row in schedule.rows:
            change[row.date] += sign * row.amounts[column]
    interest = share.interest
    moved = [Movement(day, 1, 1, {"change": amount}) for day, amount in sorted(change.items())]
    sides = (interest.id, interest.holder, interest.issuer)
    return assemble("stress-equity-method", sides, {}, ("change",), moved)
