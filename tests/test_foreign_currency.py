"""
Leases in another currency than the books: worked by hand, the laws on generated lives, refusals.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import hall_deals
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from lease_lives import Life, invested_lives, let_lives, lives
from strategies import duration, figure

from leasebook import pipeline
from leasebook.book.chart import load_chart
from leasebook.book.keep import keep_books
from leasebook.book.post import post
from leasebook.cli import main
from leasebook.contract.check_currency import foreign_leases_stand_alone
from leasebook.contract.deal import Asset, Deal, Entity
from leasebook.contract.draft import draft_of
from leasebook.contract.event import Event
from leasebook.contract.exchange_rate import ExchangeRate, RateTable, known_on
from leasebook.contract.lease import HandedOver, Lease, Rent
from leasebook.disclosures.draw_up import drawn_up
from leasebook.disclosures.scope import Period
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.measured_facts import measured_fact
from leasebook.measure.missing_rates import MissingExchangeRates
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Row
from leasebook.measure.setting import Setting
from leasebook.measure.translation import Day, with_the_rent
from leasebook.pages.disclosures import ledger_scope
from leasebook.values.money import Currency

USD, EUR, JPY = Currency.of("USD"), Currency.of("EUR"), Currency.of("JPY")
some = settings(max_examples=24, deadline=None, derandomize=True)


# --- worked by hand ------------------------------------------------------------------------------
#
# Two yearly rents of EUR 1,100 and EUR 1,210 in arrears at 10 %: worth 1,000 + 1,000 = 2,000.
# A euro is worth 2 dollars on the first day, 4 at the end of the first year, 6 at the end of the
# second; on average 3 and 5.
#
#            liability EUR  interest EUR  rent EUR   asset EUR
# opening            2,000                               2,000
# 2029               1,100           200     1,100  operating: 1,155 - 200 = 955; even: 1,000
# 2030                   0           110     1,210  operating: 1,155 - 110 = 1,045; even: 1,000
#
#            interest USD       rent USD           liability USD   difference USD
# opening                                          2,000 x 2 = 4,000
# 2029       200 x 3 = 600      1,100 x 4 = 4,400  1,100 x 4 = 4,400  4,400 - (4,000 + 600 - 4,400)
# 2030       110 x 5 = 550      1,210 x 6 = 7,260              0      0 - (4,400 + 550 - 7,260)

BY_HAND = (
    ExchangeRate(EUR, figure(date(2029, 1, 1)), figure(Decimal(2)), figure(date(2029, 12, 30))),
    ExchangeRate(
        EUR, figure(date(2029, 12, 31)), figure(Decimal(4)), figure(date(2030, 12, 30)),
        average=figure(Decimal(3)),
    ),
    ExchangeRate(EUR, figure(date(2030, 12, 31)), figure(Decimal(6)), average=figure(Decimal(5))),
)  # fmt: skip
YEARS = {2029: (date(2029, 1, 1), date(2029, 12, 31)), 2030: (date(2030, 1, 1), date(2030, 12, 31))}


def shed(rates=BY_HAND, **terms):
    """A shed let for two years, in euro, between companies that keep books in dollars."""
    begins = figure(date(2029, 1, 1))
    rents = (figure(Decimal(1100)), figure(Decimal(1210)))
    lease = Lease(
        "shed-lease", "owner", "user", "shed", begins, figure(duration(24)),
        Rent(duration(12), "arrears", amounts=rents),
        discount_rate=figure(Decimal("0.1")), currency=EUR,
    )  # fmt: skip
    asset = Asset(
        "shed", "Shed", "equipment", figure(duration(120)), begins, figure(Decimal(5000)), "owner",
        carrying_amount=figure(Decimal(4800)), held_from=begins,
    )  # fmt: skip
    return Deal(
        id="shed", title="Shed", reporting="user", currency=USD, known_to=date(2029, 1, 1),
        sources={}, entities={e: Entity(e, e.title()) for e in ("owner", "user")},
        assets={"shed": asset}, contracts={"shed-lease": attrs.evolve(lease, **terms)},
        scenarios={}, events=(), judgements=(), facts=(), tables=(), assertions=(), bases={},
        filed={}, exchange_rates=rates,
    )  # fmt: skip


def measured(deal, framework="us-gaap", lessee="operating", lessor="operating"):
    """The schedules of the shed by name."""
    outcomes = {
        ("lease_term", "shed-lease"): "noncancellable-only",
        ("lessee_classification", "shed-lease"): lessee,
        ("lessor_classification", "shed-lease"): lessor,
    }
    setting = Setting(deal, framework, "plain", outcomes)
    made = lease_schedules(deal.contracts["shed-lease"], setting, {})
    return {schedule.name: schedule for schedule in made}


def by_year(schedule, *flows):
    """Flows of each year in currency units."""
    return {
        flow: [Decimal(schedule.total(flow, *days)).scaleb(-2) for days in YEARS.values()]
        for flow in flows
    }


def at_year_ends(schedule, balance):
    """A balance on the first day and at the end of each year in currency units."""
    days = [date(2029, 1, 1), *(last for _, last in YEARS.values())]
    return [Decimal(schedule.balance(balance, day)).scaleb(-2) for day in days]


def test_an_operating_lease_in_euro_costs_what_was_worked_out_by_hand():
    schedule = measured(shed())["lessee-operating"]
    assert at_year_ends(schedule, "liability") == [4000, 4400, 0]
    assert at_year_ends(schedule, "rou") == [4000, 2090, 0]
    assert by_year(
        schedule, "payment", "interest", "rou_reduction", "cost", "exchange_difference"
    ) == {
        "payment": [4400, 7260],
        "interest": [600, 550],
        "rou_reduction": [1910, 2090],
        "cost": [2510, 2640],
        "exchange_difference": [4200, 2310],
    }


@pytest.mark.parametrize(
    ("framework", "lessee", "name"),
    [("us-gaap", "finance", "lessee-finance"), ("ifrs", "operating", "lessee-ifrs")],
)
def test_a_lease_with_interest_in_euro_costs_what_was_worked_out_by_hand(framework, lessee, name):
    lessor = "finance" if framework == "ifrs" else "operating"
    schedule = measured(shed(), framework, lessee, lessor)[name]
    assert at_year_ends(schedule, "liability") == [4000, 4400, 0]
    assert at_year_ends(schedule, "rou") == [4000, 2000, 0]
    assert by_year(schedule, "interest", "amortisation", "exchange_difference") == {
        "interest": [600, 550],
        "amortisation": [2000, 2000],
        "exchange_difference": [4200, 2310],
    }
    assert by_year(schedule, "interest_paid", "principal_paid") == {
        "interest_paid": [800, 660],
        "principal_paid": [3600, 6600],
    }


def test_an_operating_lessor_accrues_at_the_rate_of_the_time_and_holds_the_claim_at_closing():
    # Income of EUR 1,155 a year; EUR 55 are accrued at the end of 2029, worth 55 x 4 = 220.
    schedule = measured(shed())["lessor-operating"]
    assert at_year_ends(schedule, "deferred_rent") == [0, -220, 0]
    income = by_year(schedule, "income", "exchange_difference")
    assert income["income"] == [1155 * 3, 1155 * 5]
    # Received and owed, less income: 4,400 + 220 - 3,465 in 2029, 7,260 - 220 - 5,775 in 2030.
    assert income["exchange_difference"] == [-(4400 + 220 - 3465), -(7260 - 220 - 5775)]


def test_a_receivable_in_euro_is_at_the_closing_rate_and_the_asset_leaves_at_its_own_cost():
    # Fair value of USD 5,000 is EUR 2,500; the rate of 10 % is stated; EUR 2,000 x 2 is receivable.
    deal = shed(lessor_rate=figure(Decimal("0.1")), unguaranteed_residual=figure(Decimal(0)))
    schedule = measured(deal, lessor="sales-type")["lessor-sales-type"]
    assert at_year_ends(schedule, "receivable") == [4000, 4400, 0]
    assert by_year(schedule, "asset_derecognised", "selling_profit", "interest") == {
        "asset_derecognised": [4800, 0],
        "selling_profit": [-800, 0],
        "interest": [600, 550],
    }
    assert by_year(schedule, "exchange_difference")["exchange_difference"] == [4200, 2310]


def test_rent_paid_ahead_becomes_cost_at_the_rate_it_was_paid_at():
    # Two yearly rents in advance: EUR 1,000 at 2 on the first day, EUR 1,200 at 4 a year later.
    rents = (figure(Decimal(1000)), figure(Decimal(1200)))
    rates = (BY_HAND[0], attrs.evolve(BY_HAND[1], average=None), BY_HAND[2])
    deal = shed(rates, rent=Rent(duration(12), "advance", amounts=rents))
    setting = Setting(
        deal, "us-gaap", "plain",
        {("lease_term", "shed-lease"): "noncancellable-only",
         ("lease_exemption", "shed-lease"): "short-term",
         ("lessor_classification", "shed-lease"): "operating"},
    )  # fmt: skip
    made = {s.name: s for s in lease_schedules(deal.contracts["shed-lease"], setting, {})}
    exempt, let = made["lessee-exempt"], made["lessor-operating"]
    # EUR 1,100 a year; until 1,000 of 2029 are used, at 2; the last of the year at its own rates.
    assert exempt.balance("prepaid_rent", date(2029, 1, 1)) == 2000_00
    assert exempt.balance("prepaid_rent", date(2029, 11, 30)) == -exempt.total(
        "cost", last=date(2029, 11, 30)
    ) + 2000_00 + exempt.total("exchange_difference", last=date(2029, 11, 30))
    # On 2030-01-01 EUR 1,200 pay the EUR 100 that is owed; 1,100 are ahead, at 4.
    assert exempt.balance("prepaid_rent", date(2029, 12, 31)) == -400_00
    assert exempt.balance("prepaid_rent", date(2030, 1, 1)) == 4400_00
    assert exempt.total("cost", *YEARS[2030]) == 4400_00
    assert exempt.total("exchange_difference", *YEARS[2030]) == 0
    assert exempt.total("cost") - exempt.total("exchange_difference") == 2000_00 + 4800_00
    assert let.total("income") == exempt.total("cost")


def test_a_remeasurement_is_a_layer_of_the_asset_at_the_rate_of_its_day():
    # A rent change on 2030-01-01 (rate 4): EUR 1,210 becomes 1,320 at 10 %: the liability of
    # EUR 1,100 becomes 1,200. The asset of EUR 1,000 (finance) stands at USD 2,000 and gets 400.
    deal = shed()
    event = Event("plain", "shed-lease", "rent-changed", figure(date(2030, 1, 1)),
                  amount=figure(Decimal(1320)))  # fmt: skip
    schedule = measured(attrs.evolve(deal, events=(event,)), lessee="finance")["lessee-finance"]
    assert schedule.total("remeasurement") == 400_00
    assert schedule.balance("rou", date(2030, 1, 1)) == 2400_00
    assert schedule.total("amortisation", *YEARS[2030]) == 2400_00
    assert schedule.balance("liability", date(2030, 12, 31)) == 0


def test_an_asset_that_one_change_takes_to_zero_and_the_next_of_the_day_raises_has_a_gain():
    # With EUR 200 of incentives the asset stands at EUR 900 and USD 1,800 on 2030-01-01 (rate 4).
    # A rent of EUR 110 takes EUR 1,000 or USD 4,000 off: USD 2,200 are a gain, and nothing is left.
    # A rent of EUR 1,320 then brings EUR 1,100 or USD 4,400.
    day = figure(date(2030, 1, 1))
    events = tuple(
        Event("plain", "shed-lease", "rent-changed", day, order, amount=figure(Decimal(rent)))
        for order, rent in enumerate((110, 1320))
    )
    deal = shed(incentives=figure(Decimal(200)))
    schedule = measured(attrs.evolve(deal, events=events), lessee="finance")["lessee-finance"]
    assert schedule.total("gain") == 2200_00
    assert schedule.balance("rou", date(2030, 1, 1)) == 4400_00
    assert schedule.total("amortisation", *YEARS[2030]) == 4400_00


def test_variable_rent_is_rounded_with_the_rent_of_its_day():
    # At 0.5 one yen and another are each nothing, and two are one: both sides pay the same.
    def booked(**flows: int) -> dict[str, int]:
        day = Day(Row(date(2030, 1, 1), 1, 1, ()), flows, {}, Fraction(1, 2), Fraction(1, 2))
        found = day.at_closing(*flows)
        with_the_rent(day, found, {})
        return found

    assert booked(payment=2) == {"payment": 1}
    assert booked(payment=1, variable_payment=1) == {"payment": 0, "variable_payment": 1}


# --- the laws ------------------------------------------------------------------------------------


HOME = {0: "KRW", 2: "CHF", 3: "BHD"}


def abroad(life: Life, rates, *, home=None, worth=1):
    """The setting of a life whose lease is in a foreign currency, its asset in the deal's."""
    own = Currency.of(home or HOME[life.currency.decimals])
    lease = attrs.evolve(life.lease, currency=life.currency)
    setting = life.setting()
    assets = {
        key: attrs.evolve(
            asset,
            fair_value=figure(asset.fair_value.get() * worth),
            carrying_amount=figure(asset.carrying_amount.get() * worth),
            residual_value=figure(asset.residual_value.get() * worth),
        )
        for key, asset in setting.deal.assets.items()
    }
    deal = attrs.evolve(
        setting.deal, currency=own, contracts={lease.id: lease}, assets=assets,
        exchange_rates=tuple(rates(life)),
    )  # fmt: skip
    return lease, attrs.evolve(setting, deal=deal)


