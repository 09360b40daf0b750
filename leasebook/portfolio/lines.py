"""
Which lines of the posting templates a flow of the columns stands for.
"""

from collections.abc import Mapping
from functools import cache

from leasebook.book.template import Line, load_templates
from leasebook.portfolio.records import SCHEDULES

#: What a payment pays of interest; the rest of it is principal. Both move the same accounts.
INTEREST = ("interest_paid", "interest_received")
PRINCIPAL = ("principal_paid", "principal_received")


@cache
def lines_of_flows() -> Mapping[str, tuple[Line, ...]]:
    """
    Lines by ``schedule/flow``; a payment stands for the line of its principal.

    Example:
        >>> [line.credit for line in lines_of_flows()["lessee-ifrs/payment"]]
        ['cash']
    """
    found: dict[str, list[Line]] = {}
    templates = load_templates()
    for schedule in SCHEDULES:
        for line in templates[schedule].lines:
            if line.amount not in INTEREST:
                flow = "payment" if line.amount in PRINCIPAL else line.amount
                found.setdefault(f"{schedule}/{flow}", []).append(line)
    return {flow: tuple(lines) for flow, lines in found.items()}


@cache
def interest_lines() -> Mapping[str, Line]:
    """The line of the interest that a payment pays, by schedule."""
    templates = load_templates()
    return {
        schedule: line
        for schedule in SCHEDULES
        for line in templates[schedule].lines
        if line.amount in INTEREST
    }
