"""
Facts that have to be measured: present values, spreads and terms that rules compare.

Each function waits for the decisions that its declaration in ``rules/facts`` names. Where a
decision or a term is open, the answer is unknown, with what it would be under each reading.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import attrs

from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.contract.note import Note
from leasebook.contract.rent_days import rent_days
from leasebook.contract.share import signed_id
from leasebook.facts.fact import Fact, Reading, Subject, Unknown
from leasebook.facts.lease_rates import BASIS
from leasebook.measure import credit_facts
from leasebook.measure.classification_values import (
    day_one_profit,
    later_fact,
    lessor_value,
    renewal_fact,
    value_for_classification,
)
from leasebook.measure.exits import Exit, exits, guarantee_of, guaranteed
from leasebook.measure.lease_components import Side
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import at_commencement, period_count, rent_minor, term_months
from leasebook.measure.leased_asset import leased_asset
from leasebook.measure.lessee_rate import lessee_rate, settings_of_rates
from leasebook.measure.setting import Setting
from leasebook.measure.term import lease_term_readings, possible_terms
from leasebook.measure.transfer_facts import TRANSFER_FACTS, transfer_fact
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.present_value import present_value_at_rates, relative_spread
from leasebook.reckoning.rates import day_rates, periodic_rate
from leasebook.rulebook.determination import Determination

_Outcomes = Mapping[str, Determination]


def _dues(lease: Lease, months: int, setting: Setting) -> list[int]:
    """What is due now and after each period of a term, minor units."""
    periods = period_count(lease, months)
    rents: Sequence[int] = rent_minor(lease, setting, periods)
    share = setting.deal.shares.get(lease.id)
    if share is not None:
        rents = [share.of(rent) for rent in rents]
    return [*rents, 0] if lease.rent.due == "advance" else [0, *rents]


#: What is due on the way to each of several ends of a lease, minor units.
_Ways = tuple[tuple[int, ...], ...]


def _differ(lease: Lease, ways: _Ways, annual: Decimal) -> Fraction:
    """How far present values differ at one annual rate, largest over smallest less one."""
    days = rent_days(lease)
    if not days:
        rate = periodic_rate(annual, "effective-annual", lease.rent.step_months)
        return _differ_by_period(ways, rate)
    values = [present_value_at_rates(dues, day_rates(annual, days[: len(dues)])) for dues in ways]
    return max(values) / min(values) - 1


@lru_cache(maxsize=512)
def _differ_by_period(ways: _Ways, rate: Fraction) -> Fraction:
    """The same at one rate for each period, for all who ask it again."""
    return relative_spread(ways, rate)


def measured_fact(name: str, subject: Subject, reached: _Outcomes, setting: Setting) -> Fact:
    """
    A measured fact about a subject.

    Args:
        name: As declared in the dictionary.
        subject: What it is about: a lease, the lease on a day on which decisions are asked again,
            or the subject of another measured fact.
        reached: The decisions that it waits for.
        setting: The deal, framework and scenario.

    Raises:
        KeyError: If no function measures the fact.
    """
    if name in credit_facts.MEASURES:
        return credit_facts.MEASURES[name](subject, setting)
    if name in TRANSFER_FACTS:
        return transfer_fact(name, subject, reached, setting)
    about, _, day = subject.id.partition("@")
    lease = setting.deal.contracts[about]
    if not isinstance(lease, Lease):
        raise TypeError(f"{subject.id} is no lease")
    if subject.kind == "change":
        on = date.fromisoformat(day.partition("/")[0])
        return renewal_fact(name, lease, on, tuple(_by_term(lease, reached, setting)))
    if day:
        return later_fact(name, lease, date.fromisoformat(day), _decided(lease, reached, setting))
    return _MEASURES[name](lease, reached, setting)


def _decided(lease: Lease, reached: _Outcomes, setting: Setting, term: str = "") -> Setting:
    """The setting with what is decided of a lease; the term is perhaps taken to be another."""
    stands = {(d, lease.id): found.stands for d, found in reached.items()}
    known = {key: outcome for key, outcome in stands.items() if outcome is not None}
    if term:
        known["lease_term", lease.id] = term
    return attrs.evolve(setting, outcomes={**setting.outcomes, **known})


def _lease_term_months(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """
    The lease term in months.

    Source: ASC 842-10-30-1; IFRS 16.18.
    """
    path = f"contracts.{signed_id(lease.id)}.noncancellable"
    found = reached.get("lease_term")
    if found is not None and found.stands is not None:
        months = term_months(lease, _decided(lease, reached, setting))
        return Fact("lease_term_months", months, "measured", path)
    readings = tuple(Reading(label, months) for label, months in lease_term_readings(lease))
    unknown = Unknown("the lease term is undetermined")
    return Fact("lease_term_months", unknown, "measured", path, readings=readings, exhaustive=True)


def _by_term(lease: Lease, reached: _Outcomes, setting: Setting) -> Iterator[tuple[str, Setting]]:
    """The setting under each term that a lease may still have, with what the term is called."""
    found = reached.get("lease_term")
    outcome = found.stands if found else None
    possible = possible_terms(lease) if outcome is None else ((outcome, ""),)
    for term, label in possible:
        yield label, _decided(lease, reached, setting, term)


def _terms(
    lease: Lease, reached: _Outcomes, setting: Setting, side: Side = "lessee"
) -> Iterator[tuple[Exit, LeaseSegment, str]]:
    """
    The exit dates that the lease term may still end on, with the terms up to each.

    A lessee may still take one of several rates as well; then what each is called stands beside.
    """
    for _, decided in _by_term(lease, reached, setting):
        rates = settings_of_rates(lease, decided) if side == "lessee" else (("", decided),)
        for rate, at_rate in rates:
            segment = at_commencement(lease, at_rate, side)
            months = segment.term_months
            end = Exit(months, add_months(segment.start, months) - timedelta(days=1))
            yield end, segment, f", {rate}" if rate else ""


def _classification_value(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """
    Present value of the payments and of the full amount that the lessee could owe at the end.

    Source: ASC 842-10-25-2(d); pooled guarantees are left out, ASC 842-10-55-10.
    """
    name = "present_value_for_classification"
    guarantee = guarantee_of(lease, setting)
    counts = guarantee is not None and guarantee.scope.value != "pooled"
    why = _why_unknown(guarantee) if guarantee is not None and counts else ""
    readings: list[Reading] = []
    path = f"contracts.{signed_id(lease.id)}.rent"
    ends = tuple(_terms(lease, reached, setting))
    if not ends:
        return Fact(name, Unknown("the rate that the lessee takes is not stated"), "measured", path)
    for end, segment, at_rate in ends:
        amounts = {"guarantee excluded": 0} if why or not counts else {}
        if guarantee is not None and counts:
            amounts |= guaranteed(guarantee, end, setting)
        if "guarantee expired" in amounts:
            amounts = {"guarantee expired": 0}
        readings += [
            Reading(
                f"{end.months} months, {label}{at_rate}",
                setting.in_deal_units(
                    value_for_classification(segment, lease, setting, amount), lease
                ),
            )
            for label, amount in amounts.items()
        ]
    # What is not public of a guarantee is of no account once it has expired.
    settled = not why or readings[0].label.endswith("guarantee expired")
    if settled and len(readings) == 1:
        return Fact(name, readings[0].value, "measured", path)
    what = "discount rate" if ends[0][2] else "lease term"
    unknown = Unknown(why or f"the {what} is undetermined")
    held = frozenset({"lease_term", *([BASIS] if ends[0][2] else [])})
    return Fact(name, unknown, "measured", path, readings=tuple(readings), held_by=held)


def _why_unknown(guarantee: ResidualValueGuarantee) -> str:
    open_terms = [
        word for word in ("scope", "payee", "schedule") if not getattr(guarantee, word).known
    ]
    if not open_terms:
        return ""
    return f"the guarantee's {', '.join(open_terms)} not public"


def _spread(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """
    How far the guaranteed return differs over the exit dates, largest over smallest less one.

    At each exit date: the value of the rents to it and of the guarantee on it, at the rate of the
    notes that fund the lessor and at the lease's own rates.

    Source: ASC 842-10-55-27; IFRS 16.B38. The measure itself is ours.
    """
    path = f"contracts.{signed_id(lease.id)}.options"
    guarantee = guarantee_of(lease, setting)
    if guarantee is None:
        return Fact("t5_spread", Unknown("there is no guarantee"), "measured", path)
    ways = _ways_out(lease, guarantee, setting)
    readings = tuple(
        Reading(f"{label}, at {(rate * 100).normalize():f} %", _differ(lease, way, rate))
        for rate in _return_rates(lease, guarantee, _decided(lease, reached, setting))
        for label, way in ways.items()
    )
    why = _why_unknown(guarantee)
    if not why and len(readings) == 1:
        return Fact("t5_spread", readings[0].value, "measured", path)
    unknown = Unknown(why or "several readings")
    rates = list(settings_of_rates(lease, _decided(lease, reached, setting)))
    held = frozenset({BASIS}) if len(rates) > 1 else frozenset()
    return Fact("t5_spread", unknown, "measured", path, readings=readings, held_by=held)


def _ways_out(
    lease: Lease, guarantee: ResidualValueGuarantee, setting: Setting
) -> dict[str, _Ways]:
    """What is due to each exit date with what the guarantee brings on it, by reading."""
    by_label: dict[str, list[tuple[int, ...]]] = {}
    for end in exits(lease):
        dues = _dues(lease, end.months, setting)
        amounts = guaranteed(guarantee, end, setting)
        expired = amounts.pop("guarantee expired", None)
        for label in list(by_label) if expired is not None else list(amounts):
            way = (*dues[:-1], dues[-1] + amounts.get(label, 0))
            by_label.setdefault(label, []).append(way)
    if guarantee.readings:
        by_label.pop("guarantee in full", None)
    return {label: tuple(ways) for label, ways in by_label.items()}


def _return_rates(
    lease: Lease, guarantee: ResidualValueGuarantee, setting: Setting
) -> tuple[Decimal, ...]:
    """The funders' rate first, then the lease's own and the ends of its range."""
    coupons = [
        found.coupon_annual.get()
        for reading in guarantee.readings
        if isinstance(found := setting.deal.contracts[reading.note], Note)
    ]
    taken = (lessee_rate(lease, each).figure for _, each in settings_of_rates(lease, setting))
    others = [rate for figure in taken if figure for rate in (figure.get(), *figure.range)]
    return tuple(dict.fromkeys((*coupons, *sorted(others, reverse=True))))


def _lessor_value(
    lease: Lease, reached: _Outcomes, setting: Setting, *, name: str, third_parties: bool
) -> Fact:
    path = f"contracts.{signed_id(lease.id)}.rent"
    ends = tuple(_terms(lease, reached, setting, "lessor"))
    if guarantee_of(lease, setting) is not None and lease.guaranteed_residual is None:
        why = "the guarantee's terms and the residual beyond it are not public"
        return Fact(name, Unknown(why), "measured", path)
    if lease.unguaranteed_residual is None or len(ends) > 1:
        return Fact(name, Unknown("the residual value is not stated"), "measured", path)
    decided = _decided(lease, reached, setting)
    value = lessor_value(lease, decided, third_parties=third_parties)
    if value is None:
        return Fact(name, Unknown("no fair value and no rate is stated"), "measured", path)
    return Fact(name, setting.in_deal_units(value, lease), "measured", path)


def _lessor_present_value(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """
    Present value of the payments and what the lessee guarantees, at the rate implicit in the lease.

    Source: ASC 842-10-25-2(d), 842-10-25-4; IFRS 16.63(d).
    """
    name = "lessor_present_value"
    return _lessor_value(lease, reached, setting, name=name, third_parties=False)


def _lessor_present_value_all(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """
    The lessor's value with what unrelated third parties guarantee as well.

    Source: ASC 842-10-25-3(b)(1).
    """
    name = "lessor_present_value_with_third_parties"
    return _lessor_value(lease, reached, setting, name=name, third_parties=True)


def _day_one_loss(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """
    Whether a net-investment lease would book a loss on day one.

    Source: ASC 842-10-25-3A. Payments that vary otherwise are a fact of their own. While the
    residual is not stated, what is worth the fair value is measured: fair value against carrying
    amount.
    """
    path = f"assets.{lease.asset}.fair_value"
    asset = leased_asset(lease, setting)
    name = "day_one_selling_loss"
    stated = lease.unguaranteed_residual is not None or asset.residual_given is not None
    if not stated:
        if asset.fair_value is None:
            return Fact(name, Unknown("the fair value is not stated"), "measured", path)
        return Fact(name, asset.fair_value < asset.carrying_amount, "measured", path)
    profit = day_one_profit(lease, _decided(lease, reached, setting))
    return Fact(name, profit < 0, "measured", path)


def _dealer_profit(lease: Lease, _reached: _Outcomes, setting: Setting) -> Fact:
    """
    Whether the asset is worth something else than what its lessor carries it at.

    Source: FAS 13.6(b).
    """
    path = f"assets.{lease.asset}.fair_value"
    asset = leased_asset(lease, setting)
    name = "lessor_makes_dealer_profit"
    if asset.fair_value is None:
        return Fact(name, Unknown("the fair value is not stated"), "measured", path)
    return Fact(name, asset.fair_value != asset.carrying_amount, "measured", path)


_MEASURES: Mapping[str, Callable[[Lease, _Outcomes, Setting], Fact]] = {
    "lease_term_months": _lease_term_months,
    "present_value_for_classification": _classification_value,
    "t5_spread": _spread,
    "lessor_present_value": _lessor_present_value,
    "lessor_present_value_with_third_parties": _lessor_present_value_all,
    "day_one_selling_loss": _day_one_loss,
    "lessor_makes_dealer_profit": _dealer_profit,
}
