"""
Adjusted debt and earnings: what a method counts of what is on and beside the balance sheet.

Debt + lease liabilities + financing obligations + debt in vehicles + leases not commenced +
guarantees - what of these is counted twice + hybrids - surplus cash, each by a method's factor.
Earnings are operating income before depreciation, and before the cost of operating leases where
these are counted as debt.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.exposures.add_up import Part, counted
from leasebook.exposures.claim import Claim, Node
from leasebook.exposures.method import MULTIPLE, PARAMETERS, Measure, Method
from leasebook.reckoning.rounding import round_half_even

#: Parameters whose amounts are claims, and so can be one another's double.
CLAIMED = ("vehicle-debt", "leases-not-commenced", "residual-value-guarantees", "guarantees")
#: Parameters that take from debt.
LESS = ("surplus-cash",)


@attrs.frozen
class Reported:
    """
    One column of the statements for a fiscal year, minor units; None where it is not public.

    Attributes:
        figures: By parameter, as far as they are on the balance sheet; rent for the multiple.
        borrowings: Debt.
        operating_income: Of the year.
        depreciation: And amortisation of the year, as a positive amount.
        lease_cost: Of operating leases, as a positive amount.
        partial: What the deal's part alone is known of, by parameter or line.
    """

    figures: Mapping[str, int | None]
    borrowings: int | None
    operating_income: int | None
    depreciation: int | None
    lease_cost: int | None
    partial: frozenset[str] = frozenset()

    def lacks(self, name: str, amount: int | None) -> tuple[str, ...]:
        """The name, if the amount is not public or not all of it is."""
        return (name,) if amount is None or name in self.partial else ()


@attrs.frozen
class Promised:
    """
    What is beside the balance sheet on the last day of the year.

    Attributes:
        claims: Of the sponsor's group.
        tower: Of each company behind them.
        renewals: By residual value guarantee, the rents of the renewals that would avoid it.
        booked: By parameter, liabilities on the balance sheet to the companies behind claims.
    """

    claims: tuple[Claim, ...]
    tower: Mapping[Node, Node]
    renewals: Mapping[str, int | None]
    booked: Mapping[str, tuple[Claim, ...]] = attrs.field(factory=dict)


@attrs.frozen
class Step:
    """
    One line of the adjustment.

    Attributes:
        line: Id.
        amount: Minor units, as it enters the sum; None if nothing of it is public.
        figure: What the factor is of, minor units.
        factor: Of a method; None where the line is no parameter.
        ratio: Where the line is one.
        lacks: What is not public and so not in it.
        terms: The figures that a sum or ratio is made of, signed, by line.
    """

    line: str
    amount: int | None = None
    figure: int | None = None
    factor: Decimal | None = None
    ratio: Fraction | None = None
    lacks: tuple[str, ...] = ()
    terms: tuple[tuple[str, int], ...] = ()


def adjusted(
    reported: Reported, promised: Promised | None = None, method: Method | None = None
) -> tuple[Step, ...]:
    """
    The lines of one column, from borrowings to the ratio of debt to earnings.

    Args:
        reported: The statements.
        promised: What is beside them; None for a column that stands as it is reported.
        method: What is counted; None for a column that stands as it is reported.

    Returns:
        Lines that count something, in order; what is not counted has none.
    """
    owed = reported.borrowings
    steps = [Step("borrowings", owed, owed, lacks=reported.lacks("borrowings", owed))]
    if method is not None and promised is not None:
        steps += _counted(reported, promised, method)
    debt = _sum("adjusted-debt", steps)
    add_back = method is not None and method.adds_lease_cost
    earned = [
        _own("operating-income", reported.operating_income),
        _own("depreciation", reported.depreciation),
        *([_own("lease-cost", reported.lease_cost)] if add_back else []),
    ]
    # earnings without one of their parts are no lower bound of anything
    earnings = _sum("adjusted-ebitda", earned)
    if earnings.lacks:
        earnings = attrs.evolve(earnings, amount=None)
    return (*steps, debt, *earned, earnings, _ratio(debt, earnings))


def _own(line: str, amount: int | None) -> Step:
    return Step(line, amount, amount, lacks=(line,) if amount is None else ())


def _sum(line: str, steps: Sequence[Step]) -> Step:
    known = [(s.line, s.amount) for s in steps if s.amount is not None]
    lacks = tuple(name for s in steps for name in s.lacks)
    total = sum(amount for _, amount in known) if known else None
    if not total and lacks:
        total = None  # nothing that is known is no debt of nothing
    return Step(line, total, lacks=lacks, terms=tuple(known))


def _ratio(debt: Step, earnings: Step) -> Step:
    lacks = (*debt.lacks, *earnings.lacks)
    if debt.amount is None or earnings.amount is None or earnings.amount <= 0:
        return Step("debt-to-ebitda", lacks=lacks)
    terms = (("adjusted-debt", debt.amount), ("adjusted-ebitda", earnings.amount))
    value = Fraction(debt.amount, earnings.amount)
    return Step("debt-to-ebitda", ratio=value, lacks=lacks, terms=terms)


def _counted(reported: Reported, promised: Promised, method: Method) -> Iterator[Step]:
    """Every line that the method's factors make, what is counted twice after the claims."""
    weighted: list[Claim] = []
    for name in PARAMETERS:
        factor = method.factor(name)
        if not factor:
            continue
        if name in CLAIMED:
            claims = list(measured(promised, method, name))
            mine = [_scaled(claim, factor) for claim in claims]
            weighted += mine
            figure = Part.of((c.contract, c.amount) for c in claims)
            amount = Part.of((c.contract, c.amount) for c in mine)
            yield Step(name, amount.shown, figure.shown, factor, lacks=figure.lacks)
        else:
            figure_of = reported.lease_cost if name == MULTIPLE else reported.figures.get(name)
            part = None if figure_of is None else round_half_even(Fraction(factor) * figure_of)
            if name in LESS and part is not None:
                part = -part
            lacks = reported.lacks(name, part)
            weighted += [_scaled(claim, factor) for claim in promised.booked.get(name, ())]
            yield Step(name, part, figure_of, factor, lacks=lacks)
        if name == _last_claimed(method):
            yield from _twice(weighted, promised)


