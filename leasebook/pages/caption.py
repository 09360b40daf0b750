"""
What every page says of itself: entity, framework, basis, scenario, assumptions taken.
"""

from leasebook.pipeline import Run

FRAMEWORKS = {"us-gaap": "US GAAP", "ifrs": "IFRS"}


def subtitle(run: Run) -> tuple[str, ...]:
    """
    The lines under a title: framework and basis, scenario, and what the command assumes.
    """
    lines = [
        f"{FRAMEWORKS[run.framework]}; basis {run.basis.id}: {run.basis.title}",
        f"scenario {run.basis.scenario}: {run.deal.scenarios[run.basis.scenario].title}",
    ]
    if run.basis.note:
        lines.append(run.basis.note)
    lines += [f"ASSUMED for this run: {text}" for text in run.assume]
    lines += [f"ASSUMED by the basis: {text}" for text in run.basis.outcomes]
    return tuple(lines)
