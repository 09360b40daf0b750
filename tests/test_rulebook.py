"""The rule language, its three values, the loading of rules, and determinations."""

# ruff: noqa: ANN202 - small builders of facts and tables speak by name

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leasebook.facts.dictionary import FactMeaning, TableMeaning
from leasebook.facts.fact import Fact, Reading, Subject, Table, Unknown
from leasebook.rulebook import loading
from leasebook.rulebook.case import CaseError, run_decision_case, run_rule_case
from leasebook.rulebook.determine import determine
from leasebook.rulebook.evaluate import evaluate
from leasebook.rulebook.language import LanguageError, Vocabulary, check, parse
from leasebook.rulebook.loading import Rulebook, RulebookError, rules_folder
from leasebook.rulebook.page import rule_page
from leasebook.rulebook.testing import Scope, settle
from leasebook.rulebook.wording import compare, fill, show

TABLE = TableMeaning(
    name="activities",
    about=("entity",),
    key="director",
    meaning="",
    cites="",
    columns={
        "director": FactMeaning("director", (), "name", "term", "", ""),
        "weight": FactMeaning("weight", (), "share", "judgement", "", ""),
        "agreed": FactMeaning("agreed", (), "boolean", "term", "", ""),
    },
)
UNITS = {
    **dict.fromkeys(("a", "b", "c"), "boolean"),
    **dict.fromkeys(("term", "life"), "months"),
    "rent": "money",
    "part": "share",
    "holder": "name",
    "day": "date",
}
WORDS = Vocabulary(UNITS, {"holder": ("meta", "fund")}, {"activities": TABLE})
NO = Unknown("not stated")


def scope(table=None, **values):
    facts = {
        name: value if isinstance(value, Fact) else Fact(name, value, "term")
        for name, value in values.items()
    }
    return Scope(
        lambda name: facts.get(name, Fact(name, NO, "term")),
        lambda _: table,
        {"activities": TABLE},
        lambda _: None,
    )


def activities(*rows, complete=True):
    made = tuple({k: Fact(k, v, "term") for k, v in row.items()} for row in rows)
    return Table("activities", made, complete=complete)


def value(text, table=None, **values):
    check(parse(text), WORDS)
    return evaluate(parse(text).tree, scope(table, **values)).value


# --- the language ---------------------------------------------------------------------------


def test_numbers_are_exact():
    assert value("part * 3 == 0.3", part=Decimal("0.1")) is True


def test_a_long_decimal_keeps_every_digit():
    assert value("part == 0.12345678901234567890123", part=Decimal("0.12345678901234567890123"))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a.b",
        "rent[0]",
        "term if a else life",
        "[a for a in b]",
        "lambda: a",
        "f'{a}'",
        "term ** 2",
        "term // 2",
        "a is b",
        "holder in ('meta', 'fund')",
        "any_of(activities, a, b)",
        "any_of(activities, condition=a)",
        "any_of(holder, agreed)",
        "sum_of(activities, any_of(activities, agreed)) >= 1",
        "max(term, life) > 3",
        "(a := b)",
        "term < life < 3",
        "1_0j > term",
        "term > 1e999999999",
        "term > 0x10",
        "None == holder",
        "b'x' == holder",
        "term >",
        "",
    ],
)
def test_what_the_language_does_not_have_is_refused(text):
    with pytest.raises(LanguageError):
        check(parse(text), WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "term >= rent",
        "term + part > life",
        "a >= b",
        "holder > 'meta'",
        "holder == 3",
        "holder == 'nobody'",
        "'meta' == 'meta'",
        "term and a",
        "not term",
        "term == 'long'",
        "day > term",
        "trem > life",
    ],
)
def test_unlike_things_are_not_compared(text):
    with pytest.raises(LanguageError):
        check(parse(text), WORDS)


def test_units_follow_products_and_quotients():
    assert check(parse("part * life"), WORDS)[0] == "months"
    assert check(parse("term / life"), WORDS)[0] == "share"
    assert check(parse("2 * rent"), WORDS)[0] == "money"


