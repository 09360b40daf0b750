"""
How wide each column of a printed table is, and where a table too wide for the page is cut.
"""

from collections.abc import Sequence
from operator import lt

import attrs

from leasebook.report.table import Column

GAP = 2

# A column of words is never squeezed below this, unless its words are shorter.
_WORDS_MIN = 14


@attrs.frozen
class Measured:
    """
    A column and its widths in characters: ``least`` it can do with, ``natural`` it would like.

    At the width ``unbroken`` no word of it is broken, and at ``least`` none inside of a piece;
    ``tight`` is what it is squeezed to where the page has no room for that. ``hangs`` says that
    negatives close with a parenthesis outside the column of digits.
    """

    column: Column
    least: int
    unbroken: int
    natural: int
    hangs: bool = False
    tight: int = attrs.field()

    @tight.default
    def _as_least(self) -> int:
        return self.least

    @property
    def leads(self) -> bool:
        """Whether it says what a row is about, and so is repeated in each band."""
        return self.column.kind in ("text", "date")

    @property
    def bends(self) -> bool:
        """Whether its cells may be wrapped: words may, numbers and dates never."""
        return self.column.kind == "text"


def least_of_words(words: Sequence[int]) -> int:
    """
    The width to which a column is squeezed whose words have these lengths.

    Example:
        >>> least_of_words([3, 9]), least_of_words([3, 40])
        (9, 14)
    """
    return min(max(words, default=1), _WORDS_MIN)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * max(0, len(widths) - 1)


def _groups(columns: Sequence[Measured]) -> list[list[Measured]]:
    groups: list[list[Measured]] = []
    for each in columns:
        group = each.column.group
        if groups and group and groups[-1][0].column.group == group:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def bands(columns: Sequence[Measured], width: int) -> list[list[Measured]] | None:
    """
    The columns cut into bands that fit the page, the words and dates repeated in each.

    Columns of one group stay together where they can.

    Args:
        columns: Measured columns in order.
        width: Characters of the page.

    Returns:
        The bands; ``None`` where not even one column of numbers fits beside the words.
    """
    cut = _bands(columns, width)
    if cut is None and any(not each.leads for each in columns):
        return _bands([attrs.evolve(each, least=each.tight) for each in columns], width)
    return cut


def _bands(columns: Sequence[Measured], width: int) -> list[list[Measured]] | None:
    stubs = [each for each in columns if each.leads]
    values = [each for each in columns if not each.leads]
    if _total([each.least for each in columns]) <= width:
        return [list(columns)]
    stub = [each.least for each in stubs]
    if _total([*stub, max((each.least for each in values), default=0)]) > width:
        return None
    if not values:
        return [stubs]
    cut: list[list[Measured]] = []
    for group in _groups(values):
        needed = [each.least for each in group]
        held = [each.least for each in cut[-1]] if cut else []
        if cut and _total([*stub, *held, *needed]) <= width:
            cut[-1].extend(group)
            continue
        for position, each in enumerate(group):
            held = [other.least for other in cut[-1]] if cut else []
            if position and _total([*stub, *held, each.least]) <= width:
                cut[-1].append(each)
            else:
                cut.append([each])
    return [[each for each in columns if each in stubs or each in band] for band in cut]


def widths(columns: Sequence[Measured], width: int) -> list[int]:
    """
    The width of each column of a band: numbers get what they need, words share the rest.

    Args:
        columns: Columns whose least widths fit the page.
        width: Characters of the page.

    Returns:
        Characters per column, in order.

    Example:
        >>> words, number = Column("line", "Line"), Column("amount", "Amount", "amount")
        >>> widths([Measured(words, 9, 9, 50), Measured(number, 10, 10, 10)], 40)
        [28, 10]
    """
    given = [each.least for each in columns]
    rest = width - _total(given)
    short = [(each.unbroken - each.least, at) for at, each in enumerate(columns)]
    for missing, at in sorted(short):
        if 0 < missing <= rest:
            given[at] += missing
            rest -= missing
    wanted = [each.natural for each in columns]
    while rest > 0 and any(map(lt, given, wanted)):
        wanting = [index for index in range(len(given)) if given[index] < wanted[index]]
        given[min(wanting, key=given.__getitem__)] += 1
        rest -= 1
    return given
