"""
The command line: finds the command that was typed, runs it, and turns failures into exit codes.

Help and version need nothing but click, so that they answer at once; a command's module is imported
when it is run, the module that words failures when something fails.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from leasebook import __version__
from leasebook.cli.names import COMMANDS, EPILOG


class LazyGroup(click.Group):
    """A group whose commands are modules of this folder, imported only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table of names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; none if there is no such name."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        found: click.Command = import_module(f"leasebook.cli.{cmd_name}").command
        return found

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """The list that help shows, from the table of names."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def leasebook() -> None:
    """
    Lease contracts between companies and their vehicles, by cited rules, into books and statements.

    DEAL is a deal file (TOML) or a folder of them. Try `leasebook demo`.
    """


def run(arguments: Sequence[str]) -> int:
    """
    Runs one command line.

    Args:
        arguments: Without the name of the program.

    Returns:
        The exit code: 0 done, 1 findings in the input, 2 usage, 3 files and disks, 4 integrity; 70
        for an error of the program itself.
    """
    if not arguments:
        click.echo(click.Context(leasebook, info_name="leasebook").get_help(), err=True)
        return 2
    try:
        with leasebook.make_context("leasebook", list(arguments)) as context:
            result = leasebook.invoke(context)
            return result if isinstance(result, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - never a traceback
        code: int = import_module("leasebook.cli.failure").report(error)
        return code


def main() -> None:
    """The program `leasebook`."""
    if "_LEASEBOOK_COMPLETE" in os.environ:
        leasebook.main(prog_name="leasebook")
    sys.exit(run(sys.argv[1:]))
