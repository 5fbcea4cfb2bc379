"""Makes registrations of the dictionaries in a folder."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.dictionary.loader import load_dictionary
from purefix_core.registry.names import is_good_name
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from purefix_core.registry.state import Entry, Layer, State
from purefix_core.wire.message import printable

MAX_DICTIONARIES = 1_000

_log = logging.getLogger(__name__)

_AWKWARD = re.compile(r"[^\w.@-]+")


def dictionaries_in(folder: Path) -> list[TypeRegistration]:
    """A registration for each dictionary among the *.xml of the folder itself, sorted by their file names.

    Warns in the log of a file that is no dictionary. Raises TypeRegistryError for a folder that cannot be read or
    holds no dictionary.
    """
    found: list[TypeRegistration] = []
    for path in _xml_files(folder):
        try:
            version = load_dictionary(path).version
        except DictionaryError as error:
            _log.warning("%s", printable(f"{folder}: passed over, for it is no dictionary: {error}"))
            continue
        name = _unused(_name_for(path.stem), {each.name for each in found})
        display_name = printable(f"{path.stem} ({version})" if version else path.stem)
        found.append(TypeRegistration(name, display_name, path, version=version))
    if not found:
        raise TypeRegistryError(f"{folder}: expected a folder with dictionaries (*.xml), found none in it")
    return found


def discovered_layer(folder: Path, found: list[TypeRegistration], state: State) -> Layer:
    """The registrations as a layer: without those whose name belongs to one that was not discovered in a folder."""
    others = {key for layer in state.layers if not layer.is_discovered for key in layer.entries}
    entries: dict[str, Entry] = {}
    for registration in found:
        entry = Entry(registration, f"{folder}: {registration.dictionary_path.name}")
        if entry.key in others:
            text = f"{entry.place}: passed over, for a registration is called {registration.name} already"
            _log.warning("%s", printable(text))
        else:
            entries[entry.key] = entry
    return Layer(entries, folder, is_discovered=True)


def _xml_files(folder: Path) -> list[Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".xml" and path.is_file())
    except OSError as error:
        raise TypeRegistryError(f"{folder}: expected a folder with dictionaries: {error.strerror}") from error
    if len(paths) > MAX_DICTIONARIES:
        text = f"{folder}: only the first {MAX_DICTIONARIES:,} of {len(paths):,} files are taken"
        _log.warning("%s", printable(text))
    return paths[:MAX_DICTIONARIES]


def _name_for(stem: str) -> str:
    name = _AWKWARD.sub("-", stem.casefold()).strip("-")
    return name if is_good_name(name) else name.replace("@", "-").strip("-") or "dictionary"


def _unused(name: str, used: set[str]) -> str:
    candidates: Iterator[str] = (f"{name}-{number}" for number in range(2, MAX_DICTIONARIES + 2))
    return name if name not in used else next(each for each in candidates if each not in used)
