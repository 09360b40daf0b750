"""
The formula behind each column of a schedule, in words.
"""

from leasebook.measure.schedule import Schedule
from leasebook.measure.translation import DIFFERENCE

_LIABILITY = {
    "initial": "present value of the payments at the rate, rounded once",
    "remeasurement": "present value of the new payments at the new rate less the balance before",
    "initial_direct_costs": "the contract's amount",
    "incentives": "the contract's amount",
    "prepaid": "the contract's amount",
    "derivative_settled": "what the lessee's credit derivative is carried at that day",
    "guarantee_settled": "what the lessee's guarantee is carried at that day",
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
_WARRANT = {
    "revenue_reduced": "tranche's value at grant x the purchase / purchases that earn it",
    "fees_reduced": "tranche's value at grant x the purchase / purchases that earn it",
    "deferred": "value at grant of what is for later",
    "deferred_from_revenue": "what was deferred x the purchase / purchases after it",
    "deferred_from_fees": "what was deferred x the purchase / purchases after it",
    "rent_reduced": "value at grant / months of the lease",
    "lease_cost": "value at grant / months of the lease",
    "financing_cost": "value at grant / months of the financing",
    "expense": "value at grant of the tranches that are expected to vest",
    "strike_received": "shares that have vested x strike",
}
_FORMULAS: dict[str, dict[str, str]] = {
    "lessee-operating": _LIABILITY,
    "lessee-finance": _LIABILITY,
    "lessee-ifrs": _LIABILITY,
    "lessee-exempt": {
        "payment": "the payment due",
        "cost": "rents of the term / periods, the days used of the period",
    },
    "lessee-rented": {
        "payment": "the payment due",
        "cost": "rents of the term / periods, the days used of the period",
    },
    "lessor-operating": {
        "payment": "the payment due",
        "income": "rents of the term / periods, the days used of the period",
        "sale_price": "the price of the option that the lessee exercises",
        "sale_profit": "that price less the carrying amount of the asset",
    },
    "lessor-deposit": {
        "payment": "the payment due, if it is made",
        "deposit_to_income": "what is held when the lease is over",
        "deposit_to_sale": "what is held when the sale is recognised",
        "revenue": "deposit and price, less direct costs that have waited",
        "cost_of_goods_sold": "carrying amount of the asset",
    },
    "lessor-sales-type": _NET_INVESTMENT,
    "lessor-direct-financing": _NET_INVESTMENT,
    "lessor-finance-ifrs": _NET_INVESTMENT,
    "financing-obligation": _LIABILITY,
    "financing-receivable": _LIABILITY,
    "note-issued": {
        "issued": "principal, or what is drawn of it",
        "discount": "principal less what the holder pays for it",
        "costs": "what others are paid for the issue",
        "amortised": "carrying amount x effective rate x days, less interest",
        "interest": "principal x coupon x days of the convention, to the reporting date",
        "coupon": "interest accrued since the coupon before",
        "principal_paid": "as listed, or level payment less coupon; the last one clears the rest",
    },
    "securities-held": {
        "purchased": "the contract's amount, and money that comes in",
        "income": "balance at the start of the month x yield; the last one completes the total",
        "income_received": "of the money taken out, the income earned and not yet taken",
        "redeemed": "money that the holder pays out beyond that, and on the last day what is left",
    },
    "contribution-made": {
        "cash": "the contract's amount, calls spread evenly over the months",
        "without_influence": "the contract's amount less what is paid to the customer",
        "to_customer": "what is paid less what the interest is worth",
    },
    "contribution-received": {"cash": "the contract's amount, calls spread evenly over the months"},
    "distribution-paid": {"cash": "the contract's amount, or the share of the rent of the day"},
    "distribution-received": {
        "return_on": "the part that cumulative earnings cover",
        "return_of": "the part beyond cumulative earnings",
    },
    "guarantee-issued": {
        "investment": "fair value beyond the premium, given for the interest in the debtor",
        "expense": "fair value beyond the premium: interest saved, at the rate without guarantee",
        "release": "liability of day one / periods, by days within a period",
        "contingent_loss": "US: expected credit loss of the estimate less the one before",
        "excess_loss": "IFRS: expected credit loss above what is not yet released, less before",
        "loss_to_settle": "expected credit loss carried when the guarantor takes over the lease",
        "settled": "what is carried when the guarantor takes over the lease",
    },
    "credit-derivative-written": {
        "premium": "the contract's amount",
        "investment": "fair value beyond what is received, given for the interest in the debtor",
        "expense": "fair value beyond what is received",
        "day_one_gain": "what is received beyond fair value",
        "day_one_deferred": "what is received beyond a fair value that no market shows",
        "deferred_released": "what was deferred / periods, by days within a period",
        "value_change": "the fair value stated for the day, nil at the end, less what was carried",
        "settled": "what is carried when the guarantor takes over the lease",
    },
    "guarantee-obtained": {"cost": "premium / periods, by days within a period"},
    "credit-losses": {"expected_loss": "gross x loss rate of the day's estimates, less before"},
    "goods-made": {"cost": "the delivery's price less the profit in it"},
    "goods-sold": {
        "price": "the contract's amount",
        "cost": "price less profit: a part of the price, or what the goods were carried at",
    },
    "warrant-issued": _WARRANT,
    "warrant-owed": {
        **_WARRANT,
        "value_change": "the value stated for the day less what was carried; nil when it lapses",
        "exercised": "what it was carried at",
    },
    "warrant-held": {
        "equipment_cheaper": "tranche's value at grant x the purchase / purchases that earn it",
        "services_cheaper": "tranche's value at grant x the purchase / purchases that earn it",
        "for_guarantee": "value at grant of the tranches that are expected to vest",
        "for_derivative": "value at grant of the tranches that are expected to vest",
        "gain": "what is held is worth that day, less what it was carried at",
        "exercised": "what it was carried at",
        "strike_paid": "shares that have vested x strike",
    },
    "equity-investment": {"gain": "what is held is worth that day, less what it was carried at"},
    "customer-payment": {
        "from_revenue": "paid beyond the worth of the interest x the purchase / purchases since",
        "from_fees": "paid beyond the worth of the interest x the purchase / purchases since",
    },
    "investee-profit": {
        "taken_out": "own share x profit on what the investee bought",
        "made": "the part that the investee has sold on, or used up",
    },
    "goods-used": {"used": "what was left before less what is left, at the price"},
    "equipment-used": {"used": "price / months of remaining life"},
    "first-consolidation": {
        "investment": "consideration and the carrying amount of what was held before",
        "noncontrolling": "fair value as stated, or the outsiders' share of the net assets",
        "gain": "fair value less carrying amount of what was held before; or what is left over",
        "goodwill": "consideration, earlier interest and outsiders' interest less the net assets",
        "excess_on_asset": "net assets at the group's amount less in the entity's own book",
        "excess": "net assets at the group's amount less in the entity's own book",
    },
    "acquired-asset-used": {"depreciation": "the excess / months that are left of its life"},
    "unrealised-profit": {
        "realised_by_sale": "profit x goods sold on / price",
        "realised_by_use": "profit / months of remaining life",
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
    if column.startswith(DIFFERENCE):
        return "balance at the closing rate less what it was carried at and its flows at theirs"
    return _FORMULAS.get(schedule.name, {}).get(column, "the contract's amount")
