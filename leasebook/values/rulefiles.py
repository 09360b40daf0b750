"""
Where the accountants' half of the project lies: beside the package, or inside the wheel.
"""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any


@cache
def rules_root() -> Path:
    """
    The folder of rule files: the wheel's own copy, else the checkout's ``rules``.

    Example:
        >>> (rules_root() / "chart.toml").is_file()
        True
    """
    package = Path(__file__).resolve().parent.parent
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file of the project's own, with exact decimals."""
    with path.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)
