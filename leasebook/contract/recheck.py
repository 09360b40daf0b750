"""
Rechecking: whether a deal still makes sense when a figure in it is altered.
"""

from leasebook.contract.check import CHECKS
from leasebook.contract.deal import Deal
from leasebook.contract.draft import Draft
from leasebook.contract.shape import Header
from leasebook.values.problem import Finding

#: The days of events follow the term, so that a term may be altered without them where only
#: decisions are asked; books cannot be kept of events that fall on no day.
_EVENTS = frozenset(
    {
        "events fall on their days",
        "events have a place of their own",
        "events follow one another",
    }
)

#: What altering a figure cannot break, what is held against the file's own text, and what an
#: alteration is meant to leave: the range of a figure.
_LEFT_OUT = frozenset(
    {
        "ids are plain",
        "ids differ by more than case",
        "bases have ids of their own",
        "references lead somewhere",
        "subjects are something",
        "sources are declared",
        "perimeters name entities",
        "interests make no circle",
        "outcomes can be read",
        "assertions have an origin",
        "assertions that a basis takes exist",
        "facts are stated once",
        "filed statements are the entity's",
        "values lie in their range",
    }
)


def recheck(deal: Deal, *, with_events: bool = False) -> Finding | None:
    """
    The first thing that is wrong with the terms of a deal whose figures were altered.

    Args:
        deal: Made from one that was loaded, by altering values and nothing else.
        with_events: Whether events must still fall on days of the terms, as books need.

    Returns:
        A finding of the checks that a file is held against; None if all is well.
    """
    draft = Draft(
        tables={},
        declared={
            "entities": frozenset(deal.entities),
            "assets": frozenset(deal.assets),
            "contracts": frozenset(deal.contracts),
            "scenarios": frozenset(deal.scenarios),
            "sources": frozenset(deal.sources),
        },
        deal=Header(deal.title, deal.reporting, deal.currency, deal.known_to, deal.notes),
        sources=deal.sources,
        entities=deal.entities,
        assets=deal.assets,
        contracts=deal.contracts,
        scenarios=deal.scenarios,
        events=dict(enumerate(deal.events)),
        judgements=dict(enumerate(deal.judgements)),
        facts=dict(enumerate(deal.facts)),
        tables_stated=dict(enumerate(deal.tables)),
        assertions=dict(enumerate(deal.assertions)),
        bases=dict(enumerate(deal.bases.values())),
        filed=deal.filed,
    )
    left_out = _LEFT_OUT if with_events else _LEFT_OUT | _EVENTS
    for name, one in CHECKS.items():
        if name not in left_out:
            for finding in one(draft):
                return finding
    return None
