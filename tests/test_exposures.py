"""
The sector: every claim counts once, whatever deals it stands in and in whatever order they come.
"""

import io
import json
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leasebook import pipeline
from leasebook.cli import main
from leasebook.disclosures.published import read_published
from leasebook.exposures.add_up import Part, counted, merged, sums_of, towers
from leasebook.exposures.claim import Claim, Node
from leasebook.exposures.discounting import Discounting, assumed_discounting
from leasebook.exposures.sector import (
    Sector,
    compared,
    days_of_interest,
    distinct,
    last_known,
    on_day,
)
from leasebook.exposures.sector_records import read_sector
from leasebook.exposures.vehicles import Holdings, vehicles_of
from leasebook.pages.exposures import exposures, in_deal
from leasebook.values.money import Currency
from leasebook.values.problem import Refused

ROOT = Path(__file__).parent.parent
DEALS = ROOT / "fixtures" / "deals"
FILINGS = ROOT / "fixtures" / "sector" / "filings.json"
TWO_LEVELS = ROOT / "tests" / "deals" / "two-levels.toml"
END_2025, END_2026 = date(2025, 12, 31), date(2026, 12, 31)
MILLION = 10**8  # minor units


def outcome(*arguments):
    """Exit code, standard output and error of a command."""
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8"),
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8"),
    )
    try:
        code = main.run([str(a) for a in arguments])
        texts = []
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode("utf-8"))
        return code, *texts
    finally:
        sys.stdout, sys.stderr = kept


def tables(*arguments):
    """The tables of `leasebook exposures` as JSON, rows by title."""
    code, text, error = outcome("exposures", *arguments, "--format", "json")
    assert (code, error) == (0, "")
    found = json.loads(text)
    return {each["title"]: each["rows"] for each in found}


def by_sponsor(*arguments):
    """The rows of the first table by sponsor and date."""
    rows = next(iter(tables(*arguments).values()))
    return {(row["sponsor"], row["date"]): row for row in rows}


def opened(path, basis="as-filed", framework="us-gaap"):
    return in_deal(pipeline.run(pipeline.open_deal(path), basis, framework))


def changed(tmp_path, name, **replaced):
    """The deal of two levels with some text put in place of other, under a name of its own."""
    text = TWO_LEVELS.read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hyperion():
    return opened(DEALS / "meta-hyperion")


@pytest.fixture(scope="module")
def vci():
    return opened(DEALS / "xai-vci")


@pytest.fixture(scope="module")
def two_levels():
    return opened(TWO_LEVELS)


@pytest.fixture(scope="module")
def filings():
    headlines, estimates = read_sector(FILINGS)
    return Sector((), read_published(FILINGS).tables, headlines, estimates)


# --- one deal -----------------------------------------------------------------------------------


def test_the_notes_above_the_venture_the_rent_and_the_guarantee_are_one_exposure(hyperion):
    (meta,) = on_day(Sector((hyperion,)), END_2025).sponsors
    sums = meta.sums

    assert sums.debt == Part(2_729_384_900_000)
    assert sums.undiscounted == Part(12_310 * MILLION)
    assert sums.leases == Part(945_788_218_307)
    assert (sums.maximum, sums.expected) == (Part(28_000 * MILLION), Part(0))
    assert sums.whole_maximum == Part(28_000 * MILLION)
    assert sums.whole_expected == Part(2_729_384_900_000)
    assert meta.filed.amount == 58_744 * MILLION


def test_a_lease_to_come_is_worth_what_the_notes_say_of_it():
    asked = ("disclosures", DEALS / "meta-hyperion", "--as-of", "2025-12-31", "--format", "json")
    rows = json.loads(outcome(*asked)[1])["rows"]
    notes = {row["line"]: row["amount"] for row in rows if row["column"] == "campus-lease"}
    claims = tables(DEALS / "meta-hyperion", "--years", "2025")[
        "Claim by claim: what is added up and what is left out"
    ]
    (lease,) = [row for row in claims if row["kind"] == "lease"]
    assert lease["amount"] == notes["present-value"]
    assert (lease["undiscounted"], lease["discount_rate"]) == (
        notes["undiscounted"],
        notes["discount-rate"],
    )


