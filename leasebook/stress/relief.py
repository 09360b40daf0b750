"""
What comes in instead of the rent: an estate's part, a new tenant, a sale, a residual guarantee.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.measure.asset import owner_of
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.rounding import round_half_even
from leasebook.stress.curve import market_value
from leasebook.stress.position import Position
from leasebook.stress.scenario import ScenarioFile


def asset_value(position: Position, scenario: ScenarioFile, asset: str, day: date) -> int | None:
    """The market value of an asset on a day, minor units; None without a curve for it."""
    value = scenario.value_of(asset)
    if value is None:
        return None
    deal = position.setting_of(asset).deal
    return market_value(value, deal.assets[asset], day, scenario=scenario, currency=deal.currency)


def estate_share(scenario: ScenarioFile, contract: str, day: date) -> Fraction | None:
    """The part of a payment that the estate of a tenant in default pays; None while it pays all."""
    for stop in scenario.stops:
        if stop.contract == contract and stop.kind == "defaults" and day >= stop.date.get():
            return Fraction(0) if stop.recovery is None else Fraction(stop.recovery.get())
    return None


def lease_ends(position: Position, scenario: ScenarioFile) -> dict[str, date]:
    """
    The day from which nothing falls due any more under a lease that ends early in a scenario.

    A tenant leaves, or the asset is sold and takes the lease with it.
    """
    ends = {stop.contract: stop.date.get() for stop in scenario.stops if stop.kind == "leaves"}
    sold = {one.asset: one.date.get() for one in scenario.sales}
    for lease in position.of_kind(Lease):
        if lease.asset in sold:
            ends[lease.id] = min(ends.get(lease.id, date.max), sold[lease.asset])
    return ends


def relet_rents(position: Position, scenario: ScenarioFile) -> Iterator[tuple[date, str, str, int]]:
    """
    Day, lease, lessor and minor units of the rents of new tenants.

    They fall on the days on which the old tenant would have paid, in proportion to its rent.
    """
    sold = {one.asset: one.date.get() for one in scenario.sales}
    stops = {stop.contract: stop.date.get() for stop in scenario.stops}
    for letting in scenario.relettings:
        lease = position.contracts[letting.lease]
        if not isinstance(lease, Lease):
            continue
        begins = add_months(stops[letting.lease], letting.after.get().months)
        ends = sold.get(lease.asset, date.max) - timedelta(days=1)
        if letting.last_day is not None:
            ends = min(ends, letting.last_day.get())
        decline = letting.decline_annual
        kept = 1 - Fraction(decline.get()) if decline is not None else Fraction(1)
        for p in position.payments:
            if p.contract == lease.id and p.payer == lease.lessee and begins <= p.date <= ends:
                years = months_between(begins, p.date) // 12
                share = Fraction(letting.rent_share.get()) * kept**years
                yield p.date, lease.id, lease.lessor, round_half_even(p.amount * share)


def sales(position: Position, scenario: ScenarioFile) -> Iterator[tuple[date, str, str, int]]:
    """Day, asset, owner and minor units of the proceeds of assets that are sold."""
    for one in scenario.sales:
        value = asset_value(position, scenario, one.asset, one.date.get())
        owner = owner_of(one.asset, position.setting_of(one.asset))
        share = Fraction(one.proceeds_share.get())
        yield one.date.get(), one.asset, owner, round_half_even((value or 0) * share)


def threshold(
    position: Position,
    scenario: ScenarioFile,
    guarantee: ResidualValueGuarantee,
    outstanding: Mapping[str, int],
) -> int:
    """
    The value that a residual value guarantee promises, in minor units.

    It is the cap, or what is outstanding on a note over a divisor if that is less, by the reading
    that the scenario chooses, or the only one there is.

    Args:
        position: The deals.
        scenario: Chooses the reading.
        guarantee: The guarantee.
        outstanding: Minor units of each note.
    """
    cap = position.setting_of(guarantee.id).minor(guarantee.cap)
    chosen = {one.guarantee: one.reading for one in scenario.readings}.get(guarantee.id)
    readings = [r for r in guarantee.readings if chosen is None or r.label == chosen]
    if not readings:
        return cap
    reading = readings[0]
    return min(
        cap, round_half_even(Fraction(outstanding[reading.note]) / Fraction(reading.divisor))
    )


def residual_shortfall(
    position: Position,
    scenario: ScenarioFile,
    guarantee: ResidualValueGuarantee,
    day: date,
    outstanding: Mapping[str, int],
) -> int:
    """
    What a residual value guarantee pays if its leases end on a day, in minor units.

    Nothing outside the time that it covers, counted from commencement, or without a value.

    Source: ASC 842-10-55-34 (the guarantee makes good a fall below the threshold).
    """
    short = threshold(position, scenario, guarantee, outstanding)
    for name in guarantee.covers_leases:
        lease = position.contracts[name]
        if not isinstance(lease, Lease):
            continue
        begins = lease.commencement_date.get()
        if not begins <= day <= add_months(begins, guarantee.covers.get().months):
            return 0
        value = asset_value(position, scenario, lease.asset, day)
        if value is None:
            return 0
        short -= value
    return max(0, short)


def residual_calls(
    position: Position, scenario: ScenarioFile
) -> dict[date, list[ResidualValueGuarantee]]:
    """The residual value guarantees that are called, by the day on which a covered lease stops."""
    calls: dict[date, list[ResidualValueGuarantee]] = {}
    stops = {stop.contract: stop.date.get() for stop in scenario.stops}
    for guarantee in position.of_kind(ResidualValueGuarantee):
        days = [stops[lease] for lease in guarantee.covers_leases if lease in stops]
        if days:
            calls.setdefault(max(days), []).append(guarantee)
    return calls
