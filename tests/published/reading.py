"""
From a published case to a deal: the contracts, events, facts and outcomes that it states.

What a case leaves out is zero, false or no part of it, as the page on the cases' shape says.
Nothing is computed here but units of time and the currency's decimals.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.deal import Asset, Basis, Deal, Entity, Scenario, StatedFact
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import (
    Component,
    HandedOver,
    Incentive,
    Lease,
    Option,
    Rent,
    VariableRent,
)
from leasebook.contract.model import Contract, Sale
from leasebook.reckoning.calendar import add_months
from leasebook.values.duration import Duration
from leasebook.values.money import AMOUNT_MINOR_MAX, Currency

WE, THEY = "reporting-party", "other-party"
LEASE, HEAD, SALE, ASSET = "lease", "head-lease", "sale", "asset"
MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
CONVENTIONS = {
    "effective-annual": "effective-annual",
    "nominal-monthly": "nominal",
    "nominal-quarterly": "nominal",
    "nominal-half-yearly": "nominal",
    "per-period": "per-period",
    "actual-365": "actual-365",
}
FRAMEWORKS = {"asc842": "us-gaap", "asc810": "us-gaap", "asc460": "us-gaap"}
KNOWN_TO = date(2026, 6, 30)
#: How long an asset lasts and what it is worth where a case says neither: in terms of the lease.
BEYOND_THE_TESTS = 3
_EVENT_KINDS = {
    ("reassessment", "lease-term"): "term-reassessed",
    ("reassessment", "purchase-option"): "purchase-option-reassessed",
    ("reassessment", "residual-guarantee"): "guarantee-reassessed",
    ("reassessment", "incentive-timing"): "incentive-received",
    ("index-change", None): "index-changed",
    ("modification", "extension"): "extended",
    ("modification", "consideration"): "consideration-changed",
    ("modification", "term-reduction"): "term-reduced",
    ("modification", "added-right"): "right-added",
    ("modification", "scope-decrease"): "scope-reduced",
    ("modification", "mixed"): "term-reduced-and-right-added",
    ("modification", "reclassification"): "terms-changed",
    ("termination", None): "terminated",
    ("collectability", None): "collection-doubtful",
    ("actual-payment", None): "payment-made",
}


def figure(value: Any) -> Figure[Any]:
    """A figure of the publisher's."""
    return Figure(value, source="published")


def amount(value: Any) -> Figure[Decimal]:
    """A number of a case as an exact decimal."""
    return figure(Decimal(str(value)))


def optional(value: Any) -> Figure[Decimal] | None:
    """The same, where the case has it."""
    return None if value is None else amount(value)


def rate_figure(value: Any) -> Figure[Decimal] | None:
    """A rate as exact as the engine takes one: at fifteen decimals."""
    return None if value is None else figure(round(Decimal(str(value)), 15))


def months(count: int) -> Duration:
    """A duration of whole months."""
    return Duration(count, f"{count} months")


@attrs.frozen
class Reading:
    """
    A case as a deal.

    Attributes:
        case: As published.
        deal: Its contracts, facts and events.
        stated: Outcomes that are handed over.
        period_months: Length of a period.
        decimals: Of the currency.
    """

    case: dict[str, Any]
    deal: Deal
    stated: tuple[str, ...]
    period_months: int
    decimals: int

    @property
    def framework(self) -> str:
        """Under which the case reports."""
        return FRAMEWORKS.get(self.case["framework"], "ifrs")

    @property
    def convention(self) -> str:
        """How the engine calls the convention in which rates are quoted."""
        return CONVENTIONS[self.case["conventions"].get("rate", "effective-annual")]

    def start(self) -> date:
        """The day on which everything begins."""
        return date.fromisoformat(self.case["inputs"].get("commencement", "2025-01-01"))

    def lease(self) -> Lease:
        """The lease that is reported on."""
        found = self.deal.contracts[LEASE]
        assert isinstance(found, Lease)
        return found


def read(case: dict[str, Any]) -> Reading:
    """The deal that a case of a lease describes."""
    inputs = case["inputs"]
    every = MONTHS[inputs.get("period", "year")]
    currency = Currency("XTS", decimals_for(inputs))
    parts = _Parts(case, inputs, every)
    deal = Deal(
        id=case["id"],
        title="a published example",
        reporting=WE,
        currency=currency,
        known_to=KNOWN_TO,
        sources={"published": case["source"]["title"]},
        entities=_entities(case),
        assets={ASSET: parts.asset()},
        contracts=parts.contracts(),
        scenarios={"published": Scenario("published", "as published")},
        events=tuple(parts.events()),
        judgements=(),
        facts=tuple(parts.facts()),
        tables=(),
        assertions=(),
        bases={"published": _basis(tuple(parts.stated()))},
        filed={},
    )
    return Reading(case, deal, tuple(parts.stated()), every, currency.decimals)


