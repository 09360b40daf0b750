"""
Facts about transfers that wait for decisions: whether works are leased back by who controls them.
"""

from collections.abc import Mapping

from leasebook.contract.lease import Lease
from leasebook.contract.transfer import Transfer
from leasebook.facts.fact import Fact, Reading, Subject, Unknown
from leasebook.measure.setting import Setting
from leasebook.rulebook.determination import Determination

#: The measured facts that are about transfers.
TRANSFER_FACTS = frozenset({"leased_back"})


def transfer_fact(
    name: str, subject: Subject, reached: Mapping[str, Determination], _setting: Setting
) -> Fact:
    """
    Whether works that a lessor has built are transferred and leased back.

    They are if the lessee controls them while they are built; until that is decided, it is open.

    Source: ASC 842-40-55-3, 842-40-55-5; IFRS 16.B45, 16.B46.

    Args:
        name: As declared in the dictionary.
        subject: The transfer.
        reached: The decisions that the fact waits for.
        _setting: Deal, framework and scenario.
    """
    path = f"contracts.{subject.id}"
    found = reached.get("control_during_construction")
    outcome = found.stands if found else None
    if outcome is not None:
        return Fact(name, outcome == "controls", "measured", path)
    unknown = Unknown("whether the lessee controls the works is undetermined")
    readings = (Reading("controls", True), Reading("does not control", False))
    return Fact(name, unknown, "measured", path, readings=readings, exhaustive=True)


def built_under_control(transfer: Transfer, setting: Setting) -> bool:
    """
    Whether works are decided to be controlled by the lessee that they are built for.

    Source: ASC 842-40-55-5; IFRS 16.B46.
    """
    return any(
        setting.outcome("control_during_construction", lease.id) == "controls"
        for lease in setting.deal.of_kind(Lease)
        if transfer.deemed and transfer.leased_back(lease)
    )
