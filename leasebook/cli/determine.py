"""
`leasebook determine`: what the filer says beside what the rules conclude.
"""

import click

from leasebook import pipeline
from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options


@click.command("determine", help=COMMANDS["determine"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints every decision, open ones first."""
    run, entity = question.run("as-consolidated")
    out.tables(pipeline.determine(run, entity), "millions")
