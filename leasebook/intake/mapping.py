"""
A mapping file: how somebody else's table says what ours says.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from leasebook.contract.guard import read_text
from leasebook.intake.cells import Form
from leasebook.intake.columns import TABLES
from leasebook.intake.text_file import DELIMITERS
from leasebook.values.nearest import nearest
from leasebook.values.problem import Problem, Refused

_FILE = ("delimiter", "decimal", "thousands", "dates", "sheet")
_PARTS = ("file", "columns", "values", "defaults", "ignore")
_DATES = ("YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "YYYY/MM/DD")


@attrs.frozen
class MappingFile:
    """
    What a mapping file says.

    Attributes:
        form: How numbers and days are written.
        delimiter: Between the cells of a text file; None if it is to be found out.
        sheet: Of a workbook, with the leases; None for the usual one.
        columns: For a column of ours, the heading that it has there.
        values: For a column of ours, our word for each of theirs.
        defaults: For a column of ours, the text of an empty cell.
        ignore: Headings that are not read.
    """

    form: Form = attrs.field(factory=Form)
    delimiter: str | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = attrs.field(factory=dict)
    values: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    defaults: Mapping[str, str] = attrs.field(factory=dict)
    ignore: frozenset[str] = frozenset()


def read_mapping(path: Path) -> MappingFile:
    """
    Reads a mapping file.

    Raises:
        Refused: If it is no TOML, or says what no mapping says.
    """
    source = read_text(path)
    try:
        raw = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        cause = f"the file is no TOML: {str(error)[:200]}"
        raise Refused([Problem("LB0634", cause, "correct this place", source.name)]) from None
    problems = [Problem("LB0634", *found, source.name) for found in _complaints(raw)]
    if problems:
        raise Refused(problems)
    file = raw.get("file", {})
    form = Form(
        file.get("decimal", "."), file.get("thousands", ""), file.get("dates", "YYYY-MM-DD")
    )
    columns = {name: heading.strip() for name, heading in raw.get("columns", {}).items()}
    return MappingFile(
        form, file.get("delimiter"), file.get("sheet"), columns, raw.get("values", {}),
        raw.get("defaults", {}), frozenset(name.strip() for name in raw.get("ignore", [])),
    )  # fmt: skip


def _complaints(raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Cause and fix of everything that is wrong with a mapping file."""
    found = [
        (f"a mapping has no part {part!r}", nearest(part, _PARTS))
        for part in raw
        if part not in _PARTS
    ]
    found += [
        (f"{part} is not a table", f"write [{part}]")
        for part in ("file", "columns", "values", "defaults")
        if not isinstance(raw.get(part, {}), dict)
    ]
    if found:
        return found
    if not _texts(raw.get("ignore", [])):
        found.append(("ignore is not a list of headings", 'write ignore = ["Notes"]'))
    for part in ("columns", "values", "defaults"):
        found += _of_part(part, raw.get(part, {}))
    return found + _of_file(raw.get("file", {}))


def _of_part(part: str, named: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with a part that says something by column."""
    known = sorted({column.name for table in TABLES.values() for column in table})
    found = []
    for name, value in named.items():
        if name not in known:
            found.append((f"[{part}] names {name!r}, which is no column", nearest(name, known)))
        elif part == "values" and not (isinstance(value, dict) and _texts(list(value.values()))):
            cause = f"[values] {name} is not a table of texts"
            found.append((cause, f'write [values.{name}], and below it "theirs" = "ours"'))
        elif part != "values" and not isinstance(value, str):
            found.append((f"[{part}] {name} is not a text", "write it in quotes"))
    return found


def _of_file(file: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, value in file.items():
        if name not in _FILE:
            found.append((f"[file] has no key {name!r}", nearest(name, _FILE)))
        elif not isinstance(value, str):
            found.append((f"[file] {name} is not a text", "write it in quotes"))
        elif name == "delimiter" and value not in DELIMITERS:
            found.append(
                (f"[file] delimiter = {value!r} is not known", 'write ",", ";", "\\t" or "|"')
            )
        elif name == "decimal" and value not in (".", ","):
            found.append((f"[file] decimal = {value!r} is not known", 'write "." or ","'))
        elif name == "thousands" and value not in ("", ",", ".", "'", " ", "_"):
            found.append((f"[file] thousands = {value!r} is not known", 'write "," or "."'))
        elif name == "dates" and value not in _DATES:
            found.append((f"[file] dates = {value!r} is not known", nearest(value, _DATES)))
    if file.get("decimal", ".") == file.get("thousands"):
        found.append(("the marks of decimals and of thousands are the same", "name two marks"))
    return found


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
