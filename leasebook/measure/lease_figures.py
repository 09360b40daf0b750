"""
The figures of a lease by name: at commencement, period by period, and at each event.

They are read from the epochs that the schedules are made of, so that what is reported here is what
is booked. Amounts are minor units; rates are per period and exact.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.measure.classification_values import (
    lessor_test_rate,
    lessor_value,
    value_for_classification,
)
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.lease_rows import (
    exempt_rows,
    first_periods,
    invested_rows,
    lessee_rows,
    operating_rows,
)
from leasebook.measure.lease_schedules import (
    Stretch,
    carrying_amount,
    epochs_of_lessee,
    leased_asset,
    lessor_stretches,
)
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import at_commencement, whole_residual
from leasebook.measure.lessee_epochs import LesseeEpoch
from leasebook.measure.lessor_epochs import OperatingEpoch
from leasebook.measure.net_investment import InvestedEpoch, implicit_rate
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months

Figures = Mapping[str, Any]


@attrs.frozen
class EventFigures:
    """
    What an event does: balances before and after it, and what it moves.

    Attributes:
        event: Which.
        before: Balances right before it, a payment due that day still unpaid.
        effects: What it moves.
        after: Balances and level amounts right after it.
        rows: Period by period from it on, as the new terms foresee.
    """

    event: Event
    before: Figures
    effects: Figures
    after: Figures
    rows: tuple[Figures, ...] = ()


@attrs.frozen
class LeaseFigures:
    """A lease in one side's books: at commencement, period by period, at each event."""

    opening: Figures
    rows: tuple[Figures, ...]
    events: tuple[EventFigures, ...]


def lessee_figures(lease: Lease, setting: Setting) -> LeaseFigures:
    """
    The figures of a lease in its lessee's books.

    Source: ASC 842-20-30-1, 842-20-30-5, 842-20-35-1 to 35-8; IFRS 16.23 to 16.46.

    Args:
        lease: As signed.
        setting: Gives classes, events and terms.

    Returns:
        Minor units; level amounts are exact fractions of them.
    """
    segments = lease_segments(lease, setting)
    gone = first_periods(segments)
    epochs = epochs_of_lessee(lease, setting)
    if not epochs:
        first = segments[0]
        due = sum(first.payments) + first.final_payment
        whole = due + first.paid_by_start + first.initial_direct_costs
        rows = exempt_rows(first, first.spread(whole))
        level = Fraction(whole, first.periods)
        opening = {"lease_liability": 0, "rou_asset": 0, "straight_line_cost": level}
        return LeaseFigures({**_terms(lease, setting, first), **opening}, tuple(rows), ())
    rows = []
    for epoch, elapsed in zip(epochs, gone, strict=True):
        rows += lessee_rows(epoch, elapsed)[: epoch.segment.live_periods]
    return LeaseFigures(
        {**_terms(lease, setting, segments[0]), **_lessee_opening(epochs[0])},
        tuple(rows),
        tuple(_lessee_events(lease, setting, epochs, gone)),
    )


def _terms(lease: Lease, setting: Setting, first: LeaseSegment) -> dict[str, Any]:
    """What follows from the terms and the lessee's rate, whatever the class."""
    fair_value = setting.deal.assets[lease.asset].fair_value
    worth = setting.minor(fair_value) if fair_value.known else None
    value = value_for_classification(first, lease, setting)
    found: dict[str, Any] = {
        "pv_for_classification": value,
        "pv_fixed_payments": first.value_of(first.dues(0)),
        "pv_residual_guarantee": first.value_of([*[0] * first.periods, first.residual_payment]),
        "residual_guarantee_expected_payment": first.residual_payment,
        "total_payments": sum(first.payments) + first.day_one,
        "payment": first.day_one or first.payments[0],
        "term_months": first.periods * first.months,
    }
    if worth:
        found["pv_ratio"] = value / worth
        residual = first.purchase_price or whole_residual(lease, setting)
        terms = at_commencement(lease, setting)
        found["implicit_rate"] = implicit_rate(terms, worth - terms.paid_by_start, residual)
    return found


