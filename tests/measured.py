"""
Leases of one class from their segments alone, by the functions that the books are made with.
"""

from collections.abc import Sequence
from functools import partial

from leasebook.measure.invested_schedule import invested_schedule
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lessee import lessee_schedules
from leasebook.measure.lessee_epochs import Method
from leasebook.measure.lessor import operating_schedule, profit_policy
from leasebook.measure.lessor_epochs import operating_epochs
from leasebook.measure.net_investment import LeasedAsset, invested_epochs
from leasebook.measure.schedule import Schedule


def _lessee(
    method: Method, contract: str, entity: str, counterparty: str, segments: Sequence[LeaseSegment]
) -> Schedule:
    methods = [method] * len(segments)
    (made,) = lessee_schedules(contract, entity, counterparty, segments, methods)
    return made


def _invested(
    outcome: str,
    contract: str,
    entity: str,
    counterparty: str,
    segments: Sequence[LeaseSegment],
    asset: LeasedAsset,
) -> Schedule:
    policy = profit_policy(outcome, asset)
    epochs = invested_epochs(segments, asset, policy)
    return invested_schedule((contract, entity, counterparty), epochs, asset, policy)


def lessor_operating(
    contract: str,
    entity: str,
    counterparty: str,
    segments: Sequence[LeaseSegment],
    initial_direct_costs: int = 0,
) -> Schedule:
    """An operating lease in its lessor's books."""
    epochs = operating_epochs(segments, initial_direct_costs)
    return operating_schedule((contract, entity, counterparty), epochs)


lessee_operating = partial(_lessee, "operating")
lessee_finance = partial(_lessee, "finance")
lessee_ifrs = partial(_lessee, "ifrs")
lessor_sales_type = partial(_invested, "sales-type")
lessor_direct_financing = partial(_invested, "direct-financing")
lessor_finance_ifrs = partial(_invested, "finance")
