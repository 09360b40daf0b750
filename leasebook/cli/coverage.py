"""
`leasebook coverage`: the paragraphs that are modelled, how each is verified, and what is left out.
"""

import click

from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.coverage import coverage, standards
from leasebook.values.nearest import nearest


@click.command("coverage", help=COMMANDS["coverage"])
@click.option(
    "--standard",
    "wanted",
    multiple=True,
    metavar="NAME",
    help='Such as "ASC 842" or "IFRS 16". May be repeated. Default: every standard.',
)
@output_options(amounts=False)
def command(wanted: tuple[str, ...], out: Output) -> None:
    """Prints each paragraph with its places, cases, published examples and evidence."""
    there = standards()
    for name in wanted:
        if name not in there:
            cause = f"no paragraph of {name!r} is on the page; {nearest(name, there)}"
            raise click.BadParameter(cause, param_hint="--standard")
    out.tables(coverage(wanted), "units")
