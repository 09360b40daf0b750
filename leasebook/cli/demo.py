"""
`leasebook demo`: the main job on the packaged deal.
"""

from pathlib import Path

import click

import leasebook
from leasebook.cli.choice import Question
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.cli.statements import PERIODS, show

_NAME = "meta-hyperion"


def deal_folder() -> Path:
    """
    The folder of the packaged deal: inside an installed package, beside it in a checkout.

    Example:
        >>> deal_folder().name
        'meta-hyperion'
    """
    package = Path(leasebook.__file__).parent
    packaged = package / "_demo" / _NAME
    return packaged if packaged.is_dir() else package.parent / "fixtures" / "deals" / _NAME


@click.command("demo", help=COMMANDS["demo"])
@click.option("--path", "only_path", is_flag=True, help="Print where the deal lies, and stop.")
@PERIODS
@output_options()
def command(*, only_path: bool, periods: str | None, out: Output) -> None:
    """Prints the statements of the packaged deal, or where it lies."""
    if only_path:
        out.write(f"{deal_folder()}\n")
    else:
        show(Question(deal_folder()), periods, out)
