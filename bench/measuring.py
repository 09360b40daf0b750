"""
How the scripts of this folder time things: ratios within one run, with what they were made on.
"""

import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

#: Repeats of what is short; the least of them counts, as the one that was disturbed least.
REPEATS = 40


Times = tuple[float, float]


def least(action: Callable[[], Any], repeats: int = REPEATS) -> Times:
    """
    Seconds that an action takes at best: of processors (all threads together), and of the clock.

    Args:
        action: Called without arguments.
        repeats: How often.
    """
    found = []
    for _ in range(repeats):
        start, spent = time.perf_counter(), time.process_time()
        action()
        found.append((time.process_time() - spent, time.perf_counter() - start))
    return min(cpu for cpu, _ in found), min(clock for _, clock in found)


def alternating(
    one: Callable[[], Any], other: Callable[[], Any], repeats: int = REPEATS
) -> tuple[Times, Times]:
    """
    What two actions take at best, called in turn so that both meet the same neighbours.

    Args:
        one: Called without arguments.
        other: Likewise.
        repeats: How often each.
    """
    first, second = [], []
    for _ in range(repeats):
        first.append(least(one, 1))
        second.append(least(other, 1))
    return _best(first), _best(second)


def _best(times: Sequence[Times]) -> Times:
    return min(cpu for cpu, _ in times), min(clock for _, clock in times)


def peak_mib() -> float:
    """The most memory that the process has held since `forget_peak`, MiB."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(x for x in status.read_text("utf-8").splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def forget_peak() -> None:
    """The peak begins anew, where the system can do that."""
    control = Path("/proc/self/clear_refs")
    if control.exists():
        control.write_text("5", "utf-8")


def machine() -> dict[str, Any]:
    """The processor, its cores and load, memory, and the versions of what was measured."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_at_start": round(os.getloadavg()[0], 2),
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
