"""
Dealings of a supplier with a customer: sales by year, what lowers them, and what is flagged.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.book.posting import Book
from leasebook.contract.deal import Deal, Framework
from leasebook.contract.group import Supply
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contract, EquityInterest, Sale, sides_of_purchase
from leasebook.facts.derive import with_stated
from leasebook.facts.fact import Fact, Subject, Unknown, Value
from leasebook.flows.money import Payment
from leasebook.flows.trace import trace
from leasebook.reckoning.calendar import fiscal_year
from leasebook.rulebook.determination import Determination
from leasebook.rulebook.determine import determine
from leasebook.rulebook.loading import Rulebook

#: Income of sales, from which what is paid to customers is taken.
SALES_ACCOUNTS = frozenset({"revenue", "service-income", "rental-income"})
#: Schedules that lower the income of sales by what customers are given or paid.
_LOWERING = frozenset({"warrant-issued", "customer-payment"})
DECISIONS = ("circular_money", "sale_to_vehicle", "related_party", "major_customer", "barter")


@attrs.frozen
class Dealing:
    """What a supplier sells to a customer, by the contracts under which it does."""

    supplier: str
    customer: str
    contracts: frozenset[str]

    @property
    def id(self) -> str:
        """The name of the dealing, about which the flags are decided."""
        return f"{self.supplier}/{self.customer}"

    def is_sale(self, payment: Payment) -> bool:
        """Whether a payment is the customer's for what it buys."""
        return payment.payee == self.supplier and payment.contract in self.contracts


def dealings(deals: Mapping[str, Deal]) -> tuple[Dealing, ...]:
    """
    Every supplier and customer of some deals, by the parties' ids.

    What its seller leases back is no sale to a customer.

    Args:
        deals: By what stands before the contracts of each, "" for a single one.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for before, deal in deals.items():
        for key, contract in deal.contracts.items():
            sides = None if _leased_back(contract, deal) else sides_of_purchase(contract)
            if sides is not None and getattr(contract, "binding", True):
                found.setdefault(sides, set()).add(f"{before}{key}")
    return tuple(Dealing(*sides, frozenset(keys)) for sides, keys in sorted(found.items()))


def _leased_back(contract: Contract, deal: Deal) -> bool:
    leases: tuple[Lease, ...] = deal.of_kind(Lease)
    return isinstance(contract, Sale) and any(
        (one.asset, one.lessee) == (contract.asset, contract.seller) for one in leases
    )


def consideration(book: Book, ends: tuple[int, int]) -> dict[int, int]:
    """
    What customers are given or paid that lowers a supplier's income, by fiscal year, minor units.

    Source: ASC 606-10-32-25; IFRS 15.70.
    """
    by_year: dict[int, int] = {}
    for posting in book.postings:
        if posting.cause.schedule in _LOWERING and posting.debit in SALES_ACCOUNTS:
            year = fiscal_year(posting.date, ends)
            by_year[year] = by_year.get(year, 0) + posting.amount_minor
    return by_year


def flags(
    dealing: Dealing,
    paid: Iterable[Payment],
    deal: Deal,
    framework: Framework,
    *,
    consolidates: bool | None = None,
) -> tuple[Determination, ...]:
    """
    What the rules say of a dealing: circle, sale to an investee, related parties, dependence, swap.

    Source: ASC 606-10-25-9, 606-10-55-66, 850-10-50-1, 280-10-50-42, 606-10-15-2(e); IFRS 15.17,
    IFRS 15.B64, IAS 24.18, IFRS 8.34, IFRS 15.5(d).

    Args:
        dealing: Supplier and customer.
        paid: All payments.
        deal: States further facts about it.
        framework: us-gaap or ifrs.
        consolidates: Whether the supplier consolidates the customer; None if that is open.
    """
    rulebook = Rulebook.load()
    made = _subject(dealing, tuple(paid), deal, consolidates=consolidates)
    subject = with_stated(made, deal, rulebook.dictionary)
    found = determine(
        rulebook,
        [subject],
        framework=framework,
        as_of=deal.known_to,
        policy=rulebook.policies["default"],
        measured=lambda name, _subject, _reached: Fact(name, Unknown("not stated"), "measured"),
        judgements_varied=False,
    )
    return tuple(found[name, dealing.id] for name in DECISIONS if (name, dealing.id) in found)


def _subject(
    dealing: Dealing, paid: tuple[Payment, ...], deal: Deal, *, consolidates: bool | None
) -> Subject:
    supplier, customer = dealing.supplier, dealing.customer
    sold = {one.date for one in paid if dealing.is_sale(one)}
    funded = {one.date for one in paid if (one.payer, one.payee) == (supplier, customer)}
    interests: tuple[EquityInterest, ...] = deal.of_kind(EquityInterest)
    held = [i.share for i in interests if (i.holder, i.issuer) == (supplier, customer)]
    share: Value | Unknown = Unknown("not public")
    if all(one.known for one in held):
        share = sum((one.get() for one in held), Decimal(0))
    values: dict[str, Value | Unknown] = {
        "money_comes_back": trace(supplier, paid, dealing.is_sale).at_most > 0,
        "funded_on_the_day": bool(sold & funded),
        "share_held": share,
        "share_of_revenue": _share_of_revenue(dealing, paid, deal),
        "supplier_consolidates_customer": (
            Unknown("who consolidates it is not decided") if consolidates is None else consolidates
        ),
    }
    facts = {
        name: Fact(name, value, "derived", path="contracts", source="follows from the payments")
        for name, value in values.items()
    }
    goods = any(isinstance(c, (Supply, Sale)) and sides_of_purchase(c) == (supplier, customer)
                for c in deal.contracts.values())  # fmt: skip
    left_out = set() if goods and held else {"sale_to_vehicle"}
    return Subject(dealing.id, "dealing", facts, asked=frozenset(DECISIONS) - left_out)


def _share_of_revenue(dealing: Dealing, paid: Iterable[Payment], deal: Deal) -> Value | Unknown:
    """What the customer pays in the filed year over filed revenue; unknown where none is filed."""
    filed = deal.filed.get(dealing.supplier)
    lines = () if filed is None else filed.lines
    revenue = next((one.amount.value for one in lines if one.line == "revenue"), None)
    if filed is None or not revenue:
        return Unknown("the supplier's revenue is not in the deal")
    month, day = filed.as_of.month, filed.as_of.day
    year = fiscal_year(filed.as_of, (month, day))
    within = sum(
        one.amount_minor
        for one in paid
        if dealing.is_sale(one) and fiscal_year(one.date, (month, day)) == year
    )
    return Fraction(within, 10**deal.currency.decimals) / Fraction(revenue)


def by_year(amounts: Iterable[tuple[date, int]], ends: tuple[int, int]) -> dict[int, int]:
    """Amounts by fiscal year, minor units."""
    found: dict[int, int] = {}
    for day, amount in amounts:
        year = fiscal_year(day, ends)
        found[year] = found.get(year, 0) + amount
    return found
