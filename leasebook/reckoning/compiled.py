"""
The plain functions, compiled by Numba where it is installed: the only module that names it.

A function is compiled from its own code object; the plain functions that it calls are compiled the
same way. Without Numba a function is what it was, and gives the same integers.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Any, cast

_PACKAGE = "leasebook."

#: Whether functions can be compiled here.
AVAILABLE = find_spec("numba") is not None

Plain = Callable[..., Any]

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}

#: Functions that hand out parts of arrays: they become a piece of their callers.
_TAKEN_IN = ("window", "part_of", "unit_of", "event_of", "epoch_of")

#: Functions whose floats are guesses that integers confirm: a product and a sum may be one step.
_GUESSING = ("_accrued",)

#: Loops that become a piece of their callers, who call them with constants.
_LOOPS_WITHIN = ("_accrued",)

#: Functions that say of a number that it is a place in a column, so that no loop asks whether it
#: is counted from the end.
_PLACES = ("counted",)

#: Modules besides those of this room whose functions are compiled, or whose constants they hold.
_LOOPS = tuple(
    f"portfolio/{name}.py"
    for name in (
        "course", "given", "investment", "letting", "paid", "post", "probe", "records", "run",
        "state", "table_sums", "terms", "walk",
    )
)  # fmt: skip


@cache
def compiled(function: Plain) -> Plain:
    """
    A plain function and all that it calls of this package, as machine code.

    What has been compiled once is kept in the user's cache, under a digest of the sources.

    Args:
        function: Takes and returns whole numbers, floats and arrays of them.

    Returns:
        The compiled function, which lets other threads run; the function itself without Numba.

    Example:
        >>> from leasebook.reckoning.rounding import scale
        >>> int(compiled(scale)(5, 1, 2))
        2
    """
    if not AVAILABLE:
        return function
    import numba  # noqa: PLC0415 - a deal does not pay for it

    folder = _cache_folder()
    vars(numba.config)["CACHE_DIR"] = folder
    made = rebound(function, _compiled_within)
    return cast("Plain", numba.njit(**_OPTIONS, cache=bool(folder))(made))


@cache
def _compiled_within(function: Plain) -> Plain:
    """A function that only compiled ones call: nothing is made for calls from outside."""
    import numba  # noqa: PLC0415 - a deal does not pay for it

    if function.__name__ in _PLACES:
        return cast("Plain", numba.uint64)
    made = rebound(function, _compiled_within)
    within: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    if function.__name__ in _GUESSING:
        within["fastmath"] = {"contract"}
    if function.__name__ in _TAKEN_IN:
        within = {"inline": "always"}
    elif function.__name__ in _LOOPS_WITHIN or any(
        hasattr(kind, "_fields") for kind in function.__annotations__.values()
    ):
        within["forceinline"] = True
    return cast("Plain", numba.njit(**_OPTIONS, **within)(made))


def rebound(
    function: Plain,
    change: Callable[[Plain], Plain],
    replaced: Mapping[str, Plain] | None = None,
) -> FunctionType:
    """
    The same code object among other functions.

    Args:
        function: A plain function.
        change: What becomes of each function of this package that it calls.
        replaced: Functions by the name under which it calls them, that are taken as they are.

    Returns:
        A function of its own; the one that is given stays as it is.
    """
    if not isinstance(function, FunctionType):
        raise TypeError(f"{function!r} is no plain function")
    scope = dict(function.__globals__)
    for name in function.__code__.co_names:
        called = scope.get(name)
        if replaced and name in replaced:
            scope[name] = replaced[name]
        elif isinstance(called, FunctionType) and called.__module__.startswith(_PACKAGE):
            scope[name] = change(called)
    made = FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
    made.__module__, made.__qualname__ = function.__module__, function.__qualname__
    return made


def exactly(function: Plain, replaced: Mapping[str, Plain]) -> Plain:
    """
    A plain function that runs on Python integers with some of the functions below it replaced.

    Args:
        function: A plain function.
        replaced: By name, wherever something below calls it.
    """
    made: dict[Plain, Plain] = {}

    def change(called: Plain) -> Plain:
        if called not in made:
            made[called] = rebound(called, change, replaced)
        return made[called]

    return change(function)


def _cache_folder() -> str:
    """A folder for this version of the sources, or nothing where none can be written."""
    state = hashlib.sha256()
    root = Path(__file__).parent.parent
    for path in sorted([*root.glob("reckoning/*.py"), *(root / name for name in _LOOPS)]):
        state.update(path.read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "leasebook" / state.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder) if os.access(folder, os.W_OK) else ""
