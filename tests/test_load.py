import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leasebook.contract.check import CHECKS
from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.contract.load import load_deal
from leasebook.contract.node import Origin
from leasebook.contract.sample import sample
from leasebook.values.money import Currency
from leasebook.values.problem import Refused, render

ROOT = Path(__file__).parent.parent
DEALS = sorted(path for path in (ROOT / "fixtures" / "deals").iterdir() if path.is_dir())
HYPERION = ROOT / "fixtures" / "deals" / "meta-hyperion"
# Without its perimeter, so that a test can add interests between the two companies.
SAMPLE = sample().replace('perimeter  = { owner = "outside" }\n', "")

ENTITY = '[entities.{0}]\nname = "{0}"\n'
HEADER = '[deal]\ntitle = "t"\nreporting = "a"\ncurrency = "USD"\nknown_to = 2026-06-30\n'


@pytest.fixture
def load(tmp_path):
    """Loads a text, or several as the files of a folder."""

    def loading(*texts, **files):  # noqa: ANN202 - as tests do
        if texts:
            (tmp_path / "deal.toml").write_bytes(
                texts[0] if isinstance(texts[0], bytes) else texts[0].encode()
            )
            return load_deal(tmp_path / "deal.toml")
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return load_deal(tmp_path)

    return loading


@pytest.fixture
def refusal(load):
    """The problems of a text, or of several as the files of a folder."""

    def refusing(*texts, **files):  # noqa: ANN202 - as tests do
        with pytest.raises(Refused) as caught:
            load(*texts, **files)
        return caught.value.problems

    return refusing


def codes(problems):
    return [problem.code for problem in problems]


def changed(old, new, text=SAMPLE):
    assert old in text
    return text.replace(old, new, 1)


def figures(value):
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from figures(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from figures(inner)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from figures(getattr(value, field.name))


@pytest.mark.parametrize("path", DEALS, ids=lambda path: path.name)
def test_every_deal_of_the_fixtures_loads_and_all_its_figures_know_their_place(path):
    deal = load_deal(path)
    assert deal.id == path.name
    stated = list(figures(deal))
    assert all(figure.path for figure in stated)
    assert all(figure.source or figure.assumption for figure in stated if figure.known)


def test_hyperion_has_the_terms_of_its_files():
    deal = load_deal(HYPERION)
    lease = deal.contracts["campus-lease"]
    assert lease.rent.total.value == Decimal(12_310_000_000)
    assert lease.rent.total.path == "contracts.campus-lease.rent.total"
    assert lease.discount_rate.range == (Decimal("0.043"), Decimal("0.06581"))
    assert deal.contracts["campus-contribution"].date.value == date(2025, 10, 31)
    assert deal.filed["meta"].lines[0].amount.value == Decimal(35_873_000_000)
    assert deal.events[0].date.path == "events[0].date"
    assert deal.currency == Currency("USD", 2)
    assert deal.bookkeepers() == ("meta", "venture", "beignet")


def test_the_sample_loads_and_says_what_its_comments_say(load):
    deal = load(SAMPLE)
    lease = deal.contracts["hall-lease"]
    assert lease.noncancellable.value.months == 60
    assert lease.discount_rate.value == Decimal("0.065")
    assert deal.facts[0].value.unknown == "nobody has asked the owner"
    assert deal.judgements[0].value.range == (False, True)
    assert deal.bases["as-filed"].assertions == ("tenant", "owner")
    assert max(len(line) for line in SAMPLE.splitlines()) <= 100


def test_a_figure_has_the_source_of_the_nearest_table_that_names_one(load):
    deal = load(SAMPLE)
    hall, lease = deal.assets["hall"], deal.contracts["hall-lease"]
    assert (hall.useful_life.source, hall.useful_life.at) == ("agreement", "schedule 1")
    assert lease.rent.amount.source == "agreement"
    assert lease.discount_rate.source is None
    assert lease.discount_rate.assumption == "the tenant's borrowing rate"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, Origin("10k", "note 5")),
        ({"at": "note 6"}, Origin("10k", "note 6")),
        ({"source": "press"}, Origin("press")),
        ({"assumption": "level"}, Origin(assumption="level")),
        ({"source": "press", "assumption": "level"}, Origin("press", None, "level")),
    ],
)
def test_what_a_table_writes_itself_displaces_what_it_inherits(own, expected):
    assert Origin("10k", "note 5").within(own) == expected


