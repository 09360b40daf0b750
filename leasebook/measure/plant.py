"""
Plant: straight-line depreciation of an asset whose cost may arrive in layers.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from leasebook.measure.not_modelled import NotModelled
from leasebook.reckoning.calendar import (
    closes,
    days_of_use,
    month_end,
    months_between,
    periods,
)
from leasebook.reckoning.rounding import round_half_even, spread, spread_evenly


def depreciation(
    cost_layers: Sequence[tuple[date, int]],
    in_service: date,
    life_months: int,
    residual: int,
    until: date,
    *,
    annual: Fraction | None = None,
) -> list[tuple[date, int]]:
    """
    Depreciation at each month end, straight line over the months of the asset's life.

    Months are counted from the day the asset enters service; one that straddles a month end is
    split by days. A layer of cost that arrives later is depreciated over the months that are left,
    from the one in which it arrives.

    Source: ASC 360-10-35-4; IAS 16.50, 16.55, 16.62.

    Args:
        cost_layers: Date and minor units of each.
        in_service: First day of use.
        life_months: Useful life.
        residual: Minor units that are not depreciated.
        until: Last day wanted.
        annual: Minor units a year instead of what life and residual value give, until the
            residual value is reached.

    Returns:
        Month end and minor units, for each month from `in_service` to the last month end on or
        before `until` or to the end of life.

    Raises:
        NotModelled: If a layer arrives after the end of life.

    Example:
        >>> depreciation([(date(2028, 12, 1), 100)], date(2029, 1, 1), 3, 0, date(2029, 2, 28))
        [(datetime.date(2029, 1, 31), 33), (datetime.date(2029, 2, 28), 34)]
    """
    layers = tuple(cost_layers)
    return list(_depreciation(layers, in_service, life_months, residual, until, annual))


@lru_cache(maxsize=256)
def _depreciation(
    cost_layers: tuple[tuple[date, int], ...],
    in_service: date,
    life_months: int,
    residual: int,
    until: date,
    annual: Fraction | None,
) -> tuple[tuple[date, int], ...]:
    """The same for all who ask it again: one asset is carried in many measurements."""
    if annual is not None:
        by_month = _by_year(cost_layers, in_service, annual, residual, until)
        return tuple(_at_month_ends(in_service, by_month, until))
    by_month = [0] * life_months
    at_start = sum(cost for day, cost in cost_layers if day <= in_service) - residual
    layers = [(0, at_start)]
    layers += [(months_between(in_service, d), cost) for d, cost in cost_layers if d > in_service]
    for first, amount in layers:
        if first >= life_months:
            raise NotModelled(f"cost arrives {first} months into a life of {life_months}")
        for k, part in enumerate(spread_evenly(amount, life_months - first), start=first):
            by_month[k] += part
    return tuple(_at_month_ends(in_service, by_month, until))


def _by_year(
    cost_layers: Sequence[tuple[date, int]],
    in_service: date,
    annual: Fraction,
    residual: int,
    until: date,
) -> list[int]:
    """Depreciation of each month at so much a year, from the first cost in use on."""
    arrivals = [(months_between(in_service, max(day, in_service)), c) for day, c in cost_layers]
    if not arrivals:
        return []
    begins = min(month for month, _ in arrivals)
    written = 0
    by_month: list[int] = [0] * begins
    for month in range(begins, months_between(in_service, max(until, in_service)) + 2):
        cost = sum(amount for first, amount in arrivals if first <= month)
        reached = round_half_even(annual * (month + 1 - begins) / 12)
        part = max(0, min(reached, cost - residual) - written)
        written += part
        by_month.append(part)
        if month >= max(first for first, _ in arrivals) and written == cost - residual:
            break
    return by_month


def _at_month_ends(
    in_service: date, by_month: Sequence[int], until: date
) -> list[tuple[date, int]]:
    """Amounts of months of use at the month ends that they straddle, by days, up to a day."""
    at_month_end: dict[date, int] = {}
    for amount, (first_day, last_day) in zip(
        by_month, periods(in_service, 1, len(by_month)), strict=True
    ):
        closings = closes(first_day, last_day)
        parts = spread(amount, days_of_use(first_day, closings))
        for day, part in zip(closings, parts, strict=True):
            at_month_end[month_end(day)] = at_month_end.get(month_end(day), 0) + part
    return [(day, amount) for day, amount in at_month_end.items() if day <= until]
