"""
A sale with a leaseback: what is a sale and what a loan, and the gain on the rights that pass.

Pure functions from terms to amounts. Amounts are minor units, gains positive, losses negative.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.sale_price import off_market
from leasebook.measure.schedule import changes, running
from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rounding import round_half_even


@attrs.frozen
class SaleTerms:
    """
    A sale as it is measured.

    Attributes:
        price: Minor units.
        fair_value: Of the asset, minor units.
        carrying_amount: In the seller's books, minor units.
    """

    price: int
    fair_value: int
    carrying_amount: int


@attrs.frozen
class QualifyingSale:
    """
    A sale that counts as one, and what its leaseback begins with; all minor units.

    Attributes:
        terms: Price, fair value, carrying amount.
        pv_payments: Value of all payments of the leaseback, one due on the day of sale included.
        paid_at_start: Of them, what is paid on that day and kept out of the lease liability, the
            part that pays off financing left out.
        additional_financing: Price above fair value: a loan of the buyer.
        below_market_prepaid_rent: Fair value above price: rent paid ahead.
        lease_liability: As recognised.
        rou_asset: As recognised, direct costs included.
        gain_total: Fair value less carrying amount.
        gain_retained: The part of it on rights that the seller keeps; under US GAAP none.
    """

    terms: SaleTerms
    pv_payments: int
    paid_at_start: int
    additional_financing: int
    below_market_prepaid_rent: int
    lease_liability: int
    rou_asset: int
    gain_total: int
    gain_retained: int

    @property
    def gain(self) -> int:
        """The gain that is taken."""
        return self.gain_total - self.gain_retained

    @property
    def cost_to_buyer(self) -> int:
        """What the asset has cost the buyer: its fair value."""
        return self.terms.price - self.additional_financing + self.below_market_prepaid_rent

    @property
    def financing_share(self) -> Fraction:
        """The part of each payment that serves the additional financing."""
        return Fraction(self.additional_financing, max(1, self.pv_payments))


def qualifying_sale(
    terms: SaleTerms,
    framework: str,
    pv_payments: int,
    paid_at_start: int = 0,
    initial_direct_costs: int = 0,
) -> QualifyingSale:
    """
    A sale that counts as one and the opening balances of its leaseback.

    Under US GAAP the whole gain is taken. Under IFRS the asset leased back keeps that part of the
    old carrying amount which the payments, adjusted to market, are of fair value, and the gain on
    that part is not taken.

    Source: ASC 842-40-25-4, 842-40-30-1 to 842-40-30-3; IFRS 16.100(a), 16.101, 16.102.

    Args:
        terms: Price, fair value, carrying amount.
        framework: us-gaap or ifrs.
        pv_payments: Value of all payments of the leaseback, minor units.
        paid_at_start: Of them, what is paid on the day of sale outside the lease liability.
        initial_direct_costs: The seller's, of the leaseback; minor units.

    Raises:
        NotModelled: If the payments are worth less than the loan in the price.

    Example:
        >>> terms = SaleTerms(price=2_000, fair_value=1_800, carrying_amount=1_000)
        >>> sale = qualifying_sale(terms, "ifrs", 1_459)
        >>> sale.lease_liability, sale.rou_asset, sale.gain
        (1259, 699, 240)
    """
    loan, paid_ahead = off_market(terms.price, terms.fair_value)
    if loan > pv_payments:
        raise NotModelled("the price is above fair value by more than the leaseback pays")
    # Each payment serves the loan in proportion, the one on the day of sale too.
    kept_out = paid_at_start
    if loan:
        kept_out -= round_half_even(Fraction(paid_at_start * loan, pv_payments))
    lease = pv_payments - loan
    total = terms.fair_value - terms.carrying_amount
    retained = 0
    if framework == "ifrs":
        kept = Fraction(lease + paid_ahead, terms.fair_value)
        asset = round_half_even(kept * terms.carrying_amount)
        # Rounding of the asset is in the gain, so that the entry balances.
        retained = lease + paid_ahead - asset
    else:
        asset = lease + paid_ahead
    return QualifyingSale(
        terms, pv_payments, kept_out, loan, paid_ahead, lease - kept_out,
        asset + initial_direct_costs, total, retained,
    )  # fmt: skip


@attrs.frozen
class SplitLeaseback:
    """
    A leaseback parted into the lease and the financing that its payments also serve.

    Attributes:
        sale: The amounts at the start.
        lease: Terms of the lease part, with its opening balances.
        financing: Terms of the financing part, None at or below fair value.
        payments: Minor units of each period before they are parted.
        repaid_at_once: Minor units of rent paid ahead in arrears that repay the financing on the
            day of the sale.
    """

    sale: QualifyingSale
    lease: LeaseSegment
    financing: LeaseSegment | None
    payments: tuple[int, ...]
    repaid_at_once: int = 0

    @property
    def to_financing(self) -> tuple[int, ...]:
        """Of each payment, what serves the financing, minor units."""
        return self.financing.payments if self.financing else (0,) * len(self.payments)

    def of_penalty(self, penalty: int) -> int:
        """Of what is paid for ending the leaseback, what serves the financing, minor units."""
        return round_half_even(self.sale.financing_share * penalty)

    @property
    def to_lease(self) -> tuple[int, ...]:
        """Of each payment, what serves the lease, minor units."""
        parts = zip(self.payments, self.to_financing, strict=True)
        return tuple(payment - part for payment, part in parts)


def value_of_payments(segment: LeaseSegment) -> int:
    """
    Present value of all payments of a leaseback, those on the day of sale included.

    Source: ASC 842-40-30-2(b); IFRS 16.100(a).
    """
    return segment.present_value() + paid_at_start(segment)


def paid_at_start(segment: LeaseSegment) -> int:
    """What is paid on the first day outside the lease liability, less incentives; minor units."""
    return segment.paid_by_start


def equal_payments(segment: LeaseSegment, pv_payments: int) -> LeaseSegment:
    """
    The same terms with equal payments that are worth as much, those on the first day aside.

    Source: IFRS 16.102A; the second way of its illustrative example on variable payments.

    Args:
        segment: Gives dates, rate, and how many payments there are.
        pv_payments: Value of all payments, minor units.

    Example:
        >>> from datetime import date
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (0, 0), Fraction(1, 10), "")
        >>> equal_payments(terms, 1_000).payments
        (576, 576)
    """
    # A first payment that is kept out of the liability stays as it is.
    kept_out = segment.in_advance and segment.day_one
    first = 1 if kept_out else 0
    ones = [0] * first + [1] * (segment.periods - first)
    worth = present_value(ones, segment.rate, segment.first_at)
    level = round_half_even((pv_payments - paid_at_start(segment)) / worth)
    return attrs.evolve(
        segment,
        payments=tuple(level * one for one in ones),
        residual_payment=0,
        termination_penalty=0,
    )


def split_leaseback(segment: LeaseSegment, sale: QualifyingSale) -> SplitLeaseback:
    """
    The terms at commencement parted into lease and financing, each payment in proportion.

    Source: ASC 842-40-30-2, 842-40-30-3; IFRS 16.101(b).

    Args:
        segment: All payments; one on the first day may be kept out of them.
        sale: The amounts at the start.
    """
    opening = {"opening_liability": sale.lease_liability, "opening_rou": sale.rou_asset}
    if not sale.additional_financing:
        lease = attrs.evolve(segment, **opening)  # type: ignore[arg-type] # whole numbers all
        return SplitLeaseback(sale, lease, None, segment.payments)
    at_start = paid_at_start(segment)
    at_end = (segment.residual_payment, segment.termination_penalty)
    shares = _shares([at_start, *segment.payments, *at_end], sale.financing_share)
    # In arrears no period pays on the first day: what is paid then repays at once.
    at_once = 0 if segment.in_advance else shares[0]
    financing = attrs.evolve(
        segment,
        payments=(shares[1] + (shares[0] if segment.in_advance else 0), *shares[2:-2]),
        residual_payment=shares[-2],
        termination_penalty=shares[-1],
        opening_liability=sale.additional_financing - at_once,
        opening_rou=None,
        live_periods=segment.periods,
        initial_direct_costs=0,
        incentives=0,
        prepaid=0,
        day_one=0,
        usage=(),
    )
    lease = attrs.evolve(
        segment,
        payments=tuple(
            payment - share for payment, share in zip(segment.payments, shares[1:-2], strict=True)
        ),
        residual_payment=segment.residual_payment - shares[-2],
        termination_penalty=segment.termination_penalty - shares[-1],
        day_one=segment.day_one - shares[0],
        **opening,  # type: ignore[arg-type] # whole numbers all
    )
    paid = (segment.payments[0] + (at_start if segment.in_advance else 0), *segment.payments[1:])
    return SplitLeaseback(sale, lease, financing, paid, at_once)


def _shares(payments: Sequence[int], share: Fraction) -> list[int]:
    """A share of each payment, the cumulative amount rounded."""
    return changes(round_half_even(share * total) for total in running(payments))


@attrs.frozen
class FinancingRow:
    """
    One period of a financing; minor units.

    Attributes:
        period: From 1.
        opening: Owed before a payment due then.
        payment: Paid in the period.
        interest: Of the period.
        closing: Owed at its end; in advance before the payment due then.
        asset_closing: What the seller carries the asset at, None where it is sold.
    """

    period: int
    opening: int
    payment: int
    interest: int
    closing: int
    asset_closing: int | None = None


def financing_rows(
    opening: int,
    payments: Sequence[int],
    interest: Sequence[int],
    asset_closing: Sequence[int] | None = None,
) -> tuple[FinancingRow, ...]:
    """
    The rows of a financing, period by period.

    Args:
        opening: Owed at first, minor units.
        payments: Of each period.
        interest: Of each period.
        asset_closing: What the asset is carried at after each period, if it is kept.

    Example:
        >>> financing_rows(100, [60, 60], [10, 10])[1].closing
        0
    """
    rows: list[FinancingRow] = []
    owed = opening
    for k, (payment, earned) in enumerate(zip(payments, interest, strict=True)):
        closing = owed + earned - payment
        carried = None if asset_closing is None else asset_closing[k]
        rows.append(FinancingRow(k + 1, owed, payment, earned, closing, carried))
        owed = closing
    return tuple(rows)
