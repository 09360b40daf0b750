"""Published tables of maturities against published liabilities, and hostile files."""

import io
import json
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leasebook.cli import main
from leasebook.contract.guard import Source
from leasebook.disclosures.bracket import (
    adds_up,
    bracket,
    implied_rate,
    in_units,
    lacks,
    listed,
    months_covered,
    uncommenced,
)
from leasebook.disclosures.json_text import JsonText
from leasebook.disclosures.published import PublishedYear, fiscal_year_ends, read_published
from leasebook.disclosures.spread import SHARES, Spans, fitted_share, weighted_term_years
from leasebook.reckoning.present_value import present_value
from leasebook.reckoning.rates import periodic_rate
from leasebook.values.problem import Refused

ROOT = Path(__file__).parent.parent
FILE = ROOT / "fixtures" / "disclosures" / "published-maturities.json"
MILLION = 10**6


def outcome(*arguments):
    """Exit code, standard output and error of a command."""
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8"),
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8"),
    )
    try:
        code = main.run(list(arguments))
        texts = []
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode("utf-8"))
        return code, *texts
    finally:
        sys.stdout, sys.stderr = kept


@pytest.fixture(scope="module")
def published():
    return read_published(FILE)


@pytest.fixture(scope="module")
def tables(published):
    return {(t.company, t.fiscal_year, t.kind): t for t in published.tables}


@pytest.fixture(scope="module")
def meta(tables):
    return tables["Meta", "FY2025", "operating"]


# --- the published tables -----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "owed"), [("operating", 25_153), ("finance", 1_184)])
def test_metas_liabilities_of_2025_lie_inside_the_bracket_of_their_maturities(tables, kind, owed):
    table = tables["Meta", "FY2025", kind]
    made = bracket(table, (12, 31))
    assert made.worth.low <= owed * MILLION <= made.worth.high
    assert made.worth.low <= made.worth.central <= made.worth.high
    # within a twentieth of what was published
    assert abs(made.worth.central - owed * MILLION) * 20 <= owed * MILLION


def test_metas_operating_maturities_at_their_rate_in_whole_dollars(meta):
    # years at their start and level afterwards, by hand: 7 whole years of 2,621 and 50 in the 8th
    rate = Fraction(43, 1000)
    amounts = [3_211, 3_237, 3_057, 2_985, *[2_621] * 8, 50]
    worth = sum(MILLION * amount / (1 + rate) ** k for k, amount in enumerate(amounts))
    # the monthly rate is frozen at fifteen decimals
    assert abs(bracket(meta, (12, 31)).worth.high - worth) <= 1


def test_metas_published_term_is_reached_by_the_central_tail(meta):
    made = bracket(meta, (12, 31))
    assert abs(made.term_years - Fraction(123, 10)) < Fraction(5, 100)
    assert 0 < made.share < SHARES


def test_the_published_rate_lies_between_the_implied_ones(tables):
    for kind in ("operating", "finance"):
        table = tables["Meta", "FY2025", kind]
        implied = bracket(table, (12, 31)).implied
        assert implied.low <= Fraction(table.discount_rate) <= implied.high


@pytest.mark.parametrize(
    ("name", "total", "owed"),
    [
        (("Meta", "FY2025", "operating"), 33_508, 25_153),
        (("Meta", "FY2025", "finance"), 1_504, 1_184),
        (("Oracle", "FY2025", "operating"), 17_683, 13_450),
        (("Amazon", "Q3 2025", "operating"), 103_025, 86_230),
        (("Amazon", "Q1 2025", "operating"), 97_593, 81_730),
    ],
)
def test_published_tables_sum_to_their_total_and_imply_a_rate(published, tables, name, total, owed):
    table = tables[name]
    ends = fiscal_year_ends(published.tables).get(table.company)
    assert listed(table) == table.total_undiscounted == total
    assert table.present_value == owed
    assert lacks(table, ends) == ()
    implied = bracket(table, ends).implied
    assert Fraction(2, 100) < implied.low < implied.central < implied.high < Fraction(7, 100)


def test_a_quarter_is_three_months_and_the_rest_of_a_year_nine(published, tables):
    ends = fiscal_year_ends(published.tables)
    assert months_covered(tables["Amazon", "Q3 2025", "operating"], None) == (3, 12, 12, 12, 12)
    assert months_covered(tables["Amazon", "Q1 2025", "operating"], None) == (9, 12, 12, 12, 12)
    assert ends["Oracle"] == (5, 31)
    assert months_covered(tables["Oracle", "FY2025", "operating"], ends["Oracle"]) == (12,) * 5


def test_a_fiscal_year_end_that_no_record_shows_leaves_an_oracle_table_open(tables):
    table = tables["Oracle", "FY2025", "operating"]
    assert months_covered(table, None) is None
    assert "years that follow each other from the reporting date" in lacks(table, None)


