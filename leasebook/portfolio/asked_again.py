"""
The class of leases asked again on the days on which their terms change.
"""

import attrs
import numpy as np

from leasebook.facts.fact import Value
from leasebook.portfolio import records as r
from leasebook.portfolio.changes import Days, asked_again, carried_on, days_of
from leasebook.portfolio.columns import Column, Truths, World, truths
from leasebook.portfolio.decide import decide, policy_value
from leasebook.portfolio.frame import CLASS_CHANGES
from leasebook.portfolio.intervals import Numbers, points
from leasebook.portfolio.loops import answered, question
from leasebook.portfolio.party import Party
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


def ask_on_events(asked: Asked, party: Party, framework: str, world: World) -> None:
    """
    The class asked again on the days on which terms change.

    Source: ASC 842-10-25-1, 842-10-25-11, 842-10-35-4; IFRS 16.66.
    """
    days = days_of(asked, party)
    if days is None:
        return
    frame, lessor = asked.frame, party.lessor
    again = asked_again(asked, party, framework, days)
    again &= ~asked.open[party.rows][days.owner]
    some = np.flatnonzero(again)
    if not len(some):
        return
    then, lazy, owner = _world_on(asked, party, world, days, some)
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
    exempt = frame.units[owner, r.KIND] == r.EXEMPT
    lacking = (classed == -1) & ~exempt
    undecided = owner[lacking]
    asked.open[undecided] = True
    last = names[-1]
    asked.codes[last][undecided] = -1
    np.bitwise_or.at(asked.missing[last], undecided, found.missing[lacking])
    if lessor:
        changed = (classed >= 0) & (kind != frame.units[owner, r.KIND])
        frame.refused[owner[changed]] = CLASS_CHANGES
        return
    told = np.full(len(again), UNKNOWN, np.int64)
    told[some[~exempt & (kind >= 0)]] = kind[~exempt & (kind >= 0)]
    # A class holds until it is asked again.
    classes = carried_on(days.owner, told)[days.of_event]
    frame.events[days.events, r.CLASS] = np.where(classes == UNKNOWN, -1, classes)


def _world_on(
    asked: Asked, party: Party, world: World, days: Days, some: Ints
) -> tuple[World, Lazy, Ints]:
    """The facts at the end of some days: what changes then, and what was known before."""
    terms, frame, lessor = party.terms, asked.frame, party.lessor
    inside, events = days.owner[some], days.events[days.last[some]]
    owner = party.rows.start + inside
    lazy: Lazy = {}
    facts: dict[str, Column] = {}

    def exact(name: str, k: int) -> Value | None:
        if name in lazy:
            return lazy[name](k)
        policy = policy_value(name)
        return policy if policy is not None else exact_of(facts[name], k)

    def before(name: str) -> Column | None:
        return _taken(world.facts[name], inside) if name in world.facts else None

    then = World(len(events), facts, exact, asked.bits, before)
    every = terms.every[inside]
    life = then.column("remaining_economic_life_months")
    if isinstance(life, Numbers):
        left = life.low - frame.events[events, r.AT] * every
        facts["remaining_economic_life_months"] = attrs.evolve(life, low=left, high=left)
    view = days.certain[some]
    if np.any(view != UNKNOWN):
        name = "purchase_option_reasonably_certain"
        facts[name] = _seen_anew(then.column(name), view)
    worth = days.fair_value[some]
    facts["fair_value"] = points(worth, worth != UNKNOWN, then.bit("fair_value"))
    asks = question(owner, events)
    price = days.price[some]
    whole = frame.units[owner, r.GUARANTEED] + frame.units[owner, r.UNGUARANTEED]
    guaranteed = terms.guaranteed_residual[inside]
    final = guaranteed if lessor else np.where(price != 0, price, guaranteed)
    asks[:, 2] = lessor & (worth != UNKNOWN)
    asks[:, 3], asks[:, 4], asks[:, 5] = worth, whole, final
    asks[:, 6], asks[:, 7] = final, -1
    answers, bounds = answered(frame, asks, fast=asked.fast)
    months = answers[:, 6] * every
    facts["lease_term_months"] = points(months, months > 0, then.bit("lease_term_months"))
    known = answers[:, 2] == 0
    if lessor:
        known &= worth != UNKNOWN
        facts["day_one_selling_loss"] = truths(np.zeros(1, np.int64), 0)
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


def _seen_anew(column: Column, view: Ints) -> Column:
    """A truth with what is now thought of it in its place, where anything is."""
    if not isinstance(column, Truths):
        raise TypeError("a view of a purchase is a truth")
    new = view != UNKNOWN
    yes, no = np.where(new, view == 1, column.yes), np.where(new, view == 0, column.no)
    return attrs.evolve(column, yes=yes, no=no, missing=np.where(new, 0, column.missing))


def _taken(column: Column, rows: Ints) -> Column:
    """Some rows of a column; both ends of a point stay one array."""
    parts = {name: getattr(column, name) for name in attrs.fields_dict(type(column))}
    some = {
        name: part if name == "values" or len(part) == 1 else part[rows]
        for name, part in parts.items()
    }
    if isinstance(column, Numbers) and column.low is column.high:
        some["high"] = some["low"]
    return type(column)(**some)
