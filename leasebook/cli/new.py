"""
`leasebook new`: a commented sample deal to start from.
"""

from pathlib import Path

import click

from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, write_file
from leasebook.contract.sample import sample


@click.command("new", help=COMMANDS["new"])
@click.argument("path", type=click.Path(path_type=Path), required=False, metavar="[FILE]")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The same as FILE."
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def command(path: Path | None, output: Path | None, *, force: bool) -> None:
    """Writes the sample to a file that is not there yet, or prints it."""
    path = path or output
    if path is None or path == Path("-"):
        Output().write(sample())
        return
    if path.exists() and not force:
        raise FileExistsError(17, "File exists; --force overwrites it", str(path))
    write_file(path, sample().encode("utf-8"))
