"""
What moved in a period: roll-forwards, the cost of leases by kind, and the cash paid for them.
"""

from collections.abc import Iterable, Iterator

from leasebook.contract.model import Contribution, Sale
from leasebook.disclosures.scope import (
    DisclosureMismatchError,
    Period,
    Scope,
    day_before,
)
from leasebook.measure.schedule import Schedule

#: Flows of money besides rent that a lessee pays to the lessor, with their sign.
_BESIDES_RENT = {"prepaid": 1, "incentives": -1}
#: What a right of use begins with.
_AS_IT_BEGINS = frozenset(
    {
        "derivative_settled",
        "guarantee_settled",
        "initial",
        "initial_direct_costs",
        "day_one",
        "restoration",
        "handed_over",
        "right_kept",
        *_BESIDES_RENT,
    }
)
#: Costs of usage, sales or an index, whatever their column is called.
_VARIABLE = "variable"


def line_of_flow(column: str) -> str:
    """
    The line of a roll-forward that shows a column.

    Example:
        >>> line_of_flow("rou_reduction")
        'rou-reduction'
    """
    return column.replace("_", "-")


def roll_forward(schedule: Schedule, balance: str, period: Period) -> dict[str, int]:
    """
    A balance from the opening to the closing of a period, with each flow that moves it.

    Source: ASC 842-20-50-4, 842-30-50-8; IFRS 16.53(h), 16.53(j).

    Args:
        schedule: In the books.
        balance: One of its balances.
        period: Any span of days.

    Returns:
        Minor units by line, signed as they enter the balance; flows that do not move are left out.

    Raises:
        DisclosureMismatchError: If the flows do not lead from opening to closing.
    """
    opening = schedule.balance(balance, day_before(period.first))
    closing = schedule.balance(balance, period.last)
    moved = {
        line_of_flow(flow): sign * schedule.total(flow, period.first, period.last)
        for flow, sign in schedule.signs[balance].items()
    }
    if opening + sum(moved.values()) != closing:
        raise DisclosureMismatchError(
            f"{schedule.contract}, {balance}, {period.name}: {opening} and movements of "
            f"{sum(moved.values())} do not make {closing} minor units"
        )
    moved = {line: amount for line, amount in moved.items() if amount}
    return {"opening": opening, **moved, "closing": closing}


def _flow(schedule: Schedule, column: str, period: Period) -> int:
    if column not in schedule.columns or column in schedule.balances:
        return 0
    return schedule.total(column, period.first, period.last)


def _columns_with(schedule: Schedule, word: str) -> list[str]:
    return [c for c in schedule.columns if word in c and c not in schedule.balances]


def _variable(schedule: Schedule, period: Period) -> int:
    # One column: what is expensed is paid when it is incurred.
    return sum(_flow(schedule, c, period) for c in _columns_with(schedule, _VARIABLE)[:1])


def _exemption(scope: Scope, schedule: Schedule) -> str:
    return scope.setting.exemption(schedule.contract) or "short-term"


def sublease_income(scope: Scope, period: Period) -> int:
    """
    Income from subleasing right-of-use assets, gross of the head lease's cost, minor units.

    Source: ASC 842-20-50-4(d); IFRS 16.53(f).
    """
    return sum(
        _flow(s, column, period)
        for s in scope.own("lessor")
        if scope.lease(s).head_lease is not None
        for column in ("income", "interest", "residual_accretion", "deferred_profit_released")
    )


def lease_cost(scope: Scope, period: Period) -> dict[str, int]:
    """
    The cost of leases by kind.

    Source: ASC 842-20-50-4(a) to 50-4(d); IFRS 16.53(a) to 16.53(f).

    Returns:
        Minor units by line, income negative, with their total.
    """
    found = dict.fromkeys(
        (
            "operating-lease-cost", "amortisation", "interest", "short-term-cost",
            "low-value-cost", "variable-cost", "sublease-income",
        ),
        0,
    )  # fmt: skip
    for schedule in scope.own("lessee"):
        if schedule.name == "lessee-exempt":
            line = f"{_exemption(scope, schedule)}-cost"
            found[line] += _flow(schedule, "cost", period)
        elif schedule.name == "lessee-operating":
            found["operating-lease-cost"] += _flow(schedule, "cost", period)
        else:
            found["amortisation"] += _flow(schedule, "amortisation", period)
            found["interest"] += _flow(schedule, "interest", period)
        found["variable-cost"] += _variable(schedule, period)
    found["sublease-income"] = -sublease_income(scope, period)
    return found | {"total": sum(found.values())}


