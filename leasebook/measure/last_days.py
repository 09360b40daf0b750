"""
When the contracts that have no lease or note in them end.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from leasebook.contract.accounts import StatedAccounts
from leasebook.contract.credit import Exposure, Guarantee
from leasebook.contract.deal import Deal
from leasebook.contract.group import Acquisition, Supply
from leasebook.contract.model import EquityInterest, Services
from leasebook.contract.warrant import Warrant
from leasebook.reckoning.calendar import add_months


def last_days(deal: Deal) -> Iterator[date]:
    """The last day on which each of these contracts moves anything."""
    for guarantee in deal.of_kind(Guarantee):
        yield _after(guarantee.issued.get(), guarantee.term.get().months)
        yield from (one.date.get() for one in guarantee.estimates)
    for exposure in deal.of_kind(Exposure):
        yield from (one.date.get() for one in exposure.estimates)
    for supply in deal.of_kind(Supply):
        life = supply.remaining_life
        months = life.get().months if life is not None and life.known else 0
        days = [one.date.get() for one in supply.deliveries]
        for day in days if supply.date is None else [supply.date.get()]:
            yield _after(day, months) if months else day
        yield from (part.date.get() for part in supply.unsold)
    for services in deal.of_kind(Services):
        yield from (one.date.get() for one in services.fees)
    for interest in deal.of_kind(EquityInterest):
        yield from (one.date.get() for one in interest.fair_values)
    for warrant in deal.of_kind(Warrant):
        ends = warrant.expiry if warrant.exercised is None else warrant.exercised
        yield ends.get()
        yield from (t.vests.get() for t in warrant.tranches if t.vests is not None)
    for stated in deal.of_kind(StatedAccounts):
        yield from (period.ends.get() for period in stated.periods)
    for acquisition in deal.of_kind(Acquisition):
        yield acquisition.date.get()
        yield from (one.date.get() for one in acquisition.impairments)


def _after(day: date, months: int) -> date:
    end: date = add_months(day, months) - timedelta(days=1)
    return end
