"""
`leasebook journal`: the entries of one book.
"""

import click

from leasebook import pipeline
from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options


@click.command("journal", help=COMMANDS["journal"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints the entries of the entity, in order of date."""
    run, entity = question.run("as-consolidated")
    out.tables(pipeline.journal(run, entity), "units")
