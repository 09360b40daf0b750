"""
Relations between two runs: what must follow when an input is changed in a known way.

The numbers M1 to M37 and the laws are those of the design. What others hold stands there: M4, M9
and law 2 on segments in `test_measure_leases.py`, M5 (a balance is the present value of what is
left) on whole lives in `test_independent.py`, M15 and laws 1 to 6 and 9 in `test_laws.py`, a
contract alone or with others (M2, M18) in law 4 there, files in any order (M18, M19) in
`test_load.py`, one portfolio in every format (M19) in `test_portfolio_files.py`; a transition (M31)
exists as balances that are handed over; M32 and law 7 are in `test_relations_rules.py`; M37 belongs
to a sale that is one, in `test_sale_and_leaseback.py`.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from independent.lessor import Thing
from lease_lives import Life, bought_lives, doubtful_lives, invested_lives, lives
from strategies import PARENT, SCENARIO, Case, cases, duration, figure
from test_independent import bounds
from test_laws import lines_of, years_of

from leasebook.book.post import post
from leasebook.contract.event import Event
from leasebook.contract.lease import HandedOver, Lease, Option, Rent
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.financing import financing_obligation
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import term_months
from leasebook.measure.net_investment import implicit_rate
from leasebook.measure.schedule import Schedule
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.present_value import closing_balance, present_value, present_value_minor
from leasebook.reckoning.rates import rate_text
from leasebook.values.money import Currency

few = settings(max_examples=15, deadline=None)

AMOUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=24)
RATES = st.integers(0, 10**14).map(lambda part: Fraction(part, 10**15))


# --- M1 to M8: present values --------------------------------------------------------------------


@given(AMOUNTS, AMOUNTS, RATES, st.integers(0, 10**6))
def test_m1_m2_present_values_scale_and_add_up(one, other, rate, factor):
    longer = max(len(one), len(other))
    one, other = (a + [0] * (longer - len(a)) for a in (one, other))
    value = present_value(one, rate, 1)

    assert present_value([factor * a for a in one], rate, 1) == factor * value
    both = present_value([a + b for a, b in zip(one, other, strict=True)], rate, 1)
    assert both == value + present_value(other, rate, 1)


@given(AMOUNTS, RATES)
def test_m3_m6_a_period_sooner_or_later_is_one_period_of_interest(amounts, rate):
    value = present_value(amounts, rate, 1)

    assert present_value(amounts, rate, 0) == (1 + rate) * value
    assert present_value([0, *amounts], rate, 1) == value / (1 + rate)
    assert present_value([*amounts, 0], rate, 1) == value


@given(AMOUNTS, RATES, st.data())
def test_m5_what_is_left_of_a_balance_is_the_worth_of_what_is_left_to_pay(amounts, rate, data):
    at = data.draw(st.integers(0, len(amounts)))
    scaled = [a * (rate + 1).numerator ** len(amounts) for a in amounts]
    opening = present_value(scaled, rate, 1)
    assert opening.denominator == 1

    left = closing_balance(int(opening), scaled[:at], rate, advance=False)
    assert left == present_value(scaled[at:], rate, 1)


@given(AMOUNTS, RATES, RATES)
def test_m7_a_higher_rate_is_worth_no_more_and_none_is_worth_the_sum(amounts, one, other):
    low, high = sorted((one, other))

    assert present_value_minor(amounts, high, 1) <= present_value_minor(amounts, low, 1)
    assert present_value_minor(amounts, Fraction(0), 1) == sum(amounts)


@given(AMOUNTS.filter(lambda amounts: len(amounts) % 2 == 0), RATES)
def test_m8_two_periods_are_one_at_the_compounded_rate(amounts, rate):
    part = (1 + rate).denominator
    scaled = [a * part for a in amounts]
    pairs = zip(scaled[::2], scaled[1::2], strict=True)
    merged = [int(first * (1 + rate)) + second for first, second in pairs]

    assert present_value(merged, (1 + rate) ** 2 - 1, 1) == present_value(scaled, rate, 1)


# --- schedules of generated lives ----------------------------------------------------------------


def _sides(life: Life, entity: str | None = None) -> list[Schedule]:
    return [
        s
        for s in lease_schedules(life.lease, life.setting(), {})
        if entity is None or s.entity == entity
    ]


def _moved(life: Life) -> list[Any]:
    """Everything that both sides post, by day; rows in which nothing moves left out."""
    found = []
    for s in _sides(life):
        flows = [k for k, c in enumerate(s.columns) if c not in s.balances]
        rows = [(r.date, [r.amounts[k] for k in flows]) for r in s.rows]
        found.append((s.name, s.columns, [row for row in rows if any(row[1])]))
    return found


def _lessee(life: Life) -> Schedule:
    (schedule,) = _sides(life, life.lease.lessee)
    return schedule


def _day(life: Life, periods: int) -> date:
    return add_months(life.lease.commencement_date.get(), periods * life.lease.rent.step_months)


def _periods(life: Life) -> int:
    return len(life.epochs()[0].terms.rents)


def _happens(life: Life, kind: str, periods: int, **more: Any) -> Life:
    event = Event(SCENARIO, life.lease.id, kind, figure(_day(life, periods)), **more)
    return attrs.evolve(life, events=(event,))


calm = lives(most=0)


def _cash(life: Life, entity: str) -> dict[date, int]:
    """What an entity receives from the other side of the lease, by day; less what it pays."""
    sums: dict[date, int] = defaultdict(int)
    for p in post(_sides(life, entity), framework=life.framework):
        if p.counterparty:
            sums[p.date] += ((p.debit == "cash") - (p.credit == "cash")) * p.amount_minor
    return {day: amount for day, amount in sums.items() if amount}


@given(lives())
def test_law_3_both_sides_show_the_same_cash_whatever_happens_to_the_lease(life):
    paid = {day: -amount for day, amount in _cash(life, life.lease.lessee).items()}
    assert _cash(life, life.lease.lessor) == paid


@few
@given(bought_lives() | doubtful_lives())
def test_law_3_holds_when_the_asset_is_sold_or_the_rents_are_a_deposit(life):
    paid = {day: -amount for day, amount in _cash(life, life.lease.lessee).items()}
    assert _cash(life, life.lease.lessor) == paid


def _reassessed(months: int, payments: tuple[str, ...], *more: Event, **terms: Any) -> Life:
    """A year's lease with a year's renewal, and a lessee who after some months expects payments."""
    rent = Rent(duration(1), "arrears", amount=figure(Decimal(1000)))
    lease = Lease(
        "lease", "owner", "user", "plant", figure(date(2029, 1, 1)), figure(duration(12)), rent,
        figure(Decimal("0.05")), options=(Option("renewal", figure(duration(12))),), **terms,
    )  # fmt: skip
    day = add_months(date(2029, 1, 1), months)
    listed = tuple(figure(Decimal(amount)) for amount in payments)
    told = Event(SCENARIO, "lease", "term-reassessed", figure(day), payments=listed)
    thing = Thing(Fraction(10**6), Fraction(10**6))
    usd = Currency.of("USD")
    return Life(lease, (told, *more), "us-gaap", "operating", "operating", usd, False, thing)


@pytest.mark.parametrize("payments", [(), ("900",) * 4, ("900",) * 9, ("900",) * 19])
def test_a_lessor_gets_what_its_lessee_pays_for_a_longer_or_shorter_term(payments):
    owed = {
        "guaranteed_residual": figure(Decimal(5000)),
        "expected_guarantee_payment": figure(Decimal(700)),
    }
    life = _reassessed(5, payments, **owed)
    due = [1000] * 5 + [int(amount) for amount in payments or ("1000",) * 19]
    due[-1] += 700
    months = [add_months(date(2029, 1, 1), k + 1) - timedelta(days=1) for k in range(len(due))]
    received = {day: amount * 100 for day, amount in zip(months, due, strict=True)}
    assert _cash(life, "owner") == received
    assert _cash(life, "user") == {day: -amount for day, amount in received.items()}


@pytest.mark.parametrize("payments", [(), ("900",) * 19])
def test_a_renewal_that_was_expected_is_not_counted_again_when_it_is_exercised(payments):
    exercised = Event(SCENARIO, "lease", "renewal-exercised", figure(date(2030, 1, 1)))
    life = _reassessed(5, payments, exercised)
    assert _cash(life, "user") == _cash(_reassessed(5, payments), "user")
    assert max(_cash(life, "owner")) == date(2030, 12, 31)


def test_parties_that_agree_on_a_rent_agree_on_it_for_the_term_that_is_expected():
    agreed = Event(
        SCENARIO, "lease", "rent-changed", figure(date(2029, 9, 1)), amount=figure(Decimal(800))
    )
    received = _cash(_reassessed(5, ("900",) * 19, agreed), "owner")
    assert list(received.values()) == [100_000] * 5 + [90_000] * 3 + [80_000] * 16


@given(calm)
def test_m4_interest_is_what_is_paid_beyond_the_opening_liability(life):
    schedule = _lessee(life)

    interest = schedule.total("payment") - schedule.total("initial")
    assert schedule.total("interest") == interest
    assert schedule.rows[-1].amounts[schedule.columns.index("liability")] == 0


@given(calm)
def test_m9_an_operating_asset_is_the_liability_and_what_is_prepaid(life):
    schedule = _lessee(attrs.evolve(life, framework="us-gaap", lessee="operating"))
    paid = ("payment", "initial_direct_costs", "prepaid", "day_one", "restoration")
    for row in schedule.rows:
        day = row.date
        outlay = sum(schedule.total(c, last=day) for c in paid)
        outlay -= schedule.total("incentives", last=day)
        prepaid = outlay - schedule.total("cost", last=day)
        assert schedule.balance("rou", day) == schedule.balance("liability", day) + prepaid
    assert schedule.balance("rou", schedule.rows[-1].date) == 0


@given(calm, st.integers(10**5, 10**7))
def test_m10_a_finance_lease_never_cost_less_to_date_and_costs_the_same_in_the_end(life, rent):
    amount = figure(Decimal(rent).scaleb(-life.currency.decimals))
    level = Rent(life.lease.rent.every, life.lease.rent.timing, amount=amount)
    plain = attrs.evolve(
        life.lease, rent=level, options=(), incentive_receivable=None,
        expected_guarantee_payment=None, rate_convention="per-period",
    )  # fmt: skip
    life = attrs.evolve(life, lease=plain, framework="us-gaap", renewed=False)
    straight = _lessee(attrs.evolve(life, lessee="operating"))
    front = _lessee(attrs.evolve(life, lessee="finance"))
    rounding, _ = bounds(life.epochs(), life.unit)[0]

    def ahead(day: date) -> int:
        sooner = front.total("interest", last=day) + front.total("amortisation", last=day)
        return sooner - straight.total("cost", last=day)

    assert ahead(straight.rows[-1].date) == 0
    for periods in range(1, _periods(life)):
        assert ahead(_day(life, periods) - timedelta(days=1)) >= -2 * rounding


# --- law 8, M11, M34, M35: what changes nothing --------------------------------------------------


def _left(life: Life, at: int) -> tuple[Any, ...]:
    """The rents that are left, to the minor unit as the engine has them."""
    payments = _as_paid(life)[at:]
    return tuple(figure(Decimal(p).scaleb(-life.currency.decimals)) for p in payments)


def _as_paid(life: Life) -> list[int]:
    schedule = _lessee(life)
    paid = [r.amounts[schedule.columns.index("payment")] for r in schedule.rows]
    due = [_day(life, k) for k in range(_periods(life))]
    if life.lease.rent.due == "arrears":
        due = [_day(life, k + 1) - timedelta(days=1) for k in range(_periods(life))]
    by_day = dict(zip([r.date for r in schedule.rows], paid, strict=True))
    return [by_day.get(day, 0) for day in due]


NOTHING: dict[str, Callable[[Life, int], Life]] = {
    "the same payments": lambda life, at: _happens(
        life, "consideration-changed", at, payments=_left(life, at)
    ),
    "the same payments for the same term": lambda life, at: _happens(
        life, "term-reassessed", at, payments=_left(life, at)
    ),
    "the same rate": lambda life, at: _happens(
        life,
        "consideration-changed",
        at,
        payments=_left(life, at),
        discount_rate=life.lease.discount_rate,
    ),
    "an index that stands still": lambda life, at: _happens(
        life, "index-changed", at, index_level=life.lease.index_base
    ),
    "a guarantee as it was": lambda life, at: _happens(
        life, "guarantee-reassessed", at, amount=figure(Decimal(0))
    ),
    "the whole scope": lambda life, at: _happens(
        life, "scope-reduced", at, retained_share=figure(Decimal(1))
    ),
    "an impairment of nothing": lambda life, at: _happens(
        life, "impaired", at, amount=figure(Decimal(0))
    ),
    "a right that is a contract of its own": lambda life, at: _happens(
        life, "right-added", at, price_is_standalone=True
    ),
}


@few
@given(life=calm, data=st.data())
@pytest.mark.parametrize("what", NOTHING)
def test_law_8_what_changes_no_term_posts_nothing(what, life, data):
    base = life.lease.index_base or figure(Decimal(100))
    lease = attrs.evolve(
        life.lease, index_base=base, expected_guarantee_payment=None, incentive_receivable=None
    )
    life = attrs.evolve(life, lease=lease)
    at = data.draw(st.integers(1, _periods(life) - 1))

    assert _moved(NOTHING[what](life, at)) == _moved(life)


def _nothing_more(life: Life, data: st.DataObject) -> Event | None:
    """Something that changes nothing, told last on a day of a life; None if it has no such day."""
    live = [e for e in life.epochs() if not e.state.over and e.stops > max(1, e.terms.begins)]
    if not live:
        return None
    epoch = data.draw(st.sampled_from(live))
    terms = epoch.terms
    at = data.draw(st.integers(max(1, terms.begins), epoch.stops - 1))
    told: dict[str, Any] = {
        "impaired": {"amount": figure(Decimal(0))},
        "scope-reduced": {"retained_share": figure(Decimal(1))},
        "right-added": {"price_is_standalone": True},
        "option-not-exercised": {},
    }
    if terms.now is not None:
        told["index-changed"] = {"index_level": _exactly(terms.now)}
    if terms.now == terms.level:
        # Under US GAAP a guarantee that is asked again takes the index as it is by then.
        told["guarantee-reassessed"] = {"amount": _exactly(terms.guarantee)}
    kind = data.draw(st.sampled_from(sorted(told)))
    day = figure(terms.yields.grid.opens(at))
    return Event(SCENARIO, life.lease.id, kind, day, order=99, **told[kind])


def test_an_asset_that_is_kept_begins_on_the_day_that_commencement_counts_to():
    # From 30 August by half-years: a day of February in between is no anchor.
    rent = Rent(duration(6), "arrears", amount=figure(Decimal(1000)))
    lease = Lease(
        "l", "owner", "user", "plant", figure(date(2028, 8, 30)), figure(duration(12)), rent,
        figure(Decimal("0.05")), title_transfers=figure(True),
    )  # fmt: skip
    thing, usd = Thing(Fraction(10**6), Fraction(10**6)), Currency.of("USD")
    life = Life(lease, (), "ifrs", "finance", "finance", usd, False, thing)
    dear = Event(
        SCENARIO, "l", "rent-changed", figure(date(2029, 2, 28)), amount=figure(Decimal(9))
    )
    kept = [s for s in _sides(attrs.evolve(life, events=(dear,))) if s.name == "leased-asset-kept"]
    (plain,) = (s for s in _sides(life) if s.name == "leased-asset-kept")
    assert [[r.date for r in s.rows] for s in kept] == [[r.date for r in plain.rows]]
    # Two of some thirty days of use come before the close of August, and not four.
    first, second = (row.amounts[0] for row in kept[0].rows[:2])
    assert first * 12 < second


def _exactly(amount: Fraction) -> Any:
    return figure(Decimal(amount.numerator) / Decimal(amount.denominator))


@few
@given(lives(buys=True) | lives(dated=True), st.data())
def test_law_8_what_changes_nothing_posts_nothing_whatever_else_happens(life, data):
    nothing = _nothing_more(life, data)
    assume(nothing is not None)
    assert _moved(attrs.evolve(life, events=(*life.events, nothing))) == _moved(life)


@given(calm)
def test_m35_guarantee_incentive_and_cost_of_zero_are_none_at_all(life):
    nothing = figure(Decimal(0))
    names = (
        "initial_direct_costs", "prepaid", "incentives", "restoration",
        "expected_guarantee_payment", "guaranteed_residual",
    )  # fmt: skip
    absent = attrs.evolve(life.lease, **dict.fromkeys(names))
    zero = attrs.evolve(life.lease, **dict.fromkeys(names, nothing))

    assert _moved(attrs.evolve(life, lease=zero)) == _moved(attrs.evolve(life, lease=absent))


@given(calm, st.integers(60, 180), st.data())
def test_m34_an_index_moves_an_ifrs_liability_by_its_factor(life, level, data):
    lease = attrs.evolve(
        life.lease, index_base=figure(Decimal(100)), expected_guarantee_payment=None,
        incentive_receivable=None, rate_convention="per-period",
    )  # fmt: skip
    life = attrs.evolve(life, lease=lease, framework="ifrs")
    at = data.draw(st.integers(1, _periods(life) - 1))
    day = _day(life, at)
    indexed = _happens(life, "index-changed", at, index_level=figure(Decimal(level)))
    before = _lessee(life).balance("liability", day - timedelta(days=1))
    after = before + _lessee(indexed).total("remeasurement", first=day, last=day)
    rounding, _ = bounds(life.epochs(), life.unit)[0]
    # The payments are rounded too, each to half a unit.
    assert abs(after - Fraction(level, 100) * before) <= 2 * rounding + _periods(life)


# --- M12, M13: what changes by a known amount ----------------------------------------------------


@given(calm, st.integers(1, 10**6), st.data())
def test_m12_one_payment_more_is_worth_what_it_is_discounted_to(life, more, data):
    lease = attrs.evolve(
        life.lease, rate_convention="per-period", incentive_receivable=None,
        expected_guarantee_payment=None, day_one_payment="included",
    )  # fmt: skip
    life = attrs.evolve(life, lease=lease)
    at = data.draw(st.integers(1, _periods(life) - 1))
    which = data.draw(st.integers(0, _periods(life) - at - 1))
    payments = list(_left(life, at))
    changed = figure(payments[which].get() + Decimal(more).scaleb(-life.currency.decimals))
    one = _happens(life, "consideration-changed", at, payments=tuple(payments))
    payments[which] = changed
    other = _happens(life, "consideration-changed", at, payments=tuple(payments))
    day = _day(life, at)
    wait = which + (life.lease.rent.due == "arrears")
    worth = Fraction(more) / (1 + Fraction(life.lease.discount_rate.get())) ** wait

    moved = [_lessee(x).total("remeasurement", last=day) for x in (one, other)]
    rounding, _ = bounds(life.epochs(), life.unit)[0]
    assert abs(moved[1] - moved[0] - worth) <= rounding + 1


@given(calm, st.integers(1, 99), st.data())
def test_m13_a_share_of_the_scope_is_that_share_of_both_balances(life, percent, data):
    lease = attrs.evolve(
        life.lease, partial_termination="right-of-use", rate_convention="per-period",
        expected_guarantee_payment=None, incentive_receivable=None,
    )  # fmt: skip
    life = attrs.evolve(life, lease=lease)
    at = data.draw(st.integers(1, _periods(life) - 1))
    kept = Fraction(percent, 100)
    share = figure(Decimal(percent).scaleb(-2))
    day, last = _day(life, at), _day(life, at) - timedelta(days=1)
    before = _lessee(life)
    cut = _lessee(_happens(life, "scope-reduced", at, retained_share=share))
    rounding, _ = bounds(life.epochs(), life.unit)[0]
    rounding += _periods(life)

    liability, asset = (before.balance(b, last) for b in ("liability", "rou"))
    gone = [cut.total(c, last=day) for c in ("liability_derecognised", "rou_derecognised")]
    assert abs(gone[0] - (1 - kept) * liability) <= 1
    assert abs(gone[1] - (1 - kept) * asset) <= 1
    assert abs(cut.total("remeasurement", last=day)) <= rounding


# --- M14, M16: the lessor ------------------------------------------------------------------------


@given(invested_lives())
def test_m14_a_net_investment_earns_what_comes_in_beyond_what_was_put_in(life):
    schedule, *after = _sides(life, life.lease.lessor)
    last = schedule.rows[-1].date
    earned = ("interest", "residual_accretion", "deferred_profit_released")
    back = ("payment", "receivable_returned", "residual_returned")
    put_in = schedule.total("initial_receivable") + schedule.total("initial_residual")
    put_in -= schedule.total("deferred_profit")

    assert schedule.balance("net_investment", last) == 0
    assert sum(schedule.total(c) for c in earned) == sum(schedule.total(c) for c in back) - put_in
    # What comes back is written off over the rest of its life, to its residual value.
    returned = schedule.total("receivable_returned") + schedule.total("residual_returned")
    assert [taken.name for taken in after] in ([], ["asset-taken-back"])
    assert 0 <= sum(taken.total("depreciation") for taken in after) <= returned


@given(
    st.lists(st.integers(10**4, 10**7), min_size=1, max_size=24),
    st.sampled_from(("advance", "arrears")),
    st.integers(1, 30),
    st.integers(0, 10**7),
    st.integers(2, 1000),
)
def test_m16_an_implicit_rate_gives_back_the_worth_it_was_solved_for(
    payments, timing, percent, residual, scale
):
    start = date(2029, 1, 1)
    first = LeaseSegment(start, len(payments), 12, timing, tuple(payments), Fraction(0), "")
    dues = [*payments, 0] if timing == "advance" else [0, *payments]
    dues[-1] += residual
    worth = present_value_minor(dues, Fraction(percent, 100), 0)
    assume(sum(dues) > worth)
    rate = implicit_rate(first, worth, residual)

    assert present_value_minor(dues, rate, 0) == worth
    larger = attrs.evolve(first, payments=tuple(scale * p for p in payments))
    assert implicit_rate(larger, scale * worth, scale * residual) == rate


# --- M18, M20, laws 2 and 10: order, names, dates, units -----------------------------------------


@given(lives())
def test_m18_the_order_of_events_in_the_file_changes_nothing(life):
    turned = attrs.evolve(life, events=tuple(reversed(life.events)))
    assert _moved(turned) == _moved(life)


@few
@given(lives(dated=True) | invested_lives(dated=True), st.data())
def test_m17_a_rent_split_in_two_on_its_day_posts_the_same(life, data):
    *others, last = data.draw(st.permutations(life.lease.rent.dated))
    part = data.draw(st.decimals(0, last.amount.get(), places=life.currency.decimals + 1))
    halves = [
        attrs.evolve(last, amount=figure(amount)) for amount in (part, last.amount.get() - part)
    ]
    split = attrs.evolve(life.lease.rent, dated=(*others, *halves))
    assert _moved(attrs.evolve(life, lease=attrs.evolve(life.lease, rent=split))) == _moved(life)


@given(lives(), st.sampled_from((4, 8)))
def test_law_10_a_lease_some_leap_years_later_has_the_same_amounts(life, years):
    later = shifted(life, years)
    expected = [
        (name, columns, [(_later(day, years), amounts) for day, amounts in rows])
        for name, columns, rows in _moved(life)
    ]
    assert _moved(later) == expected


@given(lives())
def test_law_10_m1_another_unit_of_currency_has_the_same_amounts(life):
    # A dollar in cents and a yen that is worth a cent are the same number of minor units.
    yen = attrs.evolve(scaled(life, life.unit), currency=Currency.of("JPY"))
    assert _moved(yen) == _moved(life)


def _later(day: date, years: int) -> date:
    return add_months(day, 12 * years)


def _walked(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value of the contract with something done to every leaf of it."""
    if attrs.has(type(value)):
        fields = [f.name for f in attrs.fields(type(value)) if f.init]
        return attrs.evolve(value, **{f: _walked(getattr(value, f), change) for f in fields})
    if isinstance(value, dict):
        return {_walked(k, change): _walked(v, change) for k, v in value.items()}
    if isinstance(value, tuple | frozenset):
        return type(value)(_walked(v, change) for v in value)
    return change(value)


