"""Leases as they are accounted for: apart in one contract, over contracts, in portfolios."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hall_deals import component, opened, stated
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lease_lives import lives
from strategies import SCENARIO, figure
from test_components import cash

from leasebook import pipeline
from leasebook.contract.lease import Component
from leasebook.measure.lease_course import lease_segments
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.measure.units_of_account import units_of_account

FRAMEWORKS = ("us-gaap", "ifrs")


def asset(name, fair_value, life="40 years"):
    return (
        f'\n[assets.{name}]\ntitle = "{name}"\nkind = "real-estate"\nowner = "owner"\n'
        f'source = "agreement"\nuseful_life = "{life}"\nin_service = 2026-01-01\n'
        f'fair_value = "{fair_value}"\ncarrying_amount = "{fair_value}"\nheld_from = 2025-12-31\n'
    )


LAND = asset("land", "3_000_000", "999 years")


def right(name, price, of, *lines):
    return component(name, "lease", price) + f'asset = "{of}"\n' + "".join(f"{x}\n" for x in lines)


def distinct(*names, lease="hall-lease", **more):
    facts = {
        "gives_right_to_use": True,
        "usable_on_its_own": True,
        "highly_interdependent": False,
        "is_land": False,
        "land_effect_insignificant": False,
    }
    return "".join(stated(f"{lease}/{name}", **{**facts, **more}) for name in names)


def decided(*leases, **classes):
    """Outcomes of a basis that leave no decision about some leases open."""
    known = {
        "lease_term": "noncancellable-only",
        "lease_exemption": "none-applies",
        "contains_lease": "lease",
        "lessor_classification": "operating",
        "lessee_classification": "operating",
        **classes,
    }
    return tuple(
        f"{name}({lease})={outcome}" for lease in leases for name, outcome in known.items()
    )


def books(deal, framework="us-gaap"):
    run = pipeline.run(deal, "as-filed", framework)
    assert run.open_decisions == ()
    return run.kept


def booked(kept, renamed=None):
    """The postings of every book, sorted, without the names of leases or under others."""
    names = renamed or {}
    return sorted(
        (entity, p.date, p.debit, p.credit, p.amount_minor, names.get(p.contract, p.contract))
        for entity, book in kept.books.items()
        for p in book.postings
    )


TWO = LAND + right("building", "30_000", "hall") + right("land", "15_000", "land")


def test_land_and_building_are_two_leases_with_their_own_classes(tmp_path):
    outcomes = [x for x in decided("hall-lease") if not x.startswith("lessee_cl")]
    facts = stated("hall-lease", no_alternative_use=False, purchase_option_reasonably_certain=False)
    building, land = distinct("building"), distinct("land", is_land=True)
    # Thirty-five of forty years are the major part of a building's life, and not of land's.
    deal = opened(
        tmp_path,
        TWO + building + land + facts,
        terms="title_transfers = false",
        rent="10_000",
        outcomes=outcomes,
    )
    text = (tmp_path / "deal.toml").read_text(encoding="utf-8")
    text = text.replace('noncancellable    = "5 years"', 'noncancellable    = "35 years"')
    (tmp_path / "deal.toml").write_text(text, encoding="utf-8")
    deal = pipeline.open_deal(tmp_path / "deal.toml")
    run = pipeline.run(deal, "as-filed", "us-gaap")
    assert run.reached.outcome("lessee_classification", "hall-lease/building") == "finance"
    assert run.reached.outcome("lessee_classification", "hall-lease/land") == "operating"
    assert {(s.contract, s.name) for s in run.kept.schedules if s.entity == "tenant"} == {
        ("hall-lease/building", "lessee-finance"),
        ("hall-lease/land", "lessee-operating"),
    }


def test_land_that_is_not_distinct_stands_apart_under_us_gaap_alone(tmp_path):
    building = distinct("building")
    land = distinct("land", is_land=True, usable_on_its_own=False, highly_interdependent=True)
    deal = opened(tmp_path, TWO + building + land, outcomes=decided("hall-lease"))
    us, ifrs = (pipeline.run(deal, "as-filed", framework).deal for framework in FRAMEWORKS)
    assert set(us.contracts) == {"hall-lease/building", "hall-lease/land"}
    assert set(ifrs.contracts) == {"hall-lease"}


@pytest.mark.parametrize("missing", ["usable_on_its_own", "asset", "price"])
def test_components_that_cannot_be_told_apart_stay_one_lease(tmp_path, missing):
    parts = TWO + distinct("building", "land")
    if missing == "asset":
        parts = parts.replace('asset = "land"\n', "")
    if missing == "price":
        parts = parts.replace('"15_000"', '{ unknown = "not public" }')
    if missing == "usable_on_its_own":
        parts = parts.replace("value = true", 'unknown = "not public"')
    deal = opened(tmp_path, parts, outcomes=decided("hall-lease"))
    found = pipeline.run(deal, "as-filed", "us-gaap")
    assert set(found.deal.contracts) == {"hall-lease"}


MACHINES = {"bulldozer": (170, 32), "truck": (102, 16), "excavator": (224, 56)}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_three_machines_with_maintenance_are_three_leases(tmp_path, framework):
    # Consideration and prices of IFRS 16 IE12 (thousands); annuity of 5 % over four years by hand.
    parts = asset("truck", "400") + asset("excavator", "900")
    for name, (price, care) in MACHINES.items():
        parts += right(name, price, "hall" if name == "bulldozer" else name)
        parts += component(f"{name} care", "non-lease", care) + f'belongs_to = "{name}"\n'
    deal = opened(tmp_path, parts + distinct(*MACHINES), outcomes=decided("hall-lease"))
    text = (tmp_path / "deal.toml").read_text(encoding="utf-8")
    text = text.replace('"5 years"', '"4 years"').replace('"6.5%"', '"5%"')
    text = text.replace('"50_000"', '"150"').replace('"month"', '"year"')
    text = text.replace('"advance"', '"arrears"')
    (tmp_path / "deal.toml").write_text(text, encoding="utf-8")
    deal = pipeline.open_deal(tmp_path / "deal.toml")
    run = pipeline.run(deal, "as-filed", framework)
    leases = {name: run.deal.contracts[f"hall-lease/{name}"] for name in MACHINES}
    segments = {name: lease_segments(each, run.setting)[0] for name, each in leases.items()}
    assert {name: set(s.payments) for name, s in segments.items()} == {
        "bulldozer": {42_50},
        "truck": {25_50},
        "excavator": {56_00},
    }
    assert {name: s.present_value() for name, s in segments.items()} == {
        "bulldozer": 150_70,
        "truck": 90_42,
        "excavator": 198_57,
    }
    paid = cash(run.kept, "tenant")
    assert list(paid.values()) == [-150_00] * 4
    services = [p for p in run.kept.books["tenant"].postings if p.debit == "service-cost"]
    assert sum(p.amount_minor for p in services) == 104_00


EVENTS = {
    "none": "",
    "longer": (
        '\n[[events]]\nscenario = "course"\ncontract = "{lease}"\nkind = "extended"\n'
        'date = 2028-01-01\npayments = [{rents}]\ndiscount_rate = "7%"\nsource = "agreement"\n'
        'lessor_classification = "operating"\nlessee_classification = "operating"\n'
    ),
    "smaller": (
        '\n[[events]]\nscenario = "course"\ncontract = "{lease}"\nkind = "scope-reduced"\n'
        'date = 2028-01-01\nretained_share = "50%"\nsource = "agreement"\n'
        'lessor_classification = "operating"\nlessee_classification = "operating"\n'
    ),
    "ended": (
        '\n[[events]]\nscenario = "course"\ncontract = "{lease}"\nkind = "terminated"\n'
        'date = 2029-03-01\npenalty = "{penalty}"\nsource = "agreement"\n'
    ),
}


def event_of(kind, lease, share):
    """An event of a contract that costs 51,000 then and 9,000 to leave, or of a share of it."""
    rents = ", ".join([f'"{int(51_000 * share)}"'] * 48)
    return EVENTS[kind].format(lease=lease, rents=rents, penalty=int(9_000 * share))


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_contract_split_by_hand_gives_the_same_integers(tmp_path, framework, kind):
    terms = (
        'initial_direct_costs = "{0}"\nprepaid = "{0}"\nincentives = "{1}"\nrestoration = "{1}"\n'
        'lessor_initial_direct_costs = "{1}"\n'
    )
    one = opened(
        tmp_path,
        TWO + distinct("building", "land") + event_of(kind, "hall-lease", 1),
        terms=terms.format("6_000", "3_000"),
        rent="45_000",
        outcomes=decided("hall-lease"),
    )
    whole = booked(books(one, framework))
    text = (tmp_path / "deal.toml").read_text(encoding="utf-8")
    begin, end = text.index("[contracts.hall-lease]"), text.index("[scenarios.course]")
    lease = (
        '[contracts.hall-lease]\nkind = "lease"\nlessor = "owner"\nlessee = "tenant"\n'
        'asset = "hall"\nsource = "agreement"\ncommencement_date = 2026-01-01\n'
        'noncancellable = "5 years"\ndiscount_rate = "6.5%"\n'
        + terms.format("4_000", "2_000")
        + '[contracts.hall-lease.rent]\namount = "30_000"\nevery = "month"\nin = "advance"\n'
    )
    land = lease.replace("hall-lease", "land-lease").replace('"hall"', '"land"')
    land = land.replace('"4_000"', '"2_000x"').replace('"2_000"', '"1_000"')
    land = land.replace('"2_000x"', '"2_000"').replace('"30_000"', '"15_000"')
    later = event_of(kind, "hall-lease", Fraction(2, 3)) + event_of(
        kind, "land-lease", Fraction(1, 3)
    )
    outcomes = str(list(decided("hall-lease", "land-lease")))
    tail = text[end:].replace(str(list(decided("hall-lease"))), outcomes)
    (tmp_path / "deal.toml").write_text(
        text[:begin] + LAND + lease + land + later + tail, encoding="utf-8"
    )
    names = {"hall-lease": "hall-lease/building", "land-lease": "hall-lease/land"}
    split = booked(books(pipeline.open_deal(tmp_path / "deal.toml"), framework), names)
    assert split == whole


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_order_of_components_changes_nothing(tmp_path, framework):
    parts = (
        right("building", "17", "hall"),
        right("land", "5", "land"),
        component("operation", "non-lease", "3"),
        component("water", "non-lease", "2") + 'belongs_to = "building"\n',
    )
    found = [
        booked(
            books(
                opened(
                    tmp_path,
                    LAND + "".join(order) + distinct("building", "land"),
                    rent="999.97",
                    outcomes=decided("hall-lease"),
                ),
                framework,
            )
        )
        for order in (parts, tuple(reversed(parts)))
    ]
    assert found[0] == found[1]
    tenant = [row for row in found[0] if row[0] == "tenant" and row[3] == "cash"]
    by_day = {}
    for _, day, _, _, amount, _ in tenant:
        by_day[day] = by_day.get(day, 0) + amount
    assert list(by_day.values()) == [999_97] * 60


def test_one_component_equals_no_components(tmp_path):
    outcomes = decided("hall-lease")
    bare = booked(books(opened(tmp_path, LAND, outcomes=outcomes)))
    parts = LAND + right("building", "45_000", "hall") + distinct("building")
    assert booked(books(opened(tmp_path, parts, outcomes=outcomes))) == bare


PRICES = st.lists(st.integers(1, 10**6), min_size=2, max_size=3)


@settings(max_examples=40)
@given(life=lives(), prices=PRICES, side=st.sampled_from(["lessee", "lessor"]))
def test_whatever_happens_the_leases_of_a_contract_sum_to_it(life, prices, side):
    deal, whole = life.deal(), life.lease
    plain = lease_segments(whole, life.setting(), side)
    names = [f"part-{at}" for at in range(len(prices))]
    parts = tuple(
        Component(name, "lease", figure(Decimal(price)), asset=name)
        for name, price in zip(names, prices, strict=True)
    )
    thing = deal.assets[whole.asset]
    deal = attrs.evolve(
        deal,
        assets={**deal.assets, **{name: attrs.evolve(thing, id=name) for name in names}},
        contracts={whole.id: attrs.evolve(whole, components=parts)},
    )
    told = {("lease_components", f"{whole.id}/{name}"): "separate-lease" for name in names}
    try:
        made = units_of_account(deal, life.framework, SCENARIO, told)
    except NotModelled:
        assume(False)
    outcomes = dict(told)
    for (decision, about), outcome in life.setting().outcomes.items():
        for name in names:
            outcomes[decision, about.replace(whole.id, f"{whole.id}/{name}", 1)] = outcome
    setting = Setting(made, life.framework, SCENARIO, outcomes)
    each = [lease_segments(made.contracts[f"{whole.id}/{n}"], setting, side) for n in names]
    assert {len(segments) for segments in each} == {len(plain)}
    for epoch, *shares in zip(plain, *each, strict=True):
        for name in ("payments", "usage", "variable"):
            summed = tuple(map(sum, zip(*(getattr(s, name) for s in shares), strict=True)))
            assert summed == getattr(epoch, name)
        for name in ("prepaid", "incentives", "day_one", "initial_direct_costs", "restoration"):
            assert sum(getattr(s, name) for s in shares) == getattr(epoch, name)
        assert sum(s.change.penalty for s in shares) == epoch.change.penalty
        assert sum(s.purchase_price for s in shares) == epoch.purchase_price


def impaired(contract):
    return (
        f'\n[[events]]\nscenario = "course"\ncontract = "{contract}"\nkind = "impaired"\n'
        'date = 2028-01-01\namount = "10_000"\nsource = "agreement"\n'
    )


def test_an_impairment_is_of_one_component(tmp_path):
    parts, outcomes = TWO + distinct("building", "land"), decided("hall-lease")
    kept = books(opened(tmp_path, parts + impaired("hall-lease/land"), outcomes=outcomes))
    struck = {
        p.contract for p in kept.books["tenant"].postings if p.date == date(2028, 1, 1)
        and "impair" in p.debit
    }  # fmt: skip
    assert struck == {"hall-lease/land"}
    for deal in (
        opened(tmp_path, parts + impaired("hall-lease"), outcomes=outcomes),
        # One lease has no component that could be impaired by itself.
        opened(tmp_path, TWO + impaired("hall-lease/land"), outcomes=outcomes),
    ):
        with pytest.raises(NotModelled):
            pipeline.run(deal, "as-filed", "us-gaap")


def test_residual_values_are_said_of_components(tmp_path):
    parts, outcomes = TWO + distinct("building", "land"), decided("hall-lease")
    terms = 'unguaranteed_residual = "1_000"'
    of_all = opened(tmp_path, parts, terms=terms, outcomes=outcomes)
    with pytest.raises(NotModelled, match="unguaranteed_residual"):
        pipeline.run(of_all, "as-filed", "us-gaap")
    own = parts.replace('asset = "land"\n', 'asset = "land"\nunguaranteed_residual = "1_000"\n')
    run = pipeline.run(opened(tmp_path, own, outcomes=outcomes), "as-filed", "us-gaap")
    assert run.deal.contracts["hall-lease/land"].unguaranteed_residual.get() == 1_000
    assert run.deal.contracts["hall-lease/building"].unguaranteed_residual is None


YARD = asset("yard", "800_000") + (
    '\n[contracts.yard-lease]\nkind = "lease"\nlessor = "owner"\nlessee = "tenant"\n'
    'asset = "yard"\nsource = "agreement"\ncommencement_date = 2026-01-01\n'
    'noncancellable = "5 years"\ndiscount_rate = "6.5%"\n'
    '[contracts.yard-lease.rent]\namount = "{rent}"\nevery = "month"\nin = "advance"\n{more}'
)
PACKAGE = (
    '\n[[tables]]\nabout = "package"\ntable = "linked_contracts"\ncomplete = true\n'
    'source = "agreement"\nrows = [\n'
    '  { contract = "hall-lease", same_party = true, near_same_time = true },\n'
    '  { contract = "yard-lease", same_party = true, near_same_time = true },\n]\n'
) + stated(
    "package",
    negotiated_as_a_package=True,
    consideration_depends_on_other=False,
    rights_are_one_component=False,
)
BOTH = decided("hall-lease", "yard-lease")
HALL_PRICE = component("hall", "lease", "45_000")
YARD_PRICE = HALL_PRICE.replace("hall", "yard").replace("45_000", "15_000")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_contracts_that_are_one_share_one_consideration(tmp_path, framework):
    # 50,000 and 10,000 a month are 60,000 for what would cost 45,000 and 15,000 alone.
    tied = PACKAGE + HALL_PRICE + YARD.format(rent="10_000", more=YARD_PRICE)
    one = books(opened(tmp_path, tied, outcomes=BOTH), framework)
    by_hand = opened(tmp_path, YARD.format(rent="15_000", more=""), rent="45_000", outcomes=BOTH)
    assert booked(one) == booked(books(by_hand, framework))


def test_contracts_without_prices_or_ties_keep_their_own_consideration(tmp_path):
    alone = books(opened(tmp_path, YARD.format(rent="10_000", more=""), outcomes=BOTH))
    unpriced = PACKAGE + HALL_PRICE + YARD.format(rent="10_000", more="")
    assert booked(books(opened(tmp_path, unpriced, outcomes=BOTH))) == booked(alone)
    priced = PACKAGE + HALL_PRICE + YARD.format(rent="10_000", more=YARD_PRICE)
    apart = opened(tmp_path, priced, outcomes=(*BOTH, "combine_contracts(package)=each-alone"))
    assert booked(books(apart)) == booked(alone)


def test_contracts_that_are_one_and_paid_on_other_days_are_refused(tmp_path):
    tied = PACKAGE + HALL_PRICE + YARD.format(rent="30_000", more=YARD_PRICE)
    deal = opened(tmp_path, tied.replace('every = "month"', 'every = "quarter"'), outcomes=BOTH)
    with pytest.raises(NotModelled, match="same days"):
        pipeline.run(deal, "as-filed", "us-gaap")


@settings(max_examples=20, deadline=None)
@given(
    rents=st.tuples(*[st.integers(1, 10**7)] * 2), prices=st.tuples(*[st.integers(1, 10**6)] * 2)
)
def test_contracts_that_are_one_cost_what_they_cost(tmp_path_factory, rents, prices):
    hall, yard = (f"{rent // 100}.{rent % 100:02}" for rent in rents)
    tied = PACKAGE + component("hall", "lease", prices[0])
    tied += YARD.format(rent=yard, more=YARD_PRICE.replace("15_000", str(prices[1])))
    deal = opened(tmp_path_factory.mktemp("one"), tied, rent=hall, outcomes=BOTH)
    kept = books(deal)
    assert list(cash(kept, "tenant").values()) == [-sum(rents)] * 60
    assert list(cash(kept, "owner").values()) == [sum(rents)] * 60


def portfolio(**facts):
    return (
        '\n[[tables]]\nabout = "halls"\ntable = "portfolio_leases"\ncomplete = true\n'
        'source = "agreement"\nrows = [\n  { contract = "hall-lease", similar = true },\n'
        '  { contract = "yard-lease", similar = true },\n]\n'
    ) + stated("halls", **facts)


def test_the_leases_of_a_portfolio_take_its_rate_and_its_term(tmp_path):
    two = YARD.format(rent="10_000", more="")
    facts = {"portfolio_discount_rate": "5%", "portfolio_lease_term_months": 48}
    as_one = portfolio(portfolio_effect_immaterial=True, **facts)
    taken = booked(books(opened(tmp_path, two + as_one, outcomes=BOTH)))
    own = booked(books(opened(tmp_path, two, outcomes=BOTH)))
    text = (tmp_path / "deal.toml").read_text(encoding="utf-8")
    text = text.replace('"6.5%"', '"5%"').replace('"5 years"', '"48 months"')
    (tmp_path / "deal.toml").write_text(text, encoding="utf-8")
    assert taken == booked(books(pipeline.open_deal(tmp_path / "deal.toml")))
    for refused in (
        portfolio(portfolio_effect_immaterial=False, **facts),
        portfolio(portfolio_effect_immaterial=True),
    ):
        assert booked(books(opened(tmp_path, two + refused, outcomes=BOTH))) == own


@pytest.mark.parametrize(
    "facts", [{"portfolio_lease_term_months": 0}, {"portfolio_discount_rate": "-200%"}]
)
def test_a_portfolio_of_impossible_terms_is_refused(tmp_path, facts):
    deal = opened(
        tmp_path,
        YARD.format(rent="1", more="") + portfolio(portfolio_effect_immaterial=True, **facts),
        outcomes=BOTH,
    )
    with pytest.raises(NotModelled, match="portfolio"):
        pipeline.run(deal, "as-filed", "us-gaap")
