"""
What a lease itself guarantees of an asset's value at its end: by the lessee, and by a third party.

Where a scenario says what the asset is worth, what is called on the day on which the lease ends
takes the place of what the basis expects to be paid.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.measure.lease_course import lease_end, lease_segments
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.settlement import sold_to_lessee
from leasebook.stress.position import Position
from leasebook.stress.relief import asset_value, lease_ends
from leasebook.stress.scenario import ScenarioFile


@attrs.frozen
class OwnResidual:
    """
    What is called of a lease's own guarantees on the day on which it ends, in minor units.

    Attributes:
        lessee: Called from the lessee.
        third_party: Called from others, who come before the lessee.
        expected: What the basis has the lessee pay on that day.
    """

    lease: Lease
    date: date
    lessee: int
    third_party: int
    expected: int


def called(lease: Lease, position: Position, value: int) -> tuple[int, int]:
    """
    What lessee and third party make good if an asset comes back at a value, minor units.

    The third party's part lies above the lessee's, as the lessor counts on both together.

    Source: ASC 842-10-30-5(f), 842-30-20 (lease receivable); IFRS 16 appendix A.
    """
    setting = position.setting_of(lease.id)
    own, third = (setting.minor(x) for x in (lease.guaranteed_residual, lease.third_party_residual))
    lessee = max(0, own - value)
    return lessee, max(0, own + third - value) - lessee


def own_residuals(position: Position, scenario: ScenarioFile) -> Iterator[OwnResidual]:
    """
    The leases with guarantees of their own, of assets whose value the scenario gives.

    Raises:
        NotModelled: If such a lease is in another currency.
    """
    early = lease_ends(position, scenario)
    for lease in position.of_kind(Lease):
        guaranteed = lease.guaranteed_residual or lease.third_party_residual
        setting = position.setting_of(lease.id)
        if guaranteed is None or scenario.value_of(lease.asset) is None:
            continue
        if lease.currency is not None:
            raise NotModelled(f"{lease.id} guarantees a residual value in another currency")
        day, expected = early.get(lease.id), 0
        if day is None:
            if sold_to_lessee(lease, setting) is not None:
                continue
            day, expected = lease_end(lease, setting), _expected(lease, position)
        value = asset_value(position, scenario, lease.asset, day) or 0
        yield OwnResidual(lease, day, *called(lease, position, value), expected)


def _expected(lease: Lease, position: Position) -> int:
    """What the basis has the lessee pay at the end under the lease's own guarantee, minor units."""
    setting = position.setting_of(lease.id)
    by_contract = sum(
        setting.minor(guarantee.probable_payment)
        for guarantee in position.of_kind(ResidualValueGuarantee)
        if lease.id in guarantee.covers_leases and guarantee.guarantor == lease.lessee
    )
    last = lease_segments(lease, setting)[-1]
    return last.residual_payment + last.change.guaranteed - by_contract


def guarantors_of(position: Position, asset: str, value: int) -> Mapping[str, int]:
    """What leases' own guarantees of an asset would pay at a value, by who pays; '' is others."""
    found: dict[str, int] = {}
    for lease in position.of_kind(Lease):
        if lease.asset == asset and lease.currency is None:
            lessee, third = called(lease, position, value)
            for party, amount in ((lease.lessee, lessee), ("", third)):
                if amount:
                    found[party] = found.get(party, 0) + amount
    return found
