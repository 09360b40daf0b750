"""
`leasebook disclosures`: the notes on leases, and the check of published maturity tables.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from leasebook.cli.choice import Question, optional_question_options
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.cli.statements import PERIODS, chosen_periods
from leasebook.disclosures.published import read_published
from leasebook.measure.not_modelled import NotModelled
from leasebook.pages.assumptions import assumptions_table
from leasebook.pages.caption import scale_of
from leasebook.pages.decisions import obstacles
from leasebook.pages.disclosures import disclosures_page, fiscal_period, period_to
from leasebook.pages.published import published_page
from leasebook.pages.statements import all_periods, shown_periods
from leasebook.report import disclosure_page

#: From when the notes that are drawn up here are asked for (ASC 842-20-50; IFRS 16.51).
_NOTES_FROM = date(2019, 1, 1)


def _day(_context: click.Context, _option: click.Parameter, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(f"{given!r} is no day, such as 2029-12-31") from None


def _notes(question: Question, periods: str | None, as_of: date | None, out: Output) -> None:
    run = question.run("as-filed")
    if run.worksheet is None:
        out.tables(obstacles(run), "millions")
        return
    if run.rules_as_of < _NOTES_FROM:
        raise NotModelled(f"the notes on leases under the rules of {run.rules_as_of} are not built")
    exact = out.form in ("json", "csv")
    names = all_periods(run) if exact else shown_periods(run)
    if periods is not None:
        names = chosen_periods(periods, all_periods(run))
    wanted = [fiscal_period(run, name) for name in names]
    page = disclosures_page(run, [period_to(run, as_of)] if as_of is not None else wanted)
    if out.form == "json":
        out.document(disclosure_page.document(page))
    elif out.form == "csv":
        out.records(disclosure_page.ROW_KEYS, disclosure_page.records(page))
    else:
        scale = scale_of(a for a in (row["amount"] for row in page.rows) if isinstance(a, Decimal))
        out.tables((*disclosure_page.tables(page), assumptions_table(run.deal)), scale)


def _published(path: Path, out: Output) -> None:
    tables = published_page(read_published(path))
    out.tables(tables, "millions")


@click.command("disclosures", help=COMMANDS["disclosures"])
@optional_question_options
@click.option(
    "--from-table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check published maturity tables (JSON) instead of a deal.",
)
@PERIODS
@click.option("--as-of", metavar="DATE", callback=_day, help="On one day instead of fiscal years.")
@output_options()
def command(
    question: Question | None,
    from_table: Path | None,
    periods: str | None,
    as_of: date | None,
    out: Output,
) -> None:
    """Prints the notes, or how near published liabilities come."""
    if (question is None) == (from_table is None):
        raise click.UsageError("give a deal, or --from-table with a file of published tables")
    if as_of is not None and periods is not None:
        raise click.UsageError("--as-of is one day; --periods are fiscal years: give one of them")
    if from_table is not None:
        if as_of is not None or periods is not None:
            raise click.UsageError("published tables have a day of their own")
        _published(from_table, out)
    elif question is not None:
        _notes(question, periods, as_of, out)