def standing(rate):
    """One rate for all time."""

    def made(life: Life) -> Iterator[ExchangeRate]:
        yield ExchangeRate(
            life.currency, figure(date(2020, 1, 1)), figure(Decimal(rate)), figure(date(2999, 1, 1))
        )

    return made


def moving(numbers):
    """Rates that change every few days, round and round, some with an average."""

    def made(life: Life) -> Iterator[ExchangeRate]:
        day = date(2027, 12, 31)
        for k in range(900):
            n = numbers[k % len(numbers)]
            average = figure(Decimal(n + 3).scaleb(-3)) if k and n % 3 == 0 else None
            yield ExchangeRate(
                life.currency, figure(date.fromordinal(day.toordinal() + 26 * k)),
                figure(Decimal(n).scaleb(-3)), figure(date(2999, 1, 1)), average,
            )  # fmt: skip

    return made


def schedules_of(lease, setting):
    """Both sides' schedules; a lease that is refused in its currency is no example."""
    try:
        return list(lease_schedules(lease, setting, {}))
    except NotModelled:
        reject()


every_life = st.one_of(lives(), let_lives(), invested_lives())
numbers = st.lists(st.integers(600, 1800), min_size=2, max_size=9)


@some
@given(every_life)
def test_a_rate_of_one_changes_no_integer(life):
    plain = list(lease_schedules(life.lease, life.setting(), {}))
    made = schedules_of(*abroad(life, standing(1)))
    for before, after in zip(plain, made, strict=True):
        assert (before.name, [r.date for r in before.rows]) == (
            after.name,
            [r.date for r in after.rows if r.date in {x.date for x in before.rows}],
        )
        for column in before.columns:
            shown = [
                [
                    one.balance(column, r.date) if column in one.balances
                    else one.total(column, r.date, r.date)
                    for r in before.rows
                ]
                for one in (before, after)
            ]  # fmt: skip
            assert shown[0] == shown[1]
        assert not any(after.total(c) for c in after.columns if c.startswith("exchange_difference"))


