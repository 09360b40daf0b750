"""
Financial guarantees: what they are worth on day one, and how that is earned or lost later.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.credit import Guarantee
from leasebook.measure.assumed_lease import assumed_day
from leasebook.measure.credit_loss import buckets, by_day
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble, changes, running
from leasebook.measure.setting import Setting
from leasebook.measure.warrant import received_for_guarantee
from leasebook.reckoning.calendar import closes, days_of_use, periods
from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rates import periodic_rate, rate_text
from leasebook.reckoning.rounding import round_half_even, spread, spread_evenly

_FLOWS = (
    "premium",
    "instrument",
    "investment",
    "expense",
    "release",
    "contingent_loss",
    "excess_loss",
    "loss_to_settle",
    "settled",
    "ended",
)
_BALANCES = {
    "liability": {
        "premium": 1,
        "instrument": 1,
        "investment": 1,
        "expense": 1,
        "release": -1,
        "excess_loss": 1,
        "loss_to_settle": 1,
        "settled": -1,
    },
    "contingent_liability": {"contingent_loss": 1, "loss_to_settle": -1},
    "not_yet_released": {
        "premium": 1,
        "instrument": 1,
        "investment": 1,
        "expense": 1,
        "release": -1,
        "ended": -1,
    },
}


@attrs.frozen
class GuaranteeFigures:
    """
    What a guarantor books on day one and is released from each period, in exact minor units.

    Attributes:
        liability: Of day one.
        premium: Received on day one in money.
        periods: Over which it is released.
        instrument: Received on day one in warrants; they are posted with the warrant.
    """

    liability: Fraction
    premium: int
    periods: int
    instrument: int = 0

    @property
    def release_per_period(self) -> Fraction:
        """The level release to income of each period, minor units."""
        return self.liability / self.periods


def subject_of(contract: Guarantee) -> str:
    """The subject that the decisions about a guarantee's measurement are about."""
    return contract.about


def interest_saved(
    principal: int, guaranteed: Fraction, unguaranteed: Fraction, count: int
) -> Fraction:
    """
    What a guarantee is worth to a debtor: the interest it saves, at the rate without it.

    Source: ASC 460-10-30-2(b), 820-10-35; IFRS 9.5.1.1, 13.B13 (the method is unverified).

    Args:
        principal: Guaranteed to the end, minor units.
        guaranteed: Rate per period with the guarantee.
        unguaranteed: Rate per period without it.
        count: Periods.

    Returns:
        Minor units, exact.

    Example:
        >>> round_half_even(interest_saved(100_000_000, Fraction(8, 100), Fraction(1, 10), 3))
        4973704
    """
    each = principal * (unguaranteed - guaranteed)
    return each * present_value([1] * count, unguaranteed, 1)


def estimated_value(contract: Guarantee, setting: Setting) -> Fraction | None:
    """
    The fair value of a guarantee: as stated, or the interest it saves; None if neither is known.

    Returns:
        Minor units, exact.
    """
    if contract.fair_value is not None:
        known = contract.fair_value.known
        return Fraction(setting.minor(contract.fair_value)) if known else None
    rates = _periodic(contract)
    if rates is None or contract.principal is None or not contract.principal.known:
        return None
    count = contract.term.get().months // contract.every.months
    return interest_saved(setting.minor(contract.principal), *rates, count)


def _periodic(contract: Guarantee) -> tuple[Fraction, Fraction] | None:
    """The rates of a period with and without the guarantee; None if one of them is not known."""
    with_it, without = contract.guaranteed_rate, contract.unguaranteed_rate
    if with_it is None or without is None or not (with_it.known and without.known):
        return None
    convention, months = contract.rate_convention, contract.every.months
    return (
        periodic_rate(with_it.get(), convention, months),
        periodic_rate(without.get(), convention, months),
    )


def guarantee_figures(contract: Guarantee, setting: Setting) -> GuaranteeFigures:
    """
    The liability of day one and its level release, as the standard decides the measurement.

    At arm's length the premium is the fair value. Otherwise the fair value is estimated; a premium
    above it stays in the liability and is released with it, so that day one shows no gain. What is
    not recognised leaves a premium, if there is one, as income received in advance.

    Source: ASC 460-10-25-1, 460-10-25-4, 460-10-30-2; IFRS 9.5.1.1, 9.B5.1.2A(b).

    Raises:
        NotModelled: If other guidance governs the guarantee, or nothing says what it is worth.
    """
    how = setting.outcome("guarantee_measurement", subject_of(contract))
    premium = setting.minor(contract.premium)
    instrument = received_for_guarantee(contract.id, setting)
    received = Fraction(premium + instrument)
    count = contract.term.get().months // contract.every.months
    if how == "at-estimated-value":
        value = estimated_value(contract, setting)
        if value is None:
            raise NotModelled(f"nothing says what {contract.id} is worth")
        return GuaranteeFigures(max(value, received), premium, count, instrument)
    if how in ("at-premium", "not-recognised"):
        return GuaranteeFigures(received, premium, count, instrument)
    raise NotModelled(f"{contract.id} is accounted for under other guidance, which is not modelled")


