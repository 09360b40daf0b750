"""
What is promised and not booked: leases not yet commenced, guarantees, exposure to vehicles.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from leasebook.contract.credit import Guarantee
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contribution, EquityInterest, ResidualValueGuarantee
from leasebook.contract.note import Note
from leasebook.disclosures.line import Value
from leasebook.disclosures.scope import Scope, later
from leasebook.measure.assumed_lease import is_taken_over
from leasebook.measure.equity_investment import paid_in
from leasebook.measure.guarantee import guarantee_ends
from leasebook.measure.guarantee_maximum import last_covered_day, maximum_payments
from leasebook.measure.lease_course import lease_end
from leasebook.measure.lease_schedules import epochs_of_lessee
from leasebook.measure.lease_segment import LeaseSegment
from leasebook.measure.leaseback_schedules import lessee_terms
from leasebook.measure.lessee_epochs import LesseeEpoch
from leasebook.measure.missing_rates import MissingExchangeRates
from leasebook.reckoning.calendar import add_months, months_between
from leasebook.reckoning.rates import day_rates, effective_annual
from leasebook.reckoning.rounding import round_half_even

#: The asset accounts in which an interest in an entity is carried, with influence or without.
INTEREST_ACCOUNTS = ("equity-method-investments", "equity-investments", "warrants-held")
LOAN_ACCOUNT = "notes-receivable"


def discounted_to(segment: LeaseSegment, day: date) -> int:
    """
    What the payments of a lease that has not commenced are worth today.

    Whole periods before commencement are compounded; days that make no whole period bear simple
    interest for their part of one.

    Source: ASC 842-20-50-3(b); IFRS 16.59(b)(iv). How far it is discounted is a convention of ours.

    Args:
        segment: The lease as it commences.
        day: The reporting date, before commencement.

    Returns:
        Minor units, rounded once.

    Example:
        >>> terms = LeaseSegment(date(2029, 1, 1), 1, 12, "arrears", (121,), Fraction(1, 10), "")
        >>> discounted_to(terms, date(2027, 12, 31))
        100
    """
    begins = day + timedelta(days=1)
    if segment.days:
        (growth,) = day_rates(segment.rate, (begins, segment.start))
        return round_half_even(segment.present_value() / (1 + growth))
    whole = months_between(begins, segment.start) // segment.months
    reached = add_months(begins, whole * segment.months)
    length = (add_months(begins, (whole + 1) * segment.months) - reached).days
    part = Fraction((segment.start - reached).days, length)
    growth = (1 + segment.rate) ** whole * (1 + segment.rate * part)
    return round_half_even(segment.present_value() / growth)


def not_yet_commenced(scope: Scope, day: date) -> Iterator[tuple[str, dict[str, Value]]]:
    """
    The members' leases that are signed and have not commenced by the close of a day.

    A lease of an asset whose sale failed is a borrowing and not among them, nor is one that is
    taken over later from another.

    Source: ASC 842-20-50-3(b); IFRS 16.59(b)(iv).

    Yields:
        Id of the lease, and its figures by line.
    """
    for lease in scope.setting.deal.of_kind(Lease):
        begins = lease.commencement_date.get()
        outside = lease.lessee in scope.members and lease.lessor not in scope.members
        if not outside or begins <= day or scope.setting.failed_sale(lease.asset) is not None:
            continue
        if is_taken_over(lease, scope.setting.deal):
            continue
        segment = _as_signed(scope, lease, day)
        rate = _rate_on(scope, lease, day)
        last = lease_end(lease, scope.known_on(lease.id, day).setting)
        yield (
            lease.id,
            {
                "commences": begins,
                "term-months": months_between(begins, last + timedelta(days=1)),
                "undiscounted": round_half_even(
                    rate * (sum(segment.dues(segment.residual_payment)))
                ),
                "discount-rate": effective_annual(segment.rate, segment.months),
                "present-value-at-commencement": round_half_even(rate * segment.present_value()),
                "present-value": round_half_even(rate * discounted_to(segment, day)),
            },
        )


def day_one(scope: Scope, day: date) -> Iterator[tuple[str, dict[str, Value]]]:
    """
    What the members' leases that have not commenced by a day will bring when they do.

    Class, liability and right of use are those of the books on commencement; a lease that is kept
    off the balance sheet brings none of them, and its class is the exemption.

    Source: ASC 842-20-25-1, 842-20-30-1, 842-20-30-5, 842-20-50-3(b); IFRS 16.22 to 16.24,
    16.59(b)(iv).

    Yields:
        Id of the lease, and its figures by line.
    """
    for name, figures in not_yet_commenced(scope, day):
        lease = scope.setting.deal.contracts[name]
        if not isinstance(lease, Lease):
            raise TypeError(f"{name} is no lease")
        setting = scope.known_on(name, day).setting
        epochs = epochs_of_lessee(lease, setting.in_currency_of(lease))
        rate = _rate_on(scope, lease, day)
        kind = setting.exemption(name) or "lease"
        if epochs and epochs[0].method != "ifrs":
            kind = epochs[0].method
        liability, right = (epochs[0].liability, epochs[0].rou) if epochs else (0, 0)
        yield (
            name,
            {
                "commences": figures["commences"],
                "class": kind,
                "lease-liability": round_half_even(rate * liability),
                "right-of-use-asset": round_half_even(rate * right),
                "paid-on-the-day": round_half_even(rate * _paid_at_once(epochs)),
            },
        )


def _paid_at_once(epochs: Sequence[LesseeEpoch]) -> int:
    """The rent in the liability that is due on the day of commencement itself, minor units."""
    if not epochs or not epochs[0].segment.in_advance:
        return 0
    return epochs[0].segment.payments[0]


def _rate_on(scope: Scope, lease: Lease, day: date) -> Fraction:
    """
    What a minor unit of a lease's currency is worth in the deal's at the close of a day.

    Raises:
        MissingExchangeRates: If the day has no rate.
    """
    table = scope.setting.rates_of(lease)
    if table is None:
        return Fraction(1)
    closing = table.closing(day)
    if closing is None:
        raise MissingExchangeRates([(lease.id, table.currency.code, (day,))])
    return closing * table.minor


def _as_signed(scope: Scope, lease: Lease, day: date) -> LeaseSegment:
    return lessee_terms(lease, scope.known_on(lease.id, day).setting)[0]


def _known(scope: Scope, figure: Figure[Any] | None) -> int | None:
    return scope.setting.minor(figure) if figure is not None and figure.known else None


def residual_guarantees(scope: Scope, day: date) -> Iterator[tuple[str, str, dict[str, Value]]]:
    """
    The members' residual value guarantees that run on a day: most that can be owed, undiscounted.

    A guarantee runs from the commitment to the lease until the time that it covers is over.

    Source: ASC 842-20-50-3(a)(3); IFRS 16.59(b)(iii).

    Yields:
        Id, beneficiary, and figures by line; None where a figure is not public.
    """
    for promise in scope.setting.deal.of_kind(ResidualValueGuarantee):
        if promise.guarantor not in scope.members or promise.beneficiary in scope.members:
            continue
        until = _covered_until(scope, promise)
        if until is not None and until <= day:
            continue
        maximum = _known(scope, promise.cap)
        yield (
            promise.id,
            promise.beneficiary,
            {
                "expires": until,
                "maximum-undiscounted": maximum,
                "probable-payment": _known(scope, promise.probable_payment),
            },
        )


def _covered_until(scope: Scope, promise: ResidualValueGuarantee) -> date | None:
    leases = [scope.setting.deal.contracts[name] for name in promise.covers_leases]
    begins = [lease.commencement_date.get() for lease in leases if isinstance(lease, Lease)]
    if not begins or not promise.covers.known:
        return None
    return add_months(min(begins), promise.covers.get().months) - timedelta(days=1)


def other_guarantees(scope: Scope, day: date) -> Iterator[tuple[str, str, dict[str, Value]]]:
    """
    The members' other guarantees that run on a day, credit derivatives among them.

    Source: ASC 460-10-50-4, 815-10-50-4K; IFRS 7.35M, 7.B10(c).

    Yields:
        Id, the party whose debt is guaranteed, and figures by line; None where not public.
    """
    for promise in _running(scope, day):
        yield (
            promise.id,
            promise.debtor,
            {
                "expires": guarantee_ends(promise) if promise.term.known else None,
                "maximum-undiscounted": _maximum_on(scope, promise, day),
                "carrying-amount": sum(
                    schedule.balance(balance, day)
                    for schedule in scope.schedules
                    if (schedule.contract, schedule.entity) == (promise.id, promise.guarantor)
                    for balance in ("liability", "contingent_liability")
                    if balance in schedule.balances
                ),
            },
        )


def _running(scope: Scope, day: date) -> Iterator[Guarantee]:
    """The members' guarantees for outsiders that are issued and not over by the close of a day."""
    for promise in scope.setting.deal.of_kind(Guarantee):
        outside = {promise.debtor, promise.beneficiary}.isdisjoint(scope.members)
        inside = promise.guarantor in scope.members and outside
        over = promise.term.known and last_covered_day(promise, scope.setting) <= day
        if inside and promise.issued.get() <= day and not over:
            yield promise


