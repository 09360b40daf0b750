"""
The facts about many leases that rules read: as the terms state them, and as values are measured.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from leasebook.facts.fact import Value
from leasebook.portfolio import records as r
from leasebook.portfolio.arrays import of_row, once
from leasebook.portfolio.columns import Column, Names, Truths, World, truths
from leasebook.portfolio.decide import policy_value
from leasebook.portfolio.exits import exit_facts
from leasebook.portfolio.frame import NO_RATE_FOUND, NO_RATE_STATED, Frame
from leasebook.portfolio.intervals import Numbers, points
from leasebook.portfolio.loops import answered, position, question
from leasebook.portfolio.party import Party
from leasebook.portfolio.results import Decided
from leasebook.portfolio.terms import RATE_UNIT, UNKNOWN, Ints, LeaseTerms
from leasebook.reckoning.exact import exact_worth

#: Exact values of facts that a column holds between bounds, by name: of one subject.
Lazy = dict[str, Callable[[int], Value | None]]

#: What follows from a lease in columns having no such option, sublease or guarantee beside it.
_ABSENT = (
    "renewal_option_with_lessor", "has_residual_value_guarantee", "is_sublease",
    "expected_to_be_subleased", "head_lease_short_term",
)  # fmt: skip


@attrs.define(eq=False)
class Asked:
    """
    The answers so far.

    Attributes:
        terms: The leases.
        frame: Their units; records are completed as decisions are reached.
        decimals: Of the minor unit, for each unit.
        as_of: The day whose rules decide.
        fast: Whether loops are compiled.
        bits: Numbers of missing facts, the same in all worlds.
        codes: Outcome of each decision for each unit.
        missing: What each lacks.
        outcomes: All outcomes of each decision.
        open: Units of which something that is needed is open.
    """

    terms: LeaseTerms
    frame: Frame
    decimals: Ints
    as_of: date
    fast: bool
    bits: dict[str, int] = attrs.field(factory=dict)
    codes: dict[str, Ints] = attrs.field(factory=dict)
    missing: dict[str, Ints] = attrs.field(factory=dict)
    outcomes: dict[str, list[str]] = attrs.field(factory=dict)
    open: Any = attrs.field(factory=lambda: np.zeros(0, np.bool_))

    def decided(self) -> dict[str, Decided]:
        """All decisions as they leave."""
        facts = tuple(self.bits)
        return {
            name: Decided(tuple(self.outcomes[name]), self.codes[name], facts, self.missing[name])
            for name in self.codes
        }

    def note(self, name: str, party: Party, found: Decided) -> Ints:
        """A decision about the units of a party; returns the codes of its own outcomes."""
        known = self.outcomes.setdefault(name, [])
        known += [o for o in found.outcomes if o not in known]
        place = np.array([known.index(o) for o in found.outcomes] + [-1], np.int64)
        if name not in self.codes:
            self.codes[name] = np.full(len(self.frame.units), -2, np.int64)
            self.missing[name] = np.zeros(len(self.frame.units), np.int64)
        self.codes[name][party.rows] = place[found.code]
        self.missing[name][party.rows] = found.missing
        return found.code


def world_of(asked: Asked, party: Party) -> tuple[World, Lazy]:
    """The facts that the terms state, at commencement."""
    terms, decimals = party.terms, asked.decimals[party.rows]
    lazy: Lazy = {}
    facts: dict[str, Column] = {}

    def exact(name: str, row: int) -> Value | None:
        if name in lazy:
            return lazy[name](row)
        column = world.facts[name]
        policy = policy_value(name)
        return policy if policy is not None else exact_of(column, row)

    world = World(len(party), facts, exact, asked.bits)
    option = terms.purchase_price != UNKNOWN
    renewal = terms.renewal_months > 0
    stated = {
        "title_transfers": terms.title_transfers,
        "purchase_option_reasonably_certain": np.where(option, terms.purchase_certain, 0),
        "has_purchase_option": option.astype(np.int64),
        "has_renewal_option": renewal.astype(np.int64),
        "renewal_reasonably_certain": terms.renewal_certain,
        "no_alternative_use": terms.no_alternative_use,
        "short_term_elected": terms.short_term_elected,
        "low_value_elected": terms.low_value_elected,
        "collection_probable": terms.collection_probable,
        **dict.fromkeys(_ABSENT, np.zeros(1, np.int64)),
        **exit_facts(terms),
        **terms.facts,
    }
    for name, values in stated.items():
        facts[name] = truths(values, world.bit(name))
    life = terms.economic_life_months
    left = np.where(terms.remaining_life_months == UNKNOWN, life,
                    terms.remaining_life_months)  # fmt: skip
    new = np.where(terms.value_when_new == UNKNOWN, terms.fair_value,
                   terms.value_when_new)  # fmt: skip
    numbers = {
        "total_economic_life_months": life,
        "remaining_economic_life_months": left,
        "fair_value": terms.fair_value,
    }
    for name, values in numbers.items():
        held = once(values)
        facts[name] = points(held, held != UNKNOWN, world.bit(name))
    scale = 10.0**decimals
    known = new != UNKNOWN
    bit = np.where(known, 0, world.bit("value_when_new"))
    facts["value_when_new"] = Numbers(
        np.nextafter(new / scale, -np.inf), np.nextafter(new / scale, np.inf), known, bit
    )
    lazy["value_when_new"] = lambda row: (
        Fraction(int(new[row]), 10 ** int(decimals[row])) if known[row] else None
    )
    return world, lazy


def exact_of(column: Column, row: int) -> Value | None:
    """What a column of points, truths or names says of one subject."""
    if isinstance(column, Names):
        code = of_row(column.code, row)
        return column.values[code] if code >= 0 else None
    if isinstance(column, Truths):
        yes = bool(of_row(column.yes, row))
        return yes if yes or of_row(column.no, row) else None
    return int(of_row(column.low, row)) if of_row(column.known, row) else None


def whole(asked: Asked, party: Party) -> Ints:
    """The residual that an implicit rate counts (`measure.lease_terms.whole_residual`)."""
    terms = party.terms
    free = np.where(terms.unguaranteed_residual == UNKNOWN, 0, terms.unguaranteed_residual)
    price = asked.frame.units[party.rows, r.PRICE]
    sure = terms.guaranteed_residual + terms.third_party_residual
    return np.where(price != 0, price, sure + free)


def lessee_values(asked: Asked, party: Party, world: World, lazy: Lazy, *, classed: bool) -> None:
    """
    The lessee's rate where none is stated, and the value of what it pays and guarantees.

    The value is left out where no class is asked for, as under IFRS.

    Source: ASC 842-10-25-2(d), 842-20-30-3; IFRS 16.26.
    """
    terms, frame = party.terms, asked.frame
    units, refused = frame.units[party.rows], frame.refused[party.rows]
    worth = terms.fair_value
    implicit = terms.rate == UNKNOWN
    price = units[:, r.PRICE]
    sure = np.where(price != 0, price, terms.guaranteed_residual)
    asks = question(party.positions())
    asks[:, 2] = implicit & (worth != UNKNOWN)
    # A lessee's rate leaves incentives out of what is paid by the start.
    asks[:, 3] = worth - terms.incentives
    asks[:, 4] = whole(asked, party)
    asks[:, 5], asks[:, 6], asks[:, 7] = sure, sure, -1
    rows = np.arange(len(party)) if classed else np.flatnonzero(asks[:, 2])
    answers, bounds = answered(frame, asks[rows], fast=asked.fast)
    solved = asks[rows, 2] == 1
    units[rows[solved], r.NUMERATOR] = answers[solved, 0]
    units[rows[solved], r.DENOMINATOR] = RATE_UNIT
    refused[rows[solved & (answers[:, 2] == 2)]] = NO_RATE_FOUND
    lacking = implicit & (worth == UNKNOWN)
    refused[lacking] = NO_RATE_STATED
    if classed:
        known = ~asked.open[party.rows] & ~lacking & (answers[:, 2] == 0)
        name, first = "present_value_for_classification", party.rows.start
        take_value(world, lazy, name, bounds[:, :2], known,
                    lambda row: exact_value(asked, first + row, -1, int(sure[row])))  # fmt: skip


def take_value(
    world: World, lazy: Lazy, name: str, bounds: Any, known: Any, exact: Callable[[int], Value]
) -> None:
    """A present value between its bounds; its exact value is computed where it is asked for."""
    term = world.column("lease_term")
    roots = term.missing if isinstance(term, Names) else 0
    missing = np.where(known, 0, world.bit(name) | roots)
    world.facts[name] = Numbers(bounds[:, 0], bounds[:, 1], known, missing)
    lazy[name] = lambda row: exact(row) if known[row] else None


def exact_value(
    asked: Asked, unit: int, event: int, final: int, rate: tuple[int, int] | None = None
) -> Fraction:
    """The exact present value of a unit's payments and of an amount at the end, with money paid."""
    frame = asked.frame
    dues, numerator, step, denominator, paid = position(frame, unit, event, final)
    if rate is not None:
        numerator, step, denominator = [rate[0]], 0, rate[1]
    return paid + exact_worth(dues, len(dues) - 1, numerator, step, denominator)


