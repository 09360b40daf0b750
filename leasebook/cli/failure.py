"""
Failures, worded: every exception becomes a message on standard error and an exit code.
"""

import os
import traceback

import click

from leasebook.bulk.mismatch import ColumnsDifferError
from leasebook.cli.output import silence_output
from leasebook.consolidation.eliminate import CashMismatchError
from leasebook.consolidation.perimeter import PerimeterHoleError
from leasebook.contract.figure import UnknownFigureError
from leasebook.disclosures.scope import DisclosureMismatchError
from leasebook.intake.absent import Absent, absent_part
from leasebook.measure.missing_rates import MissingExchangeRates
from leasebook.measure.not_modelled import NotModelled
from leasebook.portfolio.not_closed import BalancesNotClosed
from leasebook.reckoning.kernel import OutsideDomain, TrueUpExceeded
from leasebook.reckoning.rates import NoCrossing
from leasebook.report.table import plain
from leasebook.statements.opening import FiledMismatchError
from leasebook.values.problem import Refused

FINDINGS = 1
USAGE = 2
DISK = 3
INTEGRITY = 4
UNEXPECTED = 70
INTERRUPTED = 130


#: Findings that come to light only when a deal is measured, with code and exit code.
_CODED: tuple[tuple[type[BaseException], str, int], ...] = (
    (OutsideDomain, "LB0202", FINDINGS),
    (NoCrossing, "LB0005", FINDINGS),
    (UnknownFigureError, "LB0007", FINDINGS),
    (NotModelled, "LB0006", FINDINGS),
    (MissingExchangeRates, "LB0008", FINDINGS),
    (PerimeterHoleError, "LB0410", FINDINGS),
    (FiledMismatchError, "LB0311", FINDINGS),
    (TrueUpExceeded, "LB0004", INTEGRITY),
    (BalancesNotClosed, "LB0004", INTEGRITY),
    (CashMismatchError, "LB0004", INTEGRITY),
    (DisclosureMismatchError, "LB0004", INTEGRITY),
    (Absent, "LB0002", USAGE),
    (ColumnsDifferError, "LB0004", INTEGRITY),
)


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


def _unexpected(error: BaseException) -> int:
    if os.environ.get("LEASEBOOK_TRACEBACK") == "1":
        _say("".join(traceback.format_exception(error)).rstrip())
    cause = plain(f"{type(error).__name__}: {error}")[:300]
    _say(
        f"error[LB0001]: an error of leasebook itself ({cause}); please report it with the command "
        "line and what LEASEBOOK_TRACEBACK=1 adds to it"
    )
    return UNEXPECTED


def report(error: BaseException) -> int:
    """
    Says on standard error what went wrong.

    Args:
        error: Whatever a command raised.

    Returns:
        The exit code.
    """
    error = absent_part(error) or error
    match error:
        case Refused():
            _say(error.shown().rstrip("\n"))
            return error.exit_code
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED
        case click.ClickException():
            return _usage(error)
        case OSError():
            return _disk(error)
    for kind, code, exit_code in _CODED:
        if isinstance(error, kind):
            _say(f"error[{code}]: {plain(str(error))}", f"  = help: leasebook rule {code}")
            return exit_code
    return _unexpected(error)
