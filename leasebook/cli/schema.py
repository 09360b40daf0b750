"""
`leasebook schema`: the JSON Schema of deal files.
"""

from pathlib import Path

import click

from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output
from leasebook.contract.schema import filed_schema, json_schema


@click.command("schema", help=COMMANDS["schema"])
@click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE."
)
@click.option("--filed", is_flag=True, help="Of the file of filed statements instead.")
def command(path: Path | None, *, filed: bool) -> None:
    """Prints the schema."""
    schema = filed_schema() if filed else json_schema()
    Output(path=None if path == Path("-") else path).document(schema)
