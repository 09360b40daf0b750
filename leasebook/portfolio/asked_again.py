"""
The class of leases asked again on the days on which their terms change.
"""

import attrs
import numpy as np

from leasebook.facts.fact import Value
from leasebook.portfolio import records as r
from leasebook.portfolio.columns import Column, Names, Numbers, World, points, truths
from leasebook.portfolio.decide import decide, policy_value
from leasebook.portfolio.frame import CLASS_CHANGES
from leasebook.portfolio.loops import answered, question
from leasebook.portfolio.terms import RATE_UNIT, UNKNOWN, Ints
from leasebook.portfolio.worlds import Asked, Lazy, exact_of, exact_value, take_value

#: Decisions about a lease in the books of each party, in the order in which they wait.
LESSEES = ("lease_exemption", "lessee_classification")
LESSORS = ("day_one_loss_relief", "lessor_classification", "deposit_method")

_CLASSES = {
    "operating": r.OPERATING,
    "finance": r.FINANCE,
    "sales-type": r.SALES_TYPE,
    "direct-financing": r.DIRECT,
}
#: Kinds of event after which a lease is classified again (`facts.changes`).
_RECLASSIFY_LESSEE = (
    r.EXTENDED, r.CONSIDERATION, r.REASSESSED, r.TERM_REDUCED, r.SCOPE_REDUCED,
)  # fmt: skip
_RECLASSIFY_LESSOR = (r.EXTENDED, r.CONSIDERATION, r.TERM_REDUCED, r.SCOPE_REDUCED)


def ask_on_events(asked: Asked, units: Ints, framework: str, world: World, *, lessor: bool) -> None:
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
    then, lazy, owner = _world_on(asked, units, world, inside, events, lessor=lessor)
    names = LESSORS[:2] if lessor and framework == "us-gaap" else ("lessor_classification",)
    names = names if lessor else ("lessee_classification",)
    for name in names:
        found = decide(name, framework, then, asked.as_of)
    then.forget()
    lazy.clear()
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
) -> tuple[World, Lazy, Ints]:
    """The facts on the day of an event: what changes then, and what was known before."""
    terms, frame = asked.terms, asked.frame
    owner = units[inside]
    at, row = frame.lease[owner], frame.event_of[events]
    lazy: Lazy = {}
    facts: dict[str, Column] = {}

    def exact(name: str, k: int) -> Value | None:
        if name in lazy:
            return lazy[name](k)
        policy = policy_value(name)
        return policy if policy is not None else exact_of(facts[name], k)

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
    asks[:, 6], asks[:, 7] = final, -1
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
        take_value(
            then, lazy, name, bounds[:, :2], known,
            lambda k: exact_value(
                asked, owner[k], int(events[k]), int(final[k]),
                (int(answers[k, 0]), RATE_UNIT) if lessor else None,
            ),
        )  # fmt: skip
    return then, lazy, owner


def _taken(column: Column, rows: Ints) -> Column:
    """Some rows of a column."""
    if isinstance(column, Names):
        return Names(column.code[rows], column.values, column.missing[rows])
    parts = {field.name: getattr(column, field.name)[rows] for field in attrs.fields(type(column))}
    return type(column)(**parts)
