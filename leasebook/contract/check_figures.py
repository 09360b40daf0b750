"""
Checks of figures: bounds of amounts, rates, shares and counts, and ranges.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.deal import Entity, StatedFact
from leasebook.contract.draft import Draft
from leasebook.contract.lease import Lease, Option
from leasebook.contract.model import ResidualValueGuarantee
from leasebook.contract.placed import Placed
from leasebook.contract.scalar import PARTS, PRICES, RATES, SHARES
from leasebook.contract.shape import Header
from leasebook.values.duration import Duration
from leasebook.values.money import AMOUNT_MINOR_MAX, Currency, currency_units
from leasebook.values.problem import Finding, Path

RATE_DECIMALS_MAX = 12
TIMES_MAX = 1000
_MONTH_AND_DAY = re.compile(r"(?P<month>[0-9]{2})-(?P<day>[0-9]{2})\Z")


def _decimals(placed: Placed) -> tuple[Decimal, ...]:
    """The value and the ends of the range that are decimals."""
    values = (placed.figure.value, *placed.figure.range)
    return tuple(value for value in values if isinstance(value, Decimal))


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def amounts_are_within_bounds(draft: Draft) -> Iterator[Finding]:
    """Amounts are not negative, have the decimals of the currency, and are below the limit."""
    if draft.deal is None:
        return
    placed = [
        p
        for p in draft.placed
        if p.name not in RATES | SHARES | PARTS | PRICES and p.path[0] != "exchange_rates"
    ]
    filed = [
        Placed(("filed", name, "lines", number, "amount"), "amount", line.amount)
        for name, statements in draft.filed.items()
        for number, line in enumerate(statements.lines)
    ]
    for one in (*placed, *filed):
        currency = _currency_of(draft, draft.deal, one.path)
        limit = currency_units(AMOUNT_MINOR_MAX, currency)
        for value in _decimals(one):
            if abs(value) > limit:
                cause = f"{value:,f} is more than the limit of {limit:,f} {currency.code}"
                yield Finding("LB0202", one.path, cause, "check the unit of the amount")
            elif _places(value.normalize()) > currency.decimals:
                cause = f"{value} has more decimals than {currency.code}"
                fix = f"write at most {currency.decimals} decimals"
                yield Finding("LB0203", one.path, cause, fix)
            elif value < 0 and one.path[0] != "filed":
                cause = f"{value} is below zero"
                fix = "write it without a sign, in a contract of the other direction"
                yield Finding("LB0213", one.path, cause, fix)
            else:
                continue
            break


def _currency_of(draft: Draft, header: Header, path: Path) -> Currency:
    """The currency of an amount: that of its lease or of the lease that an event is about."""
    section, key = path[0], path[1] if len(path) > 1 else ""
    if section == "events" and isinstance(key, int) and key in draft.events:
        key = draft.events[key].contract
    contract = draft.contracts.get(str(key)) if section in ("contracts", "events") else None
    own = contract.currency if isinstance(contract, Lease) else None
    return own or header.currency


def rates_are_within_bounds(draft: Draft) -> Iterator[Finding]:
    """A rate is above -99 % and at most 100 %, and has at most twelve decimals."""
    for one in draft.placed:
        for value in _decimals(one) if one.name in RATES else ():
            if not Decimal("-0.99") < value <= 10:
                cause = f"a rate of {value:%} is outside its bounds"
                yield Finding("LB0210", one.path, cause, 'check the rate: 5 % is "5%" or "0.05"')
            elif value > 1:
                cause = f"a rate of {value} is {(value * 100).normalize():f} %"
                fix = f'write "{value.normalize():f}%" if per cent is meant'
                yield Finding("LB0211", one.path, cause, fix)
            elif _places(value.normalize()) > RATE_DECIMALS_MAX:
                cause = f"the rate has more than {RATE_DECIMALS_MAX} decimals"
                yield Finding("LB0203", one.path, cause, "round it")
            else:
                continue
            break


def shares_are_fractions(draft: Draft) -> Iterator[Finding]:
    """A share is above nothing and at most the whole."""
    for one in draft.placed:
        for value in _decimals(one) if one.name in SHARES else ():
            if not 0 < value <= 1:
                cause = f"a share of {value} is not between nothing and the whole"
                fix = f'write "{value.normalize():f}%" if per cent is meant'
                yield Finding("LB0212", one.path, cause, fix)
                break


def parts_are_fractions(draft: Draft) -> Iterator[Finding]:
    """A part is nothing, the whole, or between; a mark-up on cost may be several times the cost."""
    for one in draft.placed:
        most = 10 if one.name == "markup_on_cost" else 1
        for value in _decimals(one) if one.name in PARTS else ():
            if not 0 <= value <= most:
                cause = (
                    f"a {one.name.replace('_', ' ')} of {value} is not between nothing and {most}"
                )
                fix = f'write "{value.normalize():f}%" if per cent is meant'
                yield Finding("LB0212", one.path, cause, fix)
                break


def values_lie_in_their_range(draft: Draft) -> Iterator[Finding]:
    """A range goes from low to high, and the value lies within."""
    stated = [
        Placed((section, key, "range"), "value", part.value)
        for section, key, part in draft.parts()
        if isinstance(part, StatedFact)
    ]
    placed = [attrs.evolve(one, path=_range_path(one.path)) for one in draft.placed]
    for one in (*placed, *stated):
        if one.figure.range and not _fits(one.figure.value, *one.figure.range):
            low, high = one.figure.range
            cause = f"{_said(one.figure.value)} is not in the range {_said(low)} to {_said(high)}"
            if one.figure.value is None or type(low) is not type(high):
                cause = f"{_said(low)} to {_said(high)} is no range"
            yield Finding("LB0107", one.path, cause, "write range = [low, high] around the value")


def _range_path(path: Path) -> Path:
    return (*path[:-1], "range") if path[-1] == "value" else (*path, "range")


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fits(value: Any, low: Any, high: Any) -> bool:
    """Whether low and high are ends of a range that holds the value, if there is one."""
    kinds = {type(end) for end in (low, high)} | ({type(value)} if value is not None else set())
    if kinds <= {int, Decimal} or kinds == {date}:
        return bool(low <= (low if value is None else value) <= high)
    if kinds == {Duration}:
        return bool(low.months <= (low if value is None else value).months <= high.months)
    return len(kinds) == 1 and (value is None or value in {low, high})


def needed_amounts_are_not_zero(draft: Draft) -> Iterator[Finding]:
    """A principal, a total that is spread, and a payment are more than nothing."""
    needed = {"amount", "principal", "total", "invested", "cap"}
    for one in draft.placed:
        # a rent may change to nothing, which is an event and no contract
        if one.name in needed and one.path[0] == "contracts" and one.figure.value == 0:
            cause = f"{one.name} is zero"
            yield Finding("LB0415", one.path, cause, "write the amount, or unknown")


def counts_are_within_bounds(draft: Draft) -> Iterator[Finding]:
    """Options are exercised a possible number of times, and divisors divide."""
    for key, contract in draft.contracts.items():
        if isinstance(contract, Lease):
            for number, option in enumerate(contract.options):
                yield from _times(("contracts", key, "options", number), option)
        elif isinstance(contract, ResidualValueGuarantee):
            for number, reading in enumerate(contract.readings):
                if reading.divisor <= 0:
                    path = ("contracts", key, "readings", number, "divisor")
                    cause = f"a divisor of {reading.divisor}"
                    yield Finding("LB0215", path, cause, "write a number above zero")


def _times(path: Path, option: Option) -> Iterator[Finding]:
    if not 1 <= option.times <= TIMES_MAX:
        cause = f"an option that can be exercised {option.times} times"
        yield Finding("LB0215", (*path, "times"), cause, f"write 1 to {TIMES_MAX}")
    wanted = {"renewal": "term", "termination": "after", "purchase": "price"}[option.kind]
    # the time of a termination may also be written as its term
    if getattr(option, wanted) is None and (wanted != "after" or option.term is None):
        cause = f"a {option.kind} option without its {wanted}"
        fix = f'add {wanted} = ... or {wanted} = {{ unknown = "not public" }}'
        yield Finding("LB0103", path, cause, fix, "header")


def fiscal_years_end_on_a_day(draft: Draft) -> Iterator[Finding]:
    """The end of a fiscal year is a month and a day of it."""
    for key, entity in draft.entities.items():
        if not _is_day(entity):
            cause = f"{entity.fiscal_year_end!r} is no day of the year"
            path = ("entities", key, "fiscal_year_end")
            yield Finding("LB0214", path, cause, 'write month and day, such as "12-31"')


def _is_day(entity: Entity) -> bool:
    match = _MONTH_AND_DAY.match(entity.fiscal_year_end)
    if match is None or not 1 <= int(match["month"]) <= 12:
        return False
    # 2000 is a leap year, so the last of February may be written either way.
    return 1 <= int(match["day"]) <= calendar.monthrange(2000, int(match["month"]))[1]
