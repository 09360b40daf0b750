"""
The engine against a second computation that shares nothing with it but the contract's classes.

Both are asked for every balance and every result to date at the close of each period and of each
day on which something happens. They may differ by what rounding explains, and no more: the bound
is that of law 2 (half a unit for each rounded interest, compounded, and one for the opening), per
epoch; an asset carries what each remeasurement before it has left.
"""

import ast
import os
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from independent import lessee, lessor
from independent.change import KINDS
from independent.lessee import Epoch, account, exempt
from lease_lives import (
    Life,
    bought_lives,
    changed_lives,
    doubtful_lives,
    invested_lives,
    left_lives,
    let_lives,
    lives,
)
from strategies import SCENARIO, duration, figure

from leasebook.contract.event import Event
from leasebook.contract.lease import Incentive, Lease, Option, Rent
from leasebook.facts.changes import changes_of_terms
from leasebook.measure import lease_changes, lease_segment, lease_terms
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Schedule
from leasebook.reckoning import kernel
from leasebook.values.money import Currency

#: How many leases are tried: the long run is in CONTRIBUTING.md.
EXAMPLES = int(os.environ.get("LEASEBOOK_LEASES", "150"))
many = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 150)
# Rates are solved three times for each of these.
fewer = settings(many, max_examples=max(30, EXAMPLES // 10))

#: What can happen to a lease that its lessee keeps off the balance sheet, and that stays so.
EXEMPT_KINDS = tuple(k for k in KINDS if k not in ("purchase-option-reassessed", "impaired"))

FOLDER = Path(__file__).parent / "independent"
CONTRACT = {"leasebook.contract.lease", "leasebook.contract.event", "leasebook.contract.figure"}


# --- it stands alone ----------------------------------------------------------------------------


def taken(source: str) -> set[str]:
    """Every module that a source names in an import, however it is written."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in ("import_module", "__import__", "importlib", "exec", "eval"):
                found.add(name)
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_the_second_computation_takes_contract_classes_and_nothing_else(path):
    names = taken(path.read_text(encoding="utf-8"))
    own = {f"independent.{p.stem}" for p in FOLDER.glob("*.py")}
    standard = {
        "calendar", "collections.abc", "dataclasses", "datetime", "decimal", "fractions",
        "functools", "itertools", "math",
    }  # fmt: skip
    assert names - own - CONTRACT - standard == set()


@pytest.mark.parametrize(
    "source",
    [
        "import leasebook.reckoning.rates",
        "from leasebook.measure import lessee",
        "from leasebook import reckoning",
        "from importlib import import_module\nimport_module('leasebook.measure')",
        "def late():\n    from strategies import Case",
    ],
)
def test_an_import_of_anything_else_is_seen(source):
    assert taken(source) - CONTRACT


# --- it comes to what was published --------------------------------------------------------------

D = Decimal


def _annual(payments, rate, timing="advance", **more) -> Lease:
    return Lease(
        "l", "owner", "user", "thing", figure(date(2021, 1, 1)),
        figure(duration(12 * len(payments))),
        Rent(duration(12), timing, amounts=tuple(figure(D(p)) for p in payments)),
        figure(D(rate)), **more,
    )  # fmt: skip


def _then(kind: str, year: int, *, payments=(), rate=None, **more) -> Event:
    return Event(
        SCENARIO, "l", kind, figure(date(2021 + year, 1, 1)),
        payments=tuple(figure(D(p)) for p in payments),
        discount_rate=None if rate is None else figure(D(rate)),
        **{
            k: figure(D(v)) if isinstance(v, str) and k != "lessee_classification" else v
            for k, v in more.items()
        },
    )  # fmt: skip


def _changed(lease, *events, ifrs=False, classification="operating", **more) -> list[int]:
    """State before and after the last event, in whole currency units."""
    epochs = list(lessee.by_epoch(lease, events, ifrs=ifrs, classification=classification, **more))
    before, after = epochs[-2], epochs[-1]
    at = after.terms.begins
    balances = (before.terms.owed(at), before.asset(at), after.state.liability, after.state.asset)
    return [round(amount) for amount in (*balances, after.state.gain)]


def _nearly(found, published) -> bool:
    """Whether figures are those that were published, where each step was rounded to a unit."""
    return all(abs(a - b) <= 1 for a, b in zip(found, published, strict=True))


HUNDRED = ("100000",) * 10


def test_a_term_that_is_reassessed_comes_to_the_guides_figures():
    # PwC, Leases guide, example LG 5-2.
    lease = _annual(HUNDRED[:5], "0.05", initial_direct_costs=figure(D(10000)))
    new = ("104000", "104000", "114400", "114400", "114400")
    event = _then("term-reassessed", 3, payments=new, rate="0.06")
    assert _changed(lease, event) == [195238, 199238, 490597, 494597, 0]


def test_a_purchase_that_becomes_certain_comes_to_the_guides_figures():
    # PwC, Leases guide, example LG 5-3: amortised over the four years left of the asset's life.
    event = _then(
        "purchase-option-reassessed", 2, rate="0.03", price="30000",
        exercise=figure(date(2026, 1, 1)), reasonably_certain=True,
    )  # fmt: skip
    lease = _annual(HUNDRED[:5], "0.05")
    assert _changed(lease, event, classification="finance") == [285941, 272757, 318801, 305617, 0]
    epoch = list(lessee.by_epoch(lease, [event], ifrs=False, classification="finance", life=6))[-1]
    assert round(epoch.asset(2) - epoch.asset(3)) == 76404


def test_a_guarantee_that_is_reassessed_comes_to_the_guides_figures():
    # PwC, Leases guide, example LG 5-4.
    event = _then("guarantee-reassessed", 2, amount="10000")
    found = _changed(_annual(HUNDRED[:5], "0.05"), event, classification="finance")
    assert found == [285941, 272757, 294579, 281395, 0]


def test_an_incentive_that_comes_early_comes_to_the_guides_figures():
    # PwC, Leases guide, example LG 5-9.
    lease = _annual(
        ("1000000",) * 5, "0.05",
        incentive_receivable=Incentive(figure(D(300000)), figure(duration(24))),
    )  # fmt: skip
    event = _then("incentive-received", 1, amount="300000")
    assert _changed(lease, event) == [3437534, 3497534, 3723248, 3483248, 0]


def test_a_finance_lease_that_is_shortened_to_an_operating_one_comes_to_the_guides_figures():
    # PwC, Leases guide, example LG 5-8: the shorter term adjusts the asset, without a result.
    lease = _annual(HUNDRED, "0.05", initial_direct_costs=figure(D(10000)))
    event = _then(
        "term-reduced", 3, payments=("110000",) * 4, rate="0.06", lessee_classification="operating"
    )
    assert _changed(lease, event, classification="finance") == [607569, 574548, 404031, 371010, 0]


def test_an_added_right_comes_to_the_standards_figures():
    # ASC 842-10-55, example 17.
    event = attrs.evolve(
        _then("right-added", 5, payments=("150000",) * 5, rate="0.07"),
        added_payments=(figure(D(75000)),) * 5,
        price_is_standalone=False,
    )
    before, _, after, _, gain = _changed(_annual(HUNDRED, "0.06", "arrears"), event)
    assert (before, after, gain) == (421236, 615030, 0)


def test_a_cut_by_the_liability_comes_to_the_standards_figures():
    # ASC 842-10-55, example 18: rents grow by 5 % a year.
    rents = [str(D(100000) * D("1.05") ** k) for k in range(10)]
    new = ("68000", "71400", "74970", "78718.5", "82654.425")
    lease = _annual(rents, "0.06", "arrears", partial_termination="liability")
    event = _then("scope-reduced", 5, payments=new, rate="0.07", retained_share="0.5")
    found = _changed(lease, event)
    assert _nearly(found, [590768, 514436, 306098, 266548, 36782])


def test_an_index_moves_an_ifrs_liability_and_no_american_one():
    # IFRS 16, illustrative example 14, and ASC 842-10-55, example 25.
    half = _annual(("50000",) * 10, "0.05", index_base=figure(D(125)))
    event = _then("index-changed", 2, index_level="135")
    assert _changed(half, event, ifrs=True) == [339319, 324313, 366464, 351458, 0]
    cpi = _annual(HUNDRED, "0.08", index_base=figure(D(125)))
    epochs = list(
        lessee.by_epoch(
            cpi, [_then("index-changed", 1, index_level="128")], ifrs=False,
            classification="operating",
        )
    )  # fmt: skip
    closes = {c.day: c for c in account(epochs)}
    assert closes[date(2022, 1, 1)].variable == 2400
    assert round(closes[date(2022, 1, 1)].liability) == 574664
    assert closes[date(2022, 12, 31)].cost == 200000


def test_a_shorter_term_and_an_added_right_come_to_the_ifrs_figures():
    # IFRS 16, illustrative example 18.
    event = attrs.evolve(
        _then("term-reduced-and-right-added", 5, payments=("150000",) * 3, rate="0.07"),
        added_payments=(figure(D(50000)),) * 3,
    )
    found = _changed(_annual(HUNDRED, "0.06", "arrears"), event, ifrs=True)
    assert _nearly(found, [421236, 368004, 393648, 347148, 6733])


def test_a_longer_term_comes_to_the_ifrs_figures():
    # IFRS 16, illustrative example 13.
    lease = _annual(
        ("50000",) * 10, "0.05", initial_direct_costs=figure(D(20000)), incentives=figure(D(5000))
    )
    new = ("50000",) * 4 + ("55000",) * 5
    event = _then("term-reassessed", 6, payments=new, rate="0.06")
    found = _changed(lease, event, ifrs=True)
    assert _nearly(found, [186162, 168157, 378174, 360169, 0])


# --- it agrees with the engine -------------------------------------------------------------------


def explained(epoch: Epoch) -> Fraction:
    """
    What rounding explains of a liability, in minor units: law 2's bound.

    ((1+r)^n - 1)/(2r) + (1+r)^n/2 + 1 for n periods at r, and for amounts that are no whole minor
    units half a unit each, discounted by nothing.
    """
    count = len(epoch.terms.rents)
    yields, last = epoch.terms.yields, epoch.terms.ends
    if yields.grid.days:
        ahead = [yields.worth([(last, Fraction(1))], last - k) for k in range(count + 1)]
        return sum(1 / one for one in ahead[:count]) / 2 + 1 / ahead[count] / 2 + 1
    worst = yields.quoted if yields.convention == "actual-365" else yields.per_period
    growth = [(1 + Fraction(worst)) ** k for k in range(count + 1)]
    return sum(growth[:count]) / 2 + growth[count] / 2 + 1


def _broken(epoch: Epoch, unit: int) -> int:
    amounts = (*epoch.terms.rents, epoch.terms.guarantee, epoch.terms.price)
    return sum((amount * unit).denominator != 1 for amount in amounts)


def bounds(epochs: list[Epoch], unit: int) -> list[tuple[Fraction, Fraction]]:
    """For each epoch, what rounding explains of a liability, and of what is carried on."""
    liability, carried, found = Fraction(0), Fraction(0), []
    for epoch in epochs:
        # An epoch that remeasures nothing goes on with the rounding of the one before it.
        own = explained(epoch) + Fraction(_broken(epoch, unit), 2)
        state, leverage = epoch.state, Fraction(1)
        if state.liability:
            leverage = max(leverage, state.asset / state.liability)
        carried = carried + (liability + own) * leverage + 1
        liability = max(liability, own)
        found.append((liability, carried + liability))
    return found


#: The engine's columns that make up each result, with their signs.
RESULTS = {
    "interest": {"interest": 1},
    "gain": {
        "gain": 1, "liability_derecognised": 1, "rou_derecognised": -1, "impairment": -1,
        "penalty": -1,
    },
    "variable": {"variable_payment": 1},
    "paid": {
        "payment": 1, "variable_payment": 1, "penalty": 1, "prepaid": 1, "day_one": 1,
        "incentives": -1,
    },
    "passed": {"rou_passed_to_plant": 1},
}  # fmt: skip


def engine_at(schedules: list[Schedule], day: date) -> dict[str, int]:
    """What the engine shows at the close of a day: balances, and results to date."""

    def to_date(schedule: Schedule, columns: dict[str, int]) -> int:
        named = (c for c in columns if c in schedule.columns)
        return sum(columns[c] * schedule.total(c, last=day) for c in named)

    level, front = {"cost": 1}, {"interest": 1, "amortisation": 1}
    shown = {
        "liability": sum(s.balance("liability", day) for s in schedules),
        "asset": sum(s.balance("rou", day) for s in schedules),
        "cost": sum(to_date(s, level if "cost" in s.columns else front) for s in schedules),
    }
    results = {n: sum(to_date(s, signs) for s in schedules) for n, signs in RESULTS.items()}
    return shown | results


def disagreements(life: Life) -> list[str]:
    """Where the engine and the second computation differ by more than rounding explains."""
    schedules = [s for s in life.schedules(life.lease.lessee) if "rou" in s.balances]
    epochs = life.epochs()
    allowed = bounds(epochs, life.unit)
    found = []
    for close in account(epochs, life.paying()):
        begun = [e.terms.yields.grid.opens(e.terms.begins) <= close.day for e in epochs]
        within, carried = allowed[sum(begun) - 1]
        for name, amount in engine_at(schedules, close.day).items():
            bound = within if name == "liability" else carried
            exact = getattr(close, name) * life.unit
            if abs(amount - exact) > bound:
                off = f"{amount} for {float(exact):.2f}, where rounding explains {float(bound):.1f}"
                found.append(f"{close.day} {name}: {off}")
    return found


@fewer
@given(lives(dated=True))
def test_both_agree_on_a_lessees_side_where_rents_have_days_of_their_own(life):
    assert disagreements(life) == []


@many
@given(lives(buys=True))
def test_the_engine_and_the_second_computation_agree_on_a_lessees_side(life):
    assert disagreements(life) == []


# --- it can fail ---------------------------------------------------------------------------------

_LIVED = Life(
    _annual(
        HUNDRED, "0.05", "advance", initial_direct_costs=figure(D(10000)),
        index_base=figure(D(100)),
    ),
    (
        _then("index-changed", 2, index_level="110"),
        _then("scope-reduced", 4, retained_share="0.6", rate="0.07"),
        _then("term-reduced", 6, payments=("50000", "51000"), rate="0.04"),
    ),
    "ifrs", "finance", "operating", Currency.of("USD"), False,
    lessor.Thing(Fraction(10**6), Fraction(10**6)),
)  # fmt: skip


def _an_interest_too_few(monkeypatch) -> None:
    whole = kernel.accrue_rows

    def short(*args) -> int:
        # The denominator and the numerators of the rates.
        return whole(*args[:6], args[6] * 1000, [n * 999 for n in args[7]], *args[8:])

    monkeypatch.setattr(kernel, "accrue_rows", short)
    monkeypatch.setattr(kernel, "check_true_up", lambda *_: None)


def _a_rate_of_another_convention(monkeypatch) -> None:
    monkeypatch.setattr(
        lease_terms, "periodic_rate", lambda annual, *_: Fraction(annual) * Fraction(99, 100)
    )


def _an_asset_that_falls_a_period_late(monkeypatch) -> None:
    whole = lease_segment.level_rows

    def late(first, rows, total, gone, over, parts) -> int:
        shared = whole(first, rows, total, gone, over, parts)
        parts[:] = [0, *parts[:-1]]
        return shared

    monkeypatch.setattr(lease_segment, "level_rows", late)


def _a_share_that_is_forgotten(monkeypatch) -> None:
    change = lease_changes.Change
    monkeypatch.setattr(
        lease_changes, "Change", lambda kind="remeasured", **more: change(kind, **{
            k: v for k, v in more.items() if k != "retained"
        }),
    )  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        _an_interest_too_few,
        _a_rate_of_another_convention,
        _an_asset_that_falls_a_period_late,
        _a_share_that_is_forgotten,
    ],
)
def test_an_engine_that_is_broken_is_caught(monkeypatch, damage):
    assert disagreements(_LIVED) == []
    damage(monkeypatch)
    assert disagreements(_LIVED)


# --- lives that are told ------------------------------------------------------------------------


def _tried(lease: Lease, *events: Event, renewed: bool = False) -> list[str]:
    thing = lessor.Thing(Fraction(10**6), Fraction(10**6))
    usd = Currency.of("USD")
    return disagreements(Life(lease, events, "ifrs", "finance", "operating", usd, renewed, thing))


def _let(
    months: int, count: int, *, start=date(2029, 1, 1), convention="per-period", **more
) -> Lease:
    timing = more.pop("timing", "arrears")
    rent = more.pop("rent", None) or Rent(duration(months), timing, amount=figure(D(1000)))
    return Lease(
        "l", "owner", "user", "plant", figure(start), figure(duration(months * count)), rent,
        figure(D("0.05")), rate_convention=convention, **more,
    )  # fmt: skip


def _on(kind: str, day: date, order: int = 0, **more) -> Event:
    told = _then(kind, 0, **more)
    return attrs.evolve(told, date=figure(day), order=order)


_TWO_YEARS = Option("renewal", figure(duration(24)))
_STEPPED = Rent(
    duration(12), "arrears", amount=figure(D(1000)), escalation=figure(D("0.05")),
    escalates_every=duration(12),
)  # fmt: skip
_INDEXED = {"index_base": figure(D(100))}
_SECOND, _THIRD = date(2030, 1, 1), date(2031, 1, 1)

#: By what the paragraph or the contract says: the lease, what happens, and whether renewals count.
TOLD: dict[str, tuple[Lease, tuple[Event, ...], bool]] = {
    "a new rent without a rate keeps the rate in use": (
        _let(12, 4),
        (
            _on("consideration-changed", _SECOND, payments=("900",) * 3, rate="0.08"),
            _on("rent-changed", _THIRD, amount="800"),
        ),
        False,
    ),
    "a renewal without a rate keeps the rate in use": (
        _let(12, 2, options=(_TWO_YEARS,)),
        (
            _on("consideration-changed", _SECOND, payments=("900",), rate="0.08"),
            _on("renewal-exercised", _THIRD),
        ),
        False,
    ),
    "a rent that escalates goes on doing so in a renewal": (
        _let(12, 2, rent=_STEPPED, options=(_TWO_YEARS,)),
        (_on("renewal-exercised", _THIRD),),
        False,
    ),
    "a renewal that lists its amounts costs them": (
        _let(12, 2, options=(attrs.evolve(_TWO_YEARS, amounts=(figure(D(1300)),) * 2),)),
        (_on("renewal-exercised", _THIRD),),
        False,
    ),
    "a rent foreseen for a renewal goes up with the index": (
        _let(12, 3, options=(_TWO_YEARS,), **_INDEXED),
        (
            _on("index-changed", _SECOND, index_level="120"),
            _on("term-reassessed", _THIRD, rate="0.06"),
        ),
        False,
    ),
    "so it does once the rents before it were agreed anew": (
        _let(12, 3, options=(_TWO_YEARS,), **_INDEXED),
        (
            _on("index-changed", _SECOND, index_level="120"),
            _on("rent-changed", _SECOND, 1, amount="900"),
            _on("term-reassessed", _THIRD, 2, rate="0.06"),
        ),
        False,
    ),
    "something can happen on the day a term became longer": (
        _let(12, 2),
        (
            _on("term-reassessed", _SECOND, payments=("900",) * 2),
            _on("consideration-changed", _SECOND, 1, payments=("800",) * 2),
        ),
        False,
    ),
    "the days of a longer term count from commencement": (
        _let(1, 2, start=date(2028, 1, 31)),
        (_on("term-reassessed", date(2028, 2, 29), payments=("900",) * 6),),
        False,
    ),
    "days are counted for every period that an extension adds": (
        _let(1, 3, convention="actual-365"),
        (_on("extended", date(2029, 2, 1), payments=("900",) * 4),),
        False,
    ),
    "a rent that is agreed anew is not raised by the index of before": (
        _let(12, 4, **_INDEXED),
        (
            _on("index-changed", _SECOND, index_level="110"),
            _on("rent-changed", _THIRD, amount="1200"),
        ),
        False,
    ),
    "payments listed at one index are raised from that index on": (
        _let(12, 4, **_INDEXED),
        (
            _on("index-changed", _SECOND, index_level="110"),
            _on("consideration-changed", _SECOND, 1, payments=("1200",) * 3),
            _on("index-changed", _THIRD, 2, index_level="121"),
        ),
        False,
    ),
    "a renewal that the term has counted is not counted again": (
        _let(12, 3, options=(_TWO_YEARS,)),
        (_on("term-reassessed", _SECOND, rate="0.08"),),
        True,
    ),
    "money received takes no asset below zero": (
        _let(12, 3, incentive_receivable=Incentive(figure(D(500)), figure(duration(36)))),
        (
            _on("impaired", _SECOND, amount="1000"),
            _on("incentive-received", _SECOND, 1, amount="1500"),
        ),
        False,
    ),
    "a liability that grows writes no asset off that incentives took below zero": (
        _let(
            1,
            4,
            incentives=figure(D(3600)),
            incentive_receivable=Incentive(figure(D(500)), figure(duration(3))),
            index_base=figure(D(90)),
        ),
        (
            _on("guarantee-reassessed", date(2029, 2, 1), amount="60"),
            _on("guarantee-reassessed", date(2029, 2, 1), 1, amount="1200"),
            _on("index-changed", date(2029, 2, 1), 2, index_level="80"),
        ),
        False,
    ),
    "a liability that falls is a gain where no asset is left, and no more than it falls": (
        _let(1, 4, incentives=figure(D(4600)), index_base=figure(D(90))),
        (_on("index-changed", date(2029, 2, 1), index_level="80"),),
        False,
    ),
    "an asset that one day took to zero and raised again keeps the gain": (
        _let(1, 3, expected_guarantee_payment=figure(D(9000)), index_base=figure(D(90))),
        (
            _on("impaired", date(2029, 2, 1), amount="6000"),
            _on("guarantee-reassessed", date(2029, 2, 1), 1, amount="1000"),
            _on("guarantee-reassessed", date(2029, 2, 1), 2, amount="5000"),
            _on("index-changed", date(2029, 2, 1), 3, index_level="80"),
        ),
        False,
    ),
    "a right that is added takes off no incentive that is still to come twice": (
        _let(12, 5, incentive_receivable=Incentive(figure(D(300)), figure(duration(36)))),
        (
            _on("right-added", _SECOND, rate="0.07", price_is_standalone=False),
            _on("guarantee-reassessed", _THIRD, amount="50"),
        ),
        False,
    ),
    "a term is cut whose first rent was paid otherwise": (
        _let(12, 5),
        (
            _on("payment-made", _SECOND, amount="900"),
            _on("term-reduced", _THIRD, payments=("950",) * 2, rate="0.06"),
        ),
        False,
    ),
    "an incentive that was received does not come again": (
        _let(
            12,
            5,
            timing="advance",
            incentive_receivable=Incentive(figure(D(100)), figure(duration(48))),
        ),
        (
            _on("scope-reduced", _THIRD, retained_share="0.5"),
            _on("incentive-received", _THIRD, 1, amount="50"),
            _on("scope-reduced", _THIRD, 2, retained_share="0.5"),
        ),
        False,
    ),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_a_paragraph_or_a_contract_says_comes_out(what):
    lease, events, renewed = TOLD[what]
    assert _tried(lease, *events, renewed=renewed) == []


def _life(lease: Lease, *events: Event, lessee: str = "operating") -> Life:
    thing = lessor.Thing(Fraction(10**6), Fraction(10**6))
    usd = Currency.of("USD")
    return Life(lease, events, "us-gaap", lessee, "operating", usd, False, thing)


def test_what_was_paid_for_a_period_is_paid_once_also_beside_an_index():
    index = _on("index-changed", _SECOND, index_level="110")
    life = _life(_let(12, 4, **_INDEXED), index, _on("payment-made", _THIRD, 1, amount="1500"))
    assert disagreements(life) == []
    for entity in (life.lease.lessee, life.lease.lessor):
        (schedule,) = life.schedules(entity)
        paid = [
            sum(schedule.total(c, date(y, 1, 1), date(y, 12, 31)) for c in RENT)
            for y in range(2029, 2033)
        ]
        assert paid == [1000_00, 1500_00, 1100_00, 1100_00]


RENT = ("payment", "variable_payment")


@pytest.mark.parametrize(
    ("terms", "unpaid", "lost"),
    [
        # Level rents leave nothing accrued: what was billed is lost, and nothing is earned after.
        ({}, 1, 1000_00),
        # Rents that rise: what has accrued is lost with what was billed.
        ({"amounts": ("500", "1000", "1500", "2000")}, 1, 1000_00 + 1000_00),
        # Rents that fall: what was paid ahead bears what was billed, and is earned as time goes by.
        ({"amounts": ("2000", "1500", "500", "400")}, 0, 0),
        ({"amounts": ("2000", "1500", "500", "400")}, 1, 200_00),
    ],
)
def test_income_of_doubtful_rent_is_the_lesser_of_what_is_level_and_what_is_paid(
    terms, unpaid, lost
):
    # ASC 842-30-25-13
    rent = None
    if terms:
        amounts = tuple(figure(D(a)) for a in terms["amounts"])
        rent = Rent(duration(12), "arrears", amounts=amounts)
    lease = _let(12, 4, rent=rent)
    life = _life(lease, attrs.evolve(_on("collection-doubtful", _THIRD), unpaid_periods=unpaid))
    (schedule,) = life.schedules("owner")
    last = date(2032, 12, 31)
    written_off = ("accrued_written_off", "billed_written_off")
    assert sum(schedule.total(c) for c in written_off) == lost
    assert schedule.total("income") - lost == schedule.total("payment")
    assert [schedule.balance(b, last) for b in ("deferred_rent", "rent_receivable")] == [0, 0]
    assert income_disagreements(life) == []
    (owed,) = (s.balance("liability", last) for s in life.schedules("user"))
    assert owed == sum(s.total("billed") for s in [schedule]) + _left_unpaid(lease)


def _left_unpaid(lease: Lease) -> int:
    """The rents of the last two years, minor units: none of them is paid or billed."""
    amounts = lease.rent.amounts or (lease.rent.amount,) * 4
    return int(sum(a.get() for a in amounts[2:]) * 100)


def test_rent_that_is_doubtful_stays_unpaid_whatever_is_agreed_and_also_that_of_earlier_terms():
    doubt = attrs.evolve(_on("collection-doubtful", _THIRD, 1), unpaid_periods=2)
    before = _on("consideration-changed", _SECOND, payments=("900",) * 4)
    after = _on("rent-changed", date(2032, 1, 1), 2, amount="700")
    life = _life(_let(12, 5), before, doubt, after)
    for entity in ("user", "owner"):
        assert [s.total("payment") for s in life.schedules(entity)] == [0]
    assert disagreements(life) == income_disagreements(life) == []


def test_a_guarantee_is_not_paid_either_once_nothing_is_and_is_no_income_of_the_lessor():
    # ASC 842-30-25-13: income is no more than what was received.
    lease = _let(12, 4, expected_guarantee_payment=figure(D(500)))
    life = _life(lease, attrs.evolve(_on("collection-doubtful", _THIRD), unpaid_periods=1))
    (owner,), (user,) = life.schedules("owner"), life.schedules("user")
    assert owner.total("payment") == user.total("payment") == 1000_00
    lost = owner.total("accrued_written_off") + owner.total("billed_written_off")
    assert owner.total("income") - lost == 1000_00
    assert user.balance("liability", date(2032, 12, 31)) == 3500_00
    assert disagreements(life) == income_disagreements(life) == []
    assert exempt_disagreements(life) == []


_RENEWS = date(2032, 1, 1)
_LONGER = _on("term-reassessed", _SECOND, rate="0.06")

#: What becomes of what a lessee expects or what the term had counted, on the day it comes to it.
BECOMES: dict[str, tuple[Lease, tuple[Event, ...], bool]] = {
    "it came to expect a renewal and leaves it": (
        _let(12, 3, options=(_TWO_YEARS,)),
        (_LONGER, _on("option-not-exercised", _RENEWS, 1)),
        False,
    ),
    "it came to expect a renewal and exercises it": (
        _let(12, 3, options=(_TWO_YEARS,)),
        (_LONGER, _on("renewal-exercised", _RENEWS, 1)),
        False,
    ),
    "it leaves a renewal after payments that varied were settled": (
        _let(12, 3, options=(_TWO_YEARS,), **_INDEXED),
        (
            _on("index-changed", _SECOND, index_level="110"),
            _on("payments-fixed", _THIRD, 1, payments=("1200",) * 3),
            _on("option-not-exercised", _RENEWS, 2),
        ),
        True,
    ),
    "it leaves where it came to expect to, with a guarantee": (
        _let(12, 5, expected_guarantee_payment=figure(D(300))),
        (_on("term-reassessed", _SECOND, payments=("900", "800")),),
        False,
    ),
    "it leaves a renewal that it came to expect, with a guarantee": (
        _let(12, 3, options=(_TWO_YEARS,), expected_guarantee_payment=figure(D(300))),
        (_LONGER, _on("option-not-exercised", _RENEWS, 1)),
        False,
    ),
    "it leaves a renewal that was counted from the start, with a guarantee said anew": (
        _let(12, 3, options=(_TWO_YEARS,), expected_guarantee_payment=figure(D(300))),
        (
            _on("guarantee-reassessed", _SECOND, amount="450"),
            _on("option-not-exercised", _RENEWS, 1),
        ),
        True,
    ),
    "it leaves a counted renewal as it came to expect to, with a guarantee": (
        _let(12, 3, options=(_TWO_YEARS,), expected_guarantee_payment=figure(D(300))),
        (
            _on("term-reassessed", _SECOND, payments=("900", "800"), rate="0.06"),
            _on("option-not-exercised", _RENEWS, 1),
        ),
        True,
    ),
    "it leaves a renewal that nobody counted, with a guarantee": (
        _let(12, 3, options=(_TWO_YEARS,), expected_guarantee_payment=figure(D(300))),
        (_on("option-not-exercised", _RENEWS),),
        False,
    ),
}


@pytest.mark.parametrize("what", BECOMES)
def test_both_sides_see_alike_what_becomes_of_what_a_lessee_expected(what):
    lease, events, renewed = BECOMES[what]
    life = attrs.evolve(_life(lease, *events), renewed=renewed)
    assert disagreements(life) == income_disagreements(life) == []
    assert exempt_disagreements(life) == []


def test_income_of_a_longer_stay_is_level_until_the_purchase_that_is_certain_when_it_begins():
    longer = _on("term-reassessed", date(2031, 1, 1), payments=("500", "500", "600"))
    bought = attrs.evolve(
        _on("purchase-option-reassessed", date(2031, 1, 1), 1, price="100"),
        exercise=figure(date(2033, 1, 1)), reasonably_certain=True,
    )  # fmt: skip
    life = _life(_let(12, 3), longer, bought)
    assert income_disagreements(life) == []
    assert sum(s.total("income") for s in life.schedules("owner")) == 3 * 1000_00 + 500_00


def test_an_incentive_that_is_paid_while_rent_is_doubtful_takes_back_income_beyond_what_is_kept():
    later = Incentive(figure(D(300)), figure(duration(24)))
    lease = _let(12, 3, timing="advance", incentive_receivable=later)
    doubtful = attrs.evolve(_on("collection-doubtful", _SECOND), unpaid_periods=0)
    life = _life(lease, doubtful, _on("incentive-received", _SECOND, 1, amount="300"))
    assert income_disagreements(life) == []
    (owner,) = life.schedules("owner")
    lost = owner.total("accrued_written_off") + owner.total("billed_written_off")
    assert owner.total("income") - lost == owner.total("payment") - 300_00 == 700_00


@given(left_lives())
@many
def test_both_agree_on_a_guarantee_that_falls_due_where_a_counted_renewal_is_left(life):
    assert disagreements(life) == income_disagreements(life) == []
    assert exempt_disagreements(life) == []


def test_a_lessor_of_a_net_investment_gets_what_is_guaranteed_as_a_renewal_is_left():
    lease = _let(
        12, 3, options=(_TWO_YEARS,), expected_guarantee_payment=figure(D(300)),
        unguaranteed_residual=figure(D(1800)),
    )  # fmt: skip
    life = _life(lease, _LONGER, _on("option-not-exercised", _RENEWS, 1), lessee="finance")
    worth = lessor.Thing(Fraction(4200), Fraction(4000))
    life = attrs.evolve(life, lessor="sales-type", thing=worth)
    (own,), (other,) = life.schedules("user"), life.schedules("owner")
    assert own.total("penalty") == other.total("penalty") == 300_00
    assert invested_disagreements(life) == []


@pytest.mark.parametrize("lessee", ["operating", "finance", "short-term"])
@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_what_is_guaranteed_is_paid_as_an_asset_goes_back_before_a_counted_renewal(
    framework, lessee
):
    # ASC 842-10-30-5(f), 842-10-35-1(d); IFRS 16.20, 16.27(c)
    lease = _let(12, 3, options=(_TWO_YEARS,), expected_guarantee_payment=figure(D(300)))
    told = _on("guarantee-reassessed", _SECOND, amount="450")
    life = attrs.evolve(
        _life(lease, told, _on("option-not-exercised", _RENEWS, 1), lessee=lessee),
        renewed=True, framework=framework,
    )  # fmt: skip
    (own,), (other,) = life.schedules("user"), life.schedules("owner")
    assert own.total("penalty") == other.total("penalty") == 450_00
    assert own.total("payment") == other.total("payment") == 3 * 1000_00
    if lessee != "short-term":
        assert [own.balance(b, _RENEWS) for b in ("liability", "rou")] == [0, 0]


def test_a_guarantee_of_which_nothing_is_paid_is_not_settled_where_a_counted_renewal_is_left():
    lease = _let(12, 3, options=(_TWO_YEARS,), expected_guarantee_payment=figure(D(300)))
    doubt = attrs.evolve(_on("collection-doubtful", _THIRD), unpaid_periods=1)
    life = _life(lease, doubt, _on("option-not-exercised", _RENEWS, 1))
    with pytest.raises(NotModelled, match="nobody will pay"):
        attrs.evolve(life, renewed=True).schedules("user")


def test_of_two_rights_added_on_one_day_each_is_a_contract_of_its_own_or_not():
    listed = {"payments": ("1500",) * 3, "rate": "0.07", "price_is_standalone": False}
    dear = attrs.evolve(_on("right-added", _SECOND, **listed), added_payments=(figure(D(500)),) * 3)
    own = _on("right-added", _SECOND, 1, price_is_standalone=True)
    life = _life(_let(12, 4), own, dear)
    assert disagreements(life) == income_disagreements(life) == []
    assert sum(s.total("payment") for s in life.schedules("user")) == 1000_00 + 3 * 1500_00


def test_a_right_that_is_added_after_another_change_of_the_day_is_asked_about():
    other = _on("consideration-changed", _SECOND, payments=("900",) * 3)
    added = [_on("right-added", _SECOND, order, price_is_standalone=True) for order in (1, 2)]
    asked = [s.id for s in changes_of_terms(_life(_let(12, 4), other, *added).deal(), SCENARIO)]
    day = f"l@{_SECOND}"
    assert asked == [day, f"{day}/change", f"{day}/change-2"]


def test_an_exempt_lease_that_ends_early_leaves_nothing_prepaid_and_both_sides_show_the_penalty():
    amounts = tuple(figure(D(a)) for a in ("2000", "1500", "500", "0"))
    rent = Rent(duration(12), "arrears", amounts=amounts)
    ended = _on("terminated", _THIRD, penalty="77")
    life = _life(_let(12, 4, rent=rent), ended, lessee="short-term")
    (own,), (other,) = life.schedules("user"), life.schedules("owner")
    assert own.balance("prepaid_rent", _THIRD) == 0
    assert own.total("cost") == 3500_00
    assert own.total("penalty") == other.total("penalty") == 77_00
    assert exempt_disagreements(life) == []


def test_an_incentive_of_the_day_an_exempt_lease_ends_reduces_its_cost_and_the_penalty_does_not():
    lease = _let(
        12, 4, incentive_receivable=Incentive(figure(D(300)), figure(duration(36))),
    )  # fmt: skip
    came = _on("incentive-received", _THIRD, amount="200")
    life = _life(lease, came, _on("terminated", _THIRD, 1, penalty="77"), lessee="short-term")
    (own,) = life.schedules("user")
    assert own.total("cost") == 2000_00 - 200_00
    assert exempt_disagreements(life) == []


# --- the lessor's side ---------------------------------------------------------------------------


def _left(life: Life) -> bool:
    """Whether a lease ends before its term is over."""
    return any(event.kind == "terminated" for event in life.events)


def invested_disagreements(life: Life) -> list[str]:
    """Where both computations of a net investment differ by more than rounding explains."""
    lease, unit = life.lease, life.unit
    schedule, *_ = life.schedules(lease.lessor)
    first = lease.commencement_date.get()
    start = lessor.day_one(lease, life.thing, life.lessor)
    closes = lessor.invested(lease, life.thing, life.lessor, life.events)
    days = len(closes) if not lease.rent.dated else (closes[-1].day - first).days // 365 + 1
    growth = (1 + max(start.rate, *(close.rate for close in closes))) ** days
    # Each of receivable, residual and net investment is rounded once at the start, once a period
    # and once at each change, and each sum over the periods carries all of that again.
    bound = 3 * (len(closes) + 2) * (1 + len(life.events)) * growth
    shown = {
        (first, "profit"): (schedule.total("selling_profit"), start.profit),
        (first, "deferred"): (schedule.total("deferred_profit", last=first), start.deferred),
        (first, "costs"): (schedule.total("initial_direct_costs_expensed"), start.costs_expensed),
    }
    # On its last day what is left goes back as the asset.
    for close in closes if _left(life) else closes[:-1]:
        day = close.day
        gain = schedule.total("modification_gain", last=day) + schedule.total("penalty", last=day)
        shown |= {
            (day, "gain"): (gain, close.gain),
            (day, "receivable"): (schedule.balance("receivable", day), close.receivable),
            (day, "residual"): (schedule.balance("residual", day), close.residual),
            (day, "net"): (schedule.balance("net_investment", day), close.net_investment),
            (day, "interest"): (schedule.total("interest", last=day), close.interest),
            (day, "accretion"): (schedule.total("residual_accretion", last=day), close.accretion),
            (day, "beside"): (schedule.total("variable_payment", last=day), close.beside),
        }
    return [
        f"{what}: {amount} for {float(exact * unit):.2f} within {float(bound):.1f}"
        for what, (amount, exact) in shown.items()
        if abs(amount - exact * unit) > bound
    ]


#: The columns of an operating lessor's income that is not level, with their signs.
_BESIDE = {
    "variable_payment": 1, "penalty": 1, "accrued_written_off": -1, "billed_written_off": -1,
}  # fmt: skip


def income_disagreements(life: Life) -> list[str]:
    """Where both computations of an operating lessor's income differ by more than rounding."""
    lease, unit = life.lease, life.unit
    schedules = life.schedules(lease.lessor)
    worth = life.thing.carrying_amount
    closes = lessor.level_income(lease, life.events, worth, renewed=life.renewed)
    # Each period's income and each rent that is no whole minor unit is rounded to half a unit.
    bound = len(closes) + len(life.events) + 1
    found = []
    for close in closes:
        day = close.day
        shown = {
            "income": sum(s.total("income", last=day) for s in schedules),
            "deferred_rent": sum(s.balance("deferred_rent", day) for s in schedules),
            "profit": sum(
                s.total("sale_profit", last=day) - s.total("accrued_to_profit", last=day)
                for s in schedules
            ),
            "other": sum(
                s.total(c, last=day) * sign for s in schedules for c, sign in _BESIDE.items()
            ),
        }
        found += [
            f"{close.day} {name}: {amount} for {float(getattr(close, name) * unit):.2f}"
            for name, amount in shown.items()
            if abs(amount - getattr(close, name) * unit) > bound
        ]
    return found


def gain_disagreement(life: Life) -> str | None:
    """Whether both computations of the gain on a purchase differ by more than rounding."""
    lease, unit = life.lease, life.unit
    schedule, *_ = life.schedules(lease.lessor)
    exact = lessor.gain_on_purchase(lease, life.thing, life.lessor, life.events) * unit
    start = lessor.day_one(lease, life.thing, life.lessor)
    count = len(lessor.invested(lease, life.thing, life.lessor))
    bound = 3 * (count + 2) * (1 + start.net_rate) ** count
    gain = schedule.total("modification_gain")
    last = schedule.rows[-1].date
    left = [schedule.balance(b, last) for b in sorted(schedule.balances)]
    if any(left) or abs(gain - exact) > bound:
        return f"{gain} for {float(exact):.2f} within {float(bound):.1f}; left {left}"
    return None


def deposit_disagreements(life: Life) -> list[str]:
    """Where both computations of a deposit, and of the sale it becomes, differ beyond rounding."""
    lease, unit = life.lease, life.unit
    schedules = life.schedules(lease.lessor)
    start = lessor.day_one(lease, life.thing, "sales-type")
    closes = lessor.held(lease, life.thing, life.events)
    bound = 3 * (len(closes) + 2) * (1 + start.rate) ** len(closes)
    columns = {
        "income": ("deposit_to_income", "penalty"),
        "profit": ("selling_profit",),
        "costs": ("initial_direct_costs_expensed", "direct_costs_lost"),
    }
    balances = {"deposit": "deposit", "receivable": "receivable", "residual": "residual"}
    # On its last day a net investment goes back as the asset.
    returns = [c for c in closes if c.receivable or c.residual][-1:]
    found = []
    for close in closes:
        if close in returns and close is closes[-1]:
            continue
        shown = {
            name: sum(s.total(c, last=close.day) for s in schedules for c in of if c in s.columns)
            for name, of in columns.items()
        }
        shown |= {
            name: sum(s.balance(of, close.day) for s in schedules if of in s.balances)
            for name, of in balances.items()
        }
        found += [
            f"{close.day} {name}: {amount} for {float(getattr(close, name) * unit):.2f}"
            for name, amount in shown.items()
            if abs(amount - getattr(close, name) * unit) > bound
        ]
    return found


@fewer
@given(invested_lives())
def test_the_engine_and_the_second_computation_agree_on_a_net_investment(life):
    assert invested_disagreements(life) == []


@fewer
@given(changed_lives())
def test_both_agree_on_a_net_investment_whose_terms_change(life):
    assert invested_disagreements(life) == []


@fewer
@given(changed_lives(dated=True))
def test_both_agree_on_a_net_investment_whose_terms_change_between_days_of_their_own(life):
    assert invested_disagreements(life) == []


@fewer
@given(invested_lives(dated=True))
def test_both_agree_on_a_net_investment_where_rents_have_days_of_their_own(life):
    assert invested_disagreements(life) == []


@fewer
@given(let_lives(dated=True))
def test_both_agree_on_an_operating_lessors_income_where_rents_have_days_of_their_own(life):
    assert income_disagreements(life) == []


@fewer
@given(lives(kinds=EXEMPT_KINDS, dated=True))
def test_both_agree_on_an_exempt_lease_where_rents_have_days_of_their_own(life):
    assert exempt_disagreements(life) == []


@fewer
@given(bought_lives())
def test_both_computations_agree_on_a_net_investment_whose_lessee_buys_the_asset(life):
    assert gain_disagreement(life) is None


@fewer
@given(doubtful_lives())
def test_both_computations_agree_on_a_sale_that_may_not_be_collected(life):
    assert deposit_disagreements(life) == []


@many
@given(let_lives())
def test_the_engine_and_the_second_computation_agree_on_an_operating_lessors_income(life):
    assert income_disagreements(life) == []


@many
@given(lives(kinds=EXEMPT_KINDS))
def test_the_engine_and_the_second_computation_agree_on_a_lease_that_is_exempt(life):
    assert exempt_disagreements(life) == []


def exempt_disagreements(life: Life) -> list[str]:
    """Where both computations of an exempt lease differ by more than rounding explains."""
    life = attrs.evolve(life, lessee="short-term")
    (schedule,) = life.schedules(life.lease.lessee)
    found, epochs = [], life.epochs()
    bound = sum(len(epoch.terms.rents) + 2 for epoch in epochs)
    for close in exempt(life.lease, epochs, life.paying()):
        day = close.day
        shown = {
            "cost": schedule.total("cost", last=day),
            "asset": schedule.balance("prepaid_rent", day),
            "variable": schedule.total("variable_payment", last=day),
            "paid": sum(sign * schedule.total(c, last=day) for c, sign in RESULTS["paid"].items()),
        }
        for name, amount in shown.items():
            exact = getattr(close, name) * life.unit
            if abs(amount - exact) > bound:
                found.append(f"{day} {name}: {amount} for {float(exact):.2f}")
    return found
