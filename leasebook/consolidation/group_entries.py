"""
Entries that no member's book can hold, because only the group as one entity gives rise to them.

Each is the measurement of the group as the entity less what its members have booked themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from leasebook.measure.asset import in_service
from leasebook.measure.asset_use import interest_layers, measure_asset
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
            measure_asset(
                asset, frozenset({member}), setting=setting, accrued=accrued, until=until
            )
            for member in sorted(members)
        ]
        interest = _less(whole.capitalised, [s for a in alone for s in a.capitalised])
        use = _less([whole.use], [a.use for a in alone if a.use is not None])
        made += interest
        made += _attributed(asset, interest, use, setting=setting, until=until)
    return tuple(s for s in made if s.rows)


def _attributed(
    asset: str,
    interest: list[Schedule],
    use: list[Schedule],
    *,
    setting: Setting,
    until: date,
) -> Iterator[Schedule]:
    """The difference in use, split into the borrowers' parts and the rest, the seller's."""
    parts = [
        in_service(
            asset, s.entity, [*interest_layers([s])], setting=setting, until=until, residual_minor=0
        )
        for s in interest
    ]
    parts = [attrs.evolve(p, contract=s.contract) for p, s in zip(parts, interest, strict=True)]
    yield from parts
    seller = setting.deal.assets[asset].owner
    as_sellers = [attrs.evolve(s, entity=seller, contract=asset) for s in (*use, *parts)]
    yield from _less(as_sellers[: len(use)], as_sellers[len(use) :])


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
