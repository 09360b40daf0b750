"""
Leases that a contract holds beside others: their names, and their share of what it costs.
"""

import attrs

from leasebook.reckoning.rounding import divide_half_even


def part_id(lease: str, component: str) -> str:
    """
    The id of one lease of a contract that holds several.

    Example:
        >>> part_id("campus-lease", "land")
        'campus-lease/land'
    """
    return f"{lease}/{component}"


def signed_id(lease: str) -> str:
    """
    The id of the contract as it is signed, of a lease or of one lease in it.

    Example:
        >>> signed_id("campus-lease/land"), signed_id("campus-lease")
        ('campus-lease', 'campus-lease')
    """
    return lease.partition("/")[0]


@attrs.frozen
class Share:
    """
    The share of one lease in a consideration, by stand-alone prices of any one unit.

    Attributes:
        before: Prices of those that come before it.
        own: Its own.
        total: All of them.
    """

    before: int
    own: int
    total: int

    def of(self, amount: int) -> int:
        """
        Its part of an amount; the parts of all sum to the amount.

        Source: ASC 842-10-15-33; IFRS 16.13.

        Args:
            amount: Minor units, of either sign.

        Returns:
            Minor units: what is reached with it less what is reached before it, each rounded half
            to even.

        Example:
            >>> [Share(before, 1, 3).of(100) for before in range(3)]
            [33, 34, 33]
        """
        reached = divide_half_even(amount * (self.before + self.own), self.total)
        return reached - divide_half_even(amount * self.before, self.total)
