"""
`leasebook determine`: what the filer says beside what the rules conclude.
"""

import click

from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.decisions import decisions
from leasebook.pages.rules_compared import rules_compared


@click.command("determine", help=COMMANDS["determine"])
@question_options
@output_options()
def command(question: Question, out: Output) -> None:
    """Prints every decision, open ones first, or side by side under the rules of several days."""
    if len(question.rules_as_of) > 1:
        out.tables(rules_compared(question.runs("as-consolidated")), "millions")
    else:
        out.tables(decisions(question.run("as-consolidated")), "millions")
