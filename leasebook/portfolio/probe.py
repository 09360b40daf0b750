"""
What tests of classification compare: values and rates of units, at commencement or on an event.
"""

from collections.abc import MutableSequence

from leasebook.portfolio import records as r
from leasebook.portfolio.course import commence, dues_of, happen, possible, rates_of
from leasebook.portfolio.given import Given, Ints, Room, Written, emptied, unit_of
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.reckoning.bounded import near, near_rate, near_value, settled

Floats = MutableSequence[float]

#: Numbers of a question: unit, event (-1 at commencement), whether the rate is solved, what it
#: makes payments and residual worth before money by the start, the residual of that, the two
#: residuals of which values are wanted, the residual whose value alone is wanted (-1 if no value
#: is to be rounded).
QUESTION = 8
#: Whole numbers of an answer: rate and its denominator, trouble of the rate (as `near_rate`), 1 if
#: a value could not be rounded, first value and residual's value rounded, periods left, rent of
#: the first day that no balance holds.
ANSWER = 8


def probe(questions: Ints, given: Given, room: Room, answers: Written, bounds: Floats) -> None:
    """
    Some questions about units.

    Source: ASC 842-10-25-2(d), 842-10-25-4; IFRS 16.26, 16.63(d).

    Args:
        questions: Records of `QUESTION` numbers.
        given: The leases.
        room: Room for one unit.
        answers: Records of `ANSWER` numbers, zero at first; written.
        bounds: For each question, below and above the two values; written.
    """
    for q in range(len(questions) // QUESTION):
        ask, at = q * QUESTION, q * ANSWER
        u = questions[ask]
        day_one = commence(u, given, room)
        paid = unit_of(u, given)[r.PREPAID] + day_one
        cash = paid - unit_of(u, given)[r.INCENTIVES]
        well = True
        if questions[ask + 1] >= 0:
            paid, cash = 0, 0
            well = _up_to(u, questions[ask + 1], given, room)
        periods = room.state[r.S_PERIODS]
        answers[at + 6] = periods
        answers[at + 7] = day_one
        answers[at + 1] = 1
        if well and periods > 0:
            _answer(q, questions, paid, cash, given, room, answers, bounds)
        else:
            answers[at + 2] = 2


def _up_to(u: int, stop: int, given: Given, room: Room) -> bool:
    """All events up to one have happened; false if one of them cannot."""
    for e in range(unit_of(u, given)[r.EVENT_FIRST], stop + 1):
        if not possible(u, e, given, room.state):
            return False
        happen(u, e, given, room)
    return True


def _answer(
    q: int, questions: Ints, paid: int, cash: int, given: Given, room: Room, answers: Written,
    bounds: Floats,
) -> None:  # fmt: skip
    ask, at, u = q * QUESTION, q * ANSWER, questions[q * QUESTION]
    advance, periods = unit_of(u, given)[r.ADVANCE], room.state[r.S_PERIODS]
    dues, numerator = room.dues, room.numerator
    rate_step, unit = rates_of(u, given, room), room.state[r.S_DENOMINATOR]
    if questions[ask + 2]:
        dues_of(periods, advance, questions[ask + 4], room)
        rate, trouble = near_rate(dues, periods, questions[ask + 3] - cash, room.lengths)
        answers[at + 2] = trouble
        numerator[0] = rate
        unit = RATE_UNIT
        rate_step = 0
    answers[at] = numerator[0]
    answers[at + 1] = unit
    worth, bound = 0.0, 0.0
    # Two residuals that are the same have one value.
    for k in range(2 if questions[ask + 6] != questions[ask + 5] else 1):
        dues_of(periods, advance, questions[ask + 5 + k], room)
        worth, bound = near(dues, periods, numerator, rate_step, unit)
        wide = bound + (abs(worth) + abs(float(paid))) * 4.0e-16
        bounds[4 * q + 2 * k] = worth + float(paid) - wide
        bounds[4 * q + 2 * k + 1] = worth + float(paid) + wide
    if questions[ask + 6] == questions[ask + 5]:
        bounds[4 * q + 2] = bounds[4 * q]
        bounds[4 * q + 3] = bounds[4 * q + 1]
    if questions[ask + 7] < 0:
        return
    found, doubt = settled(worth, bound, dues, periods, numerator, rate_step, unit)
    left, also = 0, 0
    if questions[ask + 7]:
        emptied(dues, periods)
        dues[periods] = questions[ask + 7]
        left, also = near_value(dues, periods, numerator, rate_step, unit)
    answers[at + 3] = doubt | also
    answers[at + 4] = found
    answers[at + 5] = left
