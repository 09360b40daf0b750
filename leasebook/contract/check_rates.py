"""
Checks of the rates of which a lessee takes one, and of who may take which.
"""

from collections.abc import Iterator

from leasebook.contract.draft import Draft
from leasebook.contract.lease import RATE_KEYS, Lease
from leasebook.values.problem import Finding


def applied_rates_are_among_the_stated(draft: Draft) -> Iterator[Finding]:
    """A rate that is applied is one of those stated beside it, if all of them are known."""
    for key, lease in draft.contracts.items():
        if not isinstance(lease, Lease) or lease.discount_rate is None:
            continue
        applied, beside = lease.discount_rate, lease.candidate_rates
        known = {figure.value for figure in beside.values()}
        if applied.value is None or not known or None in known or applied.value in known:
            continue
        listed = [RATE_KEYS[basis] for basis in beside]
        cause = f"a discount rate of {applied.value:%} is none of {', '.join(listed)}"
        fix = "correct it, or leave discount_rate out: the rules say which of them is taken"
        path, other = ("contracts", key, "discount_rate"), ("contracts", key, listed[0])
        yield Finding("LB0450", path, cause, fix, other=other, cites=("ASC 842-20-30-3",))


def risk_free_rates_are_not_of_public_entities(draft: Draft) -> Iterator[Finding]:
    """A public business entity elects a risk-free rate for no class of asset."""
    for key, entity in draft.entities.items():
        public = entity.public_business_entity
        if entity.risk_free_rate_for and public is not None and public.value is True:
            cause = f"{key} is a public business entity, and those have no such choice"
            path = ("entities", key, "risk_free_rate_for")
            fix, other = "remove the key", ("entities", key, "public_business_entity")
            yield Finding("LB0451", path, cause, fix, "key", other=other,
                          cites=("ASC 842-20-30-3",))  # fmt: skip
