from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook import pipeline
from leasebook.book.ledger import Ledger, income_by_month
from leasebook.contract.figure import Figure
from leasebook.stress.clearing import Claim, Network, Rest, clear, defaulters, whole_units
from leasebook.stress.course import run_course
from leasebook.stress.curve import packaged_curves, part_of_cost
from leasebook.stress.entries import stress_entries
from leasebook.stress.impairment import expected_flows, impairment_tests, shared_out
from leasebook.stress.investors import with_shares
from leasebook.stress.lives import lives
from leasebook.stress.losses import losses, party_losses, unpaid_by_stopped
from leasebook.stress.obsolescence import year_ends
from leasebook.stress.position import position_of
from leasebook.stress.reading import read_scenario
from leasebook.stress.relief import asset_value, lease_ends
from leasebook.stress.scenario import ImpairmentTest
from tests.independent.linear_program import clearing_payments, ranked_payments

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "fixtures" / "scenarios"
CASES = [
    (ROOT / "tests" / "deals" / "gpu-vehicle.toml", SCENARIOS / "tenant-stops.toml"),
    (ROOT / "fixtures" / "deals" / "meta-hyperion", SCENARIOS / "hyperion-leaves.toml"),
    (ROOT / "fixtures" / "deals" / "meta-hyperion", SCENARIOS / "hyperion-default.toml"),
]


def opened(case, framework="us-gaap"):
    deal = pipeline.open_deal(case[0])
    run = pipeline.run(deal, "as-filed", framework)
    return position_of([(run.setting, run.kept)]), read_scenario(case[1], [deal])


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case[1].stem)
def stressed(request):
    position, scenario = opened(request.param)
    before = run_course(position, scenario, guaranteed=False)
    return position, scenario, before, run_course(position, scenario)


# --- clearing ----------------------------------------------------------------------------------


@st.composite
def networks(draw, most=5, ranks=2):
    n = draw(st.integers(2, most))
    amounts = st.integers(0, 60)
    means = {str(i): draw(amounts) for i in range(n)}
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    claims = tuple(
        Claim(f"{i}-{j}-{rank}", str(i), str(j), draw(amounts), rank)
        for i, j in pairs
        for rank in range(draw(st.integers(0, ranks)))
    )
    return Network(means, claims)


def paid_by(network, paid):
    totals = dict.fromkeys(network.means, Fraction(0))
    for claim in network.claims:
        totals[claim.payer] += paid[claim.key]
    return totals


@settings(max_examples=60, deadline=None)
@given(networks())
def test_m43_without_ranks_clearing_is_the_linear_programs(network):
    flat = attrs.evolve(network, claims=tuple(attrs.evolve(c, rank=0) for c in network.claims))
    names = sorted(flat.means)
    owed = [
        [sum(c.amount for c in flat.claims if (c.payer, c.payee) == (a, b)) for b in names]
        for a in names
    ]
    wanted = clearing_payments([flat.means[a] for a in names], owed)
    assert [paid_by(flat, clear(flat))[a] for a in names] == wanted


def ladders_of(network, names):
    """The ranks of each party, apart from the engine: what is owed, and who gets which part."""
    found = []
    for name in names:
        own = [c for c in network.claims if c.payer == name]
        ladder = []
        for rank in sorted({c.rank for c in own}):
            owed = sum(c.amount for c in own if c.rank == rank)
            got = [sum(c.amount for c in own if (c.rank, c.payee) == (rank, n)) for n in names]
            ladder.append((owed, [Fraction(g, owed) if owed else Fraction(0) for g in got]))
        rests = [r for r in network.rests if r.payer == name]
        if rests:
            parts = [sum((r.share for r in rests if r.payee == n), Fraction(0)) for n in names]
            ladder.append((None, parts))
        found.append(ladder or [(0, [Fraction(0)] * len(names))])
    return found


@st.composite
def owned_networks(draw):
    network = draw(networks(most=3, ranks=3))
    names = sorted(network.means)
    rests = [
        Rest(f"rest {a}-{b}", a, b, Fraction(draw(st.integers(1, 4)), 4 * len(names)))
        for a in names
        for b in names
        if a != b and draw(st.integers(0, 3)) == 0
    ]
    return attrs.evolve(network, rests=tuple(rests))


