"""
Contracts that are accounted for as one: one consideration, shared over what all of them give.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.event import OF_A_COMPONENT
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease, Rent
from leasebook.measure.lease_terms import rent_minor
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.separate_leases import Unit
from leasebook.measure.setting import Setting
from leasebook.values.money import currency_units

_Units = Mapping[str, tuple[Unit, ...]]


def as_one(deal: Deal, units: _Units, setting: Setting) -> tuple[tuple[str, ...], ...]:
    """
    The leases, by id, of each group of contracts that is accounted for as one.

    A group shares its consideration if it holds two leases between the same parties and each states
    its stand-alone prices; else each contract keeps its own.

    Source: ASC 842-10-25-19; IFRS 16.B2.
    """
    found: list[tuple[str, ...]] = []
    taken: set[str] = set()
    for table in deal.tables:
        if table.table != "linked_contracts":
            continue
        if setting.outcome("combine_contracts", table.about) != "as-one":
            continue
        named = [str(row["contract"].value) for row in table.rows if "contract" in row]
        leases = [name for name in dict.fromkeys(named) if name in units and name not in taken]
        made = [unit for name in leases for unit in units[name]]
        sides = {(unit.lease.lessor, unit.lease.lessee) for unit in made}
        if len(leases) > 1 and len(sides) == 1 and all(unit.price for unit in made):
            found.append(tuple(leases))
            taken |= set(leases)
    return tuple(found)


def one_consideration(whole: _Units, setting: Setting) -> dict[str, tuple[Unit, ...]]:
    """
    The leases of a group, each with the payments of all contracts together.

    The deal says what share of them each has. Costs, residual values and options to buy stay those
    of the contract that states them.

    Source: ASC 842-10-25-19, 842-10-15-33; IFRS 16.B2, 16.13.

    Args:
        whole: The leases of each contract of the group.
        setting: Gives currency and events.

    Raises:
        NotModelled: If the payments do not fall on the same days, or hang on what happens later.
    """
    signed = [setting.deal.contracts[name] for name in whole]
    leases = [lease for lease in signed if isinstance(lease, Lease)]
    _refuse_unlike(leases, setting)
    first = leases[0]
    periods = first.noncancellable.get().months // first.rent.step_months
    dues = [rent_minor(lease, setting, periods) for lease in leases]
    rents = [sum(due) for due in zip(*dues, strict=True)]
    rent = _listed(first.rent, rents, setting)
    prepaid = _together([lease.prepaid for lease in leases], setting)
    incentives = _together([lease.incentives for lease in leases], setting)

    def joint(unit: Unit) -> Unit:
        own = attrs.evolve(unit.lease, rent=rent, prepaid=prepaid, incentives=incentives)
        return attrs.evolve(unit, lease=own)

    return {name: tuple(joint(unit) for unit in units) for name, units in whole.items()}


def _listed(like: Rent, rents: Sequence[int], setting: Setting) -> Rent:
    """A rent that is listed period by period, in whole minor units."""
    currency = setting.deal.currency
    stated = like.amount or like.total or next(iter(like.amounts), Figure())
    amounts = tuple(attrs.evolve(stated, value=currency_units(due, currency)) for due in rents)
    return Rent(every=like.every, timing=like.timing, amounts=amounts)


def _together(
    figures: Sequence[Figure[Decimal] | None], setting: Setting
) -> Figure[Decimal] | None:
    """The sum of what several contracts say; None if none of them says it."""
    stated = [figure for figure in figures if figure is not None]
    if not stated:
        return None
    total = sum(setting.minor(figure) for figure in stated)
    return attrs.evolve(stated[0], value=currency_units(total, setting.deal.currency))


def _refuse_unlike(leases: Sequence[Lease], setting: Setting) -> None:
    names = " and ".join(lease.id for lease in leases)
    grids = {
        (
            lease.commencement_date.get(),
            lease.noncancellable.get().months,
            lease.rent.step_months,
            lease.rent.timing,
        )
        for lease in leases
    }
    if len(grids) > 1:
        raise NotModelled(f"{names} are one, and their rents do not fall on the same days")
    for lease in leases:
        later = {
            "an option": any(option.kind != "purchase" for option in lease.options),
            "a variable rent": lease.variable is not None,
            "an index": lease.index_base is not None,
            "an incentive to come": lease.incentive_receivable is not None,
            "balances handed over": lease.handed_over is not None,
            "a rent set for a return": lease.rent.level_for is not None,
            "an event": any(e.kind not in OF_A_COMPONENT for e in setting.events(lease.id)),
        }
        said = [name for name, there in later.items() if there]
        if said:
            raise NotModelled(f"{names} are one, and {lease.id} has {', '.join(said)} of its own")
