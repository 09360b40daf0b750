"""
How the scripts of this folder time things: ratios within one run, with what they were made on.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

#: Repeats of what is short; the least of them counts, as the one that was disturbed least.
REPEATS = 5


def least(action: Callable[[], Any], repeats: int = REPEATS) -> float:
    """
    Seconds that an action takes at best.

    Args:
        action: Called without arguments.
        repeats: How often.
    """
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return min(found)


def alternating(
    one: Callable[[], Any], other: Callable[[], Any], repeats: int = REPEATS
) -> tuple[float, float]:
    """
    Seconds that two actions take at best, called in turn so that both meet the same neighbours.

    Args:
        one: Called without arguments.
        other: Likewise.
        repeats: How often each.
    """
    first, second = [], []
    for _ in range(repeats):
        first.append(least(one, 1))
        second.append(least(other, 1))
    return min(first), min(second)


def machine() -> dict[str, Any]:
    """The processor, its cores, memory, and the versions of what was measured."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def printed(figures: Mapping[str, Any], *, as_json: bool) -> None:
    """
    One object of named figures, or a line for each.

    Args:
        figures: By name.
        as_json: Whether as one JSON object.
    """
    if as_json:
        json.dump(figures, sys.stdout, indent=1)
        print()
        return
    for name, value in figures.items():
        print(f"{name:34} {value}")
