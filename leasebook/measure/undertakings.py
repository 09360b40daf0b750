"""
Guarantees, exposures, supplies, warrants and acquisitions, measured for both of their sides.

They stand on the schedules of notes and leases, which an exposure may cover.
"""

from collections.abc import Iterable

from leasebook.contract.accounts import StatedAccounts
from leasebook.contract.credit import Exposure, Guarantee
from leasebook.contract.group import Acquisition, Supply
from leasebook.contract.warrant import Warrant
from leasebook.measure.acquisition import acquisition_schedules
from leasebook.measure.credit_derivative import guarantor_schedules
from leasebook.measure.credit_loss import exposure_schedules
from leasebook.measure.investee_profit import investee_profits
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.measure.stated_accounts import stated_schedule
from leasebook.measure.supply import supply_schedules
from leasebook.measure.warrant import warrant_schedules


def undertaking_schedules(setting: Setting, measured: Iterable[Schedule]) -> tuple[Schedule, ...]:
    """
    The schedules of contracts about credit and of those that a group is made by.

    Schedules of entities that keep no books are left out.

    Args:
        setting: The deal, the framework and the outcomes of decisions.
        measured: The schedules of notes and leases.
    """
    deal, known = setting.deal, tuple(measured)
    keeps = set(deal.bookkeepers())
    made: list[Schedule] = []
    for guarantee in deal.of_kind(Guarantee):
        if keeps & {guarantee.guarantor, guarantee.debtor, guarantee.beneficiary}:
            how = setting.outcome("guarantee_measurement", guarantee.about)
            made += guarantor_schedules(guarantee, how, setting)
    for exposure in deal.of_kind(Exposure):
        if exposure.creditor in keeps:
            covered = covered_by(exposure, known)
            made += exposure_schedules(exposure, setting, covered)
    for supply in deal.of_kind(Supply):
        made += supply_schedules(supply, setting)
    made += investee_profits(setting)
    for warrant in deal.of_kind(Warrant):
        made += warrant_schedules(warrant, setting)
    for stated in deal.of_kind(StatedAccounts):
        if stated.scenario in (None, setting.scenario):
            made.append(stated_schedule(stated, setting))
    for acquisition in deal.of_kind(Acquisition):
        made += acquisition_schedules(acquisition, setting)
    return tuple(s for s in made if s.entity in keeps and s.rows)


def covered_by(exposure: Exposure, measured: Iterable[Schedule]) -> Schedule | None:
    """
    The creditor's schedule of what an exposure covers; None if it covers nothing.

    Raises:
        NotModelled: If the creditor has no such schedule.
    """
    if exposure.covers is None:
        return None
    for schedule in measured:
        if (schedule.contract, schedule.entity) == (exposure.covers, exposure.creditor):
            return schedule
    raise NotModelled(f"{exposure.covers} is no receivable in the books of {exposure.creditor}")
