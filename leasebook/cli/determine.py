"""
`leasebook determine`: what the filer says beside what the rules conclude.
"""

import click

from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.decisions import decisions


@click.command("determine", help=COMMANDS["determine"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints every decision, open ones first."""
    out.tables(decisions(question.run("as-consolidated")), "millions")