def test_what_the_group_consolidates_is_owed_on_its_own_balance_sheet():
    deal = opened(DEALS / "meta-hyperion", "as-consolidated")
    day = on_day(Sector((deal,)), END_2025)
    assert day.sponsors == ()
    assert [(level.vehicle.id, level.consolidated) for level in day.levels] == [
        ("beignet", True),
        ("venture", True),
    ]


def test_a_lease_that_has_commenced_is_on_the_balance_sheet_and_not_beside_it(hyperion):
    (before,) = on_day(Sector((hyperion,)), date(2028, 12, 31)).sponsors
    (after,) = on_day(Sector((hyperion,)), date(2029, 1, 1)).sponsors
    assert (before.sums.leases.amount > 0, before.booked) == (True, 0)
    assert (after.sums.leases, after.booked > 0) == (Part(0), True)


# --- levels -------------------------------------------------------------------------------------


def test_debt_between_levels_and_to_the_sponsor_is_left_out(two_levels):
    (tenant,) = on_day(Sector((two_levels,)), END_2026).sponsors

    assert tenant.sums.debt == Part(1_650_000_00)
    assert tenant.sums.whole_maximum == Part(900_000_00)
    inside = {c.contract: c.inside for c in tenant.claims if c.inside}
    assert inside == {
        "inner-loan": "owed to Holding LLC, which is added up itself",
        "tenant-loan": "owed to Tenant Inc., which is the sponsor's own",
    }


def test_a_guarantee_of_a_debt_that_is_counted_adds_what_it_is_beyond_the_debt(tmp_path):
    text = {'principal   = "900_000"': 'principal   = "950_000"'}
    (tenant,) = on_day(Sector((opened(changed(tmp_path, "a.toml", **text)),)), END_2026).sponsors
    assert tenant.sums.maximum == Part(950_000_00)
    assert tenant.sums.whole_maximum == Part(950_000_00)
    assert tenant.sums.whole_expected == Part(900_000_00)


def test_what_is_expected_of_a_guarantee_is_its_last_estimate(two_levels):
    days = [date(2026, 6, 29), date(2026, 6, 30)]
    rows = [on_day(Sector((two_levels,)), day).sponsors[0] for day in days]
    assert rows[0].sums.expected == Part(0, ("guarantee",), known=False)
    assert rows[1].sums.expected == Part(9_000_00)
    assert rows[0].sums.whole_expected == Part(900_000_00, ("guarantee",))


def test_a_share_goes_through_every_level(two_levels):
    levels = on_day(Sector((two_levels,)), END_2026).levels
    found = [(level.vehicle.id, level.depth, level.share) for level in levels]
    assert found == [("holding", 0, Fraction(2, 5)), ("campus-co", 1, Fraction(11, 20))]
    assert [(level.outside, level.inside) for level in levels] == [
        (900_000_00, 0),
        (0, 750_000_00),
    ]


def test_holders_that_hold_each_other_end_somewhere(two_levels):
    held = attrs.evolve(
        two_levels.deal.contracts["holding-in-campus"], id="back", holder="campus-co",
        issuer="holding",
    )  # fmt: skip
    deal = attrs.evolve(two_levels.deal, contracts={**two_levels.deal.contracts, "back": held})
    holdings = Holdings(deal, END_2026)
    assert holdings.look_through("campus-co", frozenset({"tenant"})) == Fraction(11, 20)
    assert holdings.depth("campus-co", frozenset({"campus-co", "holding"}), frozenset()) == 1


