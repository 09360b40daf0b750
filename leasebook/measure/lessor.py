"""
The lessor's schedules: level income of an operating lease, net investment of every other lease.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from leasebook.measure.invested_schedule import net_investment
from leasebook.measure.lease_segment import LeaseSegment, dated_periods, period_movements
from leasebook.measure.lessor_epochs import OperatingEpoch, operating_epochs
from leasebook.measure.net_investment import LeasedAsset, ProfitPolicy
from leasebook.measure.schedule import Movement, Schedule, assemble

_OPERATING_FLOWS = (
    "prepaid",
    "day_one",
    "incentives",
    "initial_direct_costs",
    "payment",
    "billed",
    "variable_payment",
    "income",
    "direct_cost_amortisation",
    "accrued_written_off",
    "billed_written_off",
    "penalty",
    "accrued_to_profit",
)
_OPERATING_BALANCES = {
    "deferred_rent": {
        "payment": 1,
        "billed": 1,
        "prepaid": 1,
        "day_one": 1,
        "incentives": -1,
        "income": -1,
        "accrued_written_off": 1,
        "accrued_to_profit": 1,
    },
    "rent_receivable": {"billed": 1, "billed_written_off": -1},
    "unamortised_direct_costs": {"initial_direct_costs": 1, "direct_cost_amortisation": -1},
}


def _operating_movements(epochs: Sequence[OperatingEpoch]) -> Iterator[Movement]:
    dated = dated_periods([epoch.segment for epoch in epochs])
    for epoch, dates in zip(epochs, dated, strict=True):
        segment, number = epoch.segment, epoch.number
        accrued, billed = epoch.written_off
        opened = {
            "prepaid": segment.prepaid,
            "day_one": segment.day_one,
            "incentives": segment.incentives,
            "initial_direct_costs": epoch.unamortised_before if epoch is epochs[0] else 0,
            "direct_cost_amortisation": 0 if segment.periods else epoch.unamortised_before,
            "accrued_written_off": accrued,
            "billed_written_off": billed,
            "penalty": segment.change.penalty,
        }
        yield Movement(segment.start, number, 0, opened)
        accruals = {"income": epoch.income, "direct_cost_amortisation": epoch.costs}
        for movement in period_movements(segment, number, dates, accruals):
            # Rent that is due once collection is doubtful is no asset until it is paid.
            if not (segment.doubtful and "billed" in movement.flows):
                yield movement
        if segment.ends and segment.final_payment and dates:
            # A guarantee that is paid at the end is income when it is paid.
            settled = {"income": segment.final_payment}
            yield Movement(dates[-1][1], number, segment.periods, settled)


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
    epochs = operating_epochs(segments, initial_direct_costs)
    return operating_schedule((contract, entity, counterparty), epochs)


def operating_schedule(
    parties: tuple[str, str, str], epochs: Sequence[OperatingEpoch], rolled_over: date | None = None
) -> Schedule:
    """
    The schedule of some epochs of an operating lease.

    Source: ASC 842-30-25-11, 842-10-25-15(b).

    Args:
        parties: Contract, lessor, lessee.
        epochs: In order.
        rolled_over: The day on which the lease becomes a net investment, and rent that is accrued
            goes against the profit of that.

    Returns:
        Schedule "lessor-operating", minor units.
    """
    movements = list(_operating_movements(epochs))
    if rolled_over is not None:
        made = assemble("", parties, _OPERATING_BALANCES, _OPERATING_FLOWS, movements)
        left = {"accrued_to_profit": -made.balance("deferred_rent", rolled_over)}
        movements.append(Movement(rolled_over, epochs[-1].number, 0, left))
    return assemble("lessor-operating", parties, _OPERATING_BALANCES, _OPERATING_FLOWS, movements)


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
    profit + deferred profit + initial direct costs + incentives, and the selling profit is revenue
    less cost of goods sold. Direct costs are expensed if fair
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
        expenses_costs=asset.has_profit,
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
    policy = ProfitPolicy(
        "lessor-finance-ifrs", defers_profit=False, expenses_costs=dealer, keeps_rate=True
    )
    parties = (contract, entity, counterparty)
    return net_investment(parties, segments, (asset, *later_assets), policy)


#: By outcome of the lessor's classification: the measurement of leases that leave the asset's book.
NET_INVESTMENT = {
    "sales-type": lessor_sales_type,
    "direct-financing": lessor_direct_financing,
    "finance": lessor_finance_ifrs,
}


def profit_policy(outcome: str, asset: LeasedAsset) -> ProfitPolicy:
    """
    What is done with profit and costs in a class of lease.

    Source: ASC 842-30-25-1, 842-30-25-7, 842-30-25-8; IFRS 16.69, 16.71, 16.74. A lessor under IFRS
    whose fair value and carrying amount differ is taken for a manufacturer or dealer.

    Raises:
        KeyError: If the class is no net investment.

    Example:
        >>> profit_policy("direct-financing", LeasedAsset(100, 90)).defers_profit
        True
    """
    schedule = {
        "sales-type": "lessor-sales-type",
        "direct-financing": "lessor-direct-financing",
        "finance": "lessor-finance-ifrs",
    }[outcome]
    defers = outcome == "direct-financing"
    return ProfitPolicy(
        schedule,
        defers_profit=defers,
        expenses_costs=asset.has_profit and not defers,
        keeps_rate=outcome == "finance",
    )
