"""
One way in to the four formats.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Literal

from leasebook.report.exchange import as_csv, as_json, as_markdown
from leasebook.report.table import Scale, Table

Format = Literal["text", "json", "csv", "markdown"]


def render(tables: Sequence[Table], form: Format, *, width: int, color: bool, scale: Scale) -> str:
    """
    Tables in one of the four formats.

    Args:
        tables: In order.
        form: Text for people, JSON or CSV with exact figures, markdown for documents.
        width: Characters of the page, for text.
        color: Whether text may be coloured.
        scale: Of the amounts in text and markdown; JSON and CSV are exact.

    Returns:
        The whole output.
    """
    if form == "json":
        return as_json(tables)
    if form == "csv":
        return as_csv(tables)
    if form == "markdown":
        return as_markdown(tables, scale)
    # rich takes longer to load than the other formats take to write
    text = import_module("leasebook.report.text")
    return str(text.text(tables, text.Page(width=width, color=color, scale=scale)))
