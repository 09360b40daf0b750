"""
Payments: what every party pays every other by date and contract, from the schedules of the books.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

import attrs

from leasebook.book.chart import load_chart
from leasebook.book.post import post
from leasebook.contract.deal import Deal
from leasebook.contract.group import Supply
from leasebook.contract.model import (
    Contribution,
    EquityInterest,
    Services,
    parties,
    sides_of_purchase,
)
from leasebook.measure.contracts import contract_schedules
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.measure.supply import supply_schedules

Day: TypeAlias = date

#: Who is no party of the deal, such as those who make what a supplier sells.
OUTSIDE = ""
#: Contracts whose payments follow from their own terms, whatever anybody decides about them.
_OUTRIGHT = (Contribution, Services, Supply)


@attrs.frozen(order=True)
class Payment:
    """
    Money that one party pays another on a day under a contract.

    Attributes:
        date: When.
        purchase: Whether it pays for goods, services or a lease; what funds comes before it on
            the same day.
        contract: Under which, with the deal before it where there are several.
        payer: Who pays.
        payee: Who is paid; `OUTSIDE` for somebody who is no party of the deal.
        amount_minor: More than nothing.
    """

    date: Day
    purchase: bool
    contract: str
    payer: str
    payee: str
    amount_minor: int


@attrs.frozen
class Unmeasured:
    """A contract between two outsiders whose payments depend on decisions that nobody asks."""

    contract: str
    payer: str
    payee: str


def payments(deal: Deal, schedules: Iterable[Schedule], setting: Setting) -> tuple[Payment, ...]:
    """
    Every payment of a deal, each once, by date.

    A payment of two parties that keep books is taken from one of the two books: both hold it on the
    same day in the same amount; what either pays outside under the contract is its own. Between two
    outsiders it follows from the same measurement.

    Args:
        deal: The contracts.
        schedules: That the books were posted from.
        setting: Framework and scenario.
    """
    keeps = set(deal.bookkeepers())
    found: dict[tuple[Day, str, str, str], int] = defaultdict(int)
    told: dict[frozenset[str], str] = {}
    outsiders = _between_outsiders(deal, setting)
    ordered = sorted((*schedules, *outsiders), key=lambda s: (s.contract, s.entity not in keeps))
    for schedule in ordered:
        pair = frozenset({schedule.contract, schedule.entity, schedule.counterparty})
        teller = told.setdefault(pair, schedule.entity)
        twice = schedule.counterparty in keeps and teller != schedule.entity
        for day, counterparty, amount in _cash(schedule, setting.framework):
            if twice and counterparty != OUTSIDE:
                continue
            sides = (counterparty, schedule.entity)
            payer, payee = sides if amount > 0 else sides[::-1]
            found[day, schedule.contract, payer, payee] += abs(amount)
    made = [
        Payment(day, _is_purchase(deal, contract), contract, payer, payee, amount)
        for (day, contract, payer, payee), amount in found.items()
    ]
    return tuple(sorted(made))


def _is_purchase(deal: Deal, contract: str) -> bool:
    return sides_of_purchase(deal.contracts[contract]) is not None


def _cash(schedule: Schedule, framework: str) -> Iterator[tuple[Day, str, int]]:
    """Days, counterparties and net cash of a schedule, received positive."""
    chart = load_chart()
    net: dict[tuple[Day, str], int] = defaultdict(int)
    for posting in post([schedule], framework=framework):
        debit, credit = chart[posting.debit].cash, chart[posting.credit].cash
        if debit != credit:
            signed = posting.amount_minor if debit else -posting.amount_minor
            net[posting.date, posting.counterparty] += signed
    yield from ((day, other, amount) for (day, other), amount in net.items() if amount)


def _between_outsiders(deal: Deal, setting: Setting) -> tuple[Schedule, ...]:
    """Contracts of two parties that keep no books, measured as if one of them did."""
    keeps = set(deal.bookkeepers())
    alone = {
        key: contract
        for key, contract in deal.contracts.items()
        if keeps.isdisjoint(parties(contract)) and isinstance(contract, _OUTRIGHT)
    }
    if not alone:
        return ()
    needed = {c.interest: deal.contracts[c.interest] for c in alone.values()
              if isinstance(c, Contribution)}  # fmt: skip
    entities = {key: attrs.evolve(e, keeps_books=True) for key, e in deal.entities.items()}
    apart = attrs.evolve(deal, entities=entities, contracts={**needed, **alone})
    open_setting = attrs.evolve(setting, deal=apart, outcomes={})
    made = [*contract_schedules(open_setting)]
    for supply in apart.of_kind(Supply):
        made += supply_schedules(supply, open_setting)
    first = {key: parties(contract)[0] for key, contract in alone.items()}
    return tuple(s for s in made if s.entity == first.get(s.contract))


def unmeasured(deal: Deal) -> tuple[Unmeasured, ...]:
    """The binding contracts between outsiders whose payments are left out."""
    keeps = set(deal.bookkeepers())
    found = []
    for key, contract in deal.contracts.items():
        moves = not isinstance(contract, (*_OUTRIGHT, EquityInterest))
        if keeps.isdisjoint(parties(contract)) and moves:
            found.append(Unmeasured(key, *parties(contract)))
    return tuple(found)


def net_positions(paid: Iterable[Payment]) -> dict[str, int]:
    """
    What each party received less what it paid, minor units; over all parties they sum to zero.

    Example:
        >>> net_positions([Payment(date(2026, 1, 1), False, "c", "a", "b", 5)])
        {'a': -5, 'b': 5}
    """
    net: dict[str, int] = defaultdict(int)
    for one in paid:
        net[one.payer] -= one.amount_minor
        net[one.payee] += one.amount_minor
    return dict(net)
