"""
A failed sale: the seller keeps the asset and books what it received as a financing obligation.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

import attrs

from leasebook.measure.lease_periods import dated_periods, period_movements
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.kernel import accrue_segment
from leasebook.reckoning.present_value import closing_balance
from leasebook.reckoning.rates import rate_text, solve_rate
from leasebook.reckoning.rounding import round_half_even

_FLOWS = ("advance", "payment", "interest")
_OWED = {"advance": 1, "interest": 1, "payment": -1}
#: What is paid at the start beside price and rents, and how it moves what a seller owes.
_AT_START = {"prepaid": -1, "incentives": 1, "costs": -1}


@attrs.frozen
class Financed:
    """
    One segment of a financing, and how its rate came about.

    Attributes:
        interest: Minor units of each period.
        closing: What is owed at the end, minor units.
        rate: Per period.
        text: The rate in words, for people.
    """

    interest: list[int]
    closing: int
    rate: Fraction
    text: str


def financed(
    segment: LeaseSegment, opening: int, carrying_at_end: int | None, costs: int = 0
) -> Financed:
    """
    The interest of a segment at its own rate, or at the rate that keeps within both limits.

    Under IFRS it is a loan like any other, whose effective rate no limit moves; it is raised only
    where the payments would repay more than is owed.

    Costs of the loan lower what it is carried at to begin with and go into its effective rate:
    what is owed at the end, and the limits, are those of the loan without them.

    Source: ASC 842-40-30-6: interest is not more than the payments, and what is owed at the end is
    not less than the asset is carried at; IFRS 16.103(a), IFRS 9.5.4.1. For costs ASC 835-30-45-1A,
    835-30-45-3; IFRS 9.5.1.1, 9.B5.4.1. A loan under IFRS that no rate brings to its end keeps its
    own: IFRS 9.5.4.1 takes the rate of initial recognition, and 9.B5.4.6 revises amounts at it.

    Args:
        segment: Payments, and the rate to begin with.
        opening: Owed at its start, minor units.
        carrying_at_end: Of the asset kept, minor units; None under IFRS.
        costs: Minor units of the debtor's costs not yet in its result; those of a creditor are
            negative.

    Raises:
        NoCrossing: If no rate from 0 to 100 % a period does it.

    Example:
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 60), Fraction(1, 5), "")
        >>> financed(terms, 600, 0).rate
        Fraction(1, 10)
    """
    # A payment under a guarantee, or for leaving, settles part of the obligation on the last day.
    payments = list(segment.payments)
    settled = segment.residual_payment + segment.termination_penalty

    def left(rate: Fraction, carried: int = opening) -> Fraction:
        closing = closing_balance(carried, payments, rate, advance=segment.in_advance)
        return closing - settled

    floor = min(carrying_at_end or 0, opening)
    at_given = left(segment.rate)
    if at_given > opening and carrying_at_end is not None:
        aim, change = opening, "lowered so that the obligation does not grow"
    elif at_given < floor and (carrying_at_end is not None or _reached(left, floor)):
        to = "at nothing" if carrying_at_end is None else "at the asset's carrying amount"
        aim, change = floor, f"raised so that it ends {to}"
    else:
        aim, change = round_half_even(at_given), ""
    net, rate = opening - costs, segment.rate
    if costs:
        change = f"{change}, with costs" if change else "with costs"
    if change:
        rate = solve_rate(lambda rate: left(rate, net) - aim)
    interest, _ = accrue_segment(
        net,
        payments,
        [rate.numerator] * segment.periods,
        rate.denominator,
        aim + settled,
        advance=segment.in_advance,
    )
    text = f"{rate_text(rate)} a period, {change}" if change else segment.rate_text
    return Financed(interest, aim, rate, text)


def _reached(left: Callable[[Fraction], Fraction], floor: int) -> bool:
    """Whether some rate from 0 to 100 % a period leaves that much; else the loan keeps its own."""
    return left(Fraction(0)) < floor < left(Fraction(1))


def all_served(segments: Iterable[LeaseSegment]) -> list[LeaseSegment]:
    """
    The segments of a financing, which a payment of the first day serves like any other.

    What is kept out of a lease's liability is not kept out of what was lent: there is no lease.

    Source: ASC 842-40-25-5; IFRS 16.103(a).

    Example:
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "advance", (0, 60), Fraction(1, 5), "",
        ...                      day_one=50)
        >>> [(segment.payments, segment.day_one) for segment in all_served([terms])]
        [((50, 60), 0)]
    """
    return [
        attrs.evolve(one, payments=(one.day_one + one.payments[0], *one.payments[1:]), day_one=0)
        if one.day_one
        else one
        for one in segments
    ]


def _movements(
    segments: Sequence[LeaseSegment],
    advanced: int,
    asset_carrying_at: Callable[[date], int] | None,
    rates: list[str],
    costs: int,
) -> Iterator[Movement]:
    owed, carried_at = advanced, advanced - costs
    if any(segment.days for segment in segments):
        raise NotModelled("a financing obligation that is served on days of their own")
    dated = dated_periods(segments)
    for epoch, (segment, dates) in enumerate(zip(segments, dated, strict=True), start=1):
        end = add_months(segment.start, segment.periods * segment.months) - timedelta(days=1)
        carried = None if asset_carrying_at is None else asset_carrying_at(end)
        at_start = {"prepaid": segment.prepaid, "incentives": segment.incentives}
        moved = sum(_AT_START[name] * amount for name, amount in at_start.items())
        owed, carried_at = owed + moved, carried_at + moved
        spent = costs if epoch == 1 else 0
        yield Movement(segment.start, epoch, 0, {**at_start, "costs": abs(spent)})
        without = financed(segment, owed, carried)
        found = financed(segment, owed, carried, owed - carried_at)
        rates.append(f"epoch {epoch}: {found.text}")
        yield from period_movements(segment, epoch, dates, {"interest": found.interest})
        live = segment.live_periods
        paid = sum(segment.payments[:live])
        if segment.ends:
            paid += segment.residual_payment + segment.termination_penalty
        owed += sum(without.interest[:live]) - paid
        carried_at += sum(found.interest[:live]) - paid


def financing_obligation(
    contract: str,
    entity: str,
    counterparty: str,
    advances: Sequence[tuple[date, int]],
    segments: Sequence[LeaseSegment],
    asset_carrying_at: Callable[[date], int] | None,
    costs: int = 0,
) -> Schedule:
    """
    The obligation of a seller whose sale failed, served by the payments of the leaseback.

    Each segment starts from its own rate. The rate is lowered where the obligation would grow over
    the segment, so that interest does not exceed payments, and raised where it would end below the
    asset's carrying amount, so that no loss is built in. Where the obligation lies below the
    carrying amount to begin with, it is held level: interest never exceeds payments. Nothing
    accrues before the first segment, in which no payment falls due. Rent paid ahead repays at once,
    and an incentive is lent beside the price.

    Source: ASC 842-40-25-5, 842-40-30-6, 835-30-45-1A; IFRS 16.103, IFRS 9.5.1.1.

    Args:
        contract: Contract id.
        entity: The seller and lessee.
        counterparty: The buyer and lessor.
        advances: Date and minor units received, none after the first segment starts.
        segments: The epochs of the leaseback, in order.
        asset_carrying_at: Carrying amount of the asset kept, minor units at the close of a day;
            None under IFRS, where the rate keeps to no limit.
        costs: Minor units that the entity has spent on the loan; negative those of the buyer, in
            whose books this is what it has lent.

    Returns:
        Schedule "financing-obligation", minor units; `rates` tells each solved rate.

    Raises:
        NotModelled: If money is received after the first segment starts.
        NoCrossing: If no rate from 0 to 100 % a period does it.

    Example:
        >>> terms = LeaseSegment(date(2029, 1, 1), 2, 12, "arrears", (60, 60), Fraction(1, 50),
        ...                      "2 % a year")
        >>> schedule = financing_obligation("c", "seller", "buyer", [(date(2028, 12, 31), 1000)],
        ...                                 [terms], lambda day: 950)
        >>> schedule.balance("obligation", date(2030, 12, 31))
        950
    """
    late = [day for day, _ in advances if day > segments[0].start]
    if late:
        raise NotModelled(f"{contract}: money received on {late[0]}, after the leaseback starts")
    movements = [Movement(day, 1, 0, {"advance": amount}) for day, amount in advances]
    rates: list[str] = []
    advanced = sum(amount for _, amount in advances)
    movements += _movements(all_served(segments), advanced, asset_carrying_at, rates, costs)
    parties = (contract, entity, counterparty)
    there = {name for row in movements for name, amount in row.flows.items() if amount}
    signs = {name: sign for name, sign in _AT_START.items() if name in there}
    if costs < 0:
        signs["costs"] = 1
    balances = {"obligation": _OWED | signs}
    return assemble("financing-obligation", parties, balances, (*_FLOWS, *signs), movements, rates)
