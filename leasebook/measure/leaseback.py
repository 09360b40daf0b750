"""
Sales of a deal measured from its contracts: the leaseback's terms, the gain, the financing.
"""

from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.lease import Lease
from leasebook.contract.model import Construction, Contribution, Sale
from leasebook.contract.transfer import Transfer, transfers
from leasebook.measure.asset import draws_of
from leasebook.measure.carrying_amount import (
    carrying_amount,
    carrying_amount_when_sold,
    carrying_amounts,
)
from leasebook.measure.equity_investment import paid_in
from leasebook.measure.financing import all_served, financed
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.sale_and_leaseback import (
    FinancingRow,
    QualifyingSale,
    SaleTerms,
    SplitLeaseback,
    equal_payments,
    financing_rows,
    paid_at_start,
    qualifying_sale,
    split_leaseback,
    value_of_payments,
)
from leasebook.measure.sale_price import fair_value_on_sale, leaseback_of
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import periods


@attrs.frozen
class FailedSale:
    """
    A sale that is none: the asset stays, and what was paid for it is a loan; minor units.

    Attributes:
        financial_liability: What was received, less rent paid ahead and the costs of the loan.
        underlying_asset: What the seller carries the asset at on the day of the sale.
        financing_rate: Per period, None while the leaseback's terms are not known.
        gain_at_end: What is owed at the end beyond the asset's carrying amount, None likewise.
        rows: The financing period by period over the terms at commencement.
    """

    financial_liability: int
    underlying_asset: int
    financing_rate: Fraction | None = None
    gain_at_end: int | None = None
    rows: tuple[FinancingRow, ...] = ()

    @property
    def gain(self) -> int:
        """What is taken on the day of the sale: nothing."""
        return 0


def transfer_by(contract: str, setting: Setting) -> Transfer:
    """
    The transfer that a contract makes.

    Raises:
        LookupError: If it makes none.
    """
    for found in transfers(setting.deal):
        if found.id == contract:
            return found
    raise LookupError(f"{contract} transfers no asset")


def sold_to_lessor(lease: Lease, setting: Setting) -> Transfer | None:
    """The sale that counts as one, and whose leaseback a lease is; None of any other lease."""
    transfer = setting.transfer(lease.asset, "sale")
    if transfer is None or not isinstance(transfer.contract, Sale):
        return None
    return transfer if transfer.leased_back(lease) else None


def qualifying(transfer: Transfer, setting: Setting) -> QualifyingSale:
    """
    The amounts of a sale that counts as one; without a leaseback the whole price is for the asset.

    Source: ASC 842-40-25-4, 842-40-30-1 to 842-40-30-3; IFRS 16.100, 16.101.

    Args:
        transfer: Made by a contract of kind sale.
        setting: Framework, scenario and outcomes.

    Raises:
        NotModelled: If fair value is not known, or the leaseback begins on another day.
    """
    sale = _sale(transfer)
    price = setting.minor(sale.price)
    carrying = carrying_amount_when_sold(sale.asset, sale.seller, sale.sold.get(), setting)
    lease = leaseback_of(transfer, setting)
    if lease is None:
        return qualifying_sale(SaleTerms(price, price, carrying), "us-gaap", 0)
    segment = expected_terms(lease, sale, setting)
    terms = SaleTerms(price, fair_value_on_sale(sale, setting), carrying)
    return qualifying_sale(
        terms,
        setting.framework,
        _handed_over(lease, setting) or value_of_payments(segment),
        paid_at_start(segment),
        segment.initial_direct_costs,
    )


def expected_terms(lease: Lease, sale: Sale, setting: Setting) -> LeaseSegment:
    """
    The terms that a leaseback is measured on at commencement: its rents, or equal payments.

    Payments are equal where the seller chose so for variable rents, and where no rent is stated
    but what the rents are worth.

    Source: IFRS 16.102A.

    Raises:
        NotModelled: If the leaseback begins on another day than that of the sale.
    """
    segment = lease_segments(lease, setting)[0]
    if segment.days:
        raise NotModelled(f"{lease.id} is a leaseback, and its rents have days of their own")
    if segment.start != sale.sold.get():
        raise NotModelled(
            f"{sale.id} is of {sale.sold.get()}, and {lease.id} begins on {segment.start}"
        )
    given = _handed_over(lease, setting)
    if sale.variable_leaseback == "equal-payments" or (given and not any(segment.payments)):
        return equal_payments(segment, given or value_of_payments(segment))
    return segment


