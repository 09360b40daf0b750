"""
Works that are built for a lessee: whose they are while they are built, and how they pass.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from leasebook.contract.lease import Lease
from leasebook.contract.model import Construction
from leasebook.contract.transfer import Transfer
from leasebook.measure.asset import completion, draws_of
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting


def works_schedules(works: Construction, setting: Setting) -> Iterator[Schedule]:
    """
    Construction in its owner's books, and in those of a seller or lessee that it counts as.

    Where a sale failed, or the lessee controls the works, what their owner spends is a loan to
    that party. On completion works that pass by a sale go to their owner for what is owed.

    Source: ASC 360-10-30-1, 842-40-25-5, 842-40-55-3 to 842-40-55-5; IAS 16.16, IFRS 16.103,
    16.B45 to 16.B47.
    """
    draws = draws_of(works, setting)
    yield _spent(works, "construction", (works.owner, works.contractor), draws)
    financed = setting.failed_sale(works.asset)
    passed = _passes_on_completion(works, setting)
    if passed is not None:
        day = completion(passed, setting)
        draws = [(at, amount) for at, amount in draws if at <= day]
    seller = financed or passed
    if seller is None or seller.seller == works.owner:
        return
    sides = (works.owner, seller.seller)
    yield _spent(works, "advance-to-seller", sides, draws)
    yield _spent(works, "advance-from-buyer", sides[::-1], draws)
    if passed is not None:
        total = sum(amount for _, amount in draws)
        row = Movement(completion(passed, setting), 1, 0, {"settled": total})
        for name, entity, other in (
            ("works-passed", passed.seller, passed.buyer),
            ("works-received", passed.buyer, passed.seller),
        ):
            yield assemble(name, (works.id, entity, other), {}, ("settled",), [row])


def _passes_on_completion(works: Construction, setting: Setting) -> Transfer | None:
    """The sale by which works that a lessee controls pass to their owner, if it is one."""
    sale = setting.transfer(works.asset, "sale")
    if sale is None:
        return None
    if sale.deemed:
        if setting.deal.assets[works.asset].carrying_amount is not None:
            raise NotModelled(
                f"{works.asset} has a cost from before its works, which {sale.seller} controls"
            )
        return sale
    for lease in setting.deal.of_kind(Lease):
        controls = setting.outcome("control_during_construction", lease.id) == "controls"
        if controls and sale.leased_back(lease) and works.owner == sale.buyer:
            raise NotModelled(
                f"{lease.lessee} controls {works.asset} while it is built, and {sale.id} counts "
                f"as a sale before that; take it as a failed sale"
            )
    return None


def _spent(
    works: Construction,
    name: str,
    sides: tuple[str, str],
    draws: Sequence[tuple[date, int]],
) -> Schedule:
    rows = [Movement(day, 1, at, {"spent": spent}) for at, (day, spent) in enumerate(draws, 1)]
    return assemble(name, (works.id, *sides), {"total_spent": {"spent": 1}}, ("spent",), rows)
