"""
When the options of a lease can be used, and how far they reach, in months from commencement.
"""

from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease, Option
from leasebook.values.duration import Duration


def options_of(lease: Lease, kind: str, holder: str | None = None) -> tuple[Option, ...]:
    """The options of one kind, in the order of the contract; of one party if it is named."""
    return tuple(
        option
        for option in lease.options
        if option.kind == kind and holder in (None, option.holder)
    )


def known_months(figure: Figure[Duration] | None) -> int | None:
    """The months of a duration that a contract has and that is known."""
    return None if figure is None or figure.value is None else figure.value.months


def stated_months(lease: Lease) -> int:
    """The stated term: what the contract runs for if no option is used."""
    return lease.noncancellable.get().months


def added_months(option: Option) -> int:
    """What a renewal adds if it is used as often as it can be."""
    return (known_months(option.term) or 0) * option.times


def renewal_after(lease: Lease, months: int) -> int | None:
    """
    The months that a renewal adds which begins so long after commencement.

    Returns:
        None if no renewal begins then.

    Example:
        >>> from datetime import date
        >>> from leasebook.contract.lease import Rent
        >>> year, two = (Figure(Duration.parse(f"{n} years")) for n in (1, 2))
        >>> renewals = (Option("renewal", year), Option("renewal", two))
        >>> lease = Lease("desk", "owner", "tenant", "desk", Figure(date(2029, 1, 1)), year,
        ...     Rent(Duration.parse("month"), "advance"), options=renewals)
        >>> [renewal_after(lease, months) for months in (12, 24, 30)]
        [12, 24, None]
    """
    begins = stated_months(lease)
    for option in options_of(lease, "renewal"):
        added = known_months(option.term) or 0
        if added and 0 <= months - begins < added * option.times:
            return None if (months - begins) % added else added
        begins += added * option.times
    return None


def longest_months(lease: Lease) -> int:
    """The stated term and every renewal, the lessee's and the lessor's."""
    return stated_months(lease) + sum(added_months(o) for o in options_of(lease, "renewal"))


def leading_lessor_renewals(lease: Lease) -> tuple[Option, ...]:
    """
    The lessor's renewals that come before the lessee's first.

    What the lessee has to decide first is not reached by the lessor's options behind it.
    """
    leading: list[Option] = []
    for option in options_of(lease, "renewal"):
        if option.holder == "lessee":
            break
        leading.append(option)
    return tuple(leading)


def bound_months(lease: Lease) -> int:
    """The stated term and the lessor's renewals right after it: the lessee decides on no day."""
    return stated_months(lease) + sum(added_months(o) for o in leading_lessor_renewals(lease))


def termination_months(option: Option) -> int | None:
    """
    When a termination can be used; None if it is not said.

    Its `after` says it, or its `term`, which means the same.

    Example:
        >>> termination_months(Option("termination", term=Figure(Duration.parse("3 years"))))
        36
    """
    after = known_months(option.after)
    return known_months(option.term) if after is None else after


def first_termination(lease: Lease, holder: str) -> int | None:
    """When a party may first end the lease; None if it never may, or it is not said when."""
    times = [termination_months(option) for option in options_of(lease, "termination", holder)]
    return min((time for time in times if time is not None), default=None)


def mutual_exit(lease: Lease) -> int | None:
    """
    The time from which both sides may end the lease; None if one of them never may.

    Source: ASC 842-10-55-24; IFRS 16.B34.
    """
    lessee, lessor = first_termination(lease, "lessee"), first_termination(lease, "lessor")
    return None if lessee is None or lessor is None else max(lessee, lessor)


def first_purchase(lease: Lease) -> int | None:
    """
    When the lessee may first buy the asset; None if it never may.

    An option without a time is used when the stated term is over.
    """
    times = [known_months(option.after) for option in options_of(lease, "purchase", "lessee")]
    stated = stated_months(lease)
    return min((stated if time is None else time for time in times), default=None)
