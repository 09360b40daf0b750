"""
Loading: from a deal file, or a folder of them, to a deal, or to every problem in it.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from leasebook.contract.check import check
from leasebook.contract.deal import Deal, FiledStatements
from leasebook.contract.draft import Draft, draft_of
from leasebook.contract.guard import Source, deal_files, read
from leasebook.contract.located import by_place, located
from leasebook.contract.merge import merge
from leasebook.contract.node import Misfit, Node
from leasebook.contract.shape import FiledFile, Header
from leasebook.contract.structure import structure
from leasebook.contract.syntax import parse
from leasebook.values.catalogue import CODES
from leasebook.values.problem import Finding, Place, Problem, Refused
from leasebook.values.problem import Path as FilePath


@attrs.define
class _Reading:
    """What has been read so far, and every problem on the way."""

    sources: dict[str, Source] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)
    findings: list[Finding] = attrs.field(factory=list)
    homes: dict[FilePath, Place] = attrs.field(factory=dict)

    def tables(self, path: Path) -> dict[str, Any]:
        """The tables of one file, whose text is kept for messages."""
        source = read(path)
        self.sources[source.name] = source
        return parse(source)

    def attempt(self, path: Path) -> dict[str, Any] | None:
        """The tables of one file, or None if it is refused, with its problems noted."""
        try:
            return self.tables(path)
        except Refused as refused:
            self.problems += refused.problems
            return None


def _nothing(_deal: Deal) -> Iterable[Finding]:
    return ()


def load_deal(path: Path, further: Callable[[Deal], Iterable[Finding]] = _nothing) -> Deal:
    """
    The deal that a file, or all TOML files at the top of a folder, describe.

    Args:
        path: A file, or a folder whose files are read as one in the order of their names.
        further: Findings of rooms above this one about a deal that is consistent in itself.

    Returns:
        The deal; its id is the name of the folder, or of the file without its ending.

    Raises:
        Refused: With the first error of syntax of each file; or else with every error of
            structure and meaning, by file and line.
    """
    reading = _Reading()
    files = deal_files(path)
    contents = [(str(file), reading.attempt(file)) for file in files]
    if reading.problems:
        raise Refused(reading.problems)
    merged = merge((name, tables) for name, tables in contents if tables is not None)
    if not merged.tables and not merged.findings:
        cause = "there is no deal in it"
        raise Refused([Problem("LB0112", cause, "start with `leasebook new`", str(path))])
    reading.homes |= merged.homes
    draft, findings = draft_of(merged.tables)
    reading.findings += [*merged.findings, *findings]
    folder = path if path.is_dir() else path.parent
    filed = _filed(draft, folder, reading)
    draft = attrs.evolve(draft, filed=filed)
    reading.findings += check(draft)
    if not (reading.findings or reading.problems or draft.deal is None):
        deal = _deal(draft, draft.deal, path)
        reading.findings += further(deal)
        if not reading.findings:
            return deal
    merged = attrs.evolve(merged, homes=reading.homes)
    found = located(reading.sources, reading.findings, merged.home, str(path))
    raise Refused(by_place([*reading.problems, *found], reading.sources))


def _filed(draft: Draft, folder: Path, reading: _Reading) -> dict[str, FiledStatements]:
    """The filed statements of every entity that names a file, by entity."""
    filed = {}
    for name, entity in draft.entities.items():
        if entity.filed is None:
            continue
        file = folder / entity.filed
        place: FilePath = ("entities", name, "filed")
        if not _inside(file, folder) or Path(entity.filed).is_absolute():
            cause = f"{entity.filed} is not inside the folder of the deal"
            finding = Finding("LB0303", place, cause, "write a path beside the deal, without ..")
            reading.findings.append(finding)
            continue
        reading.homes["filed", name] = Place(str(file))
        try:
            filed[name] = _statements(reading.tables(file), name)
        except Refused as refused:
            for problem in refused.problems:
                if CODES[problem.code].exit_class == 1:
                    reading.problems.append(problem)
                else:
                    cause = f"{entity.filed}: {problem.cause}"
                    reading.findings.append(Finding(problem.code, place, cause, problem.fix))
        except Misfit as misfit:
            reading.findings += misfit.findings
            if isinstance(misfit.rest, FiledFile):
                filed[name] = _in_units(misfit.rest)
    return filed


def _inside(file: Path, folder: Path) -> bool:
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _statements(tables: Mapping[str, Any], name: str) -> FiledStatements:
    shape: FiledFile = structure(Node(dict(tables), ("filed", name)), FiledFile)
    return _in_units(shape)


def _in_units(shape: FiledFile) -> FiledStatements:
    """The statements in currency units: amounts times the unit of the file."""
    lines = tuple(
        attrs.evolve(line, amount=attrs.evolve(line.amount, value=line.amount.value * shape.unit))
        if line.amount.value is not None
        else line
        for line in shape.lines
    )
    return FiledStatements(shape.entity, shape.as_of, shape.framework, lines, shape.rests)


def _deal(draft: Draft, header: Header, path: Path) -> Deal:
    whole = path.resolve()
    return Deal(
        id=whole.name if path.is_dir() else whole.stem,
        title=header.title,
        reporting=header.reporting,
        currency=header.currency,
        known_to=header.known_to,
        sources=draft.sources,
        entities=draft.entities,
        assets=draft.assets,
        contracts=draft.contracts,
        scenarios=draft.scenarios,
        events=tuple(draft.events.values()),
        judgements=tuple(draft.judgements.values()),
        facts=tuple(draft.facts.values()),
        tables=tuple(draft.tables_stated.values()),
        assertions=tuple(draft.assertions.values()),
        bases={basis.id: basis for basis in draft.bases.values()},
        filed=draft.filed,
        notes=header.notes,
        exchange_rates=tuple(draft.exchange_rates.values()),
    )
