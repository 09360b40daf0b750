"""
A command as a user calls it, and what it prints.
"""

import io
import json
import sys
from typing import Any

from leasebook.cli import main


def printed_json(*arguments: str) -> Any:
    """The JSON that a command prints."""
    kept, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        assert main.run([*arguments, "--format", "json"]) == 0
        sys.stdout.flush()
        return json.loads(sys.stdout.buffer.getvalue())
    finally:
        sys.stdout = kept
