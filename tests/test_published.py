"""
Published worked examples come out of the engine within the publisher's rounding.

The project's own copy always runs; case files named in LEASEBOOK_CASES, separated by `:`, run too.
"""

import json
import os
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from published.read_and_report import report

FOLDER = Path(__file__).parent.parent / "fixtures" / "published"
RATES = {
    "implicit_rate", "financing_rate", "net_investment_rate", "term_ratio", "pv_ratio", "loss_rate",
}  # fmt: skip
#: Columns by which the rows of a list are matched instead of by their place.
KEYS = ("period", "account", "name")


@cache
def validator():
    """The shape that every case has to have."""
    schema = json.loads((FOLDER / "cases.schema.json").read_text(encoding="utf-8"))
    case = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/case"}
    return jsonschema.Draft202012Validator(case)


def cases():
    """Every case of every file, the project's own first; one that comes again runs once."""
    files = [FOLDER / "cases.json"]
    files += [Path(name) for name in os.environ.get("LEASEBOOK_CASES", "").split(":") if name]
    seen: dict[str, list[Any]] = {}
    for file in files:
        path = file / "cases.json" if file.is_dir() else file
        for case in json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal):
            name = case.get("id", "without-id") if isinstance(case, dict) else "no-case"
            alike = seen.setdefault(name, [])
            if case not in alike:
                alike.append(case)
                yield pytest.param(case, id=name if len(alike) == 1 else f"{name}-{len(alike)}")


def misshapen(case):
    """What the schema does not allow, each with its place."""
    plain = json.loads(json.dumps(case, default=float))
    return [
        f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator().iter_errors(plain)
    ]


class Comparison:
    """Expected figures held against reported ones, by JSON pointer."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.wrong: list[str] = []
        self.compared = 0

    def tolerance(self, pointer: str, name: str) -> Fraction:
        """The largest deviation that counts as the publisher's rounding."""
        overrides = self.case.get("tolerance_overrides", {})
        if pointer in overrides:
            return Fraction(overrides[pointer])
        usual = self.case["tolerance"]
        return Fraction(self.case.get("rate_tolerance", usual) if name in RATES else usual)

    def walk(self, expected: Any, reported: Any, pointer: str, name: str = "") -> None:
        """Compares a figure, a table or a list, row by row."""
        if pointer in self.case.get("stated", ()):
            return
        if isinstance(expected, dict):
            self.table(expected, reported, pointer)
        elif isinstance(expected, list):
            for place, row in enumerate(expected):
                self.walk(row, matching(row, reported, place), f"{pointer}/{place}", name)
        else:
            self.figure(expected, reported, pointer, name)

    def table(self, expected: dict[str, Any], reported: Any, pointer: str) -> None:
        """Compares what a table has by name."""
        if not isinstance(reported, dict):
            self.wrong.append(f"{pointer}: nothing is reported")
            return
        for key, value in expected.items():
            if key not in KEYS:
                self.walk(value, reported.get(key), f"{pointer}/{key}", key)

    def figure(self, expected: Any, reported: Any, pointer: str, name: str) -> None:
        """Compares one figure."""
        self.compared += 1
        if reported is None:
            self.wrong.append(f"{pointer}: {expected} expected, nothing is reported")
        elif isinstance(expected, str | bool):
            if reported != expected:
                self.wrong.append(f"{pointer}: {expected} expected, {reported} reported")
        elif abs(Fraction(reported) - Fraction(expected)) > self.tolerance(pointer, name):
            self.wrong.append(f"{pointer}: {expected} expected, {float(reported):.6f} reported")


def matching(row: Any, reported: Any, place: int) -> Any:
    """The reported row of the same period, account or name; without one, that of the same place."""
    if reported is None:
        return None
    if isinstance(row, dict) and "account" in row:
        amount = reported.get(row["account"])
        return None if amount is None else {"debit": amount, "credit": -amount}
    for key in KEYS:
        if isinstance(row, dict) and key in row:
            return next((one for one in reported if one.get(key) == row[key]), None)
    return reported[place] if place < len(reported) else None


