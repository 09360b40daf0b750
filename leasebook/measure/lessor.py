"""
The lessor's schedules: level income of an operating lease, net investment of every other lease.
"""

from collections.abc import Iterator, Sequence

from leasebook.measure.lease_segment import LeaseSegment, dated_periods, period_movements
from leasebook.measure.net_investment import LeasedAsset, ProfitPolicy, net_investment
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.reckoning.rounding import spread_evenly

_OPERATING_FLOWS = (
    "prepaid",
    "incentives",
    "initial_direct_costs",
    "payment",
    "income",
    "direct_cost_amortisation",
)
_OPERATING_BALANCES = {
    "deferred_rent": {"payment": 1, "prepaid": 1, "incentives": -1, "income": -1},
    "unamortised_direct_costs": {"initial_direct_costs": 1, "direct_cost_amortisation": -1},
}


def _operating_movements(
    segments: Sequence[LeaseSegment], initial_direct_costs: int
) -> Iterator[Movement]:
    deferred, unamortised = 0, initial_direct_costs
    income: list[int] = []
    costs: list[int] = []
    earlier: LeaseSegment | None = None
    dated = dated_periods(segments)
    for epoch, (segment, dates) in enumerate(zip(segments, dated, strict=True), start=1):
        live = segment.live_periods
        at_start = segment.prepaid - segment.incentives
        opened = {
            "prepaid": segment.prepaid,
            "incentives": segment.incentives,
            "initial_direct_costs": initial_direct_costs if epoch == 1 else 0,
        }
        yield Movement(segment.start, epoch, 0, opened)
        if earlier is not None and segment.continues(earlier) and at_start == 0:
            # An amendment that changes no term posts nothing: the old shares go on, to the unit.
            income, costs = income[earlier.live_periods :], costs[earlier.live_periods :]
        else:
            income = spread_evenly(sum(segment.payments) + at_start + deferred, segment.periods)
            costs = spread_evenly(unamortised, segment.periods)
        accruals = {"income": income, "direct_cost_amortisation": costs}
        yield from period_movements(segment, epoch, dates, accruals)
        if segment.ends and segment.residual_payment:
            # A guarantee that is paid at the end is income when it is paid.
            settled = {"income": segment.residual_payment}
            yield Movement(dates[-1][1], epoch, segment.periods, settled)
        deferred += at_start + sum(segment.payments[:live]) - sum(income[:live])
        unamortised -= sum(costs[:live])
        earlier = segment


def lessor_operating(
    contract: str,
    entity: str,
    counterparty: str,
    segments: Sequence[LeaseSegment],
    initial_direct_costs: int = 0,
) -> Schedule:
    """
    An operating lease in the lessor's books: level income, the excess of cash is deferred rent.

    At a change the deferred or accrued rent is rolled into the income of the new terms.

    Source: ASC 842-30-25-11, 842-10-25-15; IFRS 16.81, 16.83, 16.87.

    Args:
        contract: Contract id.
        entity: The lessor.
        counterparty: The lessee.
        segments: The epochs, in order; their initial direct costs are the lessee's.
        initial_direct_costs: The lessor's own, spread like the income; minor units.

    Returns:
        Schedule "lessor-operating", minor units; `deferred_rent` is negative where rent is accrued.

    Raises:
        ValueError: If the epochs do not follow each other at period boundaries.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (100, 120), Fraction(1, 10),
        ...                      "10 % a year")
        >>> schedule = lessor_operating("c", "lessor", "lessee", [terms])
        >>> schedule.balance("deferred_rent", date(2029, 12, 31))
        -10
    """
    return assemble(
        "lessor-operating",
        (contract, entity, counterparty),
        _OPERATING_BALANCES,
        _OPERATING_FLOWS,
        _operating_movements(segments, initial_direct_costs),
    )


