"""
What a lease and its lessee say about the rate that the lease is discounted at.
"""

from collections.abc import Iterator
from typing import Any

from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.share import signed_id
from leasebook.facts.fact import Value

#: The decision which of its rates a lessee takes.
BASIS = "discount_rate_basis"

#: What it is decided by, as people state it of a lease.
BEARING = frozenset(
    {"implicit_rate_readily_determinable", "public_business_entity", "risk_free_rate_elected"}
)


def basis_is_asked(lease: Lease, deal: Deal) -> bool:
    """
    Whether it is asked which rate a lessee takes: something bears on it besides a rate it states.

    A contract that states its discount rate and nothing else has answered.
    """
    lessee = deal.entities[lease.lessee]
    told = (lessee.public_business_entity, lessee.risk_free_rate_for)
    about = (lease.id, signed_id(lease.id))
    stated = any(s.about in about and s.fact in BEARING for s in (*deal.facts, *deal.judgements))
    return bool(lease.candidate_rates) or any(one is not None for one in told) or stated


def derived(lease: Lease, deal: Deal) -> Iterator[tuple[str, tuple[Value, str]]]:
    """
    Facts that follow: a rate that the lessee knows can be determined; a choice holds for a class.

    Source: ASC 842-20-30-3; IFRS 16.26.
    """
    path = f"contracts.{signed_id(lease.id)}.implicit_rate"
    if lease.implicit_rate is not None and lease.implicit_rate.known:
        yield "implicit_rate_readily_determinable", (True, path)
    elected = deal.entities[lease.lessee].risk_free_rate_for
    if elected is not None:
        path = f"entities.{lease.lessee}.risk_free_rate_for"
        yield "risk_free_rate_elected", (deal.assets[lease.asset].kind in elected, path)


def stated(lease: Lease, deal: Deal) -> Iterator[tuple[str, Figure[Any]]]:
    """The figures of contract and lessee that rules read by name, where they are given."""
    figures: dict[str, Figure[Any] | None] = {
        "implicit_rate_annual": lease.implicit_rate,
        "incremental_borrowing_rate_annual": lease.incremental_borrowing_rate,
        "public_business_entity": deal.entities[lease.lessee].public_business_entity,
        "title_transfers": lease.title_transfers,
    }
    for name, figure in figures.items():
        if figure is not None:
            yield name, figure
