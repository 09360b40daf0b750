"""
Words and cells that the tables of flips share.
"""

from collections.abc import Iterable
from decimal import Decimal

from leasebook.flip.effect import Effect
from leasebook.flip.matter import Leads
from leasebook.flip.standing import Key
from leasebook.flip.study import Study
from leasebook.flip.term_flip import UNDETERMINED
from leasebook.report.table import Cell
from leasebook.values.money import currency_units

#: What is said where no statements are drawn up.
NONE = "not drawn up"


def key_text(key: Key) -> str:
    """A decision and its subject as words."""
    return f"{key[0].replace('_', ' ')} of {key[1]}"


def outcome_text(outcome: str | None) -> str:
    """An outcome, or that there is none."""
    return outcome or UNDETERMINED


def also_text(leads: Leads | None, besides: Iterable[Key] = ()) -> str:
    """What comes out otherwise besides some decisions."""
    left_out = set(besides)
    told = () if leads is None else leads.also
    return "; ".join(
        f"{key_text(k)}: {outcome_text(after)}" for k, _, after in told if k not in left_out
    )


def units(study: Study, amount: int) -> Decimal:
    """Minor units as currency units of the deal."""
    return currency_units(amount, study.run.deal.currency)


def amount_cell(study: Study, effect: Effect | None, line: str, year: int) -> Cell:
    """A line of a year as a cell; empty where it is not public or not drawn up."""
    if effect is None or (line, year) in effect.hidden or (line, year) not in effect.amounts:
        return None
    return units(study, effect.amounts[line, year])
