from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.contract.credit import Exposure, LossEstimate
from leasebook.contract.figure import Figure
from leasebook.facts.fact import Fact, Subject, Table, Unknown
from leasebook.measure.credit_facts import expected_losses
from leasebook.measure.credit_loss import (
    by_day,
    carried,
    exposure_buckets,
    exposure_schedules,
)
from leasebook.measure.expected_losses import Outcome, variability
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.note import note
from leasebook.measure.note_terms import NoteSegment
from leasebook.measure.schedule import Movement, assemble
from leasebook.measure.setting import Setting
from leasebook.values.money import Currency

DAY = date(2026, 12, 31)
IFRS = Setting(SimpleNamespace(currency=Currency.of("USD")), "ifrs", "", {})
US = Setting(SimpleNamespace(currency=Currency.of("USD")), "us-gaap", "", {})


def money(value):
    return Figure(Decimal(value), assumption="of the example")


def estimate(name, gross, day=DAY, **how):
    known = {key: money(value) for key, value in how.items()}
    amount = None if gross is None else money(gross)
    return LossEstimate(Figure(day, assumption="of the example"), name, amount, **known)


def exposure(*estimates, covers=None):
    return Exposure("receivables", "creditor", "debtor", estimates, covers)


def test_probability_of_default_times_loss_given_default():
    # IFRS 9 IE48 to IE50: 0.5 % and 25 % on 1,000,000
    loan = exposure(
        estimate("loan", "1_000_000", probability_of_default="0.005", loss_given_default="0.25")
    )
    (bucket,) = exposure_buckets(loan, IFRS)
    assert bucket.loss_rate == Fraction(125, 100_000)
    assert bucket.expected_credit_loss_minor == 125_000


def test_losses_observed_on_two_groups_of_loans():
    # IFRS 9 IE53 to IE57: 0.3 % and 0.15 %
    groups = exposure(
        estimate("X", "200_000", observed_loss="600"), estimate("Y", "300_000", observed_loss="450")
    )
    found = exposure_buckets(groups, IFRS)
    assert [b.loss_rate for b in found] == [Fraction(3, 1000), Fraction(15, 10_000)]
    assert by_day(found)[DAY] == 105_000


MATRIX = (
    ("current", "15_000_000", "0.003", 45_000),
    ("1-30", "7_500_000", "0.016", 120_000),
    ("31-60", "4_000_000", "0.036", 144_000),
    ("61-90", "2_500_000", "0.066", 165_000),
    ("over-90", "1_000_000", "0.106", 106_000),
)


def test_a_provision_matrix_by_bucket_and_in_all():
    # IFRS 9 IE74 to IE77: 580,000
    aged = exposure(*(estimate(n, gross, loss_rate=rate) for n, gross, rate, _ in MATRIX))
    found = exposure_buckets(aged, IFRS)
    assert [b.expected_credit_loss_minor for b in found] == [100 * loss for *_, loss in MATRIX]
    assert by_day(found)[DAY] == 58_000_000
    (schedule,) = exposure_schedules(aged, IFRS)
    assert schedule.balance("allowance", DAY) == 58_000_000


def test_a_later_estimate_takes_the_place_of_the_ones_before():
    later = date(2027, 12, 31)
    twice = exposure(
        estimate("a", "100", loss_rate="0.10"),
        estimate("b", "100", loss_rate="0.20"),
        estimate("all", "200", later, loss_rate="0.05"),
    )
    (schedule,) = exposure_schedules(twice, IFRS)
    assert schedule.column("expected_loss") == [3000, -2000]
    assert (
        by_day(exposure_buckets(twice, IFRS))[later] == schedule.balance("allowance", later) == 1000
    )


def held_note():
    terms = NoteSegment(
        date(2026, 1, 1), 100_000, Decimal("0.06"), "30/360", date(2026, 12, 31), 12,
        date(2027, 12, 31), date(2027, 12, 31),
    )  # fmt: skip
    return note("loan", "creditor", "debtor", terms, issued=False)


def test_what_a_note_covers_is_its_principal_and_interest_until_it_ends():
    covers = exposure(estimate("", None, date(2026, 6, 30), loss_rate="0.10"), covers="loan")
    (bucket,) = exposure_buckets(covers, IFRS, held_note())
    assert bucket.gross_minor == 100_000 + held_note().balance(
        "accrued_interest", date(2026, 6, 30)
    )
    (schedule,) = exposure_schedules(covers, IFRS, held_note())
    assert schedule.balance("allowance", date(2027, 12, 30)) > 0
    assert schedule.balance("allowance", date(2027, 12, 31)) == 0


def test_a_lessor_is_exposed_with_the_net_investment_or_with_the_receivable():
    flows = {"a": 80, "b": 20}
    parts = {"receivable": {"a": 1}, "net_investment": {"a": 1, "b": 1}}
    leased = assemble("lessor", ("l", "c", "d"), parts, ("a", "b"), [Movement(DAY, 1, 0, flows)])
    assert carried(leased, DAY, "us-gaap") == 100
    assert carried(leased, DAY, "ifrs") == 80


def test_an_operating_lease_is_no_receivable():
    rented = assemble("lessor", ("l", "c", "d"), {}, ("income",), [])
    with pytest.raises(NotModelled, match="no receivable"):
        carried(rented, DAY, "us-gaap")


ILLUSTRATION = (
    (650_000, "0.05"), (700_000, "0.10"), (750_000, "0.25"), (800_000, "0.25"), (850_000, "0.20"),
    (900_000, "0.15"),
)  # fmt: skip


def test_expected_losses_of_the_illustration():
    # ASC 810-10-55-42: 26,667 each way; a fair value of 757,142
    outcomes = [Outcome(Fraction(flow), Fraction(share)) for flow, share in ILLUSTRATION]
    found = variability(outcomes, Fraction(5, 100))
    assert (
        found.expected_losses
        == found.expected_residual_returns
        == Fraction(28_000) / (Fraction(105, 100))
    )
    assert found.fair_value == Fraction(795_000) / Fraction(105, 100)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(1, 50)), min_size=1, max_size=8),
    st.fractions(0, 1),
)
def test_expected_losses_are_expected_residual_returns(drawn, rate):
    whole = sum(weight for _, weight in drawn)
    outcomes = [Outcome(Fraction(flow), Fraction(weight, whole)) for flow, weight in drawn]
    found = variability(outcomes, rate)
    assert found.expected_losses == found.expected_residual_returns >= 0


def subject(rows=ILLUSTRATION, *, complete=True, rate=Decimal("0.05")):
    cells = tuple(
        {
            "cash_flow": Fact("cash_flow", flow, "judgement"),
            "probability": Fact("probability", Decimal(share), "judgement"),
        }
        for flow, share in rows
    )
    facts = {"outcomes_discount_rate": Fact("outcomes_discount_rate", rate, "judgement")}
    table = Table("outcomes", cells, complete)
    return Subject("vehicle", "entity", facts if rate is not None else {}, {"outcomes": table})


def test_expected_losses_are_measured_from_the_list_of_outcomes():
    assert expected_losses(subject(), US).value == Fraction(28_000) / Fraction(105, 100)


@pytest.mark.parametrize(
    ("about", "why"),
    [
        (Subject("vehicle", "entity"), "not stated"),
        (subject(complete=False), "may lack"),
        (subject(rate=None), "rate"),
        (subject(ILLUSTRATION[1:]), "add up to 19/20"),
    ],
)
def test_expected_losses_are_unknown_where_something_is_lacking(about, why):
    value = expected_losses(about, US).value
    assert isinstance(value, Unknown)
    assert why in value.reason
