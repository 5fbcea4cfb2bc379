"""Reads TypeRegistry.json.

The file is checked as a whole: everything that is wrong with it is reported at once, each problem with the file, the
entry and the key, and what was expected. Unknown keys are passed over, so that a file written for other programs or
later versions still loads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from purefix_core.registry.matching import MATCH_ORDERS, MOST_SPECIFIC_FIRST
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError


@dataclass(frozen=True)
class Metadata:
    """What a TypeRegistry.json says."""

    registrations: tuple[TypeRegistration, ...]
    """In the order of the file."""
    places: tuple[str, ...]
    """For each registration the file and entry it was read from, for messages to the user."""
    match_order: str


def read_metadata(path: str | Path) -> Metadata:
    """Read a TypeRegistry.json in UTF-8, with or without BOM. Relative paths in it count from its own folder.

    Raises TypeRegistryError with all problems of the file.
    """
    path = Path(path)
    document = _read_json(path)
    problems: list[str] = []
    match_order = document.get("matchOrder", MOST_SPECIFIC_FIRST)
    if not isinstance(match_order, str) or match_order not in MATCH_ORDERS:
        expected = " or ".join(f'"{order}"' for order in MATCH_ORDERS)
        problems.append(f"{path}: matchOrder: expected {expected}, found {_shown(match_order)}")
    entries = document.get("registrations")
    if not isinstance(entries, list):
        found = "nothing" if entries is None else _shown(entries)
        raise TypeRegistryError(*problems, f"{path}: registrations: expected a list of objects, found {found}")
    registrations: list[TypeRegistration] = []
    places: list[str] = []
    for index, content in enumerate(entries):
        entry = _Entry(path, index, content, problems)
        registrations.append(entry.registration())
        places.append(entry.place)
    problems += _repeated_names(registrations, places)
    if problems:
        raise TypeRegistryError(*problems)
    return Metadata(tuple(registrations), tuple(places), str(match_order))


def _read_json(path: Path) -> Mapping[str, object]:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise TypeRegistryError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TypeRegistryError(f"{path}: expected UTF-8 text, but byte {error.start} is not") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise TypeRegistryError(f"{path}: expected JSON: {error.msg} at {place}") from error
    except RecursionError as error:
        raise TypeRegistryError(f"{path}: expected a registry, found JSON that is nested too deeply") from error
    if not isinstance(document, dict):
        raise TypeRegistryError(f"{path}: expected a JSON object, found {_shown(document)}")
    return document


def _repeated_names(registrations: list[TypeRegistration], places: list[str]) -> list[str]:
    first_place: dict[str, str] = {}
    problems: list[str] = []
    for registration, place in zip(registrations, places, strict=True):
        key = registration.name.casefold()
        if key and first_place.setdefault(key, place) != place:
            problems.append(f"{place}: name: expected one that no other entry has, see {first_place[key]}")
    return problems


def _shown(value: object) -> str:
    """A JSON value as the user wrote it, cut to a readable length."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


class _Entry:
    """Reads the keys of one registration, and notes what is wrong with them in `problems`."""

    def __init__(self, path: Path, index: int, content: object, problems: list[str]) -> None:
        self._folder = path.parent
        self._problems = problems
        self.place = f"{path}: registrations[{index}]"
        self._content: Mapping[str, object] = {}
        self._is_object = isinstance(content, dict)
        if isinstance(content, dict):
            self._content = content
            if isinstance(content.get("name"), str):
                self.place += f" ({content['name']})"
        else:
            problems.append(f"{self.place}: expected an object, found {_shown(content)}")

    def registration(self) -> TypeRegistration:
        """The registration, with stand-ins for whatever was wrong."""
        name = self._text("name", required=True)
        return TypeRegistration(
            name=name,
            display_name=self._text("displayName") or name,
            dictionary_path=self._path("dictionaryPath", required=True) or self._folder,
            assembly_path=self._path("assemblyPath"),
            sender_comp_ids=self._comp_ids("senderCompIds"),
            target_comp_ids=self._comp_ids("targetCompIds"),
            version=self._text("version"),
            root_namespace=self._text("rootNamespace"),
            message_store_path=self._path("messageStorePath"),
            enabled=self._flag("enabled", missing=True),
            is_default=self._flag("isDefault", missing=False),
        )

    def _wrong(self, key: str, expected: str) -> None:
        if self._is_object:
            found = _shown(self._content[key]) if key in self._content else "nothing"
            self._problems.append(f"{self.place}: {key}: expected {expected}, found {found}")

    def _text(self, key: str, required: bool = False) -> str:
        value = self._content.get(key)
        if isinstance(value, str) and (value.strip() or not required):
            return value.strip()
        if value is not None or required:
            self._wrong(key, "a text that is not empty" if required else "a text")
        return ""

    def _path(self, key: str, required: bool = False) -> Path | None:
        text = self._text(key, required)
        return Path(self._folder / text).resolve() if text else None

    def _comp_ids(self, key: str) -> tuple[str, ...]:
        value = self._content.get(key)
        if value is None:
            return ()
        # An empty CompID would be the beginning of every other one.
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self._wrong(key, "a list of CompIDs, none of them empty")
        return ()

    def _flag(self, key: str, missing: bool) -> bool:
        value = self._content.get(key)
        if value is not None and not isinstance(value, bool):
            self._wrong(key, "true or false")
        return value if isinstance(value, bool) else missing
