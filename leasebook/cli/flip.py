"""
`leasebook flip`: the smallest changes of terms and judgements that alter each outcome.
"""

import click

from leasebook.cli.choice import Question, known, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.cli.statements import PERIODS, chosen_periods
from leasebook.flip.cube import AXES_MAX, named_axes
from leasebook.flip.standing import Ground
from leasebook.flip.study import PARTS, Part, study, telling_years
from leasebook.pages.decisions import obstacles
from leasebook.pages.flip import flip_scale, flip_tables
from leasebook.pages.statements import all_periods, shown_periods
from leasebook.rulebook.loading import Rulebook

_CROSS = click.option(
    "--cross",
    multiple=True,
    metavar="JUDGEMENT",
    help=f"A judgement of the grid, such as control; up to {AXES_MAX}. Default: those that change "
    "most of what is owed.",
)


_PART = click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(PARTS),
    help="What is asked; may be repeated. Default: all of it, which takes longest.",
)


@click.command("flip", help=COMMANDS["flip"])
@question_options
@PERIODS
@_CROSS
@_PART
@output_options()
def command(
    question: Question,
    periods: str | None,
    cross: tuple[str, ...],
    parts: tuple[Part, ...],
    out: Output,
) -> None:
    """Prints the grid of contested judgements, what hangs on decisions, and what flips them."""
    run = question.run("as-filed")
    shown = shown_periods(run) if run.worksheet is not None else ()
    if periods is not None and run.worksheet is not None:
        shown = chosen_periods(periods, all_periods(run))
    if len(cross) > AXES_MAX:
        raise click.BadParameter(f"at most {AXES_MAX} can be crossed", param_hint="--cross")
    there = named_axes(run.deal, Rulebook.load().dictionary, Ground(run)) if cross else {}
    named = tuple(there[known("--cross", name, there)] for name in cross)
    years = tuple(int(period.removeprefix("FY")) for period in shown)
    found = study(run, years, named, parts or PARTS)
    whole = out.form in ("json", "csv")
    told = years if periods is not None else telling_years(found, years)
    tables = flip_tables(found, years, told, whole=whole)
    out.tables((*obstacles(run), *tables), flip_scale(found))
