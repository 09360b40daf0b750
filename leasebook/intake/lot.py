"""
A lot: some leases of a portfolio, read and checked, with their terms as columns.
"""

from collections.abc import Sequence

import attrs

from leasebook.portfolio.terms import LeaseTerms


class Codes(dict[str, int]):
    """
    Numbers for texts, in the order in which they are first seen.

    Example:
        >>> codes = Codes()
        >>> [codes[text] for text in ("a", "b", "a")]
        [0, 1, 0]
    """

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts by number."""
        return tuple(self)


@attrs.frozen
class Lot:
    """
    Some leases in the order of their file.

    Attributes:
        ids: Of each.
        counterparties: Of each; empty text where none is said.
        terms: Their terms.
    """

    ids: Sequence[str]
    counterparties: Sequence[str]
    terms: LeaseTerms
