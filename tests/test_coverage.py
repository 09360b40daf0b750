import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from leasebook.book.template import load_templates
from leasebook.cli.coverage import command
from leasebook.pages import paragraphs
from leasebook.pages.coverage import coverage, standard_of, standards
from leasebook.pages.paragraphs import (
    Topic,
    cites_of,
    covered,
    in_order,
    left_out,
    published_by_topic,
    published_cases,
    read,
    topics,
)
from leasebook.rulebook.loading import Rulebook
from leasebook.values.citation import Citation, cited_in

ROOT = Path(__file__).parent.parent
MODELLED = {one.paragraph for one in covered()}


def printed(*arguments):
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_paragraph_of_every_rule_is_listed_with_the_rules_cases():
    for decisions in Rulebook.load(cases=True).decisions.values():
        for decision in decisions:
            for rule in decision.rules:
                for paragraph in cites_of(rule.cites):
                    (found,) = [one for one in covered() if one.paragraph == paragraph]
                    assert found.cases >= len(rule.cases) > 0


def test_every_paragraph_of_every_posting_template_is_listed():
    cited = {p for t in load_templates().values() for line in t.lines for p in cites_of(line.cites)}
    assert cited <= MODELLED


def test_the_paragraphs_that_measurements_name_are_listed_with_the_function():
    (found,) = [one for one in covered() if str(one.paragraph) == "ASC 842-20-35-8"]
    assert "measure.lessee.lessee_schedules" in {use.place for use in found.uses}


def test_every_topic_of_the_published_examples_is_mapped():
    mapped = {(topic.name, topic.framework) for topic in topics()}
    assert {(case["topic"], case["framework"]) for case in published_cases()} <= mapped


def test_every_topic_is_mapped_once_and_tries_only_what_is_modelled():
    names = [(topic.name, topic.framework) for topic in topics()]
    assert len(set(names)) == len(names)
    for topic in topics():
        for own in topic.paragraphs:
            alone = Topic("", "", (own,))
            assert any(alone.tries(paragraph) for paragraph in MODELLED), f"{topic.name}: {own}"


def test_everything_left_out_has_a_reason_and_is_not_modelled_unless_in_part():
    for gap in left_out():
        assert len(gap.why.split()) >= 4
        assert len(gap.what.split()) >= 1
        for paragraph in gap.paragraphs:
            assert (paragraph in MODELLED) == gap.in_part, f"{gap.what}: {paragraph}"


def test_what_was_read_is_modelled_listed_once_and_known_by_where_it_stands():
    listed = [paragraph for one in read() for paragraph in one.paragraphs]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= MODELLED
    for one in read():
        assert one.evidence in ("seen", "substance")
        assert one.where
    (found,) = [one for one in covered() if str(one.paragraph) == "ASC 842-20-35-4"]
    assert found.evidence == "seen"


def test_published_examples_stand_beside_the_paragraphs_their_topic_tries(tmp_path, monkeypatch):
    folder = tmp_path / "leasebook" / "_published"
    folder.mkdir(parents=True)
    case = {"id": "example-1", "topic": "exemption", "framework": "ifrs16"}
    (folder / "cases.json").write_text(json.dumps([case]), encoding="utf-8")
    monkeypatch.setattr(paragraphs, "_PUBLISHED", (folder,))
    assert published_by_topic() == {("exemption", "ifrs16"): ("example-1",)}
    covered.cache_clear()
    try:
        tried = {str(one.paragraph) for one in covered() if one.published == ("example-1",)}
    finally:
        covered.cache_clear()
    assert {"IFRS 16.5(a)", "IFRS 16.5(b)", "IFRS 16.6"} <= tried
    assert "IFRS 16.61" not in tried


def test_a_paragraph_stands_for_its_parts_and_no_others():
    topic = Topic("", "", cites_of("ASC 842-10-25-2"))
    assert topic.tries(Citation.parse("ASC 842-10-25-2(c)"))
    assert not topic.tries(Citation.parse("ASC 842-10-25-20"))


def test_numbers_order_as_numbers_and_letters_after_them():
    listed = ["16.B34", "16.9", "16.10", "16.5(b)", "16.5(a)", "16.B3"]
    ordered = sorted((Citation("IFRS", text) for text in listed), key=in_order)
    assert [one.paragraph for one in ordered] == [
        "16.5(a)", "16.5(b)", "16.9", "16.10", "16.B3", "16.B34",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "paragraphs_named"),
    [
        ("ASC 842-10-25-3(b)(1), 842-10-25-4; IFRS 16.63(d).", 3),
        ("IFRS 16.67 to 16.70; IAS 23.12", 5),
        ("ASC 842-10-25-11 to 25-13", 3),
        ("the year 2024, 5.5 % of 10 units", 0),
    ],
)
def test_running_text_gives_up_its_paragraphs(text, paragraphs_named):
    assert len(cited_in(text)) == paragraphs_named


def test_the_page_of_one_standard_holds_no_other():
    for table in coverage(["ASC 842"]):
        if table.title == "Paragraphs modelled":
            assert {row.cells["standard"] for row in table.rows} == {"ASC 842"}
    assert "ASC 842" in standards()
    assert standard_of(Citation("ASU", "2023-05")) == "ASU 2023-05"


def test_the_counts_of_the_summary_are_those_of_the_list():
    summary, _, listed, _ = coverage()
    total = summary.rows[-1].cells
    assert total["paragraphs"] == len(listed.rows) == len(covered())
    assert total["unverified"] == sum(r.cells["evidence"] == "unverified" for r in listed.rows)
    assert total["with_cases"] == sum(r.cells["rule_cases"] > 0 for r in listed.rows)


def test_all_four_formats_say_the_same():
    arguments = ("--standard", "IFRS 11", "--width", "140")
    page = json.loads(printed(*arguments, "--format", "json"))
    cells = [row for table in page for row in table["rows"]]
    shown = {row["paragraph"] for row in cells if "evidence" in row}
    assert shown == {str(p) for p in MODELLED if standard_of(p) == "IFRS 11"}
    rows = [row for row in csv.reader(io.StringIO(printed(*arguments, "--format", "csv"))) if row]
    assert shown <= {cell for row in rows for cell in row}
    markdown, text = printed(*arguments, "--format", "markdown"), printed(*arguments)
    assert all(re.search(rf"{re.escape(name)}\b", markdown) for name in shown)
    assert all(name in text for name in shown)


@pytest.mark.parametrize("width", [80, 140])
def test_the_page_fits_its_width(width):
    assert max(map(len, printed("--width", str(width)).splitlines())) <= width


def test_a_standard_that_is_not_there_is_refused_with_the_nearest():
    result = CliRunner().invoke(command, ["--standard", "ASC 824"])
    assert result.exit_code == 2
    assert "ASC 842" in result.output
