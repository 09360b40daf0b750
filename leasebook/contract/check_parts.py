"""
Checks of parts: components that share the rent, and contracts that are taken together.
"""

from collections.abc import Iterator

from leasebook.contract.check_names import refer
from leasebook.contract.deal import AS_LESSOR, GROUPINGS, StatedTable
from leasebook.contract.draft import Draft
from leasebook.contract.lease import Component, Lease
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding, Path


def groups_list_contracts(draft: Draft) -> Iterator[Finding]:
    """A table of linked contracts, or of a portfolio, names contracts; its group is new and one."""
    contracts = draft.declared["contracts"]
    taken = frozenset().union(*(draft.declared[s] for s in ("entities", "assets", "contracts")))
    seen: dict[str, Path] = {}
    for number, table in draft.tables_stated.items():
        if table.table not in GROUPINGS:
            continue
        path: Path = ("tables", number, "about")
        first = seen.setdefault(table.about, path)
        if table.about in taken or "/" in table.about:
            cause, fix = f"{table.about} is the name of something else", "name the group anew"
            yield Finding("LB0301", path, cause, fix)
        elif first != path:
            cause = f"{table.about} is a group of two sorts"
            yield Finding("LB0413", path, cause, "name one of them anew", other=first)
        yield from _rows_name_contracts(number, table, contracts)


def _rows_name_contracts(
    number: int, table: StatedTable, contracts: frozenset[str]
) -> Iterator[Finding]:
    for at, row in enumerate(table.rows):
        named = row.get("contract")
        if named is not None and named.known and named.value not in contracts:
            cause = f"no contract is called {named.value}"
            place: Path = ("tables", number, "rows", at, "contract")
            yield Finding("LB0301", place, cause, nearest(str(named.value), contracts))


def components_can_share_the_rent(draft: Draft) -> Iterator[Finding]:
    """Components have names of their own, one of them is a lease, and the leases have a price."""
    for key, lease in draft.contracts.items():
        if not isinstance(lease, Lease) or not lease.components:
            continue
        path: Path = ("contracts", key, "components")
        seen: dict[str, Path] = {}
        for at, part in enumerate(lease.components):
            place: Path = (*path, at, "name")
            first = seen.setdefault(part.name, place)
            if first != place:
                cause = f"two components are called {part.name}"
                yield Finding("LB0431", place, cause, "name one of them anew", other=first)
            elif part.name == AS_LESSOR or "/" in part.name:
                cause = f"{part.name} is no name for a component"
                yield Finding("LB0431", place, cause, "name it after what it gives")
            yield from _belongs(lease, part, (*path, at, "belongs_to"))
            if part.asset is not None:
                yield from refer(draft, (*path, at, "asset"), part.asset, "assets", None)
        prices = [part.standalone_price.value for part in lease.components if part.kind == "lease"]
        if not prices:
            cause = "none of the components is a lease"
            yield Finding("LB0431", path, cause, "add the right of use, with its price", "key")
        elif None not in prices and not any(prices):
            cause = "the right of use has no price, so no rent would be its own"
            yield Finding("LB0431", path, cause, "add the price it would have alone", "key")


def _belongs(lease: Lease, part: Component, place: Path) -> Iterator[Finding]:
    """What a component belongs to is a right of use that belongs to none itself."""
    rights = [
        each.name
        for each in lease.components
        if each.kind == "lease" and each.belongs_to is None and each.name != part.name
    ]
    if part.belongs_to is not None and part.belongs_to not in rights:
        cause = f"{part.name} belongs to {part.belongs_to}, which is no right of use by itself"
        yield Finding("LB0431", place, cause, nearest(part.belongs_to, rights))
