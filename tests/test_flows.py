from collections import defaultdict
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.book.chart import load_chart
from leasebook.contract.deal import StatedFact
from leasebook.contract.figure import Figure
from leasebook.flows.cycles import (
    arrows,
    circles,
    net_circle,
    strongly_connected,
    sums,
    without_circles,
)
from leasebook.flows.dealings import dealings, flags
from leasebook.flows.money import OUTSIDE, Payment, net_positions, payments
from leasebook.flows.trace import trace
from leasebook.pipeline import amounts, open_deal, run

ROOT = Path(__file__).parent.parent
DEALS = {
    path.name: open_deal(path) for path in sorted((ROOT / "fixtures" / "deals").glob("circular-*"))
}
GUARANTOR = open_deal(ROOT / "tests" / "deals" / "guarantor.toml")
EVERY = [path.name for path in sorted((ROOT / "fixtures" / "deals").iterdir())]
FIRST = date(2026, 1, 1)
PARTIES = "abcde"


def paid_in(deal, basis="as-filed", framework="us-gaap"):
    found = run(deal, basis, framework)
    return found, payments(deal, found.kept.schedules, found.setting)


@st.composite
def paid(draw, most=14):
    """Payments among a few parties; what `a` is paid is for what it sells."""
    made = []
    for number in range(draw(st.integers(1, most))):
        payer, payee = draw(st.permutations(PARTIES))[:2]
        day = FIRST + timedelta(days=draw(st.integers(0, 5)))
        amount = draw(st.integers(1, 50))
        made.append(Payment(day, payee == "a", f"c{number}", payer, payee, amount))
    return sorted(made)


def is_sale(one):
    return one.payee == "a"


def reach(graph, start):
    seen, left = set(), [start]
    while left:
        here = left.pop()
        for there in graph.get(here, {}):
            if there not in seen:
                seen.add(there)
                left.append(there)
    return seen


@settings(max_examples=60, deadline=None)
@given(paid())
def test_circles_are_all_elementary_circles_each_once(made):
    graph = arrows(made)
    expected = set()
    for length in range(2, len(PARTIES) + 1):
        for path in permutations(PARTIES, length):
            arc = list(zip(path, (*path[1:], path[0]), strict=True))
            if path[0] == min(path) and all(graph.get(a, {}).get(b) for a, b in arc):
                expected.add((path, min(graph[a][b] for a, b in arc)))
    found = circles(made)
    listed = [(one.parties, one.least_minor) for one in found.found]
    assert len(listed) == len(set(listed))
    assert set(listed) == expected
    assert not found.stopped
    assert not found.cut_long


@settings(max_examples=60, deadline=None)
@given(paid())
def test_groups_are_the_parties_that_reach_each_other(made):
    graph = arrows(made)
    reached = {party: reach(graph, party) for party in PARTIES}
    mutual = {
        tuple(sorted(q for q in PARTIES if q in reached[p] and p in reached[q])) for p in PARTIES
    }
    assert set(strongly_connected(graph)) == {group for group in mutual if len(group) > 1}


def test_a_bound_that_cuts_says_so():
    made = [Payment(FIRST, False, p + q, p, q, 1) for p, q in permutations(PARTIES, 2)]
    assert circles(made, most=3).stopped
    short = circles(made, longest=2)
    assert short.cut_long
    assert {len(one.parties) for one in short.found} == {2}


@settings(max_examples=60, deadline=None)
@given(paid())
def test_m41_netting_a_circle_leaves_every_partys_position_and_takes_length_times_least(made):
    graph = arrows(made)

    def positions(of) -> dict[str, int]:
        net = defaultdict(int)
        for payer, to in of.items():
            for payee, amount in to.items():
                net[payer] -= amount
                net[payee] += amount
        return dict(net)

    for one in circles(made).found:
        netted = net_circle(graph, one)
        assert positions(netted) == positions(graph) == net_positions(made)
        gross = [sum(a for to in g.values() for a in to.values()) for g in (graph, netted)]
        assert gross[0] - gross[1] == len(one.parties) * one.least_minor
        assert min(a for to in netted.values() for a in to.values()) >= 0


@settings(max_examples=60, deadline=None)
@given(paid())
def test_m41_taking_out_every_circle_leaves_none_and_every_partys_net(made):
    graph = arrows(made)
    listed = circles(made)
    left = without_circles(graph, listed.found)
    net = {party: received - out for party, (received, out) in sums(left).items()}
    assert net == net_positions(made)
    assert min(a for to in left.values() for a in to.values()) >= 0
    kept = {payer: {p: a for p, a in to.items() if a} for payer, to in left.items()}
    assert listed.stopped or listed.cut_long or strongly_connected(kept) == ()


@settings(max_examples=80, deadline=None)
@given(paid())
def test_the_figure_by_mixing_lies_between_the_bounds(made):
    found = trace("a", made, is_sale)
    assert 0 <= found.at_least <= found.pro_rata <= found.at_most
    assert found.at_most <= min(found.sold, found.put_in)


@settings(max_examples=40, deadline=None)
@given(paid(), st.integers(1, 50))
def test_more_money_of_the_supplier_can_only_pay_for_more_of_its_sales(made, more):
    first = Payment(FIRST - timedelta(days=1), False, "gift", "a", "b", more)
    assert trace("a", [first, *made], is_sale).at_most >= trace("a", made, is_sale).at_most


