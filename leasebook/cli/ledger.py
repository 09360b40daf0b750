"""
`leasebook ledger`: the accounts of one book.
"""

import click

from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.books import ledger
from leasebook.pages.decisions import obstacles


@click.command("ledger", help=COMMANDS["ledger"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints the accounts of the entity."""
    run = question.run("as-consolidated")
    out.tables(obstacles(run) or ledger(run), "units")
