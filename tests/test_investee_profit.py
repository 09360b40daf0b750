from datetime import date
from pathlib import Path

import pytest

from leasebook.pipeline import open_deal, run

DEAL = open_deal(Path(__file__).parent / "deals" / "guarantor.toml")


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_the_sellers_share_of_profit_waits_until_its_investee_sells_on(framework):
    found = run(DEAL, "as-filed", framework)
    (taken,) = [s for s in found.kept.schedules if s.name == "investee-profit"]
    # goods for 8,400 at a mark-up of 50 % hold a profit of 2,800, of which 40 % are the sponsor's
    assert taken.balance("unrealised", date(2026, 3, 31)) == 112_000
    assert taken.balance("unrealised", date(2026, 12, 31)) == 48_000  # 3,600 of 8,400 are left
    assert taken.balance("unrealised", date(2027, 3, 31)) == 0
    assert (taken.contract, taken.entity) == ("sponsor-interest", "sponsor")


def test_in_a_group_all_of_the_profit_is_taken_out_and_the_share_with_it():
    found = run(DEAL, "as-consolidated", "us-gaap")
    kept = [
        p.debit == "equity-method-investments"
        for p in found.worksheet.column("as-consolidated")
        if p.cause.schedule == "investee-profit"
    ]
    assert len(kept) % 2 == 0  # each entry with its reversal
    assert sum(kept) * 2 == len(kept)
