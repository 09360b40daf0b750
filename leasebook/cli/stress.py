"""
`leasebook stress`: a scenario of default and obsolescence tried on deals.
"""

from pathlib import Path

import click

from leasebook import pipeline
from leasebook.cli.choice import known
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.contract.deal import Framework
from leasebook.pages.decisions import obstacles
from leasebook.pages.stress import explained, stress, stress_tables
from leasebook.rulebook.stated import FILED
from leasebook.stress.reading import read_scenario


@click.command("stress", help=COMMANDS["stress"])
@click.argument(
    "paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DEAL..."
)
@click.option(
    "--scenario",
    "scenario_path",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Who stops paying, what is let again or sold, what assets are worth.",
)
@click.option("--basis", metavar="ID", help="Default: the scenario's, or as-filed.")
@click.option("--framework", type=click.Choice(["us-gaap", "ifrs"]), help="Default: the filer's.")
@click.option("--journal", is_flag=True, help="The entries in every book as well.")
@click.option(
    "--explain",
    "what",
    metavar="DECISION",
    help="Only why the rules decided so, such as 'impairment(ASSET@DAY)'.",
)
@output_options()
def command(
    paths: tuple[Path, ...],
    scenario_path: Path,
    basis: str | None,
    framework: Framework | None,
    what: str | None,
    *,
    journal: bool,
    out: Output,
) -> None:
    """Prints who loses what, who defaults, what assets are worth and what is written down."""
    deals = [pipeline.open_deal(path) for path in paths]
    scenario = read_scenario(scenario_path, deals)
    # one set of books for all deals
    filer = deals[0].entities[deals[0].reporting].framework
    runs = []
    for deal in deals:
        wanted = basis or scenario.scenario.basis or FILED
        basis_id = known("--basis", wanted, deal.bases)
        run = pipeline.run(deal, basis_id, framework or filer)
        if run.kept is None:
            out.tables(obstacles(run), "units")
            return
        runs.append(run)
    found = stress(runs, scenario)
    if what is None:
        whole = out.form in ("json", "csv")
        out.tables(stress_tables(found, journal=journal, whole=whole), "units")
        return
    try:
        out.tables((explained(found, what),), "units")
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="--explain") from error
