"""
The contracts of a deal: each names its two parties, and every amount in it is a figure.

Amounts are exact decimals in currency units, rates and shares are fractions of one, and dates
are days. `Contract` is the union of the kinds; `KINDS` gives the class of each `kind` in a file.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.accounts import StatedAccounts
from leasebook.contract.credit import Exposure, Guarantee
from leasebook.contract.figure import Figure, file_key, party
from leasebook.contract.group import Acquisition, Supply
from leasebook.contract.lease import DatedAmount, Lease, Valuation
from leasebook.contract.note import Note
from leasebook.contract.warrant import Warrant
from leasebook.values.duration import Duration

Day: TypeAlias = date

_NOT_STATED: Figure[str] = Figure(unknown="not stated")


@attrs.frozen
class EquityInterest:
    """
    A share of an entity's results and net assets, held from a date on.

    `fair_values` says what it is worth on later days, where the holder has no influence.
    """

    id: str
    holder: str = attrs.field(metadata=party())
    issuer: str = attrs.field(metadata=party())
    share: Figure[Decimal]
    held_from: Figure[date] = attrs.field(metadata=file_key("from"))
    fair_values: tuple[Valuation, ...] = ()
    title: str = ""


@attrs.frozen
class Draws:
    """An amount spread evenly over the months from one day to another, one draw a month end."""

    total: Figure[Decimal]
    first: Figure[date] = attrs.field(metadata=file_key("from"))
    last: Figure[date] = attrs.field(metadata=file_key("to"))


@attrs.frozen
class Contribution:
    """
    Capital that a holder puts into an entity: on one date, or called over months.

    With `asset`, the asset itself is contributed and no money moves. `tied_to` names the contract
    under which the recipient buys from the contributor, and `instrument_fair_value` what the
    interest is worth that is got for the whole. One that is not `binding` moves nothing.
    """

    id: str
    contributor: str = attrs.field(metadata=party())
    recipient: str = attrs.field(metadata=file_key("to") | party())
    interest: str
    amount: Figure[Decimal] | None = None
    date: Figure[date] | None = None
    calls: Draws | None = None
    asset: str | None = None
    tied_to: str | None = None
    instrument_fair_value: Figure[Decimal] | None = None
    binding: bool = True
    title: str = ""


@attrs.frozen
class Distribution:
    """
    What an entity pays out to a holder: an amount, or its share of the rent that comes in.

    An amount is paid on `date`, and again `every` so often until `last`. With `passes_on`, each
    payment of the named leases is paid on the same day, in the proportion of the interest.
    """

    id: str
    distributor: str = attrs.field(metadata=file_key("from") | party())
    recipient: str = attrs.field(metadata=file_key("to") | party())
    interest: str
    amount: Figure[Decimal] | None = None
    date: Figure[date] | None = None
    every: Duration | None = None
    last: Figure[Day] | None = attrs.field(default=None, metadata=file_key("until"))
    passes_on: tuple[str, ...] = ()
    title: str = ""


@attrs.frozen
class Construction:
    """The building of an asset for its owner by a contractor, paid in draws over time."""

    id: str
    owner: str = attrs.field(metadata=party())
    contractor: str = attrs.field(metadata=party())
    asset: str
    draws: Draws
    title: str = ""


@attrs.frozen
class Services:
    """
    Services for a fee; a fee that is not public posts nothing and is said to be unknown.

    `fees` lists the days and amounts of fees that are not level. `at_most` is what the customer may
    have to pay besides; it posts nothing. Services that are not `binding` move nothing.
    """

    id: str
    provider: str = attrs.field(metadata=party())
    customer: str = attrs.field(metadata=party())
    what: tuple[str, ...]
    fee: Figure[Decimal] | None = None
    every: Duration | None = None
    first: Figure[date] | None = attrs.field(default=None, metadata=file_key("from"))
    last: Figure[date] | None = attrs.field(default=None, metadata=file_key("to"))
    fees: tuple[DatedAmount, ...] = ()
    at_most: Figure[Decimal] | None = None
    binding: bool = True
    title: str = ""


@attrs.frozen
class StepDownReading:
    """One reading of how a guarantee falls: the cap, or a note's balance over a divisor if less."""

    label: str
    note: str
    divisor: Decimal = Decimal(1)


