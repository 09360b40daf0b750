"""
What is told where a balance over columns does not end where it must: of which leases.
"""

from collections.abc import Sequence

#: Rows that are named; the others are counted.
_NAMED = 5


class BalancesNotClosed(ValueError):  # noqa: N818 - reads as the finding it reports
    """
    The last interest of some leases is further from the computed one than rounding can explain.

    Attributes:
        rows: Of the leases, as the caller numbers them (`terms.LeaseTerms.row`).

    Example:
        >>> print(BalancesNotClosed([7]))
        the balance of the lease of row 7 does not end where it must within rounding
    """

    def __init__(self, rows: Sequence[int]) -> None:
        named = ", ".join(str(row) for row in rows[:_NAMED])
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        which = (
            f"the lease of row {named}" if len(rows) == 1 else f"the leases of rows {named}{more}"
        )
        super().__init__(f"the balance of {which} does not end where it must within rounding")
        self.rows = tuple(rows)
