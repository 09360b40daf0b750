"""
The decisions that the books on a basis need, and which of them are open.
"""

from collections.abc import Iterator

from leasebook.consolidation.perimeter import members_of
from leasebook.contract.credit import Guarantee
from leasebook.contract.deal import Basis
from leasebook.contract.group import Acquisition
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contribution, EquityInterest
from leasebook.contract.transfer import transfers
from leasebook.contract.warrant import Warrant
from leasebook.measure.equity_investment import without_influence
from leasebook.measure.guarantee import subject_of
from leasebook.measure.setting import Setting
from leasebook.measure.transfer_facts import built_under_control


def decisions_lacking(setting: Setting, basis: Basis, parent: str) -> tuple[tuple[str, str], ...]:
    """
    The decisions that the books on a basis need and that are open.

    Args:
        setting: Gives the deal and the outcomes reached.
        basis: Whose perimeter counts.
        parent: Whose statements are wanted.
    """
    deal = setting.deal
    needed = [
        ("sale_and_leaseback", transfer.id)
        for transfer in transfers(deal)
        if not transfer.deemed or built_under_control(transfer, setting)
    ]
    for lease in deal.of_kind(Lease):
        if setting.outcome("contains_lease", lease.id) == "no-lease":
            continue
        needed.append(("lease_term", lease.id))
        if lease.candidate_rates and lease.discount_rate is None:
            needed.append(("discount_rate_basis", lease.id))
        if setting.failed_leaseback(lease) is None:
            needed += _classes_needed(lease, setting)
    for guarantee in deal.of_kind(Guarantee):
        about = subject_of(guarantee)
        needed.append(("guarantee_measurement", about))
        if setting.outcome("guarantee_measurement", about) != "not-recognised":
            needed.append(("guarantee_debit", about))
    needed += [*_of_warrants(setting), *_of_investments(setting)]
    treated = basis.perimeter or {}
    for acquisition in deal.of_kind(Acquisition) if parent == deal.reporting else ():
        if basis.perimeter is None or treated.get(acquisition.acquired) == "consolidate":
            needed.append(("first_consolidation", acquisition.id))
    if basis.perimeter is None and parent == deal.reporting:
        others = (e for e in deal.bookkeepers() if e != parent)
        needed += [("consolidation", f"{e}/{parent}") for e in others]
    found = tuple(key for key in needed if setting.outcome(*key) is None)
    return found or tuple(_deficits_open(setting, basis, parent))


def _deficits_open(setting: Setting, basis: Basis, parent: str) -> Iterator[tuple[str, str]]:
    """Members of which the rules of the time ask who bears their deficits, and do not know."""
    for member in sorted(members_of(setting.deal, basis, parent, setting.outcomes) - {parent}):
        key = ("noncontrolling_deficit", member)
        if key in setting.asked and setting.outcome(*key) is None:
            yield key


def _of_warrants(setting: Setting) -> Iterator[tuple[str, str]]:
    """The decisions about warrants that the books of issuers and holders need."""
    keeps = setting.deal.bookkeepers()
    for warrant in setting.deal.of_kind(Warrant):
        if warrant.issuer in keeps:
            yield "warrant_classification", warrant.id
            yield "warrant_debit", warrant.id
        if warrant.holder in keeps:
            yield "warrant_credit", warrant.id
            if setting.framework == "us-gaap":
                yield "warrant_measurement", warrant.id


def _of_investments(setting: Setting) -> Iterator[tuple[str, str]]:
    """The decisions about interests in companies without books, and about paying customers."""
    deal, keeps = setting.deal, setting.deal.bookkeepers()
    bought = {c.interest for c in deal.of_kind(Contribution) if c.asset is None}
    for interest in deal.of_kind(EquityInterest):
        if interest.holder in keeps and interest.issuer not in keeps and interest.id in bought:
            yield "significant_influence", f"{interest.issuer}/{interest.holder}"
        measured = without_influence(interest, setting) and setting.framework == "us-gaap"
        if interest.holder in keeps and interest.fair_values and measured:
            yield "investment_measurement", interest.id
    for contract in deal.of_kind(Contribution):
        if contract.contributor in keeps and contract.tied_to is not None:
            yield "payment_to_customer", contract.id


def _classes_needed(lease: Lease, setting: Setting) -> Iterator[tuple[str, str]]:
    """The decisions about a lease that the books of its parties need, then and later."""
    keeps = setting.deal.bookkeepers()
    kinds = {"modification"}
    if lease.lessee in keeps:  # IFRS has had no classes of lessees' leases since 2019
        kinds.add("lessee_classification")
    if lease.lessor in keeps:
        kinds.add("lessor_classification")
        if setting.outcome("lessor_classification", lease.id) == "sales-type":
            kinds.add("deposit_method")
    for decision, about in sorted(setting.asked):
        if decision in kinds and (about == lease.id or about.startswith(f"{lease.id}@")):
            yield decision, about