def test_vehicles_are_held_by_the_deal_or_have_issued_notes_and_file_nothing(hyperion, vci):
    assert vehicles_of(hyperion.deal) == ("venture", "beignet")
    assert vehicles_of(vci.deal) == ("vci",)
    other = pipeline.open_deal(DEALS / "circular-nvidia-coreweave")
    assert vehicles_of(other) == ()  # eleven per cent make no vehicle


def test_debt_of_an_issuer_without_books_is_not_public(tmp_path):
    text = {'name = "Holding LLC"': 'name = "Holding LLC"\nkeeps_books = false'}
    path = changed(tmp_path, "a.toml", **text)
    kept = path.read_text(encoding="utf-8").replace(', holding = "outside"', "")
    path.write_text(kept.replace(', holding = "consolidate"', ""), encoding="utf-8")
    (tenant,) = on_day(Sector((opened(path),)), END_2026).sponsors
    assert tenant.sums.debt == Part(750_000_00, ("notes",))
    assert tenant.sums.whole_maximum == Part(900_000_00, ("notes",))


def test_enrons_vehicles_owe_what_the_restatement_added_to_debt():
    enron = Sector((opened(DEALS / "enron"),))
    owed = [on_day(enron, date(year, 12, 31)).whole.sums for year in range(1997, 2001)]
    assert [sums.whole_maximum for sums in owed] == [
        Part(amount * MILLION) for amount in (711, 561, 685, 628)
    ]
    assert on_day(enron, date(2001, 12, 31)).whole.sums.debt == Part(0)


# --- several deals ------------------------------------------------------------------------------


def test_adding_an_unrelated_deal_adds_its_figures_exactly(hyperion, vci, two_levels):
    alone = [on_day(Sector((one,)), END_2026).whole.sums for one in (hyperion, vci, two_levels)]
    together = on_day(Sector((hyperion, vci, two_levels)), END_2026).whole.sums
    for field in attrs.fields(type(together)):
        parts = [getattr(sums, field.name) for sums in alone]
        whole = getattr(together, field.name)
        amounts = [p.amount if isinstance(p, Part) else p for p in parts]
        assert (whole.amount if isinstance(whole, Part) else whole) == sum(amounts)


def test_the_order_of_deals_and_records_changes_nothing(filings):
    paths = [DEALS / "meta-hyperion", DEALS / "xai-vci", TWO_LEVELS]
    one = outcome("exposures", *paths, "--from-table", FILINGS)
    other = outcome("exposures", "--from-table", FILINGS, *reversed(paths))
    assert one == other
    turned = attrs.evolve(filings, tables=filings.tables[::-1], headlines=filings.headlines[::-1])
    assert on_day(turned, END_2025).whole.sums == on_day(filings, END_2025).whole.sums


def test_the_same_deal_twice_counts_once(hyperion):
    once = on_day(Sector((hyperion,)), END_2025)
    again = opened(DEALS / "meta-hyperion")
    assert distinct((hyperion, again)) == (hyperion,)
    assert on_day(Sector((hyperion, again)), END_2025) == once
    paths = (DEALS / "meta-hyperion", DEALS / "meta-hyperion")
    assert outcome("exposures", *paths) == outcome("exposures", paths[0])


def test_a_vehicle_in_two_deals_is_counted_once_and_says_where_it_stands(tmp_path):
    other = {'title     = "A campus, its': 'title     = "Another view of the campus, its'}
    deals = (opened(TWO_LEVELS), opened(changed(tmp_path, "second-view.toml", **other)))
    (one,), (two,) = (on_day(Sector((deal,)), END_2026).sponsors for deal in deals)
    day = on_day(Sector(deals), END_2026)
    assert day.whole.sums == one.sums == two.sums
    assert {claim.deals for claim in day.whole.claims} == {("second-view", "two-levels")}
    assert {level.deals for level in day.levels} == {("second-view", "two-levels")}