def test_what_is_cut_off_is_listed_and_not_guessed(tables):
    table = tables["Oracle", "FY2024", "operating"]
    assert lacks(table, (5, 31)) == ("the later maturities", "the undiscounted total")
    with pytest.raises(ValueError, match="not complete"):
        bracket(table, (5, 31))


def test_maturities_that_do_not_sum_are_not_discounted(meta):
    wrong = attrs.evolve(meta, thereafter=meta.thereafter + 100)
    assert lacks(wrong, (12, 31)) == ("maturities that sum to the total (they sum to 33,608)",)
    assert not adds_up(wrong)


@pytest.mark.parametrize(("off", "good"), [(3, True), (4, False)])
def test_a_sum_may_be_off_by_half_of_the_last_digit_of_each_line(meta, off, good):
    # five years, what comes later and the total: seven lines, three and a half
    assert adds_up(attrs.evolve(meta, total_undiscounted=meta.total_undiscounted + off)) is good


def test_a_gap_between_years_is_told(meta):
    years = (*meta.maturities[:2], *meta.maturities[3:])
    holed = attrs.evolve(meta, maturities=years)
    assert months_covered(holed, (12, 31)) is None


def test_leases_not_yet_commenced_are_worth_less_the_later_they_begin(meta):
    worth = uncommenced(meta)
    assert worth.low < worth.central < worth.high < in_units(meta.not_yet_commenced, meta)
    # at once, 148 months in advance at 4.3 % a year
    monthly = periodic_rate(Decimal("0.043"), "effective-annual", 1)
    level = Fraction(103_770 * MILLION, 148)
    assert abs(worth.high - sum(level / (1 + monthly) ** k for k in range(148))) < 148
    assert uncommenced(attrs.evolve(meta, discount_rate=None)) is None


# --- spreading ----------------------------------------------------------------------------------

SPANS = st.builds(
    Spans,
    st.just((12, 12)),
    st.tuples(st.integers(1, 10**9), st.integers(10**4, 10**9)),
    st.integers(0, 10**10).map(lambda amount: amount % (40 * 10**4)),
)


@given(SPANS, st.integers(0, SHARES), st.sampled_from(("start", "monthly", "end")))
def test_whatever_the_shape_the_dues_sum_to_the_maturities(spans, share, within):
    dues = spans.by_month(share, within)
    assert sum(dues) == sum(spans.amounts) + spans.thereafter
    assert min(dues) >= 0


@given(SPANS, st.integers(0, SHARES), st.fractions(0, Fraction(1, 50), max_denominator=1000))
def test_sooner_in_the_year_and_a_faster_tail_are_worth_more(spans, share, rate):
    def worth(share, within) -> Fraction:
        return present_value(spans.by_month(share, within), rate, 0)

    assert worth(share, "start") >= worth(share, "monthly") >= worth(share, "end")
    # a month's rounding may fall either way
    assert worth(0, "monthly") + 2 >= worth(share, "monthly") >= worth(SHARES, "monthly") - 2


def test_the_slowest_tail_is_never_used_up_but_at_its_bound():
    tail = Spans((12,), (1_200_000,), 12_000_000).tail(SHARES)
    assert len(tail) == 600
    assert tail[:2] == [100_000, 99_167]
    assert sum(tail) == 12_000_000


def test_two_level_leases_are_weighed_by_their_liabilities():
    # 10 a month for a year and 5 a month for two, without interest: (120 x 1 + 120 x 2) / 240
    dues = [15] * 12 + [5] * 12
    assert weighted_term_years(dues, Fraction(0)) == Fraction(3, 2)


def test_a_term_beyond_reach_takes_the_nearest_end():
    spans = Spans((12,), (1_200,), 6_000)
    rate = Fraction(1, 300)
    assert fitted_share(spans, rate, Fraction(1)) == 0
    assert fitted_share(spans, rate, Fraction(99)) == SHARES


def test_no_rate_makes_a_sum_worth_more_than_itself():
    assert implied_rate([100, 100], 201) is None
    assert implied_rate([100, 100], 200) == 0


# --- the file -----------------------------------------------------------------------------------


def written(tmp_path, text):
    file = tmp_path / "table.json"
    file.write_text(text, encoding="utf-8")
    return file


