"""Every deal of the project and of the tests, found by looking: a new one joins by itself."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from leasebook.book.chart import load_chart
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.flows.money import net_positions, payments
from leasebook.pipeline import amounts, fiscal_years, open_deal, run

ROOT = Path(__file__).parent.parent
PACKAGED = sorted((ROOT / "fixtures" / "deals").iterdir())
PATHS = [*PACKAGED, *sorted((ROOT / "tests" / "deals").glob("*.toml"))]
SIDES = ("total-assets", "total-liabilities-and-equity")
TRANSCRIPTS = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "transcripts").iterdir())
)


def name(path):
    return path.stem


@pytest.fixture(scope="module", params=PATHS, ids=name)
def runs(request):
    """Every basis of a deal whose books can be kept, under the framework of whoever files."""
    deal = open_deal(request.param)
    framework = deal.entities[deal.reporting].framework
    found = [run(deal, basis, framework) for basis in deal.bases]
    return [one for one in found if one.kept is not None]


def test_every_deal_has_a_basis_whose_books_are_kept(runs):
    assert runs


def test_m40_money_is_conserved_between_all_parties_of_every_deal(runs):
    chart = load_chart()
    for found in runs:
        positions = net_positions(payments(found.deal, found.kept.schedules, found.setting))
        assert sum(positions.values()) == 0
        for entity, book in found.kept.books.items():
            change = sum(
                p.amount_minor * (chart[p.debit].cash - chart[p.credit].cash) for p in book.postings
            )
            assert positions.get(entity, 0) == change, entity


def test_law_3_every_payment_of_every_deal_is_in_both_books_on_one_day_in_one_amount(runs):
    chart = load_chart()
    for found in runs:
        paid = defaultdict(int)
        books = found.kept.books
        for entity, book in books.items():
            for p in book.postings:
                if p.counterparty in books and p.counterparty != entity:
                    sign = chart[p.debit].cash - chart[p.credit].cash
                    sides = frozenset({entity, p.counterparty})
                    paid[p.date, p.contract, sides] += sign * p.amount_minor
        assert {key: amount for key, amount in paid.items() if amount} == {}


def test_m29_every_line_of_every_deal_is_the_sum_of_its_columns_and_every_sheet_balances(runs):
    for found in runs:
        first, *others, last = (amounts(found)[column] for column in COLUMNS)
        for key, amount in last.items():
            assert amount == first.get(key, 0) + sum(part.get(key, 0) for part in others), key
        for year in fiscal_years(found):
            sheet = {line: last["balance-sheet", year, line] for line in SIDES}
            assert sheet["total-assets"] == sheet["total-liabilities-and-equity"]


def test_m30_the_reporting_company_alone_is_as_filed_whatever_the_basis_brings_in(runs):
    """The first column is the parent's own book on the basis as filed, in every basis of a day."""
    by_day = defaultdict(list)
    for found in runs:
        by_day[found.rules_as_of].append(amounts(found)[COLUMNS[0]])
    for first, *others in by_day.values():
        for other in others:
            shared = first.keys() & other.keys()
            assert all(first[key] == other[key] for key in shared)


@pytest.mark.parametrize("path", PACKAGED, ids=name)
def test_every_packaged_deal_has_golden_statements(path):
    golden = rf"^\$ leasebook statements fixtures/deals/{re.escape(path.name)}( |$)"
    assert re.search(golden, TRANSCRIPTS, re.MULTILINE)


@pytest.mark.parametrize("path", PACKAGED, ids=name)
def test_every_packaged_deal_has_a_page_that_ties_it_to_what_is_public(path):
    page = (path / "README.md").read_text(encoding="utf-8")
    ties = [line for line in page.splitlines() if line.startswith("|")]
    heads = [line for line in ties if "Public" in line and "Computed" in line]
    assert heads, "no table of what is public beside what is computed"
    assert len(ties[ties.index(heads[0]) :]) >= 4
