"""
The lease term in months, by the outcome of the decision that says what belongs to it.
"""

from collections.abc import Callable, Iterator, Mapping

from leasebook.contract.lease import Lease
from leasebook.contract.option_times import (
    bound_months,
    first_purchase,
    first_termination,
    leading_lessor_renewals,
    longest_months,
    mutual_exit,
    options_of,
    stated_months,
)


def lease_term_months(lease: Lease, outcomes: Mapping[tuple[str, str], str]) -> int | None:
    """
    The lease term at commencement, in months.

    Source: ASC 842-10-30-1, 842-10-55-23 to 55-25; IFRS 16.18, 16.B34 to 16.B36.

    Args:
        lease: Its stated term, `noncancellable`, and its options.
        outcomes: What stands, by decision and subject; `lease_term` is read.

    Returns:
        Months from commencement; None while `lease_term` is open, or where the option that the
        outcome is about has no time.

    Example:
        >>> from datetime import date
        >>> from leasebook.contract.figure import Figure
        >>> from leasebook.contract.lease import Option, Rent
        >>> from leasebook.values.duration import Duration
        >>> five, three = (Figure(Duration.parse(f"{n} years")) for n in (5, 3))
        >>> lease = Lease("desk", "owner", "tenant", "desk", Figure(date(2029, 1, 1)), five,
        ...     Rent(Duration.parse("month"), "advance"), options=(Option("termination", three),))
        >>> lease_term_months(lease, {("lease_term", "desk"): "to-termination"})
        36
        >>> lease_term_months(lease, {})
    """
    outcome = outcomes.get(("lease_term", lease.id))
    return None if outcome is None else months_under(lease, outcome)


def months_under(lease: Lease, outcome: str) -> int | None:
    """
    The lease term in months under one outcome of `lease_term`.

    ``noncancellable-only`` is the stated term. ``with-renewals`` adds every renewal, and
    ``with-lessor-renewals`` those of the lessor that come before the lessee's first.
    ``to-termination`` ends where the lessee may first leave, ``enforceable-only`` where both sides
    may, ``to-purchase`` where the asset can first be bought; none of them lasts longer than the
    stated term with every renewal.

    Args:
        lease: The contract.
        outcome: One of the decision's outcomes.

    Returns:
        Months; None where the outcome is about an option that the lease does not have or that has
        no time.

    Raises:
        KeyError: If the decision has no such outcome.
    """
    months = _MONTHS[outcome](lease)
    return None if months is None else min(months, longest_months(lease))


def lease_term_readings(lease: Lease) -> tuple[tuple[str, int], ...]:
    """
    Every term that a lease can come to, in months, each with what it is called.

    They are all there are: an open term is one of them.

    Source: ASC 842-10-30-1; IFRS 16.18.
    """
    found = ((label, months_under(lease, outcome)) for outcome, label in possible_terms(lease))
    return tuple((label, months) for label, months in found if months is not None)


def possible_terms(lease: Lease) -> Iterator[tuple[str, str]]:
    """The outcomes that the decision on the term can have for a lease, with what each is called."""
    yield "noncancellable-only", "without renewals"
    if options_of(lease, "renewal", "lessee"):
        yield "with-renewals", "with every renewal"
    if leading_lessor_renewals(lease):
        yield "with-lessor-renewals", "with the lessor's renewals"
    if options_of(lease, "termination", "lessee"):
        yield "to-termination", "to the lessee's first way out"
    if mutual_exit(lease) is not None:
        yield "enforceable-only", "while one side is bound"
    if options_of(lease, "purchase", "lessee"):
        yield "to-purchase", "to the purchase"


def _to_termination(lease: Lease) -> int | None:
    return first_termination(lease, "lessee")


_MONTHS: Mapping[str, Callable[[Lease], int | None]] = {
    "noncancellable-only": stated_months,
    "with-renewals": longest_months,
    "with-lessor-renewals": bound_months,
    "to-termination": _to_termination,
    "to-purchase": first_purchase,
    "enforceable-only": mutual_exit,
}
