"""
Depreciation policy against value: what an asset would be carried at with a longer or shorter life.
"""

from collections.abc import Iterator
from datetime import date

import attrs

from leasebook.book.keep import Kept, keep_books
from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.measure.asset import owner_of
from leasebook.measure.not_modelled import NotModelled
from leasebook.stress.obsolescence import carried_in, fiscal_ends
from leasebook.stress.position import Position
from leasebook.stress.relief import asset_value
from leasebook.stress.scenario import ScenarioFile
from leasebook.values.duration import Duration

#: Months by which the life is taken longer and shorter.
MONTHS_AROUND = 24


@attrs.frozen
class Lives:
    """
    An asset at the end of a fiscal year under three lives, in minor units.

    Attributes:
        shorter: Carried at with a life two years shorter; None if it cannot be measured.
        stated: As the basis carries it.
        longer: With a life two years longer.
    """

    asset: str
    day: date
    value: int
    shorter: int | None
    stated: int | None
    longer: int | None


def lives(position: Position, scenario: ScenarioFile, last: date) -> Iterator[Lives]:
    """
    Every asset with a curve whose owner keeps books, by fiscal year, under three lives.

    Books are kept anew with the other life and all decisions as they stand, so that nothing but
    depreciation differs.

    Source: ASC 360-10-35-4, 250-10-45-17; IAS 16.51, 16.56.

    Args:
        position: The deals as expected.
        scenario: Gives the curves.
        last: Day up to which assets are followed.
    """
    for one in scenario.values:
        setting = position.setting_of(one.asset)
        at = position.settings.index(setting)
        asset, owner = setting.deal.assets[one.asset], owner_of(one.asset, setting)
        if owner not in position.kept[at].books:
            continue
        books: list[Kept | None] = [
            _with_life(position, at, one.asset, -MONTHS_AROUND),
            position.kept[at],
            _with_life(position, at, one.asset, MONTHS_AROUND),
        ]
        begins = (one.new_from or asset.in_service).get()
        for day in fiscal_ends(position, owner, begins, last):
            carried = [None if b is None else carried_in(b, one.asset, owner, day) for b in books]
            if any(carried):
                value = asset_value(position, scenario, one.asset, day) or 0
                yield Lives(one.asset, day, value, *carried)


def _with_life(position: Position, at: int, asset: str, months: int) -> Kept | None:
    """The books with a life longer by some months; None where that cannot be measured."""
    setting = position.settings[at]
    deal: Deal = setting.deal
    life = deal.assets[asset].useful_life.get().months + months
    if life < 1:
        return None
    figure = Figure(Duration(life, f"{life} months"), assumption="another depreciation policy")
    assets = {**deal.assets, asset: attrs.evolve(deal.assets[asset], useful_life=figure)}
    altered = attrs.evolve(setting, deal=attrs.evolve(deal, assets=assets))
    try:
        return keep_books(altered, next(iter(position.kept[at].books.values())).basis)
    except NotModelled:
        return None