@some
@given(every_life)
def test_a_constant_rate_of_two_doubles_every_amount(life):
    plain = list(lease_schedules(life.lease, life.setting(), {}))
    made = schedules_of(*abroad(life, standing(2), worth=2))
    for before, after in zip(plain, made, strict=True):
        for column in before.columns:
            for row in before.rows:
                now = (
                    after.balance(column, row.date)
                    if column in after.balances
                    else after.total(column, row.date, row.date)
                )
                assert now == 2 * row.amounts[before.columns.index(column)], column


@some
@given(every_life, numbers)
def test_balances_end_with_those_of_the_lease_and_stand_at_the_closing_rate(life, found):
    lease, setting = abroad(life, moving(found))
    made = schedules_of(lease, setting)
    table = setting.rates_of(lease)
    for schedule in made:
        before = schedule.foreign
        for balance in schedule.balances & {"liability", "receivable", "rent_receivable"}:
            at = schedule.columns.index(balance)
            for row, there in zip(schedule.rows, before.amounts, strict=True):
                worth = there[at] * table.closing(row.date) * table.minor
                assert abs(row.amounts[at] - worth) <= Fraction(1, 2)
        for balance in schedule.balances:
            at = schedule.columns.index(balance)
            if before.amounts[-1][at] == 0:
                assert schedule.rows[-1].amounts[at] == 0


