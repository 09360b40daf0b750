"""
Ratios on lines of which no two are alike, so that none can stand in for another.
"""

from fractions import Fraction

import pytest

from leasebook.statements.ratios import RATIOS, DebtService

LINES = {
    ("balance-sheet", "cash"): 3,
    ("balance-sheet", "marketable-securities"): 5,
    ("balance-sheet", "restricted-cash"): 7,
    ("balance-sheet", "restricted-securities"): 11,
    ("balance-sheet", "total-assets"): 1009,
    ("balance-sheet", "debt"): 211,
    ("balance-sheet", "lease-liabilities"): 53,
    ("balance-sheet", "financing-obligation"): 29,
    ("balance-sheet", "total-liabilities"): 401,
    ("balance-sheet", "total-equity"): 608,
    ("income-statement", "operating-income"): 97,
    ("income-statement", "depreciation"): -41,
    ("income-statement", "interest-expense"): -13,
    ("income-statement", "net-income"): 67,
}


@pytest.mark.parametrize(
    ("ratio", "amount"),
    [
        ("debt", 211),
        ("net-debt-excluding-restricted", 203),
        ("net-debt-including-restricted", 185),
        ("debt-and-lease-liabilities", 293),
        ("debt-to-equity", Fraction(211, 608)),
        ("debt-to-assets", Fraction(211, 1009)),
        ("liabilities-to-assets", Fraction(401, 1009)),
        ("debt-to-ebitda", Fraction(211, 138)),
        ("return-on-assets", Fraction(67, 1009)),
        ("interest-cover", Fraction(97, 13)),
    ],
)
def test_a_ratio_is_what_its_title_says(ratio, amount):
    assert {r.id: r.of(LINES) for r in RATIOS}[ratio] == amount


def test_every_ratio_is_in_the_list_above():
    assert len(RATIOS) == 10


def test_a_shortfall_is_below_zero_and_its_cover_below_one():
    service = DebtService(received_minor=97, paid_minor=100)
    assert (service.cover, service.surplus_minor) == (Fraction(97, 100), -3)
    assert DebtService(received_minor=97, paid_minor=0).cover is None