def _level_amounts(epoch: LesseeEpoch) -> dict[str, Fraction]:
    """
    The level cost or amortisation of each period that is left, as exact amounts.

    Source: ASC 842-20-25-6(a), 842-20-35-8; IFRS 16.31.
    """
    segment = epoch.segment
    if not segment.periods:
        return {}
    if epoch.method == "operating" and not epoch.impaired:
        cost = sum(segment.payments) + segment.final_payment + epoch.rou - epoch.liability
        return {"straight_line_cost": Fraction(cost, segment.periods)}
    over = segment.amortisation_periods or segment.periods
    return {"rou_amortisation": Fraction(epoch.rou, over)}


def _lessee_opening(epoch: LesseeEpoch) -> dict[str, Any]:
    return {
        "lease_liability": epoch.liability,
        "rou_asset": epoch.rou,
        "total_interest": sum(epoch.interest),
        **_level_amounts(epoch),
    }


def _lessee_events(
    lease: Lease, setting: Setting, epochs: tuple[LesseeEpoch, ...], gone: list[int]
) -> list[EventFigures]:
    found: list[EventFigures] = []
    at = 0
    for event in setting.events(lease.id):
        following = epochs[at + 1] if at + 1 < len(epochs) else None
        if (
            following is not None
            and following.segment.start == event.date.get()
            and (_begins_epoch(event, lease, setting))
        ):
            at += 1
            found.append(_lessee_event(event, following, gone[at]))
        else:
            found.append(_within(event, epochs, gone))
    return found


def _begins_epoch(event: Event, lease: Lease, setting: Setting) -> bool:
    if event.kind in ("payment-made", "option-not-exercised"):
        return False
    return not _is_separate(event, lease, setting)


def _is_separate(event: Event, lease: Lease, setting: Setting) -> bool:
    about = f"{lease.id}@{event.date.get()}/change"
    return setting.outcome("modification", about) == "separate-contract"


def _lessee_event(event: Event, epoch: LesseeEpoch, elapsed: int) -> EventFigures:
    segment, flows = epoch.segment, epoch.flows
    before = {"lease_liability": epoch.liability_before, "rou_asset": epoch.rou_before}
    effects = {
        "liability_derecognised": flows.get("liability_derecognised", 0),
        "rou_derecognised": flows.get("rou_derecognised", 0),
        "liability_remeasurement": flows["remeasurement"],
        "added_right_liability": flows.get("added_right", 0),
        "gain": epoch.gain,
        "separate_contract": False,
        "variable_lease_cost": segment.variable_of(0) if segment.periods else 0,
    }
    after: dict[str, Any] = {
        "lease_liability": epoch.liability,
        "rou_asset": epoch.rou,
        "total_payments": sum(segment.payments),
        **_level_amounts(epoch),
    }
    if epoch.method != "ifrs":
        after["classification"] = epoch.method
    if segment.periods:
        after["payment"] = segment.payments[0] + (segment.variable[0] if segment.variable else 0)
    return EventFigures(event, before, effects, after, tuple(lessee_rows(epoch, elapsed)))


def _within(event: Event, epochs: tuple[LesseeEpoch, ...], gone: list[int]) -> EventFigures:
    """An event that opens no epoch: a payment of another amount, or a contract of its own."""
    day = event.date.get()
    k = max(n for n, e in enumerate(epochs) if e.segment.start < day or n == 0)
    epoch, elapsed = epochs[k], gone[k]
    rows = lessee_rows(epoch, elapsed)
    over = [r for n, r in enumerate(rows) if _ends_by(epoch.segment, n, event)]
    liability = over[-1]["closing"] if over else epoch.liability
    rou = over[-1]["rou_closing"] if over else epoch.rou
    held = {"lease_liability": liability, "rou_asset": rou}
    effects: dict[str, Any] = {"liability_remeasurement": 0, "gain": 0, "added_right_liability": 0}
    if event.kind == "payment-made":
        effects["variable_lease_cost"] = over[-1]["variable_lease_cost"] if over else 0
    if event.kind == "right-added":
        effects["separate_contract"] = True
    return EventFigures(event, held, effects, held, tuple(rows[len(over) :]))


