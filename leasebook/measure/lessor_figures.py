"""
The figures of a lease in its lessor's books by name.
"""

from fractions import Fraction
from typing import Any

import attrs

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.measure.carrying_amount import carrying_amount
from leasebook.measure.classification_values import (
    lessor_test_rate,
    lessor_value,
)
from leasebook.measure.deposit import DepositEpoch
from leasebook.measure.lease_figures import EventFigures, Figures, LeaseFigures
from leasebook.measure.lease_rows import (
    deposit_rows,
    ends_by,
    first_periods,
    invested_rows,
    operating_rows,
)
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.leased_asset import leased_asset
from leasebook.measure.lessor_epochs import OperatingEpoch
from leasebook.measure.lessor_schedules import LessorEpoch, Stretch, lessor_stretches
from leasebook.measure.net_investment import InvestedEpoch
from leasebook.measure.setting import Setting


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
    elif isinstance(one, DepositEpoch):
        opening |= {"initial_direct_costs_expensed": one.costs_expensed}
    else:
        opening |= _operating_opening(lease, setting, one)
    return LeaseFigures(opening, tuple(rows), tuple(_lessor_events(lease, setting, epochs, gone)))


def _lessor_rows(epoch: LessorEpoch, elapsed: int) -> list[Any]:
    if isinstance(epoch, InvestedEpoch):
        return invested_rows(epoch, elapsed)
    if isinstance(epoch, DepositEpoch):
        return deposit_rows(epoch, elapsed)
    return operating_rows(epoch, elapsed)


def _lessor_terms(lease: Lease, setting: Setting, first: LeaseSegment) -> dict[str, Any]:
    found: dict[str, Any] = {
        "total_payments": sum(first.payments) + first.day_one + first.termination_penalty,
        "payment": first.day_one or first.payments[0],
        "term_months": first.term_months,
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
    time = sum(segment.lengths)
    income = Fraction(sum(segment.dues(0)) + segment.paid_by_start, time)
    costs = Fraction(epoch.unamortised_before, time)
    found: dict[str, Any] = {"straight_line_income": income, "initial_direct_costs_expensed": 0}
    if segment.days:
        return found  # what owning the asset costs is stated for a period, and these differ
    owned = Fraction(_annual_depreciation(lease, setting) * segment.months, 12)
    others = setting.minor(lease.lessor_operating_costs)
    return {**found, "net_rental_income": income - costs - owned - others}


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
    cash = segment.paid_by_start + asset.deposit
    gross = sum(segment.dues(asset.whole_residual)) + segment.day_one
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
    epochs: list[tuple[Stretch, LessorEpoch]],
    gone: list[int],
) -> list[EventFigures]:
    found: list[EventFigures] = []
    at = 0
    for event in setting.events(lease.id):
        if at + 1 < len(epochs) and epochs[at + 1][1].segment.start == event.date.get():
            at += 1
            found.append(_lessor_event(lease, setting, event, epochs[at - 1 : at + 1], gone[at]))
        else:
            found.append(_within(event, epochs[at][1], gone[at], lease, setting))
    return found


def _within(
    event: Event, epoch: LessorEpoch, elapsed: int, lease: Lease, setting: Setting
) -> EventFigures:
    """An event that opens no epoch: a payment of another amount, or a contract of its own."""
    rows = _lessor_rows(epoch, elapsed)
    over = [row for n, row in enumerate(rows) if ends_by(epoch.segment, n, event)]
    effects: dict[str, Any] = {"gain": 0}
    if event.kind == "payment-made":
        expected = over[-1]["payment"] if over else 0
        effects["variable_lease_cost"] = setting.minor(event.amount) - expected
    if event.kind == "right-added":
        effects["separate_contract"] = True
    held: dict[str, Any]
    if isinstance(epoch, InvestedEpoch):
        net = over[-1]["net_investment_closing"] if over else epoch.net_investment
        held = {"net_investment": net}
    elif isinstance(epoch, DepositEpoch):
        held = {"deposit": over[-1]["deposit"] if over else epoch.held_before}
    else:
        day = event.date.get()
        accrued = epoch.accrued_before - epoch.segment.paid_by_start
        held = {
            "accrued_rent": over[-1]["accrued_rent"] if over else accrued,
            "rent_receivable": epoch.billed_before,
            "underlying_asset": carrying_amount(lease.asset, day, setting, opening=True),
        }
    return EventFigures(event, held, effects, held, tuple(rows[len(over) :]))


def _lessor_event(
    lease: Lease,
    setting: Setting,
    event: Event,
    pair: list[tuple[Stretch, LessorEpoch]],
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
    elif isinstance(old, DepositEpoch):
        before = {"deposit": old.held, "underlying_asset": carried}
    else:
        accrued, billed = _owed(old)
        before = {"accrued_rent": accrued, "rent_receivable": billed, "underlying_asset": carried}
    after: dict[str, Any] = {"classification": stretch.outcome}
    effects: dict[str, Any] = {"gain": 0, "selling_profit": 0}
    if event.kind == "right-added":
        effects["separate_contract"] = False
    segment = epoch.segment
    after["total_payments"] = sum(segment.payments)
    effects["variable_lease_cost"] = varies = segment.variable[0] if segment.variable else 0
    if segment.periods:
        after["payment"] = segment.payments[0] + varies
    if isinstance(epoch, InvestedEpoch):
        after["net_investment"] = epoch.net_investment
        profit = epoch.flows.get("selling_profit", 0)
        # Rent that was accrued is part of what the new net investment replaces.
        effects["selling_profit"] = profit - (accrued if old_stretch is not stretch else 0)
        effects["gain"] = epoch.flows.get("modification_gain", 0)
        if segment.change.kind == "ended":
            after["underlying_asset"] = before["net_investment"]
            effects["gain"] = segment.change.penalty
    elif isinstance(epoch, DepositEpoch):
        after["deposit"], after["underlying_asset"] = epoch.held_before, carried
        effects["gain"] = epoch.gain
    else:
        left = isinstance(old, InvestedEpoch)
        after["underlying_asset"] = before["net_investment"] if left else carried
        if segment.periods:
            still = sum(segment.payments) + segment.paid_by_start - epoch.accrued_before
            after["straight_line_income"] = Fraction(still, sum(segment.lengths))
        effects["gain"] = epoch.gain
    return EventFigures(event, before, effects, after, tuple(_lessor_rows(epoch, elapsed)))


def _owed(epoch: OperatingEpoch) -> tuple[int, int]:
    """Accrued rent and billed rent when the live periods of an epoch are over."""
    segment, live = epoch.segment, epoch.segment.live_periods
    accrued = epoch.accrued_before - segment.paid_by_start - epoch.written_off[0]
    accrued += sum(epoch.income[:live]) - sum(segment.payments[:live])
    unpaid = sum(segment.payments[k] for k in segment.unpaid if k < live)
    unpaid += sum(segment.deferred[:live]) - sum(segment.caught_up[:live])
    return accrued, epoch.billed_before + unpaid - epoch.written_off[1]
