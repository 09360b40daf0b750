"""
Checks of currencies: rates that can be used, and leases that can be measured in their own.
"""

from collections.abc import Iterator
from decimal import Decimal

from leasebook.contract.credit import Exposure
from leasebook.contract.draft import Draft
from leasebook.contract.exchange_rate import ExchangeRate, RateTable
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import Contribution, ResidualValueGuarantee, Sale
from leasebook.values.money import Currency
from leasebook.values.problem import Finding, Path

#: Decimals of an exchange rate, and the most that a unit of a currency is worth.
DECIMALS_MAX = 12
RATE_MAX = Decimal(1_000_000)


def _foreign(draft: Draft) -> Iterator[tuple[Path, Lease, Currency]]:
    """The leases that are in another currency than the deal."""
    own = draft.deal.currency if draft.deal is not None else None
    for key, contract in draft.contracts.items():
        currency = contract.currency if isinstance(contract, Lease) else None
        if isinstance(contract, Lease) and currency is not None and own not in (None, currency):
            yield ("contracts", key), contract, currency


def exchange_rates_can_be_used(draft: Draft) -> Iterator[Finding]:
    """A rate is of another currency, on a day of its own, above nothing, and known."""
    seen: dict[tuple[str, object], int] = {}
    for number, rate in draft.exchange_rates.items():
        path: Path = ("exchange_rates", number)
        if draft.deal is not None and rate.currency == draft.deal.currency:
            cause = f"{rate.currency.code} is the currency of the deal"
            fix = "write the rates of the other currencies, in units of the deal's"
            yield Finding("LB0440", (*path, "currency"), cause, fix)
        for name, figure in (("closing", rate.closing), ("average", rate.average)):
            yield from _number((*path, name), figure)
        day = rate.date.value
        if day is None:
            yield Finding("LB0440", (*path, "date"), "the day is not known", "write the day")
            continue
        if rate.until is not None and (rate.until.value is None or rate.until.value < day):
            cause = f"the rate of {day} stands until a day that is not known or is before it"
            yield Finding("LB0440", (*path, "until"), cause, "write a later day, or leave it out")
        first = seen.setdefault((rate.currency.code, day), number)
        if first != number:
            cause = f"{rate.currency.code} has two rates on {day}"
            other = ("exchange_rates", first, "date")
            yield Finding("LB0440", (*path, "date"), cause, "keep one", other=other)
    yield from _averages_of_nothing(draft)


def _number(path: Path, figure: Figure[Decimal] | None) -> Iterator[Finding]:
    if figure is None:
        return
    value = figure.value
    if value is None or not 0 < value <= RATE_MAX:
        cause = "the rate is not known" if value is None else f"a rate of {value}"
        fix = f"write units of the deal's currency for one of it, at most {RATE_MAX:,f}"
        yield Finding("LB0440", path, cause, fix)
    elif value != round(value, DECIMALS_MAX):
        cause = f"the rate has more than {DECIMALS_MAX} decimals"
        yield Finding("LB0440", path, cause, "round it")


def _averages_of_nothing(draft: Draft) -> Iterator[Finding]:
    """An average is of the days since the rate before, so that the first has none."""
    first: dict[str, tuple[int, ExchangeRate]] = {}
    for number, rate in draft.exchange_rates.items():
        if rate.date.value is not None:
            known = first.setdefault(rate.currency.code, (number, rate))
            if rate.date.get() < known[1].date.get():
                first[rate.currency.code] = (number, rate)
    for number, rate in first.values():
        if rate.average is not None:
            cause = f"no rate of {rate.currency.code} comes before the one of {rate.date.value}"
            fix = "leave the average out, or add the rate from which its time runs"
            yield Finding("LB0440", ("exchange_rates", number, "average"), cause, fix)


def commencements_have_a_rate(draft: Draft) -> Iterator[Finding]:
    """A lease in another currency has an exchange rate on the day it commences."""
    rates = [
        rate
        for rate in draft.exchange_rates.values()
        if rate.date.known and rate.closing.known and (rate.until is None or rate.until.known)
    ]
    for path, lease, currency in _foreign(draft):
        day = lease.commencement_date.value
        if draft.deal is None or day is None:
            continue
        if RateTable.of(rates, currency, draft.deal.currency).closing(day) is None:
            cause = f"the deal has no exchange rate of {currency.code} for {day}"
            fix = "add it to [[exchange_rates]], or say with until how long an earlier one stands"
            yield Finding("LB0441", (*path, "currency"), cause, fix)


def foreign_leases_stand_alone(draft: Draft) -> Iterator[Finding]:
    """A lease that is measured with other contracts is in the currency of the deal, as they are."""
    for path, lease, currency in _foreign(draft):
        for what, place in _together(draft, lease, path):
            cause = f"{lease.id} is in {currency.code}, and {what}"
            fix = "leave one of the two out; the two together are not measured"
            yield Finding("LB0442", place, cause, fix, other=(*path, "currency"))


def _together(draft: Draft, lease: Lease, path: Path) -> Iterator[tuple[str, Path]]:
    if lease.head_lease is not None:
        yield "is a sublease", (*path, "head_lease")
    if lease.handed_over is not None:
        yield "its balances are handed over", (*path, "handed_over")
    for key, contract in draft.contracts.items():
        place: Path = ("contracts", key)
        if isinstance(contract, Lease) and contract.head_lease == lease.id:
            yield "is a head lease", (*place, "head_lease")
        elif isinstance(contract, ResidualValueGuarantee) and lease.id in contract.covers_leases:
            yield f"{key} guarantees a residual value of it", (*place, "covers_leases")
        elif isinstance(contract, Exposure) and contract.covers == lease.id:
            yield f"{key} estimates credit losses of it", (*place, "covers")
        elif isinstance(contract, Sale | Contribution) and contract.asset == lease.asset:
            giver = contract.seller if isinstance(contract, Sale) else contract.contributor
            if giver == lease.lessee:
                yield f"its lessee hands the asset over by {key}", (*place, "asset")
