from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.reckoning.calendar import (
    add_months,
    closes,
    days_of_use,
    fiscal_year,
    fiscal_year_bounds,
    month_ends,
    months_between,
    periods,
)
from leasebook.reckoning.day_count import DAY_COUNTS, day_count, year_fraction
from leasebook.reckoning.present_value import (
    closing_balance,
    present_value,
    present_value_minor,
    relative_spread,
)
from leasebook.reckoning.rates import NoCrossing, freeze, periodic_rate, rate_text, solve_rate
from leasebook.reckoning.rounding import (
    AMOUNT_LIMIT,
    DENOMINATOR_LIMIT,
    divide_half_even,
    round_half_even,
    scale,
    spread,
)

# A busy machine is no reason to fail, so there is no deadline.
law = settings(max_examples=60, deadline=None)

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
amounts = st.integers(-AMOUNT_LIMIT, AMOUNT_LIMIT)
denominators = st.integers(1, DENOMINATOR_LIMIT - 1)
rates = st.integers(0, 10**14).map(lambda n: Fraction(n, 10**15))


@law
@given(amounts, denominators, st.data())
def test_scale_is_the_exact_ratio_rounded(amount, denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    assert scale(amount, numerator, denominator) == round(Fraction(amount * numerator, denominator))


@law
@given(st.integers(1, AMOUNT_LIMIT), denominators, st.data())
def test_scale_decides_near_ties_by_the_remainder(amount, denominator, data):
    half = data.draw(st.integers(0, amount - 1))
    near = (2 * half + 1) * denominator // (2 * amount)
    for numerator in (near - 1, near, near + 1):
        for signed in (amount, -amount):
            exact = round(Fraction(signed * numerator, denominator))
            assert scale(signed, numerator, denominator) == exact


@law
@given(st.integers(-(2**49), 2**49 - 1))
def test_scale_takes_ties_to_the_even_number(amount):
    assert scale(2 * amount + 1, 1, 2) == round(Fraction(2 * amount + 1, 2))


@law
@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20))
def test_division_of_any_size_rounds_half_to_even(numerator, denominator):
    exact = round(Fraction(numerator, denominator))
    assert divide_half_even(numerator, denominator) == exact
    assert round_half_even(Fraction(numerator, denominator)) == exact


@law
@given(amounts, st.lists(st.integers(0, 400), min_size=1).filter(any))
def test_a_spread_sums_to_its_total_and_no_running_part_is_off_by_more_than_half(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for k in range(len(weights)):
        exact = Fraction(total * sum(weights[: k + 1]), whole)
        assert abs(sum(parts[: k + 1]) - exact) <= Fraction(1, 2)


def test_a_spread_without_weight_is_refused():
    with pytest.raises(ValueError, match="positive number"):
        spread(1, [0, 0])


def test_thirty_day_months_count_as_the_named_conventions_do():
    assert day_count("30/360", date(2025, 10, 31), date(2025, 12, 31)) == 60
    assert day_count("30/360", date(2026, 11, 30), date(2027, 2, 28)) == 88
    assert day_count("30/360", date(2027, 2, 28), date(2027, 5, 31)) == 93
    assert day_count("30E/360", date(2027, 2, 28), date(2027, 5, 31)) == 92
    assert year_fraction("30/360", date(2026, 5, 30), date(2026, 11, 30)) == Fraction(1, 2)


def test_actual_conventions_differ_by_their_year():
    start, end = date(2027, 7, 1), date(2028, 7, 1)
    assert day_count("actual/360", start, end) == 366
    assert year_fraction("actual/360", start, end) == Fraction(366, 360)
    assert year_fraction("actual/365", start, end) == Fraction(366, 365)
    assert year_fraction("actual/actual", start, end) == Fraction(184, 365) + Fraction(182, 366)


@law
@given(days, days, days)
def test_actual_day_counts_add_up_over_any_date_between(one, two, three):
    start, middle, end = sorted((one, two, three))
    for convention in ("actual/360", "actual/365", "actual/actual"):
        whole = year_fraction(convention, start, end)
        parts = year_fraction(convention, start, middle) + year_fraction(convention, middle, end)
        assert whole == parts


@pytest.mark.parametrize("ask", [day_count, year_fraction])
def test_an_unknown_day_count_is_refused_with_the_list(ask):
    with pytest.raises(ValueError, match=DAY_COUNTS[0]):
        ask("31/360", date(2027, 1, 1), date(2027, 2, 1))


@law
@given(days, st.integers(1, 12), st.integers(1, 40))
def test_periods_follow_each_other_without_gap_and_keep_the_anchor_day(anchor, every, count):
    walked = periods(anchor, every, count)
    for (_, last), (first, _) in pairwise(walked):
        assert first == last + timedelta(days=1)
    for k, (first, _) in enumerate(walked):
        month_has = (add_months(first.replace(day=1), 1) - timedelta(days=1)).day
        assert first.day == min(anchor.day, month_has)
        assert months_between(anchor, first) == every * k


def test_month_ends_do_not_drift_through_february():
    assert [first for first, _ in periods(date(2027, 1, 31), 1, 3)] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
    ]


