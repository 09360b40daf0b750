"""
The equity method: losses that wait for income, and what a distribution pays out.
"""

from datetime import date
from pathlib import Path

from leasebook.contract.load import load_deal
from leasebook.measure.equity_method import equity_method, split_distribution
from leasebook.measure.schedule import Movement, assemble
from leasebook.measure.setting import Setting

HYPERION = Path(__file__).parent.parent / "fixtures" / "deals" / "meta-hyperion"
MONTHS = JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


def shares(income, capital):
    """Meta's fifth of some results, month by month: taken, and added to what waits."""
    deal = load_deal(HYPERION)
    setting = Setting(deal, "us-gaap", "renewed", {})
    made = equity_method(deal.contracts["meta-interest"], income, capital, setting)
    assert made.columns[:2] == ("share", "unrecognised")
    return [row.amounts[:2] for row in made.rows]


def schedule(balance, column, amounts):
    """One amount at each month end."""
    rows = [
        Movement(month, 1, number, {column: amount})
        for number, (month, amount) in enumerate(zip(MONTHS, amounts, strict=True), 1)
    ]
    flows = ("share",) if column == "share" else ("return_on", "return_of")
    return assemble("made up", ("d", "h", "i"), {balance: dict.fromkeys(flows, 1)}, flows, rows)


def distributed(amounts, earned, before=0):
    """Distributions at month ends, told apart as return on and return of an investment."""
    received = schedule("total", "return_of", amounts)
    share = schedule("share_to_date", "share", earned)
    return [row.amounts[:2] for row in split_distribution(received, share, before).rows]


def test_losses_stop_at_a_carrying_amount_of_zero():
    assert shares({JANUARY: -1000}, {JANUARY: 100}) == [(-100, 100)]


def test_income_first_makes_up_for_losses_that_waited():
    taken = shares({JANUARY: -1000, FEBRUARY: 300, MARCH: 2000}, {JANUARY: 100})
    assert taken == [(-100, 100), (0, -60), (360, -40)]


def test_capital_paid_in_later_takes_up_losses_that_waited():
    taken = shares({JANUARY: -1000, FEBRUARY: -100}, {JANUARY: 100, FEBRUARY: 70})
    assert taken == [(-100, 100), (-70, -50)]


def test_a_distribution_is_earnings_as_far_as_none_has_paid_them_out():
    assert distributed([60, 60, 60], [100, 0, 30]) == [(60, 0), (40, 20), (30, 30)]


def test_earnings_that_another_distribution_paid_out_are_gone():
    assert distributed([60, 60, 60], [100, 0, 30], before=30) == [(60, 0), (10, 50), (30, 30)]


def test_losses_make_every_distribution_a_return_of_the_investment():
    assert distributed([60, 60, 60], [-100, 0, 0]) == [(0, 60), (0, 60), (0, 60)]
