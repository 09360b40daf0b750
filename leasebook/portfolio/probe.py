"""
What tests of classification compare: values and rates of units, at commencement or on an event.
"""

from collections.abc import MutableSequence, Sequence

from leasebook.portfolio.course import commence, dues_of, happen, possible, rates_of
from leasebook.portfolio.records import (
    ADVANCE,
    EVENT_FIRST,
    INCENTIVES,
    PREPAID,
    S_DENOMINATOR,
    S_PERIODS,
    UNIT,
)
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.reckoning.bounded import excess, near_rate, near_value

Ints = Sequence[int]
Room = MutableSequence[int]
Floats = MutableSequence[float]

#: Numbers of a question: unit, event (-1 at commencement), whether the rate is solved, what it makes
#: the payments and the residual worth before money by the start, the residual of that, the two
#: residuals of which values are wanted, the residual whose value alone is wanted.
QUESTION = 8
#: Whole numbers of an answer: rate and its denominator, trouble of the rate (as `near_rate`), 1 if a
#: value could not be rounded, first value and residual's value rounded, periods left, rent of the
#: first day that no balance holds.
ANSWER = 8


def probe(
    first: int, last: int, questions: Ints, units: Ints, steps: Ints, events: Ints,
    day_rates: Ints, month_first: Ints, base_month: int, state: Room, level: Room, due: Room,
    beside: Room, dues: Room, numerator: Room, one: Room, answers: Room, bounds: Floats,
) -> None:  # fmt: skip
    """
    Some questions about units.

    Source: ASC 842-10-25-2(d), 842-10-25-4; IFRS 16.26, 16.63(d).

    Args:
        first: The first question.
        last: The one after the last.
        questions: Records of `QUESTION` numbers.
        units: Records of units.
        steps: Pairs of period and payment.
        events: Records of events.
        day_rates: Numerators by days of a period.
        month_first: First days of months.
        base_month: The first of those.
        state: Room; likewise those that follow.
        level: Room.
        due: Room.
        beside: Room.
        dues: Room.
        numerator: Room.
        one: Room for one number.
        answers: Records of `ANSWER` numbers, written.
        bounds: For each question, below and above the two values; written.
    """
    for q in range(first, last):
        ask = q * QUESTION
        u, stop = questions[ask], questions[ask + 1]
        advance = units[u * UNIT + ADVANCE]
        day_one = commence(u, units, steps, state, level, due, beside)
        paid = units[u * UNIT + PREPAID] + day_one
        cash = paid - units[u * UNIT + INCENTIVES]
        well = True
        if stop >= 0:
            paid, cash = 0, 0
            for e in range(units[u * UNIT + EVENT_FIRST], stop + 1):
                well = well and possible(u, e, units, events, state)
                if well:
                    happen(u, e, units, events, state, level, due, beside)
        at = q * ANSWER
        periods = state[S_PERIODS]
        answers[at + 6], answers[at + 7] = periods, day_one
        for k in range(4):
            bounds[4 * q + k] = 0.0
        for k in range(6):
            answers[at + k] = 0
        answers[at + 1] = 1
        if not well or periods == 0:
            answers[at + 2] = 2
            continue
        rate_step = rates_of(u, units, state, day_rates, month_first, base_month, numerator)
        unit = state[S_DENOMINATOR]
        if questions[ask + 2]:
            dues_of(periods, advance, due, questions[ask + 4], dues)
            rate, trouble = near_rate(dues, periods, questions[ask + 3] - cash, one)
            answers[at + 2] = trouble
            numerator[0] = rate
            unit = RATE_UNIT
            rate_step = 0
        answers[at], answers[at + 1] = numerator[0], unit
        for k in range(2):
            dues_of(periods, advance, due, questions[ask + 5 + k], dues)
            high, low, slack = excess(dues, periods, numerator, rate_step, unit, -paid)
            wide = slack + abs(high) * 4.0e-16
            bounds[4 * q + 2 * k] = high + low - wide
            bounds[4 * q + 2 * k + 1] = high + low + wide
        found, doubt = near_value(dues, periods, numerator, rate_step, unit)
        for k in range(periods):
            dues[k] = 0
        dues[periods] = questions[ask + 7]
        left, also = near_value(dues, periods, numerator, rate_step, unit)
        answers[at + 3] = doubt | also
        answers[at + 4], answers[at + 5] = found, left