@settings(max_examples=60, deadline=None)
@given(owned_networks())
def test_m43_with_ranks_and_owners_clearing_is_the_best_of_the_linear_programs(network):
    names = sorted(network.means)
    wanted = ranked_payments([network.means[a] for a in names], ladders_of(network, names))
    paid = clear(network)
    sides = {key: payer for key, payer, _ in network.payments()}
    totals = [sum((x for k, x in paid.items() if sides[k] == a), Fraction(0)) for a in names]
    handed_on = {
        r.payer: sum(s.share for s in network.rests if s.payer == r.payer) for r in network.rests
    }
    for at, (name, total) in enumerate(zip(names, totals, strict=True)):
        owed = sum(c.amount for c in network.claims if c.payer == name)
        beyond = max(Fraction(0), wanted[at] - owed)
        assert total == min(wanted[at], owed) + beyond * handed_on.get(name, 0)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_m43_a_clearing_is_within_what_is_owed_and_had_and_keeps_to_ranks(network):
    paid = clear(network)
    for party, means in network.means.items():
        own = [c for c in network.claims if c.payer == party]
        received = sum(paid[c.key] for c in network.claims if c.payee == party)
        out = sum(paid[c.key] for c in own)
        assert all(0 <= paid[c.key] <= c.amount for c in own)
        assert out == min(sum(c.amount for c in own), means + received)
        for claim in own:
            if paid[claim.key] < claim.amount:
                assert all(paid[c.key] == 0 for c in own if c.rank > claim.rank)


@settings(max_examples=40, deadline=None)
@given(networks(), st.integers(1, 9))
def test_m43_more_means_pay_more_and_a_scale_or_new_names_change_nothing_else(network, more):
    paid = clear(network)
    richer = attrs.evolve(network, means={**network.means, "0": network.means["0"] + more})
    assert all(clear(richer)[key] >= amount for key, amount in paid.items())
    assert set(defaulters(richer, clear(richer))) <= set(defaulters(network, paid))
    scaled = Network(
        {party: more * amount for party, amount in network.means.items()},
        tuple(attrs.evolve(c, amount=more * c.amount) for c in network.claims),
    )
    assert clear(scaled) == {key: more * amount for key, amount in paid.items()}
    other = Network(
        {f"z{9 - int(p)}": amount for p, amount in network.means.items()},
        tuple(
            attrs.evolve(c, payer=f"z{9 - int(c.payer)}", payee=f"z{9 - int(c.payee)}")
            for c in reversed(network.claims)
        ),
    )
    assert clear(other) == paid


@settings(max_examples=40, deadline=None)
@given(networks())
def test_m43_nobody_defaults_who_has_all_that_it_owes(network):
    owed = {p: sum(c.amount for c in network.claims if c.payer == p) for p in network.means}
    safe = attrs.evolve(network, means=owed)
    assert defaulters(safe, clear(safe)) == ()


@settings(max_examples=60, deadline=None)
@given(networks())
def test_whole_units_are_next_to_the_exact_payments_and_nobody_overspends(network):
    exact = clear(network)
    whole = whole_units(network, exact)
    assert all(abs(whole[key] - amount) < 1 for key, amount in exact.items())
    for party, means in network.means.items():
        out = sum(whole[c.key] for c in network.claims if c.payer == party)
        assert out <= means + sum(whole[c.key] for c in network.claims if c.payee == party)


# --- scenarios ---------------------------------------------------------------------------------


def test_losses_of_all_parties_sum_to_nothing_with_and_without_guarantees(stressed):
    position, _, before, after = stressed
    parties = party_losses(position, before, after)
    assert sum(one.before for one in parties) == sum(one.after for one in parties) == 0
    assert any(one.after > 0 for one in parties)


