"""Deals with one sale, leased back or not, built for the tests of leasebacks."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
from strategies import duration, figure

from leasebook.book.keep import Kept, keep_books
from leasebook.book.posting import Posting
from leasebook.contract.deal import Asset, Basis, Deal, Entity, Framework, Scenario, StatedFact
from leasebook.contract.event import Event
from leasebook.contract.lease import HandedOver, Lease, Rent
from leasebook.contract.model import Contract, Sale
from leasebook.measure.setting import Setting
from leasebook.values.money import Currency

DAY = date(2029, 1, 1)
SALE, LEASE = "hall-sale", "hall-lease"

#: What somebody has to judge before a transfer can be a sale.
CLEAR: Mapping[str, Any] = {
    "transfer_contract_exists": True,
    "control_passes": True,
    "has_repurchase_option": False,
    "buyer_put_with_incentive": False,
}


def money(amount: float | str) -> Decimal:
    """An amount of the tests as a decimal of two places."""
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def sale(price: float, **more: Any) -> Sale:
    """The hall sold by its tenant to its landlord."""
    return Sale(SALE, "tenant", "landlord", "hall", figure(money(price)), figure(DAY), **more)


def lease(
    payments: Sequence[float],
    rate: str | None,
    *,
    timing: str = "arrears",
    worth: float | None = None,
    months: int = 12,
    **more: Any,
) -> Lease:
    """The hall leased back for as many years as there are payments."""
    given = None if worth is None else HandedOver(present_value_of_payments=figure(money(worth)))
    return Lease(
        LEASE, "landlord", "tenant", "hall",
        commencement_date=figure(DAY),
        noncancellable=figure(duration(months * len(payments))),
        rent=Rent(
            duration(months), timing,  # type: ignore[arg-type] # advance or arrears
            amounts=tuple(figure(money(p)) for p in payments) if any(payments) else (),
        ),
        discount_rate=None if rate is None else figure(Decimal(rate)),
        handed_over=given,
        **more,
    )  # fmt: skip


def hall(carrying: float, fair_value: float | None, **more: Any) -> Asset:
    """The hall in its tenant's books, ready for use on the day of the sale."""
    worth = None if fair_value is None else money(fair_value)
    asset = Asset(
        "hall", "Hall", "equipment",
        useful_life=figure(duration(240)),
        in_service=figure(DAY),
        fair_value=figure(worth),
        owner="tenant",
        carrying_amount=figure(money(carrying)),
        held_from=figure(DAY),
    )  # fmt: skip
    return attrs.evolve(asset, **more)


def deal_of(
    asset: Asset,
    *contracts: Contract,
    facts: Mapping[str, Any] | None = None,
    about: str = SALE,
    events: Sequence[Event] = (),
    framework: Framework = "us-gaap",
    currency: str = "USD",
) -> Deal:
    """A deal of a tenant and a landlord that both keep books."""
    entities = {
        name: Entity(name, name.title(), framework=framework) for name in ("tenant", "landlord")
    }
    entities |= {n: Entity(n, n.title(), keeps_books=False) for n in ("builder", "owner", "shop")}
    stated = tuple(StatedFact(about, name, figure(value)) for name, value in (facts or {}).items())
    return Deal(
        id="hall", title="Hall", reporting="tenant", currency=Currency.of(currency), known_to=DAY,
        sources={}, entities=entities, assets={asset.id: asset},
        contracts={c.id: c for c in contracts}, scenarios={"plain": Scenario("plain", "Plain")},
        events=tuple(events), judgements=(), facts=stated, tables=(), assertions=(),
        bases={"as-filed": Basis("as-filed", "As filed", "plain")}, filed={},
    )  # fmt: skip


def setting_of(deal: Deal, framework: str, outcome: str, **more: str) -> Setting:
    """A deal with the outcome of its sale and the classes of its leaseback."""
    outcomes = {
        ("sale_and_leaseback", SALE): outcome,
        ("lease_term", LEASE): "noncancellable-only",
        ("lessee_classification", LEASE): "operating",
        ("lessor_classification", LEASE): "operating",
    }
    outcomes |= {(name, LEASE): value for name, value in more.items()}
    return Setting(deal, framework, "plain", outcomes)


def books(setting: Setting) -> Kept:
    """Everybody's books."""
    return keep_books(setting, "as-filed")


def net(postings: Sequence[Posting], *, on: date | None = None) -> dict[str, int]:
    """Debits less credits by account, minor units, accounts of nothing left out."""
    sums: dict[str, int] = {}
    for p in postings:
        if on is None or p.date == on:
            sums[p.debit] = sums.get(p.debit, 0) + p.amount_minor
            sums[p.credit] = sums.get(p.credit, 0) - p.amount_minor
    return {account: amount for account, amount in sums.items() if amount}
