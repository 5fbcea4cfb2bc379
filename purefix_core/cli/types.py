"""`purefix types`: typed message classes out of a dictionary."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from purefix_core.cli.options import UserError, user_errors
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_core.registry.signatures import is_file
from purefix_core.types.generator.package import GeneratedPackage, generate_package
from purefix_core.types.generator.plan import PlanError
from purefix_core.wire.message import printable

_NAME = "dictionary"


@click.group("types")
def command() -> None:
    """Typed message classes out of a dictionary."""


@command.command("generate")
@click.option(
    "-i", "--input", "dictionary", required=True, metavar="DICT.xml", help="A dictionary in QuickFIX's format."
)
@click.option("-o", "--output", required=True, metavar="DIR", help="The folder that the package is put into.")
@click.option("--namespace", required=True, metavar="NAME", help="What the package is imported as; dots are folders.")
@click.option("--messages", metavar="D,8,...", help="Only these MsgTypes or names, and the session messages.")
def generate(dictionary: str, output: str, namespace: str, messages: str | None) -> None:
    """Write the messages of a dictionary as a Python package of typed classes.

    A package that was generated there before gives way to the new one.
    """
    path = Path(dictionary)
    if not is_file(path):
        raise UserError(f"{path}: no such dictionary file")
    wanted = [each.strip() for each in (messages or "").split(",") if each.strip()]
    dialects = Dialects()
    with user_errors():
        dialects.register(TypeRegistration(_NAME, path.stem, path))
        definitions = dialects.load_definitions(_NAME)
        try:
            package = generate_package(definitions, Path(output), namespace, wanted)
        except PlanError as error:
            raise UserError(str(error)) from None
        except OSError as error:
            raise UserError(f"{output}: cannot be written: {error.strerror}") from None
    for issue in definitions.issues[:5]:
        click.echo(printable(f"purefix: {path}: {issue}"), err=True)
    if len(definitions.issues) > 5:
        click.echo(f"purefix: {path}: {len(definitions.issues) - 5:,} more oddities", err=True)
    click.echo(_told(package, path, definitions.version, namespace, Path(output)))


def _told(package: GeneratedPackage, dictionary: Path, version: str, namespace: str, output: Path) -> str:
    entry = {
        "name": namespace.rpartition(".")[2].lower(),
        "dictionaryPath": os.path.relpath(dictionary),
        "assemblyPath": os.path.relpath(package.folder),
        "rootNamespace": namespace,
        "version": version,
        "senderCompIds": [],
        "enabled": True,
    }
    replaced = ", in place of an older package" if package.was_replaced else ""
    counted = f"{package.messages:,} messages, {package.components:,} components and {package.enums:,} enums"
    return "\n".join(
        (
            f"{package.folder}: {counted} of {version}{replaced}",
            f"Import it as {namespace} with {output} on the path of Python, or register it (its paths are from here):",
            json.dumps(entry, indent=2),
        )
    )
