"""
`leasebook journal`: the entries of one book.
"""

import click

from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.books import journal
from leasebook.pages.decisions import obstacles


@click.command("journal", help=COMMANDS["journal"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints the entries of the entity, in order of date."""
    run = question.run("as-consolidated")
    out.tables(obstacles(run) or journal(run), "units")
