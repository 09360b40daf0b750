"""
Outcomes that somebody states in place of the rules: assertions taken, outcomes assumed.
"""

from collections.abc import Iterable, Mapping

import attrs

from leasebook.contract.deal import AS_LESSOR, Basis, Deal
from leasebook.contract.outcome import parse_outcome
from leasebook.contract.share import signed_id


@attrs.frozen
class Stated:
    """
    An outcome and who states it.

    `assumed` marks one that nobody asserts: a basis or a command takes it, and every page says so.
    """

    decision: str
    about: str
    outcome: str
    stated_by: str
    origin: str
    assumed: bool

    def text(self) -> str:
        """The statement as it is typed."""
        return f"{self.decision}({self.about})={self.outcome}"


def assertions_of(deal: Deal, framework: str, people: Iterable[str]) -> tuple[Stated, ...]:
    """What some people assert about a framework's decisions."""
    return tuple(
        Stated(
            a.decision,
            a.about,
            a.outcome,
            a.asserted_by,
            f"assumption: {a.assumption}"
            if a.assumption
            else f"{deal.sources.get(a.source or '', a.source or '')}"
            + (f", {a.at}" if a.at else ""),
            assumed=a.assumption is not None,
        )
        for a in deal.assertions
        if a.asserted_by in set(people) and a.framework in (None, framework)
    )


def stated_outcomes(
    deal: Deal, basis: Basis, framework: str, assume: Iterable[str] = ()
) -> dict[tuple[str, str], Stated]:
    """
    Every outcome that stands in place of the rules' own on a basis, by decision and subject.

    An assumption of the command goes before one of the basis, and that before an assertion.
    """
    stated = {(s.decision, s.about): s for s in assertions_of(deal, framework, basis.assertions)}
    for by, texts in ((f"basis {basis.id}", basis.outcomes), ("--assume", assume)):
        for text in texts:
            decision, about, outcome = parse_outcome(text)
            stated[decision, about] = Stated(
                decision, about, outcome, by, basis.assumption or "assumed", assumed=True
            )
    return stated


def of_each_lease(
    stated: Mapping[tuple[str, str], Stated], leases: Iterable[str]
) -> dict[tuple[str, str], Stated]:
    """
    What is stated, that of a contract with several leases for each lease in it as well.

    What is stated of the lease itself goes before it.

    Args:
        stated: By decision and subject.
        leases: Ids of the leases that are accounted for.

    Example:
        >>> s = Stated("lessee_classification", "campus", "finance", "meta", "10-K", False)
        >>> found = of_each_lease({(s.decision, s.about): s}, ["campus/land", "desk"])
        >>> sorted(about for _, about in found)
        ['campus', 'campus/land']
    """
    found = dict(stated)
    for lease in leases:
        whole = signed_id(lease)
        for (decision, about), one in stated.items() if whole != lease else ():
            tail = about.removeprefix(whole)
            if tail != about and (tail in ("", f"/{AS_LESSOR}") or tail.startswith("@")):
                name = f"{lease}{tail}"
                found.setdefault((decision, name), attrs.evolve(one, about=name))
    return found
