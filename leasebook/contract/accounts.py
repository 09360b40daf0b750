"""
What an entity's own accounts state of its dealings for which the deal has no contract.
"""

from datetime import date
from decimal import Decimal

import attrs

from leasebook.contract.figure import Figure, file_key, party


@attrs.frozen
class StatedPeriod:
    """
    A period of stated accounts: balances on its last day, and results from the last one to it.

    `borrowings` and `investments` are what stands at the end; what is not given stays as it was.
    `gains` raise the investments without money; all else is received or paid.
    """

    ends: Figure[date]
    borrowings: Figure[Decimal] | None = None
    investments: Figure[Decimal] | None = None
    income: Figure[Decimal] | None = None
    costs: Figure[Decimal] | None = None
    interest: Figure[Decimal] | None = None
    gains: Figure[Decimal] | None = None


@attrs.frozen
class StatedAccounts:
    """
    Debts, investments and results of an entity with one party, as its accounts state them.

    They stand in the entity's books alone. With `scenario` they count in that course of events
    only.
    """

    id: str
    entity: str = attrs.field(metadata=party())
    other: str = attrs.field(metadata=file_key("with") | party())
    periods: tuple[StatedPeriod, ...]
    scenario: str | None = None
    title: str = ""
