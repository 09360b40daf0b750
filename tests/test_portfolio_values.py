from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pytest

from leasebook.portfolio.frame import frame
from leasebook.portfolio.generate import level_leases
from leasebook.portfolio.loops import answered, question
from leasebook.portfolio.quoted import rates
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.portfolio.values import implicit_rates, present_values
from leasebook.reckoning.annuity import runs_of, twofold_worth_of_runs, worth_of_runs
from leasebook.reckoning.bounded import near_rate, near_value
from leasebook.reckoning.compiled import AVAILABLE
from leasebook.reckoning.growth import grown
from leasebook.reckoning.present_value import present_value, present_value_minor
from leasebook.reckoning.rates import RATE_CONVENTIONS, day_rates, periodic_rate, solve_rate
from leasebook.reckoning.roots import all_rates
from leasebook.reckoning.twofold import twofold_ratio


def runs(draw, count, periods):
    lengths = draw.integers(1, periods, count)
    first = np.r_[0, np.cumsum(lengths + 1)]
    return draw.integers(0, 10**9, int(first[-1])), first


def test_present_values_over_columns_are_the_exact_ratio_rounded_once():
    draw = np.random.default_rng(1)
    due, first = runs(draw, 300, 200)
    numerator = draw.integers(0, 2 * 10**13, 300)
    denominator = np.full(300, 10**15)
    found = present_values(due, first, numerator, denominator)
    for k, value in enumerate(found.tolist()):
        rate = Fraction(int(numerator[k]), 10**15)
        assert value == present_value_minor(due[first[k] : first[k + 1]].tolist(), rate, 0)


@pytest.mark.parametrize(("payment", "residual", "values"), [(21, 0, [10, 0]), (20, 21, [10, 10])])
def test_a_question_whose_value_lies_at_a_half_is_answered_exactly(payment, residual, values):
    lease = attrs.evolve(
        level_leases(1),
        payment=np.array([payment]),
        term_months=np.array([1]),
        rate=np.array([RATE_UNIT]),
        rate_convention=np.array([RATE_CONVENTIONS.index("per-period")]),
    )
    asked = question(np.array([0]))
    asked[:, 7] = residual
    answers, _ = answered(frame(lease), asked, fast=AVAILABLE)
    assert answers[0, 3] == 0
    assert answers[0, 4:6].tolist() == values


def test_a_value_at_a_half_is_left_to_exact_arithmetic():
    assert near_value([0, 21], 1, [1], 0, 1)[1] == 1
    halves = present_values(np.array([0, 21, 0, 23]), np.array([0, 2, 4]),
                            np.array([1, 1]), np.array([1, 1]))  # fmt: skip
    assert halves.tolist() == [10, 12]


def test_a_rate_over_columns_is_the_one_that_bisection_finds():
    draw = np.random.default_rng(2)
    due, first = runs(draw, 60, 80)
    worth = np.add.reduceat(due, first[:-1]) * 7 // 10
    where, found = implicit_rates(due, first, worth)
    solved = dict(zip(where.tolist(), found.tolist(), strict=True))
    assert len(solved) > 40
    for k, rate in solved.items():
        amounts = due[first[k] : first[k + 1]].tolist()
        exact = solve_rate(lambda r, a=amounts, w=int(worth[k]): present_value(a, r, 0) - w)
        assert Fraction(rate, RATE_UNIT) == exact


def test_every_rate_at_which_the_sign_changes_is_found():
    tenth, fifth, half = Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)
    # (v - 10/11)(v - 5/6)(v - 2/3) has the three roots, in factors of a period.
    poly = [Fraction(1)]
    for rate in (tenth, fifth, half):
        root = 1 / (1 + rate)
        poly = [a - root * b for a, b in zip([0, *poly], [*poly, 0], strict=True)]
    unit = 1
    for c in poly:
        unit = unit * c.denominator
    assert all_rates([int(c * unit) for c in poly], 0) == (tenth, fifth, half)


def test_rates_that_cannot_be_told_or_do_not_exist_are_said_so():
    assert near_rate([0, -5, 105], 2, 100, [0, 0, 0])[1] == 1
    assert near_rate([0, 1000], 1, 10, [0, 0])[1] == 2
    assert near_rate([0, 10], 1, 10, [0, 0]) == (0, 0)


