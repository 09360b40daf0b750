from pathlib import Path

import attrs
import pytest

from leasebook import pipeline
from leasebook.book.keep import keep_books
from leasebook.consolidation.group_entries import group_schedules
from leasebook.contract.load import load_deal
from leasebook.measure.setting import Setting

HYPERION = Path(__file__).parent.parent / "fixtures" / "deals" / "meta-hyperion"
MEMBERS = frozenset({"meta", "venture", "beignet"})


def group_entries(assets, framework):
    """The group's entries of the Hyperion deal, with copies of the campus beside it."""
    deal = load_deal(HYPERION)
    campus = deal.assets["campus"]
    copies = {name: attrs.evolve(campus, id=name, owner="venture") for name in assets}
    deal = attrs.evolve(deal, assets={**deal.assets, **copies})
    setting = Setting(deal, framework, "renewed", {})
    kept = keep_books(setting, "two-assets")
    made = group_schedules(MEMBERS, setting=setting, accrued=kept.accrued, until=kept.until)
    return kept, [s for s in made if s.name == "capitalised-interest"]


def test_one_asset_capitalises_as_it_does_alone():
    _, (alone,) = group_entries([], "us-gaap")
    assert (alone.contract, alone.entity) == ("campus", "beignet")
    assert alone.total("interest") == 363_511_707_935


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
def test_assets_that_share_a_note_never_capitalise_more_than_it_costs(framework):
    kept, made = group_entries(["annex", "hall"], framework)
    notes = kept.accrued["notes"]
    for row in notes.rows:
        month = {"first": row.date.replace(day=1), "last": row.date}
        taken = sum(s.total("interest", **month) for s in made)
        assert taken <= notes.total("interest", **month)
    paid = sum(s.total("paid") for s in made)
    assert paid == sum(s.total("interest") for s in made)
    assert paid <= notes.total("coupon")


def test_every_posting_of_a_worksheet_has_a_key_of_its_own():
    run = pipeline.run(load_deal(HYPERION), "as-consolidated", "us-gaap")
    sheet = run.worksheet
    for column in (sheet.parent, sheet.vehicles, sheet.group):
        keys = [p.key for p in column]
        assert len(set(keys)) == len(keys)
