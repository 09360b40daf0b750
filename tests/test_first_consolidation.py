from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.consolidation.first_consolidation import (
    FirstAmounts,
    first_amounts,
    noncontrolling_share,
    position,
)
from leasebook.consolidation.unrealised_profit import consolidated_cost_of_sales
from leasebook.measure.supply import profit_share

OWNED = Fraction(4, 5)


def test_a_proportionate_interest_of_outsiders_and_an_impairment_that_is_the_parents():
    # Kaplan, CIMA F1 Integrated Workbook 2018, page 339: 596 and 222
    outside = noncontrolling_share(1030, OWNED)
    first = first_amounts(
        "business-combination", consideration=1540, net_assets=1030, noncontrolling=outside
    )
    assert (outside, first.goodwill, first.gain) == (206, 716, 0)
    found = position(
        first,
        ownership=OWNED,
        net_assets_now=1110,
        goodwill_impairment=120,
        parent_retained_earnings=3000,
    )
    assert (found.goodwill, found.noncontrolling_interest) == (596, 222)
    assert found.retained_earnings == 2944


def test_outsiders_at_fair_value_bear_their_part_of_an_impairment():
    first = first_amounts(
        "business-combination", consideration=1540, net_assets=1030, noncontrolling=250
    )
    found = position(
        first,
        ownership=OWNED,
        net_assets_now=1110,
        goodwill_impairment=120,
        impairment_is_shared=True,
        parent_retained_earnings=3000,
    )
    assert first.goodwill == 760
    assert found.noncontrolling_interest == 250 + 16 - 24
    assert found.retained_earnings == 3000 + 64 - 96


def test_a_vehicle_that_is_a_business_has_goodwill_and_a_gain_on_what_was_held_before():
    # Cambridge Business Publishers, initial consolidation of a VIE that is a business
    first = first_amounts(
        "business-combination",
        consideration=180_000,
        net_assets=570_000,
        noncontrolling=330_000,
        previous_carrying=45_000,
        previous_fair_value=90_000,
    )
    assert (first.goodwill, first.gain) == (30_000, 45_000)


def test_a_vehicle_that_is_no_business_has_a_loss_and_no_goodwill():
    # the same textbook, a VIE that is not a business: what was held enters at 20,000
    first = first_amounts(
        "gain-or-loss",
        consideration=150_000,
        net_assets=450_000,
        noncontrolling=300_000,
        previous_carrying=20_000,
        previous_fair_value=50_000,
    )
    assert (first.goodwill, first.gain, first.noncontrolling) == (0, -20_000, 300_000)


def test_a_bargain_is_a_gain():
    first = first_amounts(
        "business-combination", consideration=700, net_assets=1000, noncontrolling=200
    )
    assert (first.goodwill, first.gain) == (0, 100)
    assert position(first, ownership=OWNED, parent_retained_earnings=500).retained_earnings == 600


def test_assets_that_are_no_business_come_in_at_cost():
    assert first_amounts(
        "cost-allocated", consideration=700, net_assets=1000, noncontrolling=200
    ) == FirstAmounts(900, 200)


def test_between_sisters_the_difference_is_equity():
    assert first_amounts(
        "carry-over", consideration=700, net_assets=1000, noncontrolling=200
    ) == FirstAmounts(1000, 200, equity=100)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["business-combination", "gain-or-loss", "cost-allocated", "carry-over"]),
    *[st.integers(0, 10**9) for _ in range(5)],
)
def test_what_is_given_up_and_left_to_outsiders_is_what_comes_in(how, paid, net, out, held, worth):
    first = first_amounts(
        how,
        consideration=paid,
        net_assets=net,
        noncontrolling=out,
        previous_carrying=held,
        previous_fair_value=worth,
    )
    came_in = first.net_assets + first.goodwill
    assert came_in == paid + held + first.noncontrolling + first.gain + first.equity
    assert first.goodwill >= 0


def test_there_is_no_other_treatment():
    with pytest.raises(ValueError, match="no treatment"):
        first_amounts("pooling", consideration=0, net_assets=0, noncontrolling=0)


def test_cost_of_sales_of_a_group_holds_the_profit_not_made():
    # Kaplan, CIMA F1, page 355: 12 of profit, 558 of cost of sales
    goods = [(Fraction(84), Fraction(12))]
    assert consolidated_cost_of_sales([Fraction(420), Fraction(210)], goods) == 558


def test_a_quarter_on_cost_is_a_fifth_of_the_price_and_a_quarter_on_price_a_quarter():
    quarter = Fraction(1, 4)
    assert profit_share(markup_on_cost=quarter) == Fraction(1, 5)
    assert profit_share(margin_on_price=quarter) == Fraction(1, 4)


def test_a_profit_is_said_in_one_way():
    with pytest.raises(ValueError, match="one of"):
        profit_share(markup_on_cost=Fraction(1), margin_on_price=Fraction(1))
