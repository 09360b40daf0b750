"""
The figures by name of a lease that its lessee keeps off the balance sheet.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.facts.changes import change_subject
from leasebook.measure.lease_figures import EventFigures, LeaseFigures
from leasebook.measure.lease_rows import Row, ends_by, exempt_rows, first_periods
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lessee import exempt_epochs
from leasebook.measure.setting import Setting

_NO_BALANCE = {"lease_liability": 0, "rou_asset": 0}


def exempt_figures(
    lease: Lease, setting: Setting, segments: Sequence[LeaseSegment], terms: Mapping[str, Any]
) -> LeaseFigures:
    """
    Level cost and what is prepaid or accrued of it, from epoch to epoch; there are no balances.

    Source: ASC 842-20-25-2, 842-20-55-1, 842-20-55-2; IFRS 16.6, 16.7.

    Args:
        lease: As signed.
        setting: Gives events and the exemption.
        segments: The epochs.
        terms: Figures that follow from the terms at commencement.
    """
    gone = first_periods(segments)
    walked = list(exempt_epochs(segments))
    tables = [
        exempt_rows(segment, costs, elapsed, prepaid)
        for segment, elapsed, (prepaid, costs) in zip(segments, gone, walked, strict=True)
    ]
    rows: list[Row] = []
    for segment, table in zip(segments, tables, strict=True):
        rows += table[: segment.live_periods]
    opening = {**_NO_BALANCE, "straight_line_cost": _level(segments[0], 0)}
    events: list[EventFigures] = []
    at = 0
    for event in setting.events(lease.id):
        begins = at + 1 < len(segments) and segments[at + 1].start == event.date.get()
        if begins and begins_epoch(event, lease, setting):
            at += 1
            prepaid = walked[at][0]
            events.append(_changed(event, lease, setting, segments[at], prepaid, tables[at]))
        else:
            events.append(_within(event, setting, segments[at], walked[at][0], tables[at]))
    return LeaseFigures({**terms, **opening}, tuple(rows), tuple(events))


def begins_epoch(event: Event, lease: Lease, setting: Setting) -> bool:
    """Whether an event opens an epoch of its lease: not if it pays, or is a contract of its own."""
    if event.kind == "right-added":
        about = change_subject(lease.id, event, setting.events(lease.id))
        return setting.outcome("modification", about) != "separate-contract"
    return event.kind != "payment-made"


def _level(segment: LeaseSegment, prepaid: int) -> Fraction:
    """The level cost of a period that is left, or of a day where days are stated."""
    whole = sum(segment.payments) + segment.final_payment + segment.paid_by_start
    return Fraction(whole + segment.initial_direct_costs + prepaid, max(1, sum(segment.lengths)))


def _changed(
    event: Event,
    lease: Lease,
    setting: Setting,
    segment: LeaseSegment,
    prepaid: int,
    rows: Sequence[Row],
) -> EventFigures:
    """An event that opens an epoch: what is left is level from then on, or nothing is left."""
    change = segment.change
    effects: dict[str, Any] = {
        "liability_derecognised": 0,
        "rou_derecognised": 0,
        "liability_remeasurement": 0,
        "added_right_liability": 0,
        # What is prepaid of a lease that ends is lost, and what is accrued is not paid any more.
        "gain": -change.penalty - prepaid if change.over else 0,
        "separate_contract": False,
        "variable_lease_cost": segment.variable[0] if segment.variable else 0,
    }
    after: dict[str, Any] = {
        **_NO_BALANCE,
        "classification": setting.exemption(lease.id),
        "accrued_rent": 0 if change.over else -prepaid,
        "total_payments": sum(segment.payments) + segment.termination_penalty,
    }
    if segment.periods:
        after["straight_line_cost"] = _level(segment, prepaid)
        after["payment"] = segment.payments[0] + effects["variable_lease_cost"]
    before = {**_NO_BALANCE, "accrued_rent": -prepaid}
    return EventFigures(event, before, effects, after, tuple(rows))


def _within(
    event: Event, setting: Setting, segment: LeaseSegment, prepaid: int, rows: Sequence[Row]
) -> EventFigures:
    """An event that opens no epoch: a payment of another amount, or a contract of its own."""
    over = [row for n, row in enumerate(rows) if ends_by(segment, n, event)]
    held = {**_NO_BALANCE, "accrued_rent": over[-1]["accrued_rent"] if over else -prepaid}
    return within_epoch(event, setting, held, rows, len(over))


def within_epoch(
    event: Event, setting: Setting, held: Mapping[str, Any], rows: Sequence[Row], over: int
) -> EventFigures:
    """
    What an event comes to that opens no epoch and leaves the balances as they are.

    Args:
        event: A payment of another amount, or a right that is a contract of its own.
        setting: Gives the currency.
        held: Balances on its day.
        rows: Of the epoch in force.
        over: How many of them are over by then.
    """
    effects: dict[str, Any] = {"liability_remeasurement": 0, "gain": 0, "added_right_liability": 0}
    if event.kind == "payment-made":
        expected = rows[over - 1]["payment"] if over else 0
        effects["variable_lease_cost"] = setting.minor(event.amount) - expected
    if event.kind == "right-added":
        effects["separate_contract"] = True
    return EventFigures(event, held, effects, held, tuple(rows[over:]))
