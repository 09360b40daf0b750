"""
The flip page: what hangs on which decision, what would alter it, and where that leads.
"""

from collections.abc import Iterator

import attrs

from leasebook.flip.change import Change
from leasebook.flip.effect import LINES, OWED, Effect, captions
from leasebook.flip.judgement_flip import JudgementFlip
from leasebook.flip.matter import Leads
from leasebook.flip.study import Study
from leasebook.pages.caption import scale_of, subtitle
from leasebook.pages.flip_terms import term_statements, terms_table, told_steps
from leasebook.pages.flip_words import (
    NONE,
    also_text,
    amount_cell,
    key_text,
    outcome_text,
    units,
)
from leasebook.report.table import Cell, Column, Row, Scale, Table
from leasebook.values.money import currency_units

_TODAY = "as today"

#: The facts that a decision lacks of which a note gives the names.
NAMED = 6


@attrs.define
class _Letters:
    """Statements that something leads to, each under a letter, the same ones under the same."""

    today: Effect | None
    known: list[Effect] = attrs.field(factory=list)
    causes: list[list[str]] = attrs.field(factory=list)

    def of(self, leads: Leads | None, cause: str = "") -> str:
        """The letter of where something leads; words where that is today's, or nowhere."""
        if leads is None or leads.effect is None:
            return NONE
        if self.today is not None and not leads.effect.differs(self.today):
            return _TODAY
        same = (n for n, one in enumerate(self.known) if one.amounts == leads.effect.amounts)
        number = next(same, len(self.known))
        if number == len(self.known):
            self.known.append(leads.effect)
            self.causes.append([])
        if cause and cause not in self.causes[number]:
            self.causes[number].append(cause)
        return letter(number)


def letter(number: int) -> str:
    """
    A to Z, then AA and on.

    Example:
        >>> letter(0), letter(25), letter(26)
        ('A', 'Z', 'AA')
    """
    first, last = divmod(number, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)


def flip_tables(
    study: Study, crossed: tuple[int, ...], years: tuple[int, ...], *, whole: bool
) -> list[Table]:
    """
    The tables of a study, in the order in which a reader asks.

    Args:
        study: What flips.
        crossed: The fiscal years that the grid shows.
        years: Those that the statements show.
        whole: Whether flips that text leaves out are told as well, as JSON and CSV do.
    """
    letters = _Letters(study.today)
    tables = [] if study.cube is None else [_cube(study, crossed)]
    if study.hanging:
        tables.append(_hanging(study, letters))
    if study.judged:
        tables.append(_judgements(study, letters))
    if "terms" in study.parts:
        told = told_steps(study, whole=whole)
        tables.append(terms_table(study, told, whole=whole))
        if study.today is not None and told:
            tables.append(term_statements(study, told, years, whole=whole))
    if study.today is not None and letters.known:
        tables.append(_statements(study, letters, years))
    return tables


def flip_scale(study: Study) -> Scale:
    """The unit in which the amounts of a study are printed, today's and those they lead to."""
    effects = [leads.effect for one in study.hanging for leads in one.others]
    amounts = (a for one in (study.today, *effects) if one for a in one.amounts.values())
    return scale_of(currency_units(amount, study.run.deal.currency) for amount in amounts)


def _cube(study: Study, years: tuple[int, ...]) -> Table:
    cube = study.cube
    assert cube is not None  # noqa: S101 - the caller asks only for a cube that is there
    titles = captions()
    axes = tuple(Column(f"judgement_{n}", _axis_title(axis)) for n, axis in enumerate(cube.axes, 1))
    columns = [*axes, Column("outcomes", "Then", printed=False)]
    for year in years:
        group = f"FY{year}"
        columns += [
            Column(f"{line}_FY{year}", titles[line], "amount", group=group) for line in OWED
        ]
        columns.append(Column(f"together_FY{year}", "Together", "amount", group=group))
    rows, notes = [], []
    for corner in cube.corners:
        cells: dict[str, Cell] = {}
        for number, (axis, other) in enumerate(zip(cube.axes, corner.otherwise, strict=True), 1):
            cells[f"judgement_{number}"] = axis.value if other else axis.today
        cells["outcomes"] = also_text(corner.leads)
        effect = None if corner.leads is None else corner.leads.effect
        for year in years if effect is not None else ():
            for line in OWED:
                cells[f"{line}_FY{year}"] = amount_cell(study, effect, line, year)
            cells[f"together_FY{year}"] = units(study, effect.owed(year)) if effect else None
        rows.append(Row(cells, kept=True))
    for number, axis in enumerate(cube.axes):
        alone = next(c for c in cube.corners if [*c.otherwise] == [
            n == number for n in range(len(cube.axes))
        ])  # fmt: skip
        then = also_text(alone.leads) or "no decision comes out otherwise; amounts do"
        notes.append(f"{_axis_title(axis)}: {axis.value} instead of {axis.today}: {then}.")
    if cube.left_out:
        names = ", ".join(axis.name for axis in cube.left_out)
        notes.append(f"Also change what is owed and are not crossed: {names}.")
    title = "The contested judgements, crossed: what is owed"
    currency = study.run.deal.currency.code
    return Table(title, tuple(columns), tuple(rows), subtitle(study.run), tuple(notes), currency)


