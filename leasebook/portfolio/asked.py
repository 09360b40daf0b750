"""
What is asked of the leases of a chunk, in order: term, value, exemption, class.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np

from leasebook.portfolio import records as r
from leasebook.portfolio.asked_again import LESSEES, LESSORS, ask_on_events
from leasebook.portfolio.columns import Names, World
from leasebook.portfolio.decide import decide
from leasebook.portfolio.exits import months_decided
from leasebook.portfolio.frame import DEPOSIT, NO_RATE_FOUND, NO_RATE_STATED, Frame
from leasebook.portfolio.intervals import Numbers, points
from leasebook.portfolio.party import Party
from leasebook.portfolio.terms import UNKNOWN, Ints, LeaseTerms
from leasebook.portfolio.worlds import Asked, lessee_values, lessor_values, world_of

_FRAMEWORKS = {1: "us-gaap", 2: "ifrs"}


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
    for party in frame.parties:
        _ask(asked, party)
    return asked


def _ask(asked: Asked, party: Party) -> None:
    """One side under one framework: decisions at commencement, then on each event."""
    world, lazy = world_of(asked, party)
    framework = _FRAMEWORKS[party.framework]
    for name in ("renewal", "lease_term"):
        asked.note(name, party, decide(name, framework, world, asked.as_of))
    _take_term(asked, party, world)
    _take_residuals(asked, party)
    if party.lessor:
        lessor_values(asked, party, world, lazy)
        names: tuple[str, ...] = LESSORS if framework == "us-gaap" else LESSORS[1:2]
    else:
        classed = framework == "us-gaap"
        lessee_values(asked, party, world, lazy, classed=classed)
        names = LESSEES if classed else LESSEES[:1]
    codes = {n: asked.note(n, party, decide(n, framework, world, asked.as_of)) for n in names}
    if party.lessor:
        _take_lessor_class(asked, party, framework, codes)
    else:
        _take_lessee_class(asked, party, framework, codes)
    ask_on_events(asked, party, framework, world)
    world.forget()
    lazy.clear()


def _take_term(asked: Asked, party: Party, world: World) -> None:
    """
    The lease term that follows from the decision, as `measure.term` has it.

    Source: ASC 842-10-30-1; IFRS 16.18.
    """
    terms, units = party.terms, asked.frame.units[party.rows]
    term = world.facts["lease_term"]
    if not isinstance(term, Names):
        raise TypeError("the lease term is no decision")
    months = months_decided(terms, term)
    known = term.code >= 0
    missing = term.missing | world.bit("lease_term_months")
    numbers = points(months, known, 0)
    world.facts["lease_term_months"] = attrs.evolve(numbers, missing=np.where(known, 0, missing))
    units[:, r.PERIODS] = months // terms.every
    asked.open[party.rows] |= ~known
    bought = terms.purchase_price != UNKNOWN
    bought &= (terms.purchase_certain == 1) | (term.code == term.values.index("to-purchase"))
    units[:, r.PRICE] = np.where(bought, terms.purchase_price, 0)
    units[:, r.OWNED] = bought | (terms.title_transfers == 1)
    life = world.facts["remaining_economic_life_months"]
    lasts = np.where(life.known, life.low, 12 * 10**6) if isinstance(life, Numbers) else 12 * 10**6
    units[:, r.LIFE] = np.maximum(1, np.maximum(lasts, 0).astype(np.int64) // terms.every)


def _take_residuals(asked: Asked, party: Party) -> None:
    """What is owed at the end, and what a lessor expects back (`measure.leased_asset`)."""
    terms, units = party.terms, asked.frame.units[party.rows]
    price = units[:, r.PRICE]
    bought, owned = price != 0, units[:, r.OWNED] == 1
    title = owned & ~bought
    sure = terms.guaranteed_residual + terms.third_party_residual
    free = np.where(terms.unguaranteed_residual == UNKNOWN, 0, terms.unguaranteed_residual)
    units[:, r.GUARANTEED] = np.where(bought, price, np.where(title, 0, sure))
    units[:, r.UNGUARANTEED] = np.where(owned, 0, free)
    owed: Any = np.where(bought, 0, terms.expected_guarantee_payment)
    if party.lessor:
        # A lessor is paid in the end what its lessee comes to expect; what is told last holds.
        told = np.flatnonzero(terms.event_kind == r.GUARANTEE)
        owed[terms.event_lease[told]] = terms.event_payment[told]
    units[:, r.RESIDUAL] = owed


def _take_lessee_class(
    asked: Asked, party: Party, framework: str, codes: Mapping[str, Ints]
) -> None:
    exemption = codes["lease_exemption"]
    exempt = exemption == 0
    if framework == "ifrs":
        exempt |= exemption == 1
    kind = np.full(len(party), r.IFRS_LESSEE, np.int64)
    undecided = exemption == -1
    if framework == "us-gaap":
        classed = codes["lessee_classification"]
        # Outcomes are finance, operating.
        kind = np.where(classed == 0, r.FINANCE, r.OPERATING)
        undecided |= (classed == -1) & ~exempt
    asked.frame.units[party.rows, r.KIND] = np.where(exempt, r.EXEMPT, kind)
    asked.open[party.rows] |= undecided


def _take_lessor_class(
    asked: Asked, party: Party, framework: str, codes: Mapping[str, Ints]
) -> None:
    units, refused = asked.frame.units[party.rows], asked.frame.refused[party.rows]
    undecided, classed = asked.open[party.rows], codes["lessor_classification"]
    if framework == "ifrs":
        kind = np.where(classed == 0, r.IFRS_LESSOR, r.LETTING)
    else:
        # Outcomes are sales-type, direct-financing, operating.
        kind = np.choose(np.maximum(classed, 0), [r.SALES_TYPE, r.DIRECT, r.LETTING])
        held = codes["deposit_method"]
        refused[held == 0] = DEPOSIT
        undecided |= held == -1
    undecided |= classed == -1
    units[:, r.KIND] = kind
    profit = units[:, r.HAS_PROFIT] == 1
    units[:, r.EXPENSED] = profit & (kind != r.DIRECT)
    # Direct costs that a direct financing lease defers are no part of the rate of the tests.
    absorbed = profit & (kind == r.DIRECT) & (units[:, r.DIRECT_COSTS] != 0)
    units[absorbed, r.SOLVED] = -1
    # The rate of a lease that is let is not needed; a guarantee is income when it is paid.
    rateless = (refused == NO_RATE_STATED) | (refused == NO_RATE_FOUND)
    refused[(kind == r.LETTING) & rateless] = 0
