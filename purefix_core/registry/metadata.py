"""Reads TypeRegistry.json, and the registry files that it imports.

The files are checked as a whole: everything that is wrong with them is reported at once, each problem with the file,
the entry and the key, and what was expected. Unknown keys are passed over, so that a file written for other programs
or later versions still loads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from purefix_core.registry.entries import Draft, located, read_entry
from purefix_core.registry.extending import extended
from purefix_core.registry.json_file import Fault, read_json_object, shown
from purefix_core.registry.matching import MATCH_ORDERS, MOST_SPECIFIC_FIRST
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.signatures import Signature, file_signature, is_file
from purefix_core.wire.message import printable

TOP_KEYS = frozenset({"$schema", "version", "registrations", "imports", "matchOrder"})
STANDARD = "standard"
"""In `imports`: the registry that comes with the package."""
STANDARD_REGISTRY = Path(__file__).resolve().parent / "TypeRegistry.json"
"""That of the nine standard dictionaries."""

MAX_IMPORTED_FILES = 64
MAX_FAULTS = 1_000
MAX_REGISTRATIONS = 10_000


@dataclass(frozen=True)
class Metadata:
    """What a TypeRegistry.json says."""

    registrations: tuple[TypeRegistration, ...]
    """Its own, then those of the files that it imports, the last of these first."""
    places: tuple[str, ...]
    """For each registration the file and entry it was read from, for messages to the user."""
    match_order: str


@dataclass(frozen=True)
class Reading:
    """What came of reading a registry file. `metadata` holds only where `faults` is empty."""

    metadata: Metadata
    faults: tuple[Fault, ...]
    files: Mapping[Path, Signature | None]
    """Every file that was looked at, and what it was like then; None where it was not there."""


def read_metadata(path: str | Path) -> Metadata:
    """Read a TypeRegistry.json in UTF-8, with or without BOM. Relative paths in it count from its own folder.

    Raises TypeRegistryError with all problems of the file and of those that it imports.
    """
    reading = read_registry(path)
    if reading.faults:
        raise TypeRegistryError(*map(str, reading.faults))
    return reading.metadata


def read_registry(path: str | Path) -> Reading:
    """The same, with what `read_metadata` would raise for, and with the files that were looked at."""
    path = Path(path)
    files = _Files(path)
    root = files.read(path, ())
    own: dict[_File, list[TypeRegistration]] = {}
    for file in root.in_order():
        imported = {
            each.name.casefold(): each for source in file.in_order() if source is not file for each in own[source]
        }
        own[file] = extended(file.drafts, imported, files.faults)
    merged: dict[str, tuple[TypeRegistration, str]] = {}
    for file in reversed(root.in_order()):  # what a file says itself goes before what it imports
        for each, draft in zip(own[file], file.drafts, strict=True):
            merged.setdefault(each.name.casefold(), (each, draft.place))
    registrations = tuple(registration for registration, _ in merged.values())
    metadata = Metadata(registrations, tuple(place for _, place in merged.values()), root.match_order)
    faults = files.faults
    if len(faults) > MAX_FAULTS:
        more = Fault(str(path), f"{len(faults) - MAX_FAULTS:,} more problems")
        faults = [*faults[:MAX_FAULTS], more]
    return Reading(metadata, tuple(faults), files.signatures)


@dataclass(eq=False)
class _File:
    """One registry file as it stands."""

    drafts: list[Draft] = field(default_factory=list)
    imports: list[_File] = field(default_factory=list)
    match_order: str = MOST_SPECIFIC_FIRST

    def in_order(self) -> list[_File]:
        """The files that it imports and itself: each once, and behind those that it imports."""
        found: dict[_File, None] = {}

        def add(file: _File) -> None:
            if file not in found:
                for each in file.imports:
                    add(each)
                found[file] = None

        add(self)
        return list(found)


class _Files:
    """Reads registry files, each once, however many import it."""

    def __init__(self, first: Path) -> None:
        self.faults: list[Fault] = []
        self.signatures: dict[Path, Signature | None] = {}
        self._folder = first.parent
        self._files: dict[str, _File] = {}
        self._registrations = 0

    def read(self, path: Path, importers: tuple[str, ...]) -> _File:
        """The file at `path`. `importers`: the files that led to it, the first one first."""
        real = os.path.realpath(path)
        file = self._files[real] = _File()
        content = read_json_object(path)
        self.signatures[path.absolute()] = content.signature
        if content.document is None:
            self.faults.append(Fault(str(path), content.problem))
            return file
        document = content.document
        file.match_order = self._match_order(path, document)
        file.imports = self._imports(path, document, (*importers, real))
        file.drafts = self._drafts(path, document)
        self.faults += _repeated_names(file.drafts)
        return file

    def _match_order(self, path: Path, document: Mapping[str, object]) -> str:
        match_order = document.get("matchOrder") or MOST_SPECIFIC_FIRST
        if isinstance(match_order, str) and match_order in MATCH_ORDERS:
            return match_order
        expected = " or ".join(f'"{order}"' for order in MATCH_ORDERS)
        self.faults.append(Fault(str(path), f"matchOrder: expected {expected}, found {shown(match_order)}"))
        return MOST_SPECIFIC_FIRST

    def _imports(self, path: Path, document: Mapping[str, object], trail: tuple[str, ...]) -> list[_File]:
        value = document.get("imports")
        if value is None:
            return []
        if not isinstance(value, list):
            self.faults.append(Fault(str(path), f"imports: expected a list of paths, found {shown(value)}"))
            return []
        if len(value) > MAX_IMPORTED_FILES:
            text = f"imports: expected at most {MAX_IMPORTED_FILES} files, found {len(value):,}"
            self.faults.append(Fault(str(path), text))
            return []
        found = (self._import(f"imports[{index}]", path, each, trail) for index, each in enumerate(value))
        return [file for file in found if file is not None]

    def _import(self, key: str, path: Path, value: object, trail: tuple[str, ...]) -> _File | None:
        """The file that one entry of `imports` names; None where there is something wrong with it."""
        text = value.strip() if isinstance(value, str) else ""
        other = located(path.parent, text) if text else None
        if text == STANDARD:
            other = STANDARD_REGISTRY
        real = "" if other is None else os.path.realpath(other)
        if other is None:
            expected = f'the path of a registry file or "{STANDARD}"'
            self.faults.append(Fault(str(path), f"{key}: expected {expected}, found {shown(value)}"))
        elif real in trail:
            circle = " -> ".join(self._short(each) for each in (*trail[trail.index(real) :], real))
            text = f"{key}: expected files that do not import each other in a circle, found {circle}"
            self.faults.append(Fault(str(path), text))
        elif not is_file(other):
            self.signatures.setdefault(other, file_signature(other))
            self.faults.append(Fault(str(path), f"{key}: expected a registry file, found none at {other}"))
        elif real in self._files:
            self.signatures.setdefault(other, file_signature(other))
            return self._files[real]
        elif len(self._files) > MAX_IMPORTED_FILES:
            text = f"{key}: expected at most {MAX_IMPORTED_FILES} imported files in all, found one more: "
            self.faults.append(Fault(str(path), text + self._short(other)))
        else:
            return self.read(other, trail)
        return None

    def _short(self, path: str | Path) -> str:
        """A path from the folder of the first file."""
        return printable(os.path.relpath(path, os.path.realpath(self._folder)))

    def _drafts(self, path: Path, document: Mapping[str, object]) -> list[Draft]:
        entries = document.get("registrations")
        if entries is None and document.get("imports") is not None:
            return []
        if not isinstance(entries, list):
            found = "nothing" if entries is None else shown(entries)
            self.faults.append(Fault(str(path), f"registrations: expected a list of objects, found {found}"))
            return []
        room = MAX_REGISTRATIONS - self._registrations
        self._registrations += len(entries)
        if len(entries) > room:
            text = f"registrations: expected at most {MAX_REGISTRATIONS:,} in all files, found {self._registrations:,}"
            self.faults.append(Fault(str(path), text))
        return [read_entry(path, index, content, self.faults) for index, content in enumerate(entries[: max(room, 0)])]


def _repeated_names(drafts: list[Draft]) -> list[Fault]:
    first_place: dict[str, str] = {}
    faults: list[Fault] = []
    for draft in drafts:
        key = draft.key
        if key and first_place.setdefault(key, draft.place) != draft.place:
            text = f"name: expected one that no other entry has, see {first_place[key]}"
            faults.append(Fault(draft.place, text))
    return faults
