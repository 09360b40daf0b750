import json
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

from leasebook.book.ledger import Ledger
from leasebook.book.posting import Cause, Posting
from leasebook.measure.schedule import Row as ScheduleRow
from leasebook.measure.schedule import Schedule
from leasebook.report.exchange import as_json
from leasebook.report.pages_book import journal_table, ledger_table, schedule_table
from leasebook.report.pages_determine import determine_table, open_table
from leasebook.report.pages_rule import code_table, rule_tables
from leasebook.report.pages_trace import BridgeLine, BridgeStep, Trace, bridge_table, explain_table
from leasebook.report.text import Page, text
from leasebook.rulebook.determination import Determination, Margin, Missing, Test, TestReading
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.page import rule_page
from leasebook.values.catalogue import CODES
from leasebook.values.money import Currency

USD = Currency.of("USD")
NAMES = {"meta": "Meta Platforms, Inc.", "venture": "Campus venture LLC"}
SUBTITLE = ("Meta Platforms, Inc.", "us-gaap, as-filed")
DAY = date(2029, 1, 1)


def posting(debit, credit, amount_minor, line):
    return Posting(
        entity="meta",
        date=DAY,
        debit=debit,
        credit=credit,
        amount_minor=amount_minor,
        counterparty="venture",
        contract="campus-lease",
        cites="ASC 842-20-30-1",
        text="Rent",
        cause=Cause("lessee-operating", "payment", 1, 0, "lessee-operating", line),
    )


POSTINGS = (
    posting("lease-liability", "cash", 25645833333, 0),
    posting("right-of-use-asset", "lease-liability", 1110580000000, 1),
)


def rows_of(table):
    return json.loads(as_json([table]))


def test_the_journal_prints_postings_of_one_event_as_one_entry_that_balances():
    table = journal_table(POSTINGS, USD, NAMES, SUBTITLE)
    assert sum(row.style == "heading" for row in table.rows) == 1
    rows = rows_of(table)
    debited = sum(Decimal(row["debit"]) for row in rows if "debit" in row)
    credited = sum(Decimal(row["credit"]) for row in rows if "credit" in row)
    assert debited == credited == Decimal("11362258333.33")
    assert {row["cites"] for row in rows} == {"ASC 842-20-30-1"}
    assert "Campus venture LLC" in text([table], Page(scale="units"))


def test_the_ledger_prints_what_each_account_is_left_with():
    rows = rows_of(ledger_table(Ledger.of(POSTINGS), USD, SUBTITLE))
    assert sum(Decimal(row["balance"]) for row in rows) == 0
    assert {row["balance"] for row in rows} == {
        "-256458333.33",
        "-10849341666.67",
        "11105800000.00",
    }


def test_a_schedule_prints_every_column_and_the_rate_it_was_made_with():
    schedule = Schedule(
        name="lessee-operating",
        contract="campus-lease",
        entity="meta",
        counterparty="venture",
        columns=("payment", "rou_reduction", "liability"),
        balances=frozenset({"liability"}),
        rows=(ScheduleRow(DAY, 1, 1, (25645833333, -5, 0)),),
        rates=("epoch 1: 5.5 % effective annual",),
    )
    table = schedule_table(schedule, USD, NAMES, {"liability": "Lease liability"})
    assert rows_of(table) == [
        {
            "contract": "campus-lease",
            "schedule": "lessee-operating",
            "date": "2029-01-01",
            "epoch": 1,
            "period": 1,
            "payment": "256458333.33",
            "rou_reduction": "-0.05",
            "liability": "0.00",
        }
    ]
    printed = text([table], Page(scale="units"))
    assert "Lease" in printed
    assert "reduction" in printed
    assert printed.endswith("epoch 1: 5.5 % effective annual\n")


