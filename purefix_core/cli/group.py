"""The group that all commands hang on. A command's module is imported only when it is called or listed."""

from __future__ import annotations

from importlib import import_module

import click

_MODULES = {
    "stats": "purefix_core.cli.stats",
    "show": "purefix_core.cli.show",
    "grep": "purefix_core.cli.grep",
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
    """Read FIX logs: numbers, single messages, searches."""


def main() -> None:
    commands(prog_name="python -m purefix_core")
