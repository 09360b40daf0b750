"""
One lease of a portfolio once more, by the engine for deals, and held against its columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from leasebook import pipeline
from leasebook.bulk.deal_of_lease import ENTITY, LEASE, SCENARIO, deal_of_lease
from leasebook.bulk.mismatch import ColumnsDifferError
from leasebook.contract.deal import Deal, Framework
from leasebook.contract.lease import Lease
from leasebook.intake.lot import Lot
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.portfolio.ledger import Ledger
from leasebook.portfolio.measure import measure_chunk
from leasebook.portfolio.terms import IFRS, LESSEE, US_GAAP, LeaseTerms
from leasebook.rulebook.determination import Determination, Determinations
from leasebook.rulebook.loading import Rulebook
from leasebook.values.money import Currency

FRAMEWORKS: Mapping[Framework, int] = {"us-gaap": US_GAAP, "ifrs": IFRS}

#: Decisions about a lease that a portfolio asks, by side, in the order in which they are told.
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "lessee": ("renewal", "lease_term", "lease_exemption", "lessee_classification",
               "modification", "lessee_reclassification"),
    "lessor": ("renewal", "lease_term", "day_one_loss_relief", "lessor_classification",
               "deposit_method", "modification", "lessor_reclassification"),
}  # fmt: skip
_CLASSES = ("lessee_classification", "lessor_classification")


@attrs.frozen
class Explained:
    """
    One lease under one framework.

    Attributes:
        determinations: About the lease, in order.
        schedules: As the engine for deals measures it; empty while a decision is open.
        if_open: While only the class is open: the schedules for each outcome that it may have.
        agreed: Whether the columns were measured as well, and gave the same integers.
    """

    framework: Framework
    determinations: tuple[Determination, ...]
    schedules: tuple[Schedule, ...]
    if_open: Mapping[str, tuple[Schedule, ...]]
    agreed: bool

    @property
    def known(self) -> tuple[Schedule, ...]:
        """Its schedules, or those of the first outcome that an open class may have."""
        return self.schedules or next(iter(self.if_open.values()), ())


def explained(
    lot: Lot, *, entity: str, currency: Currency, rules_as_of: date, source: str
) -> tuple[Explained, ...]:
    """
    One lease under each framework that its row asks for.

    Args:
        lot: That lease alone.
        entity: In whose books.
        currency: Of its amounts.
        rules_as_of: The day whose rules decide.
        source: Where the lease stands.

    Raises:
        ColumnsDifferError: If the two engines differ.
    """
    terms = lot.terms
    found = []
    for framework, code in FRAMEWORKS.items():
        if int(terms.frameworks[0]) & code:
            deal = deal_of_lease(
                terms, names=(entity, lot.counterparties[0]), currency=currency,
                known_to=rules_as_of, source=source, framework=framework,
            )  # fmt: skip
            found.append(_explained(deal, framework, terms, rules_as_of, currency))
    return tuple(found)


def _explained(
    deal: Deal, framework: Framework, terms: LeaseTerms, rules_as_of: date, currency: Currency
) -> Explained:
    side = "lessee" if int(terms.side[0]) == LESSEE else "lessor"
    reached = _reached(deal, framework, rules_as_of, {})
    told = tuple(_told(reached, DECISIONS[side]))
    open_ones = [d.decision for d in told if d.stands is None]
    schedules: tuple[Schedule, ...] = ()
    if_open: dict[str, tuple[Schedule, ...]] = {}
    if not open_ones:
        schedules = _schedules(deal, framework, reached)
    elif set(open_ones) <= {*_CLASSES, "deposit_method"} and open_ones[0] in _CLASSES:
        for outcome in _outcomes(open_ones[0], framework):
            assumed = {(open_ones[0], LEASE): outcome}
            again = _reached(deal, framework, rules_as_of, assumed)
            if all(d.stands is not None for d in _told(again, DECISIONS[side])):
                if_open[outcome] = _schedules(deal, framework, again)
    agreed = _held_against_columns(terms, schedules, framework, rules_as_of, currency)
    return Explained(framework, told, schedules, if_open, agreed)


def _reached(
    deal: Deal, framework: Framework, day: date, assumed: Mapping[tuple[str, str], str]
) -> Determinations:
    """What a portfolio asks about its leases, each being a lease as somebody says."""
    lease = deal.contracts[LEASE]
    side = "lessee" if isinstance(lease, Lease) and lease.lessee == ENTITY else "lessor"
    about = [
        subject.id for subject in pipeline.subjects(deal, SCENARIO)
        if subject.id == LEASE or subject.id.startswith(f"{LEASE}@")
    ]  # fmt: skip
    return pipeline.decide(
        deal, framework, SCENARIO, {("contains_lease", LEASE): "lease", **assumed},
        rules_as_of=day, wanted=[(name, one) for name in DECISIONS[side] for one in about],
    )  # fmt: skip


def _told(reached: Determinations, names: Sequence[str]) -> Iterator[Determination]:
    """The determinations about the lease and its changes, in order."""
    for name in names:
        for (decision, about), found in reached.items():
            if decision == name and (about == LEASE or about.startswith(f"{LEASE}@")):
                yield found


def _outcomes(decision: str, framework: str) -> tuple[str, ...]:
    return Rulebook.load().outcomes(framework)[decision]


def _schedules(deal: Deal, framework: Framework, reached: Determinations) -> tuple[Schedule, ...]:
    outcomes = {key: d.stands for key, d in reached.items() if d.stands is not None}
    setting = Setting(deal, framework, SCENARIO, outcomes, frozenset(reached))
    lease = deal.contracts[LEASE]
    if not isinstance(lease, Lease):
        raise TypeError(LEASE)
    return tuple(s for s in lease_schedules(lease, setting, {}) if s.entity == ENTITY)


def _held_against_columns(
    terms: LeaseTerms,
    schedules: Sequence[Schedule],
    framework: Framework,
    day: date,
    currency: Currency,
) -> bool:
    """Whether both engines moved the same amounts in every month; a difference is an error."""
    code = FRAMEWORKS[framework]
    alone = attrs.evolve(
        terms, entity=terms.entity * 0, currency=terms.currency * 0,
        frameworks=terms.frameworks * 0 + code,
    )  # fmt: skip
    measured = measure_chunk(alone, rules_as_of=day, decimals=(currency.decimals,))
    if not schedules:
        return False
    if int(measured.schedule[0]) < 0:
        return False
    flows = measured.flows
    columns = flows_by_month(flows)
    names = {name.partition("/")[0] for name in flows.names}
    deals: dict[tuple[str, int], int] = {}
    for schedule in schedules:
        if schedule.name in names:
            for key, amount in _by_month(schedule).items():
                if key[0] in flows.names:
                    deals[key] = deals.get(key, 0) + amount
    deals = {key: amount for key, amount in deals.items() if amount}
    if deals != columns:
        first = min(key for key in {*deals, *columns} if deals.get(key) != columns.get(key))
        raise ColumnsDifferError(
            f"{first[0]} in {first[1] // 12}-{first[1] % 12 + 1:02d}: the engine for deals has "
            f"{deals.get(first, 0)} minor units, the columns {columns.get(first, 0)}"
        )
    return True


def flows_by_month(flows: Ledger) -> dict[tuple[str, int], int]:
    """The amounts of a ledger of one lease by name and month."""
    return {
        (flows.names[what], month): amount
        for what, month, amount in zip(
            flows.what.tolist(), flows.month.tolist(), flows.amount.tolist(), strict=True
        )
    }


def _by_month(schedule: Schedule) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for row in schedule.rows:
        month = 12 * row.date.year + row.date.month - 1
        for name, amount in zip(schedule.columns, row.amounts, strict=True):
            if amount and name not in schedule.balances:
                key = (f"{schedule.name}/{name}", month)
                found[key] = found.get(key, 0) + amount
    return found
