"""
A lessee's schedule in another currency: the liability is monetary, the right-of-use asset is not.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import attrs

from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.schedule import Schedule
from leasebook.measure.translation import DIFFERENCE, Day, Translated, refused, with_the_rent
from leasebook.reckoning.rounding import round_half_even

#: Flows that take from the asset at the rate at which it is carried, in the order of a day.
_GIVEN_UP = ("rou_derecognised", "rou_reclassified")
_FALLS = ("rou_reduction", "amortisation", "rou_passed_to_plant")
#: Flows of the asset that are worked out after the others.
_LATER = frozenset({"rou_taken_over", "gain", "cost", "interest", *_GIVEN_UP, *_FALLS})


@attrs.define
class _Asset:
    """The right-of-use asset on the way: both amounts, minor units, and the rate it falls at."""

    contract: str
    abroad: int
    booked: int
    rate: Fraction

    def gives(self, amount: int) -> int:
        """What an amount that leaves the asset is in the books; the last takes all that is left."""
        left = self.abroad - amount
        booked = self.booked - round_half_even(left * self.rate)
        self.abroad, self.booked = left, self.booked - booked
        return booked

    def layered(self, closing: Fraction) -> None:
        """The rate at which the asset falls from now on: that of its layers together."""
        if self.abroad:
            self.rate = Fraction(self.booked, self.abroad)
        elif self.booked:
            cause = f"{self.contract}: nothing is left of the right-of-use asset in its currency"
            raise NotModelled(f"{cause}, and {self.booked} minor units at the rates it was booked")
        else:
            self.rate = closing


def translated_lessee(
    schedule: Schedule, days: Sequence[Day], taken_over: int = 0
) -> Iterator[Translated]:
    """
    The days of an operating or finance lease, or of one under IFRS, in its lessee's books.

    The liability is monetary: what is recognised, paid or given up of it is at the closing rate of
    the day, interest at the rate at which it accrues, and the balance at the closing rate on every
    date, the difference in profit or loss. The asset keeps the rate of the day on which it was
    recognised. A remeasurement moves both by the same amount of the books' currency, so that it is
    a layer of the asset at the rate of its day; what falls of the asset later falls at the average
    of its layers. The cost of an operating lease is interest and reduction together, and is level
    only while the rates are.

    Source: ASC 842-20-55-10, 830-10-45-17, 830-10-45-18, 830-20-35-1, 830-20-35-2; IAS 21.21,
    21.23, 21.28. Layers: the SEC staff's second view of 2018, that earlier layers keep their rates.

    Args:
        schedule: In the currency of the lease.
        days: Its rows with their rates.
        taken_over: What the asset was carried at by a schedule of another class before, minor
            units of the books.

    Raises:
        NotModelled: If the asset is impaired, or ends in one currency and not in the other.
    """
    liability = 0
    asset = _Asset(schedule.contract, 0, 0, Fraction(0))
    signs = schedule.signs["liability"]
    paid: dict[date, list[int]] = {}
    for day in days:
        refused(day.flows, ("impairment",), schedule.contract)
        flows = day.at_closing(*(name for name in day.flows if name not in _LATER))
        with_the_rent(day, flows, paid)
        flows["interest"] = day.accrued("interest")
        rates: dict[str, Fraction | None] = {"interest": day.accruing}
        if "principal_paid" in flows:
            flows["principal_paid"] = flows["payment"] - flows["interest_paid"]
        flows["rou_taken_over"] = taken_over if day.flows["rou_taken_over"] else 0
        _asset_moves(schedule, day, asset, flows, rates)
        for name in _FALLS:
            if name in day.flows:
                rates[name] = asset.rate
                flows[name] = asset.gives(day.flows[name])
        if "cost" in day.flows:
            flows["cost"] = flows["interest"] + flows["rou_reduction"]
            rates["cost"] = None
        liability += sum(sign * flows[name] for name, sign in signs.items())
        closing = round_half_even(day.after["liability"] * day.closing)
        flows[DIFFERENCE] = closing - liability
        liability = closing
        yield Translated(flows, rates)


def _asset_moves(
    schedule: Schedule,
    day: Day,
    asset: _Asset,
    flows: dict[str, int],
    rates: dict[str, Fraction | None],
) -> None:
    """What recognises, adds to or takes from the asset on a day, use apart."""
    moved = {
        name: sign for name, sign in schedule.signs["rou"].items()
        if name not in _FALLS and name in day.flows
    }  # fmt: skip
    flows["gain"] = 0
    given_up = {name: day.flows[name] for name in _GIVEN_UP}
    flows |= dict.fromkeys(_GIVEN_UP, 0)
    if not any(day.flows[name] for name in moved):
        return
    rates["rou_taken_over"] = rates["gain"] = None
    left = asset.abroad + sum(sign * day.flows[name] for name, sign in moved.items())
    for name, amount in given_up.items():
        # What is given up leaves at the rate of what was carried before the day.
        rates[name] = asset.rate
        if amount and left:
            flows[name] = round_half_even(amount * asset.rate)
    booked = asset.booked + sum(sign * flows[name] for name, sign in moved.items())
    last = next((name for name in _GIVEN_UP if given_up[name]), None)
    if last is not None and not left:
        flows[last], booked = booked, 0
    if day.flows["remeasurement"] < 0 and booked < 0 <= left:
        # An asset is not taken below zero, in the currency in which it is booked.
        flows["gain"], booked = -booked, 0
    elif day.flows["gain"]:
        # One change of the day took the asset to zero, and a later one raised it again.
        lowered = round_half_even((asset.abroad + day.flows["gain"]) * day.closing)
        flows["gain"] = max(0, lowered - asset.booked)
        booked += flows["gain"]
    asset.abroad, asset.booked = left, booked
    asset.layered(day.closing)