def test_an_own_source_drops_an_inherited_assumption():
    assert Origin(assumption="level").within({"source": "10k"}) == Origin("10k")


def test_a_guarantee_that_leaves_its_scope_out_leaves_it_unknown():
    guarantee = load_deal(HYPERION).contracts["residual-guarantee"]
    assert guarantee.scope.value is None
    assert guarantee.scope.path == "contracts.residual-guarantee.scope"


def test_files_of_a_folder_are_read_as_one_deal(load):
    one = load(a=HEADER, b=ENTITY.format("a"), c=ENTITY.format("b"))
    assert list(one.entities) == ["a", "b"]


def test_an_index_counts_through_all_files_and_is_shown_in_its_own(refusal):
    event = '[[events]]\nscenario = "s"\ncontract = "{}"\nkind = "renewal-exercised"\ndate = {}\n'
    scenario = '[scenarios.s]\ntitle = "s"\n'
    problems = refusal(
        a=HEADER + ENTITY.format("a") + scenario,
        b=event.format("x", "{ unknown = 'open' }"),
        c="\n" + event.format("x", "3"),
    )
    assert [(Path(p.file).name, p.line, p.path) for p in problems] == [
        ("b.toml", 3, "events[0].contract"),
        ("c.toml", 4, "events[1].contract"),
        ("c.toml", 6, "events[1].date"),
    ]


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_line_ends_byte_order_marks_and_a_missing_last_end_are_accepted(load, ending):
    text = SAMPLE.rstrip("\n").replace("\n", ending)
    assert load(b"\xef\xbb\xbf" + text.encode()) == load(SAMPLE)


def test_positions_count_lines_through_carriage_returns(refusal):
    text = changed("currency  =", "curency   =").replace("\n", "\r\n")
    lines = {problem.line for problem in refusal(text) if problem.code == "LB0102"}
    assert lines == {SAMPLE.split("\n").index('currency  = "USD"') + 1}


def test_every_error_of_structure_and_meaning_is_told_at_once(refusal):
    text = changed('asset             = "hall"', 'asset             = "hal"')
    text = changed("reporting =", "reportng  =", text)
    text = changed('amount = "50_000"', "amount = 50000", text)
    text = changed("date       = 2031-01-01", "date       = 2031-01-02", text)
    assert codes(refusal(text)) == ["LB0102", "LB0301", "LB0104", "LB0406"]


def test_a_deal_without_its_header_is_refused_as_a_whole(refusal):
    (problem,) = refusal(a=ENTITY.format("a"), b=ENTITY.format("b"))
    assert (problem.code, problem.line, Path(problem.file).suffix) == ("LB0103", 0, "")


