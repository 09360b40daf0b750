from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.measure.capital import part_of
from leasebook.measure.capitalised_interest import (
    borrowing_costs_specific,
    capitalised_interest,
)
from leasebook.measure.draws import straight_line_draws
from leasebook.measure.note import note
from leasebook.measure.note_terms import NoteSegment
from leasebook.measure.plant import depreciation
from leasebook.measure.schedule import Schedule
from leasebook.measure.securities import held_to_maturity
from leasebook.reckoning.calendar import add_months, month_end
from leasebook.reckoning.day_count import DAY_COUNTS
from leasebook.reckoning.rounding import round_half_even, spread_evenly

# A busy machine is no reason to fail, so there is no deadline.
law = settings(max_examples=60, deadline=None)

MILLION = 100_000_000
COUPON = Decimal("0.06581")
BUILT = (date(2025, 11, 1), date(2028, 12, 31))
BEIGNET = NoteSegment(
    issued=date(2025, 10, 31),
    principal=27_293_849 * MILLION // 1000,
    coupon_annual=COUPON,
    day_count="30/360",
    first_coupon=date(2026, 5, 30),
    every_months=6,
    interest_only_until=date(2029, 5, 30),
    maturity=date(2049, 5, 30),
)


def test_the_notes_of_the_holding_company_run_down_to_zero_as_published():
    schedule = note("notes", "beignet", "holders", BEIGNET)
    assert round(BEIGNET.level_payment() / Fraction(MILLION), 3) == Fraction("1236.880")
    at_first_exit = schedule.balance("principal", date(2032, 12, 31))
    assert round(at_first_exit / Fraction(MILLION), 2) == Fraction("24675.05")
    assert schedule.balance("principal", date(2049, 5, 29)) > 0
    assert schedule.balance("principal", date(2049, 5, 30)) == 0
    sixty_days = round(BEIGNET.principal * Fraction(COUPON) * 60 / 360)
    assert schedule.balance("accrued_interest", date(2025, 12, 31)) == sixty_days


def test_coupon_and_principal_together_are_level_after_the_interest_only_time():
    schedule = note("notes", "beignet", "holders", BEIGNET)
    rows = [row.date for row in schedule.rows]
    paid = {
        day: schedule.total("coupon", day, day) + schedule.total("principal_paid", day, day)
        for day in BEIGNET.coupon_dates()
    }
    level = [amount for day, amount in paid.items() if day > date(2029, 5, 30)]
    assert set(level[:-1]) == {BEIGNET.level_payment()}
    assert abs(level[-1] - BEIGNET.level_payment()) <= 40
    assert schedule.total("principal_paid", last=date(2029, 5, 30)) == 0
    assert len(rows) == len(set(rows))


def test_issuer_and_holder_show_the_same_amounts():
    issued = note("notes", "beignet", "holders", BEIGNET)
    held = note("notes", "holders", "beignet", BEIGNET, issued=False)
    assert (issued.name, held.name) == ("note-issued", "note-held")
    assert issued.rows == held.rows


@st.composite
def notes(draw):
    """A note of any convention, with or without repayment before maturity."""
    every = draw(st.sampled_from([1, 3, 6, 12]))
    count = draw(st.integers(1, 12))
    maturity = draw(st.dates(date(2030, 1, 1), date(2050, 12, 31)))
    dates = [add_months(maturity, -every * k) for k in range(count, -1, -1)]
    return NoteSegment(
        issued=dates[0],
        principal=draw(st.integers(1, 10**13)),
        coupon_annual=Decimal(draw(st.integers(0, 20_000))).scaleb(-5),
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        first_coupon=dates[1],
        every_months=every,
        interest_only_until=draw(st.sampled_from(dates)),
        maturity=maturity,
    )


@law
@given(notes())
def test_principal_repaid_is_the_principal_and_coupons_are_the_interest(terms):
    schedule = note("n", "issuer", "holder", terms)
    assert schedule.total("principal_paid") == terms.principal
    assert schedule.total("coupon") == schedule.total("interest")
    assert min(schedule.column("principal")) == 0
    for day in terms.coupon_dates():
        assert schedule.balance("accrued_interest", day) == 0
    if terms.interest_only_until == terms.maturity:
        assert schedule.total("principal_paid", terms.maturity) == terms.principal
        assert terms.level_payment() == 0


def test_coupon_dates_at_month_ends_do_not_drift():
    terms = NoteSegment(
        issued=date(2025, 8, 31),
        principal=100,
        coupon_annual=Decimal("0.05"),
        day_count="actual/actual",
        first_coupon=date(2026, 2, 28),
        every_months=6,
        interest_only_until=date(2027, 8, 31),
        maturity=date(2027, 8, 31),
    )
    assert terms.coupon_dates() == [
        date(2026, 2, 28),
        date(2026, 8, 31),
        date(2027, 2, 28),
        date(2027, 8, 31),
    ]


def test_a_first_coupon_that_the_maturity_does_not_meet_is_refused():
    with pytest.raises(ValueError, match="do not meet the first coupon"):
        NoteSegment(
            issued=date(2025, 10, 31),
            principal=100,
            coupon_annual=COUPON,
            day_count="30/360",
            first_coupon=date(2026, 4, 30),
            every_months=6,
            interest_only_until=date(2049, 5, 30),
            maturity=date(2049, 5, 30),
        )


