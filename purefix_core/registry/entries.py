"""Reads one entry of a TypeRegistry.json, and notes everything that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from purefix_core.registry.json_file import Fault, shown
from purefix_core.registry.names import GOOD_NAME, is_good_name
from purefix_core.registry.registration import TypeRegistration
from purefix_core.wire.message import printable

INHERITED = {
    "dictionaryPath": "dictionary_path",
    "assemblyPath": "assembly_path",
    "rootNamespace": "root_namespace",
    "version": "version",
    "messageStorePath": "message_store_path",
}
"""The keys that an entry takes from the one it extends where it leaves them out, and the attributes they become."""


MAX_COMP_ID = 1_000
KNOWN_KEYS = frozenset(
    ("name", "displayName", "senderCompIds", "targetCompIds", "enabled", "isDefault", "extends", *INHERITED)
)
"""The keys that an entry may have; others are passed over."""


@dataclass(frozen=True, eq=False)
class Draft:
    """An entry as it stands in its file, with stand-ins for whatever was wrong or is still to be inherited."""

    place: str
    """The file and the entry, for messages to the user."""
    registration: TypeRegistration
    extends: str
    left_out: tuple[str, ...]
    """The keys of INHERITED that it does not have."""

    @property
    def key(self) -> str:
        return self.registration.name.casefold()


def read_entry(path: Path, index: int, content: object, faults: list[Fault]) -> Draft:
    """The entry at that index of the registry file `path`. Relative paths in it count from the file's folder."""
    return _Entry(path, index, content, faults).draft()


class _Entry:
    """Reads the keys of one entry, and notes what is wrong with them in `faults`."""

    def __init__(self, path: Path, index: int, content: object, faults: list[Fault]) -> None:
        self._folder = path.parent
        self._faults = faults
        self._place = f"{path}: registrations[{index}]"
        self._content: Mapping[str, object] = {}
        self._is_object = isinstance(content, dict)
        if isinstance(content, dict):
            self._content = content
            name = content.get("name")
            if isinstance(name, str):
                self._place += f" ({printable(name[:60])})"
        else:
            faults.append(Fault(self._place, f"expected an object, found {shown(content)}"))

    def draft(self) -> Draft:
        name = self._name()
        extends = self._text("extends", required=self._has("extends"))
        needs_dictionary = self._has("dictionaryPath") or not self._has("extends")
        registration = TypeRegistration(
            name=name,
            display_name=self._text("displayName") or name,
            dictionary_path=self._path("dictionaryPath", required=needs_dictionary) or self._folder,
            assembly_path=self._path("assemblyPath"),
            sender_comp_ids=self._comp_ids("senderCompIds"),
            target_comp_ids=self._comp_ids("targetCompIds"),
            version=self._text("version"),
            root_namespace=self._text("rootNamespace"),
            message_store_path=self._path("messageStorePath"),
            enabled=self._flag("enabled", missing=True),
            is_default=self._flag("isDefault", missing=False),
        )
        left_out = tuple(key for key in INHERITED if not self._has(key))
        return Draft(self._place, registration, extends, left_out)

    def _has(self, key: str) -> bool:
        return self._content.get(key) is not None

    def _wrong(self, key: str, expected: str) -> None:
        if self._is_object:
            found = shown(self._content[key]) if key in self._content else "nothing"
            self._faults.append(Fault(self._place, f"{key}: expected {expected}, found {found}"))

    def _name(self) -> str:
        value = self._content.get("name")
        if isinstance(value, str) and is_good_name(value):
            return value.strip()
        is_versioned = isinstance(value, str) and "@" in value
        self._wrong("name", GOOD_NAME if is_versioned else "a text that is not empty")
        return ""

    def _text(self, key: str, required: bool = False) -> str:
        value = self._content.get(key)
        if isinstance(value, str) and (value.strip() or not required):
            return value.strip()
        if value is not None or required:
            self._wrong(key, "a text that is not empty" if required else "a text")
        return ""

    def _path(self, key: str, required: bool = False) -> Path | None:
        text = self._text(key, required)
        path = located(self._folder, text) if text else None
        if text and path is None:
            self._wrong(key, "a path")
        return path

    def _comp_ids(self, key: str) -> tuple[str, ...]:
        value = self._content.get(key)
        if value is None:
            return ()
        # An empty CompID would be the beginning of every other one.
        if isinstance(value, list) and all(isinstance(item, str) and 0 < len(item) <= MAX_COMP_ID for item in value):
            return tuple(value)
        self._wrong(key, f"a list of CompIDs, none of them empty or longer than {MAX_COMP_ID:,} characters")
        return ()

    def _flag(self, key: str, missing: bool) -> bool:
        value = self._content.get(key)
        if value is not None and not isinstance(value, bool):
            self._wrong(key, "true or false")
        return value if isinstance(value, bool) else missing


def located(folder: Path, text: str) -> Path | None:
    """The absolute path that `text` names, counted from `folder`; None for text that no path can have.

    Links stay in it: a link that is set to something else is a change that a reload takes over.
    """
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return None
    return None if "\0" in text else Path(os.path.abspath(folder / text))  # noqa: PTH100 (resolve() would follow links)
