"""
Checks of warrants: what they are given for, and what their tranches are together.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from leasebook.contract.draft import Draft
from leasebook.contract.figure import Figure
from leasebook.contract.warrant import Warrant
from leasebook.values.problem import Finding, Path


def _warrants(draft: Draft) -> Iterator[tuple[str, Warrant]]:
    for key, contract in draft.contracts.items():
        if isinstance(contract, Warrant):
            yield key, contract


def warrants_are_given_for_another(draft: Draft) -> Iterator[Finding]:
    """A warrant is given for what is done under a contract that is no warrant."""
    for key, one in _warrants(draft):
        if isinstance(draft.contracts.get(one.in_exchange_for), Warrant):
            path: Path = ("contracts", key, "in_exchange_for")
            cause = f"{one.in_exchange_for} is a warrant itself"
            yield Finding("LB0305", path, cause, "name the contract under which it is earned")


def tranches_are_the_warrant(draft: Draft) -> Iterator[Finding]:
    """The tranches of a warrant have its shares, all of them and no more."""
    for key, one in _warrants(draft):
        path: Path = ("contracts", key)
        if not one.tranches:
            cause = "the warrant has no tranche"
            fix = f"add [[contracts.{key}.tranches]] with shares and fair_value"
            yield Finding("LB0103", path, cause, fix, "header")
            continue
        parts = [tranche.shares.value for tranche in one.tranches]
        known = [part for part in parts if part is not None]
        total = sum(known, Decimal(0))
        whole = one.shares.value
        if whole is not None and len(known) == len(parts) and total != whole:
            cause = f"the tranches have {total:,f} shares, the warrant {whole:,f}"
            place, other = (*path, "tranches", len(parts) - 1, "shares"), (*path, "shares")
            yield Finding("LB0430", place, cause, "correct one of the two", other=other)


def warrants_are_dated_in_order(draft: Draft) -> Iterator[Finding]:
    """Tranches vest one after the other, between the grant and the expiry, as all else falls."""
    for key, one in _warrants(draft):
        path: Path = ("contracts", key)
        ends = ((*path, "granted"), one.granted), ((*path, "expiry"), one.expiry)
        yield from _in_order(*ends)
        before = ends[0]
        for number, tranche in enumerate(one.tranches):
            if tranche.vests is not None:
                place: Path = (*path, "tranches", number, "vests")
                yield from _in_order(before, (place, tranche.vests))
                before = (place, tranche.vests)
        yield from _in_order(before, ends[1]) if before[0] != ends[0][0] else ()
        before = ends[0]
        for number, value in enumerate(one.fair_values):
            place = (*path, "fair_values", number, "date")
            yield from _in_order(before, (place, value.date))
            before = (place, value.date)
        if one.exercised is not None:
            yield from _in_order(ends[0], ((*path, "exercised"), one.exercised))
            yield from _in_order(((*path, "exercised"), one.exercised), ends[1])


def _in_order(
    early: tuple[Path, Figure[date]], late: tuple[Path, Figure[date]]
) -> Iterator[Finding]:
    first, last = early[1].value, late[1].value
    if first is not None and last is not None and last < first:
        cause = f"{late[0][-1]} {last} is before {early[0][-1]} {first}"
        yield Finding("LB0404", late[0], cause, "correct one of the two", other=early[0])