def test_an_unknown_name_is_met_with_a_suggestion():
    with pytest.raises(LanguageError, match="did you mean term"):
        check(parse("terms > life"), WORDS)


# --- three values ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a or b", {(True, None): True, (False, None): None, (None, None): None}),
        ("a and b", {(False, None): False, (True, None): None, (None, None): None}),
        ("not a", {(None, None): None, (True, None): False, (False, None): True}),
    ],
)
def test_unknown_is_neither_true_nor_false(text, expected):
    for (first, second), answer in expected.items():
        given_a, given_b = (NO if x is None else x for x in (first, second))
        assert value(text, a=given_a, b=given_b) is answer


def test_zero_times_unknown_is_unknown():
    assert value("0 * term >= 0") is None


def test_division_by_zero_is_unknown():
    assert value("term / life > 1", term=1, life=0) is None


def test_only_what_matters_is_missing():
    answer = evaluate(parse("(a and term > 3) or rent > 5").tree, scope(a=False))

    assert answer.missing == ("rent",)


def test_any_of_an_incomplete_list_can_be_true_and_never_false():
    yes, no = {"agreed": True}, {"agreed": False}

    assert value("any_of(activities, agreed)", activities(yes, complete=False)) is True
    assert value("any_of(activities, agreed)", activities(no, complete=False)) is None
    assert value("any_of(activities, agreed)", activities(no)) is False
    assert value("any_of(activities, agreed)", activities()) is False
    assert value("any_of(activities, agreed)", activities(complete=False)) is None
    assert value("any_of(activities, agreed)") is None


def test_all_of_an_incomplete_list_can_be_false_and_never_true():
    yes, no = {"agreed": True}, {"agreed": False}

    assert value("all_of(activities, agreed)", activities(no, complete=False)) is False
    assert value("all_of(activities, agreed)", activities(yes, complete=False)) is None
    assert value("all_of(activities, agreed)", activities(yes)) is True
    assert value("all_of(activities, agreed)") is None


def test_sum_of_counts_the_rows_that_meet_the_condition():
    rows = ({"weight": Decimal("0.4"), "agreed": True}, {"weight": 5, "agreed": False})

    assert value("sum_of(activities, weight, agreed)", activities(*rows)) == Fraction(2, 5)
    assert value("sum_of(activities, weight)", activities(*rows)) == Fraction(27, 5)


def test_sum_of_is_unknown_where_a_row_could_count():
    hidden = {"weight": NO, "agreed": True}

    assert value("sum_of(activities, weight, agreed)", activities(hidden)) is None
    assert value("sum_of(activities, weight)", activities(complete=False)) is None
    assert value("sum_of(activities, weight)") is None
    assert value("sum_of(activities, weight, agreed)", activities({"weight": 1})) is None
    assert value("sum_of(activities, weight, agreed)", activities({"weight": 0})) == 0


def test_a_name_in_a_word_is_the_row_s_column_before_the_subject_s_fact():
    rows = activities({"director": "meta"}, {"director": "fund"})

    assert value("any_of(activities, director == holder)", rows, holder="fund") is True
    assert value("all_of(activities, director == holder)", rows, holder="fund") is False


def row(director, weight):
    return {"director": director, "weight": weight}


def test_most_of_names_the_key_with_the_greatest_total():
    rows = [row("meta", 3), row("fund", 4), row("meta", 2)]

    assert value("most_of(activities, weight)", activities(*rows)) == "meta"


def test_most_of_is_unknown_on_a_tie_or_where_a_hidden_weight_could_turn_it():
    most = "most_of(activities, weight)"

    assert value(most, activities(row("meta", 3), row("fund", 3))) is None
    assert value(most, activities(row("meta", 3), row("fund", NO))) is None
    assert value(most, activities(row("meta", 3), row(NO, 3))) is None
    assert value(most, activities(row("meta", 3), row(NO, NO))) is None
    assert value(most, activities(row("meta", 3), complete=False)) is None
    assert value(most, activities()) is None


