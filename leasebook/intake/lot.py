"""
A lot: some leases of a portfolio, read and checked, with their terms as columns.
"""

from collections.abc import Sequence

import attrs

from leasebook.portfolio.terms import LeaseTerms


@attrs.define
class Codes:
    """
    Numbers for texts, in the order in which they are first seen.

    Example:
        >>> codes = Codes()
        >>> [codes.of(text) for text in ("a", "b", "a")]
        [0, 1, 0]
    """

    texts: list[str] = attrs.field(factory=list)
    _codes: dict[str, int] = attrs.field(factory=dict, repr=False)

    def of(self, text: str) -> int:
        """The number of a text."""
        found = self._codes.get(text)
        if found is None:
            found = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return found

    def all_of(self, texts: Sequence[str]) -> list[int]:
        """The numbers of some texts."""
        return [self.of(text) for text in texts]


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
