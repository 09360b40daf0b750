from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.book.post import post
from leasebook.contract.credit import Guarantee, LossEstimate
from leasebook.contract.deal import Deal, Entity
from leasebook.contract.figure import Figure
from leasebook.measure.guarantee import (
    estimated_value,
    guarantee_ends,
    guarantee_figures,
    guarantee_schedules,
    subject_of,
)
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.pipeline import decide
from leasebook.values.duration import Duration
from leasebook.values.money import Currency

ISSUED = date(2026, 1, 1)
PARTIES = ("sponsor", "vehicle", "bank")


def figure(value):
    return Figure(value, assumption="of the example")


def money(text):
    return figure(Decimal(text))


def guarantee(term="3 years", **terms):
    return Guarantee(
        "promise", *PARTIES, issued=figure(ISSUED), term=figure(Duration.parse(term)), **terms
    )


def deal(contract, *, keeps=("sponsor", "vehicle")):
    return Deal(
        id="example", title="", reporting="sponsor", currency=Currency.of("USD"),
        known_to=date(2026, 12, 31), sources={},
        entities={e: Entity(e, e, keeps_books=e in keeps) for e in PARTIES},
        assets={}, contracts={contract.id: contract}, scenarios={}, events=(), judgements=(),
        facts=(), tables=(), assertions=(), bases={}, filed={},
    )  # fmt: skip


def setting(contract, framework="us-gaap", **outcomes):
    outcomes = {"guarantee_measurement": "at-estimated-value", "guarantee_debit": "expense"} | (
        outcomes
    )
    about = subject_of(contract)
    return Setting(
        deal(contract), framework, "", {(name, about): one for name, one in outcomes.items()}
    )


def issued(contract, framework="us-gaap", **outcomes):
    return next(iter(guarantee_schedules(contract, setting(contract, framework, **outcomes))))


SAVING = {
    "principal": money("100"),
    "guaranteed_rate": money("0.08"),
    "unguaranteed_rate": money("0.10"),
}


def test_a_guarantee_is_worth_the_interest_that_it_saves():
    # FinLearnHub, IFRS 9 financial guarantee contracts, examples 1 and 2: 5, and 1.67 a year
    contract = guarantee(**SAVING)
    figures = guarantee_figures(contract, setting(contract, "ifrs"))
    exact = 2 * (1 / Fraction(11, 10) + 1 / Fraction(11, 10) ** 2 + 1 / Fraction(11, 10) ** 3)
    assert figures.liability == exact * 100
    assert figures.release_per_period == exact * 100 / 3
    assert issued(contract, "ifrs").balance("liability", ISSUED) == 497


def test_half_yearly_interest_is_saved_at_half_yearly_rates():
    contract = guarantee("1 year", **SAVING, every=Duration.parse("half-year"),
                         rate_convention="nominal")  # fmt: skip
    each = Fraction(1, 100) * 100 * 100
    assert estimated_value(contract, setting(contract)) == each / Fraction(105, 100) + (
        each / Fraction(105, 100) ** 2
    )


def test_a_premium_at_arms_length_is_the_liability_and_the_cash():
    contract = guarantee("25 years", premium=money("50_000"), arms_length=figure(value=True))
    made = setting(contract, guarantee_measurement="at-premium")
    guarantors, payers = guarantee_schedules(contract, made)
    assert guarantee_figures(contract, made).liability == 5_000_000
    first = [p for p in post([guarantors], framework="us-gaap") if p.date == ISSUED]
    assert [(p.debit, p.credit, p.amount_minor) for p in first] == [
        ("cash", "guarantee-liability", 5_000_000)
    ]
    assert guarantors.total("release") == payers.total("cost") == 5_000_000


def test_what_no_premium_is_received_for_is_expense_or_part_of_the_investment():
    contract = guarantee(**SAVING, premium=money("3"))
    assert issued(contract).total("expense") == 197
    invested = issued(contract, guarantee_debit="investment")
    assert (invested.total("investment"), invested.total("expense")) == (197, 0)
    assert invested.balance("liability", ISSUED) == 497


def test_a_premium_above_the_estimate_gives_no_gain_on_day_one():
    contract = guarantee(**SAVING, premium=money("6"))
    schedule = issued(contract)
    assert schedule.balance("liability", ISSUED) == 600
    assert schedule.total("expense") == 0


