"""
Changes: one judgement, open fact, outcome or perimeter that comes out otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import attrs

from leasebook.contract.deal import Deal, StatedFact
from leasebook.contract.figure import Figure
from leasebook.facts.dictionary import Dictionary, FactMeaning
from leasebook.flip.place import Steps, figures, replaced
from leasebook.flip.term import Unit, place_name, unit_of
from leasebook.rulebook.stated import Stated
from leasebook.rulebook.wording import show
from leasebook.values.duration import Duration

Kind = Literal["judgement", "range", "open-fact", "outcome", "perimeter"]

#: Who assumes an outcome that a flip tries.
BY = "flip"


@attrs.frozen
class Change:
    """
    One thing that comes out otherwise than today.

    `name` is how it is typed and printed; `today` and `value` are texts. `edits` replace what
    stands at a place of the deal, `added` are facts that nobody states today, and `assumed` are
    outcomes that then hold.
    """

    kind: Kind
    name: str
    today: str
    value: str
    edits: tuple[tuple[Steps, Any], ...] = ()
    added: tuple[StatedFact, ...] = ()
    assumed: tuple[Stated, ...] = ()

    def text(self) -> str:
        """The change as a statement, ``name = value``."""
        return f"{self.name} = {self.value}"


def altered(deal: Deal, changes: Iterable[Change]) -> Deal | None:
    """The deal with what some changes edit and add; None if they only assume outcomes."""
    made, touched = deal, False
    for change in changes:
        for steps, value in change.edits:
            made, touched = replaced(made, steps, value), True
        if change.added:
            made, touched = attrs.evolve(made, facts=(*made.facts, *change.added)), True
    return made if touched else None


def assumed_in(changes: Iterable[Change]) -> tuple[Stated, ...]:
    """The outcomes that some changes assume."""
    return tuple(stated for change in changes for stated in change.assumed)


def outcome_change(decision: str, about: str, today: str | None, outcome: str) -> Change:
    """A decision that comes out otherwise, whatever the rules conclude."""
    stated = Stated(decision, about, outcome, BY, "assumed", assumed=True)
    name = f"{decision}({about})"
    return Change("outcome", name, today or "undetermined", outcome, assumed=(stated,))


def shown_value(value: Any, unit: Unit | None = None) -> str:
    """A value as a page prints it: yes and no, durations in words, rates and shares per cent."""
    if unit in ("rate", "share") and isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %"
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return f"{value:,.0f}"
    return show(value)


def judged(deal: Deal, dictionary: Dictionary) -> tuple[Change, ...]:
    """
    Each known figure with a range, at each end of the range that is not its value today.

    A judgement is a figure that people judge, by its place or by the dictionary; the others are
    terms whose value is only known to lie in a range.
    """
    found = []
    for steps, figure in figures(deal):
        if not figure.known:
            continue
        for end in dict.fromkeys(figure.range):
            if end != figure.value:
                kind: Kind = "judgement" if _is_judgement(deal, steps, dictionary) else "range"
                found.append(_valued(deal, steps, figure, end, kind, dictionary))
    return tuple(found)


def _is_judgement(deal: Deal, steps: Steps, dictionary: Dictionary) -> bool:
    if steps[0] == "judgements":
        return True
    meaning = _meaning(deal, steps, dictionary)
    return meaning is not None and meaning.kind == "judgement"


def _meaning(deal: Deal, steps: Steps, dictionary: Dictionary) -> FactMeaning | None:
    if steps[0] in ("facts", "judgements"):
        return dictionary.facts.get(getattr(deal, str(steps[0]))[steps[1]].fact)
    if steps[0] == "tables":
        return dictionary.tables[deal.tables[int(steps[1])].table].columns.get(str(steps[-1]))
    return None


def _valued(
    deal: Deal,
    steps: Steps,
    figure: Figure[Any],
    value: Any,
    kind: Kind,
    dictionary: Dictionary,
) -> Change:
    unit = unit_of(deal, steps, figure, dictionary)
    today = shown_value(figure.value, unit) if figure.known else "not known"
    known = attrs.evolve(figure, value=value, unknown=None)
    name = place_name(deal, steps, figure)
    return Change(kind, name, today, shown_value(value, unit), edits=((steps, known),))


def closings(deal: Deal, path: str, dictionary: Dictionary) -> Iterator[Change]:
    """
    Each value that a figure which is not known can take.

    Yes and no, the names of a closed list, or the ends of its range; a number or a name without
    any of these has none.

    Args:
        deal: Has the figure.
        path: Where it stands, as its facts carry it.
        dictionary: Gives unit and list.
    """
    steps = _places(deal).get(path)
    if steps is None:
        return
    figure = _at(deal, steps)
    meaning = _meaning(deal, steps, dictionary)
    values: tuple[Any, ...] = figure.range
    if not values and meaning is not None:
        values = (True, False) if meaning.unit == "boolean" else meaning.values
    for value in values:
        yield _valued(deal, steps, figure, value, "open-fact", dictionary)


def _places(deal: Deal) -> Mapping[str, Steps]:
    return {figure.path: steps for steps, figure in figures(deal) if not figure.known}


def _at(deal: Deal, steps: Steps) -> Figure[Any]:
    return next(figure for there, figure in figures(deal) if there == steps)


def stated_anew(about: str, fact: str, values: Iterable[tuple[str, Any]]) -> Iterator[Change]:
    """
    Each value of a fact that nobody states, or that is measured and comes to several readings.

    Args:
        about: Whose fact it is.
        fact: Its name.
        values: What each is called, and the value.
    """
    for label, value in values:
        figure: Figure[Any] = Figure(value, assumption="taken to see where it leads")
        stated = StatedFact(about, fact, figure)
        yield Change("open-fact", f"{fact}({about})", "not known", label, added=(stated,))


def completed(deal: Deal, table: str, abouts: Iterable[str]) -> Iterator[Change]:
    """A list of which more may exist, taken to be all there is."""
    wanted = set(abouts)
    for number, stated in enumerate(deal.tables):
        if stated.table == table and stated.about in wanted and not stated.complete:
            name = f"{table}({stated.about})"
            edit = ((("tables", number, "complete"), True),)
            yield Change("open-fact", name, "more may exist", "complete", edits=edit)
