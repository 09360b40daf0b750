"""
Leases in columns as contracts of a deal, so that the engine of one deal measures them too.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import attrs
from strategies import SCENARIO, duration, figure

from leasebook.contract.deal import Asset, Deal, Entity, StatedFact
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Incentive, Lease, Option, Rent
from leasebook.measure.lease_schedules import lessee_side
from leasebook.measure.lessor_schedules import lessor_side
from leasebook.measure.setting import Setting
from leasebook.pipeline import decide
from leasebook.portfolio import records as r
from leasebook.portfolio.terms import EVENT_KINDS, LESSOR, LEVEL_UNIT, RATE_UNIT, UNKNOWN
from leasebook.reckoning.calendar import add_months
from leasebook.values.money import Currency

CONVENTIONS = ("effective-annual", "nominal", "per-period", "actual-365")
DAY_ZERO = date(1970, 1, 1)


def _amount(minor) -> Figure[Decimal]:
    return figure(Decimal(int(minor)).scaleb(-2))


def _some(minor) -> Figure[Decimal] | None:
    return None if minor in (0, UNKNOWN) else _amount(minor)


@attrs.frozen
class Row:
    """One lease of a chunk of leases in columns."""

    terms: object
    at: int

    def __getattr__(self, name: str) -> int:
        return int(getattr(self.terms, name)[self.at])

    def payments(self):
        """The rents of all periods, renewed ones too."""
        steps = {
            int(p): int(a)
            for lease, p, a in zip(
                self.terms.step_lease, self.terms.step_period, self.terms.step_payment, strict=True
            )
            if lease == self.at
        }
        amount, found = self.payment, []
        for period in range(self.term_months // self.every):
            amount = steps.get(period, amount)
            found.append(amount)
        renewed = amount if self.renewal_payment == UNKNOWN else self.renewal_payment
        return found, [renewed] * (self.renewal_months // self.every)

    @property
    def begins(self):
        """The commencement date."""
        return DAY_ZERO + timedelta(days=self.commencement)

    def options(self, renewed):
        """The options that the columns describe."""
        if self.renewal_months:
            yield Option(
                "renewal",
                term=figure(duration(self.renewal_months)),
                amounts=tuple(_amount(a) for a in renewed),
            )
        if self.purchase_price != UNKNOWN:
            yield Option(
                "purchase",
                price=_amount(self.purchase_price),
                after=figure(duration(self.term_months)),
            )

        for holder in ("lessee", "lessor"):
            name = "termination_months" if holder == "lessee" else "lessor_termination_months"
            after = getattr(self, name)
            if after != UNKNOWN:
                yield Option("termination", holder=holder, after=figure(duration(after)))

    def later(self):
        """The incentive that is still to come."""
        if not self.incentive_receivable:
            return None
        after = figure(duration(self.incentive_after_months))
        return Incentive(_amount(self.incentive_receivable), after)

    def lease(self):
        """The contract."""
        own, renewed = self.payments()
        rate = None if self.rate == UNKNOWN else figure(Decimal(self.rate).scaleb(-15))
        lessor = self.side == LESSOR
        costs = _some(self.initial_direct_costs)
        return Lease(
            "lease",
            "owner",
            "tenant",
            "asset",
            figure(self.begins),
            figure(duration(self.term_months)),
            Rent(
                duration(self.every),
                "advance" if self.advance else "arrears",
                amounts=tuple(_amount(a) for a in own),
            ),
            discount_rate=None if lessor else rate,
            lessor_rate=rate if lessor else None,
            rate_convention=CONVENTIONS[self.rate_convention],
            day_one_payment="excluded" if self.day_one_excluded else "included",
            options=tuple(self.options(renewed)),
            title_transfers=None
            if self.title_transfers == UNKNOWN
            else figure(bool(self.title_transfers)),
            initial_direct_costs=None if lessor else costs,
            lessor_initial_direct_costs=costs if lessor else None,
            prepaid=_some(self.prepaid),
            incentive_receivable=self.later(),
            incentives=_some(self.incentives),
            restoration=_some(self.restoration),
            guaranteed_residual=_some(self.guaranteed_residual),
            third_party_residual=_some(self.third_party_residual),
            unguaranteed_residual=None
            if self.unguaranteed_residual == UNKNOWN
            else _amount(self.unguaranteed_residual),
            expected_guarantee_payment=_some(self.expected_guarantee_payment),
            index_base=figure(Decimal(self.index_base) / LEVEL_UNIT) if self.index_base else None,
        )

    def events(self):
        """What happens to it, in order."""
        t = self.terms
        left = (self.term_months + self._renewed()) // self.every
        at = 0
        for k in range(len(t.event_lease)):
            if t.event_lease[k] != self.at:
                continue
            kind = EVENT_KINDS[t.event_kind[k]]
            period, months = int(t.event_period[k]), int(t.event_months[k])
            remaining = left - (period - at) if months == UNKNOWN else months // self.every
            if t.event_kind[k] in (r.EXTENDED, r.CONSIDERATION, r.REASSESSED, r.TERM_REDUCED):
                left, at = remaining, period
            given = self.figures_of(kind, k, remaining)
            if t.event_rate[k] != UNKNOWN:
                given["discount_rate"] = figure(Decimal(int(t.event_rate[k])).scaleb(-15))
            if t.event_fair_value[k] != UNKNOWN:
                given["fair_value"] = _amount(t.event_fair_value[k])
            day = add_months(self.begins, period * self.every)
            yield Event(SCENARIO, "lease", kind, figure(day), k, **given)

    def figures_of(self, kind, k, remaining):
        """What an event says besides its day, rate and fair value."""
        t, amount = self.terms, int(self.terms.event_payment[k])
        listed = (_amount(amount),) * remaining if amount != UNKNOWN else ()
        if kind == "index-changed":
            return {"index_level": figure(Decimal(int(t.event_level[k])) / LEVEL_UNIT)}
        if kind in (
            "rent-changed",
            "guarantee-reassessed",
            "impaired",
            "payment-made",
            "incentive-received",
        ):
            return {"amount": _amount(amount)}
        if kind == "terminated":
            return {"penalty": _amount(amount)}
        if kind == "scope-reduced":
            return {"retained_share": figure(Decimal(int(t.event_share[k])) / RATE_UNIT)}
        if kind == "right-added":
            return {"price_is_standalone": bool(t.event_standalone[k]), "payments": listed}
        if kind == "purchase-option-reassessed":
            ends = int(t.event_period[k]) * self.every + int(t.event_months[k])
            return {
                "price": _amount(amount),
                "reasonably_certain": bool(t.event_certain[k]),
                "exercise": figure(add_months(self.begins, ends)),
            }
        return {"payments": listed}

    def _renewed(self) -> int:
        return self.renewal_months if self.renewal_certain == 1 and not self._buys() else 0

    def _buys(self) -> bool:
        return self.purchase_price != UNKNOWN and self.purchase_certain == 1

    def stated(self):
        """The facts that the columns state."""
        names = {
            "purchase_option_reasonably_certain": self.purchase_certain
            if self.purchase_price != UNKNOWN
            else UNKNOWN,
            "renewal_reasonably_certain": self.renewal_certain,
            "no_alternative_use": self.no_alternative_use,
            "short_term_elected": self.short_term_elected,
            "low_value_elected": self.low_value_elected,
            "collection_probable": self.collection_probable,
            **{name: int(column[self.at]) for name, column in self.terms.facts.items()},
        }
        for name, value in names.items():
            if value != UNKNOWN:
                yield StatedFact("lease", name, figure(bool(value)))
        if self.value_when_new != UNKNOWN:
            yield StatedFact("lease", "value_when_new", _amount(self.value_when_new))

    def deal(self):
        """The deal of this lease alone."""
        fair = self.fair_value
        carrying = fair if self.carrying_amount == UNKNOWN else self.carrying_amount
        begins = figure(self.begins)
        asset = Asset(
            "asset",
            "Plant",
            "equipment",
            figure(duration(self.economic_life_months)),
            begins,
            _amount(fair),
            "owner",
            carrying_amount=_amount(carrying),
            held_from=begins,
            residual_value=_amount(carrying),
        )
        return Deal(
            id="generated",
            title="Generated",
            reporting="tenant",
            currency=Currency("USD", 2),
            known_to=date(2026, 1, 1),
            sources={},
            entities={e: Entity(e, e.title()) for e in ("owner", "tenant")},
            assets={"asset": asset},
            contracts={"lease": self.lease()},
            scenarios={},
            events=tuple(self.events()),
            judgements=(),
            facts=tuple(self.stated()),
            tables=(),
            assertions=(),
            bases={},
            filed={},
        )

    def measured(self, framework):
        """Decisions about the lease, and its flows by schedule, flow and month."""
        deal = self.deal()
        reached = decide(deal, framework, SCENARIO, {}, rules_as_of=date(2026, 1, 1))
        stands = {key: found.stands for key, found in reached.items() if found.stands is not None}
        setting = Setting(deal, framework, SCENARIO, stands, frozenset(reached))
        lease = deal.contracts["lease"]
        if self.side == LESSOR:
            schedules = list(lessor_side(lease, setting, frozenset({"owner"}), {}))
        else:
            schedules = list(lessee_side(lease, setting))
        flows = defaultdict(int)
        for schedule in schedules:
            for column, name in enumerate(schedule.columns):
                if name in schedule.balances:
                    continue
                for row in schedule.rows:
                    month = 12 * row.date.year + row.date.month - 1
                    flows[f"{schedule.name}/{name}", month] += row.amounts[column]
        return reached, {key: amount for key, amount in flows.items() if amount}
