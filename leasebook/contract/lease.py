"""
A lease as it is signed: rent, options, residual values, components, and what is handed over.

Times of options, incentives and the like count from the commencement date.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure, file_key, party
from leasebook.values.duration import Duration
from leasebook.values.money import Currency

Timing: TypeAlias = Literal["advance", "arrears"]
RateConvention: TypeAlias = Literal["effective-annual", "nominal", "per-period", "actual-365"]
DayOnePayment: TypeAlias = Literal["included", "excluded"]
PartialTermination: TypeAlias = Literal["right-of-use", "liability"]

MONTHS_OF_A_YEAR = 12

#: The outcomes of `discount_rate_basis`, and the key of a lease that states the rate of each.
RATE_KEYS: Mapping[str, str] = {
    "implicit": "implicit_rate",
    "incremental-borrowing": "incremental_borrowing_rate",
    "risk-free": "risk_free_rate",
}


@attrs.frozen
class DatedAmount:
    """An amount that falls due on a day of its own."""

    date: Figure[date]
    amount: Figure[Decimal]


@attrs.frozen
class Valuation:
    """
    What a holding is worth on a day; `observed` if a price was seen in an orderly transaction.
    """

    date: Figure[date]
    amount: Figure[Decimal]
    observed: bool = False


@attrs.frozen
class Rent:
    """
    Fixed rent: level, stepped, as a list, as a total over a time, or on days of its own.

    One of `amount`, `total`, `amounts`, `level_for` and `dated` says how much. `free` months at
    the beginning cost nothing; an `escalation` raises the amount each `escalates_every`.
    `level_for` is the worth that a level rent, with the whole residual, is set to earn.
    `dated` lists amounts by the day on which they fall due; only they have no `every` and no `in`.
    """

    every: Duration | None = None
    timing: Timing | None = attrs.field(default=None, metadata=file_key("in"))
    amount: Figure[Decimal] | None = None
    total: Figure[Decimal] | None = None
    over: Figure[Duration] | None = None
    amounts: tuple[Figure[Decimal], ...] = ()
    level_for: Figure[Decimal] | None = None
    dated: tuple[DatedAmount, ...] = ()
    free: Figure[Duration] | None = None
    escalation: Figure[Decimal] | None = None
    escalates_every: Duration | None = None

    @property
    def step_months(self) -> int:
        """Months from one rent to the next; of dated rents those that a yearly rate is for."""
        return self.every.months if self.every is not None else MONTHS_OF_A_YEAR

    @property
    def due(self) -> Timing:
        """On which day of its period a rent falls due; a dated one begins its period."""
        return self.timing if self.timing is not None else "advance"


@attrs.frozen
class Option:
    """
    An option to renew, to end the lease early, or to buy the asset.

    A renewal adds `term` at the lease's rent, or at `amounts`; it is the lessee's unless `holder`
    says otherwise. A termination or purchase can be exercised `after` a time; a termination costs
    a `penalty`, a purchase a `price`.
    """

    kind: Literal["renewal", "termination", "purchase"]
    term: Figure[Duration] | None = None
    times: int = 1
    price: Figure[Decimal] | None = None
    holder: Literal["lessee", "lessor"] = "lessee"
    after: Figure[Duration] | None = None
    amounts: tuple[Figure[Decimal], ...] = ()
    penalty: Figure[Decimal] | None = None


@attrs.frozen
class Component:
    """
    A part of what the contract gives: a right to use something, or a good or service.

    A right of use that names its `asset` can be a lease of its own, with residual values of its
    own. A part that `belongs_to` a right of use goes with it.
    """

    name: str
    kind: Literal["lease", "non-lease"]
    standalone_price: Figure[Decimal]
    asset: str | None = None
    belongs_to: str | None = None
    guaranteed_residual: Figure[Decimal] | None = None
    third_party_residual: Figure[Decimal] | None = None
    unguaranteed_residual: Figure[Decimal] | None = None
    expected_residual: Figure[Decimal] | None = None


@attrs.frozen
class Incentive:
    """Money that the lessor pays to the lessee some time after commencement."""

    amount: Figure[Decimal]
    after: Figure[Duration]


@attrs.frozen
class VariableRent:
    """
    Rent that depends on sales or on use, never on an index; it is expensed as it is incurred.

    `incurred` lists it period by period as far as it is known, or `sales` with the share of them
    that is due. `estimate` is what is expected over the term.
    """

    basis: Literal["sales", "usage"]
    share_of_sales: Figure[Decimal] | None = None
    sales: tuple[Figure[Decimal], ...] = ()
    incurred: tuple[Figure[Decimal], ...] = ()
    estimate: Figure[Decimal] | None = None


@attrs.frozen
class HandedOver:
    """
    Balances that somebody hands over instead of having them measured, at commencement.

    A lease that is taken on in mid-life has both balances, and its rents are those that are left.
    """

    lease_liability: Figure[Decimal] | None = None
    right_of_use_asset: Figure[Decimal] | None = None
    present_value_of_payments: Figure[Decimal] | None = None
    unguaranteed_residual_asset: Figure[Decimal] | None = None


@attrs.frozen
class Lease:
    """
    The right to use an asset for a time in exchange for rent.

    Without a discount rate the rate implicit in the lease is solved; so does the lessor without
    `lessor_rate`, the rate that it charges. Rates of which the lessee takes one are stated beside
    it, or in its place: the decision `discount_rate_basis` says which. `day_one_payment` says
    whether a payment due at commencement is part of the opening liability and receivable. With a
    `currency` of its own all its amounts, and those of its events, are in that currency.
    """

    id: str
    lessor: str = attrs.field(metadata=party())
    lessee: str = attrs.field(metadata=party())
    asset: str
    commencement_date: Figure[date]
    noncancellable: Figure[Duration]
    rent: Rent
    discount_rate: Figure[Decimal] | None = None
    implicit_rate: Figure[Decimal] | None = None
    incremental_borrowing_rate: Figure[Decimal] | None = None
    risk_free_rate: Figure[Decimal] | None = None
    lessor_rate: Figure[Decimal] | None = None
    rate_convention: RateConvention = "effective-annual"
    day_one_payment: DayOnePayment = "included"
    options: tuple[Option, ...] = ()
    title_transfers: Figure[bool] | None = None
    initial_direct_costs: Figure[Decimal] | None = None
    lessor_initial_direct_costs: Figure[Decimal] | None = None
    prepaid: Figure[Decimal] | None = None
    incentives: Figure[Decimal] | None = None
    incentive_receivable: Incentive | None = None
    restoration: Figure[Decimal] | None = None
    refundable_deposit: Figure[Decimal] | None = None
    guaranteed_residual: Figure[Decimal] | None = None
    third_party_residual: Figure[Decimal] | None = None
    unguaranteed_residual: Figure[Decimal] | None = None
    expected_residual: Figure[Decimal] | None = None
    expected_guarantee_payment: Figure[Decimal] | None = None
    index_base: Figure[Decimal] | None = None
    variable: VariableRent | None = None
    components: tuple[Component, ...] = ()
    combine_components: bool = False
    partial_termination: PartialTermination = "right-of-use"
    lessor_operating_costs: Figure[Decimal] | None = None
    head_lease: str | None = None
    handed_over: HandedOver | None = None
    currency: Currency | None = None
    title: str = ""

    @property
    def candidate_rates(self) -> dict[str, Figure[Decimal]]:
        """The rates of which the lessee takes one, by the basis that would take each."""
        stated = {basis: getattr(self, key) for basis, key in RATE_KEYS.items()}
        return {basis: figure for basis, figure in stated.items() if figure is not None}
