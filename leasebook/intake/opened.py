"""
A portfolio from the paths that somebody names: its mapping, its tables, and what stands beside.
"""

from collections.abc import Mapping
from pathlib import Path

import attrs

from leasebook.intake.beside import Beside
from leasebook.intake.columns import FRAMEWORKS
from leasebook.intake.faults import Faults
from leasebook.intake.files import beside_sources, lease_sources
from leasebook.intake.mapping import MappingFile, read_mapping
from leasebook.intake.read_leases import Portfolio
from leasebook.values.problem import Refused


def opened(
    files: tuple[Path, ...],
    *,
    mapping: Path | None = None,
    beside: Mapping[str, Path | None] | None = None,
    framework: str = "both",
    defaults: Mapping[str, str] | None = None,
) -> Portfolio:
    """
    A portfolio before its leases are read.

    Args:
        files: Tables of leases.
        mapping: How they are written.
        beside: Files of options, guarantees, steps and events, by the name of the table.
        framework: Of leases that name none.
        defaults: Of empty cells, by column, before those of the mapping.

    Raises:
        Refused: If a file cannot be read, or the headings of one do not do.
    """
    read = MappingFile() if mapping is None else read_mapping(mapping)
    read = attrs.evolve(read, defaults={**read.defaults, **(defaults or {})})
    faults = Faults()
    sources = lease_sources(files, read)
    notes = Beside.read(beside_sources(files, dict(beside or {})), read, faults)
    return Portfolio(sources, notes, read, FRAMEWORKS[framework], faults)


def checked(portfolio: Portfolio) -> int:
    """
    Reads a whole portfolio and measures nothing.

    Returns:
        How many leases it has.

    Raises:
        Refused: With what is wrong with it.
    """
    for _ in portfolio.lots():
        pass
    portfolio.finish()
    if portfolio.faults.count:
        raise Refused(portfolio.faults.shown, portfolio.faults.count)
    return portfolio.count
