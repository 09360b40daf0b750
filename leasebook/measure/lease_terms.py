"""
From a lease as it is signed to the terms that are measured at commencement.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import cycle, islice

import attrs

from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.option_times import options_of
from leasebook.contract.rent_days import rent_days, rents_by_day
from leasebook.contract.scalar import MONTHS_MAX
from leasebook.measure.deferred_rent import as_it_commences
from leasebook.measure.end_of_lease import (
    certain_purchase,
    counted_penalty,
    residual_payment,
    whole_residual,
)
from leasebook.measure.lease_components import Side, with_lease_part, with_own_share
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.lessee_rate import rate_of
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.measure.term import lease_term_months
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rates import day_rates, periodic_rate, rate_text
from leasebook.reckoning.rounding import round_half_even, spread_evenly


def term_months(lease: Lease, setting: Setting) -> int:
    """
    The lease term at commencement, in months.

    Source: ASC 842-10-30-1; IFRS 16.18. The decision `lease_term` says what belongs to it; while it
    is open, and for a contract that is no lease, it is the stated term. It ends where an option to
    buy is certain to be exercised.
    """
    decided = lease_term_months(lease, setting.outcomes)
    months = lease.noncancellable.get().months if decided is None else decided
    bought = certain_purchase(lease, setting)
    if bought is not None and bought.after is not None:
        return min(months, bought.after.get().months)
    return months


def period_count(lease: Lease, months: int) -> int:
    """The periods of a term, from commencement to a day on which it can end."""
    days = rent_days(lease)
    if days:
        return days.index(add_months(lease.commencement_date.get(), months))
    return months // lease.rent.step_months


def rent_minor(lease: Lease, setting: Setting, periods: int) -> tuple[int, ...]:
    """
    The rent of each period from commencement, in minor units, before any incentive.

    A total over a time is spread so that its parts sum to it; beyond that time the same parts come
    again. Renewals with rents of their own follow the rents of the lease. Where rents have days of
    their own, a period that begins on none of these days pays nothing.
    """
    setting = setting.in_currency_of(lease)
    if lease.rent.dated:
        due = rents_by_day(lease)
        days = rent_days(lease)[:periods]
        return tuple(setting.minor(due[day]) if day in due else 0 for day in days)
    own = _own_rents(lease, setting, periods)
    first = lease.noncancellable.get().months // lease.rent.step_months
    renewed = [
        setting.minor(amount)
        for option in lease.options
        if option.kind == "renewal"
        for _ in range(option.times if option.amounts else 0)
        for amount in option.amounts
    ]
    if not renewed or periods <= first:
        return own
    return (*own[:first], *renewed, *own[first + len(renewed) :])[:periods]


def _own_rents(lease: Lease, setting: Setting, periods: int) -> tuple[int, ...]:
    rent = lease.rent
    if rent.amounts:
        listed = [setting.minor(amount) for amount in rent.amounts]
        return tuple([*listed, *[listed[-1]] * periods][:periods])
    if rent.level_for is not None:
        return (level_rent(lease, setting, periods),) * periods
    if rent.amount is None:
        over = rent.over.get().months // rent.step_months if rent.over else periods
        parts = spread_evenly(setting.minor(rent.total), over)
        return tuple(islice(cycle(parts), periods))
    return tuple(_stepped(lease, setting, k) for k in range(periods))


def _stepped(lease: Lease, setting: Setting, period: int) -> int:
    """The rent of one period, counted from 0: nothing while it is free, raised by each step."""
    rent = lease.rent
    amount = Fraction(setting.minor(rent.amount))
    month = period * rent.step_months
    if rent.free is not None and month < rent.free.get().months:
        return 0
    if rent.escalation is not None:
        step = rent.escalates_every.months if rent.escalates_every else 12
        amount *= (1 + Fraction(rent.escalation.get())) ** (month // step)
    return round_half_even(amount)


def level_rent(lease: Lease, setting: Setting, periods: int) -> int:
    """
    The level rent at which it and the residual, or a purchase that is certain, earn the rate.

    Source: ASC 842 glossary (rate implicit in the lease); IFRS 16 appendix A.

    Raises:
        NotModelled: If no rate is stated.
    """
    known = lease.candidate_rates.get("implicit")
    figure = lease.lessor_rate or known or lease.discount_rate
    if figure is None:
        raise NotModelled(f"{lease.id} sets its rent for a rate, and no rate is stated")
    rate, _ = _rate(lease, figure)
    worth = Fraction(setting.minor(lease.rent.level_for))
    bought = certain_purchase(lease, setting)
    final = setting.minor(bought.price) if bought else whole_residual(lease, setting)
    final += counted_penalty(lease, setting, term_months(lease, setting))
    worth -= Fraction(final) / (1 + rate) ** periods
    first_at = 0 if lease.rent.due == "advance" else 1
    return round_half_even(worth / present_value([1] * periods, rate, first_at))


def asset_life_months(lease: Lease, setting: Setting) -> int:
    """
    The economic life that the asset has left at commencement, in whole months.

    Of an asset that goes back, a life that is not known is taken to outlast the lease.
    """
    asset = setting.deal.assets[lease.asset]
    kept = lease.title_transfers is not None and lease.title_transfers.value is True
    if asset.useful_life.value is None and not (kept or options_of(lease, "purchase", "lessee")):
        return MONTHS_MAX
    used = max(0, months_between(asset.in_service.get(), lease.commencement_date.get()))
    return asset.useful_life.get().months - used


def _life_left(lease: Lease, setting: Setting, elapsed: int) -> int:
    """The life that the asset has left after some periods: in periods, or in days of dated ones."""
    months, days = asset_life_months(lease, setting), rent_days(lease)
    if days:
        over = add_months(days[0], max(1, months))
        return max(1, (over - days[elapsed]).days)
    return max(1, max(1, months // lease.rent.step_months) - elapsed)


def at_commencement(lease: Lease, setting: Setting, side: Side = "lessee") -> LeaseSegment:
    """
    The terms of the right of use that are measured at commencement.

    Source: ASC 842-10-15-33, 842-10-30-5; IFRS 16.13, 16.27.
    """
    setting = setting.in_currency_of(lease)
    whole = contract_at_commencement(lease, setting, side)
    own = with_own_share([whole], lease, setting)
    return with_lease_part(own, lease, setting, side)[0]


def contract_at_commencement(lease: Lease, setting: Setting, side: Side = "lessee") -> LeaseSegment:
    """
    The terms of the whole contract at commencement, services included, for either side.

    Source: ASC 842-10-30-5, 842-20-30-5; IFRS 16.24, 16.27. A lessor that states no rate solves
    its own from the fair value when it measures.

    Raises:
        NotModelled: If neither a rate nor a fair value to solve one from is stated, or it is open
            which rate the lessee takes.
    """
    setting = setting.in_currency_of(lease)
    months = term_months(lease, setting)
    periods = period_count(lease, months)
    payments = as_it_commences(rent_minor(lease, setting, periods), lease, setting)
    at, incentive = incentive_at(lease, setting)
    if 0 <= at < periods:
        payments[at] -= incentive
    bought = certain_purchase(lease, setting)
    whole = LeaseSegment(
        start=lease.commencement_date.get(),
        periods=periods,
        months=lease.rent.step_months,
        timing=lease.rent.due,
        payments=tuple(payments),
        rate=Fraction(0),
        rate_text="",
        days=rent_days(lease)[: periods + 1],
        residual_payment=0 if bought else residual_payment(lease, setting),
        purchase_price=setting.minor(bought.price) if bought else 0,
        termination_penalty=counted_penalty(lease, setting, months),
        passes_title=bought is not None or title_passes(lease),
        usage=variable_minor(lease, setting, periods),
        initial_direct_costs=setting.minor(lease.initial_direct_costs),
        incentives=setting.minor(lease.incentives),
        prepaid=setting.minor(lease.prepaid),
        restoration=setting.minor(lease.restoration),
        amortised_over=amortised_over(lease, setting, periods, 0),
    )
    taken = rate_of(lease, setting, side)
    segment = whole
    if taken.figure is not None or side == "lessee":
        # The rate is that of the right of use, whatever services are paid for beside it.
        share = with_own_share([whole], lease, setting)
        (own,) = with_lease_part(share, lease, setting, side)
        rated = with_rate(own, lease, setting, taken.figure)
        text = f"{taken.words}, {rated.rate_text}" if taken.words else rated.rate_text
        segment = attrs.evolve(
            whole, rate=rated.rate, rate_text=text, period_rates=rated.period_rates
        )
    if keeps_first_payment_out(lease):
        # It goes straight to the asset, and the first period pays nothing.
        rest = (0, *segment.payments[1:])
        segment = attrs.evolve(segment, payments=rest, day_one=segment.payments[0])
    given = lease.handed_over
    if given is None or side == "lessor":
        return segment
    liability, rou = given.lease_liability, given.right_of_use_asset
    return attrs.evolve(
        segment,
        opening_liability=None if liability is None else setting.minor(liability),
        opening_rou=None if rou is None else setting.minor(rou),
        taken_on=liability is not None and rou is not None,
    )


def keeps_first_payment_out(lease: Lease) -> bool:
    """
    Whether what falls due on the first day stays out of liability and receivable.

    Balances that are handed over in mid-life hold what falls due on that day: it is no payment at
    commencement.

    Source: ASC 842-20-30-5(b); IFRS 16.24(b).
    """
    given = lease.handed_over
    if given is not None and given.lease_liability and given.right_of_use_asset:
        return False
    return lease.day_one_payment == "excluded" and lease.rent.due == "advance"


def title_passes(lease: Lease) -> bool:
    """Whether the lease says that the asset is the lessee's in the end."""
    return lease.title_transfers is not None and bool(lease.title_transfers.value)


