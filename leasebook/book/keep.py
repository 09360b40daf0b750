"""
The books of every entity of a deal on one basis, from contracts to postings.

Some measurements need an entity's whole ledger first. They are made in this order: contracts,
securities that hold idle money, assets under construction and in use, then the equity method
from the investee up to its holders.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.ledger import income_by_month
from leasebook.book.post import post
from leasebook.book.posting import Book, Posting, in_order
from leasebook.contract.deal import Deal
from leasebook.contract.group import Acquisition
from leasebook.contract.model import EquityInterest, Securities
from leasebook.measure.asset import prior_holding
from leasebook.measure.asset_use import measure_asset
from leasebook.measure.capital import bottom_up
from leasebook.measure.contracts import contract_schedules, securities_schedule
from leasebook.measure.equity_investment import without_influence
from leasebook.measure.equity_method import equity_method, split_distribution
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting, first_day, horizon
from leasebook.measure.undertakings import undertaking_schedules

#: The longest time that books are kept for, from the first contract to the end of the last.
YEARS_MAX = 150


@attrs.frozen
class Kept:
    """
    All books of a deal on one basis, with the schedules that they were posted from.

    `accrued` holds the issuer's schedule of each note and the holder's of each security.
    """

    books: Mapping[str, Book]
    schedules: tuple[Schedule, ...]
    accrued: Mapping[str, Schedule]
    until: date


def cash_accounts(deal: Deal) -> dict[str, str]:
    """The cash account of each entity whose money is all restricted."""
    return {e.id: "restricted-cash" for e in deal.entities.values() if e.cash_is_restricted}


def keep_books(setting: Setting, basis: str) -> Kept:
    """
    Contract to books: every entity's postings on one framework and basis.

    Args:
        setting: The deal, the framework, the scenario and the outcomes of decisions.
        basis: Id of the basis, which becomes part of each book's identity.
    """
    deal = setting.deal
    until = horizon(deal)
    _refuse(deal, until)
    cash = cash_accounts(deal)
    by_entity: dict[str, list[Posting]] = defaultdict(list)
    schedules: list[Schedule] = []

    def book(made: Iterable[Schedule]) -> None:
        for schedule in made:
            schedules.append(schedule)
            by_entity[schedule.entity] += post(
                [schedule], framework=setting.framework, cash_accounts=cash
            )

    received: dict[str, list[Schedule]] = defaultdict(list)
    measured = contract_schedules(setting)
    for schedule in measured:
        if schedule.name == "distribution-received":
            received[schedule.entity].append(schedule)
        else:
            book([schedule])
    book(undertaking_schedules(setting, measured))
    book(_idle_money(by_entity, received, setting))
    accrued = {s.contract: s for s in schedules if s.name in ("note-issued", "securities-held")}
    book(_assets(setting, accrued, until))
    for entity in bottom_up(deal.bookkeepers(), setting):
        shares = _shares(entity, by_entity, received[entity], setting)
        book(shares.values())
        book(_told_apart(received[entity], shares, setting))
    books = {
        entity: Book(
            entity,
            setting.framework,
            basis,
            in_order(p for p in by_entity[entity] if p.date <= until),
        )
        for entity in deal.bookkeepers()
    }
    return Kept(books, tuple(schedules), accrued, until)


def _refuse(deal: Deal, until: date) -> None:
    """What cannot be kept in books here, as a finding that names it."""
    if until.year - first_day(deal).year > YEARS_MAX:
        raise NotModelled(f"the deal runs to {until}, beyond {YEARS_MAX} years of books")
    holders = [contract.holder for contract in deal.of_kind(Securities)]
    for holder in holders:
        if holders.count(holder) > 1:
            raise NotModelled(f"{holder} keeps its idle money in two securities, not in one")


def _idle_money(
    by_entity: Mapping[str, list[Posting]],
    received: Mapping[str, list[Schedule]],
    setting: Setting,
) -> Iterator[Schedule]:
    """Securities that rise and fall with the other money of their holder."""
    chart = load_chart()
    for contract in setting.deal.of_kind(Securities):
        cash: dict[date, int] = defaultdict(int)
        for p in by_entity.get(contract.holder, []):
            if chart[p.debit].cash != chart[p.credit].cash:
                cash[p.date] += p.amount_minor if chart[p.debit].cash else -p.amount_minor
        for schedule in received.get(contract.holder, []):
            for row in schedule.rows:
                cash[row.date] += sum(row.amounts)
        yield securities_schedule(contract, sorted(cash.items()), setting)


def _assets(setting: Setting, accrued: Mapping[str, Schedule], until: date) -> Iterator[Schedule]:
    """Each asset in its owner's own books, and in its first owner's before the deal."""
    keeps = setting.deal.bookkeepers()
    for asset in setting.deal.assets.values():
        before = prior_holding(asset.id, setting)
        if before is not None and asset.owner in keeps:
            yield before
        for entity in keeps:
            alone = measure_asset(
                asset.id, frozenset({entity}), setting=setting, accrued=accrued, until=until
            )
            yield from alone.capitalised
            if alone.use is not None:
                yield alone.use


def _shares(
    entity: str,
    by_entity: Mapping[str, list[Posting]],
    received: Iterable[Schedule],
    setting: Setting,
) -> dict[str, Schedule]:
    """The equity method for each interest of a holder in an entity that keeps books."""
    keeps = setting.deal.bookkeepers()
    shares = {}
    for interest in setting.deal.of_kind(EquityInterest):
        held = interest.holder == entity and not without_influence(interest, setting)
        if held and interest.issuer in keeps:
            capital: dict[date, int] = defaultdict(int)
            bought = acquired_with(interest, setting)
            for p in by_entity[entity]:
                if p.counterparty == interest.issuer or p.contract in bought:
                    if p.debit == "equity-method-investments":
                        capital[p.date] += p.amount_minor
                    elif p.credit == "equity-method-investments":
                        capital[p.date] -= p.amount_minor
            for schedule in received:
                if schedule.counterparty == interest.issuer:
                    for row in schedule.rows:
                        capital[row.date] -= sum(row.amounts)
            since = max((one.date.get() for one in bought.values()), default=date.min)
            income = income_by_month(p for p in by_entity[interest.issuer] if p.date > since)
            shares[interest.id] = equity_method(interest, income, capital, setting)
    return shares


def acquired_with(interest: EquityInterest, setting: Setting) -> dict[str, Acquisition]:
    """
    The acquisition that an interest came with, if it did: it shares in results from then on.

    Source: ASC 323-10-35-6; IAS 28.32.
    """
    acquisitions: tuple[Acquisition, ...] = setting.deal.of_kind(Acquisition)
    return {one.id: one for one in acquisitions if one.interest == interest.id}


def _told_apart(
    received: Iterable[Schedule], shares: Mapping[str, Schedule], setting: Setting
) -> Iterator[Schedule]:
    """Distributions split into earnings and return of investment, one after the other."""
    paid_out: dict[str, int] = defaultdict(int)
    for schedule in received:
        interest = getattr(setting.deal.contracts[schedule.contract], "interest", "")
        if interest in shares:
            split = split_distribution(schedule, shares[interest], paid_out[interest])
            paid_out[interest] += split.total("return_on")
            yield split
        else:
            yield schedule