def split_of(lease: Lease, setting: Setting) -> SplitLeaseback | None:
    """
    A leaseback of a sale that counts as one, parted into lease and financing; None of others.

    Source: ASC 842-40-30-2; IFRS 16.101.
    """
    transfer = sold_to_lessor(lease, setting)
    if transfer is None:
        return None
    segment = expected_terms(lease, _sale(transfer), setting)
    return split_leaseback(segment, qualifying(transfer, setting))


def failed(transfer: Transfer, setting: Setting) -> FailedSale:
    """
    The amounts of a transfer that is no sale.

    Source: ASC 842-40-25-5, 842-40-30-6, 835-30-45-1A; IFRS 16.103(a), IFRS 9.5.1.1.
    """
    advances = advances_of(transfer, setting)
    received = sum(amount for _, amount in advances)
    day = max((day for day, _ in advances), default=date.min)
    kept = carrying_amount(transfer.asset, day, setting)
    lease = leaseback_of(transfer, setting)
    if lease is None:
        return FailedSale(received, kept)
    (segment,) = all_served(lease_segments(lease, setting)[:1])
    ends = [last for _, last in periods(segment.start, segment.months, segment.periods)]
    carried = carrying_amounts(transfer.asset, ends, setting)
    limit = None if setting.framework == "ifrs" else carried[-1]
    owed = received + segment.incentives - segment.prepaid
    found = financed(segment, owed, limit, segment.initial_direct_costs)
    recognised = owed - segment.initial_direct_costs
    rows = financing_rows(recognised, segment.payments, found.interest, carried)
    return FailedSale(recognised, kept, found.rate, found.closing - carried[-1], rows)


def sale_figures(contract: str, setting: Setting) -> QualifyingSale | FailedSale:
    """
    What a transfer comes to by its decision: the amounts of a sale, or of a loan.

    Args:
        contract: Id of the sale, contribution or works.
        setting: With the outcome of `sale_and_leaseback`.

    Raises:
        NotModelled: If it is undecided.
    """
    transfer = transfer_by(contract, setting)
    outcome = setting.outcome("sale_and_leaseback", contract)
    if outcome is None:
        raise NotModelled(f"whether {contract} is a sale is undetermined")
    return failed(transfer, setting) if outcome == "failed-sale" else qualifying(transfer, setting)


def financing_of(lease: Lease, setting: Setting) -> tuple[FinancingRow, ...]:
    """The rows of the financing that is in a leaseback's rents, none at or below fair value."""
    split = split_of(lease, setting)
    if split is None or split.financing is None:
        return ()
    part = split.financing
    opening = split.sale.additional_financing
    opening -= split.repaid_at_once
    rows = financing_rows(opening, part.payments, part.interest(opening))
    ended = ended_on(lease, setting)
    return rows if ended is None else rows[: ended.live]


@attrs.frozen
class EndedEarly:
    """
    The early end of a leaseback.

    Attributes:
        day: On which it ends.
        live: Periods that are over by then.
        penalty: Minor units paid on the day.
    """

    day: date
    live: int
    penalty: int


def ended_on(lease: Lease, setting: Setting) -> EndedEarly | None:
    """The early end of a leaseback in the scenario; None if it runs for its term."""
    segments = lease_segments(lease, setting)
    last = segments[-1]
    if last.change.kind != "ended":
        return None
    live = sum(segment.live_periods for segment in segments[:-1])
    return EndedEarly(last.start, live, last.change.penalty)


def advances_of(transfer: Transfer, setting: Setting) -> list[tuple[date, int]]:
    """
    What a seller receives for an asset that it keeps: the price, and works that the buyer pays.

    Source: ASC 842-40-25-5, 842-40-55-3; IFRS 16.103(a).

    Returns:
        Days and minor units, in order of time.
    """
    found: list[tuple[date, int]] = []
    match transfer.contract:
        case Sale() as sale:
            found.append((sale.sold.get(), setting.minor(sale.price)))
        case Contribution() as contribution:
            found += paid_in(contribution, setting)
    for works in setting.deal.of_kind(Construction):
        if works.asset == transfer.asset and works.owner != transfer.seller:
            found += draws_of(works, setting)
    return sorted(found)


def _sale(transfer: Transfer) -> Sale:
    if not isinstance(transfer.contract, Sale):
        raise NotModelled(f"{transfer.id} is no sale for a price")
    return transfer.contract


def _handed_over(lease: Lease, setting: Setting) -> int | None:
    given = lease.handed_over
    if given is None or given.present_value_of_payments is None:
        return None
    return setting.minor(given.present_value_of_payments)