def amortised_over(
    lease: Lease, setting: Setting, periods: int, elapsed: int, *, owned: bool | None = None
) -> int | None:
    """
    Over how much time an asset of a finance lease is amortised, if not over the term.

    It is counted in periods, and in days where rents have days of their own.

    Source: ASC 842-20-35-8; IFRS 16.32: over the asset's life if it becomes the lessee's, else over
    the shorter of the two.

    Args:
        lease: Gives the asset.
        setting: Gives its life.
        periods: Of the term that is left.
        elapsed: Since commencement.
        owned: Whether the asset becomes the lessee's; None for what the terms at commencement say.
    """
    life = _life_left(lease, setting, elapsed)
    days = rent_days(lease)
    term = (days[elapsed + periods] - days[elapsed]).days if days else periods
    if owned is None:
        owned = title_passes(lease) or certain_purchase(lease, setting) is not None
    if owned:
        return life
    return life if life < term else None


def incentive_at(lease: Lease, setting: Setting) -> tuple[int, int]:
    """The period, counted from 0 at commencement, in which an incentive comes, and how much."""
    incentive = lease.incentive_receivable
    if incentive is None:
        return -1, 0
    at = period_count(lease, incentive.after.get().months)
    return at - (0 if lease.rent.due == "advance" else 1), setting.minor(incentive.amount)


