"""
The flip page: what hangs on which decision, what would alter it, and where that leads.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.flip.change import Change
from leasebook.flip.effect import LINES, OWED, Effect, captions
from leasebook.flip.judgement_flip import JudgementFlip
from leasebook.flip.matter import Leads
from leasebook.flip.standing import Key
from leasebook.flip.study import Study
from leasebook.flip.term import GRIDS, MONEY_MULTIPLE, NumericTerm
from leasebook.flip.term_flip import UNDETERMINED, Target, TermFlip
from leasebook.pages.caption import scale_of, subtitle
from leasebook.report.table import Cell, Column, Row, Scale, Table
from leasebook.values.money import currency_units

#: The flips of one test that text shows, nearest first; JSON and CSV hold all.
SHOWN = 4

_TODAY, _NONE = "as today", "not drawn up"


@attrs.define
class _Letters:
    """Statements that something leads to, each under a letter, the same ones under the same."""

    today: Effect | None
    known: list[Effect] = attrs.field(factory=list)
    causes: list[list[str]] = attrs.field(factory=list)

    def of(self, leads: Leads | None, cause: str = "") -> str:
        """The letter of where something leads; words where that is today's, or nowhere."""
        if leads is None or leads.effect is None:
            return _NONE
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


def flip_tables(study: Study, periods: tuple[str, ...], *, whole: bool) -> list[Table]:
    """
    The tables of a study, in the order in which a reader asks.

    Args:
        study: What flips.
        periods: The fiscal years that are shown.
        whole: Whether flips that text leaves out are told as well, as JSON and CSV do.
    """
    letters = _Letters(study.today)
    years = tuple(int(period.removeprefix("FY")) for period in periods)
    tables = [] if study.cube is None else [_cube(study, years)]
    if study.hanging:
        tables.append(_hanging(study, letters))
    if study.judged:
        tables.append(_judgements(study, letters))
    if study.terms:
        tables.append(_terms(study, whole=whole))
    if study.today is not None and letters.known:
        tables.append(_statements(study, letters, years))
    return tables


def flip_scale(study: Study) -> Scale:
    """The unit in which the amounts of a study are printed."""
    amounts = study.today.amounts.values() if study.today is not None else ()
    return scale_of(currency_units(amount, study.run.deal.currency) for amount in amounts)


def _key(key: Key) -> str:
    return f"{key[0].replace('_', ' ')} of {key[1]}"


def _outcome(outcome: str | None) -> str:
    return outcome or UNDETERMINED


def _also(leads: Leads | None, besides: Iterable[Key] = ()) -> str:
    left_out = set(besides)
    told = () if leads is None else leads.also
    return "; ".join(f"{_key(k)}: {_outcome(after)}" for k, _, after in told if k not in left_out)


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
        cells["outcomes"] = _also(corner.leads)
        effect = None if corner.leads is None else corner.leads.effect
        for year in years if effect is not None else ():
            for line in OWED:
                cells[f"{line}_FY{year}"] = _amount(study, effect, line, year)
            cells[f"together_FY{year}"] = _units(study, effect.owed(year)) if effect else None
        rows.append(Row(cells))
    for number, axis in enumerate(cube.axes):
        alone = next(c for c in cube.corners if [*c.otherwise] == [
            n == number for n in range(len(cube.axes))
        ])  # fmt: skip
        then = _also(alone.leads) or "no decision comes out otherwise; amounts do"
        notes.append(f"{_axis_title(axis)}: {axis.value} instead of {axis.today}: {then}.")
    if cube.left_out:
        names = ", ".join(axis.name for axis in cube.left_out)
        notes.append(f"Also change what is owed and are not crossed: {names}.")
    title = "The contested judgements, crossed: what is owed"
    currency = study.run.deal.currency.code
    return Table(title, tuple(columns), tuple(rows), subtitle(study.run), tuple(notes), currency)


def _axis_title(axis: Change) -> str:
    return axis.name.rpartition(".")[2].partition("(")[0].replace("_", " ").capitalize()


def _units(study: Study, amount: int) -> Decimal:
    return currency_units(amount, study.run.deal.currency)


