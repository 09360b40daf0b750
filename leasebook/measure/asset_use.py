"""
An asset as one entity measures it from the first cost on: interest, transfer to use, depreciation.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from leasebook.measure.asset import (
    derecognised_from,
    expenditures,
    in_service,
    owner_of,
    sold_by,
    transfer_of,
    used_layers,
)
from leasebook.measure.borrowing_cost import interest_capitalised
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting


@attrs.frozen
class AssetMeasurement:
    """An asset as one entity, or one group, measures it: its interest and its use."""

    capitalised: tuple[Schedule, ...]
    use: Schedule | None


def measure_asset(
    asset: str,
    members: frozenset[str],
    *,
    setting: Setting,
    accrued: Mapping[str, Schedule],
    until: date,
) -> AssetMeasurement:
    """
    An asset measured with the members as the entity: capitalised interest, transfer, depreciation.

    Source: ASC 835-20-30-6, 810-10-45-1; IAS 23.8, IFRS 10.B86.
    """
    spent = expenditures(asset, members, setting)
    if not spent:
        return AssetMeasurement((), None)
    capitalised = interest_capitalised(asset, members, setting=setting, accrued=accrued)
    layers = [*spent, *interest_layers(capitalised)]
    transfer = transfer_of(asset, setting)
    sells = transfer is not None and sold_by(asset, members, setting) is not None
    use = in_service(
        asset,
        transfer.seller if transfer is not None and sells else owner_of(asset, setting),
        used_layers(asset, members, layers, setting),
        setting=setting,
        until=until,
        derecognised=derecognised_from(asset, members, setting),
    )
    return AssetMeasurement(capitalised, use)


def interest_layers(capitalised: Iterable[Schedule]) -> Iterator[tuple[date, int]]:
    """Dates and minor units of the interest in schedules of capitalised interest, net of income."""
    for schedule in capitalised:
        interest = schedule.columns.index("interest")
        income = schedule.columns.index("income")
        for row in schedule.rows:
            amount = row.amounts[interest] - row.amounts[income]
            if amount:
                yield row.date, amount
