"""
What the terms of a guarantee say about its scope: when it is due, what is done, and for whom.
"""

from decimal import Decimal

from leasebook.contract.credit import Guarantee
from leasebook.contract.deal import Deal
from leasebook.contract.lease import Lease
from leasebook.contract.model import EquityInterest
from leasebook.contract.note import Note
from leasebook.facts.fact import Fact, Value, derived_facts


def guarantee_facts(guarantee: Guarantee, deal: Deal) -> dict[str, Fact]:
    """
    The facts that decide a guarantee's scope, as far as its terms say them.

    A promise that does nothing but pay what is past due has no net settlement beyond its debtor's
    debt and is no derivative; of any other that is a judgement. Whether rents are due under a debt
    instrument is one too. Guarantor and debtor are parent and subsidiary if one holds more than
    half of the other; a debtor that is only a counterparty is an outsider.

    Source: ASC 460-10-15-4, 815-10-15-58; IFRS 9 Appendix A, B2.5.
    """
    path = f"contracts.{guarantee.id}"
    promise: dict[str, tuple[Value, str]] = {
        "guarantees_own_leased_asset": (False, f"{path}.kind"),
        "accounted_as_variable_rent": (False, f"{path}.kind"),
        "guarantees_own_performance": (guarantee.guarantor == guarantee.debtor, f"{path}.debtor"),
        "accounted_as_insurance": (False, f"{path}.kind"),
        "reimburses_missed_payments_only": (
            guarantee.remedies == ("missed-payments",),
            f"{path}.remedies",
        ),
        "pays_only_what_is_past_due": (
            guarantee.triggers == ("missed-payment",),
            f"{path}.triggers",
        ),
        "pays_on_failure_to_perform": ("missed-payment" in guarantee.triggers, f"{path}.triggers"),
        "secondary_obligor_after_release": (False, f"{path}.kind"),
    }
    if guarantee.only_missed_payments:
        promise["meets_derivative_definition"] = (False, f"{path}.remedies")
    if not guarantee.covers_leases:
        promise["covers_debt_instrument"] = (True, f"{path}.kind")
    exposed = _exposed(guarantee, deal)
    if exposed is not None:
        promise["beneficiary_exposed_throughout"] = (exposed, f"{path}.beneficiary")
    sides = {guarantee.guarantor, guarantee.debtor}
    held = (i for i in deal.of_kind(EquityInterest) if {i.holder, i.issuer} == sides)
    majority = any(i.share.known and i.share.get() > Decimal("0.5") for i in held)
    if majority or not deal.entities[guarantee.debtor].keeps_books:
        promise["between_parent_and_subsidiary"] = (majority, f"{path}.kind")
    return derived_facts(promise)


def _exposed(guarantee: Guarantee, deal: Deal) -> bool | None:
    """
    Whether whoever is paid has the debtor's promise; None where the deal does not show it.

    A guarantee of payments of a debt that the deal does not hold is taken by its word.
    """
    if guarantee.covers_leases:
        leases = [deal.contracts.get(name) for name in guarantee.covers_leases]
        lessors = {lease.lessor for lease in leases if isinstance(lease, Lease)}
        return True if lessors == {guarantee.beneficiary} else None
    owed = [n for n in deal.of_kind(Note) if n.issuer == guarantee.debtor]
    if guarantee.only_missed_payments or any(n.holder == guarantee.beneficiary for n in owed):
        return True
    return None
