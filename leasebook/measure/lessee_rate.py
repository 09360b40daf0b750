"""
At which of its rates a lessee discounts a lease, as `discount_rate_basis` stands.
"""

from collections.abc import Iterator
from decimal import Decimal

import attrs

from leasebook.contract.figure import Figure
from leasebook.contract.lease import RATE_KEYS, Lease
from leasebook.facts.lease_rates import BASIS
from leasebook.measure.lease_components import Side
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting

#: How each basis is called where a rate is printed.
_WORDS = {
    "implicit": "implicit in the lease",
    "incremental-borrowing": "incremental borrowing rate",
    "risk-free": "risk-free rate",
}


@attrs.frozen
class LesseeRate:
    """
    The rate that a lessee takes: None for the one that is solved from the asset's fair value.

    `words` says which rate it is, where one of several was chosen.
    """

    figure: Figure[Decimal] | None
    words: str = ""


def lessee_rate(lease: Lease, setting: Setting) -> LesseeRate:
    """
    The rate at which a lessee discounts a lease at commencement.

    Of the rates that the contract states it is the one on which `discount_rate_basis` stands; while
    that is open, and where the contract states no others, it is the stated discount rate.

    Source: ASC 842-20-30-3; IFRS 16.26.

    Args:
        lease: With the rates it states.
        setting: Gives the outcome.

    Raises:
        NotModelled: If the decision is open, or stands on a rate that is not stated, and the
            contract states no discount rate.
    """
    beside, basis = lease.candidate_rates, setting.outcome(BASIS, lease.id)
    if basis in beside and beside[basis].known:
        return LesseeRate(beside[basis], _WORDS[basis])
    if basis is None or not beside:
        if lease.discount_rate is not None or (not beside and basis in (None, "implicit")):
            return LesseeRate(lease.discount_rate)
    elif basis == "implicit" and setting.deal.assets[lease.asset].fair_value.known:
        return LesseeRate(None)
    stands = f"stands at {basis}" if basis else "is open"
    cause = f"{BASIS} of {lease.id} {stands}"
    key = RATE_KEYS[basis] if basis else "discount_rate"
    raise NotModelled(f"{cause}, and the contract states no {key}")


def settings_of_rates(lease: Lease, setting: Setting) -> Iterator[tuple[str, Setting]]:
    """
    The settings in which a lessee takes each rate that it may still take, with what it is called.

    There is one, of no name, where it is settled which; there is none where the rate that is
    settled on is not stated.
    """
    try:
        lessee_rate(lease, setting)
    except NotModelled:
        if setting.outcome(BASIS, lease.id) is not None:
            return
    else:
        yield "", setting
        return
    for basis, figure in lease.candidate_rates.items():
        if figure.known:
            known = {**setting.outcomes, (BASIS, lease.id): basis}
            yield (
                f"at the {RATE_KEYS[basis]}".replace("_", " "),
                attrs.evolve(setting, outcomes=known),
            )


def rate_of(lease: Lease, setting: Setting, side: Side) -> LesseeRate:
    """
    The rate with which a side of a lease begins.

    A lessor that states none goes with the lessee's where its own does not count; where it counts
    it is solved from the asset's fair value.

    Source: ASC 842-10-25-4, 842-20-30-3; IFRS 16.26, 16.68.

    Raises:
        NotModelled: If it is open which rate the lessee takes.
    """
    if side == "lessee":
        return lessee_rate(lease, setting)
    if lease.lessor_rate is not None:
        return LesseeRate(lease.lessor_rate)
    try:
        return lessee_rate(lease, setting)
    except NotModelled:
        return LesseeRate(None)
