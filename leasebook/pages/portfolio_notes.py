"""
What a portfolio's tables say of how they came about: defaults, assumptions, columns not read.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from leasebook.intake.columns import LEASES
from leasebook.intake.read_leases import Portfolio

# Of these a default decides amounts, so that its use is said; all others are nothing or unknown.
_TOLD = ("every", "in", "rate_convention", "day_one_payment")


def notes_of(
    portfolio: Portfolio, assumed: Mapping[str, str], as_of: date, digest: str
) -> tuple[str, ...]:
    """
    The notes below the totals.

    Args:
        portfolio: When it is read.
        assumed: Facts that the command closes.
        as_of: The day whose rules decide.
        digest: Of the tally.
    """
    found = [f"{portfolio.count:,} leases; rules in force on {as_of}."]
    defaults = [
        f"{c.name} = {portfolio.mapping.defaults.get(c.name, c.default_text)}"
        for c in LEASES if c.name in _TOLD and c.name in portfolio.absent
    ]  # fmt: skip
    if defaults:
        found.append(f"By default, for want of a column: {_listed(defaults)}.")
    if assumed:
        what = [f"{fact} = {value}" for fact, value in assumed.items()]
        found.append(f"Assumed for this run where a row does not say: {_listed(what)}.")
    if portfolio.ignored:
        found.append(f"Columns that are not read: {_listed(list(portfolio.ignored))}.")
    found.append(f"Digest of ledgers and counts: {digest}.")
    return tuple(found)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:20]) + (f" and {len(texts) - 20} more" if len(texts) > 20 else "")
