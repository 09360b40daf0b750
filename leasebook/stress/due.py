"""
What is due between two parties on a day, and what was paid on it.
"""

from datetime import date
from typing import Literal, TypeAlias

import attrs

DueKind: TypeAlias = Literal[
    "rent", "interest", "principal", "capital", "other", "distribution", "guarantee",
    "residual-guarantee", "recourse", "re-let", "sale",
]  # fmt: skip

#: Ranks of claims on one payer; those of notes stand in `note_course.NOTE_RANKS`.
OPERATING, RECOURSE_AFTER, GUARANTEE, OWNERS = 0, 5, 12, 90


@attrs.frozen
class Due:
    """
    A claim that is open on a day.

    Attributes:
        kind: What it is for.
        contract: Under which it is owed; an interest for what owners receive.
        debtor: Who owes it.
        payee: To whom.
        rank: Lower ranks are paid first.
        estate: Whether a tenant that stopped owes it, so that only its estate pays.
        covers: For a call on a guarantee, kind and contract of what it stands in for.
    """

    kind: DueKind
    contract: str
    debtor: str
    payee: str
    rank: int
    estate: bool = False
    covers: tuple[DueKind, str] | None = None

    @property
    def payer(self) -> str:
        """Where it stands in the network: an estate is apart from its party."""
        return f"estate of {self.debtor} for {self.contract}" if self.estate else self.debtor


@attrs.frozen
class Settled:
    """
    What fell due between two parties on a day, and what was paid on it, in minor units.

    Attributes:
        date: The day.
        due: The claim.
        fell_due: New on the day; 0 for what was due before.
        paid: By the debtor itself.
    """

    date: date
    due: Due
    fell_due: int
    paid: int
