import io
import shlex
import sys
from pathlib import Path

import pytest

from leasebook import __version__
from leasebook.cli import main

ROOT = Path(__file__).parent.parent
TRANSCRIPTS = sorted((ROOT / "tests" / "transcripts").glob("*.txt"))
PROMPT = "$ leasebook"


def commands_in(transcript):
    """The command lines of a transcript, in order."""
    return [line for line in transcript.splitlines() if line.split(" ")[:2] == PROMPT.split()]


def output_of(command, monkeypatch):
    """Standard output and exit code of one command line, run inside this process."""
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    monkeypatch.setattr(sys, "stdout", stdout)
    try:
        code = main.run(shlex.split(command.removeprefix(PROMPT)))
    finally:
        monkeypatch.undo()
    stdout.flush()
    return stdout.buffer.getvalue().decode("utf-8"), code


def played(transcript, run):
    """The transcript as it would be written today; `run` gives output and exit code."""
    parts = []
    for command in commands_in(transcript):
        output, code = run(command)
        if output and not output.endswith("\n"):
            output += "\n"
        parts.append(f"{command}\n{output}" + (f"[exit {code}]\n" if code else ""))
    return "\n".join(parts)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_commands_print_what_their_transcript_says(path, request, monkeypatch):
    def run(command) -> tuple[str, int]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setenv("COLUMNS", "100")
        monkeypatch.setenv("NO_COLOR", "1")
        return output_of(command, monkeypatch)

    kept = path.read_bytes().decode("utf-8")
    today = played(kept, run)
    if request.config.getoption("--accept"):
        path.write_bytes(today.encode("utf-8"))
    else:
        assert today == kept


def test_a_transcript_holds_each_command_with_its_output_and_a_code_that_is_not_nil():
    answers = {"$ leasebook check a": ("bad\n", 1), "$ leasebook check b": ("", 0)}
    transcript = "$ leasebook check a\nold\n$ leasebookish\n\n$ leasebook check b\n"
    assert played(transcript, answers.__getitem__) == (
        "$ leasebook check a\nbad\n[exit 1]\n\n$ leasebook check b\n"
    )


def test_a_transcript_is_the_same_when_it_is_played_twice():
    once = played("$ leasebook check a\n", lambda _command: ("bad", 1))
    assert played(once, lambda _command: ("bad", 1)) == once


def test_standard_output_and_exit_code_are_those_of_the_program(monkeypatch):
    version, code = output_of("$ leasebook --version", monkeypatch)
    assert (version, code) == (f"leasebook {__version__}\n", 0)
    nothing, code = output_of("$ leasebook no-such-command", monkeypatch)
    assert (nothing, code) == ("", 2)