def test_what_others_lose_is_what_the_tenant_does_not_pay_less_what_is_recovered(stressed):
    position, scenario, before, after = stressed
    if scenario.stops[0].kind == "leaves":
        return
    recovered = sum(s.paid for s in after.settled if s.due.kind in ("re-let", "sale"))
    unpaid = dict(unpaid_by_stopped(after))
    tenant = next(iter(unpaid))
    # what the tenant loses besides, as an owner or a guarantor, is among the losses
    own = sum(
        s.paid if s.due.debtor == tenant else -s.paid
        for s in after.settled
        if tenant in (s.due.debtor, s.due.payee) and not s.due.estate
    )
    expected = sum(
        (p.payee == tenant) * p.amount - (p.payer == tenant) * p.amount
        for p in position.payments
        if after.first_day <= p.date <= after.last_day and position.kind(p.contract) != "rent"
    )
    others = sum(
        o.after for o in party_losses(position, before, after) if o.party not in (tenant, "")
    )
    ends = lease_ends(position, scenario)
    ended = sum(p.amount for p in position.payments if p.date >= ends.get(p.contract, date.max))
    assert others + own + expected == sum(unpaid.values()) + ended - recovered


def test_a_holders_loss_is_what_is_due_less_what_it_gets(stressed):
    position, _, before, after = stressed
    rows = losses(position, before, after)
    for name, note in after.notes.items():
        of_note = [r for r in rows if r.contract == name]
        assert sum(r.after for r in of_note) == note.interest_due + note.principal_due


def test_entries_balance_and_take_a_vehicles_cash_to_what_the_course_leaves(stressed):
    position, scenario, _, after = stressed
    tests = impairment_tests(position, scenario, after)
    entries = stress_entries(position, scenario, after, tests)
    stated = {one.party for one in scenario.parties if one.cash is not None}
    for party in after.cash.keys() - stated:
        left = after.cash[party]
        base = position.kept[0].books[party].postings
        cash = Ledger.of([*base, *entries[party]]).cash()
        assert cash[-1][1] == left
    for postings in entries.values():
        assert all(p.amount_minor > 0 and p.debit != p.credit for p in postings)


def test_the_fall_of_a_value_is_borne_by_guarantors_owners_and_lenders_together(stressed):
    position, scenario, _, after = stressed
    for one in year_ends(position, scenario, after.last_day):
        borne = one.called + one.equity_loss + one.junior_loss + one.senior_loss
        assert borne == one.carrying - one.value


def recovering(scenario, share):
    stop = attrs.evolve(scenario.stops[0], recovery=Figure(share, assumption="tried"))
    return attrs.evolve(scenario, stops=(stop,), relettings=(), sales=(), accelerations=())


def test_m44_an_estate_that_pays_all_brings_nobody_else_down_and_less_brings_down_no_fewer():
    position, scenario = opened(CASES[0])
    failed = []
    for share in ("1", "0.8", "0.5", "0.2", "0"):
        course = run_course(position, recovering(scenario, Fraction(share)), guaranteed=False)
        failed.append(set(course.first_default))
    assert failed[0] == set()
    assert all(fewer <= more for fewer, more in pairwise(failed))
    assert failed[-1] == {"tenant", "vehicle"}


def test_a_guarantor_stops_at_its_cap():
    position, scenario = opened(CASES[0])
    course = run_course(position, scenario)
    paid = sum(s.paid for s in course.settled if s.due.kind == "guarantee")
    assert paid == 15_000_000


def test_junior_notes_are_paid_only_when_senior_notes_have_had_what_is_due():
    position, scenario = opened(CASES[0])
    course = run_course(position, recovering(scenario, Fraction(0)), guaranteed=False)
    senior, junior = course.notes["senior"], course.notes["junior"]
    assert junior.owed > 0
    assert senior.interest_due + senior.principal_due > 0
    days = {s.date for s in course.settled if s.due.contract == "junior" and s.paid}
    short = {s.date for s in course.settled if s.due.contract == "senior" and s.paid < s.fell_due}
    assert not days & short


def figure(value):
    return Figure(Decimal(value), assumption="tried")


def impaired_by(case, framework, **changed):
    position, scenario = opened(case, framework)
    if "curve" in changed:
        values = (attrs.evolve(scenario.values[0], curve=changed["curve"]),)
        scenario = attrs.evolve(scenario, values=values)
    if "impairment" in changed:
        scenario = attrs.evolve(scenario, impairments=(changed["impairment"],))
    return impairment_tests(position, scenario, run_course(position, scenario))