def _amount(study: Study, effect: Effect | None, line: str, year: int) -> Cell:
    if effect is None or (line, year) in effect.hidden or (line, year) not in effect.amounts:
        return None
    return _units(study, effect.amounts[line, year])


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
        today = f"{_outcome(one.today)} ({stated.stated_by})" if stated else _outcome(one.today)
        for other in one.others:
            outcome = other.changes[0].value
            cells: dict[str, Cell] = {
                "key": f"{one.key[0]}({one.key[1]})",
                "decision": _key(one.key),
                "today": today,
                "rules": _outcome(one.concluded),
                "other": outcome,
                "also": _also(other, [one.key]),
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
            concluded = "; ".join(f"{_key(f.decision)}: {_outcome(f.after)}" for f in flips)
            cells: dict[str, Cell] = {
                "kind": kind,
                "change": text,
                "rules": concluded,
                "also": _also(flips[0].leads) or "as today",
                "leads_to": letters.of(flips[0].leads, text),
            }
            rows.append(Row(cells, indent=1))
    title = "Judgements and open facts that alter what the rules conclude"
    return Table(title, _JUDGED, tuple(rows), subtitle(study.run), tuple(_tried(study)))


def _kind(flip: JudgementFlip) -> str:
    return "pair" if len(flip.changes) > 1 else flip.changes[0].kind


def _tried(study: Study) -> Iterator[str]:
    for one in study.judged:
        none = "none flips it" if not one.flips else f"{len(one.flips)} flip it"
        pairs = "" if one.paired else ", too many for pairs"
        lacking = ""
        if one.lacking and not one.flips:
            names = ", ".join(one.lacking)
            lacking = f"; it lacks {names}, of which no single value closes it"
        yield f"{_key(one.decision)}: {one.tried} values tried{pairs}, {none}{lacking}."


_TERMS = (
    Column("decision", "Decision", printed=False),
    Column("rule", "Rule", printed=False),
    Column("reading", "Reading", printed=False),
    Column("path", "Path", printed=False),
    Column("term", "Term"),
    Column("unit", "Unit", printed=False),
    Column("today", "Today", align="right"),
    Column("flips_at", "Flips at", align="right"),
    Column("distance", "Distance", align="right"),
    Column("part", "Of today", "percent"),
    Column("then", "Then"),
    Column("step", "Step", printed=False),
    Column("tried_from", "Tried from", printed=False),
    Column("tried_to", "Tried to", printed=False),
)


def _terms(study: Study, *, whole: bool) -> Table:
    by_target: dict[Target, list[TermFlip]] = {}
    for flip in study.terms:
        by_target.setdefault(flip.target, []).append(flip)
    rows: list[Row] = []
    for target, flips in by_target.items():
        found = sorted((f for f in flips if f.found), key=lambda f: (abs(f.part or 0), f.index))
        nowhere = [f for f in flips if not f.found]
        rows.append(Row({"term": f"{_target_title(target)}: {flips[0].before} today"}, "heading"))
        shown = found if whole else found[:SHOWN]
        rows += [Row(_term_cells(flip), indent=1) for flip in shown]
        if whole:
            rows += [Row(_term_cells(flip), indent=1) for flip in nowhere]
            continue
        if len(found) > len(shown):
            further = ", ".join(dict.fromkeys(_last(f.term) for f in found[SHOWN:]))
            rows.append(Row({"term": f"further away: {further}"}, "note", indent=1))
        if nowhere:
            names = ", ".join(f"{_last(f.term)} {_bounds(f)}" for f in nowhere)
            rows.append(Row({"term": f"no flip within: {names}"}, "note", indent=1))
    title = "The nearest value of each numeric term at which it comes out otherwise"
    return Table(title, _TERMS, tuple(rows), subtitle(study.run), tuple(_grid_notes()))


def _target_title(target: Target) -> str:
    if not target.rule:
        return f"Outcome of {_key(target.decision)} by the rules"
    reading = f", {target.fact.replace('_', ' ')}: {target.reading}" if target.reading else ""
    return f"{_key(target.asked)}, test {target.rule}{reading}"


def _term_cells(flip: TermFlip) -> dict[str, Cell]:
    term, target = flip.term, flip.target
    cells: dict[str, Cell] = {
        "decision": _key(target.asked),
        "rule": target.rule,
        "reading": target.reading,
        "term": _last(term),
        "path": term.path,
        "unit": term.unit,
        "today": shown_number(term, Fraction(term.today)),
        "then": flip.after if flip.found else "no flip",
        "step": f"{term.step:f}",
        "tried_from": shown_number(term, Fraction(term.value(flip.lowest))),
        "tried_to": shown_number(term, Fraction(term.value(flip.highest))),
    }
    if flip.found:
        cells["flips_at"] = shown_number(term, flip.flips_at)
        cells["distance"] = shown_number(term, flip.distance, signed=True)
        if flip.part is not None:
            cells["part"] = flip.part
    return cells


def shown_number(term: NumericTerm, value: Fraction, *, signed: bool = False) -> str:
    """A value of a term in its unit: per cent, months, or the amount with its thousands parted."""
    sign = "+" if signed else ""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    if term.unit in ("rate", "share"):
        return f"{(number * 100).normalize():{sign}f}%"
    if term.unit == "money":
        return f"{number:{sign},f}"
    months = f"{number.normalize():{sign}f}"
    return f"{months} months" if term.unit == "months" else months


def _last(term: NumericTerm) -> str:
    """A term's path without the section that it is in."""
    return term.path.removeprefix("contracts.").removeprefix("assets.")


def _bounds(flip: TermFlip) -> str:
    ends = (flip.lowest, flip.highest)
    return " to ".join(shown_number(flip.term, Fraction(flip.term.value(end))) for end in ends)


def _grid_notes() -> Iterator[str]:
    rate, share, months = (GRIDS[unit] for unit in ("rate", "share", "months"))
    points = (rate[0] * 10000).normalize()
    yield (
        f"Grid through today's value: rates in steps of {points:f} basis point, shares of "
        f"{(share[0] * 100).normalize():f} %, times of {months[0]} month or the rent's period, "
        "amounts of the power of ten that is at most a ten-thousandth."
    )
    yield (
        f"Bounds: rates to {rate[2]:%}, shares to the whole, times to {months[2]} months, amounts "
        f"from nothing to {MONEY_MULTIPLE} times, as far as the terms still make sense together. "
        "One step nearer to today nothing flips; that nothing flips further in is checked at four "
        "points between."
    )


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
            cells["today"] = _amount(study, study.today, line, year)
            for name, effect in zip(names, letters.known, strict=True):
                cells[name] = _amount(study, effect, line, year)
            rows.append(Row(cells, indent=1))
    notes = tuple(
        f"{name}: {'; or '.join(causes)}."
        for name, causes in zip(names, letters.causes, strict=True)
    )
    title = "Where it leads: the statements today and after"
    currency = study.run.deal.currency.code
    return Table(title, columns, tuple(rows), subtitle(study.run), notes, currency)
