"""
Claims: one debt of a vehicle, one lease not commenced, one guarantee, as they stand on a day.
"""

from fractions import Fraction
from typing import Literal, TypeAlias

import attrs

Kind: TypeAlias = Literal["vehicle-debt", "lease", "guarantee", "filed-leases"]

#: Largest first where two views of one tower are equal.
KINDS: tuple[Kind, ...] = ("vehicle-debt", "lease", "guarantee", "filed-leases")


@attrs.frozen(order=True)
class Node:
    """
    A company that claims stand behind: a vehicle, or the landlord of a lease.

    Two deals mean one company where id and name are the same.
    """

    id: str
    name: str


@attrs.frozen
class Claim:
    """
    What one party owes, promises or leans on, on one day.

    Attributes:
        kind: Of what sort.
        sponsor: Id of the party whose row it belongs to.
        contract: Id of the contract, or what is owed without one.
        title: For people.
        parties: The two sides, as they are named.
        node: The company whose debt, rent or guarantee it is; None of a company's filed total.
        amount: Minor units: a debt, a lease discounted, a guarantee at most; None if not public.
        expected: The same, a guarantee at what is expected of it.
        deals: Where it stands.
        undiscounted: Of leases.
        discount_rate: Effective annual, of leases.
        inside: Why a debt is owed within what is added up; empty if it is owed to outsiders.
    """

    kind: Kind
    sponsor: str
    contract: str
    title: str
    parties: tuple[Node, Node]
    node: Node | None
    amount: int | None
    expected: int | None
    deals: tuple[str, ...] = ()
    undiscounted: int | None = None
    discount_rate: Fraction | None = None
    inside: str = ""

    @property
    def key(self) -> tuple[str, str, tuple[Node, Node]]:
        """What makes two claims one, in whichever deals they stand."""
        return self.kind, self.contract, self.parties

    @property
    def figures(self) -> tuple[int | None, ...]:
        """What must be the same where two deals tell of one claim."""
        return self.amount, self.expected, self.undiscounted

    def at(self, view: "View") -> int | None:
        """The amount in one of the two views of guarantees."""
        return self.amount if view == "maximum" else self.expected


View: TypeAlias = Literal["maximum", "expected"]


@attrs.frozen
class FiledDebt:
    """What a party filed as debt on a day, minor units; None where it is not public."""

    amount: int | None
    as_of: str = ""
    source: str = ""


@attrs.frozen
class Level:
    """
    One vehicle in a tower, on a day.

    Attributes:
        sponsor: Id of the party whose deal it is in.
        vehicle: The company.
        depth: 0 at the top of a tower, one more below each vehicle that holds it.
        holders: Who holds which share of it, in words.
        share: The sponsor's part of it, through every level.
        outside: Debt owed to outsiders, minor units; None if not public.
        inside: Debt owed to other levels or to the sponsor, which is left out.
        consolidated: Whether it is in the sponsor's own statements on the basis.
        deals: Where it stands.
    """

    sponsor: str
    vehicle: Node
    depth: int
    holders: str
    share: Fraction
    outside: int | None
    inside: int
    consolidated: bool
    deals: tuple[str, ...]