def test_two_deals_that_tell_different_amounts_of_one_debt_are_refused(tmp_path):
    other = {'principal           = "900_000"': 'principal           = "950_000"'}
    deals = (opened(TWO_LEVELS), opened(changed(tmp_path, "plan.toml", **other)))
    with pytest.raises(Refused) as caught:
        on_day(Sector(deals), END_2026)
    (problem,) = caught.value.problems
    assert problem.code == "LB0465"
    assert "Notes of the holding company" in problem.cause
    code, text, error = outcome("exposures", TWO_LEVELS, tmp_path / "plan.toml")
    assert (code, text) == (1, "")
    assert "LB0465" in error


def test_what_two_sponsors_lean_on_is_in_both_rows_and_once_in_all(tmp_path):
    other = {
        'reporting = "tenant"': 'reporting = "second"',
        "[entities.holding]": '[entities.second]\nname = "Second Inc."\n\n[entities.holding]',
    }
    deals = (opened(TWO_LEVELS), opened(changed(tmp_path, "second.toml", **other)))
    day = on_day(Sector(deals), END_2026)
    debts = {row.sponsor: row.sums.debt.amount for row in day.sponsors}
    assert debts["tenant"] == 1_650_000_00
    assert debts["second"] == 1_650_000_00
    assert day.whole.sums.debt == Part(1_650_000_00)


def test_text_shows_levels_and_claims_as_of_the_last_year_that_is_known(hyperion, vci):
    sector = Sector((hyperion, vci))
    days = days_of_interest(sector)
    assert [day.year for day in days] == [2025, 2026, 2027, 2028, 2029]
    # the second begins after the last year end by which it is known
    assert last_known(sector, days) == (END_2025, END_2026)


def test_deals_in_two_currencies_are_not_added_up(tmp_path):
    path = changed(tmp_path, "euro.toml", **{'"USD"': '"EUR"'})
    code, text, error = outcome("exposures", TWO_LEVELS, path)
    assert (code, text) == (2, "")
    assert "USD, EUR" in error


# --- what companies file ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("estimator", "measure", "computed", "lacks"),
    [
        ("Moody's", "not_yet_commenced", 640_291, ()),
        ("Moody's", "all_lease_payments", 900_461, ("Alphabet",)),
        ("Bloomberg", "not_yet_commenced", 640_291, ()),
        ("Bloomberg, early 2026", "not_yet_commenced", 653_291, ()),
        ("Bloomberg, mid 2026", "not_yet_commenced", 1_029_311, ()),
        ("Moody's, mid 2026", "not_yet_commenced", 1_029_311, ()),
        ("Moody's, mid 2026", "all_lease_payments", 1_267_387, ("Alphabet", "Oracle")),
    ],
)
def test_public_sums_stand_beside_those_of_the_records(
    filings, estimator, measure, computed, lacks
):
    (found,) = [
        one
        for one in compared(filings)
        if (one.estimate.estimator, one.estimate.measure) == (estimator, measure)
    ]
    assert (found.computed, found.lacks) == (computed * MILLION, lacks)


def test_the_sum_of_late_2025_is_the_published_one_within_a_thirtieth(filings):
    (moodys,) = [
        one
        for one in compared(filings)
        if one.estimate.estimator == "Moody's" and one.estimate.measure == "not_yet_commenced"
    ]
    # the five filed amounts: Oracle, Microsoft, Meta, Amazon, Alphabet
    assert moodys.computed == (248_000 + 155_000 + 103_770 + 75_021 + 58_500) * MILLION
    published = int(moodys.estimate.amount) * 100
    assert published == 662_000 * MILLION
    assert abs(moodys.computed - published) * 30 < published


def test_the_sum_of_the_first_quarters_filings_is_what_the_readme_says(filings):
    filed = on_day(filings, date(2026, 3, 31)).filed
    five = {"Oracle", "Microsoft", "Meta", "Amazon", "Alphabet"}
    assert sum(f.uncommenced for f in filed if f.company in five) == 774_001 * MILLION