HOSTILE = {
    "nothing": "",
    "words": "maturities",
    "nan": "[NaN]",
    "minus infinity": "[-Infinity]",
    "leading zero": "[007]",
    "open list": "[1, 2",
    "open text": '["abc',
    "line break in text": '["a\nb"]',
    "bad escape": '["\\x"]',
    "comma at the end": "[1,]",
    "two values": "[] []",
    "no colon": '[{"a" 1}]',
    "no key": "[{1: 2}]",
    "single quotes": "[{'a': 1}]",
    "comment": "[] // done",
    "deep": "[" * 100_000,
    "deep objects": '{"a":' * 50_000,
    "long number": "[" + "9" * 5_000 + "]",
    "mad exponent": "[1e99999999999999999999]",
    "no list": '{"record_type": "maturity_table"}',
    "list of lists": "[[[]]]",
    "text": '"records"',
    "null": "null",
    "key twice": '[{"record_type": "headline", "record_type": "headline"}]',
    "wrong sorts": '[{"record_type": 1}, {"record_type": "maturity_table", "company": {},'
    ' "as_of": [], "currency": 5, "unit": "x", "kind": null, "maturities": {}}]',
    "far year": '[{"record_type": "maturity_table", "company": "c", "as_of": "9999-12-31",'
    ' "currency": "USD", "unit": "million", "kind": "operating", "maturities": []}]',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_code_and_without_a_traceback(name, tmp_path):
    code, stdout, stderr = outcome(
        "disclosures", "--from-table", str(written(tmp_path, HOSTILE[name]))
    )
    assert (code, stdout) == (1, "")
    assert stderr.startswith("error[LB0")
    assert "LB0001" not in stderr


def test_a_missing_file_is_one_of_files_and_disks(tmp_path):
    code, _, stderr = outcome("disclosures", "--from-table", str(tmp_path / "none.json"))
    assert code == 3
    assert "LB0501" in stderr


def test_numbers_are_read_exactly_and_every_key_that_stands_twice_is_told():
    text = JsonText(Source("a.json", '{"a": 0.043, "a": 1, "b": 1e2, "c": -7}'))
    assert text.value() == {"a": 1, "b": Decimal("1e2"), "c": -7}
    assert [p.code for p in text.problems] == ["LB0109"]
    assert JsonText(Source("a.json", "[0.1]")).value() == [Decimal("0.1")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(JSON, st.sampled_from((None, 1)))
def test_what_json_writes_is_read_as_it_was(value, indent):
    assert JsonText(Source("a.json", json.dumps(value, indent=indent))).value() == value


@given(st.text(alphabet='[]{}",:0123456789.eE+-tfnu \n\\', max_size=30))
def test_any_text_is_read_as_python_reads_it_or_refused(text):
    def exact(pairs) -> dict:
        keys = [key for key, _ in pairs]
        assert len(set(keys)) == len(keys)
        return dict(pairs)

    try:
        expected = json.loads(text, parse_float=Decimal, object_pairs_hook=exact)
    except (ValueError, AssertionError):
        expected = Refused
    reader = JsonText(Source("a.json", text))
    try:
        found = reader.value()
    except Refused:
        found = Refused
    if reader.problems:
        found = Refused
    assert found == expected


@given(data=st.data())
def test_records_of_any_values_are_read_or_refused(data, tmp_path_factory):
    record = json.loads(FILE.read_text(encoding="utf-8"))[0]
    key = data.draw(st.sampled_from(sorted(record)))
    record[key] = data.draw(JSON)
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_text(json.dumps([record]), encoding="utf-8")
    code, _, stderr = outcome("disclosures", "--from-table", str(file), "--format", "json")
    assert code in (0, 1)
    assert "LB0001" not in stderr


def test_nil_everywhere_and_amounts_of_one_do_not_divide_by_nothing(meta):
    years = tuple(PublishedYear(str(y), y, "", Decimal(0)) for y in range(2026, 2031))
    nil = {"thereafter": Decimal(0), "total_undiscounted": Decimal(0), "present_value": Decimal(0)}
    nothing = attrs.evolve(meta, maturities=years, **nil)
    assert bracket(nothing, (12, 31)).worth.high == 0
    ones = tuple(attrs.evolve(y, amount=Decimal(1)) for y in years)
    small = attrs.evolve(
        meta, unit="unit", maturities=ones, thereafter=Decimal(3), total_undiscounted=Decimal(8)
    )
    assert bracket(small, (12, 31)).worth.high in (7, 8)


def test_json_keeps_what_was_not_published_as_null_and_amounts_as_exact_text():
    code, stdout, _ = outcome("disclosures", "--from-table", str(FILE), "--format", "json")
    assert code == 0
    page = {t["title"]: {r["record"]: r for r in t["rows"]} for t in json.loads(stdout)}
    meta = page["Published maturities at the published rate"]["Meta FY2025 operating"]
    assert meta["published"] == "25153000000"
    assert meta["inside"] == "yes"
    assert meta["discount_rate"] == "0.043"
    assert Decimal(meta["central"]) - Decimal(meta["published"]) == Decimal(meta["difference"])
    amazon = page["Whether the tables add up"]["Amazon Q3 2025 operating"]
    assert amazon["imputed_interest"] is None
    assert page["Leases not yet commenced"]["Oracle FY2025 operating"]["central"] is None
    assert (
        "the later maturities" in page["What the tables lack"]["Oracle FY2024 operating"]["lacks"]
    )
