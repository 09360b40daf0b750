"""
`leasebook portfolio`: a lease portfolio from CSV, Excel or Parquet.
"""

import csv
import io
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from leasebook.bulk.outlook import is_month_end
from leasebook.bulk.run import PART, Skipped, Work, valued
from leasebook.bulk.tally import ALL
from leasebook.cli.choice import day_of, known
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options, write_file
from leasebook.cli.progress import Progress
from leasebook.cli.statements import chosen_periods
from leasebook.intake.columns import FRAMEWORKS, LEASES
from leasebook.intake.faults import SHOWN, Faults
from leasebook.intake.opened import opened
from leasebook.intake.read_leases import LOT, Portfolio
from leasebook.pages.portfolio import Valued, portfolio_tables
from leasebook.pages.portfolio_lease import lease_document, lease_tables
from leasebook.pages.portfolio_notes import notes_of
from leasebook.report.table import Table
from leasebook.values.problem import Refused

#: The day that a portfolio is known to, and whose rules decide, if none is said.
AS_OF = date(2025, 12, 31)

TABLES = ("totals", "determinations", "missing", "statements", "trial-balance", "roll-forward",
          "disclosures")  # fmt: skip
_USUAL = "totals,determinations,missing,statements"
_FACTS = {c.name: c for c in LEASES if c.sort == "truth"}


def _assumed(
    _context: click.Context, _option: click.Parameter, given: Sequence[str]
) -> dict[str, str]:
    found = {}
    for one in given:
        fact, equals, value = one.partition("=")
        fact = known("--assume", fact.strip(), _FACTS)
        if not equals or value.strip() not in ("yes", "no"):
            raise click.BadParameter(f"{one!r} is not FACT=yes or FACT=no", param_hint="--assume")
        found[fact] = value.strip()
    return found


def _tables(_context: click.Context, _option: click.Parameter, given: str) -> tuple[str, ...]:
    return tuple(known("--tables", one.strip(), TABLES) for one in given.split(","))


def _day(_context: click.Context, _option: click.Parameter, given: str | None) -> date:
    return AS_OF if given is None else day_of("--as-of", given)


_FILE = click.Path(path_type=Path)


@click.command("portfolio", help=COMMANDS["portfolio"])
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--map",
    "mapping",
    type=_FILE,
    metavar="FILE",
    help="A mapping file (TOML): headings, words, decimal comma, order of days.",
)
@click.option("--options", type=_FILE, metavar="FILE", help="Options to renew and to buy.")
@click.option("--guarantees", type=_FILE, metavar="FILE", help="Residual value guarantees.")
@click.option("--steps", type=_FILE, metavar="FILE", help="Payments that change on agreed days.")
@click.option("--events", type=_FILE, metavar="FILE", help="What happens after commencement.")
@click.option(
    "--framework",
    type=click.Choice(list(FRAMEWORKS)),
    default="both",
    show_default=True,
    help="Of leases whose row names none.",
)
@click.option(
    "--as-of",
    callback=_day,
    metavar="DATE",
    help=f"Whose rules decide, and the day of disclosures. Default: {AS_OF}.",
)
@click.option(
    "--assume",
    multiple=True,
    callback=_assumed,
    metavar="FACT=yes|no",
    help="Close a fact that rows leave open; marked on every page. May be repeated.",
)
@click.option(
    "--entity",
    "entities",
    multiple=True,
    metavar="ID",
    help="Whose; `all` is all together. May be repeated. Default: all of them.",
)
@click.option("--periods", metavar="LIST", help="Such as FY2026 or FY2025..FY2028.")
@click.option(
    "--year-end",
    type=click.IntRange(1, 12),
    default=12,
    show_default=True,
    metavar="MONTH",
    help="Last month of fiscal years.",
)
@click.option(
    "--tables",
    callback=_tables,
    default=_USUAL,
    show_default=True,
    metavar="LIST",
    help=f"Which, of {', '.join(TABLES)}.",
)
@click.option("--explain", metavar="ID", help="One lease alone, measured once more.")
@click.option("--journal", type=_FILE, metavar="DIR", help="Write the journal as Parquet.")
@click.option("--schedules", type=_FILE, metavar="DIR", help="Write the schedules as Parquet.")
@click.option(
    "--parts", type=_FILE, metavar="DIR", help="Keep finished parts; a restart skips them."
)
@click.option(
    "--errors",
    type=_FILE,
    metavar="FILE",
    help="Where all errors go if there are more than are shown.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="What runs the measurement.",
)
@click.option("--master", metavar="URL", help="Of a Spark cluster. Default: this machine.")
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many measure at once.",
)
@click.option(
    "--lot",
    type=click.IntRange(1, 1_000_000),
    help=f"Leases of a part. Default: {LOT:,}, or {PART:,} where parts are written.",
)
@click.option("--progress/--no-progress", default=None, help="Default: on a terminal.")
@output_options()
def command(out: Output, **asked: Any) -> None:
    """Values every lease of some tables, and prints what they come to together."""
    given = Asked(**asked)
    if given.explain is not None:
        _explain(given, out)
        return
    portfolio = given.portfolio()
    tables = _valued(given, portfolio, out)
    out.tables(tables, "units")