def _basis(outcomes: tuple[str, ...]) -> Basis:
    return Basis("published", "as published", "published", outcomes=outcomes, perimeter={})


def _entities(case: dict[str, Any]) -> dict[str, Entity]:
    framework = FRAMEWORKS.get(case["framework"], "ifrs")
    both = "counterparty" in case["expected"]
    return {
        WE: Entity(WE, WE, framework=framework),
        THEY: Entity(THEY, THEY, framework=framework, keeps_books=both),
    }


def decimals_for(inputs: dict[str, Any]) -> int:
    """As many decimals as leave the largest amount well within the engine's limit."""
    numbers = [abs(n) for n in decimals_of(inputs)]
    largest = max(numbers, default=Decimal(1)) * max(len(numbers), 1)
    room = Decimal(AMOUNT_MINOR_MAX) / max(largest, Decimal(1)) / 10
    return next(d for d in (6, 4, 2, 0) if Decimal(10) ** d <= room)


def decimals_of(value: Any) -> list[Decimal]:
    if isinstance(value, dict):
        return [n for inner in value.values() for n in decimals_of(inner)]
    if isinstance(value, list | tuple):
        return [n for inner in value for n in decimals_of(inner)]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return []
    return [Decimal(value)]


@attrs.frozen
class _Parts:
    """The parts of a case on their way into a deal."""

    case: dict[str, Any]
    inputs: dict[str, Any]
    every: int

    @property
    def start(self) -> date:
        """The commencement date; any date where none is given."""
        return date.fromisoformat(self.inputs.get("commencement", "2025-01-01"))

    @property
    def lessor_reports(self) -> bool:
        """Whether the reporting party is the lessor of the lease."""
        return self.case["role"] in ("lessor", "buyer-lessor", "sublessor")

    @property
    def periods(self) -> int:
        """The term before options; a lease without a term is taken over for one period."""
        given = self.inputs.get("consideration") or self.inputs.get("payments") or [0]
        return min(int(self.inputs.get("term_periods", len(given))), self.lapses_at)

    @property
    def lapses_at(self) -> int:
        """
        The period at which a seller's right to buy back lapses; later than all else without one.

        A case of a sale that such a right bars tells of the financing, which lasts until then.
        """
        option = self.inputs.get("purchase_option", {})
        bars = "repurchase_option" in self.inputs.get("sale", {})
        if not bars or option.get("reasonably_certain", True):
            return 10**6
        return int(option["at_period"])

    def day(self, at: int) -> date:
        """The day on which some periods have gone."""
        return add_months(self.start, at * self.every)

    def asset(self) -> Asset:
        """The underlying asset."""
        sale = self.inputs.get("sale", {})
        worth = sale.get("fair_value", self.inputs.get("fair_value"))
        if worth is None and sale:
            worth = sale["price"]
        carried = sale.get("carrying_amount", self.inputs.get("carrying_amount", worth))
        written_off = self.inputs.get("depreciation_per_period")
        annual = None if written_off is None else Decimal(str(written_off)) * 12 / self.every
        lessor = WE if self.lessor_reports else THEY
        owner = lessor
        if sale:
            owner = THEY if self.case["role"] == "buyer-lessor" else WE
        return Asset(
            id=ASSET,
            title="the asset",
            kind="equipment",
            useful_life=figure(months(self.life() * self.every)),
            in_service=figure(self.start),
            fair_value=Figure(unknown="no part of the case") if worth is None else amount(worth),
            owner=owner,
            carrying_amount=optional(carried),
            held_from=None if carried is None else figure(self.start),
            annual_depreciation=optional(annual),
        )

    def life(self) -> int:
        """The economic life in periods; where there is none, what keeps the tests of it silent."""
        if "economic_life_periods" in self.inputs:
            return int(self.inputs["economic_life_periods"])
        option = self.inputs.get("purchase_option", {})
        owned = self.inputs.get("ownership_transfers") or option.get("reasonably_certain")
        if owned:
            return self.periods
        ends = [e["at_period"] + len(e.get("remaining_payments", ())) for e in self.told_events()]
        return BEYOND_THE_TESTS * max(self.periods + len(self.extension()), *ends, 1)

    def told_events(self) -> list[dict[str, Any]]:
        """What happens later, as the case tells it."""
        return list(self.case.get("events", ()))

    def extension(self) -> list[Any]:
        """The rents of an option to extend."""
        return list(self.inputs.get("extension_option", {}).get("payments", ()))

    def contracts(self) -> dict[str, Contract]:
        """The lease, and the sale or head lease that goes with it."""
        found: dict[str, Contract] = {}
        if self.has_lease():
            found[LEASE] = self.lease()
        if "head_lease" in self.inputs:
            found[HEAD] = self.head_lease()
        sale = self.inputs.get("sale")
        if sale is not None:
            buyer = self.case["role"] == "buyer-lessor"
            how = self.inputs.get("elections", {}).get("variable_leaseback", "expected-payments")
            found[SALE] = Sale(
                SALE,
                THEY if buyer else WE,
                WE if buyer else THEY,
                ASSET,
                amount(sale["price"]),
                figure(self.start),
                variable_leaseback=how,
            )
        return found

    def has_lease(self) -> bool:
        """Whether there is a lease at all; a sale may be told without its leaseback."""
        given = self.inputs.get("given", {})
        keys = ("payments", "term_periods", "opening_balances", "consideration")
        return any(k in self.inputs for k in keys) or bool(given)

    def lease(self) -> Lease:
        """The lease that is reported on."""
        inputs, conventions = self.inputs, self.case["conventions"]
        residual = inputs.get("residual", {})
        option = inputs.get("purchase_option") if self.lapses_at > self.periods else None
        costs = optional(inputs.get("initial_direct_costs"))
        incentive = inputs.get("incentive_receivable")
        rate = inputs.get("rate")
        if rate is None and "fair_value" not in inputs and "sale" not in inputs:
            rate = 0
        return Lease(
            id=LEASE,
            lessor=WE if self.lessor_reports else THEY,
            lessee=THEY if self.lessor_reports else WE,
            asset=ASSET,
            commencement_date=figure(self.start),
            noncancellable=figure(months(self.periods * self.every)),
            rent=self.rent(),
            discount_rate=rate_figure(rate),
            lessor_rate=rate_figure(rate),
            rate_convention=CONVENTIONS[conventions.get("rate", "effective-annual")],
            day_one_payment=conventions.get("day_one_payment", "included"),
            options=tuple(self.options(option)),
            title_transfers=figure(bool(inputs.get("ownership_transfers", False))),
            initial_direct_costs=None if self.lessor_reports else costs,
            lessor_initial_direct_costs=costs if self.lessor_reports else None,
            prepaid=optional(inputs.get("prepaid")),
            incentives=optional(inputs.get("incentives_received")),
            incentive_receivable=None
            if incentive is None
            else Incentive(
                amount(incentive["amount"]), figure(months(incentive["at_period"] * self.every))
            ),
            restoration=optional(inputs.get("restoration")),
            refundable_deposit=optional(inputs.get("refundable_deposit")),
            guaranteed_residual=amount(residual.get("guaranteed_by_lessee", 0)),
            third_party_residual=amount(residual.get("guaranteed_by_third_party", 0)),
            unguaranteed_residual=amount(residual.get("unguaranteed", 0)),
            expected_residual=optional(residual.get("expected_value")),
            expected_guarantee_payment=optional(residual.get("expected_payment")),
            index_base=optional(inputs.get("index", {}).get("base")),
            variable=self.variable(),
            components=tuple(
                Component(c["name"], c["kind"], amount(c["standalone_price"]))
                for c in inputs.get("components", ())
            ),
            partial_termination=inputs.get("elections", {}).get(
                "partial_termination", "right-of-use"
            ),
            lessor_operating_costs=optional(inputs.get("operating_costs_per_period")),
            head_lease=HEAD if "head_lease" in inputs else None,
            handed_over=self.handed_over(),
        )

    def rent(self) -> Rent:
        """The rents; level ones where the case asks what they are."""
        inputs = self.inputs
        every, timing = figure(months(self.every)).get(), inputs.get("timing", "arrears")
        listed = inputs.get("consideration") or inputs.get("payments")
        if listed is None and self.asks_for_rent():
            return Rent(every, timing, level_for=amount(self.worth_of_rents()))
        if listed is None:
            # What is left to pay is no part of the case: one payment of the balance stands for it.
            taken_over = inputs.get("opening_balances", {}).get("lease_liability", 0)
            listed = [taken_over, *[0] * (self.periods - 1)]
        due = list(listed)[: self.lapses_at]
        return Rent(every, timing, amounts=tuple(amount(one) for one in due))

    def asks_for_rent(self) -> bool:
        """Whether the payment is what is sought."""
        return "rate" in self.inputs and self.worth_of_rents() is not None

    def worth_of_rents(self) -> Any:
        """What rents are to earn: what they are worth, or what the asset is worth, or cost."""
        own = self.case["role"] in ("lessee", "lessor") and "payment" in self.case["expected"]
        cost = self.inputs.get("carrying_amount") if own else None
        worth = self.inputs.get("fair_value", cost)
        return self.inputs.get("given", {}).get("pv_payments", worth)

    def options(self, purchase: dict[str, Any] | None) -> list[Option]:
        """Options to extend and to buy."""
        found = []
        extension = self.inputs.get("extension_option")
        if extension is not None:
            rents = tuple(amount(one) for one in extension["payments"])
            term = figure(months(len(rents) * self.every))
            found.append(Option("renewal", term=term, amounts=rents))
        if purchase is not None:
            after = figure(months(purchase["at_period"] * self.every))
            found.append(Option("purchase", price=amount(purchase["price"]), after=after))
        return found

    def variable(self) -> VariableRent | None:
        """Rent for sales or use."""
        variable = self.inputs.get("variable_payments")
        if variable is None:
            return None
        return VariableRent(
            variable["basis"],
            share_of_sales=optional(variable.get("rate")),
            sales=tuple(amount(one) for one in variable.get("sales", ())),
            estimate=optional(variable.get("estimate")),
        )

    def handed_over(self) -> HandedOver | None:
        """What the publisher hands over instead of having it measured."""
        given = self.inputs.get("given", {})
        balances = self.inputs.get("opening_balances", {})
        found = HandedOver(
            optional(given.get("lease_liability", balances.get("lease_liability"))),
            optional(balances.get("rou_asset")),
            optional(given.get("pv_payments")),
            optional(given.get("unguaranteed_residual_asset")),
        )
        return None if found == HandedOver() else found

    def head_lease(self) -> Lease:
        """
        The head lease of a sublease, as far as it is told.

        Where its right of use is told, it is taken over on the sublease's first day.
        """
        head, carried = self.inputs["head_lease"], self.inputs.get("carrying_amount")
        gone = head["at_period"]
        begins, left = add_months(self.start, -gone * self.every), head["term_periods"]
        if carried is not None:
            begins, left = self.start, left - gone
        return Lease(
            id=HEAD,
            lessor=THEY,
            lessee=WE,
            asset=ASSET,
            commencement_date=figure(begins),
            noncancellable=figure(months(left * self.every)),
            rent=Rent(months(self.every), "arrears", amounts=(amount(0),)),
            discount_rate=rate_figure(self.inputs.get("rate", 0)),
            rate_convention=CONVENTIONS[self.case["conventions"].get("rate", "effective-annual")],
            handed_over=None if carried is None else HandedOver(amount(0), amount(carried)),
        )

    def events(self) -> list[Event]:
        """What happens later, in the order of the case."""
        return [self.event(one, n) for n, one in enumerate(self.case.get("events", ()))]

    def event(self, one: dict[str, Any], order: int) -> Event:
        """One event."""
        kind = _EVENT_KINDS[one["type"], one.get("trigger", one.get("kind"))]
        option = one.get("purchase_option", {})
        said = one.get("classification")
        sums = ("residual_expected_payment", "incentive_received", "amount")
        amounts = {k: one[k] for k in sums if k in one}
        exercise = option.get("at_period")
        return Event(
            scenario="published",
            contract=LEASE,
            kind=kind,
            date=figure(self.day(one["at_period"])),
            order=order,
            amount=optional(next(iter(amounts.values()), None)),
            discount_rate=rate_figure(one.get("rate")),
            payments=tuple(amount(p) for p in one.get("remaining_payments", ())),
            added_payments=tuple(amount(p) for p in one.get("added_payments", ())),
            price_is_standalone=self.separate(one),
            retained_share=optional(one.get("retained_share")),
            price=optional(option.get("price")),
            exercise=None if exercise is None else figure(self.day(exercise)),
            reasonably_certain=option.get("reasonably_certain"),
            penalty=optional(one.get("penalty")),
            index_level=optional(one.get("index_value")),
            unpaid_periods=one.get("unpaid_periods"),
            lessee_classification=None if self.lessor_reports else said,
            lessor_classification=said if self.lessor_reports else None,
            fair_value=self.worth_then(kind, one),
            remaining_term_periods=one.get("remaining_term_periods"),
            remaining_life_periods=one.get("remaining_life_periods"),
            lease_receivable=optional(one.get("lease_receivable")),
            unguaranteed_residual_asset=optional(one.get("unguaranteed_residual_asset")),
        )

    def separate(self, one: dict[str, Any]) -> bool | None:
        """Whether the price is that of an added right; no right is added where none is told."""
        commensurate: bool | None = one.get("price_commensurate")
        return commensurate and one.get("adds_right_of_use", True)

    def worth_then(self, kind: str, one: dict[str, Any]) -> Figure[Decimal] | None:
        """What the asset is worth when terms change; what the tests do not reach, if not told."""
        if "fair_value" in one:
            return amount(one["fair_value"])
        asked = self.lessor_reports or "counterparty" in self.case["expected"]
        return self.beyond() if asked and kind != "terms-changed" else None

    def facts(self) -> list[StatedFact]:
        """What the rules ask and a case says by its silence."""
        if not self.has_lease():
            return self.facts_of_sale()
        inputs, elections = self.inputs, self.inputs.get("elections", {})
        extension, option = inputs.get("extension_option", {}), inputs.get("purchase_option", {})
        silent = {
            "no_alternative_use": False,
            "both_can_leave_without_penalty": False,
            "risks_stay_with_lessor": False,
            "lessee_bears_cancellation_losses": False,
            "residual_swings_with_lessee": False,
            "bargain_second_period": False,
            "collection_probable": True,
            "title_transfers": bool(inputs.get("ownership_transfers", False)),
            "payments_vary_otherwise": "variable_payments" in inputs,
            "renewal_reasonably_certain": bool(extension.get("reasonably_certain", False)),
            "short_term_elected": bool(elections.get("short_term_exemption", False)),
            "low_value_elected": bool(elections.get("low_value_exemption", False)),
            "value_when_new": amount(inputs.get("fair_value", 0)).get(),
        }
        if option:
            silent["purchase_option_reasonably_certain"] = option["reasonably_certain"]
        days = [self.day(event["at_period"]) for event in self.case.get("events", ())]
        about = [LEASE, *(f"{LEASE}@{day}" for day in days)]
        found = [StatedFact(LEASE, name, figure(value)) for name, value in silent.items()]
        if "fair_value" not in inputs and "sale" not in inputs:
            found += [StatedFact(one, "fair_value", self.beyond()) for one in about]
        else:
            events = zip(about[1:], self.case.get("events", ()), strict=True)
            found += [
                StatedFact(one, "fair_value", self.beyond())
                for one, event in events
                if "fair_value" not in event
            ]
        return found + self.facts_of_sale()

    def beyond(self) -> Figure[Decimal]:
        """A worth that no test of value reaches: fair value is no part of the case."""
        listed = self.inputs.get("consideration") or self.inputs.get("payments") or [1]
        events = [p for e in self.case.get("events", ()) for p in e.get("remaining_payments", ())]
        others = (self.inputs.get("residual", {}), self.inputs.get("purchase_option", {}))
        whole = sum((Decimal(str(p)) for p in (*listed, *events, *self.extension())), Decimal(1))
        whole += sum(decimals_of(others), Decimal(0))
        return figure(whole * BEYOND_THE_TESTS)

    def facts_of_sale(self) -> list[StatedFact]:
        """What is asked of a transfer."""
        sale = self.inputs.get("sale")
        if sale is None:
            return []
        option = sale.get("repurchase_option")
        silent = {
            "transfer_contract_exists": True,
            "control_passes": True,
            # Told without its leaseback, a sale is held by what else is told of it.
            "leased_back": self.has_lease() or option is not None,
            "has_repurchase_option": option is not None,
            "buyer_put_with_incentive": False,
            "life_share_with_fixed_renewals": Decimal(0),
        }
        if option is not None:
            silent["repurchase_at_fair_value"] = option["price"] == "fair-value"
            silent["substitutes_readily_available"] = option["substitutes_available"]
        return [StatedFact(SALE, name, figure(value)) for name, value in silent.items()]

    def stated(self) -> list[str]:
        """The outcomes that the publisher hands over."""
        found = []
        given = self.inputs.get("given", {}).get("classification")
        if given in ("short-term", "low-value"):
            found.append(f"lease_exemption({LEASE})={given}")
        elif given is not None:
            side, other = ("lessor", "lessee") if self.lessor_reports else ("lessee", "lessor")
            found.append(f"{side}_classification({LEASE})={given}")
            if "counterparty" in self.case["expected"]:
                # The same answer in the other party's words.
                words = {"finance": "sales-type", "sales-type": "finance"}
                found.append(f"{other}_classification({LEASE})={words.get(given, 'operating')}")
        if "head_lease" in self.inputs and self.case["framework"] == "asc842":
            found.append(f"lessee_classification({HEAD})=operating")
        if self.case["conventions"].get("asu_2021_05") == "not-adopted" and self.lessor_reports:
            found.append(f"day_one_loss_relief({LEASE})=does-not-apply")
        return found
