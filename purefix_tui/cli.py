"""The `purefix` command: the headless commands, and those that open the screen on logs, on a session, on stores."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from purefix_core.cli import commands, run
from purefix_core.cli.options import REGISTRY_FILE, UserError, dialect_options, load_dialects, user_errors
from purefix_core.logs.filter import FilterError, msg_type_filter, parse, point_at
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.logs.source import STDIN
from purefix_core.registry.dialects import Dialects


class ScreenCommand(click.Command):
    """Lists the headless commands in its help too."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        commands.format_commands(ctx, formatter)


@click.command("purefix", cls=ScreenCommand, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-m", "--msgtype", metavar="REGEX", help="Show only messages whose MsgType(35) matches, such as ^8$.")
@click.option("-f", "--filter", "expression", default="", metavar="EXPR", help="Show only messages that pass EXPR.")
@click.option("-F", "--follow", "following", is_flag=True, help="Show what is appended to the files, as it comes.")
@dialect_options
@click.version_option(package_name="purefix", prog_name="purefix")
def screen(
    paths: tuple[str, ...],
    msgtype: str | None,
    expression: str,
    following: bool,
    registry: str | None,
    dialect: str | None,
) -> None:
    """Read FIX logs on the screen. Each PATH is a log, plain or .gz; `-` is standard input.

    A first argument that names a command is the command: `purefix ./stats` opens a file of that name.
    """
    expression = _expression(msgtype, expression)
    with user_errors():
        dialects = load_dialects(registry)
        LogFile.from_bytes(b"", dialects, dialect)  # LogError for a dialect that is not registered
        _check(paths)
        _check_terminal("purefix grep, show and stats")
        logs = [_standard_input(dialects, dialect) if path == STDIN else path for path in paths]

    _run_app(logs, dialects, dialect=dialect, expression=expression, following=following)


_registry_option = click.option(
    "-r",
    "--registry",
    metavar="FILE",
    help=f"The dialect registry. Default: {REGISTRY_FILE} in this folder, else the standard FIX versions.",
)


@click.command("session")
@click.argument("config", required=False, metavar="[CONFIG]")
@_registry_option
def session(config: str | None, registry: str | None) -> None:
    """Log on to a counterparty by hand, on the screen.

    CONFIG is a session file, JSON or QuickFIX's .cfg. Nothing is connected before you say so.
    """
    with user_errors():
        dialects = load_dialects(registry)
        if config is not None and (problem := _problem(config)):
            raise UserError(problem)
        _check_terminal("purefix initiator, acceptor and run")
    _run_app([], dialects, start=("Session", None if config is None else Path(config), ()))


@click.command("edit")
@click.argument("folders", metavar="DIR...", nargs=-1)
@_registry_option
def edit_stores(folders: tuple[str, ...], registry: str | None) -> None:
    """Look at stores and edit them, on the screen.

    Lists the stores in and below each DIR and those of the registry; a DIR that is a single store is opened.
    """
    with user_errors():
        dialects = load_dialects(registry)
        for folder in folders:
            if not Path(folder).parent.exists():
                raise UserError(f"{folder}: no such file or folder")
        _check_terminal("purefix store list, show, set and others")
    _run_app([], dialects, start=("Stores", None, tuple(map(Path, folders))))


def _check_terminal(instead: str) -> None:
    if not sys.stdout.isatty():
        raise UserError(f"the screen needs a terminal; for scripts there are {instead}")


def _run_app(
    logs: Sequence[str | LogFile],
    dialects: Dialects,
    *,
    start: tuple[str, Path | None, tuple[Path, ...]] | None = None,
    **options: Any,
) -> None:
    """`start`: the fields of Start; the Explore tab comes first without it."""
    # Textual costs 200 ms and more to import; wrong arguments are answered without it.
    try:
        from platformdirs import user_config_path, user_state_path

        from purefix_tui.app import PureFixApp
        from purefix_tui.tabs import EXPLORE_FIRST, Start
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("purefix"):
            raise
        raise UserError(f"the screen needs the package {error.name}: pip install 'purefix[app]'") from None

    PureFixApp(
        logs,
        state_folder=user_state_path("purefix", appauthor=False),
        dialects=dialects,
        config_folder=user_config_path("purefix", appauthor=False),
        start=EXPLORE_FIRST if start is None else Start(*start),
        **options,
    ).run()


def _expression(msgtype: str | None, expression: str) -> str:
    """Both filters as one expression. Raises UserError for what no dictionary could make sense of."""
    try:
        parse(expression)
    except FilterError as error:
        raise UserError(f"--filter: {error}\n{point_at(expression, error.column)}") from None
    if msgtype is None:
        return expression
    try:
        msg_type_filter(msgtype)
    except FilterError as error:
        raise UserError(f"--msgtype: {error}") from None
    only = 'MsgType ~ "' + msgtype.replace('"', '""') + '"'
    return f"{only} and ({expression})" if expression.strip() else only


def _check(paths: Sequence[str]) -> None:
    """Raises LogError if none of the paths can be a log. Of several the screen says which cannot be opened."""
    problems = [_problem(path) for path in paths]
    if problems and all(problems):
        raise LogError("\npurefix: ".join(problems))


def _problem(path: str) -> str:
    """Why a path cannot be a log; empty if that is found out only when it is opened."""
    if path == STDIN:
        return ""
    if not Path(path).exists():
        return f"{path}: no such file"
    if Path(path).is_dir():
        return f"{path}: is a directory"
    return "" if os.access(path, os.R_OK) else f"{path}: permission denied"


def _standard_input(dialects: Dialects, dialect: str | None) -> LogFile:
    """Standard input as a log; the keyboard is read from the terminal instead."""
    log = LogFile.open(STDIN, dialects, dialect)
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise LogError("standard input is a log, and there is no terminal to read keys from") from None
    os.dup2(terminal, 0)
    os.close(terminal)
    return log


def main() -> None:
    arguments = sys.argv[1:]
    commands.add_command(session)
    if arguments[:1] == ["store"]:  # its imports cost 200 ms
        from purefix_core.cli.store import command as store

        store.add_command(edit_stores)
    names = commands.list_commands(click.Context(commands))
    command = commands if arguments and arguments[0] in names else screen
    run(command, "purefix")