def _last_claimed(method: Method) -> str:
    """The last parameter whose amounts can be one another's double."""
    return next((name for name in reversed(CLAIMED) if method.factor(name)), "")


def _twice(weighted: Sequence[Claim], promised: Promised) -> Iterator[Step]:
    each = counted(weighted, promised.tower, "maximum")
    terms = tuple((one.claim.contract, -one.left_out) for one in each if one.left_out)
    if terms:
        left_out = sum(amount for _, amount in terms)
        yield Step("counted-twice", left_out, left_out, terms=terms)


def _scaled(claim: Claim, factor: Decimal) -> Claim:
    if claim.amount is None:
        return claim
    amount = round_half_even(Fraction(factor) * claim.amount)
    return attrs.evolve(claim, amount=amount, expected=amount)


def measured(promised: Promised, method: Method, parameter: str) -> Iterator[Claim]:
    """
    The claims that a parameter is about, each at what the method takes it for.

    Args:
        promised: All claims.
        method: Says at what guarantees count.
        parameter: One of `CLAIMED`.
    """
    for claim in promised.claims:
        if _parameter(claim, promised) != parameter:
            continue
        amount = claim.amount
        if parameter == "guarantees":
            amount = _at(claim, method.measures.guarantees)
        elif parameter == "residual-value-guarantees":
            amount = _at(claim, method.measures.residual_value_guarantees)
            renewals = promised.renewals.get(claim.contract)
            if method.measures.renewals and amount is not None and renewals is not None:
                amount = max(amount, renewals)
        yield attrs.evolve(claim, amount=amount, expected=amount)


def _parameter(claim: Claim, promised: Promised) -> str:
    if claim.kind == "vehicle-debt":
        return "vehicle-debt"
    if claim.kind == "guarantee":
        residual = claim.contract in promised.renewals
        return "residual-value-guarantees" if residual else "guarantees"
    return "leases-not-commenced"


def _at(claim: Claim, measure: Measure) -> int | None:
    return claim.amount if measure == "maximum" else claim.expected


def lacking(steps: Iterable[Step]) -> tuple[str, ...]:
    """What is not public in the debt or earnings of a column, each named once."""
    found = [name for step in steps for name in step.lacks]
    return tuple(dict.fromkeys(found))
