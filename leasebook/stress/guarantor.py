"""
Guarantees of payments: whose debts to whom a guarantor makes good, until when, and up to how much.
"""

from collections.abc import Sequence
from datetime import date

import attrs

from leasebook.contract.credit import Guarantee
from leasebook.measure.guarantee import guarantee_ends
from leasebook.stress.due import Due
from leasebook.stress.position import Position

#: What a guarantee of payment can stand in for.
_COVERED = frozenset({"rent", "interest", "principal", "other"})


@attrs.define
class Guarantor:
    """
    A guarantee that can be called, with what is left of it.

    `left` is in minor units; None if the guarantee has no limit.
    """

    contract: str
    party: str
    debtor: str
    beneficiary: str
    first: date
    last: date
    left: int | None

    def covers(self, due: Due, day: date) -> bool:
        """Whether it stands in for a claim that is open on a day."""
        return (
            due.kind in _COVERED
            and (due.debtor, due.payee) == (self.debtor, self.beneficiary)
            and self.first <= day <= self.last
        )

    def room(self, called: int) -> int | None:
        """What can still be called after so much is called; None without a limit."""
        return None if self.left is None else self.left - called

    def use(self, amount: int) -> None:
        """Takes an amount, in minor units, off what is left."""
        if self.left is not None:
            self.left -= amount


def guarantors(position: Position) -> tuple[Guarantor, ...]:
    """
    The guarantees of payment in the deals, in the order of the files.

    A guarantee makes good what its debtor fails to pay to its beneficiary, whatever the contract.
    Its principal is the most that it pays in all.

    Source: ASC 460-10-15-4(a); IFRS 9, appendix A (financial guarantee contract).
    """
    found: Sequence[Guarantee] = position.of_kind(Guarantee)
    return tuple(
        Guarantor(
            one.id,
            one.guarantor,
            one.debtor,
            one.beneficiary,
            one.issued.get(),
            guarantee_ends(one),
            None if one.principal is None else position.setting_of(one.id).minor(one.principal),
        )
        for one in found
    )
