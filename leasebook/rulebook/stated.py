"""
Outcomes that somebody states in place of the rules: assertions taken, outcomes assumed.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from leasebook.contract.deal import AS_LESSOR, Basis, Deal
from leasebook.contract.event import Event
from leasebook.contract.outcome import parse_outcome
from leasebook.contract.share import signed_id
from leasebook.facts.changes import epoch_subject
from leasebook.rulebook.loading import Rulebook


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


#: The basis that people's assertions are about: the statements that were filed.
FILED = "as-filed"


def assertions_of(
    deal: Deal, framework: str, people: Iterable[str], rules_as_of: date
) -> tuple[Stated, ...]:
    """
    What some people assert about a framework's decisions, as far as it is about the rules of a day.

    Who filed under some rules has said nothing about what others ask: an assertion stands while the
    rules of its decision are those of the day that the basis as filed is prepared under.
    """
    rulebook = Rulebook.load()
    then, now = rulebook.on(deal.rules_date(FILED)), rulebook.on(rules_as_of)
    said_of = {d.file for d in then.decisions[framework]}
    asked = {d.name for d in now.decisions[framework] if d.file in said_of}
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
        if a.asserted_by in set(people) and a.framework in (None, framework) and a.decision in asked
    )


def stated_outcomes(
    deal: Deal,
    basis: Basis,
    framework: str,
    assume: Iterable[str] = (),
    rules_as_of: date | None = None,
) -> dict[tuple[str, str], Stated]:
    """
    Every outcome that stands in place of the rules' own on a basis, by decision and subject.

    An assumption of the command goes before one of the basis, and that before an assertion.

    Args:
        deal: With its assertions.
        basis: Whose assertions and outcomes stand.
        framework: us-gaap or ifrs.
        assume: Outcomes that a command assumes.
        rules_as_of: The date whose rules are applied; the basis's own if not said.
    """
    day = rules_as_of or deal.rules_date(basis.id)
    asserted = assertions_of(deal, framework, basis.assertions, day)
    stated = {(s.decision, s.about): s for s in asserted}
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


def stated_by_events(
    deal: Deal, scenario: str, stated: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """
    The classes that events hand over; a class stated of a lease holds until an event says another.

    From the day on which a purchase becomes reasonably certain, the lessee's class no longer rests
    on what was stated: the option makes it a finance lease.

    Source: ASC 842-10-25-1, 842-10-25-2(b), 842-10-35-1.
    """
    found: dict[tuple[str, str], str] = {}
    holds = dict(stated)
    for event in sorted(deal.events, key=lambda e: (e.date.get(), e.order)):
        if event.scenario != scenario:
            continue
        name = epoch_subject(event.contract, event)
        for decision, outcome in (
            ("lessee_classification", event.lessee_classification),
            ("lessor_classification", event.lessor_classification),
        ):
            if outcome is not None:
                found[decision, name] = outcome
                if (decision, event.contract) in holds:
                    holds[decision, event.contract] = outcome
            elif decision == "lessee_classification" and _makes_a_purchase_certain(event):
                holds.pop((decision, event.contract), None)
            elif (decision, event.contract) in holds:
                found.setdefault((decision, name), holds[decision, event.contract])
    return found


def _makes_a_purchase_certain(event: Event) -> bool:
    return event.kind == "purchase-option-reassessed" and bool(event.reasonably_certain)


def on_later_days(
    stated: Mapping[tuple[str, str], Stated], deal: Deal, scenario: str
) -> dict[tuple[str, str], Stated]:
    """
    What is stated, with the classes that stand on later days because of it or of an event.

    Args:
        stated: By decision and subject.
        deal: Gives the events.
        scenario: Whose events count.
    """
    found = dict(stated)
    texts = {key: one.outcome for key, one in stated.items()}
    for (decision, about), outcome in stated_by_events(deal, scenario, texts).items():
        held = stated.get((decision, about.partition("@")[0]))
        if held is None or held.outcome != outcome:
            held = Stated(decision, about, outcome, "the event", "the event", assumed=False)
        found.setdefault((decision, about), attrs.evolve(held, about=about))
    return found
