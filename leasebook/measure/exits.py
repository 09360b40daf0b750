"""
The days on which a lessee could leave, and what its guarantee could come to on each.
"""

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

import attrs

from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.contract.note import Note
from leasebook.measure.note import note
from leasebook.measure.note_segment import note_segment
from leasebook.measure.note_terms import NoteSegment
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months


@attrs.frozen
class Exit:
    """A date on which the lessee could leave, and the months of lease until then."""

    months: int
    day: date


def exits(lease: Lease) -> tuple[Exit, ...]:
    """Every date on which a lease can end: after its first term and after each renewal."""
    begins = lease.commencement_date.get()
    months = [lease.noncancellable.get().months]
    for option in lease.options:
        if option.kind == "renewal" and option.term is not None:
            for _ in range(option.times):
                months.append(months[-1] + option.term.get().months)
    return tuple(Exit(m, add_months(begins, m) - timedelta(days=1)) for m in months)


def guarantee_of(lease: Lease, setting: Setting) -> ResidualValueGuarantee | None:
    """The lessee's residual value guarantee over a lease, if there is one."""
    found = (
        g
        for g in setting.deal.of_kind(ResidualValueGuarantee)
        if lease.id in g.covers_leases and g.guarantor == lease.lessee
    )
    return next(found, None)


def guaranteed(guarantee: ResidualValueGuarantee, at: Exit, setting: Setting) -> dict[str, int]:
    """
    What a guarantee could come to on an exit date, by reading of what is not public, minor units.

    After the time it covers it comes to nothing.
    """
    cap = setting.minor(guarantee.cap)
    if at.months > guarantee.covers.get().months:
        return {"guarantee expired": 0}
    amounts = {}
    for reading in guarantee.readings:
        owed = _owed(reading.note, at.day, setting)
        amounts[f"guarantee at {reading.label}"] = min(
            cap, int(Fraction(owed) / Fraction(reading.divisor))
        )
    amounts["guarantee in full"] = cap
    return amounts


def _owed(contract: str, at: date, setting: Setting) -> int:
    found = setting.deal.contracts[contract]
    if not isinstance(found, Note):
        raise TypeError(f"{contract} is no note")
    return _principal_balance(found.id, note_segment(found, setting), at)


@lru_cache(maxsize=512)
def _principal_balance(contract: str, terms: NoteSegment, at: date) -> int:
    return _note(contract, terms).balance("principal", at)


@lru_cache(maxsize=16)
def _note(contract: str, terms: NoteSegment) -> Schedule:
    """A note's schedule, which the same terms make again on every exit date and reading."""
    return note(contract, "issuer", "holder", terms)
