"""
`leasebook explain`: a line, entry or decision traced back to clause and source.
"""

import click

from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.explain import explain


@click.command("explain", help=COMMANDS["explain"])
@question_options
@click.argument("what")
@output_options()
def command(question: Question, what: str, out: Output) -> None:
    """Prints where a figure, an entry or a decision comes from."""
    run = question.run("as-consolidated")
    try:
        pages = explain(run, what)
    except LookupError as missing:
        raise click.BadParameter(str(missing.args[0]), param_hint="WHAT") from missing
    out.tables(pages, "units")
