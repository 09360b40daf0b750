"""
Checks of terms: what one contract, or the contracts of one entity, cannot say together.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.deal import Basis
from leasebook.contract.draft import Draft
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Construction,
    Contribution,
    Distribution,
    Draws,
    EquityInterest,
    Securities,
    Services,
    parties,
)
from leasebook.contract.note import Note
from leasebook.contract.scalar import LAST_YEAR, MONTHS_MAX
from leasebook.contract.shape import file_keys
from leasebook.values.duration import Duration
from leasebook.values.problem import Finding, Path

_RENTS = ("amount", "total", "amounts", "level_for", "dated")


def _of(draft: Draft, cls: type[Any]) -> Iterator[tuple[str, Any]]:
    for key, contract in draft.contracts.items():
        if isinstance(contract, cls):
            yield key, contract


def _months(figure: Figure[Duration] | None) -> int | None:
    return None if figure is None or figure.value is None else figure.value.months


def parties_differ(draft: Draft) -> Iterator[Finding]:
    """The two sides of a contract are two."""
    for key, contract in draft.contracts.items():
        first, second = parties(contract)
        if first == second:
            keys = file_keys(type(contract))
            sides = [keys[f.name] for f in attrs.fields(type(contract)) if f.metadata.get("party")]
            cause = f"{first} is on both sides of the contract"
            path, other = ("contracts", key, sides[1]), ("contracts", key, sides[0])
            yield Finding("LB0302", path, cause, "name the other party", other=other)


def rent_is_one_amount(draft: Draft) -> Iterator[Finding]:
    """Rent is an amount or a list of them, a total over a time, or what a worth asks for."""
    for key, lease in _of(draft, Lease):
        path: Path = ("contracts", key, "rent")
        rent = lease.rent
        said = [name for name in _RENTS if getattr(rent, name) not in (None, ())]
        if len(said) > 1:
            cause = f"the rent has both an {said[0]} and a {said[1].replace('_', ' ')}"
            place = (*path, said[1])
            yield Finding("LB0401", place, cause, "keep one", "key", other=(*path, said[0]))
        elif not said:
            cause, fix = "the rent has no amount", "add amount = ..., or total and over"
            yield Finding("LB0401", path, cause, fix, "header")
        elif rent.total is not None and rent.over is None:
            cause, fix = "a total of rent needs a time", 'add over = "4 years"'
            yield Finding("LB0402", (*path, "total"), cause, fix, "key")
        elif rent.total is None and rent.over is not None:
            cause, fix = "the amount of each period is not spread", "remove over, or write total"
            yield Finding("LB0402", (*path, "over"), cause, fix, "key")


def rents_that_step_have_an_amount(draft: Draft) -> Iterator[Finding]:
    """Free periods and steps belong to a rent that is one amount."""
    for key, lease in _of(draft, Lease):
        rent = lease.rent
        for name in ("free", "escalation", "escalates_every"):
            if getattr(rent, name) is not None and rent.amount is None:
                cause = f"{name} changes an amount, and the rent is written in another way"
                path: Path = ("contracts", key, "rent", name)
                yield Finding("LB0401", path, cause, "write amount, or list amounts", "key")


def listed_rents_fill_the_term(draft: Draft) -> Iterator[Finding]:
    """A list of rents has one for each period of the stated term."""
    for key, lease in _of(draft, Lease):
        months = _months(lease.noncancellable)
        listed = len(lease.rent.amounts)
        if not listed or months is None or months % lease.rent.step_months:
            continue
        periods = months // lease.rent.step_months
        if listed != periods:
            cause = f"{listed} rents are listed for {periods} periods"
            path: Path = ("contracts", key, "rent", "amounts")
            yield Finding("LB0411", path, cause, "list one for each period", "key")


def terms_are_whole_periods(draft: Draft) -> Iterator[Finding]:
    """The term, the time of a total and the terms of options are whole rent periods."""
    for key, lease in _of(draft, Lease):
        path: Path = ("contracts", key)
        every = lease.rent.every
        if every is None:
            continue  # what has to fall on which day is told beside the days
        times = [
            ((*path, "noncancellable"), lease.noncancellable),
            ((*path, "rent", "over"), lease.rent.over),
            *(((*path, "options", n, "term"), o.term) for n, o in enumerate(lease.options)),
            *(((*path, "options", n, "after"), o.after) for n, o in enumerate(lease.options)),
        ]
        for place, figure in times:
            months = _months(figure)
            if months is not None and months % every.months:
                cause = f"{figure.value} are no whole number of rent periods ({every})"
                fix = "choose a time that the period divides, or another period"
                yield Finding("LB0411", place, cause, fix, other=(*path, "rent", "every"))


def leases_end_in_time(draft: Draft) -> Iterator[Finding]:
    """A lease with all its options is within the limits of time."""
    for key, lease in _of(draft, Lease):
        start, months = lease.commencement_date.value, _months(lease.noncancellable)
        if start is None or months is None:
            continue
        for option in lease.options:
            if option.kind == "renewal":
                months += (_months(option.term) or 0) * max(0, min(option.times, MONTHS_MAX))
        end = start.year * 12 + start.month - 1 + months
        if months > MONTHS_MAX or end > (LAST_YEAR + 1) * 12:
            cause = f"with all its options the lease lasts {months} months from {start}"
            fix = f"at most {MONTHS_MAX} months, to {LAST_YEAR}"
            yield Finding("LB0206", ("contracts", key, "noncancellable"), cause, fix)


def dates_are_in_order(draft: Draft) -> Iterator[Finding]:
    """What comes first in a contract comes first in time."""
    for key, contract in draft.contracts.items():
        path: Path = ("contracts", key)
        match contract:
            case Note():
                yield from _ordered(path, contract, "issued", "first_coupon", strictly=True)
                yield from _ordered(path, contract, "first_coupon", "maturity")
                yield from _ordered(path, contract, "interest_only_until", "maturity")
                yield from _ordered(path, contract, "issued", "interest_only_until")
            case Securities():
                yield from _ordered(path, contract, "purchased", "until", strictly=True)
            case Services():
                yield from _ordered(path, contract, "first", "last")
            case Construction():
                yield from _ordered((*path, "draws"), contract.draws, "first", "last")
            case Distribution():
                yield from _ordered(path, contract, "date", "last")
            case Contribution(calls=Draws() as calls):
                yield from _ordered((*path, "calls"), calls, "first", "last")


def _ordered(
    path: Path, part: Any, early: str, late: str, *, strictly: bool = False
) -> Iterator[Finding]:
    first, last = getattr(part, early), getattr(part, late)
    if first is None or last is None or first.value is None or last.value is None:
        return
    if last.value < first.value or (strictly and last.value == first.value):
        keys = file_keys(type(part))
        how = "before" if last.value < first.value else "the same day as"
        cause = f"{keys[late]} {last.value} is {how} {keys[early]} {first.value}"
        other = (*path, keys[early])
        yield Finding("LB0404", (*path, keys[late]), cause, "correct one of the two", other=other)


def payments_are_made_in_one_way(draft: Draft) -> Iterator[Finding]:
    """A contribution is paid or called, a distribution is paid or passes rent on."""
    for key, contract in draft.contracts.items():
        match contract:
            case Contribution():
                other, other_key = contract.calls is not None, "calls"
            case Distribution():
                other, other_key = bool(contract.passes_on), "passes_on"
            case _:
                continue
        stated = [name for name in ("amount", "date") if getattr(contract, name) is not None]
        if stated == ["amount"] and not getattr(contract, "binding", True):
            continue  # an intention has no day
        if other and stated:
            cause = f"the contract has both {stated[0]} and {other_key}"
            path, also = ("contracts", key, other_key), ("contracts", key, stated[0])
            yield Finding("LB0403", path, cause, "keep one of them", "key", other=also)
        elif not other and len(stated) < 2:
            missing = "amount" if "amount" not in stated else "date"
            cause = f"the contract has neither {other_key} nor amount and date"
            fix = f"add {missing} = ..." if stated else f"add amount and date, or {other_key}"
            yield Finding("LB0403", ("contracts", key), cause, fix, "header")
        yield from _said_how_often(key, contract)


def _said_how_often(key: str, contract: Contribution | Distribution) -> Iterator[Finding]:
    """What is paid again and again says how often and until when, and from when."""
    if isinstance(contract, Contribution):
        return
    path: Path = ("contracts", key)
    if (contract.every is None) != (contract.last is None):
        stated, missing = ("every", "until") if contract.last is None else ("until", "every")
        cause = f"the contract has {stated} and no {missing}"
        yield Finding("LB0403", (*path, stated), cause, f"add {missing} = ...", "key")
    if contract.every is not None and contract.passes_on:
        cause = "rent is passed on whenever it is paid"
        yield Finding("LB0403", (*path, "every"), cause, "remove every and until", "key")


def interests_are_between_the_parties(draft: Draft) -> Iterator[Finding]:
    """The interest of a contribution or distribution is the holder's in the entity."""
    for key, contract in draft.contracts.items():
        match contract:
            case Contribution():
                holder, issuer = contract.contributor, contract.recipient
            case Distribution():
                holder, issuer = contract.recipient, contract.distributor
            case _:
                continue
        interest = draft.contracts.get(contract.interest)
        if not isinstance(interest, EquityInterest):
            continue
        if (interest.holder, interest.issuer) != (holder, issuer):
            cause = (
                f"{contract.interest} is the interest of {interest.holder} in {interest.issuer}, "
                f"not of {holder} in {issuer}"
            )
            fitting = [
                name
                for name, one in _of(draft, EquityInterest)
                if (one.holder, one.issuer) == (holder, issuer)
            ]
            fix = f"write {fitting[0]}" if fitting else f"add the interest of {holder} in {issuer}"
            yield Finding("LB0305", ("contracts", key, "interest"), cause, fix)


