"""
One day cleared: first without guarantees, then again with every guarantee that is called.

A guarantee is called for what its debtor does not pay; what the debtor does pay on the same claim
is then held fast, so that no claim is paid twice when the guarantor's money goes round.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import floor

import attrs

from leasebook.stress.clearing import Claim, Network, Rest, clear, whole_units
from leasebook.stress.due import GUARANTEE, Due
from leasebook.stress.guarantor import Guarantor

#: Before every other rank: what has been found to be paid on a claim for which somebody stands in.
_HELD_FAST = -1


@attrs.frozen
class Day:
    """
    What is open on a day.

    Attributes:
        date: The day.
        means: Minor units of each party, and each estate, that pays from its means.
        open: Minor units of each claim.
        rests: What owners receive of the rest, with their shares.
        guarantors: The guarantees that can be called.
    """

    date: date
    means: Mapping[str, int]
    open: Mapping[Due, int]
    rests: Mapping[Due, Fraction]
    guarantors: Sequence[Guarantor]


@attrs.frozen
class Call:
    """
    A call on a guarantee for one claim.

    Attributes:
        guarantor: Who is called.
        due: For what.
        held: What the debtor itself pays on the claim, minor units.
        amount: Called, minor units.
        paid: By the guarantor, minor units.
    """

    guarantor: Guarantor
    due: Due
    held: int
    amount: int
    paid: int = 0

    @property
    def claim(self) -> Due:
        """The call as a claim on the guarantor."""
        return Due(
            "guarantee", self.guarantor.contract, self.guarantor.party, self.due.payee,
            GUARANTEE, covers=(self.due.kind, self.due.contract),
        )  # fmt: skip


@attrs.frozen
class Cleared:
    """What is paid on a day, in minor units: by debtors on their claims, and by guarantors."""

    paid: Mapping[Due, int]
    calls: tuple[Call, ...]


def clear_day(day: Day) -> Cleared:
    """
    Clears a day, calling guarantees round by round until no claim that one covers is left open.

    Example:
        >>> rent = Due("rent", "lease", "tenant", "owner", 0, estate=True)
        >>> backstop = Guarantor("g", "parent", "tenant", "owner", date.min, date.max, 70)
        >>> found = clear_day(Day(date(2030, 1, 1), {rent.payer: 10}, {rent: 100}, {}, [backstop]))
        >>> found.paid[rent], found.calls[0].paid
        (10, 70)
    """
    calls: list[Call] = []
    while True:
        network, keys = _network(day, calls)
        exact = clear(network)
        held = {due: floor(exact[key]) for key, due in keys.items()}
        further = _further(day, calls, held)
        if not further:
            break
        calls += further
    whole = whole_units(network, exact)
    paid = {due: whole[key] for key, due in keys.items()}
    answered = [attrs.evolve(call, paid=whole[f"call {at}"]) for at, call in enumerate(calls)]
    return Cleared(paid, tuple(answered))


def _network(day: Day, calls: Sequence[Call]) -> tuple[Network, dict[str, Due]]:
    """The day's claims and calls as a network, and the claim of each key."""
    held = {call.due: call.held for call in calls}
    claims, keys = [], {}
    for at, (due, amount) in enumerate(day.open.items()):
        key = f"due {at}"
        keys[key] = due
        rank = _HELD_FAST if due in held else due.rank
        claims.append(Claim(key, due.payer, due.payee, held.get(due, amount), rank))
    for at, call in enumerate(calls):
        claims.append(
            Claim(f"call {at}", call.guarantor.party, call.due.payee, call.amount, GUARANTEE)
        )
    rests = []
    for at, (due, share) in enumerate(day.rests.items()):
        keys[f"rest {at}"] = due
        rests.append(Rest(f"rest {at}", due.debtor, due.payee, share))
    return Network(day.means, tuple(claims), tuple(rests)), keys


def _further(day: Day, calls: Sequence[Call], paid: Mapping[Due, int]) -> list[Call]:
    """Calls for what is still open on claims that a guarantee covers, each called once a day."""
    further: list[Call] = []
    for guarantor in day.guarantors:
        for due, amount in day.open.items():
            standing = [*calls, *further]
            again = any(c.due == due and c.guarantor is guarantor for c in standing)
            if again or not guarantor.covers(due, day.date):
                continue
            gap = amount - paid[due] - sum(c.amount for c in standing if c.due == due)
            room = guarantor.room(
                sum(c.amount for c in standing if c.guarantor is guarantor), day.date
            )
            asked = gap if room is None else min(gap, room)
            if asked > 0:
                further.append(Call(guarantor, due, paid[due], asked))
    return further
