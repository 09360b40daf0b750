"""
Words laid on lines of a given width, broken where a reader would break them.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

#: Where a word may be parted: behind a joint before a letter, behind a hyphen between digits unless
#: it is one of a date, behind what stands before a date, and before a parenthesis in a name.
_JOINTS = re.compile(
    r"(?<=[^\W_][-/_.@=])(?=[^\W\d_])"
    r"|(?<=\d-)(?<!\d{4}-)(?<!\d{4}-\d\d-)(?=\d)"
    r"|(?<=[@/=])(?=\d)"
    r"|(?<=[^\W\d_])(?=\([^\W\d_])"
)


def pieces(word: str) -> list[str]:
    """
    The parts of a word that stay whole as long as they fit a line.

    Args:
        word: Without blanks.

    Example:
        >>> pieces("lessee_classification(campus-lease)")
        ['lessee_', 'classification', '(campus-', 'lease)']
        >>> pieces("842-10-25-2(d)"), pieces("lease@2025-10-31"), pieces("-2,653.9")
        (['842-', '10-', '25-', '2(d)'], ['lease@', '2025-10-31'], ['-2,653.9'])
    """
    return _JOINTS.split(word)


def longest_piece(text: str) -> int:
    """
    The least width, in characters, at which no piece of a text is broken; at least 1.

    Example:
        >>> longest_piece("Equity-method investments")
        11
    """
    return max((cell_len(piece) for word in text.split() for piece in pieces(word)), default=1)


def wrapped(text: str, width: int) -> str:
    r"""
    A text with line feeds where it is broken: between words, else at joints, else anywhere.

    Args:
        text: Blanks within it are kept where the line does not end; its own lines are kept.
        width: Characters of a line, at least 1; wide characters take two.

    Example:
        >>> wrapped("Equity-method investments", 12)
        'Equity-\nmethod\ninvestments'
        >>> wrapped("Equity-method investments", 13)
        'Equity-method\ninvestments'
        >>> wrapped("unparliamentary", 6)
        'unparl\niament\nary'
    """
    return "\n".join(line for own in text.split("\n") for line in _lines(own, max(1, width)))


def _lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for blanks, word in re.findall(r"(\s*)(\S+)", text):
        joined = line + blanks + word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        line = ""
        for part in _fitting(word, width):
            if line and cell_len(line + part) > width:
                yield line
                line = ""
            line += part
    yield line


def _fitting(word: str, width: int) -> list[str]:
    """A word that fits a line; else its pieces, those that are longer than a line cut to it."""
    if cell_len(word) <= width:
        return [word]
    found = []
    for piece in pieces(word):
        found += [piece] if cell_len(piece) <= width else chop_cells(piece, width)
    return found