def test_another_life_depreciates_the_same_cost_over_two_years_less_or_more():
    position, scenario = opened(CASES[0])
    found = list(lives(position, scenario, date(2031, 1, 2)))
    assert [one.day.year for one in found] == [2026, 2027, 2028, 2029, 2030]
    for years, one in enumerate(found, 1):
        cost = Fraction(100_000_000)
        for carried, life in ((one.shorter, 3), (one.stated, 5), (one.longer, 7)):
            assert carried == round(cost * max(0, 1 - Fraction(years, life)))
        assert one.value == asset_value(position, scenario, "chips", one.day)


def test_us_gaap_writes_down_to_fair_value_what_flows_do_not_cover_and_never_back_up():
    found = impaired_by(CASES[0], "us-gaap")
    assert [t.written_down for t in found] == [0, 0, 3_750_000, 0]
    assert [t.outcome.cites for t in found][2:] == ["ASC 360-10-35-17", "ASC 360-10-35-20"]
    assert found[2].after == found[2].value
    assert found[2].flows < found[2].carrying
    rebound = impaired_by(CASES[0], "us-gaap", curve="rebound")
    assert all(t.written_down >= 0 for t in rebound)


def test_ifrs_writes_down_to_the_higher_of_use_and_sale_and_time_alone_restores_nothing():
    found = impaired_by(CASES[0], "ifrs")
    assert [t.outcome.outcome for t in found] == [
        "not-impaired", "not-impaired", "impaired", "not-impaired",
    ]  # fmt: skip
    assert found[2].after == max(found[2].in_use, found[2].less_costs)
    assert found[3].in_use > found[3].carrying
    assert found[3].outcome.cites == "IAS 36.116"


def test_ifrs_writes_back_what_a_market_that_came_back_gives_and_no_more_than_without_a_loss():
    dear = ImpairmentTest("chips", (), figure("0.30"), figure("0.03"))
    found = impaired_by(CASES[0], "ifrs", curve="rebound", impairment=dear)
    back = [t for t in found if t.written_down < 0]
    assert back
    assert all(t.outcome.cites == "IAS 36.110; IAS 36.114" for t in back)
    assert all(t.after == min(t.undimmed, max(t.in_use, t.less_costs)) for t in back)
    assert all(t.after <= t.undimmed for t in found)


def test_without_a_rate_or_costs_of_disposal_an_ifrs_test_stays_open_and_says_what_it_lacks():
    found = impaired_by(CASES[0], "ifrs", impairment=ImpairmentTest("chips"))
    assert found[2].outcome.outcome is None
    lacking = {missing.fact for missing in found[2].outcome.missing}
    assert lacking == {"group_fair_value_less_costs", "group_value_in_use"}
    assert found[2].written_down == 0


def test_before_the_scenario_begins_nobody_expects_it():
    position, scenario = opened(CASES[0])
    course = run_course(position, scenario)
    last = course.last_day
    agreed = sum(
        a for d, a in expected_flows(position, scenario, course, ["chips"], date(2027, 12, 31))
    )
    assert agreed == 36 * 2_200_000 + asset_value(position, scenario, "chips", last)


def test_a_groups_loss_is_shared_by_carrying_amount_and_none_falls_below_its_own_value():
    assert shared_out(100, [60, 40], [100, 100]) == [60, 40]
    assert shared_out(100, [60, 40], [30, 100]) == [30, 70]
    assert shared_out(100, [60, 40], [30, 20]) == [30, 20]