def test_each_file_that_cannot_be_parsed_tells_its_first_error(refusal):
    problems = refusal(a="a = \n", b="b = b\n", c="c = 1\n")
    assert [Path(problem.file).name for problem in problems] == ["a.toml", "b.toml"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"50_000"', '"nan"', "LB0201"),
        ('"50_000"', "nan", "LB0201"),
        ('"50_000"', "-inf", "LB0201"),
        ('"50_000"', '"1e999999999"', "LB0201"),
        ('"50_000"', "1e999999999", "LB0104"),
        ('"50_000"', '"1__0"', "LB0201"),
        ('"50_000"', '"50_000\\n"', "LB0201"),
        ('"50_000"', '" 50"', "LB0201"),
        ('"50_000"', '"(1,200)"', "LB0201"),
        ('"50_000"', '"12oo"', "LB0201"),
        ('"50_000"', '"1\u00a0200"', "LB0201"),
        ('"50_000"', '"５０"', "LB0201"),
        ('"50_000"', '"5%"', "LB0201"),
        ('"50_000"', '"' + "9" * 5000 + '"', "LB0201"),
        ('"50_000"', "9" * 5000, "LB0511"),
        ('"50_000"', "true", "LB0104"),
        ('"50_000"', '["1", 2]', "LB0104"),
        ("times = 1", "times = true", "LB0104"),
        ("times = 1", "times = 1.0", "LB0104"),
        ('"40 years"', '"0 years"', "LB0205"),
        ('"40 years"', '"-1 years"', "LB0205"),
        ('"40 years"', "40", "LB0104"),
        ('"6.5%"', '"-0.99"', "LB0210"),
        ('"6.5%"', '"10.000001"', "LB0210"),
        ('"6.5%"', '"10"', "LB0211"),
        ("known_to  = 2026-06-30", "known_to  = 9999-01-01", "LB0204"),
        ("known_to  = 2026-06-30", "known_to  = 12:00:00", "LB0104"),
        ('"Hall 3"', '"Hall\\u0000"', "LB0208"),
        ('"Hall 3"', '"Hall\\u001b[2J"', "LB0208"),
        ('"Hall 3"', '"Hall \\ud800"', "LB0101"),
        ('lessee            = "tenant"', 'lessee            = "owner"', "LB0302"),
        ("[assets.hall]", "[[assets.hall]]", "LB0104"),
        ("[assets.hall]", '[assets.hall]\nid = "shed"', "LB0102"),
        ("[assets.hall]", "[deal.title.x]\ny = 1\n[assets.hall]", "LB0101"),
        ('"50_000"', '"0"', "LB0415"),
        ("[[events]]", "[events]", "LB0104"),
        ("[entities.owner]", '[entities.""]', "LB0111"),
        ("[entities.owner]", "[entities." + "o" * 65 + "]", "LB0111"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_its_code(refusal, old, new, code):
    problems = refusal(changed(old, new))
    assert code in codes(problems)
    assert all(problem.line and problem.column for problem in problems)


@pytest.mark.parametrize("rate", ["-0.989999999999", "0", "1", "-0.00"])
def test_a_rate_within_its_bounds_is_accepted(load, rate):
    deal = load(changed('"6.5%"', f'"{rate}"'))
    value = deal.contracts["hall-lease"].discount_rate.value
    assert (value == Decimal(rate), str(value).startswith("-0.0")) == (True, False)


def test_an_amount_at_the_limit_is_accepted_and_one_above_is_not(load, refusal):
    load(changed('"50_000"', '"11_258_999_068_426.24"'))
    assert codes(refusal(changed('"50_000"', '"11_258_999_068_426.25"'))) == ["LB0202"]


def test_stated_values_are_exact_and_durations_stay_text(load):
    stated = {
        '"28_787.50"': Decimal("28787.50"),
        '"5.5%"': Decimal("0.055"),
        '"4 years"': "4 years",
        "3": 3,
        "true": True,
        "2026-01-01": date(2026, 1, 1),
        '"1e5"': "1e5",
    }
    text = SAMPLE + "".join(
        f'\n[[facts]]\nabout = "hall"\nfact = "f{n}"\nvalue = {raw}\nsource = "agreement"\n'
        for n, raw in enumerate(stated)
    )
    values = [fact.value.value for fact in load(text).facts if fact.about == "hall"]
    assert [(type(v), v) for v in values] == [(type(v), v) for v in stated.values()]


def test_cells_of_a_table_are_figures_with_the_source_of_their_row(load):
    text = (
        SAMPLE + '\n[[tables]]\nabout = "owner/tenant"\ntable = "activities"\ncomplete = true\n'
        'source = "agreement"\nrows = [\n{ what = "build", share = "0.4" },\n'
        '{ what = "rent", share = { unknown = "not public" }, assumption = "usual" },\n]\n'
    )
    (table,) = load(text).tables
    assert table.complete
    assert table.rows[0]["share"] == Figure(
        Decimal("0.4"), source="agreement", path="tables[0].rows[0].share"
    )
    assert table.rows[1]["what"].assumption == "usual"
    assert table.rows[1]["share"].unknown == "not public"


def test_filed_amounts_are_in_currency_units_and_may_be_unknown(tmp_path):
    (tmp_path / "deal.toml").write_text(
        HEADER + '[sources]\ns = "s"\n' + ENTITY.format("a") + 'filed = "filed.txt"\n',
        encoding="utf-8",
    )
    (tmp_path / "filed.txt").write_text(
        'entity = "a"\nas_of = 2025-12-31\nframework = "us-gaap"\nunit = "1_000"\nsource = "s"\n'
        '[[lines]]\nstatement = "total"\nline = "x"\namount = "-1.5"\n'
        '[[lines]]\nstatement = "total"\nline = "y"\nunknown = "not public"\n',
        encoding="utf-8",
    )
    first, second = load_deal(tmp_path).filed["a"].lines
    assert (first.amount.value, first.amount.source) == (Decimal("-1500.0"), "s")
    assert (second.amount.value, second.amount.unknown) == (None, "not public")


@pytest.mark.parametrize("path", ["../x.toml", "/etc/passwd", "link.toml"])
def test_a_filed_file_outside_the_folder_is_refused_however_it_is_named(tmp_path, path):
    folder = tmp_path / "deal"
    folder.mkdir()
    (folder / "link.toml").symlink_to("/etc/passwd")
    (folder / "link.toml").rename(folder / "link.txt")
    name = path.replace("link.toml", "link.txt")
    (folder / "deal.toml").write_text(
        HEADER + ENTITY.format("a") + f'filed = "{name}"\n', encoding="utf-8"
    )
    with pytest.raises(Refused) as caught:
        load_deal(folder)
    assert codes(caught.value.problems) == ["LB0303"]


@pytest.mark.parametrize("how", ["consolidate", "equity-method"])
def test_a_subsidiary_is_consolidated_with_its_holder(load, refusal, how):
    text = SAMPLE + (
        f'perimeter = {{ owner = "{how}" }}\n[contracts.i]\nkind = "equity-interest"\n'
        'holder = "tenant"\nissuer = "owner"\nshare = "51%"\nfrom = 2026-01-01\n'
        'source = "agreement"\n'
    )
    if how == "consolidate":
        assert load(text).bases["as-the-rules-conclude"].perimeter == {"owner": "consolidate"}
    else:
        assert codes(refusal(text)) == ["LB0410"]


def test_a_perimeter_that_takes_a_holding_company_takes_what_it_holds(tmp_path):
    shutil.copytree(HYPERION, tmp_path / "deal")
    file = tmp_path / "deal" / "deal.toml"
    text = file.read_text(encoding="utf-8")
    whole = '{ venture = "consolidate", beignet = "consolidate" }'
    file.write_text(
        changed(whole, '{ venture = "equity-method", beignet = "consolidate" }', text),
        encoding="utf-8",
    )
    with pytest.raises(Refused) as caught:
        load_deal(tmp_path / "deal")
    (problem,) = caught.value.problems
    assert (problem.code, problem.cites) == ("LB0410", ("ASC 810-10-15-10",))


@pytest.mark.parametrize(
    ("contract", "late"),
    [
        (('kind = "securities"\ninvested = "1"\nincome_total = "1"\npurchased = 2026-02-01\n'
         "until = 2026-02-01\n"), "until"),
        ('kind = "services"\nwhat = ["cleaning"]\nfrom = 2026-02-02\nto = 2026-02-01\n', "to"),
        (('kind = "construction"\nasset = "hall"\n'
         'draws = { total = "1", from = 2026-02-02, to = 2026-02-01 }\n'), "draws.to"),
        (('kind = "contribution"\ninterest = "i"\n'
         'calls = { total = "1", from = 2026-02-02, to = 2026-02-01 }\n'), "calls.to"),
    ],
)  # fmt: skip
def test_what_ends_before_it_begins_is_refused(refusal, contract, late):
    sides = {
        "securities": 'holder = "tenant"\nissuer = "owner"\n',
        "services": 'provider = "tenant"\ncustomer = "owner"\n',
        "construction": 'owner = "owner"\ncontractor = "tenant"\n',
        "contribution": 'contributor = "tenant"\nto = "owner"\n',
    }[contract.split('"')[1]]
    text = SAMPLE + interest("i", "tenant", "1") + "[contracts.c]\nsource = 'agreement'\n"
    problems = refusal(text + sides + contract)
    assert [(p.code, p.path) for p in problems] == [("LB0404", f"contracts.c.{late}")]
    assert problems[0].also


def test_half_of_a_company_is_no_subsidiary(load):
    text = SAMPLE + (
        'perimeter = { owner = "outside" }\n[contracts.i]\nkind = "equity-interest"\n'
        'holder = "tenant"\nissuer = "owner"\nshare = "50%"\nfrom = 2026-01-01\n'
        'source = "agreement"\n'
    )
    assert load(text).contracts["i"].share.value == Decimal("0.50")


def interest(key, holder, share):
    return (
        f'[contracts.{key}]\nkind = "equity-interest"\nholder = "{holder}"\nissuer = "owner"\n'
        f'share = "{share}"\nfrom = 2026-01-01\nsource = "agreement"\n'
    )


def test_interests_may_add_up_to_the_whole_and_no_further(load, refusal):
    fund = '[entities.fund]\nname = "Fund"\n'
    load(SAMPLE + fund + interest("i", "tenant", "40%") + interest("j", "fund", "0.6"))
    more = SAMPLE + fund + interest("i", "tenant", "40%") + interest("j", "fund", "0.61")
    assert codes(refusal(more)) == ["LB0409"]


@pytest.mark.parametrize(("share", "expected"), [("0", ["LB0212"]), ("1.01", ["LB0212"])])
def test_a_share_is_more_than_nothing_and_at_most_the_whole(load, refusal, share, expected):
    assert codes(refusal(SAMPLE + interest("i", "tenant", share))) == expected
    load(SAMPLE + interest("i", "tenant", "1"))


def test_a_subsidiary_that_keeps_no_books_may_stay_outside(load):
    text = changed('name = "Owner LLC"', 'name = "Owner LLC"\nkeeps_books = false')
    perimeter = 'perimeter = { owner = "outside" }\n'
    assert load(text + perimeter + interest("i", "tenant", "1")).entities["owner"].name


@pytest.mark.parametrize(
    ("day", "well"),
    [("01-01", True), ("12-31", True), ("02-29", True), ("02-30", False), ("00-10", False),
     ("13-01", False), ("06-00", False), ("06-31", False), ("6-30", False), ("06-30 ", False)],
)  # fmt: skip
def test_a_fiscal_year_ends_on_a_day_of_the_year(load, refusal, day, well):
    text = changed('fiscal_year_end = "12-31"', f'fiscal_year_end = "{day}"')
    if well:
        assert load(text).entities["tenant"].fiscal_year_end == day
    else:
        assert codes(refusal(text)) == ["LB0214"]


LEAVING = changed('kind       = "option-not-exercised"', 'kind       = "{kind}"').replace(
    "2031-01-01", "{day}"
)
ENDING = '[[contracts.hall-lease.options]]\nkind = "termination"\nterm = "3 years"\n'


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("option-not-exercised", "2031-01-01", []),
        ("option-not-exercised", "2029-01-01", []),
        ("renewal-exercised", "2031-01-01", []),
        ("renewal-exercised", "2029-01-01", ["LB0406"]),
        ("renewal-exercised", "2036-01-01", ["LB0406"]),
        ("renewal-exercised", "2025-12-31", ["LB0407"]),
        ("rent-changed", "2026-01-01", ["LB0412"]),
        ("rent-changed", "2026-01-31", ["LB0412", "LB0406"]),
    ],
)
def test_an_event_falls_on_a_day_of_its_kind(load, refusal, kind, day, expected):
    text = LEAVING.replace("{kind}", kind).replace("{day}", day) + ENDING
    if expected:
        assert codes(refusal(text)) == expected
    else:
        assert str(load(text).events[0].date.value) == day


