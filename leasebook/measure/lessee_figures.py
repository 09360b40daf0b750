"""
The figures of a lease in its lessee's books by name.
"""

from contextlib import suppress
from fractions import Fraction
from typing import Any

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.measure.classification_values import (
    value_for_classification,
)
from leasebook.measure.end_of_lease import whole_residual
from leasebook.measure.exempt_figures import begins_epoch, exempt_figures, within_epoch
from leasebook.measure.lease_figures import EventFigures, LeaseFigures
from leasebook.measure.lease_rows import (
    ends_by,
    first_periods,
    lessee_rows,
)
from leasebook.measure.lease_schedules import (
    epochs_of_lessee,
)
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import at_commencement
from leasebook.measure.leaseback_schedules import lessee_terms
from leasebook.measure.lessee_epochs import LesseeEpoch
from leasebook.measure.net_investment import implicit_rate
from leasebook.measure.setting import Setting
from leasebook.reckoning.rates import NoCrossing


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
    segments = lessee_terms(lease, setting)
    gone = first_periods(segments)
    epochs = epochs_of_lessee(lease, setting)
    if not epochs:
        return exempt_figures(lease, setting, segments, _terms(lease, setting, segments[0]))
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
        "total_payments": sum(first.payments) + first.day_one + first.termination_penalty,
        "payment": first.day_one or first.payments[0],
        "term_months": first.term_months,
    }
    if worth:
        found["pv_ratio"] = value / worth
        residual = first.purchase_price or whole_residual(lease, setting)
        terms = at_commencement(lease, setting)
        with suppress(NoCrossing):  # beyond 100 % a period nothing is reported
            found["implicit_rate"] = implicit_rate(terms, worth - terms.paid_by_start, residual)
    return found


def _level_amounts(epoch: LesseeEpoch) -> dict[str, Fraction]:
    """
    The level cost or amortisation of a period that is left, or of a day where days are stated.

    Source: ASC 842-20-25-6(a), 842-20-35-8; IFRS 16.31.
    """
    segment = epoch.segment
    if not segment.periods:
        return {}
    if epoch.method == "operating" and not epoch.impaired:
        cost = sum(segment.payments) + segment.final_payment + epoch.rou - epoch.liability
        return {"straight_line_cost": Fraction(cost, sum(segment.lengths))}
    return {"rou_amortisation": Fraction(epoch.rou, segment.horizon)}


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
            and begins_epoch(event, lease, setting)
        ):
            at += 1
            found.append(_lessee_event(event, following, gone[at]))
        else:
            found.append(_within(event, epochs, gone, setting))
    return found


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
        # What is really paid in a period, or for use, is no effect of the event.
        "variable_lease_cost": segment.variable[0] if segment.variable else 0,
    }
    after: dict[str, Any] = {
        "lease_liability": epoch.liability,
        "rou_asset": epoch.rou,
        "total_payments": sum(segment.payments) + segment.termination_penalty,
        **_level_amounts(epoch),
    }
    if epoch.method != "ifrs":
        after["classification"] = epoch.method
    if segment.periods:
        after["payment"] = segment.payments[0] + (segment.variable[0] if segment.variable else 0)
    return EventFigures(event, before, effects, after, tuple(lessee_rows(epoch, elapsed)))


def _within(
    event: Event, epochs: tuple[LesseeEpoch, ...], gone: list[int], setting: Setting
) -> EventFigures:
    """An event that opens no epoch: a payment of another amount, or a contract of its own."""
    day = event.date.get()
    k = max(n for n, e in enumerate(epochs) if e.segment.start < day or n == 0)
    epoch, elapsed = epochs[k], gone[k]
    rows = lessee_rows(epoch, elapsed)
    over = [r for n, r in enumerate(rows) if ends_by(epoch.segment, n, event)]
    liability = over[-1]["closing"] if over else epoch.liability
    rou = over[-1]["rou_closing"] if over else epoch.rou
    held = {"lease_liability": liability, "rou_asset": rou}
    return within_epoch(event, setting, held, rows, len(over))