def determination(about, outcome, stated=None):
    margin = Margin("part of life", None, Fraction(3, 4), None, "share", "above", None, "13.3%")
    test = Test(
        rule_id="major-part-of-life",
        cites="ASC 842-10-25-2(c)",
        evidence="seen",
        gist="",
        outcome="finance",
        verdict="unknown",
        sentence="",
        margin=margin,
        readings=(TestReading("lease_term_months", "with renewals", 240, "silent", "67 %"),),
    )
    return Determination(
        decision="lessee_classification",
        about=about,
        framework="us-gaap",
        outcome=outcome,
        rule_id=None,
        cites="ASC 842-10-25-2",
        evidence="seen",
        sentence="the guarantee's scope is not public",
        tests=(test,),
        missing=(Missing("guarantee_scope", "ASC 842-10-25-2(d)"),),
        stated=stated,
    )


def test_open_decisions_come_first_and_say_what_somebody_states_beside_the_rules():
    found = [determination("other", "operating"), determination("campus-lease", None, "operating")]
    table = determine_table(found, SUBTITLE, {("lessee_classification", "campus-lease"): "Meta"})
    headings = [row.cells["test"] for row in table.rows if row.style == "heading"]
    assert headings == [
        "lessee classification of campus-lease: Meta: operating; the rules: undetermined",
        "lessee classification of other: the rules: operating",
    ]


def test_every_test_its_readings_and_what_is_missing_stand_in_the_data():
    rows = rows_of(determine_table([determination("campus-lease", None)], SUBTITLE))
    assert Counter(row["kind"] for row in rows) == {
        "conclusion": 1,
        "test": 1,
        "reading": 1,
        "missing": 1,
    }
    assert [row["margin"] for row in rows if row["kind"] == "test"] == ["13.3%"]
    assert all(row["concluded"] == "undetermined" and "stated" not in row for row in rows)


def test_a_basis_that_cannot_be_built_says_what_is_lacking_and_what_can_be_done():
    open_decisions = [determination("campus-lease", None)]
    table = open_table(open_decisions, "as-the-rules-conclude", ["as-filed"], SUBTITLE)
    assert rows_of(table) == [
        {
            "decision": "lessee_classification",
            "about": "campus-lease",
            "fact": "guarantee scope",
            "cites": "ASC 842-10-25-2(d)",
        }
    ]
    assert table.notes[0] == "Bases that can be built: as-filed."
    assert "lessee_classification(campus-lease)=OUTCOME" in table.notes[1]


def test_a_bridge_leads_from_the_first_column_to_the_total():
    step = BridgeStep("Notes of Beignet Investor LLC", "ASC 810-10-45-1", Decimal(27293849000))
    line = BridgeLine("FY2025", "debt", "Debt", Decimal(58744000000), (step,), Decimal(86037849000))
    table = bridge_table([line], "USD", SUBTITLE)
    assert [row["amount"] for row in rows_of(table)] == [
        "58744000000",
        "27293849000",
        "86037849000",
    ]
    assert table.rows[-1].style == "total"


def test_an_explanation_keeps_the_level_of_each_station():
    source = Trace("source", "Form 10-K for 2025", reason="note 5")
    line = Trace("line", "Debt", behind=(Trace("account", "Borrowings", behind=(source,)),))
    rows = rows_of(explain_table(line, "USD", SUBTITLE))
    assert [(row["level"], row["station"]) for row in rows] == [
        (0, "line"),
        (1, "account"),
        (2, "source"),
    ]


def test_every_rule_and_every_error_code_has_a_page_that_prints():
    rulebook = Rulebook.load(cases=True)
    ids = {
        rule.id
        for decisions in rulebook.decisions.values()
        for decision in decisions
        for rule in decision.rules
    }
    assert ids
    for rule_id in ids:
        tables = rule_tables(rule_page(rulebook, rule_id))
        assert [table.title for table in tables][-1] == f"{rule_id}: cases"
        assert text(tables, Page(width=80))
    for code in CODES.values():
        assert code.meaning.split()[0] in text([code_table(code)], Page())
