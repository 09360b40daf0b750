from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import (
    lessee_finance,
    lessee_ifrs,
    lessee_operating,
    lessor_direct_financing,
    lessor_finance_ifrs,
    lessor_operating,
    lessor_sales_type,
)

from leasebook.measure.financing import financing_obligation
from leasebook.measure.lease_periods import dated_periods
from leasebook.measure.lease_segment import LeaseSegment, Timing
from leasebook.measure.net_investment import LeasedAsset
from leasebook.measure.schedule import Schedule
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.rates import periodic_rate
from leasebook.reckoning.rounding import spread_evenly

# A busy machine is no reason to fail, so there is no deadline.
law = settings(max_examples=60, deadline=None)

LESSEE = (lessee_operating, lessee_finance, lessee_ifrs)
LESSOR = (lessor_sales_type, lessor_direct_financing, lessor_finance_ifrs)
TENTH = Fraction(1, 10)


def _terms(
    payments: Sequence[int],
    rate: Fraction = TENTH,
    timing: Timing = "arrears",
    start: date = date(2029, 1, 1),
    months: int = 12,
    **more: int,
) -> LeaseSegment:
    return LeaseSegment(
        start, len(payments), months, timing, tuple(payments), rate, "as stated", **more
    )


@st.composite
def leases(draw):
    """A lease of one epoch, with costs, incentives and a residual payment."""
    count = draw(st.integers(1, 24))
    return _terms(
        draw(st.lists(st.integers(1, 10**9), min_size=count, max_size=count)),
        Fraction(draw(st.integers(0, 10**14)), 10**15),
        draw(st.sampled_from(["advance", "arrears"])),
        draw(st.dates(date(2020, 1, 1), date(2030, 12, 31))),
        draw(st.sampled_from([1, 3, 12])),
        residual_payment=draw(st.integers(0, 10**9)),
        initial_direct_costs=draw(st.integers(0, 10**6)),
        incentives=draw(st.integers(0, 10**5)),
        prepaid=draw(st.integers(0, 10**6)),
    )