def _maximum_on(scope: Scope, promise: Guarantee, day: date) -> int | None:
    known = promise.term.known and (promise.principal is None or promise.principal.known)
    return maximum_payments(promise, scope.setting, day) if known else None


#: Line of the table of what becomes of a maximum, and the years that it lies ahead.
_AHEAD = {"today": 0, **{f"in-{years}-years": years for years in (1, 2, 3, 4, 5, 10)}}


def guarantees_decline(scope: Scope, day: date) -> Iterator[tuple[str, dict[str, Value]]]:
    """
    How the maximum of each guarantee whose maximum falls will stand at the ends of later years.

    Source: ASC 460-10-50-4(b), 815-10-50-4K(b); IFRS 7.B10(c).

    Yields:
        Id, and minor units by line.
    """
    for promise in _running(scope, day):
        if promise.decline != "none":
            yield (
                promise.id,
                {
                    line: _maximum_on(scope, promise, later(day, 12 * years))
                    for line, years in _AHEAD.items()
                },
            )


def _carried(scope: Scope, account: str, entity: str, day: date) -> int:
    moved: Mapping[date, int] = scope.interests.get((account, entity), {})
    return sum(amount for when, amount in moved.items() if when <= day)


def _uncalled(scope: Scope, entity: str, day: date) -> int:
    return sum(
        amount
        for call in scope.setting.deal.of_kind(Contribution)
        if call.recipient == entity and call.contributor in scope.members and call.asset is None
        for when, amount in paid_in(call, scope.setting)
        if when > day
    )


