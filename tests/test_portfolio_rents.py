"""
Rises and free months over whole columns are those of one lease at a time.
"""

import random

import numpy as np
import pytest

from leasebook.intake.joined import Joined
from leasebook.intake.rents import all_raised, raised, steps_of_rises
from leasebook.values.money import AMOUNT_MINOR_MAX

RISES = (0, 0, 25 * 10**12, 31_415_926_535_898, -(10**14), 10**15, 5 * 10**14)


def _leases(count: int, seed: int) -> dict[str, list[int]]:
    draw = random.Random(seed)  # noqa: S311 - no secret
    return {
        "payment": [draw.choice((0, 1, 5, draw.randrange(10**9))) for _ in range(count)],
        "every": [draw.choice((1, 3, 6, 12)) for _ in range(count)],
        "free_months": [draw.choice((0, 0, 0, 3, 12, 24, 600)) for _ in range(count)],
        "escalation": [draw.choice(RISES) for _ in range(count)],
        "escalates_every_months": [draw.choice((1, 5, 12, 12, 36, 600)) for _ in range(count)],
        "term_months": [draw.choice((1, 12, 36, 120)) for _ in range(count)],
        "renewal_months": [draw.choice((0, 0, 24)) for _ in range(count)],
    }


@pytest.mark.parametrize("seed", range(8))
def test_the_steps_of_columns_are_those_of_each_lease_alone(seed):
    columns, told, alone_told = _leases(300, seed), [], []
    alone = Joined(
        {name: list(column) for name, column in columns.items()}, [2] * 300,
        lambda *what: alone_told.append(what),
    )  # fmt: skip
    expected = [
        (position, *step) for position in range(300) for step in alone._rents(position, [], None)
    ]
    within = all(amount <= AMOUNT_MINOR_MAX for _, _, amount in expected)
    first, steps = steps_of_rises(columns, lambda *what: told.append(what))
    if within:
        assert told == alone_told
        assert list(zip(*(part.tolist() for part in steps), strict=True)) == expected
    else:
        beyond = {lease for lease, _, amount in expected if amount > AMOUNT_MINOR_MAX}
        others = [step for step in expected if step[0] not in beyond]
        found = list(zip(*(part.tolist() for part in steps), strict=True))
        assert [step for step in found if step[0] not in beyond] == others
        rises = {position for position, column, *_ in told if column == "escalation"}
        assert rises == beyond
    assert first.tolist() == alone.values["payment"]


def test_a_payment_that_rises_to_half_a_cent_is_rounded_to_even_in_columns_too():
    payments, rise = [100, 300, 500, 700, 102], 5 * 10**12  # 0.5 % of 100 is half of one
    found = all_raised(*(np.array(c) for c in (payments, [rise] * 5, [1] * 5)))
    assert found.tolist() == [raised(p, rise, 1) for p in payments] == [100, 302, 502, 704, 103]
