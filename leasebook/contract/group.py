"""
Contracts that a group is made by, and those that its members make with each other about goods.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure, party
from leasebook.contract.lease import DatedAmount
from leasebook.values.duration import Duration

Day: TypeAlias = date


@attrs.frozen
class Acquisition:
    """
    The day from whose close an acquirer consolidates an entity, and what it paid the holders.

    `net_assets` is the fair value of what can be identified, and `excess_on` the asset that its
    difference to the entity's own books belongs to. An interest held before has a fair value, and
    a carrying amount if it was held before the deal.
    """

    id: str
    acquirer: str = attrs.field(metadata=party())
    seller: str = attrs.field(metadata=party())
    acquired: str
    date: Figure[date]
    net_assets: Figure[Decimal]
    consideration: Figure[Decimal] | None = None
    interest: str | None = None
    noncontrolling: Literal["fair-value", "proportionate"] = "fair-value"
    noncontrolling_fair_value: Figure[Decimal] | None = None
    previous_carrying_amount: Figure[Decimal] | None = None
    previous_fair_value: Figure[Decimal] | None = None
    excess_on: str | None = None
    impairments: tuple[DatedAmount, ...] = ()
    title: str = ""


@attrs.frozen
class Unsold:
    """What is left of a price on a day: the part of the goods that the buyer still has."""

    date: Figure[date]
    left: Figure[Decimal]


@attrs.frozen
class Supply:
    """
    Goods, or equipment that is no asset of the deal, sold for cash on a day or on several.

    The seller's cost is a `carrying_amount`, or follows from a mark-up on cost or a margin on
    price. Goods leave the buyer as `unsold` says; equipment is depreciated over what is left of
    its life. A `product` is made by its seller when it is delivered, and the buyer's equipment.
    One that is not `binding` is an intention and moves nothing.
    """

    id: str
    seller: str = attrs.field(metadata=party())
    buyer: str = attrs.field(metadata=party())
    of: Literal["inventory", "depreciable", "product"]
    date: Figure[Day] | None = None
    price: Figure[Decimal] | None = None
    deliveries: tuple[DatedAmount, ...] = ()
    binding: bool = True
    carrying_amount: Figure[Decimal] | None = None
    markup_on_cost: Figure[Decimal] | None = None
    margin_on_price: Figure[Decimal] | None = None
    remaining_life: Figure[Duration] | None = None
    unsold: tuple[Unsold, ...] = ()
    title: str = ""
