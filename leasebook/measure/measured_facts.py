"""
Facts that have to be measured: present values, spreads and terms that rules compare.

Each function waits for the decisions that its declaration in ``rules/facts`` names. Where a
decision or a term is open, the answer is unknown, with what it would be under each reading.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.contract.lease import Lease
from leasebook.contract.model import Note, ResidualValueGuarantee
from leasebook.facts.fact import Fact, Reading, Subject, Unknown
from leasebook.measure.contracts import leased_asset, note_segment
from leasebook.measure.lease_terms import lease_segments, rent_minor
from leasebook.measure.net_investment import implicit_rate
from leasebook.measure.note import note
from leasebook.measure.setting import Setting
from leasebook.measure.term import lease_term_readings, months_under
from leasebook.reckoning.calendar import add_months
from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rates import periodic_rate
from leasebook.rulebook.determination import Determination

_Outcomes = Mapping[str, Determination]


@attrs.frozen
class Exit:
    """A date on which the lessee could leave, and the months of lease until then."""

    months: int
    day: date


def exits(lease: Lease) -> tuple[Exit, ...]:
    """Every date on which a lease can end: after its first term and after each renewal."""
    begins = lease.commencement_date.get()
    months = [lease.noncancellable.get().months]
    for option in lease.options:
        if option.kind == "renewal" and option.term is not None:
            for _ in range(option.times):
                months.append(months[-1] + option.term.get().months)
    return tuple(Exit(m, add_months(begins, m) - timedelta(days=1)) for m in months)


def guarantee_of(lease: Lease, setting: Setting) -> ResidualValueGuarantee | None:
    """The lessee's residual value guarantee over a lease, if there is one."""
    found = (
        g
        for g in setting.deal.of_kind(ResidualValueGuarantee)
        if lease.id in g.covers_leases and g.guarantor == lease.lessee
    )
    return next(found, None)


def guaranteed(guarantee: ResidualValueGuarantee, at: Exit, setting: Setting) -> dict[str, int]:
    """
    What a guarantee could come to on an exit date, by reading of what is not public, minor units.

    After the time it covers it comes to nothing.
    """
    cap = setting.minor(guarantee.cap)
    if at.months > guarantee.covers.get().months:
        return {"guarantee expired": 0}
    amounts = {}
    for reading in guarantee.readings:
        owed = _owed(reading.note, at.day, setting)
        amounts[f"guarantee at {reading.label}"] = min(
            cap, int(Fraction(owed) / Fraction(reading.divisor))
        )
    amounts["guarantee in full"] = cap
    return amounts


def _owed(contract: str, at: date, setting: Setting) -> int:
    found = setting.deal.contracts[contract]
    if not isinstance(found, Note):
        raise TypeError(f"{contract} is no note")
    schedule = note(found.id, found.issuer, found.holder, note_segment(found, setting))
    return schedule.balance("principal", at)


def _rent_value(lease: Lease, months: int, rate: Fraction, setting: Setting) -> Fraction:
    """Present value at commencement of the rents of a term, minor units."""
    periods = months // lease.rent.every.months
    first_at = 0 if lease.rent.timing == "advance" else 1
    return present_value(rent_minor(lease, setting, periods), rate, first_at)


