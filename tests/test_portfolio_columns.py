from collections import Counter, defaultdict
from datetime import date
from typing import Any

import attrs
import numpy as np
import pytest
from columns_as_deals import Row
from eventful import eventful_leases, short_leases

from leasebook.portfolio import measure
from leasebook.portfolio import records as r
from leasebook.portfolio.generate import level_leases, varied_leases
from leasebook.portfolio.ledger import added
from leasebook.portfolio.loops import Walked
from leasebook.portfolio.measure import measure_chunk, schedule_rows
from leasebook.portfolio.not_closed import BalancesNotClosed
from leasebook.portfolio.results import Decided
from leasebook.portfolio.terms import (
    EVENT_COLUMNS,
    EVENT_KINDS,
    LEASE_COLUMNS,
    STEP_COLUMNS,
    UNKNOWN,
    LeaseTerms,
)
from leasebook.reckoning.compiled import AVAILABLE
from leasebook.reckoning.rates import NoCrossing

AS_OF = date(2026, 1, 1)
FRAMEWORKS = {1: "us-gaap", 2: "ifrs"}
#: Columns of a deal's schedules that a ledger of flows does not hold.
BESIDE = ("principal_paid", "principal_received", "_taken_over")

needs_compiler = pytest.mark.skipif(not AVAILABLE, reason="Numba is not installed")


def each_its_own_entity(terms):
    """The leases with an entity each, so that the ledger tells them apart."""
    names = [*LEASE_COLUMNS, *STEP_COLUMNS, *EVENT_COLUMNS, "facts"]
    columns = {name: getattr(terms, name) for name in names}
    alone = {"entity": np.arange(len(terms)), "currency": np.zeros(len(terms), np.int64)}
    return LeaseTerms(**columns | alone)


def flows_of(measured):
    found = defaultdict(dict)
    ledger = measured.flows
    for entity, framework, what, month, amount in zip(
        ledger.entity, ledger.framework, ledger.what, ledger.month, ledger.amount, strict=True
    ):
        found[int(entity), int(framework)][ledger.names[what], int(month)] = int(amount)
    return found


def same(one, other):
    for field in attrs.fields(type(one)):
        left, right = getattr(one, field.name), getattr(other, field.name)
        assert np.array_equal(left, right), field.name


def held_against_deals(terms):
    """Every lease that is measured, as a deal too; returns kinds of schedule and of event."""
    terms = each_its_own_entity(terms)
    measured = measure_chunk(terms, rules_as_of=AS_OF, compiled=False)
    flows, compared, happened = flows_of(measured), Counter(), Counter()
    for unit, schedule in enumerate(measured.schedule.tolist()):
        lease, framework = int(measured.lease[unit]), int(measured.framework[unit])
        if schedule < 0:
            continue
        try:
            reached, dealt = Row(terms, lease).measured(FRAMEWORKS[framework])
        except NoCrossing:
            continue  # the other party's rate, which nobody asks for in columns
        for name, decided in measured.decisions.items():
            code = int(decided.code[unit])
            if code != -2:
                outcome = decided.outcomes[code] if code >= 0 else None
                assert reached[name, "lease"].outcome == outcome, (lease, name)
        expected = {
            key: amount
            for key, amount in dealt.items()
            if key[0].split("/")[0] in r.SCHEDULES and not key[0].endswith(BESIDE)
        }
        assert flows[lease, framework] == expected, (lease, framework)
        compared[r.SCHEDULES[schedule]] += 1
        term = measured.decisions["lease_term"]
        compared[term.outcomes[int(term.code[unit])]] += 1
        for kind in terms.event_kind[terms.event_lease == lease].tolist():
            happened[r.SCHEDULES[schedule], EVENT_KINDS[kind]] += 1
    return compared, happened


@pytest.mark.parametrize(("seed", "months"), [(11, 24), (12, 30), (13, 48)])
def test_a_lease_in_columns_is_decided_and_measured_as_the_contract_of_a_deal_is(seed, months):
    compared, _ = held_against_deals(varied_leases(90, seed, months=months))
    assert len(compared.keys() & set(r.SCHEDULES)) >= 6, compared


