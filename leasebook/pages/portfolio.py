"""
A portfolio's tables by the names under which a command asks for them.
"""

from collections.abc import Iterator, Sequence

from leasebook.pages.portfolio_movements import disclosure_tables, roll_forward_table
from leasebook.pages.portfolio_tables import (
    Valued,
    determinations_table,
    missing_table,
    statement_tables,
    totals_table,
    trial_balance_table,
)
from leasebook.report.table import Table

__all__ = ["Valued", "portfolio_tables"]


def portfolio_tables(
    found: Valued, wanted: Sequence[str], entities: Sequence[int], years: Sequence[int]
) -> tuple[Table, ...]:
    """
    The tables that are asked for.

    Args:
        found: The portfolio.
        wanted: Names of tables.
        entities: Codes of those whose tables are wanted.
        years: Fiscal years that are shown.
    """
    return tuple(
        table for name in wanted for table in _named(found, name, entities, years) if table.rows
    )


def _named(
    found: Valued, name: str, entities: Sequence[int], years: Sequence[int]
) -> Iterator[Table]:
    if name == "totals":
        yield totals_table(found, entities)
    elif name == "determinations":
        yield determinations_table(found)
    elif name == "missing":
        yield missing_table(found)
    elif name == "statements":
        yield from statement_tables(found, entities, years)
    elif name == "trial-balance":
        yield trial_balance_table(found, entities, years)
    elif name == "roll-forward":
        yield roll_forward_table(found, entities, years)
    elif name == "disclosures":
        yield from disclosure_tables(found, entities)
