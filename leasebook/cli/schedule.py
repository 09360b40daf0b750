"""
`leasebook schedule`: the measured schedules of the contracts.
"""

import click

from leasebook.cli.choice import Question, known, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.books import schedules
from leasebook.pages.decisions import obstacles


@click.command("schedule", help=COMMANDS["schedule"])
@question_options
@click.option("--contract", metavar="ID", help="Of one contract only.")
@output_options()
def command(question: Question, contract: str | None, out: Output) -> None:
    """Prints the schedules of the entity."""
    run = question.run("as-consolidated")
    if contract is not None:
        known(
            "--contract",
            contract,
            (*run.deal.contracts, *(run.deal.signed or run.deal).contracts, *run.deal.assets),
        )
    try:
        out.tables(obstacles(run) or schedules(run, contract), "units")
    except LookupError as missing:
        raise click.BadParameter(str(missing.args[0]), param_hint="--contract") from missing
