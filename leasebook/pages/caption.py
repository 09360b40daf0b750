"""
What every page says of itself: entity, framework, basis, scenario, assumptions taken.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypedDict

from leasebook.contract.outcome import parse_outcome
from leasebook.pipeline import Run
from leasebook.report.table import Scale

FRAMEWORKS = {"us-gaap": "US GAAP", "ifrs": "IFRS"}
#: Decisions that are made and printed, and that no book depends on.
_REPORTED = frozenset(
    {
        "contains_lease",
        "lease_components",
        "guarantee_scope",
        "joint_venture_formation",
    }
)


class Identity(TypedDict):
    """What an entity's page is of, as `report.entity_page.EntityPage` names it."""

    deal: str
    entity: str
    entity_name: str
    framework: str
    basis: str
    scenario: str
    currency: str


def identity(run: Run) -> Identity:
    """What a page of a run's entity is of."""
    return Identity(
        deal=run.deal.id,
        entity=run.entity,
        entity_name=run.deal.entities[run.entity].name,
        framework=run.framework,
        basis=run.basis.id,
        scenario=run.basis.scenario,
        currency=run.deal.currency.code,
    )


def subtitle(run: Run) -> tuple[str, ...]:
    """
    The lines under a title: framework and basis, scenario, and what the command assumes.
    """
    lines = [
        f"{FRAMEWORKS[run.framework]}; basis {run.basis.id}: {run.basis.title}",
        f"scenario {run.basis.scenario}: {run.deal.scenarios[run.basis.scenario].title}",
    ]
    if run.rules_as_of != run.deal.known_to:
        lines.append(f"rules in force on {run.rules_as_of}")
    if run.basis.note:
        lines.append(run.basis.note)
    for text in run.assume:
        reported = parse_outcome(text)[0] in _REPORTED
        lines.append(f"ASSUMED for this run: {text}" + (" (changes no book)" if reported else ""))
    lines += [f"ASSUMED by the basis: {text}" for text in run.basis.outcomes]
    return tuple(lines)


def scale_of(amounts: Iterable[Decimal | None]) -> Scale:
    """
    The unit in which the largest of some amounts still has some digits.

    Example:
        >>> scale_of([Decimal(2_400_000_000), None])
        'thousands'
    """
    largest = max((abs(amount) for amount in amounts if amount is not None), default=Decimal(0))
    if largest < Decimal(10_000_000):
        return "units"
    return "thousands" if largest < Decimal(10_000_000_000) else "millions"
