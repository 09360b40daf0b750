"""
`leasebook new`: a commented sample deal, or sample tables of a portfolio, to start from.
"""

from pathlib import Path

import click

from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, write_file
from leasebook.contract.sample import sample
from leasebook.intake.template import templates


@click.command("new", help=COMMANDS["new"])
@click.argument("path", type=click.Path(path_type=Path), required=False, metavar="[FILE]")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The same as FILE."
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@click.option(
    "--portfolio",
    is_flag=True,
    help="Tables for `leasebook portfolio`: all of them to a folder, or that of leases to a FILE.",
)
def command(path: Path | None, output: Path | None, *, force: bool, portfolio: bool) -> None:
    """Writes the sample to a file that is not there yet, or prints it."""
    path = path or output
    if portfolio:
        _portfolio(path, force=force)
        return
    if path is None or path == Path("-"):
        Output().write(sample())
        return
    _write(path, sample(), force=force)


def _portfolio(path: Path | None, *, force: bool) -> None:
    """The tables of a portfolio: printed, to a file of CSV, or all of them to a folder."""
    texts = templates()
    if path is None or path == Path("-"):
        Output().write(texts["leases.csv"])
    elif path.suffix.lower() == ".csv":
        _write(path, texts["leases.csv"], force=force)
    else:
        for name in texts:
            if (path / name).exists() and not force:
                raise FileExistsError(17, "File exists; --force overwrites it", str(path / name))
        path.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            _write(path / name, text, force=force)


def _write(path: Path, text: str, *, force: bool) -> None:
    if path.exists() and not force:
        raise FileExistsError(17, "File exists; --force overwrites it", str(path))
    write_file(path, text.encode("utf-8"))
