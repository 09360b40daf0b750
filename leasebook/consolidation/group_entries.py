"""
Entries that no member's book can hold, because only the group as one entity gives rise to them.

Each is the measurement of the group as the entity less what its members have booked themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from leasebook.contract.lease import Lease
from leasebook.measure.asset import derecognised_from, expenditures, in_service, used_layers
from leasebook.measure.asset_use import interest_layers, measure_asset
from leasebook.measure.foreign_lease import in_the_books_currency
from leasebook.measure.leased_asset import given_up
from leasebook.measure.lessor_schedules import lessor_side
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting


def group_schedules(
    members: frozenset[str],
    *,
    setting: Setting,
    accrued: Mapping[str, Schedule],
    until: date,
) -> tuple[Schedule, ...]:
    """
    What the group capitalises and depreciates beyond what its members did, as schedules to post.

    Each schedule's entity is the member whose holders bear the difference: the borrower for
    interest, the seller for a profit that the group has not made.
    """
    made: list[Schedule] = []
    for asset in setting.deal.assets:
        whole = measure_asset(asset, members, setting=setting, accrued=accrued, until=until)
        if whole.use is None:
            continue
        alone = [
            measure_asset(asset, frozenset({member}), setting=setting, accrued=accrued, until=until)
            for member in sorted(members)
        ]
        interest = _less(whole.capitalised, [s for a in alone for s in a.capitalised])
        use = _less([whole.use], [a.use for a in alone if a.use is not None])
        made += interest
        made += _attributed(asset, members, interest, use, setting=setting, until=until)
    made += _leased_out(members, setting, accrued)
    return tuple(_less(made, []))


def _leased_out(
    members: frozenset[str], setting: Setting, accrued: Mapping[str, Schedule]
) -> Iterator[Schedule]:
    """
    A lease that takes an asset off the group's books, at what the asset has cost the group.

    The profit that a member made on it within the group is realised by the lease to an outsider.
    """
    for lease in setting.deal.of_kind(Lease):
        if lease.lessor in members and lease.lessee not in members:
            if setting.failed_sale(lease.asset) is not None:
                continue
            whole = _as_lessor(lease, setting, members, accrued)
            alone = _as_lessor(lease, setting, frozenset({lease.lessor}), accrued)
            seller = setting.deal.assets[lease.asset].owner
            yield from (_of(s, seller, s.contract) for s in _less(whole, alone))


def _as_lessor(
    lease: Lease, setting: Setting, members: frozenset[str], accrued: Mapping[str, Schedule]
) -> tuple[Schedule, ...]:
    """A lease as some members would measure it as its lessor, in the currency of the books."""
    made = lessor_side(lease, setting.in_currency_of(lease), members, accrued)
    leaves = given_up(lease, setting, members, accrued)
    return in_the_books_currency(made, lease, setting, leaves)


def _attributed(
    asset: str,
    members: frozenset[str],
    interest: list[Schedule],
    use: list[Schedule],
    *,
    setting: Setting,
    until: date,
) -> Iterator[Schedule]:
    """
    The difference in use by who bears it: a profit not made by the seller, interest by borrowers.

    The last borrower takes what rounding leaves, so that the parts sum to the difference.
    """
    seller = setting.deal.assets[asset].owner

    def used(by: frozenset[str]) -> Schedule:
        spent = used_layers(asset, by, expenditures(asset, by, setting), setting)
        ends = derecognised_from(asset, by, setting)
        return in_service(asset, seller, spent, setting=setting, until=until, derecognised=ends)

    profit = _less([used(members)], [used(frozenset({m})) for m in sorted(members)])
    yield from profit
    left = _less([_of(s, seller, asset) for s in use], profit)
    for s in interest[:-1]:
        part = in_service(
            asset, s.entity, [*interest_layers([s])], setting=setting, until=until, residual_minor=0
        )
        yield _of(part, s.entity, s.contract)
        left = _less(left, [_of(part, seller, asset)])
    borrower = interest[-1] if interest else None
    for s in left:
        yield _of(s, borrower.entity, borrower.contract) if borrower else s


def _of(schedule: Schedule, entity: str, contract: str) -> Schedule:
    return attrs.evolve(schedule, entity=entity, contract=contract)


def _less(whole: Iterable[Schedule], parts: Iterable[Schedule]) -> list[Schedule]:
    """Schedules of one name, contract and entity, less others, without the rows that vanish."""
    sums: dict[tuple[str, str, str], dict[date, dict[str, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    flows: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for sign, schedules in ((1, whole), (-1, parts)):
        for s in schedules:
            key = (s.name, s.contract, s.entity)
            flows[key] = tuple(c for c in s.columns if c not in s.balances)
            for row in s.rows:
                for column in flows[key]:
                    amount = row.amounts[s.columns.index(column)]
                    sums[key][row.date][column] += sign * amount
    made = []
    for key, by_day in sorted(sums.items()):
        rows = [
            Movement(day, 1, at, dict(moved))
            for at, (day, moved) in enumerate(sorted(by_day.items()), 1)
            if any(moved.values())
        ]
        if rows:
            made.append(assemble(key[0], (key[1], key[2], ""), {}, flows[key], rows))
    return made
