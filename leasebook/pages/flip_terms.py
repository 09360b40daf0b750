"""
The flips of numeric terms as tables: the nearest values, and the statements with each.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from leasebook.flip.effect import LINES, Effect, captions
from leasebook.flip.study import Study
from leasebook.flip.term import GRIDS, MONEY_MULTIPLE, NumericTerm
from leasebook.flip.term_flip import Target, TermFlip
from leasebook.pages.caption import subtitle
from leasebook.pages.flip_words import NONE, also_text, amount_cell, key_text
from leasebook.report.table import Cell, Column, Row, Table

#: The flips of one test that text shows, nearest first; JSON and CSV hold all.
SHOWN = 4

#: What is said where no term is read.
NO_TERM = "No numeric term moves a decision on which the statements hang."


def _by_target(study: Study) -> Iterator[tuple[Target, list[TermFlip], list[TermFlip]]]:
    """Each target with the terms that flip it, nearest first, and with those that do not."""
    by_target: dict[Target, list[TermFlip]] = {}
    for flip in study.terms:
        by_target.setdefault(flip.target, []).append(flip)
    for target, flips in by_target.items():
        found = sorted((f for f in flips if f.found), key=lambda f: (abs(f.part or 0), f.index))
        yield target, found, [f for f in flips if not f.found]


def told_steps(study: Study, *, whole: bool) -> dict[tuple[str, int], TermFlip]:
    """The steps of terms whose statements are shown, each once, in the order of the page."""
    told: dict[tuple[str, int], TermFlip] = {}
    for _, found, _ in _by_target(study):
        for flip in found if whole else found[:SHOWN]:
            if flip.leads is not None and flip.leads.effect is not None:
                told.setdefault(flip.at, flip)
    return told


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
    Column("leads_to", "No.", align="right"),
    Column("also", "And with it", printed=False),
    Column("step", "Step", printed=False),
    Column("tried_from", "Tried from", printed=False),
    Column("tried_to", "Tried to", printed=False),
)


def terms_table(study: Study, told: Mapping[tuple[str, int], TermFlip], *, whole: bool) -> Table:
    """The nearest value of each term at which a target comes out otherwise."""
    numbers = {at: number for number, at in enumerate(told, 1)}
    rows: list[Row] = []
    for target, found, nowhere in _by_target(study):
        flips = [*found, *nowhere]
        rows.append(Row({"term": f"{_target_title(target)}: {flips[0].before} today"}, "heading"))
        shown = found if whole else found[:SHOWN]
        rows += [Row(_term_cells(flip, numbers.get(flip.at)), indent=1) for flip in shown]
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
    notes = tuple(_grid_notes()) if rows else (NO_TERM,)
    return Table(title, _TERMS, tuple(rows), subtitle(study.run), notes)


def _target_title(target: Target) -> str:
    if not target.rule:
        return f"Outcome of {key_text(target.decision)} by the rules"
    reading = f", {target.fact.replace('_', ' ')}: {target.reading}" if target.reading else ""
    return f"{key_text(target.asked)}, test {target.rule}{reading}"


def _term_cells(flip: TermFlip, number: int | None = None) -> dict[str, Cell]:
    term, target = flip.term, flip.target
    cells: dict[str, Cell] = {
        "decision": key_text(target.asked),
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
        undrawn = f"{NONE}: {flip.undrawn}" if flip.undrawn else NONE
        cells["leads_to"] = undrawn if number is None else str(number)
        cells["also"] = also_text(flip.leads, [target.decision])
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
        "Not drawn up: events of the scenario fall on no day of the altered terms (events), a "
        "decision that the books need is open (open), or what follows is not modelled."
    )
    yield (
        f"Bounds: rates to {rate[2]:%}, shares to the whole, times to {months[2]} months, amounts "
        f"from nothing to {MONEY_MULTIPLE} times, as far as the terms still make sense together. "
        "One step nearer to today nothing flips; that nothing flips further in is checked at four "
        "points between."
    )


def _same(effect: Effect | None, today: Effect | None, year: int) -> bool:
    """Whether every shown line of a year is today's."""
    if effect is None or today is None:
        return False
    return all(
        effect.amounts.get((line, year)) == today.amounts.get((line, year)) for _, line in LINES
    )


def term_statements(
    study: Study,
    told: Mapping[tuple[str, int], TermFlip],
    years: tuple[int, ...],
    *,
    whole: bool,
) -> Table:
    """The statements with each term at the value at which something flips, below today's."""
    titles = captions()
    columns = (
        Column("period", "Period", printed=False),
        Column("path", "Path", printed=False),
        Column("flips_at", "Flips at", printed=False),
        Column("number", "No."),
        *(Column(line, titles[line], "amount") for _, line in LINES),
    )
    rows: list[Row] = []
    for year in years:
        rows.append(Row({"number": f"FY{year}"}, "heading"))
        shown: list[tuple[str, TermFlip | None, Effect | None]] = [("today", None, study.today)]
        for number, one in enumerate(told.values(), 1):
            shown.append((str(number), one, one.leads.effect if one.leads else None))
        same = [
            name
            for name, flip, effect in shown
            if flip is not None and not whole and _same(effect, study.today, year)
        ]
        for name, flip, effect in shown:
            if name in same:
                continue
            cells: dict[str, Cell] = {"period": f"FY{year}", "number": name}
            if flip is not None:
                cells |= {"path": flip.term.path}
                cells["flips_at"] = shown_number(flip.term, flip.flips_at)
            for _, line in LINES:
                cells[line] = amount_cell(study, effect, line, year)
            rows.append(Row(cells, indent=1))
        if same:
            rows.append(Row({"number": f"as today: {', '.join(same)}"}, "note", indent=1))
    names = [
        f"{number}: {_last(one.term)} {shown_number(one.term, one.flips_at)}."
        for number, one in enumerate(told.values(), 1)
    ]
    title = "Where the nearest values lead: the statements today and with each"
    currency = study.run.deal.currency.code
    return Table(title, columns, tuple(rows), subtitle(study.run), (" ".join(names),), currency)
