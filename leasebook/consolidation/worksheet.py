"""
The consolidation worksheet: parent, vehicles, eliminations and group entries, total.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from leasebook.book.post import post
from leasebook.book.posting import Book, Posting, in_order
from leasebook.consolidation.brought_in import brought_in, entries_into
from leasebook.consolidation.eliminate import eliminate
from leasebook.consolidation.first_consolidation import first_consolidation_schedules
from leasebook.consolidation.group_entries import group_schedules
from leasebook.consolidation.noncontrolling import noncontrolling_schedules
from leasebook.consolidation.unrealised_profit import unrealised_profit_schedules
from leasebook.contract.accounts import StatedAccounts
from leasebook.contract.group import Supply
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting

#: The worksheet's columns; for every statement line the first three sum to the fourth.
COLUMNS = ("as-filed", "vehicles", "eliminations", "as-consolidated")


@attrs.frozen
class Worksheet:
    """
    A group's postings by column.

    `changes` are the entries by which the parent's own book on this basis differs from the one
    as filed; they stand in the column of eliminations with `eliminations` and `group`.
    """

    parent: tuple[Posting, ...]
    vehicles: tuple[Posting, ...]
    changes: tuple[Posting, ...]
    eliminations: tuple[Posting, ...]
    group: tuple[Posting, ...]
    group_schedules: tuple[Schedule, ...]
    members: frozenset[str]

    def column(self, name: str) -> tuple[Posting, ...]:
        """
        The postings of one column.

        Raises:
            LookupError: If there is no such column.
        """
        columns = {
            "as-filed": self.parent,
            "vehicles": self.vehicles,
            "eliminations": (*self.changes, *self.eliminations, *self.group),
        }
        if name == COLUMNS[-1]:
            return tuple(p for postings in columns.values() for p in postings)
        return columns[name]


def consolidate(
    filed: Book,
    books: Mapping[str, Book],
    members: frozenset[str],
    *,
    setting: Setting,
    accrued: Mapping[str, Schedule],
    cash_accounts: Mapping[str, str],
    until: date,
) -> Worksheet:
    """
    The worksheet that leads from the parent's book as filed to the group on a basis.

    Source: ASC 810-10-45-1; IFRS 10.B86.

    Args:
        filed: The parent's book as filed.
        books: Every entity's book on the basis.
        members: The parent and the entities that the basis consolidates.
        setting: Of the basis.
        accrued: The schedules of notes and securities, by contract.
        cash_accounts: The cash account of entities whose money is restricted.
        until: Last day wanted.

    Raises:
        CashMismatchError: If the cash of a contract within the group does not cancel.
    """
    parent, framework = filed.entity, setting.framework
    entered = entries_into(members, setting)
    since = {entity: contract.date.get() for entity, contract in entered.items()}
    joined = brought_in(books, entered, members, setting)
    # What a group measures as one it does so for those that belong to it from the first day.
    always = members - entered.keys()
    group = (
        *group_schedules(always, setting=setting, accrued=accrued, until=until),
        *first_consolidation_schedules(entered, books, members, setting=setting, until=until),
        *unrealised_profit_schedules(members, since, setting),
    )
    measured = [
        p for p in post(group, framework=framework, cash_accounts=cash_accounts) if p.date <= until
    ]
    eliminated = eliminate(joined, members)
    # The profit that goes out with a sale within the group, or with a gain on a member's equity, is
    # that of who booked it.
    one_sided = (Supply, StatedAccounts)
    contracts = setting.deal.contracts
    undone = [p for p in eliminated if isinstance(contracts.get(p.contract), one_sided)]
    holders = noncontrolling_schedules(
        joined, [*measured, *undone], members, parent=parent, setting=setting
    )
    attributed = list(post(holders, framework=framework))
    return Worksheet(
        parent=filed.postings,
        vehicles=tuple(p for e in sorted(members - {parent}) for p in joined[e].postings),
        changes=changes_between(filed, books[parent]),
        eliminations=in_order(eliminated),
        group=in_order((*measured, *attributed)),
        group_schedules=(*group, *holders),
        members=members,
    )


def changes_between(filed: Book, other: Book) -> tuple[Posting, ...]:
    """The entries that lead from one book of an entity to another of the same entity."""
    before = {(p.key, p.debit, p.credit, p.amount_minor): p for p in filed.postings}
    after = {(p.key, p.debit, p.credit, p.amount_minor): p for p in other.postings}
    undone = [
        p.reversed(template="change", cites=p.cites, text=f"not on this basis: {p.text}")
        for key, p in before.items()
        if key not in after
    ]
    done = [p for key, p in after.items() if key not in before]
    return in_order((*undone, *done))
