"""
Which rents a deferral puts off, and when they are paid.
"""

from collections.abc import Sequence
from fractions import Fraction

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rounding import round_half_even, spread_evenly


def put_off(due: Sequence[int], event: Event, months: int) -> tuple[list[int], list[int]]:
    """
    What is not paid when it is due, and what is paid of it later, for each period that is left.

    Args:
        due: Minor units of each period from the event on.
        event: Says how long, which part, and when it is paid.
        months: Length of a period.

    Returns:
        Two lists of minor units with the same total.

    Raises:
        NotModelled: If it is paid after the lease.
    """
    day = event.date.get()
    count = event.deferred_for.get().months // months if event.deferred_for else 0
    over = event.repaid_over.get().months // months if event.repaid_over else 0
    begins = event.repaid_from.get() if event.repaid_from else day
    at = months_between(day, begins) // months
    if at + over > len(due):
        raise NotModelled(f"{event.contract} is over before the rent deferred on {day} is paid")
    share = Fraction(event.deferred_share.get() if event.deferred_share else 1)
    later = [round_half_even(share * amount) if k < count else 0 for k, amount in enumerate(due)]
    back = [0] * len(due)
    back[at : at + over] = spread_evenly(sum(later), over)
    return later, back


def paid_later(due: Sequence[int], event: Event, months: int) -> list[int]:
    """What is paid in each period once some of it is put off, minor units."""
    later, back = put_off(due, event, months)
    return [a - b + c for a, b, c in zip(due, later, back, strict=True)]


def as_it_commences(payments: Sequence[int], lease: Lease, setting: Setting) -> list[int]:
    """
    The payments of a lease of which some are put off by the day on which it commences.

    Source: ASC 842-10-25-1, 842-10-30-5; IFRS 16.27.
    """
    made = list(payments)
    for event in setting.events(lease.id):
        begins = event.date.get() == lease.commencement_date.get()
        if event.kind == "rent-deferred" and begins:
            made = paid_later(made, event, lease.rent.step_months)
    return made
