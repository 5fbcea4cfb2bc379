"""What several commands share: options, and opening logs with errors that are one clear line on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistryError
from purefix_core.registry.signatures import is_file
from purefix_core.wire.message import printable

REGISTRY_FILE = "TypeRegistry.json"

_USERS = (LogError, TypeRegistryError, DictionaryError)
"""Errors that are about what the user gave us, not about us."""

Command = TypeVar("Command", bound=Callable[..., Any])


class UserError(click.ClickException):
    """Ends a command with one line on stderr and exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:  # noqa: ARG002 (the signature is click's)
        lines = "\n".join(printable(line) for line in self.message.split("\n"))  # names and paths may hold anything
        click.echo(f"purefix: {lines}", err=True)


def dialect_options(command: Command) -> Command:
    """Adds --registry and --dialect."""
    command = click.option(
        "-d", "--dialect", metavar="NAME", help="Read every session with this registration instead of choosing one."
    )(command)
    return click.option(
        "-r",
        "--registry",
        metavar="FILE",
        help=f"The dialect registry. Default: {REGISTRY_FILE} in this folder, else the standard FIX versions.",
    )(command)


def load_dialects(registry: str | None) -> Dialects:
    """The registry that --registry names, else the one in the current folder, else the packaged one.

    Raises TypeRegistryError, and LogError if the named file is missing.
    """
    if registry is None and not is_file(Path(REGISTRY_FILE)):
        return Dialects.standard()
    path = Path(registry or REGISTRY_FILE)
    if not is_file(path):
        raise LogError(f"{path}: no such registry file")
    dialects = Dialects()
    dialects.load_from_file(path)
    return dialects


class PathErrors:
    """Lets a command go on with its next PATH after an error in one: `with errors:` around each.

    The error is one line on stderr, and `exit_code` is then 2.
    """

    def __init__(self) -> None:
        self.exit_code = 0

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, UserError):
            self._say(error.message)
        elif isinstance(error, _USERS):
            self._say(str(error))
        else:
            return False
        return True

    def note_problem(self, log: LogFile) -> None:
        """Say so if the log, a stream or a compressed file, ended early."""
        if log.source.problem:
            self._say(log.source.problem)

    def _say(self, text: str) -> None:
        self.exit_code = UserError.exit_code
        UserError(text).show()


def one_form(**forms: bool) -> str | None:
    """Which of the options that say how to print was given, if any. Raises UserError for two."""
    given = [form for form, is_given in forms.items() if is_given]
    if len(given) > 1:
        raise UserError(f"{' and '.join(f'--{form}' for form in given)} exclude each other")
    return given[0] if given else None


@contextmanager
def user_errors() -> Iterator[None]:
    """Turns what a user can put right into one line on stderr."""
    try:
        yield
    except _USERS as error:
        raise UserError(str(error)) from None


def open_indexed(path: str, dialects: Dialects, dialect: str | None) -> LogFile:
    """An opened and indexed log that holds at least one message. Raises LogError."""
    log = LogFile.open(path, dialects, dialect)
    log.index()
    require_messages(log)
    return log


def require_messages(log: LogFile) -> None:
    """Raises LogError for a log without any message."""
    if len(log.rows):
        return
    if log.source.problem:
        raise LogError(log.source.problem)
    raise LogError(f"{log.path}: is empty" if log.size == 0 else no_message_in(log))


def no_message_in(log: LogFile) -> str:
    """What to say of a log that holds something, but no message."""
    hint = ""
    if log.rows.skipped:
        first = log.rows.skipped[0]
        hint = f"; text at offset {first.offset:,} looks like FIX, but: {first.reason}"
    return f"{log.path}: holds no FIX message{hint}"