@some
@given(every_life, numbers)
def test_cost_over_the_life_is_the_cash_of_the_life_and_the_cash_of_both_sides_is_one(life, found):
    lease, setting = abroad(life, moving(found))
    made = schedules_of(lease, setting)
    chart = load_chart()
    cash, result, held = defaultdict(int), defaultdict(int), defaultdict(int)
    for schedule in made:
        for p in post([schedule], framework=setting.framework):
            for account, amount in ((p.debit, p.amount_minor), (p.credit, -p.amount_minor)):
                if chart[account].cash:
                    outside = "outside costs" if "direct costs" in p.text else p.date
                    cash[p.entity, outside] += amount
                elif chart[account].is_result:
                    result[p.entity] += amount
                else:
                    held[p.entity] += amount
    for entity in (lease.lessee, lease.lessor):
        paid = sum(amount for (who, _), amount in cash.items() if who == entity)
        assert result[entity] + held[entity] + paid == 0
    days = {day for _, day in cash if day != "outside costs"}
    for day in days:
        assert cash[lease.lessee, day] + cash[lease.lessor, day] == 0, day
    # nothing is carried at the end but what the lease leaves behind in its own currency, too
    left = {
        s.name: [
            a for c, a in zip(s.columns, s.foreign.amounts[-1], strict=True) if c in s.balances
        ]
        for s in made
    }
    if not any(any(some) for some in left.values()):
        for s in made:
            assert not any(
                a for c, a in zip(s.columns, s.rows[-1].amounts, strict=True) if c in s.balances
            )


