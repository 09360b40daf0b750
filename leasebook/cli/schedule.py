"""
`leasebook schedule`: the measured schedules of the contracts.
"""

import click

from leasebook import pipeline
from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options


@click.command("schedule", help=COMMANDS["schedule"])
@question_options
@click.option("--contract", metavar="ID", help="Of one contract only.")
@output_options()
def command(question: Question, contract: str | None, out: Output) -> None:
    """Prints the schedules of the entity."""
    run, entity = question.run("as-consolidated")
    out.tables(pipeline.schedule(run, entity, contract), "units")
