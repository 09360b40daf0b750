"""
`leasebook credit`: debt and earnings as filed, as consolidated, and as agencies adjust them.
"""

from collections.abc import Sequence
from pathlib import Path

import click

from leasebook.cli.choice import Question, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.cli.statements import PERIODS, chosen_periods
from leasebook.exposures.method import Method, packaged_methods, read_method
from leasebook.pages.credit import credit, filed_year
from leasebook.pages.decisions import obstacles
from leasebook.pages.statements import all_periods
from leasebook.values.nearest import nearest

#: What a column of the tables is called already.
_TAKEN = frozenset({"as_filed", "as_consolidated", "period", "line", "title"})


def _chosen(names: Sequence[str], files: Sequence[Path]) -> list[Method]:
    """The methods that are asked for, those of files last; else those that are shown."""
    known = packaged_methods()
    for name in names:
        if name not in known:
            cause = f"there is no method {name}; {nearest(name, known)}"
            raise click.BadParameter(cause, param_hint="--method")
    found = [known[name] for name in dict.fromkeys(names)]
    if not names and not files:
        found = [method for method in known.values() if method.method.shown]
    for path in files:
        method = read_method(path)
        key = method.id.replace("-", "_")
        if key in _TAKEN or any(key == other.id.replace("-", "_") for other in found):
            cause = f"{path} calls its method {method.id}, as another is called"
            raise click.BadParameter(cause, param_hint="--method-file")
        found.append(method)
    return found


@click.command("credit", help=COMMANDS["credit"])
@question_options
@click.option(
    "--method",
    "names",
    multiple=True,
    metavar="ID",
    help="everything, fitch, fitch-2016, moodys or sp. May be repeated.",
)
@click.option(
    "--method-file",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A method of your own (TOML). May be repeated.",
)
@click.option("--why", is_flag=True, help="Each figure with factor, formula and source.")
@PERIODS
@output_options()
def command(
    question: Question,
    names: tuple[str, ...],
    files: tuple[Path, ...],
    periods: str | None,
    *,
    why: bool,
    out: Output,
) -> None:
    """Prints debt, earnings and their ratio in one table, and why each figure is what it is."""
    methods = _chosen(names, files)
    run = question.run("as-consolidated")
    if run.worksheet is None:
        out.tables(obstacles(run), "millions")
        return
    there = all_periods(run)
    if periods is not None:
        wanted = chosen_periods(periods, there)
    else:
        year = filed_year(run)
        wanted = (f"FY{year}",) if year is not None else there[:1]
    why = why or out.form in ("json", "csv")
    out.tables(credit(run, methods, wanted, why=why), "millions")