def shifted(life: Life, years: int) -> Life:
    """The same life whole years later."""

    def change(leaf: Any) -> Any:
        return _later(leaf, years) if type(leaf) is date else leaf

    lease, events = _walked(life.lease, change), _walked(life.events, change)
    return attrs.evolve(life, lease=lease, events=events)


_NO_MONEY = (
    "discount_rate", "escalation", "index_base", "index_level", "retained_share",
)  # fmt: skip


def scaled(life: Life, factor: int) -> Life:
    """The same life with every amount times a factor."""

    def times(value: Any) -> Any:
        if attrs.has(type(value)):
            fields = [f.name for f in attrs.fields(type(value)) if f.name not in _NO_MONEY]
            return attrs.evolve(value, **{f: times(getattr(value, f)) for f in fields})
        if isinstance(value, tuple):
            return tuple(times(v) for v in value)
        return value * factor if isinstance(value, Decimal) else value

    thing = attrs.evolve(life, lease=times(life.lease), events=times(life.events)).thing
    worth = type(thing)(thing.fair_value * factor, thing.carrying_amount * factor)
    return attrs.evolve(life, lease=times(life.lease), events=times(life.events), thing=worth)


def renamed(case: Case) -> Case:
    """The case with every company but the parent, asset and contract under another name."""
    ids = [*case.deal.entities, *case.deal.assets, *case.deal.contracts]
    # The order of the names is turned round, so that nothing may hang on it.
    names = {i: f"x{999 - k}" for k, i in enumerate(sorted(ids)) if i != PARENT}

    def change(leaf: Any) -> Any:
        return names.get(leaf, leaf) if isinstance(leaf, str) else leaf

    deal = case.deal
    swapped = {
        part: {names.get(k, k): _walked(v, change) for k, v in getattr(deal, part).items()}
        for part in ("entities", "assets", "contracts")
    }
    events = _walked(deal.events, change)
    return attrs.evolve(
        case,
        deal=attrs.evolve(deal, **swapped, events=events),
        outcomes={(d, names.get(a, a)): o for (d, a), o in case.outcomes.items()},
        members=frozenset(names.get(m, m) for m in case.members),
        inside=tuple(names.get(i, i) for i in case.inside),
    )


