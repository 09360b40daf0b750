"""
A note as it is signed: what is lent and when, what is paid for it, interest, repayment.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure, file_key, party
from leasebook.contract.lease import DatedAmount
from leasebook.values.duration import Duration

DayCount: TypeAlias = Literal[
    "30/360", "30E/360", "actual/360", "actual/365", "actual/actual"
]  # fmt: skip


@attrs.frozen
class Reset:
    """A coupon that holds from a coupon date on, as a floating rate is set anew."""

    since: Figure[date] = attrs.field(metadata=file_key("from"))
    coupon_annual: Figure[Decimal]


@attrs.frozen
class Note:
    """
    A note or a loan: interest on what is drawn, and repayment.

    `principal` is drawn on the day of issue, or `draws` lists the days and amounts of a loan that
    is drawn in parts; the holder has promised the `commitment`. After `interest_only_until`
    interest and principal together are level, or `repayments` lists what is repaid and when; what
    they leave is due at maturity. `issue_price` is what the holder pays for one of principal, or
    follows from the `effective_rate`; `issue_costs` are what others are paid for the issue.
    `purpose` names the asset that the money was borrowed for (IAS 23.10). `seniority` says which
    of an issuer's notes is paid first when not all can be.
    """

    id: str
    issuer: str = attrs.field(metadata=party())
    holder: str = attrs.field(metadata=party())
    principal: Figure[Decimal] | None = attrs.field(default=None, kw_only=True)
    commitment: Figure[Decimal] | None = attrs.field(default=None, kw_only=True)
    draws: tuple[DatedAmount, ...] = attrs.field(default=(), kw_only=True)
    coupon_annual: Figure[Decimal]
    resets: tuple[Reset, ...] = attrs.field(default=(), kw_only=True)
    issued: Figure[date]
    first_coupon: Figure[date]
    every: Duration
    interest_only_until: Figure[date] | None = attrs.field(default=None, kw_only=True)
    repayments: tuple[DatedAmount, ...] = attrs.field(default=(), kw_only=True)
    maturity: Figure[date]
    day_count: DayCount = "30/360"
    issue_price: Figure[Decimal] | None = None
    issue_costs: Figure[Decimal] | None = None
    effective_rate: Figure[Decimal] | None = None
    purpose: str | None = None
    seniority: Literal["senior", "mezzanine", "junior"] = "senior"
    title: str = ""
