import os
import shutil
import tomllib
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from leasebook.bulk.parts import Parts
from leasebook.contract.check import CHECKS
from leasebook.contract.draft import draft_of
from leasebook.contract.merge import merge
from leasebook.disclosures.published import read_published
from leasebook.exposures.method import read_method
from leasebook.exposures.sector import Sector, on_day
from leasebook.intake.opened import checked, opened
from leasebook.pages.exposures import in_deal
from leasebook.pipeline import open_deal, run
from leasebook.stress.reading import read_scenario
from leasebook.values.catalogue import CODES
from leasebook.values.citation import Citation
from leasebook.values.problem import Problem, Refused, as_rows, printable, render

ROOT = Path(__file__).parent.parent
GALLERY = ROOT / "fixtures" / "errors"
EXAMPLES = sorted(path.name for path in GALLERY.iterdir() if path.is_dir())
PAGE = ROOT / "docs" / "errors.md"


def circle():
    Path("deal.toml").symlink_to("deal.toml")


def pipe():
    os.mkfifo("deal.toml")


def too_big():
    Path("deal.toml").write_bytes(b"# nothing\n" * 900_000)


def long_line():
    Path("deal.toml").write_text("# " + "long " * 20_000 + "\n", encoding="utf-8")


def formula():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "leases"
    sheet.append(["id", "entity", "currency", "commencement_date", "term_months", "payment"])
    sheet.append(["A-1", "TENANT", "USD", date(2026, 1, 1), 60, "=500*2"])
    book.save("leases.xlsx")


# What a repository cannot keep, or should not: made when its example is shown.
MADE = {
    "LB0502-links-in-a-circle": circle,
    "LB0503-pipe": pipe,
    "LB0505-too-big": too_big,
    "LB0506-long-line": long_line,
    "LB0633-formula": formula,
}


def refused():
    """What is said of the example in the current folder: a deal, or published tables."""
    path, read = Path("deal" if Path("deal").is_dir() else "deal.toml"), open_deal
    if Path("table.json").exists():
        path, read = Path("table.json"), read_published
    if Path("scenario.toml").exists():
        deal = open_deal(path)
        path, read = Path("scenario.toml"), lambda file: read_scenario(file, [deal])
    if Path("second.toml").exists():
        read = lambda file: together(file, Path("second.toml"))  # noqa: E731
    if Path("method.toml").exists():
        path, read = Path("method.toml"), read_method
    if leases := sorted(Path().glob("leases.*")):
        path, read = leases[0], read_leases
    with pytest.raises(Refused) as caught:
        read(path)
    return caught.value


def together(*paths):
    """What two deals owe, added up."""
    deals = [open_deal(path) for path in paths]
    runs = [run(deal, "as-filed", "us-gaap") for deal in deals]
    return on_day(Sector(tuple(map(in_deal, runs))), date(2026, 12, 31))


def read_leases(path):
    """A portfolio with all that stands beside it in the current folder."""
    if Path("parts").exists():
        Parts.opened(Path("parts"), {}, {})
    mapping = Path("mapping.toml") if Path("mapping.toml").exists() else None
    beside = {file.stem: file for file in Path().glob("options.csv")}
    checked(opened((path,), mapping=mapping, beside=beside))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_gallery_is_refused_as_shown(name, tmp_path, monkeypatch, request):
    here = tmp_path / name
    shutil.copytree(GALLERY / name, here)
    monkeypatch.chdir(here)
    MADE.get(name, lambda: None)()
    error = refused()
    shown = render(error.problems) + "\n"
    assert name.partition("-")[0] in {problem.code for problem in error.problems}
    expected = GALLERY / name / "expected.txt"
    if request.config.getoption("--accept", default=False):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


def test_every_code_of_an_input_has_an_example_and_every_example_a_code():
    shown = {name.partition("-")[0] for name in EXAMPLES}
    assert shown == {code.code for code in CODES.values() if code.of_input}