def test_rent_periods_step_from_the_anchor_and_never_drift(load):
    text = changed("commencement_date = 2026-01-01", "commencement_date = 2026-01-31")
    text = changed("date       = 2031-01-01", 'date       = 2028-02-29\namount = "1"', text)
    assert load(changed('"option-not-exercised"', '"rent-changed"', text)).events


def test_nothing_follows_an_option_that_was_left(refusal):
    text = SAMPLE + (
        '[[events]]\nscenario = "leaves"\ncontract = "hall-lease"\nkind = "rent-changed"\n'
        'date = 2031-02-01\namount = "1"\nsource = "agreement"\n'
    )
    (problem,) = refusal(text)
    assert (problem.code, problem.path) == ("LB0414", "events[1].date")


@pytest.mark.parametrize(
    ("start", "term", "expected"),
    [
        ("2000-01-01", "995 years", []),
        ("2000-01-01", "996 years", ["LB0206"]),
        ("1900-01-01", "995 years", []),
        ("1900-01-01", "996 years", ["LB0206"]),
    ],
)
def test_a_lease_with_its_options_ends_by_2999_and_within_a_thousand_years(
    load, refusal, start, term, expected
):
    text = changed("commencement_date = 2026-01-01", f"commencement_date = {start}")
    text = changed('noncancellable    = "5 years"', f'noncancellable = "{term}"', text)
    text = text.partition("[scenarios.leaves]")[0]
    if expected:
        assert codes(refusal(text)) == expected
    else:
        assert load(text)


