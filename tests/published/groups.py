"""
Cases about guarantees, exposures, acquisitions and transfers within a group.

Each becomes a deal of one contract; what is reported is read from the engine's functions by name.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from leasebook import pipeline
from leasebook.book.post import post
from leasebook.consolidation.first_consolidation import later_position, measured
from leasebook.consolidation.unrealised_profit import (
    consolidated_cost_of_sales,
    unrealised_profit_schedules,
)
from leasebook.contract.credit import Exposure, Guarantee, LossEstimate
from leasebook.contract.deal import Deal, Entity, StatedFact
from leasebook.contract.group import Acquisition, Supply, Unsold
from leasebook.contract.lease import DatedAmount
from leasebook.contract.model import Contract
from leasebook.measure.credit_loss import exposure_buckets, exposure_schedules
from leasebook.measure.expected_losses import Outcome, variability
from leasebook.measure.guarantee import guarantee_figures, guarantee_schedules
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.rates import periodic_rate
from leasebook.values.money import Currency
from published.reading import (
    CONVENTIONS,
    FRAMEWORKS,
    KNOWN_TO,
    MONTHS,
    amount,
    decimals_for,
    figure,
    months,
    optional,
)
from published.reported import net

DAY, LATER = date(2025, 1, 1), date(2025, 12, 31)


class Group:
    """One case of a group, with the units it is written in."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.inputs = case["inputs"]
        self.framework = FRAMEWORKS.get(case["framework"], "ifrs")
        self.convention = CONVENTIONS[case["conventions"].get("rate", "effective-annual")]
        self.every = MONTHS[self.inputs.get("period", "year")]
        self.decimals = decimals_for(self.inputs)
        self.scale = 10**self.decimals

    def deal(self, contract: Contract, parties: tuple[str, ...], facts: dict[Any, Any]) -> Deal:
        """The deal of one contract; only the first two parties keep books."""
        return Deal(
            id="published",
            title="a published example",
            reporting=parties[0],
            currency=Currency("XTS", self.decimals),
            known_to=KNOWN_TO,
            sources={},
            entities={e: Entity(e, e, keeps_books=n < 2) for n, e in enumerate(parties)},
            assets={},
            contracts={contract.id: contract},
            scenarios={},
            events=(),
            judgements=(),
            facts=tuple(StatedFact(a, f, figure(value)) for (a, f), value in facts.items()),
            tables=(),
            assertions=(),
            bases={},
            filed={},
        )

    def setting(self, deal: Deal, stated: dict[tuple[str, str], str]) -> Setting:
        """The deal with what the rules conclude of it."""
        found = pipeline.decide(deal, self.framework, "", stated)
        stands = {key: one.stands for key, one in found.items() if one.stands}
        return Setting(deal, self.framework, "", stands)

    def in_units(self, amount_minor: Any) -> Fraction:
        """Minor units as the case writes amounts."""
        return Fraction(amount_minor) / self.scale

    def guarantee(self) -> dict[str, Any]:
        """A guarantee on its first day, and its release."""
        given = self.inputs["guarantee"]
        contract = Guarantee(
            "g",
            "guarantor",
            "debtor",
            "bank",
            issued=figure(DAY),
            term=figure(months(self.inputs.get("term_periods", 1) * self.every)),
            principal=optional(given.get("principal")),
            guaranteed_rate=optional(given.get("guaranteed_rate")),
            unguaranteed_rate=optional(given.get("unguaranteed_rate")),
            every=months(self.every),
            rate_convention=self.convention,
            premium=optional(given.get("premium")),
            # A premium that stands alone is all that the case tells of the guarantee's worth.
            arms_length=figure(given.get("arms_length", "principal" not in given)),
        )
        facts = {
            ("g", "between_parent_and_subsidiary"): False,
            ("g/debtor", "issued_to_form_venture"): False,
        }
        deal = self.deal(contract, ("guarantor", "other", "debtor", "bank"), facts)
        setting = self.setting(deal, {})
        found = guarantee_figures(contract, setting)
        issued = next(iter(guarantee_schedules(contract, setting)))
        postings = [p for p in post([issued], framework=self.framework) if p.date == DAY]
        return {
            "guarantee_liability": self.in_units(found.liability),
            "guarantee_release_per_period": self.in_units(found.release_per_period),
            "journal": net(postings, self.scale),
        }

    def exposures(self) -> dict[str, Any]:
        """Expected credit losses, bucket by bucket."""
        estimates = tuple(
            LossEstimate(
                figure(DAY),
                one["name"],
                amount(one["gross"]),
                optional(one.get("loss_rate")),
                optional(one.get("probability_of_default")),
                optional(one.get("loss_given_default")),
                optional(one.get("observed_loss")),
            )
            for one in self.inputs["exposures"]
        )
        contract = Exposure("x", "creditor", "debtor", estimates)
        setting = Setting(self.deal(contract, ("creditor", "debtor"), {}), self.framework, "", {})
        buckets = exposure_buckets(contract, setting)
        (allowance,) = exposure_schedules(contract, setting)
        return {
            "expected_credit_loss": self.in_units(allowance.balance("allowance", DAY)),
            "buckets": [
                {
                    "name": one.name,
                    "loss_rate": one.loss_rate,
                    "expected_credit_loss": self.in_units(one.expected_credit_loss_minor),
                }
                for one in buckets
            ],
        }

    def acquisition(self) -> dict[str, Any]:
        """A first consolidation, and where it stands later."""
        given = self.inputs["acquisition"]
        earlier = given.get("previous_interest_carrying_amount")
        impaired = given.get("goodwill_impairment")
        contract = Acquisition(
            "a",
            "parent",
            "seller",
            "vehicle",
            date=figure(DAY),
            net_assets=amount(given["net_assets_at_acquisition"]),
            consideration=amount(given["consideration"]),
            noncontrolling=given["nci_measurement"],
            noncontrolling_fair_value=optional(given.get("nci_fair_value")),
            previous_carrying_amount=optional(earlier),
            previous_fair_value=optional(
                given.get("previous_interest_fair_value", None if earlier is None else 0)
            ),
            impairments=(DatedAmount(figure(LATER), amount(impaired)),) if impaired else (),
        )
        facts = {
            ("a", "is_business"): given.get("is_business", True),
            ("a", "under_common_control"): False,
        }
        deal = self.deal(contract, ("parent", "vehicle", "seller"), facts)
        vehicle = {("vie_status", "vehicle"): "vie"} if self.framework == "us-gaap" else {}
        setting = self.setting(deal, vehicle)
        owned = Fraction(given.get("ownership", 0))
        before = setting.minor(contract.previous_carrying_amount)
        first = measured(contract, setting, before=before, owned=owned)
        now = given.get("net_assets_now")
        later = later_position(
            contract,
            first,
            setting,
            owned=owned,
            at=LATER,
            net_assets_now=None if now is None else setting.minor(amount(now)),
            parent_retained_earnings=setting.minor(
                amount(given.get("parent_retained_earnings", 0))
            ),
        )
        return {
            "goodwill": self.in_units(later.goodwill),
            "non_controlling_interest": self.in_units(later.noncontrolling_interest),
            "retained_earnings": self.in_units(later.retained_earnings),
            "gain": self.in_units(first.gain),
        }

    def transfers(self) -> dict[str, Any]:
        """Profit that a group has not made, transfer by transfer."""
        given = self.inputs["intragroup_transfers"]
        found = [self.transfer(one) for one in given]
        reported: dict[str, Any] = {"transfers": found}
        if "cost_of_sales" in self.inputs:
            goods = [
                (Fraction(one["price"]), own["unrealised_profit"])
                for one, own in zip(given, found, strict=True)
                if one["kind"] == "inventory"
            ]
            costs = map(Fraction, self.inputs["cost_of_sales"].values())
            reported["consolidated_cost_of_sales"] = consolidated_cost_of_sales(costs, goods)
        return reported

    def transfer(self, one: dict[str, Any]) -> dict[str, Fraction]:
        """One transfer: on goods what is left of the profit, on equipment all and what is used."""
        life, elapsed = one.get("remaining_life_periods"), _of_a_day(one.get("elapsed_periods", 0))
        # Only their proportion matters, so a period is as long as makes both whole months.
        period = self.every * lcm(elapsed.denominator, _of_a_day(life or 0).denominator)
        goods = one["kind"] == "inventory"
        contract = Supply(
            "t",
            "seller",
            "buyer",
            of=one["kind"],
            date=figure(DAY),
            price=amount(one["price"]),
            carrying_amount=optional(one.get("carrying_amount")),
            markup_on_cost=optional(one.get("markup_on_cost")),
            margin_on_price=optional(one.get("margin_on_price")),
            remaining_life=None if life is None else figure(months(int(_of_a_day(life) * period))),
            unsold=(Unsold(figure(DAY), amount(one.get("unsold", 0))),) if goods else (),
        )
        gone = int(elapsed * period)
        at = add_months(DAY, gone) - timedelta(days=1) if gone else DAY
        setting = Setting(self.deal(contract, ("seller", "buyer"), {}), self.framework, "", {})
        members = frozenset({"seller", "buyer"})
        (made,) = unrealised_profit_schedules(members, {}, setting)
        whole, left = made.total("made"), made.balance("unrealised", at)
        return {
            "unrealised_profit": self.in_units(left if goods else whole),
            "excess_depreciation": self.in_units(0 if goods else whole - left),
        }

    def outcomes(self) -> dict[str, Any]:
        """What a vehicle may earn: the mean, the shortfalls and the surpluses."""
        rate = periodic_rate(Decimal(self.inputs.get("rate", 0)), self.convention, self.every)
        found = variability(
            [
                Outcome(Fraction(one["cash_flow"]), Fraction(one["probability"]))
                for one in self.inputs["outcomes"]
            ],
            rate,
        )
        return {
            "variable_interest_fair_value": found.fair_value,
            "expected_losses": found.expected_losses,
            "expected_residual_returns": found.expected_residual_returns,
        }


def _of_a_day(periods: Any) -> Fraction:
    """A number of periods; a third that is written as a decimal is a third."""
    return Fraction(periods).limit_denominator(360)


def group_case(case: dict[str, Any]) -> dict[str, Any]:
    """Everything that is reported of a case without a lease."""
    group = Group(case)
    parts = {
        "guarantee": group.guarantee,
        "exposures": group.exposures,
        "acquisition": group.acquisition,
        "intragroup_transfers": group.transfers,
        "outcomes": group.outcomes,
    }
    found: dict[str, Any] = {}
    for key, reported in parts.items():
        if key in case["inputs"]:
            found |= reported()
    return found
