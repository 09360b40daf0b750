from pathlib import Path

import pytest
from commands import printed_json

from leasebook.cli import main

LEASES = """\
id,entity,counterparty,side,currency,commencement_date,term_months,payment,every,in,rate,\
rate_convention,fair_value,economic_life_months,title_transfers,no_alternative_use,\
short_term_elected,termination_months,staying_reasonably_certain,both_can_leave_without_penalty,\
purchase_price,purchase_certain,unguaranteed_residual,incentive_receivable,\
incentive_after_months
LEAVE,TENANT,Owner,lessee,USD,2026-01-01,60,1000,month,arrears,6%,nominal,90000,480,no,no,\
no,36,no,no,,,,,
STAY,TENANT,Owner,lessee,USD,2026-01-01,60,1000,month,arrears,6%,nominal,90000,480,no,no,\
no,36,yes,no,,,,,
BOTH,TENANT,Owner,lessee,USD,2026-01-01,60,1000,month,arrears,6%,nominal,90000,480,no,no,\
no,,yes,yes,,,,,
BUY,TENANT,Owner,lessee,USD,2026-01-01,48,1000,month,advance,6%,nominal,60000,240,no,no,\
no,,,no,9000,no,,,
ADD,TENANT,Owner,lessee,USD,2026-01-01,60,1000,quarter,advance,6%,effective-annual,60000,480,no,\
no,no,,,no,,,,,
APART,TENANT,Owner,lessee,USD,2026-01-01,60,1000,quarter,advance,6%,effective-annual,60000,480,\
no,no,no,,,no,,,,,
SHORT,TENANT,Owner,lessee,USD,2026-02-15,12,1000,month,advance,6%,nominal,60000,480,no,no,\
yes,,,no,,,,,
LONGER,TENANT,Owner,lessee,USD,2026-02-15,36,1000,month,arrears,6%,nominal,60000,48,no,no,\
no,,,no,,,,,
LET,OWNER,Tenant,lessor,USD,2026-01-01,60,1000,quarter,advance,6%,effective-annual,60000,480,no,\
no,no,,,no,,,20000,,
LATER,TENANT,Owner,lessee,USD,2026-01-15,48,1000,quarter,advance,6%,actual-365,60000,480,no,no,\
no,,,no,,,,2500,12
"""
OPTIONS = """\
lease,kind,after_months,holder
BOTH,termination,24,lessee
BOTH,termination,18,lessor
"""
EVENTS = """\
lease,date,kind,amount,months,rate,fair_value,reasonably_certain,price_is_standalone
BUY,2027-01-01,purchase-option-reassessed,9000,24,7%,50000,yes,
BUY,2028-01-01,purchase-option-reassessed,,,,40000,no,
ADD,2027-01-01,right-added,1500,48,5%,90000,,no
APART,2027-01-01,right-added,1500,48,,90000,,yes
SHORT,2026-05-15,rent-changed,1200,,,55000,,
SHORT,2026-09-15,terminated,300,,,,,
LONGER,2027-02-15,term-reassessed,1100,33,7%,50000,,
LEAVE,2027-01-01,payment-made,850,,,,,
LATER,2026-07-15,incentive-received,2000,,,,,
LET,2027-01-01,right-added,1500,48,,90000,,yes
"""
ALL = ("LEAVE", "STAY", "BOTH", "BUY", "ADD", "APART", "SHORT", "LONGER", "LET", "LATER")


