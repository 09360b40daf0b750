"""
Failures, worded: every exception becomes a message on standard error and an exit code.
"""

import os
import traceback

import click

from leasebook.cli.output import silence_output
from leasebook.consolidation.eliminate import CashMismatchError
from leasebook.consolidation.perimeter import PerimeterHoleError
from leasebook.measure.financing import NotModelled
from leasebook.reckoning.kernel import OutsideDomain, TrueUpExceeded
from leasebook.reckoning.rates import NoCrossing
from leasebook.report.table import plain
from leasebook.statements.opening import FiledMismatchError
from leasebook.values.problem import Refused, render

FINDINGS = 1
USAGE = 2
DISK = 3
INTEGRITY = 4
UNEXPECTED = 70
INTERRUPTED = 130


def _say(*lines: str) -> None:
    for line in lines:
        click.echo(line, err=True)


def _usage(error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    if context is not None:
        _say(context.get_usage())
    _say(f"error[LB0002]: {plain(error.format_message())}")
    if context is not None:
        _say(f"  = help: {context.command_path} --help")
    return USAGE


def _disk(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        silence_output()
        return 0
    place = f"{plain(str(error.filename))}: " if error.filename is not None else ""
    cause = plain(error.strerror or str(error))
    _say(f"error[LB0003]: {place}{cause[:1].lower()}{cause[1:]}")
    return DISK


def _coded(code: str, error: BaseException, exit_code: int) -> int:
    _say(f"error[{code}]: {plain(str(error))}", f"  = help: leasebook rule {code}")
    return exit_code


def _unexpected(error: BaseException) -> int:
    if os.environ.get("LEASEBOOK_TRACEBACK") == "1":
        _say("".join(traceback.format_exception(error)).rstrip())
    cause = plain(f"{type(error).__name__}: {error}")[:300]
    _say(
        f"error[LB0001]: an error of leasebook itself ({cause}); please report it with the command "
        "line and what LEASEBOOK_TRACEBACK=1 adds to it"
    )
    return UNEXPECTED


def report(error: BaseException) -> int:  # noqa: PLR0911 - one return for each kind of failure
    """
    Says on standard error what went wrong.

    Args:
        error: Whatever a command raised.

    Returns:
        The exit code.
    """
    match error:
        case Refused():
            _say(render(error.problems).rstrip("\n"))
            return error.exit_code
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED
        case click.ClickException():
            return _usage(error)
        case OSError():
            return _disk(error)
        case OutsideDomain():
            return _coded("LB0202", error, FINDINGS)
        case NoCrossing():
            return _coded("LB0005", error, FINDINGS)
        case PerimeterHoleError():
            return _coded("LB0410", error, FINDINGS)
        case NotModelled():
            return _coded("LB0006", error, FINDINGS)
        case TrueUpExceeded() | CashMismatchError() | FiledMismatchError():
            return _coded("LB0004", error, INTEGRITY)
    return _unexpected(error)
