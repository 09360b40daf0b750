"""
A lot: some leases of a portfolio, read and checked, with their terms as columns.
"""

from collections.abc import Sequence
from itertools import chain

import attrs
import numpy as np

from leasebook.portfolio.terms import EVENT_COLUMNS, LEASE_COLUMNS, STEP_COLUMNS, LeaseTerms


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


def lots_joined(lots: Sequence[Lot]) -> Lot:
    """
    Some lots of one table as one.

    Args:
        lots: At least one, in order.
    """
    if len(lots) == 1:
        return lots[0]
    terms = [lot.terms for lot in lots]
    columns = {name: np.concatenate([getattr(one, name) for one in terms])
               for name in (*LEASE_COLUMNS, *STEP_COLUMNS, *EVENT_COLUMNS)}  # fmt: skip
    firsts = np.cumsum([0, *map(len, terms)])[:-1]
    for name in (STEP_COLUMNS[0], EVENT_COLUMNS[0]):
        columns[name] += np.repeat(firsts, [len(getattr(one, name)) for one in terms])
    facts = {name: np.concatenate([one.facts[name] for one in terms]) for name in terms[0].facts}
    return Lot(
        list(chain.from_iterable(lot.ids for lot in lots)),
        list(chain.from_iterable(lot.counterparties for lot in lots)),
        LeaseTerms(**columns, facts=facts),
    )