def _axis_title(axis: Change) -> str:
    return axis.name.rpartition(".")[2].partition("(")[0].replace("_", " ").capitalize()


_HANGING = (
    Column("key", "Key", printed=False),
    Column("decision", "Decision"),
    Column("today", "Today"),
    Column("rules", "The rules"),
    Column("other", "Otherwise"),
    Column("also", "And with it"),
    Column("leads_to", "Leads to"),
)


def _hanging(study: Study, letters: _Letters) -> Table:
    rows = []
    for one in study.hanging:
        stated = study.run.stated.get(one.key)
        today = outcome_text(one.today)
        today += f" ({stated.stated_by})" if stated else ""
        for other in one.others:
            outcome = other.changes[0].value
            cells: dict[str, Cell] = {
                "key": f"{one.key[0]}({one.key[1]})",
                "decision": key_text(one.key),
                "today": today,
                "rules": outcome_text(one.concluded),
                "other": outcome,
                "also": also_text(other, [one.key]),
                "leads_to": letters.of(other, other.changes[0].text()),
            }
            rows.append(Row(cells))
    notes = (
        "Each other outcome is assumed for this page; what the rules then conclude follows it.",
    )
    title = "What hangs on each decision"
    return Table(title, _HANGING, tuple(rows), subtitle(study.run), notes)


_JUDGED = (
    Column("kind", "", printed=False),
    Column("change", "If"),
    Column("rules", "The rules conclude"),
    Column("also", "Then stands"),
    Column("leads_to", "Leads to"),
)
_KINDS = {
    "judgement": "Judgements, at the other end of their range",
    "range": "Figures, at an end of their range",
    "open-fact": "Facts that are not known",
    "pair": "Pairs of which neither does so alone",
}


def _judgements(study: Study, letters: _Letters) -> Table:
    by_change: dict[str, list[JudgementFlip]] = {}
    for one in study.judged:
        for flip in one.flips:
            by_change.setdefault(" and ".join(c.text() for c in flip.changes), []).append(flip)
    rows: list[Row] = []
    for kind, heading in _KINDS.items():
        chosen = {text: flips for text, flips in by_change.items() if _kind(flips[0]) == kind}
        if chosen:
            rows.append(Row({"change": heading}, "heading"))
        for text, flips in chosen.items():
            concluded = "; ".join(f"{key_text(f.decision)}: {outcome_text(f.after)}" for f in flips)
            cells: dict[str, Cell] = {
                "kind": kind,
                "change": text,
                "rules": concluded,
                "also": also_text(flips[0].leads) or "as today",
                "leads_to": letters.of(flips[0].leads, text),
            }
            rows.append(Row(cells, indent=1))
    title = "Judgements and open facts that alter what the rules conclude"
    notes = (*_tried(study),) if rows else ("None does.", *_tried(study))
    return Table(title, _JUDGED, tuple(rows), subtitle(study.run), notes)


def _kind(flip: JudgementFlip) -> str:
    return "pair" if len(flip.changes) > 1 else flip.changes[0].kind


def _tried(study: Study) -> Iterator[str]:
    for one in study.judged:
        none = "none flips it" if not one.flips else f"{len(one.flips)} flip it"
        pairs = "" if one.paired else ", too many for pairs"
        lacking = ""
        if one.lacking and not one.flips:
            tried = "neither one value nor a pair" if one.paired else "no single value"
            lacking = f"; it lacks {_named(one.lacking)}, of which {tried} closes it"
        yield f"{key_text(one.decision)}: {one.tried} values tried{pairs}, {none}{lacking}."


def _named(lacking: tuple[str, ...]) -> str:
    """Facts by name; of many the first, and where the others are told."""
    if len(lacking) <= NAMED + 1:
        return ", ".join(lacking)
    rest = len(lacking) - NAMED
    return f"{', '.join(lacking[:NAMED])} and {rest} more (`leasebook determine` names them)"


def _statements(study: Study, letters: _Letters, years: tuple[int, ...]) -> Table:
    titles = captions()
    names = [letter(number) for number in range(len(letters.known))]
    columns = (
        Column("period", "Period", printed=False),
        Column("line", "Line", printed=False),
        Column("title", ""),
        Column("today", "Today", "amount"),
        *(Column(name, name, "amount") for name in names),
    )
    rows: list[Row] = []
    for year in years:
        rows.append(Row({"title": f"FY{year}"}, "heading"))
        for _, line in LINES:
            cells: dict[str, Cell] = {"period": f"FY{year}", "line": line, "title": titles[line]}
            cells["today"] = amount_cell(study, study.today, line, year)
            for name, effect in zip(names, letters.known, strict=True):
                cells[name] = amount_cell(study, effect, line, year)
            rows.append(Row(cells, indent=1))
    notes = tuple(
        f"{name}: {'; or '.join(causes)}."
        for name, causes in zip(names, letters.causes, strict=True)
    )
    title = "Where it leads: the statements today and after"
    currency = study.run.deal.currency.code
    return Table(title, columns, tuple(rows), subtitle(study.run), notes, currency)
