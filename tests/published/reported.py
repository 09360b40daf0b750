"""
What the engine reports of a lease case, by the names that published figures have.

Every figure is read from determinations, the figures of a lease, or postings; here they only get
the unit and the name of the case.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from leasebook import pipeline
from leasebook.book.post import line_of
from leasebook.book.posting import Posting
from leasebook.measure.allocation import allocation, non_lease_consideration
from leasebook.measure.lease_components import Side
from leasebook.measure.lease_figures import LeaseFigures
from leasebook.measure.leaseback import FailedSale, financing_of, sale_figures, split_of
from leasebook.measure.lessee_figures import lessee_figures
from leasebook.measure.lessor_figures import lessor_figures
from leasebook.pipeline import Run
from leasebook.reckoning.rates import annual_rate
from published.reading import LEASE, SALE, WE, Reading

RATES = frozenset({"implicit_rate", "financing_rate", "net_investment_rate"})
RATIOS = frozenset({"term_ratio", "pv_ratio", "loss_rate"})
WORDS = frozenset({"classification", "separate_contract", "sale_recognised", "name", "period"})

#: How a published entry names the accounts of the chart.
ACCOUNTS = {
    "cash": "cash",
    "operating-lease-right-of-use-assets": "rou-asset",
    "finance-lease-right-of-use-assets": "rou-asset",
    "operating-lease-liabilities": "lease-liability",
    "finance-lease-liabilities": "lease-liability",
    "prepaid-rent": "prepaid-rent",
    "accrued-costs": "accrued-costs",
    "lease-incentive": "lease-incentive",
    "lease-receivable": "lease-receivable",
    "unguaranteed-residual-asset": "unguaranteed-residual-asset",
    "property-plant-and-equipment": "underlying-asset",
    "accumulated-depreciation": "underlying-asset",
    "lease-revenue": "revenue",
    "cost-of-goods-sold": "cost-of-goods-sold",
    "gain-or-loss": "gain-or-loss",
    "selling-profit": "gain-or-loss",
    "guarantee-cost": "gain-or-loss",
    "construction-in-progress": "underlying-asset",
    "additional-financing-liability": "financial-liability",
    "additional-financing-receivable": "financial-asset",
    "financing-obligation": "financial-liability",
    "financing-receivable": "financial-asset",
    "deferred-selling-profit": "lease-receivable",
}
#: Columns of schedules that come period by period and are no part of an entry of the first day.
PERIODIC = frozenset(
    {
        "payment", "principal_paid", "interest_paid", "principal_received", "interest_received",
        "billed", "variable_payment", "interest", "cost", "rou_reduction", "amortisation",
        "income", "direct_cost_amortisation", "residual_accretion", "deferred_profit_released",
        "depreciation",
    }
)  # fmt: skip


#: What a term is held against: of a sublease what is left of the head lease, else the asset's life.
TERM_RATIOS = (
    "sublease term over what is left of the head lease",
    "lease term over remaining life",
)
#: What a lessor spends on obtaining a lease; a published entry has it as a cost that is owed.
COSTS_IN_RATE, COSTS_EXPENSED = "initial_direct_costs_in_rate", "initial_direct_costs_expensed"


def run_of(reading: Reading) -> Run:
    """The deal walked through the house; a case leaves no decision open."""
    run = pipeline.run(reading.deal, "published", reading.framework)
    assert run.open_decisions == (), [
        (key, run.reached[key].sentence) for key in run.open_decisions if key in run.reached
    ]
    return run


class Units:
    """Minor units and rates per period as a case writes them."""

    def __init__(self, reading: Reading) -> None:
        self.scale = 10**reading.decimals
        self.convention, self.months = reading.convention, reading.period_months

    def of(self, name: str, value: Any) -> Any:
        """One value."""
        if value is None or isinstance(value, str | bool) or name in WORDS:
            return value
        if name in RATES:
            return annual_rate(Fraction(value), self.convention, self.months)
        if name in RATIOS:
            return Fraction(value)
        return Fraction(value) / self.scale

    def all(self, figures: Mapping[str, Any]) -> dict[str, Any]:
        """Every value of a table."""
        return {name: self.of(name, value) for name, value in figures.items()}

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Every value of a list of tables."""
        return [self.all(row) for row in rows]


def lease_case(reading: Reading) -> dict[str, Any]:
    """Everything that is reported of a case about one lease."""
    run = run_of(reading)
    units = Units(reading)
    lessor = reading.lease().lessor == WE
    ours = lessor_figures if lessor else lessee_figures
    figures = ours(reading.lease(), run.setting)
    found = _side(figures, units)
    found["classification"] = _class(run, lessor=lessor)
    found["classification_asu_2021_05"] = _class_adopted(reading, lessor=lessor)
    if reading.lease().components:
        found |= _allocation(reading, run, units)
    found["term_ratio"] = term_ratio(run, lessor=lessor)
    if found["term_ratio"] is None:
        life = reading.deal.assets[reading.lease().asset].useful_life.get()
        found["term_ratio"] = Fraction(figures.opening["term_months"], life.months)
    found["journal"] = entry(run, reading, reading.lease().commencement_date.get())
    for event, shown in zip(figures.events, found["events"], strict=True):
        shown["journal"] = entry(run, reading, event.event.date.get(), later=True)
    if "counterparty" in reading.case["expected"]:
        theirs = lessee_figures if lessor else lessor_figures
        other = _side(theirs(reading.lease(), run.setting), units)
        other["classification"] = _class(run, lessor=not lessor)
        found["counterparty"] = other
    return found


