import json
import os
import stat
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace
from typing import Never

import click
import pytest

from leasebook.cli.main import run
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options, write_file
from leasebook.reckoning.kernel import TrueUpExceeded
from leasebook.report.table import Column, Row, Table
from leasebook.values.problem import Problem, Refused

ROOT = Path(__file__).parent.parent

LOADED = """
import sys
before = set(sys.modules)
from leasebook.cli.main import run
code = run(sys.argv[1:])
sys.stdout.flush()
sys.stderr.write(repr((code, sorted(set(sys.modules) - before))))
"""


def python(*arguments: str, **environment: str):
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )


def leasebook(*arguments: str):
    program = "from leasebook.cli.main import main; main()"
    return python("-c", program, *arguments)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_imports_click_the_table_of_names_and_nothing_else(option):
    ended = python("-c", LOADED, option)
    code, modules = eval(ended.stderr)  # noqa: S307 - our own repr
    third_party = {name.partition(".")[0] for name in modules} & set(packages_distributions())
    assert code == 0
    assert third_party <= {"click", "leasebook", "colorama"}
    assert {name for name in modules if name.startswith("leasebook")} == {
        "leasebook",
        "leasebook.cli",
        "leasebook.cli.main",
        "leasebook.cli.names",
    }


def test_help_shows_every_command():
    shown = leasebook("--help").stdout.decode()
    assert all(f"\n  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_module_and_help(name, capsys):
    assert run([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: leasebook {name} ")
    assert sys.modules[f"leasebook.cli.{name}"].command.name == name


def test_a_command_that_is_not_there_is_a_matter_of_usage(capsys):
    assert run(["statments"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "error[LB0002]: No such command 'statments'" in said.err


def test_nothing_typed_is_a_matter_of_usage_and_shows_help(capsys):
    assert run([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Usage: leasebook ")
    assert "error[" not in said.err


def test_an_option_that_is_not_there_is_a_matter_of_usage(capsys):
    assert run(["check", "--colour", "x"]) == 2
    assert "error[LB0002]: No such option" in capsys.readouterr().err


def test_a_deal_that_is_not_there_is_a_matter_of_files(capsys, tmp_path):
    assert run(["check", str(tmp_path / "none.toml")]) == 3
    said = capsys.readouterr()
    assert "none.toml" in said.out + said.err
    assert "Traceback" not in said.err


TABLE = Table(
    "Debt",
    (Column("line", "Line"), Column("amount", "FY2025", "amount")),
    (Row({"line": "Notes – senior", "amount": (2729384900000, 2)}),),
    currency="USD",
)


@pytest.fixture
def demo(monkeypatch):
    """Puts a command of the test's own in the place of `demo`."""

    def put(action) -> None:
        @click.command("demo")
        @output_options()
        def command(out) -> object:
            return action(out)

        monkeypatch.setitem(sys.modules, "leasebook.cli.demo", SimpleNamespace(command=command))

    return put


def raising(error):
    def action(_out) -> Never:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused([Problem("LB0107", "no range", "write one")]), 1),
        (Refused([Problem("LB0501", "no such file", "check the name")]), 3),
        (click.BadParameter("no such basis"), 2),
        (PermissionError(13, "Permission denied", "deal.toml"), 3),
        (TrueUpExceeded(5, 1), 4),
        (ZeroDivisionError("division by zero"), 70),
        (RecursionError("too deep"), 70),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_failure_has_its_exit_code_and_no_traceback(demo, capsys, error, code):
    demo(raising(error))
    assert run(["demo"]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err


def test_an_error_of_the_program_is_one_line_that_says_how_to_report_it(demo, capsys, monkeypatch):
    demo(raising(ValueError("a\nb\x1b[31m")))
    assert run(["demo"]) == 70
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("error[LB0001]: ")
    assert "ValueError: a b[31m" in said
    monkeypatch.setenv("LEASEBOOK_TRACEBACK", "1")
    assert run(["demo"]) == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_the_exit_code_that_a_command_returns_is_the_program_s(demo):
    demo(lambda _out: 1)
    assert run(["demo"]) == 1


def test_the_page_is_a_hundred_wide_in_a_pipe_and_obeys_columns_and_width(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert Output().page_width() == 100
    monkeypatch.setenv("COLUMNS", "80")
    assert Output().page_width() == 80
    assert Output(width=140).page_width() == 140
    monkeypatch.setenv("COLUMNS", "none")
    assert Output().page_width() == 100


def test_colour_is_never_where_it_is_declined(monkeypatch):
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Output().colored()
    assert not Output(path=Path("file")).colored()
    assert not Output(color="never").colored()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Output().colored()
    assert Output(color="always").colored()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: False))
    monkeypatch.delenv("NO_COLOR")
    assert not Output().colored()


def test_output_goes_to_a_file_as_a_whole(demo, tmp_path, capsys):
    demo(lambda out: out.tables([TABLE], "millions"))
    target = tmp_path / "debt.json"
    assert run(["demo", "--format", "json", "-o", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(target.read_text()) == [
        {"line": "Notes – senior", "amount": "27293849000.00"}
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["debt.json"]


def test_a_file_keeps_its_mode_and_its_links_when_it_is_written_again(tmp_path):
    target, link = tmp_path / "debt.txt", tmp_path / "link.txt"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_file(link, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert link.is_symlink()


def test_a_file_that_cannot_be_written_keeps_what_stood_in_it(tmp_path, monkeypatch):
    target = tmp_path / "debt.txt"
    target.write_text("old")

    def full(_descriptor) -> Never:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_file(target, b"new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["debt.txt"]


def test_output_into_a_folder_that_is_not_there_is_a_matter_of_files(demo, tmp_path, capsys):
    demo(lambda out: out.tables([TABLE], "millions"))
    assert run(["demo", "-o", str(tmp_path / "none" / "debt.txt")]) == 3
    assert "error[LB0003]" in capsys.readouterr().err
    assert run(["demo", "-o", str(tmp_path)]) == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_matter_of_disks():
    program = "from leasebook.cli.output import write_stdout; write_stdout('x' * 10)"
    run_main = (
        "import sys; from leasebook.cli import failure\n"
        "try:\n"
        f"    {program}\n"
        "except OSError as error:\n"
        "    sys.exit(failure.report(error))\n"
    )
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-c", run_main],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    assert b"Traceback" not in ended.stderr
    assert b"error[LB0003]: no space left on device" in ended.stderr


def test_a_reader_that_leaves_is_no_failure():
    program = (
        "import sys; from leasebook.cli.output import write_stdout\n"
        "sys.stdin.read()\n"
        "write_stdout('x' * 1_000_000)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as started:
        started.stdout.close()
        started.stdin.close()
        assert started.stderr.read() == b""
        assert started.wait(timeout=30) == 0


def test_a_terminal_without_other_letters_gets_ascii():
    program = "from leasebook.cli.output import write_stdout; write_stdout('─ – é')"
    ended = python("-c", program, PYTHONIOENCODING="ascii")
    assert ended.stdout == b"- - ?"


def test_the_same_command_line_writes_the_same_bytes(demo, tmp_path):
    demo(lambda out: out.tables([TABLE], "millions"))
    for form in ("text", "json", "csv", "markdown"):
        first, second = tmp_path / f"first.{form}", tmp_path / f"second.{form}"
        assert run(["demo", "--format", form, "-o", str(first)]) == 0
        assert run(["demo", "--format", form, "-o", str(second)]) == 0
        assert first.read_bytes() == second.read_bytes()


def test_a_sample_is_never_written_over_a_file_unless_it_is_forced(tmp_path, capsys):
    target = tmp_path / "deal.toml"
    assert run(["new", str(target)]) == 0
    sample = target.read_text()
    target.write_text("mine")
    assert run(["new", str(target)]) == 3
    assert "--force" in capsys.readouterr().err
    assert target.read_text() == "mine"
    assert run(["new", "--force", str(target)]) == 0
    assert target.read_text() == sample
    assert run(["new"]) == 0
    assert capsys.readouterr().out == sample


def test_a_rule_that_is_not_there_is_a_matter_of_usage_and_an_error_code_has_a_page(capsys):
    assert run(["rule", "no-such-rule"]) == 2
    assert "there is no rule 'no-such-rule'" in capsys.readouterr().err
    assert run(["rule", "lb0002"]) == 0
    assert capsys.readouterr().out.startswith("LB0002: ")