def _lines(case: Case) -> Any:
    kept = case.kept()
    return lines_of(case, case.worksheet(kept), years_of(case, kept))


@few
@given(cases())
def test_law_10_m20_other_names_give_the_same_statements(case):
    assert _lines(renamed(case)) == _lines(case)


@few
@given(cases(), st.sampled_from((4, 8)))
def test_law_10_a_deal_some_leap_years_later_has_the_same_statements(case, years):
    def change(leaf: Any) -> Any:
        return _later(leaf, years) if type(leaf) is date else leaf

    parts = ("assets", "contracts")
    moved = {
        part: {k: _walked(v, change) for k, v in getattr(case.deal, part).items()} for part in parts
    }
    events, known = _walked(case.deal.events, change), _later(case.deal.known_to, years)
    deal = attrs.evolve(case.deal, **moved, events=events, known_to=known)
    later = {
        column: {(s, year - years, line): v for (s, year, line), v in lines.items()}
        for column, lines in _lines(attrs.evolve(case, deal=deal)).items()
    }
    assert later == _lines(case)


@given(lives())
def test_law_2_balances_end_at_zero_and_cost_is_what_is_paid_under_every_class(life):
    """
    Conditions: no purchase, all rents are paid, and a class that is the same all the time.
    """
    told = {e.kind for e in life.events}
    assume(told.isdisjoint({"purchase-option-reassessed", "collection-doubtful"}))
    events = tuple(attrs.evolve(e, lessee_classification=None) for e in life.events)
    for framework, lessee in (("us-gaap", "operating"), ("us-gaap", "finance"), ("ifrs", "")):
        one = attrs.evolve(life, events=events, framework=framework, lessee=lessee)
        schedule = _lessee(one)
        last = schedule.rows[-1].date
        assert schedule.balance("liability", last) == schedule.balance("rou", last) == 0
        level, front = ("cost",), ("interest", "amortisation")
        cost = sum(schedule.total(c) for c in (level if "cost" in schedule.columns else front))
        cost += schedule.total("variable_payment") + schedule.total("impairment")
        cost += schedule.total("rou_derecognised") - schedule.total("liability_derecognised")
        cost += schedule.total("penalty") - schedule.total("gain")
        outlay = ("payment", "variable_payment", "penalty", "prepaid", "day_one",
                  "initial_direct_costs", "restoration")  # fmt: skip
        paid = sum(schedule.total(c) for c in outlay) - schedule.total("incentives")
        assert cost == paid