def unexpected_accounts(expected: Any, reported: Any, pointer: str):
    """Accounts of a reported entry that the published one does not have."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            inner = reported.get(key) if isinstance(reported, dict) else None
            if key == "journal" and isinstance(inner, dict):
                named = {line["account"] for line in value}
                yield from (f"{pointer}/journal: {a} {float(v)}" for a, v in inner.items()
                            if a not in named)  # fmt: skip
            else:
                yield from unexpected_accounts(value, inner, f"{pointer}/{key}")
    elif isinstance(expected, list) and isinstance(reported, list):
        for place, (one, other) in enumerate(zip(expected, reported, strict=False)):
            yield from unexpected_accounts(one, other, f"{pointer}/{place}")


@pytest.mark.parametrize("case", list(cases()))
def test_a_published_example_comes_out(case):
    assert misshapen(case) == []
    reported = report(case)
    comparison = Comparison(case)
    comparison.walk(case["expected"], reported, "")
    comparison.wrong += unexpected_accounts(case["expected"], reported, "")
    assert comparison.wrong == []
    assert comparison.compared > 0


def test_a_key_or_value_that_the_shape_does_not_allow_is_named():
    (first, *_) = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    first["inputs"]["rent_holiday"] = 3
    first["role"] = "landlord"
    found = "\n".join(misshapen(first))
    assert "rent_holiday" in found
    assert "landlord" in found


def test_a_figure_outside_the_publishers_rounding_is_told():
    case = {"tolerance": Decimal("0.5"), "rate_tolerance": Decimal("0.001")}
    comparison = Comparison(case)
    comparison.walk({"rou_asset": 100, "implicit_rate": Decimal("0.05"), "gain": 3},
                    {"rou_asset": 101, "implicit_rate": Fraction(1, 20)}, "")  # fmt: skip
    assert [line.partition(":")[0] for line in comparison.wrong] == ["/rou_asset", "/gain"]


def made(framework, role, inputs, events=(), **conventions):
    """What is reported of facts that a case could tell."""
    return report(
        {
            "id": "made-here", "source": {"title": "none"}, "framework": framework, "role": role,
            "conventions": {"rate": "effective-annual", **conventions},
            "inputs": json.loads(json.dumps(inputs), parse_float=Decimal),
            "events": json.loads(json.dumps(events), parse_float=Decimal),
            "expected": {},
        }
    )  # fmt: skip


RENTS = {"period": "year", "term_periods": 4, "timing": "arrears", "payments": [1000] * 4}


def test_a_purchase_that_becomes_certain_makes_a_finance_lease_whatever_was_stated():
    option = {"price": 300, "at_period": 4, "reasonably_certain": False}
    inputs = {**RENTS, "rate": 0.05, "economic_life_periods": 12, "purchase_option": option,
              "given": {"classification": "operating"}}  # fmt: skip
    certain = {"type": "reassessment", "trigger": "purchase-option", "at_period": 2, "rate": 0.05,
               "purchase_option": {**option, "reasonably_certain": True}}  # fmt: skip
    lower = {"type": "modification", "kind": "consideration", "at_period": 3,
             "remaining_payments": [900], "rate": 0.05}  # fmt: skip
    found = made("asc842", "lessee", inputs, [certain, lower])
    assert found["classification"] == "operating"
    assert [one["after"]["classification"] for one in found["events"]] == ["finance", "finance"]


def test_balances_of_mid_lease_hold_the_payment_of_their_day_whatever_is_kept_out():
    inputs = {**RENTS, "timing": "advance", "payments": [1000, 1000], "term_periods": 2,
              "rate": 0.25,
              "opening_balances": {"lease_liability": 1800, "rou_asset": 1700}}  # fmt: skip
    found = made("ifrs16", "lessee", inputs, day_one_payment="excluded")
    assert [row["payment"] for row in found["schedule"]] == [1000, 1000]
    assert found["schedule"][0]["interest"] == 200


@pytest.mark.parametrize(("framework", "rate"), [("asc842", None), ("ifrs16", Fraction(1, 10))])
def test_the_rate_of_a_failed_sale_keeps_to_the_assets_carrying_amount_under_us_gaap_only(
    framework, rate
):
    barred = {"price": "nominal", "substitutes_available": False}
    sale = {"price": 1000, "fair_value": 1000, "carrying_amount": 900, "repurchase_option": barred}
    inputs = {**RENTS, "payments": [300] * 4, "rate": 0.1, "sale": sale,
              "depreciation_per_period": 50}  # fmt: skip
    found = made(framework, "seller-lessee", inputs)
    # 1,000 at 10 % less four payments of 300 leaves 71.8, below the 700 that the asset is carried
    # at: a rate of its own under US GAAP, and a loan like any other under IFRS.
    closing = found["financing_schedule"][-1]["closing"]
    assert closing == (700 if rate is None else Fraction("71.8"))
    assert found["financing_rate"] == rate or (rate is None and found["gain_at_end"] == 0)


def test_a_payment_of_the_first_day_serves_a_failed_sale_though_it_is_kept_out_of_a_liability():
    barred = {"price": "nominal", "substitutes_available": False}
    sale = {"price": 1000, "fair_value": 1000, "carrying_amount": 500, "repurchase_option": barred}
    inputs = {**RENTS, "timing": "advance", "payments": [100] * 4, "rate": 0.1, "sale": sale}
    out, within = (
        made("asc842", "seller-lessee", inputs, day_one_payment=held)["financing_schedule"]
        for held in ("excluded", "included")
    )
    assert out == within
    assert (out[0]["payment"], out[0]["interest"]) == (100, 90)


def test_a_terminated_net_investment_gives_the_asset_back_and_a_penalty_is_gained():
    inputs = {**RENTS, "rate": 0, "given": {"classification": "sales-type"}}
    ended = {"type": "termination", "at_period": 1, "penalty": 70}
    (event,) = made("asc842", "lessor", inputs, [ended])["events"]
    assert event["before"]["net_investment"] == event["after"]["underlying_asset"] == 3000
    assert event["gain"] == 70


def test_a_right_added_at_its_price_leaves_a_lessors_balances_and_is_told_apart():
    inputs = {**RENTS, "payments": [900, 1100, 1000, 1000],
              "given": {"classification": "operating"}}  # fmt: skip
    added = {"type": "modification", "kind": "added-right", "at_period": 1,
             "adds_right_of_use": True, "price_commensurate": True}  # fmt: skip
    (event,) = made("asc842", "lessor", inputs, [added])["events"]
    assert event["separate_contract"] is True
    assert event["before"]["accrued_rent"] == event["after"]["accrued_rent"] == 100


def test_an_index_is_told_apart_from_what_is_paid_otherwise_in_the_same_period():
    inputs = {**RENTS, "rate": 0.05, "index": {"base": 100},
              "given": {"classification": "operating"}}  # fmt: skip
    moved = {"type": "index-change", "at_period": 1, "index_value": 105}
    paid = {"type": "actual-payment", "at_period": 2, "amount": 1060}
    found = made("asc842", "lessee", inputs, [moved, paid])
    assert [one["variable_lease_cost"] for one in found["events"]] == [50, 60]
    assert found["schedule"][1]["variable_lease_cost"] == 60


def test_a_finance_sublease_takes_the_stated_right_of_use_off_at_the_stated_rate():
    inputs = {**RENTS, "term_periods": 2, "payments": [110, 121], "rate": 0.1,
              "carrying_amount": 150,
              "head_lease": {"term_periods": 5, "at_period": 3}}  # fmt: skip
    found = made("ifrs16", "sublessor", inputs)
    assert (found["classification"], found["term_ratio"]) == ("finance", 1)
    assert (found["net_investment"], found["selling_profit"]) == (200, 50)


@pytest.mark.parametrize("role", ["lessee", "lessor"])
def test_a_rent_that_is_sought_leaves_to_the_price_of_a_certain_purchase_what_it_earns(role):
    option = {"price": 121, "at_period": 2, "reasonably_certain": True}
    inputs = {"period": "year", "term_periods": 2, "timing": "arrears", "rate": 0.1,
              "fair_value": 1000, "economic_life_periods": 5,
              "purchase_option": option}  # fmt: skip
    found = made("ifrs16", role, inputs)
    # 900 in two payments, and 121 after two years, are worth 1,000 at 10 %.
    assert abs(found["payment"] - Fraction(900 * 121, 210)) < Fraction(1, 100)
    assert abs(found.get("lease_liability", found.get("lease_receivable")) - 1000) < 1


def test_events_of_a_lease_that_is_kept_off_the_balance_sheet_are_reported():
    inputs = {"period": "month", "term_periods": 12, "timing": "arrears",
              "payments": [100] * 6 + [160] * 6, "rate": 0.06,
              "elections": {"short_term_exemption": True}}  # fmt: skip
    paid = {"type": "actual-payment", "at_period": 2, "amount": 115}
    lower = {"type": "modification", "kind": "consideration", "at_period": 3,
             "remaining_payments": [90] * 9}  # fmt: skip
    ended = {"type": "termination", "at_period": 6, "penalty": 50}
    found = made("ifrs16", "lessee", inputs, [paid, lower, ended])
    assert (found["classification"], found["straight_line_cost"]) == ("short-term", 130)
    first, second, third = found["events"]
    assert (first["variable_lease_cost"], first["after"]["accrued_rent"]) == (15, 60)
    assert second["before"]["accrued_rent"] == 90
    # 810 to pay, of which 90 is accrued: 80 a month for nine months
    assert second["after"]["straight_line_cost"] == 80
    assert second["after"]["schedule"][0]["period"] == 4
    assert (third["before"]["accrued_rent"], third["gain"]) == (60, 60 - 50)
    assert [row["cost"] for row in found["schedule"]] == [130] * 3 + [80] * 3


@pytest.mark.parametrize("framework", ["asc842", "ifrs16"])
def test_both_methods_of_a_partial_termination_are_a_choice_under_both_frameworks(framework):
    cut = {"type": "modification", "kind": "scope-decrease", "at_period": 2, "retained_share": 0.5,
           "remaining_payments": [600, 600], "rate": 0}  # fmt: skip
    found = {}
    for method in ("right-of-use", "liability"):
        inputs = {**RENTS, "rate": 0, "prepaid": 400, "given": {"classification": "finance"},
                  "elections": {"partial_termination": method}}  # fmt: skip
        (found[method],) = made(framework, "lessee", inputs, [cut])["events"]
    # 2,000 is owed on an asset of 2,200, and 1,200 remains to be paid.
    by_share, by_liability = found["right-of-use"], found["liability"]
    assert (by_share["liability_derecognised"], by_share["rou_derecognised"]) == (1000, 1100)
    assert by_share["liability_remeasurement"] == 200
    assert (by_liability["liability_derecognised"], by_liability["rou_derecognised"]) == (800, 880)
    assert (by_share["gain"], by_liability["gain"]) == (-100, -80)
    assert by_liability["after"]["rou_asset"] == 1320
