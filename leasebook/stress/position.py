"""
The position before the scenario: who is in the deals, what is expected to be paid, who has what.

Parties of several deals that share an id are one party. Expected payments are read from the books,
where every payment stands with payer, payee, contract and day, whatever the kind of contract.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.keep import Kept
from leasebook.book.ledger import Ledger
from leasebook.contract.deal import Deal
from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Contract,
    Contribution,
    Distribution,
    EquityInterest,
    Securities,
)
from leasebook.contract.note import Note
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.stress.scenario import ScenarioFile
from leasebook.values.money import Currency, minor_units

PaymentKind: TypeAlias = Literal["rent", "note", "distribution", "capital", "securities", "other"]

_KINDS: tuple[tuple[type[Any], PaymentKind], ...] = (
    (Lease, "rent"),
    (Note, "note"),
    (Distribution, "distribution"),
    (Contribution, "capital"),
    (Securities, "securities"),
)


@attrs.frozen(order=True)
class Payment:
    """A payment that is expected on a day, in minor units; outsiders without a name are ''."""

    date: date
    contract: str
    payer: str
    payee: str
    amount: int


@attrs.frozen
class Position:
    """
    The deals of a stress run as one: contracts, expected payments, and the books behind them.

    Attributes:
        settings: One for each deal, in order.
        kept: The books of each, in the same order.
        contracts: Of all deals, by id.
        payments: Expected without the scenario, by day.
    """

    settings: tuple[Setting, ...]
    kept: tuple[Kept, ...]
    contracts: Mapping[str, Contract]
    payments: tuple[Payment, ...]

    @property
    def deals(self) -> tuple[Deal, ...]:
        """The deals, in order."""
        return tuple(setting.deal for setting in self.settings)

    @property
    def currency(self) -> Currency:
        """The one currency of all deals."""
        return self.deals[0].currency

    def of_kind(self, cls: type[Any]) -> tuple[Any, ...]:
        """The contracts of one class in all deals."""
        return tuple(c for c in self.contracts.values() if isinstance(c, cls))

    def kind(self, contract: str) -> PaymentKind:
        """What sort of payments a contract brings."""
        found = self.contracts.get(contract)
        return next((kind for cls, kind in _KINDS if isinstance(found, cls)), "other")

    def setting_of(self, contract: str) -> Setting:
        """The setting of the deal that a contract or an asset belongs to."""
        return next(
            s for s in self.settings if contract in s.deal.contracts or contract in s.deal.assets
        )

    def holders(self, party: str) -> tuple[EquityInterest, ...]:
        """The interests in a party, in the order of the files."""
        return tuple(i for i in self.of_kind(EquityInterest) if i.issuer == party)

    def share(self, interest: EquityInterest) -> Fraction:
        """The part of an entity that an interest is."""
        return Fraction(interest.share.get())

    def name(self, party: str) -> str:
        """The name of a party; outsiders have none of their own."""
        for deal in self.deals:
            if party in deal.entities:
                return deal.entities[party].name
        return "others"


def position_of(runs: Sequence[tuple[Setting, Kept]]) -> Position:
    """
    The position of some deals together.

    Raises:
        NotModelled: If the deals have several currencies, or two contracts or assets share an id.
    """
    contracts: dict[str, Contract] = {}
    assets: set[str] = set()
    for setting, _ in runs:
        twice = (contracts.keys() & setting.deal.contracts) | (assets & setting.deal.assets.keys())
        if twice:
            raise NotModelled(f"two of the deals have {min(twice)}; give one another id")
        if setting.deal.currency != runs[0][0].deal.currency:
            raise NotModelled("the deals are in different currencies")
        contracts |= setting.deal.contracts
        assets |= setting.deal.assets.keys()
    return Position(
        tuple(setting for setting, _ in runs),
        tuple(kept for _, kept in runs),
        contracts,
        tuple(sorted(p for _, kept in runs for p in expected_payments(kept))),
    )


def expected_payments(kept: Kept) -> Iterable[Payment]:
    """
    Every payment in the books, once: as its payer books it, or its payee if that alone keeps books.

    What a party pays to itself or gets back the same day under the same contract is no payment.
    """
    chart = load_chart()
    paid: dict[tuple[date, str, str, str], int] = defaultdict(int)
    for entity, book in kept.books.items():
        for p in book.postings:
            if chart[p.debit].cash != chart[p.credit].cash:
                sign = -1 if chart[p.debit].cash else 1
                paid[p.date, p.contract, entity, p.counterparty] += sign * p.amount_minor
    for (day, contract, entity, other), amount in paid.items():
        if amount > 0:
            yield Payment(day, contract, entity, other, amount)
        elif amount < 0 and (day, contract, other, entity) not in paid:
            yield Payment(day, contract, other, entity, -amount)


def limited_parties(position: Position, scenario: ScenarioFile) -> frozenset[str]:
    """
    The parties that pay only as far as their money in the deals reaches.

    By themselves these are the companies that somebody in the deal owns, that keep books and that
    file no statements: vehicles. The scenario may say otherwise of any party.
    """
    owned = {i.issuer for i in position.of_kind(EquityInterest)}
    vehicles = {
        e.id
        for deal in position.deals
        for e in deal.entities.values()
        if e.id in owned and e.keeps_books and e.filed is None
    }
    said = {one.party: one.means for one in scenario.parties}
    kept = {party for party in vehicles if said.get(party) != "unlimited"}
    return frozenset(kept | {party for party, means in said.items() if means == "limited"})


def money_on(position: Position, party: str, first_day: date, scenario: ScenarioFile) -> int:
    """
    What a limited party has when a day begins: as the scenario says, or as its books do.

    Raises:
        NotModelled: If its books show less than nothing, or money that is kept in securities.
    """
    stated = next((one.cash for one in scenario.parties if one.party == party), None)
    if stated is not None:
        return minor_units(stated.get(), position.currency)
    chart, total = load_chart(), 0
    for kept in position.kept:
        if party not in kept.books:
            continue
        ledger = Ledger.of(kept.books[party].postings)
        for account in ledger.movements:
            balance = ledger.balance(account, first_day - timedelta(days=1))
            if chart[account].cash:
                total += balance
            elif "securities" in account and balance:
                raise NotModelled(f"{party} keeps money in securities when the scenario begins")
    if total < 0:
        raise NotModelled(f"the books of {party} show less than no money on {first_day}")
    return total