def guarantee_ends(contract: Guarantee) -> date:
    """The last day that a guarantee covers."""
    every = contract.every.months
    count = contract.term.get().months // every
    return periods(contract.issued.get(), every, count)[-1][1]


def released(total: int, contract: Guarantee) -> list[tuple[date, int, int]]:
    """
    Day, period and minor units of a level release over the term, by days within a period.

    Every period takes the same part of the total, whatever the days it has.

    Source: ASC 460-10-35-2(b); IFRS 9.4.2.1(c)(ii), 15.B18.

    Example:
        >>> from leasebook.contract.figure import Figure
        >>> from leasebook.values.duration import Duration
        >>> year = Figure(Duration.parse("3 years"))
        >>> terms = Guarantee("g", "us", "them", "bank", Figure(date(2026, 1, 1)), year)
        >>> parts = released(300, terms)
        >>> [sum(amount for _, period, amount in parts if period == k) for k in (1, 2, 3)]
        [100, 100, 100]
    """
    every = contract.every.months
    count = contract.term.get().months // every
    if contract.release == "at-expiry":
        return [(guarantee_ends(contract), count, total)]
    parts = []
    spans = periods(contract.issued.get(), every, count)
    for number, (part, (first, last)) in enumerate(
        zip(spread_evenly(total, count), spans, strict=True), start=1
    ):
        days = closes(first, last)
        for day, amount in zip(days, spread(part, days_of_use(first, days)), strict=True):
            parts.append((day, number, amount))
    return parts


def guarantee_schedules(contract: Guarantee, setting: Setting) -> Iterator[Schedule]:
    """
    A guarantee in the books of its guarantor, and its premium in those of whoever pays it.

    Source: ASC 460-10-25-4, 460-10-35-1, 460-10-35-2; IFRS 9.4.2.1(c), 9.5.1.1.
    """
    figures = guarantee_figures(contract, setting)
    yield assemble(
        "guarantee-issued",
        (contract.id, contract.guarantor, other_side(contract, figures.premium)),
        _BALANCES,
        _FLOWS,
        _issued(contract, figures, setting),
        _rates(contract),
    )
    yield from obtained(contract, figures.premium, setting)


def payer_of(contract: Guarantee) -> str:
    """Who pays the premium of a guarantee."""
    return contract.debtor if contract.premium_paid_by == "debtor" else contract.beneficiary


def other_side(contract: Guarantee, premium: int) -> str:
    """
    To whom a promise is given: whoever pays for it in money, else of rents whoever would be paid.
    """
    return payer_of(contract) if premium or not contract.covers_leases else contract.beneficiary


def obtained(contract: Guarantee, premium: int, setting: Setting) -> Iterator[Schedule]:
    """
    The premium of a guarantee in the books of whoever pays it; nothing without one.

    What is left of it when the guarantor takes over what it guarantees is cost of that day.

    Source: ASC 340-10-25-1, 340-10-35-1; IAS 38.70.
    """
    if not premium:
        return
    level = attrs.evolve(contract, release="level")
    rows = [Movement(contract.issued.get(), 1, 0, {"premium": premium})]
    settled = assumed_day(contract, setting.deal)
    rows += [
        Movement(day, 1, period, {"cost": amount})
        for day, period, amount in until(released(premium, level), settled)
    ]
    yield assemble(
        "guarantee-obtained",
        (contract.id, payer_of(contract), contract.guarantor),
        {"prepaid": {"premium": 1, "cost": -1}},
        ("premium", "cost"),
        rows,
    )


