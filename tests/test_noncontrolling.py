"""
What outsiders hold of a member when it comes into the group.
"""

from datetime import date
from pathlib import Path

from leasebook.book.posting import Book, Cause, Posting
from leasebook.consolidation.noncontrolling import noncontrolling_schedules
from leasebook.contract.load import load_deal
from leasebook.measure.setting import Setting

HYPERION = Path(__file__).parent.parent / "fixtures" / "deals" / "meta-hyperion"
DAY = date(2026, 1, 31)


def posting(debit, credit, amount, counterparty=""):
    """One posting of the venture."""
    cause = Cause("made up", "amount", 1, 1, "made-up", 0)
    return Posting("venture", DAY, debit, credit, amount, counterparty, "c", "", "", cause)


def kept(entity, postings):
    """A book of some postings."""
    return Book(entity, "us-gaap", "venture", postings)


def capital(*postings):
    """Outsiders' capital in the venture, of which Meta holds a fifth."""
    setting = Setting(load_deal(HYPERION), "us-gaap", "renewed", {})
    books = {"venture": kept("venture", postings), "meta": kept("meta", ())}
    members = frozenset({"meta", "venture"})
    made = noncontrolling_schedules(books, (), members, parent="meta", setting=setting)
    return [s.total("capital") for s in made if s.name == "noncontrolling-capital"]


def test_outsiders_hold_their_share_of_equity_from_before_the_deal():
    assert capital(posting("cash", "shareholders-equity", 1001)) == [801]


def test_equity_from_before_the_deal_that_is_below_zero_is_borne_by_share():
    assert capital(posting("shareholders-equity", "borrowings", 1001)) == [-801]


def test_capital_is_its_payers_and_only_outsiders_count():
    paid = posting("cash", "members-capital", 70, "beignet")
    inside = posting("cash", "members-capital", 30, "meta")
    handed_back = posting("members-capital", "cash", 20, "beignet")
    assert capital(paid, inside, handed_back) == [50]
