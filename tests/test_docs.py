import re
from functools import cache
from pathlib import Path

import attrs
import pytest

from leasebook import pipeline
from leasebook.cli.names import COMMANDS
from leasebook.contract.credit import LossEstimate
from leasebook.contract.deal import Entity
from leasebook.contract.exchange_rate import ExchangeRate
from leasebook.contract.group import Unsold
from leasebook.contract.lease import DatedAmount, Option, Rent, Valuation
from leasebook.contract.model import KINDS, Draws, StepDownReading
from leasebook.contract.shape import FIGURE_KEYS, DealFile, FiledFile, file_keys
from leasebook.contract.warrant import Tranche
from leasebook.pages.statements import statements_page
from leasebook.statements.layout import load_layouts
from leasebook.statements.ratios import RATIOS

ROOT = Path(__file__).parent.parent
DEAL = ROOT / "fixtures" / "deals" / "meta-hyperion"
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
TYPED = re.compile(r"`(?:\.venv/bin/)?leasebook ([a-z]+)\b[^`\n]*`")
ROW = re.compile(r"^\| `([a-z0-9-]+)` \|", re.MULTILINE)


def named(path):
    return path.relative_to(ROOT).as_posix()


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text, language):
    """The contents of fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def prose(text):
    """The text without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def sections(text):
    """The text under each heading of the second level."""
    parts = re.split(r"^## (.+)$", prose_kept(text), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def prose_kept(text):
    """The text with comments in fenced blocks indented, so that none looks like a heading."""
    return re.sub(
        r"^```.*?^```$",
        lambda block: block[0].replace("\n#", "\n #"),
        text,
        flags=re.MULTILINE | re.DOTALL,
    )


def anchor(heading):
    """The anchor that a heading gets where the pages are shown."""
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def anchors(path):
    text = prose(path.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def broken_links(path, text):
    broken = []
    for target in LINK.findall(prose(text)):
        file, _, place = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (place and place not in anchors(there)):
            broken.append(target)
    return broken


def commands_typed(text):
    """The commands that a page's code names: in spans, and at the beginning of lines of sh."""
    in_blocks = "\n".join(blocks(text, "sh"))
    at_lines = re.findall(r"(?:^|&& )(?:\.venv/bin/)?leasebook ([a-z]+)", in_blocks, re.MULTILINE)
    return {*TYPED.findall(prose(text)), *at_lines}


@cache
def printed_lines():
    """The lines of each statement of the packaged deal, as the command prints them."""
    run = pipeline.run(pipeline.open_deal(DEAL), "as-consolidated", "us-gaap")
    return {
        layout.statement: [line.line for line in layout.lines]
        for layout in statements_page(run).layouts
    }


def keys_of(cls):
    return {key for name, key in file_keys(cls).items() if name != "id"}


def documented_keys(section):
    """The keys in the first column of a section's tables, and those that its prose names."""
    return set(re.findall(r"`([a-z_]+)`", section))


def test_quick_start_is_one_block_of_two_command_lines():
    quick_start = sections(read("README.md"))["Quick start"]
    assert len(re.findall(r"^```", quick_start, re.MULTILINE)) == 2
    (block,) = blocks(quick_start, "sh")
    lines = block.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("leasebook demo")
    assert lines[1] == ".venv/bin/pytest"
    assert not any(line.endswith("\\") for line in lines)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(path):
    assert broken_links(path, path.read_text(encoding="utf-8")) == []


def test_a_link_to_a_missing_page_or_heading_is_seen():
    page = ROOT / "README.md"
    links = "[a](LICENSE) [b](nowhere.md) [c](docs/index.md#decisions) [d](docs/index.md#none)"
    assert broken_links(page, links) == ["nowhere.md", "docs/index.md#none"]


def test_readme_lists_every_command():
    table = sections(read("README.md"))["Commands"]
    assert set(re.findall(r"^\| `leasebook ([a-z]+)", table, re.MULTILINE)) == set(COMMANDS)


def test_the_reference_has_a_section_for_every_command():
    text = read("docs/reference/commands.md")
    headings = re.findall(r"^## `leasebook ([a-z]+)", text, re.MULTILINE)
    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_command_that_a_page_names_is_there(path):
    assert commands_typed(path.read_text(encoding="utf-8")) - set(COMMANDS) == set()


def test_a_command_that_is_not_there_is_seen():
    page = "`leasebook statments D`\n```sh\ncd x && leasebook flip D\nleasebook demo\n```\n"
    assert commands_typed(page) == {"statments", "flip", "demo"}


def test_the_reference_has_every_line_of_the_statements_in_order():
    reference = sections(read("docs/reference/statements.md"))
    documented = {name: ROW.findall(text) for name, text in reference.items()}
    assert documented == printed_lines()


def test_the_printed_lines_are_those_of_the_layouts_and_the_ratios():
    printed = printed_lines()
    for layout in load_layouts():
        assert printed[layout.statement] == [line.id for line in layout.lines]
    assert printed["ratios"][: len(RATIOS)] == [ratio.id for ratio in RATIOS]


def test_the_reference_names_the_accounts_of_every_line():
    rows = {}
    for name, text in sections(read("docs/reference/statements.md")).items():
        for row in text.splitlines():
            found = ROW.match(row)
            if found:
                rows[name, found[1]] = row.rsplit("|", 2)[1]
    for layout in load_layouts()[:2]:
        for line in layout.lines:
            named_there = re.findall(r"`([a-z-]+)`", rows[layout.statement, line.id])
            assert tuple(named_there) == line.accounts


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_has_every_key_of_every_contract(kind):
    parts = re.split(r"^### ", read("docs/reference/deal-files.md"), flags=re.MULTILINE)
    (section,) = [part for part in parts if part.startswith(f'`kind = "{kind}"`')]
    within = {
        "lease": (Rent, Option),
        "residual-value-guarantee": (StepDownReading,),
        "exposure": (LossEstimate,),
        "acquisition": (DatedAmount,),
        "supply": (Unsold, DatedAmount),
        "services": (DatedAmount,),
        "equity-interest": (Valuation,),
        "guarantee": (Valuation,),
        "warrant": (Tranche, Valuation),
    }
    classes = [KINDS[kind], *within.get(kind, ())]
    if any("Draws" in str(field.type) for field in attrs.fields(KINDS[kind])):
        classes.append(Draws)
    wanted = {key for cls in classes for key in keys_of(cls)} - {"title"}
    assert wanted - documented_keys(section) == set()


def test_the_reference_has_every_section_and_key_of_the_files():
    text = read("docs/reference/deal-files.md")
    headings = set(re.findall(r"\[+([a-z_]+)(?:\.ID)?\]", "\n".join(sections(text))))
    assert headings == set(file_keys(DealFile).values())
    assert keys_of(Entity) - documented_keys(sections(text)["`[entities.ID]`"]) == set()
    rates = documented_keys(sections(text)["`[[exchange_rates]]`"])
    assert keys_of(ExchangeRate) - rates == set()
    assert keys_of(FiledFile) - documented_keys(sections(text)["Filed statements"]) == set()
    assert set(FIGURE_KEYS) - documented_keys(sections(text)["Figures"]) == set()