def test_a_lease_of_a_deal_is_inside_what_its_lessee_files(hyperion, filings):
    both = attrs.evolve(filings, deals=(hyperion,))
    (apart,) = [r for r in on_day(filings, END_2025).sponsors if r.sponsor == "meta"]
    (meta,) = [r for r in on_day(both, END_2025).sponsors if r.sponsor == "meta"]

    assert meta.sums.undiscounted == apart.sums.undiscounted == Part(103_770 * MILLION)
    assert meta.sums.leases == apart.sums.leases
    lease = 945_788_218_307
    beyond = apart.sums.leases.amount - lease
    assert meta.sums.whole_maximum == Part(28_000 * MILLION + beyond)
    for view in ("maximum", "expected"):
        gross = meta.sums.debt.amount + meta.sums.leases.amount
        gross += getattr(meta.sums, view).amount
        left = getattr(meta.sums, f"twice_{view}")
        assert gross - left == getattr(meta.sums, f"whole_{view}").amount


def test_a_company_is_the_entity_that_the_user_says(tmp_path):
    renamed = FILINGS.read_text(encoding="utf-8").replace('"Meta"', '"Facebook"')
    file = tmp_path / "filings.json"
    file.write_text(renamed, encoding="utf-8")
    arguments = (DEALS / "meta-hyperion", "--from-table", file, "--years", "2025")
    assert ("facebook", "2025-12-31") in by_sponsor(*arguments)
    together = by_sponsor(*arguments, "--same", "Facebook=meta")
    named = by_sponsor(DEALS / "meta-hyperion", "--from-table", FILINGS, "--years", "2025")
    assert (
        together["meta", "2025-12-31"]["total_maximum"]
        == (named["meta", "2025-12-31"]["total_maximum"])
    )
    code, _, error = outcome("exposures", *arguments, "--same", "Facebok=meta")
    assert code == 2
    assert "did you mean Facebook?" in error


def test_a_record_stands_for_a_year_and_then_its_company_is_not_public(filings):
    last = date(2026, 10, 1)  # 366 days after Amazon's record of 2025-09-30
    amazon = {f.company: f for f in on_day(filings, last).filed}["Amazon"]
    assert amazon.uncommenced == 75_021 * MILLION
    day = on_day(filings, date(2026, 10, 2))
    assert {f.company: f for f in day.filed}["Amazon"].uncommenced is None
    assert "leases of Amazon" in day.whole.sums.whole_maximum.lacks
    assert "amazon" not in {row.sponsor for row in day.sponsors}


def test_filed_debt_is_the_whole_of_it_or_its_parts(filings):
    debts = {f.company: f.debt.amount for f in on_day(filings, END_2025).filed}
    assert debts["Amazon"] == (65_648 + 2_748) * MILLION
    assert debts["Alphabet"] == 46_547 * MILLION
    assert debts["CoreWeave"] == 21_400 * MILLION


def test_commitments_are_discounted_at_the_rate_that_the_company_published(filings):
    filed = {f.company: f for f in on_day(filings, END_2025).filed}
    assert (filed["Meta"].rate, filed["Alphabet"].rate_from) == (Decimal("0.043"), "assumed")
    # the kind of lease with the larger liability: 46,172 of finance leases, 22,861 of operating
    assert filed["Microsoft"].rate == Decimal("0.042")
    chosen = attrs.evolve(
        assumed_discounting(), rate_annual=Decimal(0), chosen=frozenset({"rate_annual"})
    )
    free = on_day(attrs.evolve(filings, by=chosen), END_2025)
    assert [f.worth for f in free.filed] == [f.uncommenced for f in free.filed]


