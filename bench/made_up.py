"""
A table of made-up leases as CSV, from a seed: what `leasebook portfolio` reads in these scripts.
"""

import random
from datetime import date, timedelta
from pathlib import Path

HEADINGS = (
    "id,entity,counterparty,currency,commencement_date,term_months,payment,every,in,rate,"
    "rate_convention,day_one_payment,fair_value,economic_life_months,title_transfers,"
    "no_alternative_use,escalation,free_months,initial_direct_costs,incentives,"
    "guaranteed_residual,expected_guarantee_payment,renewal_months,renewal_certain,"
    "both_can_leave_without_penalty"
)
_EVERY = (("month", 1), ("month", 1), ("month", 1), ("quarter", 3), ("year", 12))
_CONVENTIONS = ("nominal", "nominal", "effective-annual", "per-period")
_FIRST = date(2018, 1, 1)


def write(path: Path, count: int, seed: int = 1) -> None:
    """
    Writes a table of leases: several periods, conventions, currencies, rises, options, guarantees.

    Args:
        path: The file.
        count: Leases.
        seed: Of the numbers drawn.
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADINGS + "\n")
        file.writelines(_row(draw, number) for number in range(count))


def _row(draw: random.Random, number: int) -> str:
    every, months = draw.choice(_EVERY)
    term = 12 * draw.randint(2, 18)
    payment = draw.randint(500, 90_000) + draw.choice((0, 0.25, 0.5))
    convention = draw.choice(_CONVENTIONS)
    rate = draw.randint(150, 1499) / 100
    if convention == "per-period":
        rate = round(rate * months / 12, 4)
    begins = _FIRST + timedelta(days=draw.randint(0, 3000))
    worth = int(payment * term / months * draw.uniform(0.8, 3))
    guaranteed = draw.choice((0, 0, 0, int(worth / 10)))
    renewal = draw.choice((0, 0, 0, 12, 36))
    cells = (
        f"L-{number:08d}", f"E{number % 200:03d}", f"Owner {number % 997}",
        draw.choice(("USD", "USD", "USD", "EUR")), begins.isoformat(), term, f"{payment:.2f}",
        every,
        draw.choice(("advance", "arrears")), f"{rate:g}%", convention,
        draw.choice(("excluded", "included")), worth, term + 12 * draw.randint(0, 20),
        draw.choice(("no", "no", "no", "yes")), draw.choice(("no", "no", "no", "yes")),
        draw.choice(("", "", "2.5%")), draw.choice(("", "", "", months)),
        draw.choice(("", "", "1500")), draw.choice(("", "", "", "2000")),
        guaranteed or "", guaranteed // 4 or "", renewal or "",
        draw.choice(("yes", "no")) if renewal else "", "no" if renewal else "",
    )  # fmt: skip
    return ",".join(map(str, cells)) + "\n"
