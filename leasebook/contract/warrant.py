"""
Warrants: rights to buy an issuer's shares, given for what the holder does under another contract.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

import attrs

from leasebook.contract.figure import Figure, party
from leasebook.contract.lease import Valuation

_NOT_STATED: Figure[bool] = Figure(unknown="not stated")


@attrs.frozen
class Tranche:
    """
    A part of a warrant that vests on a day, with what all of it is worth on the day of grant.

    `vests` is None for what is vested when it is granted. `expected_to_vest` says whether the
    condition that is left, purchases for example, is expected to be met; it is if nothing is said.
    """

    shares: Figure[Decimal]
    fair_value: Figure[Decimal]
    vests: Figure[date] | None = None
    expected_to_vest: Figure[bool] | None = None


@attrs.frozen
class Warrant:
    """
    A right to buy shares of the issuer at a strike until it expires.

    `in_exchange_for` names the contract under which the holder earns it. `fair_values` says what
    the holder has of it is worth on later days; without a later one it stays as it is. What is not
    `exercised` by the day of expiry lapses. `settled_in` is what the issuer may have to hand over.
    """

    id: str
    issuer: str = attrs.field(metadata=party())
    holder: str = attrs.field(metadata=party())
    granted: Figure[date]
    expiry: Figure[date]
    shares: Figure[Decimal]
    strike: Figure[Decimal]
    in_exchange_for: str
    tranches: tuple[Tranche, ...]
    net_settleable: Figure[bool] = _NOT_STATED
    settled_in: Literal["shares", "cash-or-shares"] = "shares"
    fair_values: tuple[Valuation, ...] = ()
    exercised: Figure[date] | None = None
    title: str = ""
