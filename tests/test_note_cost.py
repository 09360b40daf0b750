from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leasebook.measure.effective_interest import effective_interest, price_at
from leasebook.measure.note import note
from leasebook.measure.note_terms import NoteSegment, coupon_periods
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.day_count import DAY_COUNTS, year_fraction
from leasebook.reckoning.rates import NoCrossing

# A busy machine is no reason to fail, so there is no deadline.
law = settings(max_examples=60, deadline=None)

PAR = NoteSegment(
    issued=date(2026, 1, 1),
    principal=1_000_000,
    coupon_annual=Decimal("0.08"),
    day_count="30/360",
    first_coupon=date(2026, 7, 1),
    every_months=6,
    interest_only_until=date(2029, 1, 1),
    maturity=date(2029, 1, 1),
)


@st.composite
def loans(draw):
    """A loan with draws on days of their own, listed or level repayment, resets, and a price."""
    every = draw(st.sampled_from([1, 3, 6, 12]))
    count = draw(st.integers(2, 10))
    maturity = draw(st.dates(date(2030, 1, 1), date(2050, 12, 31)))
    dates = [add_months(maturity, -every * k) for k in range(count, -1, -1)]
    interest_only = draw(st.sampled_from(dates[1:]))
    span = (interest_only - dates[0]).days
    gaps = draw(st.lists(st.integers(1, span), max_size=3, unique=True))
    days = [dates[0], *(dates[0] + timedelta(gap) for gap in sorted(gaps))]
    draws = [(day, draw(st.integers(10**4, 10**10))) for day in days]
    first = draws[0][1]
    between = draw(st.lists(st.integers(1, (maturity - dates[0]).days), max_size=3, unique=True))
    parts = draw(st.lists(st.integers(1, 30), min_size=3, max_size=3))
    repaid = [
        (dates[0] + timedelta(gap), first * part // 100)
        for gap, part in zip(sorted(between), parts, strict=False)
    ]
    if interest_only != maturity:
        repaid = []
    resets = draw(st.lists(st.sampled_from(dates[1:-1]), max_size=2, unique=True))
    price = draw(st.integers(900, 1020))
    return NoteSegment(
        issued=dates[0],
        principal=sum(amount for _, amount in draws),
        coupon_annual=Decimal(draw(st.integers(200, 15_000))).scaleb(-5),
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        first_coupon=dates[1],
        every_months=every,
        interest_only_until=interest_only,
        maturity=maturity,
        draws=tuple(draws),
        repayments=tuple((day, amount) for day, amount in repaid if amount),
        resets=tuple((day, Decimal(draw(st.integers(200, 15_000))).scaleb(-5))
                     for day in sorted(resets)),
        discounts=tuple(amount * (1000 - price) // 1000 for _, amount in draws),
        costs=draw(st.integers(0, first // 50)),
    )  # fmt: skip


def made(terms, *, issued=True):
    """The schedule; loans whose premium leaves no rate from 0 on are passed over."""
    try:
        return note("n", "issuer", "holder", terms, issued=issued)
    except NoCrossing:
        assume(False)
        raise


@law
@given(loans())
def test_a_loan_ends_at_zero_and_costs_what_is_paid_beyond_what_was_received(terms):
    for issued in (True, False):
        schedule = made(terms, issued=issued)
        for balance in schedule.balances:
            assert schedule.balance(balance, terms.maturity) == 0
        priced = not terms.at_par and (issued or any(terms.discounts))
        less = sum(schedule.total(c) for c in ("discount", "costs")) if priced else 0
        received = schedule.total("issued") - less
        paid = schedule.total("coupon") + schedule.total("principal_paid")
        cost = schedule.total("interest") + (schedule.total("amortised") if priced else 0)
        assert cost == paid - received
        assert min(schedule.column("principal")) == 0
        assert schedule.total("issued") == schedule.total("principal_paid") == terms.principal


@law
@given(loans())
def test_interest_of_a_period_is_what_is_outstanding_day_by_day(terms):
    days = [period.end for period in coupon_periods(terms)]
    schedule = made(terms)
    for period in coupon_periods(terms):
        total, day = Fraction(0), period.start
        moved = [on for on in (*dict(terms.draws), *dict(terms.repayments), period.end)
                 if period.start < on <= period.end]  # fmt: skip
        for after in sorted({*moved}):
            outstanding = schedule.balance("principal", after - timedelta(1))
            whole = year_fraction(terms.day_count, period.start, after)
            total += outstanding * (whole - year_fraction(terms.day_count, period.start, day))
            day = after
        assert period.coupon == round(total * terms.coupon_on(period.start))
        assert schedule.total("coupon", period.end, period.end) == period.coupon
    assert days == terms.coupon_dates()


@law
@given(loans())
def test_a_note_at_par_has_its_coupon_as_effective_rate(terms):
    assume(not terms.resets)
    par = attrs.evolve(terms, discounts=(), costs=0)
    # coupons are rounded to minor units, of which the smallest draw has ten thousand
    assert abs(price_at(par, Fraction(par.coupon_annual)) - 1) < Fraction(1, 1000)
    whole = attrs.evolve(par, principal=PAR.principal, draws=(), repayments=())
    assert whole.at_par
    assert "amortised" not in note("n", "issuer", "holder", whole).columns


def test_the_effective_rate_makes_what_is_paid_worth_what_was_received():
    terms = attrs.evolve(PAR, discounts=(30_000,), costs=5_000)
    ((since, rate),) = effective_interest(terms, [[d] for d in terms.coupon_dates()]).rates
    growth = 1 + rate / 2
    worth = sum(Fraction(40_000) / growth**k for k in range(1, 7)) + 1_000_000 / growth**6
    assert since == terms.issued
    assert abs(worth - 965_000) < Fraction(1, 1000)
    # a percentage point and a third above the coupon
    assert round(float(rate), 6) == 0.093652


def test_amortisation_is_interest_on_what_is_carried_less_the_coupon():
    terms = attrs.evolve(PAR, discounts=(30_000,), costs=5_000)
    schedule = note("n", "issuer", "holder", terms)
    ((_, rate),) = effective_interest(terms, [[d] for d in terms.coupon_dates()]).rates
    left = 35_000
    for day in terms.coupon_dates()[:-1]:
        amortised = round((1_000_000 - left) * rate / 2) - 40_000
        left -= amortised
        assert schedule.balance("unamortised", day) == left
    assert schedule.balance("unamortised", terms.maturity) == 0


def test_a_holder_does_not_bear_the_costs_of_the_issue():
    with_costs = attrs.evolve(PAR, discounts=(30_000,), costs=5_000)
    without = attrs.evolve(PAR, discounts=(30_000,))
    held = note("n", "holder", "issuer", with_costs, issued=False)
    assert held.rows == note("n", "holder", "issuer", without, issued=False).rows
    assert held.rows == note("n", "issuer", "holder", without).rows
    only_costs = attrs.evolve(PAR, costs=5_000)
    assert "amortised" not in note("n", "holder", "issuer", only_costs, issued=False).columns


@law
@given(loans(), st.integers(100, 20_000))
def test_a_stated_effective_rate_comes_back_from_the_price_that_it_makes(terms, hundredths):
    rate = Fraction(hundredths, 100_000)
    par = attrs.evolve(terms, resets=(), discounts=(), costs=0)
    price = price_at(par, rate)
    assume(price > Fraction(1, 2))
    discounts = tuple(round(amount * (1 - price)) for _, amount in par.draws)
    assume(any(discounts))
    priced = attrs.evolve(par, discounts=discounts)
    try:
        solved = effective_interest(priced, [[p.end] for p in coupon_periods(priced)]).rates[0][1]
    except NoCrossing:
        assume(False)
        raise
    # prices are rounded to minor units, of which the smallest draw has ten thousand
    assert abs(solved - rate) < Fraction(1, 1000)


@law
@given(loans())
def test_a_reset_to_the_same_coupon_changes_nothing(terms):
    day = terms.coupon_dates()[-2]
    plain = attrs.evolve(terms, resets=(), discounts=(), costs=0)
    same = attrs.evolve(plain, resets=((day, terms.coupon_annual),))
    if terms.interest_only_until < terms.maturity:
        return  # level payments are worked out again for what is then left, to the unit
    assert made(same).rows == made(plain).rows


def test_a_floating_coupon_gives_another_effective_rate_from_its_day_on():
    floating = attrs.evolve(PAR, discounts=(30_000,), resets=((date(2027, 7, 1), Decimal("0.06")),))
    fixed = attrs.evolve(PAR, discounts=(30_000,))
    days = [[d] for d in PAR.coupon_dates()]
    (_, first), (since, second) = effective_interest(floating, days).rates
    assert first == effective_interest(fixed, days).rates[0][1]
    assert since == date(2027, 7, 1)
    # the margin over the coupon stays near what it was
    assert abs((second - Fraction(6, 100)) - (first - Fraction(8, 100))) < Fraction(1, 1000)
    schedule = note("n", "issuer", "holder", floating)
    assert schedule.total("coupon") == 3 * 40_000 + 3 * 30_000
    assert schedule.total("amortised") == 30_000


@law
@given(loans())
def test_a_loan_in_two_draws_is_two_loans_to_the_unit_of_each_rounding(terms):
    assume(len(terms.draws) > 1 and not terms.repayments)
    bullet = attrs.evolve(
        terms, discounts=(), costs=0, repayments=(), interest_only_until=terms.maturity
    )
    whole = note("n", "issuer", "holder", bullet)
    first = attrs.evolve(bullet, principal=bullet.draws[0][1], draws=bullet.draws[:1])
    rest = whole.total("coupon") - note("n", "issuer", "holder", first).total("coupon")
    expected = Fraction(0)
    for period in coupon_periods(bullet):
        for day, amount in bullet.draws[1:]:
            begins = max(day, period.start)
            if begins < period.end:
                whole_period = year_fraction(bullet.day_count, period.start, period.end)
                before = year_fraction(bullet.day_count, period.start, begins)
                expected += amount * (whole_period - before) * period.coupon_annual
    assert abs(rest - expected) <= len(bullet.coupon_dates())


def test_level_payments_are_worked_out_again_when_the_coupon_is_set_anew():
    terms = attrs.evolve(
        PAR, interest_only_until=PAR.issued, resets=((date(2027, 7, 1), Decimal("0.06")),)
    )
    periods = coupon_periods(terms)
    paid = [p.coupon + p.level for p in periods]
    assert paid[:3] == [PAR.level_of(1_000_000, Fraction(8, 100), 6)] * 3
    left = periods[3].opening
    assert paid[3:5] == [PAR.level_of(left, Fraction(6, 100), 3)] * 2
    assert sum(p.level for p in periods) == 1_000_000