def until(parts: list[tuple[date, int, int]], ends: date | None) -> list[tuple[date, int, int]]:
    """
    What is released by a day, and on that day all the rest of it.

    Example:
        >>> days = [date(2026, 12, 31), date(2027, 12, 31), date(2028, 12, 31)]
        >>> until([(day, at, 100) for at, day in enumerate(days, 1)], days[1])
        [(datetime.date(2026, 12, 31), 1, 100), (datetime.date(2027, 12, 31), 2, 200)]
    """
    if ends is None:
        return parts
    kept = [part for part in parts if part[0] < ends]
    rest = [part for part in parts if part[0] >= ends]
    if not rest:
        return kept
    return [*kept, (ends, rest[0][1], sum(amount for _, _, amount in rest))]


def _rates(contract: Guarantee) -> tuple[str, ...]:
    rates = _periodic(contract)
    if rates is None:
        return ()
    with_it, without = map(rate_text, rates)
    return (f"{with_it} with and {without} without the guarantee per {contract.every}",)


def _issued(contract: Guarantee, figures: GuaranteeFigures, setting: Setting) -> Iterator[Movement]:
    begins = contract.issued.get()
    liability = round_half_even(figures.liability)
    unpaid = liability - figures.premium - figures.instrument
    debit = setting.outcome("guarantee_debit", subject_of(contract)) or "expense"
    received = {"premium": figures.premium, "instrument": figures.instrument}
    yield Movement(begins, 1, 0, {**received, debit: unpaid})
    settled = assumed_day(contract, setting.deal)
    parts = [p for p in released(liability, contract) if settled is None or p[0] < settled]
    for day, period, amount in parts:
        yield Movement(day, 1, period, {"release": amount})
    left: dict[date, int] = {begins: liability}
    for (day, _, _), gone in zip(parts, running(a for _, _, a in parts), strict=True):
        left[day] = liability - gone
    recognised = setting.outcome("guarantee_measurement", subject_of(contract)) != "not-recognised"
    losses = list(_losses(contract, left, setting)) if recognised else []
    yield from losses
    if settled is not None:
        yield _settled(settled, left[max(left)], losses)


def _settled(day: date, left: int, losses: list[Movement]) -> Movement:
    """
    What a guarantee is carried at when its guarantor takes over the leases that it covers.

    It is posted with the lease, whose right of use it lowers; a loss that stands beside the
    guarantee goes with it.
    """
    beside = sum(one.flows.get("contingent_loss", 0) for one in losses)
    above = sum(one.flows.get("excess_loss", 0) for one in losses)
    amount = left + beside + above
    return Movement(day, 1, 0, {"loss_to_settle": beside, "settled": amount, "ended": left})


def _losses(contract: Guarantee, left: dict[date, int], setting: Setting) -> Iterator[Movement]:
    """
    What is expected to be paid: beside what is left under US GAAP, above it under IFRS.

    Source: ASC 460-10-35-4, 326-20-15-2; IFRS 9.4.2.1(c).

    Args:
        contract: Gives the estimates; without a gross amount the principal is exposed.
        left: What has not been released yet, by day.
        setting: Gives the framework.
    """

    def principal(day: date) -> int:
        if contract.principal is None:
            raise NotModelled(f"{contract.id} does not say the amount exposed on {day}")
        return setting.minor(contract.principal)

    ends = guarantee_ends(contract)
    losses = by_day(buckets(contract.estimates, setting, principal))
    settled = assumed_day(contract, setting.deal)
    if settled is None:
        losses = {day: loss for day, loss in losses.items() if day < ends} | {ends: 0}
    else:
        losses = {day: loss for day, loss in losses.items() if day < settled}
        losses |= _worth_then(contract, settled, left[max(left)], setting)
    days = sorted({*losses, *left}) if any(losses.values()) else []
    column = "contingent_loss" if setting.framework == "us-gaap" else "excess_loss"
    expected, remaining, due = 0, left[min(left)], []
    for day in days:
        expected, remaining = losses.get(day, expected), left.get(day, remaining)
        above = expected if setting.framework == "us-gaap" else max(0, expected - remaining)
        due.append(above)
    for at, (day, change) in enumerate(zip(days, changes(due), strict=True)):
        if change:
            yield Movement(day, 1, at, {column: change})


def _worth_then(contract: Guarantee, day: date, left: int, setting: Setting) -> dict[date, int]:
    """
    The loss on the day on which the guarantor takes over, if what is settled has a stated worth.

    Of what the promise is worth then, what has not been released bears the first part.
    """
    worth = [v for v in contract.fair_values if v.date.get() == day]
    if not worth:
        return {}
    above = max(0, setting.minor(worth[-1].amount) - left)
    return {day: above + (left if setting.framework == "ifrs" else 0)}