@st.composite
def remeasured_leases(draw):
    """A lease that is cut once and goes on at other payments and another rate."""
    first = draw(leases().filter(lambda terms: terms.periods > 1))
    live = draw(st.integers(1, first.periods - 1))
    factor = draw(st.integers(100, 300))
    following = attrs.evolve(
        first,
        start=add_months(first.start, live * first.months),
        periods=first.periods - live,
        payments=tuple(p * factor // 100 for p in first.payments[live:]),
        rate=Fraction(draw(st.integers(0, 10**14)), 10**15),
        live_periods=first.periods - live,
        initial_direct_costs=0,
        incentives=0,
        prepaid=0,
    )
    return [attrs.evolve(first, live_periods=live), following]


def _cost(schedule: Schedule) -> int:
    if schedule.name == "lessee-operating":
        return schedule.total("cost") - schedule.total("gain")
    return schedule.total("interest") + schedule.total("amortisation") - schedule.total("gain")


def _outlay(schedule: Schedule) -> int:
    flows = ("payment", "initial_direct_costs", "prepaid")
    return sum(schedule.total(flow) for flow in flows) - schedule.total("incentives")


def _flows_by_date(schedule: Schedule, columns: tuple[str, ...]) -> dict[date, tuple[int, ...]]:
    return {
        row.date: tuple(row.amounts[schedule.columns.index(column)] for column in columns)
        for row in schedule.rows
    }


def _posted(schedule: Schedule) -> dict[date, tuple[int, ...]]:
    flows = tuple(column for column in schedule.columns if column not in schedule.balances)
    return {day: row for day, row in _flows_by_date(schedule, flows).items() if any(row)}


@law
@given(st.one_of(leases().map(lambda terms: [terms]), remeasured_leases()))
def test_a_lease_ends_at_zero_and_costs_what_is_paid_under_every_classification(segments):
    for measure in LESSEE:
        schedule = measure("c", "lessee", "lessor", segments)
        last = schedule.rows[-1].date
        assert schedule.balance("liability", last) == 0
        assert schedule.balance("rou", last) == 0
        assert _cost(schedule) == _outlay(schedule)


@law
@given(leases().filter(lambda terms: terms.periods > 1), st.data())
def test_an_amendment_that_changes_no_term_posts_nothing(terms, data):
    live = data.draw(st.integers(1, terms.periods - 1))
    rest = attrs.evolve(
        terms,
        start=add_months(terms.start, live * terms.months),
        periods=terms.periods - live,
        payments=terms.payments[live:],
        live_periods=terms.periods - live,
        initial_direct_costs=0,
        incentives=0,
        prepaid=0,
    )
    parted = [attrs.evolve(terms, live_periods=live), rest]
    for measure in (*LESSEE, lessor_operating):
        assert _posted(measure("c", "a", "b", parted)) == _posted(measure("c", "a", "b", [terms]))
    asset = LeasedAsset(10**9, 9 * 10**8, terms.residual_payment, 10**8, rate_given=True)
    for seller in (lessor_sales_type, lessor_finance_ifrs):
        changed = seller("c", "a", "b", parted, asset)
        assert _posted(changed) == _posted(seller("c", "a", "b", [terms], asset))


@law
@given(st.integers(10**6, 10**9), st.integers(2, 40), st.integers(10**12, 5 * 10**13))
def test_a_finance_lease_costs_more_than_a_level_one_in_its_first_half(payment, count, rate):
    terms = _terms([payment] * count, Fraction(rate, 10**15))
    half = add_months(terms.start, 12 * (count // 2)) - timedelta(days=1)
    level = lessee_operating("c", "lessee", "lessor", [terms])
    finance = lessee_finance("c", "lessee", "lessor", [terms])
    front = sum(finance.total(column, last=half) for column in ("interest", "amortisation"))
    assert front > level.total("cost", last=half)


@law
@given(leases())
def test_a_published_month_end_changes_no_total_of_a_period(terms):
    schedule = lessee_operating("c", "lessee", "lessor", [terms])
    costs = spread_evenly(_outlay(schedule), terms.periods)
    for k, cost in enumerate(costs):
        first = add_months(terms.start, k * terms.months)
        last = add_months(terms.start, (k + 1) * terms.months) - timedelta(days=1)
        assert schedule.total("cost", first, last) == cost


def test_the_liability_at_a_year_end_has_accrued_to_the_next_payment():
    terms = _terms([100_000] * 24, Fraction(1, 200), "advance", months=1)
    schedule = lessee_operating("c", "lessee", "lessor", [terms])
    again = _terms([100_000] * 12, Fraction(1, 200), "advance", months=1)
    assert abs(schedule.balance("liability", date(2029, 12, 31)) - again.present_value()) <= 6
    assert [row.date for row in schedule.rows[:3]] == [
        date(2029, 1, 1),
        date(2029, 1, 31),
        date(2029, 2, 1),
    ]
    assert schedule.balance("liability", date(2028, 12, 31)) == 0


def test_interest_inside_a_quarter_is_allocated_by_days_of_use():
    terms = _terms([900_000], Fraction(9, 91), "arrears", date(2029, 4, 1), 3)
    schedule = lessee_finance("c", "lessee", "lessor", [terms])
    whole = schedule.total("interest")
    assert [row.date for row in schedule.rows[1:]] == [
        date(2029, 4, 30),
        date(2029, 5, 31),
        date(2029, 6, 30),
    ]
    assert schedule.column("interest")[1:] == [
        round(Fraction(whole * 30, 91)),
        round(Fraction(whole * 61, 91)) - round(Fraction(whole * 30, 91)),
        whole - round(Fraction(whole * 61, 91)),
    ]


def test_ten_payments_of_fifty_thousand_in_advance_at_five_per_cent_as_published():
    # IFRS 16 illustrative example 13, published in whole units; here in hundredths.
    fifty = 5_000_000
    costs = {"initial_direct_costs": 2_000_000, "incentives": 500_000}
    first = _terms([fifty] * 10, Fraction(1, 20), "advance", live_periods=6, **costs)
    payments = [fifty] * 4 + [5_500_000] * 5
    after = _terms(payments, Fraction(3, 50), "advance", date(2035, 1, 1))
    schedule = lessee_ifrs("c", "lessee", "lessor", [first, after])
    assert round(schedule.balance("liability", date(2029, 1, 1)), -2) == 35_539_100
    assert round(schedule.balance("rou", date(2029, 1, 1)), -2) == 42_039_100
    assert round(after.present_value(), -2) == 37_817_400
    moved = schedule.total("remeasurement")
    assert schedule.balance("liability", date(2034, 12, 31)) + moved == after.present_value()
    assert schedule.rows[-1].date == date(2043, 12, 31)


def test_a_remeasurement_moves_liability_and_asset_alike():
    first = _terms([1_000_000] * 4, live_periods=2)
    after = _terms([1_500_000] * 2, Fraction(1, 20), start=date(2031, 1, 1))
    schedule = lessee_operating("c", "lessee", "lessor", [first, after])
    moved = after.present_value() - schedule.balance("liability", date(2030, 12, 31))
    at = date(2031, 1, 1)
    assert schedule.total("remeasurement", at, at) == moved
    assert schedule.balance("rou", at) - schedule.balance("rou", date(2030, 12, 31)) == moved
    assert schedule.total("initial") == first.present_value()
    assert [row.epoch for row in schedule.rows if row.period == 0] == [1, 2]


def test_an_asset_is_not_taken_below_zero_and_the_excess_is_a_gain():
    first = _terms([1_000_000] * 4, live_periods=3, incentives=2_500_000)
    after = _terms([1_000], start=date(2032, 1, 1))
    schedule = lessee_ifrs("c", "lessee", "lessor", [first, after])
    at = date(2032, 1, 1)
    before = schedule.balance("rou", date(2031, 12, 31))
    assert schedule.balance("rou", at) == 0
    assert schedule.total("gain") == -(before + schedule.total("remeasurement", at, at)) > 0


def test_a_lease_taken_again_after_its_end_is_recognised_anew():
    segments = [_terms([500] * 2), _terms([700] * 2, start=date(2031, 1, 1))]
    schedule = lessee_operating("c", "lessee", "lessor", segments)
    assert schedule.total("initial") == sum(terms.present_value() for terms in segments)
    assert schedule.total("remeasurement") == 0


def test_month_ends_do_not_drift_across_epochs():
    first = _terms([9] * 3, Fraction(0), start=date(2029, 1, 31), months=1, live_periods=1)
    after = _terms([9] * 2, Fraction(0), start=date(2029, 2, 28), months=1)
    schedule = lessee_operating("c", "lessee", "lessor", [first, after])
    assert schedule.rows[-1].date == date(2029, 4, 29)
    assert date(2029, 3, 30) in {row.date for row in schedule.rows}


def test_an_epoch_that_starts_off_a_period_boundary_is_refused():
    first = _terms([9] * 3, live_periods=1)
    with pytest.raises(ValueError, match="epoch 2 starts"):
        lessee_operating("c", "lessee", "lessor", [first, _terms([9], start=date(2030, 7, 1))])


def test_an_asset_amortised_over_its_life_is_left_at_the_end_of_the_lease():
    terms = _terms([1_000_000] * 2, amortised_over=8)
    schedule = lessee_finance("c", "lessee", "lessor", [terms])
    left = schedule.balance("rou", date(2030, 12, 31))
    assert left == terms.present_value() - sum(spread_evenly(terms.present_value(), 8)[:2])


def test_terms_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="payments for"):
        LeaseSegment(date(2029, 1, 1), 3, 1, "advance", (1, 2), TENTH, "")
    with pytest.raises(ValueError, match="live periods"):
        _terms([1, 2], live_periods=3)
    with pytest.raises(ValueError, match="at least one"):
        _terms([])
    with pytest.raises(ValueError, match="above -1"):
        _terms([1], Fraction(-1))


@law
@given(st.one_of(leases().map(lambda terms: [terms]), remeasured_leases()))
def test_lessor_and_lessee_show_the_same_cash_on_every_date(segments):
    lessee = lessee_operating("c", "lessee", "lessor", segments)
    lessor = lessor_operating("c", "lessor", "lessee", segments, 1_000)
    cash = ("payment", "prepaid", "incentives")
    assert _flows_by_date(lessee, cash) == _flows_by_date(lessor, cash)
    last = lessor.rows[-1].date
    assert lessor.balance("deferred_rent", last) == 0
    assert lessor.balance("unamortised_direct_costs", last) == 0


@law
@given(leases(), st.sampled_from((lessor_sales_type, lessor_finance_ifrs)))
def test_a_net_investment_collects_what_the_lessee_pays(terms, measure):
    asset = LeasedAsset(10**9, 8 * 10**8, terms.residual_payment, 10**8, rate_given=True)
    cash = ("payment", "prepaid", "incentives")
    lessor = measure("c", "lessor", "lessee", [terms], asset)
    lessee = lessee_ifrs("c", "lessee", "lessor", [terms])
    assert _flows_by_date(lessor, cash) == _flows_by_date(lessee, cash)


@st.composite
def leased_assets(draw):
    """A lease and an asset so worth that the implicit rate lies below 100 % a period."""
    terms = attrs.evolve(draw(leases()), residual_payment=0)
    guaranteed, free = draw(st.integers(0, 10**8)), draw(st.integers(0, 10**8))
    later = sum(terms.payments[1:]) + guaranteed + free
    fair_value = terms.payments[0] + terms.prepaid + later // 2 + 1
    carrying = fair_value * draw(st.integers(50, 120)) // 100
    costs = draw(st.integers(0, 10**6))
    return terms, LeasedAsset(fair_value, carrying, guaranteed, free, costs)


@law
@given(leased_assets(), st.sampled_from((lessor_sales_type, lessor_finance_ifrs)))
def test_a_net_investment_balances_on_day_one_and_ends_at_zero(leased, measure):
    terms, asset = leased
    schedule = measure("c", "lessor", "lessee", [terms], asset)
    _check_net_investment(terms, asset, schedule)


def _check_net_investment(terms: LeaseSegment, asset: LeasedAsset, schedule: Schedule) -> None:
    gets = ("initial_receivable", "initial_residual", "prepaid", "initial_direct_costs_expensed")
    gives = (
        "asset_derecognised",
        "selling_profit",
        "deferred_profit",
        "initial_direct_costs",
        "incentives",
    )
    assert sum(map(schedule.total, gets)) == sum(map(schedule.total, gives))
    last = schedule.rows[-1].date
    for balance in ("receivable", "residual", "deferred_profit_remaining", "net_investment"):
        assert schedule.balance(balance, last) == 0
    earned = ("interest", "residual_accretion", "deferred_profit_released")
    income = sum(map(schedule.total, earned)) + schedule.total("selling_profit")
    costs = asset.carrying_amount + schedule.total("initial_direct_costs")
    costs -= schedule.total("initial_direct_costs_expensed")
    received = schedule.total("payment") + terms.prepaid - terms.incentives
    assert income == received + asset.whole_residual - costs


@law
@given(st.integers(1, 24), st.integers(0, 30), st.integers(0, 10**7))
def test_a_direct_financing_investment_balances_and_releases_all_its_profit(count, profit, free):
    terms = _terms([10**8] * count)
    fair_value = terms.present_value()
    asset = LeasedAsset(fair_value, fair_value * (100 - profit) // 100, 0, free, 10**5)
    schedule = lessor_direct_financing("c", "lessor", "lessee", [terms], asset)
    _check_net_investment(terms, asset, schedule)


def test_a_lease_at_fair_value_with_profit_is_worth_the_fair_value_to_a_seller():
    asset = LeasedAsset(3_000_000, 2_400_000, 100_000, 300_000, 50_000)
    terms = _terms([700_000] * 5)
    sale = lessor_sales_type("c", "lessor", "lessee", [terms], asset)
    start = terms.start
    assert sale.balance("net_investment", start) == 3_000_000
    assert sale.total("selling_profit") == 600_000
    assert sale.total("initial_direct_costs_expensed") == 50_000
    deferred = lessor_direct_financing("c", "lessor", "lessee", [terms], asset)
    assert deferred.balance("net_investment", start) == 2_450_000
    assert deferred.total("deferred_profit_released") == 600_000
    assert deferred.total("initial_direct_costs_expensed") == 0
    dealer = lessor_finance_ifrs("c", "lessor", "lessee", [terms], asset)
    assert dealer.total("initial_direct_costs_expensed") == 50_000
    assert dealer.rates == sale.rates != deferred.rates


def test_a_loss_on_a_direct_financing_lease_is_taken_at_once():
    asset = LeasedAsset(2_000_000, 2_400_000)
    schedule = lessor_direct_financing("c", "lessor", "lessee", [_terms([700_000] * 5)], asset)
    assert schedule.total("selling_profit") == -400_000
    assert schedule.total("deferred_profit") == 0


def test_a_changed_lease_keeps_the_lessors_net_investment():
    first = _terms([700_000] * 5, live_periods=2)
    after = _terms([600_000] * 4, start=date(2031, 1, 1))
    asset = LeasedAsset(2_400_000, 2_400_000, unguaranteed_residual=100_000)
    schedule = lessor_sales_type("c", "lessor", "lessee", [first, after], asset)
    before = schedule.balance("net_investment", date(2030, 12, 31))
    assert schedule.balance("net_investment", date(2031, 1, 1)) == before
    assert schedule.total("selling_profit") == 0


def test_a_net_investment_that_the_new_terms_cannot_repay_is_written_down():
    first = _terms([700_000] * 5, live_periods=2)
    after = _terms([100_000] * 4, start=date(2031, 1, 1))
    asset = LeasedAsset(2_400_000, 2_400_000, unguaranteed_residual=100_000)
    schedule = lessor_sales_type("c", "lessor", "lessee", [first, after], asset)
    before = schedule.balance("net_investment", date(2030, 12, 31))
    assert schedule.total("modification_gain") == 500_000 - before
    assert schedule.balance("net_investment", date(2031, 1, 1)) == 500_000
    assert schedule.total("interest", date(2031, 1, 1)) == 0


def test_a_given_rate_is_used_instead_of_the_implicit_one():
    asset = LeasedAsset(2_000_000, 2_000_000, rate_given=True)
    terms = _terms([700_000] * 5)
    schedule = lessor_sales_type("c", "lessor", "lessee", [terms], asset)
    assert schedule.total("initial_receivable") == terms.present_value()


def _financed(rate: Fraction, payments: list[int], carrying: int) -> Schedule:
    terms = _terms(payments, rate)
    return financing_obligation(
        "c", "seller", "buyer", [(date(2028, 6, 30), 1_000_000)], [terms], lambda _: carrying
    )


def test_a_financing_rate_within_both_limits_is_left_alone():
    schedule = _financed(Fraction(1, 20), [100_000] * 3, 0)
    assert schedule.total("interest") == 50_000 + 47_500 + 44_875
    assert schedule.rates == ("epoch 1: as stated",)
    assert schedule.balance("obligation", date(2031, 12, 31)) == 842_375


def test_a_financing_rate_is_lowered_until_the_obligation_does_not_grow():
    schedule = _financed(Fraction(1, 5), [100_000] * 3, 0)
    assert schedule.balance("obligation", date(2031, 12, 31)) == 1_000_000
    assert schedule.rates == (
        "epoch 1: 0.1 a period, lowered so that the obligation does not grow",
    )


def test_a_financing_rate_is_raised_until_no_loss_is_built_in():
    schedule = _financed(Fraction(1, 100), [100_000] * 3, 900_000)
    assert schedule.balance("obligation", date(2031, 12, 31)) == 900_000
    assert "raised so that it ends" in schedule.rates[0]


def test_interest_never_exceeds_payments_even_below_the_carrying_amount():
    schedule = _financed(Fraction(1, 100), [100_000] * 3, 2_000_000)
    assert schedule.total("interest") == schedule.total("payment")


def test_money_received_before_the_leaseback_bears_no_interest():
    schedule = _financed(Fraction(1, 20), [100_000] * 3, 0)
    assert schedule.total("interest", last=date(2028, 12, 31)) == 0
    assert schedule.balance("obligation", date(2028, 12, 31)) == 1_000_000


def test_money_received_during_the_leaseback_is_refused():
    with pytest.raises(ValueError, match="after the leaseback starts"):
        financing_obligation("c", "s", "b", [(date(2029, 6, 30), 1)], [_terms([1])], lambda _: 0)


def test_the_campus_lease_of_four_years_at_five_and_a_half_per_cent():
    rate = periodic_rate(Decimal("0.055"), "effective-annual", 1)
    rent = spread_evenly(1_231_000_000_000, 48)
    terms = _terms(rent, rate, "advance", months=1)
    schedule = lessee_operating("lease", "meta", "venture", [terms])
    assert terms.present_value() == 1_110_583_657_924
    assert schedule.balance("liability", date(2029, 12, 31)) == 854_822_366_003
    assert schedule.total("cost", date(2030, 1, 1), date(2030, 12, 31)) == 307_750_000_000


@pytest.mark.parametrize(("anchor", "second"), [(date(2028, 1, 31), 31), (None, 29)])
def test_periods_step_from_the_day_a_lease_is_anchored_on_also_in_a_later_class(anchor, second):
    later = LeaseSegment(
        date(2028, 2, 29), 2, 1, "advance", (100, 100), Fraction(0), "", anchor=anchor
    )
    ((_, (begins, _)),) = dated_periods([later])
    assert begins == date(2028, 3, second)