def test_assets_that_bring_their_flows_together_are_tested_as_one_and_written_down_each(tmp_path):
    text = CASES[0][0].read_text(encoding="utf-8")
    racks = text[text.index("[assets.chips]") : text.index("[contracts.vendor-interest]")]
    racks = racks.replace("assets.chips", "assets.racks").replace("1_000_000", "300_000")
    bought = text[text.index("[contracts.chips-bought]") : text.index("[contracts.vendor-dist")]
    bought = bought.replace("chips", "racks").replace("1_000_000", "300_000")
    more = text.replace('"80_000"', '"200_000"').replace('"120_000"', '"300_000"')
    deal = tmp_path / "deal.toml"
    deal.write_text(more + "\n" + racks + "\n" + bought, encoding="utf-8")
    scenario = tmp_path / "scenario.toml"
    written = CASES[0][1].read_text(encoding="utf-8")
    written += 'together_with     = ["racks"]\n\n[[values]]\nasset = "racks"\ncurve = "decay"\n'
    scenario.write_text(written, encoding="utf-8")
    case = deal, scenario
    found = impaired_by(case, "us-gaap")
    (loss,) = [t for t in found if t.written_down]
    assert loss.asset == "chips+racks"
    assert loss.after == loss.value
    assert all(part.after >= part.value for part in loss.parts)
    assert [part.written_down > 0 for part in loss.parts] == [True, True]
    position, tried = opened(case)
    course = run_course(position, tried)
    entries = stress_entries(position, tried, course, found)["vehicle"]
    for part in loss.parts:
        posted = [p for p in entries if p.contract == part.asset and p.debit == "impairment-loss"]
        assert [p.amount_minor for p in posted] == [part.written_down]


# --- the lessee's own promises and what it loses --------------------------------------------------


def balances(position, entries, party, account, day):
    kept = [*position.kept[0].books[party].postings, *entries.get(party, ())]
    return Ledger.of(kept).balance(account, day)


def entries_of(case, scenario=None, framework="us-gaap"):
    position, read = opened(case, framework)
    scenario = scenario or read
    course = run_course(position, scenario)
    return position, course, stress_entries(position, scenario, course, ())


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
@pytest.mark.parametrize("sold", [True, False])
def test_a_tenant_in_default_loses_its_right_to_the_next_tenant_and_owes_on(framework, sold):
    position, scenario = opened(CASES[0], framework)
    if not sold:
        scenario = attrs.evolve(scenario, sales=(), impairments=())
    position, course, entries = entries_of(CASES[0], scenario, framework)
    books = position.kept[0].books["tenant"].postings
    rights = {a for p in books for a in (p.debit, p.credit) if a.endswith("right-of-use-assets")}
    owed = {a for p in books for a in (p.debit, p.credit) if a.endswith("lease-liabilities")}
    eve, day = date(2028, 8, 31), date(2028, 9, 1)
    assert sum(balances(position, entries, "tenant", a, eve) for a in rights) > 0
    for later in (day, date(2029, 6, 30), date(2030, 12, 30), course.last_day):
        assert all(balances(position, entries, "tenant", a, later) == 0 for a in rights)
    liability = [sum(balances(position, entries, "tenant", a, d) for a in owed) for d in (eve, day)]
    assert liability[0] == liability[1] < 0
    unpaid = -balances(position, entries, "tenant", "rent-payable", course.last_day)
    assert unpaid == sum(s.fell_due - s.paid for s in course.settled if s.due.kind == "rent")


def with_residual(tmp_path, more, value="0.30"):
    """The chips' lease with guarantees of its own, and a scenario in which nobody stops."""
    deal = tmp_path / "deal.toml"
    text = CASES[0][0].read_text(encoding="utf-8")
    deal.write_text(
        text.replace('noncancellable    = "5 years"\n', f'noncancellable    = "5 years"\n{more}')
    )
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(
        "[scenario]\ntitle = 'The chips come back for less'\n\n"
        f"[curves.flat]\ntitle = 'held'\nassumption = 'tried'\n"
        f"points = [{{ after = '1 month', of_cost = '{value}' }}]\n\n"
        "[[values]]\nasset = 'chips'\ncurve = 'flat'\n\n"
        "[[accelerations]]\nnote = 'senior'\n"
        "date = { value = 2030-12-01, assumption = 'a first day' }\n"
    )
    return deal, scenario


GUARANTEED = (
    'guaranteed_residual = "400_000"\nthird_party_residual = "50_000"\n'
    'expected_residual = "380_000"\n'
)


