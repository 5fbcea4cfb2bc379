"""`purefix doctor`: what this installation consists of, and what is wrong with it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import click

from purefix_core.cli.options import REGISTRY_FILE, dialect_options, load_dialects, user_errors
from purefix_core.dictionary.cache import cache_folder
from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.wire import native

_PACKAGES = ("purefix", "textual", "rich", "click", "lxml", "watchfiles", "platformdirs")


@click.command("doctor")
@dialect_options
def command(registry: str | None, dialect: str | None) -> None:
    """Say which versions, scanner and dialects are in use. Exit code 1 if something is wrong."""
    healthy = True
    click.echo(f"python      {platform.python_version()} ({sys.executable})")
    click.echo(f"packages    {', '.join(_version(name) for name in _PACKAGES)}")
    scanner = f"Python, for there is no native one: {native.why_absent}" if native.module is None else "native"
    click.echo(f"scanner     {scanner}")
    click.echo(f"cache       {cache_folder() or 'none: dictionaries are compiled anew each time'}")
    with user_errors():
        dialects = load_dialects(registry)
        chosen = None if dialect is None else _named(dialects, dialect)
    click.echo(f"registry    {registry or f'{REGISTRY_FILE} in this folder, else the standard FIX versions'}")
    for registration in dialects.get_all_enabled() if chosen is None else (chosen,):
        try:
            definitions = dialects.load_definitions(registration.name)
        except (DictionaryError, TypeRegistryError) as error:
            healthy = False
            click.echo(f"  ✗ {registration.name}: {error}")
            continue
        issues = f", {len(definitions.issues)} oddities in its dictionary" if definitions.issues else ""
        messages = len(definitions.message_names)
        click.echo(f"  ✓ {registration.name:<10} {registration.version:<12} {messages:>3} messages{issues}")
    sys.exit(0 if healthy else 1)


def _named(dialects: Dialects, name: str) -> TypeRegistration | None:
    """The registration of that name. Raises TypeRegistryError where there is none."""
    dialects.load_definitions(name)
    return dialects.get_by_name(name)


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} (not installed)"