def interests_add_up(draft: Draft) -> Iterator[Finding]:
    """The interests in one entity are together at most the whole."""
    held: dict[str, list[tuple[str, Decimal]]] = {}
    for key, interest in _of(draft, EquityInterest):
        if interest.share.value is not None:
            held.setdefault(interest.issuer, []).append((key, interest.share.value))
    for issuer, shares in held.items():
        total = sum((share for _, share in shares), Decimal(0))
        if total > 1 and all(0 < share <= 1 for _, share in shares):
            listed = " + ".join(f"{key} {share}" for key, share in shares[:6])
            cause = f"the interests in {issuer} add up to {total}: {listed}"
            path = ("contracts", shares[-1][0], "share")
            other = ("contracts", shares[0][0], "share")
            yield Finding("LB0409", path, cause, "correct the shares", other=other)


def perimeters_have_no_hole(draft: Draft) -> Iterator[Finding]:
    """A perimeter that holds a company holds the companies of which it has more than half."""
    for number, basis in draft.bases.items():
        perimeter = basis.perimeter
        if perimeter is None or draft.deal is None:
            continue
        inside = {name for name, how in perimeter.items() if how == "consolidate"}
        inside.add(draft.deal.reporting)
        for subsidiary, holders in _held_by(draft, inside).items():
            entity = draft.entities.get(subsidiary)
            share = sum(holders.values(), Decimal(0))
            if subsidiary in inside or share <= Decimal("0.5") or share > 1:
                continue
            if entity is not None and entity.keeps_books:
                how = perimeter.get(subsidiary, "left out")
                cause = f"{basis.id} holds {share:%} of {subsidiary}, and {subsidiary} is {how}"
                fix = f'write {subsidiary} = "consolidate", or leave out its holder'
                yield Finding("LB0410", _in_perimeter(number, basis, subsidiary), cause, fix,
                              cites=("ASC 810-10-15-10",))  # fmt: skip


def _held_by(draft: Draft, holders: set[str]) -> dict[str, dict[str, Decimal]]:
    """For each issuer, what the holders have of it together, contract by contract."""
    held: dict[str, dict[str, Decimal]] = {}
    for key, interest in _of(draft, EquityInterest):
        if interest.holder in holders and interest.share.value is not None:
            held.setdefault(interest.issuer, {})[key] = interest.share.value
    return held


def _in_perimeter(number: int, basis: Basis, name: str) -> Path:
    named = basis.perimeter is not None and name in basis.perimeter
    return ("bases", number, "perimeter", name) if named else ("bases", number, "perimeter")
