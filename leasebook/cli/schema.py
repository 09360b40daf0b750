"""
`leasebook schema`: the JSON Schema of deal files.
"""

from pathlib import Path

import click

from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output
from leasebook.contract.schema import filed_schema, json_schema, schema_of
from leasebook.stress.scenario import ScenarioFile


@click.command("schema", help=COMMANDS["schema"])
@click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE."
)
@click.option("--filed", is_flag=True, help="Of the file of filed statements instead.")
@click.option("--scenario", is_flag=True, help="Of a scenario file of a stress run instead.")
def command(path: Path | None, *, filed: bool, scenario: bool) -> None:
    """Prints the schema."""
    if filed and scenario:
        raise click.UsageError("--filed and --scenario are two schemas: give one of them")
    schema = filed_schema() if filed else json_schema()
    if scenario:
        schema = schema_of(ScenarioFile, "A scenario file of leasebook")
    Output(path=None if path == Path("-") else path).document(schema)