def _ends_by(segment: LeaseSegment, period: int, event: Event) -> bool:
    return add_months(segment.start, segment.months * (period + 1)) <= event.date.get()


def lessor_figures(lease: Lease, setting: Setting) -> LeaseFigures:
    """
    The figures of a lease in its lessor's books.

    Source: ASC 842-30-25-11, 842-30-30-1, 842-30-30-2, 842-30-35-1; IFRS 16.67 to 16.87.

    Args:
        lease: As signed.
        setting: Gives classes, events and terms.

    Returns:
        Minor units; level amounts are exact fractions of them.
    """
    stretches = lessor_stretches(lease, setting)
    first = stretches[0]
    epochs = [(stretch, epoch) for stretch in stretches for epoch in stretch.epochs]
    gone = first_periods([epoch.segment for _, epoch in epochs])
    rows: list[Figures] = []
    for (_, epoch), elapsed in zip(epochs, gone, strict=True):
        rows += _lessor_rows(epoch, elapsed)[: epoch.segment.live_periods]
    opening = _lessor_terms(lease, setting, first.epochs[0].segment)
    one = first.epochs[0]
    if isinstance(one, InvestedEpoch):
        opening |= _invested_opening(first, one)
    else:
        opening |= _operating_opening(lease, setting, one)
    return LeaseFigures(opening, tuple(rows), tuple(_lessor_events(lease, setting, epochs, gone)))


def _lessor_rows(epoch: OperatingEpoch | InvestedEpoch, elapsed: int) -> list[Any]:
    if isinstance(epoch, InvestedEpoch):
        return invested_rows(epoch, elapsed)
    return operating_rows(epoch, elapsed)


def _lessor_terms(lease: Lease, setting: Setting, first: LeaseSegment) -> dict[str, Any]:
    found: dict[str, Any] = {
        "total_payments": sum(first.payments) + first.day_one,
        "payment": first.day_one or first.payments[0],
        "term_months": first.periods * first.months,
    }
    value = lessor_value(lease, setting, third_parties=False)
    asset = leased_asset(lease, setting)
    if value is not None:
        found["pv_for_classification"] = value
        if asset.fair_value:
            found["pv_ratio"] = value / asset.fair_value
    rate = lessor_test_rate(lease, setting, first)
    if rate is not None:
        found["implicit_rate"] = rate
    return found


def _operating_opening(lease: Lease, setting: Setting, epoch: OperatingEpoch) -> dict[str, Any]:
    segment = epoch.segment
    income = Fraction(sum(segment.payments) + segment.paid_by_start, segment.periods)
    costs = Fraction(epoch.unamortised_before, segment.periods)
    owned = Fraction(_annual_depreciation(lease, setting) * segment.months, 12)
    others = setting.minor(lease.lessor_operating_costs)
    return {
        "straight_line_income": income,
        "net_rental_income": income - costs - owned - others,
        "initial_direct_costs_expensed": 0,
    }


def _annual_depreciation(lease: Lease, setting: Setting) -> Fraction:
    asset = setting.deal.assets[lease.asset]
    if asset.annual_depreciation is not None:
        return Fraction(setting.minor(asset.annual_depreciation))
    begins = lease.commencement_date.get()
    cost = carrying_amount(lease.asset, begins, setting, opening=True)
    cost -= setting.minor(asset.residual_value)
    return Fraction(cost * 12, asset.useful_life.get().months)


