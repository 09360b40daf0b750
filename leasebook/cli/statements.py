"""
`leasebook statements`: the statements of one entity side by side.
"""

from collections.abc import Sequence

import click

from leasebook.cli.choice import Question, known, question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.pages.assumptions import assumptions_table
from leasebook.pages.caption import scale_of
from leasebook.pages.decisions import obstacles
from leasebook.pages.statements import printed, statements_page
from leasebook.report import statement_page

PERIODS = click.option(
    "--periods",
    metavar="LIST",
    help="Such as FY2025,FY2029 or FY2029..FY2033, or all. JSON and CSV hold all by default.",
)


def chosen_periods(asked: str, there: Sequence[str]) -> tuple[str, ...]:
    """
    The periods that a list of names and ranges asks for.

    Args:
        asked: Names parted by commas; `A..B` is a range; `all` is all.
        there: Those the statements have, in order.

    Returns:
        Names, in the order of the statements.

    Raises:
        click.BadParameter: If a name is not among them, or a range runs backwards.

    Example:
        >>> chosen_periods("FY2025,FY2027..FY2028", ["FY2025", "FY2026", "FY2027", "FY2028"])
        ('FY2025', 'FY2027', 'FY2028')
    """
    wanted: set[str] = set()
    for part in (part.strip() for part in asked.split(",")):
        if part == "all":
            wanted |= set(there)
            continue
        first, dots, last = part.partition("..")
        start = there.index(known("--periods", first, there))
        stop = there.index(known("--periods", last, there)) if dots else start
        if stop < start:
            raise click.BadParameter(f"{part!r} runs backwards", param_hint="--periods")
        wanted |= set(there[start : stop + 1])
    return tuple(period for period in there if period in wanted)


def show(question: Question, periods: str | None, out: Output) -> None:
    """
    Prints the statements, or the decisions that keep them from being drawn up.

    Args:
        question: The deal, and whose statements on what basis.
        periods: As typed; `None` shows the usual ones, and all in JSON and CSV.
        out: Where to, and in what form.
    """
    run = question.run("as-consolidated")
    if run.worksheet is None:
        out.tables(obstacles(run), "millions")
        return
    page = statements_page(run)
    if periods is not None:
        page = statement_page.for_periods(page, chosen_periods(periods, page.periods))
    if out.form == "json":
        out.document(statement_page.document(page))
    elif out.form == "csv":
        out.records(statement_page.ROW_KEYS, statement_page.records(page))
    else:
        tables = statement_page.tables(printed(run, page))
        scale = scale_of(row["amount"] for row in page.rows)
        out.tables((*tables, assumptions_table(run.deal)), scale)


@click.command("statements", help=COMMANDS["statements"])
@question_options
@PERIODS
@output_options()
def command(question: Question, periods: str | None, out: Output) -> None:
    """Prints the statements side by side."""
    show(question, periods, out)