def lessor_sales_type(
    contract: str,
    entity: str,
    counterparty: str,
    segments: Sequence[LeaseSegment],
    asset: LeasedAsset,
    later_assets: Sequence[LeasedAsset] = (),
) -> Schedule:
    """
    A sales-type lease: net investment at the implicit rate, selling profit on day one.

    On day one receivable + residual + prepaid + costs expensed = asset derecognised + selling
    profit + deferred profit + initial direct costs + incentives. Direct costs are expensed if fair
    value differs from carrying amount, else the rate absorbs them. A change keeps the net
    investment and solves the rate anew. At the end what is left passes back as the asset.

    Source: ASC 842-30-25-1, 842-30-30-1, 842-30-35-1, 842-30-35-5, 842-10-25-17.

    Args:
        contract: Contract id.
        entity: The lessor.
        counterparty: The lessee.
        segments: The epochs, in order.
        asset: As it is at commencement.
        later_assets: The residuals as later epochs see them; absent, the same.

    Returns:
        Schedule "lessor-sales-type", minor units.

    Raises:
        NoCrossing: If no implicit rate up to 100 % a period exists.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 60), Fraction(0), "")
        >>> asset = LeasedAsset(fair_value=100, carrying_amount=90, unguaranteed_residual=10)
        >>> lessor_sales_type("c", "lessor", "lessee", [terms], asset).total("selling_profit")
        10
    """
    policy = ProfitPolicy(
        "lessor-sales-type",
        defers_profit=False,
        expenses_costs=asset.fair_value != asset.carrying_amount,
    )
    parties = (contract, entity, counterparty)
    return net_investment(parties, segments, (asset, *later_assets), policy)


def lessor_direct_financing(
    contract: str,
    entity: str,
    counterparty: str,
    segments: Sequence[LeaseSegment],
    asset: LeasedAsset,
    later_assets: Sequence[LeasedAsset] = (),
) -> Schedule:
    """
    A direct financing lease: selling profit reduces the net investment, a loss is taken at once.

    Interest and accretion run at the implicit rate; the deferred profit is released so that the
    net investment as a whole unwinds at a rate of its own. A change keeps the net investment.

    Source: ASC 842-30-25-7, 842-30-25-8, 842-30-30-2, 842-30-35-1, 842-30-35-5, 842-10-25-16.

    Args:
        contract: Contract id.
        entity: The lessor.
        counterparty: The lessee.
        segments: The epochs, in order.
        asset: As it is at commencement.
        later_assets: The residuals as later epochs see them; absent, the same.

    Returns:
        Schedule "lessor-direct-financing", minor units, with the columns of `lessor_sales_type`.

    Raises:
        NoCrossing: If no implicit rate up to 100 % a period exists.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 60), Fraction(0), "")
        >>> asset = LeasedAsset(fair_value=100, carrying_amount=90, unguaranteed_residual=10)
        >>> schedule = lessor_direct_financing("c", "lessor", "lessee", [terms], asset)
        >>> schedule.total("deferred_profit"), schedule.balance("net_investment", date(2029, 1, 1))
        (10, 90)
    """
    policy = ProfitPolicy("lessor-direct-financing", defers_profit=True, expenses_costs=False)
    parties = (contract, entity, counterparty)
    return net_investment(parties, segments, (asset, *later_assets), policy)


def lessor_finance_ifrs(
    contract: str,
    entity: str,
    counterparty: str,
    segments: Sequence[LeaseSegment],
    asset: LeasedAsset,
    later_assets: Sequence[LeasedAsset] = (),
    *,
    dealer: bool = False,
) -> Schedule:
    """
    A finance lease under IFRS: net investment at the implicit rate, profit on day one.

    The rate absorbs initial direct costs unless the lessor is a manufacturer or dealer, which
    expenses them.

    Source: IFRS 16.67, 16.68, 16.69, 16.70, 16.71, 16.74, 16.75.

    Args:
        contract: Contract id.
        entity: The lessor.
        counterparty: The lessee.
        segments: The epochs, in order.
        asset: As it is at commencement.
        later_assets: The residuals as later epochs see them; absent, the same.
        dealer: Whether the lessor made or deals in the asset.

    Returns:
        Schedule "lessor-finance-ifrs", minor units, with the columns of `lessor_sales_type`.

    Raises:
        NoCrossing: If no implicit rate up to 100 % a period exists.

    Example:
        >>> from datetime import date
        >>> from fractions import Fraction
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 60), Fraction(0), "")
        >>> asset = LeasedAsset(fair_value=100, carrying_amount=100, initial_direct_costs=4)
        >>> schedule = lessor_finance_ifrs("c", "lessor", "lessee", [terms], asset)
        >>> schedule.balance("net_investment", date(2029, 1, 1))
        104
    """
    policy = ProfitPolicy("lessor-finance-ifrs", defers_profit=False, expenses_costs=dealer)
    parties = (contract, entity, counterparty)
    return net_investment(parties, segments, (asset, *later_assets), policy)


#: By outcome of the lessor's classification: the measurement of leases that leave the asset's book.
NET_INVESTMENT = {
    "sales-type": lessor_sales_type,
    "direct-financing": lessor_direct_financing,
    "finance": lessor_finance_ifrs,
}
