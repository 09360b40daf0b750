"""
When either party may end a lease early, over columns, and the term that follows from it.
"""

from typing import Any

import numpy as np

from leasebook.portfolio.columns import Names
from leasebook.portfolio.terms import UNKNOWN, Ints, LeaseTerms

#: Later than any lease lasts.
_NEVER = 10**6
_FACTS = (
    "has_termination_option", "both_may_terminate", "termination_in_first_term",
    "termination_while_bound", "mutual_exit_while_bound",
)  # fmt: skip


def _any(terms: LeaseTerms) -> bool:
    """Whether either party to any lease may end it early."""
    own, other = terms.termination_months, terms.lessor_termination_months
    return bool((own != UNKNOWN).any() or (other != UNKNOWN).any())


def _times(terms: LeaseTerms) -> tuple[Ints, Ints]:
    """When the lessee may first leave, and from when both may, in months; `_NEVER` if never."""
    own, other = terms.termination_months, terms.lessor_termination_months
    first = np.where(own == UNKNOWN, _NEVER, own)
    return first, np.where(other == UNKNOWN, _NEVER, np.maximum(first, other))


def exit_facts(terms: LeaseTerms) -> dict[str, Ints]:
    """
    What rights to end leases are, and whether they reach into the stated term, as 1 or 0.

    Source: ASC 842-10-30-1(b), 842-10-55-23 to 55-25; IFRS 16.18(b), 16.B34. Leases in columns
    have no renewals of the lessor, so that the stated term is what binds.

    Args:
        terms: The leases.
    """
    if not _any(terms):
        return dict.fromkeys(_FACTS, np.zeros(1, np.int64))
    first, mutual = _times(terms)
    stated = terms.term_months
    longest = stated + terms.renewal_months
    found = (first < longest, mutual < longest, first < stated, first < stated, mutual < stated)
    return {name: each.astype(np.int64) for name, each in zip(_FACTS, found, strict=True)}


def months_decided(terms: LeaseTerms, term: Names) -> Ints:
    """
    The lease term in months that follows from the decision, as `measure.term` has it.

    Source: ASC 842-10-30-1, 842-10-55-23 to 55-25; IFRS 16.18, 16.B34 to 16.B36.

    Args:
        terms: The leases.
        term: The decision about each; one that is open leaves the stated term.
    """
    stated = terms.term_months
    longest = stated + terms.renewal_months
    reached = {"with-renewals": longest}
    if _any(terms):
        first, mutual = _times(terms)
        reached |= {"to-termination": first, "enforceable-only": mutual}
    months: Any = stated
    for outcome, until in reached.items():
        decided = term.code == term.values.index(outcome)
        months = np.where(decided, np.minimum(until, longest), months)
    return np.asarray(months, np.int64)
