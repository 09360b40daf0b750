"""
What is asked of the leases of a chunk, in order: term, value, exemption, class; again on events.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from leasebook.facts.fact import Value
from leasebook.portfolio import records as r
from leasebook.portfolio.columns import Column, Names, Numbers, Truths, World, points, truths
from leasebook.portfolio.decide import decide, policy_value
from leasebook.portfolio.frame import (
    CLASS_CHANGES,
    DEPOSIT,
    NO_RATE_FOUND,
    NO_RATE_STATED,
    Frame,
)
from leasebook.portfolio.loops import answered, position, question
from leasebook.portfolio.results import Decided
from leasebook.portfolio.terms import LESSOR, RATE_UNIT, UNKNOWN, Ints, LeaseTerms
from leasebook.reckoning.exact import exact_worth

#: Decisions about a lease that a portfolio needs, in the order in which they wait.
LESSEES = ("lease_exemption", "lessee_classification")
LESSORS = ("day_one_loss_relief", "lessor_classification", "deposit_method")
ASKED = ("renewal", "lease_term", *LESSEES, *LESSORS)

_FRAMEWORKS = {1: "us-gaap", 2: "ifrs"}
_CLASSES = {
    "operating": r.OPERATING,
    "finance": r.FINANCE,
    "sales-type": r.SALES_TYPE,
    "direct-financing": r.DIRECT,
}
#: What follows from a lease in columns having no such option, sublease or guarantee beside it.
_ABSENT = (
    "has_termination_option", "both_may_terminate", "termination_in_first_term",
    "termination_while_bound", "mutual_exit_while_bound", "renewal_option_with_lessor",
    "has_residual_value_guarantee", "is_sublease", "expected_to_be_subleased",
    "head_lease_short_term",
)  # fmt: skip
#: Kinds of event after which a lease is classified again (`facts.changes`).
_RECLASSIFY_LESSEE = (
    r.EXTENDED, r.CONSIDERATION, r.REASSESSED, r.TERM_REDUCED, r.SCOPE_REDUCED,
)  # fmt: skip
_RECLASSIFY_LESSOR = (r.EXTENDED, r.CONSIDERATION, r.TERM_REDUCED, r.SCOPE_REDUCED)

Test = Mapping[str, Any]


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
        ties: Exact present values by what they are asked for, computed once.
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

    def note(self, name: str, units: Ints, found: Decided) -> Ints:
        """A decision about some units; returns its outcomes' places in the whole list."""
        known = self.outcomes.setdefault(name, [])
        known += [o for o in found.outcomes if o not in known]
        place = np.array([known.index(o) for o in found.outcomes] + [-1], np.int64)
        if name not in self.codes:
            self.codes[name] = np.full(len(self.frame.units), -2, np.int64)
            self.missing[name] = np.zeros(len(self.frame.units), np.int64)
        self.codes[name][units] = place[found.code]
        self.missing[name][units] = found.missing
        return found.code


def ask_all(terms: LeaseTerms, frame: Frame, decimals: Ints, as_of: date, *, fast: bool) -> Asked:
    """
    Every decision about every unit, with the records completed by what they lead to.

    Args:
        terms: The leases.
        frame: Their units, written to.
        decimals: Of the minor unit, for each unit.
        as_of: The day whose rules decide.
        fast: Whether loops are compiled.
    """
    asked = Asked(terms, frame, decimals, as_of, fast)
    asked.open = np.zeros(len(frame.units), np.bool_)
    side = terms.side[frame.lease]
    for framework in (1, 2):
        for party in (0, 1):
            units = np.flatnonzero((frame.framework == framework) & (side == party))
            if len(units):
                _ask(asked, units, _FRAMEWORKS[framework], lessor=party == LESSOR)
    return asked


