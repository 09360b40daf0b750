"""
The non-controlling interest: what outsiders hold of the members other than the parent.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from leasebook.book.ledger import cumulative, income_by_month
from leasebook.book.posting import Book, Posting
from leasebook.contract.model import EquityInterest
from leasebook.measure.capital import bottom_up, interests_in, part_of, share_bounds
from leasebook.measure.schedule import Movement, Schedule, assemble, changes
from leasebook.measure.setting import Setting


def noncontrolling_schedules(
    books: Mapping[str, Book],
    group: Iterable[Posting],
    members: frozenset[str],
    *,
    parent: str,
    setting: Setting,
) -> tuple[Schedule, ...]:
    """
    Outsiders' capital and their part of each month's result, as schedules to post.

    A member's result counts as its own book shows it, its share of what it holds included; what
    the group measures differently goes up the chain of interests to whoever bears it. Losses are
    attributed even where they make the interest negative.

    Where the rules of an earlier time charge the parent with what goes beyond the holders' equity,
    `noncontrolling_deficit` says so.

    Source: ASC 810-10-45-16, 810-10-45-20, 810-10-45-21; IFRS 10.22, B94; ARB 51.15, IAS 27.35.

    Args:
        books: Of every member.
        group: Group entries, each with the member whose holders bear it as its entity.
        members: The perimeter with the parent.
        parent: Whose holders are the group's.
        setting: Gives the interests.
    """
    made: list[Schedule] = []
    adjusted: dict[str, dict[date, int]] = {}
    entries = list(group)
    for entity in bottom_up(members, setting):
        own = income_by_month(p for p in entries if p.entity == entity)
        for interest in setting.deal.of_kind(EquityInterest):
            if interest.holder == entity and interest.issuer in members:
                held = adjusted[interest.issuer]
                months = sorted(held)
                bounds = share_bounds(interest.id, setting)
                totals = [part_of(total, bounds) for total in cumulative(held, months)]
                for month, amount in zip(months, changes(totals), strict=True):
                    own[month] += amount
        adjusted[entity] = own
        if entity != parent:
            capital = tuple(_capital(books[entity], members, setting))
            made += capital
            income = income_by_month(books[entity].postings)
            attributed = _income(entity, income, own, members, setting)
            borne = setting.outcome("noncontrolling_deficit", entity) == "parent-bears-deficit"
            made.append(_down_to_nothing(attributed, capital) if borne else attributed)
    return tuple(s for s in made if s.rows)


def _capital(book: Book, members: frozenset[str], setting: Setting) -> Iterator[Schedule]:
    """Capital from outsiders, and their part of the equity from before the deal."""
    inside = _bounds_inside(book.entity, members, setting)
    rows = []
    for at, p in enumerate(book.postings, 1):
        amount = p.amount_minor
        if "shareholders-equity" in (p.debit, p.credit):
            amount -= sum(part_of(amount, bounds) for bounds in inside)
        elif p.counterparty in members or "members-capital" not in (p.debit, p.credit):
            continue
        sign = 1 if p.credit in ("members-capital", "shareholders-equity") else -1
        rows.append(Movement(p.date, 1, at, {"capital": sign * amount}))
    parties = (book.entity, book.entity, "")
    yield assemble("noncontrolling-capital", parties, {"total": {"capital": 1}}, ("capital",), rows)


def _income(
    entity: str,
    income: Mapping[date, int],
    adjusted: Mapping[date, int],
    members: frozenset[str],
    setting: Setting,
) -> Schedule:
    months = sorted({*income, *adjusted})
    inside = _bounds_inside(entity, members, setting)
    totals = [0] * len(months)
    for series in (income, adjusted):
        for at, total in enumerate(cumulative(series, months)):
            totals[at] += total - sum(part_of(total, bounds) for bounds in inside)
    rows = [
        Movement(month, 1, at, {"income": amount})
        for at, (month, amount) in enumerate(zip(months, changes(totals), strict=True), 1)
        if amount
    ]
    return assemble(
        "noncontrolling-income", (entity, entity, ""), {"total": {"income": 1}}, ("income",), rows
    )


def _down_to_nothing(income: Schedule, capital: Iterable[Schedule]) -> Schedule:
    """
    The holders' part of results, as far as their equity reaches; the parent bears what is beyond.

    Later profits go to the parent until it has back what it bore, so that the interest stands at
    capital and results together, or at nothing where these are below it.

    Source: ARB 51.15; IAS 27.35.
    """
    paid_in = [
        (row.date, amount)
        for s in capital
        for row, amount in zip(s.rows, s.column("capital"), strict=True)
    ]
    rows, raw, given = [], 0, 0
    for at, (row, earned) in enumerate(zip(income.rows, income.column("income"), strict=True), 1):
        raw += earned
        equity = sum(amount for day, amount in paid_in if day <= row.date)
        allowed = max(raw, -equity)
        rows.append(Movement(row.date, 1, at, {"income": allowed - given}))
        given = allowed
    parties = (income.contract, income.entity, income.counterparty)
    return assemble(income.name, parties, {"total": {"income": 1}}, ("income",), rows)


def _bounds_inside(
    entity: str, members: frozenset[str], setting: Setting
) -> list[tuple[Fraction, Fraction]]:
    """The parts of an entity that members hold."""
    held = (i for i in interests_in(entity, setting) if i.holder in members)
    return [share_bounds(i.id, setting) for i in held]
