"""Registry files and dictionaries for the tests of the registry."""

from __future__ import annotations

import json
import os
from pathlib import Path

from purefix_core.registry.dialects import Dialects

DICTIONARY = """<fix type='FIX' major='4' minor='4'>
 <header><field name='BeginString' required='Y'/></header>
 <messages><message name='Ping' msgtype='UP' msgcat='app'><field name='Note' required='N'/></message></messages>
 <trailer><field name='CheckSum' required='Y'/></trailer>
 <components/>
 <fields>
  <field number='8' name='BeginString' type='STRING'/>
  <field number='10' name='CheckSum' type='STRING'/>
  <field number='6001' name='Note' type='STRING'/>
 </fields>
</fix>
"""
"""A dictionary of FIX 4.4 with one message, Ping with MsgType UP."""

PROVIDER = """
class {name}:
    def get_version(self):
        return "{version}"

    def create_message_factory(self):
        return "factory of {text}"

    def create_session_message_factory(self, session_description):
        return "session factory of {text}", session_description

    def get_message_types(self):
        return []

    def get_message_type_by_msg_type(self, msg_type):
        return None
"""


def acme(**changes: object) -> dict[str, object]:
    """An entry for the dictionary acme.xml."""
    entry = {"name": "acme", "dictionaryPath": "acme.xml", "version": "FIX.4.4", "senderCompIds": ["ACME"]}
    return {**entry, **changes}


def registry(folder: Path, *entries: object, file: str = "TypeRegistry.json", **document: object) -> Path:
    """A registry file with these entries."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": "1.0", "registrations": entries, **document}), encoding="utf-8")
    return path


def dictionary(folder: Path, message: str = "Ping", file: str = "acme.xml", minor: int = 4) -> Path:
    """A dictionary file whose one message is called so."""
    path = folder / file
    path.write_text(DICTIONARY.replace("Ping", message).replace("minor='4'", f"minor='{minor}'"), encoding="utf-8")
    return path


def provider_text(text: str = "acme", version: str = "FIX.4.4", name: str = "Types") -> str:
    """The source of a class that is a provider; its factories are texts that name `text`."""
    return PROVIDER.format(name=name, version=version, text=text)


def package(folder: Path, name: str = "types", text: str = "acme", version: str = "FIX.4.4") -> Path:
    """A package of typed messages, whose provider lies in a module of its own."""
    path = folder / name
    path.mkdir(parents=True, exist_ok=True)
    (path / "__init__.py").write_text("from .provider import Types\n", encoding="utf-8")
    (path / "provider.py").write_text(provider_text(text, version), encoding="utf-8")
    return path


def later(path: Path) -> None:
    """Give a file a time that it never had, as if it was written a while after."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 5_000_000_000))


def loaded(path: Path) -> Dialects:
    dialects = Dialects()
    dialects.load_from_file(path)
    return dialects


def names(dialects: Dialects) -> list[str]:
    return [each.name for each in dialects.get_all()]


def rewritten(path: Path, *entries: object, **document: object) -> None:
    """The registry file with other entries, and a time that it never had."""
    before = path.stat().st_mtime_ns
    registry(path.parent, *entries, file=path.name, **document)
    os.utime(path, ns=(before, before + 5_000_000_000))