@pytest.mark.parametrize("seed", [21, 22])
def test_what_a_lessee_reassesses_and_rights_to_leave_are_as_in_a_deal(seed):
    compared, happened = held_against_deals(eventful_leases(120, seed, months=30))
    assert compared["to-termination"] > 5, compared
    assert compared["enforceable-only"], compared
    kinds = ("term-reassessed", "purchase-option-reassessed", "right-added", "rent-changed",
             "payment-made", "incentive-received")  # fmt: skip
    for kind in kinds:
        for schedule in ("lessee-finance", "lessee-operating", "lessee-ifrs"):
            assert happened[schedule, kind], (schedule, kind)


def test_what_happens_to_exempt_leases_is_as_in_a_deal():
    _, happened = held_against_deals(short_leases(160, 31))
    for kind in ("term-reassessed", "right-added", "rent-changed", "terminated", "payment-made",
                 "incentive-received"):  # fmt: skip
        assert happened["lessee-exempt", kind], kind


def test_any_chunking_and_any_order_give_the_same_ledger():
    terms = varied_leases(240, 5, months=36)
    whole = measure_chunk(terms, rules_as_of=AS_OF, compiled=False)
    parts = [
        measure_chunk(terms.part(k, k + 70), rules_as_of=AS_OF, compiled=False)
        for k in range(0, 240, 70)
    ]
    together = added([part.flows for part in parts])
    assert together.digest == whole.flows.digest
    assert added([p.trial_balance for p in parts]).digest == whole.trial_balance.digest
    order = np.random.default_rng(3).permutation(240)
    mixed = measure_chunk(terms.chosen(order), rules_as_of=AS_OF, compiled=False)
    assert mixed.flows.digest == whole.flows.digest


def test_a_term_is_measured_that_is_renewed_beyond_those_that_are_asked_about_before_it():
    # the lessee's value is asked for while the lessor's term is still the stated one
    columns = {
        "side": [0, 1], "frameworks": [1, 1], "term_months": [12, 12], "every": [1, 1],
        "renewal_months": [0, 120], "renewal_certain": [0, 1], "fair_value": [900_000] * 2,
        "economic_life_months": [400] * 2, "unguaranteed_residual": [0, 800_000],
    }  # fmt: skip
    given = {name: np.array(column, np.int64) for name, column in columns.items()}
    names = ("both_can_leave_without_penalty", "payments_vary_otherwise", "risks_stay_with_lessor")
    facts = dict.fromkeys(names, np.zeros(2, np.int64))
    terms = attrs.evolve(level_leases(2, 3, months=24), facts=facts, **given)
    for compiled in (False, AVAILABLE):
        done = measure_chunk(terms, rules_as_of=AS_OF, compiled=compiled)
        assert done.term_months.tolist() == [12, 132]
        rows = schedule_rows(terms, rules_as_of=AS_OF, compiled=compiled)
        assert Counter(rows.unit.tolist()) == {0: 12, 1: 132}


def test_parts_that_two_threads_measure_come_to_their_own_places(monkeypatch):
    terms = varied_leases(240, 5, months=36)
    whole = measure_chunk(terms, rules_as_of=AS_OF, compiled=False)
    monkeypatch.setattr(measure, "_PART", 25)
    sizes, one = [], measure._part

    def noted(part, *told, **how) -> object:
        sizes.append(len(part))
        return one(part, *told, **how)

    monkeypatch.setattr(measure, "_part", noted)
    parts = measure_chunk(terms, rules_as_of=AS_OF, compiled=False, threads=2)
    assert sum(sizes) == 240
    assert max(sizes) <= 25
    assert len(sizes) % 2 == 0
    assert parts.flows.digest == whole.flows.digest
    for name in ("lease", "framework", "schedule", "opening_liability", "opening_asset", "refused"):
        assert np.array_equal(getattr(parts, name), getattr(whole, name)), name
    for name, decided in whole.decisions.items():
        outcomes = parts.decisions[name]
        assert _said(outcomes) == _said(decided), name


def _said(decided: Decided) -> list[str]:
    """Outcome or what is missing, unit by unit: parts may number them otherwise."""
    missing = [
        sorted(f for k, f in enumerate(decided.facts) if bits >> k & 1)
        for bits in decided.missing.tolist()
    ]
    return [
        decided.outcomes[code] if code >= 0 else f"{code} {lacking}"
        for code, lacking in zip(decided.code.tolist(), missing, strict=True)
    ]