@some
@given(lives(most=0), numbers)
def test_what_a_lessee_books_in_all_is_what_it_pays_in_all(life, found):
    lease, setting = abroad(life, moving(found))
    made = [s for s in lease_schedules(lease, setting, {}) if s.entity == lease.lessee]
    (schedule,) = [s for s in made if s.name.startswith("lessee")]
    spent = {"payment": 1, "prepaid": 1, "day_one": 1, "initial_direct_costs": 1, "incentives": -1}
    paid = sum(sign * schedule.total(flow) for flow, sign in spent.items())
    if schedule.name == "lessee-exempt":
        cost = schedule.total("cost") - schedule.total("exchange_difference")
        assert cost == paid
        return
    kinds = ("cost",) if "cost" in schedule.columns else ("interest", "amortisation")
    cost = sum(schedule.total(c) for c in kinds) + schedule.total("exchange_difference")
    assert cost == paid + schedule.total("restoration")


@pytest.mark.parametrize("code", ["JPY", "KWD"])
def test_minor_units_of_other_decimals_are_those_of_the_currency(code):
    # a rent of 1,100 units is 110,000 minor units of a dollar at a rate of one, whatever the code
    currency = Currency.of(code)
    rate = ExchangeRate(
        currency, figure(date(2029, 1, 1)), figure(Decimal(1)), figure(date(2999, 1, 1))
    )
    schedule = measured(shed((rate,), currency=currency))["lessee-operating"]
    assert schedule.total("payment") == 2310_00
    assert schedule.total("initial") == 2000_00
    assert schedule.foreign.amounts[0][0] == 2000 * 10**currency.decimals


# --- classification ------------------------------------------------------------------------------


def test_the_value_of_payments_is_compared_with_fair_value_at_the_rate_of_commencement():
    deal = shed()
    setting = Setting(deal, "us-gaap", "plain", {})
    subject = next(s for s in pipeline.subjects(deal) if s.id == "shed-lease")
    fact = measured_fact("present_value_for_classification", subject, {}, setting)
    assert fact.value == 4000  # EUR 2,000 at 2, against a fair value of USD 5,000


# --- rates of a day ------------------------------------------------------------------------------


def test_a_rate_stands_for_a_week_or_until_it_says():
    table = RateTable.of(BY_HAND[:1], EUR, USD)
    week = RateTable.of([attrs.evolve(BY_HAND[0], until=None)], EUR, USD)
    assert table.closing(date(2029, 12, 30)) == 2
    assert table.closing(date(2029, 12, 31)) is None
    assert table.closing(date(2028, 12, 31)) is None
    assert week.closing(date(2029, 1, 8)) == 2
    assert week.closing(date(2029, 1, 9)) is None


