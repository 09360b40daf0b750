"""
`leasebook flows`: money between the parties of deals, where it goes round, and what it pays for.
"""

from pathlib import Path

import click

from leasebook import pipeline
from leasebook.cli.choice import known
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.contract.deal import Framework
from leasebook.pages.decisions import obstacles
from leasebook.pages.flows import flows
from leasebook.rulebook.stated import FILED


@click.command("flows", help=COMMANDS["flows"])
@click.argument(
    "paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DEAL..."
)
@click.option("--basis", metavar="ID", help="A basis of every deal. Default: as-filed.")
@click.option("--framework", type=click.Choice(["us-gaap", "ifrs"]), help="Default: each filer's.")
@output_options()
def command(
    paths: tuple[Path, ...], basis: str | None, framework: Framework | None, out: Output
) -> None:
    """Prints who pays whom, the circles, and whose money pays for sales, of all deals together."""
    runs = []
    for path in paths:
        deal = pipeline.open_deal(path)
        chosen = next((b for b in (FILED, *deal.bases) if b in deal.bases), None)
        if basis is not None:
            chosen = known("--basis", basis, deal.bases)
        if chosen is None:
            raise click.UsageError(f"{deal.id} has no basis to measure anything on; add [[bases]]")
        run = pipeline.run(deal, chosen, framework or deal.entities[deal.reporting].framework)
        if run.kept is None:
            out.tables(obstacles(run), "units")
            return
        runs.append(run)
    if len({run.deal.currency for run in runs}) > 1:
        raise click.UsageError("the deals are in several currencies, which nobody can add up")
    if len({run.deal.id for run in runs}) < len(runs):
        raise click.UsageError("a deal is named twice")
    out.tables(flows(runs), "millions")
