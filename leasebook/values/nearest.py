"""
Advice for a name that nobody knows: the known names that look most like it.
"""

from bisect import bisect
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

_LISTED = 12
_ALIKE = 0.6
_MARGIN = 0.1
_COMPARED = 50


def nearest(name: str, known: Iterable[str]) -> str:
    """
    Advice that names what is known and looks most like `name`, or the first that are known.

    Among very many names only those are compared that begin like it.

    Example:
        >>> nearest("curency", ["currency", "title"])
        'did you mean currency?'
    """
    names = _in_order(frozenset(known))
    if not names:
        return "there is none that could be named"
    name = name[:64]
    compared = names
    if len(names) > 10 * _COMPARED:
        middle = bisect(names, name)
        compared = names[max(0, middle - _COMPARED // 2) : middle + _COMPARED // 2]
    close = get_close_matches(name, compared, n=3, cutoff=_ALIKE)
    if close:
        likeness = [SequenceMatcher(None, name, other).ratio() for other in close]
        close = [c for c, how in zip(close, likeness, strict=True) if how >= likeness[0] - _MARGIN]
        return "did you mean " + " or ".join(close) + "?"
    return "write one of: " + ", ".join(names[:_LISTED]) + (", ..." if names[_LISTED:] else "")


@lru_cache(maxsize=64)
def _in_order(known: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(known))
