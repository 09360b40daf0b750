"""
The separate leases of one contract: which they are, and what each has of the contract's terms.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal

import attrs

from leasebook.contract.figure import Figure
from leasebook.contract.lease import Component, Lease
from leasebook.contract.share import part_id
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import spread
from leasebook.values.money import currency_units

#: What is said of one asset, or of a balance, and cannot be shared by stand-alone prices.
_OF_ONE_LEASE = (
    "guaranteed_residual",
    "third_party_residual",
    "unguaranteed_residual",
    "expected_residual",
    "expected_guarantee_payment",
    "handed_over",
)


@attrs.frozen
class Unit:
    """
    A lease that is accounted for by itself.

    Attributes:
        lease: With its own asset; payments are those of the contract it is in.
        price: Stand-alone price of its rights of use, minor units; None where it is not stated.
        weight: The same with the services that go with it.
    """

    lease: Lease
    price: int | None
    weight: int


def units_of(lease: Lease, setting: Setting) -> tuple[Unit, ...]:
    """
    The leases of a contract, by name; the contract itself where it is one lease.

    Source: ASC 842-10-15-28, 842-10-15-29; IFRS 16.12, 16.B32.

    Raises:
        NotModelled: If the contract says as a whole what belongs to one asset.
    """
    rights = _rights_apart(lease, setting)
    if rights:
        return tuple(_unit(lease, right, rights, setting) for right in rights)
    parts = [part for part in lease.components if _outcome(lease, part, setting) != "no-component"]
    if not parts or not all(part.standalone_price.known for part in parts):
        return (Unit(lease, None, 0),)
    own = [part for part in parts if part.kind == "lease"]
    return (Unit(lease, _price(own, setting), _price(parts, setting)),)


def _outcome(lease: Lease, part: Component, setting: Setting) -> str | None:
    return setting.outcome("lease_components", part_id(lease.id, part.name))


def _price(parts: Sequence[Component], setting: Setting) -> int:
    return sum(setting.minor(part.standalone_price) for part in parts)


def _rights_apart(lease: Lease, setting: Setting) -> tuple[Component, ...]:
    """
    The rights of use that are leases of their own, by name; none where the contract is one lease.

    All of them must be told apart: each is decided to be a separate lease, names an asset of its
    own and has a price, or belongs to one that does. A right of use that nobody can place leaves
    the contract one lease, and so does a price that is not known.
    """
    found: list[Component] = []
    for part in lease.components:
        outcome = _outcome(lease, part, setting)
        if outcome == "no-component":
            continue
        if not part.standalone_price.known:
            return ()
        if part.kind == "lease" and outcome != "part-of-a-lease":
            if outcome != "separate-lease" or not (part.asset and part.standalone_price.get()):
                return ()
            found.append(part)
    names = {part.name for part in found}
    for part in lease.components:
        inside = _outcome(lease, part, setting) == "part-of-a-lease"
        if part.kind == "lease" and inside and part.belongs_to not in names:
            return ()
    if len({part.asset for part in found}) < max(2, len(found)):
        return ()
    return tuple(sorted(found, key=lambda part: part.name))


def _unit(lease: Lease, right: Component, rights: Sequence[Component], setting: Setting) -> Unit:
    """One lease of a contract: its own asset and residual values, its part of everything else."""
    said = [name for name in _OF_ONE_LEASE if getattr(lease, name) is not None]
    if lease.rent.level_for is not None:
        said.append("rent.level_for")
    if said:
        cause = f"{lease.id} holds {len(rights)} leases and says {', '.join(said)} of all together"
        raise NotModelled(f"{cause}: say it of its components, or write a contract for each")
    at = rights.index(right)
    prices = [setting.minor(each.standalone_price) for each in rights]

    def own(figure: Figure[Decimal] | None) -> Figure[Decimal] | None:
        return shared_by_price(figure, prices, setting)[at]

    names = {each.name for each in rights}
    inside = [
        part if whole else attrs.evolve(part, standalone_price=_known(own(part.standalone_price)))
        for part, whole in _beside(lease, right, names, setting)
    ]
    variable = lease.variable
    made = attrs.evolve(
        lease,
        id=part_id(lease.id, right.name),
        asset=right.asset or lease.asset,
        components=(right, *inside) if inside else (),
        title=f"{lease.title or lease.id}: {right.name}",
        options=tuple(
            attrs.evolve(each, price=own(each.price), penalty=own(each.penalty))
            for each in lease.options
        ),
        variable=variable and attrs.evolve(variable, estimate=own(variable.estimate)),
        guaranteed_residual=right.guaranteed_residual,
        third_party_residual=right.third_party_residual,
        unguaranteed_residual=right.unguaranteed_residual,
        expected_residual=right.expected_residual,
        initial_direct_costs=own(lease.initial_direct_costs),
        lessor_initial_direct_costs=own(lease.lessor_initial_direct_costs),
        restoration=own(lease.restoration),
        refundable_deposit=own(lease.refundable_deposit),
        lessor_operating_costs=own(lease.lessor_operating_costs),
    )
    rights_of_use = [right, *(part for part in inside if part.kind == "lease")]
    return Unit(made, _price(rights_of_use, setting), _price([right, *inside], setting))


def _known(figure: Figure[Decimal] | None) -> Figure[Decimal]:
    return figure or Figure()


def _beside(
    lease: Lease, right: Component, rights: Collection[str], setting: Setting
) -> list[tuple[Component, bool]]:
    """
    What goes with one right of use of a contract, and whether as a whole or in part.

    What belongs to no right of use in particular is shared among all by their prices.

    Source: ASC 842-10-15-31, 842-10-15-37; IFRS 16.12, 16.15.
    """
    found = []
    for part in lease.components:
        if part.name in rights or _outcome(lease, part, setting) == "no-component":
            continue
        if part.belongs_to == right.name:
            found.append((part, True))
        elif part.belongs_to not in rights:
            found.append((part, False))
    return found


def shared_by_price(
    figure: Figure[Decimal] | None, prices: Sequence[int], setting: Setting
) -> tuple[Figure[Decimal] | None, ...]:
    """
    A figure of a contract as its leases share it, by the prices of their rights of use.

    Source: ASC 842-10-15-33; IFRS 16.13.

    Args:
        figure: An amount; one that is absent or unknown is so for each of them.
        prices: Of each lease, of any one unit.
        setting: Gives the currency.

    Returns:
        Amounts in whole minor units that sum to the figure's.
    """
    if figure is None or not figure.known:
        return (figure,) * len(prices)
    currency = setting.deal.currency
    parts = spread(setting.minor(figure), prices)
    return tuple(attrs.evolve(figure, value=currency_units(part, currency)) for part in parts)