def test_an_average_is_of_the_time_up_to_its_day():
    table = RateTable.of(BY_HAND, EUR, USD)
    days = [date(2029, 1, 31), date(2029, 12, 31), date(2030, 1, 1), date(2029, 1, 1)]
    assert [table.accruing(day) for day in days] == [3, 3, 5, 2]


def test_what_is_known_on_a_day_stands_from_then_on():
    table = RateTable.of(known_on(BY_HAND, date(2030, 3, 1)), EUR, USD)
    assert [table.closing(date(y, 12, 31)) for y in (2029, 2030, 2050)] == [4, 4, 4]
    assert known_on(BY_HAND, date(2028, 1, 1)) == BY_HAND


def test_every_day_without_a_rate_is_named_at_once():
    deal = shed((attrs.evolve(BY_HAND[0], until=figure(date(2029, 2, 28))), BY_HAND[2]))
    second = attrs.evolve(deal.contracts["shed-lease"], id="other-lease")
    deal = attrs.evolve(deal, contracts={**deal.contracts, "other-lease": second})
    outcomes = {
        (f"{side}_classification", lease): "operating"
        for side in ("lessee", "lessor")
        for lease in deal.contracts
    }
    with pytest.raises(MissingExchangeRates) as caught:
        keep_books(Setting(deal, "us-gaap", "plain", outcomes), "plain")
    months = [(2029, m) for m in range(3, 13)] + [(2030, m) for m in range(1, 12)]
    days = tuple(date(y, m, calendar.monthrange(y, m)[1]) for y, m in months)
    assert caught.value.missing == (
        ("shed-lease", "EUR", days),
        ("other-lease", "EUR", days),
    )


def test_a_fiscal_year_that_ends_within_a_month_has_a_day_of_its_own():
    deal = shed()
    user = attrs.evolve(deal.entities["user"], fiscal_year_end="06-15")
    deal = attrs.evolve(deal, entities={**deal.entities, "user": user})
    schedule = measured(deal)["lessee-operating"]
    days = [row.date for row in schedule.rows]
    assert {date(2029, 6, 15), date(2030, 6, 15)} <= set(days)
    assert days == sorted(set(days))


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "lessor", "said"),
    [
        ({"unguaranteed_residual": figure(Decimal(900))}, "sales-type", "initial residual"),
        (
            {"lessor_rate": figure(Decimal("0.02")), "unguaranteed_residual": figure(Decimal(0)),
             "prepaid": figure(Decimal(900))},
            "direct-financing",
            "deferred profit",
        ),
    ],
)  # fmt: skip
def test_parts_of_a_net_investment_that_are_not_monetary_are_refused(terms, lessor, said):
    with pytest.raises(NotModelled, match=f"another currency, and has {said}"):
        measured(shed(**terms), lessor=lessor)


def test_balances_that_are_handed_over_are_refused_when_the_deal_is_read():
    lease = attrs.evolve(
        shed().contracts["shed-lease"], handed_over=HandedOver(lease_liability=figure(Decimal(1)))
    )
    draft, _ = draft_of({})
    header = type("Header", (), {"currency": USD})()
    draft = attrs.evolve(draft, contracts={"shed-lease": lease}, deal=header)
    draft = attrs.evolve(draft, exchange_rates=dict(enumerate(BY_HAND)))
    assert [f.code for f in foreign_leases_stand_alone(draft)] == ["LB0442"]


# --- the whole way -------------------------------------------------------------------------------


def hall(tmp_path, parts="", **more):
    """The hall's lease in euro, with a rate that goes up every month."""
    text = ""
    for k in range(72):
        year, month = 2025 + (11 + k) // 12, (11 + k) % 12 + 1
        last = calendar.monthrange(year, month)[1]
        text += (
            f'\n[[exchange_rates]]\ncurrency = "EUR"\ndate = {year}-{month:02}-{last}\n'
            f'closing = "{1 + Decimal(k) / 100}"\nassumption = "it rises"\n'
        )
    terms = 'currency = "EUR"\nunguaranteed_residual = "0"'
    return hall_deals.opened(tmp_path, parts + text, terms=terms, **more)


