"""
An asset in the books of its owner, or of the group that owns it: cost, interest, depreciation.

Every function takes the *members*: the entities that are looked at as one. For an entity's own
books that is the entity alone; for a group's entries it is the whole perimeter. So the group is
measured by the same code as a single company (ASC 835-20-30-6; IAS 23.8).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from leasebook.contract.lease import Lease
from leasebook.contract.model import Construction, Contribution, Sale
from leasebook.contract.transfer import Transfer, transfers
from leasebook.measure.draws import straight_line_draws
from leasebook.measure.equity_investment import paid_in
from leasebook.measure.lease_course import lease_end, lease_segments
from leasebook.measure.lessor import NET_INVESTMENT
from leasebook.measure.plant import depreciation
from leasebook.measure.sale_price import cost_to_buyer
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.measure.settlement import sold_to_lessee


def transfer_of(asset: str, setting: Setting) -> Transfer | None:
    """
    The transfer by which an asset passes to another entity, if one does.

    Works count once they are decided to be controlled by the lessee that they are built for.
    """
    for found in transfers(setting.deal):
        decided = setting.outcome("sale_and_leaseback", found.id) in ("sale", "failed-sale")
        if found.asset == asset and (decided or not found.deemed):
            return found
    return None


def owner_of(asset: str, setting: Setting) -> str:
    """
    Who carries an asset after it has passed on; its seller, if the transfer is no sale.

    Source: ASC 842-40-25-5; IFRS 16.103(a).
    """
    transfer = transfer_of(asset, setting)
    if transfer is None:
        return setting.deal.assets[asset].owner
    failed = setting.failed_sale(asset) == transfer
    return transfer.seller if failed else transfer.buyer


def sold_by(asset: str, members: frozenset[str], setting: Setting) -> date | None:
    """The day on which members sell an asset to an outsider, None if they do not."""
    transfer = transfer_of(asset, setting)
    if transfer is None or owner_of(asset, setting) != transfer.buyer:
        return None
    leaves = transfer.seller in members and transfer.buyer not in members
    if leaves and isinstance(transfer.contract, Sale):
        return transfer.contract.sold.get()
    return None


def draws_of(contract: Construction, setting: Setting) -> list[tuple[date, int]]:
    """Dates and minor units that construction costs."""
    draws = contract.draws
    return straight_line_draws(setting.minor(draws.total), draws.first.get(), draws.last.get())


def expenditures(asset: str, members: frozenset[str], setting: Setting) -> list[tuple[date, int]]:
    """
    What an asset has cost the members by date, without capitalised interest, minor units.

    Source: ASC 360-10-30-1; IAS 16.16. A transfer between members costs them nothing: the asset
    keeps the carrying amount it had (ASC 810-10-45-1; IFRS 10.B86(c)).
    """
    sold = sold_by(asset, members, setting)
    if owner_of(asset, setting) not in members and sold is None:
        return []
    known = setting.deal.assets[asset]
    transfer = transfer_of(asset, setting)
    spent: list[tuple[date, int]] = []
    if known.owner in members:
        if known.carrying_amount is not None and known.held_from is not None:
            spent.append((known.held_from.get(), setting.minor(known.carrying_amount)))
    elif transfer is not None and not transfer.deemed:
        spent += _paid_for(transfer, setting)
    for contract in setting.deal.of_kind(Construction):
        if contract.asset == asset:
            spent += _built(contract, transfer, members, setting)
    return sorted((day, amount) for day, amount in spent if sold is None or day <= sold)


def _paid_for(transfer: Transfer, setting: Setting) -> list[tuple[date, int]]:
    if isinstance(transfer.contract, Contribution):
        return paid_in(transfer.contract, setting)
    return [cost_to_buyer(transfer, setting)]


def _built(
    works: Construction, transfer: Transfer | None, members: frozenset[str], setting: Setting
) -> list[tuple[date, int]]:
    """
    What works cost the members: their lessor has them from completion on, if another controls them.

    Source: ASC 842-40-55-3, 842-40-55-5; IFRS 16.B45.
    """
    spent = draws_of(works, setting)
    if transfer is None or owner_of(works.asset, setting) != transfer.buyer:
        return spent
    if isinstance(transfer.contract, Sale) and works.owner == transfer.seller:
        # What the seller has built is in the price that the buyer pays.
        return spent if transfer.seller in members else []
    if transfer.deemed and transfer.seller not in members:
        completed = completion(transfer, setting)
        return [(max(day, completed), amount) for day, amount in spent]
    return spent


def used_layers(
    asset: str,
    members: frozenset[str],
    layers: Sequence[tuple[date, int]],
    setting: Setting,
) -> Sequence[tuple[date, int]]:
    """The layers of cost that members put to use: none of an asset they sell before that."""
    sold = sold_by(asset, members, setting)
    begins = setting.deal.assets[asset].in_service.get()
    return layers if sold is None or begins < sold else ()


def completion(transfer: Transfer, setting: Setting) -> date:
    """The day on which works built for a lessee are made available to it: commencement."""
    leases = setting.deal.of_kind(Lease)
    day: date = next(le.commencement_date.get() for le in leases if transfer.leased_back(le))
    return day


def prior_holding(asset: str, setting: Setting) -> Schedule | None:
    """What the first owner carries the asset at before the deal, as a schedule of one row."""
    known = setting.deal.assets[asset]
    if known.carrying_amount is None or known.held_from is None:
        return None
    amount = setting.minor(known.carrying_amount)
    passes_on: tuple[Sale, ...] = setting.deal.of_kind(Sale)
    if any(sale.asset == asset and sale.goods for sale in passes_on):
        goods = Movement(known.held_from.get(), 1, 0, {"cost": amount})
        return assemble("goods-held", (asset, known.owner, ""), {}, ("cost",), [goods])
    row = Movement(known.held_from.get(), 1, 0, {"carrying_amount": amount})
    return assemble("prior-holding", (asset, known.owner, ""), {}, ("carrying_amount",), [row])


def derecognised_from(asset: str, members: frozenset[str], setting: Setting) -> date | None:
    """
    The first day on which a lease to an outsider has taken the asset off its owner's books, if any.

    After a sale that failed it is the day after the leaseback, with which control passes; of an
    asset that its lessee buys, the day after the lease.

    Source: ASC 842-30-25-1, 842-30-25-4, 842-30-25-7, 842-40-25-5; IFRS 16.67, IAS 16.67.
    """
    sold = sold_by(asset, members, setting)
    if sold is not None:
        return sold
    failed = setting.failed_sale(asset) is not None
    for lease in setting.deal.of_kind(Lease):
        if lease.asset != asset:
            continue
        if setting.failed_leaseback(lease) is not None and lease.lessor not in members:
            return lease_end(lease, setting) + timedelta(days=1)
        leased_out = lease.lessor in members and lease.lessee not in members
        if not failed and leased_out:
            for segment in lease_segments(lease, setting, "lessor"):
                if setting.lessor_class(lease.id, segment.start) in NET_INVESTMENT:
                    return segment.start
            bought = sold_to_lessee(lease, setting)
            if bought is not None:
                return bought
    return None


def written_off(
    asset: str,
    layers: Sequence[tuple[date, int]],
    setting: Setting,
    until: date,
    residual_minor: int | None = None,
) -> list[tuple[date, int]]:
    """
    Depreciation of an asset at each month end, over its life or by what is stated for a year.

    Source: ASC 360-10-35-4; IAS 16.50, 16.62.

    Args:
        asset: Its id.
        layers: Dates and minor units of its cost.
        setting: Gives first day of use, life, residual value, and depreciation a year if stated.
        until: Last day wanted.
        residual_minor: What is not depreciated, if not the asset's residual value.
    """
    known = setting.deal.assets[asset]
    yearly = known.annual_depreciation
    return depreciation(
        layers,
        known.in_service.get(),
        known.useful_life.get().months,
        setting.minor(known.residual_value) if residual_minor is None else residual_minor,
        until,
        annual=None if yearly is None else Fraction(setting.minor(yearly)),
    )


def in_service(
    asset: str,
    entity: str,
    layers: Sequence[tuple[date, int]],
    *,
    setting: Setting,
    until: date,
    derecognised: date | None = None,
    residual_minor: int | None = None,
) -> Schedule:
    """
    The asset's transfer from construction to use and its depreciation, over its useful life.

    Source: ASC 360-10-35-4; IAS 16.50, 16.55.

    Args:
        asset: Its id.
        entity: In whose books it stands.
        layers: Dates and minor units of its cost.
        setting: Gives useful life, first day of use and residual value.
        until: Last day wanted.
        derecognised: First day on which the asset is gone, written down to the close before.
        residual_minor: What is not depreciated, if not the asset's residual value.
    """
    known = setting.deal.assets[asset]
    begins = known.in_service.get()
    movements: list[Movement] = []
    if layers and begins <= until:
        before = sum(amount for day, amount in layers if day <= begins)
        movements.append(Movement(begins, 1, 0, {"transferred": before}))
        movements += [
            Movement(day, 1, 0, {"transferred": amount})
            for day, amount in layers
            if begins < day <= until
        ]
        fallen = written_off(asset, layers, setting, until, residual_minor)
        movements += [
            Movement(day, 1, at, {"depreciation": amount})
            for at, (day, amount) in enumerate(fallen, start=1)
            if derecognised is None or day < derecognised
        ]
    return assemble(
        "in-service",
        (asset, entity, ""),
        {"cost": {"transferred": 1}, "accumulated_depreciation": {"depreciation": 1}},
        ("transferred", "depreciation"),
        movements,
    )