def test_most_of_is_known_where_a_hidden_weight_could_not_turn_it():
    most = "most_of(activities, weight)"

    assert value(most, activities(row("meta", 3), row("meta", NO), row("fund", 1))) == "meta"
    assert value(most, activities(row("meta", 3), row(NO, 1), row("fund", 1))) == "meta"


CONDITIONS = [
    "a or b and not c",
    "(a and b) or (not a and c)",
    "not (a and term > life) or b",
    "any_of(activities, agreed or a) and not all_of(activities, weight >= 0.5)",
    "sum_of(activities, weight, agreed) >= 0.5 or c",
    "most_of(activities, weight) == holder",
]
FACTS = {
    "a": st.booleans(),
    "b": st.booleans(),
    "c": st.booleans(),
    "term": st.integers(0, 3),
    "life": st.integers(0, 3),
    "holder": st.sampled_from(["meta", "fund"]),
}
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "director": st.sampled_from(["meta", "fund"]),
            "weight": st.integers(0, 3),
            "agreed": st.booleans(),
        }
    ),
    max_size=3,
)


@settings(max_examples=100)
@given(st.sampled_from(CONDITIONS), st.fixed_dictionaries(FACTS), ROWS, st.data())
def test_learning_a_fact_never_turns_an_answer(text, facts, rows, data):
    known = value(text, activities(*rows), **facts)
    hide = data.draw(st.lists(st.booleans(), min_size=len(facts), max_size=len(facts)))
    hidden = {k: NO if h else v for (k, v), h in zip(facts.items(), hide, strict=True)}
    fewer = [{k: NO if data.draw(st.booleans()) else v for k, v in row.items()} for row in rows]
    complete = data.draw(st.booleans())

    before = value(text, activities(*fewer, complete=complete), **hidden)

    assert before in (None, known)


# --- readings -------------------------------------------------------------------------------


def open_fact(name, *values, exhaustive=True):
    readings = tuple(Reading(str(v), v) for v in values)
    return Fact(name, NO, "term", readings=readings, exhaustive=exhaustive)


def test_exhaustive_readings_settle_what_they_agree_on():
    life = Fact("life", 100, "term")

    def answer(*values, exhaustive=True):
        term = open_fact("term", *values, exhaustive=exhaustive)
        return settle(parse("term >= 0.75 * life").tree, scope(term=term, life=life)).value

    assert answer(80, 90) is True
    assert answer(10, 20) is False
    assert answer(10, 90) is None
    assert answer(80, 90, exhaustive=False) is None


def test_readings_of_two_facts_are_tried_in_every_combination():
    def answer(terms, lives):
        facts = scope(term=open_fact("term", *terms), life=open_fact("life", *lives))
        return settle(parse("term >= life").tree, facts).value

    for terms, lives in product([(1, 2), (2, 3)], [(1, 2), (0, 1)]):
        expected = {t >= life for t, life in product(terms, lives)}
        assert answer(terms, lives) is (expected.pop() if len(expected) == 1 else None)


# --- wording --------------------------------------------------------------------------------


def test_shares_are_rounded_half_even_from_the_exact_value():
    assert show(Fraction(1, 3), ".1%") == "33.3%"
    assert show(Fraction(125, 1000), ".0%") == "12%"
    assert show(Decimal("0.6665"), ".1%") == "66.6%"
    assert show(Fraction(10**30 + 1, 1), ",.2f").startswith("1,000,000,000")


def test_a_template_is_filled_with_what_is_known_and_says_what_is_not():
    values = {"day": date(2029, 1, 1), "held": True, "rent": NO}

    assert fill("{day}: {held}, {rent:,.2f}", values.__getitem__) == "2029-01-01: yes, not known"


def test_a_margin_says_on_which_side_and_how_far():
    assert compare(Fraction(386, 1000), Fraction(9, 10), "share") == (
        "38.6% is 51.4 points below 90.0%"
    )
    assert compare(Fraction(13), Fraction(12), "months") == "13 months is 1 month above 12 months"


