"""
What the renewals of leases are worth: the rents by which a residual value guarantee is avoided.
"""

from datetime import date, timedelta

import attrs

from leasebook.contract.lease import Lease
from leasebook.disclosures.commitments import discounted_to
from leasebook.disclosures.scope import Scope
from leasebook.measure.lease_course import lease_end
from leasebook.measure.leaseback_schedules import lessee_terms
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.present_value import present_value_minor


def renewal_worth(scope: Scope, lease: Lease, day: date) -> int | None:
    """
    The present value of the rents of every renewal that the lessee has and is not bound by yet.

    Source: none asks for it; ASC 842-10-55-27 and IFRS 16.B38 weigh a guarantee against renewal.

    Args:
        scope: The lessee's.
        lease: With or without options to renew.
        day: To which the rents are discounted, at the lease's own rate.

    Returns:
        Minor units; 0 without renewals; None where rents have days of their own.
    """
    if not any(option.kind == "renewal" for option in lease.options):
        return 0
    known = scope.known_on(lease.id, day).setting
    outcomes = {**known.outcomes, ("lease_term", lease.id): "with-renewals"}
    longest = lessee_terms(lease, attrs.evolve(known, outcomes=outcomes))[0]
    if longest.days:
        return None
    bound = months_between(longest.start, lease_end(lease, known) + timedelta(days=1))
    first = bound // longest.months
    later = tuple(0 if at < first else p for at, p in enumerate(longest.payments))
    if longest.start > day:
        return discounted_to(attrs.evolve(longest, payments=later, residual_payment=0), day)
    gone = min(months_between(longest.start, day + timedelta(days=1)) // longest.months, first)
    at = 0 if longest.timing == "advance" else 1
    return present_value_minor(list(later[gone:]), longest.rate, at)