INDEXED = """\
id,entity,counterparty,side,currency,commencement_date,term_months,payment,every,in,rate,\
rate_convention,fair_value,economic_life_months,title_transfers,no_alternative_use,index_base,\
escalation,escalates_every_months
ALONE,TENANT,Owner,lessee,USD,2026-01-15,60,1000,month,arrears,6%,nominal,90000,480,no,no,100,3%,7
BEFORE,TENANT,Owner,lessee,USD,2026-01-15,60,1000,month,arrears,6%,nominal,90000,480,no,no,100,3%,7
"""
LEVELS = """\
lease,date,kind,amount,months,index_level
ALONE,2027-01-15,index-changed,,,107
ALONE,2027-06-15,impaired,500,,
ALONE,2028-02-15,index-changed,,,111
BEFORE,2027-01-15,index-changed,,,107
BEFORE,2027-06-15,guarantee-reassessed,700,,
BEFORE,2028-03-15,impaired,500,,
"""


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """Leases with rights to leave and what happens to them, in the current folder."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("leases", LEASES), ("options", OPTIONS), ("events", EVENTS)):
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    return ("portfolio", "leases.csv", "--options", "options.csv", "--events", "events.csv")


def outcomes(found):
    return {
        (one["framework"], one["decision"], one["about"]): one["outcome"]
        for one in found["determinations"]
    }


@pytest.mark.parametrize("lease", ALL)
def test_both_engines_give_the_same_integers(tables, lease):
    found = printed_json(*tables, "--explain", lease, "--assume", "collection_probable=yes",
                         "--assume", "payments_vary_otherwise=no",
                         "--assume", "risks_stay_with_lessor=no")  # fmt: skip
    assert [one["agrees_with_columns"] for one in found["frameworks"]] == [True, True], found


@pytest.mark.parametrize("lease", ["ALONE", "BEFORE"])
def test_what_an_index_adds_falls_due_until_the_lease_is_measured_at_it(
    tmp_path, monkeypatch, lease
):
    monkeypatch.chdir(tmp_path)
    for name, text in (("leases", INDEXED), ("events", LEVELS)):
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    found = printed_json("portfolio", "leases.csv", "--events", "events.csv", "--explain", lease)
    assert [one["agrees_with_columns"] for one in found["frameworks"]] == [True, True], found


def test_a_right_to_leave_ends_the_term_unless_the_lessee_is_certain_to_stay(tables):
    ended = {
        lease: {
            outcomes(found)[one["framework"], "lease_term", "lease"]: one["schedule"][-1]["date"]
            for one in found["frameworks"]
        }
        for lease in ("LEAVE", "STAY", "BOTH")
        for found in (printed_json(*tables, "--explain", lease),)
    }
    assert ended == {
        "LEAVE": {"to-termination": "2028-12-31"},
        "STAY": {"noncancellable-only": "2030-12-31"},
        # From 24 months on both may leave without a penalty.
        "BOTH": {"enforceable-only": "2027-12-31"},
    }


def test_the_class_is_asked_again_where_the_rules_say_so(tables):
    added, apart, buy = (
        outcomes(printed_json(*tables, "--explain", lease)) for lease in ("ADD", "APART", "BUY")
    )
    change = "lease@2027-01-01/change"
    assert added["us-gaap", "modification", change] == "same-contract"
    assert added["us-gaap", "lessee_reclassification", change] == "asked-again"
    assert apart["ifrs", "modification", change] == "separate-contract"
    assert apart["us-gaap", "lessee_reclassification", change] == "kept"
    assert ("us-gaap", "lessee_classification", "lease@2027-01-01") not in apart
    assert buy["us-gaap", "lessee_classification", "lease"] == "operating"
    assert buy["us-gaap", "lessee_classification", "lease@2027-01-01"] == "finance"
    assert buy["us-gaap", "lessee_classification", "lease@2028-01-01"] == "operating"


def test_what_is_paid_otherwise_is_expensed_when_it_is_paid(tables):
    for framework in printed_json(*tables, "--explain", "LEAVE")["frameworks"]:
        beside = {
            row["date"]: row["variable_payment"]
            for row in framework["schedule"]
            if row["variable_payment"] != "0.00"
        }
        assert beside == {"2026-12-31": "-150.00"}


def test_an_incentive_that_comes_early_lowers_the_asset_and_no_payment_any_more(tables):
    for framework in printed_json(*tables, "--explain", "LATER")["frameworks"]:
        shown = framework["schedule"]
        came = {row["date"]: row["incentives"] for row in shown if row["incentives"] != "0.00"}
        assert came == {"2026-07-15": "2000.00"}
        paid = {row["payment"] for row in shown if row["payment"] != "0.00"}
        assert paid == {"1000.00"}


def test_a_right_of_which_nobody_compared_the_price_leaves_the_lease_undetermined(tables):
    text = EVENTS.replace("90000,,yes", "90000,,")
    Path("events.csv").write_text(text, encoding="utf-8")
    found = printed_json(*tables)
    lacking = {
        row["fact"]
        for table in found
        if table["title"] == "Undetermined leases by missing fact"
        for row in table["rows"]
    }
    assert "price_is_standalone" in lacking


def test_what_is_missing_of_an_option_to_leave_is_told_by_its_cell(tables, capsys):
    Path("options.csv").write_text(
        "lease,kind,after_months,holder\nADD,termination,,lessee\nADD,termination,4,lessor\n",
        encoding="utf-8",
    )
    assert main.run([*tables]) == 1
    told = capsys.readouterr().err
    assert "a termination without a time" in told
    assert "4 months are no whole periods of 3 months" in told