# --- M31, M33, M36 --------------------------------------------------------------------------


@given(calm, st.integers(-(10**6), 10**6), st.data())
def test_m31_a_lease_taken_on_in_mid_life_goes_on_as_if_it_had_always_been_there(life, more, data):
    """
    At the same rate, what was carried at the day goes on; another asset moves no liability.
    """
    lease = attrs.evolve(
        life.lease, options=(), incentive_receivable=None, day_one_payment="included",
        rate_convention="nominal", expected_guarantee_payment=None, initial_direct_costs=None,
        prepaid=None, incentives=None, restoration=None,
    )  # fmt: skip
    # Days that every month has do not move when another day is the anchor.
    lease = attrs.evolve(lease, commencement_date=figure(date(2029, 1, 15)))
    always = attrs.evolve(life, lease=lease, renewed=False, framework="ifrs")
    at = data.draw(st.integers(1, _periods(always) - 1))
    day, count = _day(always, at), _periods(always) - at
    schedule = _lessee(always)
    carried = schedule.balance("liability", day - timedelta(days=1))
    asset = max(0, schedule.balance("rou", day - timedelta(days=1)) + more)

    def amount(minor: int) -> Any:
        return figure(Decimal(minor).scaleb(-life.currency.decimals))

    rent = Rent(lease.rent.every, lease.rent.timing, amounts=_left(always, at))
    taken = attrs.evolve(
        lease, commencement_date=figure(day), rent=rent,
        noncancellable=figure(duration(lease.rent.step_months * count)),
        handed_over=HandedOver(amount(carried), amount(asset)),
    )  # fmt: skip
    later = _lessee(attrs.evolve(always, lease=taken))
    for periods in range(1, count + 1):
        close = _day(always, at + periods) - timedelta(days=1)
        assert later.balance("liability", close) == schedule.balance("liability", close)