def test_checks_have_names_that_say_what_they_hold():
    assert len(set(CHECKS.values())) == len(CHECKS)
    assert all(" " in name for name in CHECKS)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a = " + b"[" * 5000 + b"]" * 5000, "LB0507"),
        (b"a = " + b"{b=" * 5000 + b"1" + b"}" * 5000, "LB0507"),
        (b"a" + b".a" * 20_000 + b" = 1", "LB0508"),
        (b"[a" + b".a" * 20_000 + b"]", "LB0508"),
        (b'a = "' + b"x" * 70_000 + b'"', "LB0506"),
        (b"a = 1\n" * 1_500_000, "LB0505"),
        (b'a = "' + b'\\"' * 30_000, "LB0101"),
        (b'a = """' + b'""\\' * 2_000_000, "LB0506"),
        (b"'''\n" + b"''\n" * 2_000_000, "LB0101"),
        (b"a = 1\n" * 1_000_000, "LB0505"),
        (b"a = 1\n" * 20_000, "LB0109"),
        (b"a = [\n" + b"1,1,1,1,\n" * 500_000 + b"]", "LB0505"),
    ],
)
def test_a_hostile_file_is_refused_soon(refusal, content, code):
    problems = refusal(content)
    assert codes(problems) == [code]


@pytest.mark.parametrize(
    ("within", "beyond", "code"),
    [
        ("a = " + "[" * 32 + "]" * 32, "a = " + "[" * 33 + "]" * 33, "LB0507"),
        ("a = [" + "[[[1]]]," * 20 + "]", "a = [" + "{b=[" * 16 + "]}" * 16 + "]", "LB0507"),
        ("a" + ".a" * 15 + " = 1", "a" + ".a" * 16 + " = 1", "LB0508"),
        ("#" + "x" * 65_535, "#" + "é" * 32_768, "LB0506"),
        ("a = [" + "1, " * 19_999 + "]", "a = [" + "1, " * 20_000 + "]", "LB0505"),
        ("a = " + "9" * 999, "a = " + "9" * 1000, "LB0511"),
        ("a = '" + "[" * 99 + "." * 99 + "'", "a = ''" + "\n[" * 33, "LB0507"),
    ],
)
def test_a_limit_is_met_and_not_passed(refusal, within, beyond, code):
    limits = {"LB0505", "LB0506", "LB0507", "LB0508", "LB0511"}
    assert limits.isdisjoint(codes(refusal(within + "\n")))
    assert codes(refusal(beyond + "\n")) == [code]


