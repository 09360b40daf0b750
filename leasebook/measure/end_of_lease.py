"""
What a lessee pays as its lease ends, and what the asset is worth then.
"""

from leasebook.contract.lease import Lease, Option
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.contract.option_times import longest_months, options_of, termination_months
from leasebook.measure.setting import Setting


def certain_purchase(lease: Lease, setting: Setting) -> Option | None:
    """
    The option to buy that the lessee is reasonably certain to exercise, if there is one.

    Source: ASC 842-10-30-1, 842-10-30-5(c); IFRS 16.27(d).
    """
    option = next((o for o in lease.options if o.kind == "purchase"), None)
    if option is None:
        return None
    decided = setting.outcome("lease_term", lease.id) == "to-purchase"
    certain = decided or setting.stated(lease.id, "purchase_option_reasonably_certain")
    return option if certain else None


def whole_residual(lease: Lease, setting: Setting) -> int:
    """What the asset is expected to be worth at the end, whoever guarantees it, minor units."""
    setting = setting.in_currency_of(lease)
    parts = (lease.guaranteed_residual, lease.third_party_residual, lease.unguaranteed_residual)
    return sum(setting.minor(part) for part in parts)


def residual_payment(lease: Lease, setting: Setting) -> int:
    """
    What the lessee probably owes (IFRS: is expected to owe) under its residual value guarantee.

    Source: ASC 842-10-30-5(f); IFRS 16.27(c). It is stated, or follows from what the asset is
    expected to be worth.
    """
    owed = sum(
        setting.minor(guarantee.probable_payment)
        for guarantee in setting.deal.of_kind(ResidualValueGuarantee)
        if lease.id in guarantee.covers_leases and guarantee.guarantor == lease.lessee
    )
    if lease.expected_guarantee_payment is not None:
        return owed + setting.minor(lease.expected_guarantee_payment)
    if lease.expected_residual is not None and lease.guaranteed_residual is not None:
        gap = setting.minor(lease.guaranteed_residual) - setting.minor(lease.expected_residual)
        return owed + max(0, gap)
    return owed


def penalty_for_leaving(lease: Lease, setting: Setting, months: int) -> int:
    """
    What it costs the lessee to end the lease by its option on a day, in minor units.

    Of several options it is the one that has opened last.

    Args:
        lease: With its options.
        setting: Gives the currency.
        months: From commencement to the day.
    """
    setting = setting.in_currency_of(lease)
    open_by_then = [
        (opens, option)
        for option in options_of(lease, "termination", "lessee")
        if (opens := termination_months(option)) is not None and opens <= months
    ]
    if not open_by_then:
        return 0
    return setting.minor(max(open_by_then, key=lambda pair: pair[0])[1].penalty)


def counted_penalty(lease: Lease, setting: Setting, months: int) -> int:
    """
    The penalty that is a lease payment at commencement: the term counts on the lessee's leaving.

    Source: ASC 842-10-30-5(d); IFRS 16.27(e), 16.70(e). Where nothing is enforceable any more
    because both sides may leave, the term ends without anybody's exercise, and nothing is counted.

    Args:
        lease: With its options.
        setting: Gives what `lease_term` stands at.
        months: The term.

    Returns:
        Minor units, due as the term ends.
    """
    leaves = setting.outcome("lease_term", lease.id) == "to-termination"
    if not leaves or months >= longest_months(lease) or certain_purchase(lease, setting):
        return 0
    return penalty_for_leaving(lease, setting, months)
