"""`purefix registry`: which dialects there are, what is wrong with a registry, what the sessions of a log speak."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import click

from purefix_core.cli.options import REGISTRY_FILE, PathErrors, load_dialects, open_indexed, user_errors
from purefix_core.cli.table import print_table
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.logs.index import SessionKey
from purefix_core.logs.log_file import LogError, LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.wire.message import printable

_registry_option = click.option(
    "-r",
    "--registry",
    metavar="FILE",
    help=f"The dialect registry. Default: {REGISTRY_FILE} in this folder, else the standard FIX versions.",
)


@click.group("registry")
def command() -> None:
    """List and check the registered dialects, or say which ones a log's sessions speak."""


# -- list ------------------------------------------------------------------------------------------------------------


@command.command("list")
@_registry_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(registry: str | None, as_json: bool) -> None:
    """List the registered dialects, disabled ones too."""
    with user_errors():
        dialects = load_dialects(registry)
    registrations = dialects.get_all()
    if as_json:
        click.echo(json_text({"registrations": [_to_json(each) for each in registrations]}))
        return
    heading = ("name", "version", "sessions", "dictionary", "")
    print_table([heading, *(_row(each) for each in registrations)])


def _row(registration: TypeRegistration) -> tuple[str, ...]:
    path, notes = str(registration.dictionary_path), _notes(registration)
    return registration.name, registration.version, _sessions(registration), path, notes


def _sessions(registration: TypeRegistration) -> str:
    """Whose sessions it is for: `JPM, JPMFX → CLIENT`."""
    if not registration.sender_comp_ids:
        return "(by name)"
    targets = ", ".join(registration.target_comp_ids or ("*",))
    return f"{', '.join(registration.sender_comp_ids)} → {targets}"


def _notes(registration: TypeRegistration) -> str:
    notes = ["default" if registration.is_default else "", "" if registration.enabled else "disabled"]
    return ", ".join(note for note in notes if note)


def _to_json(registration: TypeRegistration) -> dict[str, JsonValue]:
    """The registration under the keys of TypeRegistry.json."""
    return {
        "name": registration.name,
        "displayName": registration.display_name,
        "dictionaryPath": str(registration.dictionary_path),
        "assemblyPath": None if registration.assembly_path is None else str(registration.assembly_path),
        "senderCompIds": registration.sender_comp_ids,
        "targetCompIds": registration.target_comp_ids,
        "version": registration.version,
        "rootNamespace": registration.root_namespace,
        "messageStorePath": None if registration.message_store_path is None else str(registration.message_store_path),
        "enabled": registration.enabled,
        "isDefault": registration.is_default,
    }


# -- check -----------------------------------------------------------------------------------------------------------


@command.command("check")
@click.argument("path", metavar="[FILE]", default=REGISTRY_FILE)
@click.option("--load", is_flag=True, help="Import the packages of typed messages too, which runs the code in them.")
@click.pass_context
def check_command(ctx: click.Context, path: str, load: bool) -> None:
    """Say what is wrong with a registry file, by default TypeRegistry.json in this folder.

    Exit code 1 for errors, 0 when there are only warnings, or nothing.
    """
    from purefix_core.registry.checking import ERROR, check

    with user_errors():
        problems = check(path, load)
    for problem in problems:
        click.echo(printable(str(problem)))
    errors = sum(problem.severity == ERROR for problem in problems)
    if problems:
        click.echo(f"{_count(errors, 'error')}, {_count(len(problems) - errors, 'warning')}")
    else:
        click.echo(printable(f"{path}: nothing is wrong"))
    ctx.exit(1 if errors else 0)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# -- detect ----------------------------------------------------------------------------------------------------------


class _Detected(NamedTuple):
    """What one session of a log speaks. `name` is None where `reason` says why none is known."""

    session: SessionKey
    messages: int
    name: str | None
    reason: str
    is_named: bool
    """Whether the registration names the session's CompIDs."""


@command.command("detect")
@click.argument("path", metavar="LOG")
@_registry_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def detect_command(ctx: click.Context, path: str, registry: str | None, as_json: bool) -> None:
    """Say which registration each session of LOG (`-` is standard input) matches, and why."""
    with user_errors():
        dialects = load_dialects(registry)
    errors = PathErrors()
    with errors, closing(open_indexed(path, dialects, None)) as log:
        found = [_detected(log, dialects, key, count) for key, count in log.rows.counts()[1].items()]
        if as_json:
            click.echo(json_text({"path": path, "sessions": [_detected_to_json(each) for each in found]}))
        else:
            _print_detected(found)
        errors.note_problem(log)
    ctx.exit(errors.exit_code)


def _detected(log: LogFile, dialects: Dialects, session: SessionKey, messages: int) -> _Detected:
    try:
        default_appl_ver_id = log.dialect_of(session).default_appl_ver_id
    except LogError as error:
        return _Detected(session, messages, None, str(error), False)
    match = dialects.match_session(*session, default_appl_ver_id)
    if match is None:
        return _Detected(session, messages, None, "no registration fits", False)
    return _Detected(session, messages, match.registration.name, match.reason, match.names_comp_id)


def _print_detected(found: Sequence[_Detected]) -> None:
    heading = ("session", "messages", "dialect", "why")
    rows = [(_shown(each.session), f"{each.messages:,}", each.name or "none", each.reason) for each in found]
    print_table([heading, *rows], right={1})
    unnamed = sum(not each.is_named and each.name is not None for each in found)
    if unnamed:
        sessions = "a session" if unnamed == 1 else f"{unnamed:,} sessions"
        click.echo(
            f"\nNo registration names the CompIDs of {sessions}. Where a counterparty has a dictionary of its own,\n"
            "add an entry with that dictionary and its CompID in senderCompIds to TypeRegistry.json (docs/registry.md)."
        )


def _shown(session: SessionKey) -> str:
    return f"{session.begin_string} {session.sender_comp_id} → {session.target_comp_id}"


def _detected_to_json(detected: _Detected) -> dict[str, JsonValue]:
    return {
        "beginString": detected.session.begin_string,
        "senderCompId": detected.session.sender_comp_id,
        "targetCompId": detected.session.target_comp_id,
        "messages": detected.messages,
        "dialect": detected.name,
        "reason": detected.reason,
        "namesCompId": detected.is_named,
    }
