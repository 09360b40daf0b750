"""
Checks of stated accounts.
"""

from collections.abc import Iterator

from leasebook.contract.accounts import StatedAccounts
from leasebook.contract.draft import Draft
from leasebook.values.problem import Finding, Path

_PAID = ("borrowings", "investments", "income", "costs", "interest")


def _accounts(draft: Draft) -> Iterator[tuple[str, StatedAccounts]]:
    for key, contract in draft.contracts.items():
        if isinstance(contract, StatedAccounts):
            yield key, contract


def stated_periods_follow_each_other(draft: Draft) -> Iterator[Finding]:
    """Each period of stated accounts ends after the one before it."""
    for key, one in _accounts(draft):
        before = None
        for number, period in enumerate(one.periods):
            day = period.ends.value
            if day is not None and before is not None and day <= before:
                path: Path = ("contracts", key, "periods", number, "ends")
                yield Finding("LB0404", path, f"{day} is not after {before}", "order the periods")
            before = day or before


def what_two_bookkeepers_pay_is_a_contract(draft: Draft) -> Iterator[Finding]:
    """Stated accounts stand in one entity's books; money between two that keep books is in both."""
    for key, one in _accounts(draft):
        other = draft.entities.get(one.other)
        if other is None or not other.keeps_books:
            continue
        for number, period in enumerate(one.periods):
            for name in _PAID:
                if getattr(period, name) is not None:
                    path: Path = ("contracts", key, "periods", number, name)
                    cause = f"{one.other} keeps books, in which this money would be missing"
                    fix = "write a contract of the two, or name a party without books; keep gains"
                    yield Finding("LB0430", path, cause, fix, "key")