def sale_case(reading: Reading) -> dict[str, Any]:
    """Everything that is reported of a case about a sale, with its leaseback if it has one."""
    run = run_of(reading)
    units = Units(reading)
    passed = run.reached.outcome("sale_and_leaseback", SALE) != "failed-sale"
    found: dict[str, Any] = {}
    if passed and LEASE in reading.deal.contracts:
        found = lease_case(reading)
    sale = sale_figures(SALE, run.setting)
    found["sale_recognised"] = passed
    names = (
        "pv_payments", "additional_financing", "below_market_prepaid_rent", "gain_total",
        "gain_retained", "gain", "financial_liability", "financing_rate", "gain_at_end",
        "underlying_asset",
    )  # fmt: skip
    found |= units.all({name: getattr(sale, name) for name in names if hasattr(sale, name)})
    if isinstance(sale, FailedSale):
        rows = sale.rows
    else:
        found["underlying_asset"] = units.of("", sale.cost_to_buyer)
        rows = financing_of(reading.lease(), run.setting) if found.get("schedule") else ()
        split = split_of(reading.lease(), run.setting) if found.get("schedule") else None
        if split is not None:
            found["payment_to_financing"] = units.of("", split.to_financing[-1])
            found["payment_to_lease"] = units.of("", split.to_lease[-1])
    found["financing_schedule"] = units.rows(attrs.asdict(row) for row in rows)
    found["journal"] = entry(run, reading, reading.start())
    return found


def _allocation(reading: Reading, run: Run, units: Units) -> dict[str, Any]:
    side: Side = "lessor" if reading.lease().lessor == WE else "lessee"
    shared = allocation(reading.lease(), run.setting, side)
    return {
        "allocation": [
            {"name": one.name, "amount": units.of("amount", one.amount_minor)}
            for one in shared
            if one.kind == "lease"
        ],
        "non_lease_consideration": units.of(
            "", non_lease_consideration(reading.lease(), run.setting, side)
        ),
    }


def _side(figures: LeaseFigures, units: Units) -> dict[str, Any]:
    found = units.all(figures.opening)
    found["schedule"] = units.rows(figures.rows)
    found["events"] = [
        {
            **units.all(one.effects),
            "before": units.all(one.before),
            "after": {**units.all(one.after), "schedule": units.rows(one.rows)},
        }
        for one in figures.events
    ]
    return found


def _class(run: Run, *, lessor: bool) -> str | None:
    if lessor:
        return run.reached.outcome("lessor_classification", LEASE)
    exempt = run.reached.outcome("lease_exemption", LEASE)
    if exempt != "none-applies":
        return exempt
    return run.reached.outcome("lessee_classification", LEASE)


def _class_adopted(reading: Reading, *, lessor: bool) -> str | None:
    """The class without what is handed over, the relief of the update standing."""
    if not lessor or reading.framework != "us-gaap":
        return None
    stated = {("day_one_loss_relief", LEASE): None}
    reached = pipeline.decide(reading.deal, "us-gaap", "published", {})
    assert stated.keys() <= reached.keys()
    return reached["lessor_classification", LEASE].outcome


def term_ratio(run: Run, *, lessor: bool) -> Fraction | None:
    """Lease term over remaining life, as the test of life compares it."""
    name = f"{'lessor' if lessor else 'lessee'}_classification"
    found = run.reached.get((name, LEASE))
    margins = [t.margin for t in found.tests if t.margin] if found else []
    by_label = {m.label: m.value for m in margins if m.value is not None}
    return next((by_label[label] for label in TERM_RATIOS if label in by_label), None)


def entry(run: Run, reading: Reading, day: Any, *, later: bool = False) -> dict[str, Fraction]:
    """
    The entry that recognises what happens on a day: net debit by account, currency units.

    What is received by commencement has been received before it; on a later day it comes then.
    """
    assert run.kept is not None
    return net(
        (
            p
            for p in run.kept.books[WE].postings
            if p.date == day and p.contract in reading.deal.contracts
        ),
        10**reading.decimals,
        later=later,
    )


def net(postings: Iterable[Posting], scale: int, *, later: bool = False) -> dict[str, Fraction]:
    """Net debit by published account of the postings that recognise something."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for p in postings:
        settles = line_of(p.cause).settles and not (later and p.cause.column == "incentives")
        if p.cause.column in PERIODIC or settles or _beside_the_lease(p):
            continue
        paid = "accrued-costs" if p.cause.column == COSTS_IN_RATE else "cash"
        names = {**ACCOUNTS, "cash": paid}
        sums[names.get(p.debit, p.debit)] += Fraction(p.amount_minor, scale)
        sums[names.get(p.credit, p.credit)] -= Fraction(p.amount_minor, scale)
    return {account: amount for account, amount in sums.items() if amount}


def _beside_the_lease(p: Posting) -> bool:
    """Whether something else than the lease is recognised: services, and costs of selling."""
    return p.cause.column == COSTS_EXPENSED or "services-" in p.cause.schedule
