"""
The decisions page: what somebody states beside what the rules conclude, and what is open.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from leasebook import pipeline
from leasebook.contract.deal import Deal
from leasebook.pages.caption import FRAMEWORKS, subtitle
from leasebook.pipeline import Run
from leasebook.report.pages_determine import (
    determine_table,
    listed_table,
    open_table,
    summary_table,
)
from leasebook.report.table import Table
from leasebook.rulebook.determination import Determination
from leasebook.rulebook.stated import (
    Stated,
    assertions_of,
    of_each_lease,
    on_later_days,
    stated_outcomes,
)


def speakers(deal: Deal, stated: Mapping[tuple[str, str], Stated]) -> dict[tuple[str, str], str]:
    """Who states each outcome, as a heading names them."""
    names = {}
    for key, s in stated.items():
        entity = deal.entities.get(s.stated_by)
        name = entity.name if entity is not None else s.stated_by
        names[key] = f"{name} (assumed)" if s.assumed else name
    return names


def decisions(run: Run) -> tuple[Table, ...]:
    """
    Every decision of a deal on the run's framework: statements, conclusions, tests, margins.

    The rules conclude by themselves here: nobody's statement stands in for an earlier step.
    """
    everyone = {a.asserted_by for a in run.deal.assertions}
    day = run.rules_as_of
    asserted = assertions_of(run.deal, run.framework, everyone, day)
    stated = {(s.decision, s.about): s for s in asserted}
    stated |= stated_outcomes(run.deal, run.basis, run.framework, run.assume, day)
    stated = of_each_lease(stated, run.deal.shares)
    stated = on_later_days(stated, run.deal, run.basis.scenario)
    concluded = pipeline.conclude(run.deal, run.framework, run.basis.scenario, day)
    shown = [
        attrs.evolve(found, stated=stated[key].outcome if key in stated else None)
        for key, found in concluded.items()
    ]
    lines = (
        run.deal.title,
        f"{FRAMEWORKS[run.framework]}, rules in force on {day}",
        "the rules conclude from the facts alone; what is stated stands beside them",
    )
    who = speakers(run.deal, stated)
    return (
        summary_table(shown, lines, who),
        *stated_tables(run),
        determine_table(shown, lines, who),
    )


def stated_tables(run: Run) -> tuple[Table, ...]:
    """The lists that rules weigh row by row, such as activities, each cell known or not."""
    return tuple(
        listed_table(subject.id, table)
        for subject in pipeline.subjects(run.deal, run.basis.scenario)
        for table in subject.tables.values()
    )


def obstacles(run: Run) -> tuple[Table, ...]:
    """The open decisions that keep statements from being drawn up; none if there are none."""
    if not run.open_decisions:
        return ()
    found = [
        run.reached[key] if key in run.reached else _not_asked(*key, run)
        for key in run.open_decisions
    ]
    return (open_table(found, run.basis.id, _buildable(run), subtitle(run)),)


def _buildable(run: Run) -> tuple[str, ...]:
    """The bases of the deal that lack no decision on this framework."""
    others = (b for b in run.deal.bases if b != run.basis.id)
    return tuple(
        b for b in others if not pipeline.lacking(run.deal, b, run.framework, _rules_of(b, run))
    )


def _not_asked(decision: str, about: str, run: Run) -> Determination:
    """A decision that the books need and that no rules of the day make."""
    return Determination(
        decision=decision,
        about=about,
        framework=run.framework,
        outcome=None,
        rule_id=None,
        cites="",
        evidence="",
        sentence=f"rules in force on {run.rules_as_of}",
        tests=(),
    )


def _rules_of(basis: str, run: Run) -> date:
    """The date whose rules another basis has in this run: the command's if it names one."""
    asked = run.rules_as_of != run.deal.rules_date(run.basis.id)
    return run.rules_as_of if asked else run.deal.rules_date(basis)
