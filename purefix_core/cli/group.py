"""The group that all commands hang on. A command's module is imported only when it is called or listed."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

_MODULES = {
    "stats": "purefix_core.cli.stats",
    "show": "purefix_core.cli.show",
    "grep": "purefix_core.cli.grep",
    "registry": "purefix_core.cli.registry",
    "types": "purefix_core.cli.types",
    "store": "purefix_core.cli.store",
    "initiator": "purefix_core.cli.session.initiator",
    "acceptor": "purefix_core.cli.session.acceptor",
    "run": "purefix_core.cli.run",
    "doctor": "purefix_core.cli.doctor",
}


class CommandGroup(click.Group):
    """Finds each command as `command` in its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_MODULES, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(_MODULES[cmd_name]).command
        return command


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="purefix", prog_name="purefix")
def commands() -> None:
    """Read FIX logs: numbers, single messages, searches. Look after dialects and message stores. Run sessions and
    scenarios."""


def run(command: click.Command, prog_name: str) -> NoReturn:
    """Run a command as the whole program: exit code 130 after Ctrl-C, one line for an output that cannot be written."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8 must not end the program
    try:
        try:
            code = command.main(prog_name=prog_name, standalone_mode=False)
        finally:
            if sys.stdout is not None:  # it was closed when the program began (>&-)
                sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 130
    except OSError as error:
        what = "the output cannot be written" if error.filename is None else str(error.filename)
        sys.stderr.write(f"purefix: {what}: {(error.strerror or str(error)).lower()}\n")
        os._exit(2)  # the interpreter would try to write what is left once more, and complain
    sys.exit(code if isinstance(code, int) else 0)


def main() -> None:
    run(commands, "python -m purefix_core")
