"""
The guard at the door: a file is read and measured before any parser sees it.

Parsing takes quadratic time in the parts of a dotted key and recurses into brackets, so both are
counted first.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import attrs

from leasebook.values.problem import Problem, Refused

FILE_BYTES_MAX = 8 * 2**20
LINE_BYTES_MAX = 64 * 2**10
NESTING_MAX = 32
KEY_PARTS_MAX = 16
VALUES_MAX = 20_000
FILES_MAX = 100

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

# Strings and comments are skipped as wholes; possessive loops keep the scan linear.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
    r"|(?P<number>(?<![A-Za-z0-9_+.-])[0-9_]{1000,}+)"
    r"|(?P<mark>[\[\]{}.=,\n])",
    re.DOTALL,
)


@attrs.frozen
class Source:
    """The text of a file under the name that messages give it; line ends are single characters."""

    name: str
    text: str


def deal_files(path: Path) -> tuple[Path, ...]:
    """
    The files of a deal: the file itself, or all TOML files at the top of a folder, by name.

    Raises:
        Refused: If there is none.
    """
    mode = _mode(path)
    if not stat.S_ISDIR(mode):
        return (path,)
    try:
        files = tuple(sorted(path.glob("*.toml")))
    except OSError as error:
        raise _refused("LB0502", str(path), _reason(error), "check the rights") from None
    if not files:
        raise _refused(
            "LB0504", str(path), "the folder has no .toml file", "name the folder of a deal"
        )
    if len(files) > FILES_MAX:
        raise _refused(
            "LB0504", str(path), f"more than {FILES_MAX} .toml files", "name the folder of one deal"
        )
    return files


def read(path: Path) -> Source:
    """
    The text of a file within all limits, without its byte order mark.

    Raises:
        Refused: If it cannot be read, is no UTF-8 text or is beyond a limit.
    """
    source = read_text(path)
    problem = next(_beyond(source.name, source.text), None)
    if problem is not None:
        raise Refused([problem])
    return source


def read_text(path: Path) -> Source:
    """
    The text of a file of a size within bounds, whatever its grammar, without its byte order mark.

    Raises:
        Refused: If it cannot be read, is too big or is no UTF-8 text.
    """
    name = str(path)
    mode = _mode(path)
    if not stat.S_ISREG(mode):
        raise _refused(
            "LB0503", name, "neither a file nor a folder", "give the path of a regular file"
        )
    try:
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise _refused("LB0502", name, _reason(error), "check the rights") from None
    if len(content) > FILE_BYTES_MAX:
        raise _refused("LB0505", name, "more than 8 MiB", "divide the deal over several files")
    return Source(name, _decoded(name, content).replace("\r\n", "\n"))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise _refused("LB0501", str(path), "there is no such file", "check the name") from None
    except (OSError, ValueError) as error:
        raise _refused(
            "LB0502", str(path), _reason(error), "check the rights and where links lead"
        ) from None


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        text = os.strerror(error.errno)
        return f"the file cannot be read: {text[:1].lower()}{text[1:]}"
    return "the file cannot be read: its name is not one"


def _refused(code: str, name: str, cause: str, fix: str) -> Refused:
    return Refused([Problem(code, cause, fix, name)])


def _decoded(name: str, content: bytes) -> str:
    save = "save the file as UTF-8"
    if content.startswith(_UTF16):
        raise _refused("LB0509", name, "the file is UTF-16, not UTF-8", save)
    content = content.removeprefix(_BOM)
    zero = content.find(b"\0")
    if zero >= 0:
        if b"\0" in (content[:1], content[1:2]):
            raise _refused("LB0509", name, "the file looks like UTF-16, not UTF-8", save)
        raise Refused(
            [_at("LB0510", name, content, zero, f"byte {zero} is NUL", "save it again as text")]
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        cause = f"byte {error.start} is 0x{content[error.start]:02x}, which is not UTF-8"
        raise Refused([_at("LB0509", name, content, error.start, cause, save)]) from None


def _at(code: str, name: str, content: bytes, offset: int, cause: str, fix: str) -> Problem:
    """The problem of one byte, with the line around it as far as it is text."""
    start = content.rfind(b"\n", 0, offset) + 1
    end = content.find(b"\n", offset)
    end = len(content) if end < 0 else end
    shown = content[max(start, offset - 200) : min(end, offset + 200)].decode("utf-8", "replace")
    return Problem(
        code,
        cause,
        fix,
        name,
        line=content.count(b"\n", 0, offset) + 1,
        column=len(content[start:offset].decode("utf-8", "replace")) + 1,
        excerpt=shown.rstrip("\r") if start >= offset - 200 else "",
    )


def _beyond(name: str, text: str) -> Iterator[Problem]:
    """The limits that a text is beyond: long lines first."""
    yield from _long_lines(name, text)
    yield from _deep(name, text)


def _long_lines(name: str, text: str) -> Iterator[Problem]:
    if len(text) > LINE_BYTES_MAX // 4:
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LINE_BYTES_MAX // 4 and len(line.encode()) > LINE_BYTES_MAX:
                yield Problem(
                    "LB0506",
                    "the line is longer than 64 KiB",
                    "break it",
                    name,
                    number,
                    1,
                    excerpt=line[:200],
                )


def _deep(name: str, text: str) -> Iterator[Problem]:
    """Brackets that nest too deep, keys of too many parts, numbers of too many digits."""
    depth, parts, values = 0, 1, 0
    for token in _TOKEN.finditer(text):
        mark = token["mark"]
        if token["number"]:
            yield _limit("LB0511", name, text, token.start(), "more digits than any count needs")
        elif mark is None:
            continue
        elif mark == ".":
            parts += 1
            if parts > KEY_PARTS_MAX:
                cause = f"the key has more than {KEY_PARTS_MAX} parts"
                yield _limit("LB0508", name, text, token.start(), cause)
        else:
            parts = 1
            values += mark in {"=", ","}
            if values > VALUES_MAX:
                cause = f"more than {VALUES_MAX:,} values"
                yield _limit("LB0505", name, text, token.start(), cause)
        if mark in {"[", "{"}:
            depth += 1
            if depth > NESTING_MAX:
                cause = f"brackets nest more than {NESTING_MAX} deep"
                yield _limit("LB0507", name, text, token.start(), cause)
        elif mark in {"]", "}"}:
            depth = max(0, depth - 1)


def _limit(code: str, name: str, text: str, offset: int, cause: str) -> Problem:
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].split("\n", 1)[0]
    fixes = {
        "LB0505": "divide the deal over several files",
        "LB0507": "write tables with headers",
        "LB0508": "write tables with headers",
        "LB0511": "check the number; amounts are written in quotes",
    }
    return Problem(
        code,
        cause,
        fixes[code],
        name,
        line=text.count("\n", 0, offset) + 1,
        column=offset - start + 1,
        excerpt=line,
    )