@attrs.frozen
class ResidualValueGuarantee:
    """
    A promise that the asset is worth at least a threshold when a lease ends.

    `scope`, `payee` and `schedule` are figures of their own because they may not be public.
    """

    id: str
    guarantor: str = attrs.field(metadata=party())
    beneficiary: str = attrs.field(metadata=party())
    covers_leases: tuple[str, ...]
    cap: Figure[Decimal]
    covers: Figure[Duration]
    scope: Figure[str] = _NOT_STATED
    payee: Figure[str] = _NOT_STATED
    schedule: Figure[str] = _NOT_STATED
    probable_payment: Figure[Decimal] | None = None
    readings: tuple[StepDownReading, ...] = ()
    title: str = ""


@attrs.frozen
class Securities:
    """
    Securities in which a holder keeps pledged, idle money, held to maturity.

    The first purchase is `invested`, on the day `purchased`; afterwards they rise and fall with the
    holder's other money until `until`, when they are redeemed. The yield follows from the total of
    their income.
    """

    id: str
    holder: str = attrs.field(metadata=party())
    issuer: str = attrs.field(metadata=party())
    invested: Figure[Decimal]
    purchased: Figure[date]
    income_total: Figure[Decimal]
    until: Figure[date]
    title: str = ""


@attrs.frozen
class Sale:
    """
    The sale of an asset for money, usually to a party from which the seller leases it back.

    `variable_leaseback` says how the liability of a leaseback with variable rents unwinds: by the
    payments that were expected, or by equal ones. `goods` says that the seller sells such things in
    its ordinary business, so that the price is revenue.
    """

    id: str
    seller: str = attrs.field(metadata=party())
    buyer: str = attrs.field(metadata=party())
    asset: str
    price: Figure[Decimal]
    sold: Figure[date]
    variable_leaseback: Literal["expected-payments", "equal-payments"] = "expected-payments"
    goods: bool = False
    title: str = ""


Contract: TypeAlias = (
    Lease
    | Note
    | EquityInterest
    | Contribution
    | Distribution
    | Construction
    | Services
    | ResidualValueGuarantee
    | Securities
    | Sale
    | Guarantee
    | Exposure
    | Acquisition
    | Supply
    | Warrant
    | StatedAccounts
)

#: The class of each `kind` that a deal file may name.
KINDS: dict[str, type[Contract]] = {
    "lease": Lease,
    "note": Note,
    "equity-interest": EquityInterest,
    "contribution": Contribution,
    "distribution": Distribution,
    "construction": Construction,
    "services": Services,
    "residual-value-guarantee": ResidualValueGuarantee,
    "securities": Securities,
    "sale": Sale,
    "guarantee": Guarantee,
    "exposure": Exposure,
    "acquisition": Acquisition,
    "supply": Supply,
    "warrant": Warrant,
    "stated-accounts": StatedAccounts,
}


def parties(contract: Contract) -> tuple[str, str]:
    """
    The two sides of a contract, in the order in which its class names them.

    Example:
        >>> parties(EquityInterest("i", "meta", "venture", Figure(Decimal("0.2")), Figure()))
        ('meta', 'venture')
    """
    first, second = (
        getattr(contract, field.name)
        for field in attrs.fields(type(contract))
        if field.metadata.get("party")
    )
    return first, second


def sides_of_purchase(contract: Contract) -> tuple[str, str] | None:
    """
    The supplier and the customer of a contract; None if nothing is bought under it.

    Source: ASC 606-10-20 (customer); IFRS 15 Appendix A.
    """
    match contract:
        case Supply(seller=supplier, buyer=customer) | Sale(seller=supplier, buyer=customer):
            return supplier, customer
        case Services(provider=supplier, customer=customer):
            return supplier, customer
        case Lease(lessor=supplier, lessee=customer):
            return supplier, customer
    return None


def kind_of(contract: Contract) -> str:
    """The `kind` that a deal file writes for a contract of this class."""
    return next(kind for kind, cls in KINDS.items() if isinstance(contract, cls))
