"""
The formula behind each column of a schedule, in words.
"""

from leasebook.measure.schedule import Schedule

_LIABILITY = {
    "initial": "present value of the payments at the rate, rounded once",
    "remeasurement": "present value of the new payments at the new rate less the balance before",
    "initial_direct_costs": "the contract's amount",
    "incentives": "the contract's amount",
    "prepaid": "the contract's amount",
    "payment": "the payment due",
    "interest": "balance x rate of the period, the days used of it; the last one clears the rest",
    "interest_paid": "of the payment, the interest accrued and not yet paid",
    "principal_paid": "the payment less the interest it pays",
    "gain": "the part of a remeasurement beyond the asset's carrying amount",
    "cost": "remaining cost / remaining periods, the days used of the period",
    "rou_reduction": "straight-line cost less interest",
    "amortisation": "asset / periods, the days used of the period",
}
_NET_INVESTMENT = {
    "initial_receivable": "present value of payments and guaranteed residual at the implicit rate",
    "initial_residual": "present value of the unguaranteed residual at the implicit rate",
    "selling_profit": "receivable and residual less carrying amount",
    "deferred_profit": "receivable and residual less carrying amount, deferred",
    "deferred_profit_released": "net investment at its own rate less interest and accretion",
    "interest": "receivable x implicit rate, the days used of the period",
    "residual_accretion": "residual x implicit rate, the days used of the period",
    "interest_received": "of the payment, the interest accrued and not yet received",
    "principal_received": "the payment less the interest it pays",
    "receivable_returned": "guaranteed residual on the last day",
    "residual_returned": "unguaranteed residual on the last day",
}
_FORMULAS: dict[str, dict[str, str]] = {
    "lessee-operating": _LIABILITY,
    "lessee-finance": _LIABILITY,
    "lessee-ifrs": _LIABILITY,
    "lessee-exempt": {
        "payment": "the payment due",
        "cost": "rents of the term / periods, the days used of the period",
    },
    "lessor-operating": {
        "payment": "the payment due",
        "income": "rents of the term / periods, the days used of the period",
    },
    "lessor-sales-type": _NET_INVESTMENT,
    "lessor-direct-financing": _NET_INVESTMENT,
    "lessor-finance-ifrs": _NET_INVESTMENT,
    "financing-obligation": _LIABILITY,
    "financing-receivable": _LIABILITY,
    "note-issued": {
        "issued": "principal, at par",
        "interest": "principal x coupon x days of the convention, to the reporting date",
        "coupon": "interest accrued since the coupon before",
        "principal_paid": "level payment less coupon; the last one clears the rest",
    },
    "securities-held": {
        "purchased": "the contract's amount, and money that comes in",
        "income": "balance at the start of the month x yield; the last one completes the total",
        "income_received": "of the money taken out, the income earned and not yet taken",
        "redeemed": "money that the holder pays out beyond that, and on the last day what is left",
    },
    "contribution-made": {"cash": "the contract's amount, calls spread evenly over the months"},
    "contribution-received": {"cash": "the contract's amount, calls spread evenly over the months"},
    "distribution-paid": {"cash": "the contract's amount, or the share of the rent of the day"},
    "distribution-received": {
        "return_on": "the part that cumulative earnings cover",
        "return_of": "the part beyond cumulative earnings",
    },
    "equity-method": {"share": "result of the investee to date x share, less what was taken"},
    "construction": {"spent": "total spread evenly over the months"},
    "in-service": {
        "transferred": "everything spent and capitalised to the first day of use",
        "depreciation": "cost less residual / months of useful life",
    },
    "capitalised-interest": {
        "interest": (
            "US: (opening + half the month's spending, earlier interest included) x rate, at most "
            "the interest incurred; IFRS: interest of the borrowing made for the asset"
        ),
        "income": "income on the borrowed money until it is spent",
        "paid": "of the coupon, the part that had been capitalised",
    },
    "noncontrolling-income": {
        "income": "result of the entity to date less the parts of holders in the group"
    },
    "noncontrolling-capital": {"capital": "capital of holders outside the group"},
}
_FORMULAS["note-held"] = _FORMULAS["note-issued"]


def formula(schedule: Schedule, column: str) -> str:
    """
    How a column of a schedule is computed, in words; the contract's own amount if nothing else.
    """
    return _FORMULAS.get(schedule.name, {}).get(column, "the contract's amount")