def test_a_folder_has_at_most_a_hundred_files(load, refusal):
    empty = {f"f{number}": "" for number in range(99)}
    load(a=SAMPLE, **empty)
    assert codes(refusal(b="", c="", **empty)) == ["LB0504"]


def test_as_many_errors_as_a_file_can_hold_are_told_soon(refusal):
    lines = "".join(f"[contracts.x{n}]\nkind = 'lease'\nlesee = 'tenent'\n" for n in range(9_000))
    problems = refusal(SAMPLE + lines)
    assert len(problems) > 9_000


def test_a_device_is_refused_and_not_read():
    with pytest.raises(Refused) as caught:
        load_deal(Path("/dev/zero"))
    assert codes(caught.value.problems) == ["LB0503"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for the superuser")
def test_a_file_without_rights_is_refused(tmp_path):
    file = tmp_path / "deal.toml"
    file.write_text(SAMPLE, encoding="utf-8")
    file.chmod(0)
    with pytest.raises(Refused) as caught:
        load_deal(file)
    assert caught.value.exit_code == 3


def test_a_deal_without_errors_loads_without_tree_sitter():
    program = (
        "import sys, pathlib\n"
        "from leasebook.contract.load import load_deal\n"
        "load_deal(pathlib.Path(sys.argv[1]))\n"
        "print('tree_sitter' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(HYPERION)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert run.stdout == "False\n"


LINES = SAMPLE.encode().splitlines(keepends=True)
STRANGE = [b"\0", b"\xff", b'"', b"'", b"[", b"]", b"{", b"}", b"=", b".", b"#", b"\n", b"\r",
           b"-", b"_", b"9", b"%", b"\\u0000", b"\xe2\x80\xae", b"nan", b'"""']  # fmt: skip


@st.composite
def mutants(draw):
    """The sample with some bytes and lines changed."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "insert", "cut"])):
            case "drop":
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case "insert":
                at = draw(st.integers(0, len(lines[place])))
                added = draw(st.one_of(st.sampled_from(STRANGE), st.binary(max_size=3)))
                lines[place] = lines[place][:at] + added + lines[place][at:]
            case "cut":
                at = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:at] + lines[place][at + 1 :]
    return b"".join(lines)


def is_deal_or_refused(file):
    """Whether a file gives a deal, or problems that all have a cause and a fix."""
    try:
        return isinstance(load_deal(file), Deal)
    except Refused as refused:
        shown = render(refused.problems)
        return bool(shown) and all(problem.cause and problem.fix for problem in refused.problems)


@settings(
    max_examples=100, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=mutants())
def test_a_mutated_deal_is_a_deal_or_refused(tmp_path, content):
    file = tmp_path / "deal.toml"
    file.write_bytes(content)
    assert is_deal_or_refused(file)


SWAPS = ["1", "-1", "true", '"x"', "[]", "{}", "2026-01-01", "1979-05-27T07:32:00Z", "1.5", "nan",
         "{ value = 1 }", "[[1]]", "{ unknown = 1 }", '{ value = "1", range = 3 }', '""',
         "[{}]", '{ source = 1, value = "1" }', "00:00:00"]  # fmt: skip
KEYED_LINES = [n for n, line in enumerate(LINES) if b" = " in line and not line.startswith(b"#")]


@pytest.mark.parametrize("value", SWAPS)
def test_any_value_at_any_key_gives_a_deal_or_is_refused(tmp_path, value):
    file = tmp_path / "deal.toml"
    for number in KEYED_LINES:
        lines = list(LINES)
        key = lines[number].partition(b"=")[0]
        lines[number] = key + b"= " + value.encode() + b"\n"
        file.write_bytes(b"".join(lines))
        assert is_deal_or_refused(file)
