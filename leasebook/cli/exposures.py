"""
`leasebook exposures`: what is owed beside the balance sheet, added up over deals and companies.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import wraps
from pathlib import Path
from typing import Any

import attrs
import click

from leasebook import pipeline
from leasebook.cli.choice import day_of, known
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.contract.deal import Framework
from leasebook.disclosures.published import read_published
from leasebook.exposures.discounting import Discounting, assumed_discounting
from leasebook.exposures.sector import Sector, days_of_interest, distinct, last_known
from leasebook.exposures.sector_records import read_sector
from leasebook.pages.decisions import obstacles
from leasebook.pages.exposures import exposures, in_deal
from leasebook.pipeline import Run
from leasebook.rulebook.stated import FILED
from leasebook.values.money import Currency
from leasebook.values.nearest import nearest

#: The longest list of days of one run.
DAYS_MAX = 100
_RATE_CHARACTERS = 20


def _days(
    _context: click.Context, _option: click.Parameter, given: str | None
) -> tuple[date, ...] | None:
    if given is None:
        return None
    return tuple(sorted({day_of("--at", day) for day in given.split(",")}))


def _years(
    _context: click.Context, _option: click.Parameter, given: str | None
) -> tuple[date, ...] | None:
    if given is None:
        return None
    found: set[date] = set()
    for part in given.split(","):
        first, dots, last = part.strip().partition("..")
        ends = [day_of("--years", f"{year.strip()}-12-31") for year in (first, last or first)]
        if (dots and not last) or ends[1] < ends[0] or ends[1].year - ends[0].year >= DAYS_MAX:
            raise click.BadParameter(f"{part!r} is no range of years such as 2025..2029")
        found |= {date(year, 12, 31) for year in range(ends[0].year, ends[1].year + 1)}
    return tuple(sorted(found))


def _rate(_context: click.Context, _option: click.Parameter, given: str | None) -> Decimal | None:
    if given is None:
        return None
    written = given.strip()
    try:
        rate = Decimal(written.removesuffix("%").strip())
    except InvalidOperation:
        rate = Decimal("NaN")
    if written.endswith("%") and rate.is_finite():
        rate /= 100
    if not (rate.is_finite() and 0 <= rate <= 1) or len(written) > _RATE_CHARACTERS:
        raise click.BadParameter(f"{given!r} is no rate; write one such as 5.5%")
    return rate


def _same(
    _context: click.Context, _option: click.Parameter, given: Sequence[str]
) -> dict[str, str]:
    found = {}
    for pair in given:
        company, equals, entity = (part.strip() for part in pair.partition("="))
        if not (company and equals and entity):
            raise click.BadParameter(f"{pair!r} is not of the form Alphabet=google")
        found[company] = entity
    return found


_OPTIONS = (
    click.argument("paths", type=click.Path(path_type=Path), nargs=-1, metavar="[DEAL]..."),
    click.option(
        "--from-table",
        "tables",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Records of what companies file (JSON), added to the deals. May be repeated.",
    ),
    click.option(
        "--years",
        callback=_years,
        metavar="LIST",
        help="Ends of calendar years, such as 2025..2029. Default: all of interest.",
    ),
    click.option(
        "--at", callback=_days, metavar="DATE", help="Days instead of years, parted by commas."
    ),
    click.option("--basis", metavar="ID", help="A basis of every deal. Default: as-filed."),
    click.option(
        "--framework", type=click.Choice(["us-gaap", "ifrs"]), help="Default: each filer's."
    ),
    click.option(
        "--same",
        multiple=True,
        callback=_same,
        metavar="COMPANY=ID",
        help="The entity of the deals that a company of the records is.",
    ),
    click.option(
        "--rate",
        callback=_rate,
        metavar="RATE",
        help="Discounts filed commitments. Default: the company's published average.",
    ),
    click.option(
        "--begins-months",
        type=click.IntRange(0, 600),
        metavar="N",
        help="From a record to the first rent of what it has not commenced.",
    ),
    click.option(
        "--term-months",
        type=click.IntRange(1, 1200),
        metavar="N",
        help="How long these rents last.",
    ),
)


def _with_options(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def command(**arguments: Any) -> Any:
        rate, begins, term = (arguments.pop(k) for k in ("rate", "begins_months", "term_months"))
        chosen = {"rate_annual": rate, "begins_months": begins, "term_months": term}
        mine = {key: value for key, value in chosen.items() if value is not None}
        by = attrs.evolve(assumed_discounting(), **mine, chosen=frozenset(mine))
        return function(by=by, **arguments)

    made: Callable[..., Any] = command
    for option in reversed(_OPTIONS):
        made = option(made)
    return made


@click.command("exposures", help=COMMANDS["exposures"])
@_with_options
@output_options()
def command(
    paths: tuple[Path, ...],
    tables: tuple[Path, ...],
    years: tuple[date, ...] | None,
    at: tuple[date, ...] | None,
    basis: str | None,
    framework: Framework | None,
    same: dict[str, str],
    by: Discounting,
    out: Output,
) -> None:
    """Prints who owes what beside the balance sheet, each once, and what is left out as double."""
    if not paths and not tables:
        raise click.UsageError("give a deal, or --from-table with a file of records")
    if years is not None and at is not None:
        raise click.UsageError("--at takes days in place of --years: give one of them")
    runs = []
    for path in paths:
        run = _run(path, basis, framework)
        if run.kept is None:
            out.tables(obstacles(run), "units")
            return
        runs.append(run)
    sector = _sector(runs, tables, same, by)
    currency = _currency(runs, sector)
    days = at or years or days_of_interest(sector)
    if len(days) > DAYS_MAX:
        raise click.UsageError(f"{len(days)} days are more than {DAYS_MAX}; choose with --years")
    parts_on = None
    if not (at or years) and out.form in ("text", "markdown"):
        parts_on = last_known(sector, days)
    out.tables(exposures(sector, runs, days, currency, parts_on), "millions")


def _run(path: Path, basis: str | None, framework: Framework | None) -> Run:
    deal = pipeline.open_deal(path)
    chosen = next((b for b in (FILED, *deal.bases) if b in deal.bases), None)
    if basis is not None:
        chosen = known("--basis", basis, deal.bases)
    if chosen is None:
        raise click.UsageError(f"{deal.id} has no basis to measure anything on; add [[bases]]")
    return pipeline.run(deal, chosen, framework or deal.entities[deal.reporting].framework)


def _sector(
    runs: Sequence[Run], paths: Sequence[Path], same: dict[str, str], by: Discounting
) -> Sector:
    published = [read_published(path) for path in paths]
    others = [read_sector(path) for path in paths]
    sector = Sector(
        deals=distinct(in_deal(run) for run in runs),
        tables=tuple(dict.fromkeys(t for one in published for t in one.tables)),
        headlines=tuple(dict.fromkeys(h for one in others for h in one[0])),
        estimates=tuple(dict.fromkeys(e for one in others for e in one[1])),
        same=same,
        by=by,
    )
    for company in same:
        if company not in sector.companies:
            advice = nearest(company, sector.companies)
            cause = f"the records hold no company {company}; {advice}"
            raise click.BadParameter(cause, param_hint="--same")
    return sector


def _currency(runs: Sequence[Run], sector: Sector) -> Currency:
    """The one currency of everything."""
    codes = [run.deal.currency.code for run in runs]
    codes += [table.currency for table in sector.tables]
    codes += [headline.currency for headline in sector.headlines]
    codes += [estimate.currency for estimate in sector.estimates]
    distinct_codes = list(dict.fromkeys(codes))
    if len(distinct_codes) > 1:
        several = ", ".join(distinct_codes)
        raise click.UsageError(
            f"amounts are in several currencies, which nobody adds up: {several}"
        )
    if not distinct_codes:
        raise click.UsageError("the files hold no record of leases, debt or estimates")
    if distinct_codes[0] not in Currency.codes():
        raise click.UsageError(f"the currency {distinct_codes[0]} is not one that is known")
    return Currency.of(distinct_codes[0])
