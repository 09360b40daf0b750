"""
How an epoch of a lease takes over the balances of the one before it.
"""

from fractions import Fraction
from typing import Literal

import attrs

ChangeKind = Literal["remeasured", "scope-cut", "liability-cut", "term-cut", "ended", "sold"]


@attrs.frozen
class Change:
    """
    How an epoch takes over the balances of the one before it.

    Attributes:
        kind: `remeasured` puts the whole change of the liability against the asset; `scope-cut`
            takes a share out of both first, `liability-cut` takes the change of the liability out
            and the asset in proportion, `term-cut` takes out the periods given up; `ended` takes
            out everything, and so does `sold`, as the lessee buys what its lessor had let.
        retained: Share of the right of use that is kept, for a cut in scope.
        added_payments: The part of the payments that is for a right of use that comes in.
        penalty: Minor units paid on the day for ending the lease or part of it.
        guaranteed: Minor units of them that a guarantee of the residual asks for.
        price: Minor units for which the lessee buys the asset at the close of the day before.
        impairment: Minor units by which the asset is written down on the day.
    """

    kind: ChangeKind = "remeasured"
    retained: Fraction = Fraction(1)
    added_payments: tuple[int, ...] = ()
    penalty: int = 0
    guaranteed: int = 0
    price: int = 0
    impairment: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing of the lease is left after it."""
        return self.kind in ("ended", "sold")

    @property
    def alters(self) -> bool:
        """Whether it does more than a remeasurement would."""
        return self != Change()


#: A remeasurement that nothing else comes with.
UNCHANGED = Change()
