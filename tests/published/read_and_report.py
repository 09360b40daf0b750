"""
One case, read and reported: which of the engine's rooms answers it.
"""

from typing import Any

from published.reading import read
from published.reported import lease_case


def report(case: dict[str, Any]) -> dict[str, Any]:
    """What the engine reports of a case."""
    return lease_case(read(case))