def _ask(asked: Asked, units: Ints, framework: str, *, lessor: bool) -> None:
    """One side under one framework: decisions at commencement, then on each event."""
    world, lazy = _world(asked, units)
    for name in ("renewal", "lease_term"):
        asked.note(name, units, decide(name, framework, world, asked.as_of))
    _take_term(asked, units, world)
    _take_residuals(asked, units)
    if lessor:
        _lessor_values(asked, units, world, lazy)
        names = LESSORS if framework == "us-gaap" else ("lessor_classification",)
    else:
        _lessee_values(asked, units, world, lazy)
        names = LESSEES if framework == "us-gaap" else ("lease_exemption",)
    codes = {n: asked.note(n, units, decide(n, framework, world, asked.as_of)) for n in names}
    texts = {n: [*asked.outcomes[n]] for n in names}
    if lessor:
        _take_lessor_class(asked, units, framework, codes, texts)
    else:
        _take_lessee_class(asked, units, framework, codes, texts)
    _ask_on_events(asked, units, framework, world, lessor=lessor)


def _world(asked: Asked, units: Ints) -> tuple[World, dict[str, Callable[[int], Value | None]]]:
    """The facts that the terms state, at commencement."""
    terms, at = asked.terms, asked.frame.lease[units]
    lazy: dict[str, Callable[[int], Value | None]] = {}
    facts: dict[str, Column] = {}

    def exact(name: str, row: int) -> Value | None:
        if name in lazy:
            return lazy[name](row)
        column = world.facts[name]
        policy = policy_value(name)
        return policy if policy is not None else _exact_of(column, row)

    world = World(len(units), facts, exact, asked.bits)
    option = terms.purchase_price[at] != UNKNOWN
    renewal = terms.renewal_months[at] > 0
    stated = {
        "title_transfers": terms.title_transfers[at],
        "purchase_option_reasonably_certain": np.where(option, terms.purchase_certain[at], 0),
        "has_purchase_option": option.astype(np.int64),
        "has_renewal_option": renewal.astype(np.int64),
        "renewal_reasonably_certain": terms.renewal_certain[at],
        "no_alternative_use": terms.no_alternative_use[at],
        "short_term_elected": terms.short_term_elected[at],
        "low_value_elected": terms.low_value_elected[at],
        "collection_probable": terms.collection_probable[at],
        **dict.fromkeys(_ABSENT, np.zeros(len(at), np.int64)),
        **{name: column[at] for name, column in terms.facts.items()},
    }
    for name, values in stated.items():
        facts[name] = truths(values, world.bit(name))
    life = terms.economic_life_months[at]
    left = np.where(terms.remaining_life_months[at] == UNKNOWN, life,
                    terms.remaining_life_months[at])  # fmt: skip
    new = np.where(terms.value_when_new[at] == UNKNOWN, terms.fair_value[at],
                   terms.value_when_new[at])  # fmt: skip
    numbers = {
        "total_economic_life_months": life,
        "remaining_economic_life_months": left,
        "fair_value": terms.fair_value[at],
    }
    for name, values in numbers.items():
        facts[name] = points(values, values != UNKNOWN, world.bit(name))
    scale = 10.0 ** asked.decimals[units]
    known = new != UNKNOWN
    bit = np.where(known, 0, world.bit("value_when_new"))
    facts["value_when_new"] = Numbers(
        np.nextafter(new / scale, -np.inf), np.nextafter(new / scale, np.inf), known, bit
    )
    lazy["value_when_new"] = lambda row: (
        Fraction(int(new[row]), 10 ** int(asked.decimals[units[row]])) if known[row] else None
    )
    return world, lazy


def _exact_of(column: Column, row: int) -> Value | None:
    """What a column of points, truths or names says of one subject."""
    if isinstance(column, Names):
        return column.values[column.code[row]] if column.code[row] >= 0 else None
    if isinstance(column, Truths):
        return bool(column.yes[row]) if column.yes[row] or column.no[row] else None
    return int(column.low[row]) if column.known[row] else None


