"""
One case, read and reported: which of the engine's rooms answers it.
"""

from typing import Any

from published.groups import group_case
from published.reading import read
from published.reported import lease_case

_GROUP = ("guarantee", "exposures", "acquisition", "intragroup_transfers", "outcomes")


def report(case: dict[str, Any]) -> dict[str, Any]:
    """What the engine reports of a case."""
    if any(key in case["inputs"] for key in _GROUP):
        return group_case(case)
    return lease_case(read(case))
