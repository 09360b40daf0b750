"""
Checks of sales and subleases: who may sell an asset, and what may be sublet.
"""

from collections.abc import Iterator
from datetime import date

from leasebook.contract.draft import Draft
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contribution, Sale
from leasebook.reckoning.calendar import add_months
from leasebook.values.problem import Finding


def assets_pass_once(draft: Draft) -> Iterator[Finding]:
    """An asset is sold by its first owner, and passes on once, by a sale or a contribution."""
    passed: dict[str, str] = {}
    for key, contract in draft.contracts.items():
        if not isinstance(contract, Sale | Contribution) or contract.asset is None:
            continue
        asset = draft.assets.get(contract.asset)
        first = passed.setdefault(contract.asset, key)
        if first != key:
            cause = f"{contract.asset} passes on by {first} already"
            path, other = ("contracts", key, "asset"), ("contracts", first, "asset")
            yield Finding("LB0313", path, cause, "leave out one of the two", other=other)
        elif isinstance(contract, Sale) and asset is not None and asset.owner != contract.seller:
            cause = f"{contract.asset} is {asset.owner}'s, and {contract.seller} sells it"
            other = ("assets", asset.id, "owner")
            fix = f"write seller = {asset.owner}, or another owner"
            yield Finding("LB0313", ("contracts", key, "seller"), cause, fix, other=other)


def subleases_fit_their_head_lease(draft: Draft) -> Iterator[Finding]:
    """A sublease is granted by the lessee of its head lease, and lies within it."""
    for key, lease in draft.contracts.items():
        if not isinstance(lease, Lease) or lease.head_lease is None:
            continue
        head = draft.contracts.get(lease.head_lease)
        if not isinstance(head, Lease):
            continue
        if head.lessee != lease.lessor:
            cause = f"{lease.head_lease} is a lease to {head.lessee}, not to {lease.lessor}"
            path, other = ("contracts", key, "lessor"), ("contracts", head.id, "lessee")
            yield Finding("LB0314", path, cause, f"write lessor = {head.lessee}", other=other)
        begins, ends = lease.commencement_date.value, _longest_end(head)
        if begins is None or ends is None or head.commencement_date.value is None:
            continue
        if not head.commencement_date.value <= begins < ends:
            cause = f"{begins} is not within {lease.head_lease}, which ends before {ends}"
            path = ("contracts", key, "commencement_date")
            other = ("contracts", head.id, "noncancellable")
            yield Finding("LB0314", path, cause, "correct one of the dates", other=other)


def _longest_end(lease: Lease) -> date | None:
    """The day after the last one of a lease with every renewal, None if it is not known."""
    begins, months = lease.commencement_date.value, lease.noncancellable.value
    if begins is None or months is None:
        return None
    total = months.months
    for option in lease.options:
        if option.kind == "renewal":
            if option.term is None or option.term.value is None:
                return None
            total += option.term.value.months * max(0, option.times)
    try:
        return add_months(begins, total)
    except (ValueError, OverflowError):
        return None
