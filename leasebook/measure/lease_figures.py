"""
The figures of a lease by name: at commencement, period by period, and at each event.

They are read from the epochs that the schedules are made of, so that what is reported here is what
is booked. Amounts are minor units; rates are per period and exact.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from leasebook.contract.event import Event

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