def test_a_guarantee_that_is_not_recognised_leaves_its_premium_to_be_earned():
    contract = guarantee(**SAVING, premium=money("3"))
    schedule = issued(contract, guarantee_measurement="not-recognised")
    assert schedule.balance("liability", ISSUED) == 300
    assert schedule.total("release") == 300


def test_other_guidance_and_a_worth_that_nobody_knows_are_not_measured():
    contract = guarantee(premium=money("3"))
    for how in ("other-guidance", "at-estimated-value"):
        with pytest.raises(NotModelled, match="promise"):
            issued(contract, guarantee_measurement=how)


def test_release_at_expiry_waits_for_the_last_day():
    schedule = issued(guarantee(**SAVING, release="at-expiry"))
    assert schedule.balance("liability", date(2028, 12, 30)) == 497
    assert schedule.balance("liability", date(2028, 12, 31)) == 0


def loss(day, probability):
    return LossEstimate(
        figure(day), probability_of_default=money(probability), loss_given_default=money("0.5")
    )


LOSSES = (loss(date(2026, 12, 31), "0.04"), loss(date(2027, 12, 31), "0.10"))


def test_under_us_gaap_expected_losses_come_on_top_of_what_is_left():
    schedule = issued(guarantee(**SAVING, estimates=LOSSES))
    day = date(2027, 12, 31)
    assert schedule.balance("contingent_liability", day) == 500  # 100 x 10 % x 50 %
    assert schedule.balance("liability", day) == schedule.balance("not_yet_released", day) == 166
    assert schedule.balance("contingent_liability", guarantee_ends(guarantee())) == 0


def test_under_ifrs_the_liability_is_the_higher_of_expected_loss_and_what_is_left():
    schedule = issued(guarantee(**SAVING, estimates=LOSSES), "ifrs")
    left, liability = ("not_yet_released", "liability")
    for row in schedule.rows:
        expected = 0
        if date(2026, 12, 31) <= row.date < date(2027, 12, 31):
            expected = 200
        elif date(2027, 12, 31) <= row.date < date(2028, 12, 31):
            expected = 500
        remaining = schedule.balance(left, row.date)
        assert schedule.balance(liability, row.date) == max(expected, remaining)
    assert schedule.balance(liability, date(2026, 12, 31)) == 331  # what is left is higher
    assert schedule.balance(liability, date(2027, 12, 31)) == 500  # the expected loss is


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 10**8), st.integers(1, 12), st.sampled_from(["month", "quarter", "year"]),
    st.integers(0, 30),
)  # fmt: skip
def test_every_liability_is_released_to_the_unit_in_equal_periods(minor, count, every, day):
    step = Duration.parse(every)
    contract = attrs.evolve(
        guarantee(f"{count * step.months} months", every=step),
        fair_value=figure(Decimal(minor).scaleb(-2)),
        issued=figure(date(2026, 1, 1 + day)),
    )
    schedule = issued(contract)
    assert schedule.total("release") == minor
    assert schedule.rows[-1].date == guarantee_ends(contract)
    by_period = {}
    for row in schedule.rows[1:]:
        released = row.amounts[schedule.columns.index("release")]
        by_period[row.period] = by_period.get(row.period, 0) + released
    assert len(by_period) == count
    assert max(by_period.values()) - min(by_period.values()) <= 1


def concluded(contract, framework, *, keeps=("sponsor",)):
    found = decide(deal(contract, keeps=keeps), framework, "", {})
    about = subject_of(contract)
    return (
        found["guarantee_scope", contract.id].outcome,
        found["guarantee_measurement", about].outcome,
    )


def test_the_rules_find_scope_and_measurement_of_a_guarantee_for_an_outsider():
    paid = guarantee(premium=money("1_000"), arms_length=figure(value=True))
    assert concluded(paid, "us-gaap") == ("in-scope-460", "at-premium")
    assert concluded(paid, "ifrs") == ("ifrs9-financial-guarantee", "at-premium")
    unpaid = guarantee(**SAVING)
    assert concluded(unpaid, "us-gaap") == ("in-scope-460", "at-estimated-value")
    assert concluded(unpaid, "ifrs") == ("ifrs9-financial-guarantee", "at-estimated-value")


def test_a_guarantee_that_nobody_can_value_is_left_open():
    assert concluded(guarantee(), "us-gaap") == ("in-scope-460", None)


def test_whether_a_debtor_that_keeps_books_is_a_subsidiary_must_be_stated():
    assert concluded(guarantee(**SAVING), "us-gaap", keeps=PARTIES)[0] is None
