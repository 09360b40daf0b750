"""
`leasebook check`: validates deal files.
"""

from pathlib import Path

import click

from leasebook import pipeline
from leasebook.cli.names import COMMANDS
from leasebook.cli.output import Output, output_options
from leasebook.report.table import Column, Row, Table
from leasebook.values.problem import Problem, Refused, as_rows, render

_COLUMNS = (
    Column("code", "Code"),
    Column("file", "File"),
    Column("line", "Line", "integer"),
    Column("column", "Column", "integer"),
    Column("path", "Where"),
    Column("cause", "Cause"),
    Column("fix", "Fix"),
    Column("cites", "Cites"),
    Column("also", "Also"),
)


def _problems(path: Path) -> tuple[Problem, ...]:
    try:
        pipeline.open_deal(path)
    except Refused as refused:
        return refused.problems
    return ()


def _table(problems: tuple[Problem, ...]) -> Table:
    rows = [
        Row({key: cell for key, cell in row.items() if cell is not None})
        for row in as_rows(problems)
    ]
    return Table("Findings", _COLUMNS, tuple(rows))


@click.command("check", help=COMMANDS["check"])
@click.argument(
    "paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PATH..."
)
@output_options(amounts=False)
def command(paths: tuple[Path, ...], out: Output) -> int:
    """Prints every finding of every path; returns 0 without any, else the exit code of them."""
    problems = tuple(problem for path in paths for problem in _problems(path))
    if out.form == "json":
        out.document(as_rows(problems))
    elif out.form != "text":
        out.tables([_table(problems)], "units")
    elif problems:
        out.write(render(problems) + "\n")
    return Refused(problems).exit_code if problems else 0