@given(st.integers(0, 10**15), st.integers(0, 120), st.integers(1, 360))
def test_what_begins_later_at_a_rate_is_worth_no_more(amount, begins, term):
    rate = Decimal("0.05")
    sooner, later = (Discounting(rate, b, term).worth(amount, rate) for b in (begins, begins + 1))
    assert 0 <= later <= sooner <= amount
    assert Discounting(rate, begins, term).worth(amount, Decimal(0)) == amount


def test_rents_are_level_monthly_in_advance_from_the_day_they_begin():
    two_months = Discounting(Decimal("0.21"), 12, 2)
    # 1,000 after a year and 1,000 a month later, at 10 % a year: 1,000 / 1.1 (1 + 1 / 1.1^(1/12))
    monthly = Fraction(7_974_140_428_904, 10**15)
    exact = Fraction(2000, 2) * (1 / (1 + monthly) ** 12 + 1 / (1 + monthly) ** 13)
    assert two_months.worth(2000, Decimal("0.1")) == round(exact)
    assert Discounting(Decimal(0), 12, 1).worth(1_100_000, Decimal("0.1")) == 1_000_000


# --- adding up ----------------------------------------------------------------------------------

NODES = [Node(name, name.upper()) for name in "abc"]


def claims():
    """Claims behind three companies, some of them not public."""
    amount = st.none() | st.integers(0, 1000)

    @st.composite
    def one(draw) -> Claim:
        kind = draw(st.sampled_from(["vehicle-debt", "lease", "guarantee"]))
        node = draw(st.sampled_from(NODES))
        most = draw(amount)
        expected = draw(amount) if kind == "guarantee" else most
        name = draw(st.sampled_from("uvwxyz"))
        return Claim(kind, "s", name, name, (node, node), node, most, expected)

    return st.lists(one(), max_size=8, unique_by=lambda claim: claim.key)


ties = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)))


@given(claims(), ties, st.randoms())
def test_nothing_counts_more_than_it_is_and_the_largest_view_counts_whole(found, tied, random):
    tower = towers(NODES, tied)
    sums = sums_of(found, tower)
    gross = sums.debt.amount + sums.leases.amount + sums.maximum.amount
    assert gross - sums.twice_maximum == sums.whole_maximum.amount
    largest = max(sums.debt.amount, sums.leases.amount, sums.maximum.amount)
    assert largest <= sums.whole_maximum.amount <= gross
    turned = list(found)
    random.shuffle(turned)
    assert merged(turned) == merged(found)
    assert sums_of(merged(turned), tower) == sums_of(merged(found), tower)


@given(claims(), ties)
def test_towers_that_are_one_count_no_more_than_apart(found, tied):
    apart = sums_of(found, towers(NODES, ()))
    joined = sums_of(found, towers(NODES, tied))
    assert joined.whole_maximum.amount <= apart.whole_maximum.amount


@given(claims())
def test_what_is_not_public_is_named_and_never_nothing(found):
    whole = sums_of(found, towers(NODES, ())).whole_maximum
    unknown = {c.contract for c in found if c.amount is None}
    assert set(whole.lacks) == unknown
    assert (whole.shown is None) == (bool(found) and all(c.amount is None for c in found))


def test_a_debt_counts_where_debt_and_guarantee_are_equal():
    node = NODES[0]
    both = [
        Claim(kind, "s", kind, kind, (node, node), node, 100, 100)
        for kind in ("guarantee", "vehicle-debt")
    ]
    found = {one.claim.kind: one.amount for one in counted(both, towers([node], ()), "maximum")}
    assert found == {"guarantee": 0, "vehicle-debt": 100}


# --- the command --------------------------------------------------------------------------------


