"""
What a customer buys under a contract by date, and how long a contract lasts.
"""

from datetime import date

from leasebook.contract.credit import Guarantee
from leasebook.contract.group import Supply
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contract, Services, kind_of
from leasebook.contract.note import Note
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months, months_between


def fees(contract: Services, setting: Setting) -> list[tuple[date, int]]:
    """Days and minor units of what is paid for services; nothing where the fee is not known."""
    if contract.fees:
        return [(one.date.get(), setting.minor(one.amount)) for one in contract.fees]
    fee, every, first, last = contract.fee, contract.every, contract.first, contract.last
    if fee is None or not fee.known or every is None or first is None or last is None:
        return []
    days: list[date] = []
    while (day := add_months(first.get(), len(days) * every.months)) <= last.get():
        days.append(day)
    return [(day, setting.minor(fee)) for day in days]


def deliveries(contract: Supply, setting: Setting) -> list[tuple[date, int]]:
    """Days and minor units of the price of what is delivered under a supply."""
    if contract.date is not None:
        return [(contract.date.get(), setting.minor(contract.price))]
    return [(one.date.get(), setting.minor(one.amount)) for one in contract.deliveries]


def purchases(contract: Contract, setting: Setting) -> list[tuple[date, int]]:
    """
    What is bought under a contract by date, at its price, minor units.

    Raises:
        NotModelled: If nothing is bought under it that is recognised when it is paid.
    """
    match contract:
        case Supply():
            return deliveries(contract, setting)
        case Services():
            return fees(contract, setting)
    kind = kind_of(contract)
    raise NotModelled(f"{contract.id} is a contract of kind {kind}, under which nothing is bought")


def lasts(contract: Contract, setting: Setting) -> tuple[date, int]:
    """
    The first day of a contract and the months that it goes on, at least one.

    Raises:
        NotModelled: If it has no time of its own.
    """
    match contract:
        case Lease():
            return contract.commencement_date.get(), contract.noncancellable.get().months
        case Note():
            first = contract.issued.get()
            return first, max(1, months_between(first, contract.maturity.get()))
        case Guarantee():
            return contract.issued.get(), contract.term.get().months
        case Supply() | Services():
            days = [day for day, _ in purchases(contract, setting)]
            if days:
                return days[0], max(1, months_between(days[0], days[-1]) + 1)
    raise NotModelled(f"{contract.id} does not say how long it lasts")