@given(calm)
def test_m33_a_renewal_that_becomes_certain_never_shortens_the_term(life):
    short, long = (attrs.evolve(life, renewed=one) for one in (False, True))
    terms = [term_months(one.lease, one.setting()) for one in (short, long)]
    assert terms[0] <= terms[1]
    assert (terms[0] < terms[1]) == bool(life.lease.options)


@given(
    st.lists(st.integers(10**4, 10**6), min_size=1, max_size=12),
    st.integers(1, 10**6),
    st.integers(1, 10**14),
    st.sampled_from(("advance", "arrears")),
)
def test_m36_a_sale_that_failed_is_the_loan_of_its_rate(payments, more, rate, timing):
    start = date(2029, 1, 1)
    received = sum(payments) + more
    terms = LeaseSegment(
        start, len(payments), 12, timing, tuple(payments), Fraction(rate, 10**15),
        rate_text(Fraction(rate, 10**15)),
    )  # fmt: skip
    schedule = financing_obligation("c", "a", "b", [(start, received)], [terms], lambda _: 0)
    last = schedule.rows[-1].date

    assert schedule.total("payment") == sum(payments)
    left = received + schedule.total("interest") - sum(payments)
    assert schedule.balance("obligation", last) == left
    # Interest is the one rate on what is owed, whatever the obligation is called.
    found = Fraction(Decimal(schedule.rates[-1].removeprefix("epoch 1: ").split(" ")[0]))
    rounding = 2 * len(payments) * (1 + found) ** len(payments)
    for k in range(len(payments)):
        opens = add_months(start, 12 * k)
        closes = add_months(opens, 12) - timedelta(days=1)
        before = schedule.balance("obligation", opens - timedelta(days=1)) if k else received
        bearing = before - payments[k] if timing == "advance" else before
        earned = schedule.total("interest", opens, closes)
        assert abs(earned - found * bearing) <= (1 if k + 1 < len(payments) else rounding)
