"""
What an event makes of the state of a unit besides its payments, and what passes beside those.
"""

from leasebook.portfolio import records as r
from leasebook.portfolio.given import Ints, Written
from leasebook.portfolio.terms import RATE_UNIT
from leasebook.reckoning.rounding import scale


def as_it_was(state: Written) -> None:
    """No change but a remeasurement, until an event says otherwise."""
    state[r.S_CHANGE] = r.REMEASURED
    state[r.S_SHARE] = RATE_UNIT
    state[r.S_PENALTY] = 0
    state[r.S_WRITE_DOWN] = 0
    state[r.S_RECEIVED] = 0
    state[r.S_SAME] = 1


def alters(state: Ints) -> bool:
    """Whether an event does more than a remeasurement would."""
    return state[r.S_CHANGE] != 0 or state[r.S_PENALTY] != 0 or state[r.S_WRITE_DOWN] != 0


def over(penalty: int, state: Written) -> None:
    """The whole lease is over, and nothing is due at its end."""
    state[r.S_CHANGE] = r.ENDED
    state[r.S_PENALTY] = penalty
    state[r.S_RESIDUAL] = 0
    state[r.S_PRICE] = 0
    state[r.S_OWNED] = 0


def keep(state: Written, same: bool) -> None:  # noqa: FBT001 - a loop's function
    """What stays the same stays so, unless something differs."""
    if not same:
        state[r.S_SAME] = 0


def cut(share: int, state: Written) -> None:
    """A share of the right of use is kept, and of what is owed for its residual value."""
    state[r.S_CHANGE] = r.SCOPE_CUT
    state[r.S_SHARE] = share
    state[r.S_RESIDUAL] = scale(state[r.S_RESIDUAL], share, RATE_UNIT)


def new_rate(event: Ints, state: Written) -> None:
    """The rate that an event states, from then on."""
    # Rates are in lowest terms.
    same = (
        state[r.S_NUMERATOR] == event[r.RATE_NUMERATOR]
        and state[r.S_DENOMINATOR] == event[r.RATE_DENOMINATOR]
        and state[r.S_DAY_RATES] == event[r.RATE_DAYS]
    )
    keep(state, same)
    state[r.S_NUMERATOR] = event[r.RATE_NUMERATOR]
    state[r.S_DENOMINATOR] = event[r.RATE_DENOMINATOR]
    state[r.S_DAY_RATES] = event[r.RATE_DAYS]


def paid_by_start(unit: Ints, day_one: int, record: Written) -> int:
    """What has passed by the start besides the payments, noted; returns it less incentives."""
    record[r.PAID_BEFORE] = unit[r.PREPAID]
    record[r.FIRST_RENT] = day_one
    record[r.INCENTIVE] = unit[r.INCENTIVES]
    return unit[r.PREPAID] + day_one - unit[r.INCENTIVES]


def received(state: Ints, record: Written) -> int:
    """
    What an incentive that comes on the first day of a later epoch takes from what is paid, noted.

    Source: ASC 842-10-35-1, 842-10-55-31; IFRS 16.24(b), 16.27(a).

    Args:
        state: Of the epoch.
        record: Of the epoch, written.
    """
    record[r.INCENTIVE] = state[r.S_RECEIVED]
    return -state[r.S_RECEIVED]