@pytest.mark.parametrize("convention", range(4))
def test_rates_over_columns_are_those_of_one_lease(convention):
    annual = np.array([0, 15 * 10**12, 73 * 10**12 + 7, 149 * 10**12])
    for every in (1, 3, 6, 12):
        months = np.full(4, every)
        found = rates(annual, np.full(4, convention), months)
        for k, quoted in enumerate(annual.tolist()):
            decimal = Decimal(quoted).scaleb(-15)
            exact = periodic_rate(decimal, RATE_CONVENTIONS[convention], every)
            assert Fraction(int(found.numerator[k]), int(found.denominator[k])) == exact
            if convention == 3 and every == 1:
                days = day_rates(decimal, [date(2026, 1, 1), date(2026, 2, 1)])
                table = found.by_days[int(found.table[k]) + 31]
                assert Fraction(int(table), RATE_UNIT) == days[0]


def test_rates_of_level_amounts_are_those_of_bisection_whatever_their_runs():
    draw = np.random.default_rng(5)
    due, first = [], [0]
    for _ in range(40):
        lengths = draw.integers(1, 70, draw.integers(1, 6))
        amounts = np.repeat(draw.integers(0, 10**7, len(lengths)), lengths)
        due.append(np.r_[0, amounts, draw.integers(0, 10**8)])
        first.append(first[-1] + len(due[-1]))
    flat, first = np.concatenate(due), np.array(first)
    worth = np.add.reduceat(flat, first[:-1]) * 3 // 4
    where, found = implicit_rates(flat, first, worth)
    assert len(where) == 40
    for k, rate in zip(where.tolist(), found.tolist(), strict=True):
        amounts = due[k].tolist()
        exact = solve_rate(lambda r, a=amounts, w=int(worth[k]): present_value(a, r, 0) - w)
        assert Fraction(rate, RATE_UNIT) == exact


def test_what_grows_in_a_part_of_a_year_is_the_exact_figure_or_is_left_open():
    draw = np.random.default_rng(6)
    decided = 0
    for annual in [*draw.integers(0, 10**15, 60).tolist(), 0, 21 * 10**13, 10**16]:
        quoted = Decimal(annual).scaleb(-15)
        for months in (1, 3, 6, 12):
            found, doubt = grown(annual, 12 // months, 1)
            exact = periodic_rate(quoted, "effective-annual", months)
            assert doubt or Fraction(found, RATE_UNIT) == exact
            decided += not doubt
        for days in (28, 31, 92, 365, 366):
            found, doubt = grown(annual, 365, days)
            (exact,) = day_rates(quoted, [date(2023, 1, 1), date.fromordinal(738521 + days)])
            assert doubt or Fraction(found, RATE_UNIT) == exact
            decided += not doubt
    assert decided >= 60 * 9
    assert grown(-1, 12, 1)[1] == 1


def test_many_rates_are_computed_as_few_are():
    annual = np.arange(0, 700) * 10**12
    for convention in (0, 3):
        many = rates(annual, np.full(700, convention), np.full(700, 3))
        for k in (0, 1, 350, 699):
            one = rates(annual[k : k + 1], np.array([convention]), np.array([3]))
            assert one.numerator[0] == many.numerator[k]
            assert one.denominator[0] == many.denominator[k]
            if convention == 3:
                of_one, of_many = (
                    found.by_days[int(found.table[place]) + 89 :][:4].tolist()
                    for found, place in ((one, 0), (many, k))
                )
                assert of_one == of_many


@pytest.mark.parametrize("seed", range(12))
def test_runs_are_worth_what_their_amounts_are_within_the_bounds_that_are_proved(seed):
    draw = np.random.default_rng(seed)
    counts = draw.integers(1, 90, 4)
    due = [
        0,
        *np.repeat(draw.integers(1, 10**9, 4), counts).tolist(),
        int(draw.integers(1, 10**11)),
    ]
    periods, unit = len(due) - 1, Fraction(1, 2**53)
    lengths = [0] * len(due)
    runs_found = runs_of(due, periods, lengths)
    assert sum(lengths[:runs_found]) == len(due)
    factor, low = twofold_ratio(10**15, 10**15 + int(draw.integers(1, 10**14)))
    exact = Fraction(factor) + Fraction(low)
    value = sum(amount * exact**k for k, amount in enumerate(due))
    moment = sum(k * amount * exact**k for k, amount in enumerate(due))
    worth, timed = worth_of_runs(due, periods, lengths, runs_found, factor)
    assert abs(Fraction(worth) - value) <= (6 * periods + 8) * unit * value
    assert abs(Fraction(timed) - moment) <= (8 * periods + 20) * unit * moment
    high, rest, size = twofold_worth_of_runs(due, periods, lengths, runs_found, factor, low)
    twofold = Fraction(high) + Fraction(rest)
    assert abs(twofold - value) <= 64 * (periods + 1) * unit**2 * value
    assert abs(Fraction(size) - value) <= Fraction(1, 10**9) * value