@attrs.frozen
class Asked:
    """What the command was asked."""

    files: tuple[Path, ...]
    mapping: Path | None
    options: Path | None
    guarantees: Path | None
    steps: Path | None
    events: Path | None
    framework: str
    as_of: date
    assume: dict[str, str]
    entities: tuple[str, ...]
    periods: str | None
    year_end: int
    tables: tuple[str, ...]
    explain: str | None
    journal: Path | None
    schedules: Path | None
    parts: Path | None
    errors: Path | None
    engine: str
    master: str | None
    threads: int
    lot: int | None
    progress: bool | None

    def portfolio(self) -> Portfolio:
        """The portfolio, with everything beside the leases read."""
        tables = ("options", "guarantees", "steps", "events")
        return opened(
            self.files, mapping=self.mapping, beside={t: getattr(self, t) for t in tables},
            framework=self.framework, defaults=self.assume,
        )  # fmt: skip

    def work(self) -> Work:
        """How it is measured."""
        outputs = {
            name: folder
            for name, folder in (("journal", self.journal), ("schedules", self.schedules))
            if folder is not None
        }
        day = self.as_of if "disclosures" in self.tables else None
        if day is not None and not is_month_end(day):
            cause = f"{day} is not the last day of a month, on which disclosures are drawn up"
            raise click.BadParameter(cause, param_hint="--as-of")
        return Work(self.as_of, self.threads, outputs, self.parts, self.lot, day)


def _valued(given: Asked, portfolio: Portfolio, out: Output) -> tuple[Table, ...]:
    shown = sys.stderr is not None and sys.stderr.isatty()
    progress = Progress(
        {source.path: source.size for source in portfolio.sources},
        shown if given.progress is None else given.progress,
    )
    skipped = Skipped()
    try:
        if given.engine == "spark":
            from leasebook.bulk.spark_engine import valued_by_spark  # noqa: PLC0415 - optional

            tally = valued_by_spark(portfolio, given.work(), given.master, progress)
        else:
            tally = valued(portfolio, given.work(), progress, skipped)
    finally:
        progress.end()
    if tally is None:
        raise _refused(given, portfolio.faults)
    if skipped.count and shown:
        click.echo(f"{skipped.count} parts were finished by an earlier run", err=True)
    found = Valued(
        tally, portfolio.entities.texts, portfolio.currencies.texts, given.year_end, given.as_of,
        notes_of(portfolio, given.assume, given.as_of, tally.digest),
    )  # fmt: skip
    years = found.years()
    if given.periods is not None:
        names = chosen_periods(given.periods, [f"FY{year}" for year in years])
        years = tuple(int(name[2:]) for name in names)
    elif out.form in ("text", "markdown"):
        years = found.usual_years()
    return portfolio_tables(found, given.tables, _entities(given, found), years)


def _entities(given: Asked, found: Valued) -> tuple[int, ...]:
    """The codes of the entities that are asked for; all of them together have one of their own."""
    codes = {name: code for code, name in enumerate(found.entities)} | {"all": ALL}
    if given.entities:
        return tuple(codes[known("--entity", name, codes)] for name in given.entities)
    return tuple(codes.values()) if len(found.entities) > 1 else (0,)


def _refused(given: Asked, faults: Faults) -> Refused:
    if faults.count <= SHOWN:
        return Refused(faults.shown, faults.count)
    path = given.errors or Path(f"{given.files[0].name}.errors.csv")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in faults.rows():
        writer.writerow(["'" + cell if cell[:1] in "=+-@" else cell for cell in row])
    write_file(path, text.getvalue().encode("utf-8"))
    faults.close()
    return Refused(faults.shown, faults.count, str(path))


def _explain(given: Asked, out: Output) -> None:
    from leasebook.bulk.one_lease import explained  # noqa: PLC0415 - the engine for deals
    from leasebook.values.money import Currency  # noqa: PLC0415 - with it

    portfolio = given.portfolio()
    lot = portfolio.one(str(given.explain))
    if portfolio.faults.count:
        raise _refused(given, portfolio.faults)
    if lot is None:
        raise click.BadParameter(f"no lease has the id {given.explain!r}", param_hint="--explain")
    entity = portfolio.entities.texts[int(lot.terms.entity[0])]
    currency = Currency.of(portfolio.currencies.texts[int(lot.terms.currency[0])])
    found = explained(
        lot, entity=entity, currency=currency, rules_as_of=given.as_of,
        source=f"row {int(lot.terms.row[0])}",
    )  # fmt: skip
    if out.form == "json":
        out.document(lease_document(lot, entity, currency, found))
    else:
        out.tables(lease_tables(lot, entity, currency, found), "units")