@law
@given(days, st.integers(1, 12))
def test_days_of_use_sum_to_the_days_of_the_period(anchor, every):
    ((first, last),) = periods(anchor, every, 1)
    closings = closes(first, last)
    assert closings[-1] == last
    assert sum(days_of_use(first, closings)) == (last - first).days + 1
    assert min(days_of_use(first, closings)) > 0


def test_month_ends_include_both_borders_only_if_they_are_month_ends():
    assert month_ends(date(2027, 1, 31), date(2027, 3, 30)) == [
        date(2027, 1, 31),
        date(2027, 2, 28),
    ]
    assert month_ends(date(2027, 1, 1), date(2027, 1, 30)) == []


@law
@given(days, st.tuples(st.integers(1, 12), st.integers(1, 31)))
def test_every_day_lies_within_the_bounds_of_its_fiscal_year(day, year_end):
    first, last = fiscal_year_bounds(fiscal_year(day, year_end), year_end)
    assert first <= day <= last
    assert fiscal_year(first, year_end) == fiscal_year(last, year_end)
    assert fiscal_year(last + timedelta(days=1), year_end) == fiscal_year(day, year_end) + 1


def test_a_year_that_ends_on_29_february_ends_on_28_in_common_years():
    assert fiscal_year_bounds(2028, (2, 29)) == (date(2027, 3, 1), date(2028, 2, 29))
    assert fiscal_year(date(2027, 2, 28), (2, 29)) == 2027


def test_effective_annual_rates_are_frozen_at_fifteen_decimals_and_the_others_are_exact():
    assert periodic_rate(Decimal("0.05"), "effective-annual", 12) == Fraction(1, 20)
    assert rate_text(periodic_rate(Decimal("0.06"), "effective-annual", 1)) == "0.004867550565343"
    assert periodic_rate(Decimal("0.05"), "nominal", 1) == Fraction(1, 240)
    assert periodic_rate(Decimal("0.05"), "per-period", 1) == Fraction(1, 20)
    with pytest.raises(ValueError, match="nominal"):
        periodic_rate(Decimal("0.05"), "simple", 1)


@law
@given(st.integers(0, 10**16))
def test_a_solved_rate_is_the_exact_solution_rounded_half_to_even(twice):
    exact = Fraction(twice, 10**16)
    assert solve_rate(lambda rate: rate - exact) == freeze(exact)
    assert solve_rate(lambda rate: exact - rate) == freeze(exact)


def test_a_solved_rate_at_a_tie_is_even():
    assert solve_rate(lambda rate: rate - Fraction(5, 2 * 10**15)) == Fraction(2, 10**15)
    assert solve_rate(lambda rate: rate - Fraction(7, 2 * 10**15)) == Fraction(4, 10**15)


def test_a_function_that_does_not_cross_has_no_solution():
    with pytest.raises(NoCrossing):
        solve_rate(lambda rate: rate + 1)


@law
@given(st.lists(amounts, max_size=30), rates, st.integers(0, 3))
def test_present_value_is_the_sum_of_discounted_amounts(dues, rate, first_at):
    naive = sum(
        (due / (1 + rate) ** (first_at + i) for i, due in enumerate(dues)), start=Fraction(0)
    )
    assert present_value(dues, rate, first_at) == naive
    assert present_value_minor(dues, rate, first_at) == round(naive)


@law
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), rates, st.booleans())
def test_a_balance_that_starts_at_the_present_value_is_used_up_exactly(dues, rate, advance):
    worth = present_value(dues, rate, 0 if advance else 1)
    grown = closing_balance(0, dues, rate, advance=advance)
    assert worth * (1 + rate) ** len(dues) + grown == 0


@given(
    st.lists(st.lists(st.integers(1, 10**9), min_size=1, max_size=12), min_size=1, max_size=5),
    st.fractions(Fraction(1, 1000), Fraction(1, 5), max_denominator=10**6),
)
def test_streams_differ_by_their_largest_over_their_smallest_present_value(streams, rate):
    worth = [present_value(stream, rate, 0) for stream in streams]
    longer = [*streams, [*streams[0], 7]]  # begins as another does
    assert relative_spread(streams, rate) == max(worth) / min(worth) - 1
    worth.append(present_value(longer[-1], rate, 0))
    assert relative_spread(longer, rate) == max(worth) / min(worth) - 1