def _interested_in(scope: Scope, day: date) -> set[str]:
    """
    The entities outside the group whose equity or debt a member holds, or that it guarantees.

    Shares for which a warrant was exercised are held as well, and so is the warrant.
    """
    deal = scope.setting.deal
    found = {
        i.issuer
        for i in deal.of_kind(EquityInterest)
        if i.holder in scope.members and i.held_from.get() <= day
    }
    found |= {
        n.issuer for n in deal.of_kind(Note) if n.holder in scope.members and n.issued.get() <= day
    }
    found |= {entity for _, entity, _ in residual_guarantees(scope, day)}
    found |= {entity for _, entity, _ in other_guarantees(scope, day)}
    carried = {e for account, e in scope.interests if e and account in INTEREST_ACCOUNTS}
    found |= {e for e in carried if _interest(scope, e, day)}
    return found - scope.members


def _interest(scope: Scope, entity: str, day: date) -> int:
    return sum(_carried(scope, account, entity, day) for account in INTEREST_ACCOUNTS)


def _summed(values: Iterator[int | None] | list[int | None]) -> int | None:
    known = list(values)
    return None if None in known else sum(v for v in known if v is not None)


def exposures(scope: Scope, day: date) -> Iterator[tuple[str, dict[str, Value]]]:
    """
    The most that a group could lose from each entity it has an interest in and leaves out.

    The carrying amount of what is held, money that is promised and not yet called, guarantees at
    their undiscounted maximum, and rents of leases from the entity that have not commenced.

    Source: ASC 810-10-50-4(c), 810-10-50-4(d); IFRS 12.29(b), 12.29(c).

    Yields:
        Id of the entity, and figures by line; a sum with a part that is not public is not public.
    """
    for entity in sorted(_interested_in(scope, day)):
        leased = [
            int(_amount(figures["undiscounted"]))
            for lease, figures in not_yet_commenced(scope, day)
            if getattr(scope.setting.deal.contracts[lease], "lessor", "") == entity
        ]
        parts: dict[str, int | None] = {
            "interest": _interest(scope, entity, day),
            "loans": _carried(scope, LOAN_ACCOUNT, entity, day),
            "uncalled-capital": _uncalled(scope, entity, day),
            "residual-value-guarantees": _maximum(residual_guarantees(scope, day), entity),
            "other-guarantees": _maximum(other_guarantees(scope, day), entity),
            "leases-not-yet-commenced": sum(leased),
        }
        yield entity, {**parts, "maximum-exposure": _summed(list(parts.values()))}


def _amount(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"no amount: {value!r}")
    return value


def _maximum(promises: Iterator[tuple[str, str, dict[str, Value]]], entity: str) -> int | None:
    found = [figures["maximum-undiscounted"] for _, to, figures in promises if to == entity]
    return _summed([None if value is None else _amount(value) for value in found])