def test_keys_of_rows_are_the_columns_in_every_format(hyperion, filings):
    run = pipeline.run(pipeline.open_deal(DEALS / "meta-hyperion"), "as-filed", "us-gaap")
    sector = attrs.evolve(filings, deals=(hyperion,))
    made = exposures(sector, [run], [END_2025], Currency.of("USD"))
    columns = {table.title: [column.key for column in table.columns] for table in made}

    arguments = ("exposures", DEALS / "meta-hyperion", "--from-table", FILINGS, "--years", "2025")
    told = json.loads(outcome(*arguments, "--format", "json")[1])
    assert [table["title"] for table in told] == list(columns)
    for table in told:
        assert {key for row in table["rows"] for key in row} <= set(columns[table["title"]])
    header = outcome(*arguments, "--format", "csv")[1].splitlines()[0].split(",")
    assert header == ["table", *dict.fromkeys(key for keys in columns.values() for key in keys)]
    assert outcome(*arguments, "--format", "markdown")[1].startswith("## Owed beside")


def test_figures_that_are_not_public_are_null():
    row = by_sponsor(DEALS / "xai-vci", "--years", "2026")["xai", "2026-12-31"]
    assert (row["filed_debt"], row["of_filed_debt"]) == (None, None)


def test_days_and_years_can_be_chosen():
    rows = by_sponsor(DEALS / "meta-hyperion", "--years", "2025..2027")
    assert [when for _, when in rows] == ["2025-12-31", "2026-12-31", "2027-12-31"]
    rows = by_sponsor(DEALS / "meta-hyperion", "--at", "2026-06-30,2026-03-31")
    assert [when for _, when in rows] == ["2026-03-31", "2026-06-30"]


def test_more_than_a_hundred_days_are_too_many():
    days = ",".join(f"{1950 + k}-06-30" for k in range(101))
    code, text, error = outcome("exposures", DEALS / "meta-hyperion", "--at", days)
    assert (code, text) == (2, "")
    assert "101 days" in error


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("DEAL", "--years", "2027..2025"),
        ("DEAL", "--years", "2025.."),
        ("DEAL", "--years", "soon"),
        ("DEAL", "--years", "1900..2999"),
        ("DEAL", "--years", "2025", "--at", "2025-12-31"),
        ("DEAL", "--at", "2025-13-01"),
        ("DEAL", "--rate", "much"),
        ("DEAL", "--rate", "-1%"),
        ("DEAL", "--rate", "nan"),
        ("DEAL", "--rate", "5"),
        ("DEAL", "--rate", "101%"),
        ("DEAL", "--same", "Meta"),
        ("DEAL", "--basis", "as-fyled"),
        ("DEAL", "--term-months", "0"),
    ],
)
def test_a_wrong_command_line_ends_with_two(wrong):
    arguments = [DEALS / "meta-hyperion" if each == "DEAL" else each for each in wrong]
    code, text, error = outcome("exposures", *arguments)
    assert (code, text) == (2, "")
    assert "LB0002" in error


def test_records_that_are_not_well_formed_are_refused_with_their_place(tmp_path):
    file = tmp_path / "filings.json"
    wrong = [
        {"record_type": "headline", "company": "A", "as_of": "2025-12-31", "currency": "USD",
         "unit": "million", "lines": [{"line": "debt_total", "value": "much"}, 7]},
        {"record_type": "public_estimate", "estimator": "B", "as_of": "2025-12-31",
         "currency": "usd", "unit": "dozen", "measure": "all", "companies": "A"},
    ]  # fmt: skip
    file.write_text(json.dumps(wrong, indent=1), encoding="utf-8")
    code, text, error = outcome("exposures", "--from-table", file)
    assert (code, text) == (1, "")
    for cause in ("value is no number", "a line is an object", "companies is no list",
                  "an estimate has an amount", "three capital letters", "the unit is none of",
                  "the measure is none of"):  # fmt: skip
        assert cause in error


def test_a_file_without_records_of_debt_or_leases_says_so(tmp_path):
    file = tmp_path / "none.json"
    file.write_text("[]", encoding="utf-8")
    code, _, error = outcome("exposures", "--from-table", file)
    assert code == 2
    assert "no record of leases" in error