def test_debits_equal_credits_in_every_entity_framework_currency_and_month():
    balance = measure_chunk(varied_leases(200, 6), rules_as_of=AS_OF, compiled=False).trial_balance
    keys = np.stack([balance.entity, balance.framework, balance.currency, balance.month])
    sums = defaultdict(int)
    for key, amount in zip(keys.T.tolist(), balance.amount.tolist(), strict=True):
        sums[tuple(key)] += amount
    assert len(sums) > 100
    assert set(sums.values()) == {0}


@needs_compiler
@pytest.mark.parametrize("made", [varied_leases, eventful_leases])
def test_compiled_and_interpreted_give_the_same_integers(made):
    terms = made(300, 7, months=48)
    plain = measure_chunk(terms, rules_as_of=AS_OF, compiled=False)
    fast = measure_chunk(terms, rules_as_of=AS_OF, compiled=True, threads=2)
    assert plain.flows.digest == fast.flows.digest
    assert np.array_equal(plain.opening_liability, fast.opening_liability)
    for name, decided in plain.decisions.items():
        assert np.array_equal(decided.code, fast.decisions[name].code), name
        assert np.array_equal(decided.missing, fast.decisions[name].missing), name
    same(
        schedule_rows(terms, rules_as_of=AS_OF, compiled=False),
        schedule_rows(terms, rules_as_of=AS_OF, compiled=True),
    )


def test_a_schedule_ends_where_it_must_and_its_rows_follow_each_other():
    terms = level_leases(60, 3, months=24)
    rows = schedule_rows(terms, rules_as_of=AS_OF, compiled=False)
    last = np.flatnonzero(np.r_[np.diff(rows.unit) != 0, True])
    assert len(last) == 60
    assert set(rows.closing[last].tolist()) == {0}
    follows = np.diff(rows.unit) == 0
    assert np.all(rows.first_day[1:][follows] == rows.last_day[:-1][follows] + 1)


def test_rows_show_what_the_ledger_has_of_payments_that_were_made_otherwise():
    terms = each_its_own_entity(eventful_leases(60, 23, months=30))
    rows = schedule_rows(terms, rules_as_of=AS_OF, compiled=False)
    ledger = measure_chunk(terms, rules_as_of=AS_OF, compiled=False).flows
    beside = [name.endswith("/variable_payment") for name in ledger.names]
    assert int(rows.variable.sum()) == int(ledger.amount[np.array(beside)[ledger.what]].sum()) != 0


def test_of_two_payments_for_a_period_the_last_one_counts():
    alone = level_leases(2, 9, months=12)
    silent = ("event_months", "event_rate", "event_level", "event_share")
    events = {
        "event_lease": [0, 0, 1], "event_period": [2, 2, 2], "event_payment": [5, 77, 77],
        "event_kind": [r.PAYMENT_MADE] * 3,
        **dict.fromkeys(silent, [UNKNOWN] * 3),
    }  # fmt: skip
    made = {name: np.array(column, np.int64) for name, column in events.items()}
    terms = attrs.evolve(alone, payment=alone.payment * 0 + 1000, **made)
    rows = schedule_rows(terms, rules_as_of=AS_OF, compiled=False)
    assert rows.variable[rows.period == 1].tolist() == [-923, -923]
    assert int(rows.variable.sum()) == 2 * -923
    ledger = measure_chunk(terms, rules_as_of=AS_OF, compiled=False).flows
    paid = np.array([name.endswith("/variable_payment") for name in ledger.names])
    assert int(ledger.amount[paid[ledger.what]].sum()) == 2 * -923


def test_a_balance_that_does_not_close_names_its_leases(monkeypatch):
    terms = level_leases(3, 9, months=12)
    walked = measure.walked

    def troubled(*given: Any, **how: Any) -> Walked:
        done = walked(*given, **how)
        done.trouble[1] |= r.TRUE_UP
        return done

    monkeypatch.setattr(measure, "walked", troubled)
    order = np.lexsort([terms.currency, terms.entity])
    with pytest.raises(BalancesNotClosed, match="the lease of row ") as found:
        measure_chunk(terms, rules_as_of=AS_OF, compiled=False)
    assert found.value.rows == (int(terms.row[order[1]]),)
