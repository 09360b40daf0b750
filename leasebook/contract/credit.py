"""
Contracts about credit: financial guarantees, and exposures to credit loss with their estimates.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure, party
from leasebook.contract.lease import Valuation
from leasebook.values.duration import Duration

PeriodicRate: TypeAlias = Literal["effective-annual", "nominal", "per-period"]
Remedy: TypeAlias = Literal["missed-payments", "termination-payment", "assumes-lease"]
Trigger: TypeAlias = Literal["missed-payment", "insolvency", "rating", "value"]
Decline: TypeAlias = Literal["none", "rents-left", "in-proportion", "level"]

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
    A promise to pay a beneficiary when a debtor does not, under a debt or under leases.

    It is worth `fair_value`, or the interest that it saves the debtor: `principal` at
    `unguaranteed_rate` less at `guaranteed_rate`, paid `every` period to the end. A `premium` at
    arm's length is what it is worth. `release` says how the guarantor is released from risk.

    `covers_leases` names the leases whose rents it is for; without them it is for a debt.
    `triggers` is what has to happen before anything is due under it, and `remedies` what the
    guarantor then does. `decline` says how the most that it can come to falls: with the rents that
    are left, or from `principal` in proportion to them or level over the time that is covered.
    `fair_values` says what it is worth on later days, where it is carried at fair value.
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
    covers_leases: tuple[str, ...] = ()
    decline: Decline = "none"
    triggers: tuple[Trigger, ...] = ("missed-payment",)
    remedies: tuple[Remedy, ...] = ("missed-payments",)
    fair_values: tuple[Valuation, ...] = ()
    title: str = ""

    @property
    def about(self) -> str:
        """The subject that the decisions about its measurement are about."""
        return f"{self.id}/{self.debtor}"

    @property
    def only_missed_payments(self) -> bool:
        """Whether it does nothing but pay what is past due and not paid."""
        return self.remedies == ("missed-payments",) and self.triggers == ("missed-payment",)


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
