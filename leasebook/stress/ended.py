"""
What ends in a scenario, in the books: leases that end early, assets that are written down or sold.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.ledger import Ledger
from leasebook.book.posting import Cause, Posting
from leasebook.contract.lease import Lease
from leasebook.measure.asset import owner_of
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.rounding import round_half_even
from leasebook.stress.impairment import Part, Tested
from leasebook.stress.obsolescence import CARRIED, book_of
from leasebook.stress.position import Position
from leasebook.stress.relief import sales
from leasebook.stress.scenario import ScenarioFile

_ENDED, _LOST = "stress-ended", "stress-right-lost"
#: How the accounts of right-of-use assets end.
_RIGHT = "right-of-use-assets"


def reversed_entries(
    position: Position, scenario: ScenarioFile, lease_ended: Mapping[str, date]
) -> Iterator[Posting]:
    """
    The entries of a basis that a scenario undoes: of ended leases, and of assets that are sold.

    From the day on which a lease ends or an asset is sold, what the basis books of it is reversed.
    What is left of a lease on the balance sheet on that day is a gain or a loss.

    Source: ASC 842-20-40-1, 360-10-40-5; IFRS 16.46(a), IAS 16.67.
    """
    ends = {**lease_ended, **{s.asset: s.date.get() for s in scenario.sales}}
    lost = rights_lost(position, scenario, lease_ended)
    yield from lost
    for kept in position.kept:
        for book in kept.books.values():
            for posting in book.postings:
                end = ends.get(posting.contract)
                if end is not None and posting.date >= end:
                    text = f"ended: {posting.text}"
                    yield posting.reversed(template=_ENDED, cites=posting.cites, text=text)
            for lease, end in lease_ended.items():
                own = [p for p in book.postings if p.contract == lease]
                gone = [p for p in lost if (p.entity, p.contract) == (book.entity, lease)]
                yield from _left_over([*own, *gone], end)


def rights_lost(
    position: Position, scenario: ScenarioFile, lease_ended: Mapping[str, date]
) -> tuple[Posting, ...]:
    """
    A tenant in default loses its right of use on the day on which the asset goes to another.

    Nothing is left to use, so that the asset is written off; what it owes stays a liability, on
    which interest runs, and what would have been written off later is not.

    Source: ASC 842-20-35-9, 842-20-35-10; IFRS 16.33, IAS 36.59.
    """
    found: list[Posting] = []
    stops = {s.contract: s.date.get() for s in scenario.stops if s.kind == "defaults"}
    for letting in scenario.relettings:
        lease = position.contracts.get(letting.lease)
        if letting.lease not in stops or not isinstance(lease, Lease):
            continue
        day = add_months(stops[letting.lease], letting.after.get().months)
        end = lease_ended.get(letting.lease, date.max)
        kept = book_of(position, lease.lessee)
        if kept is not None and day < end:
            own = [p for p in kept.books[lease.lessee].postings if p.contract == letting.lease]
            found += _without_right(own, day, end)
    return tuple(found)


def _without_right(postings: list[Posting], day: date, end: date) -> Iterator[Posting]:
    """The right-of-use asset written off on a day, and what the basis does to it after that."""
    ledger, chart = Ledger.of(postings), load_chart()
    cites, text = "ASC 842-20-35-9; IFRS 16.33", "the asset goes to another tenant"
    for number, account in enumerate(sorted(ledger.movements)):
        amount = ledger.balance(account, day - timedelta(days=1))
        if account.endswith(_RIGHT) and amount > 0:
            yield attrs.evolve(
                postings[0], date=day, debit="impairment-loss", credit=account,
                amount_minor=amount, cites=cites, text=text, flow="", exchanged=False,
                cause=Cause(_LOST, account, 1, number, _LOST, number),
            )  # fmt: skip
    for p in postings:
        if not day <= p.date < end or not any(a.endswith(_RIGHT) for a in (p.debit, p.credit)):
            continue
        back = p.reversed(template=_LOST, cites=p.cites, text=f"{text}: {p.text}")
        sides = [a if a.endswith(_RIGHT) else "impairment-loss" for a in (back.debit, back.credit)]
        other = p.debit if p.credit.endswith(_RIGHT) else p.credit
        yield (
            back
            if chart[other].is_result
            else attrs.evolve(back, debit=sides[0], credit=sides[1], flow="")
        )


def _left_over(postings: list[Posting], end: date) -> Iterator[Posting]:
    """What is left of a lease on the balance sheet on the day on which it ends."""
    chart = load_chart()
    ledger = Ledger.of(postings)
    for number, account in enumerate(sorted(ledger.movements)):
        kind = chart[account]
        amount = ledger.balance(account, end - timedelta(days=1))
        if not amount or kind.cash or kind.is_result or kind.type == "equity":
            continue
        sides = ("gain-or-loss", account) if amount > 0 else (account, "gain-or-loss")
        yield attrs.evolve(
            postings[0],
            date=end,
            debit=sides[0],
            credit=sides[1],
            amount_minor=abs(amount),
            cites="ASC 842-20-40-1; IFRS 16.46(a)",
            text="the lease ends: what is left of it",
            cause=Cause(_ENDED, account, 1, number, _ENDED, number),
            flow="",
            exchanged=False,
        )


def written_down(position: Position, tests: Iterable[Tested]) -> Iterator[Schedule]:
    """
    Impairments by the day of the test, and by how much depreciation is less after them.

    Source: ASC 360-10-35-20; IAS 36.60, 36.63, 36.119, 36.121.
    """
    by_asset: dict[tuple[str, str], list[tuple[date, Part]]] = defaultdict(list)
    for test in tests:
        for part in test.parts:
            by_asset[part.asset, test.owner].append((test.day, part))
    for (asset, owner), several in by_asset.items():
        kept = book_of(position, owner)
        moved = []
        for day, part in several:
            flow = "written_down" if part.written_down > 0 else "reversed"
            moved.append(Movement(day, 1, 1, {flow: abs(part.written_down)}))
        postings = kept.books[owner].postings if kept is not None else ()
        used = [
            (p.date, p.amount_minor)
            for p in postings
            if p.contract == asset and p.debit == "depreciation"
        ]
        for (tested, part), after in zip(several, [*several[1:], None], strict=True):
            left = Fraction(part.after, part.undimmed) if part.undimmed else Fraction(1)
            spent = 0
            for day, amount in used:
                if tested < day and (after is None or day <= after[0]):
                    before = round_half_even(spent * (1 - left))
                    spent += amount
                    less = round_half_even(spent * (1 - left)) - before
                    moved.append(Movement(day, 1, 1, {"depreciation_less": less}))
        flows = ("written_down", "reversed", "depreciation_less")
        yield assemble("stress-impairment", (asset, owner, ""), {}, flows, moved)


def sold_assets(
    position: Position, scenario: ScenarioFile, tests: Iterable[Tested]
) -> Iterator[Schedule]:
    """
    Assets that are sold: proceeds, and what they were carried at, in their owners' books.

    Source: ASC 360-10-40-5; IAS 16.67, 16.71.
    """
    impaired = list(written_down(position, tests))
    for day, asset, owner, proceeds in sales(position, scenario):
        kept = book_of(position, owner_of(asset, position.setting_of(asset)))
        if kept is None:
            continue
        eve = day - timedelta(days=1)
        ledger = Ledger.of(p for p in kept.books[owner].postings if p.contract == asset)
        cost, used = (ledger.balance(account, eve) for account in CARRIED)
        for schedule in impaired:
            if schedule.contract == asset:
                used -= schedule.total("written_down", last=eve)
                used += schedule.total("reversed", last=eve)
                used += schedule.total("depreciation_less", last=eve)
        flows = {"proceeds": proceeds, "used": -used, "loss": cost + used - proceeds}
        yield assemble(
            "stress-asset-sold", (asset, owner, ""), {}, tuple(flows), [Movement(day, 1, 1, flows)]
        )