@law
@given(st.integers(0, 10**14), st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_draws_sum_to_their_total_with_one_at_each_month_end_and_none_after_the_last_day(
    total, first, months
):
    last = add_months(first, months)
    draws = straight_line_draws(total, first, last)
    assert sum(amount for _, amount in draws) == total
    ends = [month_end(add_months(first.replace(day=1), k)) for k in range(months)]
    assert [day for day, _ in draws] == [*ends, last]


def test_interest_is_capitalised_on_average_expenditures_as_worked_out_by_hand():
    draws = straight_line_draws(2_448_750 * MILLION // 100, *BUILT)
    months = [day for day, _ in draws]
    rate = Fraction(COUPON) / 12
    incurred = [round_half_even(BEIGNET.principal * rate)] * len(months)
    amounts = [
        amount
        for _, amount in capitalised_interest(
            months, 4_300 * MILLION, [spent for _, spent in draws], rate, incurred
        )
    ]
    assert len(amounts) == 38
    assert round(sum(amounts) / Fraction(MILLION), 2) == Fraction("3635.12")
    assert round(sum(amounts[:2]) / Fraction(MILLION), 1) == Fraction("54.4")


@law
@given(
    st.integers(0, 10**12),
    st.lists(st.tuples(st.integers(0, 10**11), st.integers(0, 10**9)), min_size=1, max_size=24),
)
def test_capitalised_interest_never_exceeds_what_is_incurred(opening, by_month):
    months = [month_end(add_months(date(2026, 1, 1), k)) for k in range(len(by_month))]
    spent = [one for one, _ in by_month]
    incurred = [cap for _, cap in by_month]
    capitalised = capitalised_interest(months, opening, spent, Fraction(1, 200), incurred)
    for (_, amount), cap in zip(capitalised, incurred, strict=True):
        assert 0 <= amount <= cap


def test_a_specific_borrowing_is_capitalised_less_its_temporary_income():
    months = [day for day, _ in straight_line_draws(0, *BUILT)]
    incurred = spread_evenly(5_688 * MILLION, 38)
    income = spread_evenly(1_160 * MILLION, 38)
    capitalised = borrowing_costs_specific(months, incurred, income)
    assert sum(amount for _, amount in capitalised) == 4_528 * MILLION


def _treasuries() -> Schedule:
    schedule = note("notes", "beignet", "holders", BEIGNET)
    calls = straight_line_draws(16_030 * MILLION, *BUILT)
    coupons = [
        (day, -schedule.total("coupon", day, day))
        for day in BEIGNET.coupon_dates()
        if day <= BUILT[1]
    ]
    flows = [(day, -amount) for day, amount in calls] + coupons
    flows.append((BUILT[1], 2_450 * MILLION))
    bought = (date(2025, 10, 31), 20_293_849 * MILLION // 1000)
    return held_to_maturity("t", "beignet", "treasury", bought, flows, 1_160 * MILLION, BUILT[1])


def test_treasuries_earn_the_stated_income_and_are_redeemed_in_full():
    schedule = _treasuries()
    assert schedule.total("income") == 1_160 * MILLION
    assert schedule.balance("carrying_amount", BUILT[1]) == 0
    assert schedule.rates[0].startswith("yield 0.0028144")
    assert schedule.total("income_received") == 1_160 * MILLION
    assert schedule.total("redeemed") == schedule.total("purchased")
    assert schedule.column("purchased")[-1] == 0
    assert min(schedule.column("carrying_amount")) == 0


def test_the_last_months_income_is_the_yield_within_rounding():
    schedule = _treasuries()
    opening = schedule.balance("carrying_amount", date(2028, 11, 30))
    yielded = opening * Fraction(schedule.rates[0].split()[1])
    assert abs(schedule.column("income")[-1] - yielded) <= 40


def test_a_flow_outside_the_time_of_the_investment_is_refused():
    with pytest.raises(ValueError, match="lies outside"):
        held_to_maturity(
            "t", "a", "b", (date(2028, 12, 31), 9), [(date(2028, 12, 31), -1)], 1, date(2029, 1, 31)
        )


@law
@given(
    st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20),
    st.lists(st.integers(1, 100), min_size=1, max_size=5),
)
def test_the_holders_parts_sum_to_the_income_at_every_date(cumulative, weights):
    upto = [Fraction(sum(weights[:k]), sum(weights)) for k in range(len(weights) + 1)]
    bounds = list(pairwise(upto))
    for total in cumulative:
        parts = [part_of(total, bound) for bound in bounds]
        assert sum(parts) == total
        for part, (lower, upper) in zip(parts, bounds, strict=True):
            assert abs(part - total * (upper - lower)) <= 1


@law
@given(
    st.integers(0, 10**13),
    st.integers(0, 10**6),
    st.dates(date(2028, 1, 1), date(2030, 12, 31)),
    st.integers(1, 60),
)
def test_plant_is_depreciated_to_its_residual(cost, residual, in_service, life):
    until = date(2040, 12, 31)
    amounts = depreciation([(in_service, cost)], in_service, life, residual, until)
    assert sum(amount for _, amount in amounts) == cost - residual
    assert all(day == month_end(day) for day, _ in amounts)


def test_later_cost_is_depreciated_over_the_life_that_is_left():
    layers = [(date(2028, 12, 31), 1_200), (date(2029, 7, 1), 600)]
    amounts = depreciation(layers, date(2029, 1, 1), 12, 0, date(2029, 11, 30))
    assert [amount for _, amount in amounts] == [100] * 6 + [200] * 5


def test_cost_after_the_end_of_life_is_refused():
    with pytest.raises(ValueError, match="into a life of 12"):
        depreciation([(date(2030, 1, 1), 5)], date(2029, 1, 1), 12, 0, date(2030, 12, 31))
