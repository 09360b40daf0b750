"""
Guarantees of payments: whose debts to whom a guarantor makes good, until when, and up to how much.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import attrs

from leasebook.contract.credit import Guarantee
from leasebook.measure.guarantee_maximum import last_covered_day, maximum_payments
from leasebook.measure.setting import Setting
from leasebook.stress.due import Due
from leasebook.stress.position import Position

#: What a guarantee of payment can stand in for.
_COVERED = frozenset({"rent", "interest", "principal", "other"})


@attrs.define
class Guarantor:
    """
    A guarantee that can be called, with what is left of it.

    `left` is in minor units; None if the guarantee has no limit. `leases` are those whose rents
    alone it covers, all that is owed if there are none; `most` is its maximum on a day, in minor
    units, where that falls as time goes by.
    """

    contract: str
    party: str
    debtor: str
    beneficiary: str
    first: date
    last: date
    left: int | None
    leases: frozenset[str] = frozenset()
    most: Callable[[date], int | None] | None = None

    def covers(self, due: Due, day: date) -> bool:
        """Whether it stands in for a claim that is open on a day."""
        return (
            due.kind in _COVERED
            and (not self.leases or due.contract in self.leases)
            and (due.debtor, due.payee) == (self.debtor, self.beneficiary)
            and self.first <= day <= self.last
        )

    def room(self, called: int, day: date) -> int | None:
        """What can still be called on a day after so much is called; None without a limit."""
        bounds = [self.left, None if self.most is None else self.most(day)]
        known = [bound for bound in bounds if bound is not None]
        return min(known) - called if known else None

    def use(self, amount: int, day: date) -> None:
        """Takes an amount, in minor units, off what is left on a day; it never grows again."""
        room = self.room(0, day)
        if room is not None:
            self.left = room - amount


def guarantors(position: Position) -> tuple[Guarantor, ...]:
    """
    The guarantees of payment in the deals, in the order of the files.

    A guarantee makes good what its debtor fails to pay to its beneficiary, of leases under these.
    Its principal is the most that it pays in all, or what is left of it where it falls. It ends
    when its guarantor takes over the leases that it covers.

    Source: ASC 460-10-15-4(a); IFRS 9, appendix A (financial guarantee contract).
    """
    found: Sequence[Guarantee] = position.of_kind(Guarantee)
    return tuple(_guarantor(one, position.setting_of(one.id)) for one in found)


def _guarantor(one: Guarantee, setting: Setting) -> Guarantor:
    def most(day: date) -> int | None:
        return maximum_payments(one, setting, day - timedelta(days=1))

    return Guarantor(
        one.id,
        one.guarantor,
        one.debtor,
        one.beneficiary,
        one.issued.get(),
        last_covered_day(one, setting),
        None if one.principal is None else setting.minor(one.principal),
        frozenset(one.covers_leases),
        None if one.decline == "none" else most,
    )