def test_money_that_comes_after_the_purchase_pays_for_nothing():
    bought = Payment(FIRST, True, "sale", "b", "a", 10)
    later = Payment(FIRST + timedelta(days=1), False, "equity", "a", "b", 10)
    found = trace("a", [bought, later], is_sale)
    assert (found.at_least, found.pro_rata, found.at_most) == (0, 0, 0)


def test_money_is_followed_through_others_and_mixes_with_theirs():
    made = [
        Payment(FIRST, False, "equity", "a", "b", 10),
        Payment(FIRST, False, "equity2", "c", "b", 30),
        Payment(FIRST + timedelta(days=1), True, "cloud", "b", "d", 20),
        Payment(FIRST + timedelta(days=2), True, "chips", "d", "a", 20),
    ]
    found = trace("a", made, is_sale)
    assert (found.at_least, found.pro_rata, found.at_most) == (0, 5, 10)


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
@pytest.mark.parametrize("name", [*EVERY, "guarantor"])
def test_m40_what_a_party_receives_less_what_it_pays_is_the_change_of_its_cash(name, framework):
    deal = GUARANTOR if name == "guarantor" else open_deal(ROOT / "fixtures" / "deals" / name)
    found, made = paid_in(deal, framework=framework)
    chart = load_chart()
    positions = net_positions(made)
    assert sum(positions.values()) == 0
    for entity, book in found.kept.books.items():
        change = 0
        for p in book.postings:
            change += p.amount_minor * (chart[p.debit].cash - chart[p.credit].cash)
        assert positions.get(entity, 0) == change
    assert len({(p.date, p.contract, p.payer, p.payee) for p in made}) == len(made)


def test_a_payment_of_two_parties_with_books_is_told_once():
    _, made = paid_in(DEALS["circular-amd-openai"])
    bought = [p for p in made if (p.payer, p.payee) == ("openai", "amd")]
    assert sum(p.amount_minor for p in bought if p.contract == "accelerators") == 90 * 10**11
    assert all(p.payee == OUTSIDE for p in made if p.payer == "amd")


def test_what_does_not_bind_moves_nothing():
    _, made = paid_in(DEALS["circular-nvidia-openai"])
    assert "letter-of-intent" not in {p.contract for p in made}


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_m42_money_that_goes_round_leaves_the_groups_revenue_as_it_is(framework):
    deal = DEALS["circular-nvidia-coreweave"]

    def revenue(times) -> tuple[list[int], int]:
        placement = attrs.evolve(
            deal.contracts["placement"],
            amount=Figure(deal.contracts["placement"].amount.get() * times, assumption="more"),
            instrument_fair_value=Figure(
                deal.contracts["placement"].instrument_fair_value.get() * times, assumption="more"
            ),
        )
        systems = attrs.evolve(
            deal.contracts["systems"],
            deliveries=tuple(
                attrs.evolve(d, amount=Figure(d.amount.get() * times, assumption="more"))
                for d in deal.contracts["systems"].deliveries
            ),
        )
        more = {**deal.contracts, "placement": placement, "systems": systems}
        found = amounts(run(attrs.evolve(deal, contracts=more), "as-consolidated", framework))
        lines = found["as-consolidated"]
        alone = found["as-filed"]
        years = {year for statement, year, _ in lines if statement == "income-statement"}
        key = "income-statement"
        return (
            [lines.get((key, year, "revenue"), 0) for year in sorted(years)],
            sum(alone.get((key, year, "revenue"), 0) for year in years),
        )

    once, twice = revenue(1), revenue(2)
    assert once[0] == twice[0]
    assert set(once[0]) == {0}
    assert 2 * once[1] == twice[1] == 12 * 10**11


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_goods_are_sold_to_an_investee_unless_it_is_the_groups_or_they_come_back(framework):
    deal = DEALS["circular-nvidia-coreweave"]
    _, made = paid_in(deal, framework=framework)
    (systems,) = [d for d in dealings({"": deal}) if d.id == "nvidia/coreweave"]

    def outcome(consolidates, **stated) -> str | None:
        facts = tuple(f for f in deal.facts if f.fact not in stated)
        facts += tuple(
            StatedFact("nvidia/coreweave", name, Figure(value, assumption="tried"))
            for name, value in stated.items()
        )
        altered = attrs.evolve(deal, facts=facts)
        found = flags(systems, made, altered, framework, consolidates=consolidates)
        (sale,) = [one for one in found if one.decision == "sale_to_vehicle"]
        return sale.outcome

    back = {"supplier_may_buy_back": True}
    assert outcome(consolidates=False) == "sale"
    assert outcome(consolidates=True) == "within-the-group"
    assert outcome(consolidates=None) is None
    assert outcome(consolidates=False, **back) is None
    assert outcome(consolidates=False, **back, buy_back_below_price=True) == "lease"
    assert outcome(consolidates=False, **back, buy_back_below_price=False) == "financing"


def test_only_goods_sold_to_an_investee_are_asked_about():
    deal = DEALS["circular-amd-openai"]
    _, made = paid_in(deal)
    (one,) = dealings({"": deal})
    found = flags(one, made, deal, "us-gaap", consolidates=False)
    assert "sale_to_vehicle" not in {each.decision for each in found}
