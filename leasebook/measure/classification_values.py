"""
What the tests of classification compare: the value of payments and guarantees, for both sides.

At commencement the terms are those of the contract; on a later day they are those of the event.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from leasebook.contract.event import Event
from leasebook.contract.lease import Lease
from leasebook.contract.share import signed_id
from leasebook.facts.changes import told_on_a_day
from leasebook.facts.fact import Fact, Reading, Unknown, Value
from leasebook.measure.lease_components import Side
from leasebook.measure.lease_course import lease_segments, renewal_is_counted
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lease_terms import at_commencement
from leasebook.measure.leased_asset import leased_asset
from leasebook.measure.lessee_rate import settings_of_rates
from leasebook.measure.lessor import profit_policy
from leasebook.measure.net_investment import implicit_rate, invested_epochs
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.present_value import present_value_at_rates


def value_for_classification(
    segment: LeaseSegment, lease: Lease, setting: Setting, guarantee: int = 0
) -> Fraction:
    """
    Value of all payments, with the whole amount that the lessee could owe at the end.

    Source: ASC 842-10-25-2(d). Payments made by commencement count, and so does the price of a
    purchase that is certain; a guarantee of the residual counts in full.

    Args:
        segment: The terms, at the lessee's rate.
        lease: Gives what the lessee guarantees of the residual.
        setting: Gives the currency.
        guarantee: Minor units guaranteed by a contract of its own.

    Returns:
        Minor units, exact.
    """
    setting = setting.in_currency_of(lease)
    final = segment.purchase_price
    if not final:
        final = setting.minor(lease.guaranteed_residual) + guarantee
    return (
        segment.prepaid
        + segment.day_one
        + present_value_at_rates(segment.dues(final), segment.rates)
    )


def lessor_test_rate(lease: Lease, setting: Setting, segment: LeaseSegment) -> Fraction | None:
    """
    The lessor's rate for the tests; direct costs that it would expense stay out of it.

    Source: ASC 842-10-25-4, 842-30-25-1(c); IFRS 16 appendix A.
    """
    asset = leased_asset(lease, setting)
    if asset.rate_given:
        return segment.rate
    if asset.fair_value is None:
        return None
    costs = 0 if asset.has_profit else asset.initial_direct_costs
    return implicit_rate(
        segment, asset.fair_value + costs - segment.paid_by_start, asset.whole_residual
    )


def lessor_value(lease: Lease, setting: Setting, *, third_parties: bool) -> Fraction | None:
    """
    Value of the payments and guaranteed residual at the lessor's rate, minor units, exact.

    Source: ASC 842-10-25-2(d), 842-10-25-3(b)(1); IFRS 16.63(d).

    Args:
        lease: Gives residuals and who guarantees them.
        setting: Gives the lease term.
        third_parties: Whether what unrelated third parties guarantee counts as well.

    Returns:
        None if there is neither a rate nor a fair value to solve one from.
    """
    setting = setting.in_currency_of(lease)
    segment = at_commencement(lease, setting, "lessor")
    rate = lessor_test_rate(lease, setting, segment)
    if rate is None:
        return None
    sure = segment.purchase_price or setting.minor(lease.guaranteed_residual)
    if third_parties and not segment.purchase_price:
        sure += setting.minor(lease.third_party_residual)
    rates = segment.at_rate(rate).rates
    return segment.prepaid + segment.day_one + present_value_at_rates(segment.dues(sure), rates)


def day_one_profit(lease: Lease, setting: Setting) -> int:
    """
    What a net-investment lease would book as profit at commencement; a loss is negative.

    Source: ASC 842-10-25-3A, 842-30-25-1(c).
    """
    asset = leased_asset(lease, setting)
    segment = at_commencement(lease, setting, "lessor")
    (epoch,) = invested_epochs([segment], asset, profit_policy("sales-type", asset))
    return epoch.flows["selling_profit"]


def later_fact(name: str, lease: Lease, day: date, setting: Setting) -> Fact:
    """
    A measured fact about the terms on which a lease goes on from a day.

    Source: ASC 842-10-25-1, 842-10-25-11, 842-10-35-4; IFRS 16.66.

    Args:
        name: As declared in the dictionary.
        lease: Whose terms change.
        day: Of the event.
        setting: Gives the lease term at commencement.
    """
    path = f"contracts.{signed_id(lease.id)}"
    # What the event says of fair value is in the lease's currency, as all its amounts are.
    setting = setting.in_currency_of(lease)
    event = told_on_a_day(e for e in setting.events(lease.id) if e.date.get() == day)
    if event is None:
        raise ValueError(f"nothing changes {lease.id} on {day}")
    value = _LATER[name](lease, event, setting)
    return Fact(name, value, "measured", path)


def renewal_fact(
    name: str, lease: Lease, day: date, by_term: Sequence[tuple[str, Setting]]
) -> Fact:
    """
    Whether the term of a side has counted a renewal that is exercised.

    Source: ASC 842-10-35-1, 842-10-35-3.

    Args:
        name: As declared in the dictionary.
        lease: Whose renewal is exercised.
        day: Of the exercise.
        by_term: The setting under each term that the lease may have had at commencement, with what
            that is called; one where it is decided.
    """
    path = f"contracts.{signed_id(lease.id)}.options"
    found: dict[str, bool | None] = {}
    for label, setting in by_term:
        # No term hangs on the rate, so that any of those that may be taken will do.
        rated = next((each for _, each in settings_of_rates(lease, setting)), None)
        if rated is None:
            unknown = Unknown("the rate that the lessee takes is not known")
            return Fact(name, unknown, "measured", path)
        found[label] = renewal_is_counted(lease, day, rated, _COUNTED[name])
    counted = {value for value in found.values() if value is not None}
    if len(counted) == 1:
        return Fact(name, counted.pop(), "measured", path)
    readings = tuple(Reading(label, value) for label, value in found.items() if value is not None)
    why = "the lease term is undetermined" if readings else "no renewal is exercised"
    unknown, held = Unknown(why), frozenset({"lease_term"})
    return Fact(
        name, unknown, "measured", path, readings=readings, exhaustive=bool(readings), held_by=held
    )


def _segment_at(lease: Lease, day: date, setting: Setting, side: Side = "lessee") -> LeaseSegment:
    return [s for s in lease_segments(lease, setting, side) if s.start <= day][-1]


def _months_left(lease: Lease, event: Event, setting: Setting) -> Value | Unknown:
    months = lease.rent.step_months
    if event.remaining_term_periods is not None:
        return event.remaining_term_periods * months
    if event.kind == "terms-changed" and not event.payments:
        return Unknown("the new term is not stated")
    day = event.date.get()
    segment = _segment_at(lease, day, setting)
    return segment.term_months - months_between(segment.start, day)


def _value_left(lease: Lease, event: Event, setting: Setting) -> Value | Unknown:
    rates = list(settings_of_rates(lease, setting))
    if not rates or rates[0][0]:
        return Unknown("the rate that the lessee takes is not known")
    segment = _segment_at(lease, event.date.get(), setting)
    value = value_for_classification(segment, lease, setting)
    return _in_units(value, setting)


def _lessor_value_left(lease: Lease, event: Event, setting: Setting) -> Value | Unknown:
    deferred = event.kind == "rent-deferred"
    listed = event.payments or deferred or event.kind != "terms-changed"
    if event.fair_value is None or not listed:
        return Unknown("the fair value or the payments on the day are not stated")
    segment = _segment_at(lease, event.date.get(), setting, "lessor")
    asset = leased_asset(lease, setting, day=event.date.get())
    rate = implicit_rate(segment, setting.minor(event.fair_value), asset.whole_residual)
    sure = setting.minor(lease.guaranteed_residual)
    value = present_value_at_rates(segment.dues(sure), segment.at_rate(rate).rates)
    return _in_units(value, setting)


def _no_loss(_lease: Lease, _event: Event, _setting: Setting) -> Value | Unknown:
    """A loss on changed terms is not a loss at commencement."""
    return False


def _not_asked_again(_lease: Lease, _event: Event, _setting: Setting) -> Value | Unknown:
    return Unknown("asked at commencement only")


def _in_units(amount_minor: Fraction, setting: Setting) -> Fraction:
    return amount_minor / int(10**setting.deal.currency.decimals)


#: Of which side each fact about a renewal is.
_COUNTED: Mapping[str, Side] = {
    "renewal_in_lessees_term": "lessee",
    "renewal_in_lessors_term": "lessor",
}

_LATER = {
    "lease_term_months": _months_left,
    "present_value_for_classification": _value_left,
    "lessor_present_value": _lessor_value_left,
    "lessor_present_value_with_third_parties": _lessor_value_left,
    "day_one_selling_loss": _no_loss,
    "t5_spread": _not_asked_again,
    "lessor_makes_dealer_profit": _not_asked_again,
}
