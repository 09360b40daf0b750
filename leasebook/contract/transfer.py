"""
Transfers: how an asset passes from one party to another, which may lease it back.

An asset is sold, contributed for an interest, or built by a lessor for a lessee that may be taken
to own it while it is built; its passing to the lessor on completion is then a transfer too.
"""

from typing import TypeAlias

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.lease import Lease
from leasebook.contract.model import Construction, Contribution, Sale

TransferContract: TypeAlias = Contribution | Sale | Construction


@attrs.frozen
class Transfer:
    """
    An asset that passes from a seller to a buyer, and the contract by which it does.

    Attributes:
        contract: The sale, the contribution, or the works that are built for a lessee.
        asset: Id of the asset.
        seller: Who gives it up; of works, the lessee.
        buyer: Who gets it; of works, their owner.
    """

    contract: TransferContract
    asset: str
    seller: str
    buyer: str

    @property
    def id(self) -> str:
        """The id of the contract, under which the transfer is decided about."""
        return self.contract.id

    @property
    def deemed(self) -> bool:
        """Whether it is one only if the lessee controls the works while they are built."""
        return isinstance(self.contract, Construction)

    def leased_back(self, lease: Lease) -> bool:
        """Whether a lease gives the asset back to the seller."""
        return (lease.asset, lease.lessee, lease.lessor) == (self.asset, self.seller, self.buyer)


def transfers(deal: Deal) -> tuple[Transfer, ...]:
    """
    Every transfer of an asset in a deal, in the order of the files, works last.

    Works count where a lessor has them built that leases them out, and no contract passes the
    asset on.

    Source: ASC 842-40-15-2, 842-40-55-3; IFRS 16.98, 16.B45.
    """
    found: list[Transfer] = []
    for contract in deal.contracts.values():
        match contract:
            case Sale():
                sides = (contract.seller, contract.buyer)
                found.append(Transfer(contract, contract.asset, *sides))
            case Contribution(asset=str() as asset):
                sides = (contract.contributor, contract.recipient)
                found.append(Transfer(contract, asset, *sides))
    passed_on = {transfer.asset for transfer in found}
    for works in deal.of_kind(Construction):
        lessee = _built_for(works, deal)
        if lessee is not None and works.asset not in passed_on:
            passed_on.add(works.asset)
            found.append(Transfer(works, works.asset, lessee, works.owner))
    return tuple(found)


def _built_for(works: Construction, deal: Deal) -> str | None:
    lessees = (
        lease.lessee
        for lease in deal.of_kind(Lease)
        if lease.asset == works.asset
        and lease.lessor == works.owner
        and deal.assets[works.asset].owner == works.owner
    )
    return next(lessees, None)
