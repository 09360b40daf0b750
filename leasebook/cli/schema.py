"""
`leasebook schema`: the JSON Schema of deal files.
"""

from pathlib import Path

import click

from leasebook import pipeline
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output


@click.command("schema", help=COMMANDS["schema"])
@click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE."
)
def command(path: Path | None) -> None:
    """Prints the schema."""
    Output(path=None if path == Path("-") else path).document(pipeline.schema())
