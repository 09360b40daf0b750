"""
Guarantees that are credit derivatives: a liability at fair value, every change of it in the result.
"""

from collections.abc import Iterator

import attrs

from leasebook.contract.credit import Guarantee
from leasebook.measure.assumed_lease import assumed_day
from leasebook.measure.guarantee import (
    estimated_value,
    guarantee_ends,
    guarantee_schedules,
    obtained,
    other_side,
    released,
    subject_of,
    until,
)
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting
from leasebook.measure.warrant import received_for_guarantee
from leasebook.reckoning.rounding import round_half_even

_FLOWS = (
    "premium",
    "instrument",
    "investment",
    "expense",
    "day_one_gain",
    "day_one_deferred",
    "deferred_released",
    "value_change",
    "settled",
)
_BALANCES = {
    "liability": {
        "premium": 1,
        "instrument": 1,
        "investment": 1,
        "expense": 1,
        "day_one_gain": -1,
        "day_one_deferred": -1,
        "value_change": 1,
        "settled": -1,
    },
    "deferred_gain": {"day_one_deferred": 1, "deferred_released": -1},
}


def derivative_schedules(contract: Guarantee, setting: Setting) -> Iterator[Schedule]:
    """
    A guarantee that is a derivative, in its guarantor's books, and its premium in its payer's.

    On day one it stands at fair value. What is received beyond that is a gain under US GAAP; under
    IFRS it is deferred, as no market shows the value, and goes to the result level over the term.
    What is worth more than was received has no price and is expense, or part of an investment.
    Later values are those that the contract states; between them it stays, at its end nothing is
    left. What it is carried at when the guarantor takes over the leases lowers the right of use.

    Source: ASC 815-10-25-1, 815-10-30-1, 815-10-35-1, 820-10-30-3A; IFRS 9.5.1.1, 9.B5.1.2A(b),
    9.5.7.1.

    Raises:
        NotModelled: If nothing says what it is worth on the first day.
    """
    yield assemble(
        "credit-derivative-written",
        (contract.id, contract.guarantor, other_side(contract, setting.minor(contract.premium))),
        _BALANCES,
        _FLOWS,
        _written(contract, setting),
    )
    yield from obtained(contract, setting.minor(contract.premium), setting)


def _written(contract: Guarantee, setting: Setting) -> Iterator[Movement]:
    estimated = estimated_value(contract, setting)
    if estimated is None:
        raise NotModelled(f"nothing says what {contract.id} is worth")
    begins, carried = contract.issued.get(), round_half_even(estimated)
    premium, instrument = (
        setting.minor(contract.premium),
        received_for_guarantee(contract.id, setting),
    )
    beyond = premium + instrument - carried
    debit = setting.outcome("guarantee_debit", subject_of(contract)) or "expense"
    gain = "day_one_deferred" if setting.framework == "ifrs" else "day_one_gain"
    opened = {"premium": premium, "instrument": instrument, debit: max(0, -beyond)}
    yield Movement(begins, 1, 0, {**opened, gain: max(0, beyond)})
    settled = assumed_day(contract, setting.deal)
    if setting.framework == "ifrs" and beyond > 0:
        level = attrs.evolve(contract, release="level")
        for day, period, amount in until(released(beyond, level), settled):
            yield Movement(day, 1, period, {"deferred_released": amount})
    ends = settled or guarantee_ends(contract)
    for at, one in enumerate(contract.fair_values, start=1):
        day, worth = one.date.get(), setting.minor(one.amount)
        if day <= ends:
            yield Movement(day, 1, at, {"value_change": worth - carried})
            carried = worth
    last = "settled" if settled else "value_change"
    yield Movement(ends, 1, 0, {last: carried if settled else -carried})


def obligation_settled(lease: str, setting: Setting) -> tuple[int, int]:
    """
    What a guarantor's promises about a lease are carried at when it takes the lease over.

    Args:
        lease: Id of the lease as its new lessee has it.
        setting: Gives the deal and how the guarantees are measured.

    Returns:
        Minor units of credit derivatives, and of other guarantees.
    """
    derivatives = others = 0
    for contract in setting.deal.of_kind(Guarantee):
        names = [f"{covered}/{contract.guarantor}" for covered in contract.covers_leases]
        if lease not in names:
            continue
        how = setting.outcome("guarantee_measurement", subject_of(contract))
        if how is None:
            continue
        # what was settled belongs to the first of several leases
        amount = _settled_in(contract, how, setting) if lease == names[0] else 0
        if how == "at-fair-value":
            derivatives += amount
        else:
            others += amount
    return derivatives, others


def _settled_in(contract: Guarantee, how: str, setting: Setting) -> int:
    return next(iter(guarantor_schedules(contract, how, setting))).total("settled")


def guarantor_schedules(
    contract: Guarantee, how: str | None, setting: Setting
) -> Iterator[Schedule]:
    """The schedules of a guarantee, by how the rules decide that it is measured."""
    measured = derivative_schedules if how == "at-fair-value" else guarantee_schedules
    yield from measured(contract, setting)
