"""
The equity method: a holder's share of its investee's results, and what its distributions are.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from leasebook.contract.model import EquityInterest
from leasebook.measure.capital import part_of, share_bounds
from leasebook.measure.schedule import Movement, Schedule, assemble, changes
from leasebook.measure.setting import Setting


def equity_method(
    interest: EquityInterest,
    income: Mapping[date, int],
    capital: Mapping[date, int],
    setting: Setting,
) -> Schedule:
    """
    The share of an investee's result by month end, in the holder's books.

    Losses are recognised down to a carrying amount of zero; what is left waits for later income.

    Source: ASC 323-10-35-4, 323-10-35-19, 323-10-35-22; IAS 28.10, 28.38, 28.39.

    Args:
        interest: What is held.
        income: The investee's result by month end, minor units.
        capital: Contributions less distributions of this holder by date, minor units.
        setting: Gives the other holders.
    """
    months = sorted(income)
    bounds = share_bounds(interest.id, setting)
    total, totals = 0, []
    for month in months:
        total += income[month]
        totals.append(part_of(total, bounds))
    paid = sorted(capital.items())
    at, put_in, recognised, waiting = 0, 0, 0, 0
    rows: list[Movement] = []
    for number, (month, share) in enumerate(zip(months, changes(totals), strict=True), 1):
        while at < len(paid) and paid[at][0] <= month:
            put_in += paid[at][1]
            at += 1
        due = share + waiting
        taken = max(due, -max(put_in + recognised, 0)) if due < 0 else due
        waiting = due - taken
        recognised += taken
        rows.append(Movement(month, 1, number, {"share": taken, "unrecognised": taken - share}))
    return assemble(
        "equity-method",
        (interest.id, interest.holder, interest.issuer),
        {"share_to_date": {"share": 1}, "losses_unrecognised": {"unrecognised": 1}},
        ("share", "unrecognised"),
        rows,
    )


def split_distribution(received: Schedule, share: Schedule, before: int = 0) -> Schedule:
    """
    Distributions told apart by cumulative earnings: earnings first, then return of investment.

    Source: ASC 230-10-45-21D(a); IAS 7.31.

    Args:
        received: The holder's schedule of one distribution.
        share: Its share of the investee's results.
        before: Earnings that other distributions have already paid out, minor units.

    Returns:
        The schedule with each amount split into `return_on` and `return_of`.
    """
    column = received.columns.index("return_of")
    paid_out = before
    rows = []
    for row in received.rows:
        amount = row.amounts[column]
        earned = share.balance("share_to_date", row.date) if share.rows else 0
        on = max(0, min(amount, earned - paid_out))
        paid_out += on
        rows.append(attrs.evolve(row, amounts=(on, amount - on)))
    return attrs.evolve(received, rows=tuple(rows))
