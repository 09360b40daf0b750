"""Rents on days of their own: how they are measured, what they keep to, and what is refused."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from commands import printed_json
from hall_deals import stated, written
from hypothesis import given, settings
from hypothesis import strategies as st
from independent.change import KINDS
from lease_lives import Life, invested_lives, let_lives, lives
from strategies import SCENARIO, figure

from leasebook import pipeline
from leasebook.contract.deal import Deal
from leasebook.contract.event import Event
from leasebook.contract.lease import DatedAmount
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.lease_course import lease_segments, opening_liability
from leasebook.measure.lease_figures import LeaseFigures
from leasebook.measure.lessee_figures import lessee_figures
from leasebook.measure.lessor_figures import lessor_figures
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.values.problem import Refused

few = settings(max_examples=25, deadline=None, derandomize=True)
LEASE = "hall-lease"
THREE = (("2026-01-01", "100_000"), ("2027-01-01", "106_000"), ("2028-01-01", "112_360"))
#: Days of which none is whole months after another.
ODD = (("2026-03-15", "60_000"), ("2026-12-31", "40_000"), ("2027-07-01", "100_000"))


def _rents(*rents) -> str:
    return "".join(
        f'\n[[contracts.{LEASE}.rent.dated]]\ndate = {day}\namount = "{amount}"\n'
        for day, amount in rents
    )


def _text(rents, *, term="3 years", rate="6%", terms="", parts="", outcomes=()) -> str:
    grid = f'[contracts.{LEASE}.rent]\namount = "50_000"\nevery  = "month"\nin     = "advance"\n'
    text = written(parts, terms=terms, outcomes=outcomes).replace(grid, _rents(*rents))
    return text.replace('"5 years"', f'"{term}"').replace('"6.5%"', f'"{rate}"')


def _opened(tmp_path, *args, **more) -> Deal:
    path = tmp_path / "deal.toml"
    path.write_text(_text(*args, **more), encoding="utf-8")
    return pipeline.open_deal(path)


def _setting(deal, framework="us-gaap", **outcomes) -> Setting:
    known = {(name, LEASE): outcome for name, outcome in outcomes.items()}
    return Setting(deal, framework, "course", known)


def _lessee(deal, setting) -> Schedule:
    made = lease_schedules(deal.contracts[LEASE], setting, {})
    return next(s for s in made if s.entity == "tenant")


# --- measured -----------------------------------------------------------------------------------


def test_each_rent_is_discounted_by_the_days_to_it(tmp_path):
    # 100,000 + 106,000 / 1.06 + 112,360 / 1.06^2: the rents lie 365 days apart.
    deal = _opened(tmp_path, THREE)
    lease = deal.contracts[LEASE]
    assert opening_liability(lease, _setting(deal)) == 300_000_00


def test_days_that_are_no_whole_months_count_as_days(tmp_path):
    # 73 days are a fifth of a year, 364 and 546 days 364/365 and 546/365 of one:
    # 60,000 / 1.06^0.2 + 40,000 / 1.06^(364/365) + 100,000 / 1.06^(546/365).
    deal = _opened(tmp_path, ODD, term="2 years")
    value = opening_liability(deal.contracts[LEASE], _setting(deal))
    exact = sum(
        amount / Decimal("1.06") ** (Decimal(days) / 365)
        for amount, days in ((60_000, 73), (40_000, 364), (100_000, 546))
    )
    assert value == round(exact * 100)


def test_cost_is_level_by_the_day_and_not_by_the_payment(tmp_path):
    deal = _opened(tmp_path, ODD, term="2 years")
    schedule = _lessee(deal, _setting(deal, lessee_classification="operating"))
    # 200,000 over 730 days, of which the first quarter has 90.
    assert schedule.total("cost", last=date(2026, 3, 31)) == round(200_000_00 * Fraction(90, 730))
    assert schedule.total("cost", last=date(2026, 12, 31)) == 100_000_00
    assert schedule.total("cost") == 200_000_00


def test_a_right_of_use_asset_falls_by_the_day(tmp_path):
    deal = _opened(tmp_path, THREE)
    schedule = _lessee(deal, _setting(deal, "ifrs"))
    # 365 and 90 of the 1,096 days of three years are gone, the last of which is a leap year.
    assert schedule.balance("rou", date(2027, 3, 31)) == round(300_000_00 * Fraction(641, 1096))


def test_rent_by_step_and_the_same_rent_by_its_days_are_worth_the_same(tmp_path):
    # A year of 365 days is a year under both, so that yearly rents come to the same to the cent.
    rent = f'[contracts.{LEASE}.rent]\namounts = ["100_000", "106_000"]\n'
    stepped = _text(THREE[:2], term="2 years").replace(
        _rents(*THREE[:2]), f'{rent}every = "year"\nin = "advance"\n'
    )
    path = tmp_path / "stepped.toml"
    path.write_text(stepped, encoding="utf-8")
    by_step, by_day = pipeline.open_deal(path), _opened(tmp_path, THREE[:2], term="2 years")
    for framework in ("us-gaap", "ifrs"):
        first, second = (
            _lessee(deal, _setting(deal, framework, lessee_classification="finance"))
            for deal in (by_step, by_day)
        )
        assert [(r.date, r.amounts) for r in first.rows] == [
            (r.date, r.amounts) for r in second.rows
        ]


def test_the_rate_implicit_in_dated_rents_is_a_yearly_one(tmp_path):
    deal = _opened(tmp_path, THREE, rate="9%")
    thing = attrs.evolve(deal.assets["hall"], fair_value=figure(Decimal(300_000)))
    deal = attrs.evolve(deal, assets={"hall": thing})
    lease = attrs.evolve(deal.contracts[LEASE], discount_rate=None)
    deal = attrs.evolve(deal, contracts={LEASE: lease})
    (segment,) = lease_segments(lease, _setting(deal))
    assert segment.rate == Fraction(6, 100)
    assert segment.present_value() == 300_000_00


@pytest.mark.parametrize("outcome", ["operating", "sales-type", "direct-financing", "finance"])
def test_a_lessor_has_figures_of_dated_rents_in_every_class(tmp_path, outcome):
    deal = _opened(tmp_path, ODD, term="2 years", terms='unguaranteed_residual = "8_900_000"')
    framework = "ifrs" if outcome == "finance" else "us-gaap"
    setting = _setting(deal, framework, lessor_classification=outcome)
    found = lessor_figures(deal.contracts[LEASE], setting)
    assert isinstance(found, LeaseFigures)
    assert found.opening["term_months"] == 24
    if outcome != "operating":
        assert found.opening["net_investment"] == 9_000_000_00


def test_the_current_portion_is_what_the_rents_of_a_year_pay(tmp_path):
    deal = _opened(tmp_path, THREE)
    found = lessee_figures(deal.contracts[LEASE], _setting(deal, "ifrs"))
    # On 31 December 2026 the rent of 2027 falls due within a year, that of 2028 one day later.
    first = found.rows[0]
    assert first["closing"] == 212_000_00
    assert first["current_portion"] == 106_000_00


# --- events -------------------------------------------------------------------------------------


def _event(kind, day, **keys) -> str:
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
    return (
        f'\n[[events]]\nscenario = "course"\ncontract = "{LEASE}"\nkind = "{kind}"\ndate = {day}\n'
        f'source = "agreement"\n{lines}'
    )


def test_new_payments_run_from_a_day_of_rent_to_the_end(tmp_path):
    event = _event("consideration-changed", "2027-01-01", payments=["200_000", "212_000"])
    text = _text(THREE).replace("[[bases]]", event + "\n[[bases]]")
    path = tmp_path / "deal.toml"
    path.write_text(text, encoding="utf-8")
    deal = pipeline.open_deal(path)
    _, later = lease_segments(deal.contracts[LEASE], _setting(deal))
    assert later.present_value() == 400_000_00
    assert later.days == (date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1))


def test_a_renewal_pays_the_rents_that_are_listed_for_it(tmp_path):
    renewal = f'\n[[contracts.{LEASE}.options]]\nkind = "renewal"\nterm = "1 year"\n'
    rents = (*THREE, ("2029-05-26", "50_000"))
    event = _event("renewal-exercised", "2029-01-01")
    text = _text(rents, parts=renewal).replace("[[bases]]", event + "\n[[bases]]")
    path = tmp_path / "deal.toml"
    path.write_text(text, encoding="utf-8")
    deal = pipeline.open_deal(path)
    first, later = lease_segments(deal.contracts[LEASE], _setting(deal))
    assert first.payments == (100_000_00, 106_000_00, 112_360_00)
    assert later.payments == (0, 50_000_00)
    assert later.days[-1] == date(2030, 1, 1)


# --- refused ------------------------------------------------------------------------------------

RENEWAL = f'\n[[contracts.{LEASE}.options]]\nkind = "renewal"\nterm = "1 year"\n'
WRONG = {
    "a rent after the end": ({"rents": (*THREE, ("2029-01-01", "5"))}, "LB0416"),
    "a rent before commencement": ({"rents": (("2025-12-31", "5"), *THREE)}, "LB0416"),
    "a renewal without rents": ({"rents": THREE, "parts": RENEWAL}, "LB0416"),
    "a nominal rate": ({"rents": THREE, "terms": 'rate_convention = "nominal"'}, "LB0417"),
    "a rate per period": ({"rents": THREE, "terms": 'rate_convention = "per-period"'}, "LB0417"),
    "an incentive on another day": (
        {"rents": THREE, "terms": 'incentive_receivable = { amount = "5", after = "1 month" }'},
        "LB0418",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_dated_rents_cannot_be_is_refused(tmp_path, what):
    keys, code = WRONG[what]
    with pytest.raises(Refused) as caught:
        _opened(tmp_path, keys.pop("rents"), **keys)
    assert [p.code for p in caught.value.problems] == [code]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (_event("consideration-changed", "2027-02-01", payments=["1", "1"]), "LB0418"),
        (_event("consideration-changed", "2027-01-01", payments=["1"]), "LB0418"),
        (_event("terms-changed", "2027-01-01", remaining_term_periods=2), "LB0418"),
    ],
)
def test_a_change_that_does_not_fit_the_days_is_refused(tmp_path, event, code):
    path = tmp_path / "deal.toml"
    path.write_text(_text(THREE).replace("[[bases]]", event + "\n[[bases]]"), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        pipeline.open_deal(path)
    assert {p.code for p in caught.value.problems} == {code}


# --- laws ---------------------------------------------------------------------------------------


def _schedules(life: Life) -> list[Schedule]:
    return [*life.schedules(life.lease.lessee), *life.schedules(life.lease.lessor)]


def _end(schedules) -> date:
    return max(row.date for s in schedules for row in s.rows)


#: What is not paid once collection is doubtful stays owed when the lease is over.
_PAID = tuple(kind for kind in KINDS if kind != "collection-doubtful")


@few
@given(lives(dated=True, kinds=_PAID))
def test_law_2_a_liability_and_an_asset_of_dated_rents_end_at_zero(life):
    made = [s for s in life.schedules(life.lease.lessee) if "rou" in s.balances]
    for balance in ("liability", "rou"):
        assert sum(s.balance(balance, _end(made)) for s in made) == 0


@few
@given(lives(most=0, dated=True), st.sampled_from(("operating", "finance", "short-term")))
def test_law_2_dated_rents_cost_what_is_paid_in_every_class(life, outcome):
    lease = attrs.evolve(life.lease, restoration=None)
    life = attrs.evolve(life, lease=lease, lessee=outcome)
    (made,) = life.schedules(life.lease.lessee)

    def total(*columns: str) -> int:
        return sum(made.total(c) for c in columns if c in made.columns)

    paid = total("payment", "variable_payment", "prepaid", "day_one") - total("incentives")
    cost = total("cost") or total("interest", "amortisation")
    assert cost + total("variable_payment") - total("gain") == paid + total("initial_direct_costs")


@few
@given(let_lives(dated=True))
def test_law_3_both_parties_show_the_same_cash_on_every_day(life):
    lease = attrs.evolve(life.lease, lessor_initial_direct_costs=None)
    life = attrs.evolve(life, lease=lease)
    days = {row.date for s in _schedules(life) for row in s.rows}

    def cash(entity: str, day: date) -> int:
        columns = {
            "payment": 1,
            "variable_payment": 1,
            "prepaid": 1,
            "day_one": 1,
            "incentives": -1,
            "sale_price": 1,
            "penalty": 1,
        }
        return sum(
            sign * s.total(c, last=day)
            for s in life.schedules(entity)
            for c, sign in columns.items()
            if c in s.columns
        )

    for day in days:
        assert cash("user", day) == cash("owner", day)


@few
@given(invested_lives(dated=True))
def test_law_2_a_net_investment_in_dated_rents_ends_at_zero(life):
    made = life.schedules(life.lease.lessor)[0]
    last = _end([made])
    assert made.balance("net_investment", last) == 0


@few
@given(lives(most=0, dated=True), st.data())
def test_law_8_a_change_that_changes_nothing_posts_nothing(life, data):
    lease = attrs.evolve(life.lease, incentive_receivable=None, index_base=None)
    life = attrs.evolve(life, lease=lease)
    (segment,) = lease_segments(life.lease, life.setting())
    at = data.draw(st.integers(0, segment.periods - 1))
    left = segment.payments[at:]
    unit = life.unit
    payments = tuple(figure(Decimal(amount) / unit) for amount in left)
    event = Event(
        SCENARIO, life.lease.id, "consideration-changed", figure(segment.days[at]),
        payments=payments,
    )  # fmt: skip
    changed = attrs.evolve(life, events=(event,) if at else ())
    for before, after in zip(life.schedules("user"), changed.schedules("user"), strict=True):
        days = {row.date for row in (*before.rows, *after.rows)}
        for balance in before.balances:
            assert [before.balance(balance, d) for d in days] == [
                after.balance(balance, d) for d in days
            ]


@few
@given(lives(most=0, dated=True))
def test_law_10_four_hundred_years_later_the_numbers_are_the_same(life):
    def later(day: date) -> date:
        return day.replace(year=day.year + 400)

    lease = life.lease
    moved = attrs.evolve(
        lease,
        commencement_date=figure(later(lease.commencement_date.get())),
        rent=attrs.evolve(
            lease.rent,
            dated=tuple(
                DatedAmount(figure(later(d.date.get())), d.amount) for d in lease.rent.dated
            ),
        ),
    )
    shifted = attrs.evolve(life, lease=moved)
    for now, then in zip(_schedules(life), _schedules(shifted), strict=True):
        assert [(later(r.date), r.amounts) for r in now.rows] == [
            (r.date, r.amounts) for r in then.rows
        ]


@few
@given(lives(most=0, dated=True), st.permutations(range(20)))
def test_the_order_in_which_dated_rents_are_listed_does_not_matter(life, order):
    dated = life.lease.rent.dated
    shuffled = tuple(dated[k] for k in order if k < len(dated))
    rent = attrs.evolve(life.lease.rent, dated=shuffled)
    other = attrs.evolve(life, lease=attrs.evolve(life.lease, rent=rent))
    assert [s.rows for s in _schedules(life)] == [s.rows for s in _schedules(other)]


# --- the commands -------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_every_command_works_on_dated_rents(tmp_path, framework):
    facts = stated(LEASE, title_transfers=False, no_alternative_use=False)
    path = tmp_path / "deal.toml"
    path.write_text(_text(ODD, term="2 years", parts=facts), encoding="utf-8")
    settled = "lessor_classification(hall-lease)=operating"
    where = (str(path), "--framework", framework, "--assume", settled)
    if framework == "us-gaap":
        where = (*where, "--assume", "lessee_classification(hall-lease)=operating")
    for command in ("schedule", "journal", "ledger", "statements", "disclosures", "determine"):
        assert printed_json(command, *where)