# --- the worked rule of the format's page ----------------------------------------------------


@pytest.fixture
def worked(tmp_path):
    text = (rules_folder() / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```toml\n(# rules/.*?)```", text, re.DOTALL):
        path = tmp_path / block.split("\n", 1)[0].removeprefix("# rules/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(block, encoding="utf-8")
    return tmp_path


DECISION = "asc842/example.toml"


def rewrite(folder, old, new, file=DECISION):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def causes(folder, **more):
    with pytest.raises(RulebookError) as error:
        Rulebook.load(folder, **more)
    return "\n".join(map(str, error.value.problems))


def test_the_worked_rule_runs_and_its_cases_hold(worked):
    book = Rulebook.load(worked, cases=True)
    decision = book.decision("us-gaap", "life_test")

    assert len(decision.rules[0].cases) == 4
    for case in decision.rules[0].cases:
        assert run_rule_case(book, decision, decision.rules[0], case).verdict == case.then
    for case in decision.cases:
        assert run_decision_case(book, decision, case).outcome == case.then


def test_a_run_loads_the_same_rules_without_their_cases(worked):
    [rule] = Rulebook.load(worked).decision("us-gaap", "life_test").rules
    [whole] = Rulebook.load(worked, cases=True).decision("us-gaap", "life_test").rules

    assert rule.cases == ()
    assert (rule.id, rule.when, rule.margin) == (whole.id, whole.when, whole.margin)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('evidence = "seen"  ', 'evidence = "sure"  ', "evidence is 'sure'"),
        ('outcome  = "finance"', 'outcome  = "fiance"', "outcome is 'fiance'"),
        ('"us-gaap" ', '"us" ', "framework is 'us'"),
        ("when     =", "whem     =", "whem: no such key; did you mean when?"),
        ("lease_term_months >= major", "lease_term >= major", "did you mean lease_term_months?"),
        ("policy   = {", 'policy   = { near_end = "-",', "no policy is called near_end"),
        ('inputs   = ["lease_term_months", ', "inputs   = [", "inputs must be"),
        ("needs       = []", 'needs       = ["x"]', "needs must be []"),
        ("{part:.1%} of", "{parts:.1%} of", "because: no fact is called parts"),
        ("{part:.1%} of", "{part:.1% of", "because:"),
        ('better = "above"', 'better = "up"', "margin.better"),
        ("[[rule]]", "[[rule]", "is no TOML"),
        ("2019-01-01", '"2019"', "in_force takes dates"),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_file_and_rule(worked, old, new, cause):
    rewrite(worked, old, new)

    found = causes(worked)

    assert cause in found
    assert DECISION in found


def test_a_comparison_of_unlike_units_is_an_error(worked):
    rewrite(worked, 'unit     = "months"\nkind     = "term"', 'unit     = "money"\nkind = "term"',
            "facts/example.toml")  # fmt: skip

    assert "months against money" in causes(worked)


def test_all_problems_are_reported_at_once(worked):
    rewrite(worked, 'evidence = "seen"  ', 'evidence = "sure"  ')
    rewrite(worked, 'stricter = "higher"', 'stricter = "up"', "policies/example.toml")
    rewrite(worked, 'kind     = "measured"', 'kind     = "guess"', "facts/example.toml")

    found = causes(worked)

    assert "evidence is 'sure'" in found
    assert "stricter is higher, lower or none" in found
    assert "kind is 'guess'" in found


def test_a_rule_without_a_case_for_each_verdict_is_an_error_where_cases_are_read(worked):
    rewrite(worked, 'then = "silent"', 'then = "fires"')

    assert "no case that is silent" in causes(worked, cases=True)
    assert Rulebook.load(worked).decision("us-gaap", "life_test")


def test_a_case_that_gives_an_unknown_name_or_a_wrong_type_is_an_error(worked):
    rewrite(worked, "given.lease_term_months = 89", "given.lease_term = 89")
    assert "did you mean lease_term_months" in causes(worked, cases=True)

    rewrite(worked, "given.lease_term = 89", "given.lease_term_months = true")
    loading._load.cache_clear()
    book = Rulebook.load(worked, cases=True)
    decision = book.decision("us-gaap", "life_test")
    case = decision.rules[0].cases[1]
    with pytest.raises(CaseError, match="a number"):
        run_rule_case(book, decision, decision.rules[0], case)


SECOND = """
[decision]
name = "{name}"
standard = "ASC 842"
framework = "us-gaap"
about = "lease"
question = "?"
outcomes = ["yes", "no"]
needs = ["{needs}"]
default = {{ outcome = "no", cites = "-" }}

[[rule]]
id = "{name}-rule"
cites = "-"
evidence = "unverified"
gist = "-"
when = "{needs} == 'yes'"
outcome = "yes"
inputs = ["{needs}"]
because = "-"
"""


def test_decisions_that_wait_for_each_other_are_an_error_that_prints_the_circle(worked):
    for name, needs in (("first", "second"), ("second", "third"), ("third", "first")):
        text = SECOND.format(name=name, needs=needs)
        (worked / "asc842" / f"{name}.toml").write_text(text, encoding="utf-8")

    assert "first waits for second waits for third waits for first" in causes(worked)


def test_a_circle_through_a_measured_fact_is_found_too(worked):
    rewrite(worked, "waits_for = [] ", 'waits_for = ["life_test"] ', "facts/example.toml")

    assert "life_test waits for life_test" in causes(worked)


def test_the_same_decision_or_rule_twice_is_an_error(worked):
    text = (worked / DECISION).read_text(encoding="utf-8")
    (worked / "asc842" / "again.toml").write_text(text, encoding="utf-8")

    found = causes(worked)

    assert "life_test is decided twice in us-gaap" in found
    assert "2 rules of us-gaap have this id" in found


def test_further_folders_are_added(worked, tmp_path_factory):
    extra = tmp_path_factory.mktemp("extra")
    text = SECOND.format(name="second", needs="life_test").replace("'yes'", "'finance'")
    (extra / "second.toml").write_text(text, encoding="utf-8")

    book = Rulebook.load(worked, (extra,))

    assert [d.name for d in book.decisions["us-gaap"]] == ["life_test", "second"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    assert "there is no such folder" in causes(tmp_path / "none")


# --- determinations -------------------------------------------------------------------------

BOOK = Rulebook.load()
POLICY = BOOK.policies["default"]
NOT_MEASURED = Unknown("not measured")


def not_measured(name, _subject, _reached):
    return Fact(name, NOT_MEASURED, "measured")


def run(*subjects, measured=not_measured, framework="us-gaap", as_of=date(2026, 12, 31), **more):
    policy = more.pop("policy", POLICY)
    return determine(
        BOOK, subjects, framework=framework, as_of=as_of, policy=policy, measured=measured, **more
    )


def facts(**values):
    return {
        name: v if isinstance(v, Fact) else Fact(name, v, BOOK.dictionary.facts[name].kind)
        for name, v in values.items()
    }


CAMPUS = {
    "has_renewal_option": True,
    "renewal_option_with_lessor": False,
    "has_residual_value_guarantee": True,
    "renewal_reasonably_certain": False,
    "both_can_leave_without_penalty": False,
    "has_termination_option": False,
    "both_may_terminate": False,
    "title_transfers": False,
    "purchase_option_reasonably_certain": False,
    "no_alternative_use": False,
    "remaining_economic_life_months": 300,
    "total_economic_life_months": 300,
    "fair_value": Decimal("28787.5"),
}


def campus(**changes):
    # Its contract states the rate that it is discounted at.
    stated = frozenset({"discount_rate_basis"})
    return Subject("campus", "lease", facts(**{**CAMPUS, **changes}), unasked=stated)


def measured_with(t5_spread, value_of_payments):
    def measured(name, _subject, reached):
        if name == "t5_spread":
            return Fact(name, t5_spread, "measured")
        if name == "lease_term_months":
            term = reached["lease_term"].stands
            months = {"noncancellable-only": 48, "with-renewals": 240}
            readings = (Reading("without renewals", 48), Reading("with renewals", 240))
            value = NOT_MEASURED if term is None else months[term]
            return Fact(name, value, "measured", readings=readings, exhaustive=True)
        if name == "present_value_for_classification":
            return value_of_payments
        return Fact(name, NOT_MEASURED, "measured")

    return measured


def worth(share):
    return Fact("present_value_for_classification", share * Fraction("28787.5"), "measured")


OPEN_GUARANTEE = Fact(
    "present_value_for_classification",
    Unknown("the guarantee's scope is not public"),
    "measured",
    readings=(
        Reading("excluded", Fraction(386, 1000) * Fraction("28787.5")),
        Reading("at notes outstanding", Fraction(1078, 1000) * Fraction("28787.5")),
        Reading("in full", Fraction(1171, 1000) * Fraction("28787.5")),
    ),
    exhaustive=True,
)
WIDE = Decimal("0.162")


def test_a_lease_whose_rent_is_far_from_its_value_is_operating():
    found = run(campus(), measured=measured_with(WIDE, worth(Fraction(386, 1000))))

    assert found["lease_term", "campus"].outcome == "noncancellable-only"
    classification = found["lessee_classification", "campus"]
    assert classification.outcome == "operating"
    assert classification.rule_id is None
    margins = {test.rule_id: test.margin for test in classification.tests}
    assert margins["major-part-of-economic-life"].value == Fraction(48, 300)
    assert margins["substantially-all-of-fair-value"].difference == Fraction("-0.514")


def test_a_guarantee_of_unknown_scope_leaves_the_class_open_and_shows_each_reading():
    found = run(campus(), measured=measured_with(WIDE, OPEN_GUARANTEE))

    classification = found["lessee_classification", "campus"]
    assert classification.outcome is None
    assert [m.fact for m in classification.missing] == ["present_value_for_classification"]
    [test] = [t for t in classification.tests if t.verdict == "unknown"]
    assert [(r.label, r.verdict, r.margin) for r in test.readings] == [
        ("excluded", "silent", "38.6% is 51.4 points below 90.0%"),
        ("at notes outstanding", "fires", "107.8% is 17.8 points above 90.0%"),
        ("in full", "fires", "117.1% is 27.1 points above 90.0%"),
    ]
    assert classification in found.open()


def test_an_open_renewal_is_named_as_what_later_decisions_lack():
    found = run(campus(), measured=measured_with(NOT_MEASURED, worth(Fraction(386, 1000))))

    assert found["renewal", "campus"].outcome is None
    assert [m.fact for m in found["lease_term", "campus"].missing] == ["t5_spread"]
    classification = found["lessee_classification", "campus"]
    assert [m.fact for m in classification.missing] == ["lease_term_months", "t5_spread"]
    [test] = [t for t in classification.tests if t.verdict == "unknown"]
    assert [(r.label, r.verdict) for r in test.readings] == [
        ("without renewals", "silent"),
        ("with renewals", "fires"),
    ]


def test_a_judgement_is_tried_at_each_end_of_its_range_and_only_flips_are_listed():
    judged = Fact(
        "renewal_reasonably_certain",
        value=False,
        kind="judgement",
        readings=(Reading("low", value=False), Reading("high", value=True)),
    )
    lease = campus(renewal_reasonably_certain=judged)

    found = run(lease, measured=measured_with(WIDE, worth(Fraction(386, 1000))))

    flips = {k: v.alternatives for k, v in found.items() if v.alternatives}
    assert set(flips) == {
        ("renewal", "campus"),
        ("lease_term", "campus"),
        ("lessee_classification", "campus"),
    }
    [flip] = flips["lessee_classification", "campus"]
    assert (flip.fact, flip.label, flip.outcome) == (
        "renewal_reasonably_certain",
        "high",
        "finance",
    )


def test_a_flip_does_flip_when_it_is_applied():
    sure = campus(renewal_reasonably_certain=True)

    found = run(sure, measured=measured_with(WIDE, worth(Fraction(386, 1000))))

    assert found.outcome("lessee_classification", "campus") == "finance"


def test_a_stated_outcome_stands_and_the_rules_conclusion_is_kept_beside_it():
    stated = {("lease_term", "campus"): "with-renewals"}

    found = run(campus(), measured=measured_with(WIDE, worth(Fraction(386, 1000))), stated=stated)

    term = found["lease_term", "campus"]
    assert (term.outcome, term.stated, term.stands) == (
        "noncancellable-only",
        "with-renewals",
        "with-renewals",
    )
    assert found.outcome("lessee_classification", "campus") == "finance"


SALE = {
    "leased_back": True,
    "transfer_contract_exists": True,
    "control_passes": True,
    "has_repurchase_option": False,
    "buyer_put_with_incentive": False,
}


def test_a_transfer_reads_the_class_of_the_leaseback_that_is_its_parent():
    transfer = Subject("contribution", "transfer", facts(**SALE), parents=("campus",))

    def outcome(share):
        measured = measured_with(WIDE, worth(share))
        stated = {("lessor_classification", "campus"): "operating"}
        return run(campus(), transfer, measured=measured, stated=stated).outcome(
            "sale_and_leaseback", "contribution"
        )

    assert outcome(Fraction(386, 1000)) == "sale"
    assert outcome(Fraction(95, 100)) == "failed-sale"


def test_without_a_leaseback_in_sight_the_transfer_stays_open():
    transfer = Subject("contribution", "transfer", facts(**SALE))

    found = run(transfer)["sale_and_leaseback", "contribution"]

    assert found.outcome is None
    assert "lessee_classification" in {m.fact for m in found.missing}


def test_a_rule_holds_from_its_first_day_on():
    lease = Subject(
        "plant", "lease", facts(payments_vary_otherwise=True, day_one_selling_loss=True)
    )

    def outcome(year):
        return run(lease, as_of=date(year, 12, 31)).outcome("day_one_loss_relief", "plant")

    assert [outcome(year) for year in (2018, 2021, 2022)] == [None, "does-not-apply", "applies"]


def test_a_lease_is_classified_by_the_standard_of_the_day():
    def class_on(day):
        return run(campus(title_transfers=True), as_of=day)["lessee_classification", "campus"]

    assert class_on(date(2018, 12, 31)).outcome == "capital"
    assert class_on(date(2018, 12, 31)).cites == "FAS 13.7(a)"
    assert class_on(date(2019, 1, 1)).outcome == "finance"


def test_a_question_that_no_standard_asks_yet_is_not_asked():
    found = run(campus(title_transfers=True), as_of=date(1970, 12, 31))

    assert not [key for key, _ in found.items()]


def test_rules_of_a_time_read_only_decisions_that_are_in_force_all_through_it():
    for framework, decisions in BOOK.decisions.items():
        for decision in decisions:
            changes = {d.in_force.start for d in decisions} | {d.in_force.until for d in decisions}
            first = decision.in_force.start or date.min
            days = {day for day in changes if day and decision.in_force.covers(day)} | {first}
            for day in days:
                then = {d.name for d in BOOK.on(day).decisions[framework]}
                assert set(decision.needs) <= then, (decision.file, day)


def test_two_files_decide_one_question_only_at_different_times(tmp_path):
    old = EXAMPLE_TIMES.format(until="2000-01-01", since="1990-01-01", rule="old")
    new = EXAMPLE_TIMES.format(until="2020-01-01", since="2000-01-01", rule="new")
    both = EXAMPLE_TIMES.format(until="2020-01-01", since="1999-12-31", rule="new")
    (tmp_path / "old.toml").write_text(old)
    (tmp_path / "new.toml").write_text(new)
    assert len(
        Rulebook.load(root=rules_folder(), extra=(tmp_path,)).on(date(1995, 1, 1)).rules("old")
    )

    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.toml").write_text(old)
    (tmp_path / "other" / "b.toml").write_text(both)
    with pytest.raises(RulebookError, match="decided twice"):
        Rulebook.load(root=rules_folder(), extra=(tmp_path / "other",))


EXAMPLE_TIMES = """
[decision]
name      = "asked_at_times"
standard  = "X"
framework = "us-gaap"
about     = "lease"
question  = "?"
outcomes  = ["yes"]
needs     = []
in_force  = {{ from = {since}, until = {until} }}
[[rule]]
id       = "{rule}"
cites    = "X 1"
evidence = "unverified"
gist     = "It is."
when     = "title_transfers"
outcome  = "yes"
inputs   = ["title_transfers"]
because  = "it is"
"""


def test_another_policy_moves_the_threshold():
    measured = measured_with(WIDE, worth(Fraction(85, 100)))
    lower = POLICY.with_values(substantially_all=Decimal("0.85"))

    assert run(campus(), measured=measured).outcome("lessee_classification", "campus") == (
        "operating"
    )
    assert run(campus(), measured=measured, policy=lower).outcome(
        "lessee_classification", "campus"
    ) == ("finance")


def test_the_order_of_subjects_does_not_matter():
    transfer = Subject("contribution", "transfer", facts(**SALE), parents=("campus",))
    measured = measured_with(WIDE, worth(Fraction(386, 1000)))

    forward = run(campus(), transfer, measured=measured)
    backward = run(transfer, campus(), measured=measured)

    assert dict(forward) == dict(backward)


def test_a_value_of_the_wrong_type_is_refused_when_it_is_read():
    with pytest.raises(TypeError, match="title_transfers"):
        run(campus(title_transfers=1))


def test_the_dictionary_finds_names_and_types_that_do_not_fit():
    lease = Subject(
        "campus",
        "lease",
        {"fairvalue": Fact("fairvalue", 1, "term"), "fair_value": Fact("fair_value", "x", "term")},
        {"activity": Table("activity", (), complete=True)},
    )

    first, second, third = BOOK.dictionary.check(lease)

    assert "did you mean fair_value?" in first
    assert "not a number (money)" in second
    assert "no table is called activity" in third


def test_rules_that_contradict_each_other_conclude_nothing(worked):
    other = """
[[rule]]
id = "the-opposite"
cites = "-"
evidence = "unverified"
gist = "-"
when = "lease_term_months > 0"
outcome = "operating"
inputs = ["lease_term_months"]
because = "-"
"""
    rewrite(worked, "[[rule]]", other + "\n[[rule]]")
    book = Rulebook.load(worked)
    lease = Subject(
        "x",
        "lease",
        {
            "lease_term_months": Fact("lease_term_months", 90, "measured"),
            "remaining_economic_life_months": Fact("remaining_economic_life_months", 90, "term"),
        },
    )

    found = determine(
        book,
        [lease],
        framework="us-gaap",
        as_of=date(2026, 1, 1),
        policy=book.policies["default"],
        measured=not_measured,
    )

    assert found["life_test", "x"].outcome is None
    assert "the-opposite (operating) and major-part-of-economic-life (finance)" in (
        found["life_test", "x"].sentence
    )


def test_a_rule_s_page_explains_what_it_reads():
    page = rule_page(BOOK, "us.major-part-of-economic-life")

    assert page.cites == "ASC 842-10-25-2(c)"
    assert page.file == "asc842/lessee-classification.toml"
    assert [line.name for line in page.policy] == ["major_part", "near_end_of_life"]
    assert {line.name: line.unit for line in page.inputs} == {
        "lease_term_months": "months",
        "remaining_economic_life_months": "months",
        "total_economic_life_months": "months",
    }


def test_a_rule_s_page_is_found_by_framework():
    rule = "lessor-title-passes-to-the-lessee"

    assert rule_page(BOOK, f"us.{rule}").framework == "us-gaap"
    assert rule_page(BOOK, f"ifrs.{rule}").framework == "ifrs"
    with pytest.raises(KeyError):
        rule_page(BOOK, "no-such-rule")
