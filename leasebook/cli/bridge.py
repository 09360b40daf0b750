"""
`leasebook bridge`: from as filed to as consolidated, entry by entry.
"""

import click

from leasebook import pipeline
from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options


@click.command("bridge", help=COMMANDS["bridge"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints the bridge, or the decisions that keep it from being built."""
    run, entity = question.run("as-consolidated")
    out.tables(pipeline.obstacles(run) or pipeline.bridge(run, entity), "millions")
