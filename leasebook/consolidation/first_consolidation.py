"""
An entity is consolidated for the first time: goodwill, gain or loss, and the outsiders' interest.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.book.posting import Book
from leasebook.consolidation.brought_in import Entered, net_assets_booked
from leasebook.contract.figure import Figure
from leasebook.contract.group import Acquisition
from leasebook.measure.capital import interests_in
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.plant import depreciation
from leasebook.measure.schedule import Movement, Schedule, assemble, running
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import months_between
from leasebook.reckoning.rounding import round_half_even

_INVESTMENT = "equity-method-investments"
_FLOWS = (
    "investment",
    "noncontrolling",
    "gain",
    "goodwill",
    "excess_on_asset",
    "excess",
    "equity",
)


@attrs.frozen
class FirstAmounts:
    """
    What a group books when it consolidates an entity for the first time, minor units.

    Attributes:
        net_assets: At which the identifiable net assets come in.
        noncontrolling: The outsiders' interest.
        goodwill: Never below zero.
        gain: Recognised at once; a loss is negative.
        equity: Between parties under common control, what goes to equity.
    """

    net_assets: int
    noncontrolling: int
    goodwill: int = 0
    gain: int = 0
    equity: int = 0


@attrs.frozen
class Position:
    """Balances of the group at a reporting date, minor units, on their usual sides."""

    goodwill: int
    noncontrolling_interest: int
    retained_earnings: int


def noncontrolling_share(net_assets: int, ownership: Fraction) -> int:
    """
    The outsiders' interest as their proportionate share of the identifiable net assets.

    Source: IFRS 3.19(b).

    Example:
        >>> noncontrolling_share(1030, Fraction(4, 5))
        206
    """
    return net_assets - round_half_even(net_assets * ownership)


def first_amounts(
    treatment: str,
    *,
    consideration: int,
    net_assets: int,
    noncontrolling: int,
    previous_carrying: int = 0,
    previous_fair_value: int = 0,
) -> FirstAmounts:
    """
    Goodwill, gain and outsiders' interest of a first consolidation.

    A business: what was paid, the outsiders' interest and the fair value of what was held before,
    above the net assets, is goodwill; below, it is a gain. A vehicle that is no business has gain
    or loss instead, and the interest held before enters at its carrying amount. Other assets that
    are no business come in at cost; between parties under common control carrying amounts go on.

    Source: ASC 805-30-30-1, 805-30-25-2, 805-10-25-10, 810-10-30-1 to 30-4, 805-50-30-3;
    IFRS 3.32, 3.34, 3.42, 3.2(b).

    Args:
        treatment: The outcome of `first_consolidation`.
        consideration: Paid now.
        net_assets: Identifiable ones at fair value; under common control at carrying amount.
        noncontrolling: The outsiders' interest as it is measured.
        previous_carrying: Of the interest held before.
        previous_fair_value: Of the same.

    Raises:
        ValueError: If there is no such treatment.

    Example:
        >>> first_amounts("gain-or-loss", consideration=150, net_assets=450, noncontrolling=300,
        ...               previous_carrying=20, previous_fair_value=50).gain
        -20
    """
    cost = consideration + previous_carrying + noncontrolling
    match treatment:
        case "business-combination":
            gain = previous_fair_value - previous_carrying
            excess = cost + gain - net_assets
            return FirstAmounts(net_assets, noncontrolling, max(excess, 0), gain + max(-excess, 0))
        case "gain-or-loss":
            return FirstAmounts(net_assets, noncontrolling, gain=net_assets - cost)
        case "cost-allocated":
            return FirstAmounts(cost, noncontrolling)
        case "carry-over":
            return FirstAmounts(net_assets, noncontrolling, equity=net_assets - cost)
    raise ValueError(f"{treatment!r} is no treatment of a first consolidation")


def position(
    first: FirstAmounts,
    *,
    ownership: Fraction,
    net_assets_now: int | None = None,
    goodwill_impairment: int = 0,
    impairment_is_shared: bool = False,
    parent_retained_earnings: int = 0,
) -> Position:
    """
    Goodwill, non-controlling interest and retained earnings some time after.

    The change of the net assets is shared by ownership. An impairment of goodwill is shared where
    the outsiders' interest is at fair value, so that goodwill is theirs as well; otherwise the
    parent bears it. The gain of the first consolidation is the parent's.

    Source: ASC 810-10-45-20, 350-20-35-57A; IFRS 10.B94, IAS 36.C6 to C8.

    Args:
        first: What was booked.
        ownership: Of the parent, a pure number.
        net_assets_now: On the same basis; the same as at first if not said.
        goodwill_impairment: To date, positive.
        impairment_is_shared: Whether outsiders bear their part of it.
        parent_retained_earnings: Its own, at the date.

    Example:
        >>> first = first_amounts("business-combination", consideration=1540, net_assets=1030,
        ...                       noncontrolling=206)
        >>> position(first, ownership=Fraction(4, 5), net_assets_now=1110,
        ...          goodwill_impairment=120, parent_retained_earnings=3000)
        Position(goodwill=596, noncontrolling_interest=222, retained_earnings=2944)
    """
    since = 0 if net_assets_now is None else net_assets_now - first.net_assets
    parents_part = round_half_even(since * ownership)
    parents_loss = goodwill_impairment
    if impairment_is_shared:
        parents_loss = round_half_even(goodwill_impairment * ownership)
    outsiders = since - parents_part - (goodwill_impairment - parents_loss)
    return Position(
        first.goodwill - goodwill_impairment,
        first.noncontrolling + outsiders,
        parent_retained_earnings + parents_part - parents_loss + first.gain,
    )


def ownership_of(entity: str, members: frozenset[str], setting: Setting) -> Fraction:
    """What members hold of an entity together, a pure number."""
    held = (i.share.get() for i in interests_in(entity, setting) if i.holder in members)
    return sum((Fraction(share) for share in held), Fraction(0))


def at_fair_value(contract: Acquisition, framework: str) -> bool:
    """
    Whether the outsiders' interest is measured at fair value: always under US GAAP.

    Source: ASC 805-20-30-1; IFRS 3.19.
    """
    return framework == "us-gaap" or contract.noncontrolling == "fair-value"


def measured(
    contract: Acquisition, setting: Setting, *, before: int, owned: Fraction, booked: int = 0
) -> FirstAmounts:
    """
    What a group books for an acquisition, as the standard decides the treatment.

    Args:
        contract: What is paid and what things are worth.
        setting: Gives the treatment, the framework and the currency.
        before: Carrying amount of the interest held before, minor units.
        owned: What the group holds afterwards, a pure number.
        booked: Net assets by the entity's own book, minor units; of use under common control.

    Raises:
        NotModelled: If a fair value that the treatment needs is not stated.
    """
    how = setting.outcome("first_consolidation", contract.id) or ""
    worth = booked if how == "carry-over" else setting.minor(contract.net_assets)
    if owned == 1:
        outside = 0
    elif how != "carry-over" and at_fair_value(contract, setting.framework):
        what = "the outsiders' interest"
        outside = _worth(contract.noncontrolling_fair_value, what, contract, setting)
    else:
        outside = noncontrolling_share(worth, owned)
    held, earlier = 0, contract.previous_fair_value
    if how == "business-combination" and (before or earlier is not None):
        held = _worth(earlier, "the interest held before", contract, setting)
    return first_amounts(
        how,
        consideration=setting.minor(contract.consideration),
        net_assets=worth,
        noncontrolling=outside,
        previous_carrying=before,
        previous_fair_value=held,
    )


def later_position(
    contract: Acquisition,
    first: FirstAmounts,
    setting: Setting,
    *,
    owned: Fraction,
    at: date,
    net_assets_now: int | None = None,
    parent_retained_earnings: int = 0,
) -> Position:
    """
    Goodwill, non-controlling interest and retained earnings at a reporting date, minor units.

    Args:
        contract: Gives the impairments of goodwill, and how the outsiders' interest is measured.
        first: What was booked, as `measured` gives it.
        setting: Gives framework and currency.
        owned: What the group holds, a pure number.
        at: Reporting date.
        net_assets_now: On the same basis as at first, minor units.
        parent_retained_earnings: The parent's own, minor units.
    """
    impaired = sum(setting.minor(i.amount) for i in contract.impairments if i.date.get() <= at)
    return position(
        first,
        ownership=owned,
        net_assets_now=net_assets_now,
        goodwill_impairment=impaired,
        impairment_is_shared=at_fair_value(contract, setting.framework),
        parent_retained_earnings=parent_retained_earnings,
    )


def acquired_amounts(
    contract: Acquisition,
    books: Mapping[str, Book],
    members: frozenset[str],
    setting: Setting,
) -> tuple[FirstAmounts, int]:
    """
    What a group books for an acquisition, and the carrying amount of the interest it gives up.

    Args:
        contract: What is paid and what things are worth.
        books: Of every entity, the acquired one's up to the day included.
        members: The group.
        setting: Gives the treatment and the interests.

    Raises:
        NotModelled: If a fair value that the treatment needs is not stated.
    """
    invested = _invested(contract, books, members)
    first = measured(
        contract,
        setting,
        before=invested - setting.minor(contract.consideration),
        owned=ownership_of(contract.acquired, members, setting),
        booked=net_assets_booked(books[contract.acquired], contract.date.get()),
    )
    return first, invested


def _worth(
    figure: Figure[Decimal] | None, what: str, contract: Acquisition, setting: Setting
) -> int:
    if figure is None or not figure.known:
        raise NotModelled(f"{contract.id} does not state the fair value of {what}")
    return setting.minor(figure)


def _invested(contract: Acquisition, books: Mapping[str, Book], members: frozenset[str]) -> int:
    """The members' carrying amount of their interest in the entity at the day's close."""
    day, total = contract.date.get(), 0
    for member in sorted(members & books.keys()):
        for p in books[member].postings:
            if p.date <= day and (p.counterparty == contract.acquired or p.contract == contract.id):
                total += p.amount_minor * ((p.debit == _INVESTMENT) - (p.credit == _INVESTMENT))
    return total


def first_consolidation_schedules(
    entered: Entered,
    books: Mapping[str, Book],
    members: frozenset[str],
    *,
    setting: Setting,
    until: date,
) -> Iterator[Schedule]:
    """
    The entries of each acquisition: investment against net assets, and what follows from it.

    A difference between the group's amount of the net assets and the entity's own books is
    depreciated with the asset that it belongs to, at the charge of the entity's holders.

    Source: ASC 805-20-25-1, 810-10-30-1 to 30-4, 350-20-35; IFRS 3.10, IAS 36.104.

    Args:
        entered: Acquisitions by entity.
        books: Of every entity, not yet cut at the acquisition.
        members: The group.
        setting: Gives treatment, currency and assets.
        until: Last day wanted.
    """
    for entity, contract in entered.items():
        first, invested = acquired_amounts(contract, books, members, setting)
        day = contract.date.get()
        excess = first.net_assets - net_assets_booked(books[entity], day)
        on_asset = contract.excess_on is not None
        flows = {
            "investment": invested,
            "noncontrolling": first.noncontrolling,
            "gain": first.gain,
            "goodwill": first.goodwill,
            "excess_on_asset" if on_asset else "excess": excess,
            "equity": first.equity,
        }
        parties = (contract.id, contract.acquirer, "")
        rows = [Movement(day, 1, 0, flows)]
        yield assemble("first-consolidation", parties, {}, _FLOWS, rows)
        yield _used(contract, excess if on_asset else 0, setting, until)
        yield _impaired(contract, first.goodwill, setting)


def _used(contract: Acquisition, excess: int, setting: Setting, until: date) -> Schedule:
    """The excess depreciated over what is left of its asset's life."""
    rows: list[Movement] = []
    if excess and contract.excess_on is not None:
        asset = setting.deal.assets[contract.excess_on]
        day, serves = contract.date.get(), asset.in_service.get()
        begins = max(serves, day + timedelta(days=1))
        left = asset.useful_life.get().months - months_between(serves, begins)
        if left <= 0:
            raise NotModelled(f"{contract.excess_on} has no life left on {day}")
        rows = [
            Movement(on, 1, at, {"depreciation": amount})
            for at, (on, amount) in enumerate(
                depreciation([(day, excess)], begins, left, 0, until), start=1
            )
        ]
    parties = (contract.id, contract.acquired, "")
    return assemble("acquired-asset-used", parties, {}, ("depreciation",), rows)


def _impaired(contract: Acquisition, goodwill: int, setting: Setting) -> Schedule:
    """
    Impairment of goodwill, borne by all holders where it is theirs as well.

    What is no business has no goodwill, and so no impairment of it.
    """
    business = setting.outcome("first_consolidation", contract.id) == "business-combination"
    impaired = contract.impairments if business else ()
    amounts = [setting.minor(one.amount) for one in impaired]
    if amounts and running(amounts)[-1] > goodwill:
        raise NotModelled(f"{contract.id} impairs more goodwill than there is")
    rows = [
        Movement(one.date.get(), 1, at, {"impairment": amount})
        for at, (one, amount) in enumerate(zip(impaired, amounts, strict=True), 1)
    ]
    shared = at_fair_value(contract, setting.framework)
    bearer = contract.acquired if shared else contract.acquirer
    parties = (contract.id, bearer, "")
    return assemble("goodwill-impaired", parties, {}, ("impairment",), rows)
