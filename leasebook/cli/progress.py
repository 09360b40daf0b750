"""
Progress on standard error: how far, how fast, and how long it will take.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import attrs

_EVERY_SECONDS = 0.5


@attrs.define
class Progress:
    """
    A line on standard error that is written over and over.

    Attributes:
        sizes: Bytes of each file.
        shown: Whether anything is written at all.
    """

    sizes: Mapping[Path, int]
    shown: bool
    _read: dict[Path, int] = attrs.field(factory=dict)
    _began: float = attrs.field(factory=time.monotonic)
    _last: float = 0.0

    def __call__(self, path: Path, read: int) -> None:
        """Takes how many bytes of a file have been read."""
        self._read[path] = read
        now = time.monotonic()
        if self.shown and now - self._last >= _EVERY_SECONDS:
            self._last = now
            sys.stderr.write(f"\r{self.line(now - self._began)}\x1b[K")
            sys.stderr.flush()

    def line(self, seconds: float) -> str:
        """
        What is shown after some seconds.

        Example:
            >>> progress = Progress({Path("a.csv"): 4_000_000}, False)
            >>> progress(Path("a.csv"), 1_000_000)
            >>> progress.line(2.0)
            '25 % read, 0.5 MB/s, 0:06 left'
        """
        whole, read = max(1, sum(self.sizes.values())), sum(self._read.values())
        rate = read / seconds if seconds > 0 else 0.0
        left = int((whole - read) / rate) if rate else 0
        when = f"{left // 60}:{left % 60:02d}"
        return f"{100 * read // whole} % read, {rate / 1e6:.1f} MB/s, {when} left"

    def end(self) -> None:
        """Clears the line."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