@pytest.mark.parametrize(
    ("value", "lessee", "third"),
    [("0.30", 10_000_000, 5_000_000), ("0.42", 0, 3_000_000), ("0.50", 0, 0)],
)
def test_a_lease_calls_its_own_residual_guarantees_third_party_first(
    tmp_path, value, lessee, third
):
    case = with_residual(tmp_path, GUARANTEED, value)
    position, course, entries = entries_of(case)
    called = [s for s in course.settled if s.due.kind == "residual-guarantee"]
    assert {s.date for s in called} <= {date(2030, 12, 31)}
    assert sum(s.paid for s in called if s.due.debtor == "tenant") == lessee
    assert sum(s.paid for s in called if not s.due.debtor) == third
    ledger = Ledger.of([*position.kept[0].books["vehicle"].postings, *entries["vehicle"]])
    assert ledger.cash()[-1][1] == course.cash["vehicle"]
    # 20,000 were expected and booked: only what differs is a cost of the lessee
    cost = balances(position, entries, "tenant", "guarantee-cost", date(2031, 1, 1))
    assert cost == lessee - 2_000_000
    (end,) = [
        o
        for o in year_ends(position, read_scenario(case[1], position.deals), date(2030, 12, 31))
        if o.day.year == 2030
    ]
    assert end.guarantors == {k: v for k, v in (("tenant", lessee), ("", third)) if v}


# --- investors ---------------------------------------------------------------------------------


def shares_of(case, scenario=None):
    position, read = opened(case)
    scenario = scenario or read
    course = run_course(position, scenario)
    tests = impairment_tests(position, scenario, course)
    entries = stress_entries(position, scenario, course, tests)
    return position, entries, *with_shares(position, entries)


def test_an_investor_books_its_part_of_what_the_scenario_does_to_its_investee():
    _position, before, after, (share,) = shares_of(CASES[0])
    changed = sum(income_by_month(before["vehicle"]).values())
    added = after["vendor"][len(before["vendor"]) :] if before["vendor"] else after["vendor"]
    booked = sum(
        p.amount_minor * (1 if p.credit == "equity-method-income" else -1)
        for p in after["vendor"]
        if "equity-method-income" in (p.debit, p.credit)
    )
    assert changed < 0
    assert added
    assert abs(booked - changed * Fraction(2, 5)) < 1
    assert share.stressed.balance("losses_unrecognised", date.max) == 0
    other = {party: rows for party, rows in after.items() if party != "vendor"}
    assert other == {party: rows for party, rows in before.items() if party != "vendor"}


def test_an_investor_stops_at_nothing_and_keeps_the_rest_of_its_loss_waiting():
    position, scenario = opened(CASES[0])
    position, _, after, (share,) = shares_of(CASES[0], recovering(scenario, Fraction(0)))
    days = [row.date for row in share.stressed.rows]
    waiting = [share.stressed.balance("losses_unrecognised", day) for day in days]
    assert max(waiting) > 0
    assert all(share.carrying(day) >= 0 for day in days)
    assert all(share.carrying(d) == 0 for d, w in zip(days, waiting, strict=True) if w > 0)
    kept = [*position.kept[0].books["vendor"].postings, *after["vendor"]]
    ledger = Ledger.of(kept)
    assert ledger.balance("equity-method-investments", days[-1]) == share.carrying(days[-1])


def test_a_chain_of_investors_books_the_loss_of_the_company_at_its_end():
    _position, _before, after, shares = shares_of(CASES[1])
    holders = {share.interest.holder for share in shares}
    assert {"meta", "beignet"} <= holders
    for share in shares:
        booked = sum(stressed - expected for _, expected, stressed in share.years())
        changed = sum(income_by_month(after[share.interest.issuer]).values())
        assert abs(booked - changed * Fraction(share.interest.share.get())) < 1


def test_every_packaged_curve_starts_at_its_cost_and_stays_within_it():
    for curve in packaged_curves().values():
        values = [part_of_cost(curve, months) for months in range(121)]
        assert values[0] == 1
        assert all(0 <= value <= 1 for value in values)


def test_values_rebound_only_where_the_record_does_and_fall_off_a_cliff_where_it_says():
    rebound, cliff = packaged_curves()["rebound"], packaged_curves()["cliff"]
    assert part_of_cost(rebound, 36) > part_of_cost(rebound, 27)
    assert part_of_cost(cliff, 18) - part_of_cost(cliff, 24) == Fraction("0.45")
