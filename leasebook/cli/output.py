"""
Where a command's output goes and in what form: the options that every command shares.
"""

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, Literal, cast

import attrs
import click

from leasebook.report.exchange import document, records_csv
from leasebook.report.render import Format, render
from leasebook.report.table import Cell, Scale, Table

WIDTH_PIPED = 100
WIDTH_MIN, WIDTH_MAX = 40, 1000

# What a terminal that knows no other letters than ASCII gets in their place.
_ASCII = str.maketrans({"–": "-", "—": "-", "─": "-", "═": "=", "·": "-", "…": "...", "’": "'"})


def write_file(path: Path, content: bytes) -> None:
    """
    Writes a file as a whole or not at all.

    The bytes go to a new file in the same folder, which then takes the name. What is not a plain
    file (a device, a pipe) is written to directly.

    Args:
        path: Its folder must exist.
        content: All of it.

    Raises:
        OSError: If it cannot be written; whatever stood at the path still does.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    if not target.parent.is_dir():
        raise FileNotFoundError(2, "No such folder", str(target.parent))
    fresh = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, fresh)
        fresh.replace(target)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def silence_output() -> None:
    """
    Lets what is still unwritten vanish, because nobody reads standard output any more.

    Otherwise Python tries once more when it ends, and complains.
    """
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return


def write_stdout(text: str) -> None:
    """
    Writes text to standard output as bytes; a reader that has left is no failure.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        content = text.translate(_ASCII).encode(encoding, errors="replace")
    try:
        click.echo(content, nl=False)
    except BrokenPipeError:
        silence_output()


@attrs.frozen
class Output:
    """
    How one run of a command prints: format, file, width, colour and the scale of amounts.
    """

    form: Format = "text"
    path: Path | None = None
    width: int | None = None
    color: Literal["auto", "always", "never"] = "auto"
    scale: Scale | None = None

    def page_width(self) -> int:
        """Characters: as told, else of COLUMNS, else of the terminal, else 100."""
        if self.width is not None:
            return self.width
        told = os.environ.get("COLUMNS", "")
        found = WIDTH_PIPED
        if told.isascii() and told.isdigit() and int(told[:6]) > 0:
            found = int(told[:6])
        elif self.path is None and sys.stdout is not None and sys.stdout.isatty():
            found = shutil.get_terminal_size((WIDTH_PIPED, 24)).columns
        return max(WIDTH_MIN, min(WIDTH_MAX, found))

    def colored(self) -> bool:
        """Whether text is coloured: by itself only on a terminal that did not decline."""
        if self.color != "auto":
            return self.color == "always"
        if self.path is not None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return sys.stdout is not None and sys.stdout.isatty()

    def write(self, text: str) -> None:
        """Sends the whole output to the file, or else to standard output."""
        if self.path is None:
            write_stdout(text)
        else:
            write_file(self.path, text.encode("utf-8"))

    def tables(self, tables: Sequence[Table], scale: Scale) -> None:
        """
        Writes tables in the format that was asked for.

        Args:
            tables: In order.
            scale: Of amounts in text and markdown, unless the user chose another.
        """
        self.write(
            render(
                tables,
                self.form,
                width=self.page_width(),
                color=self.colored(),
                scale=self.scale or scale,
            )
        )

    def records(self, keys: Sequence[str], records: Sequence[Mapping[str, Cell]]) -> None:
        """Writes records as CSV, whatever the format."""
        self.write(records_csv(keys, records))

    def document(self, value: object) -> None:
        """Writes a value as JSON, whatever the format."""
        self.write(document(value))


_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
    help="JSON and CSV carry exact figures.",
)
_OUTPUT = click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path), help="Write to FILE.", metavar="FILE"
)
_WIDTH = click.option(
    "--width",
    type=click.IntRange(WIDTH_MIN, WIDTH_MAX),
    help=f"Characters of a line. Default: the terminal's, {WIDTH_PIPED} in a pipe.",
)
_COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Auto obeys NO_COLOR.",
)
_SCALE = click.option(
    "--scale",
    type=click.Choice(["units", "thousands", "millions"]),
    help="Of amounts in text and markdown.",
)


def output_options(*, amounts: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Gives a command the shared options; its function receives them as one `out`.

    Args:
        amounts: Whether the command prints amounts and so has `--scale`.

    Returns:
        A decorator.
    """
    options = [_FORMAT, _OUTPUT, _WIDTH, _COLOR, *([_SCALE] if amounts else [])]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def command(**arguments: Any) -> Any:
            path = arguments.pop("path")
            out = Output(
                form=arguments.pop("form"),
                path=None if path == Path("-") else path,
                width=arguments.pop("width"),
                color=arguments.pop("color"),
                scale=cast("Scale | None", arguments.pop("scale", None)),
            )
            return function(out=out, **arguments)

        for option in reversed(options):
            command = option(command)
        return command

    return decorate