def _take_term(asked: Asked, units: Ints, world: World) -> None:
    """
    The lease term that follows from the decision, as `measure.term` has it.

    Source: ASC 842-10-30-1; IFRS 16.18.
    """
    terms, frame = asked.terms, asked.frame
    at = frame.lease[units]
    term = world.facts["lease_term"]
    if not isinstance(term, Names):
        raise TypeError("the lease term is no decision")
    renewed = term.code == term.values.index("with-renewals")
    months = terms.term_months[at] + np.where(renewed, terms.renewal_months[at], 0)
    known = term.code >= 0
    missing = term.missing | world.bit("lease_term_months")
    numbers = points(months, known, 0)
    world.facts["lease_term_months"] = attrs.evolve(numbers, missing=np.where(known, 0, missing))
    frame.units[units, r.PERIODS] = months // terms.every[at]
    asked.open[units[~known]] = True
    bought = terms.purchase_price[at] != UNKNOWN
    bought &= (terms.purchase_certain[at] == 1) | (term.code == term.values.index("to-purchase"))
    frame.units[units, r.PRICE] = np.where(bought, terms.purchase_price[at], 0)
    frame.units[units, r.OWNED] = bought | (terms.title_transfers[at] == 1)
    life = world.facts["remaining_economic_life_months"]
    lasts = np.where(life.known, life.low, 12 * 10**6) if isinstance(life, Numbers) else 12 * 10**6
    frame.units[units, r.LIFE] = np.maximum(1, np.maximum(lasts, 0).astype(np.int64)
                                            // terms.every[at])  # fmt: skip


def _take_residuals(asked: Asked, units: Ints) -> None:
    """What is owed at the end, and what a lessor expects back (`measure.leased_asset`)."""
    terms, frame = asked.terms, asked.frame
    at = frame.lease[units]
    price = frame.units[units, r.PRICE]
    bought, owned = price != 0, frame.units[units, r.OWNED] == 1
    title = owned & ~bought
    sure = terms.guaranteed_residual[at] + terms.third_party_residual[at]
    free = np.where(terms.unguaranteed_residual[at] == UNKNOWN, 0, terms.unguaranteed_residual[at])
    frame.units[units, r.GUARANTEED] = np.where(bought, price, np.where(title, 0, sure))
    frame.units[units, r.UNGUARANTEED] = np.where(owned, 0, free)
    owed = np.where(bought, 0, terms.expected_guarantee_payment[at])
    frame.units[units, r.RESIDUAL] = owed
    # A lessor is paid in the end what its lessee comes to expect.
    for lease, kind, amount in zip(
        asked.terms.event_lease, asked.terms.event_kind, asked.terms.event_payment, strict=True
    ):
        if kind == r.GUARANTEE and terms.side[lease] == LESSOR:
            frame.units[units[at == lease], r.RESIDUAL] = amount


def _whole(asked: Asked, units: Ints) -> Ints:
    """The residual that an implicit rate counts (`measure.lease_terms.whole_residual`)."""
    terms, at = asked.terms, asked.frame.lease[units]
    free = np.where(terms.unguaranteed_residual[at] == UNKNOWN, 0, terms.unguaranteed_residual[at])
    price = asked.frame.units[units, r.PRICE]
    sure = terms.guaranteed_residual[at] + terms.third_party_residual[at]
    return np.where(price != 0, price, sure + free)


def _lessee_values(asked: Asked, units: Ints, world: World, lazy: Any) -> None:
    """
    The lessee's rate where none is stated, and the value of what it pays and guarantees.

    Source: ASC 842-10-25-2(d), 842-20-30-3; IFRS 16.26.
    """
    terms, frame = asked.terms, asked.frame
    at = frame.lease[units]
    worth = terms.fair_value[at]
    implicit = terms.rate[at] == UNKNOWN
    price = frame.units[units, r.PRICE]
    sure = np.where(price != 0, price, terms.guaranteed_residual[at])
    asks = question(units)
    asks[:, 2] = implicit & (worth != UNKNOWN)
    # A lessee's rate leaves incentives out of what is paid by the start.
    asks[:, 3] = worth - terms.incentives[at]
    asks[:, 4] = _whole(asked, units)
    asks[:, 5] = sure
    answers, bounds = answered(frame, asks, fast=asked.fast)
    solved = asks[:, 2] == 1
    frame.units[units[solved], r.NUMERATOR], frame.units[units[solved], r.DENOMINATOR] = (
        answers[solved, 0], RATE_UNIT,
    )  # fmt: skip
    frame.refused[units[solved & (answers[:, 2] == 2)]] = NO_RATE_FOUND
    lacking = implicit & (worth == UNKNOWN)
    frame.refused[units[lacking]] = NO_RATE_STATED
    known = ~asked.open[units] & ~lacking & (answers[:, 2] == 0)
    name = "present_value_for_classification"
    _take_value(world, lazy, name, bounds[:, :2], known,
                lambda row: _exact_value(asked, units[row], -1, int(sure[row])))  # fmt: skip


def _take_value(
    world: World, lazy: Any, name: str, bounds: Any, known: Any, exact: Callable[[int], Value]
) -> None:
    """A present value between its bounds; its exact value is computed where it is asked for."""
    term = world.facts["lease_term"]
    roots = term.missing if isinstance(term, Names) else 0
    missing = np.where(known, 0, world.bit(name) | roots)
    world.facts[name] = Numbers(bounds[:, 0], bounds[:, 1], known, missing)
    lazy[name] = lambda row: exact(row) if known[row] else None


def _exact_value(
    asked: Asked, unit: int, event: int, final: int, rate: tuple[int, int] | None = None
) -> Fraction:
    """The exact present value of a unit's payments and of an amount at the end, with money paid."""
    frame = asked.frame
    dues, numerator, step, denominator, paid = position(frame, unit, event, final)
    if rate is not None:
        numerator, step, denominator = [rate[0]], 0, rate[1]
    return paid + exact_worth(dues, len(dues) - 1, numerator, step, denominator)


def _lessor_values(asked: Asked, units: Ints, world: World, lazy: Any) -> None:
    """
    The lessor's values at its rate, and whether a net investment would begin with a loss.

    Source: ASC 842-10-25-2(d), 842-10-25-3(b)(1), 842-10-25-3A, 842-10-25-4; IFRS 16.63(d).
    """
    terms, frame = asked.terms, asked.frame
    at = frame.lease[units]
    worth = terms.fair_value[at]
    carrying = np.where(terms.carrying_amount[at] == UNKNOWN, worth, terms.carrying_amount[at])
    given = terms.rate[at] != UNKNOWN
    price = frame.units[units, r.PRICE]
    sure = np.where(price != 0, price, terms.guaranteed_residual[at])
    with_others = np.where(price != 0, price, sure + terms.third_party_residual[at])
    profit = worth != carrying
    frame.units[units, r.HAS_PROFIT] = profit
    frame.units[units, r.CARRYING] = np.where(carrying == UNKNOWN, 0, carrying)
    frame.units[units, r.WORTH] = np.where(worth == UNKNOWN, 0, worth)
    frame.units[units, r.RATE_GIVEN] = given
    costs = np.where(profit, 0, terms.initial_direct_costs[at])
    asks = question(units)
    whole = frame.units[units, r.GUARANTEED] + frame.units[units, r.UNGUARANTEED]
    asks[:, 2] = ~given & (worth != UNKNOWN)
    asks[:, 3], asks[:, 4] = worth + costs, whole
    asks[:, 5], asks[:, 6] = sure, with_others
    asks[:, 7] = frame.units[units, r.UNGUARANTEED]
    answers, bounds = answered(frame, asks, fast=asked.fast)
    lacking = ~given & (worth == UNKNOWN)
    frame.refused[units[lacking]] = NO_RATE_STATED
    stated = terms.unguaranteed_residual[at] != UNKNOWN
    known = ~asked.open[units] & ~lacking & (answers[:, 2] == 0) & stated
    for k, (name, final) in enumerate(
        (
            ("lessor_present_value", sure),
            ("lessor_present_value_with_third_parties", with_others),
        )
    ):
        _take_value(
            world, lazy, name, bounds[:, 2 * k : 2 * k + 2], known,
            lambda row, final=final: _exact_value(
                asked, units[row], -1, int(final[row]),
                None if given[row] else (int(answers[row, 0]), RATE_UNIT),
            ),
        )  # fmt: skip
    cash = terms.prepaid[at] + answers[:, 7] - terms.incentives[at]
    begins = answers[:, 4] + answers[:, 5] + cash - carrying - costs
    loss = np.where(stated, begins < 0, worth < carrying).astype(np.int64)
    answerable = np.where(stated, known, worth != UNKNOWN)
    loss = np.where(answerable, loss, UNKNOWN)
    world.facts["day_one_selling_loss"] = truths(loss, world.bit("day_one_selling_loss"))
    frame.refused[units[(answers[:, 2] == 2) & ~lacking & ~asked.open[units]]] = NO_RATE_FOUND


def _take_lessee_class(
    asked: Asked, units: Ints, framework: str, codes: Test, texts: Mapping[str, list[str]]
) -> None:
    exemption = codes["lease_exemption"]
    exempt = exemption == 0
    if framework == "ifrs":
        exempt |= exemption == 1
    kind = np.full(len(units), r.IFRS_LESSEE, np.int64)
    undecided = exemption == -1
    if framework == "us-gaap":
        classed = codes["lessee_classification"]
        # Outcomes are finance, operating.
        kind = np.where(classed == 0, r.FINANCE, r.OPERATING)
        undecided |= (classed == -1) & ~exempt
    del texts
    asked.frame.units[units, r.KIND] = np.where(exempt, r.EXEMPT, kind)
    asked.open[units[undecided]] = True


def _take_lessor_class(
    asked: Asked, units: Ints, framework: str, codes: Test, texts: Mapping[str, list[str]]
) -> None:
    frame = asked.frame
    classed = codes["lessor_classification"]
    del texts
    if framework == "ifrs":
        kind = np.where(classed == 0, r.IFRS_LESSOR, r.LETTING)
    else:
        # Outcomes are sales-type, direct-financing, operating.
        kind = np.choose(np.maximum(classed, 0), [r.SALES_TYPE, r.DIRECT, r.LETTING])
        held = codes["deposit_method"]
        frame.refused[units[held == 0]] = DEPOSIT
        asked.open[units[held == -1]] = True
    asked.open[units[classed == -1]] = True
    frame.units[units, r.KIND] = kind
    profit = frame.units[units, r.HAS_PROFIT] == 1
    frame.units[units, r.EXPENSED] = profit & (kind != r.DIRECT)
    letting = kind == r.LETTING
    # The rate of a lease that is let is not needed; a guarantee is income when it is paid.
    spared = units[letting & np.isin(frame.refused[units], (NO_RATE_STATED, NO_RATE_FOUND))]
    frame.refused[spared] = 0


def _ask_on_events(
    asked: Asked, units: Ints, framework: str, world: World, *, lessor: bool
) -> None:
    """
    The class asked again on the days on which terms change.

    Source: ASC 842-10-25-1, 842-10-25-11, 842-10-35-4; IFRS 16.66.
    """
    frame = asked.frame
    counts = frame.units[units, r.EVENT_LAST] - frame.units[units, r.EVENT_FIRST]
    if not counts.sum() or (framework == "ifrs" and not lessor):
        return
    inside = np.repeat(np.arange(len(units)), counts)
    lasts = np.cumsum(counts)
    events = np.repeat(frame.units[units, r.EVENT_FIRST] - (lasts - counts), counts) + np.arange(
        counts.sum()
    )
    kinds = _RECLASSIFY_LESSOR if lessor else _RECLASSIFY_LESSEE
    again = np.isin(frame.events[events, r.WHAT], kinds) & ~asked.open[units[inside]]
    inside, events = inside[again], events[again]
    if not len(events):
        return
    then, owner = _world_on(asked, units, world, inside, events, lessor=lessor)
    names = LESSORS[:2] if lessor and framework == "us-gaap" else ("lessor_classification",)
    names = names if lessor else ("lessee_classification",)
    for name in names:
        found = decide(name, framework, then, asked.as_of)
    classed = found.code
    kind = np.full(len(classed), -1, np.int64)
    for code, outcome in enumerate(found.outcomes):
        own = r.IFRS_LESSOR if (framework, outcome) == ("ifrs", "finance") else _CLASSES[outcome]
        kind[classed == code] = r.LETTING if lessor and outcome == "operating" else own
    undecided = owner[classed == -1]
    asked.open[undecided] = True
    last = names[-1]
    asked.codes[last][undecided] = -1
    np.bitwise_or.at(asked.missing[last], undecided, found.missing[classed == -1])
    exempt = frame.units[owner, r.KIND] == r.EXEMPT
    if lessor:
        changed = (classed >= 0) & (kind != frame.units[owner, r.KIND])
        frame.refused[owner[changed]] = CLASS_CHANGES
        return
    frame.events[events[~exempt], r.CLASS] = kind[~exempt]


def _world_on(
    asked: Asked, units: Ints, world: World, inside: Ints, events: Ints, *, lessor: bool
) -> tuple[World, Ints]:
    """The facts on the day of an event: what changes then, and what was known before."""
    terms, frame = asked.terms, asked.frame
    owner = units[inside]
    at, row = frame.lease[owner], frame.event_of[events]
    lazy: dict[str, Callable[[int], Value | None]] = {}
    facts: dict[str, Column] = {}

    def exact(name: str, k: int) -> Value | None:
        if name in lazy:
            return lazy[name](k)
        policy = policy_value(name)
        return policy if policy is not None else _exact_of(facts[name], k)

    for name, column in world.facts.items():
        facts[name] = _taken(column, inside)
    then = World(len(events), facts, exact, asked.bits)
    every = terms.every[at]
    life = facts["remaining_economic_life_months"]
    if isinstance(life, Numbers):
        left = life.low - frame.events[events, r.AT] * every
        facts["remaining_economic_life_months"] = attrs.evolve(life, low=left, high=left)
    worth = terms.event_fair_value[row]
    facts["fair_value"] = points(worth, worth != UNKNOWN, then.bit("fair_value"))
    asks = question(owner, events)
    price = frame.units[owner, r.PRICE]
    whole = frame.units[owner, r.GUARANTEED] + frame.units[owner, r.UNGUARANTEED]
    guaranteed = terms.guaranteed_residual[at]
    final = guaranteed if lessor else np.where(price != 0, price, guaranteed)
    asks[:, 2] = lessor & (worth != UNKNOWN)
    asks[:, 3], asks[:, 4], asks[:, 5] = worth, whole, final
    answers, bounds = answered(frame, asks, fast=asked.fast)
    months = answers[:, 6] * every
    facts["lease_term_months"] = points(months, months > 0, then.bit("lease_term_months"))
    known = answers[:, 2] == 0
    if lessor:
        known &= (worth != UNKNOWN) & (terms.event_payment[row] != UNKNOWN)
        facts["day_one_selling_loss"] = truths(np.zeros(len(events), np.int64), 0)
        names: tuple[str, ...] = (
            "lessor_present_value", "lessor_present_value_with_third_parties",
        )  # fmt: skip
    else:
        names = ("present_value_for_classification",)
    for name in names:
        _take_value(
            then, lazy, name, bounds[:, :2], known,
            lambda k: _exact_value(
                asked, owner[k], int(events[k]), int(final[k]),
                (int(answers[k, 0]), RATE_UNIT) if lessor else None,
            ),
        )  # fmt: skip
    return then, owner


def _taken(column: Column, rows: Ints) -> Column:
    """Some rows of a column."""
    if isinstance(column, Names):
        return Names(column.code[rows], column.values, column.missing[rows])
    parts = {field.name: getattr(column, field.name)[rows] for field in attrs.fields(type(column))}
    return type(column)(**parts)
