from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.reckoning.kernel import (
    OutsideDomain,
    TrueUpExceeded,
    accrue,
    accrue_segment,
    check_domain,
    level_rows,
    true_up_bound,
)
from leasebook.reckoning.present_value import present_value_minor
from leasebook.reckoning.rounding import (
    AMOUNT_LIMIT,
    DENOMINATOR_LIMIT,
    divide_half_even,
    scale_by,
)

# A busy machine is no reason to fail, so there is no deadline.
law = settings(max_examples=60, deadline=None)


@st.composite
def segments(draw):
    """Opening, payments, rate, target and timing of a segment that its payments serve."""
    count = draw(st.integers(1, 40))
    payments = draw(st.lists(st.integers(0, 10**10), min_size=count, max_size=count))
    target = draw(st.integers(0, 10**10))
    rate = Fraction(draw(st.integers(0, 10**14)), 10**15)
    advance = draw(st.booleans())
    dues = [*payments, 0] if advance else [0, *payments]
    dues[-1] += target
    return present_value_minor(dues, rate, 0), payments, rate, target, advance


def _alone(
    segment: tuple[int, list[int], Fraction, int, bool],
) -> tuple[list[int], list[int]]:
    opening, payments, rate, target, advance = segment
    numerators = [rate.numerator] * len(payments)
    return accrue_segment(opening, payments, numerators, rate.denominator, target, advance=advance)


@law
@given(segments())
def test_a_segment_ends_at_its_target_and_interest_is_what_is_paid_beyond_the_opening(segment):
    opening, payments, _, target, _ = segment
    interest, closing = _alone(segment)
    assert closing[-1] == target
    assert sum(interest) == sum(payments) + target - opening


@law
@given(segments())
def test_interest_before_the_last_row_is_the_exact_interest_rounded(segment):
    opening, payments, rate, _, advance = segment
    interest, closing = _alone(segment)
    before = [opening, *closing]
    for row in range(len(payments) - 1):
        bearing = before[row] - (payments[row] if advance else 0)
        assert interest[row] == round(bearing * rate)
        assert closing[row] == before[row] - payments[row] + interest[row]


@pytest.mark.parametrize("advance", [False, True])
@pytest.mark.parametrize("denominator", [2, 3, 4, 5, 8, 40])
def test_interest_that_is_half_a_unit_is_rounded_to_even_whatever_is_owed(denominator, advance):
    for owed in range(-60, 60):
        payments = [0, 1, 1, -2, 0, 0]
        interest, closing = accrue_segment(
            owed, payments, [1] * 6, denominator, 0, advance=advance, handed_over=True
        )
        before = owed
        for row in range(5):
            bearing = before - (payments[row] if advance else 0)
            assert interest[row] == round(Fraction(bearing, denominator))
            before = closing[row]


@law
@given(st.lists(segments(), min_size=1, max_size=5))
def test_segments_measured_together_are_those_measured_alone(many):
    counts = [len(payments) for _, payments, _, _, _ in many]
    first_row = [sum(counts[:k]) for k in range(len(counts))]
    rows = sum(counts)
    interest, closing, true_up = [0] * rows, [0] * rows, [0] * len(many)
    accrue(
        first_row,
        counts,
        [int(advance) for *_, advance in many],
        [opening for opening, *_ in many],
        [target for *_, target, _ in many],
        [rate.denominator for _, _, rate, _, _ in many],
        [rate.numerator for _, payments, rate, _, _ in many for _ in payments],
        [payment for _, payments, *_ in many for payment in payments],
        interest,
        closing,
        true_up,
    )
    alone = [_alone(segment) for segment in many]
    assert interest == [amount for one, _ in alone for amount in one]
    assert closing == [amount for _, one in alone for amount in one]


def test_rates_may_differ_from_row_to_row():
    # Day counts 31 and 28 over 360 at 3.6 %: 36 * days / 360000.
    interest, closing = accrue_segment(
        100_000, [0, 100_590], [36 * 31, 36 * 28], 360_000, 0, advance=False
    )
    assert interest == [310, 280]
    assert closing == [100_310, 0]


@law
@given(st.integers(0, 10**14), st.integers(1, 360))
def test_the_bound_is_the_closed_formula_of_a_level_rate(numerator, count):
    rate = Fraction(numerator, 10**15)
    growth = (1 + rate) ** count
    compounded = (growth - 1) / (2 * rate) if rate else Fraction(count, 2)
    exact = compounded + growth / 2 + 1
    # The bound is computed in fixed point and may be one unit stricter just above a whole number.
    assert exact - 1 - Fraction(1, 10**6) < true_up_bound([numerator] * count, 10**15) <= exact


def test_an_opening_balance_that_is_no_present_value_is_refused_with_both_numbers():
    with pytest.raises(TrueUpExceeded) as caught:
        accrue_segment(1_000, [600, 600], [0, 0], 1, 0, advance=False)
    assert (caught.value.true_up_minor, caught.value.bound_minor) == (200, 2)


def test_amounts_and_rates_outside_the_domain_are_refused():
    check_domain([AMOUNT_LIMIT], DENOMINATOR_LIMIT - 1)
    with pytest.raises(OutsideDomain, match="amounts"):
        check_domain([AMOUNT_LIMIT, -1], 1)
    with pytest.raises(OutsideDomain, match="denominator"):
        check_domain([1], DENOMINATOR_LIMIT)


@pytest.mark.parametrize("whole", range(1, 13))
def test_level_parts_are_the_cumulative_amount_rounded_half_to_even_from_any_part_on(whole):
    for total in range(-40, 41):
        reached = [divide_half_even(total * k, whole) for k in range(whole + 1)]
        for gone in range(whole + 1):
            part = [7] * (whole - gone + 2)
            given = level_rows(0, len(part), total, gone, whole, part)
            exact = [reached[k + 1] - reached[k] for k in range(gone, whole)]
            assert (part, given) == ([*exact, 0, 0], total - reached[gone])


@law
@given(st.data(), st.integers(-AMOUNT_LIMIT, AMOUNT_LIMIT))
def test_level_parts_are_exact_whether_there_are_few_of_them_or_many(data, total):
    whole = data.draw(st.one_of(st.integers(1, 1200), st.integers(2**15 - 3, 2**15 + 3)))
    gone = data.draw(st.integers(0, whole))
    part = [7] * data.draw(st.integers(0, 30))
    given = level_rows(0, len(part), total, gone, whole, part)
    ends = [divide_half_even(total * min(gone + k, whole), whole) for k in range(len(part) + 1)]
    assert (part, given) == ([after - before for before, after in pairwise(ends)], sum(part))


@law
@given(
    st.integers(-AMOUNT_LIMIT, AMOUNT_LIMIT), st.integers(1, 400), st.integers(0, 400),
    st.sampled_from([-4, -1, 0, 1, 4]),
)  # fmt: skip
def test_an_amount_is_scaled_exactly_by_a_ratio_that_is_four_roundings_off(
    amount, denominator, part, off
):
    numerator = min(part, denominator)
    factor = numerator / denominator * (1 + off * 2.0**-53)
    exact = divide_half_even(amount * numerator, denominator)
    assert scale_by(amount, numerator, denominator, factor) == exact
    tie = amount - amount % 2 + 1
    assert scale_by(tie, 1, 2, 0.5 * (1 + off * 2.0**-53)) == divide_half_even(tie, 2)