def gains(scope: Scope, period: Period) -> dict[str, int]:
    """
    Gains less losses on changes of leases, on impairment and on sale and leaseback.

    Source: ASC 842-20-50-4(f), 842-40-50-2; IFRS 16.53(i).
    """
    back = {scope.lease(s).asset for s in scope.own("lessee")}
    found = dict.fromkeys(("remeasurement-gain", "impairment-loss", "sale-and-leaseback-gain"), 0)
    for schedule in scope.own("lessee"):
        for column in _columns_with(schedule, "gain"):
            found["remeasurement-gain"] += _flow(schedule, column, period)
        for column in _columns_with(schedule, "impairment"):
            found["impairment-loss"] -= _flow(schedule, column, period)
    for schedule in scope.schedules:
        sold = scope.setting.deal.contracts.get(schedule.contract)
        sells = isinstance(sold, Sale | Contribution) and sold.asset in back
        if sells and schedule.entity in scope.members:
            for column in _columns_with(schedule, "gain"):
                found["sale-and-leaseback-gain"] += _flow(schedule, column, period)
    return found


def cash_paid(scope: Scope, period: Period) -> dict[str, int]:
    """
    Cash paid for leases, by where it stands in the cash flow statement, and what was obtained.

    Source: ASC 842-20-50-4(g)(1), 842-20-50-4(g)(2), 842-20-45-5; IFRS 16.50, 16.53(g), 16.53(h).

    Returns:
        Minor units by line; `total-outflow` is what went to lessors.
    """
    paid = dict.fromkeys(
        (
            "paid-operating", "paid-interest", "paid-principal", "paid-exempt", "paid-variable",
            "paid-besides-rent",
        ),
        0,
    )  # fmt: skip
    obtained = {"obtained-operating": 0, "obtained-finance": 0, "obtained-ifrs": 0}
    for schedule in scope.own("lessee"):
        rent = _flow(schedule, "payment", period) + _flow(schedule, "billed_settled", period)
        if schedule.name == "lessee-operating":
            paid["paid-operating"] += rent
        elif schedule.name == "lessee-exempt":
            paid["paid-exempt"] += rent
        else:
            interest = _flow(schedule, "interest_paid", period)
            paid["paid-interest"] += interest
            paid["paid-principal"] += rent - interest
        paid["paid-variable"] += _variable(schedule, period)
        paid["paid-besides-rent"] += sum(
            sign * _flow(schedule, column, period) for column, sign in _BESIDES_RENT.items()
        )
        if "liability" in schedule.balances:
            new = _flow(schedule, "initial", period)
            new += sum(_flow(schedule, c, period) for c in _columns_with(schedule, "added"))
            obtained[schedule.name.replace("lessee", "obtained")] += new
    return {**paid, "total-outflow": sum(paid.values()), **obtained}


def lessor_income(schedules: Iterable[Schedule], period: Period) -> dict[str, int]:
    """
    Income of lessors by kind.

    Source: ASC 842-30-50-5; IFRS 16.90.
    """
    found = dict.fromkeys(("rental-income", "selling-profit", "interest-income"), 0)
    for schedule in schedules:
        if schedule.name == "lessor-operating":
            found["rental-income"] += _flow(schedule, "income", period)
            for column, sign in (("sale_profit", 1), ("accrued_to_profit", -1)):
                found["selling-profit"] += sign * _flow(schedule, column, period)
        else:
            found["rental-income"] += _flow(schedule, "deposit_to_income", period)
            found["selling-profit"] += _flow(schedule, "selling_profit", period)
            for column in ("interest", "residual_accretion", "deferred_profit_released"):
                found["interest-income"] += _flow(schedule, column, period)
    return found


def assets_by_kind(scope: Scope, period: Period) -> Iterator[tuple[str, dict[str, int]]]:
    """
    Right-of-use assets by kind of underlying asset: additions, depreciation, carrying amount.

    Source: IFRS 16.53(a), 16.53(h), 16.53(j).

    Yields:
        Kind of asset and minor units by line, one for each lease.
    """
    for schedule in scope.own("lessee"):
        if "rou" not in schedule.signs:
            continue
        moved = roll_forward(schedule, "rou", period)
        additions = sum(
            moved.get(line_of_flow(flow), 0)
            for flow in schedule.signs["rou"]
            if flow in _AS_IT_BEGINS or "added" in flow
        )
        yield scope.setting.deal.assets[scope.lease(schedule).asset].kind, {
            "additions": additions,
            "depreciation": -moved.get("amortisation", 0) - moved.get("rou-reduction", 0),
            "other-changes": moved["closing"] - moved["opening"] - additions
            - moved.get("amortisation", 0) - moved.get("rou-reduction", 0),
            "carrying-amount": moved["closing"],
        }  # fmt: skip
