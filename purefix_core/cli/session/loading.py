"""What both commands have in common: their options, and the sessions of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from purefix_core.cli.options import REGISTRY_FILE, UserError, load_dialects, user_errors

if TYPE_CHECKING:
    from purefix_core.registry.dialects import Dialects
    from purefix_core.session.config import FixConfig

Command = TypeVar("Command", bound=Callable[..., Any])


def session_options(command: Command) -> Command:
    """Adds CONFIG..., --registry, --messages and --verbose."""
    for add in (
        click.option("-v", "--verbose", is_flag=True, help="Tell each change of a session's state."),
        click.option("--messages", is_flag=True, help="Print each message, too; passwords are masked."),
        click.option(
            "-r",
            "--registry",
            metavar="FILE",
            help=f"The dialect registry. Default: {REGISTRY_FILE} in this folder, else the standard FIX versions.",
        ),
        click.argument("paths", nargs=-1, required=True, metavar="CONFIG..."),
    ):
        command = add(command)
    return command


def load_sessions(
    paths: Sequence[str], registry: str | None, of_initiators: bool
) -> tuple[list[FixConfig], Dialects | None]:
    """The sessions of the files that are of the role, and the registry. What somebody should know about a file is told
    on stderr. Raises UserError for a file that cannot be used, and where there is no session of the role."""
    from purefix_core.session.config import FixConfigError, load_configs

    with user_errors():
        dialects = load_dialects(registry)
    found: list[FixConfig] = []
    problems: list[str] = []
    for path in dict.fromkeys(paths):
        try:
            configs = load_configs(Path(path), dialects)
        except FixConfigError as error:
            problems += error.problems
            continue
        own = [each for each in configs if each.settings.is_initiator is of_initiators]
        for warning in (warning for each in own for warning in each.warnings):
            warn(warning)
        if len(own) < len(configs):
            others = (
                f"{len(configs) - len(own)} of an {_role(not of_initiators)}: see purefix {_role(not of_initiators)}"
            )
            if own:
                warn(f"{path}: left out: {others}")
            else:
                problems.append(f"{path}: ConnectionType: expected {_role(of_initiators)}, found {others}")
        found += own
    twice = [name for name, times in Counter(str(each.settings.session_id) for each in found).items() if times > 1]
    problems += [f"{name}: expected in one file, found in several" for name in twice]
    if problems:
        raise UserError("\n".join(problems))
    return found, dialects


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turns what the engine cannot do, such as listening on a port, into one line on stderr."""
    from purefix_core.session.engine import EngineError
    from purefix_core.store.records import StoreError

    try:
        yield
    except (EngineError, StoreError) as error:
        raise UserError(str(error)) from None


def _role(of_initiators: bool) -> str:
    return "initiator" if of_initiators else "acceptor"


def warn(text: str) -> None:
    """On stderr, in one line."""
    UserError(f"warning: {text}").show()
