"""
The asset of a net-investment lease as its lessor, or the lessor's group, sees it.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.measure.carrying_amount import carrying_amount
from leasebook.measure.end_of_lease import certain_purchase
from leasebook.measure.lease_terms import title_passes
from leasebook.measure.lessor import NET_INVESTMENT
from leasebook.measure.net_investment import LeasedAsset
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting


def leased_asset(
    lease: Lease,
    setting: Setting,
    members: frozenset[str] | None = None,
    accrued: Mapping[str, Schedule] | None = None,
    day: date | None = None,
) -> LeasedAsset:
    """
    What the lessor of a net-investment lease, or its group, gives up and expects back.

    Source: ASC 842-30-30-1; IFRS 16.69, 16.70.

    Args:
        lease: Gives residuals, costs and options.
        setting: Gives the asset and what events say of it.
        members: Whose carrying amount; the owner's if not said.
        accrued: The issuer's schedule of each note.
        day: When, if not at commencement: what an event of that day hands over counts.
    """
    home, setting = setting.home or setting, setting.in_currency_of(lease)
    known = setting.deal.assets[lease.asset]
    begins = day or lease.commencement_date.get()
    guaranteed = setting.minor(lease.guaranteed_residual) + setting.minor(
        lease.third_party_residual
    )
    free = setting.minor(lease.unguaranteed_residual)
    bought = certain_purchase(lease, setting)
    if bought is not None:
        guaranteed, free = setting.minor(bought.price), 0
    elif title_passes(lease):
        guaranteed, free = 0, 0
    given = lease.handed_over.unguaranteed_residual_asset if lease.handed_over else None
    fair_value = known.fair_value
    asset = LeasedAsset(
        fair_value=setting.minor(fair_value) if fair_value.known else None,
        carrying_amount=home.abroad(carried_by(lease, home, members, accrued, begins), lease),
        guaranteed_residual=guaranteed,
        unguaranteed_residual=free,
        initial_direct_costs=setting.minor(lease.lessor_initial_direct_costs),
        rate_given=lease.lessor_rate is not None,
        residual_given=None if given is None else setting.minor(given),
    )
    if day is None:
        return asset
    event = next((e for e in setting.events(lease.id) if e.date.get() == day), None)
    return asset if event is None else _as_handed_over(asset, event, setting)


def carried_by(
    lease: Lease,
    setting: Setting,
    members: frozenset[str] | None,
    accrued: Mapping[str, Schedule] | None,
    day: date | None = None,
) -> int:
    """
    What the asset of a lease is carried at as a day opens, minor units of the books.

    Args:
        lease: Gives the asset.
        setting: In the deal's own currency.
        members: Whose carrying amount; the owner's if not said.
        accrued: The issuer's schedule of each note.
        day: The commencement date if not said.
    """
    begins = day or lease.commencement_date.get()
    return carrying_amount(lease.asset, begins, setting, members, accrued, opening=True)


def given_up(
    lease: Lease,
    setting: Setting,
    members: frozenset[str] | None,
    accrued: Mapping[str, Schedule] | None,
) -> int:
    """What a lessor's asset is carried at when a net investment replaces it; 0 if it is kept."""
    if setting.outcome("lessor_classification", lease.id) not in NET_INVESTMENT:
        return 0
    return carried_by(lease, setting, members, accrued)


def _as_handed_over(asset: LeasedAsset, event: Event, setting: Setting) -> LeasedAsset:
    """The asset as an event of new terms says it: its fair value, or both parts of the balance."""
    asset = attrs.evolve(asset, initial_direct_costs=0, rate_given=False)
    receivable, residual = event.lease_receivable, event.unguaranteed_residual_asset
    if receivable is not None:
        return attrs.evolve(
            asset,
            fair_value=None,
            receivable_given=setting.minor(receivable),
            residual_given=setting.minor(residual),
        )
    if event.fair_value is None:
        return attrs.evolve(asset, fair_value=None)
    worth = setting.minor(event.fair_value)
    asset = attrs.evolve(asset, fair_value=worth)
    if event.payments:
        return asset
    # What is not split is receivable as a whole.
    return attrs.evolve(asset, receivable_given=worth, residual_given=0)
