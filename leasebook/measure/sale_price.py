"""
The price of a sale held against fair value, and what the asset has cost its buyer.
"""

from datetime import date

from leasebook.contract.lease import Lease
from leasebook.contract.model import Sale
from leasebook.contract.transfer import Transfer
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting


def off_market(price: int, fair_value: int) -> tuple[int, int]:
    """
    What of a price is a loan, and what is missing from it and is rent paid ahead.

    Source: ASC 842-40-30-1 to 842-40-30-3; IFRS 16.101.

    Args:
        price: Minor units.
        fair_value: Of the asset on the day of the sale, minor units.

    Returns:
        Minor units: the excess of the price over fair value, and of fair value over the price.

    Example:
        >>> off_market(120, 100), off_market(90, 100)
        ((20, 0), (0, 10))
    """
    return max(0, price - fair_value), max(0, fair_value - price)


def leaseback_of(transfer: Transfer, setting: Setting) -> Lease | None:
    """The lease by which a seller has the asset back, if its terms are known."""
    found = (lease for lease in setting.deal.of_kind(Lease) if transfer.leased_back(lease))
    return next(found, None)


def fair_value_on_sale(sale: Sale, setting: Setting) -> int:
    """
    The fair value that a price is held against, minor units.

    Raises:
        NotModelled: If it is not known: a price cannot then be told from a loan.
    """
    figure = setting.deal.assets[sale.asset].fair_value
    if not figure.known:
        raise NotModelled(f"{sale.id} is leased back, and its asset has no fair value")
    return setting.minor(figure)


def off_market_of(transfer: Transfer, setting: Setting) -> tuple[int, int]:
    """
    The loan in a sale's price and the rent paid ahead by it; both nothing without a leaseback.

    Source: ASC 842-40-30-2; IFRS 16.101.
    """
    sale = transfer.contract
    if not isinstance(sale, Sale) or leaseback_of(transfer, setting) is None:
        return 0, 0
    return off_market(setting.minor(sale.price), fair_value_on_sale(sale, setting))


def cost_to_buyer(transfer: Transfer, setting: Setting) -> tuple[date, int]:
    """
    The day on which a sale brings the asset to its buyer, and its cost: fair value if leased back.

    Source: ASC 842-40-30-2, 842-40-30-3; IFRS 16.100(b), 16.101.

    Returns:
        Day and minor units.
    """
    sale = transfer.contract
    if not isinstance(sale, Sale):
        raise TypeError(f"{transfer.id} is no sale")
    loan, paid_ahead = off_market_of(transfer, setting)
    return sale.sold.get(), setting.minor(sale.price) - loan + paid_ahead