def test_every_check_of_meaning_has_an_example():
    seen = set()
    for file in GALLERY.glob("LB0[1-4]*/deal.toml"):
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError:
            continue
        draft, _ = draft_of(merge([("deal.toml", content)]).tables)
        seen |= {name for name, one in CHECKS.items() if any(one(draft))}
    # needs a filed file beside the deal
    assert set(CHECKS) - seen == {"filed statements are the entity's"}


@pytest.mark.parametrize("name", [n for n in EXAMPLES if n not in MADE])
def test_a_problem_of_a_line_shows_the_line_it_names(name, tmp_path, monkeypatch):
    shutil.copytree(GALLERY / name, tmp_path / name)
    monkeypatch.chdir(tmp_path / name)
    for problem in refused().problems:
        if problem.line and problem.code not in {"LB0509", "LB0510"}:
            text = Path(problem.file).read_text(encoding="utf-8")
            assert text.split("\n")[problem.line - 1] == problem.excerpt
            assert 1 <= problem.column <= len(problem.excerpt) + 1


def test_only_files_and_disks_end_with_three():
    disks = {code.code for code in CODES.values() if code.exit_class == 3}
    assert disks == {"LB0003", "LB0501", "LB0502", "LB0503", "LB0504", "LB0639"}


def test_a_missing_file_ends_with_three_and_a_wrong_key_with_one():
    missing = Refused([Problem("LB0501", "cause", "fix")])
    both = Refused([Problem("LB0501", "cause", "fix"), Problem("LB0102", "cause", "fix")])
    assert (missing.exit_code, both.exit_code) == (3, 1)


def test_fifty_problems_are_shown_and_the_others_counted():
    problems = [Problem("LB0102", f"cause {n}", "fix", "a.toml", n, 1) for n in range(1, 61)]
    lines = render(problems).splitlines()
    assert sum(line.startswith("error[") for line in lines) == 50
    assert lines[-1] == "60 errors in 1 file, the first 50 shown"


def test_carets_stand_below_wide_letters_and_tabs():
    problem = Problem("LB0104", "cause", "fix", "a.toml", 1, 8, 3, "名\t= 'ab' 12x")
    window, carets = render([problem]).splitlines()[2:4]
    # the first letter takes two columns of a terminal
    assert (window, carets) == ("  | 名 = 'ab' 12x", "  |         ^^^")


def test_a_long_line_is_cut_around_the_column():
    problem = Problem("LB0104", "cause", "fix", "a.toml", 1, 501, 4, "x" * 500 + "here" + "y" * 500)
    window, carets = render([problem]).splitlines()[2:4]
    assert len(window) == 104
    assert window[carets.index("^") :].startswith("here")
    assert carets.count("^") == 4


def test_what_a_terminal_would_obey_is_written_as_its_code():
    shown = render([Problem("LB0102", "no \x1b[2J key", "fix", "a\r.toml")])
    assert "\x1b" not in shown
    assert "\r" not in shown
    assert printable("a\x1bb\u202ec") == "a\\x1bb\\u202ec"


def test_rows_have_none_where_a_problem_has_nothing():
    (row,) = as_rows([Problem("LB0501", "cause", "fix", "a.toml")])
    assert (row["line"], row["path"], row["file"]) == (None, None, "a.toml")


@pytest.mark.parametrize("text", ["ASC 810", "asc 842-10-25-2", "IFRS 16.26 x", "", "IFRS 16.26;"])
def test_text_that_names_no_paragraph_is_no_citation(text):
    if text == "ASC 810":
        assert str(Citation.parse(text)) == text
    else:
        with pytest.raises(ValueError, match="names no paragraph"):
            Citation.parse(text)


def errors_page():
    """The page of all error codes."""
    parts = ["# Error codes", "`leasebook rule LB0107` prints one of them."]
    parts += [
        f"## {code.code}: {code.title}\n\n{code.meaning}\n\n"
        f"What to do: {code.remedy}\nExit code: {code.exit_class}."
        for code in CODES.values()
    ]
    return "\n\n".join(parts) + "\n"


def test_the_page_of_error_codes_is_the_catalogue(request):
    if request.config.getoption("--accept", default=False):
        PAGE.write_text(errors_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == errors_page()