def lessor_values(asked: Asked, party: Party, world: World, lazy: Lazy) -> None:
    """
    The lessor's values at its rate, and whether a net investment would begin with a loss.

    Source: ASC 842-10-25-2(d), 842-10-25-3(b)(1), 842-10-25-3A, 842-10-25-4; IFRS 16.63(d).
    """
    terms, frame = party.terms, asked.frame
    units, refused = frame.units[party.rows], frame.refused[party.rows]
    worth = terms.fair_value
    carrying = np.where(terms.carrying_amount == UNKNOWN, worth, terms.carrying_amount)
    given = terms.rate != UNKNOWN
    price = units[:, r.PRICE]
    sure = np.where(price != 0, price, terms.guaranteed_residual)
    with_others = np.where(price != 0, price, sure + terms.third_party_residual)
    profit = worth != carrying
    units[:, r.HAS_PROFIT] = profit
    units[:, r.CARRYING] = np.where(carrying == UNKNOWN, 0, carrying)
    units[:, r.WORTH] = np.where(worth == UNKNOWN, 0, worth)
    units[:, r.RATE_GIVEN] = given
    costs = np.where(profit, 0, terms.initial_direct_costs)
    asks = question(party.positions())
    whole = units[:, r.GUARANTEED] + units[:, r.UNGUARANTEED]
    asks[:, 2] = ~given & (worth != UNKNOWN)
    asks[:, 3], asks[:, 4] = worth + costs, whole
    asks[:, 5], asks[:, 6] = sure, with_others
    asks[:, 7] = units[:, r.UNGUARANTEED]
    answers, bounds = answered(frame, asks, fast=asked.fast)
    solved = (asks[:, 2] == 1) & (answers[:, 2] == 0)
    units[:, r.SOLVED] = np.where(solved, answers[:, 0], -1)
    lacking = ~given & (worth == UNKNOWN)
    refused[lacking] = NO_RATE_STATED
    stated = terms.unguaranteed_residual != UNKNOWN
    known = ~asked.open[party.rows] & ~lacking & (answers[:, 2] == 0) & stated
    for k, (name, final) in enumerate(
        (
            ("lessor_present_value", sure),
            ("lessor_present_value_with_third_parties", with_others),
        )
    ):
        exact = _at_lessor_rate(asked, party, final, given, answers)
        take_value(world, lazy, name, bounds[:, 2 * k : 2 * k + 2], known, exact)
    cash = terms.prepaid + answers[:, 7] - terms.incentives
    begins = answers[:, 4] + answers[:, 5] + cash - carrying - costs
    loss = np.where(stated, begins < 0, worth < carrying).astype(np.int64)
    answerable = np.where(stated, known, worth != UNKNOWN)
    loss = np.where(answerable, loss, UNKNOWN)
    world.facts["day_one_selling_loss"] = truths(loss, world.bit("day_one_selling_loss"))
    refused[(answers[:, 2] == 2) & ~lacking & ~asked.open[party.rows]] = NO_RATE_FOUND


def _at_lessor_rate(
    asked: Asked, party: Party, final: Ints, given: Any, answers: Ints
) -> Callable[[int], Value]:
    """The exact value of one lessor's payments at the rate that is stated or has been solved."""

    def exact(row: int) -> Value:
        rate = None if given[row] else (int(answers[row, 0]), RATE_UNIT)
        return exact_value(asked, party.rows.start + row, -1, int(final[row]), rate)

    return exact
