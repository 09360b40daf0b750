"""
Contracts about credit: financial guarantees, and exposures to credit loss with their estimates.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure, party
from leasebook.values.duration import Duration

PeriodicRate: TypeAlias = Literal["effective-annual", "nominal", "per-period"]

_YEAR = Duration.parse("year")


@attrs.frozen
class LossEstimate:
    """
    What is expected to be lost on an exposure, or on one part of it, as estimated on a day.

    One of `loss_rate`, `probability_of_default` with `loss_given_default`, and `observed_loss`
    says how much. Without `gross`, the amount exposed is that of what the estimate belongs to.
    """

    date: Figure[date]
    name: str = ""
    gross: Figure[Decimal] | None = None
    loss_rate: Figure[Decimal] | None = None
    probability_of_default: Figure[Decimal] | None = None
    loss_given_default: Figure[Decimal] | None = None
    observed_loss: Figure[Decimal] | None = None


@attrs.frozen
class Guarantee:
    """
    A promise to make good what a debtor fails to pay to a beneficiary under a debt instrument.

    It is worth `fair_value`, or the interest that it saves the debtor: `principal` at
    `unguaranteed_rate` less at `guaranteed_rate`, paid `every` period to the end. A `premium` at
    arm's length is what it is worth. `release` says how the guarantor is released from risk.
    """

    id: str
    guarantor: str = attrs.field(metadata=party())
    debtor: str = attrs.field(metadata=party())
    beneficiary: str
    issued: Figure[date]
    term: Figure[Duration]
    principal: Figure[Decimal] | None = None
    guaranteed_rate: Figure[Decimal] | None = None
    unguaranteed_rate: Figure[Decimal] | None = None
    every: Duration = _YEAR
    rate_convention: PeriodicRate = "effective-annual"
    fair_value: Figure[Decimal] | None = None
    premium: Figure[Decimal] | None = None
    premium_paid_by: Literal["debtor", "beneficiary"] = "debtor"
    arms_length: Figure[bool] | None = None
    release: Literal["level", "at-expiry"] = "level"
    estimates: tuple[LossEstimate, ...] = ()
    title: str = ""


@attrs.frozen
class Exposure:
    """
    What a debtor owes a creditor, with the credit losses that the creditor expects on it.

    The estimates of one day together are what is expected from then on; those of a later day take
    their place. With `covers`, the amount exposed is the carrying amount of that note or lease.
    """

    id: str
    creditor: str = attrs.field(metadata=party())
    debtor: str = attrs.field(metadata=party())
    estimates: tuple[LossEstimate, ...]
    covers: str | None = None
    title: str = ""
