"""
The chunk function: leases as columns in, flows, trial balance and determinations out.

It is pure: the same leases give the same integers in any chunking, order, number of threads, and
whether Numba is installed or not. A caller streams chunks of 10,000 to 200,000 leases through
`measure_chunk` and adds the ledgers with `results.added`; codes of entities and currencies must be
the same in all chunks. One lease is explained by `schedule_rows` of a chunk that holds just it.
"""

from collections.abc import Sequence
from datetime import date

from leasebook.portfolio.results import Measured, ScheduleRows
from leasebook.portfolio.terms import LeaseTerms


def measure_chunk(
    terms: LeaseTerms,
    *,
    rules_as_of: date,
    decimals: Sequence[int] = (2,),
    threads: int = 1,
) -> Measured:
    """
    Decisions, opening balances, flows and trial balance of some leases.

    Args:
        terms: The leases.
        rules_as_of: The day whose rules decide.
        decimals: Of the minor unit of each currency, by its code (2 where the list is too short).
        threads: How many work at once (compiled only).

    Returns:
        The chunk measured; leases that lack a decision or a value are counted there and have no
        flows.

    Raises:
        kernel.TrueUpExceeded: If a balance does not end where it must within rounding.
    """
    raise NotImplementedError


def schedule_rows(
    terms: LeaseTerms, *, rules_as_of: date, decimals: Sequence[int] = (2,)
) -> ScheduleRows:
    """
    The schedules of some leases, period by period.

    Args:
        terms: The leases.
        rules_as_of: The day whose rules decide.
        decimals: Of the minor unit of each currency, by its code.

    Returns:
        Rows by unit, epoch and period.
    """
    raise NotImplementedError
