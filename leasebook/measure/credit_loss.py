"""
Expected credit losses: by loss rate, by probability of default and loss given default, or observed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

import attrs

from leasebook.contract.credit import Exposure, LossEstimate
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Movement, Schedule, assemble, changes
from leasebook.measure.setting import Setting
from leasebook.reckoning.rounding import round_half_even

#: Balances that are the amount exposed, by framework: the first that a schedule has.
_CARRIED = {"us-gaap": ("net_investment",), "ifrs": ("receivable",)}
_OF_NOTE = ("principal", "accrued_interest")


@attrs.frozen
class Bucket:
    """
    One part of an exposure on one day, with what is expected to be lost on it.

    Attributes:
        name: As the contract calls it.
        date: Of the estimate.
        gross_minor: The amount exposed, minor units.
        loss_rate: Expected loss as a part of it, exact.
        expected_credit_loss_minor: Minor units, rounded once, half to even.
    """

    name: str
    date: date
    gross_minor: int
    loss_rate: Fraction
    expected_credit_loss_minor: int


def loss_rate(estimate: LossEstimate, gross: int, observed: int = 0) -> Fraction:
    """
    The expected loss as a part of the amount exposed.

    A rate is taken as it is; a probability of default is multiplied by the part lost on default;
    a loss that was observed is divided by the amount that it was observed on.

    Source: ASC 326-20-30-3, 326-20-55-18; IFRS 9.5.5.17, 9.B5.5.35, IE48 to IE57 (unverified).

    Args:
        estimate: Says it in one of the three ways.
        gross: The amount exposed, minor units.
        observed: The loss that was observed, minor units.

    Returns:
        A pure number.

    Example:
        >>> from decimal import Decimal
        >>> from leasebook.contract.figure import Figure
        >>> half, quarter = Figure(Decimal("0.005")), Figure(Decimal("0.25"))
        >>> estimate = LossEstimate(Figure(date(2026, 12, 31)), probability_of_default=half,
        ...                         loss_given_default=quarter)
        >>> loss_rate(estimate, 100_000_000) * 100_000_000
        Fraction(125000, 1)
    """
    if estimate.loss_rate is not None:
        return Fraction(estimate.loss_rate.get())
    if estimate.probability_of_default is not None and estimate.loss_given_default is not None:
        probability = Fraction(estimate.probability_of_default.get())
        return probability * Fraction(estimate.loss_given_default.get())
    if gross == 0:
        raise NotModelled("a loss was observed on an amount of nothing")
    return Fraction(observed, gross)


def buckets(
    estimates: Iterable[LossEstimate], setting: Setting, gross_on: Callable[[date], int]
) -> tuple[Bucket, ...]:
    """
    Every estimate with its amount exposed, its loss rate and its expected loss.

    Source: ASC 326-20-30-1; IFRS 9.5.5.1, 9.5.5.15.

    Args:
        estimates: In any order.
        setting: Gives the currency.
        gross_on: The amount exposed on a day, minor units, where an estimate does not say it.
    """
    made = []
    for one in estimates:
        day = one.date.get()
        gross = gross_on(day) if one.gross is None else setting.minor(one.gross)
        rate = loss_rate(one, gross, setting.minor(one.observed_loss))
        made.append(Bucket(one.name, day, gross, rate, round_half_even(rate * gross)))
    return tuple(made)


def exposure_buckets(
    contract: Exposure, setting: Setting, covered: Schedule | None = None
) -> tuple[Bucket, ...]:
    """
    The buckets of an exposure.

    Args:
        contract: Its estimates.
        setting: Gives currency and framework.
        covered: The creditor's schedule of the note or lease that the exposure covers.

    Example:
        >>> from decimal import Decimal
        >>> from types import SimpleNamespace
        >>> from leasebook.contract.figure import Figure
        >>> from leasebook.values.money import Currency
        >>> setting = Setting(SimpleNamespace(currency=Currency.of("USD")), "ifrs", "", {})
        >>> day, gross, lost = Figure(date(2026, 12, 31)), Decimal(200_000), Decimal(600)
        >>> observed = LossEstimate(day, "X", Figure(gross), observed_loss=Figure(lost))
        >>> (bucket,) = exposure_buckets(Exposure("loans", "us", "them", (observed,)), setting)
        >>> bucket.loss_rate, bucket.expected_credit_loss_minor
        (Fraction(3, 1000), 60000)
    """

    def gross_on(day: date) -> int:
        if covered is None:
            raise NotModelled(f"{contract.id} does not say the amount exposed on {day}")
        return carried(covered, day, setting.framework)

    return buckets(contract.estimates, setting, gross_on)


def carried(schedule: Schedule, day: date, framework: str) -> int:
    """
    The gross carrying amount of a note, or of a lease that is a receivable, at a day's close.

    A lessor's whole net investment is exposed under US GAAP, the lease receivable under IFRS.

    Source: ASC 842-30-35-3, 326-20-30-5; IFRS 16.77, 9.5.5.15.

    Returns:
        Minor units.

    Raises:
        NotModelled: If the schedule has no receivable, as that of an operating lessor.
    """
    names = _OF_NOTE if set(_OF_NOTE) <= schedule.balances else _CARRIED[framework]
    if not set(names) <= schedule.balances:
        raise NotModelled(f"{schedule.contract} is no receivable in the books of {schedule.entity}")
    return sum(schedule.balance(name, day) for name in names)


def by_day(found: Iterable[Bucket]) -> dict[date, int]:
    """What is expected to be lost from each day of estimates on, minor units, in order of date."""
    losses: dict[date, int] = {}
    for bucket in found:
        losses[bucket.date] = losses.get(bucket.date, 0) + bucket.expected_credit_loss_minor
    return dict(sorted(losses.items()))


def exposure_schedules(
    contract: Exposure, setting: Setting, covered: Schedule | None = None
) -> Iterator[Schedule]:
    """
    The allowance in the creditor's books; the debtor books nothing.

    Estimates of a day take the place of those before. When what is covered has ended, nothing is
    left to lose.

    Source: ASC 326-20-30-1, 326-20-35-1; IFRS 9.5.5.8.

    Args:
        contract: Its estimates.
        setting: Gives currency and framework.
        covered: The creditor's schedule of the note or lease that the exposure covers.
    """
    losses: Mapping[date, int] = by_day(exposure_buckets(contract, setting, covered))
    if covered is not None and covered.rows and losses:
        losses = {d: loss for d, loss in losses.items() if d < covered.rows[-1].date}
        losses[covered.rows[-1].date] = 0
    rows = [
        Movement(day, 1, at, {"expected_loss": change})
        for at, (day, change) in enumerate(
            zip(losses, changes(losses.values()), strict=True), start=1
        )
        if change
    ]
    yield assemble(
        "credit-losses",
        (contract.id, contract.creditor, contract.debtor),
        {"allowance": {"expected_loss": 1}},
        ("expected_loss",),
        rows,
    )
