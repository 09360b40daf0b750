"""
Finished parts of a run in a folder: written as wholes, named in a manifest, skipped by a restart.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs

from leasebook.bulk.flat import as_bytes, from_bytes
from leasebook.bulk.tally import Tally
from leasebook.intake.lot import Lot
from leasebook.portfolio.terms import EVENT_COLUMNS, LEASE_COLUMNS, STEP_COLUMNS
from leasebook.values.problem import Problem, Refused

MANIFEST = "manifest.json"
_OURS = re.compile(r"(?:part-[0-9]{5,9}\.(?:tally|parquet)|manifest\.json)\Z")


def lot_digest(lot: Lot) -> str:
    """SHA-256 of everything that a lot says."""
    state = hashlib.sha256("\n".join((*lot.ids, *lot.counterparties)).encode())
    for name in (*LEASE_COLUMNS, *STEP_COLUMNS, *EVENT_COLUMNS):
        state.update(name.encode() + getattr(lot.terms, name).astype("<i8").tobytes())
    for name, column in sorted(lot.terms.facts.items()):
        state.update(name.encode() + column.astype("<i8").tobytes())
    return state.hexdigest()


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """
    Writes a file as a whole or not at all: under another name first, which then becomes its own.

    Args:
        path: Its folder must exist.
        write: Writes a file of the name that it is given.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        write(fresh)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@attrs.frozen
class Parts:
    """
    The folder of a run's finished parts.

    `outputs` are folders in which each part has a file of its own, by what is in them.
    """

    folder: Path
    outputs: Mapping[str, Path]

    @classmethod
    def opened(
        cls, folder: Path, outputs: Mapping[str, Path], settings: Mapping[str, Any]
    ) -> "Parts":
        """
        The folder, made if it is not there, for a run with some settings.

        Raises:
            Refused: If it holds something else, or the parts of a run with other settings.
        """
        for each in (folder, *outputs.values()):
            each.mkdir(parents=True, exist_ok=True)
        manifest = folder / MANIFEST
        content = json.dumps(settings, indent=2, sort_keys=True) + "\n"
        for each in {folder, *outputs.values()}:
            _only_ours(each)
        if manifest.exists():
            if manifest.read_text(encoding="utf-8") != content:
                cause = "the folder holds parts of a run with other settings"
                raise Refused([_refusal(folder, cause)])
        else:
            if any(folder.glob("part-*")):
                cause = "the folder holds parts without their manifest"
                raise Refused([_refusal(folder, cause)])
            write_whole(manifest, lambda path: _write(path, content.encode()))
        return cls(folder, outputs)

    def output(self, what: str, number: int) -> Path:
        """The file of one part in one folder of output."""
        return self.outputs[what] / f"part-{number:05d}.parquet"

    def finished(self, number: int, digest: str) -> Tally | None:
        """The tally of a part, if it is finished and none of its files has changed since."""
        path = self.folder / f"part-{number:05d}.tally"
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            said = json.loads(head)
            if said["lot"] != digest or said["tally"] != hashlib.sha256(body).hexdigest():
                return None
            for what in self.outputs:
                if digest_of(self.output(what, number)) != said["files"][what]:
                    return None
            return from_bytes(body)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def finish(self, number: int, digest: str, tally: Tally) -> None:
        """Marks a part as finished, when its files are written."""
        body = as_bytes(tally)
        head = {
            "lot": digest,
            "tally": hashlib.sha256(body).hexdigest(),
            "files": {what: digest_of(self.output(what, number)) for what in self.outputs},
        }
        content = json.dumps(head, sort_keys=True).encode() + b"\n" + body
        write_whole(self.folder / f"part-{number:05d}.tally", lambda path: _write(path, content))

    def end(self, count: int) -> None:
        """Deletes parts beyond the last one, which an earlier run of more leases left."""
        for folder, ending in (
            (self.folder, "tally"),
            *((f, "parquet") for f in self.outputs.values()),
        ):
            for path in folder.glob(f"part-*.{ending}"):
                if int(path.stem.removeprefix("part-")) >= count:
                    path.unlink()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _only_ours(folder: Path) -> None:
    for path in folder.iterdir():
        ours = _OURS.match(path.name) or path.name == "_parts"
        left = path.name.startswith(".part-") or path.name.startswith(f".{MANIFEST}")
        if left:
            path.unlink()  # what an interrupted run was writing
        elif not ours:
            raise Refused([_refusal(folder, f"the folder holds {path.name}, which is no part")])


def _refusal(folder: Path, cause: str) -> Problem:
    return Problem("LB0639", cause, "name an empty folder, or one that is not there", str(folder))
