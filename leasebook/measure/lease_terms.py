"""
From a lease and what happens to it to the segments that the kernel walks.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import cycle, islice

import attrs

from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.setting import Setting, longest_term_months
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.present_value import present_value_minor
from leasebook.reckoning.rates import periodic_rate, rate_text
from leasebook.reckoning.rounding import spread_evenly


def term_months(lease: Lease, setting: Setting) -> int:
    """
    The lease term at commencement, in months.

    Source: ASC 842-10-30-1; IFRS 16.18. The decision `lease_term` says whether renewals count.
    """
    if setting.outcome("lease_term", lease.id) == "with-renewals":
        return longest_term_months(lease)
    return lease.noncancellable.get().months


def rent_minor(lease: Lease, setting: Setting, periods: int) -> tuple[int, ...]:
    """
    The rent of each period from commencement, in minor units.

    A total over a time is spread so that its parts sum to it; beyond that time the same parts
    come again.
    """
    rent = lease.rent
    if rent.amounts:
        listed = [setting.minor(amount) for amount in rent.amounts]
        return tuple([*listed, *[listed[-1]] * periods][:periods])
    if rent.amount is not None:
        return (setting.minor(rent.amount),) * periods
    over = rent.over.get().months // rent.every.months if rent.over else periods
    parts = spread_evenly(setting.minor(rent.total), over)
    return tuple(islice(cycle(parts), periods))


def residual_payment(lease: Lease, setting: Setting) -> int:
    """
    What the lessee probably owes (IFRS: is expected to owe) under its residual value guarantee.

    Source: ASC 842-10-30-5(f); IFRS 16.27(c).
    """
    return sum(
        setting.minor(guarantee.probable_payment)
        for guarantee in setting.deal.of_kind(ResidualValueGuarantee)
        if lease.id in guarantee.covers_leases and guarantee.guarantor == lease.lessee
    )


def lease_segments(lease: Lease, setting: Setting) -> tuple[LeaseSegment, ...]:
    """
    The epochs of a lease: at commencement, and at each event that changes term or rent.

    Source: ASC 842-10-25-11 to 25-13, 842-10-35-1; IFRS 16.40, 16.45.
    """
    segments = [_at_commencement(lease, setting)]
    renewed_months = term_months(lease, setting)
    for event in setting.events(lease.id):
        last = segments[-1]
        live = months_between(last.start, event.date.get()) // last.months
        if event.kind == "renewal-exercised":
            added = _renewal_months(lease)
            ends_at = months_between(lease.commencement_date.get(), event.date.get()) + added
            if ends_at <= renewed_months:
                continue  # the term already counts this renewal
            renewed_months = max(renewed_months, ends_at)
        elif event.kind != "rent-changed":
            continue
        following = _after(event, lease, setting, last, live)
        if live == 0:
            segments[-1] = following
            continue
        if live < last.periods:
            segments[-1] = attrs.evolve(last, live_periods=live)
        segments.append(following)
    return tuple(segments)


def lease_end(lease: Lease, setting: Setting) -> date:
    """The last day of a lease in the scenario, with the renewals that are exercised in it."""
    last = lease_segments(lease, setting)[-1]
    return add_months(last.start, last.periods * last.months) - timedelta(days=1)


def opening_liability(lease: Lease, setting: Setting) -> int:
    """
    The lease liability at commencement, a payment due that day included, in minor units.

    Source: ASC 842-20-30-1; IFRS 16.26.
    """
    return lease_segments(lease, setting)[0].present_value()


def liability_range(lease: Lease, setting: Setting) -> tuple[int, int] | None:
    """
    The least and the most the opening liability could be, over its rates and payment timings.

    The least is at the highest rate of the range with each year's rent at the year's end, the most
    at the lowest rate with it at the year's beginning; None where the rate has no range.

    Source: ASC 842-20-30-1; IFRS 16.26. What is varied is what the contract leaves unknown.
    """
    rates = lease.discount_rate.range
    months = lease.rent.every.months
    if not rates or 12 % months:
        return None
    rents = lease_segments(lease, setting)[0].payments
    in_year = 12 // months
    yearly = [sum(rents[k : k + in_year]) for k in range(0, len(rents), in_year)]
    low, high = min(rates), max(rates)
    return (
        present_value_minor(yearly, Fraction(high), 1),
        present_value_minor(yearly, Fraction(low), 0),
    )


def _renewal_months(lease: Lease) -> int:
    return next(
        option.term.get().months
        for option in lease.options
        if option.kind == "renewal" and option.term is not None
    )


def _at_commencement(lease: Lease, setting: Setting) -> LeaseSegment:
    months = lease.rent.every.months
    periods = term_months(lease, setting) // months
    rate, text = _rate(lease, lease.discount_rate)
    payments = rent_minor(lease, setting, periods)
    prepaid = setting.minor(lease.prepaid)
    if lease.day_one_payment == "excluded" and lease.rent.timing == "advance":
        payments, prepaid = (0, *payments[1:]), prepaid + payments[0]
    return LeaseSegment(
        start=lease.commencement_date.get(),
        periods=periods,
        months=months,
        timing=lease.rent.timing,
        payments=payments,
        rate=rate,
        rate_text=text,
        prepaid=prepaid,
        residual_payment=residual_payment(lease, setting),
        initial_direct_costs=setting.minor(lease.initial_direct_costs),
        incentives=setting.minor(lease.incentives),
    )


def _after(
    event: Event, lease: Lease, setting: Setting, last: LeaseSegment, live: int
) -> LeaseSegment:
    remaining = last.payments[live:]
    if event.amount is not None:
        remaining = (setting.minor(event.amount),) * len(remaining)
    if event.kind == "renewal-exercised":
        added = _renewal_months(lease) // last.months
        rent = rent_minor(lease, setting, added)
        if event.amount is not None:
            rent = (setting.minor(event.amount),) * added
        remaining = (*remaining, *rent)
    rate, text = _rate(lease, event.discount_rate or lease.discount_rate)
    return LeaseSegment(
        start=event.date.get(),
        periods=len(remaining),
        months=last.months,
        timing=last.timing,
        payments=remaining,
        rate=rate,
        rate_text=text,
        residual_payment=last.residual_payment,
    )


def _rate(lease: Lease, figure: Figure[Decimal]) -> tuple[Fraction, str]:
    annual = figure.get()
    months = lease.rent.every.months
    rate = periodic_rate(annual, lease.rate_convention, months)
    convention = lease.rate_convention.replace("-", " ")
    every = "month" if months == 1 else f"{months} months"
    return rate, f"{annual * 100:f} % {convention} = {rate_text(rate)} per {every}"
