"""
`leasebook ledger`: the accounts of one book.
"""

import click

from leasebook import pipeline
from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options


@click.command("ledger", help=COMMANDS["ledger"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints the accounts of the entity."""
    run, entity = question.run("as-consolidated")
    out.tables(pipeline.ledger(run, entity), "units")
