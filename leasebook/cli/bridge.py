"""
`leasebook bridge`: from as filed to as consolidated, entry by entry.
"""

import click

from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.cli.statements import PERIODS, chosen_periods
from leasebook.pages.bridge import bridge
from leasebook.pages.decisions import obstacles
from leasebook.pages.statements import all_periods, shown_periods


@click.command("bridge", help=COMMANDS["bridge"])
@question_options
@PERIODS
@output_options()
def command(question: Question, periods: str | None, out: Output) -> None:
    """Prints the bridge, or the decisions that keep it from being built."""
    run = question.run("as-consolidated")
    if run.worksheet is None:
        out.tables(obstacles(run), "millions")
        return
    shown = shown_periods(run) if out.form in ("text", "markdown") else all_periods(run)
    if periods is not None:
        shown = chosen_periods(periods, all_periods(run))
    table, scale = bridge(run, shown)
    out.tables((table,), scale)
