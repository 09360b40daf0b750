"""
A lease in another currency: all its schedules, from its own currency into that of the books.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

from leasebook.contract.exchange_rate import RateTable
from leasebook.contract.lease import Lease
from leasebook.measure.lessor import NET_INVESTMENT
from leasebook.measure.missing_rates import MissingExchangeRates
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Row, Schedule
from leasebook.measure.setting import Setting, year_end
from leasebook.measure.translated_accruals import (
    BILLED_DIFFERENCE,
    translated_accruals,
    translated_net_investment,
)
from leasebook.measure.translated_lessee import translated_lessee
from leasebook.measure.translation import (
    DIFFERENCE,
    Day,
    Translated,
    days_of,
    missing_days,
    moved_at_closing,
    rebuilt,
    with_year_ends,
)
from leasebook.reckoning.rounding import round_half_even

_Kind: TypeAlias = Literal[
    "balances", "accruals", "receivable", "payments", "kept asset", "taken back"
]

#: How the schedule of each name is translated.
_KINDS: dict[str, _Kind] = {
    "lessee-operating": "balances",
    "lessee-finance": "balances",
    "lessee-ifrs": "balances",
    "lessee-exempt": "accruals",
    "lessor-operating": "accruals",
    **dict.fromkeys(NET_INVESTMENT.values(), "receivable"),
    "lease-services-received": "payments",
    "lease-services-rendered": "payments",
    "service-rent-paid": "payments",
    "service-rent-received": "payments",
    "leased-asset-kept": "kept asset",
    "asset-taken-back": "taken back",
}
_ACCRUES = {
    "lessee-exempt": ("prepaid_rent", "cost"),
    "lessor-operating": ("deferred_rent", "income"),
}


def in_the_books_currency(
    made: Iterable[Schedule], lease: Lease, setting: Setting, carrying_amount: int = 0
) -> tuple[Schedule, ...]:
    """
    The schedules of a lease in the currency of the books; of one that is in it, as they are.

    Source: ASC 842-20-55-10, 830-20-35-1; IAS 21.21 to 21.23, 21.28.

    Args:
        made: Both sides' schedules in the currency of the lease, each side's in order of time.
        lease: Gives the currency.
        setting: Gives the rates, and the ends of fiscal years.
        carrying_amount: Of the asset when its lessor gives it up, minor units of the books.

    Raises:
        MissingExchangeRates: With every day of every schedule that has none.
        NotModelled: If a schedule is of a kind that has no translation here.
    """
    schedules, table = tuple(made), setting.rates_of(lease)
    if table is None:
        return schedules
    for schedule in schedules:
        if schedule.name not in _KINDS:
            what = schedule.name.replace("-", " ")
            raise NotModelled(f"{lease.id} is in another currency, and has a schedule of {what}")
    rows = [with_year_ends(s, _ends(s, setting)) for s in schedules]
    # An asset that the books own has the rate at which it came, and needs no other.
    owned = [_KINDS[s.name] in ("kept asset", "taken back") for s in schedules]
    money = [some for some, own in zip(rows, owned, strict=True) if not own]
    missing = {day for some in money for day in missing_days(some, table)}
    if missing:
        raise MissingExchangeRates([(lease.id, table.currency.code, tuple(sorted(missing)))])
    translated: list[Schedule] = []
    for schedule, dated in zip(schedules, rows, strict=True):
        translated.append(_one(schedule, dated, table, translated, carrying_amount))
    return tuple(translated)


def _ends(schedule: Schedule, setting: Setting) -> set[tuple[int, int]]:
    """The fiscal year ends of the entity, and of whose group it may be in."""
    deal = (setting.home or setting).deal
    return {
        year_end(deal.entities[name].fiscal_year_end) for name in (schedule.entity, deal.reporting)
    }


def _one(
    schedule: Schedule,
    rows: tuple[Row, ...],
    table: RateTable,
    before: list[Schedule],
    carrying_amount: int,
) -> Schedule:
    days = days_of(schedule, rows, table, schedule.contract)
    differences: dict[str, tuple[str, ...]] = {DIFFERENCE: ()}
    match _KINDS[schedule.name]:
        case "balances":
            taken = _passed(before, schedule.entity, "rou_reclassified")
            moved = list(translated_lessee(schedule, days, taken))
            differences = {DIFFERENCE: ("liability",)}
        case "accruals":
            balance, use = _ACCRUES[schedule.name]
            moved = list(translated_accruals(schedule, days, balance, use))
            differences = {DIFFERENCE: (balance,)}
            if "rent_receivable" in schedule.balances:
                differences[BILLED_DIFFERENCE] = ("rent_receivable",)
        case "receivable":
            moved = list(translated_net_investment(schedule, days, carrying_amount))
            differences = {DIFFERENCE: ("receivable", "net_investment")}
        case "payments":
            moved, differences = list(moved_at_closing(days)), {}
        case "taken back":
            moved, differences = _kept(days, _returned(schedule, before, table)), {}
        case _:
            moved, differences = _kept(days, _passed(before, schedule.entity)), {}
    return rebuilt(schedule, days, moved, differences, table)


def _passed(before: list[Schedule], entity: str, flow: str = "rou_passed_to_plant") -> int:
    """What the last of the entity's own schedules passed on, minor units of the books."""
    own = [s for s in before if s.entity == entity and flow in s.columns]
    return own[-1].total(flow) if own else 0


def _returned(schedule: Schedule, before: list[Schedule], table: RateTable) -> int:
    """What is written off of an asset that came back, at the rate of the day it did."""
    came_back = [s for s in before if s.entity == schedule.entity][-1].rows[-1].date
    whole = schedule.total("depreciation")
    rate = table.closing(came_back)
    if rate is None:
        raise MissingExchangeRates([(schedule.contract, table.currency.code, (came_back,))])
    return round_half_even(whole * rate)


def _kept(days: tuple[Day, ...], cost: int) -> list[Translated]:
    """An asset that the lessee keeps, depreciated at the rate at which it was the right of use."""
    left = whole = sum(day.flows["depreciation"] for day in days)
    booked, moved = cost, []
    for day in days:
        left -= day.flows["depreciation"]
        kept = round_half_even(Fraction(cost * left, whole)) if whole else 0
        moved.append(Translated({"depreciation": booked - kept}, {"depreciation": None}))
        booked = kept
    return moved
