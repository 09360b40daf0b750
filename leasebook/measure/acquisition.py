"""
An acquisition in the acquirer's own books: what it had of the entity before, and what it pays.
"""

from collections.abc import Iterator

from leasebook.contract.group import Acquisition
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting, first_day


def acquisition_schedules(contract: Acquisition, setting: Setting) -> Iterator[Schedule]:
    """
    The interest in the books of its acquirer, at cost.

    An interest held since before the deal stands in its books from the first day at its carrying
    amount, against equity from before the deal.

    Source: ASC 323-10-30-2; IAS 28.10.

    Raises:
        NotModelled: If the seller keeps books: what its interest was carried at is not known here.
    """
    paid = setting.minor(contract.consideration)
    if paid and contract.seller in setting.deal.bookkeepers():
        raise NotModelled(f"{contract.seller} sells an interest and keeps books here")
    day = contract.date.get()
    before = setting.minor(contract.previous_carrying_amount)
    alone = (contract.id, contract.acquirer, "")
    row = Movement(first_day(setting.deal), 1, 0, {"carrying_amount": before})
    yield assemble("interest-held", alone, {}, ("carrying_amount",), [row] if before else [])
    sides = (contract.id, contract.acquirer, contract.seller)
    row = Movement(day, 1, 0, {"consideration": paid})
    yield assemble("interest-acquired", sides, {}, ("consideration",), [row] if paid else [])