def _invested_opening(stretch: Stretch, epoch: InvestedEpoch) -> dict[str, Any]:
    segment, asset, flows = epoch.segment, stretch.asset, epoch.flows
    if asset is None:
        return {}
    cash = segment.paid_by_start
    gross = sum(segment.payments) + segment.day_one + asset.whole_residual
    revenue = epoch.receivable + cash - flows["initial_direct_costs_in_rate"]
    cost = asset.carrying_amount - epoch.residual
    deferred = flows["deferred_profit"]
    return {
        "implicit_rate": epoch.rate,
        "lease_receivable": epoch.receivable,
        "unguaranteed_residual_asset": epoch.residual,
        "net_investment": epoch.net_investment,
        "net_investment_rate": epoch.net_rate,
        "gross_investment": gross,
        "unearned_finance_income": gross - segment.day_one - epoch.net_investment,
        "revenue": revenue,
        "cost_of_goods_sold": cost,
        "selling_profit": revenue - cost,
        "deferred_selling_profit": deferred,
        "initial_direct_costs_expensed": flows["initial_direct_costs_expensed"],
        "total_interest": sum(epoch.interest),
        "pv_residual_guarantee": epoch.receivable - _rents_alone(epoch),
        "pv_fixed_payments": _rents_alone(epoch),
    }


def _rents_alone(epoch: InvestedEpoch) -> int:
    segment = attrs.evolve(epoch.segment, rate=epoch.rate, opening_liability=None)
    return segment.value_of(segment.dues(0))


def _lessor_events(
    lease: Lease,
    setting: Setting,
    epochs: list[tuple[Stretch, OperatingEpoch | InvestedEpoch]],
    gone: list[int],
) -> list[EventFigures]:
    found: list[EventFigures] = []
    at = 0
    for event in setting.events(lease.id):
        if at + 1 < len(epochs) and epochs[at + 1][1].segment.start == event.date.get():
            at += 1
            found.append(_lessor_event(lease, setting, event, epochs[at - 1 : at + 1], gone[at]))
        else:
            found.append(EventFigures(event, {}, {"gain": 0}, {}))
    return found


def _lessor_event(
    lease: Lease,
    setting: Setting,
    event: Event,
    pair: list[tuple[Stretch, OperatingEpoch | InvestedEpoch]],
    elapsed: int,
) -> EventFigures:
    (old_stretch, old), (stretch, epoch) = pair
    day = event.date.get()
    carried = carrying_amount(lease.asset, day, setting, opening=True)
    before: dict[str, Any]
    accrued = billed = 0
    if isinstance(old, InvestedEpoch):
        receivable, residual, deferred = old.carried()
        before = {"net_investment": receivable + residual - deferred}
    else:
        accrued, billed = _owed(old)
        before = {"accrued_rent": accrued, "rent_receivable": billed, "underlying_asset": carried}
    after: dict[str, Any] = {"classification": stretch.outcome}
    effects: dict[str, Any] = {"gain": 0, "selling_profit": 0}
    segment = epoch.segment
    after["total_payments"] = sum(segment.payments)
    effects["variable_lease_cost"] = segment.variable_of(0) if segment.periods else 0
    if isinstance(epoch, InvestedEpoch):
        after["net_investment"] = epoch.net_investment
        profit = epoch.flows.get("selling_profit", 0)
        # Rent that was accrued is part of what the new net investment replaces.
        effects["selling_profit"] = profit - (accrued if old_stretch is not stretch else 0)
        effects["gain"] = epoch.flows.get("modification_gain", 0)
    else:
        left = isinstance(old, InvestedEpoch)
        after["underlying_asset"] = before["net_investment"] if left else carried
        if segment.periods:
            still = sum(segment.payments) + segment.paid_by_start - epoch.accrued_before
            after["straight_line_income"] = Fraction(still, segment.periods)
            after["payment"] = segment.payments[0]
        effects["gain"] = epoch.gain
    return EventFigures(event, before, effects, after, tuple(_lessor_rows(epoch, elapsed)))


def _owed(epoch: OperatingEpoch) -> tuple[int, int]:
    """Accrued rent and billed rent when the live periods of an epoch are over."""
    segment, live = epoch.segment, epoch.segment.live_periods
    accrued = epoch.accrued_before - segment.paid_by_start - epoch.written_off[0]
    accrued += sum(epoch.income[:live]) - sum(segment.payments[:live])
    unpaid = sum(segment.payments[k] for k in segment.unpaid if k < live)
    return accrued, epoch.billed_before + unpaid - epoch.written_off[1]