def variable_minor(lease: Lease, setting: Setting, periods: int) -> tuple[int, ...]:
    """
    Rent for sales or use in each period, as far as it is known, minor units.

    Source: ASC 842-10-30-6(a), 842-20-25-5(b); IFRS 16.38(b).
    """
    variable = lease.variable
    if variable is None:
        return ()
    known = [setting.minor(amount) for amount in variable.incurred]
    if variable.share_of_sales is not None:
        share = Fraction(variable.share_of_sales.get())
        known = [round_half_even(share * setting.minor(sale)) for sale in variable.sales]
    return tuple([*known, *[0] * periods][:periods])


def with_rate(
    segment: LeaseSegment,
    lease: Lease,
    setting: Setting,
    figure: Figure[Decimal] | None,
    days: Sequence[date] = (),
) -> LeaseSegment:
    """
    The segment at a stated rate, or else at the rate implicit in the lease.

    Source: ASC 842-20-30-3, 842-10-25-4; IFRS 16.26.

    Args:
        segment: The terms.
        lease: Gives the convention of the rate.
        setting: Gives the fair value that an implicit rate is solved from.
        figure: The annual rate.
        days: On which its periods begin, and on which the last ends, if they are neither stated
            in the segment nor stepped from its start.
    """
    if figure is None:
        rate = _implicit(segment, lease, setting)
        every = "year, by days" if segment.days else "period"
        text = f"implicit in the lease, {rate_text(rate)} a {every}"
        own = attrs.evolve(segment, period_rates=()).at_rate(rate)
        return attrs.evolve(own, rate_text=text)
    rate, text = _rate(lease, figure)
    dated: tuple[Fraction, ...] = ()
    if segment.days or lease.rate_convention == "actual-365":
        steps = range(segment.periods + 1)
        stepped = days or [add_months(segment.start, segment.months * k) for k in steps]
        dated = day_rates(figure.get(), segment.days or stepped)
    return attrs.evolve(segment, rate=rate, rate_text=text, period_rates=dated)


def _implicit(segment: LeaseSegment, lease: Lease, setting: Setting) -> Fraction:
    fair_value = setting.deal.assets[lease.asset].fair_value
    if not fair_value.known:
        raise NotModelled(f"{lease.id} states no discount rate, and its asset no fair value")
    if segment.purchase_price:
        dues = segment.dues(segment.purchase_price)
    else:
        dues = segment.dues(whole_residual(lease, setting))
    worth = setting.minor(fair_value) - segment.prepaid - segment.day_one
    return segment.solved_rate(dues, worth)


def _rate(lease: Lease, figure: Figure[Decimal]) -> tuple[Fraction, str]:
    annual = figure.get()
    months = lease.rent.step_months
    rate = periodic_rate(annual, lease.rate_convention, months)
    convention = lease.rate_convention.replace("-", " ")
    if lease.rent.dated:
        return rate, f"{annual * 100:f} % effective annual, by days over 365"
    every = "month" if months == 1 else f"{months} months"
    return rate, f"{annual * 100:f} % {convention} = {rate_text(rate)} per {every}"