def outcomes(deal, framework="us-gaap"):
    """A setting in which the hall is let on operating leases."""
    return hall_deals.decided(
        deal, framework, lease_term="noncancellable-only", lessee_classification="operating",
        lessor_classification="operating",
    )  # fmt: skip


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_disclosures_of_every_year_tie_to_ledger_and_schedules(tmp_path, framework):
    setting = outcomes(hall(tmp_path), framework)
    kept = keep_books(setting, "as-filed")
    scope = ledger_scope(setting, frozenset({"tenant"}), kept, kept.books["tenant"].postings)
    periods = [
        Period(f"FY{year}", date(year, 1, 1), date(year, 12, 31)) for year in range(2025, 2031)
    ]
    found = {(d.disclosure, d.period, d.line): d.value for d in drawn_up(scope, periods)}
    rolled = {line: v for (t, p, line), v in found.items()
              if (t, p) == ("liability-rollforward", "FY2026")}  # fmt: skip
    assert rolled["exchange-difference"] > 0
    assert rolled["closing"] == sum(v for k, v in rolled.items() if k != "closing")
    for year in range(2026, 2030):
        day = date(year, 12, 31)
        rate = setting.rates_of(setting.deal.contracts["hall-lease"]).closing(day)
        left = 60 - 12 * (year - 2025)
        undiscounted = found["lessee-maturity", f"FY{year}", "total-undiscounted"]
        assert undiscounted == 50_000_00 * left * rate
    before = found["not-yet-commenced", "FY2025", "undiscounted"]
    assert before == 60 * 50_000_00


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_a_lease_within_the_group_leaves_nothing_of_its_currency(tmp_path, framework):
    deal = hall(tmp_path)
    whole = [attrs.evolve(b, perimeter={"owner": "consolidate"}) for b in deal.bases.values()]
    deal = attrs.evolve(deal, bases={b.id: b for b in whole})
    lessor = "operating"
    assume = [
        "lease_term(hall-lease)=noncancellable-only",
        "lessee_classification(hall-lease)=operating",
        f"lessor_classification(hall-lease)={lessor}",
    ]
    found = pipeline.run(deal, "as-filed", framework, assume=assume)
    assert found.worksheet is not None
    lines = pipeline.amounts(found)["as-consolidated"]
    for (_, _, line), amount in lines.items():
        if line in ("exchange-differences", "lease-liabilities", "right-of-use-assets",
                    "rental-income", "operating-lease-cost", "receivables", "cash"):  # fmt: skip
            assert amount == 0, line


def test_journal_and_explanation_show_the_amount_in_its_currency(tmp_path, capsys):
    hall(tmp_path)
    flags = [
        "--basis", "as-filed",
        "--assume", "lease_term(hall-lease)=noncancellable-only",
        "--assume", "lessee_classification(hall-lease)=operating",
        "--assume", "lessor_classification(hall-lease)=operating",
    ]  # fmt: skip
    path = str(tmp_path / "deal.toml")

    def printed(*arguments: str) -> str:
        wide = [] if "--format" in arguments else ["--width", "200"]
        assert main.run([*arguments, *flags, *wide]) == 0
        return " ".join(capsys.readouterr().out.split())

    assert "EUR 50,000.00 at 1.01" in printed("journal", path)
    assert "EUR,50000.00,1.01" in printed("journal", path, "--format", "csv")
    assert "at 1.11 USD for one" in printed("explain", path, "rent-paid@FY2026")
    difference = printed("explain", path, "exchange-differences@FY2026", "--format", "csv")
    assert "liability EUR 2,127,152.92" in difference
    assert "closing rate of 2026-12-31,,exchange_rates[12].closing = 1.12" in difference
    assert "Exchange differences" in printed("statements", path)


def test_a_deal_without_its_rates_ends_with_the_days(tmp_path, capsys):
    rate = (
        '\n[[exchange_rates]]\ncurrency = "EUR"\ndate = 2026-01-01\nclosing = "1.08"\n'
        'assumption = "one alone"\n'
    )
    hall_deals.opened(tmp_path, rate, terms='currency = "EUR"')
    flags = [
        "--assume", "lease_term(hall-lease)=noncancellable-only",
        "--assume", "lessee_classification(hall-lease)=operating",
        "--assume", "lessor_classification(hall-lease)=operating",
    ]  # fmt: skip
    assert main.run(["journal", str(tmp_path / "deal.toml"), *flags]) == 1
    said = capsys.readouterr().err
    assert "error[LB0008]" in said
    assert "contracts.hall-lease.currency needs EUR on 2026-01-31, 2026-02-01" in said
    assert "add [[exchange_rates]]" in said
