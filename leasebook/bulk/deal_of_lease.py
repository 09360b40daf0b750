"""
One lease of a portfolio as a deal, so that the engine for deals can measure it once more.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

import numpy as np

from leasebook.contract.deal import Asset, Basis, Deal, Entity, Framework, Scenario, StatedFact
from leasebook.contract.event import Event, EventKind
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Incentive, Lease, Option, RateConvention, Rent
from leasebook.intake.columns import EPOCH
from leasebook.portfolio.terms import (
    EVENT_KINDS,
    LESSOR,
    LEVEL_UNIT,
    RATE_UNIT,
    UNKNOWN,
    LeaseTerms,
)
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.rates import RATE_CONVENTIONS
from leasebook.values.duration import Duration
from leasebook.values.money import Currency, currency_units

LEASE, ASSET, ENTITY, OTHER, SCENARIO = "lease", "asset", "entity", "counterparty", "stated"

#: Facts by the column that states them, and what the rules call them.
_FACTS = {
    "no_alternative_use": "no_alternative_use",
    "purchase_certain": "purchase_option_reasonably_certain",
    "renewal_certain": "renewal_reasonably_certain",
    "short_term_elected": "short_term_elected",
    "low_value_elected": "low_value_elected",
    "collection_probable": "collection_probable",
}
_REST_OF_TERM = (
    "extended", "consideration-changed", "term-reassessed", "term-reduced", "right-added",
)  # fmt: skip
_EXITS: tuple[tuple[str, Literal["lessee", "lessor"]], ...] = (
    ("termination_months", "lessee"), ("lessor_termination_months", "lessor"),
)  # fmt: skip


class _Row:
    """The terms of one lease by name, as the figures of a deal."""

    def __init__(self, terms: LeaseTerms, currency: Currency, source: str) -> None:
        self.terms, self.currency, self.source = terms, currency, source

    def number(self, name: str, at: int = 0) -> int:
        return int(getattr(self.terms, name)[at])

    def figure(self, value: Any) -> Figure[Any]:
        return Figure(value, source=self.source)

    def money(self, amount_minor: int) -> Figure[Decimal]:
        return self.figure(currency_units(amount_minor, self.currency))

    def amount(self, name: str, at: int = 0) -> Figure[Decimal] | None:
        """An amount; None where it is nothing or not stated."""
        found = self.number(name, at)
        return None if found in (0, UNKNOWN) else self.money(found)

    def stated(self, name: str) -> Figure[Decimal]:
        found = self.number(name)
        return Figure(unknown="not stated") if found == UNKNOWN else self.money(found)

    def rate(self, name: str, at: int = 0) -> Figure[Decimal] | None:
        found = self.number(name, at)
        return None if found == UNKNOWN else self.figure(_part(found, RATE_UNIT))

    def truth(self, name: str, at: int) -> bool | None:
        found = self.number(name, at)
        return None if found == UNKNOWN else found == 1

    def months(self, count: int) -> Figure[Duration]:
        return self.figure(Duration(count, f"{count} months"))


def _part(number: int, unit: int) -> Decimal:
    exact = Fraction(number, unit)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def deal_of_lease(
    terms: LeaseTerms,
    *,
    names: tuple[str, str],
    currency: Currency,
    known_to: date,
    source: str,
    framework: Framework,
) -> Deal:
    """
    A deal with one lease and its two parties, of which the first keeps books.

    Args:
        terms: Of that one lease.
        names: Of the entity, and of the other party.
        currency: Of its amounts.
        known_to: The day whose rules decide.
        source: Where the lease stands.
        framework: Under which the entity keeps its books.
    """
    row = _Row(terms, currency, source)
    lessor = row.number("side") == LESSOR
    lease = _lease(row, lessor=ENTITY if lessor else OTHER, lessee=OTHER if lessor else ENTITY)
    return Deal(
        id="portfolio",
        title=source,
        reporting=ENTITY,
        currency=currency,
        known_to=known_to,
        sources={source: source},
        entities={
            ENTITY: Entity(ENTITY, names[0], framework=framework),
            OTHER: Entity(OTHER, names[1] or "the other party", keeps_books=False),
        },
        assets={ASSET: _asset(row, ENTITY if lessor else OTHER)},
        contracts={LEASE: lease},
        scenarios={SCENARIO: Scenario(SCENARIO, "what the table of events says")},
        events=tuple(_event(row, at) for at in range(len(terms.event_lease))),
        judgements=tuple(_facts(row)),
        facts=(),
        tables=(),
        assertions=(),
        bases={"stated": Basis("stated", "as stated", SCENARIO, perimeter={OTHER: "outside"})},
        filed={},
    )


def _asset(row: _Row, owner: str) -> Asset:
    whole, left = row.number("economic_life_months"), row.number("remaining_life_months")
    begins = date.fromordinal(row.number("commencement") + EPOCH)
    if whole == UNKNOWN:
        whole = left
    used = 0 if left == UNKNOWN else whole - left
    life: Figure[Duration] = Figure(unknown="not stated")
    if whole != UNKNOWN:
        life = row.months(whole)
    carrying = row.amount("carrying_amount")
    return Asset(
        ASSET, "the underlying asset", "equipment", life,
        row.figure(add_months(begins, -used)), row.stated("fair_value"), owner,
        carrying_amount=carrying,
        held_from=row.figure(begins) if carrying is not None else None,
    )  # fmt: skip


def _lease(row: _Row, *, lessor: str, lessee: str) -> Lease:
    title = row.number("title_transfers")
    own = row.rate("rate")
    return Lease(
        id=LEASE,
        lessor=lessor,
        lessee=lessee,
        asset=ASSET,
        commencement_date=row.figure(date.fromordinal(row.number("commencement") + EPOCH)),
        noncancellable=row.months(row.number("term_months")),
        rent=_rent(row),
        discount_rate=own if lessee == ENTITY else None,
        lessor_rate=own if lessor == ENTITY else None,
        rate_convention=cast("RateConvention", RATE_CONVENTIONS[row.number("rate_convention")]),
        day_one_payment="excluded" if row.number("day_one_excluded") else "included",
        options=tuple(_options(row)),
        title_transfers=None if title == UNKNOWN else row.figure(bool(title)),
        initial_direct_costs=row.amount("initial_direct_costs") if lessee == ENTITY else None,
        lessor_initial_direct_costs=(
            row.amount("initial_direct_costs") if lessor == ENTITY else None
        ),
        incentive_receivable=_incentive(row),
        prepaid=row.amount("prepaid"),
        incentives=row.amount("incentives"),
        restoration=row.amount("restoration"),
        guaranteed_residual=row.amount("guaranteed_residual"),
        third_party_residual=row.amount("third_party_residual"),
        unguaranteed_residual=(
            None if row.number("unguaranteed_residual") == UNKNOWN
            else row.money(row.number("unguaranteed_residual"))
        ),
        expected_guarantee_payment=row.amount("expected_guarantee_payment"),
        index_base=(
            row.figure(_part(row.number("index_base"), LEVEL_UNIT))
            if row.number("index_base") else None
        ),
    )  # fmt: skip


def _incentive(row: _Row) -> Incentive | None:
    amount = row.amount("incentive_receivable")
    if amount is None:
        return None
    return Incentive(amount, row.months(row.number("incentive_after_months")))


def _rent(row: _Row) -> Rent:
    every = Duration(row.number("every"), f"{row.number('every')} months")
    timing: Any = "advance" if row.number("advance") else "arrears"
    steps = row.terms.step_period.tolist()
    if not steps:
        return Rent(every, timing, amount=row.money(row.number("payment")))
    months = row.number("term_months") + row.number("renewal_months")
    periods = months // every.months
    paid = np.full(periods, row.number("payment"), np.int64)
    for period, payment in zip(steps, row.terms.step_payment.tolist(), strict=True):
        paid[period:] = payment
    return Rent(every, timing, amounts=tuple(row.money(amount) for amount in paid.tolist()))


def _options(row: _Row) -> list[Option]:
    found = []
    months, payment = row.number("renewal_months"), row.number("renewal_payment")
    if months:
        amounts = () if payment == UNKNOWN else (
            (row.money(payment),) * (months // row.number("every"))
        )  # fmt: skip
        found.append(Option("renewal", row.months(months), amounts=amounts))
    if row.number("purchase_price") != UNKNOWN:
        found.append(Option("purchase", price=row.money(row.number("purchase_price"))))
    for name, holder in _EXITS:
        after = row.number(name)
        if after != UNKNOWN:
            found.append(Option("termination", holder=holder, after=row.months(after)))
    return found


def _facts(row: _Row) -> list[StatedFact]:
    columns = {**{name: getattr(row.terms, name) for name in _FACTS}, **row.terms.facts}
    absent = set()
    if not row.number("renewal_months"):
        absent.add("renewal_certain")
    if row.number("purchase_price") == UNKNOWN:
        absent.add("purchase_certain")
    found = [
        StatedFact(LEASE, _FACTS.get(name, name), row.figure(bool(column[0])))
        for name, column in columns.items()
        if int(column[0]) != UNKNOWN and name not in absent
    ]
    new = row.number("value_when_new")
    if new != UNKNOWN:
        found.append(StatedFact(LEASE, "value_when_new", row.money(new)))
    return found


def _event(row: _Row, at: int) -> Event:
    kind = EVENT_KINDS[row.number("event_kind", at)]
    begins = date.fromordinal(row.number("commencement") + EPOCH)
    every = row.number("every")
    paid, months = row.number("event_payment", at), row.number("event_months", at)
    share, level = row.number("event_share", at), row.number("event_level", at)
    payment = None if paid == UNKNOWN else row.money(paid)
    rest: tuple[Figure[Decimal], ...] = ()
    if kind in _REST_OF_TERM and payment is not None and months != UNKNOWN:
        rest, payment = (payment,) * (months // every), None
    worth = row.number("event_fair_value", at)
    buys = kind == "purchase-option-reassessed"
    day = add_months(begins, every * row.number("event_period", at))
    return Event(
        SCENARIO,
        LEASE,
        cast("EventKind", kind),
        row.figure(day),
        order=at,
        amount=payment if kind != "terminated" and not buys else None,
        discount_rate=row.rate("event_rate", at),
        payments=rest,
        retained_share=None if share == UNKNOWN else row.figure(_part(share, RATE_UNIT)),
        penalty=payment if kind == "terminated" and paid else None,
        index_level=None if level == UNKNOWN else row.figure(_part(level, LEVEL_UNIT)),
        fair_value=None if worth == UNKNOWN else row.money(worth),
        price=payment if buys else None,
        exercise=row.figure(add_months(day, months)) if buys and months != UNKNOWN else None,
        reasonably_certain=row.truth("event_certain", at) if buys else None,
        price_is_standalone=row.truth("event_standalone", at),
    )