def _discounted(amount: int, months: int, rate: Fraction, lease: Lease) -> Fraction:
    return Fraction(amount) / (1 + rate) ** (months // lease.rent.every.months)


def measured_fact(name: str, subject: Subject, reached: _Outcomes, setting: Setting) -> Fact:
    """
    A measured fact about a subject.

    Args:
        name: As declared in the dictionary.
        subject: The lease that it is about.
        reached: The decisions that it waits for.
        setting: The deal, framework and scenario.

    Raises:
        KeyError: If no function measures the fact.
    """
    lease = setting.deal.contracts[subject.id]
    if not isinstance(lease, Lease):
        raise TypeError(f"{subject.id} is no lease")
    return _MEASURES[name](lease, reached, setting)


def _lease_term_months(lease: Lease, reached: _Outcomes, _setting: Setting) -> Fact:
    """
    The lease term in months.

    Source: ASC 842-10-30-1; IFRS 16.18.
    """
    path = f"contracts.{lease.id}.noncancellable"
    found = reached.get("lease_term")
    months = months_under(lease, found.stands) if found and found.stands else None
    if months is not None:
        return Fact("lease_term_months", months, "measured", path)
    readings = tuple(Reading(label, months) for label, months in lease_term_readings(lease))
    unknown = Unknown("the lease term is undetermined")
    return Fact("lease_term_months", unknown, "measured", path, readings=readings, exhaustive=True)


def _terms(lease: Lease, reached: _Outcomes) -> Iterator[Exit]:
    """The exit dates that the lease term may still end on."""
    found = reached.get("lease_term")
    decided = months_under(lease, found.stands) if found and found.stands else None
    possible = [months for _, months in lease_term_readings(lease)]
    for months in dict.fromkeys(possible if decided is None else [decided]):
        ends = add_months(lease.commencement_date.get(), months) - timedelta(days=1)
        yield Exit(months, ends)


def _classification_value(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """
    Present value of the payments and of the full amount that the lessee could owe at the end.

    Source: ASC 842-10-25-2(d); pooled guarantees are left out, ASC 842-10-55-10.
    """
    name = "present_value_for_classification"
    rate = lease_segments(lease, setting)[0].rate
    guarantee = guarantee_of(lease, setting)
    counts = guarantee is not None and guarantee.scope.value != "pooled"
    why = _why_unknown(guarantee) if guarantee is not None and counts else ""
    readings: list[Reading] = []
    for end in _terms(lease, reached):
        rents = _rent_value(lease, end.months, rate, setting)
        amounts = {"guarantee excluded": 0} if why or not counts else {}
        if guarantee is not None and counts:
            amounts |= guaranteed(guarantee, end, setting)
        if "guarantee expired" in amounts:
            amounts = {"guarantee expired": 0}
        readings += [
            Reading(
                f"{end.months} months, {label}",
                (rents + _discounted(amount, end.months, rate, lease)) / _unit(setting),
            )
            for label, amount in amounts.items()
        ]
    path = f"contracts.{lease.id}.rent"
    if not why and len(readings) == 1:
        return Fact(name, readings[0].value, "measured", path)
    unknown = Unknown(why or "the lease term is undetermined")
    return Fact(name, unknown, "measured", path, readings=tuple(readings))


def _why_unknown(guarantee: ResidualValueGuarantee) -> str:
    open_terms = [
        word for word in ("scope", "payee", "schedule") if not getattr(guarantee, word).known
    ]
    if not open_terms:
        return ""
    return f"the guarantee's {', '.join(open_terms)} not public"


def _unit(setting: Setting) -> int:
    return int(10**setting.deal.currency.decimals)


def _spread(lease: Lease, _reached: _Outcomes, setting: Setting) -> Fact:
    """
    How far the guaranteed return differs over the exit dates, largest over smallest less one.

    At each exit date: the value of the rents to it and of the guarantee on it, at the rate of the
    notes that fund the lessor and at the lease's own rates.

    Source: ASC 842-10-55-27; IFRS 16.B38. The measure itself is ours.
    """
    path = f"contracts.{lease.id}.options"
    guarantee = guarantee_of(lease, setting)
    if guarantee is None:
        return Fact("t5_spread", Unknown("there is no guarantee"), "measured", path)
    readings = tuple(
        Reading(f"{label}, at {(rate * 100).normalize():f} %", spread)
        for rate in _return_rates(lease, guarantee, setting)
        for label, spread in _spreads(lease, guarantee, rate, setting)
    )
    why = _why_unknown(guarantee)
    if not why and len(readings) == 1:
        return Fact("t5_spread", readings[0].value, "measured", path)
    unknown = Unknown(why or "several readings")
    return Fact("t5_spread", unknown, "measured", path, readings=readings)


def _spreads(
    lease: Lease, guarantee: ResidualValueGuarantee, annual: Decimal, setting: Setting
) -> Iterator[tuple[str, Fraction]]:
    """Largest over smallest guaranteed return less one at one rate, by reading."""
    rate = periodic_rate(annual, "effective-annual", lease.rent.every.months)
    by_label: dict[str, list[Fraction]] = {}
    for end in exits(lease):
        rents = _rent_value(lease, end.months, rate, setting)
        amounts = guaranteed(guarantee, end, setting)
        expired = amounts.pop("guarantee expired", None)
        for label in list(by_label) if expired is not None else list(amounts):
            amount = amounts.get(label, 0)
            value = rents + _discounted(amount, end.months, rate, lease)
            by_label.setdefault(label, []).append(value)
    if guarantee.readings:
        by_label.pop("guarantee in full", None)
    for label, values in by_label.items():
        yield label, max(values) / min(values) - 1


def _return_rates(
    lease: Lease, guarantee: ResidualValueGuarantee, setting: Setting
) -> tuple[Decimal, ...]:
    """The funders' rate first, then the lease's own and the ends of its range."""
    coupons = [
        found.coupon_annual.get()
        for reading in guarantee.readings
        if isinstance(found := setting.deal.contracts[reading.note], Note)
    ]
    others = (lease.discount_rate.get(), *lease.discount_rate.range)
    return tuple(dict.fromkeys((*coupons, *sorted(others, reverse=True))))


def _lessor_value(lease: Lease, reached: _Outcomes, setting: Setting, *, name: str) -> Fact:
    """
    Present value of the payments and the guaranteed residual at the rate implicit in the lease.

    Source: ASC 842-10-25-3(b)(1), 842-10-25-4; IFRS 16.63(d).
    """
    path = f"contracts.{lease.id}.rent"
    ends = tuple(_terms(lease, reached))
    if guarantee_of(lease, setting) is not None and lease.guaranteed_residual is None:
        why = "the guarantee's terms and the residual beyond it are not public"
        return Fact(name, Unknown(why), "measured", path)
    if lease.unguaranteed_residual is None or len(ends) > 1:
        return Fact(name, Unknown("the residual value is not stated"), "measured", path)
    segment = lease_segments(lease, setting)[0]
    sure = setting.minor(lease.guaranteed_residual)
    whole = sure + setting.minor(lease.unguaranteed_residual)
    worth = setting.minor(setting.deal.assets[lease.asset].fair_value)
    rate = implicit_rate(segment, worth, whole)
    value = present_value(segment.payments, rate, segment.first_at)
    value += Fraction(sure) / (1 + rate) ** segment.periods
    return Fact(name, value / _unit(setting), "measured", path)


def _lessor_present_value(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """The lessor's value with what the lessee guarantees."""
    return _lessor_value(lease, reached, setting, name="lessor_present_value")


def _lessor_present_value_all(lease: Lease, reached: _Outcomes, setting: Setting) -> Fact:
    """The lessor's value with what unrelated third parties guarantee as well; none are modelled."""
    return _lessor_value(lease, reached, setting, name="lessor_present_value_with_third_parties")


def _day_one_loss(lease: Lease, _reached: _Outcomes, setting: Setting) -> Fact:
    """
    Whether a net-investment lease would book a loss on day one: fair value below carrying amount.

    Source: ASC 842-10-25-3A. Payments that vary otherwise are a fact of their own.
    """
    path = f"assets.{lease.asset}.fair_value"
    asset = leased_asset(lease, setting)
    loss = asset.fair_value < asset.carrying_amount
    return Fact("day_one_selling_loss", loss, "measured", path)


_MEASURES: Mapping[str, Callable[[Lease, _Outcomes, Setting], Fact]] = {
    "lease_term_months": _lease_term_months,
    "present_value_for_classification": _classification_value,
    "t5_spread": _spread,
    "lessor_present_value": _lessor_present_value,
    "lessor_present_value_with_third_parties": _lessor_present_value_all,
    "day_one_selling_loss": _day_one_loss,
}
