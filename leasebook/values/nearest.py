"""
Advice for a name that nobody knows: the known names that look most like it.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_LISTED = 12
_ALIKE = 0.6
_MARGIN = 0.1


def nearest(name: str, known: Iterable[str]) -> str:
    """
    Advice that names what is known and looks most like `name`, or the first that are known.

    Example:
        >>> nearest("curency", ["currency", "title"])
        'did you mean currency?'
    """
    names = sorted(known)
    close = get_close_matches(name[:64], names, n=3, cutoff=_ALIKE)
    if close:
        likeness = [SequenceMatcher(None, name[:64], other).ratio() for other in close]
        close = [c for c, how in zip(close, likeness, strict=True) if how >= likeness[0] - _MARGIN]
        return "did you mean " + " or ".join(close) + "?"
    if not names:
        return "there is none that could be named"
    return "write one of: " + ", ".join(names[:_LISTED]) + (", ..." if names[_LISTED:] else "")
